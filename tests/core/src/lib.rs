//! What the native test files share.

pub mod bundles;
pub mod case;
pub mod scaling;
pub mod tree;
pub mod vectors;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs, io};

use modelseal::{AnyPolicy, AuditOptions, Bundle, Clock, Disposition, EntryKind, Limits, Opened};
use modelseal::{Audit, Error, Manifest, Policy, UnixTime, Verdict};
use serde_json::json;

pub use tree::{Entry, Tree};

/// The repository's root.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .expect("this crate lies two folders below the root")
        .to_owned()
}

/// Reads a time in RFC 3339, in UTC.
pub fn time(rfc3339: &str) -> UnixTime {
    rfc3339
        .parse::<der::DateTime>()
        .expect("a time in RFC 3339")
        .into()
}

/// A clock that stands at this time.
pub fn clock(rfc3339: &str) -> Clock {
    Clock::now(time(rfc3339))
}

/// From bytes to a signed list of files.
///
/// # Errors
/// Whatever the bundle is rejected for.
pub fn open(bundle: &[u8], policy: &Policy, clock: Clock) -> Result<Manifest, Error> {
    Bundle::parse(bundle, &Limits::default())?
        .verify(policy, clock)?
        .manifest()
}

/// The list of files that a bundle of `tests/fixtures` signs, at the time of the tests.
pub fn fixture(bundle: &str) -> Manifest {
    let folder = repository().join("tests/fixtures");
    let key = fs::read_to_string(folder.join("key.pub")).expect("a key");
    let policy = json!({ "method": "key", "publicKey": key }).to_string();
    let policy = Policy::from_json(&policy).expect("a policy");
    let bundle = fs::read(folder.join(bundle)).expect("a bundle");
    open(&bundle, &policy, clock(modelseal_forge_oms::case::AT)).expect("a fixture")
}

/// The default options of an audit, with a change.
pub fn options(change: impl FnOnce(&mut AuditOptions)) -> AuditOptions {
    let mut options = AuditOptions::default();
    change(&mut options);
    options
}

/// The codes of a verdict's reasons.
pub fn codes(reasons: &[Error]) -> Vec<&'static str> {
    reasons.iter().map(Error::code).collect()
}

/// The verdict over a bundle and a model.
///
/// # Errors
/// For what cannot be judged.
pub fn judge(
    bundle: &[u8],
    policy: impl Into<AnyPolicy>,
    clock: Clock,
    tree: &Tree,
    options: AuditOptions,
) -> Result<Verdict, Error> {
    let opened = policy.into().open(bundle, &Limits::default(), clock)?;
    Ok(match opened {
        Opened::Rejected(rejected) => rejected.into_verdict(),
        opened => {
            let audit = opened.audit(single_file(tree, options));
            walk(audit.expect("it was not rejected"), tree)
        }
    })
}

/// Compares a model with a signed list of files.
pub fn audit(manifest: Manifest, tree: &Tree, options: AuditOptions) -> Verdict {
    walk(manifest.audit(single_file(tree, options)), tree)
}

fn single_file(tree: &Tree, mut options: AuditOptions) -> AuditOptions {
    options.single_file = options.single_file.or_else(|| tree.single.clone());
    options
}

fn walk(mut audit: Audit, tree: &Tree) -> Verdict {
    let mut skipped: Option<&str> = None;
    for (path, entry) in &tree.entries {
        let inside = |root: &str| {
            path.strip_prefix(root)
                .is_some_and(|rest| rest.starts_with('/'))
        };
        if skipped.is_some_and(inside) {
            continue;
        }
        let disposition = audit
            .announce(path, entry.kind(), entry.size())
            .unwrap_or_else(|error| panic!("{path}: {error}"));
        match (disposition, entry) {
            (Disposition::Descend, _) => {}
            (Disposition::Skip, Entry::Directory) => skipped = Some(path),
            (Disposition::Hash, Entry::Symlink(None)) => {
                audit.refuse_symlink(path).expect("just announced");
            }
            (Disposition::Hash, entry) => {
                let mut hasher = audit.hasher(path).expect("just announced");
                hasher.push(entry.bytes().expect("only files are hashed"));
                audit.record(hasher.finish()).expect("just announced");
            }
            _ => {}
        }
    }
    audit.finish()
}

/// The kind of an entry, as the core names it.
impl Entry {
    fn kind(&self) -> EntryKind {
        match self {
            Self::Directory => EntryKind::Directory,
            Self::File(_) => EntryKind::File,
            Self::Special => EntryKind::Special,
            Self::Symlink(_) => EntryKind::Symlink,
        }
    }

    fn size(&self) -> Option<u64> {
        match self {
            Self::File(bytes) => u64::try_from(bytes.len()).ok(),
            _ => None,
        }
    }

    fn bytes(&self) -> Option<&[u8]> {
        match self {
            Self::File(bytes) | Self::Symlink(Some(bytes)) => Some(bytes),
            _ => None,
        }
    }
}

/// Our command, built from this checkout into the folder that the running test lies in.
///
/// `cargo test --workspace` builds it there for the command's own tests. Who runs that says so by
/// `MODELSEAL_CLI_IS_BUILT`: on its own it is built with other features of its dependencies, and so
/// are they.
///
/// # Errors
/// If it cannot be built.
pub fn cli() -> io::Result<&'static Path> {
    static CLI: LazyLock<Result<PathBuf, String>> =
        LazyLock::new(|| build_cli().map_err(|error| error.to_string()));
    CLI.as_deref()
        .map_err(|error| io::Error::other(error.as_str()))
}

fn build_cli() -> io::Result<PathBuf> {
    // target/<profile>/deps/<test>
    let test = env::current_exe()?;
    let folder = test.ancestors().nth(2).ok_or(io::ErrorKind::NotFound)?;
    let target = folder.parent().ok_or(io::ErrorKind::NotFound)?;
    let profile = match folder.file_name().and_then(|name| name.to_str()) {
        Some("debug") | None => "dev",
        Some(profile) => profile,
    };
    let command = folder.join(format!("modelseal{}", env::consts::EXE_SUFFIX));
    if env::var_os("MODELSEAL_CLI_IS_BUILT").is_some() && command.is_file() {
        return Ok(command);
    }
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["build", "--quiet", "--package", "modelseal-cli"])
        .args(["--profile", profile, "--target-dir"])
        .arg(target)
        .current_dir(repository())
        .status()?;
    if status.success() && command.is_file() {
        Ok(command)
    } else {
        Err(io::Error::other("the command could not be built"))
    }
}
