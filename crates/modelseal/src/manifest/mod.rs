//! The signed list of files: the predicate of OMS 1.0 (section 5), and the form of v0.2.0.

pub(crate) mod path;

mod shard;

mod root;

mod resource;

mod v0_2;

mod ignore;

use alloc::{format, string::String, vec::Vec};

use modelseal_hash::{Algorithm, Digest};

pub use resource::Method;

use crate::{
    context::{Context, PublisherCheck},
    envelope::{Form, ReportedPayload, VerifiedPayload},
    error::{Error, Stage},
    json::{Fields, Value},
    limits::Limits,
    policy::Policy,
    signer::Signer,
    statement::Statement,
};

/// Files and digests that the expected signer signed. Made from a [`VerifiedPayload`] alone.
///
/// ```compile_fail
/// let manifest = modelseal::Manifest::default(); // no way around the signature
/// ```
#[derive(Clone, Debug)]
pub struct Manifest {
    pub(crate) listing: Listing,
    pub(crate) form: Form,
    pub(crate) signer: Signer,
    pub(crate) context: Context,
    pub(crate) publisher: PublisherCheck,
}

/// A signed file.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedFile {
    pub(crate) path: String,
    pub(crate) content: FileContent,
}

/// What was signed of a file's content.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum FileContent {
    /// The digest of all bytes.
    Whole(Digest),
    /// The digests of consecutive pieces.
    Shards {
        /// Bytes in each shard but the last.
        size: u64,
        /// Bytes of the file.
        length: u64,
        /// The shards' digests, in order.
        digests: Vec<Digest>,
    },
}

/// What a predicate says, verified or not.
#[derive(Clone, Debug)]
pub(crate) struct Listing {
    pub(crate) model_name: Option<String>,
    /// `None` in the form of v0.2.0.
    pub(crate) root_digest: Option<[u8; 32]>,
    pub(crate) method: Method,
    pub(crate) algorithm: Algorithm,
    pub(crate) allow_symlinks: bool,
    pub(crate) ignore_paths: Vec<String>,
    /// Sorted by path.
    pub(crate) files: Vec<SignedFile>,
    pub(crate) in_order: bool,
}

impl VerifiedPayload {
    /// Reads the signed list of files: the only road to file names and digests.
    ///
    /// # Errors
    /// Of the stages [`Stage::Statement`] and [`Stage::Manifest`].
    pub fn manifest(self) -> Result<Manifest, Error> {
        let (manifest, policy) = self.read_manifest()?;
        manifest.accept(&policy)?;
        Ok(manifest)
    }

    /// Reads the list, which the policy's pins have yet to accept.
    pub(crate) fn read_manifest(self) -> Result<(Manifest, Policy), Error> {
        let manifest = Manifest {
            listing: Listing::read(&self.payload, self.form, &self.limits)?,
            form: self.form,
            signer: self.signer,
            context: self.context,
            publisher: self.publisher,
        };
        Ok((manifest, self.policy))
    }
}

impl Manifest {
    /// Applies the policy's pins.
    pub(crate) fn accept(&self, policy: &Policy) -> Result<(), Error> {
        let name = self.listing.model_name.as_deref();
        policy.accept_model(name, self.listing.root_digest)
    }
}

/// Files and digests by a signer that was not compared with an expected one. It can only be reported:
/// no [`Manifest`] can be had from it, nor a check of a file.
///
/// ```compile_fail
/// # fn report(reported: modelseal::ReportedManifest) {
/// let check = reported.check("config.json");
/// # }
/// ```
///
/// ```compile_fail
/// # fn report(reported: modelseal::ReportedManifest) {
/// let manifest: &modelseal::Manifest = reported.audit(Default::default()).manifest();
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct ReportedManifest(pub(crate) Manifest);

impl ReportedPayload {
    /// Reads the signed list of files.
    ///
    /// # Errors
    /// Of the stages [`Stage::Statement`] and [`Stage::Manifest`].
    pub fn manifest(self) -> Result<ReportedManifest, Error> {
        self.0.manifest().map(ReportedManifest)
    }
}

impl ReportedManifest {
    /// Who signed.
    pub const fn signer(&self) -> &Signer {
        self.0.signer()
    }

    /// The files, sorted by path.
    pub fn files(&self) -> &[SignedFile] {
        self.0.files()
    }

    /// Is the model a single file, signed without its name?
    pub fn is_single_file(&self) -> bool {
        self.0.is_single_file()
    }
}

impl Manifest {
    /// Who signed.
    pub const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// The model's name as the signer wrote it. The form of v0.2.0 has none.
    pub fn model_name(&self) -> Option<&str> {
        self.listing.model_name.as_deref()
    }

    /// SHA-256 over the raw digests of the resources. The form of v0.2.0 has none.
    pub const fn root_digest(&self) -> Option<[u8; 32]> {
        self.listing.root_digest
    }

