//! The bundle's verification material: exactly one of its kinds.

use alloc::{string::String, vec::Vec};

use super::read_signature;
use crate::{
    error::Error,
    json::{Document, Fields, Value},
    limits::Limits,
};

/// What the bundle contains to verify its signature with. All of it is a claim.
#[derive(Debug)]
pub(crate) enum Material {
    /// One certificate in DER: the keyless method.
    Certificate(Vec<u8>),
    /// Certificates in DER, leaf first: the certificate method.
    CertificateChain(Vec<Vec<u8>>),
    /// A hint at a key, or the key itself: the key method.
    PublicKey(PublicKeyMaterial),
}

/// `publicKey` of OMS 1.0 (`hint`), or of signers before 1.1.0 (`rawBytes`, `keyDetails`).
#[derive(Debug)]
pub(crate) struct PublicKeyMaterial {
    /// SHA-256 in lower-case hex of the key in PEM.
    pub(crate) hint: Option<String>,
    /// The key in PEM or DER.
    pub(crate) raw_bytes: Option<Vec<u8>>,
    /// `PublicKeyDetails` of protobuf-specs, such as `PKIX_ECDSA_P384_SHA_384`.
    pub(crate) key_details: Option<String>,
}

impl Material {
    pub(super) fn read(fields: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let kinds = ["certificate", "publicKey", "x509CertificateChain"];
        match kinds
            .iter()
            .filter(|kind| fields.optional(kind).is_some())
            .count()
        {
            0 => return Err(Error::MaterialMissing),
            1 => {}
            _ => return Err(Error::MaterialAmbiguous),
        }
        if let Some(key) = fields.optional_fields("publicKey")? {
            return PublicKeyMaterial::read(key, limits).map(Self::PublicKey);
        }
        if let Some(certificate) = fields.optional("certificate") {
            return read_certificate(certificate, 0, limits).map(Self::Certificate);
        }
        let chain = fields
            .fields("x509CertificateChain")?
            .only(&["certificates"])?;
        let certificates = chain.optional_array("certificates")?;
        let limit = limits.certificates;
        if certificates.is_empty() || certificates.len() > limit {
            return Err(Error::CertificateCount { limit });
        }
        certificates
            .iter()
            .enumerate()
            .map(|(index, value)| read_certificate(value, index, limits))
            .collect::<Result<_, _>>()
            .map(Self::CertificateChain)
    }
}

fn read_certificate(value: &Value<'_>, index: usize, limits: &Limits) -> Result<Vec<u8>, Error> {
    let fields = Fields::of(value, Document::Bundle, "certificate")?.only(&["rawBytes"])?;
    let limit = limits.certificate_bytes;
    fields.bytes_up_to(
        "rawBytes",
        limit,
        Error::CertificateTooLarge { index, limit },
    )
}

impl PublicKeyMaterial {
    fn read(fields: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let fields = fields.only(&["hint", "keyDetails", "rawBytes"])?;
        // The JSON form of Protocol Buffers does not tell an empty string from an absent one.
        let text = |field| Ok(fields.optional_str(field)?.filter(|text| !text.is_empty()));
        Ok(Self {
            hint: text("hint")?.map(String::from),
            raw_bytes: match fields.optional("rawBytes") {
                None => None,
                Some(_) => Some(read_signature(fields, "rawBytes", limits)?),
            }
            .filter(|bytes| !bytes.is_empty()),
            key_details: text("keyDetails")?.map(String::from),
        })
    }
}
