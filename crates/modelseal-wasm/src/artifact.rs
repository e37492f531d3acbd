//! One artifact, and a bundle that signs it or states something about it.

use modelseal::{AnyPolicy, ArtifactBundles, ArtifactDigests, ArtifactHasher, Clock, Limits};
use modelseal_hash::decode_hex;
use wasm_bindgen::prelude::*;

use crate::{options, over, roots, thrown, usage};

/// The check of an artifact, by its bytes or by its digest.
#[wasm_bindgen]
pub struct ArtifactCheck {
    inner: Option<Inner>,
}

struct Inner {
    bundles: ArtifactBundles,
    policy: AnyPolicy,
    clock: Clock,
    artifact: Artifact,
}

enum Artifact {
    Bytes(Box<ArtifactHasher>),
    Digests(ArtifactDigests),
}

#[wasm_bindgen]
impl ArtifactCheck {
    /// Waits for the artifact's bytes, or takes its digest in their place: `sha256`, `sha384` or
    /// `sha512`, a colon and lower-case hex. Throws for what cannot be judged: a policy or options that
    /// cannot be used, and what is not a bundle at all.
    #[wasm_bindgen(constructor)]
    pub fn new(
        bundle: &[u8],
        policy: &str,
        options: &str,
        digest: Option<String>,
    ) -> Result<Self, JsValue> {
        let options = options::open(options).map_err(thrown)?;
        let policy = options.artifact_policy(policy, &roots::known());
        let policy = policy.map_err(thrown)?;
        let bundles = ArtifactBundles::parse(bundle, &Limits::default()).map_err(thrown)?;
        let artifact = match digest {
            None => Artifact::Bytes(Box::new(bundles.hasher())),
            Some(digest) => Artifact::Digests(read_digest(&digest)?),
        };
        let clock = options.clock();
        let inner = Some(Inner {
            bundles,
            policy,
            clock,
            artifact,
        });
        Ok(Self { inner })
    }

    /// Takes the artifact's next bytes.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), JsValue> {
        match &mut self.inner.as_mut().ok_or_else(over)?.artifact {
            Artifact::Bytes(hasher) => hasher.update(chunk),
            Artifact::Digests(_) => return Err(usage("this artifact is known by its digest")),
        }
        Ok(())
    }

    /// The verdict, as JSON. The check is over then. Throws where the digest that was given cannot be
    /// compared.
    pub fn finish(&mut self) -> Result<String, JsValue> {
        let inner = self.inner.take().ok_or_else(over)?;
        let digests = match inner.artifact {
            Artifact::Bytes(hasher) => hasher.finish(),
            Artifact::Digests(digests) => digests,
        };
        let verdict = inner.policy.judge(inner.bundles, inner.clock, &digests);
        verdict.map(|verdict| verdict.to_json()).map_err(thrown)
    }
}

fn read_digest(text: &str) -> Result<ArtifactDigests, JsValue> {
    let digest = match text.split_once(':') {
        Some(("sha256", hex)) => decode_hex(hex).map(ArtifactDigests::sha256),
        Some(("sha384", hex)) => decode_hex(hex).map(ArtifactDigests::sha384),
        Some(("sha512", hex)) => decode_hex(hex).map(ArtifactDigests::sha512),
        _ => None,
    };
    digest.ok_or_else(|| usage("the digest of the artifact is not lower-case hex of its length"))
}
