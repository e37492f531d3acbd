//! One artifact, and a bundle that signs it or states something about it.

use modelseal::{
    AnyPolicy, ArtifactDigests, ArtifactHasher, ArtifactVerdict, Bundle, Clock, Error, Limits,
    Stage,
};
use modelseal_hash::decode_hex;
use wasm_bindgen::prelude::*;

use crate::{options, over, roots, thrown, usage};

/// The check of an artifact, by its bytes or by its digest.
#[wasm_bindgen]
pub struct ArtifactCheck {
    inner: Option<Inner>,
}

struct Inner {
    bytes: Vec<u8>,
    bundle: Result<Bundle, Error>,
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
    /// Waits for the artifact's bytes, or takes its SHA-256 in hex in their place. Throws for a
    /// policy or options that cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(
        bundle: Vec<u8>,
        policy: &str,
        options: &str,
        sha256: Option<String>,
    ) -> Result<Self, JsValue> {
        let (clock, expectation) = options::open(options).map_err(thrown)?;
        let policy = AnyPolicy::for_artifacts_from_json(policy, &roots::known());
        let policy = options::with_expectation(policy.map_err(thrown)?, expectation);
        let bytes = bundle;
        let bundle = Bundle::parse(&bytes, &Limits::default());
        let artifact = match sha256 {
            // A bundle that cannot be read is judged all the same: with all the digests.
            None => {
                let hasher = bundle.as_ref().map(ArtifactHasher::for_bundle);
                Artifact::Bytes(Box::new(hasher.unwrap_or_default()))
            }
            Some(hex) => {
                let digest = decode_hex(&hex);
                let digest = digest.ok_or_else(|| usage("this is no SHA-256 in hex"))?;
                Artifact::Digests(ArtifactDigests::sha256(digest))
            }
        };
        let inner = Some(Inner {
            bytes,
            bundle,
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

    /// The verdict, as JSON. The check is over then. Throws where the signature is over a digest that
    /// nobody gave.
    pub fn finish(&mut self) -> Result<String, JsValue> {
        let inner = self.inner.take().ok_or_else(over)?;
        let digests = match inner.artifact {
            Artifact::Bytes(hasher) => hasher.finish(),
            Artifact::Digests(digests) => digests,
        };
        let verdict = verdict(
            inner.bundle,
            &inner.bytes,
            &inner.policy,
            inner.clock,
            &digests,
        );
        verdict.map(|verdict| verdict.to_json()).map_err(thrown)
    }
}

fn verdict(
    bundle: Result<Bundle, Error>,
    bytes: &[u8],
    policy: &AnyPolicy,
    clock: Clock,
    digests: &ArtifactDigests,
) -> Result<ArtifactVerdict, Error> {
    let verdict = match policy {
        AnyPolicy::Expecting(policy) => bundle
            .and_then(|bundle| bundle.verify_artifact(policy, clock, digests))
            .map(|artifact| artifact.verdict()),
        AnyPolicy::ReportOnly(report) => bundle
            .and_then(|bundle| bundle.report_artifact(report, clock, digests))
            .map(|artifact| artifact.verdict()),
    };
    verdict.or_else(|error| match policy {
        // A digest that the caller did not give says nothing about the artifact.
        _ if error.stage() == Stage::Policy => Err(error),
        AnyPolicy::Expecting(policy) => Ok(ArtifactVerdict::rejected(
            error, bytes, policy, clock, digests,
        )),
        AnyPolicy::ReportOnly(report) => Ok(ArtifactVerdict::rejected_report(
            error, bytes, report, clock, digests,
        )),
    })
}
