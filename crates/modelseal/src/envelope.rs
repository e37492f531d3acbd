//! The DSSE envelope of a model: whose signature it has, and in which form.

use alloc::{boxed::Box, format, vec::Vec};

use sha2::{Digest as _, Sha256};

use crate::{
    budget::Budget,
    bundle::{Bundle, Content, PAYLOAD_TYPE},
    context::{Context, PublisherCheck},
    error::Error,
    limits::Limits,
    policy::{Policy, ReportOnly, Unexpected},
    signed::Signed,
    signer::{Signer, UseOfHint, V02},
    time::Clock,
};

/// Which signed form a payload has.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// DSSE's PAE; the predicate of OMS 1.0.
    V1,
    /// The signed string of v0.2.0; the predicate `https://model_signing/Digests/v0.1`.
    V02,
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
    pub(crate) publisher: PublisherCheck,
    pub(crate) policy: Policy,
    pub(crate) limits: Limits,
}

/// A payload whose signature holds, by a signer that was not compared with an expected one: to be
/// shown, not trusted.
#[derive(Debug)]
pub struct ReportedPayload(pub(crate) VerifiedPayload);

/// A payload whose signature holds. Whether the signer is the expected one is the next step.
#[derive(Debug)]
pub(crate) struct SignedPayload(VerifiedPayload);

/// A payload whose signature holds, by another signer than the expected one. It keeps the signer, so
/// that it can be shown.
#[derive(Debug)]
pub(crate) struct UnexpectedPayload {
    pub(crate) form: Form,
    pub(crate) signer: Signer,
    pub(crate) context: Context,
    pub(crate) difference: Unexpected,
}

impl Bundle {
    /// Verifies the signature under `policy` at the time of `clock`.
    ///
    /// # Errors
    /// Of the stages from [`Stage::Policy`](crate::Stage::Policy) to
    /// [`Stage::Publisher`](crate::Stage::Publisher).
    pub fn verify(self, policy: &Policy, clock: Clock) -> Result<VerifiedPayload, Error> {
        let signed = self.verify_signature(policy, clock)?;
        signed.expect().map_err(|_| Error::IdentityUnexpected)
    }

    /// Verifies the signature, and expects no one: who signed can be reported.
    ///
    /// # Errors
    /// As [`Bundle::verify`].
    pub fn report(self, report: &ReportOnly, clock: Clock) -> Result<ReportedPayload, Error> {
        let signed = self.verify_signature(report.policy(), clock)?;
        Ok(signed.report())
    }

    /// Verifies all but the publisher.
    pub(crate) fn verify_signature(
        self,
        policy: &Policy,
        clock: Clock,
    ) -> Result<SignedPayload, Error> {
        policy.check_for_models()?;
        let budget = Budget::new(&self.limits);
        let conditions = policy.conditions(clock, &budget);
        let signed = Signed::envelope(&self)?;
        let signer = policy.accept_signer(&self, &signed, UseOfHint::Oms, &conditions)?;
        let form = verify(&signed, &signer, &budget)?;
        let context = Context::new(self.sha256, Some(self.media_type.name()), policy, clock);
        let Content::Envelope(envelope) = self.content else {
            // `Signed::envelope` has refused it.
            return Err(Error::BundleFieldMissing {
                field: "dsseEnvelope",
            });
        };
        Ok(SignedPayload(VerifiedPayload {
            payload: envelope.payload,
            form,
            signer,
            context,
            publisher: PublisherCheck::Expected,
            policy: policy.clone(),
            limits: self.limits,
        }))
    }
}

impl SignedPayload {
    /// Compares the signer with the one that the policy expects.
    pub(crate) fn expect(self) -> Result<VerifiedPayload, Box<UnexpectedPayload>> {
        let payload = self.0;
        match payload.policy.accept_publisher(&payload.signer) {
            Ok(()) => Ok(payload),
            Err(difference) => Err(Box::new(UnexpectedPayload {
                form: payload.form,
                signer: payload.signer,
                context: payload.context,
                difference,
            })),
        }
    }

    /// Expects no one.
    pub(crate) fn report(self) -> ReportedPayload {
        ReportedPayload(VerifiedPayload {
            publisher: PublisherCheck::Unchecked,
            ..self.0
        })
    }
}

fn verify(signed: &Signed<'_>, signer: &Signer, budget: &Budget) -> Result<Form, Error> {
    let key = signer.key();
    let mismatch = match signed.verify(key, None, budget) {
        Ok(_) => return Ok(Form::V1),
        Err(error) => error,
    };
    let Signed::Envelope(envelope) = signed else {
        return Err(mismatch);
    };
    if mismatch != Error::SignatureMismatch || signer.v0_2 == V02::Unknown {
        return Err(mismatch);
    }
    // v0.2.0 signed another string, with SHA-256 whatever the curve.
    budget.signature_check()?;
    key.verify_sha256_prehash(&v0_2_hash(&envelope.payload), &envelope.signature)?;
    match signer.v0_2 {
        V02::Allowed => Ok(Form::V02),
        V02::Refused | V02::Unknown => Err(Error::LegacyNotAllowed),
    }
}

/// SHA-256 of what v0.2.0 signed: a PAE with a capital V whose payload is Python's `repr` of bytes.
///
/// ```text
/// DSSEV1 28 application/vnd.in-toto+json 17 b'{\n  "_type": "…"}'
/// ```
///
/// The quote is `'`, since JSON always has a `"`. The length is that of the bytes themselves.
pub(crate) fn v0_2_hash(payload: &[u8]) -> [u8; 32] {
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
