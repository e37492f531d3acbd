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
    Decode, Reader, SliceReader, Tag, TagNumber, Tagged,
    asn1::{AnyRef, Int, ObjectIdentifier, OctetStringRef},
};
use spki::AlgorithmIdentifierOwned;
use x509_cert::name::Name;

use crate::{der::well_formed, error::Error, keys::Hash, x509::Certificate};

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
    digest_algorithm: AlgorithmIdentifierOwned,
    /// The attributes as they are signed: a SET OF.
    attributes: Vec<u8>,
    content_type: ObjectIdentifier,
    message_digest: Vec<u8>,
    /// `None` where there is only the legacy attribute, which uses SHA-1.
    certificate_id: Option<CertificateId>,
    signature_algorithm: AlgorithmIdentifierOwned,
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
    hash: AlgorithmIdentifierOwned,
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
        let hash =
            |algorithm: &AlgorithmIdentifierOwned| Hash::read(&algorithm.into()).ok_or(unsupported);
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
    let response = AnyRef::from_der(response)?;
    well_formed(response)?;
    let mut fields = open(response, Tag::Sequence)?;
    let mut status = open(AnyRef::decode(&mut fields)?, Tag::Sequence)?;
    let granted = u32::decode(&mut status)? == 0;
    // A message for people, and the reasons of a failure.
    while !status.is_finished() {
        status.tlv_bytes()?;
    }
    if !granted {
        return Ok(None);
    }
    let token = AnyRef::decode(&mut fields)?;
    fields.finish()?;
    Ok(Some(token))
}

fn read_signed_data(token: AnyRef<'_>) -> der::Result<Token> {
    let mut info = open(token, Tag::Sequence)?;
    expect(ObjectIdentifier::decode(&mut info)? == ID_SIGNED_DATA)?;
    let data = explicit(AnyRef::decode(&mut info)?, 0)?;
    info.finish()?;
    let mut data = open(data, Tag::Sequence)?;
    // RFC 5652 section 5.1: version 3, since the content is not plain data.
    expect(u8::decode(&mut data)? == 3)?;
    AnyRef::decode(&mut data)?.tag().assert_eq(Tag::Set)?; // digestAlgorithms: each signer has its own
    let content = read_content(AnyRef::decode(&mut data)?)?;
    let mut certificates = Vec::new();
    let mut next = AnyRef::decode(&mut data)?;
    if next.tag() == context(0) {
        let mut set = SliceReader::new(next.value())?;
        while !set.is_finished() {
            certificates.push(set.tlv_bytes()?.to_vec());
        }
        next = AnyRef::decode(&mut data)?;
    }
    if next.tag() == context(1) {
        next = AnyRef::decode(&mut data)?; // crls: revocation is not checked
    }
    data.finish()?;
    // RFC 3161 section 2.4.2: no signature but that of the authority.
    let mut signers = open(next, Tag::Set)?;
    let signer = SignerInfo::read(AnyRef::decode(&mut signers)?)?;
    signers.finish()?;
    Ok(Token {
        content,
        certificates,
        signer,
    })
}

/// `EncapsulatedContentInfo` (RFC 5652 section 5.2).
fn read_content(info: AnyRef<'_>) -> der::Result<Vec<u8>> {
    let mut info = open(info, Tag::Sequence)?;
    expect(ObjectIdentifier::decode(&mut info)? == TST_INFO)?;
    let content = explicit(AnyRef::decode(&mut info)?, 0)?;
    info.finish()?;
    let content: &OctetStringRef = content.decode_as()?;
    Ok(content.as_bytes().to_vec())
}

