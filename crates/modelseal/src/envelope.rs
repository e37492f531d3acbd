//! The DSSE envelope of a model: whose signature it has, in which form.

use alloc::{format, vec::Vec};

use sha2::{Digest as _, Sha256};

use crate::{
    bundle::{Bundle, Content, PAYLOAD_TYPE},
    clock::Clock,
    content::Signed,
    error::Error,
    limits::Limits,
    policy::{Expectation, Policy, ReportOnly},
    signer::{DigestsV01, Signer, UseOfHint},
    trust::TrustRoot,
};

/// Which signed form a payload has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// DSSE's PAE; the predicate of OMS 1.0.
    V1,
    /// The signed text of v0.2.0; the predicate `https://model_signing/Digests/v0.1`.
    DigestsV01,
}

/// A payload whose signature is the expected signer's. Made by [`Bundle::verify`] alone.
///
/// ```compile_fail
/// # fn forged(payload: Vec<u8>) -> modelseal::VerifiedPayload {
/// modelseal::VerifiedPayload { payload } // private fields
/// # }
/// ```
#[derive(Debug)]
pub struct VerifiedPayload {
    pub(crate) payload: Vec<u8>,
    pub(crate) form: Form,
    pub(crate) signer: Signer,
    pub(crate) context: Context,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
}

/// What every verdict repeats: which bundle was judged, when, and who set the expectation.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    pub(crate) bundle_sha256: [u8; 32],
    /// `None` for a bundle that was rejected.
    pub(crate) media_type: Option<&'static str>,
    pub(crate) expectation: Expectation,
    pub(crate) clock: Clock,
    /// What log entries and timestamps were checked with.
    pub(crate) trust_root: Option<TrustRoot>,
    pub(crate) publisher: PublisherCheck,
}

/// Was the signer compared with somebody whom the caller expects?
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum PublisherCheck {
    Expected,
    Unchecked,
}

/// A payload whose signature holds, by a signer whom nobody expected: to be shown, not trusted.
#[derive(Debug)]
pub struct ReportedPayload(pub(crate) VerifiedPayload);

impl Bundle {
    /// Verifies the signature under `policy` at the time of `clock`.
    ///
    /// # Errors
    /// Of the stages from [`Stage::Bundle`](crate::Stage::Bundle) to
    /// [`Stage::Publisher`](crate::Stage::Publisher).
    pub fn verify(self, policy: &Policy, clock: Clock) -> Result<VerifiedPayload, Error> {
        let payload = self.verify_signature(policy, clock)?;
        policy.accept_publisher(&payload.signer)?;
        Ok(payload)
    }

    /// Verifies the signature, and expects nobody: who signed can be reported.
    ///
    /// # Errors
    /// As [`Bundle::verify`].
    pub fn report(self, report: &ReportOnly, clock: Clock) -> Result<ReportedPayload, Error> {
        let mut payload = self.verify_signature(&report.policy, clock)?;
        payload.context.publisher = PublisherCheck::Unchecked;
        Ok(ReportedPayload(payload))
    }

    /// All but the publisher.
    fn verify_signature(self, policy: &Policy, clock: Clock) -> Result<VerifiedPayload, Error> {
        let signed = Signed::envelope(&self)?;
        let signer = policy.accept_signer(&self, &signed, UseOfHint::Oms, clock)?;
        let form = verify(&signed, &signer)?;
        let context = Context::new(self.sha256, Some(self.media_type.name()), policy, clock);
        let Content::Envelope(envelope) = self.content else {
            // `Signed::envelope` has refused it.
            return Err(Error::BundleFieldMissing {
                field: "dsseEnvelope",
            });
        };
        Ok(VerifiedPayload {
            payload: envelope.payload,
            form,
            signer,
            context,
            policy: policy.clone(),
            limits: self.limits,
        })
    }
}

impl Context {
    pub(crate) fn new(
        bundle_sha256: [u8; 32],
        media_type: Option<&'static str>,
        policy: &Policy,
        clock: Clock,
    ) -> Self {
        Self {
            bundle_sha256,
            media_type,
            expectation: policy.expectation().clone(),
            clock,
            trust_root: policy.trust_root().cloned(),
            publisher: PublisherCheck::Expected,
        }
    }
}

fn verify(signed: &Signed<'_>, signer: &Signer) -> Result<Form, Error> {
    let key = signer.key();
    let mismatch = match signed.verify(key) {
        Ok(()) => return Ok(Form::V1),
        Err(error) => error,
    };
    let Signed::Envelope(envelope) = signed else {
        return Err(mismatch);
    };
    if mismatch != Error::SignatureMismatch || signer.digests_v01 == DigestsV01::Unknown {
        return Err(mismatch);
    }
    // v0.2.0 signed another text, with SHA-256 whatever the curve.
    key.verify_sha256_prehash(&digests_v01_hash(&envelope.payload), &envelope.signature)?;
    match signer.digests_v01 {
        DigestsV01::Allowed => Ok(Form::DigestsV01),
        DigestsV01::Refused | DigestsV01::Unknown => Err(Error::LegacyNotAllowed),
    }
}

/// SHA-256 of what v0.2.0 signed: a PAE with a capital V whose payload is Python's `repr` of bytes.
///
/// The quote is `'`, since JSON always has a `"`. The length is that of the bytes themselves.
fn digests_v01_hash(payload: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(format!(
        "DSSEV1 {} {PAYLOAD_TYPE} {} b'",
        PAYLOAD_TYPE.len(),
        payload.len()
    ));
    for byte in payload {
        match byte {
            b'\\' => hash.update(b"\\\\"),
            b'\'' => hash.update(b"\\'"),
            b'\n' => hash.update(b"\\n"),
            b'\r' => hash.update(b"\\r"),
            b'\t' => hash.update(b"\\t"),
            0x20..=0x7e => hash.update([*byte]),
            _ => hash.update(format!("\\x{byte:02x}")),
        }
    }
    hash.update(b"'");
    hash.finalize().into()
}
