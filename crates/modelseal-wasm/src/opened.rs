//! A model's bundle.

use modelseal::{
    AnyPolicy, AuditOptions, Bundle, Clock, Error, Limits, Manifest, ReportedManifest, Verdict,
};
use wasm_bindgen::prelude::*;

use crate::{Audit, FileCheck, options, roots, status, thrown, usage, whole};

/// A bundle that was parsed and verified, or rejected.
#[wasm_bindgen]
pub struct Opened {
    /// There until an audit takes it: a second copy could be large.
    signed: Option<Signed>,
    /// The error and the verdict, as JSON.
    rejected: Option<(String, String)>,
}

enum Signed {
    /// By somebody who was expected.
    Expected(Manifest),
    /// By somebody, and nobody was expected.
    Reported(ReportedManifest),
}

#[wasm_bindgen]
impl Opened {
    /// Parses and verifies `bundle`. Throws for a policy or options that cannot be used.
    #[wasm_bindgen(constructor)]
    pub fn new(bundle: &[u8], policy: &str, options: &str) -> Result<Self, JsValue> {
        let (clock, expectation) = options::open(options).map_err(thrown)?;
        let policy = AnyPolicy::from_json(policy, &roots::known()).map_err(thrown)?;
        let policy = options::with_expectation(policy, expectation);
        let signed = Signed::open(bundle, &policy, clock);
        let rejected = signed.as_ref().err().map(|error| {
            let verdict = match &policy {
                AnyPolicy::Expecting(policy) => Verdict::rejected(*error, bundle, policy, clock),
                AnyPolicy::ReportOnly(report) => {
                    Verdict::rejected_report(*error, bundle, report, clock)
                }
            };
            (error.to_json(), verdict.to_json())
        });
        let signed = signed.ok();
        Ok(Self { signed, rejected })
    }

    /// Why the bundle was rejected, as JSON.
    pub fn error(&self) -> Option<String> {
        Some(self.rejected.as_ref()?.0.clone())
    }

    /// The verdict on a rejected bundle, as JSON.
    pub fn rejected(&self) -> Option<String> {
        Some(self.rejected.as_ref()?.1.clone())
    }

    /// Whether nobody was expected, so that this can be shown and checks no single files.
    #[wasm_bindgen(js_name = isReport)]
    pub fn is_report(&self) -> bool {
        matches!(self.signed, Some(Signed::Reported(_)))
    }

    /// The signed manifest, as JSON.
    pub fn manifest(&self) -> Result<String, JsValue> {
        Ok(match self.signed()? {
            Signed::Expected(manifest) => manifest.to_json(),
            Signed::Reported(manifest) => manifest.to_json(),
        })
    }

    /// How many files were signed.
    #[wasm_bindgen(js_name = fileCount)]
    pub fn file_count(&self) -> Result<usize, JsValue> {
        Ok(match self.signed()? {
            Signed::Expected(manifest) => manifest.files().len(),
            Signed::Reported(manifest) => manifest.files().len(),
        })
    }

    /// Begins an audit, which takes the manifest.
    pub fn audit(&mut self, options: &str) -> Result<Audit, JsValue> {
        let options = options::audit(options).map_err(thrown)?;
        let signed = self.signed.take().ok_or_else(no_manifest)?;
        let inner = Some(signed.audit(options));
        Ok(Audit { inner })
    }

    /// A check of one file, apart from an audit. A report has none.
    pub fn check(&self, path: &str) -> Result<FileCheck, JsValue> {
        let check = self.expected()?.check(path);
        let inner = Some(check.ok_or_else(|| thrown(Error::FileUnsigned))?);
        Ok(FileCheck { inner })
    }

    /// The check whose state was saved.
    pub fn restore(&self, path: &str, state: &[u8]) -> Result<FileCheck, JsValue> {
        let inner = Some(self.expected()?.restore(path, state).map_err(thrown)?);
        Ok(FileCheck { inner })
    }

    /// Compares one file by its digests, apart from an audit: `ok` or `changed`.
    pub fn compare(&self, path: &str, digests: &[u8], length: f64) -> Result<String, JsValue> {
        let checked = self.expected()?.compare(path, digests, whole(length));
        Ok(status(checked.map_err(thrown)?.status()))
    }

    fn expected(&self) -> Result<&Manifest, JsValue> {
        match self.signed()? {
            Signed::Expected(manifest) => Ok(manifest),
            Signed::Reported(_) => Err(usage("a report checks no files")),
        }
    }

    fn signed(&self) -> Result<&Signed, JsValue> {
        self.signed.as_ref().ok_or_else(no_manifest)
    }
}

impl Signed {
    fn open(bundle: &[u8], policy: &AnyPolicy, clock: Clock) -> Result<Self, Error> {
        let bundle = Bundle::parse(bundle, &Limits::default())?;
        Ok(match policy {
            AnyPolicy::Expecting(policy) => {
                Self::Expected(bundle.verify(policy, clock)?.manifest()?)
            }
            AnyPolicy::ReportOnly(report) => {
                Self::Reported(bundle.report(report, clock)?.manifest()?)
            }
        })
    }

    fn audit(self, options: AuditOptions) -> modelseal::Audit {
        match self {
            Self::Expected(manifest) => manifest.audit(options),
            Self::Reported(manifest) => manifest.audit(options),
        }
    }
}

fn no_manifest() -> JsValue {
    usage("the bundle was rejected, or its audit has begun")
}
