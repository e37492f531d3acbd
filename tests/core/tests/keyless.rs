//! Every case of the tests' own Sigstore: accepted, or rejected by the one check that it breaks.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{
    ArtifactBundles, ArtifactDigests, ArtifactHasher, Bundle, CertificateField, Clock, Error,
    Identity, Limits, Policy, ReportOnly, TrustRoot, UnixTime,
};
use modelseal_forge_sigstore::cases::{self, Case};
use modelseal_forge_sigstore::{Entry, Forged, IDENTITY, ISSUER, LeafKey, Sigstore, Spec, time};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

type Run = fn() -> Result<(), Failed>;

fn main() -> ExitCode {
    let sigstore = Arc::new(Sigstore::new("little"));
    let mut trials: Vec<Trial> = cases::all()
        .into_iter()
        .map(|case| {
            let sigstore = Arc::clone(&sigstore);
            Trial::test(case.name, move || check(&case, &sigstore))
        })
        .collect();
    let others: [(&str, Run); 7] = [
        ("root: what is left out is said", said),
        ("root: none of this name", unnamed),
        (
            "artifact: a digest that the signature needs",
            digest_missing,
        ),
        ("artifact: nothing is hashed in vain", nothing_in_vain),
        ("identity: an empty text is not a pattern", empty_texts),
        ("identity: the certificate's own fields", fields),
        ("report: never more than incomplete", report),
    ];
    let other = |(name, run)| Trial::test(name, run);
    trials.extend(others.into_iter().map(other));
    trials.push(Trial::test("cases: each has a name of its own", names));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

/// What no bundle may take longer than, however much it contains: a hundred times what one takes.
const BOUND: Duration = Duration::from_secs(2);

fn check(case: &Case, sigstore: &Sigstore) -> Result<(), Failed> {
    let forged = case.forge(sigstore);
    let started = Instant::now();
    let code = verify(case, &forged).err().map(|error| error.code());
    let took = started.elapsed();
    if case.name.starts_with("limits: ") && took > BOUND {
        return Err(format!("took {took:?}").into());
    }
    if code == case.code {
        return Ok(());
    }
    let shown = |code: Option<&str>| code.unwrap_or("accepted").to_owned();
    Err(format!("{} expected, was {}", shown(case.code), shown(code)).into())
}

fn verify(case: &Case, forged: &Forged) -> Result<(), Error> {
    let identity = Identity::new(case.issuer, case.identity)?;
    let clock = Clock::now(UnixTime::from_seconds(case.now));
    if forged.is_model() {
        verify_model(identity, clock, forged)
    } else {
        verify_artifact(identity, clock, forged)
    }
}

/// An attestation about the artifact, or a signature over it.
fn verify_artifact(identity: Identity, clock: Clock, forged: &Forged) -> Result<(), Error> {
    let policy = policy(forged, identity)?;
    let bundle = || Bundle::parse(&forged.bytes(), &Limits::default());
    let artifact = bundle()?.verify_artifact(&policy, clock, &digests(forged));
    let by_asked = bundle()?.verify_artifact(&policy, clock, &asked(forged));
    assert_eq!(
        by_asked.err().map(|error| error.code()),
        artifact.as_ref().err().map(Error::code),
        "by the digests that the bundle asks for"
    );
    artifact.map(drop)
}

/// An OMS bundle, which is never an attestation about an artifact.
fn verify_model(identity: Identity, clock: Clock, forged: &Forged) -> Result<(), Error> {
    let root = || TrustRoot::parse(&forged.root_bytes());
    let bundle = || Bundle::parse(&forged.bytes(), &Limits::default());
    let policy = Policy::sigstore(root()?, vec![identity.clone()])?;
    let manifest = bundle()?.verify(&policy, clock)?.manifest()?;
    assert_eq!(
        manifest.files().len(),
        7,
        "the example model has seven signed files"
    );
    let policy = self::policy(forged, identity)?;
    let artifact = bundle()?.verify_artifact(&policy, clock, &digests(forged));
    assert_eq!(artifact.err(), Some(Error::PredicateTypeUnsupported));
    Ok(())
}

/// A log whose key is of an unknown kind is left out, and the root says so.
fn said() -> Result<(), Failed> {
    let case = cases::all()
        .into_iter()
        .find(|case| case.name == "root: an unknown kind of key beside")
        .ok_or("no such case")?;
    let forged = case.forge(&Sigstore::new("little"));
    let root: Value = serde_json::to_value(TrustRoot::parse(&forged.root_bytes())?.report())?;
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

fn unnamed() -> Result<(), Failed> {
    let error = TrustRoot::bundled("nobody").err();
    assert_eq!(error, Some(Error::TrustRootUnknown));
    Ok(())
}

/// P-384 signs SHA-384, which an artifact known by its SHA-256 alone cannot show.
fn digest_missing() -> Result<(), Failed> {
    let spec = Spec::message(Entry::Hashedrekord001).key(LeafKey::P384);
    let forged = Sigstore::new("little").forge(&spec);
    let policy = policy(&forged, Identity::new(ISSUER, IDENTITY)?)?;
    let digests = ArtifactDigests::sha256(Sha256::digest(&forged.artifact).into());
    let bundle = Bundle::parse(&forged.bytes(), &Limits::default())?;
    let error = bundle.verify_artifact(&policy, clock(), &digests).err();
    let error = error.ok_or("the digest is missing")?;
    assert_eq!(error.code(), "artifact-digest-missing");
    assert!(
        error.to_string().ends_with("its digest by sha384"),
        "{error}"
    );
    Ok(())
}

fn empty_texts() -> Result<(), Failed> {
    let invalid = |field| Some(Error::PolicyInvalid { field });
    assert_eq!(
        Identity::new("", IDENTITY).err(),
        invalid("identities.issuer")
    );
    assert_eq!(
        Identity::new(ISSUER, "").err(),
        invalid("identities.identity")
    );
    let nobody = Identity::with_fields(ISSUER, [(CertificateField::BuildTrigger, "push".into())]);
    assert_eq!(nobody.err(), invalid("identities.identity"));
    let root = TrustRoot::bundled("production")?;
    assert_eq!(
        Policy::sigstore(root, Vec::new()).err(),
        invalid("identities")
    );
    Ok(())
}

/// Owner and repository by their numbers, which stay when they are renamed.
fn fields() -> Result<(), Failed> {
    use CertificateField::{SourceRepositoryIdentifier, SourceRepositoryOwnerIdentifier};
    let forged = Sigstore::new("little").forge(&Spec::message(Entry::Hashedrekord002));
    let judge = |owner: &str, issuer: &str| -> Result<Option<&'static str>, Failed> {
        let fields = [
            (SourceRepositoryIdentifier, "632596897".into()),
            (SourceRepositoryOwnerIdentifier, owner.into()),
        ];
        let policy = policy(&forged, Identity::with_fields(issuer, fields)?)?;
        let bundle = Bundle::parse(&forged.bytes(), &Limits::default())?;
        let verified = bundle.verify_artifact(&policy, clock(), &digests(&forged));
        Ok(verified.err().map(|error| error.code()))
    };
    assert_eq!(judge("131804563", ISSUER)?, None);
    assert_eq!(judge("131804564", ISSUER)?, Some("identity-unexpected"));
    assert_eq!(
        judge("131804563", "https://example.com")?,
        Some("identity-unexpected")
    );
    Ok(())
}

/// Who signed can be asked without expecting anybody; that is never `verified`.
fn report() -> Result<(), Failed> {
    let forged = Sigstore::new("little").forge(&Spec::statement(Entry::Dsse001));
    let report = ReportOnly::sigstore(TrustRoot::parse(&forged.root_bytes())?);
    let bundle = Bundle::parse(&forged.bytes(), &Limits::default())?;
    let reported = bundle.report_artifact(&report, clock(), &digests(&forged))?;
    let identity = reported.signer().identity().ok_or("no identity")?;
    assert_eq!(
        (identity.issuer(), identity.identity()),
        (Some(ISSUER), IDENTITY)
    );
    let verdict: Value = serde_json::from_str(&reported.verdict().to_json())?;
    assert_eq!(verdict["outcome"], "incomplete");
    assert_eq!(
        verdict["reasons"],
        json!(["predicate-unchecked", "publisher-unchecked"])
    );
    Ok(())
}

fn clock() -> Clock {
    Clock::now(UnixTime::from_seconds(time::NOW))
}

fn policy(forged: &Forged, identity: Identity) -> Result<Policy, Error> {
    let root = TrustRoot::parse(&forged.root_bytes())?;
    // What a statement says is not what these cases are about.
    Ok(Policy::sigstore(root, vec![identity])?.with_any_predicate_type())
}

fn digests(forged: &Forged) -> ArtifactDigests {
    let mut hasher = ArtifactHasher::default();
    hasher.update(&forged.artifact);
    hasher.finish()
}

/// The digests that the bundle asks for.
fn asked(forged: &Forged) -> ArtifactDigests {
    let bundles = ArtifactBundles::parse(&forged.bytes(), &Limits::default());
    let mut hasher = bundles.expect("a bundle").hasher();
    hasher.update(&forged.artifact);
    hasher.finish()
}

/// A large artifact is hashed once where one digest will do.
fn nothing_in_vain() -> Result<(), Failed> {
    let sigstore = Sigstore::new("little");
    for (spec, expected) in [
        (Spec::statement(Entry::Dsse001), [false, false]),
        (
            Spec::message(Entry::Hashedrekord001).key(LeafKey::P384),
            [true, true],
        ),
    ] {
        let forged = sigstore.forge(&spec);
        let bundle = || Bundle::parse(&forged.bytes(), &Limits::default());
        let digests = asked(&forged);
        let policy = policy(&forged, Identity::new(ISSUER, IDENTITY)?)?;
        let verified = bundle()?.verify_artifact(&policy, clock(), &digests)?;
        let verdict: Value = serde_json::from_str(&verified.verdict().to_json())?;
        let artifact = &verdict["artifact"];
        assert!(artifact["sha256"].is_string());
        let found = ["sha384", "sha512"].map(|name| artifact[name].is_string());
        assert_eq!(found, expected);
    }
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
