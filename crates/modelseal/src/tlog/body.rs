//! What an entry is about: the body must state this bundle's signature, content and signer.

use alloc::{string::String, vec::Vec};

use base64ct::{Base64, Encoding};
use modelseal_hash::Hex;

use crate::{
    bundle::{LogEntry, PAYLOAD_TYPE},
    error::{Error, Stage},
    json::{Document, Fields, Value},
    keys::{Hash, PublicKey},
    limits::Limits,
    pem::Pem,
    signed::Signed,
    x509::Certificate,
};

/// What a signature is verified with, as a log records it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Verifier<'a> {
    Certificate(&'a Certificate),
    Key(&'a PublicKey),
}

/// Compares the body of the entry at `index` with the bundle. The result is the hash that the entry
/// states for a signature over an artifact.
pub(super) fn verify(
    entry: &LogEntry,
    index: usize,
    signed: &Signed<'_>,
    verifier: &Verifier<'_>,
) -> Result<Option<Hash>, Error> {
    let invalid = Error::LogEntryInvalid { index };
    let value = Value::parse(&entry.body, &Limits::DEFAULT, Stage::Log).map_err(|_| invalid)?;
    // The bundle's errors are turned into the log's: the body is a document of its own.
    let body = Fields::of(&value, Document::Bundle, "body").map_err(|_| invalid)?;
    let text = |field| body.str(field).map_err(|_| invalid);
    if text("kind")? != entry.kind || text("apiVersion")? != entry.version {
        return Err(invalid);
    }
    let spec = body.fields("spec").map_err(|_| invalid)?;
    let read = match (entry.kind.as_str(), entry.version.as_str()) {
        ("hashedrekord", "0.0.1") => hashedrekord_v1(spec, signed),
        ("hashedrekord", "0.0.2") => hashedrekord_v2(spec, signed),
        ("dsse", "0.0.1") => dsse_v1(spec, signed),
        ("dsse", "0.0.2") => dsse_v2(spec, signed),
        ("intoto", "0.0.2") => intoto_v2(spec, signed),
        _ => return Err(Error::LogEntryKindUnsupported { index }),
    };
    let mismatch = Error::LogEntryMismatch { index };
    let recorded = read.map_err(|error| match error {
        Error::ArtifactDigestMissing { .. } => error,
        MISMATCH => mismatch,
        _ => invalid,
    })?;
    if recorded.digest_matches
        && recorded.signature == signed.signature()
        && verifier.is(&recorded.verifier, recorded.message_hash)
    {
        Ok(recorded.message_hash)
    } else {
        Err(mismatch)
    }
}

/// What a body records.
struct Recorded {
    /// The hash of a signature over an artifact. An envelope's follows the key.
    message_hash: Option<Hash>,
    digest_matches: bool,
    signature: Vec<u8>,
    verifier: RecordedVerifier,
}

/// The verifier that a body records: version 1 has PEM, version 2 says of which kind it and its key
/// are.
enum RecordedVerifier {
    Pem(Vec<u8>),
    Certificate { der: Vec<u8>, details: String },
    Key { spki: Vec<u8>, details: String },
}

impl Verifier<'_> {
    /// Is it the one that the log recorded, for signatures over digests by `hash`?
    fn is(&self, recorded: &RecordedVerifier, hash: Option<Hash>) -> bool {
        let own = match self {
            Self::Certificate(certificate) => (certificate.der(), "CERTIFICATE"),
            Self::Key(key) => (key.spki(), "PUBLIC KEY"),
        };
        match (recorded, self) {
            (RecordedVerifier::Pem(pem), _) => core::str::from_utf8(pem)
                .ok()
                .and_then(Pem::parse)
                .is_some_and(|pem| match pem.blocks.as_slice() {
                    [block] => (block.der.as_slice(), block.label) == own,
                    _ => false,
                }),
            (RecordedVerifier::Certificate { der, details }, Self::Certificate(own)) => {
                // Where the key is of no accepted kind the path says so.
                let key = own.public_key().ok();
                der == own.der() && key.is_none_or(|key| key.is_of(details, hash))
            }
            (RecordedVerifier::Key { spki, details }, Self::Key(own)) => {
                spki == own.spki() && own.is_of(details, hash)
            }
            _ => false,
        }
    }
}

/// Whichever entry it is.
const MISMATCH: Error = Error::LogEntryMismatch { index: 0 };

/// Rekor's `hashedrekord` 0.0.1, over an artifact or over an envelope's PAE.
fn hashedrekord_v1(spec: Fields<'_, '_>, signed: &Signed<'_>) -> Result<Recorded, Error> {
    let digest = spec.fields("data")?.fields("hash")?;
    let signature = spec.fields("signature")?;
    Ok(Recorded {
        message_hash: message_hash(digest, signed)?,
        digest_matches: hex_digest(digest, |hash| signed.digest(hash))?,
        signature: signature.bytes("content")?,
        verifier: RecordedVerifier::Pem(signature.fields("publicKey")?.bytes("content")?),
    })
}

/// Rekor v2's `hashedrekord` 0.0.2, over an artifact or over an envelope's PAE.
fn hashedrekord_v2(spec: Fields<'_, '_>, signed: &Signed<'_>) -> Result<Recorded, Error> {
    let spec = spec.fields("hashedRekordV002")?;
    let digest = spec.fields("data")?;
    let signature = spec.fields("signature")?;
    Ok(Recorded {
        message_hash: message_hash(digest, signed)?,
        digest_matches: base64_digest(digest, |hash| signed.digest(hash))?,
        signature: signature.bytes("content")?,
        verifier: verifier_v2(signature.fields("verifier")?)?,
    })
}

