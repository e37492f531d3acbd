//! Rekor v1 and v2: entries, promises, proofs and checkpoints.

use modelseal_forge_oms::keys::{Key, Kind};
use modelseal_forge_oms::model::hex;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::body;
use crate::content::{Signed, base64};
use crate::merkle::{self, Hash};
use crate::note::{self, Checkpoint, Note, SignatureLine};
use crate::spec::Spec;

/// Entries before ours in the tree.
pub const INDEX: usize = 5;
/// Entries in the tree.
pub const SIZE: usize = 13;
/// Entries in earlier trees of Rekor v1: its entries are counted over all of them.
pub const EARLIER: usize = 1000;

/// A transparency log.
pub struct Log {
    /// Its key.
    pub key: Key,
    /// Its id in the trust root.
    pub id: Vec<u8>,
    /// The name that its checkpoints are signed by.
    pub name: String,
    /// The first line of its checkpoints.
    pub origin: String,
    v2: bool,
}

/// What a client sends to a log.
pub(crate) struct Submission<'a> {
    pub leaf: &'a [u8],
    pub signed: &'a Signed,
    pub spec: &'a Spec,
}

/// Where an entry stands in its log.
pub struct Proof {
    /// The leaf hashes of the tree.
    pub leaves: Vec<Hash>,
    /// The leaf's index in the tree.
    pub index: usize,
    /// The size that the proof and the checkpoint say.
    pub size: usize,
    /// The root that the proof and the checkpoint say.
    pub root: Hash,
    /// The audit path.
    pub hashes: Vec<Hash>,
}

impl Log {
    pub(crate) fn v1(name: &str) -> Self {
        let key = Key::derive(Kind::P256, &format!("{name} rekor v1"));
        let host = format!("rekor.{name}.test");
        Self {
            id: Sha256::digest(key.spki()).to_vec(),
            key,
            origin: format!("{host} - 2605736670972794746"),
            name: host,
            v2: false,
        }
    }

    pub(crate) fn v2(name: &str) -> Self {
        let key = Key::derive(Kind::Ed25519, &format!("{name} rekor v2"));
        let host = format!("log2025-1.{name}.test");
        Self {
            id: note::ed25519_id(&host, &key.spki()),
            key,
            origin: host.clone(),
            name: host,
            v2: true,
        }
    }

    /// Logs a submission: the entry as bundles carry it.
    pub(crate) fn integrate(&self, submission: &Submission<'_>) -> Value {
        let spec = submission.spec;
        let mut body = body::body(submission);
        spec.changes.body.apply(&mut body);
        let body = canonical(&body);
        let mut proof = Proof::new(&body);
        spec.changes.proof_of.apply(&mut proof);
        let (kind, version) = spec.entry.name();
        let earlier = if self.v2 { 0 } else { EARLIER };
        let mut entry = json!({
            "logIndex": (earlier + INDEX).to_string(),
            "logId": { "keyId": base64(&self.id) },
            "kindVersion": { "kind": kind, "version": version },
            "canonicalizedBody": base64(&body),
        });
        if spec.proof || self.v2 {
            entry["inclusionProof"] = self.proof(&proof, spec);
        }
        if !self.v2 {
            entry["integratedTime"] = spec.integrated.to_string().into();
        }
        if !self.v2 && spec.times.promised() {
            let promise = self.promise(&body, earlier + INDEX, spec);
            entry["inclusionPromise"] = json!({ "signedEntryTimestamp": base64(&promise) });
        }
        spec.changes.entry_json.apply(&mut entry);
        entry
    }

    fn proof(&self, proof: &Proof, spec: &Spec) -> Value {
        let mut checkpoint = Checkpoint::new(&self.origin, proof.size, &proof.root);
        spec.changes.checkpoint.apply(&mut checkpoint);
        let text = checkpoint.text();
        let mut note = Note {
            signatures: vec![self.sign(&text)],
            text,
            written: None,
        };
        spec.changes.note.apply(&mut note);
        let hashes: Vec<_> = proof.hashes.iter().map(|hash| base64(hash)).collect();
        json!({
            "logIndex": proof.index.to_string(),
            "rootHash": base64(&proof.root),
            "treeSize": proof.size.to_string(),
            "hashes": hashes,
            "checkpoint": { "envelope": note.to_text() },
        })
    }

    /// The log's signature line under a note.
    pub fn sign(&self, text: &str) -> SignatureLine {
        SignatureLine::sign(&self.name, &self.id, &self.key, text)
    }

    /// The signed entry timestamp.
    fn promise(&self, body: &[u8], index: usize, spec: &Spec) -> Vec<u8> {
        let mut promise = json!({
            "body": base64(body),
            "integratedTime": spec.integrated,
            "logID": hex(&self.id),
            "logIndex": index,
        });
        spec.changes.promise.apply(&mut promise);
        self.key.sign(self.key.algorithm(), &canonical(&promise))
    }
}

impl Proof {
    fn new(body: &[u8]) -> Self {
        let other = |index: usize| merkle::leaf(format!("entry {index}").as_bytes());
        let mut leaves: Vec<_> = (0..SIZE).map(other).collect();
        leaves[INDEX] = merkle::leaf(body);
        let mut proof = Self {
            leaves,
            index: INDEX,
            size: SIZE,
            root: Hash::default(),
            hashes: Vec::new(),
        };
        proof.settle();
        proof
    }

    /// Works size, root and path out again, after a change of the leaves or the index.
    pub fn settle(&mut self) {
        self.size = self.leaves.len();
        self.root = merkle::root(&self.leaves);
        self.hashes = merkle::path(self.index, &self.leaves);
    }
}

/// JSON in its canonical form (RFC 8785).
pub fn canonical(value: &Value) -> Vec<u8> {
    serde_json_canonicalizer::to_vec(value).expect("the tests' values have a canonical form")
}
