//! Models, their digests, and the statements that list them.

use std::collections::BTreeMap;

use blake2::Blake2b512;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The predicate type of OMS 1.0.
pub const PREDICATE_V1: &str = "https://model_signing/signature/v1.0";
/// The predicate type of v0.2.0.
pub const PREDICATE_V01: &str = "https://model_signing/Digests/v0.1";
/// The statement type of in-toto Statement v1.
pub const STATEMENT_V1: &str = "https://in-toto.io/Statement/v1";

/// The top-level names that signers of model-signing 1.1 record as ignored.
pub const GIT_PATHS: [&str; 4] = [".git", ".gitattributes", ".github", ".gitignore"];

/// A hash of the standard.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Hash {
    /// BLAKE2b with 512 bits.
    Blake2b,
    /// BLAKE3 with 256 bits.
    Blake3,
    /// SHA-256.
    Sha256,
}

impl Hash {
    /// The name in `hash_type` and `algorithm`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Blake2b => "blake2b",
            Self::Blake3 => "blake3",
            Self::Sha256 => "sha256",
        }
    }

    /// Lower-case hex of the digest.
    pub fn hex(self, bytes: &[u8]) -> String {
        match self {
            Self::Blake2b => hex(&Blake2b512::digest(bytes)),
            Self::Blake3 => blake3::hash(bytes).to_hex().to_string(),
            Self::Sha256 => hex(&Sha256::digest(bytes)),
        }
    }
}

/// A folder's files by path.
#[derive(Clone)]
pub struct Model {
    /// The folder's name: the subject of a signature.
    pub name: &'static str,
    /// Path and bytes.
    pub files: BTreeMap<&'static str, Vec<u8>>,
}

impl Model {
    /// The part of the model that a signer lists: without the git paths at the top.
    pub fn signed(&self) -> impl Iterator<Item = (&'static str, &[u8])> {
        self.files
            .iter()
            .filter(|(path, _)| {
                let top = path.split('/').next().unwrap_or_default();
                !GIT_PATHS.contains(&top)
            })
            .map(|(path, bytes)| (*path, bytes.as_slice()))
    }

    /// The files below a folder, as a model of its own.
    pub fn folder(&self, name: &'static str) -> Self {
        let below = format!("{name}/");
        let files = self
            .files
            .iter()
            .filter_map(|(path, bytes)| Some((path.strip_prefix(&below)?, bytes.clone())))
            .collect();
        Self { name, files }
    }

    /// A statement with method `files`.
    pub fn statement(&self, hash: Hash) -> Value {
        let resources = self
            .signed()
            .map(|(path, bytes)| resource(path, hash, bytes))
            .collect();
        let serialization = json!({
            "method": "files",
            "hash_type": hash.name(),
            "allow_symlinks": false,
            "ignore_paths": GIT_PATHS,
        });
        statement(self.name, serialization, resources)
    }

    /// A statement with method `shards`. `shard_size` is written as given; so is `algorithm`.
    pub fn sharded(&self, hash: Hash, size: usize, shard_size: Value, algorithm: &str) -> Value {
        let mut resources = Vec::new();
        for (path, bytes) in self.signed() {
            for (index, shard) in bytes.chunks(size).enumerate() {
                let start = index * size;
                resources.push(json!({
                    "name": format!("{path}:{start}:{}", start + shard.len()),
                    "algorithm": algorithm,
                    "digest": hash.hex(shard),
                }));
            }
        }
        let serialization = json!({
            "method": "shards",
            "hash_type": hash.name(),
            "shard_size": shard_size,
            "allow_symlinks": false,
            "ignore_paths": GIT_PATHS,
        });
        statement(self.name, serialization, resources)
    }

    /// A statement in the form of v0.2.0: one subject a file.
    pub fn statement_v01(&self) -> Value {
        let subjects: Vec<_> = self
            .signed()
            .map(|(path, bytes)| {
                json!({
                    "name": path,
                    "digest": { "sha256": Hash::Sha256.hex(bytes) },
                    "annotations": { "actual_hash_algorithm": "file-sha256" },
                })
            })
            .collect();
        json!({
            "_type": STATEMENT_V1,
            "subject": subjects,
            "predicateType": PREDICATE_V01,
            "predicate": { "unused": "Unused, just passed due to API requirements" },
        })
    }
}

/// One entry of `resources`.
pub fn resource(name: &str, hash: Hash, bytes: &[u8]) -> Value {
    json!({ "name": name, "algorithm": hash.name(), "digest": hash.hex(bytes) })
}

/// A statement over these resources, with its root digest.
pub fn statement(name: &str, serialization: Value, resources: Vec<Value>) -> Value {
    let mut statement = json!({
        "_type": STATEMENT_V1,
        "subject": [{ "name": name, "digest": { "sha256": "" } }],
        "predicateType": PREDICATE_V1,
        "predicate": { "serialization": serialization, "resources": resources },
    });
    seal_root(&mut statement);
    statement
}

/// Sets the subject's digest to that of the listed digests, in listed order (OMS 1.0 section 5).
///
/// A digest that is not hex counts as no bytes: such a case fails before its root is looked at.
pub fn seal_root(statement: &mut Value) {
    let root = {
        let resources = statement["predicate"]["resources"].as_array();
        let digests = resources
            .into_iter()
            .flatten()
            .map(|resource| &resource["digest"]);
        root_digest(digests.map(|digest| digest.as_str().unwrap_or_default()))
    };
    statement["subject"][0]["digest"]["sha256"] = root.into();
}

/// SHA-256 over the raw digests.
pub fn root_digest<'a>(digests: impl Iterator<Item = &'a str>) -> String {
    hex(&Sha256::digest(digests.flat_map(unhex).collect::<Vec<_>>()))
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The octets of a text in hex; none where it is not hex.
pub fn unhex(text: &str) -> Vec<u8> {
    let pairs = text.as_bytes().chunks(2);
    let bytes = pairs.map(|pair| {
        std::str::from_utf8(pair)
            .ok()
            .and_then(|pair| u8::from_str_radix(pair, 16).ok())
    });
    bytes.collect::<Option<_>>().unwrap_or_default()
}
