//! Keys as they come from files, and the checks that the public suites do not reach.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

mod wycheproof;

use std::{format, string::String};

use sha2::{Digest, Sha256};

use super::{AlgorithmIdentifier, PublicKey, algorithm::SignatureAlgorithm};
use crate::{error::Error, file_kind::FileKind, testing};

const MALFORMED: Result<PublicKey, Error> = Err(Error::KeyInvalid {
    found: FileKind::OtherKey,
});

// All made with OpenSSL 3.0.
const P256: &str = "\
-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfXa/hlrg9zNDepGRQ8Ppl2o+nUqx
UXC2Fbk4pyuNy92n8qZ44h96X85tNXP9oE+Aj0qb+pASqIatOvBA/WuyhQ==
-----END PUBLIC KEY-----
";
const P384: &str = "\
-----BEGIN PUBLIC KEY-----
MHYwEAYHKoZIzj0CAQYFK4EEACIDYgAEtWhCk1txQTjesUNpOFvQDy6c1idnITZ6
DmSrNyuuqlAJVC929gAb+gKd6WPpFT/qR3P+kq73Vqd5Xg3k0Ez9ASOvF+xWPqYw
gLeRbJSrZl0om94Na75L8yJWlqvWQQOC
-----END PUBLIC KEY-----
";
const P521: &str = "\
-----BEGIN PUBLIC KEY-----
MIGbMBAGByqGSM49AgEGBSuBBAAjA4GGAAQBHhA1NKQZHc/whn1uuQeq1LhTcpXX
LnRHV7sIqKJf3o1uDBIqmbhcs5XMwFlHTsQrqmTiBEcnU6Zhkdfu3016KlMBCxrt
JbX2XTpNRHOCMba0b5ysPsX0Lhpak3D0f6JzdfdeHThmhZqnPr3dBVYJW2aYHkVd
SogFFO4RvDix3jq+8NM=
-----END PUBLIC KEY-----
";
const SECP256K1: &str = "\
-----BEGIN PUBLIC KEY-----
MFYwEAYHKoZIzj0CAQYFK4EEAAoDQgAEfG+9p+7vyvWF7viesgF89pdO7VWdK7wO
bJG5buVb5sAgVlrYKMzumxw8jDj9dWvFXpbPGtQaUhQmuJE1d8PXjA==
-----END PUBLIC KEY-----
";
const ED25519: &str = "\
-----BEGIN PUBLIC KEY-----
MCowBQYDK2VwAyEAzg9OwcQKBLymVX9lTz+3PxMnBY6cdj1yKYk8wGrt6Ng=
-----END PUBLIC KEY-----
";
const RSA: &str = "\
-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA8phcy0zW17iE4QqG+AZN
WqX8dEWUysIvN8T3X8Zh50+9cYKXKS0robHielTV60PADcGlOLC2lmztCAvyLuRX
8di85wugy+NZXnDwd7ZxAZoYoxBfZMuR2FTq5UCxHH5FhgCE0gsDLvYlaKCzLIjJ
dSlMp8Z/4JesexTM+07YpL9TPEYNJ+05WSz8mBRfzoj1cZosn7avMaLAvJgnwxup
W/j6wbJunAtw59KXgsgMiPPAnCNYb71Vczv4XUD2TrbRpv+yCSXFFOEUrfanKY4z
Vbb2EQ0zojpQ+hqqEQs7cpnXPkBMfOas8zeE5WhkcPFnZTQWziy0JAEBdtaEIfrv
4wIDAQAB
-----END PUBLIC KEY-----
";
/// The key `P256` with a compressed point.
const P256_COMPRESSED: &str = "3039301306072a8648ce3d020106082a8648ce3d030107032200037d76bf865ae0f733437a919143c3e9976a3e9d4ab15170b615b938a72b8dcbdd";
/// The key `P256` with its curve written out.
const P256_EXPLICIT: &str = "\
    3082014b3082010306072a8648ce3d02013081f7020101302c06072a8648ce3d0101022100ffffffff000000\
    01000000000000000000000000ffffffffffffffffffffffff305b0420ffffffff0000000100000000000000\
    0000000000fffffffffffffffffffffffc04205ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63b\
    ce3c3e27d2604b031500c49d360886e704936a6678e1139d26b7819f7e900441046b17d1f2e12c4247f8bce6\
    e563a440f277037d812deb33a0f4a13945d898c2964fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315e\
    cecbb6406837bf51f5022100ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551\
    020101034200047d76bf865ae0f733437a919143c3e9976a3e9d4ab15170b615b938a72b8dcbdda7f2a678e2\
    1f7a5fce6d3573fda04f808f4a9bfa9012a886ad3af040fd6bb285";
