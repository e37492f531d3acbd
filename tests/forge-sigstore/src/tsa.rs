//! A timestamp authority (RFC 3161) with signed CMS content (RFC 5652).

use modelseal_forge_oms::certificate::{Certificate, DIGITAL_SIGNATURE, Extension, extension};
use modelseal_forge_oms::der;
use modelseal_forge_oms::keys::{Algorithm, Key, Kind};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::spec::Spec;
use crate::time;

/// OID of the timeStamping purpose.
pub const TIME_STAMPING: &str = "1.3.6.1.5.5.7.3.8";
/// OID of SignedData.
pub const SIGNED_DATA: &str = "1.2.840.113549.1.7.2";
/// OID of TSTInfo as content.
pub const TST_INFO: &str = "1.2.840.113549.1.9.16.1.4";
/// OID of the attribute contentType.
pub const CONTENT_TYPE: &str = "1.2.840.113549.1.9.3";
/// OID of the attribute messageDigest.
pub const MESSAGE_DIGEST: &str = "1.2.840.113549.1.9.4";
/// OID of the attribute signingTime.
pub const SIGNING_TIME: &str = "1.2.840.113549.1.9.5";
/// OID of the attribute signingCertificateV2 (RFC 5816).
pub const SIGNING_CERTIFICATE_V2: &str = "1.2.840.113549.1.9.16.2.47";
/// OID of SHA-1.
pub const SHA1: &str = "1.3.14.3.2.26";
/// OID of SHA-256.
pub const SHA256: &str = "2.16.840.1.101.3.4.2.1";
/// OID of SHA-384.
pub const SHA384: &str = "2.16.840.1.101.3.4.2.2";
/// OID of SHA-512.
pub const SHA512: &str = "2.16.840.1.101.3.4.2.3";

/// The kind of the TSA's key, and its signature algorithm.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TsaKey {
    /// P-256 with SHA-256.
    P256,
    /// P-384 with SHA-256, as public TSAs have it.
    P384Sha256,
    /// P-384 with SHA-384.
    P384,
    /// P-521 with SHA-512.
    P521,
    /// RSA with 3072 bits, PKCS#1 v1.5 with SHA-256.
    Rsa,
}

impl TsaKey {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::P256,
        Self::P384Sha256,
        Self::P384,
        Self::P521,
        Self::Rsa,
    ];

    fn key(self, name: &str) -> Key {
        let kind = match self {
            Self::Rsa => return Key::rsa_3072(),
            Self::P256 => Kind::P256,
            Self::P384Sha256 | Self::P384 => Kind::P384,
            Self::P521 => Kind::P521,
        };
        Key::derive(kind, &format!("{name} tsa"))
    }

    fn algorithm(self) -> Algorithm {
        match self {
            Self::P256 | Self::P384Sha256 => Algorithm::EcdsaSha256,
            Self::P384 => Algorithm::EcdsaSha384,
            Self::P521 => Algorithm::EcdsaSha512,
            Self::Rsa => Algorithm::RsaSha256,
        }
    }

    fn digest(self) -> &'static str {
        match self {
            Self::P256 | Self::P384Sha256 | Self::Rsa => SHA256,
            Self::P384 => SHA384,
            Self::P521 => SHA512,
        }
    }
}

/// TSTInfo (RFC 3161 section 2.4.2).
pub struct TstInfo {
    /// 1.
    pub version: u8,
    /// The TSA's policy.
    pub policy: &'static str,
    /// OID of the imprint's hash.
    pub imprint_algorithm: &'static str,
    /// The hash of the signature.
    pub imprint: Vec<u8>,
    /// The content of genTime.
    pub gen_time: String,
    /// What follows genTime, in DER: accuracy, ordering, nonce, tsa, extensions.
    pub optional: Vec<Vec<u8>>,
}

