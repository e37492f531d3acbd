//! What is wanted of a bundle.

use modelseal_forge_oms::certificate::Certificate;
use modelseal_forge_oms::keys::{Algorithm, Key, Kind};
use serde_json::Value;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::change::Changes;
use crate::content::Content;
use crate::log::Proof;
use crate::note::{Checkpoint, Note};
use crate::sct::Sct;
use crate::tsa::{Cms, TsaKey, TstInfo};

/// Kind and version of a log entry.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Entry {
    /// dsse 0.0.1 in Rekor v1.
    Dsse001,
    /// dsse 0.0.2 in Rekor v2.
    Dsse002,
    /// hashedrekord 0.0.1 in Rekor v1.
    Hashedrekord001,
    /// hashedrekord 0.0.2 in Rekor v2.
    Hashedrekord002,
    /// intoto 0.0.2 in Rekor v1.
    Intoto002,
}

impl Entry {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Dsse001,
        Self::Dsse002,
        Self::Hashedrekord001,
        Self::Hashedrekord002,
        Self::Intoto002,
    ];

    /// Is it an entry of Rekor v2, which says nothing of time?
    pub fn is_v2(self) -> bool {
        matches!(self, Self::Dsse002 | Self::Hashedrekord002)
    }

    /// `kind` and `version`.
    pub fn name(self) -> (&'static str, &'static str) {
        match self {
            Self::Dsse001 => ("dsse", "0.0.1"),
            Self::Dsse002 => ("dsse", "0.0.2"),
            Self::Hashedrekord001 => ("hashedrekord", "0.0.1"),
            Self::Hashedrekord002 => ("hashedrekord", "0.0.2"),
            Self::Intoto002 => ("intoto", "0.0.2"),
        }
    }
}

/// The kind of the signer's key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum LeafKey {
    /// Ed25519.
    Ed25519,
    /// secp256k1, which is refused.
    K256,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
    /// RSA with 3072 bits, PKCS#1 v1.5.
    Rsa,
}

impl LeafKey {
    /// Every kind that is accepted.
    pub const ALL: [Self; 5] = [Self::Ed25519, Self::P256, Self::P384, Self::P521, Self::Rsa];

    /// The key.
    pub fn key(self) -> Key {
        let kind = match self {
            Self::Rsa => return Key::rsa_3072(),
            Self::Ed25519 => Kind::Ed25519,
            Self::K256 => Kind::K256,
            Self::P256 => Kind::P256,
            Self::P384 => Kind::P384,
            Self::P521 => Kind::P521,
        };
        Key::derive(kind, "keyless signer")
    }

    /// `PublicKeyDetails` in entries of Rekor v2.
    pub fn details(self, content: &Content) -> &'static str {
        match self {
            Self::Ed25519 if content.is_message() => "PKIX_ED25519_PH",
            Self::Ed25519 => "PKIX_ED25519",
            Self::K256 => "PKIX_ECDSA_SECP256K1_SHA_256",
            Self::P256 => "PKIX_ECDSA_P256_SHA_256",
            Self::P384 => "PKIX_ECDSA_P384_SHA_384",
            Self::P521 => "PKIX_ECDSA_P521_SHA_512",
            Self::Rsa => "PKIX_RSA_PKCS1V15_3072_SHA256",
        }
    }
}

/// A hash of the SHA-2 family.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    /// `HashAlgorithm` of protobuf-specs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA2_256",
            Self::Sha384 => "SHA2_384",
            Self::Sha512 => "SHA2_512",
        }
    }

    /// The digest.
    pub fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }
}

/// What says when the signature was made.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Times {
    /// Both.
    Both,
    /// Neither.
    None,
    /// The log's promise (SET) over its integrated time.
    Promise,
    /// A timestamp by the TSA.
    Stamp,
}

impl Times {
    /// Is there a promise?
    pub fn promised(self) -> bool {
        matches!(self, Self::Both | Self::Promise)
    }

    /// Is there a timestamp?
    pub fn stamped(self) -> bool {
        matches!(self, Self::Both | Self::Stamp)
    }
}

/// Where the leaf stands.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Material {
    /// `certificate`, as v0.3 has it.
    Certificate,
    /// `x509CertificateChain`, as v0.1 and v0.2 have it.
    Chain,
}

/// The media type of v0.1.
pub const MEDIA_TYPE_0_1: &str = "application/vnd.dev.sigstore.bundle+json;version=0.1";
/// The media type of v0.2.
pub const MEDIA_TYPE_0_2: &str = "application/vnd.dev.sigstore.bundle+json;version=0.2";
/// The first media type of v0.3.
pub const MEDIA_TYPE_0_3_OLD: &str = "application/vnd.dev.sigstore.bundle+json;version=0.3";
/// The media type of v0.3.
pub const MEDIA_TYPE_0_3: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

