//! Certificates of real signers, and forged ones for what no public suite reaches.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod derived;

mod forge;

mod limbo;

use std::{format, string::String, vec, vec::Vec};

use base64ct::{Base64, Encoding};
use der::DateTime;
use forge::{Forged, Key, extension};
use serde_json::Value;

use super::{Anchors, Certificate, Purpose, verify_path};
use crate::{
    budget::Budget, error::Error, file_kind::FileKind, limits::Limits, pem::Pem, testing,
    time::UnixTime,
};

const KEYS: &str = "oms/assets/keys";

/// A time at which all fixtures but the expired one are valid.
fn now() -> UnixTime {
    time("2026-11-22T00:00:00Z")
}

fn time(text: &str) -> UnixTime {
    text.parse::<DateTime>().unwrap().into()
}

fn read(pem: &str, index: usize) -> Certificate {
    Certificate::from_der(&Pem::parse(pem).unwrap().blocks[0].der, index).unwrap()
}

fn sign_code<'a>(
    leaf: &'a Certificate,
    others: &'a [Certificate],
    anchors: &'a Anchors,
) -> Result<Vec<&'a Certificate>, Error> {
    verify_path(
        leaf,
        &[others],
        anchors,
        &[now()],
        Purpose::CodeSigning,
        &Budget::new(&Limits::default()),
    )
    .map(|path| path.certificates().collect())
}

/// Leaf, intermediate and root of the public OMS suite: RSA authorities, and a leaf that has
/// CA:TRUE and the name of its issuer without being self-signed.
fn fixture(test: &str) -> Option<[String; 3]> {
    let file = |name: &str| testing::vector(test, &format!("{KEYS}/certificate/{name}"));
    Some([
        file("signing-key-cert.pem")?,
        file("int-ca-cert.pem")?,
        file("ca-cert.pem")?,
    ])
}

#[test]
fn oms_chain() {
    let Some([leaf, intermediate, root]) = fixture("oms_chain") else {
        return;
    };
    let anchors = Anchors::from_pem([root.as_str()]).unwrap();
    let subjects = ["CN=intermediate-ca", "CN=intermediate-ca", "CN=root-ca"];
    // In any order after the leaf, with the root, and with the leaf again.
    let lists: [&[&String]; 4] = [
        &[&intermediate],
        &[&intermediate, &root],
        &[&root, &intermediate],
        &[&leaf, &intermediate, &intermediate],
    ];
    for list in lists {
        let others: Vec<_> = list
            .iter()
            .zip(1..)
            .map(|(pem, index)| read(pem, index))
            .collect();
        let leaf = read(&leaf, 0);
        let path = sign_code(&leaf, &others, &anchors).unwrap();
        assert_eq!(
            path.iter().map(|link| link.subject()).collect::<Vec<_>>(),
            subjects
        );
    }
    let leaf = read(&leaf, 0);
    assert!(!leaf.is_self_signed());
    assert_eq!(leaf.issuer(), leaf.subject());
    assert_eq!(
        sign_code(&leaf, &[], &anchors).unwrap_err(),
        Error::IssuerUnknown
    );
}

#[test]
fn oms_chain_at_other_times() {
    let Some([leaf, intermediate, root]) = fixture("oms_chain_at_other_times") else {
        return;
    };
    let anchors = Anchors::from_pem([root.as_str()]).unwrap();
    let (leaf, others) = (read(&leaf, 0), [read(&intermediate, 1)]);
    let at = |at| {
        verify_path(
            &leaf,
            &[&others],
            &anchors,
            &[at],
            Purpose::CodeSigning,
            &Budget::new(&Limits::default()),
        )
        .map(drop)
    };
    let (not_before, not_after) = (time("2025-05-02T23:36:28Z"), time("2035-04-30T23:36:28Z"));
    assert_eq!(
        (leaf.not_before(), leaf.not_after()),
        (not_before, not_after)
    );
    assert_eq!((at(not_before), at(not_after)), (Ok(()), Ok(())));
    let early = time("2025-05-02T23:36:27Z");
    let error = Error::CertificateNotYetValid {
        index: 0,
        at: early,
        not_before,
    };
    assert_eq!(at(early), Err(error));
    let late = time("2035-04-30T23:36:29Z");
    assert_eq!(
        at(late),
        Err(Error::CertificateExpired {
            index: 0,
            at: late,
            not_after
        })
    );
}

