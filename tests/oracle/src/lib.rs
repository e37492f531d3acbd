//! A second Sigstore verifier: `sigstore-verify`, which shares no code of verification with ours,
//! over the primitives of RustCrypto.

mod provider;

use std::sync::Once;

use sigstore_trust_root::TrustedRoot;
use sigstore_types::{Bundle, Sha256Hash};
use sigstore_verify::{VerificationPolicy, Verifier};

/// A trust root that the second verifier has read.
pub struct Oracle(Verifier);

impl Oracle {
    /// Reads a trusted_root.json.
    ///
    /// # Errors
    /// The verifier's own words, where it refuses the trust root.
    pub fn new(trusted_root: &str) -> Result<Self, String> {
        static INSTALLED: Once = Once::new();
        INSTALLED.call_once(|| {
            sigstore_crypto::install_default_provider(&provider::RustCrypto)
                .expect("nothing else installs a provider");
        });
        let root = TrustedRoot::from_json(trusted_root).map_err(|error| error.to_string())?;
        let verifier = Verifier::new(&root).map_err(|error| error.to_string())?;
        Ok(Self(verifier))
    }

    /// Verifies a bundle over an artifact's bytes.
    ///
    /// # Errors
    /// The verifier's own words, where it rejects the bundle.
    pub fn verify(
        &self,
        bundle: &str,
        artifact: &[u8],
        issuer: &str,
        identity: &str,
    ) -> Result<(), String> {
        let bundle = Bundle::from_json(bundle).map_err(|error| error.to_string())?;
        let policy = VerificationPolicy::new(identity, issuer);
        let verified = self.0.verify(artifact, &bundle, &policy);
        verified.map(drop).map_err(|error| error.to_string())
    }

    /// Verifies a bundle over an artifact of which only the SHA-256 is known.
    ///
    /// # Errors
    /// The verifier's own words, where it rejects the bundle.
    pub fn verify_digest(
        &self,
        bundle: &str,
        sha256: [u8; 32],
        issuer: &str,
        identity: &str,
    ) -> Result<(), String> {
        let bundle = Bundle::from_json(bundle).map_err(|error| error.to_string())?;
        let policy = VerificationPolicy::new(identity, issuer);
        let verified = self.0.verify(Sha256Hash::new(sha256), &bundle, &policy);
        verified.map(drop).map_err(|error| error.to_string())
    }
}
