//! A list of files, verified or claimed.

use alloc::string::String;

use modelseal_hash::{Algorithm, Digest};
use serde::{Serialize, Serializer};

use crate::{
    manifest::{FileContent, Listing, Manifest, Method, ReportedManifest, SignedFile},
    verdict::{Model, Publisher, ValidSignature},
};

/// A list of files that an unverified bundle claims. Its author chose all strings: escape them where
/// they are shown.
#[derive(Debug)]
pub struct ListingClaim(Listing);

impl ListingClaim {
    pub(crate) const fn new(listing: Listing) -> Self {
        Self(listing)
    }

    /// What it calls the model.
    pub fn model(&self) -> Model {
        Model::of(&self.0)
    }

    /// How files became resources.
    pub const fn method(&self) -> Method {
        self.0.method
    }

    /// The algorithm of every digest.
    pub const fn algorithm(&self) -> Algorithm {
        self.0.algorithm
    }

    /// Whether the signer followed symlinks.
    pub const fn allow_symlinks(&self) -> bool {
        self.0.allow_symlinks
    }

    /// What the signer skipped, sorted.
    pub fn ignore_paths(&self) -> &[String] {
        &self.0.ignore_paths
    }

    /// The files, sorted by path.
    pub fn files(&self) -> &[SignedFile] {
        &self.0.files
    }
}

impl Serialize for ListingClaim {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        ListingAnswer::of(&self.0).serialize(serializer)
    }
}

impl ReportedManifest {
    /// The signer and the list of files, on one line. The publisher is `unchecked`.
    pub fn to_json(&self) -> String {
        self.0.to_json()
    }
}

impl Manifest {
    /// The signer, the publisher and the list of files, on one line.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct Answer<'m> {
            #[serde(flatten)]
            listing: ListingAnswer<'m>,
            signature: ValidSignature,
            publisher: Publisher,
        }
        let answer = Answer {
            listing: ListingAnswer::of(&self.listing),
            signature: ValidSignature::of(&self.signer, self.form),
            publisher: Publisher::of(&self.signer, self.publisher),
        };
        serde_json::to_string(&answer).unwrap_or_default()
    }
}

/// A list of files, as it is shown.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ListingAnswer<'m> {
    model: Model,
    method: &'static str,
    algorithm: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shard_size: Option<u64>,
    allow_symlinks: bool,
    single: bool,
    ignore_paths: &'m [String],
    files: FilesAnswer<'m>,
}

impl<'m> ListingAnswer<'m> {
    fn of(listing: &'m Listing) -> Self {
        let (method, shard_size) = match listing.method {
            Method::Files => ("files", None),
            Method::Shards { size } => ("shards", Some(size)),
        };
        Self {
            model: Model::of(listing),
            method,
            algorithm: listing.algorithm.name(),
            shard_size,
            allow_symlinks: listing.allow_symlinks,
            single: listing.is_single_file(),
            ignore_paths: &listing.ignore_paths,
            files: FilesAnswer(&listing.files),
        }
    }
}

/// Files, written one by one: a second list of them could be large.
struct FilesAnswer<'m>(&'m [SignedFile]);

impl Serialize for FilesAnswer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(FileAnswer::of))
    }
}

#[derive(Serialize)]
struct FileAnswer<'m> {
    path: &'m str,
    #[serde(skip_serializing_if = "Option::is_none")]
    digest: Option<DigestAnswer<'m>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shards: Option<ShardsAnswer<'m>>,
}

impl<'m> FileAnswer<'m> {
    fn of(file: &'m SignedFile) -> Self {
        let (digest, shards) = match &file.content {
            FileContent::Whole(digest) => (Some(DigestAnswer(digest)), None),
            FileContent::Shards { digests, .. } => (None, Some(ShardsAnswer(digests))),
        };
        Self {
            path: &file.path,
            digest,
            size: file.content.length(),
            shards,
        }
    }
}

/// The digests of shards.
struct ShardsAnswer<'m>(&'m [Digest]);

impl Serialize for ShardsAnswer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(DigestAnswer))
    }
}

/// Such as `sha256:…`.
struct DigestAnswer<'d>(&'d Digest);

impl Serialize for DigestAnswer<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}
