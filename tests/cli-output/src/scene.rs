//! A folder with the inputs of a case, made anew for each run: nothing of one run is left to the next.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use base64ct::{Base64, Encoding};
use modelseal_forge_oms::{
    bundle,
    certificate::Certificate,
    keys::{Key, Kind},
    model::{self, Hash},
};
use modelseal_forge_sigstore::{Content, Entry, Sigstore, Spec};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The files of the model: `one`, `sub/three` and `two`.
const FILES: [(&str, &str); 3] = [("one", "1"), ("sub/three", "3"), ("two", "2")];

/// What is changed of a scene before the command runs.
#[derive(Clone, Copy)]
pub(crate) enum Step {
    /// Writes a file.
    Write(&'static str, &'static [u8]),
    /// Removes a file.
    Remove(&'static str),
    /// Makes a folder.
    Folder(&'static str),
    /// Makes a symlink: its path, and where it leads.
    Link(&'static str, &'static str),
    /// Moves a file.
    Move(&'static str, &'static str),
    /// Changes a member of the bundle, by its JSON pointer, to a JSON value.
    Bundle(&'static str, &'static str),
    /// Writes a file whose name is not UTF-8, with these bytes as its name, into the model.
    Bytes(&'static [u8]),
}

/// How the model or artifact is signed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Signed {
    /// With a key: `model.sig` and `key.pub`.
    Key,
    /// With a certificate: `model.sig` and `root.pem`.
    Certificate,
    /// Keyless: `model.sig`, and the trust root `root.json`.
    Keyless,
    /// An artifact, keyless: `artifact`, `model.sig` and `root.json`.
    Message,
    /// Provenance of an artifact, keyless: the same files.
    Attestation,
    /// A model whose symlinks its signer allowed.
    WithLinks,
    /// A model in shards of four bytes.
    Shards,
    /// One file.
    Single,
}

/// A folder with inputs.
pub(crate) struct Scene {
    folder: TempDir,
}

impl Scene {
    /// The inputs signed so, then changed by `steps`.
    pub(crate) fn new(signed: Signed, steps: &[Step]) -> Result<Self> {
        let folder = tempfile::tempdir().context("no temporary folder")?;
        let scene = Self { folder };
        for (path, text) in FILES {
            scene.write(&format!("model/{path}"), text.as_bytes())?;
        }
        scene.sign(signed)?;
        for step in steps {
            scene.apply(*step)?;
        }
        Ok(scene)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, bytes: &[u8]) -> Result<()> {
        let path = self.path(path);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))
    }

    fn sign(&self, signed: Signed) -> Result<()> {
        match signed {
            Signed::Key => self.sign_with_key(&statement("files", false)),
            Signed::WithLinks => self.sign_with_key(&statement("files", true)),
            Signed::Shards => self.sign_with_key(&shards()),
            Signed::Single => {
                self.write("model.bin", b"1")?;
                let resource = model::resource(".", Hash::Sha256, b"1");
                let serialization = serialization("files", false);
                let statement = model::statement("model.bin", serialization, vec![resource]);
                self.sign_with_key(&statement)
            }
            Signed::Certificate => self.sign_with_certificate(),
            Signed::Keyless => self.forge(Content::statement(&statement("files", false))),
            Signed::Message => self.forge(Content::message()),
            Signed::Attestation => self.forge(Content::slsa_v1()),
        }
    }

    fn sign_with_key(&self, statement: &Value) -> Result<()> {
        let key = Key::derive(Kind::P256, "pages");
        self.write("key.pub", key.public_pem().as_bytes())?;
        let other = Key::derive(Kind::P256, "another");
        self.write("other.pub", other.public_pem().as_bytes())?;
        let signed = bundle::signed(
            bundle::key_material(&key),
            &key,
            &bundle::payload(statement),
        );
        self.write("model.sig", signed.to_string().as_bytes())
    }

    fn sign_with_certificate(&self) -> Result<()> {
        let [root, key] = ["root", "leaf"].map(|name| Key::derive(Kind::P256, name));
        let authority =
            Certificate::authority("pages root", &root, "pages root", &root).sign(&root);
        let leaf = Certificate::leaf("pages signer", &key, "pages root", &root);
        let chain = bundle::chain_material(&[leaf.sign(&root)]);
        let payload = bundle::payload(&statement("files", false));
        let signed = bundle::signed(chain, &key, &payload);
        self.write("model.sig", signed.to_string().as_bytes())?;
        self.write("root.pem", pem(&authority).as_bytes())?;
        let other = Key::derive(Kind::P256, "another root");
        let other =
            Certificate::authority("another root", &other, "another root", &other).sign(&other);
        self.write("other.pem", pem(&other).as_bytes())
    }

    fn forge(&self, content: Content) -> Result<()> {
        let forged = Sigstore::new("pages").forge(&Spec::new(Entry::Dsse001, content.clone()));
        let forged = match content.is_message() {
            true => Sigstore::new("pages").forge(&Spec::new(Entry::Hashedrekord001, content)),
            false => forged,
        };
        self.write("model.sig", &forged.bytes())?;
        self.write("root.json", &forged.root_bytes())?;
        self.write("artifact", &forged.artifact)
    }

    fn apply(&self, step: Step) -> Result<()> {
        match step {
            Step::Write(path, bytes) => self.write(path, bytes)?,
            Step::Remove(path) => fs::remove_file(self.path(path))?,
            Step::Folder(path) => fs::create_dir_all(self.path(path))?,
            Step::Link(path, target) => {
                let path = self.path(path);
                if let Some(folder) = path.parent() {
                    fs::create_dir_all(folder)?;
                }
                std::os::unix::fs::symlink(target, path)?;
            }
            Step::Move(from, to) => {
                let to = self.path(to);
                if let Some(folder) = to.parent() {
                    fs::create_dir_all(folder)?;
                }
                fs::rename(self.path(from), to)?;
            }
            Step::Bundle(pointer, value) => {
                let path = self.path("model.sig");
                let mut bundle: Value = serde_json::from_slice(&fs::read(&path)?)?;
                let member = bundle.pointer_mut(pointer);
                *member.with_context(|| format!("the bundle has no {pointer}"))? =
                    serde_json::from_str(value)?;
                fs::write(path, bundle.to_string())?;
            }
            Step::Bytes(name) => {
                use std::os::unix::ffi::OsStrExt as _;
                let name = std::ffi::OsStr::from_bytes(name);
                fs::write(self.path("model").join(name), "")?;
            }
        }
        Ok(())
    }
}

fn serialization(method: &str, links: bool) -> Value {
    json!({ "method": method, "hash_type": "sha256", "allow_symlinks": links, "ignore_paths": [] })
}

fn statement(method: &str, links: bool) -> Value {
    let resources = FILES.map(|(path, text)| model::resource(path, Hash::Sha256, text.as_bytes()));
    model::statement(
        "test-model",
        serialization(method, links),
        resources.to_vec(),
    )
}

fn shards() -> Value {
    let resources = FILES.map(|(path, text)| {
        let name = format!("{path}:0:1");
        model::resource(&name, Hash::Sha256, text.as_bytes())
    });
    let mut serialization = serialization("shards", false);
    serialization["shard_size"] = json!(4);
    model::statement("test-model", serialization, resources.to_vec())
}

fn pem(der: &[u8]) -> String {
    let text = Base64::encode_string(der);
    let lines: Vec<_> = text
        .as_bytes()
        .chunks(64)
        .map(String::from_utf8_lossy)
        .collect();
    let lines = lines.join("\n");
    format!("-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n")
}
