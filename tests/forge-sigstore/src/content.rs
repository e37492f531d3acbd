//! What is signed: messages and in-toto statements.

use base64ct::{Base64, Encoding};
use modelseal_forge_oms::bundle::{PAYLOAD_TYPE, pae};
use modelseal_forge_oms::fixtures::example_model;
use modelseal_forge_oms::keys::Key;
use modelseal_forge_oms::model::{Hash, hex, unhex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha512};

use crate::spec::Spec;

/// The artifact that messages and provenance are about.
pub const ARTIFACT: &[u8] = b"weights that mean nothing\n";

const BUILDER: &str = "https://github.com/actions/runner/github-hosted";

/// What is signed.
#[derive(Clone)]
pub enum Content {
    /// An artifact's bytes.
    Message(Vec<u8>),
    /// A DSSE envelope.
    Envelope {
        /// `payloadType`.
        payload_type: String,
        /// The payload.
        payload: Vec<u8>,
        /// The artifact that it is about.
        artifact: Vec<u8>,
    },
}

/// Content with its signature.
pub struct Signed {
    /// The bundle's member.
    pub member: &'static str,
    /// Its value.
    pub json: Value,
    /// The signature's bytes.
    pub signature: Vec<u8>,
    /// The bytes that were signed: the artifact, or the pre-authentication encoding.
    pub message: Vec<u8>,
    /// The payload of an envelope.
    pub payload: Vec<u8>,
    /// Its type.
    pub payload_type: String,
}

/// Standard base64.
pub fn base64(bytes: &[u8]) -> String {
    Base64::encode_string(bytes)
}

impl Content {
    /// The artifact, signed as a message.
    pub fn message() -> Self {
        Self::Message(ARTIFACT.to_vec())
    }

    /// A statement about the artifact.
    pub fn statement(statement: &Value) -> Self {
        Self::Envelope {
            payload_type: PAYLOAD_TYPE.into(),
            payload: statement.to_string().into_bytes(),
            artifact: ARTIFACT.to_vec(),
        }
    }

    /// An OMS statement over the example model.
    pub fn oms() -> Self {
        let statement = example_model().statement(Hash::Sha256);
        // The root digest is SHA-256 over the listed digests: these are what the subject names.
        let resources = statement["predicate"]["resources"].as_array();
        let digests = resources
            .into_iter()
            .flatten()
            .flat_map(|resource| unhex(resource["digest"].as_str().expect("a digest in hex")));
        match Self::statement(&statement) {
            Self::Envelope {
                payload_type,
                payload,
                ..
            } => Self::Envelope {
                payload_type,
                payload,
                artifact: digests.collect(),
            },
            message @ Self::Message(_) => message,
        }
    }

    /// SLSA provenance v0.2 in a statement v0.1.
    pub fn slsa_v0_2() -> Self {
        Self::statement(&json!({
            "_type": "https://in-toto.io/Statement/v0.1",
            "subject": [subject()],
            "predicateType": "https://slsa.dev/provenance/v0.2",
            "predicate": {
                "builder": { "id": BUILDER },
                "buildType": "https://github.com/npm/cli/gha/v2",
                "invocation": { "configSource": {
                    "uri": "git+https://github.com/modelseal/models@refs/heads/main",
                    "digest": { "sha1": "9739798945b2a848e911bcf1dddb97298cade0b1" },
                    "entryPoint": ".github/workflows/sign.yml",
                } },
            },
        }))
    }

    /// SLSA provenance v1 in a statement v1.
    pub fn slsa_v1() -> Self {
        Self::statement(&slsa_v1())
    }

    /// Is it an artifact itself?
    pub fn is_message(&self) -> bool {
        matches!(self, Self::Message(_))
    }

    /// The artifact.
    pub fn artifact(&self) -> &[u8] {
        match self {
            Self::Message(artifact) | Self::Envelope { artifact, .. } => artifact,
        }
    }

    /// Signs the content as a spec says.
    pub fn sign(&self, spec: &Spec) -> Signed {
        let key = spec.leaf_key.key();
        let algorithm = spec.algorithm.unwrap_or(key.algorithm());
        let message = match self {
            Self::Message(artifact) => artifact.clone(),
            Self::Envelope {
                payload_type,
                payload,
                ..
            } => pae(payload_type, payload),
        };
        let mut signature = match (&key, self) {
            (Key::Ed25519(key), Self::Message(artifact)) => prehashed(key, artifact),
            _ => key.sign(algorithm, &message),
        };
        spec.changes.signature.apply(&mut signature);
        let (member, json, payload, payload_type) = match self {
            Self::Message(_) => {
                let json = json!({
                    "messageDigest": {
                        "algorithm": spec.hash().name(),
                        "digest": base64(&spec.hash().digest(&message)),
                    },
                    "signature": base64(&signature),
                });
                ("messageSignature", json, Vec::new(), String::new())
            }
            Self::Envelope {
                payload_type,
                payload,
                ..
            } => {
                let json = json!({
                    "payload": base64(payload),
                    "payloadType": payload_type,
                    "signatures": [{ "sig": base64(&signature) }],
                });
                ("dsseEnvelope", json, payload.clone(), payload_type.clone())
            }
        };
        Signed {
            member,
            json,
            signature,
            message,
            payload,
            payload_type,
        }
    }
}

/// Ed25519ph (RFC 8032 section 5.1): logs know an artifact by its digest alone.
fn prehashed(key: &ed25519_dalek::SigningKey, artifact: &[u8]) -> Vec<u8> {
    let digest = Sha512::new_with_prefix(artifact);
    let signature = key.sign_prehashed(digest, None);
    signature
        .expect("without a context it cannot be too long")
        .to_bytes()
        .to_vec()
}

/// The statement of [`Content::slsa_v1`].
pub fn slsa_v1() -> Value {
    json!({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [subject()],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://actions.github.io/buildtypes/workflow/v1",
                "externalParameters": { "workflow": {
                    "ref": "refs/heads/main",
                    "repository": "https://github.com/modelseal/models",
                    "path": ".github/workflows/sign.yml",
                } },
                "resolvedDependencies": [{
                    "uri": "git+https://github.com/modelseal/models@refs/heads/main",
                    "digest": { "gitCommit": "9739798945b2a848e911bcf1dddb97298cade0b1" },
                }],
            },
            "runDetails": { "builder": { "id": BUILDER } },
        },
    })
}

fn subject() -> Value {
    json!({ "name": "weights.bin", "digest": { "sha256": hex(&Sha256::digest(ARTIFACT)) } })
}