#[test]
fn oms_anchors_below_the_root() {
    let Some([leaf, intermediate, root]) = fixture("oms_anchors_below_the_root") else {
        return;
    };
    let self_signed = |anchors: &Anchors| anchors.clone().with_self_signed_alone();
    let not_self_signed = Error::AnchorNotSelfSigned;
    let anchors = Anchors::from_pem([intermediate.as_str()]).unwrap();
    assert_eq!(self_signed(&anchors).unwrap_err(), not_self_signed);
    let certificate = read(&leaf, 0);
    let others = [read(&intermediate, 1), read(&root, 2)];
    assert_eq!(sign_code(&certificate, &others, &anchors).unwrap().len(), 2);
    // The leaf's own name as its issuer's makes it no root.
    let anchors = Anchors::from_pem([leaf.as_str()]).unwrap();
    assert_eq!(self_signed(&anchors).unwrap_err(), not_self_signed);
    assert_eq!(sign_code(&certificate, &others, &anchors).unwrap().len(), 1);
    // Of a file with both the root is the anchor, and a path may lead through the other.
    let anchors = Anchors::from_pem([format!("A root\n{root}{intermediate}").as_str()]).unwrap();
    assert_eq!(sign_code(&certificate, &[], &anchors).unwrap().len(), 2);
    let anchors = self_signed(&anchors).unwrap();
    assert_eq!(sign_code(&certificate, &[], &anchors).unwrap().len(), 3);
}

#[test]
fn oms_other_keys() {
    let file = |path: &str| testing::vector("oms_other_keys", &format!("{KEYS}/{path}"));
    let Some([_, intermediate, root]) = fixture("oms_other_keys") else {
        return;
    };
    let expired = read(&file("expired/signing-key-cert.pem").unwrap(), 0);
    let anchors = Anchors::from_pem([root.as_str()]).unwrap();
    let not_after = time("2020-01-02T00:00:00Z");
    let result = sign_code(&expired, &[read(&intermediate, 1)], &anchors).map(drop);
    assert_eq!(
        result,
        Err(Error::CertificateExpired {
            index: 0,
            at: now(),
            not_after
        })
    );

    let self_signed = file("self-signed/signing-cert.pem").unwrap();
    let own = Anchors::from_pem([self_signed.as_str()]).unwrap();
    let own = own.with_self_signed_alone().unwrap();
    let leaf = read(&self_signed, 0);
    assert_eq!(sign_code(&leaf, &[], &own).unwrap().len(), 1);
    assert_eq!(
        sign_code(&leaf, &[], &anchors).unwrap_err(),
        Error::IssuerUnknown
    );

    let wrong = Anchors::from_pem([file("wrong/wrong-ca-cert.pem").unwrap().as_str()]).unwrap();
    assert_eq!(
        sign_code(&leaf, &[], &wrong).unwrap_err(),
        Error::IssuerUnknown
    );
}

#[test]
fn nvidia_root() {
    let Some(pem) = testing::vector("nvidia_root", "roots/nv-agent-root-cert.pem") else {
        return;
    };
    let root = read(&pem, 0);
    assert!(root.is_self_signed());
    assert_eq!(root.not_after(), UnixTime::MAX);
    assert_eq!(root.not_after().seconds(), 253_402_300_799);
    let name = "CN=NVIDIA Agent Capabilities CA,O=NVIDIA Corporation,C=US";
    assert_eq!(
        (root.subject(), root.issuer()),
        (String::from(name), String::from(name))
    );
}

#[test]
fn nvidia_skills() {
    let skipped = "nvidia_skills";
    let Some(root) = testing::vector(skipped, "roots/nv-agent-root-cert.pem") else {
        return;
    };
    let anchors = Anchors::from_pem([root.as_str()]).unwrap();
    let expected = testing::vector(skipped, "nvidia-skills/expected.json").unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    for (skill, expected) in expected.as_object().unwrap() {
        let path = format!("nvidia-skills/{skill}/skill.oms.sig");
        let bundle: Value =
            serde_json::from_str(&testing::vector(skipped, &path).unwrap()).unwrap();
        let chain = &bundle["verificationMaterial"]["x509CertificateChain"]["certificates"];
        let ders = chain.as_array().unwrap().iter().map(|certificate| {
            Base64::decode_vec(certificate["rawBytes"].as_str().unwrap()).unwrap()
        });
        let chain: Vec<_> = ders
            .zip(0..)
            .map(|(der, index)| Certificate::from_der(&der, index).unwrap())
            .collect();
        let result = sign_code(&chain[0], &chain[1..], &anchors).map(|path| path.len());
        let untrusted = expected == "untrusted-root";
        let expected = if untrusted {
            Err(Error::IssuerUnknown)
        } else {
            Ok(3)
        };
        assert_eq!(result, expected, "{skill}");
    }
}

