//! Keys that are the same on every run, and the signatures that they make.

use base64ct::{Base64, Encoding};
use rsa::pkcs8::{DecodePrivateKey, EncodePublicKey};
use rsa::rand_core::{Infallible, TryCryptoRng, TryRng};
use rsa::{Pkcs1v15Sign, Pss, RsaPrivateKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::Signer;
use signature::hazmat::PrehashSigner;

use crate::der;

/// The curve or kind of a [`Key`].
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Kind {
    /// Ed25519, which OMS does not know.
    Ed25519,
    /// secp256k1, of the same size as P-256 and not accepted.
    K256,
    /// NIST P-256.
    P256,
    /// NIST P-384.
    P384,
    /// NIST P-521.
    P521,
}

/// A signature algorithm, as a certificate names it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Algorithm {
    /// ecdsa-with-SHA1.
    EcdsaSha1,
    /// ecdsa-with-SHA256.
    EcdsaSha256,
    /// ecdsa-with-SHA384.
    EcdsaSha384,
    /// ecdsa-with-SHA512.
    EcdsaSha512,
    /// Ed25519.
    Ed25519,
    /// md5WithRSAEncryption.
    RsaMd5,
    /// RSASSA-PSS with SHA-256, MGF1 with SHA-256 and a salt of 32 bytes.
    RsaPssSha256,
    /// sha1WithRSAEncryption.
    RsaSha1,
    /// sha256WithRSAEncryption.
    RsaSha256,
}

impl Algorithm {
    /// The AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
    pub fn identifier(self) -> Vec<u8> {
        let sha256 = || der::sequence(&[der::oid("2.16.840.1.101.3.4.2.1"), der::null()]);
        let rsa = |dotted| der::sequence(&[der::oid(dotted), der::null()]);
        match self {
            Self::EcdsaSha1 => der::sequence(&[der::oid("1.2.840.10045.4.1")]),
            Self::EcdsaSha256 => der::sequence(&[der::oid("1.2.840.10045.4.3.2")]),
            Self::EcdsaSha384 => der::sequence(&[der::oid("1.2.840.10045.4.3.3")]),
            Self::EcdsaSha512 => der::sequence(&[der::oid("1.2.840.10045.4.3.4")]),
            Self::Ed25519 => der::sequence(&[der::oid("1.3.101.112")]),
            Self::RsaMd5 => rsa("1.2.840.113549.1.1.4"),
            Self::RsaSha1 => rsa("1.2.840.113549.1.1.5"),
            Self::RsaSha256 => rsa("1.2.840.113549.1.1.11"),
            Self::RsaPssSha256 => der::sequence(&[
                der::oid("1.2.840.113549.1.1.10"),
                der::sequence(&[
                    der::explicit(0, &sha256()),
                    der::explicit(
                        1,
                        &der::sequence(&[der::oid("1.2.840.113549.1.1.8"), sha256()]),
                    ),
                    der::explicit(2, &der::unsigned(&[32])),
                ]),
            ]),
        }
    }

    fn digest(self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::EcdsaSha1 | Self::RsaSha1 => sha1::Sha1::digest(message).to_vec(),
            Self::EcdsaSha256 | Self::RsaPssSha256 | Self::RsaSha256 => {
                Sha256::digest(message).to_vec()
            }
            Self::EcdsaSha384 => Sha384::digest(message).to_vec(),
            Self::EcdsaSha512 => Sha512::digest(message).to_vec(),
            Self::RsaMd5 => md5::Md5::digest(message).to_vec(),
            Self::Ed25519 => message.to_vec(),
        }
    }

    /// What PKCS#1 v1.5 puts before the digest: a DigestInfo without its last value.
    fn digest_info_prefix(self) -> Vec<u8> {
        let (dotted, length) = match self {
            Self::RsaMd5 => ("1.2.840.113549.2.5", 16),
            Self::RsaSha1 => ("1.3.14.3.2.26", 20),
            _ => ("2.16.840.1.101.3.4.2.1", 32),
        };
        let algorithm = der::sequence(&[der::oid(dotted), der::null()]);
        let digest = der::tlv(der::OCTET_STRING, &vec![0; length]);
        let whole = der::sequence(&[algorithm, digest]);
        whole[..whole.len() - length].to_vec()
    }
}