/// "modelseal" with SHA-256, by the keys `P384` and `P521`.
const P384_SHA256: &str = "\
    3066023100c25d1559054e5b67adfed74861a510c201b3663f901dbeb1e40788aefffb9357a7c2cda4c20ff3\
    5b2e625ead28fde0b2023100bc34a1d5ff3a38d134e227cebf6bff9e0a2f4d73ca2e8e00a01ec18e992c1134\
    f7aed3e7689c35a87516e315de04e637";
const P521_SHA256: &str = "\
    3081880242008f7ee2679af180f8458154a0a20afb2402c1d59cd366848c83edc06c0abc6519335be16d5e5c\
    045b632ed12a0776de70608b49e04f31171af466a7753d5041507b0242009454538358cce6838f17067e7c0a\
    b39eb93070901659b5c63c8f9f4b3caf6df864bbc36ec8d4b71176b9c3813d2c959666b88e6165e2607c3d74\
    576b7a55096fec";

#[test]
fn pem() {
    let key = PublicKey::from_pem(P256).unwrap();
    let again = format!(" \r\n\t{}  \n\n", P256.replace('\n', "\r\n"));
    assert_eq!(PublicKey::from_pem(&again), Ok(key.clone()));
    let one_line = P256
        .replace('\n', "")
        .replace("KEY-----", "KEY-----\n")
        .replace("-----END", "\n-----END");
    assert_eq!(PublicKey::from_pem(&one_line), Ok(key));
}

/// Explanation around the block: fine in a person's file, not inside a bundle.
#[test]
fn pem_with_explanation() {
    let explained = format!("Public-Key: (256 bit)\n{P256}the key of the release team\n");
    assert_eq!(
        PublicKey::from_pem(&explained),
        PublicKey::from_bare_pem(P256)
    );
    let found = FileKind::Text;
    let invalid = Err(Error::KeyInvalid { found });
    assert_eq!(PublicKey::from_bare_pem(&explained), invalid);
}

#[test]
fn what_is_not_one_key_is_named() {
    let certificate = P256.replace("PUBLIC KEY", "CERTIFICATE");
    let private = P256.replace("PUBLIC KEY", "EC PRIVATE KEY");
    let two = format!("{P256}{P384}");
    let open = P256.replace("-----END PUBLIC KEY-----\n", "");
    let other_end = P256.replace("END PUBLIC", "END PRIVATE");
    let header = P256.replacen("KEY-----\n", "KEY-----\nProc-Type: 4\n", 1);
    let unpadded = P256.replace("hQ==", "hQ");
    let not_canonical = P256.replace("hQ==", "hR==");
    let der = PublicKey::from_pem(P256).unwrap().spki;
    let utf16: std::vec::Vec<u8> = P256.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bytes, found) in [
        (b"".as_slice(), FileKind::Empty),
        (b" \n", FileKind::Empty),
        (certificate.as_bytes(), FileKind::Certificate),
        (private.as_bytes(), FileKind::PrivateKey),
        (two.as_bytes(), FileKind::SeveralKeys),
        (open.as_bytes(), FileKind::PemBroken),
        (other_end.as_bytes(), FileKind::PemBroken),
        (header.as_bytes(), FileKind::PemBroken),
        (unpadded.as_bytes(), FileKind::PemBroken),
        (not_canonical.as_bytes(), FileKind::PemBroken),
        (b"ssh-ed25519 AAAA user@host", FileKind::OpenSsh),
        (&[0x30, 0x82, 1, 2], FileKind::Der),
        (&utf16, FileKind::Utf16),
        (b"<!DOCTYPE html>", FileKind::Html),
        (b"keys/release.pub", FileKind::Path),
        (b"{}", FileKind::Json),
    ] {
        let result = PublicKey::from_pem(bytes);
        assert_eq!(result, Err(Error::KeyInvalid { found }), "{bytes:?}");
    }
    // DER of a short key does not look like DER at first sight.
    let result = PublicKey::from_pem(&der);
    let found = FileKind::Binary;
    assert_eq!(result, Err(Error::KeyInvalid { found }));
}