#[test]
fn anchors() {
    let ca = Key::new(1).ca("root");
    let pem = |der: &[u8]| crate::pem::write("CERTIFICATE", der);
    let text = pem(&ca.der);
    let none: [&str; 0] = [];
    assert_eq!(Anchors::from_pem(none).unwrap_err(), Error::AnchorMissing);
    assert_eq!(Anchors::from_der([]).unwrap_err(), Error::AnchorMissing);
    let key = text.replace("CERTIFICATE", "PRIVATE KEY");
    let cut = pem(ca.der.get(1..).unwrap());
    for (text, found) in [
        ("", FileKind::Empty),
        ("no certificate", FileKind::Text),
        (&key, FileKind::PrivateKey),
        (&cut, FileKind::OtherCertificate),
    ] {
        let error = Anchors::from_pem([text]).unwrap_err();
        assert_eq!(error, Error::AnchorInvalid { found }, "{text}");
    }
    // What cannot be used beside an anchor is skipped, and listed.
    let anchors = Anchors::from_pem([format!("{text}{key}{cut}").as_str()]).unwrap();
    assert_eq!(anchors.iter().count(), 1);
    let ignored: Vec<_> = anchors
        .ignored()
        .iter()
        .map(|anchor| anchor.found)
        .collect();
    assert_eq!(ignored, [FileKind::PrivateKey, FileKind::OtherCertificate]);
    let marked = format!("\u{feff}{text}");
    assert_eq!(Anchors::from_pem([&marked]).unwrap().iter().count(), 1);
    let many = text.repeat(16);
    assert_eq!(
        Anchors::from_pem([many.as_str()]).unwrap().iter().count(),
        16
    );
    let error = Anchors::from_pem([many.as_str(), text.as_str()]).unwrap_err();
    assert_eq!(error, Error::AnchorCount { limit: 16 });
}

/// The leaf's rules for code signing.
#[test]
fn leaves() {
    let (root, key) = (Key::new(1), Key::new(2));
    let ca = root.ca("root");
    let anchors = Anchors::from_der([ca.der.as_slice()]).unwrap();
    let usage = |bits: u8| {
        let unused = u8::try_from(bits.trailing_zeros()).unwrap();
        extension("551d0f", true, &[3, 2, unused, bits])
    };
    let purposes = |oids: &[&str]| {
        let oids: Vec<_> = oids.iter().map(|oid| forge::oid(oid)).collect();
        extension("551d25", false, &forge::tlv(0x30, &oids.concat()))
    };
    let (code_signing, any, server) = ("2b06010505070303", "551d2500", "2b06010505070301");
    let key_usage = Err(Error::KeyUsageInvalid { index: 0 });
    let purpose = Err(Error::ExtendedKeyUsageInvalid { index: 0 });
    let ca_true = extension("551d13", true, &[0x30, 3, 1, 1, 0xff]);
    let cases = [
        ("digitalSignature", vec![usage(0x80)], Ok(2)),
        ("CA:TRUE", vec![usage(0x80), ca_true.clone()], Ok(2)),
        ("CA:TRUE, keyCertSign", vec![usage(0x84), ca_true], Ok(2)),
        (
            "codeSigning",
            vec![usage(0x80), purposes(&[code_signing])],
            Ok(2),
        ),
        (
            "two purposes",
            vec![usage(0x80), purposes(&[server, code_signing])],
            Ok(2),
        ),
        ("no keyUsage", vec![], key_usage),
        (
            "no keyUsage, codeSigning",
            vec![purposes(&[code_signing])],
            key_usage,
        ),
        ("nonRepudiation", vec![usage(0x40)], key_usage),
        ("keyCertSign without CA:TRUE", vec![usage(0x84)], key_usage),
        (
            "serverAuth",
            vec![usage(0x80), purposes(&[server])],
            purpose,
        ),
        ("any purpose", vec![usage(0x80), purposes(&[any])], purpose),
    ];
    for (name, extensions, expected) in cases {
        let leaf = key
            .issued_by(&root, "root", "leaf", extensions)
            .read(0)
            .unwrap();
        let result = sign_code(&leaf, &[], &anchors).map(|path| path.len());
        assert_eq!(result, expected, "{name}");
    }
}

