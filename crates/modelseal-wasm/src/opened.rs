//! A model's bundle.

use modelseal::{Error, Limits, Manifest, Opened as Inner, Rejected};
use wasm_bindgen::prelude::*;

use crate::{Audit, FileCheck, options, roots, status, thrown, usage, whole};

/// A bundle that was parsed and verified, or rejected.
#[wasm_bindgen]
pub struct Opened {
    /// Set until an audit takes it: a second copy could be large.
    inner: Option<Inner>,
}

#[wasm_bindgen]
impl Opened {
    /// Parses and verifies `bundle`. Throws for what cannot be judged: a policy or options that cannot
    /// be used, and what is not a bundle at all.
    #[wasm_bindgen(constructor)]
    pub fn new(bundle: &[u8], policy: &str, options: &str) -> Result<Self, JsValue> {
        let options = options::open(options).map_err(thrown)?;
        let policy = options.policy(policy, &roots::known()).map_err(thrown)?;
        let opened = policy.open(bundle, &Limits::default(), options.clock());
        let inner = Some(opened.map_err(thrown)?);
        Ok(Self { inner })
    }

    /// Why the bundle was rejected, as JSON.
    pub fn error(&self) -> Option<String> {
        Some(self.rejection()?.error().to_json())
    }

    /// The verdict on a rejected bundle, as JSON.
    pub fn rejected(&self) -> Option<String> {
        Some(self.rejection()?.verdict().to_json())
    }

    /// Whether no signer was expected, so that this can be shown and checks no single files.
    #[wasm_bindgen(js_name = isReport)]
    pub fn is_report(&self) -> bool {
        matches!(self.inner, Some(Inner::Reported(_)))
    }

    /// The signed manifest, as JSON.
    pub fn manifest(&self) -> Result<String, JsValue> {
        match &self.inner {
            Some(Inner::Expected(manifest)) => Ok(manifest.to_json()),
            Some(Inner::Reported(manifest)) => Ok(manifest.to_json()),
            _ => Err(no_manifest()),
        }
    }

    /// How many files were signed.
    #[wasm_bindgen(js_name = fileCount)]
    pub fn file_count(&self) -> Result<usize, JsValue> {
        let opened = self.inner.as_ref().ok_or_else(no_manifest)?;
        Ok(opened.files().len())
    }

    /// Begins an audit, which takes the manifest.
    pub fn audit(&mut self, options: &str) -> Result<Audit, JsValue> {
        let options = options::audit(options).map_err(thrown)?;
        let opened = self.inner.take().ok_or_else(no_manifest)?;
        let inner = Some(opened.audit(options).map_err(|_| no_manifest())?);
        Ok(Audit { inner })
    }

    /// A check of one file, apart from an audit. A report has none.
    pub fn check(&self, path: &str) -> Result<FileCheck, JsValue> {
        let check = self.expected()?.check(path);
        let inner = Some(check.ok_or_else(|| thrown(Error::FileUnsigned))?);
        Ok(FileCheck { inner })
    }

    /// The check whose state was saved with this key.
    pub fn restore(&self, path: &str, state: &[u8], key: &[u8]) -> Result<FileCheck, JsValue> {
        let check = self.expected()?.restore(path, state, key);
        let inner = Some(check.map_err(thrown)?);
        Ok(FileCheck { inner })
    }

    /// Compares one file by its digests, apart from an audit: `ok` or `changed`.
    pub fn compare(&self, path: &str, digests: &[u8], length: f64) -> Result<String, JsValue> {
        let checked = self.expected()?.compare(path, digests, whole(length));
        Ok(status(checked.map_err(thrown)?.status()))
    }

    /// Whether one shard of a file, counted from 0, has the signed digest.
    #[wasm_bindgen(js_name = compareShard)]
    pub fn compare_shard(&self, path: &str, shard: usize, digest: &[u8]) -> Result<bool, JsValue> {
        self.expected()?
            .compare_shard(path, shard, digest)
            .map_err(thrown)
    }

    fn expected(&self) -> Result<&Manifest, JsValue> {
        match &self.inner {
            Some(Inner::Expected(manifest)) => Ok(manifest),
            Some(Inner::Reported(_)) => Err(usage("a report checks no files")),
            _ => Err(no_manifest()),
        }
    }

    const fn rejection(&self) -> Option<&Rejected> {
        match &self.inner {
            Some(Inner::Rejected(rejected)) => Some(rejected),
            _ => None,
        }
    }
}

fn no_manifest() -> JsValue {
    usage("the bundle was rejected, or its audit has begun")
}