#[test]
fn one_byte_order_mark_is_skipped() {
    let marked = format!("\u{feff}{P256}");
    assert_eq!(PublicKey::from_pem(&marked), PublicKey::from_pem(P256));
}

#[test]
fn kinds_that_are_not_accepted() {
    for (pem, found) in [
        (SECP256K1, FileKind::OtherCurve),
        (ED25519, FileKind::Ed25519),
        (RSA, FileKind::Rsa),
    ] {
        let result = PublicKey::from_pem(pem);
        assert_eq!(result, Err(Error::KeyUnsupported { found }), "{pem}");
    }
    for (hex, found) in [
        (P256_COMPRESSED, FileKind::CompressedPoint),
        (P256_EXPLICIT, FileKind::OtherCurve),
    ] {
        let der = testing::unhex(hex);
        let unsupported = Err(Error::KeyUnsupported { found });
        assert_eq!(PublicKey::from_spki_der(&der), unsupported, "{hex}");
        assert_eq!(PublicKey::for_certificate(&der), unsupported, "{hex}");
    }
}

#[test]
fn der_that_is_no_key() {
    let der = PublicKey::from_pem(P256).unwrap().spki;
    let off_curve: std::vec::Vec<u8> = der.iter().take(der.len() - 1).copied().chain([0]).collect();
    let longer = [der.as_slice(), &[0]].concat();
    let shorter = der.get(..der.len() - 1).unwrap();
    // The point's length, its form (hybrid), and a coordinate over the field's prime.
    let with_point = |point: &[u8]| {
        let length = u8::try_from(point.len()).unwrap();
        let bits = [&[3, length + 1, 0], point].concat();
        [&[0x30, length + 24], der.get(2..23).unwrap(), &bits].concat()
    };
    let point = der.get(26..).unwrap();
    assert_eq!(with_point(point), der);
    let short_point = with_point(point.get(..64).unwrap());
    let long_point = with_point(&[point, &[0]].concat());
    let hybrid = with_point(&[&[7], point.get(1..).unwrap()].concat());
    let over_prime = with_point(&[&[4][..], &[0xff; 64]].concat());
    let infinity = with_point(&[0]);
    for der in [&short_point, &long_point, &hybrid, &over_prime, &infinity] {
        assert_eq!(PublicKey::from_spki_der(der), MALFORMED, "{der:x?}");
    }
    for der in [off_curve.as_slice(), &longer, shorter, &[]] {
        assert_eq!(PublicKey::from_spki_der(der), MALFORMED);
    }
}

#[test]
fn digests_and_names() {
    let keys = [
        (P256, "ecdsa-p256-sha256", "PKIX_ECDSA_P256_SHA_256"),
        (P384, "ecdsa-p384-sha384", "PKIX_ECDSA_P384_SHA_384"),
        (P521, "ecdsa-p521-sha512", "PKIX_ECDSA_P521_SHA_512"),
    ];
    for (pem, algorithm, details) in keys {
        let key = PublicKey::from_pem(pem).unwrap();
        assert_eq!(key.algorithm(None), algorithm);
        assert_eq!(key.key_details(None), Some(details));
        assert_eq!(key.pem_hint(), hex(&Sha256::digest(pem)));
    }
    let key = PublicKey::from_pem(P521).unwrap();
    assert_eq!(
        key.pem_hint(),
        "ab918fc389f1372faf9b75f5f19c895826f5fba1906a1360e30e6a7a0cae27c6"
    );
    assert_eq!(
        hex(&key.spki_digest()),
        "605d78b39201181af2a3dfa21eb6e4a04afd1e139ee53cf33cb6d02f9883c948"
    );
    assert_eq!(format!("{key:?}"), "PublicKey(\"ecdsa-p521-sha512\")");
}

