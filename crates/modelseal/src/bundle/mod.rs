//! A Sigstore bundle (protobuf-specs, `sigstore_bundle.proto`) in its JSON form: shape only.
//!
//! Nothing that a bundle says can be read from a [`Bundle`]. It has to be verified first.

mod material;

use alloc::vec::Vec;

use base64ct::{Base64, Encoding};
use sha2::{Digest as _, Sha256};

pub(crate) use material::{Material, PublicKeyMaterial};

use crate::{
    error::{Error, Stage},
    json::{Document, Fields, Value},
    limits::Limits,
};

/// The only payload type of OMS (OMS 1.0 section 4).
pub(crate) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A bundle whose shape is right and whose content nobody has vouched for.
///
/// ```compile_fail
/// # fn claimed(bundle: modelseal::Bundle) -> Vec<u8> {
/// bundle.envelope.payload // private: unverified data cannot be used
/// # }
/// ```
///
/// ```compile_fail
/// let bundle = modelseal::Bundle::default(); // made by `parse` alone
/// ```
#[derive(Debug)]
pub struct Bundle {
    pub(crate) sha256: [u8; 32],
    pub(crate) media_type: MediaType,
    pub(crate) material: Material,
    pub(crate) log_entries: usize,
    pub(crate) timestamps: usize,
    pub(crate) envelope: Envelope,
    pub(crate) limits: Limits,
}

/// An envelope as the bundle brought it, with its one signature.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

impl Bundle {
    /// Reads a bundle's shape.
    ///
    /// # Errors
    /// Of the stages [`Stage::Bundle`], [`Stage::Material`] and [`Stage::Certificate`].
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let (size, limit) = (bytes.len(), limits.bundle_bytes);
        if size == 0 {
            return Err(Error::BundleEmpty);
        }
        if size > limit {
            return Err(Error::BundleTooLarge { limit, size });
        }
        let value = Value::parse(bytes, limits, Stage::Bundle)?;
        let bundle = Fields::of(&value, Document::Bundle, "top level")?;
        let media_type = MediaType::from_name(bundle.str("mediaType")?)?;
        // A bundle with a messageSignature instead signs one artifact, not a model.
        let envelope = bundle.fields("dsseEnvelope")?;
        bundle.only(&["mediaType", "verificationMaterial", "dsseEnvelope"])?;
        let fields = bundle.fields("verificationMaterial")?.only(&[
            "certificate",
            "publicKey",
            "timestampVerificationData",
            "tlogEntries",
            "x509CertificateChain",
        ])?;
        Ok(Self {
            sha256: Sha256::digest(bytes).into(),
            media_type,
            material: Material::read(fields, limits)?,
            log_entries: count(fields.optional_array("tlogEntries")?, limits)?,
            timestamps: match fields.optional_fields("timestampVerificationData")? {
                None => 0,
                Some(data) => count(
                    data.only(&["rfc3161Timestamps"])?
                        .optional_array("rfc3161Timestamps")?,
                    limits,
                )?,
            },
            envelope: read_envelope(envelope)?,
            limits: *limits,
        })
    }

    /// Refuses what only the keyless method can check so far: no unverified evidence is passed over.
    pub(crate) fn refuse_unchecked_evidence(&self) -> Result<(), Error> {
        if self.log_entries > 0 {
            return Err(Error::LogEntryUnsupported);
        }
        if self.timestamps > 0 {
            return Err(Error::TimestampUnsupported);
        }
        Ok(())
    }
}

fn count(entries: &[Value<'_>], limits: &Limits) -> Result<usize, Error> {
    let limit = limits.log_entries;
    if entries.len() > limit {
        Err(Error::LogEntryCount { limit })
    } else {
        Ok(entries.len())
    }
}

/// The DSSE envelope (DSSE v1.0 "envelope"), with exactly one signature.
fn read_envelope(fields: Fields<'_, '_>) -> Result<Envelope, Error> {
    let fields = fields.only(&["payload", "payloadType", "signatures"])?;
    if fields.str("payloadType")? != PAYLOAD_TYPE {
        return Err(Error::EnvelopePayloadType);
    }
    let [signature] = fields.optional_array("signatures")? else {
        return Err(Error::SignatureCount {
            count: fields.optional_array("signatures")?.len(),
        });
    };
    let signature =
        Fields::of(signature, Document::Bundle, "signatures")?.only(&["keyid", "sig"])?;
    // DSSE calls keyid an unauthenticated hint; nothing here depends on it.
    signature.optional_str("keyid")?;
    Ok(Envelope {
        payload: decode_base64(fields.str("payload")?, "payload")?,
        signature: decode_base64(signature.str("sig")?, "sig")?,
    })
}

/// RFC 4648 section 4, with padding, without line breaks, canonical in its last bits.
pub(crate) fn decode_base64(text: &str, field: &'static str) -> Result<Vec<u8>, Error> {
    Base64::decode_vec(text).map_err(|_| Error::Base64Invalid { field })
}

/// A bundle's media type. OMS has the last one; the others belong to the keyless method.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum MediaType {
    V01,
    V02,
    V03Parameter,
    V03,
}

impl MediaType {
    const ALL: [Self; 4] = [Self::V01, Self::V02, Self::V03Parameter, Self::V03];

    fn from_name(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|this| this.name() == name);
        known.ok_or(Error::MediaTypeUnsupported)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::V01 => "application/vnd.dev.sigstore.bundle+json;version=0.1",
            Self::V02 => "application/vnd.dev.sigstore.bundle+json;version=0.2",
            Self::V03Parameter => "application/vnd.dev.sigstore.bundle+json;version=0.3",
            Self::V03 => "application/vnd.dev.sigstore.bundle.v0.3+json",
        }
    }
}
