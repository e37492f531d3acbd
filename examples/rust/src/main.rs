//! `modelseal-example MODEL BUNDLE KEY`: verifies a folder before anything loads it.
//!
//! The library reads no file: walking a folder is the host's part. The command `modelseal` does it with
//! more care: it holds folders open, follows no link, and looks again at the end for what changed.

use std::{
    env,
    error::Error,
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::SystemTime,
};

use modelseal::{
    Audit, AuditOptions, Clock, Disposition, EntryKind, Limits, Outcome, Policy, PublicKey,
    UnixTime, escape_text,
};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<PathBuf> = env::args_os().skip(1).map(PathBuf::from).collect();
    let [model, bundle, key] = arguments.as_slice() else {
        return Err("usage: modelseal-example MODEL BUNDLE KEY".into());
    };
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let clock = Clock::now(UnixTime::from_seconds(now.as_secs()));

    let policy = Policy::key(PublicKey::from_pem(fs::read(key)?)?);
    let bundle = modelseal::Bundle::parse(&fs::read(bundle)?, &Limits::default())?;
    let verified = bundle.verify(&policy, clock)?; // an error unless the expected key signed
    let mut audit = verified.manifest()?.audit(AuditOptions::default());
    walk(model, "", &mut audit)?;
    let verdict = audit.finish();

    let is_verified = verdict.outcome() == Outcome::Verified;
    println!(
        "{}",
        if is_verified {
            "verified"
        } else {
            "not verified"
        }
    );
    for changed in &verdict.bytes().changed {
        println!("changed: {}", escape_text(&changed.path));
    }
    Ok(ExitCode::from(u8::from(!is_verified)))
}

/// Announces every entry, and hashes what the audit asks for.
fn walk(folder: &Path, prefix: &str, audit: &mut Audit) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry
            .file_name()
            .into_string()
            .map_err(|_| "a name that is not UTF-8")?;
        let path = format!("{prefix}{name}");
        let (kind, size) = match entry.file_type()? {
            kind if kind.is_file() => (EntryKind::File, Some(entry.metadata()?.len())),
            kind if kind.is_dir() => (EntryKind::Directory, None),
            kind if kind.is_symlink() => (EntryKind::Symlink, None),
            _ => (EntryKind::Special, None),
        };
        match audit.announce(&path, kind, size)? {
            Disposition::Hash => {
                if let Some(mut hasher) = audit.hasher(&path) {
                    hasher.push(&fs::read(entry.path())?); // as many chunks as you like
                    audit.record(hasher.finish())?;
                }
            }
            Disposition::Descend => walk(&entry.path(), &format!("{path}/"), audit)?,
            _ => {}
        }
    }
    Ok(())
}
