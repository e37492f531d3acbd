//! `modelseal verify` and `modelseal verify-model`: from the command line to a verdict.

use std::path::Path;

use modelseal::{AnyPolicy, Audit, AuditOptions, Limits, Opened, Outcome, Verdict};

use crate::{
    args::{
        Anchors, Common, Evidence, Expected, Format, Method, Pins, Roots, Time, Verify, VerifyModel,
    },
    artifact,
    clock::clock,
    exit::{self, Accepted, Failure},
    hash::{self, Unreadable},
    host_names, input,
    model::Model,
    paths,
    policy::{self, Accepts},
    print, show, walk,
};

/// Runs `modelseal verify`; the result is the exit code.
///
/// # Errors
/// If there is no verdict.
pub fn run(method: Verify) -> Result<u8, Failure> {
    let (policy, common) = match method {
        Verify::Key {
            public_key,
            evidence,
            common,
        } => (policy::key(&public_key, &evidence)?, common),
        Verify::Certificate {
            anchors,
            intermediate_anchors,
            allow_digests_v01,
            evidence,
            common,
        } => {
            let accepts = Accepts {
                intermediate_anchors,
                digests_v01: allow_digests_v01,
            };
            (policy::certificate(&anchors, accepts, &evidence)?, common)
        }
        Verify::Preset { name, common } => (policy::preset(&name)?, common),
        Verify::Sigstore { keyless, common } => match policy::keyless(&keyless)? {
            AnyPolicy::Expecting(policy) => (policy, common),
            report @ AnyPolicy::ReportOnly(_) => {
                policy::without_pins(&common.pins)?;
                return verify(&report, &common);
            }
        },
        Verify::Artifact(artifact) => return artifact::run(&artifact),
    };
    let policy = policy::pinned(policy, &common.pins);
    verify(&policy.into(), &common)
}

/// Runs `modelseal verify-model`. The suite has a bundle of v0.2.0, so its form is allowed.
///
/// # Errors
/// If there is no verdict.
pub fn conformance(arguments: VerifyModel) -> Result<u8, Failure> {
    let evidence = Evidence::default();
    let policy = match arguments.method {
        Method::Key => {
            let missing = || Failure::new("usage-invalid", "--public-key is missing");
            policy::key(&arguments.public_key.ok_or_else(missing)?, &evidence)?
        }
        Method::Certificate => {
            let anchors = Anchors {
                certificate_chain: arguments.cert_chain,
                anchor_digest: Vec::new(),
            };
            let accepts = Accepts {
                intermediate_anchors: false,
                digests_v01: true,
            };
            policy::certificate(&anchors, accepts, &evidence)?
        }
        Method::Sigstore => {
            let expected = Expected::of(arguments.identity, arguments.identity_provider);
            let roots = Roots {
                trust_root: None,
                use_staging: arguments.use_staging,
            };
            policy::sigstore(&expected, &roots)?
        }
    };
    let common = Common {
        model: arguments.model_path,
        signature: arguments.bundle,
        ignore_paths: arguments.ignore_paths,
        ignore_unsigned_files: arguments.ignore_unsigned_files,
        allow_symlinks: false,
        link_targets: None,
        time: Time::default(),
        pins: Pins::default(),
        diagnostics: false,
        format: Format::Text,
    };
    verify(&policy.into(), &common)
}

fn verify(policy: &AnyPolicy, common: &Common) -> Result<u8, Failure> {
    let model = Model::open(&common.model, common.link_targets.as_deref())?;
    let options = options(&model, common)?;
    let rules = options.ignore_paths.clone();
    let limits = Limits::default();
    let bytes = input::bundle(&common.signature, &limits)?;
    let clock = clock(common.time.at, common.time.max_clock_skew)?;
    let opened = policy
        .open(&bytes, &limits, clock)
        .map_err(|error| input::in_bundle(error, &common.signature))?;
    names_fit(&opened)?;
    let (verdict, unreadable) = match opened.audit(options) {
        Ok(audit) => finish(&model, audit, common.diagnostics)?,
        Err(rejected) => (rejected.into_verdict(), Unreadable::new()),
    };
    match common.format {
        Format::Json => {
            for (path, why) in &unreadable {
                print::warning(&format!("cannot read `{path}`: {why}"));
            }
            print::json(&verdict.to_json())?;
        }
        Format::Text => print::text(&show::verdict(&verdict, &unreadable, &rules))?,
    }
    let accepted = Accepted {
        partial_coverage: !rules.is_empty() || common.ignore_unsigned_files,
        ..Accepted::default()
    };
    Ok(exit::code(verdict.outcome(), verdict.reasons(), accepted))
}

fn options(model: &Model, common: &Common) -> Result<AuditOptions, Failure> {
    let mut options = AuditOptions::default();
    options.ignore_paths = paths::ignored(model, &common.ignore_paths)?;
    options.ignore_unsigned = common.ignore_unsigned_files;
    options.allow_symlinks = common.allow_symlinks;
    options.link_targets = model.link_targets();
    options.signature_path = paths::signature(model, &common.signature);
    options.single_file = model.single().map(str::to_owned);
    Ok(options)
}

/// Compares the model with the list.
fn finish(
    model: &Model,
    mut audit: Audit,
    diagnostics: bool,
) -> Result<(Verdict, Unreadable), Failure> {
    let mut listing = walk::walk(model, &mut audit)?;
    let done = hash::hash(model, &mut audit, std::mem::take(&mut listing.jobs))?;
    if diagnostics {
        audit.diagnose(done.diagnostics);
    }
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
    Ok((verdict, done.unreadable))
}

/// Refuses signed names that this host's file system would take for one another, or for something
/// else. A single file's name is the caller's.
fn names_fit(opened: &Opened) -> Result<(), Failure> {
    if opened.is_single_file() || !cfg!(any(windows, target_os = "macos")) {
        return Ok(());
    }
    let names = || opened.files().iter().map(|file| file.path());
    if let Some((one, other)) = host_names::fall_together(names()) {
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
        && let Some(name) = names().find(|name| host_names::refused_on_windows(name))
    {
        let name = exit::quoted(Path::new(name));
        let message =
            format!("{name} cannot be a file on Windows; check the model on another system");
        return Err(Failure::new("path-unsupported", message));
    }
    Ok(())
}
