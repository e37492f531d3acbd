//! What a log of certificates signed: the certificate before it had SCTs (RFC 6962 section 3.2).

use alloc::vec::Vec;

use der::{Decode as _, Tag, Tagged as _, asn1::AnyRef};

use super::{
    certificate::Certificate,
    extensions::{Extension, SCT_LIST},
};
use crate::der::{Fields, constructed, explicit, write};

/// The certificate's TBSCertificate without the list of SCTs, in DER.
///
/// The fields are copied octet by octet: nothing but the list and the lengths around it changes.
pub(crate) fn precertificate(certificate: &Certificate) -> Option<Vec<u8>> {
    without_scts(certificate.tbs()).ok()
}

fn without_scts(tbs: &[u8]) -> der::Result<Vec<u8>> {
    let mut tbs = Fields::of(AnyRef::from_der(tbs)?, Tag::Sequence)?;
    let mut fields = Vec::new();
    while !tbs.is_finished() {
        let encoded = tbs.encoded()?;
        let field = AnyRef::from_der(encoded)?;
        // RFC 5280 section 4.1: extensions are `[3] EXPLICIT`, and the last field.
        if field.tag() == constructed(3) {
            let mut extensions = Fields::of(explicit(field, 3)?, Tag::Sequence)?;
            let mut others = Vec::new();
            while !extensions.is_finished() {
                let extension = extensions.encoded()?;
                if Extension::read(AnyRef::from_der(extension)?)?.oid != SCT_LIST {
                    others.extend_from_slice(extension);
                }
            }
            fields.extend(write::value(0xa3, &write::sequence(&others)));
        } else {
            fields.extend_from_slice(encoded);
        }
    }
    Ok(write::sequence(&fields))
}