/// A signing key.
pub enum Key {
    /// Ed25519.
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// secp256k1.
    K256(k256::ecdsa::SigningKey),
    /// NIST P-256.
    P256(p256::ecdsa::SigningKey),
    /// NIST P-384.
    P384(p384::ecdsa::SigningKey),
    /// NIST P-521.
    P521(p521::ecdsa::SigningKey),
    /// RSA.
    Rsa(Box<RsaPrivateKey>),
}

impl Key {
    /// The key of this kind and name.
    pub fn derive(kind: Kind, name: &str) -> Self {
        let seed = Sha512::digest(format!("modelseal-forge {kind:?} {name}"));
        let in_range = "a digest this far below the curve's order is a valid scalar";
        match kind {
            Kind::Ed25519 => {
                let mut bytes = [0; 32];
                bytes.copy_from_slice(&seed[..32]);
                Self::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&bytes)))
            }
            Kind::K256 => {
                Self::K256(k256::ecdsa::SigningKey::from_slice(&seed[..32]).expect(in_range))
            }
            Kind::P256 => {
                Self::P256(p256::ecdsa::SigningKey::from_slice(&seed[..32]).expect(in_range))
            }
            Kind::P384 => {
                Self::P384(p384::ecdsa::SigningKey::from_slice(&seed[..48]).expect(in_range))
            }
            Kind::P521 => {
                let mut bytes = vec![0; 2];
                bytes.extend_from_slice(&seed);
                Self::P521(p521::ecdsa::SigningKey::from_slice(&bytes).expect(in_range))
            }
        }
    }

    /// The committed RSA key of 3072 bits.
    pub fn rsa_3072() -> Self {
        Self::rsa(include_str!("../keys/rsa-3072.pem"))
    }

    /// The committed RSA key of 1024 bits, which is too short.
    pub fn rsa_1024() -> Self {
        Self::rsa(include_str!("../keys/rsa-1024.pem"))
    }

    fn rsa(pem: &str) -> Self {
        let key = RsaPrivateKey::from_pkcs8_pem(pem).expect("a committed key is readable");
        Self::Rsa(Box::new(key))
    }

    /// The algorithm that this key uses unless a case asks for another: hash by curve.
    pub fn algorithm(&self) -> Algorithm {
        match self {
            Self::Ed25519(_) => Algorithm::Ed25519,
            Self::K256(_) | Self::P256(_) => Algorithm::EcdsaSha256,
            Self::P384(_) => Algorithm::EcdsaSha384,
            Self::P521(_) => Algorithm::EcdsaSha512,
            Self::Rsa(_) => Algorithm::RsaSha256,
        }
    }

    /// The public key's uncompressed point (SEC 1 section 2.3.3).
    pub fn point(&self) -> Vec<u8> {
        match self {
            Self::K256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P256(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P384(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::P521(key) => key.verifying_key().to_sec1_point(false).as_bytes().to_vec(),
            Self::Ed25519(_) | Self::Rsa(_) => panic!("this key is not on a Weierstrass curve"),
        }
    }

    /// The SubjectPublicKeyInfo in DER (RFC 5480, RFC 3279, RFC 8410).
    pub fn spki(&self) -> Vec<u8> {
        let curve = match self {
            Self::Rsa(key) => {
                return key
                    .to_public_key()
                    .to_public_key_der()
                    .expect("encodes")
                    .into_vec();
            }
            Self::Ed25519(key) => {
                return der::sequence(&[
                    Algorithm::Ed25519.identifier(),
                    der::bit_string(key.verifying_key().as_bytes()),
                ]);
            }
            Self::K256(_) => "1.3.132.0.10",
            Self::P256(_) => "1.2.840.10045.3.1.7",
            Self::P384(_) => "1.3.132.0.34",
            Self::P521(_) => "1.3.132.0.35",
        };
        let algorithm = der::sequence(&[der::oid("1.2.840.10045.2.1"), der::oid(curve)]);
        der::sequence(&[algorithm, der::bit_string(&self.point())])
    }

    /// The SubjectPublicKeyInfo in PEM: the text that OMS key hints are made of.
    pub fn public_pem(&self) -> String {
        pem("PUBLIC KEY", &self.spki())
    }

    /// Signs a message: DER for ECDSA, the plain string of bytes otherwise.
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Self::Rsa(key) => rsa_sign(key, algorithm, message),
            _ => {
                let fixed = self.sign_fixed(algorithm, message);
                let (r, s) = fixed.split_at(fixed.len() / 2);
                der::sequence(&[der::unsigned(r), der::unsigned(s)])
            }
        }
    }

    /// The other form of an ECDSA signature in DER: (r, n - s) is as valid as (r, s).
    pub fn other_form(&self, signature: &[u8]) -> Vec<u8> {
        let reads = "an ECDSA signature by this key";
        match self {
            Self::P256(_) => {
                let signature = p256::ecdsa::Signature::from_der(signature).expect(reads);
                let (r, s) = signature.split_scalars();
                let other = p256::ecdsa::Signature::from_scalars(r, -s).expect(reads);
                other.to_der().as_bytes().to_vec()
            }
            Self::P384(_) => {
                let signature = p384::ecdsa::Signature::from_der(signature).expect(reads);
                let (r, s) = signature.split_scalars();
                let other = p384::ecdsa::Signature::from_scalars(r, -s).expect(reads);
                other.to_der().as_bytes().to_vec()
            }
            _ => panic!("no case needs the other form of this key's signatures"),
        }
    }

    /// An ECDSA signature as r || s (IEEE P1363), deterministic (RFC 6979).
    pub fn sign_fixed(&self, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
        let digest = algorithm.digest(message);
        let signs = "a digest of half a scalar or more can be signed";
        match self {
            Self::K256(key) => {
                let signature: k256::ecdsa::Signature = key.sign_prehash(&digest).expect(signs);
                signature.to_bytes().to_vec()
            }
            Self::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(&digest).expect(signs);
                signature.to_bytes().to_vec()
            }
            Self::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign_prehash(&digest).expect(signs);
                signature.to_bytes().to_vec()
            }
            Self::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign_prehash(&digest).expect(signs);
                signature.to_bytes().to_vec()
            }
            Self::Ed25519(_) | Self::Rsa(_) => panic!("this key makes no ECDSA signature"),
        }
    }
}

