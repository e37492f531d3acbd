//! The primitives that the second verifier asks for.

use rsa::pkcs1::DecodeRsaPublicKey;
use rsa::{Pkcs1v15Sign, Pss, RsaPublicKey};
use sha2::{Digest, Sha256, Sha384, Sha512};
use signature::hazmat::PrehashVerifier;
use sigstore_crypto::provider::{CryptoProvider, HashContext};
use sigstore_crypto::{Error, KeyAlgorithm, Result, SigningScheme};
use sigstore_types::HashAlgorithm;

/// RustCrypto, for verification alone.
#[derive(Debug)]
pub(crate) struct RustCrypto;

struct Hasher<D>(D);

impl<D: Digest + Send> HashContext for Hasher<D> {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }

    fn finalize(self: Box<Self>) -> Vec<u8> {
        self.0.finalize().to_vec()
    }
}

impl CryptoProvider for RustCrypto {
    fn hash(&self, algorithm: HashAlgorithm) -> Result<Box<dyn HashContext>> {
        Ok(match algorithm {
            HashAlgorithm::Sha2256 => Box::new(Hasher(Sha256::new())),
            HashAlgorithm::Sha2384 => Box::new(Hasher(Sha384::new())),
            HashAlgorithm::Sha2512 => Box::new(Hasher(Sha512::new())),
            other => return Err(Error::UnsupportedAlgorithm(other.to_string())),
        })
    }

    fn verify_raw(
        &self,
        scheme: SigningScheme,
        key: &[u8],
        data: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        match scheme.hash_algorithm() {
            Some(algorithm) => {
                let mut hash = self.hash(algorithm)?;
                hash.update(data);
                self.verify_prehashed(scheme, key, &hash.finalize(), signature)
            }
            None if scheme == SigningScheme::Ed25519 => ed25519(key, data, signature),
            None => Err(Error::UnsupportedAlgorithm(scheme.name().into())),
        }
    }

    fn verify_prehashed(
        &self,
        scheme: SigningScheme,
        key: &[u8],
        digest: &[u8],
        signature: &[u8],
    ) -> Result<()> {
        match scheme.key_algorithm() {
            KeyAlgorithm::EcdsaP256 => p256(key, digest, signature),
            KeyAlgorithm::EcdsaP384 => p384(key, digest, signature),
            KeyAlgorithm::Rsa => rsa(scheme, key, digest, signature),
            _ => Err(Error::UnsupportedAlgorithm(scheme.name().into())),
        }
    }
}

fn mismatch<E>(_: E) -> Error {
    Error::Verification("the signature does not match".into())
}

fn p256(key: &[u8], digest: &[u8], signature: &[u8]) -> Result<()> {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(mismatch)?;
    let signature = p256::ecdsa::Signature::from_der(signature).map_err(mismatch)?;
    key.verify_prehash(digest, &signature).map_err(mismatch)
}

fn p384(key: &[u8], digest: &[u8], signature: &[u8]) -> Result<()> {
    let key = p384::ecdsa::VerifyingKey::from_sec1_bytes(key).map_err(mismatch)?;
    let signature = p384::ecdsa::Signature::from_der(signature).map_err(mismatch)?;
    key.verify_prehash(digest, &signature).map_err(mismatch)
}

fn ed25519(key: &[u8], data: &[u8], signature: &[u8]) -> Result<()> {
    let key = key.try_into().map_err(mismatch)?;
    let key = ed25519_dalek::VerifyingKey::from_bytes(key).map_err(mismatch)?;
    let signature = ed25519_dalek::Signature::from_slice(signature).map_err(mismatch)?;
    key.verify_strict(data, &signature).map_err(mismatch)
}

fn rsa(scheme: SigningScheme, key: &[u8], digest: &[u8], signature: &[u8]) -> Result<()> {
    let key = RsaPublicKey::from_pkcs1_der(key).map_err(mismatch)?;
    let verified = match scheme {
        SigningScheme::RsaPssSha256 => key.verify(Pss::<Sha256>::new(), digest, signature),
        SigningScheme::RsaPssSha384 => key.verify(Pss::<Sha384>::new(), digest, signature),
        SigningScheme::RsaPssSha512 => key.verify(Pss::<Sha512>::new(), digest, signature),
        SigningScheme::RsaPkcs1Sha256 => pkcs1::<Sha256>(&key, digest, signature),
        SigningScheme::RsaPkcs1Sha384 => pkcs1::<Sha384>(&key, digest, signature),
        SigningScheme::RsaPkcs1Sha512 => pkcs1::<Sha512>(&key, digest, signature),
        other => return Err(Error::UnsupportedAlgorithm(other.name().into())),
    };
    verified.map_err(mismatch)
}

fn pkcs1<D>(key: &RsaPublicKey, digest: &[u8], signature: &[u8]) -> rsa::Result<()>
where
    D: Digest + rsa::pkcs8::AssociatedOid,
{
    key.verify(Pkcs1v15Sign::new::<D>(), digest, signature)
}
