//! A signed model in a temporary folder, and the command that is tested.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    sync::LazyLock,
};

use jsonschema::{Registry, Validator};
use modelseal_forge_oms::{
    bundle,
    keys::{Key, Kind},
    model::{self, Hash},
};
use modelseal_forge_sigstore::{Content, Entry, Forged, Sigstore, Spec};
use serde_json::{Value, json};
use tempfile::TempDir;

/// The command that is tested, as someone runs it who set nothing but wants to see every trace.
pub fn modelseal() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_modelseal"));
    command
        .env_remove("NO_COLOR")
        .env_remove("CLICOLOR_FORCE")
        .env("RUST_BACKTRACE", "1")
        // No test depends on what someone has fetched.
        .env("MODELSEAL_STORE", "no-such-folder");
    command.stdin(Stdio::null());
    command
}

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

/// How a run ended.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Runs the command. Whatever the input: no panic, no stack trace.
    pub fn of(command: &mut Command) -> Self {
        Self::from_output(&command.output().unwrap())
    }

    pub fn from_output(output: &Output) -> Self {
        let run = Self {
            code: output.status.code().expect("ended on its own"),
            stdout: String::from_utf8(output.stdout.clone()).unwrap(),
            stderr: String::from_utf8(output.stderr.clone()).unwrap(),
        };
        for trace in ["panicked", "backtrace", "RUST_BACKTRACE", ".rs:"] {
            assert!(!run.stderr.contains(trace), "{run:?}");
        }
        run
    }

    /// A verdict in text: its exit code, its first line, nothing on standard error.
    #[track_caller]
    pub fn says(&self, code: i32, headline: &str) {
        assert_eq!(
            (self.code, self.stdout.lines().next(), self.stderr.as_str()),
            (code, Some(headline), ""),
            "{self:?}"
        );
    }

    /// The text has this row: a label and what follows it.
    #[track_caller]
    pub fn has_row(&self, label: &str, text: &str) {
        let row = format!("  {label:<13} {text}");
        assert!(
            self.stdout.lines().any(|line| line == row),
            "no row {row:?} in\n{}",
            self.stdout
        );
    }

    /// No verdict: one sentence with a code on standard error, and exit code 2.
    #[track_caller]
    pub fn fails(&self, code: &str, sentence: &str) {
        let expected = format!("error[{code}]: {sentence}\n");
        assert_eq!((self.code, self.stdout.as_str()), (2, ""), "{self:?}");
        assert_eq!(self.stderr, expected);
    }

    /// The verdict on standard output, which is one line of JSON and nothing else.
    #[track_caller]
    pub fn verdict(&self) -> Value {
        assert_eq!(self.stdout.matches('\n').count(), 1, "{self:?}");
        let verdict: Value = serde_json::from_str(&self.stdout).unwrap();
        check_schema(&verdict);
        verdict
    }

    /// Exit code, outcome and reasons of a verdict in JSON.
    #[track_caller]
    pub fn judges(&self, code: i32, outcome: &str, reasons: &[&str]) {
        let verdict = self.verdict();
        let actual = (self.code, &verdict["outcome"], &verdict["reasons"]);
        assert_eq!(
            actual,
            (code, &json!(outcome), &json!(reasons)),
            "{verdict:#}"
        );
    }
}