/// PEM as OpenSSL and Python write it: 64 columns, a line feed at the end (RFC 7468).
pub fn pem(label: &str, der: &[u8]) -> String {
    let base64 = Base64::encode_string(der);
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

fn rsa_sign(key: &RsaPrivateKey, algorithm: Algorithm, message: &[u8]) -> Vec<u8> {
    let digest = algorithm.digest(message);
    let signs = "the key is long enough for this digest";
    if algorithm == Algorithm::RsaPssSha256 {
        let padding = Pss::<Sha256>::new_with_salt(32);
        let mut salt = Counter(Sha256::digest(message).to_vec());
        return key.sign_with_rng(&mut salt, padding, &digest).expect(signs);
    }
    let padding = Pkcs1v15Sign {
        hash_len: Some(digest.len()),
        prefix: algorithm.digest_info_prefix().into_boxed_slice(),
    };
    key.sign(padding, &digest).expect(signs)
}

/// Bytes that are the same on every run, where an interface asks for random ones.
struct Counter(Vec<u8>);

impl TryRng for Counter {
    type Error = Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Infallible> {
        let mut bytes = [0; 4];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u32::from_be_bytes(bytes))
    }

    fn try_next_u64(&mut self) -> Result<u64, Infallible> {
        let mut bytes = [0; 8];
        self.try_fill_bytes(&mut bytes)?;
        Ok(u64::from_be_bytes(bytes))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Infallible> {
        for chunk in out.chunks_mut(32) {
            self.0 = Sha256::digest(&self.0).to_vec();
            chunk.copy_from_slice(&self.0[..chunk.len()]);
        }
        Ok(())
    }
}

impl TryCryptoRng for Counter {}
