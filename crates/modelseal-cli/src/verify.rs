//! `modelseal verify` and `modelseal verify-model`: from the command line to a verdict.

use std::{
    path::Path,
    time::{SystemTime, UNIX_EPOCH},
};

use modelseal::{
    AnyPolicy, Audit, AuditOptions, Bundle, Clock, Error, Limits, Outcome, Policy, SignedFile,
    UnixTime, Verdict,
};

use crate::{
    args::{Anchors, Common, Evidence, Expected, Format, Method, Pins, Roots, Verify, VerifyModel},
    artifact,
    exit::{self, Accepted, Failure},
    hash::{self, Unreadable},
    input,
    model::Model,
    names, paths, policy, print, show, walk,
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
            let mut policy = policy::certificate(&anchors, &evidence)?;
            if intermediate_anchors {
                policy = policy.with_intermediate_anchors();
            }
            if allow_digests_v01 {
                policy = policy.with_digests_v01();
            }
            (policy, common)
        }
        Verify::Preset { name, common } => (Policy::preset(&name)?, common),
        Verify::Sigstore { keyless, common } => match policy::keyless(&keyless)? {
            AnyPolicy::Expecting(policy) => (policy, common),
            AnyPolicy::ReportOnly(report) => {
                policy::without_pins(&common.pins)?;
                return verify(&AnyPolicy::ReportOnly(report), &common);
            }
        },
        Verify::Attestation(attestation) => return artifact::run(&attestation),
    };
    let policy = policy::pinned(policy, &common.pins)?;
    verify(&AnyPolicy::Expecting(policy), &common)
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
            policy::certificate(&anchors, &evidence)?.with_digests_v01()
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
        at: None,
        pins: Pins::default(),
        format: Format::Text,
    };
    verify(&AnyPolicy::Expecting(policy), &common)
}

fn verify(policy: &AnyPolicy, common: &Common) -> Result<u8, Failure> {
    let model = Model::open(&common.model)?;
    let options = options(&model, common)?;
    let rules = options.ignore_paths.clone();
    let limits = Limits::default();
    let bytes = input::bundle(&common.signature, &limits)?;
    let clock = clock(common.at)?;
    let (verdict, unreadable) = match open(&bytes, &limits, policy, clock, options) {
        Ok(Opened { audit, names }) => {
            names_fit(names.iter().map(String::as_str))?;
            finish(&model, audit)?
        }
        Err(error) => (rejected(error, &bytes, policy, clock), Unreadable::new()),
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

/// A list of files whose signature holds.
struct Opened {
    audit: Audit,
    /// The names that the host's file system has to keep apart; a single file's is the caller's.
    names: Vec<String>,
}

fn open(
    bytes: &[u8],
    limits: &Limits,
    policy: &AnyPolicy,
    clock: Clock,
    options: AuditOptions,
) -> Result<Opened, Error> {
    let names = |is_single: bool, files: &[SignedFile]| {
        let files = files.iter().filter(|_| !is_single);
        files.map(|file| file.path().to_owned()).collect()
    };
    let bundle = Bundle::parse(bytes, limits)?;
    Ok(match policy {
        AnyPolicy::Expecting(policy) => {
            let manifest = bundle.verify(policy, clock)?.manifest()?;
            Opened {
                names: names(manifest.is_single_file(), manifest.files()),
                audit: manifest.audit(options),
            }
        }
        AnyPolicy::ReportOnly(report) => {
            let manifest = bundle.report(report, clock)?.manifest()?;
            Opened {
                names: names(manifest.is_single_file(), manifest.files()),
                audit: manifest.audit(options),
            }
        }
    })
}

fn rejected(error: Error, bytes: &[u8], policy: &AnyPolicy, clock: Clock) -> Verdict {
    match policy {
        AnyPolicy::Expecting(policy) => Verdict::rejected(error, bytes, policy, clock),
        AnyPolicy::ReportOnly(report) => Verdict::rejected_report(error, bytes, report, clock),
    }
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

/// The time of the check, and the time that the caller chose.
///
/// # Errors
/// If the machine has no time.
pub fn clock(at: Option<UnixTime>) -> Result<Clock, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let before_1970 = |_| Failure::new("clock-invalid", "this machine's clock is before 1970");
    let now = UnixTime::from_seconds(now.map_err(before_1970)?.as_secs());
    Ok(at.map_or_else(|| Clock::now(now), |at| Clock::judged_at(now, at)))
}

/// Holds the model against the list.
fn finish(model: &Model, mut audit: Audit) -> Result<(Verdict, Unreadable), Failure> {
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
