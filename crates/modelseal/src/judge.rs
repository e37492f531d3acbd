//! One road from bundles to a verdict over an artifact: parse, verify or report, and reject.

use alloc::vec::Vec;

use sha2::{Digest as _, Sha256};

use crate::{
    artifact::{Refused, VerifiedArtifact},
    artifact_digests::{ArtifactDigests, ArtifactHasher},
    bundle::Bundle,
    context::Context,
    error::Error,
    file_kind::{FileKind, without_mark},
    json::split_lines,
    limits::Limits,
    policy::AnyPolicy,
    signed::Signed,
    time::Clock,
    verdict::{ArtifactVerdict, OtherBundle, Outcome},
};

/// The most bundles about one artifact that are judged.
const MAX_JUDGED: usize = 16;

/// The most lines of a JSON-lines file. Public ones have a bundle for each file of a release.
const MAX_LINES: usize = 1024;

/// One bundle, or several in a JSON-lines file, before anything of them is verified: for
/// [`AnyPolicy::judge`].
///
/// ```
/// use modelseal::{
///     AnyPolicy, ArtifactBundles, ArtifactHasher, ArtifactVerdict, Clock, Error, Limits, Policy, UnixTime,
/// };
///
/// /// Is the file signed, or attested, as the policy expects?
/// fn check(bundle: &[u8], file: &[u8], policy: &Policy, seconds: u64) -> Result<ArtifactVerdict, Error> {
///     let mut hasher = ArtifactHasher::default();
///     hasher.update(file);
///     let bundles = ArtifactBundles::parse(bundle, &Limits::default())?;
///     let clock = Clock::now(UnixTime::from_seconds(seconds));
///     AnyPolicy::from(policy.clone()).judge(bundles, clock, &hasher.finish())
/// }
/// # let _ = check;
///
/// // What is not a bundle at all is an error, and no verdict.
/// let error = ArtifactBundles::parse(b"<html>", &Limits::default()).unwrap_err();
/// assert_eq!(error.code(), "bundle-unreadable");
/// ```
#[derive(Debug)]
pub struct ArtifactBundles {
    /// Never empty.
    bundles: Vec<Parsed>,
}

/// A bundle, or the error for which it cannot be read.
#[derive(Debug)]
struct Parsed {
    /// The line that it is on, from 1; `None` for a file that is one bundle.
    line: Option<usize>,
    sha256: [u8; 32],
    bundle: Result<Bundle, Error>,
}

impl Parsed {
    fn new(bytes: &[u8], line: Option<usize>, bundle: Result<Bundle, Error>) -> Self {
        Self {
            line,
            sha256: Sha256::digest(bytes).into(),
            bundle,
        }
    }
}

impl ArtifactBundles {
    /// Reads the shape of a bundle, or of several, one a line.
    ///
    /// # Errors
    /// [`Error::BundleUnreadable`]. A bundle that is malformed is judged.
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let found = match Bundle::parse(bytes, limits) {
            Err(Error::BundleUnreadable { found }) => found,
            bundle => {
                let bundles = Vec::from([Parsed::new(bytes, None, bundle)]);
                return Ok(Self { bundles });
            }
        };
        match found {
            FileKind::JsonLines { count } if count <= MAX_LINES => {
                let lines = split_lines(without_mark(bytes));
                let parse = |(line, bytes): (usize, &&[u8])| {
                    Parsed::new(bytes, Some(line), Bundle::parse(bytes, limits))
                };
                let bundles = (1..).zip(&lines).map(parse).collect();
                Ok(Self { bundles })
            }
            found => Err(Error::BundleUnreadable { found }),
        }
    }

    /// A hasher with SHA-256, and with what the bundles ask for beside it: SHA-384 and SHA-512 take
    /// more time than SHA-256 does.
    pub fn hasher(&self) -> ArtifactHasher {
        let longer = ArtifactHasher::LONGER;
        let asks = |parsed: &Parsed| match &parsed.bundle {
            Ok(bundle) => bundle.asks_for(&longer),
            // It is judged all the same, with all the digests.
            Err(_) => longer.to_vec(),
        };
        let asked: Vec<_> = self.bundles.iter().flat_map(asks).collect();
        ArtifactHasher::asked(&asked)
    }
}