/// A leaf that is marked as an authority issues nothing without the right to sign certificates.
#[test]
fn leaf_as_issuer() {
    let (root, middle, key) = (Key::new(1), Key::new(2), Key::new(3));
    let anchors = Anchors::from_der([root.ca("root").der.as_slice()]).unwrap();
    let digital_signature = || extension("551d0f", true, &[3, 2, 7, 0x80]);
    let ca_true = extension("551d13", true, &[0x30, 3, 1, 1, 0xff]);
    let leaf = key.issued_by(&middle, "middle", "leaf", vec![digital_signature()]);
    let leaf = leaf.read(0).unwrap();
    let issuer = middle.issued_by(&root, "root", "middle", vec![digital_signature(), ca_true]);
    let result = sign_code(&leaf, &[issuer.read(1).unwrap()], &anchors).map(drop);
    assert_eq!(result, Err(Error::KeyUsageInvalid { index: 1 }));
    let issuer = middle.issued_by(&root, "root", "middle", vec![digital_signature()]);
    let result = sign_code(&leaf, &[issuer.read(1).unwrap()], &anchors).map(drop);
    assert_eq!(result, Err(Error::BasicConstraintsInvalid { index: 1 }));
}

/// Another key under the right name: the path goes on with the next one, and says what it saw.
#[test]
fn namesakes() {
    let (root, other, key) = (Key::new(1), Key::new(2), Key::new(3));
    let (right, wrong) = (root.ca("root"), other.ca("root"));
    let leaf = key.signer(&root, "root").read(0).unwrap();
    let both = Anchors::from_der([wrong.der.as_slice(), &right.der]).unwrap();
    let right_id = right.read(0).unwrap().sha256();
    assert_eq!(sign_code(&leaf, &[], &both).unwrap()[1].sha256(), right_id);
    let anchors = Anchors::from_der([wrong.der.as_slice()]).unwrap();
    let mismatch = Error::CertificateSignatureMismatch { index: 0 };
    assert_eq!(sign_code(&leaf, &[], &anchors).unwrap_err(), mismatch);
    // The root that the bundle contains does not help: no one trusts it.
    let others = [right.read(1).unwrap()];
    assert_eq!(sign_code(&leaf, &others, &anchors).unwrap_err(), mismatch);
}

#[test]
fn budgets() {
    let (root, key) = (Key::new(1), Key::new(2));
    let anchors = Anchors::from_der([root.ca("root").der.as_slice()]).unwrap();
    let leaf = key.signer(&root, "root").read(0).unwrap();
    let with = |limits: Limits| {
        let path = verify_path(
            &leaf,
            &[],
            &anchors,
            &[now()],
            Purpose::CodeSigning,
            &Budget::new(&limits),
        );
        path.map(|path| path.certificates().len())
    };
    let exceeded = Err(Error::PathBudgetExceeded);
    let limits = Limits::default();
    assert_eq!(
        with(Limits {
            signature_checks: 1,
            path_steps: 1,
            ..limits
        }),
        Ok(2)
    );
    assert_eq!(
        with(Limits {
            signature_checks: 0,
            ..limits
        }),
        exceeded
    );
    assert_eq!(
        with(Limits {
            path_steps: 0,
            ..limits
        }),
        exceeded
    );
}

/// Fifteen authorities of one name and one key certify each other: every order is a path, and
/// none ends at the anchor.
#[test]
fn factorial_search_ends() {
    let (root, middle, key) = (Key::new(1), Key::new(2), Key::new(3));
    let anchors = Anchors::from_der([root.ca("root").der.as_slice()]).unwrap();
    let leaf = key.signer(&middle, "middle").read(0).unwrap();
    let others: Vec<_> = (1..16)
        .map(|index| {
            middle
                .numbered_ca("middle", index)
                .read(index.into())
                .unwrap()
        })
        .collect();
    let result = sign_code(&leaf, &others, &anchors).map(drop);
    assert_eq!(result, Err(Error::PathBudgetExceeded));
    // The same where the checks of signatures run out before the steps do.
    let limits = Limits {
        signature_checks: 8,
        ..Limits::default()
    };
    let result = verify_path(
        &leaf,
        &[&others],
        &anchors,
        &[now()],
        Purpose::CodeSigning,
        &Budget::new(&limits),
    );
    assert_eq!(result.map(drop), Err(Error::PathBudgetExceeded));
}

