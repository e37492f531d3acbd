//! A Sigstore bundle (protobuf-specs, `sigstore_bundle.proto`) in its JSON form: shape only.
//!
//! Nothing that a bundle says can be read from a [`Bundle`]. It is verified first: a model's in
//! `envelope.rs`, an artifact's in `artifact.rs`.

mod log_entry;
mod material;

use alloc::{string::String, vec::Vec};

use sha2::{Digest as _, Sha256};

pub(crate) use log_entry::{InclusionProof, LogEntry};
pub(crate) use material::{Material, PublicKeyMaterial};

use crate::{
    error::{Error, Stage},
    file_kind::{FileKind, without_mark},
    json::{Document, Fields, TOP_LEVEL, Value, json_lines},
    limits::Limits,
};

/// The only payload type of OMS (OMS 1.0 section 4).
pub(crate) const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// A bundle whose shape is right and whose content is not verified.
///
/// ```compile_fail
/// # fn claimed(bundle: modelseal::Bundle) -> Vec<u8> {
/// bundle.content // private: unverified data cannot be used
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
    pub(crate) log_entries: Vec<LogEntry>,
    /// RFC 3161 responses in DER.
    pub(crate) timestamps: Vec<Vec<u8>>,
    pub(crate) content: Content,
    pub(crate) limits: Limits,
}

/// What the signature is over.
#[derive(Debug)]
pub(crate) enum Content {
    /// A DSSE envelope: a statement, which names what was signed.
    Envelope(Envelope),
    /// One artifact that is not in the bundle.
    Message(MessageSignature),
}

/// The bundle's envelope, with its one signature.
#[derive(Debug)]
pub(crate) struct Envelope {
    pub(crate) payload: Vec<u8>,
    pub(crate) signature: Vec<u8>,
}

/// A signature over an artifact.
#[derive(Debug)]
pub(crate) struct MessageSignature {
    /// `messageDigest`: the name of its algorithm, and the digest.
    pub(crate) digest: Option<(String, Vec<u8>)>,
    pub(crate) signature: Vec<u8>,
}

impl Bundle {
    /// Reads a bundle's shape. One byte order mark before it is skipped.
    ///
    /// # Errors
    /// [`Error::BundleUnreadable`] for what is not a bundle at all, and others
    /// of the stages [`Stage::Bundle`], [`Stage::Material`], [`Stage::Timestamp`], [`Stage::Log`]
    /// and [`Stage::Certificate`].
    pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Self, Error> {
        let (size, limit) = (bytes.len(), limits.bundle_bytes);
        if size > limit {
            return Err(Error::BundleTooLarge { limit, size });
        }
        let value = parse_json(bytes, limits)?;
        let bundle = Fields::of(&value, Document::Bundle, TOP_LEVEL)?;
        if bundle.optional("mediaType").is_none() {
            let found = kind_of_object(bundle);
            return Err(Error::BundleUnreadable { found });
        }
        let media_type = MediaType::from_name(bundle.str("mediaType")?)?;
        let content = Content::read(bundle, limits)?;
        bundle.only(&[
            "mediaType",
            "verificationMaterial",
            "dsseEnvelope",
            "messageSignature",
        ])?;
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
            log_entries: log_entry::log_entries(fields.optional_array("tlogEntries")?, limits)?,
            timestamps: match fields.optional_fields("timestampVerificationData")? {
                None => Vec::new(),
                Some(data) => log_entry::timestamps(data, limits)?,
            },
            content,
            limits: *limits,
        })
    }
}

impl Content {
    fn read(bundle: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        match (
            bundle.optional_fields("dsseEnvelope")?,
            bundle.optional_fields("messageSignature")?,
        ) {
            (Some(_), Some(_)) => Err(Error::ContentAmbiguous),
            (Some(envelope), None) => Envelope::read(envelope, limits).map(Self::Envelope),
            (None, Some(message)) => MessageSignature::read(message, limits).map(Self::Message),
            (None, None) => Err(Error::BundleFieldMissing {
                field: "dsseEnvelope",
            }),
        }
    }
}

impl Envelope {
    /// The DSSE envelope (DSSE v1.0 "envelope"), with exactly one signature.
    fn read(fields: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
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
        Ok(Self {
            payload: fields.bytes("payload")?,
            signature: read_signature(signature, "sig", limits)?,
        })
    }
}

impl MessageSignature {
    fn read(fields: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let fields = fields.only(&["messageDigest", "signature"])?;
        let digest = fields
            .optional_fields("messageDigest")?
            .map(|digest| {
                let digest = digest.only(&["algorithm", "digest"])?;
                let bytes = read_signature(digest, "digest", limits)?;
                Ok((digest.str("algorithm")?.into(), bytes))
            })
            .transpose()?;
        Ok(Self {
            digest,
            signature: read_signature(fields, "signature", limits)?,
        })
    }
}

/// Reads the JSON of a bundle; what is not one at all is named for what it is.
fn parse_json<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Value<'a>, Error> {
    let json = without_mark(bytes);
    if json.trim_ascii_start().first() != Some(&b'{') {
        let found = FileKind::of(bytes);
        return Err(Error::BundleUnreadable { found });
    }
    Value::parse(json, limits, Stage::Bundle).map_err(|error| {
        let found = match (FileKind::of(bytes), json_lines(json, limits)) {
            (found @ FileKind::Utf16, _) => found,
            (_, Some(count)) => FileKind::JsonLines { count },
            (_, None) => return error,
        };
        Error::BundleUnreadable { found }
    })
}

/// What a JSON object without a media type is.
fn kind_of_object(object: Fields<'_, '_>) -> FileKind {
    let has = |field| object.optional(field).is_some();
    if has("attestations") {
        FileKind::AttestationsAnswer
    } else if has("attestation_bundles") || has("verification_material") {
        FileKind::PypiAttestation
    } else if has("base64Signature") || has("rekorBundle") || has("SignedEntryTimestamp") {
        FileKind::CosignSignature
    } else if has("payload") && has("signatures") {
        FileKind::Envelope
    } else if has("_type") {
        FileKind::InTotoStatement
    } else {
        FileKind::Json
    }
}

/// Reads a signature, or something as small.
pub(crate) fn read_signature(
    fields: Fields<'_, '_>,
    field: &'static str,
    limits: &Limits,
) -> Result<Vec<u8>, Error> {
    let limit = limits.signature_bytes;
    fields.bytes_up_to(field, limit, Error::SignatureTooLarge { limit })
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
