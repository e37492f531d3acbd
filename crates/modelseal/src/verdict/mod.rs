//! The verdict: four answers and one outcome, never one boolean.
//!
//! Its JSON form is described by `schema/verdict.schema.json`. All lists are sorted.

mod files;
mod signer;

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use modelseal_hash::Hex;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use files::{Bytes, Coverage};
pub(crate) use signer::{ChainAnswer, ErrorAnswer, Model, Publisher, ValidSignature};

use crate::{
    audit::Audit,
    clock::Clock,
    envelope::{Context, Form},
    error::Error,
    manifest::Manifest,
    policy::{Policy, SetBy},
};

impl Audit {
    /// The verdict over what was announced and recorded.
    pub fn finish(self) -> Verdict {
        Verdict::of(&self)
    }
}

/// What a check found, all of it. Made by an audit, or from the error that ended the check.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The version of this form: 1.
    version: u8,
    outcome: Outcome,
    /// Why the outcome is not `verified`: codes of [`Error`].
    reasons: Vec<&'static str>,
    signature: SignatureAnswer,
    publisher: Publisher,
    expectation: ExpectationAnswer,
    coverage: Coverage,
    bytes: Bytes,
    model: Option<Model>,
    bundle: BundleId,
    evaluated_at: String,
    judged_at: String,
    judged_at_basis: &'static str,
    valid_until: Option<String>,
    /// The bundled trust root; the methods of keys and private anchors have none.
    trust_root: Option<()>,
    not_checked: [&'static str; 2],
    notes: Vec<&'static str>,
    modelseal: &'static str,
}

/// The outcome over all answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Something contradicts: invalid, unexpected, changed, missing or unsigned.
    Failed,
    /// Nothing contradicts, but something was not checked.
    Incomplete,
    /// Everything was checked and is right.
    Verified,
}

/// Is the signature valid?
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
enum SignatureAnswer {
    Invalid { error: ErrorAnswer },
    Valid(ValidSignature),
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ExpectationAnswer {
    set_by: SetBy,
    name: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BundleId {
    sha256: String,
    media_type: Option<&'static str>,
}

impl Verdict {
    /// The `failed` verdict over a bundle that was rejected with `error`.
    pub fn rejected(error: Error, bundle: &[u8], policy: &Policy, clock: Clock) -> Self {
        let context = Context {
            bundle_sha256: Sha256::digest(bundle).into(),
            media_type: None,
            expectation: policy.expectation().clone(),
            clock,
        };
        let (coverage, bytes) = (Coverage::unknown(), Bytes::not_hashed());
        let signature = SignatureAnswer::Invalid {
            error: ErrorAnswer::of(error),
        };
        let mut verdict = Self::frame(&context, signature, coverage, bytes);
        verdict.outcome = Outcome::Failed;
        verdict.reasons = Vec::from([error.code()]);
        verdict
    }

    /// The verdict over an audit.
    fn of(audit: &Audit) -> Self {
        let (coverage, bytes) = (Coverage::of(audit), Bytes::of(audit));
        let reasons = files::reasons(audit, &coverage, &bytes);
        let manifest = &audit.manifest;
        let signature = SignatureAnswer::Valid(ValidSignature::of(manifest));
        let mut verdict = Self::frame(&manifest.context, signature, coverage, bytes);
        verdict.outcome = files::outcome(&reasons);
        verdict.reasons = reasons.iter().map(Error::code).collect();
        verdict.publisher = Publisher::of(&manifest.signer);
        verdict.model = Some(Model::of(&manifest.listing));
        verdict.valid_until = manifest.signer.valid_until().map(|time| time.to_string());
        verdict.notes = notes(manifest);
        verdict
    }

    fn frame(
        context: &Context,
        signature: SignatureAnswer,
        coverage: Coverage,
        bytes: Bytes,
    ) -> Self {
        Self {
            version: 1,
            outcome: Outcome::Failed,
            reasons: Vec::new(),
            signature,
            publisher: Publisher::Unchecked,
            expectation: ExpectationAnswer {
                set_by: context.expectation.set_by,
                name: context.expectation.name.clone(),
            },
            coverage,
            bytes,
            model: None,
            bundle: BundleId {
                sha256: Hex(&context.bundle_sha256).to_string(),
                media_type: context.media_type,
            },
            evaluated_at: context.clock.evaluated_at().to_string(),
            judged_at: context.clock.at().to_string(),
            judged_at_basis: if context.clock.is_chosen() {
                "caller"
            } else {
                "now"
            },
            valid_until: None,
            trust_root: None,
            not_checked: ["newest-version", "revocation"],
            notes: Vec::new(),
            modelseal: env!("CARGO_PKG_VERSION"),
        }
    }

    /// The outcome over all answers.
    pub const fn outcome(&self) -> Outcome {
        self.outcome
    }

    /// Codes of [`Error`]: why the outcome is not `verified`. Sorted, each once.
    pub fn reasons(&self) -> &[&'static str] {
        &self.reasons
    }

    /// The JSON form, on one line.
    pub fn to_json(&self) -> String {
        // Only maps with keys that are no texts, or a failing writer, could fail here.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// Harmless observations that a careful reader may want to know.
fn notes(manifest: &Manifest) -> Vec<&'static str> {
    [
        (manifest.form == Form::DigestsV01, "digests-v0.1-form"),
        (manifest.signer.hint_missing, "key-hint-missing"),
        (!manifest.listing.in_order, "resources-not-in-order"),
    ]
    .into_iter()
    .filter_map(|(holds, note)| holds.then_some(note))
    .collect()
}