/// The form of v0.2.0: a digest that is shorter than the curve.
#[test]
fn sha256_on_longer_curves() {
    let digest = Sha256::digest("modelseal").into();
    let other = Sha256::digest("modelSeal").into();
    for (pem, signature) in [(P384, P384_SHA256), (P521, P521_SHA256)] {
        let key = PublicKey::from_pem(pem).unwrap();
        let signature = testing::unhex(signature);
        assert_eq!(key.verify_sha256_prehash(&digest, &signature), Ok(()));
        let mismatch = Err(Error::SignatureMismatch);
        assert_eq!(key.verify_sha256_prehash(&other, &signature), mismatch);
        assert_eq!(key.verify_by_curve(&[b"modelseal"], &signature), mismatch);
    }
}

#[test]
fn signature_encodings() {
    let key = PublicKey::from_pem(P384).unwrap();
    let digest = Sha256::digest("modelseal").into();
    let good = testing::unhex(P384_SHA256);
    let ber_length = [&[0x30, 0x81], good.get(1..).unwrap()].concat();
    let trailing = [good.as_slice(), &[0]].concat();
    // P-1363, as WebCrypto writes it.
    let plain = std::vec![1; 96];
    let negative = [0x30, 6, 2, 1, 0x80, 2, 1, 1];
    let padded = [0x30, 7, 2, 2, 0, 1, 2, 1, 1];
    for signature in [&[][..], &ber_length, &trailing, &plain, &negative, &padded] {
        let result = key.verify_sha256_prehash(&digest, signature);
        assert_eq!(result, Err(Error::SignatureEncoding), "{}", hex(signature));
    }
    // Canonical, but no numbers of this curve.
    let zero = [0x30, 6, 2, 1, 0, 2, 1, 1];
    let long = [&[0x30, 56, 2, 49, 1][..], &[0; 48], &[2, 3, 1, 0, 0]].concat();
    for signature in [&zero[..], &long] {
        let result = key.verify_sha256_prehash(&digest, signature);
        assert_eq!(result, Err(Error::SignatureMismatch), "{}", hex(signature));
    }
}

#[test]
fn certificate_algorithms_that_are_not_accepted() {
    let algorithms = [
        ("ecdsa-with-SHA1", "300906072a8648ce3d0401"),
        ("ecdsa-with-SHA224", "300a06082a8648ce3d040301"),
        (
            "ecdsa-with-SHA256 with NULL",
            "300c06082a8648ce3d0403020500",
        ),
        ("md5WithRSAEncryption", "300d06092a864886f70d0101040500"),
        ("sha1WithRSAEncryption", "300d06092a864886f70d0101050500"),
        (
            "sha256WithRSAEncryption without NULL",
            "300b06092a864886f70d01010b",
        ),
        (
            "RSASSA-PSS without parameters",
            "300b06092a864886f70d01010a",
        ),
        (
            "RSASSA-PSS with the defaults, SHA-1",
            "300d06092a864886f70d01010a3000",
        ),
        ("Ed25519", "300506032b6570"),
    ];
    let key = PublicKey::from_pem(P256).unwrap();
    for (name, der) in algorithms {
        let der = testing::unhex(der);
        let algorithm = der::Decode::from_der(&der).unwrap();
        let algorithm = AlgorithmIdentifier::read(algorithm).unwrap();
        assert_eq!(SignatureAlgorithm::read(&algorithm), None, "{name}");
        let result = key.verify_certificate_signature(&algorithm, b"", b"", 7);
        assert_eq!(
            result,
            Err(Error::SignatureAlgorithmUnsupported { index: 7 }),
            "{name}"
        );
    }
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}
