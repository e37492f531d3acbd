//! One certificate, read strictly (RFC 5280 section 4).

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use der::{
    Decode as _, Tag, Tagged as _,
    asn1::{AnyRef, BitStringRef, GeneralizedTime, UtcTime},
};
use modelseal_hash::Hex;
use sha2::{Digest, Sha256};

use super::{
    extensions::{Extension, Extensions},
    name::{GeneralName, Name},
    names,
};
use crate::{
    der::{Fields, constructed, error, expect, explicit, primitive, read, write},
    error::Error,
    keys::{AlgorithmIdentifier, PublicKey, other_forms},
    time::UnixTime,
};

/// A certificate that is well-formed. Whether it is trusted is decided by the path.
///
/// One that is well-formed and not understood (a kind of key, a critical extension) is refused only
/// where it is used: chains carry certificates for other verifiers too.
#[derive(Clone, Debug)]
pub(crate) struct Certificate {
    index: usize,
    sha256: [u8; 32],
    der: Vec<u8>,
    tbs: Vec<u8>,
    signature_algorithm: AlgorithmIdentifier,
    signature: Vec<u8>,
    serial: Vec<u8>,
    issuer: Name,
    subject: Name,
    /// SHA-256 of the DER names: a step of path building costs the same for names of any size.
    issuer_id: [u8; 32],
    subject_id: [u8; 32],
    not_before: UnixTime,
    not_after: UnixTime,
    public_key: Result<PublicKey, Error>,
    extensions: Extensions,
}

impl Certificate {
    /// Reads the certificate at `index` of its list. Only DER in its one canonical form is read.
    pub(crate) fn from_der(der: &[u8], index: usize) -> Result<Self, Error> {
        let invalid = Error::CertificateInvalid { index };
        let (outer, tbs) = parse(der).map_err(|_| invalid)?;
        let extensions = Extensions::read(&tbs.extensions, &tbs.subject, index)?;
        let public_key = match PublicKey::for_certificate(tbs.public_key) {
            Err(Error::KeyUnsupported { .. }) => Err(Error::CertificateKeyUnsupported { index }),
            key => Ok(key.map_err(|_| invalid)?),
        };
        Ok(Self {
            index,
            sha256: Sha256::digest(der).into(),
            der: der.to_vec(),
            tbs: outer.tbs.to_vec(),
            signature_algorithm: outer.signature_algorithm,
            signature: outer.signature.to_vec(),
            serial: tbs.serial.to_vec(),
            issuer_id: Sha256::digest(tbs.issuer.der()).into(),
            subject_id: Sha256::digest(tbs.subject.der()).into(),
            issuer: tbs.issuer,
            subject: tbs.subject,
            not_before: tbs.not_before,
            not_after: tbs.not_after,
            public_key,
            extensions,
        })
    }

    /// The position in the list that the certificate came in.
    pub(crate) const fn index(&self) -> usize {
        self.index
    }

    /// SHA-256 of the certificate's bytes.
    pub(crate) const fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// The certificate's bytes.
    pub(crate) fn der(&self) -> &[u8] {
        &self.der
    }

    /// What the issuer signed.
    pub(crate) fn tbs(&self) -> &[u8] {
        &self.tbs
    }

    /// The subject's key, if it is of a kind that is accepted.
    pub(crate) const fn public_key(&self) -> Result<&PublicKey, Error> {
        match &self.public_key {
            Ok(key) => Ok(key),
            Err(error) => Err(*error),
        }
    }

    /// Prepares for many checks by the subject's key: for the certificates of a trust root.
    pub(crate) fn precompute(&mut self) {
        if let Ok(key) = &mut self.public_key {
            key.precompute();
        }
    }

    /// Section 4.2: a certificate with a critical extension that is not understood is not used.
    pub(super) const fn check_understood(&self, index: usize) -> Result<(), Error> {
        if self.extensions.unknown_critical {
            return Err(Error::ExtensionCriticalUnknown { index });
        }
        Ok(())
    }

    /// The subject as an RFC 4514 string. Its author chose it: escape it where it is shown.
    pub(crate) fn subject(&self) -> String {
        names::to_text(&self.subject)
    }

