//! The public Sigstore vectors: bundles over one artifact each.

use std::fs;
use std::path::{Path, PathBuf};

use modelseal::{ArtifactDigests, ArtifactHasher, Error, Identity, Policy, PublicKey, TrustRoot};

/// What the suite expects where a case says nothing.
const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// A case of `sigstore/bundle-verify`.
pub struct BundleCase {
    suite: PathBuf,
    folder: PathBuf,
}

impl BundleCase {
    /// The case of this name, among the vectors in `vectors`.
    pub fn new(vectors: &Path, name: &str) -> Self {
        let suite = suite(vectors);
        Self {
            folder: suite.join(name),
            suite,
        }
    }

    /// The bundle.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn bundle(&self) -> std::io::Result<Vec<u8>> {
        fs::read(self.folder.join("bundle.sigstore.json"))
    }

    /// What was signed: the case's own artifact, or the suite's.
    ///
    /// # Errors
    /// Those of the file system.
    pub fn artifact(&self) -> std::io::Result<Vec<u8>> {
        fs::read(self.folder.join("artifact")).or_else(|_| fs::read(self.suite.join("a.txt")))
    }

    /// Whom to expect, and who vouches for them.
    ///
    /// # Errors
    /// For a key or a trust root that cannot be used.
    pub fn policy(&self) -> Result<Policy, Error> {
        let text = |name: &str, default: &str| {
            let text = fs::read_to_string(self.folder.join(name));
            text.map_or_else(|_| default.to_owned(), |text| text.trim().to_owned())
        };
        let root = match fs::read(self.folder.join("trusted_root.json")) {
            Ok(json) => TrustRoot::parse(&json)?,
            Err(_) => TrustRoot::bundled("production")?,
        };
        match fs::read_to_string(self.folder.join("key.pub")) {
            Ok(pem) => {
                Ok(Policy::key(PublicKey::for_artifacts_from_pem(&pem)?).with_trust_root(root))
            }
            Err(_) => {
                let (issuer, identity) = (text("issuer", ISSUER), text("identity", IDENTITY));
                Policy::sigstore(root, vec![Identity::new(&issuer, &identity)?])
            }
        }
    }
}

/// The folder of the cases.
pub fn suite(vectors: &Path) -> PathBuf {
    vectors.join("sigstore/bundle-verify")
}

/// Every digest of an artifact.
pub fn digests(artifact: &[u8]) -> ArtifactDigests {
    let mut hasher = ArtifactHasher::default();
    hasher.update(artifact);
    hasher.finish()
}
