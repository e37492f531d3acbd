//! X.509 certificates as plain data: every field can be set to what no library would write.

use sha2::{Digest, Sha256};

use crate::der;
use crate::keys::{Algorithm, Key};

/// notBefore of every certificate that does not say otherwise.
pub const NOT_BEFORE: &str = "20250101000000Z";
/// notAfter of every certificate that does not say otherwise.
pub const NOT_AFTER: &str = "20350101000000Z";

/// OID of anyExtendedKeyUsage.
pub const ANY_PURPOSE: &str = "2.5.29.37.0";
/// OID of codeSigning (RFC 5280 section 4.2.1.12).
pub const CODE_SIGNING: &str = "1.3.6.1.5.5.7.3.3";
/// OID of serverAuth.
pub const SERVER_AUTH: &str = "1.3.6.1.5.5.7.3.1";

/// keyUsage with digitalSignature alone.
pub const DIGITAL_SIGNATURE: (u8, u8) = (0x80, 7);
/// keyUsage with keyEncipherment alone.
pub const KEY_ENCIPHERMENT: (u8, u8) = (0x20, 5);
/// keyUsage with keyCertSign and cRLSign.
pub const CERT_SIGN: (u8, u8) = (0x06, 1);
/// keyUsage with cRLSign alone.
pub const CRL_SIGN: (u8, u8) = (0x02, 1);

/// OIDs of the extensions that the cases set, replace or remove.
pub mod extension {
    /// subjectKeyIdentifier.
    pub const SUBJECT_KEY: &str = "2.5.29.14";
    /// keyUsage.
    pub const KEY_USAGE: &str = "2.5.29.15";
    /// subjectAltName.
    pub const SUBJECT_ALT_NAME: &str = "2.5.29.17";
    /// basicConstraints.
    pub const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    /// nameConstraints.
    pub const NAME_CONSTRAINTS: &str = "2.5.29.30";
    /// authorityKeyIdentifier.
    pub const AUTHORITY_KEY: &str = "2.5.29.35";
    /// extKeyUsage.
    pub const EXTENDED_KEY_USAGE: &str = "2.5.29.37";
    /// An OID below the enterprise number kept for examples (RFC 5612).
    pub const UNKNOWN: &str = "1.3.6.1.4.1.32473.1";
}

/// One extension.
#[derive(Clone)]
pub struct Extension {
    /// Dotted OID.
    pub oid: &'static str,
    /// The `critical` flag, written only where it is true.
    pub critical: bool,
    /// DER of the value.
    pub value: Vec<u8>,
}

impl Extension {
    /// An extension.
    pub fn new(oid: &'static str, critical: bool, value: Vec<u8>) -> Self {
        Self {
            oid,
            critical,
            value,
        }
    }

    /// basicConstraints.
    pub fn basic_constraints(ca: bool, path_length: Option<u8>) -> Self {
        let mut parts = Vec::new();
        if ca {
            parts.push(der::tlv(der::BOOLEAN, &[0xff]));
        }
        parts.extend(path_length.map(|length| der::unsigned(&[length])));
        Self::new(extension::BASIC_CONSTRAINTS, true, der::sequence(&parts))
    }

    /// keyUsage.
    pub fn key_usage((bits, unused): (u8, u8)) -> Self {
        Self::new(extension::KEY_USAGE, true, der::named_bits(&[bits], unused))
    }

    /// extKeyUsage.
    pub fn extended_key_usage(purposes: &[&str]) -> Self {
        let purposes: Vec<_> = purposes.iter().map(|dotted| der::oid(dotted)).collect();
        Self::new(
            extension::EXTENDED_KEY_USAGE,
            false,
            der::sequence(&purposes),
        )
    }

    /// subjectAltName with one e-mail address.
    pub fn email(address: &str) -> Self {
        let names = der::sequence(&[der::implicit(1, address.as_bytes())]);
        Self::new(extension::SUBJECT_ALT_NAME, false, names)
    }

