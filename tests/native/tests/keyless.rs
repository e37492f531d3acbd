//! Every case of the tests' own Sigstore: accepted, or rejected by the one check that it breaks.

use std::process::ExitCode;
use std::sync::Arc;

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{
    ArtifactHasher, Bundle, Clock, Error, Identity, Limits, Policy, TrustRoot, UnixTime,
};
use modelseal_sigstore_forge::cases::{self, Case};
use modelseal_sigstore_forge::{Forged, Sigstore};
use serde_json::Value;

fn main() -> ExitCode {
    let sigstore = Arc::new(Sigstore::new("little"));
    let mut trials: Vec<Trial> = cases::all()
        .into_iter()
        .map(|case| {
            let sigstore = Arc::clone(&sigstore);
            Trial::test(case.name, move || check(&case, &sigstore))
        })
        .collect();
    trials.push(Trial::test("root: what is left out is said", said));
    trials.push(Trial::test("cases: each has a name of its own", names));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn check(case: &Case, sigstore: &Sigstore) -> Result<(), Failed> {
    let forged = case.forge(sigstore);
    let code = verify(case, &forged).err().map(|error| error.code());
    if code == case.code {
        return Ok(());
    }
    let shown = |code: Option<&str>| code.unwrap_or("accepted").to_owned();
    Err(format!("{} expected, was {}", shown(case.code), shown(code)).into())
}

/// As an attestation or a signature over the artifact; OMS bundles as models, too.
fn verify(case: &Case, forged: &Forged) -> Result<(), Error> {
    let root = TrustRoot::parse(&forged.root_bytes())?;
    let identity = Identity::new(case.issuer, case.identity)?;
    let policy = Policy::sigstore(root, vec![identity])?;
    let clock = Clock::now(UnixTime::from_seconds(case.now));
    let bundle = || Bundle::parse(&forged.bytes(), &Limits::default());
    let mut hasher = ArtifactHasher::default();
    hasher.update(&forged.artifact);
    let artifact = bundle()?.verify_artifact(&policy, clock, &hasher.finish());
    if !forged.is_model() {
        return artifact.map(drop);
    }
    let manifest = bundle()?.verify(&policy, clock)?.manifest()?;
    assert_eq!(
        manifest.files().len(),
        7,
        "the example model has seven signed files"
    );
    artifact.map(drop)
}

/// A log whose key is of an unknown kind is left out, and the root says so.
fn said() -> Result<(), Failed> {
    let case = cases::all()
        .into_iter()
        .find(|case| case.name == "root: an unknown kind of key beside")
        .ok_or("no such case")?;
    let forged = case.forge(&Sigstore::new("little"));
    let root: Value = serde_json::from_str(&TrustRoot::parse(&forged.root_bytes())?.to_json())?;
    let ignored = root["ignored"].as_array().ok_or("nothing is left out")?;
    assert_eq!(ignored.len(), 1);
    assert_eq!(ignored[0]["list"], "tlogs");
    assert!(
        ignored[0]["reason"]
            .as_str()
            .is_some_and(|reason| reason.contains("PKIX_ML_DSA_99"))
    );
    assert_eq!(root["logs"].as_array().map(Vec::len), Some(2));
    Ok(())
}

fn names() -> Result<(), Failed> {
    let cases = cases::all();
    let mut names: Vec<&str> = cases.iter().map(|case| case.name).collect();
    names.sort_unstable();
    let count = names.len();
    names.dedup();
    assert_eq!(names.len(), count);
    Ok(())
}
