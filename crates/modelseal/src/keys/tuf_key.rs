//! The keys of TUF metadata: each says of what kind it is, and how it signs (TUF 1.0, section 4.2).

use alloc::vec::Vec;

use const_oid::db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION, SECP_256_R_1, SECP_384_R_1};
use der::{
    Decode as _,
    asn1::{AnyRef, ObjectIdentifier},
};
use modelseal_hash::decode_hex;

use super::{
    Hash,
    ecdsa::{self, Signature},
    ed25519, read_spki,
    rsa::RsaKey,
};
use crate::pem::Pem;

/// A key that signs in one way only, as TUF metadata names it.
#[derive(Clone, Debug)]
pub struct TufKey {
    inner: Inner,
    /// The bytes that make it the key that it is, however it is written.
    material: Vec<u8>,
}

#[derive(Clone, Debug)]
enum Inner {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
    Rsa(RsaKey, Hash),
}

impl TufKey {
    /// Reads a key from its `keytype`, `scheme` and `keyval.public`: PEM for ECDSA and RSA, hex for
    /// Ed25519. `None` for a kind that is not known, and for what is not such a key.
    pub fn read(keytype: &str, scheme: &str, public: &str) -> Option<Self> {
        if (keytype, scheme) == ("ed25519", "ed25519") {
            let material: [u8; 32] = decode_hex(public)?;
            return Some(Self {
                inner: Inner::Ed25519(ed25519::key(&material).ok()?),
                material: material.to_vec(),
            });
        }
        let pem = Pem::parse(public).filter(|pem| !pem.explained)?;
        let [block] = pem.blocks.as_slice() else {
            return None;
        };
        if block.label != "PUBLIC KEY" {
            return None;
        }
        let (algorithm, bits) = read_spki(&block.der).ok()?;
        let on_curve = |curve: ObjectIdentifier| {
            let named = AnyRef::from_der(algorithm.parameters.as_deref()?).ok()?;
            let named: ObjectIdentifier = named.decode_as().ok()?;
            (algorithm.oid == ID_EC_PUBLIC_KEY && named == curve).then_some(bits)
        };
        // Some writers name the curve in `keytype`, too.
        let inner = match (keytype, scheme) {
            ("ecdsa" | "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256") => {
                Inner::P256(ecdsa::key(on_curve(SECP_256_R_1)?)?)
            }
            ("ecdsa" | "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384") => {
                Inner::P384(ecdsa::key(on_curve(SECP_384_R_1)?)?)
            }
            ("rsa", scheme) => {
                let hash = match scheme {
                    "rsassa-pss-sha256" => Hash::Sha256,
                    "rsassa-pss-sha384" => Hash::Sha384,
                    "rsassa-pss-sha512" => Hash::Sha512,
                    _ => return None,
                };
                // RFC 3279 section 2.3.1: the parameters are NULL.
                if algorithm.oid != RSA_ENCRYPTION || !algorithm.has_null() {
                    return None;
                }
                Inner::Rsa(RsaKey::decode(bits).ok()?, hash)
            }
            _ => return None,
        };
        Some(Self {
            inner,
            material: block.der.clone(),
        })
    }

    /// Two keys that are equal in this are one key, whatever their ids.
    pub fn material(&self) -> &[u8] {
        &self.material
    }

    /// Did this key sign `message`? ECDSA signatures are DER (RFC 3279 section 2.2.3), over SHA-256
    /// with P-256 and SHA-384 with P-384; those of RSA-PSS have a salt of any length.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        let ecdsa = || Signature::read(signature).ok();
        match &self.inner {
            Inner::P256(key) => ecdsa()
                .is_some_and(|signature| signature.verify(key, &Hash::Sha256.digest(&[message]))),
            Inner::P384(key) => ecdsa()
                .is_some_and(|signature| signature.verify(key, &Hash::Sha384.digest(&[message]))),
            Inner::Ed25519(key) => ed25519::verify(key, message, signature),
            Inner::Rsa(key, hash) => {
                key.verify_pss(*hash, None, &hash.digest(&[message]), signature)
            }
        }
    }
}