/// Fields that RFC 5280 forbids, in certificates that are signed correctly.
#[test]
fn malformed() {
    let key = Key::new(1);
    let good = || key.signer(&key, "leaf");
    assert!(good().read(3).is_ok());
    let invalid = Err(Error::CertificateInvalid { index: 3 });
    let reread = |change: &dyn Fn(&mut Forged)| {
        let mut forged = good();
        change(&mut forged);
        forged.sign(&key);
        forged.read(3).map(drop)
    };
    assert_eq!(reread(&|_| {}), Ok(()));
    assert_eq!(
        reread(&|forged| forged.version = forge::tlv(0xa0, &[2, 1, 1])),
        invalid
    );
    assert_eq!(reread(&|forged| forged.version = Vec::new()), invalid);
    for serial in [&[0x80][..], &[0xff; 20], &[1; 21], &[0, 1], &[]] {
        let change = |forged: &mut Forged| forged.serial = serial.to_vec();
        assert_eq!(reread(&change), invalid, "{serial:?}");
    }
    for serial in [&[0x7f; 20][..], &[&[0][..], &[0xff; 20]].concat()] {
        let change = |forged: &mut Forged| forged.serial = serial.to_vec();
        assert_eq!(reread(&change), Ok(()), "{serial:?}");
    }
    assert_eq!(
        reread(&|forged| forged.issuer = forge::tlv(0x30, &[])),
        invalid
    );
    assert_eq!(
        reread(&|forged| forged.issuer = forge::tlv(0x30, &[0x31, 0])),
        invalid
    );
    // GeneralizedTime before 2050, and UTCTime without seconds.
    let general = forge::tlv(0x18, b"20260101000000Z");
    assert_eq!(
        reread(&|forged| forged.not_before = general.clone()),
        invalid
    );
    let minutes = forge::tlv(0x17, b"2601010000Z");
    assert_eq!(
        reread(&|forged| forged.not_before = minutes.clone()),
        invalid
    );
    // The unsigned copy of the algorithm names SHA-384.
    let mut forged = good();
    forged.outer_algorithm = testing::unhex("300a06082a8648ce3d040303");
    forged.assemble();
    assert_eq!(forged.read(3).map(drop), invalid);
    // Something after it, and a length that is not the shortest.
    let der = good().der;
    let trailing = [der.as_slice(), &[0]].concat();
    let long = [&[0x30, 0x83, 0][..], der.get(2..).unwrap()].concat();
    for der in [&trailing, &long, &Vec::new()] {
        assert_eq!(Certificate::from_der(der, 3).map(drop), invalid);
    }
}

