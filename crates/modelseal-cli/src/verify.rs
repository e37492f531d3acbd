//! `modelseal verify` and `modelseal verify-model`: from the command line to a verdict.

use std::{
    path::{Path, PathBuf},
    time::{SystemTime, UNIX_EPOCH},
};

use modelseal::{
    AuditOptions, Bundle, Clock, Limits, Manifest, Outcome, Policy, SignedFile, UnixTime, Verdict,
};

use crate::{
    args::{Common, Format, Method, Verify, VerifyModel},
    exit::{self, Accepted, Failure},
    hash::{self, Unreadable},
    input,
    model::Model,
    names, paths, print, show, walk,
};

/// Runs `modelseal verify`; the result is the exit code.
///
/// # Errors
/// If there is no verdict.
pub fn run(method: &Verify) -> Result<u8, Failure> {
    match method {
        Verify::Key { public_key, common } => {
            verify(Policy::key(input::public_key(public_key)?), common)
        }
        Verify::Certificate {
            certificate_chain,
            intermediate_anchors,
            allow_digests_v01,
            common,
        } => {
            let anchors = input::anchors(certificate_chain.iter().map(PathBuf::as_path))?;
            let mut policy = Policy::certificate(anchors);
            if *intermediate_anchors {
                policy = policy.with_intermediate_anchors();
            }
            if *allow_digests_v01 {
                policy = policy.with_digests_v01();
            }
            verify(policy, common)
        }
        Verify::Sigstore { .. } => Err(keyless()),
    }
}

/// Runs `modelseal verify-model`. The suite has a bundle of v0.2.0, so its form is allowed.
///
/// # Errors
/// If there is no verdict.
pub fn conformance(arguments: VerifyModel) -> Result<u8, Failure> {
    let policy = match (arguments.method, &arguments.public_key) {
        (Method::Key, Some(key)) => Policy::key(input::public_key(key)?),
        (Method::Certificate, _) => {
            let anchors = input::anchors(arguments.cert_chain.iter().map(PathBuf::as_path))?;
            Policy::certificate(anchors).with_digests_v01()
        }
        (Method::Sigstore, _) => return Err(keyless()),
        (Method::Key, None) => {
            return Err(Failure::new("usage-invalid", "--public-key is missing"));
        }
    };
    let common = Common {
        model: arguments.model_path,
        signature: arguments.bundle,
        ignore_paths: arguments.ignore_paths,
        ignore_unsigned_files: arguments.ignore_unsigned_files,
        allow_symlinks: false,
        at: None,
        root_digest: None,
        model_name: None,
        deny: Vec::new(),
        format: Format::Text,
    };
    verify(policy, &common)
}

fn keyless() -> Failure {
    Failure::new(
        "method-unsupported",
        "keyless (Sigstore) signatures cannot be verified yet",
    )
}

fn verify(policy: Policy, common: &Common) -> Result<u8, Failure> {
    let policy = pinned(policy, common)?;
    let model = Model::open(&common.model)?;
    let options = options(&model, common)?;
    let rules = options.ignore_paths.clone();
    let limits = Limits::default();
    let bytes = input::bundle(&common.signature, &limits)?;
    let clock = clock(common.at)?;
    let manifest = Bundle::parse(&bytes, &limits)
        .and_then(|bundle| bundle.verify(&policy, clock))
        .and_then(modelseal::VerifiedPayload::manifest);
    let (verdict, unreadable) = match manifest {
        Ok(manifest) => audit(&model, manifest, options)?,
        Err(error) => (
            Verdict::rejected(error, &bytes, &policy, clock),
            Unreadable::new(),
        ),
    };
    match common.format {
        Format::Json => {
            for (path, why) in &unreadable {
                print::warning(&format!("cannot read `{path}`: {why}"));
            }
            print::json(&verdict.to_json())?;
        }
        Format::Text => print::text(&show::verdict(&verdict.to_json(), &unreadable, &rules))?,
    }
    let partial_coverage = !rules.is_empty() || common.ignore_unsigned_files;
    Ok(exit::code(
        verdict.outcome(),
        verdict.reasons(),
        Accepted { partial_coverage },
    ))
}

/// The policy with the caller's pins.
fn pinned(mut policy: Policy, common: &Common) -> Result<Policy, Failure> {
    if let Some(digest) = common.root_digest {
        policy = policy.with_root_digest(digest.0);
    }
    if let Some(name) = &common.model_name {
        policy = policy.with_model_name(name.clone());
    }
    for digest in &common.deny {
        policy = policy.with_denied(digest.0);
    }
    policy.check()?;
    Ok(policy)
}

fn options(model: &Model, common: &Common) -> Result<AuditOptions, Failure> {
    Ok(AuditOptions {
        ignore_paths: paths::ignored(model, &common.ignore_paths)?,
        ignore_unsigned: common.ignore_unsigned_files,
        allow_symlinks: common.allow_symlinks,
        complete: true,
        symlinks_observable: true,
        signature_path: paths::signature(model, &common.signature),
        single_file: model.single().map(str::to_owned),
    })
}

fn clock(at: Option<UnixTime>) -> Result<Clock, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let before_1970 = |_| Failure::new("clock-invalid", "this machine's clock is before 1970");
    let now = UnixTime::from_seconds(now.map_err(before_1970)?.as_secs());
    Ok(at.map_or_else(|| Clock::now(now), |at| Clock::judged_at(now, at)))
}

fn audit(
    model: &Model,
    manifest: Manifest,
    options: AuditOptions,
) -> Result<(Verdict, Unreadable), Failure> {
    if !manifest.is_single_file() {
        names_fit(manifest.files().iter().map(SignedFile::path))?;
    }
    let mut audit = manifest.audit(options);
    let mut listing = walk::walk(model, &mut audit)?;
    let unreadable = hash::hash(model, &mut audit, std::mem::take(&mut listing.jobs))?;
    let verdict = audit.finish();
    // What came after the listing was not looked at. What failed stays failed.
    if let Some(folder) = listing.changed_folder(model)
        && verdict.outcome() != Outcome::Failed
    {
        let folder = walk::folder_name(folder);
        let message = format!(
            "entries came or went in {} while the model was being checked; check it again",
            exit::quoted(folder)
        );
        return Err(Failure::new("model-changed", message));
    }
    Ok((verdict, unreadable))
}

/// Refuses signed names that this host's file system would take for one another, or for
/// something else.
fn names_fit<'m>(names: impl Iterator<Item = &'m str> + Clone) -> Result<(), Failure> {
    if cfg!(any(windows, target_os = "macos"))
        && let Some((one, other)) = names::fall_together(names.clone())
    {
        let names = format!(
            "{} and {}",
            exit::quoted(Path::new(one)),
            exit::quoted(Path::new(other))
        );
        let message =
            format!("{names} are one name on this system; check the model on another one");
        return Err(Failure::new("path-collision", message));
    }
    if cfg!(windows)
        && let Some(name) = names.clone().find(|name| names::refused_on_windows(name))
    {
        let name = exit::quoted(Path::new(name));
        let message =
            format!("{name} cannot be a file on Windows; check the model on another system");
        return Err(Failure::new("path-unsupported", message));
    }
    Ok(())
}
