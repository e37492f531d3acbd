//! `TSTInfo` against a reader that `der` derives from the ASN.1 of RFC 3161.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use std::{format, string::String, vec::Vec};

use der::{
    Decode, Encode, Sequence,
    asn1::{BitString, GeneralizedTime, Int, ObjectIdentifier, OctetString},
};
use proptest::prelude::*;
use spki::AlgorithmIdentifierOwned;
use x509_cert::ext::{Extensions, pkix::name::GeneralName};

use super::TstInfo;
use crate::{
    error::Error,
    keys::{AlgorithmIdentifier, Hash},
};

#[derive(Clone, Debug, Sequence)]
struct Reference {
    version: u8,
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    serial_number: Int,
    gen_time: GeneralizedTime,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "Default::default")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    tsa: Option<GeneralName>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Clone, Debug, Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    digest: OctetString,
}

#[derive(Clone, Debug, Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<Int>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<Int>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<Int>,
}

/// What ours makes of what the derived reader has read.
fn judge(read: &Reference) -> Result<(Hash, Vec<u8>, u64), Error> {
    if read.version != 1 {
        return Err(Error::TimestampInvalid { index: 0 });
    }
    let mut extensions = read.extensions.iter().flatten();
    if extensions.any(|extension| extension.critical) {
        return Err(Error::TimestampExtensionCritical { index: 0 });
    }
    let algorithm = read.imprint.algorithm.to_der().unwrap();
    let algorithm =
        AlgorithmIdentifier::read(der::asn1::AnyRef::from_der(&algorithm).unwrap()).unwrap();
    let unsupported = Error::TimestampAlgorithmUnsupported { index: 0 };
    Ok((
        Hash::read(&algorithm).ok_or(unsupported)?,
        read.imprint.digest.as_bytes().to_vec(),
        read.gen_time.to_unix_duration().as_secs(),
    ))
}

fn ours(der: &[u8]) -> Result<(Hash, Vec<u8>, u64), Error> {
    TstInfo::read(der, 0).map(|info| (info.hash, info.imprint, info.at.seconds()))
}

fn integer() -> impl Strategy<Value = Int> {
    any::<i64>().prop_map(|number| Int::from_der(&number.to_der().unwrap()).unwrap())
}

/// SHA-256, SHA-384, SHA-512 and SHA-1.
const HASHES: [&str; 4] = [
    "2.16.840.1.101.3.4.2.1",
    "2.16.840.1.101.3.4.2.2",
    "2.16.840.1.101.3.4.2.3",
    "1.3.14.3.2.26",
];

fn infos() -> impl Strategy<Value = Reference> {
    let accuracy = prop::option::of((
        prop::option::of(integer()),
        prop::option::of(integer()),
        prop::option::of(integer()),
    ));
    (
        prop_oneof![9 => Just(1_u8), 1 => any::<u8>()],
        prop::sample::select(&HASHES[..]),
        prop::collection::vec(any::<u8>(), 0..70),
        integer(),
        0..200_000_000_000_u64,
        accuracy,
        any::<bool>(),
        prop::option::of(integer()),
        prop::option::of(any::<bool>()),
    )
        .prop_map(
            |(version, oid, digest, serial_number, at, accuracy, ordering, nonce, critical)| {
                let at = core::time::Duration::from_secs(at);
                Reference {
                    version,
                    policy: ObjectIdentifier::new_unwrap("1.3.6.1.4.1.57264.2"),
                    imprint: MessageImprint {
                        algorithm: AlgorithmIdentifierOwned {
                            oid: ObjectIdentifier::new_unwrap(oid),
                            parameters: None,
                        },
                        digest: OctetString::new(digest).unwrap(),
                    },
                    serial_number,
                    gen_time: GeneralizedTime::from_unix_duration(at).unwrap(),
                    accuracy: accuracy.map(|(seconds, millis, micros)| Accuracy {
                        seconds,
                        millis,
                        micros,
                    }),
                    ordering,
                    nonce,
                    tsa: None,
                    extensions: critical.map(|critical| {
                        std::vec![x509_cert::ext::Extension {
                            extn_id: ObjectIdentifier::new_unwrap("1.3.6.1.4.1.32473.1"),
                            critical,
                            extn_value: OctetString::new([5, 0]).unwrap(),
                        }]
                    }),
                }
            },
        )
}

/// `BIT STRING` represents a type that has no place here.
fn strange() -> Vec<u8> {
    BitString::from_bytes(&[0]).unwrap().to_der().unwrap()
}

proptest! {
    #[test]
    fn whole_ones_are_read(info in infos()) {
        prop_assert_eq!(ours(&info.to_der()?), judge(&info));
    }

    /// What the derived reader refuses, ours refuses; what it reads, ours reads as it does.
    #[test]
    fn changed_ones_are_read_as_the_derived_reader_reads_them(
        info in infos(),
        at: prop::sample::Index,
        octet: u8,
        kind in 0..4_u8,
    ) {
        let mut der = info.to_der()?;
        let at = at.index(der.len());
        match kind {
            0 => der[at] = octet,
            1 => der.insert(at, octet),
            2 => drop(der.remove(at)),
            _ => der.extend(strange()),
        }
        let expected = match Reference::from_der(&der) {
            Ok(read) => judge(&read),
            Err(_) => Err(Error::TimestampInvalid { index: 0 }),
        };
        let actual = ours(&der);
        // The derived reader knows no parts of a second, and ours no policy of its own.
        prop_assert_eq!(actual.is_ok(), expected.is_ok(), "{:?} {:?}", actual, expected);
        if expected.is_ok() {
            prop_assert_eq!(actual, expected);
        }
    }

    /// Parts of a second are cut off; they end with no zero (RFC 3161 section 2.4.2).
    #[test]
    fn parts_of_a_second_are_cut_off(info in infos(), parts in "[0-9]{0,9}") {
        let info = Reference { version: 1, extensions: None, ..info };
        let whole = info.gen_time.to_der()?;
        let text = String::from_utf8(whole[2..whole.len() - 1].to_vec())?;
        let with = format!("{text}.{parts}Z");
        let tag = [&[0x18, u8::try_from(with.len())?], with.as_bytes()].concat();
        let der = info.to_der()?;
        let start = der.windows(whole.len()).position(|window| window == whole).unwrap();
        let changed = [&der[..start], &tag, &der[start + whole.len()..]].concat();
        // The outer length grew, perhaps by an octet of its own.
        let content = match changed[1] {
            0x81 => &changed[3..],
            _ => &changed[2..],
        };
        let changed = der::asn1::Any::new(der::Tag::Sequence, content)?.to_der()?;
        let allowed = !parts.is_empty() && !parts.ends_with('0');
        match judge(&info) {
            Ok(expected) if allowed => prop_assert_eq!(ours(&changed), Ok(expected)),
            Ok(_) => prop_assert_eq!(ours(&changed), Err(Error::TimestampInvalid { index: 0 })),
            Err(_) => prop_assert!(ours(&changed).is_err()),
        }
    }
}
