//! Reads what the caller names: bundles, keys, certificates, trust roots. Never more than can be used.

use std::{
    fs::File,
    io::{self, ErrorKind, Read as _},
    path::Path,
};

use modelseal::{Anchors, ArtifactDigests, ArtifactHasher, Error, Limits, PublicKey, TrustRoot};
use modelseal_tuf::StartRoot;

use crate::{
    args::artifact_digest,
    exit::{Failure, quoted},
    read_file::read_file,
    stored_root,
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

/// An error with the bundle's path, where it is the file itself that is wrong.
pub fn in_bundle(error: Error, path: &Path) -> Failure {
    match error {
        Error::BundleUnreadable { .. } => Failure::in_file(error, path),
        error => error.into(),
    }
}

/// The public key of a model's signer, from a PEM file.
///
/// # Errors
/// If it cannot be read, or is not a key that can be used.
pub fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    key(path, |bytes| PublicKey::from_pem(bytes))
}

/// The public key of an artifact's signer, from a PEM file: Sigstore has more kinds than OMS.
///
/// # Errors
/// If it cannot be read, or is not a key that can be used.
pub fn artifact_key(path: &Path) -> Result<PublicKey, Failure> {
    key(path, |bytes| PublicKey::for_artifacts_from_pem(bytes))
}

fn key(
    path: &Path,
    parse: impl FnOnce(&[u8]) -> Result<PublicKey, Error>,
) -> Result<PublicKey, Failure> {
    let bytes = read_pem(path, "key-unreadable")?;
    parse(&bytes).map_err(|error| Failure::in_file(error, path))
}

/// A trust root: the bundled one of a name, or a newer one that was fetched; or one from a file.
///
/// # Errors
/// If there is no such root, or it is not valid.
pub fn trust_root(name: &Path) -> Result<TrustRoot, Failure> {
    let text = name.to_str();
    if let Some(start) = text.and_then(StartRoot::find) {
        return stored_root::trust_root(start);
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

/// The digests of an artifact: of a file by `hasher`, or the one that is given in its place.
///
/// # Errors
/// If it cannot be read, or is not a digest.
pub fn artifact(file: &Path, hasher: ArtifactHasher) -> Result<ArtifactDigests, Failure> {
    if let Some(digest) = artifact_digest(file) {
        let invalid = |why| Failure::new("usage-invalid", format!("{} is {why}", quoted(file)));
        return digest.map_err(invalid);
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
/// If one cannot be read, or holds no certificate that can be used.
pub fn anchors<'p>(paths: impl IntoIterator<Item = &'p Path>) -> Result<Anchors, Failure> {
    let mut files = Vec::new();
    for path in paths {
        let bytes = read_pem(path, "anchor-unreadable")?;
        // Each alone first, so that an error names its file.
        Anchors::from_pem([&bytes]).map_err(|error| Failure::in_file(error, path))?;
        files.push(bytes);
    }
    Ok(Anchors::from_pem(files)?)
}

fn read_pem(path: &Path, code: &'static str) -> Result<Vec<u8>, Failure> {
    let bytes = read(path, PEM_BYTES, code)?;
    if bytes.len() > PEM_BYTES {
        let message = format!("{} is larger than {PEM_BYTES} bytes", quoted(path));
        return Err(Failure::new(code, message));
    }
    Ok(bytes)
}

fn read(path: &Path, limit: usize, code: &'static str) -> Result<Vec<u8>, Failure> {
    read_file(path, limit).map_err(|error| Failure::unreadable(code, path, &error))
}