#[test]
fn extensions() {
    let key = Key::new(1);
    let usage = || extension("551d0f", true, &[3, 2, 7, 0x80]);
    let result = |added: Vec<Vec<u8>>| {
        let extensions = [vec![usage()], added].concat();
        key.issued_by(&key, "root", "leaf", extensions)
            .read(3)
            .and_then(|certificate| certificate.check_understood(3))
    };
    let invalid = Err(Error::ExtensionInvalid { index: 3 });
    let unknown = Err(Error::ExtensionCriticalUnknown { index: 3 });
    assert_eq!(result(vec![]), Ok(()));
    assert_eq!(
        result(vec![usage()]),
        Err(Error::ExtensionDuplicate { index: 3 })
    );
    let own = "2b0601040183b66f01";
    assert_eq!(result(vec![extension(own, false, b"anything")]), Ok(()));
    assert_eq!(result(vec![extension(own, true, b"anything")]), unknown);
    let many = |count: u8| -> Vec<_> {
        (1..count)
            .map(|last| extension(&format!("{own}{:02x}", last & 0x7f), false, b""))
            .collect()
    };
    assert_eq!(result(many(64)), Ok(()));
    assert_eq!(
        result(many(65)),
        Err(Error::CertificateInvalid { index: 3 })
    );
    // FALSE written out, where it is the default.
    let explicit = [
        &forge::oid("551d13")[..],
        &[1, 1, 0],
        &forge::tlv(4, &[0x30, 0]),
    ]
    .concat();
    let explicit = forge::tlv(0x30, &explicit);
    assert_eq!(
        result(vec![explicit]),
        Err(Error::CertificateInvalid { index: 3 })
    );
    let malformed = [
        (
            "cA FALSE written out",
            extension("551d13", true, &[0x30, 3, 1, 1, 0]),
        ),
        (
            "a path length without cA",
            extension("551d13", true, &[0x30, 3, 2, 1, 0]),
        ),
        ("no purpose", extension("551d25", false, &[0x30, 0])),
        ("no name", extension("551d11", false, &[0x30, 0])),
        (
            "a critical subjectKeyIdentifier",
            extension("551d0e", true, &[4, 1, 1]),
        ),
        (
            "a critical authorityKeyIdentifier",
            extension("551d23", true, &[0x30, 3, 0x80, 1, 1]),
        ),
        (
            "an authority's serial number alone",
            extension("551d23", false, &[0x30, 3, 0x82, 1, 1]),
        ),
        (
            "name constraints of no authority",
            extension("551d1e", true, &[0x30, 4, 0xa0, 2, 0x30, 0]),
        ),
        (
            "policy constraints, not critical",
            extension("551d24", false, &[0x30, 3, 0x81, 1, 0]),
        ),
        (
            "empty policy constraints",
            extension("551d24", true, &[0x30, 0]),
        ),
        (
            "inhibitAnyPolicy, not critical",
            extension("551d36", false, &[2, 1, 0]),
        ),
        (
            "something after the value",
            extension("551d0e", false, &[4, 1, 1, 0]),
        ),
    ];
    for (name, malformed) in malformed {
        assert_eq!(result(vec![malformed]), invalid, "{name}");
    }
    // An explicit policy is required, and policies are not processed.
    assert_eq!(
        result(vec![extension("551d24", true, &[0x30, 3, 0x80, 1, 0])]),
        unknown
    );
    assert_eq!(
        result(vec![extension("551d24", true, &[0x30, 3, 0x81, 1, 0])]),
        Ok(())
    );
    assert_eq!(result(vec![extension("551d36", true, &[2, 1, 0])]), Ok(()));
    // Unused bits that are set, zeros at the end, no bit at all.
    for value in [&[3, 2, 7, 0xc0][..], &[3, 3, 7, 0x80, 0], &[3, 1, 0]] {
        let extensions = vec![extension("551d0f", true, value)];
        let result = key
            .issued_by(&key, "root", "leaf", extensions)
            .read(3)
            .map(drop);
        assert_eq!(result, invalid, "{value:?}");
    }
}

#[test]
fn names_as_text() {
    let key = Key::new(1);
    let attribute = |oid: &str, tag: u8, value: &[u8]| {
        forge::tlv(0x30, &[forge::oid(oid), forge::tlv(tag, value)].concat())
    };
    let text = |sets: &[Vec<u8>]| {
        let sets: Vec<_> = sets.iter().map(|set| forge::tlv(0x31, set)).collect();
        let mut forged = key.signer(&key, "leaf");
        forged.subject = forge::tlv(0x30, &sets.concat());
        forged.sign(&key);
        forged.read(0).unwrap().subject()
    };
    let cn = "550403";
    assert_eq!(
        text(&[
            attribute("550406", 0x13, b"DE"),
            attribute(cn, 0x0c, "ö".as_bytes())
        ]),
        "CN=ö,C=DE"
    );
    let several = [attribute(cn, 0x0c, b"a"), attribute("55040a", 0x0c, b"b")].concat();
    assert_eq!(text(&[several]), "CN=a+O=b");
    assert_eq!(
        text(&[attribute(cn, 0x0c, b" #a,b+c=\"d\\ ")]),
        r#"CN=\ #a\,b\+c=\"d\\\ "#
    );
    assert_eq!(
        text(&[attribute(cn, 0x0c, b"#a\n\x1b[0m\0")]),
        r"CN=\#a\0a\1b[0m\00"
    );
    // Not a UTF-8 string, and no short name.
    assert_eq!(text(&[attribute(cn, 0x1e, b"\0a")]), "2.5.4.3=#1e020061");
    assert_eq!(text(&[attribute("55042a", 0x0c, b"a")]), "2.5.4.42=#0c0161");
}

#[test]
fn serial_numbers_as_text() {
    let key = Key::new(1);
    let text = |serial: &[u8]| {
        let mut forged = key.signer(&key, "leaf");
        forged.serial = serial.to_vec();
        forged.sign(&key);
        forged.read(0).unwrap().serial_hex()
    };
    assert_eq!(text(&[1]), "01");
    assert_eq!(text(&[0, 0x80]), "80");
    assert_eq!(text(&[0x0a, 0, 0xff]), "0a00ff");
    // A root may have the number 0; the subject here is the issuer.
    let mut root = key.ca("root");
    root.serial = vec![0];
    root.sign(&key);
    assert_eq!(root.read(0).unwrap().serial_hex(), "00");
}