/// A CMS SignedData before it is signed.
pub struct Cms {
    /// OID of the whole content.
    pub outer_type: &'static str,
    /// OID of the signed content.
    pub content_type: &'static str,
    /// The signed content: a TSTInfo.
    pub content: Vec<u8>,
    /// OID of the digest algorithm.
    pub digest_algorithm: &'static str,
    /// The signed attributes: OID and values in DER. They are sorted when they are written.
    pub attributes: Vec<(&'static str, Vec<Vec<u8>>)>,
    /// Are there signed attributes at all?
    pub signs_attributes: bool,
    /// How the signature is made.
    pub algorithm: Algorithm,
    /// What the SignerInfo says of it, where that differs.
    pub named_algorithm: Option<Vec<u8>>,
    /// The SignerIdentifier in DER.
    pub signer: Vec<u8>,
    /// The certificates that it contains.
    pub certificates: Vec<Vec<u8>>,
    /// How often the SignerInfo stands.
    pub signers: usize,
    /// Signs in place of the TSA.
    pub key: Option<Key>,
    /// Changed after signing: the signature's last bit is flipped.
    pub spoiled: bool,
    /// PKIStatus.
    pub status: u8,
    /// Does a failed response still contain its token?
    pub token: bool,
}

/// The TSA's keys.
pub struct Tsa {
    name: String,
    root: Key,
}

/// The TSA's certificates.
pub struct Authority {
    /// DER, the TSA's own first.
    pub chain: Vec<Vec<u8>>,
    leaf: Certificate,
}

impl Tsa {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            root: Key::derive(Kind::P384, &format!("{name} tsa root")),
        }
    }

    pub(crate) fn authority(&self, spec: &Spec) -> Authority {
        let (top, below) = (
            format!("{} tsa root", self.name),
            format!("{} tsa", self.name),
        );
        let key = spec.tsa_key.key(&self.name);
        let mut root = Certificate::authority(&top, &self.root, &top, &self.root);
        let mut leaf = Certificate::leaf(&below, &key, &top, &self.root);
        for certificate in [&mut root, &mut leaf] {
            certificate.not_before = time::der(time::START);
            certificate.not_after = time::der(time::END);
        }
        leaf.remove(extension::BASIC_CONSTRAINTS);
        leaf.set(Extension::key_usage(DIGITAL_SIGNATURE));
        leaf.set(purposes(&[TIME_STAMPING], true));
        spec.changes.tsa_root.apply(&mut root);
        spec.changes.tsa_leaf.apply(&mut leaf);
        Authority {
            chain: vec![leaf.sign(&self.root), root.sign(&self.root)],
            leaf,
        }
    }

    /// A TimeStampResp over a signature.
    pub(crate) fn stamp(&self, signature: &[u8], spec: &Spec, authority: &Authority) -> Vec<u8> {
        let mut info = TstInfo::new(signature, spec);
        spec.changes.tst_info.apply(&mut info);
        let mut cms = Cms::new(&info.to_der(), spec, authority);
        spec.changes.cms.apply(&mut cms);
        let own = spec.tsa_key.key(&self.name);
        let mut token = cms.to_der(cms.key.as_ref().unwrap_or(&own));
        spec.changes.token.apply(&mut token);
        token
    }
}

impl TstInfo {
    fn new(signature: &[u8], spec: &Spec) -> Self {
        let accuracy = der::sequence(&[der::unsigned(&[1])]);
        let nonce = der::unsigned(&[0x17, 0x28]);
        Self {
            version: 1,
            policy: "1.3.6.1.4.1.57264.2",
            imprint_algorithm: SHA256,
            imprint: Sha256::digest(signature).to_vec(),
            gen_time: time::compact(spec.stamped),
            optional: vec![accuracy, nonce],
        }
    }

    /// Sets the imprint to another hash of the signature.
    pub fn imprint_of(&mut self, algorithm: &'static str, signature: &[u8]) {
        self.imprint_algorithm = algorithm;
        self.imprint = hash(algorithm, signature);
    }

    fn to_der(&self) -> Vec<u8> {
        let imprint = der::sequence(&[
            digest_identifier(self.imprint_algorithm, true),
            der::tlv(der::OCTET_STRING, &self.imprint),
        ]);
        let mut parts = vec![
            der::unsigned(&[self.version]),
            der::oid(self.policy),
            imprint,
            der::unsigned(&Sha256::digest(&self.imprint)[..20]),
            der::tlv(der::GENERALIZED_TIME, self.gen_time.as_bytes()),
        ];
        parts.extend(self.optional.iter().cloned());
        der::sequence(&parts)
    }
}