/// A wanted bundle. [`Spec::new`] gives a whole one; methods change it.
pub struct Spec {
    /// The media type.
    pub media_type: String,
    /// What is signed.
    pub content: Content,
    /// The log entry.
    pub entry: Entry,
    /// The signer's key.
    pub leaf_key: LeafKey,
    /// The content's signature algorithm, where it is not the key's usual one.
    pub algorithm: Option<Algorithm>,
    /// The verified times.
    pub times: Times,
    /// Where the leaf stands.
    pub material: Material,
    /// Has a Rekor v1 entry its inclusion proof?
    pub proof: bool,
    /// The log's integrated time.
    pub integrated: u64,
    /// The TSA's time.
    pub stamped: u64,
    /// The TSA's key.
    pub tsa_key: TsaKey,
    /// Does the timestamp contain the TSA's certificate?
    pub embedded: bool,
    /// What is changed, at which stage.
    pub changes: Changes,
}

impl Spec {
    /// A whole bundle of v0.3, signed with P-256 at [`crate::time::SIGNED`], with every verified
    /// time that the entry's log allows.
    pub fn new(entry: Entry, content: Content) -> Self {
        Self {
            media_type: MEDIA_TYPE_0_3.into(),
            content,
            entry,
            leaf_key: LeafKey::P256,
            algorithm: None,
            times: match entry.is_v2() {
                true => Times::Stamp,
                false => Times::Both,
            },
            material: Material::Certificate,
            proof: true,
            integrated: crate::time::SIGNED,
            stamped: crate::time::SIGNED,
            tsa_key: TsaKey::P384Sha256,
            embedded: false,
            changes: Changes::default(),
        }
    }

    /// A signed message.
    pub fn message(entry: Entry) -> Self {
        Self::new(entry, Content::message())
    }

    /// A signed statement.
    pub fn statement(entry: Entry) -> Self {
        Self::new(entry, Content::slsa_v1())
    }

    /// The hash of what is signed: by curve (sigstore/architecture-docs, algorithm registry).
    pub fn hash(&self) -> Hash {
        let key = self.leaf_key.key();
        match self.algorithm.unwrap_or(key.algorithm()) {
            Algorithm::Ed25519 if self.content.is_message() => Hash::Sha512,
            Algorithm::EcdsaSha384 => Hash::Sha384,
            Algorithm::EcdsaSha512 => Hash::Sha512,
            _ => Hash::Sha256,
        }
    }

    /// With these times.
    pub fn times(mut self, times: Times) -> Self {
        self.times = times;
        self
    }

    /// With another key.
    pub fn key(mut self, key: LeafKey) -> Self {
        self.leaf_key = key;
        self
    }

    /// Of another version, with the leaf where that version has it.
    pub fn media_type(mut self, media_type: &str) -> Self {
        self.media_type = media_type.into();
        self.material = match media_type {
            MEDIA_TYPE_0_1 | MEDIA_TYPE_0_2 => Material::Chain,
            _ => Material::Certificate,
        };
        self
    }

    /// With any other change of this struct.
    pub fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

macro_rules! stages {
    ($($(#[$doc:meta])* $stage:ident: $type:ty,)*) => {
        /// One method a stage of [`Changes`].
        impl Spec {
            $($(#[$doc])*
            pub fn $stage(mut self, step: impl Fn(&mut $type) + Send + Sync + 'static) -> Self {
                self.changes.$stage.add(step);
                self
            })*
        }
    };
}

stages! {
    /// Changes Fulcio's root.
    fulcio_root: Certificate,
    /// Changes Fulcio's intermediate.
    intermediate: Certificate,
    /// Changes the leaf before its precertificate is logged.
    leaf: Certificate,
    /// Changes the SCT before it is signed.
    sct: Sct,
    /// Changes the list of SCTs.
    scts: Vec<Vec<u8>>,
    /// Changes the leaf after its SCTs were made.
    leaf_final: Certificate,
    /// Changes the signature.
    signature: Vec<u8>,
    /// Changes the log entry's body.
    body: Value,
    /// Changes the place in the log.
    proof_of: Proof,
    /// Changes the checkpoint before it is signed.
    checkpoint: Checkpoint,
    /// Changes the signed note.
    note: Note,
    /// Changes what the promise signs.
    promise: Value,
    /// Changes the entry in the bundle.
    entry_json: Value,
    /// Changes the TSA's root.
    tsa_root: Certificate,
    /// Changes the TSA's certificate.
    tsa_leaf: Certificate,
    /// Changes the timestamp's content.
    tst_info: TstInfo,
    /// Changes the SignedData.
    cms: Cms,
    /// Changes the TimeStampResp.
    token: Vec<u8>,
    /// Changes the bundle.
    bundle: Value,
    /// Changes the trust root.
    root: Value,
}