    /// The issuer as an RFC 4514 string. Its author chose it: escape it where it is shown.
    pub(crate) fn issuer(&self) -> String {
        names::to_text(&self.issuer)
    }

    /// The subject's alternative names (section 4.2.1.6).
    pub(crate) fn subject_alt_names(&self) -> &[GeneralName] {
        &self.extensions.subject_alt_names
    }

    /// The value of the extension with a list of SCTs (RFC 6962 section 3.3).
    pub(crate) fn sct_list(&self) -> Option<&[u8]> {
        self.extensions.sct_list.as_deref()
    }

    /// The value of Fulcio's extension `number`.
    pub(crate) fn fulcio(&self, number: u32) -> Option<&[u8]> {
        let mut extensions = self.extensions.fulcio.iter();
        let (_, value) = extensions.find(|(own, _)| *own == number)?;
        Some(value)
    }

    /// Is this the certificate of `issuer` and `serial`, which identify one (section 4.1.2.2)?
    pub(crate) fn is_identified_by(&self, issuer: &Name, serial: &[u8]) -> bool {
        self.issuer == *issuer && self.serial == serial
    }

    /// The key's identifier (section 4.2.1.2).
    pub(crate) const fn subject_key_identifier(&self) -> Option<&Vec<u8>> {
        self.extensions.subject_key_identifier.as_ref()
    }

    /// Is it marked as an authority (section 4.2.1.9)?
    pub(crate) fn is_ca(&self) -> bool {
        self.extensions.is_ca()
    }

    /// The serial number in lower-case hex, without the zero octet of its sign.
    pub(crate) fn serial_hex(&self) -> String {
        let octets = match self.serial.as_slice() {
            [0, rest @ ..] if !rest.is_empty() => rest,
            octets => octets,
        };
        Hex(octets).to_string()
    }

    /// The first moment of validity.
    pub(crate) const fn not_before(&self) -> UnixTime {
        self.not_before
    }

    /// The last moment of validity.
    pub(crate) const fn not_after(&self) -> UnixTime {
        self.not_after
    }

    /// Does it verify under its own key? Names decide nothing: real leaves share their issuer's.
    pub(crate) fn is_self_signed(&self) -> bool {
        self.verify_signed_by(self).is_ok()
    }

    /// SHA-256 of the certificate in every form that it has. An ECDSA signature has two that are both
    /// valid, so that anyone can change the certificate's digest without a key.
    pub(crate) fn sha256_of_every_form(&self) -> Vec<[u8; 32]> {
        let mut digests = Vec::from([self.sha256]);
        for signature in other_forms(&self.signature) {
            digests.push(Sha256::digest(self.with_signature(&signature)).into());
        }
        digests
    }

    /// The certificate's DER with another signature (section 4.1.1).
    fn with_signature(&self, signature: &[u8]) -> Vec<u8> {
        let signature = write::bit_string(signature);
        let algorithm = self.signature_algorithm.encoding();
        let fields = [self.tbs.as_slice(), &algorithm, &signature];
        write::sequence(&fields.concat())
    }

    /// Section 3.2: issuer and subject are the same entity.
    pub(crate) fn is_self_issued(&self) -> bool {
        self.issuer_id == self.subject_id
    }

    /// Is `self` the issuer that `other` names? Section 4.1.2.4 has authorities write their name
    /// the same way every time, so octets are compared, not section 7.1's prepared strings: that
    /// can only lose a path.
    pub(crate) fn is_named_issuer_of(&self, other: &Self) -> bool {
        self.subject_id == other.issuer_id
    }

    /// Section 6.1.3 (a) (1): the signature, with the issuer's key.
    pub(super) fn verify_signed_by(&self, issuer: &Self) -> Result<(), Error> {
        let key = issuer.public_key()?;
        if !key.signs_certificates() {
            return Err(Error::CertificateKeyUnsupported {
                index: issuer.index,
            });
        }
        key.verify_certificate_signature(
            &self.signature_algorithm,
            &self.tbs,
            &self.signature,
            self.index,
        )
    }

    pub(super) const fn extensions(&self) -> &Extensions {
        &self.extensions
    }

    pub(crate) const fn subject_name(&self) -> &Name {
        &self.subject
    }
}