impl Cms {
    fn new(info: &[u8], spec: &Spec, authority: &Authority) -> Self {
        let digest_algorithm = spec.tsa_key.digest();
        let leaf = &authority.chain[0];
        let attributes = vec![
            (CONTENT_TYPE, vec![der::oid(TST_INFO)]),
            (SIGNING_TIME, vec![time::der(spec.stamped)]),
            (MESSAGE_DIGEST, vec![octets(&hash(digest_algorithm, info))]),
            (
                SIGNING_CERTIFICATE_V2,
                vec![signing_certificate(&Sha256::digest(leaf))],
            ),
        ];
        let serial = der::tlv(der::INTEGER, &authority.leaf.serial);
        Self {
            outer_type: SIGNED_DATA,
            content_type: TST_INFO,
            content: info.to_vec(),
            digest_algorithm,
            attributes,
            signs_attributes: true,
            algorithm: spec.tsa_key.algorithm(),
            named_algorithm: None,
            signer: der::sequence(&[authority.leaf.issuer.clone(), serial]),
            certificates: match spec.embedded {
                true => vec![leaf.clone()],
                false => Vec::new(),
            },
            signers: 1,
            key: None,
            spoiled: false,
            status: 0,
            token: true,
        }
    }

    /// Replaces the values of an attribute, or adds it.
    pub fn set(&mut self, oid: &'static str, values: Vec<Vec<u8>>) {
        self.remove(oid);
        self.attributes.push((oid, values));
    }

    /// Removes an attribute.
    pub fn remove(&mut self, oid: &str) {
        self.attributes.retain(|(known, _)| *known != oid);
    }

    fn to_der(&self, key: &Key) -> Vec<u8> {
        let status = der::sequence(&[der::unsigned(&[self.status])]);
        if !self.token {
            return der::sequence(&[status]);
        }
        let content = der::sequence(&[
            der::oid(self.content_type),
            der::explicit(0, &octets(&self.content)),
        ]);
        let digests = der::tlv(der::SET, &digest_identifier(self.digest_algorithm, false));
        let mut parts = vec![der::unsigned(&[3]), digests, content];
        if !self.certificates.is_empty() {
            parts.push(der::explicit(0, &self.certificates.concat()));
        }
        let signer = self.signer_info(key);
        parts.push(der::tlv(der::SET, &signer.repeat(self.signers)));
        let token = der::sequence(&[
            der::oid(self.outer_type),
            der::explicit(0, &der::sequence(&parts)),
        ]);
        der::sequence(&[status, token])
    }

    fn signer_info(&self, key: &Key) -> Vec<u8> {
        let mut attributes: Vec<_> = self
            .attributes
            .iter()
            .map(|(oid, values)| {
                der::sequence(&[der::oid(oid), der::tlv(der::SET, &values.concat())])
            })
            .collect();
        attributes.sort();
        let attributes = attributes.concat();
        let message = match self.signs_attributes {
            true => der::tlv(der::SET, &attributes),
            false => self.content.clone(),
        };
        let mut signature = key.sign(self.algorithm, &message);
        if self.spoiled {
            *signature.last_mut().expect("a signature has bytes") ^= 1;
        }
        // A subject key identifier makes it version 3 (RFC 5652 section 5.3).
        let version = if self.signer.first() == Some(&0x80) {
            3
        } else {
            1
        };
        let mut parts = vec![
            der::unsigned(&[version]),
            self.signer.clone(),
            digest_identifier(self.digest_algorithm, false),
        ];
        if self.signs_attributes {
            parts.push(der::explicit(0, &attributes));
        }
        let named = self.named_algorithm.clone();
        parts.push(named.unwrap_or_else(|| self.algorithm.identifier()));
        parts.push(octets(&signature));
        der::sequence(&parts)
    }
}

/// extKeyUsage with these purposes.
pub fn purposes(oids: &[&str], critical: bool) -> Extension {
    Extension {
        critical,
        ..Extension::extended_key_usage(oids)
    }
}

/// SigningCertificateV2 with one ESSCertIDv2 in SHA-256, which is its default.
pub fn signing_certificate(hash: &[u8]) -> Vec<u8> {
    let id = der::sequence(&[octets(hash)]);
    der::sequence(&[der::sequence(&[id])])
}

/// An OCTET STRING.
pub fn octets(bytes: &[u8]) -> Vec<u8> {
    der::tlv(der::OCTET_STRING, bytes)
}

fn digest_identifier(oid: &str, null: bool) -> Vec<u8> {
    let mut parts = vec![der::oid(oid)];
    if null {
        parts.push(der::null());
    }
    der::sequence(&parts)
}

fn hash(algorithm: &str, bytes: &[u8]) -> Vec<u8> {
    match algorithm {
        SHA384 => Sha384::digest(bytes).to_vec(),
        SHA512 => Sha512::digest(bytes).to_vec(),
        _ => Sha256::digest(bytes).to_vec(),
    }
}