impl SignerInfo {
    fn read(info: AnyRef<'_>) -> der::Result<Self> {
        let mut fields = open(info, Tag::Sequence)?;
        let version = u8::decode(&mut fields)?;
        let id = SignerId::read(AnyRef::decode(&mut fields)?)?;
        // RFC 5652 section 5.3: the version follows the kind of identifier.
        expect(
            version
                == if matches!(id, SignerId::IssuerAndSerial(..)) {
                    1
                } else {
                    3
                },
        )?;
        let digest_algorithm = AlgorithmIdentifierOwned::decode(&mut fields)?;
        let encoded = fields.tlv_bytes()?;
        let attributes = Attributes::read(encoded)?;
        let signature_algorithm = AlgorithmIdentifierOwned::decode(&mut fields)?;
        let signature = <&OctetStringRef>::decode(&mut fields)?.as_bytes().to_vec();
        // unsignedAttrs: no one signs them, and nothing is read from them.
        if !fields.is_finished() {
            AnyRef::decode(&mut fields)?.tag().assert_eq(context(1))?;
        }
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
        let implicit = Tag::ContextSpecific {
            number: TagNumber(0),
            constructed: false,
        };
        if id.tag() == implicit {
            return Ok(Self::KeyIdentifier(id.value().to_vec()));
        }
        let mut fields = open(id, Tag::Sequence)?;
        let issuer = Name::decode(&mut fields)?;
        let serial = Int::decode(&mut fields)?.as_bytes().to_vec();
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
        let mut set = open(AnyRef::from_der(encoded)?, context(0))?;
        let mut attributes = Self::default();
        let mut last: &[u8] = &[];
        let mut seen = Vec::new();
        while !set.is_finished() {
            let attribute = set.tlv_bytes()?;
            expect(last < attribute)?;
            last = attribute;
            let mut fields = open(AnyRef::from_der(attribute)?, Tag::Sequence)?;
            let oid = ObjectIdentifier::decode(&mut fields)?;
            let values = AnyRef::decode(&mut fields)?;
            fields.finish()?;
            expect(!seen.contains(&oid))?;
            seen.push(oid);
            attributes.add(oid, values)?;
        }
        Ok(attributes)
    }

    fn add(&mut self, oid: ObjectIdentifier, values: AnyRef<'_>) -> der::Result<()> {
        let mut values = open(values, Tag::Set)?;
        match oid {
            ID_CONTENT_TYPE => self.content_type = Some(ObjectIdentifier::decode(&mut values)?),
            ID_MESSAGE_DIGEST => {
                let digest = <&OctetStringRef>::decode(&mut values)?;
                self.message_digest = Some(digest.as_bytes().to_vec());
            }
            SIGNING_CERTIFICATE_V2 => {
                self.certificate_id = Some(CertificateId::read(AnyRef::decode(&mut values)?)?);
            }
            _ => return Ok(()),
        }
        // Each of the three has exactly one value.
        values.finish()
    }
}

impl CertificateId {
    /// The first of `SigningCertificateV2`: it is the signer's, others are of its issuers.
    fn read(attribute: AnyRef<'_>) -> der::Result<Self> {
        let mut fields = open(attribute, Tag::Sequence)?;
        let mut ids = open(AnyRef::decode(&mut fields)?, Tag::Sequence)?;
        let mut id = open(AnyRef::decode(&mut ids)?, Tag::Sequence)?;
        let mut next = AnyRef::decode(&mut id)?;
        let hash = if next.tag() == Tag::Sequence {
            let algorithm = next.decode_as()?;
            next = AnyRef::decode(&mut id)?;
            algorithm
        } else {
            AlgorithmIdentifierOwned {
                oid: ID_SHA_256,
                parameters: None,
            }
        };
        let digest: &OctetStringRef = next.decode_as()?;
        Ok(Self {
            hash,
            digest: digest.as_bytes().to_vec(),
        })
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

fn open(any: AnyRef<'_>, tag: Tag) -> der::Result<SliceReader<'_>> {
    any.tag().assert_eq(tag)?;
    SliceReader::new(any.value())
}

/// The value inside `[number] EXPLICIT`.
fn explicit(any: AnyRef<'_>, number: u32) -> der::Result<AnyRef<'_>> {
    any.tag().assert_eq(context(number))?;
    AnyRef::from_der(any.value())
}

const fn context(number: u32) -> Tag {
    Tag::ContextSpecific {
        number: TagNumber(number),
        constructed: true,
    }
}

fn expect(holds: bool) -> der::Result<()> {
    if holds { Ok(()) } else { Err(error()) }
}

fn error() -> der::Error {
    der::ErrorKind::Failed.into()
}
