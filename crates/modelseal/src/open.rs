//! One road from a bundle to a verdict over a model: parse, verify or report, and reject.

use alloc::boxed::Box;

use sha2::{Digest as _, Sha256};

use crate::{
    audit::{Audit, AuditOptions},
    bundle::Bundle,
    context::Context,
    error::Error,
    limits::Limits,
    manifest::{Manifest, ReportedManifest, SignedFile},
    policy::AnyPolicy,
    signed::Signed,
    time::Clock,
    verdict::Verdict,
};

/// A bundle that was checked under a policy: what [`AnyPolicy::open`] makes of it.
///
/// ```
/// use modelseal::{AnyPolicy, AuditOptions, Clock, Error, Limits, Policy, PublicKey, UnixTime, Verdict};
///
/// /// The verdict over a model without files: every signed one is missing.
/// fn check(bundle: &[u8], key: &str, seconds: u64) -> Result<Verdict, Error> {
///     let policy = AnyPolicy::from(Policy::key(PublicKey::from_pem(key)?));
///     let clock = Clock::now(UnixTime::from_seconds(seconds));
///     let opened = policy.open(bundle, &Limits::default(), clock)?;
///     Ok(match opened.audit(AuditOptions::default()) {
///         Ok(audit) => audit.finish(),
///         Err(rejected) => rejected.into_verdict(),
///     })
/// }
/// # let _ = check;
/// ```
#[derive(Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a check has one: boxing would save nothing"
)]
pub enum Opened {
    /// The signature holds, and the signer is the expected one.
    Expected(Manifest),
    /// The signature holds, and no signer was expected.
    Reported(ReportedManifest),
    /// The bundle was rejected, or nothing confirms who signed it.
    Rejected(Rejected),
}

/// A bundle that was rejected: why, and the `failed` verdict. Or one whose signer nothing confirms, which
/// a report may have: then the verdict is `incomplete`. Neither leads to a [`Manifest`].
#[derive(Debug)]
pub struct Rejected {
    error: Error,
    verdict: Box<Verdict>,
}

impl Rejected {
    /// Why the bundle was rejected, or what is needed to check it.
    pub const fn error(&self) -> Error {
        self.error
    }

    /// The verdict.
    pub fn verdict(&self) -> &Verdict {
        &self.verdict
    }

    /// The verdict.
    pub fn into_verdict(self) -> Verdict {
        *self.verdict
    }
}

impl Opened {
    /// Begins to compare a model's files with the signed list.
    ///
    /// # Errors
    /// The rejected bundle.
    pub fn audit(self, options: AuditOptions) -> Result<Audit, Rejected> {
        match self {
            Self::Expected(manifest) => Ok(manifest.audit(options)),
            Self::Reported(manifest) => Ok(manifest.audit(options)),
            Self::Rejected(rejected) => Err(rejected),
        }
    }

    /// The signed files, sorted by path; none of a bundle that was rejected.
    pub fn files(&self) -> &[SignedFile] {
        match self {
            Self::Expected(manifest) => manifest.files(),
            Self::Reported(manifest) => manifest.files(),
            Self::Rejected(_) => &[],
        }
    }

    /// Is the model a single file, signed without its name?
    pub fn is_single_file(&self) -> bool {
        match self {
            Self::Expected(manifest) => manifest.is_single_file(),
            Self::Reported(manifest) => manifest.is_single_file(),
            Self::Rejected(_) => false,
        }
    }
}

impl AnyPolicy {
    /// Parses and verifies a bundle over a model, all but the model's files.
    ///
    /// # Errors
    /// For what cannot be judged: [`Error::BundleUnreadable`], and the stages
    /// [`Stage::Usage`](crate::Stage::Usage) and [`Stage::Policy`](crate::Stage::Policy).
    pub fn open(&self, bundle: &[u8], limits: &Limits, clock: Clock) -> Result<Opened, Error> {
        match self.try_open(bundle, limits, clock) {
            Ok(opened) => Ok(opened),
            Err(error) if !error.is_judgement() => Err(error),
            Err(error) => {
                let sha256 = Sha256::digest(bundle).into();
                let context = Context::new(sha256, None, self.policy(), clock);
                Ok(Opened::reject(error, Verdict::invalid(error, &context)))
            }
        }
    }

    fn try_open(&self, bundle: &[u8], limits: &Limits, clock: Clock) -> Result<Opened, Error> {
        let bundle = Bundle::parse(bundle, limits)?;
        if let Self::ReportOnly(report) = self
            && let Some(claims) = bundle.unidentified(&Signed::envelope(&bundle)?, report, clock)?
        {
            return Ok(Opened::reject(
                claims.reason,
                Verdict::unidentified(&claims),
            ));
        }
        let signed = bundle.verify_signature(self.policy(), clock)?;
        let payload = match self {
            Self::ReportOnly(_) => return Ok(Opened::Reported(signed.report().manifest()?)),
            Self::Expecting(_) => match signed.expect() {
                Ok(payload) => payload,
                Err(other) => {
                    let error = Error::IdentityUnexpected;
                    return Ok(Opened::reject(error, Verdict::unexpected(&other)));
                }
            },
        };
        let (manifest, policy) = payload.read_manifest()?;
        match manifest.accept(&policy) {
            Ok(()) => Ok(Opened::Expected(manifest)),
            Err(error) => Ok(Opened::reject(error, Verdict::refused(error, &manifest))),
        }
    }
}

impl Opened {
    fn reject(error: Error, verdict: Verdict) -> Self {
        let verdict = Box::new(verdict);
        Self::Rejected(Rejected { error, verdict })
    }
}
