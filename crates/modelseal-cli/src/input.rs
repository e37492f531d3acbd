//! Reads what the caller names: bundles, keys, certificates, trust roots. Never more than is of
//! use.

use std::{
    fs::File,
    io::{self, ErrorKind, Read as _},
    path::Path,
};

use modelseal::{Anchors, ArtifactDigests, ArtifactHasher, Error, Limits, PublicKey, TrustRoot};

use crate::{
    args::artifact_digest,
    exit::{Failure, quoted},
};

/// Bytes of a PEM file: a chain of 16 certificates with RSA-8192 keys has 60 KiB.
const PEM_BYTES: usize = 1024 * 1024;

/// The bytes of a bundle, and one more than the limit if it is too large.
///
/// # Errors
/// If it cannot be read.
pub fn bundle(path: &Path, limits: &Limits) -> Result<Vec<u8>, Failure> {
    read(path, limits.bundle_bytes, "signature-unreadable")
}

/// The public key of a model's signer, from a PEM file.
///
/// # Errors
/// If it cannot be read, or is no key.
pub fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    key(path, PublicKey::from_pem)
}

/// The public key of an artifact's signer, from a PEM file: Sigstore has more kinds than OMS.
///
/// # Errors
/// If it cannot be read, or is no key.
pub fn artifact_key(path: &Path) -> Result<PublicKey, Failure> {
    key(path, PublicKey::for_artifacts_from_pem)
}

fn key(
    path: &Path,
    parse: impl FnOnce(&str) -> Result<PublicKey, Error>,
) -> Result<PublicKey, Failure> {
    let bytes = read(path, PEM_BYTES, "key-unreadable")?;
    let key = text(&bytes).ok_or(Error::KeyInvalid).and_then(parse);
    key.map_err(|error| Failure::in_file(error, path))
}

/// A trust root: a bundled one by its name, else one from a file.
///
/// # Errors
/// If there is no such root, or it is not valid.
pub fn trust_root(name: &Path) -> Result<TrustRoot, Failure> {
    let text = name.to_str();
    if let Some(bundled) = TrustRoot::bundled_names().find(|own| Some(*own) == text) {
        return Ok(TrustRoot::bundled(bundled)?);
    }
    let limits = Limits::default();
    match read_file(name, limits.bundle_bytes) {
        Ok(json) => TrustRoot::parse(&json).map_err(|error| Failure::in_file(error, name)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let names: Vec<_> = TrustRoot::bundled_names().collect();
            let (name, names) = (quoted(name), names.join(", "));
            let message = format!("{name} is neither a bundled trust root ({names}) nor a file");
            Err(Failure::new(Error::TrustRootUnknown.code(), message))
        }
        Err(error) => Err(Failure::unreadable("trust-root-unreadable", name, &error)),
    }
}

/// The digests of an artifact: of a file by `hasher`, or the one that stands in its place.
///
/// # Errors
/// If it cannot be read, or is no digest.
pub fn artifact(file: &Path, hasher: ArtifactHasher) -> Result<ArtifactDigests, Failure> {
    if let Some(digest) = artifact_digest(file) {
        let invalid = |why| Failure::new("usage-invalid", format!("{} is {why}", quoted(file)));
        return Ok(ArtifactDigests::sha256(digest.map_err(invalid)?.0));
    }
    hash(file, hasher).map_err(|error| Failure::unreadable("artifact-unreadable", file, &error))
}

fn hash(file: &Path, mut hasher: ArtifactHasher) -> io::Result<ArtifactDigests> {
    let mut file = File::open(file)?;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        match file.read(&mut buffer) {
            Ok(0) => return Ok(hasher.finish()),
            Ok(length) => hasher.update(buffer.get(..length).unwrap_or_default()),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
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
    read_file(path, limit).map_err(|error| Failure::unreadable(code, path, &error))
}

/// The file's bytes, and one more than `limit` if it is too large.
fn read_file(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    let limit = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}
