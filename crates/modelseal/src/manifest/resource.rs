//! Resource descriptors: a name and a digest each.

use alloc::{format, string::String, vec::Vec};

use modelseal_hash::{Algorithm, Digest};

use super::{
    FileContent, SignedFile, path,
    root::RootHasher,
    shard::{self, Shard, ShardName},
};
use crate::{
    error::Error,
    json::{Document, Fields, Value},
    limits::Limits,
};

/// How files became resources: `serialization.method` with its parameters.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum Method {
    /// One resource a file.
    Files,
    /// One resource for each piece of at most `size` bytes of a file.
    Shards {
        /// Bytes in each shard but the last of a file.
        size: u64,
    },
}

/// What a predicate lists.
pub(crate) struct Resources {
    pub(crate) files: Vec<SignedFile>,
    /// Whether the resources stood in the order of OMS 1.0 section 6.1 (code points).
    pub(crate) in_order: bool,
}

impl Resources {
    /// Reads the resources and holds their digests against the root digest of the subject.
    pub(crate) fn read(
        predicate: Fields<'_, '_>,
        method: Method,
        algorithm: Algorithm,
        root_digest: [u8; 32],
        limits: &Limits,
    ) -> Result<Self, Error> {
        let values = predicate.array("resources")?;
        let limit = limits.resources;
        if values.is_empty() || values.len() > limit {
            return Err(Error::ResourceCount { limit });
        }
        let names = AlgorithmNames::of(algorithm, method);
        let mut root = RootHasher::default();
        let mut files = Vec::new();
        let mut shards = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let (name, digest) = read_resource(value, index, algorithm, &names)?;
            root.add(&digest);
            match method {
                Method::Files => {
                    check_path(name, index)?;
                    files.push(SignedFile {
                        path: name.into(),
                        content: FileContent::Whole(digest),
                    });
                }
                Method::Shards { .. } => {
                    let name = ShardName::read(name, index)?;
                    check_path(name.path, index)?;
                    shards.push(Shard::new(&name, digest, index));
                }
            }
        }
        root.must_be(root_digest)?;
        let in_order = files.is_sorted_by(|a, b| a.path <= b.path)
            && shards.is_sorted_by(|a, b| a.path <= b.path);
        if let Method::Shards { size } = method {
            files = shard::assemble(shards, size)?;
        }
        super::sort_and_check(&mut files)?;
        // A model that is a single file has no other files.
        if files.len() > 1 && files.iter().any(|file| file.path == ".") {
            return Err(Error::SingleFileInvalid);
        }
        Ok(Self { files, in_order })
    }
}

/// `.` names the model where the model is a single file, as the reference implementation signs it.
fn check_path(name: &str, index: usize) -> Result<(), Error> {
    if name == "." {
        Ok(())
    } else {
        path::check(name, index)
    }
}

/// The names that a resource's algorithm may have.
struct AlgorithmNames {
    plain: &'static str,
    /// The reference implementation's name for shards, such as `sha256-sharded-1000000000`.
    sharded: Option<String>,
}

impl AlgorithmNames {
    fn of(algorithm: Algorithm, method: Method) -> Self {
        let plain = algorithm.name();
        let sharded = match method {
            Method::Files => None,
            Method::Shards { size } => Some(format!("{plain}-sharded-{size}")),
        };
        Self { plain, sharded }
    }

    fn contains(&self, name: &str) -> bool {
        name == self.plain || self.sharded.as_deref() == Some(name)
    }
}

fn read_resource<'v>(
    value: &'v Value<'_>,
    index: usize,
    algorithm: Algorithm,
    names: &AlgorithmNames,
) -> Result<(&'v str, Digest), Error> {
    let fields = Fields::of(value, Document::Manifest, "resources")?;
    if !names.contains(fields.str("algorithm")?) {
        return Err(Error::DigestAlgorithmMismatch { index });
    }
    let digest = Digest::from_hex(algorithm, fields.str("digest")?);
    Ok((
        fields.str("name")?,
        digest.ok_or(Error::DigestInvalid { index })?,
    ))
}