    /// nameConstraints with the given GeneralNames.
    pub fn name_constraints(permitted: &[Vec<u8>], excluded: &[Vec<u8>]) -> Self {
        let subtrees = |number, bases: &[Vec<u8>]| {
            let trees: Vec<_> = bases
                .iter()
                .map(|base| der::sequence(std::slice::from_ref(base)))
                .collect();
            (!trees.is_empty()).then(|| der::explicit(number, &trees.concat()))
        };
        let parts: Vec<_> = [subtrees(0, permitted), subtrees(1, excluded)]
            .into_iter()
            .flatten()
            .collect();
        Self::new(extension::NAME_CONSTRAINTS, true, der::sequence(&parts))
    }

    fn to_der(&self) -> Vec<u8> {
        let mut parts = vec![der::oid(self.oid)];
        if self.critical {
            parts.push(der::tlv(der::BOOLEAN, &[0xff]));
        }
        parts.push(der::tlv(der::OCTET_STRING, &self.value));
        der::sequence(&parts)
    }
}

/// A certificate before it is signed.
#[derive(Clone)]
pub struct Certificate {
    /// The version field as written: 2 is v3; `None` leaves it out, which is v1.
    pub version: Option<u8>,
    /// The content of the serialNumber INTEGER.
    pub serial: Vec<u8>,
    /// What the signed part says of the signature's algorithm, where it differs from the truth.
    pub inner_algorithm: Option<Algorithm>,
    /// Issuer, a DER Name.
    pub issuer: Vec<u8>,
    /// Subject, a DER Name.
    pub subject: Vec<u8>,
    /// notBefore, a DER time.
    pub not_before: Vec<u8>,
    /// notAfter, a DER time.
    pub not_after: Vec<u8>,
    /// DER SubjectPublicKeyInfo.
    pub spki: Vec<u8>,
    /// Extensions in order; none leaves the field out.
    pub extensions: Vec<Extension>,
    /// More extensions, as DER that need not be well-formed.
    pub raw_extensions: Vec<Vec<u8>>,
}

impl Certificate {
    /// A certificate authority: keyCertSign and cRLSign, no path length.
    pub fn authority(common_name: &str, key: &Key, issuer: &str, issuer_key: &Key) -> Self {
        Self::new(
            common_name,
            key,
            issuer,
            issuer_key,
            vec![
                Extension::basic_constraints(true, None),
                Extension::key_usage(CERT_SIGN),
            ],
        )
    }

    /// A signer's certificate: digitalSignature and codeSigning.
    pub fn leaf(common_name: &str, key: &Key, issuer: &str, issuer_key: &Key) -> Self {
        Self::new(
            common_name,
            key,
            issuer,
            issuer_key,
            vec![
                Extension::basic_constraints(false, None),
                Extension::key_usage(DIGITAL_SIGNATURE),
                Extension::extended_key_usage(&[CODE_SIGNING]),
            ],
        )
    }

    fn new(
        common_name: &str,
        key: &Key,
        issuer: &str,
        issuer_key: &Key,
        mut extensions: Vec<Extension>,
    ) -> Self {
        let identifier = key_identifier(key);
        extensions.push(Extension::new(
            extension::SUBJECT_KEY,
            false,
            der::tlv(der::OCTET_STRING, &identifier),
        ));
        extensions.push(Extension::new(
            extension::AUTHORITY_KEY,
            false,
            der::sequence(&[der::implicit(0, &key_identifier(issuer_key))]),
        ));
        // A serial that follows from subject and issuer is unique enough, and positive.
        let mut serial = Sha256::digest(format!("{common_name} by {issuer}"))[..8].to_vec();
        serial[0] = serial[0] & 0x7f | 0x40;
        Self {
            version: Some(2),
            serial,
            inner_algorithm: None,
            issuer: name(issuer),
            subject: name(common_name),
            not_before: der::time(NOT_BEFORE),
            not_after: der::time(NOT_AFTER),
            spki: key.spki(),
            extensions,
            raw_extensions: Vec::new(),
        }
    }

