//! Lists of SCTs against a reading that counts octets, and what is signed against what is written.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::unwrap_used
)]

use std::vec::Vec;

use proptest::prelude::*;

use super::{Sct, read_list};

type Parts = (Vec<u8>, u64, Vec<u8>, u8, Vec<u8>);

/// RFC 6962 sections 3.2 and 3.3, octet by octet, in a DER OCTET STRING.
fn reference(value: &[u8]) -> Option<Vec<Parts>> {
    let mut at = 0;
    let mut take = |count: usize| {
        let taken = value.get(at..at + count)?;
        at += count;
        Some(taken)
    };
    let number = |octets: &[u8]| {
        octets
            .iter()
            .fold(0_u64, |sum, octet| sum << 8 | u64::from(*octet))
    };
    let length = |octets: &[u8]| usize::try_from(number(octets)).unwrap();
    // DER: the shortest length that there is.
    if take(1)? != [4] {
        return None;
    }
    let first = take(1)?[0];
    let content = match first {
        0..=0x7f => usize::from(first),
        0x81 => Some(length(take(1)?)).filter(|length| *length > 0x7f)?,
        0x82 => Some(length(take(2)?)).filter(|length| *length > 0xff)?,
        _ => return None,
    };
    let total = length(take(2)?);
    if content != total + 2 {
        return None;
    }
    let mut left = total;
    let mut scts = Vec::new();
    while left > 0 {
        let size = length(take(2)?);
        left = left.checked_sub(size + 2)?;
        let sct = take(size)?;
        let extensions = length(sct.get(41..43)?);
        let signature = 43 + extensions;
        let end = signature + 4 + length(sct.get(signature + 2..signature + 4)?);
        // Version 1 is 0; SHA-256 is 4; nothing follows.
        if sct[0] != 0 || sct[signature] != 4 || sct.len() != end {
            return None;
        }
        scts.push((
            sct[1..33].to_vec(),
            number(&sct[33..41]),
            sct[43..signature].to_vec(),
            sct[signature + 1],
            sct[signature + 4..].to_vec(),
        ));
    }
    (at == value.len()).then_some(scts)
}

fn ours(value: &[u8]) -> Option<Vec<Parts>> {
    let scts = read_list(value)?;
    Some(scts.iter().map(parts).collect())
}

fn parts(sct: &Sct<'_>) -> Parts {
    (
        sct.log_id.to_vec(),
        sct.timestamp,
        sct.extensions.to_vec(),
        sct.algorithm,
        sct.signature.to_vec(),
    )
}

fn vector(octets: &[u8]) -> Vec<u8> {
    [&u16::try_from(octets.len()).unwrap().to_be_bytes(), octets].concat()
}

fn write(scts: &[Parts]) -> Vec<u8> {
    let list = scts
        .iter()
        .flat_map(|(log, timestamp, extensions, algorithm, signature)| {
            vector(
                &[
                    &[0],
                    log.as_slice(),
                    &timestamp.to_be_bytes(),
                    &vector(extensions),
                    &[4, *algorithm],
                    &vector(signature),
                ]
                .concat(),
            )
        });
    let list: Vec<u8> = vector(&list.collect::<Vec<_>>());
    let length = match list.len() {
        short @ 0..=0x7f => std::vec![u8::try_from(short).unwrap()],
        long @ 0..=0xff => std::vec![0x81, u8::try_from(long).unwrap()],
        long => [
            &[0x82],
            u16::try_from(long).unwrap().to_be_bytes().as_slice(),
        ]
        .concat(),
    };
    [&[4], length.as_slice(), &list].concat()
}

fn octets(most: usize) -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(any::<u8>(), 0..most)
}

fn sct() -> impl Strategy<Value = Parts> {
    let log = any::<[u8; 32]>().prop_map(|id| id.to_vec());
    (log, any::<u64>(), octets(12), any::<u8>(), octets(80))
}

fn scts() -> impl Strategy<Value = Vec<Parts>> {
    prop::collection::vec(sct(), 0..4)
}

proptest! {
    #[test]
    fn what_is_written_is_read(scts in scts()) {
        let value = write(&scts);
        prop_assert_eq!(reference(&value), Some(scts.clone()));
        prop_assert_eq!(ours(&value), Some(scts));
    }

    #[test]
    fn changed_lists_are_read_octet_by_octet(
        scts in scts(),
        at: prop::sample::Index,
        change in prop_oneof![Just(None), any::<u8>().prop_map(Some)],
        replaces: bool,
    ) {
        let mut value = write(&scts);
        let at = at.index(value.len());
        match (change, replaces) {
            (Some(octet), true) => value[at] = octet,
            (Some(octet), false) => value.insert(at, octet),
            (None, true) => drop(value.remove(at)),
            (None, false) => value.truncate(at),
        }
        prop_assert_eq!(ours(&value), reference(&value));
    }

    /// RFC 6962 section 3.2, `digitally-signed struct`.
    #[test]
    fn what_is_signed_has_every_field_in_its_place(
        sct in sct(),
        issuer: [u8; 32],
        certificate in octets(300),
    ) {
        let value = write(std::slice::from_ref(&sct));
        let read = read_list(&value).unwrap();
        let signed = read[0].signed(&issuer, &certificate).unwrap();
        let (_, timestamp, extensions, ..) = sct;
        let mut expected = std::vec![0, 0];
        expected.extend(timestamp.to_be_bytes());
        expected.extend([0, 1]);
        expected.extend(issuer);
        expected.extend(&u32::try_from(certificate.len()).unwrap().to_be_bytes()[1..]);
        expected.extend(certificate);
        expected.extend(vector(&extensions));
        prop_assert_eq!(signed, expected);
    }
}
