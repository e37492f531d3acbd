//! What a log of certificates signed: the certificate before it had SCTs (RFC 6962 section 3.2).

use alloc::vec::Vec;

use der::{
    Decode, Header, Length, Reader, SliceReader, Tag, TagMode, TagNumber, Tagged,
    asn1::{AnyRef, ContextSpecific},
};
use x509_cert::ext::Extension;

use super::{certificate::Certificate, extensions::SCT_LIST};
use crate::der::encode;

/// The certificate's TBSCertificate without the list of SCTs, in DER.
///
/// The fields are copied octet by octet: nothing but the list and the lengths around it changes.
pub(crate) fn precertificate(certificate: &Certificate) -> Option<Vec<u8>> {
    without_scts(certificate.tbs()).ok()
}

fn without_scts(tbs: &[u8]) -> der::Result<Vec<u8>> {
    let tbs = AnyRef::from_der(tbs)?;
    let mut reader = SliceReader::new(tbs.value())?;
    let mut fields = Vec::new();
    while !reader.is_finished() {
        let field = reader.tlv_bytes()?;
        let tag = AnyRef::from_der(field)?.tag();
        // RFC 5280 section 4.1: extensions are `[3] EXPLICIT`, and the last field.
        if tag
            == (Tag::ContextSpecific {
                constructed: true,
                number: TagNumber(3),
            })
        {
            let read = ContextSpecific::<Vec<Extension>>::from_der(field)?;
            let value: Vec<_> = read
                .value
                .into_iter()
                .filter(|extension| extension.extn_id != SCT_LIST)
                .collect();
            let extensions = ContextSpecific {
                tag_number: TagNumber(3),
                tag_mode: TagMode::Explicit,
                value,
            };
            fields.extend(encode(&extensions)?);
        } else {
            fields.extend_from_slice(field);
        }
    }
    let mut encoded = encode(&Header::new(Tag::Sequence, Length::try_from(fields.len())?))?;
    encoded.extend(fields);
    Ok(encoded)
}
