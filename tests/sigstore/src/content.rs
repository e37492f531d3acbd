//! What is signed: messages and in-toto statements.

use base64ct::{Base64, Encoding};
use modelseal_forge::bundle::{PAYLOAD_TYPE, pae};
use modelseal_forge::fixtures::example_model;
use modelseal_forge::keys::Algorithm;
use modelseal_forge::model::{Hash, hex};
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::spec::Spec;

/// The artifact that messages and provenance are about.
pub const ARTIFACT: &[u8] = b"weights that mean nothing\n";

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
        Self::statement(&example_model().statement(Hash::Sha256))
    }

    /// SLSA provenance v0.2 in a statement v0.1.
    pub fn slsa_v0_2() -> Self {
        Self::statement(&json!({
            "_type": "https://in-toto.io/Statement/v0.1",
            "subject": [subject()],
            "predicateType": "https://slsa.dev/provenance/v0.2",
            "predicate": {
                "builder": { "id": "https://github.com/actions/runner/github-hosted" },
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
        let mut signature = key.sign(algorithm, &message);
        spec.changes.signature.apply(&mut signature);
        let (member, json, payload, payload_type) = match self {
            Self::Message(_) => {
                let json = json!({
                    "messageDigest": {
                        "algorithm": digest_name(algorithm),
                        "digest": base64(&digest(algorithm, &message)),
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
            "runDetails": { "builder": { "id": "https://github.com/actions/runner/github-hosted" } },
        },
    })
}

fn subject() -> Value {
    json!({ "name": "weights.bin", "digest": { "sha256": hex(&Sha256::digest(ARTIFACT)) } })
}

/// The digest that a signature algorithm takes of a message; SHA-256 where it takes none.
pub fn digest(algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    match algorithm {
        Algorithm::EcdsaSha384 => Sha384::digest(message).to_vec(),
        Algorithm::EcdsaSha512 => Sha512::digest(message).to_vec(),
        _ => Sha256::digest(message).to_vec(),
    }
}

/// `HashAlgorithm` of protobuf-specs.
pub fn digest_name(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::EcdsaSha384 => "SHA2_384",
        Algorithm::EcdsaSha512 => "SHA2_512",
        _ => "SHA2_256",
    }
}
