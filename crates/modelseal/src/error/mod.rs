//! Every way in which a check can fail: one flat enum, without strings from the bundle.

mod stage;

mod details;

use core::fmt;

pub use details::{DigestNames, FieldName};
pub use stage::Stage;

use crate::{file_kind::FileKind, time::UnixTime};

/// What the fields of errors say, by their names.
macro_rules! field_doc {
    (at) => {
        "The time at which it was checked."
    };
    (available) => {
        "The algorithms of the digests that would do."
    };
    (column) => {
        "The column, from 1."
    };
    (count) => {
        "How many there are."
    };
    (field) => {
        "The name of the member."
    };
    (found) => {
        "What the input is instead."
    };
    (index) => {
        "The position in its list, from 0; anchors are counted after the bundle's certificates."
    };
    (limit) => {
        "The limit, see [`Limits`](crate::Limits)."
    };
    (line) => {
        "The line, from 1."
    };
    (not_after) => {
        "The last moment of validity."
    };
    (not_before) => {
        "The first moment of validity."
    };
    (now) => {
        "The moment of the check, by the caller's clock."
    };
    (size) => {
        "How many bytes there are."
    };
    (stage) => {
        "The document that was being read."
    };
    (what) => {
        "What is wrong, in one sentence."
    };
}

/// Declares the enum and, in one table, each variant's code, stage and sentence: they cannot drift
/// apart.
macro_rules! errors {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident $({ $($field:ident : $type:ty = $sample:expr),+ $(,)? })? = $code:literal, $stage:expr, $message:literal;
    )+) => {
        /// Why a bundle, a policy or a model was not accepted.
        ///
        /// Fields are facts of a fixed size. Strings from a bundle are only in the verdict.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum Error {
            $(
                $(#[doc = $doc])+
                $name $({ $(
                    #[doc = field_doc!($field)]
                    $field: $type
                ),+ })?,
            )+
        }

        impl Error {
            /// One value of every variant, in alphabetical order: for lists of codes and their tests.
            pub const ALL: &'static [Self] = &[
                $( Self::$name $({ $($field: $sample),+ })?, )+
            ];

            /// The error's stable code, for programs.
            pub const fn code(&self) -> &'static str {
                match self { $( Self::$name $({ $($field: _),+ })? => $code, )+ }
            }

            /// The step of verification in which the error arose.
            #[allow(unused_variables, reason = "few stages depend on a field")]
            pub const fn stage(&self) -> Stage {
                match *self { $( Self::$name $({ $($field),+ })? => $stage, )+ }
            }
        }

        impl fmt::Display for Error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $( Self::$name $({ $($field),+ })? => write!(f, $message), )+ }
            }
        }
    };
}

impl Error {
    /// Does the error say something about the signature, so that a `failed` verdict can be made of
    /// it? Otherwise the input could not be judged: the caller's own mistake, or not a bundle at all.
    pub const fn is_judgement(&self) -> bool {
        !matches!(self, Self::BundleUnreadable { .. })
            && !matches!(self.stage(), Stage::Usage | Stage::Policy)
    }
}