/// The three parts of a certificate (section 4.1.1).
struct Outer<'a> {
    /// The first field, byte for byte.
    tbs: &'a [u8],
    signature_algorithm: AlgorithmIdentifier,
    signature: &'a [u8],
}

/// The fields of a TBSCertificate (section 4.1.2).
struct Tbs<'a> {
    serial: &'a [u8],
    issuer: Name,
    not_before: UnixTime,
    not_after: UnixTime,
    subject: Name,
    /// The SubjectPublicKeyInfo in DER.
    public_key: &'a [u8],
    extensions: Vec<Extension<'a>>,
}

fn parse(der: &[u8]) -> der::Result<(Outer<'_>, Tbs<'_>)> {
    let mut fields = Fields::of(read(der)?, Tag::Sequence)?;
    let tbs = fields.encoded()?;
    let signature_algorithm = fields.encoded()?;
    let signature: BitStringRef<'_> = fields.any()?.decode_as()?;
    fields.finish()?;
    let outer = Outer {
        tbs,
        signature_algorithm: AlgorithmIdentifier::read(AnyRef::from_der(signature_algorithm)?)?,
        signature: signature.as_bytes().ok_or_else(error)?,
    };
    let tbs = Tbs::read(AnyRef::from_der(tbs)?, signature_algorithm)?;
    Ok((outer, tbs))
}

impl<'a> Tbs<'a> {
    fn read(tbs: AnyRef<'a>, signature_algorithm: &[u8]) -> der::Result<Self> {
        let mut fields = Fields::of(tbs, Tag::Sequence)?;
        // Section 4.1.2.1: extensions make it version 3; without them nothing says what it is for.
        expect(explicit(fields.any()?, 0)?.decode_as::<u8>()? == 2)?;
        let serial = fields.any()?;
        serial.tag().assert_eq(Tag::Integer)?;
        // Section 4.1.1.2: the unsigned copy of the algorithm must be the signed one.
        expect(fields.encoded()? == signature_algorithm)?;
        let issuer = Name::read(fields.encoded()?)?;
        let mut validity = fields.sequence()?;
        let [not_before, not_after] = [time(validity.any()?)?, time(validity.any()?)?];
        validity.finish()?;
        let subject = Name::read(fields.encoded()?)?;
        let public_key = fields.encoded()?;
        // Unique identifiers: nothing uses them.
        for number in [1, 2] {
            if let Some(id) = fields.optional(primitive(number))? {
                AnyRef::new(Tag::BitString, id.value())?.decode_as::<BitStringRef<'_>>()?;
            }
        }
        // Section 4.1.2.9: SEQUENCE SIZE (1..MAX).
        let extensions = match fields.optional(constructed(3))? {
            Some(list) => Fields::of(explicit(list, 3)?, Tag::Sequence)?.each(Extension::read)?,
            None => Vec::new(),
        };
        fields.finish()?;
        check_serial(serial.value(), issuer == subject)?;
        // Section 4.1.2.4: a non-empty issuer.
        expect(!issuer.is_empty())?;
        Ok(Self {
            serial: serial.value(),
            issuer,
            not_before,
            not_after,
            subject,
            public_key,
            extensions,
        })
    }
}

/// Section 4.1.2.2: positive, 20 octets. A zero in front is the sign, not the value. Roots with the
/// serial number 0 are in use: it tells apart what one authority issued, and only that.
fn check_serial(octets: &[u8], is_self_issued: bool) -> der::Result<()> {
    let positive = octets.first().is_some_and(|octet| *octet < 0x80);
    let value = octets.strip_prefix(&[0]).unwrap_or(octets);
    expect(positive && value.len() <= 20 && (octets != [0] || is_self_issued))
}

/// Section 4.1.2.5: UTCTime to 2049, GeneralizedTime from 2050.
fn time(value: AnyRef<'_>) -> der::Result<UnixTime> {
    const START_OF_2050: u64 = 2_524_608_000;
    let seconds = match value.tag() {
        Tag::UtcTime => value.decode_as::<UtcTime>()?.to_unix_duration().as_secs(),
        _ => {
            let time: GeneralizedTime = value.decode_as()?;
            let seconds = time.to_unix_duration().as_secs();
            expect(seconds >= START_OF_2050)?;
            seconds
        }
    };
    Ok(UnixTime::from_seconds(seconds))
}
