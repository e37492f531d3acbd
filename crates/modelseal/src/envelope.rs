//! The DSSE envelope: its signature over the PAE (DSSE v1.0 "protocol").

use alloc::{format, vec::Vec};

use sha2::{Digest as _, Sha256};

use crate::{
    bundle::{Bundle, Envelope, PAYLOAD_TYPE},
    clock::Clock,
    error::Error,
    limits::Limits,
    policy::{Expectation, Policy},
    signer::{DigestsV01, Signer},
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
}

impl Bundle {
    /// Verifies the signature under `policy` at the time of `clock`.
    ///
    /// # Errors
    /// Of the stages from [`Stage::Bundle`](crate::Stage::Bundle) to
    /// [`Stage::Signature`](crate::Stage::Signature).
    pub fn verify(self, policy: &Policy, clock: Clock) -> Result<VerifiedPayload, Error> {
        let signer = policy.accept_signer(&self, clock)?;
        let form = self.envelope.verify(&signer)?;
        Ok(VerifiedPayload {
            payload: self.envelope.payload,
            form,
            signer,
            context: Context {
                bundle_sha256: self.sha256,
                media_type: Some(self.media_type.name()),
                expectation: policy.expectation().clone(),
                clock,
            },
            policy: policy.clone(),
            limits: self.limits,
        })
    }
}

impl Envelope {
    fn verify(&self, signer: &Signer) -> Result<Form, Error> {
        let key = signer.key();
        // The payload type was compared when the bundle was read; the constant is what is signed.
        let head = format!(
            "DSSEv1 {} {PAYLOAD_TYPE} {} ",
            PAYLOAD_TYPE.len(),
            self.payload.len()
        );
        let mismatch = match key.verify_by_curve(&[head.as_bytes(), &self.payload], &self.signature)
        {
            Ok(()) => return Ok(Form::V1),
            Err(error) => error,
        };
        if mismatch != Error::SignatureMismatch || signer.digests_v01 == DigestsV01::Unknown {
            return Err(mismatch);
        }
        // v0.2.0 signed another text, with SHA-256 whatever the curve.
        key.verify_sha256_prehash(&digests_v01_hash(&self.payload), &self.signature)?;
        match signer.digests_v01 {
            DigestsV01::Allowed => Ok(Form::DigestsV01),
            DigestsV01::Refused | DigestsV01::Unknown => Err(Error::LegacyNotAllowed),
        }
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
