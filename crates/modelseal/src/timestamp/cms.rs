//! The response around a `TSTInfo`: a CMS `SignedData` with one signer (RFC 3161 section 2.4.2,
//! RFC 5652).
//!
//! Parsed by hand: a derived parser would accept more than a timestamp may contain.

use alloc::vec::Vec;

use const_oid::db::{
    rfc5911::{ID_CONTENT_TYPE, ID_MESSAGE_DIGEST, ID_SIGNED_DATA},
    rfc5912::ID_SHA_256,
};
use der::{
    Decode as _, Tag, Tagged as _,
    asn1::{AnyRef, ObjectIdentifier, OctetStringRef},
};

use crate::{
    der::{Fields, constructed, error, expect, explicit, primitive, read},
    error::Error,
    keys::{AlgorithmIdentifier, Hash},
    x509::{Certificate, Name},
};

/// id-ct-TSTInfo (RFC 3161 section 2.4.2).
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");

/// id-aa-signingCertificateV2 (RFC 5035 section 3).
const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// A `TimeStampToken`, unverified.
#[derive(Debug)]
pub(super) struct Token {
    /// The `TSTInfo` in DER.
    pub(super) content: Vec<u8>,
    /// Certificates in DER.
    pub(super) certificates: Vec<Vec<u8>>,
    pub(super) signer: SignerInfo,
}

/// The one signer (RFC 5652 section 5.3).
#[derive(Debug)]
pub(super) struct SignerInfo {
    id: SignerId,
    digest_algorithm: AlgorithmIdentifier,
    /// The attributes as they are signed: a SET OF.
    attributes: Vec<u8>,
    content_type: ObjectIdentifier,
    message_digest: Vec<u8>,
    /// `None` where there is only the legacy attribute, which uses SHA-1.
    certificate_id: Option<CertificateId>,
    signature_algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
}

#[derive(Debug)]
enum SignerId {
    IssuerAndSerial(Name, Vec<u8>),
    KeyIdentifier(Vec<u8>),
}

/// `ESSCertIDv2` (RFC 5035 section 4): which certificate the signer means.
#[derive(Debug)]
struct CertificateId {
    hash: AlgorithmIdentifier,
    digest: Vec<u8>,
}

impl Token {
    /// Reads the response at `index` of a bundle.
    pub(super) fn read(response: &[u8], index: usize) -> Result<Self, Error> {
        let invalid = |_| Error::TimestampInvalid { index };
        let token = read_response(response).map_err(invalid)?;
        let token = token.ok_or(Error::TimestampNotGranted { index })?;
        read_signed_data(token).map_err(invalid)
    }
}

impl SignerInfo {
    /// Does the token name `certificate` as its signer's?
    pub(super) fn names(&self, certificate: &Certificate) -> bool {
        match &self.id {
            SignerId::IssuerAndSerial(issuer, serial) => {
                certificate.is_identified_by(issuer, serial)
            }
            SignerId::KeyIdentifier(id) => certificate.subject_key_identifier() == Some(id),
        }
    }

    /// Does the token name a signer that `issuer` issued?
    pub(super) fn names_issuer(&self, issuer: &Certificate) -> bool {
        match &self.id {
            SignerId::IssuerAndSerial(name, _) => issuer.subject_name() == name,
            SignerId::KeyIdentifier(_) => false,
        }
    }

    /// Did the key of `certificate` sign `content` (RFC 5652 section 5.4)?
    pub(super) fn verify(
        &self,
        content: &[u8],
        certificate: &Certificate,
        index: usize,
    ) -> Result<(), Error> {
        let unsupported = Error::TimestampAlgorithmUnsupported { index };
        let hash = |algorithm: &AlgorithmIdentifier| Hash::read(algorithm).ok_or(unsupported);
        let digest = hash(&self.digest_algorithm)?;
        if self.content_type != TST_INFO || digest.digest(&[content]) != self.message_digest {
            return Err(Error::TimestampSignatureMismatch { index });
        }
        let id = self.certificate_id.as_ref().ok_or(unsupported)?;
        if hash(&id.hash)?.digest(&[certificate.der()]) != id.digest {
            return Err(Error::TimestampCertificateMismatch { index });
        }
        let key = certificate.public_key()?;
        let valid = key.verify_cms_signature(
            &self.signature_algorithm,
            digest,
            &self.attributes,
            &self.signature,
        );
        if valid.ok_or(unsupported)? {
            Ok(())
        } else {
            Err(Error::TimestampSignatureMismatch { index })
        }
    }
}

/// Reads a `TimeStampResp`. None if it was not granted, or only with changes.
fn read_response(response: &[u8]) -> der::Result<Option<AnyRef<'_>>> {
    let mut fields = Fields::of(read(response)?, Tag::Sequence)?;
    // A message for people and the reasons of a failure may follow.
    if fields.sequence()?.number()? != 0 {
        return Ok(None);
    }
    let token = fields.any()?;
    fields.finish()?;
    Ok(Some(token))
}