impl serde::Serialize for Error {
    /// The code alone.
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

errors! {
    /// More anchors than `Limits::certificates`.
    AnchorCount { limit: usize = 0 } = "anchor-count", Stage::Policy,
        "the policy has more than {limit} trust anchors";
    /// A trust anchor that is not a usable certificate in PEM or DER.
    AnchorInvalid { found: FileKind = FileKind::Empty } = "anchor-invalid", Stage::Policy,
        "a trust anchor cannot be used: {found}";
    /// A certificate policy without anchors, which would trust no one.
    AnchorMissing = "anchor-missing", Stage::Policy,
        "the policy has no trust anchor";
    /// A certificate bundle, reported on without an anchor: anyone can make such a certificate.
    AnchorNeeded = "anchor-needed", Stage::Publisher,
        "the signature is by a certificate whose authority is not known";
    /// No anchor that verifies under its own key, without the policy's consent (OMS 1.0:
    /// "trusted root CA").
    AnchorNotSelfSigned = "anchor-not-self-signed", Stage::Policy,
        "no trust anchor is self-signed; add the root, or allow intermediate anchors";
    /// The policy denies this artifact by its digest.
    ArtifactDenied = "artifact-denied", Stage::Signature,
        "the policy denies this artifact";
    /// The check needs a digest of the artifact that the caller did not give.
    ArtifactDigestMissing { available: DigestNames = DigestNames::NONE }
        = "artifact-digest-missing", Stage::Usage,
        "this cannot be checked with the digest that was given: give the file, or its digest by {available}";
    /// The statement's subjects, or the signed digest, belong to another artifact.
    ArtifactMismatch = "artifact-mismatch", Stage::Signature,
        "the signature is for another artifact";
    /// A signature over the artifact where the policy asks for a statement about it.
    AttestationMissing = "attestation-missing", Stage::Statement,
        "the bundle is a signature over the artifact, not an attestation about it";
    /// No authority that could have issued the certificate was valid at a signed time.
    AuthorityOutsideValidity { at: UnixTime = UnixTime::EPOCH }
        = "authority-outside-validity", Stage::Certificate,
        "the certificate authority in the trust root was not valid at {at}";
    /// Base64 that is not the standard alphabet with canonical padding (RFC 4648 section 4).
    Base64Invalid { field: &'static str = "" } = "base64-invalid", Stage::Bundle,
        "{field} is not canonical standard base64";
    /// A CA certificate without basicConstraints, or one that says CA:FALSE (RFC 5280 section
    /// 4.2.1.9).
    BasicConstraintsInvalid { index: usize = 0 }
        = "basic-constraints-invalid", Stage::Certificate,
        "certificate {index} signs another one but is not marked as an authority";
    /// A field of the bundle that its format requires.
    BundleFieldMissing { field: &'static str = "" } = "bundle-field-missing", Stage::Bundle,
        "the bundle has no {field}";
    /// A field of the bundle whose value has another type than its format says.
    BundleFieldType { field: &'static str = "" } = "bundle-field-type", Stage::Bundle,
        "{field} in the bundle has the wrong type";
    /// A field that the format of bundles does not define.
    BundleFieldUnknown { field: FieldName = FieldName::EMPTY }
        = "bundle-field-unknown", Stage::Bundle,
        "the bundle has an unknown field `{field}`";
    /// A number that is negative, fractional, or too large for its field (ProtoJSON, int64).
    BundleNumberInvalid { field: &'static str = "" } = "bundle-number-invalid", Stage::Bundle,
        "{field} in the bundle is not a whole number of at least zero";
    /// The bundle is larger than `Limits::bundle_bytes`.
    BundleTooLarge { limit: usize = 0, size: usize = 0 } = "bundle-too-large", Stage::Bundle,
        "the bundle has {size} bytes, more than the limit of {limit}";
    /// The input is not a signature bundle at all.
    BundleUnreadable { found: FileKind = FileKind::Empty } = "bundle-unreadable", Stage::Bundle,
        "this is not a signature bundle: {found}";
    /// A file's check was resumed from a saved state, and the caller does not accept that.
    BytesResumed = "bytes-resumed", Stage::Files,
        "a file was resumed from a saved state, so its first bytes were not hashed again";
    /// More certificates than `Limits::certificates`.
    CertificateCount { limit: usize = 0 } = "certificate-count", Stage::Certificate,
        "the bundle has no certificate, or more than {limit}";
    /// The policy denies a certificate of the chain by its digest.
    CertificateDenied = "certificate-denied", Stage::Certificate,
        "the policy denies a certificate in the chain";
    /// A certificate after its notAfter (RFC 5280 section 4.1.2.5).
    CertificateExpired {
        index: usize = 0,
        at: UnixTime = UnixTime::EPOCH,
        not_after: UnixTime = UnixTime::EPOCH,
    }
        = "certificate-expired", Stage::Certificate,
        "certificate {index} expired at {not_after}; it was checked for {at}";
    /// A certificate that is not canonical DER, or breaks a rule of RFC 5280 section 4.1.
    CertificateInvalid { index: usize = 0 } = "certificate-invalid", Stage::Certificate,
        "certificate {index} is malformed";
    /// A leaf that is marked as an authority, where the method does not allow it.
    CertificateIsAuthority { index: usize = 0 } = "certificate-is-authority", Stage::Certificate,
        "certificate {index} signs content but is marked as an authority";
    /// A certificate's key is of a kind or size that is not accepted.
    CertificateKeyUnsupported { index: usize = 0 }
        = "certificate-key-unsupported", Stage::Certificate,
        "certificate {index} has a key of a kind or size that is not accepted";
    /// A certificate before its notBefore (RFC 5280 section 4.1.2.5).
    CertificateNotYetValid {
        index: usize = 0,
        at: UnixTime = UnixTime::EPOCH,
        not_before: UnixTime = UnixTime::EPOCH,
    }
        = "certificate-not-yet-valid", Stage::Certificate,
        "certificate {index} is valid from {not_before}; it was checked for {at}";
    /// A certificate that its issuer's key did not sign.
    CertificateSignatureMismatch { index: usize = 0 }
        = "certificate-signature-mismatch", Stage::Certificate,
        "certificate {index} was not signed by the key of its issuer";
    /// A certificate with more bytes than `Limits::certificate_bytes`.
    CertificateTooLarge { index: usize = 0, limit: usize = 0 }
        = "certificate-too-large", Stage::Certificate,
        "certificate {index} has more than {limit} bytes";
    /// A keyless leaf that verifies under its own key: roots come from the trust root alone.
    ChainHasRoot { index: usize = 0 } = "chain-has-root", Stage::Material,
        "certificate {index} is self-signed: a keyless certificate is issued by an authority";
    /// A checkpoint that is not a signed note with an origin, a size and a root (C2SP
    /// tlog-checkpoint).
    CheckpointInvalid { index: usize = 0 } = "checkpoint-invalid", Stage::Log,
        "the checkpoint of log entry {index} is malformed";
    /// An inclusion proof without a checkpoint.
    CheckpointMissing { index: usize = 0 } = "checkpoint-missing", Stage::Log,
        "the inclusion proof of log entry {index} has no checkpoint";
    /// The proof's tree is not the one that the checkpoint signs.
    CheckpointRootMismatch { index: usize = 0 } = "checkpoint-root-mismatch", Stage::Log,
        "the inclusion proof of log entry {index} is for a different tree than its checkpoint";
    /// No signature of the checkpoint was made by the log of the entry.
    CheckpointSignatureMismatch { index: usize = 0 }
        = "checkpoint-signature-mismatch", Stage::Log,
        "the checkpoint of log entry {index} was not signed by its log";
    /// A checkpoint with more bytes than `Limits::checkpoint_bytes`.
    CheckpointTooLarge { index: usize = 0, limit: usize = 0 }
        = "checkpoint-too-large", Stage::Log,
        "the checkpoint of log entry {index} has more than {limit} bytes";
    /// An envelope and a message signature in one bundle.
    ContentAmbiguous = "content-ambiguous", Stage::Bundle,
        "the bundle has both an envelope and a message signature";
    /// Files were skipped by the caller's ignore rules, or allowed although unsigned.
    CoveragePartial = "coverage-partial", Stage::Files,
        "some files were skipped because the caller ignored or allowed them";
    /// The host could not list the whole model.
    CoverageUnobserved = "coverage-unobserved", Stage::Files,
        "the whole model could not be listed, so unsigned files may exist";
    /// A resource whose algorithm is not the manifest's.
    DigestAlgorithmMismatch { index: usize = 0 } = "digest-algorithm-mismatch", Stage::Manifest,
        "resource {index} names a different algorithm than the manifest";
    /// A hash_type other than sha256, blake2b and blake3.
    DigestAlgorithmUnsupported = "digest-algorithm-unsupported", Stage::Manifest,
        "the manifest's hash_type is not sha256, blake2b or blake3";
    /// A digest that is not lower-case hex of the algorithm's length.
    DigestInvalid { index: usize = 0 } = "digest-invalid", Stage::Manifest,
        "the digest of resource {index} is not lower-case hex of its algorithm's length";
    /// A path that the host announced twice.
    EntryDuplicate = "entry-duplicate", Stage::Files,
        "a path of the model was announced twice";
    /// A path that the host announced and that is not relative and canonical.
    EntryPathInvalid = "entry-path-invalid", Stage::Files,
        "a path of the model is not relative and canonical";
    /// The payload type is not `application/vnd.in-toto+json` (DSSE).
    EnvelopePayloadType = "envelope-payload-type", Stage::Bundle,
        "the envelope's payloadType is not application/vnd.in-toto+json";
    /// The leaf's extendedKeyUsage is present without codeSigning (RFC 5280 section 4.2.1.12).
    ExtendedKeyUsageInvalid { index: usize = 0 }
        = "extended-key-usage-invalid", Stage::Certificate,
        "certificate {index} may not be used for code signing";
    /// A critical extension that is not processed (RFC 5280 section 4.2).
    ExtensionCriticalUnknown { index: usize = 0 }
        = "extension-critical-unknown", Stage::Certificate,
        "certificate {index} has a critical extension that is not understood";
    /// An extension that appears twice (RFC 5280 section 4.2).
    ExtensionDuplicate { index: usize = 0 } = "extension-duplicate", Stage::Certificate,
        "certificate {index} has an extension twice";
    /// An extension whose value is malformed, or whose criticality breaks RFC 5280 section
    /// 4.2.1.
    ExtensionInvalid { index: usize = 0 } = "extension-invalid", Stage::Certificate,
        "certificate {index} has a malformed extension";
    /// A file's bytes are not those that were signed.
    FileChanged = "file-changed", Stage::Files,
        "a file is not as it was signed";
    /// A signed file that is not there.
    FileMissing = "file-missing", Stage::Files,
        "a signed file is missing";
    /// A file's bytes were not looked at.
    FileNotChecked = "file-not-checked", Stage::Files,
        "a signed file was not checked";
    /// A file that could not be read.
    FileUnreadable = "file-unreadable", Stage::Files,
        "a file could not be read";
    /// A file that the signature does not cover.
    FileUnsigned = "file-unsigned", Stage::Files,
        "a file is not covered by the signature";
    /// A keyless certificate without exactly one name of a kind that identities use.
    IdentityInvalid = "identity-invalid", Stage::Certificate,
        "the certificate does not name exactly one identity";
    /// The signer is not one that the policy expects.
    IdentityUnexpected = "identity-unexpected", Stage::Publisher,
        "the signer is not the expected one";
    /// A recorded ignore path that is empty, `.`, absolute or not canonical.
    IgnorePathInvalid { index: usize = 0 } = "ignore-path-invalid", Stage::Manifest,
        "ignore path {index} is empty, `.`, or not canonical";
    /// A bundle of v0.1 whose log entry has no inclusion promise.
    InclusionPromiseMissing { index: usize = 0 } = "inclusion-promise-missing", Stage::Log,
        "log entry {index} has no inclusion promise";
    /// The path from the entry to the tree's root is wrong (RFC 6962 section 2.1.1).
    InclusionProofMismatch { index: usize = 0 } = "inclusion-proof-mismatch", Stage::Log,
        "log entry {index} is not in the tree that its proof is for";
    /// A bundle of v0.2 or later whose log entry has no inclusion proof.
    InclusionProofMissing { index: usize = 0 } = "inclusion-proof-missing", Stage::Log,
        "log entry {index} has no inclusion proof";
    /// No path leads from the leaf to an anchor of the policy.
    IssuerUnknown = "issuer-unknown", Stage::Certificate,
        "the certificate chain does not lead to a trust anchor of the policy";
    /// Deeper than `Limits::json_depth`.
    JsonDepth { stage: Stage = Stage::Bundle, limit: usize = 0 } = "json-depth", stage,
        "the JSON of the {stage} is nested more than {limit} levels deep";
    /// A key that appears twice in one object (RFC 8259 section 4).
    JsonDuplicateKey { stage: Stage = Stage::Bundle } = "json-duplicate-key", stage,
        "the JSON of the {stage} has a key twice in one object";
    /// Input that is not JSON in UTF-8 (RFC 8259).
    JsonSyntax { stage: Stage = Stage::Bundle, line: usize = 0, column: usize = 0 }
        = "json-syntax", stage,
        "the {stage} is not valid JSON at line {line}, column {column}";
    /// More values than `Limits::json_values`.
    JsonValueCount { stage: Stage = Stage::Bundle, limit: usize = 0 } = "json-value-count", stage,
        "the JSON of the {stage} has more than {limit} values";
    /// The policy denies a key in the path: the signer's, an authority's, or that of the
    /// evidence.
    KeyDenied = "key-denied", Stage::Signature,
        "the policy denies a key that this signature depends on";
    /// The bundle's key hint names another key than the policy's (OMS 1.0 section 4.1).
    KeyHintMismatch = "key-hint-mismatch", Stage::Material,
        "the bundle was signed with a different key from the one in the policy";
    /// The policy's key is not a SubjectPublicKeyInfo in PEM.
    KeyInvalid { found: FileKind = FileKind::Empty } = "key-invalid", Stage::Policy,
        "this is not a public key in PEM: {found}";
    /// A key bundle, reported on without a key: nothing can be checked.
    KeyNeeded = "key-needed", Stage::Publisher,
        "the signature is by a key; it cannot be checked without the publisher's public key";
    /// The bundle's own key (`rawBytes`) is not the one in the policy.
    KeyRawBytesMismatch = "key-raw-bytes-mismatch", Stage::Material,
        "the bundle contains a different key from the one in the policy";
    /// The policy's key is of a kind that is not accepted.
    KeyUnsupported { found: FileKind = FileKind::Empty } = "key-unsupported", Stage::Policy,
        "this public key cannot be used: {found}";
    /// A keyUsage that forbids what the certificate is used for (RFC 5280 section 4.2.1.3).
    KeyUsageInvalid { index: usize = 0 } = "key-usage-invalid", Stage::Certificate,
        "the keyUsage of certificate {index} does not permit this use";
    /// The v0.2.0 form, without the policy's consent.
    LegacyNotAllowed = "legacy-not-allowed", Stage::Statement,
        "the bundle has the form of v0.2.0, which the policy does not allow";
    /// A listing's digests were compared, not bytes.
    ListingOnly = "listing-only", Stage::Files,
        "the digests of a listing were compared, not the bytes of the files";
    /// More log entries than `Limits::log_entries`.
    LogEntryCount { limit: usize = 0 } = "log-entry-count", Stage::Material,
        "the bundle has more than {limit} log entries or timestamps";
    /// A log entry that appears twice.
    LogEntryDuplicate { index: usize = 0 } = "log-entry-duplicate", Stage::Log,
        "log entry {index} appears twice in the bundle";
    /// A log entry whose body is malformed.
    LogEntryInvalid { index: usize = 0 } = "log-entry-invalid", Stage::Log,
        "the body of log entry {index} is malformed";
    /// A log entry of a kind or version that is not known.
    LogEntryKindUnsupported { index: usize = 0 } = "log-entry-kind-unsupported", Stage::Log,
        "log entry {index} is of a kind that is not supported";
    /// The log recorded a different signature, content or signer.
    LogEntryMismatch { index: usize = 0 } = "log-entry-mismatch", Stage::Log,
        "log entry {index} is for a different signature, content or signer";
    /// A keyless bundle without a log entry.
    LogEntryMissing = "log-entry-missing", Stage::Log,
        "the bundle has no entry of a transparency log";
    /// A log entry with a field that has more bytes than its limit.
    LogEntryTooLarge { index: usize = 0, limit: usize = 0 } = "log-entry-too-large", Stage::Log,
        "log entry {index} has a field with more than {limit} bytes";
    /// The log's key was not valid at the time that counts.
    LogOutsideValidity { index: usize = 0, at: UnixTime = UnixTime::EPOCH }
        = "log-outside-validity", Stage::Log,
        "the log of entry {index} was not valid at {at}";
    /// A log that the trust root does not name.
    LogUnknown { index: usize = 0 } = "log-unknown", Stage::Log,
        "log entry {index} is from a log that is not in the trust root: a newer one may name it (`modelseal roots update`)";
    /// A field of the predicate that is missing.
    ManifestFieldMissing { field: &'static str = "" } = "manifest-field-missing", Stage::Manifest,
        "the manifest has no {field}";
    /// A field of the predicate whose value has another type than OMS says.
    ManifestFieldType { field: &'static str = "" } = "manifest-field-type", Stage::Manifest,
        "{field} in the manifest has the wrong type";
    /// Two kinds of verification material.
    MaterialAmbiguous = "material-ambiguous", Stage::Material,
        "the bundle has more than one kind of verification material";
    /// The material is of another method than the policy.
    MaterialMismatch = "material-mismatch", Stage::Material,
        "the bundle was signed by a different method from the one in the policy";
    /// No verification material.
    MaterialMissing = "material-missing", Stage::Material,
        "the bundle has no verification material";
    /// A media type that no Sigstore bundle of this method has.
    MediaTypeUnsupported = "media-type-unsupported", Stage::Bundle,
        "the bundle's mediaType is not supported";
    /// The bundle's `messageDigest` is not that of the artifact.
    MessageDigestMismatch = "message-digest-mismatch", Stage::Signature,
        "the message digest in the bundle is not that of the artifact";
    /// The hash that the bundle states for a message signature is not one that its key signs
    /// with.
    MessageHashUnsupported = "message-hash-unsupported", Stage::Signature,
        "the bundle states a hash for the signature that its key does not use";
    /// The model's name is not the one that the policy pins.
    ModelNameUnexpected = "model-name-unexpected", Stage::Manifest,
        "the signed model has a different name from the one in the policy";
    /// A name that a name constraint of an authority does not permit (RFC 5280 section
    /// 4.2.1.10).
    NameConstraintViolated { index: usize = 0 } = "name-constraint-violated", Stage::Certificate,
        "certificate {index} has a name that its authority may not certify";
    /// A name in the model that is not UTF-8, which no signature can list.
    NameNotUtf8 = "name-not-utf8", Stage::Files,
        "the model has a name that is not UTF-8";
    /// A path that starts with `/`.
    PathAbsolute { index: usize = 0 } = "path-absolute", Stage::Manifest,
        "path {index} is absolute";
    /// Building a certificate path takes more than `Limits::path_steps`, or the checks of signatures
    /// that are left.
    PathBudgetExceeded = "path-budget-exceeded", Stage::Certificate,
        "the certificates need more work than is allowed";
    /// A path with a component `.` or `..`.
    PathComponentDot { index: usize = 0 } = "path-component-dot", Stage::Manifest,
        "path {index} has a component `.` or `..`";
    /// A path with an empty component.
    PathComponentEmpty { index: usize = 0 } = "path-component-empty", Stage::Manifest,
        "path {index} has an empty component";
    /// A file below a path that is a file itself.
    PathConflict = "path-conflict", Stage::Manifest,
        "a path lies below another path that is a file";
    /// A path that appears twice.
    PathDuplicate = "path-duplicate", Stage::Manifest,
        "a path appears twice";
    /// A path without characters.
    PathEmpty { index: usize = 0 } = "path-empty", Stage::Manifest,
        "path {index} is empty";
    /// More intermediates than pathLenConstraint permits (RFC 5280 section 4.2.1.9).
    PathLengthExceeded { index: usize = 0 } = "path-length-exceeded", Stage::Certificate,
        "the chain below certificate {index} is longer than it permits";
    /// A path with a NUL.
    PathNul { index: usize = 0 } = "path-nul", Stage::Manifest,
        "path {index} has a NUL";
    /// A member of the policy that is null: it would read like "any".
    PolicyFieldNull { field: FieldName = FieldName::EMPTY } = "policy-field-null", Stage::Policy,
        "policy.{field} is null: leave it out, or give it a value";
    /// A member that no policy of this method has.
    PolicyFieldUnknown { field: FieldName = FieldName::EMPTY }
        = "policy-field-unknown", Stage::Policy,
        "policy.{field} is not a member of this kind of policy";
    /// A member of the policy whose value is not valid, or that is missing.
    PolicyInvalid { field: &'static str = "" } = "policy-invalid", Stage::Policy,
        "policy.{field} is missing or not valid";
    /// The predicate is missing or not an object (in-toto Statement v1).
    PredicateMissing = "predicate-missing", Stage::Statement,
        "the statement has no predicate";
    /// The attestation is of a type that the policy does not name.
    PredicateTypeUnexpected = "predicate-type-unexpected", Stage::Statement,
        "the attestation is of a type that was not asked for";
    /// A predicateType that a statement of this kind cannot have.
    PredicateTypeUnsupported = "predicate-type-unsupported", Stage::Statement,
        "the statement's predicateType cannot be accepted here";
    /// Any predicate type was accepted, so what the attestation says was not checked.
    PredicateUnchecked = "predicate-unchecked", Stage::Statement,
        "attestations of any type were accepted, so what it says was not checked";
    /// No expected publisher was given.
    PublisherUnchecked = "publisher-unchecked", Stage::Files,
        "no expected publisher was given";
    /// More resources than `Limits::resources`.
    ResourceCount { limit: usize = 0 } = "resource-count", Stage::Manifest,
        "the manifest lists no files, or more than {limit}";
    /// The policy denies this model by its root digest.
    RootDigestDenied = "root-digest-denied", Stage::Manifest,
        "the policy denies this model";
    /// The subject's digest is not that of the listed digests (OMS 1.0 section 5).
    RootDigestMismatch = "root-digest-mismatch", Stage::Manifest,
        "the root digest does not match the listed files";
    /// The root digest is not the one that the policy pins.
    RootDigestUnexpected = "root-digest-unexpected", Stage::Manifest,
        "the signature is for a different model from the one in the policy";
    /// A list of SCTs that is malformed (RFC 6962 section 3.3).
    SctInvalid = "sct-invalid", Stage::Certificate,
        "the certificate's list of SCTs is malformed";
    /// An SCT from a time at which its log's key was not valid.
    SctLogOutsideValidity { at: UnixTime = UnixTime::EPOCH }
        = "sct-log-outside-validity", Stage::Certificate,
        "the certificate transparency log was not valid at {at}";
    /// SCTs by no log that the trust root names.
    SctLogUnknown = "sct-log-unknown", Stage::Certificate,
        "the certificate has no SCT from a log in the trust root";
    /// A keyless certificate without SCTs.
    SctMissing = "sct-missing", Stage::Certificate,
        "the certificate has no SCT";
    /// An SCT that its log's key did not sign (RFC 6962 section 3.2).
    SctSignatureMismatch = "sct-signature-mismatch", Stage::Certificate,
        "the certificate's SCT was not signed by its log";
    /// A serialization method that is neither files nor shards.
    SerializationMethodUnsupported = "serialization-method-unsupported", Stage::Manifest,
        "the manifest's serialization method is not files or shards";
    /// A promise of inclusion (SET) that the log's key did not sign.
    SetSignatureMismatch { index: usize = 0 } = "set-signature-mismatch", Stage::Log,
        "the inclusion promise of log entry {index} was not signed by its log";
    /// A resource name that is not `path:start:end`.
    ShardNameInvalid { index: usize = 0 } = "shard-name-invalid", Stage::Manifest,
        "resource {index} is not named path:start:end";
    /// A gap between shards, an overlap, or a part out of place.
    ShardRangeInvalid { index: usize = 0 } = "shard-range-invalid", Stage::Manifest,
        "the range of resource {index} leaves a gap, overlaps or is out of place";
    /// A shard_size that is not a whole number from 1 to 2^53.
    ShardSizeInvalid = "shard-size-invalid", Stage::Manifest,
        "the manifest's shard_size is not a whole number from 1 to 2^53";
    /// The certificate's signature algorithm is not accepted (SHA-1, MD5, unknown).
    SignatureAlgorithmUnsupported { index: usize = 0 }
        = "signature-algorithm-unsupported", Stage::Certificate,
        "certificate {index} is signed with an algorithm that is not accepted";
    /// More checks of signatures than `Limits::signature_checks`.
    SignatureCheckCount { limit: usize = 0 } = "signature-check-count", Stage::Signature,
        "the bundle needs more than {limit} checks of signatures";
    /// The envelope does not have exactly one signature.
    SignatureCount { count: usize = 0 } = "signature-count", Stage::Bundle,
        "the envelope has {count} signatures instead of one";
    /// A signature that is not canonical DER.
    SignatureEncoding = "signature-encoding", Stage::Signature,
        "the signature is not encoded in canonical DER";
    /// The signature does not belong to this payload and key.
    SignatureMismatch = "signature-mismatch", Stage::Signature,
        "the signature does not match this content and key";
    /// A signature with more bytes than `Limits::signature_bytes`.
    SignatureTooLarge { limit: usize = 0 } = "signature-too-large", Stage::Bundle,
        "the signature has more than {limit} bytes";
    /// `.` beside other resources, or for a model that is a folder.
    SingleFileInvalid = "single-file-invalid", Stage::Manifest,
        "the signature is for a single file, not for a folder";
    /// A special file (a pipe, a socket, a device) where a file was signed.
    SpecialFileRefused = "special-file-refused", Stage::Files,
        "the model has a special file, which cannot be verified";
    /// A field of the statement that is missing.
    StatementFieldMissing { field: &'static str = "" }
        = "statement-field-missing", Stage::Statement,
        "the statement has no {field}";
    /// A field of the statement whose value has another type than in-toto says.
    StatementFieldType { field: &'static str = "" } = "statement-field-type", Stage::Statement,
        "{field} in the statement has the wrong type";
    /// A `_type` that is not in-toto Statement v1.
    StatementTypeUnsupported = "statement-type-unsupported", Stage::Statement,
        "the statement's _type is not in-toto Statement v1";
    /// Not exactly one subject (OMS 1.0), or none (v0.2.0).
    SubjectCount { count: usize = 0 } = "subject-count", Stage::Statement,
        "the statement has {count} subjects";
    /// A subject without a SHA-256 digest in lower-case hex.
    SubjectDigestInvalid { index: usize = 0 } = "subject-digest-invalid", Stage::Statement,
        "the digest of subject {index} is missing or not lower-case hex";
    /// A symlink that was not followed: not allowed, or leading out of the model.
    SymlinkRefused = "symlink-refused", Stage::Files,
        "the model has a symlink that was not followed";
    /// A verified time later than the moment of the check, beyond the tolerance for clocks.
    TimeInFuture { at: UnixTime = UnixTime::EPOCH, now: UnixTime = UnixTime::EPOCH }
        = "time-in-future", Stage::Timestamp,
        "the signing time {at} is in the future: this machine's clock says {now}, and may be slow";
    /// No verified time: neither a timestamp nor a promised log time.
    TimeMissing = "time-missing", Stage::Timestamp,
        "the bundle has no verified signing time";
    /// A timestamp with an algorithm that is not accepted.
    TimestampAlgorithmUnsupported { index: usize = 0 }
        = "timestamp-algorithm-unsupported", Stage::Timestamp,
        "timestamp {index} uses an algorithm that is not accepted";
    /// A timestamp from a time at which its authority was not valid.
    TimestampAuthorityOutsideValidity { index: usize = 0, at: UnixTime = UnixTime::EPOCH }
        = "timestamp-authority-outside-validity", Stage::Timestamp,
        "the authority of timestamp {index} was not valid at {at}";
    /// A timestamp by an authority that the trust root does not name.
    TimestampAuthorityUnknown { index: usize = 0 }
        = "timestamp-authority-unknown", Stage::Timestamp,
        "timestamp {index} is from an authority that is not in the trust root: a newer one may name it (`modelseal roots update`)";
    /// The signed attribute names another certificate (RFC 5816, ESSCertIDv2).
    TimestampCertificateMismatch { index: usize = 0 }
        = "timestamp-certificate-mismatch", Stage::Timestamp,
        "timestamp {index} names a different certificate from its signer's";
    /// A timestamp from a time at which its signer's chain was not valid.
    TimestampCertificateOutsideValidity { index: usize = 0, at: UnixTime = UnixTime::EPOCH }
        = "timestamp-certificate-outside-validity", Stage::Timestamp,
        "a certificate of the authority of timestamp {index} was not valid at {at}";
    /// A timestamp that appears twice, in the same or another form.
    TimestampDuplicate { index: usize = 0 } = "timestamp-duplicate", Stage::Timestamp,
        "timestamp {index} appears twice in the bundle";
    /// A timestamp with a critical extension: none is understood (RFC 3161 section 2.4.2).
    TimestampExtensionCritical { index: usize = 0 }
        = "timestamp-extension-critical", Stage::Timestamp,
        "timestamp {index} has a critical extension that is not understood";
    /// A timestamp over another signature (RFC 3161 section 2.4.2, messageImprint).
    TimestampImprintMismatch { index: usize = 0 }
        = "timestamp-imprint-mismatch", Stage::Timestamp,
        "timestamp {index} is for a different signature";
    /// A timestamp that is malformed (RFC 3161, RFC 5652).
    TimestampInvalid { index: usize = 0 } = "timestamp-invalid", Stage::Timestamp,
        "timestamp {index} is malformed";
    /// A response without the status "granted" (RFC 3161 section 2.4.2).
    TimestampNotGranted { index: usize = 0 } = "timestamp-not-granted", Stage::Timestamp,
        "timestamp {index} was not granted";
    /// A timestamp that its signer's key did not sign (RFC 5652 section 5.4).
    TimestampSignatureMismatch { index: usize = 0 }
        = "timestamp-signature-mismatch", Stage::Timestamp,
        "timestamp {index} was not signed by its authority";
    /// A timestamp with more bytes than `Limits::timestamp_bytes`.
    TimestampTooLarge { index: usize = 0, limit: usize = 0 }
        = "timestamp-too-large", Stage::Timestamp,
        "timestamp {index} has more than {limit} bytes";
    /// More anchors, authorities or logs than `Limits::trust_root_entries`.
    TrustRootCount { limit: usize = 0 } = "trust-root-count", Stage::Policy,
        "the trust root has more than {limit} logs or authorities of a kind";
    /// A trusted_root.json or ClientTrustConfig with a field that is missing or not valid.
    TrustRootInvalid { field: &'static str = "" } = "trust-root-invalid", Stage::Policy,
        "the trust root is not valid: {field}";
    /// Log entries or timestamps, and a policy without a trust root to check them against.
    TrustRootMissing = "trust-root-missing", Stage::Material,
        "the bundle has log entries or timestamps, and the policy has no trust root to check them with";
    /// A name that no bundled trust root has.
    TrustRootUnknown = "trust-root-unknown", Stage::Policy,
        "there is no trust root of this name";
    /// The input is not a trust root at all.
    TrustRootUnreadable { found: FileKind = FileKind::Empty }
        = "trust-root-unreadable", Stage::Policy,
        "this is not a trust root: {found}";
    /// The caller used the interface wrongly.
    UsageInvalid { what: &'static str = "a stated reason" } = "usage-invalid", Stage::Usage,
        "{what}";
    /// A verification summary whose result is not exactly `PASSED` (SLSA VSA,
    /// "verificationResult").
    VerificationNotPassed = "verification-not-passed", Stage::Statement,
        "the verification summary does not say that the verification passed";
}

impl core::error::Error for Error {}
