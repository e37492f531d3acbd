//! The repository, and the mirror that serves it.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::document::Document;
use crate::signer::Signer;

/// When metadata of a good repository expires.
pub const FUTURE: &str = "2030-01-01T00:00:00Z";

/// Before the time of every refresh.
pub const PAST: &str = "2020-01-01T00:00:00Z";

/// The target that `targets` lists.
pub const TARGET: &str = "file";

/// The target that the role `a` lists.
pub const DELEGATED: &str = "a/file";

/// A whole repository. All of it may be changed.
#[derive(Clone)]
pub struct Repository {
    /// Every root, the first first.
    pub roots: Vec<Document>,
    /// `timestamp`.
    pub timestamp: Document,
    /// `snapshot`.
    pub snapshot: Document,
    /// `targets`.
    pub targets: Document,
    /// Delegated roles by their names.
    pub delegated: BTreeMap<String, Document>,
    /// Target files.
    pub contents: BTreeMap<String, Vec<u8>>,
    /// Are lengths and hashes of metadata signed?
    pub with_hashes: bool,
}

/// What a mirror serves, by path: below `metadata/` and `targets/`.
#[derive(Clone, Default)]
pub struct Mirror {
    /// Its files.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Default for Repository {
    fn default() -> Self {
        Self::new()
    }
}

impl Repository {
    /// A small good repository: root 2 of 3, one key for each other role, and a role `a` for `a/*`.
    pub fn new() -> Self {
        let roots = ["root-1", "root-2", "root-3"].map(Signer::p256);
        let [timestamp, snapshot, targets, a] =
            ["timestamp", "snapshot", "targets", "a"].map(Signer::p256);
        let role = |signers: &[&Signer], threshold: u64| {
            let ids: Vec<&String> = signers.iter().map(|signer| &signer.id).collect();
            json!({ "keyids": ids, "threshold": threshold })
        };
        let of_root: Vec<&Signer> = roots.iter().collect();
        let mut root = common("root");
        root["consistent_snapshot"] = true.into();
        root["keys"] = keys(roots.iter().chain([&timestamp, &snapshot, &targets]));
        root["roles"] = json!({
            "root": role(&of_root, 2),
            "timestamp": role(&[&timestamp], 1),
            "snapshot": role(&[&snapshot], 1),
            "targets": role(&[&targets], 1),
        });
        let mut signed = common("targets");
        signed["targets"] = json!({});
        signed["delegations"] = json!({ "keys": keys([&a]), "roles": [] });
        let mut repository = Self {
            roots: vec![Document::new(root, &of_root)],
            timestamp: Document::new(common("timestamp"), &[&timestamp]),
            snapshot: Document::new(common("snapshot"), &[&snapshot]),
            targets: Document::new(signed, &[&targets]),
            delegated: BTreeMap::new(),
            contents: BTreeMap::new(),
            with_hashes: false,
        };
        repository.add_target("targets", TARGET, b"the file");
        repository.delegate("targets", "a", &a, &["a/*"]);
        repository.add_target("a", DELEGATED, b"the file of a");
        repository.link();
        repository
    }

    /// The present root.
    pub fn root(&mut self) -> &mut Document {
        self.roots.last_mut().expect("there is one")
    }

    /// The metadata of a role.
    pub fn role(&mut self, name: &str) -> &mut Document {
        match name {
            "root" => self.root(),
            "timestamp" => &mut self.timestamp,
            "snapshot" => &mut self.snapshot,
            "targets" => &mut self.targets,
            name => self.delegated.get_mut(name).expect("there is such a role"),
        }
    }

    /// Adds a target file to a role.
    pub fn add_target(&mut self, role: &str, path: &str, content: &[u8]) {
        self.contents.insert(path.to_owned(), content.to_vec());
        self.role(role).signed["targets"][path] = json!({
            "length": content.len(),
            "hashes": { "sha256": hex(&sha256(content)) },
        });
    }

    /// Lets `from` delegate to a role for paths; makes the role's metadata, if there is none.
    pub fn delegate(&mut self, from: &str, name: &str, signer: &Signer, paths: &[&str]) {
        if !self.delegated.contains_key(name) {
            let mut signed = common("targets");
            signed["targets"] = json!({});
            let document = Document::new(signed, &[signer]);
            self.delegated.insert(name.to_owned(), document);
        }
        let signed = &mut self.role(from).signed;
        if signed.get("delegations").is_none() {
            signed["delegations"] = json!({ "keys": {}, "roles": [] });
        }
        let delegations = &mut signed["delegations"];
        delegations["keys"][&signer.id] = signer.object.clone();
        let roles = delegations["roles"].as_array_mut().expect("a list");
        roles.push(json!({
            "name": name,
            "keyids": [signer.id],
            "threshold": 1,
            "paths": paths,
            "terminating": false,
        }));
    }