/// The forms of name constraints that x509-limbo has no case for.
#[test]
fn name_constraints() {
    let (root, key) = (Key::new(1), Key::new(2));
    let name = |tag: u8, value: &[u8]| forge::tlv(tag, value);
    let common_name = |tag: u8, value: &[u8]| {
        let attribute = forge::tlv(
            0x30,
            &[forge::oid("550403"), forge::tlv(tag, value)].concat(),
        );
        name(0xa4, &forge::tlv(0x30, &forge::tlv(0x31, &attribute)))
    };
    let (permitted, excluded) = (0xa0, 0xa1);
    let check = |list: u8, base: &[u8], subject: &[u8]| {
        let constraints = forge::tlv(0x30, &forge::tlv(list, &forge::tlv(0x30, base)));
        let added = vec![extension("551d1e", true, &constraints)];
        let ca = root.ca_with("root", added);
        let anchors = Anchors::from_der([ca.der.as_slice()])?;
        let names = extension("551d11", false, &forge::tlv(0x30, subject));
        let usage = extension("551d0f", true, &[3, 2, 7, 0x80]);
        let leaf = key
            .issued_by(&root, "root", "leaf", vec![usage, names])
            .read(0)?;
        sign_code(&leaf, &[], &anchors).map(drop)
    };
    let violated = Err(Error::NameConstraintViolated { index: 0 });
    let uri = |value: &str| name(0x86, value.as_bytes());
    let mail = |value: &str| name(0x81, value.as_bytes());
    let address = |value: &[u8]| name(0x87, value);
    let cases = [
        (
            permitted,
            uri("example.com"),
            uri("https://u@example.com:1/a@b"),
            Ok(()),
        ),
        (
            permitted,
            uri("example.com"),
            uri("https://a.example.com/"),
            violated,
        ),
        (
            permitted,
            uri(".example.com"),
            uri("https://a.example.com/"),
            Ok(()),
        ),
        (
            permitted,
            uri(".example.com"),
            uri("https://example.com/"),
            violated,
        ),
        (
            permitted,
            uri("example.com"),
            uri("https://evil.org/@example.com"),
            violated,
        ),
        (
            permitted,
            uri("example.com"),
            uri("https://evil.org#@example.com"),
            violated,
        ),
        (
            permitted,
            uri("example.com"),
            uri("urn:example.com"),
            violated,
        ),
        (
            excluded,
            uri("example.com"),
            uri("https://[::1]/"),
            violated,
        ),
        (
            excluded,
            uri("example.com"),
            uri("https://other.org/"),
            Ok(()),
        ),
        (
            excluded,
            uri("example.com"),
            uri("https://EXAMPLE.com"),
            violated,
        ),
        (
            permitted,
            mail("a@example.com"),
            mail("A@example.com"),
            violated,
        ),
        (
            excluded,
            mail("a@example.com"),
            mail("A@EXAMPLE.com"),
            violated,
        ),
        (
            permitted,
            mail(".example.com"),
            mail("a@b.example.com"),
            Ok(()),
        ),
        (
            permitted,
            mail(".example.com"),
            mail("a@example.com"),
            violated,
        ),
        (
            permitted,
            address(&[10, 0, 0, 0, 255, 0, 0, 0]),
            address(&[10, 1, 2, 3]),
            Ok(()),
        ),
        (
            permitted,
            address(&[10, 0, 0, 0, 255, 0, 0, 0]),
            address(&[11, 1, 2, 3]),
            violated,
        ),
        (
            permitted,
            address(&[10, 0, 0, 0, 255, 0, 0, 0]),
            address(&[0; 16]),
            violated,
        ),
        (
            excluded,
            common_name(0x0c, b"foo  bar"),
            common_name(0x13, b"FOO bar"),
            violated,
        ),
        (
            excluded,
            common_name(0x0c, b"foo"),
            common_name(0x0c, b"fo"),
            Ok(()),
        ),
        // Strings that are not prepared here: excluded in doubt.
        (
            excluded,
            common_name(0x0c, b"foo"),
            common_name(0x1e, b"\0f\0o\0o"),
            violated,
        ),
        (
            excluded,
            common_name(0x0c, "ö".as_bytes()),
            common_name(0x0c, "Ö".as_bytes()),
            violated,
        ),
    ];
    for (list, base, subject, expected) in cases {
        assert_eq!(
            check(list, &base, &subject),
            expected,
            "{list:x} {base:x?} {subject:x?}"
        );
    }
    // Masks with holes, distances, what is not a host.
    let malformed = [
        address(&[10, 0, 0, 0, 255, 0, 255, 0]),
        address(&[10, 0, 0, 0, 253, 0, 0, 0]),
        address(&[10, 0, 0, 0]),
        [mail("example.com"), vec![0x80, 1, 1]].concat(),
        [mail("example.com"), vec![0x81, 1, 1]].concat(),
        mail("a@b@example.com"),
        uri("https://example.com"),
    ];
    for base in malformed {
        let result = check(permitted, &base, &mail("a@example.com"));
        let found = FileKind::OtherCertificate;
        assert_eq!(result, Err(Error::AnchorInvalid { found }), "{base:x?}");
    }
}