impl AnyPolicy {
    /// Verifies that a bundle signs the artifact with `digests`, or is an attestation about it.
    ///
    /// Of several bundles those about the artifact are judged, up to 16. The verdict is over the
    /// first that is `verified`, or else over the one that came closest, and lists the others.
    ///
    /// # Errors
    /// For what cannot be judged: [`Error::ArtifactDigestMissing`], and the stages
    /// [`Stage::Usage`](crate::Stage::Usage) and [`Stage::Policy`](crate::Stage::Policy).
    pub fn judge(
        &self,
        bundles: ArtifactBundles,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<ArtifactVerdict, Error> {
        let count = bundles.bundles.len();
        let is_about = |parsed: &Parsed| match &parsed.bundle {
            Ok(bundle) => count == 1 || bundle.claims(digests),
            Err(_) => count == 1,
        };
        let (about, others): (Vec<_>, Vec<_>) = bundles.bundles.into_iter().partition(is_about);
        let mut judged = Vec::new();
        for parsed in about.into_iter().take(MAX_JUDGED) {
            let (line, sha256) = (parsed.line, parsed.sha256);
            let result = self.judge_one(parsed, clock, digests);
            judged.push(Judged {
                line,
                sha256,
                result,
            });
        }
        if let (true, Some(first)) = (judged.is_empty(), others.first()) {
            // None of the bundles is about the artifact.
            let context = Context::new(first.sha256, None, self.policy(), clock);
            let error = Error::ArtifactMismatch;
            return Ok(ArtifactVerdict::invalid(error, &context, digests));
        }
        choose(judged)
    }

    fn judge_one(
        &self,
        parsed: Parsed,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<ArtifactVerdict, Error> {
        let sha256 = parsed.sha256;
        match self.try_judge(parsed, clock, digests) {
            Err(error) if error.is_judgement() => {
                let context = Context::new(sha256, None, self.policy(), clock);
                Ok(ArtifactVerdict::invalid(error, &context, digests))
            }
            result => result,
        }
    }

    fn try_judge(
        &self,
        parsed: Parsed,
        clock: Clock,
        digests: &ArtifactDigests,
    ) -> Result<ArtifactVerdict, Error> {
        let bundle = parsed.bundle?;
        if let Self::ReportOnly(report) = self
            && let Some(claims) =
                bundle.unidentified(&Signed::artifact(&bundle, digests)?, report, clock)?
        {
            return Ok(ArtifactVerdict::unidentified(&claims, digests));
        }
        let artifact = bundle.verify_signed_artifact(self.policy(), clock, digests)?;
        match self {
            Self::ReportOnly(_) => Ok(artifact.report()?.verdict()),
            Self::Expecting(_) => match artifact.accept() {
                Ok(()) => Ok(VerifiedArtifact(artifact).verdict()),
                Err(Refused::Because(error)) if !error.is_judgement() => Err(error),
                Err(refused) => Ok(ArtifactVerdict::refused(&artifact, refused)),
            },
        }
    }
}

/// What came of a bundle.
struct Judged {
    line: Option<usize>,
    sha256: [u8; 32],
    result: Result<ArtifactVerdict, Error>,
}

impl Judged {
    /// How close it came to `verified`; less is closer.
    fn rank(&self) -> u8 {
        match self.result.as_ref().map(ArtifactVerdict::outcome) {
            Ok(Outcome::Verified) => 0,
            Ok(Outcome::Incomplete) => 1,
            // It may be about the artifact: that is more than a contradiction.
            Err(_) => 2,
            Ok(Outcome::Failed) => 3,
        }
    }
}

/// The verdict that came closest to `verified`, the first of several, with the others beside it.
fn choose(mut judged: Vec<Judged>) -> Result<ArtifactVerdict, Error> {
    let ranked = judged.iter().enumerate();
    let best = ranked.min_by_key(|(_, judged)| judged.rank());
    let Some((best, _)) = best else {
        let found = FileKind::Empty;
        return Err(Error::BundleUnreadable { found });
    };
    let best = judged.remove(best);
    let others = judged.into_iter();
    let others = others.map(|other| OtherBundle::of(other.line, other.sha256, other.result));
    Ok(best.result?.beside(best.line, others.collect()))
}
