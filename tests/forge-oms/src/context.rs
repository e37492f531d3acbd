//! What most cases share: a model, keys, a chain, and the policies that trust them.

use serde_json::{Value, json};

use crate::bundle;
use crate::certificate::Certificate;
use crate::keys::{Key, Kind, pem};
use crate::model::{Hash, Model};

/// Common name of the root.
pub const ROOT: &str = "Test Root";
/// Common name of the intermediate authority.
pub const INTERMEDIATE: &str = "Test Intermediate";
/// Common name of the signer.
pub const SIGNER: &str = "Test Signer";

/// Keys and certificates: root (P-384), intermediate (P-384), leaf (P-256).
pub struct Pki {
    /// Key of the root.
    pub root_key: Key,
    /// Key of the intermediate.
    pub intermediate_key: Key,
    /// Key of the signer.
    pub leaf_key: Key,
}

impl Default for Pki {
    fn default() -> Self {
        Self {
            root_key: Key::derive(Kind::P384, "root"),
            intermediate_key: Key::derive(Kind::P384, "intermediate"),
            leaf_key: Key::derive(Kind::P256, "leaf"),
        }
    }
}

impl Pki {
    /// The root, still to be changed.
    pub fn root(&self) -> Certificate {
        Certificate::authority(ROOT, &self.root_key, ROOT, &self.root_key)
    }

    /// The intermediate, still to be changed.
    pub fn intermediate(&self) -> Certificate {
        Certificate::authority(INTERMEDIATE, &self.intermediate_key, ROOT, &self.root_key)
    }

    /// The leaf, still to be changed.
    pub fn leaf(&self) -> Certificate {
        Certificate::leaf(SIGNER, &self.leaf_key, INTERMEDIATE, &self.intermediate_key)
    }

    /// DER of the root.
    pub fn root_der(&self) -> Vec<u8> {
        self.root().sign(&self.root_key)
    }

    /// DER of the intermediate.
    pub fn intermediate_der(&self) -> Vec<u8> {
        self.intermediate().sign(&self.root_key)
    }

    /// DER of the leaf.
    pub fn leaf_der(&self) -> Vec<u8> {
        self.leaf().sign(&self.intermediate_key)
    }

    /// Leaf and intermediate: the chain of an ordinary bundle.
    pub fn chain(&self) -> Vec<Vec<u8>> {
        vec![self.leaf_der(), self.intermediate_der()]
    }

    /// The policy that trusts the root.
    pub fn policy(&self) -> Value {
        certificate_policy(&[self.root_der()])
    }
}

/// A policy of the key method.
pub fn key_policy(key: &Key) -> Value {
    json!({ "method": "key", "publicKey": key.public_pem() })
}

/// A policy of the certificate method.
pub fn certificate_policy(anchors: &[Vec<u8>]) -> Value {
    let anchors: Vec<_> = anchors.iter().map(|der| pem("CERTIFICATE", der)).collect();
    json!({ "method": "certificate", "anchors": anchors })
}

/// The parts that cases are put together from.
pub struct Context {
    /// The model that is signed.
    pub model: Model,
    /// The signer's key (P-256).
    pub key: Key,
    /// Another key of the same kind.
    pub other: Key,
    /// The authorities and the signer's certificate.
    pub pki: Pki,
}

impl Context {
    /// The context of a model.
    pub fn new(model: Model) -> Self {
        Self {
            model,
            key: Key::derive(Kind::P256, "signer"),
            other: Key::derive(Kind::P256, "other"),
            pki: Pki::default(),
        }
    }

    /// The ordinary statement: method `files`, SHA-256.
    pub fn statement(&self) -> Value {
        self.model.statement(Hash::Sha256)
    }

    /// The ordinary payload.
    pub fn payload(&self) -> Vec<u8> {
        bundle::payload(&self.statement())
    }

    /// Signs any payload with the key.
    pub fn sign(&self, payload: &[u8]) -> Value {
        bundle::signed(bundle::key_material(&self.key), &self.key, payload)
    }

    /// The ordinary bundle of the key method.
    pub fn key_bundle(&self) -> Value {
        self.sign(&self.payload())
    }

    /// The ordinary payload, signed with the leaf's key, with these certificates.
    pub fn chain_bundle(&self, certificates: &[Vec<u8>]) -> Value {
        self.chain_bundle_by(&self.pki.leaf_key, certificates)
    }

    /// The ordinary payload, signed with any key, with these certificates.
    pub fn chain_bundle_by(&self, key: &Key, certificates: &[Vec<u8>]) -> Value {
        bundle::signed(bundle::chain_material(certificates), key, &self.payload())
    }

    /// The policy that expects the key.
    pub fn key_policy(&self) -> Value {
        key_policy(&self.key)
    }
}
