//! Keys and signature algorithms of certificates.

use super::chain::{add_leaf, failed};
use crate::case::{Cases, Expect};
use crate::certificate::Certificate;
use crate::context::{Context, INTERMEDIATE, ROOT, SIGNER, certificate_policy};
use crate::der;
use crate::keys::{Algorithm, Key, Kind};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    algorithms(context, cases);
    weak_roots(context, cases);
    keys(context, cases);
}

fn algorithms(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let weak = || failed("signature-algorithm-unsupported");
    let rule = "SHA-1 and MD5 are no longer collision-resistant: RFC 9155, RFC 6151";
    let leaf = pki
        .leaf()
        .sign_with(&pki.intermediate_key, Algorithm::EcdsaSha1);
    let bundle = context.chain_bundle(&[leaf, pki.intermediate_der()]);
    cases.add("leaf-ecdsa-sha1", rule, bundle, pki.policy(), weak());

    let rsa = Key::rsa_3072();
    for (name, algorithm, expect) in [
        ("intermediate-rsa-sha1", Algorithm::RsaSha1, weak()),
        ("intermediate-rsa-md5", Algorithm::RsaMd5, weak()),
        ("twin-rsa", Algorithm::RsaSha256, Expect::Verified),
        ("twin-rsa-pss", Algorithm::RsaPssSha256, Expect::Verified),
    ] {
        let root = Certificate::authority("RSA Root", &rsa, "RSA Root", &rsa).sign(&rsa);
        let intermediate =
            Certificate::authority(INTERMEDIATE, &pki.intermediate_key, "RSA Root", &rsa)
                .sign_with(&rsa, algorithm);
        let bundle = context.chain_bundle(&[pki.leaf_der(), intermediate]);
        let rule = if matches!(expect, Expect::Verified) {
            "RFC 4055: RSA signatures, PKCS#1 v1.5 and PSS"
        } else {
            rule
        };
        cases.add(name, rule, bundle, certificate_policy(&[root]), expect);
    }
}

/// Roots whose signature of themselves is weak: no one relies on it.
fn weak_roots(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let rsa = Key::rsa_3072();
    let root = Certificate::authority("RSA Root", &rsa, "RSA Root", &rsa);
    let root = root.sign_with(&rsa, Algorithm::RsaSha1);
    let mut chain = pki.chain();
    chain.push(root.clone());
    cases.add(
        "twin-bystander-sha1",
        "a readable certificate that no path needs does no harm, whatever its signature",
        context.chain_bundle(&chain),
        pki.policy(),
        Expect::Verified,
    );
    let intermediate =
        Certificate::authority(INTERMEDIATE, &pki.intermediate_key, "RSA Root", &rsa).sign(&rsa);
    cases.add(
        "anchor-sha1",
        "SHA-1 does not show that an anchor signed itself: RFC 9155",
        context.chain_bundle(&[pki.leaf_der(), intermediate]),
        certificate_policy(&[root]),
        Expect::Misuse("policy", "anchor-not-self-signed"),
    );
}

fn keys(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let unsupported = || failed("certificate-key-unsupported");
    let rule = "OMS 1.0: the signer's key is on P-256, P-384 or P-521";
    for (name, key) in [
        ("leaf-secp256k1", Key::derive(Kind::K256, "leaf")),
        ("leaf-ed25519", Key::derive(Kind::Ed25519, "leaf")),
        ("leaf-rsa", Key::rsa_3072()),
    ] {
        let leaf = Certificate::leaf(SIGNER, &key, INTERMEDIATE, &pki.intermediate_key)
            .sign(&pki.intermediate_key);
        let bundle = context.chain_bundle_by(&key, &[leaf, pki.intermediate_der()]);
        cases.add(name, rule, bundle, pki.policy(), unsupported());
    }
    add_leaf(
        context,
        cases,
        "leaf-explicit-curve",
        "RFC 5480 section 2.1.1: the curve is named, never spelt out",
        unsupported(),
        |leaf| leaf.spki = explicit_p256(&pki.leaf_key),
    );
    for (name, key) in [
        ("intermediate-rsa-1024", Key::rsa_1024()),
        (
            "intermediate-secp256k1",
            Key::derive(Kind::K256, "authority"),
        ),
    ] {
        let intermediate = Certificate::authority(INTERMEDIATE, &key, ROOT, &pki.root_key);
        let leaf = Certificate::leaf(SIGNER, &pki.leaf_key, INTERMEDIATE, &key).sign(&key);
        let bundle = context.chain_bundle(&[leaf, intermediate.sign(&pki.root_key)]);
        let rule = "an authority's key is on P-256, P-384 or P-521, or RSA of 2048 to 8192 bits";
        cases.add(name, rule, bundle, pki.policy(), unsupported());
    }
}

/// A P-256 key whose curve is spelt out (the shape of CVE-2020-0601).
fn explicit_p256(key: &Key) -> Vec<u8> {
    let number = |text: &str| -> Vec<u8> {
        let pairs = (0..text.len()).step_by(2).map(|at| &text[at..at + 2]);
        pairs
            .map(|pair| u8::from_str_radix(pair, 16).expect("hex"))
            .collect()
    };
    let prime = number("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff");
    let a = number("ffffffff00000001000000000000000000000000fffffffffffffffffffffffc");
    let b = number("5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b");
    let base = number(concat!(
        "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
    ));
    let order = number("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551");
    let octets = |bytes: &[u8]| der::tlv(der::OCTET_STRING, bytes);
    let parameters = der::sequence(&[
        der::unsigned(&[1]),
        der::sequence(&[der::oid("1.2.840.10045.1.1"), der::unsigned(&prime)]),
        der::sequence(&[octets(&a), octets(&b)]),
        octets(&base),
        der::unsigned(&order),
        der::unsigned(&[1]),
    ]);
    let algorithm = der::sequence(&[der::oid("1.2.840.10045.2.1"), parameters]);
    der::sequence(&[algorithm, der::bit_string(&key.point())])
}