/// Every verdict of every test is held against its schema.
fn check_schema(verdict: &Value) {
    static OF_MODELS: LazyLock<Validator> = LazyLock::new(|| validator("verdict"));
    static OF_ARTIFACTS: LazyLock<Validator> = LazyLock::new(|| validator("artifact-verdict"));
    let validator = if verdict.get("artifact").is_some() {
        &OF_ARTIFACTS
    } else {
        &OF_MODELS
    };
    let errors: Vec<_> = validator
        .iter_errors(verdict)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{verdict:#}");
}

fn validator(name: &str) -> Validator {
    let read = |name: &str| -> Value {
        let path = repository().join(format!("schema/{name}.schema.json"));
        serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
    };
    // One schema refers to the other by its name.
    let shared = Registry::new().add("urn:modelseal:verdict:1", read("verdict"));
    let registry = shared.unwrap().prepare().unwrap();
    let options = jsonschema::options().with_registry(&registry);
    options.build(&read(name)).unwrap()
}

/// A model with its signature and its public key beside it.
pub struct Scene {
    pub folder: TempDir,
    pub statement: Value,
}

impl Scene {
    /// A model of these files, signed as it is.
    pub fn new(files: &[(&str, &str)]) -> Self {
        Self::hashed_by(Hash::Sha256, files)
    }

    /// The same, by another hash.
    pub fn hashed_by(hash: Hash, files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("model")).unwrap();
        let mut resources = Vec::new();
        for (path, text) in files {
            resources.push(model::resource(path, hash, text.as_bytes()));
        }
        let serialization = json!({
            "method": "files", "hash_type": hash.name(), "allow_symlinks": false, "ignore_paths": [],
        });
        let statement = model::statement("test-model", serialization, resources);
        let scene = Self { folder, statement };
        for (path, text) in files {
            scene.write(&format!("model/{path}"), text);
        }
        fs::write(scene.path("key.pub"), Self::key().public_pem()).unwrap();
        scene.sign();
        scene
    }

    /// `one`, `two` and `sub/three`.
    pub fn simple() -> Self {
        Self::new(&[("one", "1"), ("sub/three", "3"), ("two", "2")])
    }

    /// The same model, whose signer allowed symlinks.
    pub fn with_symlinks_allowed(mut self) -> Self {
        self.statement["predicate"]["serialization"]["allow_symlinks"] = json!(true);
        self.sign();
        self
    }

    fn key() -> Key {
        Key::derive(Kind::P256, "cli")
    }

    /// Signs the statement as it is now.
    pub fn sign(&self) {
        let key = Self::key();
        let payload = bundle::payload(&self.statement);
        let signed = bundle::signed(bundle::key_material(&key), &key, &payload);
        fs::write(self.path("model.sig"), signed.to_string()).unwrap();
    }

    /// The same model, signed without a key of one's own; `root.json` certifies the signer.
    pub fn keyless() -> Self {
        let scene = Self::simple();
        scene.issue(&Content::statement(&scene.statement));
        scene
    }

    /// Signs `content` with the tests' Sigstore: `model.sig`, `root.json` and `artifact`.
    pub fn issue(&self, content: &Content) -> Forged {
        let spec = Spec::new(Entry::Dsse001, content.clone());
        let forged = Sigstore::new("cli").forge(&spec);
        fs::write(self.path("model.sig"), forged.bytes()).unwrap();
        fs::write(self.path("root.json"), forged.root_bytes()).unwrap();
        fs::write(self.path("artifact"), &forged.artifact).unwrap();
        forged
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// `modelseal` with these arguments, run in the scene's folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = modelseal();
        command.current_dir(self.folder.path()).args(arguments);
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Run {
        Run::of(&mut self.command(arguments))
    }

    /// `modelseal verify key` on the scene, with more arguments.
    pub fn verify(&self, more: &[&str]) -> Run {
        let arguments = [
            "verify",
            "key",
            "model",
            "--signature=model.sig",
            "--public-key=key.pub",
        ];
        self.run(&[&arguments, more].concat())
    }

    /// `modelseal verify sigstore` with the scene's trust root, and with more arguments.
    pub fn sigstore(&self, more: &[&str]) -> Run {
        let arguments = ["verify", "sigstore", "model", "--signature=model.sig"];
        self.run(&[&arguments[..], &["--trust-root=root.json"], more].concat())
    }

    /// `modelseal verify attestation` likewise.
    pub fn attestation(&self, more: &[&str]) -> Run {
        let arguments = ["verify", "attestation", "--bundle=model.sig"];
        self.run(&[&arguments[..], &["--trust-root=root.json"], more].concat())
    }

    /// The same, in JSON.
    pub fn json(&self, more: &[&str]) -> Run {
        self.verify(&[more, &["--format=json"]].concat())
    }
}