/// An address in the subject is an address (section 4.2.1.10).
#[test]
fn name_constraints_and_the_subjects_address() {
    let (root, key) = (Key::new(1), Key::new(2));
    let base = forge::tlv(0x30, &forge::tlv(0x81, b"example.com"));
    let constraints = forge::tlv(0x30, &forge::tlv(0xa0, &base));
    let ca = root.ca_with("root", vec![extension("551d1e", true, &constraints)]);
    let anchors = Anchors::from_der([ca.der.as_slice()]).unwrap();
    let result = |tag: u8, address: &[u8]| {
        let oid = forge::oid("2a864886f70d010901");
        let attribute = forge::tlv(0x30, &[oid, forge::tlv(tag, address)].concat());
        let mut leaf = key.signer(&root, "root");
        leaf.subject = forge::tlv(0x30, &forge::tlv(0x31, &attribute));
        leaf.sign(&root);
        sign_code(&leaf.read(0).unwrap(), &[], &anchors).map(drop)
    };
    assert_eq!(result(0x16, b"a@example.com"), Ok(()));
    let violated = Err(Error::NameConstraintViolated { index: 0 });
    assert_eq!(result(0x16, b"a@evil.org"), violated);
    assert_eq!(result(0x1e, b"\0a"), violated);
}

/// The members of a set have one order in DER. It is not sorted for the sender.
#[test]
fn sets_out_of_order() {
    let key = Key::new(1);
    let attribute = |value: &[u8]| {
        forge::tlv(
            0x30,
            &[forge::oid("550403"), forge::tlv(0x0c, value)].concat(),
        )
    };
    let result = |members: &[Vec<u8>]| {
        let mut forged = key.signer(&key, "leaf");
        forged.subject = forge::tlv(0x30, &forge::tlv(0x31, &members.concat()));
        forged.sign(&key);
        forged.read(0).map(|certificate| certificate.subject())
    };
    let (a, b) = (attribute(b"a"), attribute(b"b"));
    assert_eq!(
        result(&[a.clone(), b.clone()]),
        Ok(String::from("CN=a+CN=b"))
    );
    assert_eq!(result(&[b, a]), Err(Error::CertificateInvalid { index: 0 }));
}

/// Names and constraints in any number: what they cost is counted, whether or not they meet.
#[test]
fn name_constraints_are_counted() {
    let (root, middle, key) = (Key::new(1), Key::new(2), Key::new(3));
    let anchors = Anchors::from_der([root.ca("root").der.as_slice()]).unwrap();
    let names = |tag: u8, count: usize| forge::tlv(tag, b"example.com").repeat(count);
    let result = |names: Vec<u8>, base: Vec<u8>, count: usize| {
        let subtrees = forge::tlv(0xa0, &forge::tlv(0x30, &base).repeat(count));
        let constraints = extension("551d1e", true, &forge::tlv(0x30, &subtrees));
        let ca = middle.ca_with("middle", vec![constraints]);
        let usage = extension("551d0f", true, &[3, 2, 7, 0x80]);
        let names = extension("551d11", false, &forge::tlv(0x30, &names));
        let leaf = key
            .issued_by(&middle, "middle", "leaf", vec![usage, names])
            .read(0)
            .unwrap();
        sign_code(&leaf, &[ca.read(1).unwrap()], &anchors).map(drop)
    };
    let (dns, address) = (0x82, forge::tlv(0x87, &[0; 8]));
    assert_eq!(
        result(names(dns, 10), address.clone(), 10),
        Err(Error::IssuerUnknown)
    );
    assert_eq!(
        result(names(dns, 500), address, 500),
        Err(Error::PathBudgetExceeded)
    );
}
