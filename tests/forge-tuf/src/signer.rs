//! Keys with their TUF form.

use std::rc::Rc;

use modelseal_forge_oms::keys::{Algorithm, Key, Kind};
use serde_json::{Value, json};

use crate::canonical::canonical;
use crate::repository::{hex, sha256};

/// A key, and how metadata names it.
#[derive(Clone)]
pub struct Signer {
    key: Rc<Key>,
    algorithm: Algorithm,
    /// Its id.
    pub id: String,
    /// `keytype`, `scheme` and `keyval`.
    pub object: Value,
}

impl Signer {
    /// A key on P-256.
    pub fn p256(name: &str) -> Self {
        Self::on_curve(Kind::P256, name, "ecdsa-sha2-nistp256")
    }

    /// A key on P-384.
    pub fn p384(name: &str) -> Self {
        Self::on_curve(Kind::P384, name, "ecdsa-sha2-nistp384")
    }

    fn on_curve(kind: Kind, name: &str, scheme: &str) -> Self {
        let key = Key::derive(kind, name);
        let (algorithm, pem) = (key.algorithm(), key.public_pem());
        Self::new(key, algorithm, "ecdsa", scheme, &pem)
    }

    /// An Ed25519 key.
    pub fn ed25519(name: &str) -> Self {
        let key = Key::derive(Kind::Ed25519, name);
        let Key::Ed25519(inner) = &key else {
            panic!("a key of its kind");
        };
        let public = hex(inner.verifying_key().as_bytes());
        let algorithm = key.algorithm();
        Self::new(key, algorithm, "ed25519", "ed25519", &public)
    }

    /// The RSA key of 3072 bits, which signs with PSS.
    pub fn rsa() -> Self {
        let key = Key::rsa_3072();
        let pem = key.public_pem();
        let algorithm = Algorithm::RsaPssSha256;
        Self::new(key, algorithm, "rsa", "rsassa-pss-sha256", &pem)
    }

    /// The RSA key of 1024 bits, which is too short.
    pub fn rsa_1024() -> Self {
        let key = Key::rsa_1024();
        let pem = key.public_pem();
        let algorithm = Algorithm::RsaPssSha256;
        Self::new(key, algorithm, "rsa", "rsassa-pss-sha256", &pem)
    }

    fn new(key: Key, algorithm: Algorithm, keytype: &str, scheme: &str, public: &str) -> Self {
        let object = json!({
            "keytype": keytype,
            "scheme": scheme,
            "keyval": { "public": public },
        });
        let mut signer = Self {
            key: Rc::new(key),
            algorithm,
            id: String::new(),
            object,
        };
        signer.name_again();
        signer
    }

    /// Takes the id that fits the object.
    pub fn name_again(&mut self) {
        self.id = hex(&sha256(&canonical(&self.object)));
    }

    /// The key with another object, and the id that fits it.
    #[must_use]
    pub fn with(&self, change: impl FnOnce(&mut Value)) -> Self {
        let mut signer = self.clone();
        change(&mut signer.object);
        signer.name_again();
        signer
    }

    /// The signature, in hex.
    pub fn sign(&self, message: &[u8]) -> String {
        hex(&self.key.sign(self.algorithm, message))
    }
}