fn read_signed_data(token: AnyRef<'_>) -> der::Result<Token> {
    let mut info = Fields::of(token, Tag::Sequence)?;
    expect(info.oid()? == ID_SIGNED_DATA)?;
    let data = explicit(info.any()?, 0)?;
    info.finish()?;
    let mut data = Fields::of(data, Tag::Sequence)?;
    // RFC 5652 section 5.1: version 3, since the content is not plain data.
    expect(data.number()? == 3)?;
    data.any()?.tag().assert_eq(Tag::Set)?; // digestAlgorithms: each signer has its own
    let content = read_content(data.sequence()?)?;
    let mut certificates = Vec::new();
    if let Some(list) = data.optional(constructed(0))? {
        let mut set = Fields::of(list, constructed(0))?;
        while !set.is_finished() {
            certificates.push(set.encoded()?.to_vec());
        }
    }
    data.optional(constructed(1))?; // crls: revocation is not checked
    // RFC 3161 section 2.4.2: no signature but that of the authority.
    let mut signers = Fields::of(data.any()?, Tag::Set)?;
    data.finish()?;
    let signer = SignerInfo::read(signers.sequence()?)?;
    signers.finish()?;
    Ok(Token {
        content,
        certificates,
        signer,
    })
}

/// `EncapsulatedContentInfo` (RFC 5652 section 5.2).
fn read_content(mut info: Fields<'_>) -> der::Result<Vec<u8>> {
    expect(info.oid()? == TST_INFO)?;
    let content = explicit(info.any()?, 0)?;
    info.finish()?;
    let content: &OctetStringRef = content.decode_as()?;
    Ok(content.as_bytes().to_vec())
}

impl SignerInfo {
    fn read(mut fields: Fields<'_>) -> der::Result<Self> {
        let version = fields.number()?;
        let id = SignerId::read(fields.any()?)?;
        // RFC 5652 section 5.3: the version follows the kind of identifier.
        expect(
            version
                == if matches!(id, SignerId::IssuerAndSerial(..)) {
                    1
                } else {
                    3
                },
        )?;
        let digest_algorithm = AlgorithmIdentifier::read(fields.any()?)?;
        let encoded = fields.encoded()?;
        let attributes = Attributes::read(encoded)?;
        let signature_algorithm = AlgorithmIdentifier::read(fields.any()?)?;
        let signature = fields.octets()?.to_vec();
        // unsignedAttrs: no one signs them, and nothing is read from them.
        fields.optional(constructed(1))?;
        fields.finish()?;
        Ok(Self {
            id,
            digest_algorithm,
            attributes: as_set(encoded),
            content_type: attributes.content_type.ok_or_else(error)?,
            message_digest: attributes.message_digest.ok_or_else(error)?,
            certificate_id: attributes.certificate_id,
            signature_algorithm,
            signature,
        })
    }
}

impl SignerId {
    fn read(id: AnyRef<'_>) -> der::Result<Self> {
        if id.tag() == primitive(0) {
            return Ok(Self::KeyIdentifier(id.value().to_vec()));
        }
        let mut fields = Fields::of(id, Tag::Sequence)?;
        let issuer = Name::read(fields.encoded()?)?;
        let serial = fields.any()?;
        serial.tag().assert_eq(Tag::Integer)?;
        let serial = serial.value().to_vec();
        fields.finish()?;
        Ok(Self::IssuerAndSerial(issuer, serial))
    }
}

/// The signed attributes that are read (RFC 5652 section 11, RFC 5035 section 3).
#[derive(Default)]
struct Attributes {
    content_type: Option<ObjectIdentifier>,
    message_digest: Option<Vec<u8>>,
    certificate_id: Option<CertificateId>,
}

impl Attributes {
    /// Reads `[0] IMPLICIT SET OF Attribute`, in DER's order and so none twice.
    fn read(encoded: &[u8]) -> der::Result<Self> {
        let mut set = Fields::of(AnyRef::from_der(encoded)?, constructed(0))?;
        let mut attributes = Self::default();
        let mut last: &[u8] = &[];
        let mut seen = Vec::new();
        while !set.is_finished() {
            let attribute = set.encoded()?;
            expect(last < attribute)?;
            last = attribute;
            let mut fields = Fields::of(AnyRef::from_der(attribute)?, Tag::Sequence)?;
            let oid = fields.oid()?;
            let values = fields.any()?;
            fields.finish()?;
            expect(!seen.contains(&oid))?;
            seen.push(oid);
            attributes.add(oid, values)?;
        }
        Ok(attributes)
    }

    fn add(&mut self, oid: ObjectIdentifier, values: AnyRef<'_>) -> der::Result<()> {
        let mut values = Fields::of(values, Tag::Set)?;
        match oid {
            ID_CONTENT_TYPE => self.content_type = Some(values.oid()?),
            ID_MESSAGE_DIGEST => self.message_digest = Some(values.octets()?.to_vec()),
            SIGNING_CERTIFICATE_V2 => {
                self.certificate_id = Some(CertificateId::read(values.sequence()?)?);
            }
            _ => return Ok(()),
        }
        // Each of the three has exactly one value.
        values.finish()
    }
}

impl CertificateId {
    /// The first of `SigningCertificateV2`: it is the signer's, others are of its issuers.
    fn read(mut attribute: Fields<'_>) -> der::Result<Self> {
        let mut ids = attribute.sequence()?;
        let mut id = ids.sequence()?;
        let hash = match id.optional(Tag::Sequence)? {
            Some(algorithm) => AlgorithmIdentifier::read(algorithm)?,
            None => AlgorithmIdentifier::without_parameters(ID_SHA_256),
        };
        let digest = id.octets()?.to_vec();
        Ok(Self { hash, digest })
    }
}

/// RFC 5652 section 5.4: the attributes are signed with the tag of a SET OF.
fn as_set(encoded: &[u8]) -> Vec<u8> {
    let mut set = encoded.to_vec();
    if let Some(tag) = set.first_mut() {
        *tag = 0x31;
    }
    set
}
