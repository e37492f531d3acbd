//! modelseal for JavaScript: translation, no decisions.
//!
//! It is internal to the npm package, which owns every handle and frees it. What is `Err` here is
//! thrown there, as its code, stage and message in JSON. Options come in, and verdicts go out, as JSON.

mod artifact;
mod hashing;
mod opened;
mod options;
mod roots;

use modelseal::{Disposition, EntryKind, Error, FileStatus, Limits, Method};
use wasm_bindgen::prelude::*;

/// An audit of one model.
#[wasm_bindgen]
pub struct Audit {
    inner: Option<modelseal::Audit>,
}

#[wasm_bindgen]
impl Audit {
    /// Takes note of a path: `hash`, `skip` or `descend`.
    pub fn announce(
        &mut self,
        path: &str,
        kind: &str,
        size: Option<f64>,
    ) -> Result<String, JsValue> {
        let kind = match kind {
            "directory" => EntryKind::Directory,
            "file" => EntryKind::File,
            "followed-link" => EntryKind::FollowedLink,
            "not-utf8" => EntryKind::NotUtf8,
            "special" => EntryKind::Special,
            "symlink" => EntryKind::Symlink,
            _ => return Err(usage("no such kind of entry")),
        };
        let disposition = self.open()?.announce(path, kind, size.map(whole));
        Ok(match disposition.map_err(thrown)? {
            Disposition::Descend => "descend",
            Disposition::Hash => "hash",
            _ => "skip",
        }
        .into())
    }

    /// The algorithm by which the files were signed.
    pub fn algorithm(&mut self) -> Result<String, JsValue> {
        Ok(self.open()?.algorithm().name().into())
    }

    /// The length of a shard in bytes, where the files were signed in shards.
    #[wasm_bindgen(js_name = shardSize)]
    pub fn shard_size(&mut self) -> Result<Option<f64>, JsValue> {
        Ok(match self.open()?.method() {
            Method::Shards { size } => Some(number(size)),
            _ => None,
        })
    }

    /// How many bytes were signed of a file, where that was signed: of a file in shards.
    #[wasm_bindgen(js_name = signedLength)]
    pub fn signed_length(&mut self, path: &str) -> Result<Option<f64>, JsValue> {
        Ok(self.open()?.signed_length(path).map(number))
    }

    /// Takes the digests of a file of `length` bytes, one after the other.
    pub fn hashed(&mut self, path: &str, digests: &[u8], length: f64) -> Result<String, JsValue> {
        let status = self.open()?.hashed(path, digests, whole(length));
        status.map(self::status).map_err(thrown)
    }

    /// Takes the digest that a listing claims of an announced file.
    pub fn listing(&mut self, path: &str, digest: &str) -> Result<String, JsValue> {
        self.open()?
            .listing(path, digest)
            .map(status)
            .map_err(thrown)
    }

    /// States that a file could not be read.
    pub fn unreadable(&mut self, path: &str) -> Result<(), JsValue> {
        self.open()?.unreadable(path).map_err(thrown)
    }

    /// States that an allowed symlink cannot be followed.
    #[wasm_bindgen(js_name = refuseSymlink)]
    pub fn refuse_symlink(&mut self, path: &str) -> Result<(), JsValue> {
        self.open()?.refuse_symlink(path).map_err(thrown)
    }

    /// States how the files were hashed, as JSON.
    pub fn diagnose(&mut self, diagnostics: &str) -> Result<(), JsValue> {
        let diagnostics = options::diagnostics(diagnostics).map_err(thrown)?;
        self.open()?.diagnose(diagnostics);
        Ok(())
    }

    /// The verdict, as JSON. The audit is over then.
    pub fn finish(&mut self) -> Result<String, JsValue> {
        let audit = self.inner.take().ok_or_else(over)?;
        Ok(audit.finish().to_json())
    }

    fn open(&mut self) -> Result<&mut modelseal::Audit, JsValue> {
        self.inner.as_mut().ok_or_else(over)
    }
}

/// The check of one file's bytes.
#[wasm_bindgen]
pub struct FileCheck {
    inner: Option<modelseal::FileCheck>,
}

#[wasm_bindgen]
impl FileCheck {
    /// Takes the file's next bytes.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), JsValue> {
        let check = self.inner.as_mut().ok_or_else(over)?;
        check.push(chunk);
        Ok(())
    }

    /// The state, from which `Opened.restore` goes on with the same key of at least 32 bytes.
    pub fn save(&self, key: &[u8]) -> Result<Vec<u8>, JsValue> {
        let check = self.inner.as_ref().ok_or_else(over)?;
        check.save(key).map_err(thrown)
    }

    /// How many bytes it has seen.
    pub fn length(&self) -> Result<f64, JsValue> {
        Ok(number(self.inner.as_ref().ok_or_else(over)?.length()))
    }

    /// Ends a check that belongs to no audit: `ok` or `changed`.
    pub fn finish(&mut self) -> Result<String, JsValue> {
        Ok(status(self.take()?.finish().status()))
    }

    fn take(&mut self) -> Result<modelseal::FileCheck, JsValue> {
        self.inner.take().ok_or_else(over)
    }
}

/// What a bundle claims, as JSON; nothing of it is verified.
#[wasm_bindgen]
pub fn inspect(bundle: &[u8]) -> Result<String, JsValue> {
    let claimed = modelseal::inspect(bundle, &Limits::default()).map_err(thrown)?;
    Ok(claimed.to_json())
}

/// Every error's code, stage and message, as JSON.
#[wasm_bindgen]
pub fn error_codes() -> String {
    let errors: Vec<String> = Error::ALL.iter().map(Error::to_json).collect();
    format!("[{}]", errors.join(","))
}

/// The version of modelseal.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

fn status(status: FileStatus) -> String {
    match status {
        FileStatus::Changed => "changed",
        FileStatus::Ok => "ok",
        _ => "not-checked",
    }
    .into()
}

/// A size that JavaScript has checked to be a whole number.
#[allow(clippy::as_conversions, reason = "a cast from f64 saturates")]
fn whole(size: f64) -> u64 {
    size as u64
}

/// A length, which JavaScript holds exactly up to 2^53.
#[allow(clippy::as_conversions, reason = "longer files are nowhere")]
fn number(length: u64) -> f64 {
    length as f64
}

fn over() -> JsValue {
    usage("this audit or check is over")
}

fn usage(what: &'static str) -> JsValue {
    thrown(Error::UsageInvalid { what })
}

fn thrown(error: Error) -> JsValue {
    JsValue::from_str(&error.to_json())
}
