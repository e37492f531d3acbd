//! A file of metadata: what is signed, and by whom.

use serde_json::{Value, json};

use crate::canonical::canonical;
use crate::signer::Signer;

/// A file of metadata.
#[derive(Clone)]
pub struct Document {
    /// What is signed.
    pub signed: Value,
    /// Who signs it.
    pub signers: Vec<Signer>,
    /// Signatures besides those.
    pub further: Vec<Value>,
}

impl Document {
    /// A file that these sign.
    pub fn new(signed: Value, signers: &[&Signer]) -> Self {
        Self {
            signed,
            signers: signers.iter().copied().cloned().collect(),
            further: Vec::new(),
        }
    }

    /// Its signatures.
    pub fn signatures(&self) -> Vec<Value> {
        let message = canonical(&self.signed);
        let signatures = self
            .signers
            .iter()
            .map(|signer| json!({ "keyid": signer.id, "sig": signer.sign(&message) }));
        signatures.chain(self.further.iter().cloned()).collect()
    }

    /// The file, signed.
    pub fn bytes(&self) -> Vec<u8> {
        let file = json!({ "signatures": self.signatures(), "signed": self.signed });
        format!("{file:#}\n").into_bytes()
    }

    /// Its version; 1, if it has none that counts.
    pub fn version(&self) -> u64 {
        let version = self.signed["version"].as_u64();
        version.filter(|version| *version > 0).unwrap_or(1)
    }

    /// Sets its version.
    pub fn set_version(&mut self, version: u64) {
        self.signed["version"] = version.into();
    }
}
