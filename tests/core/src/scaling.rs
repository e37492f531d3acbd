//! Bundles of very many resources, and what it takes to verify them.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Instant;
use std::{fs, io};

use base64ct::{Base64, Encoding};
use modelseal::{AuditOptions, EntryKind, Policy};
use modelseal_forge_oms::bundle;
use modelseal_forge_oms::context::key_policy;
use modelseal_forge_oms::keys::{Key, Kind};
use sha2::{Digest as _, Sha256};

use crate::{clock, codes, open};

/// The sizes that are measured.
pub const RESOURCES: [usize; 3] = [25_000, 50_000, 100_000];

/// The most that the largest of them may take.
pub const PEAK_BYTES: u64 = 150_000_000;

/// What one run took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Resources in the bundle.
    pub resources: usize,
    /// Seconds from the bundle's bytes to the signed list of files.
    pub open_seconds: f64,
    /// Seconds of the audit, in which a listing announces every file.
    pub audit_seconds: f64,
    /// The process's peak of resident memory up to the list of files.
    pub open_peak: u64,
    /// The same up to the verdict.
    pub audit_peak: u64,
}

/// The policy that accepts the bundles.
pub fn policy() -> Policy {
    Policy::from_json(&key_policy(&signer()).to_string()).expect("a policy")
}

fn signer() -> Key {
    Key::derive(Kind::P256, "signer")
}

fn path(index: usize) -> String {
    format!("shard-{:03}/weights-{index:06}.safetensors", index / 1000)
}

/// A signed bundle of so many files, as the reference implementation writes it.
pub fn bundle(resources: usize) -> Vec<u8> {
    let mut root = Sha256::new();
    let mut list = String::new();
    for index in 0..resources {
        let digest = Sha256::digest(index.to_le_bytes());
        root.update(digest);
        let comma = if index == 0 { "" } else { "," };
        write!(
            list,
            "{comma}\n      {{\n        \"digest\": \"{}\",\n        \"name\": \"{}\",\n        \
             \"algorithm\": \"sha256\"\n      }}",
            hex(&digest),
            path(index)
        )
        .expect("a text takes everything");
    }
    let payload = format!(
        "{{\n  \"_type\": \"https://in-toto.io/Statement/v1\",\n  \"subject\": [{{\"name\": \
         \"large\", \"digest\": {{\"sha256\": \"{}\"}}}}],\n  \"predicateType\": \
         \"https://model_signing/signature/v1.0\",\n  \"predicate\": {{\n    \"serialization\": \
         {{\"method\": \"files\", \"hash_type\": \"sha256\", \"allow_symlinks\": false}},\n    \
         \"resources\": [{list}\n    ]\n  }}\n}}",
        hex(&root.finalize())
    );
    let key = signer();
    let signature = key.sign(
        key.algorithm(),
        &bundle::pae(bundle::PAYLOAD_TYPE, payload.as_bytes()),
    );
    // Written by hand: a JSON value of this size is not what is measured.
    format!(
        "{{\"mediaType\": \"{}\", \"verificationMaterial\": {}, \"dsseEnvelope\": {{\"payload\": \
         \"{}\", \"payloadType\": \"{}\", \"signatures\": [{{\"sig\": \"{}\", \"keyid\": \
         \"\"}}]}}}}",
        bundle::MEDIA_TYPE,
        bundle::key_material(&key),
        Base64::encode_string(payload.as_bytes()),
        bundle::PAYLOAD_TYPE,
        Base64::encode_string(&signature),
    )
    .into_bytes()
}

/// Verifies the bundle in `file`, and audits a listing of its files. For a fresh process.
///
/// # Panics
/// If the bundle is not verified.
///
/// # Errors
/// Those of the file system.
pub fn measure(file: &Path) -> io::Result<Cost> {
    let policy = policy();
    let bytes = fs::read(file)?;
    let start = Instant::now();
    let manifest = open(&bytes, &policy, clock("2026-06-01T00:00:00Z")).expect("a signed bundle");
    let open_seconds = start.elapsed().as_secs_f64();
    let (resources, open_peak) = (manifest.files().len(), peak()?);
    drop(bytes);
    let start = Instant::now();
    let mut audit = manifest.audit(AuditOptions::default());
    for index in 0..resources {
        let path = path(index);
        audit
            .announce(&path, EntryKind::File, None)
            .expect("each path once");
        let digest = hex(&Sha256::digest(index.to_le_bytes()));
        audit
            .listing(&path, &format!("sha256:{digest}"))
            .expect("announced");
    }
    let verdict = audit.finish();
    let audit_seconds = start.elapsed().as_secs_f64();
    assert_eq!(codes(verdict.reasons()), ["listing-only"]);
    Ok(Cost {
        resources,
        open_seconds,
        audit_seconds,
        open_peak,
        audit_peak: peak()?,
    })
}

/// The peak of this process's resident memory in bytes, as Linux tells it.
///
/// # Errors
/// Where there is no `/proc/self/status`.
pub fn peak() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    kilobytes
        .map(|kilobytes: u64| kilobytes * 1024)
        .ok_or_else(|| io::ErrorKind::InvalidData.into())
}

impl Cost {
    /// One line for another process.
    pub fn to_line(self) -> String {
        format!(
            "{} {} {} {} {}",
            self.resources, self.open_seconds, self.audit_seconds, self.open_peak, self.audit_peak
        )
    }

    /// Reads that line.
    pub fn from_line(line: &str) -> Option<Self> {
        let mut parts = line.split_whitespace();
        Some(Self {
            resources: parts.next()?.parse().ok()?,
            open_seconds: parts.next()?.parse().ok()?,
            audit_seconds: parts.next()?.parse().ok()?,
            open_peak: parts.next()?.parse().ok()?,
            audit_peak: parts.next()?.parse().ok()?,
        })
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a text takes everything");
        text
    })
}