    /// How files became resources.
    pub const fn method(&self) -> Method {
        self.listing.method
    }

    /// The algorithm of every digest.
    pub const fn algorithm(&self) -> Algorithm {
        self.listing.algorithm
    }

    /// Whether the signer followed symlinks. Following them also needs the caller's consent.
    pub const fn allow_symlinks(&self) -> bool {
        self.listing.allow_symlinks
    }

    /// What the signer skipped, in addition to git's files. Sorted.
    pub fn ignore_paths(&self) -> &[String] {
        &self.listing.ignore_paths
    }

    /// The signed files, sorted by path.
    pub fn files(&self) -> &[SignedFile] {
        &self.listing.files
    }

    /// Whether the model is a single file, listed as `.`: then its own name is not signed.
    pub fn is_single_file(&self) -> bool {
        self.listing.is_single_file()
    }
}

impl SignedFile {
    /// The path, relative to the model's root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What was signed of the content.
    pub const fn content(&self) -> &FileContent {
        &self.content
    }
}

impl FileContent {
    /// The length in bytes, where it was signed.
    pub const fn length(&self) -> Option<u64> {
        match self {
            Self::Whole(_) => None,
            Self::Shards { length, .. } => Some(*length),
        }
    }
}

impl Listing {
    /// Reads the payload of an envelope that was signed in `form`.
    pub(crate) fn read(payload: &[u8], form: Form, limits: &Limits) -> Result<Self, Error> {
        let value = Value::parse(payload, limits, Stage::Statement)?;
        let statement = Statement::read(&value, form, limits)?;
        match form {
            Form::V1 => Self::read_v1(statement, limits),
            Form::V02 => Ok(Self {
                model_name: None,
                root_digest: None,
                method: Method::Files,
                algorithm: Algorithm::Sha256,
                allow_symlinks: false,
                ignore_paths: Vec::new(),
                files: v0_2::read(statement.subjects)?,
                in_order: true,
            }),
        }
    }

    fn read_v1(statement: Statement<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let count = statement.subjects.len();
        let mut subjects = statement.subjects.into_iter();
        let (Some(subject), None) = (subjects.next(), subjects.next()) else {
            return Err(Error::SubjectCount { count });
        };
        let serialization = statement.predicate.fields("serialization")?;
        let algorithm = Algorithm::from_name(serialization.str("hash_type")?)
            .ok_or(Error::DigestAlgorithmUnsupported)?;
        let method = read_method(serialization)?;
        let allow_symlinks = serialization
            .optional_bool("allow_symlinks")?
            .unwrap_or(false);
        let ignore_paths = ignore::read(serialization)?;
        let resources = resource::Resources::read(
            statement.predicate,
            method,
            algorithm,
            subject.sha256,
            limits,
        )?;
        Ok(Self {
            model_name: Some(
                subject
                    .name
                    .ok_or(Error::StatementFieldMissing { field: "name" })?,
            ),
            root_digest: Some(subject.sha256),
            method,
            algorithm,
            allow_symlinks,
            ignore_paths,
            files: resources.files,
            in_order: resources.in_order,
        })
    }

    pub(crate) fn is_single_file(&self) -> bool {
        matches!(self.files.as_slice(), [file] if file.path == ".")
    }

    /// The place of `path` among the files.
    pub(crate) fn position(&self, path: &str) -> Option<usize> {
        self.files
            .binary_search_by(|file| file.path.as_str().cmp(path))
            .ok()
    }

    /// Whether a signed file lies below the folder `path`.
    pub(crate) fn has_files_below(&self, path: &str) -> bool {
        let inside = format!("{path}/");
        let first = self.files.partition_point(|file| file.path < inside);
        self.files
            .get(first)
            .is_some_and(|file| file.path.starts_with(&inside))
    }
}

fn read_method(serialization: Fields<'_, '_>) -> Result<Method, Error> {
    match serialization.str("method")? {
        "files" => Ok(Method::Files),
        "shards" => {
            let size = serialization.required("shard_size")?;
            Ok(Method::Shards {
                size: shard::read_size(size)?,
            })
        }
        _ => Err(Error::SerializationMethodUnsupported),
    }
}

/// Sorts files by path and refuses duplicates, and files below other files.
pub(crate) fn sort_and_check(files: &mut [SignedFile]) -> Result<(), Error> {
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    if files
        .windows(2)
        .any(|pair| matches!(pair, [a, b] if a.path == b.path))
    {
        return Err(Error::PathDuplicate);
    }
    // In the order of components, what lies below a path comes right after it.
    let mut paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    paths.sort_unstable_by(|a, b| a.split('/').cmp(b.split('/')));
    let conflict = |pair: &[&str]| matches!(pair, [a, b] if path::is_at_or_below(b, a));
    if paths.windows(2).any(conflict) {
        Err(Error::PathConflict)
    } else {
        Ok(())
    }
}
