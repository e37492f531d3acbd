//! Reads what the caller names: bundles, keys, certificates. Never more than is of use.

use std::{fs::File, io::Read as _, path::Path};

use modelseal::{Anchors, Error, Limits, PublicKey};

use crate::exit::Failure;

/// Bytes of a PEM file: a chain of 16 certificates with RSA-8192 keys has 60 KiB.
const PEM_BYTES: usize = 1024 * 1024;

/// The bytes of a bundle, and one more than the limit if it is too large.
///
/// # Errors
/// If it cannot be read.
pub fn bundle(path: &Path, limits: &Limits) -> Result<Vec<u8>, Failure> {
    read(path, limits.bundle_bytes, "signature-unreadable")
}

/// A public key from a PEM file.
///
/// # Errors
/// If it cannot be read, or is no key.
pub fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let bytes = read(path, PEM_BYTES, "key-unreadable")?;
    let key = text(&bytes)
        .ok_or(Error::KeyInvalid)
        .and_then(PublicKey::from_pem);
    key.map_err(|error| Failure::in_file(error, path))
}

/// Trust anchors from PEM files.
///
/// # Errors
/// If one cannot be read, or is no certificate.
pub fn anchors<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<Anchors, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let bytes = read(path, PEM_BYTES, "anchor-unreadable")?;
        let invalid = |error| Failure::in_file(error, path);
        let pem = text(&bytes).ok_or(Error::AnchorInvalid).map_err(invalid)?;
        // Each by itself first, so that an error names its file.
        Anchors::from_pem([pem]).map_err(invalid)?;
        files.push(pem.to_owned());
    }
    Ok(Anchors::from_pem(files.iter().map(String::as_str))?)
}

fn text(bytes: &[u8]) -> Option<&str> {
    if bytes.len() > PEM_BYTES {
        None
    } else {
        str::from_utf8(bytes).ok()
    }
}

fn read(path: &Path, limit: usize, code: &'static str) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    let result = File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes));
    result.map_err(|error| Failure::unreadable(code, path, &error))?;
    Ok(bytes)
}