    /// Replaces the extension of the same OID, or adds this one.
    pub fn set(&mut self, extension: Extension) {
        match self
            .extensions
            .iter_mut()
            .find(|known| known.oid == extension.oid)
        {
            Some(known) => *known = extension,
            None => self.extensions.push(extension),
        }
    }

    /// Removes the extension of this OID.
    pub fn remove(&mut self, oid: &str) {
        self.extensions.retain(|known| known.oid != oid);
    }

    /// Signs with the key's usual algorithm.
    pub fn sign(&self, issuer_key: &Key) -> Vec<u8> {
        self.sign_with(issuer_key, issuer_key.algorithm())
    }

    /// Signs with the algorithm given.
    pub fn sign_with(&self, issuer_key: &Key, algorithm: Algorithm) -> Vec<u8> {
        seal(&self.to_be_signed(algorithm), issuer_key, algorithm)
    }

    /// Signs with the other form of an ECDSA signature: another certificate with the same content.
    pub fn sign_in_other_form(&self, issuer_key: &Key) -> Vec<u8> {
        let algorithm = issuer_key.algorithm();
        let signed = self.to_be_signed(algorithm);
        let signature = issuer_key.other_form(&issuer_key.sign(algorithm, &signed));
        certificate(signed, algorithm, &signature)
    }

    /// The TBSCertificate.
    pub fn to_be_signed(&self, algorithm: Algorithm) -> Vec<u8> {
        let mut parts = Vec::new();
        parts.extend(
            self.version
                .map(|version| der::explicit(0, &der::tlv(der::INTEGER, &[version]))),
        );
        parts.extend([
            der::tlv(der::INTEGER, &self.serial),
            self.inner_algorithm.unwrap_or(algorithm).identifier(),
            self.issuer.clone(),
            der::sequence(&[self.not_before.clone(), self.not_after.clone()]),
            self.subject.clone(),
            self.spki.clone(),
        ]);
        if !self.extensions.is_empty() {
            let known = self.extensions.iter().map(Extension::to_der);
            let extensions: Vec<_> = known.chain(self.raw_extensions.clone()).collect();
            parts.push(der::explicit(3, &der::sequence(&extensions)));
        }
        der::sequence(&parts)
    }
}

/// Signs a TBSCertificate, whatever it holds.
pub fn seal(to_be_signed: &[u8], issuer_key: &Key, algorithm: Algorithm) -> Vec<u8> {
    let signature = issuer_key.sign(algorithm, to_be_signed);
    certificate(to_be_signed.to_vec(), algorithm, &signature)
}

fn certificate(to_be_signed: Vec<u8>, algorithm: Algorithm, signature: &[u8]) -> Vec<u8> {
    der::sequence(&[
        to_be_signed,
        algorithm.identifier(),
        der::bit_string(signature),
    ])
}

/// A Name of our organization and a common name.
pub fn name(common_name: &str) -> Vec<u8> {
    name_in("modelseal tests", common_name)
}

/// A Name of an organization and a common name.
pub fn name_in(organization: &str, common_name: &str) -> Vec<u8> {
    der::sequence(&[
        attribute("2.5.4.10", organization),
        attribute("2.5.4.3", common_name),
    ])
}

/// A Name of an organization alone, as in a name constraint.
pub fn organization(organization: &str) -> Vec<u8> {
    der::sequence(&[attribute("2.5.4.10", organization)])
}

/// A key identifier: the first 160 bits of the key's SHA-256 (RFC 7093 section 2, method 1).
pub fn key_identifier(key: &Key) -> Vec<u8> {
    Sha256::digest(key.spki())[..20].to_vec()
}

fn attribute(oid: &str, text: &str) -> Vec<u8> {
    let pair = der::sequence(&[der::oid(oid), der::tlv(der::UTF8_STRING, text.as_bytes())]);
    der::tlv(der::SET, &pair)
}