/// `dsse` 0.0.1. The hash of the envelope depends on how its JSON was written, which is lost; the
/// hash of the payload and the signature say all of it.
fn dsse_v1(spec: Fields<'_, '_>, signed: &Signed<'_>) -> Result<Recorded, Error> {
    let payload = payload(signed)?;
    has_digest(spec.fields("envelopeHash")?)?;
    let [signature] = spec.array("signatures")? else {
        return Err(MISMATCH);
    };
    let signature = Fields::of(signature, Document::Bundle, "signatures")?;
    Ok(Recorded {
        message_hash: None,
        digest_matches: hex_digest(spec.fields("payloadHash")?, |hash| {
            Ok(hash.digest(&[payload]))
        })?,
        signature: signature.bytes("signature")?,
        verifier: RecordedVerifier::Pem(signature.bytes("verifier")?),
    })
}

/// Rekor v2's `dsse` 0.0.2.
fn dsse_v2(spec: Fields<'_, '_>, signed: &Signed<'_>) -> Result<Recorded, Error> {
    let payload = payload(signed)?;
    let spec = spec.fields("dsseV002")?;
    let [signature] = spec.array("signatures")? else {
        return Err(MISMATCH);
    };
    let signature = Fields::of(signature, Document::Bundle, "signatures")?;
    Ok(Recorded {
        message_hash: None,
        digest_matches: base64_digest(spec.fields("payloadHash")?, |hash| {
            Ok(hash.digest(&[payload]))
        })?,
        signature: signature.bytes("content")?,
        verifier: verifier_v2(signature.fields("verifier")?)?,
    })
}

/// `intoto` 0.0.2, whose signature is in base64 twice.
fn intoto_v2(spec: Fields<'_, '_>, signed: &Signed<'_>) -> Result<Recorded, Error> {
    let payload = payload(signed)?;
    let content = spec.fields("content")?;
    has_digest(content.fields("hash")?)?;
    let envelope = content.fields("envelope")?;
    let [signature] = envelope.array("signatures")? else {
        return Err(MISMATCH);
    };
    if envelope.str("payloadType")? != PAYLOAD_TYPE {
        return Err(MISMATCH);
    }
    let signature = Fields::of(signature, Document::Bundle, "signatures")?;
    let inner = signature.bytes("sig")?;
    let inner = core::str::from_utf8(&inner).ok().map(Base64::decode_vec);
    let Some(Ok(inner)) = inner else {
        return Err(Error::Base64Invalid { field: "sig" });
    };
    Ok(Recorded {
        message_hash: None,
        digest_matches: hex_digest(content.fields("payloadHash")?, |hash| {
            Ok(hash.digest(&[payload]))
        })?,
        signature: inner,
        verifier: RecordedVerifier::Pem(signature.bytes("publicKey")?),
    })
}

/// An entry about an envelope does not fit a signature over an artifact.
fn payload<'a>(signed: &Signed<'a>) -> Result<&'a [u8], Error> {
    match signed {
        Signed::Envelope(envelope) => Ok(&envelope.payload),
        Signed::Message(..) => Err(MISMATCH),
    }
}

/// `{"algorithm": "sha256", "value": <hex>}`
fn hex_digest(
    fields: Fields<'_, '_>,
    own: impl Fn(Hash) -> Result<Vec<u8>, Error>,
) -> Result<bool, Error> {
    let hash = hash(fields)?;
    let own: String = alloc::format!("{}", Hex(&own(hash)?));
    Ok(fields.str("value")? == own)
}

/// `{"algorithm": "SHA2_256", "digest": <base64>}`
fn base64_digest(
    fields: Fields<'_, '_>,
    own: impl Fn(Hash) -> Result<Vec<u8>, Error>,
) -> Result<bool, Error> {
    let hash = hash(fields)?;
    Ok(fields.bytes("digest")? == own(hash)?)
}

/// The hash that a `hashedrekord` states, where the signature is over an artifact.
fn message_hash(fields: Fields<'_, '_>, signed: &Signed<'_>) -> Result<Option<Hash>, Error> {
    match signed {
        Signed::Envelope(_) => Ok(None),
        Signed::Message(..) => hash(fields).map(Some),
    }
}

/// A digest that cannot be compared must still be one.
fn has_digest(fields: Fields<'_, '_>) -> Result<(), Error> {
    hash(fields)?;
    fields.str("value").map(drop)
}

fn hash(fields: Fields<'_, '_>) -> Result<Hash, Error> {
    Hash::from_name(fields.str("algorithm")?).ok_or(MISMATCH)
}

/// `{"publicKey": {"rawBytes"}}` or `{"x509Certificate": {"rawBytes"}}`, and `keyDetails`.
fn verifier_v2(fields: Fields<'_, '_>) -> Result<RecordedVerifier, Error> {
    let details = fields.str("keyDetails")?.into();
    match (
        fields.optional_fields("x509Certificate")?,
        fields.optional_fields("publicKey")?,
    ) {
        (Some(certificate), None) => Ok(RecordedVerifier::Certificate {
            der: certificate.bytes("rawBytes")?,
            details,
        }),
        (None, Some(key)) => Ok(RecordedVerifier::Key {
            spki: key.bytes("rawBytes")?,
            details,
        }),
        _ => Err(MISMATCH),
    }
}
