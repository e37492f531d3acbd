//! The reader of certificates against readers that `x509-cert` derives from the ASN.1 of RFC 5280:
//! whatever octets are changed, ours accepts nothing that is not its own canonical encoding there.

use std::{println, vec::Vec};

use const_oid::db::rfc5280::{
    ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_BASIC_CONSTRAINTS, ID_CE_EXT_KEY_USAGE,
    ID_CE_INHIBIT_ANY_POLICY, ID_CE_KEY_USAGE, ID_CE_NAME_CONSTRAINTS, ID_CE_POLICY_CONSTRAINTS,
    ID_CE_SUBJECT_ALT_NAME, ID_CE_SUBJECT_KEY_IDENTIFIER, ID_PE_AUTHORITY_INFO_ACCESS,
};
use der::{Decode, Encode};
use x509_cert::ext::{
    Extension,
    pkix::{
        AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage,
        KeyUsage, NameConstraints, PolicyConstraints, SubjectAltName, SubjectKeyIdentifier,
    },
};

use super::{
    super::Certificate,
    forge::{Key, extension, oid, tlv},
};

/// Is it the one encoding of what the derived reader makes of it?
fn is_canonical<T: for<'a> Decode<'a> + Encode>(der: &[u8]) -> bool {
    T::from_der(der).is_ok_and(|value| value.to_der().is_ok_and(|encoding| encoding == der))
}

fn is_canonical_extension(extension: &Extension) -> bool {
    let value = extension.extn_value.as_bytes();
    match extension.extn_id {
        ID_CE_AUTHORITY_KEY_IDENTIFIER => is_canonical::<AuthorityKeyIdentifier>(value),
        ID_CE_BASIC_CONSTRAINTS => is_canonical::<BasicConstraints>(value),
        ID_CE_EXT_KEY_USAGE => is_canonical::<ExtendedKeyUsage>(value),
        ID_CE_INHIBIT_ANY_POLICY => is_canonical::<u32>(value),
        ID_CE_KEY_USAGE => is_canonical::<KeyUsage>(value),
        ID_CE_NAME_CONSTRAINTS => is_canonical::<NameConstraints>(value),
        ID_CE_POLICY_CONSTRAINTS => is_canonical::<PolicyConstraints>(value),
        ID_CE_SUBJECT_ALT_NAME => is_canonical::<SubjectAltName>(value),
        ID_CE_SUBJECT_KEY_IDENTIFIER => is_canonical::<SubjectKeyIdentifier>(value),
        ID_PE_AUTHORITY_INFO_ACCESS => is_canonical::<AuthorityInfoAccessSyntax>(value),
        _ => true,
    }
}

/// Would the derived readers take the certificate?
fn theirs(der: &[u8]) -> bool {
    let Ok(certificate) = x509_cert::Certificate::from_der(der) else {
        return false;
    };
    let extensions = certificate.tbs_certificate().extensions();
    certificate.to_der().is_ok_and(|encoding| encoding == der)
        && extensions.is_none_or(|all| all.iter().all(is_canonical_extension))
}

/// Certificates that together have every extension that is read, in every form.
fn seeds() -> Vec<Vec<u8>> {
    let key = Key::new(1);
    let name = tlv(
        0x30,
        &tlv(0x31, &tlv(0x30, &[oid("550403"), tlv(0x0c, b"x")].concat())),
    );
    let general_names = [
        tlv(0x82, b"a.example"),
        tlv(0x81, b"a@example.com"),
        tlv(0x86, b"https://a.example"),
        tlv(0x87, &[10, 0, 0, 1]),
        tlv(0xa4, &name),
        tlv(0x88, &[0x55, 4, 3]),
        tlv(
            0xa0,
            &[oid("2b0601040183bf300107"), tlv(0xa0, &tlv(0x0c, b"user"))].concat(),
        ),
    ]
    .concat();
    let subtree = |base: &[u8]| tlv(0x30, base);
    let constraints = [
        tlv(0xa0, &subtree(&tlv(0x82, b"example"))),
        tlv(0xa1, &subtree(&tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0]))),
    ]
    .concat();
    let rich = key.ca_with(
        "root",
        std::vec![
            extension("551d11", false, &tlv(0x30, &general_names)),
            extension("551d1e", true, &tlv(0x30, &constraints)),
            extension("551d0e", false, &tlv(4, &[1, 2, 3])),
            extension(
                "551d23",
                false,
                &tlv(
                    0x30,
                    &[
                        tlv(0x80, &[1]),
                        tlv(0xa1, &tlv(0xa4, &name)),
                        tlv(0x82, &[5])
                    ]
                    .concat(),
                ),
            ),
            extension("551d24", true, &tlv(0x30, &tlv(0x81, &[0]))),
            extension("551d36", true, &tlv(2, &[0])),
            extension(
                "551d25",
                false,
                &tlv(0x30, &[oid("2b06010505070303"), oid("551d2500")].concat()),
            ),
            extension(
                "2b06010505070101",
                false,
                &tlv(
                    0x30,
                    &tlv(
                        0x30,
                        &[oid("2b06010505073001"), tlv(0x86, b"http://o")].concat(),
                    ),
                ),
            ),
        ],
    );
    let simple = key.signer(&key, "root");
    std::vec![rich.der, simple.der]
}

#[test]
fn ours_accepts_nothing_that_the_derived_readers_refuse() {
    let (mut both, mut neither, mut stricter) = (0_u32, 0_u32, 0_u32);
    for seed in seeds() {
        assert!(Certificate::from_der(&seed, 0).is_ok() && theirs(&seed));
        for at in 0..seed.len() {
            let octet = seed[at];
            let near = [
                octet ^ 0x20,
                octet ^ 0x80,
                octet.wrapping_add(1),
                octet.wrapping_sub(1),
            ];
            for other in near
                .into_iter()
                .chain([0, 1, 2, 0x7f, 0x80, 0xff, 0x30, 0x18])
            {
                if other == octet {
                    continue;
                }
                let mut der = seed.clone();
                der[at] = other;
                match (Certificate::from_der(&der, 0).is_ok(), theirs(&der)) {
                    (true, true) => both += 1,
                    (false, false) => neither += 1,
                    (false, true) => stricter += 1,
                    (true, false) => panic!("octet {at} as {other:#04x} is taken"),
                }
            }
        }
    }
    println!("both accept {both}, both refuse {neither}, ours is stricter {stricter} times");
    assert!(both > 1000 && neither > 1000);
}
