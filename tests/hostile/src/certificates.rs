//! Certificates and timestamps whose DER holds as many small things as it can.

use base64ct::{Base64, Encoding};
use modelseal_forge_oms::certificate::{Certificate, Extension, extension};
use modelseal_forge_oms::context::Pki;
use modelseal_forge_oms::der;

use crate::shape::{By, Made, Shape, bundle, envelope};

/// In base64 that is 61 MiB of bundle.
const LARGE: usize = 46 * 1024 * 1024;

/// Under any limit that real certificates and timestamps leave room for.
const SMALL: usize = 60 * 1024;

/// A change of a certificate, up to a size in bytes.
type Change = fn(&mut Certificate, usize);

const CHANGES: [(&str, &str, Change); 10] = [
    (
        "san-ip",
        "subjectAltName of empty IP addresses",
        |leaf, size| {
            set(leaf, extension::SUBJECT_ALT_NAME, repeat(&[0x87, 0], size));
        },
    ),
    ("issuer-rdns", "issuer of many RDNs", |leaf, size| {
        let rdn = der::tlv(der::SET, &attribute(&der::null()));
        leaf.issuer = repeat(&rdn, size);
    }),
    (
        "one-rdn",
        "issuer of one RDN with many attributes",
        |leaf, size| {
            let attributes = attribute(&der::null()).repeat(size / attribute(&der::null()).len());
            leaf.issuer = der::tlv(der::SEQUENCE, &der::tlv(der::SET, &attributes));
        },
    ),
    (
        "san-oid",
        "subjectAltName of registered ids",
        |leaf, size| {
            set(
                leaf,
                extension::SUBJECT_ALT_NAME,
                repeat(&[0x88, 1, 0x2a], size),
            );
        },
    ),
    (
        "name-constraints",
        "name constraints of empty subtrees",
        |leaf, size| {
            let subtree = der::sequence(&[vec![0x87, 0]]);
            let subtrees = subtree.repeat(size / subtree.len());
            set(
                leaf,
                extension::NAME_CONSTRAINTS,
                der::sequence(&[der::explicit(0, &subtrees)]),
            );
        },
    ),
    (
        "aia",
        "authorityInfoAccess of many descriptions",
        |leaf, size| {
            let description = der::sequence(&[small_oid(), vec![0x87, 0]]);
            set(leaf, "1.3.6.1.5.5.7.1.1", repeat(&description, size));
        },
    ),
    ("eku", "extKeyUsage of many purposes", |leaf, size| {
        set(
            leaf,
            extension::EXTENDED_KEY_USAGE,
            repeat(&small_oid(), size),
        );
    }),
    ("extensions", "many extensions", |leaf, size| {
        let extension = der::sequence(&[small_oid(), der::tlv(der::OCTET_STRING, &[])]);
        leaf.raw_extensions = vec![extension.repeat(size / extension.len())];
    }),
    (
        "subject-unknown",
        "subject with one long attribute of an unknown type",
        |leaf, size| {
            leaf.subject = subject(&small_oid(), &vec![b'a'; size]);
        },
    ),
    (
        "subject-quotes",
        "subject with a common name of quotes",
        |leaf, size| {
            leaf.subject = subject(&der::oid("2.5.4.3"), &vec![b'"'; size]);
        },
    ),
];

/// Every shape, `scale` times smaller than at its worst.
pub(crate) fn shapes(scale: usize) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for (name, what, change) in CHANGES {
        shapes.push(Shape::new(name, what, move || {
            certificates(&[leaf(change, LARGE / scale, 1)])
        }));
    }
    // Of which each is within a limit of its own.
    shapes.push(Shape::new(
        "certificates-16",
        "16 certificates, each with an issuer of many RDNs",
        move || {
            let (_, _, change) = CHANGES[1];
            let all: Vec<Vec<u8>> = (1..=16)
                .map(|number| leaf(change, SMALL / scale, number))
                .collect();
            certificates(&all)
        },
    ));
    shapes.push(Shape::new("timestamp", "a timestamp of NULLs", move || {
        timestamps(1, LARGE / scale)
    }));
    shapes.push(Shape::new(
        "timestamps-32",
        "32 timestamps of NULLs",
        move || timestamps(32, SMALL / scale),
    ));
    shapes
}

fn leaf(change: Change, size: usize, serial: u8) -> Vec<u8> {
    let pki = Pki::default();
    let mut leaf = pki.leaf();
    leaf.serial = vec![serial];
    change(&mut leaf, size);
    leaf.sign(&pki.intermediate_key)
}

/// A bundle of these certificates. No check gets as far as the signature.
fn certificates(ders: &[Vec<u8>]) -> Made {
    let listed: Vec<String> = ders
        .iter()
        .map(|der| format!("{{\"rawBytes\":\"{}\"}}", Base64::encode_string(der)))
        .collect();
    let material = format!(
        "\"x509CertificateChain\":{{\"certificates\":[{}]}}",
        listed.join(",")
    );
    Made {
        bundle: bundle(&material, &envelope(b"{}", b"no signature")),
        by: By::Certificate,
    }
}

/// A bundle of timestamps that hold nothing but NULLs.
fn timestamps(count: u8, size: usize) -> Made {
    let stamp = |number: u8| {
        let status = der::sequence(&[der::unsigned(&[number])]);
        Base64::encode_string(&der::sequence(&[status, repeat(&der::null(), size)]))
    };
    let listed: Vec<String> = (1..=count)
        .map(|number| format!("{{\"signedTimestamp\":\"{}\"}}", stamp(number)))
        .collect();
    let pki = Pki::default();
    let material = format!(
        "\"certificate\":{{\"rawBytes\":\"{}\"}},\"timestampVerificationData\":{{\"rfc3161Timestamps\":[{}]}}",
        Base64::encode_string(&pki.leaf().sign(&pki.intermediate_key)),
        listed.join(",")
    );
    Made {
        bundle: bundle(&material, &envelope(b"{}", b"no signature")),
        by: By::Certificate,
    }
}

fn set(leaf: &mut Certificate, oid: &'static str, value: Vec<u8>) {
    leaf.set(Extension::new(oid, false, value));
}

/// A SEQUENCE of one value, as often as it fits.
fn repeat(value: &[u8], size: usize) -> Vec<u8> {
    der::tlv(der::SEQUENCE, &value.repeat(size / value.len()))
}

/// The shortest: 1.2.
fn small_oid() -> Vec<u8> {
    vec![0x06, 0x01, 0x2a]
}

fn attribute(value: &[u8]) -> Vec<u8> {
    der::sequence(&[small_oid(), value.to_vec()])
}

fn subject(oid: &[u8], text: &[u8]) -> Vec<u8> {
    let pair = der::sequence(&[oid.to_vec(), der::tlv(der::UTF8_STRING, text)]);
    der::sequence(&[der::tlv(der::SET, &pair)])
}