    /// What `from` says of the role that it delegates to at `index`.
    pub fn delegation(&mut self, from: &str, index: usize) -> &mut Value {
        &mut self.role(from).signed["delegations"]["roles"][index]
    }

    /// Adds a root with the next version, the same but for a change. It is signed by the last one's signers and its
    /// own.
    pub fn rotate(&mut self, change: impl FnOnce(&mut Document)) {
        let mut root = self.root().clone();
        root.set_version(root.version() + 1);
        change(&mut root);
        self.roots.push(root);
    }

    /// Gives a role at the top one new key, in a new root.
    pub fn rotate_key(&mut self, role: &str, signer: &Signer) {
        self.rotate(|root| {
            root.signed["keys"][&signer.id] = signer.object.clone();
            root.signed["roles"][role] = json!({ "keyids": [signer.id], "threshold": 1 });
        });
        self.role(role).signers = vec![signer.clone()];
    }

    /// Lets the snapshot list the present targets metadata, and the timestamp the present snapshot.
    pub fn link(&mut self) {
        let mut meta = Map::new();
        let roles = self.delegated.iter().map(|(name, role)| (&**name, role));
        for (name, role) in roles.chain([("targets", &self.targets)]) {
            meta.insert(format!("{name}.json"), self.listed(role));
        }
        self.snapshot.signed["meta"] = meta.into();
        self.link_timestamp();
    }

    /// Lets the timestamp list the present snapshot.
    pub fn link_timestamp(&mut self) {
        let snapshot = self.listed(&self.snapshot);
        self.timestamp.signed["meta"] = json!({ "snapshot.json": snapshot });
    }

    fn listed(&self, role: &Document) -> Value {
        let mut listed = json!({ "version": role.version() });
        if self.with_hashes {
            let bytes = role.bytes();
            listed["length"] = bytes.len().into();
            listed["hashes"] = json!({ "sha256": hex(&sha256(&bytes)) });
        }
        listed
    }

    /// Makes new versions of all but the root, as after a change.
    pub fn bump(&mut self) {
        let delegated = self.delegated.values_mut();
        let top = [&mut self.timestamp, &mut self.snapshot, &mut self.targets];
        for role in top.into_iter().chain(delegated) {
            role.set_version(role.version() + 1);
        }
        self.link();
    }

    /// Everything, signed and under its names.
    pub fn publish(&self) -> Mirror {
        let mut files = BTreeMap::new();
        for (index, root) in self.roots.iter().enumerate() {
            let path = format!("metadata/{}.root.json", index + 1);
            files.insert(path, root.bytes());
        }
        let last = self.roots.last().expect("there is one");
        let consistent = last.signed["consistent_snapshot"] == true;
        let mut add = |name: &str, document: &Document, consistent: bool| {
            let version = match consistent {
                true => format!("{}.", document.version()),
                false => String::new(),
            };
            let path = format!("metadata/{version}{}.json", quoted(name));
            files.insert(path, document.bytes());
        };
        add("timestamp", &self.timestamp, false);
        add("snapshot", &self.snapshot, consistent);
        add("targets", &self.targets, consistent);
        for (name, document) in &self.delegated {
            add(name, document, consistent);
        }
        for (path, content) in &self.contents {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let hash = match consistent {
                true => format!("{}.", hex(&sha256(content))),
                false => String::new(),
            };
            let folder = match folder {
                "" => String::new(),
                folder => format!("{folder}/"),
            };
            files.insert(format!("targets/{folder}{hash}{name}"), content.clone());
        }
        Mirror { files }
    }
}

fn common(name: &str) -> Value {
    json!({
        "_type": name,
        "spec_version": "1.0.31",
        "version": 1,
        "expires": FUTURE,
    })
}

fn keys<'s>(signers: impl IntoIterator<Item = &'s Signer>) -> Value {
    let keys = signers.into_iter();
    let keys: Map<String, Value> = keys
        .map(|signer| (signer.id.clone(), signer.object.clone()))
        .collect();
    keys.into()
}

fn quoted(name: &str) -> String {
    let quote = |byte: u8| match byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    name.bytes().map(quote).collect()
}

/// SHA-256.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
