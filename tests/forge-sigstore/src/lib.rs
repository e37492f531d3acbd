//! A little Sigstore of the tests' own: a certificate authority with a transparency log, Rekor's
//! two generations of logs and a timestamp authority. It issues keyless bundles at will, whole or
//! broken at one place alone.
//!
//! A [`Spec`] says what is wanted. Its [`Changes`] reach in before each stage that signs or
//! writes, so that everything after the change is right again: a changed certificate is signed, a
//! changed entry is in the log. The same names give the same bytes on every run.

pub mod body;
pub mod cases;
pub mod change;
pub mod content;
pub mod fulcio;
pub mod log;
pub mod merkle;
pub mod note;
pub mod root;
pub mod sct;
pub mod spec;
pub mod time;
pub mod tsa;

use base64ct::{Base64, Encoding};
use modelseal_forge_oms::bundle::raw_bytes;
use modelseal_forge_oms::model::PREDICATE_V1;
use serde_json::{Value, json};

pub use change::{Change, Changes};
pub use content::Content;
pub use fulcio::{IDENTITY, ISSUER};
pub use spec::{Entry, LeafKey, Material, Spec, Times};

use fulcio::Fulcio;
use log::{Log, Submission};
use tsa::Tsa;

/// Everything that issues and signs.
pub struct Sigstore {
    /// The certificate authority, with its CT log.
    pub fulcio: Fulcio,
    /// Rekor v1: ECDSA P-256.
    pub rekor_v1: Log,
    /// Rekor v2: Ed25519.
    pub rekor_v2: Log,
    /// The timestamp authority.
    pub tsa: Tsa,
}

/// What comes of a [`Spec`].
#[derive(Clone)]
pub struct Forged {
    /// The bundle.
    pub bundle: Value,
    /// The trusted_root.json.
    pub root: Value,
    /// What was signed, or what the statement is about.
    pub artifact: Vec<u8>,
}

impl Forged {
    /// The bundle's bytes.
    pub fn bytes(&self) -> Vec<u8> {
        self.bundle.to_string().into_bytes()
    }

    /// Is it a signed model?
    pub fn is_model(&self) -> bool {
        let payload = self.bundle["dsseEnvelope"]["payload"].as_str();
        let payload = payload.and_then(|text| Base64::decode_vec(text).ok());
        let statement = payload.and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
        statement.is_some_and(|statement| statement["predicateType"] == PREDICATE_V1)
    }

    /// The trust root's bytes.
    pub fn root_bytes(&self) -> Vec<u8> {
        self.root.to_string().into_bytes()
    }
}

impl Sigstore {
    /// A Sigstore of this name. Others of other names share no key with it.
    pub fn new(name: &str) -> Self {
        Self {
            fulcio: Fulcio::new(name),
            rekor_v1: Log::v1(name),
            rekor_v2: Log::v2(name),
            tsa: Tsa::new(name),
        }
    }

    /// Issues a bundle.
    pub fn forge(&self, spec: &Spec) -> Forged {
        let authorities = self.authorities(spec);
        let leaf = self.fulcio.issue(spec, &authorities.fulcio);
        let signed = spec.content.sign(spec);
        let submission = Submission {
            leaf: &leaf,
            signed: &signed,
            spec,
        };
        let mut material = json!({});
        match spec.material {
            Material::Certificate => material["certificate"] = raw_bytes(&leaf),
            Material::Chain => {
                material["x509CertificateChain"] = json!({ "certificates": [raw_bytes(&leaf)] });
            }
        }
        let log = match spec.entry.is_v2() {
            true => &self.rekor_v2,
            false => &self.rekor_v1,
        };
        material["tlogEntries"] = json!([log.integrate(&submission)]);
        if spec.times.stamped() {
            let token = self.tsa.stamp(&signed.signature, spec, &authorities.tsa);
            material["timestampVerificationData"] =
                json!({ "rfc3161Timestamps": [{ "signedTimestamp": content::base64(&token) }] });
        }
        let mut bundle = json!({
            "mediaType": spec.media_type,
            "verificationMaterial": material,
        });
        bundle[signed.member] = signed.json.clone();
        spec.changes.bundle.apply(&mut bundle);
        let mut root = root::trusted_root(self, &authorities);
        spec.changes.root.apply(&mut root);
        Forged {
            bundle,
            root,
            artifact: spec.content.artifact().to_vec(),
        }
    }

    fn authorities(&self, spec: &Spec) -> root::Authorities {
        root::Authorities {
            fulcio: self.fulcio.authority(spec),
            tsa: self.tsa.authority(spec),
        }
    }
}
