//! Every way in which a check can fail: one flat enum, no texts from the bundle inside.

use core::fmt;

use crate::time::UnixTime;

/// The step of verification in which an [`Error`] arose, in the order in which data flows.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[non_exhaustive]
pub enum Stage {
    /// The caller's policy, keys and anchors.
    Policy,
    /// The bundle's JSON and shape.
    Bundle,
    /// The verification material: which kind, and whether it belongs to the policy.
    Material,
    /// Signed timestamps (RFC 3161).
    Timestamp,
    /// Entries of transparency logs.
    Log,
    /// Certificates and the path to an anchor.
    Certificate,
    /// The signature over the content.
    Signature,
    /// Whether the signer is the one whom the policy expects.
    Publisher,
    /// The in-toto statement.
    Statement,
    /// The signed list of files.
    Manifest,
    /// The model's files against the manifest.
    Files,
}

impl Stage {
    /// The stage's stable name, as in the verdict.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Bundle => "bundle",
            Self::Material => "material",
            Self::Timestamp => "timestamp",
            Self::Log => "log",
            Self::Certificate => "certificate",
            Self::Signature => "signature",
            Self::Publisher => "publisher",
            Self::Statement => "statement",
            Self::Manifest => "manifest",
            Self::Files => "files",
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Declares the enum and, in the same line of the same table, each variant's code, stage and
/// sentence: they cannot drift apart.
macro_rules! errors {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident $({ $($field:ident : $type:ty = $sample:expr),+ $(,)? })? = $code:literal, $stage:expr, $message:literal;
    )+) => {
        /// Why a bundle, a policy or a model was not accepted.
        ///
        /// Fields are fixed-size facts. Texts that a bundle brought are only in the verdict.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum Error {
            $(
                $(#[doc = $doc])+
                $name $({ $(
                    #[doc = concat!("See [`Error::", stringify!($name), "`].")]
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

errors! {
    /// More anchors than `Limits::certificates`.
    AnchorCount { limit: usize = 0 } = "anchor-count", Stage::Policy, "the policy gives more than {limit} trust anchors";
    /// A trust anchor that is no certificate in DER or PEM.
    AnchorInvalid = "anchor-invalid", Stage::Policy, "a trust anchor is not a readable X.509 certificate";
    /// A certificate policy without anchors trusts nobody.
    AnchorMissing = "anchor-missing", Stage::Policy, "the policy gives no trust anchor";
    /// An anchor signed by another key, without the policy's consent (OMS 1.0: "trusted root CA").
    AnchorNotSelfSigned = "anchor-not-self-signed", Stage::Policy, "a trust anchor is not self-signed; allow intermediate anchors to use it";
    /// The signature needs a digest of the artifact that the caller did not give.
    ArtifactDigestMissing = "artifact-digest-missing", Stage::Policy, "the signature is over a digest of the artifact that was not given";
    /// The statement's subjects, or the signed digest, are those of another artifact.
    ArtifactMismatch = "artifact-mismatch", Stage::Signature, "the signature is for another artifact";
    /// No authority that could have issued the certificate was valid at a signed time.
    AuthorityOutsideValidity { at: UnixTime = UnixTime::EPOCH } = "authority-outside-validity", Stage::Certificate, "the trust root's certificate authority was not valid at {at}";
    /// Base64 that is not the standard alphabet with canonical padding (RFC 4648 section 4).
    Base64Invalid { field: &'static str = "" } = "base64-invalid", Stage::Bundle, "{field} is not canonical standard base64";
    /// A CA certificate without basicConstraints, or one that says CA:FALSE (RFC 5280 section 4.2.1.9).
    BasicConstraintsInvalid { index: usize = 0 } = "basic-constraints-invalid", Stage::Certificate, "certificate {index} signs another one but is not marked as an authority";
    /// The bundle has no bytes.
    BundleEmpty = "bundle-empty", Stage::Bundle, "the signature bundle is empty";
    /// A field of the bundle that its format requires.
    BundleFieldMissing { field: &'static str = "" } = "bundle-field-missing", Stage::Bundle, "the bundle lacks {field}";
    /// A field of the bundle whose value has another type than its format says.
    BundleFieldType { field: &'static str = "" } = "bundle-field-type", Stage::Bundle, "the bundle's {field} has the wrong type";
    /// A field that the bundle's format does not know.
    BundleFieldUnknown = "bundle-field-unknown", Stage::Bundle, "the bundle has a field that its format does not know";
    /// A number that is negative, fractional, or too large for its field (ProtoJSON, int64).
    BundleNumberInvalid { field: &'static str = "" } = "bundle-number-invalid", Stage::Bundle, "the bundle's {field} is not a whole number of at least zero";
    /// The bundle is larger than `Limits::bundle_bytes`.
    BundleTooLarge { limit: usize = 0, size: usize = 0 } = "bundle-too-large", Stage::Bundle, "the bundle has {size} bytes, more than the limit of {limit}";
    /// More certificates than `Limits::certificates`.
    CertificateCount { limit: usize = 0 } = "certificate-count", Stage::Certificate, "the bundle brings no certificate, or more than {limit}";
    /// The policy denies a certificate of the chain by its digest.
    CertificateDenied = "certificate-denied", Stage::Certificate, "the policy denies a certificate of the chain";
    /// A certificate after its notAfter (RFC 5280 section 4.1.2.5).
    CertificateExpired { index: usize = 0, at: UnixTime = UnixTime::EPOCH, not_after: UnixTime = UnixTime::EPOCH } = "certificate-expired", Stage::Certificate, "certificate {index} expired at {not_after}; the time of judgement is {at}";
    /// A certificate that is not canonical DER, or breaks a rule of RFC 5280 section 4.1.
    CertificateInvalid { index: usize = 0 } = "certificate-invalid", Stage::Certificate, "certificate {index} is malformed";
    /// A keyless leaf that is marked as an authority.
    CertificateIsAuthority { index: usize = 0 } = "certificate-is-authority", Stage::Certificate, "certificate {index} signs content but is marked as an authority";
    /// A certificate's key is of a kind or size that is not accepted.
    CertificateKeyUnsupported { index: usize = 0 } = "certificate-key-unsupported", Stage::Certificate, "certificate {index} has a key of a kind or size that is not accepted";
    /// A certificate before its notBefore (RFC 5280 section 4.1.2.5).
    CertificateNotYetValid { index: usize = 0, at: UnixTime = UnixTime::EPOCH, not_before: UnixTime = UnixTime::EPOCH } = "certificate-not-yet-valid", Stage::Certificate, "certificate {index} is valid from {not_before}; the time of judgement is {at}";
    /// A certificate that its issuer's key did not sign.
    CertificateSignatureMismatch { index: usize = 0 } = "certificate-signature-mismatch", Stage::Certificate, "certificate {index} was not signed by the key of its issuer";
    /// A self-signed certificate in a keyless bundle: roots come from the trust root alone.
    ChainHasRoot { index: usize = 0 } = "chain-has-root", Stage::Material, "certificate {index} is a root, which a keyless bundle may not bring";
    /// A checkpoint that is no signed note with an origin, a size and a root (C2SP tlog-checkpoint).
    CheckpointInvalid { index: usize = 0 } = "checkpoint-invalid", Stage::Log, "the checkpoint of log entry {index} is malformed";
    /// An inclusion proof without a checkpoint.
    CheckpointMissing { index: usize = 0 } = "checkpoint-missing", Stage::Log, "the inclusion proof of log entry {index} has no checkpoint";
    /// The proof's tree is not the one that the checkpoint signs.
    CheckpointRootMismatch { index: usize = 0 } = "checkpoint-root-mismatch", Stage::Log, "the inclusion proof of log entry {index} is for another tree than its checkpoint";
    /// No signature of the checkpoint is by the entry's log.
    CheckpointSignatureMismatch { index: usize = 0 } = "checkpoint-signature-mismatch", Stage::Log, "the checkpoint of log entry {index} was not signed by its log";
    /// A checkpoint of more bytes than `Limits::checkpoint_bytes`.
    CheckpointTooLarge { index: usize = 0, limit: usize = 0 } = "checkpoint-too-large", Stage::Log, "the checkpoint of log entry {index} has more than {limit} bytes";
    /// An envelope and a message signature in one bundle.
    ContentAmbiguous = "content-ambiguous", Stage::Bundle, "the bundle has both an envelope and a message signature";
    /// Files were left out by the caller's ignore rules, or allowed unsigned.
    CoveragePartial = "coverage-partial", Stage::Files, "some files were left out because the caller ignored or allowed them";
    /// Nobody could list the whole model.
    CoverageUnobserved = "coverage-unobserved", Stage::Files, "the whole model could not be listed, so unsigned files may exist";
    /// A resource whose algorithm is not the manifest's.
    DigestAlgorithmMismatch { index: usize = 0 } = "digest-algorithm-mismatch", Stage::Manifest, "resource {index} names another algorithm than the manifest";
    /// A hash_type that is none of sha256, blake2b, blake3.
    DigestAlgorithmUnsupported = "digest-algorithm-unsupported", Stage::Manifest, "the manifest's hash_type is not sha256, blake2b or blake3";
    /// A digest that is not lower-case hex of the algorithm's length.
    DigestInvalid { index: usize = 0 } = "digest-invalid", Stage::Manifest, "the digest of resource {index} is not lower-case hex of its algorithm's length";
    /// A path that the host announced twice.
    EntryDuplicate = "entry-duplicate", Stage::Files, "a path of the model was announced twice";
    /// A path that the host announced and that is not relative and canonical.
    EntryPathInvalid = "entry-path-invalid", Stage::Files, "a path of the model is not relative and canonical";
    /// The payload type is not `application/vnd.in-toto+json` (DSSE).
    EnvelopePayloadType = "envelope-payload-type", Stage::Bundle, "the envelope's payloadType is not application/vnd.in-toto+json";
    /// The leaf's extendedKeyUsage is present without codeSigning (RFC 5280 section 4.2.1.12).
    ExtendedKeyUsageInvalid { index: usize = 0 } = "extended-key-usage-invalid", Stage::Certificate, "certificate {index} may not be used for code signing";
    /// A critical extension that is not processed (RFC 5280 section 4.2).
    ExtensionCriticalUnknown { index: usize = 0 } = "extension-critical-unknown", Stage::Certificate, "certificate {index} has a critical extension that is not understood";
    /// An extension that appears twice (RFC 5280 section 4.2).
    ExtensionDuplicate { index: usize = 0 } = "extension-duplicate", Stage::Certificate, "certificate {index} has an extension twice";
    /// An extension whose value is malformed, or whose criticality breaks RFC 5280 section 4.2.1.
    ExtensionInvalid { index: usize = 0 } = "extension-invalid", Stage::Certificate, "certificate {index} has a malformed extension";
    /// A file's bytes are not those that were signed.
    FileChanged = "file-changed", Stage::Files, "a file is not the one that was signed";
    /// A signed file is not there.
    FileMissing = "file-missing", Stage::Files, "a signed file is missing";
    /// A file's bytes were not looked at.
    FileNotChecked = "file-not-checked", Stage::Files, "a signed file was not checked";
    /// A file that could not be read.
    FileUnreadable = "file-unreadable", Stage::Files, "a file could not be read";
    /// A file that the signature does not cover.
    FileUnsigned = "file-unsigned", Stage::Files, "a file is not covered by the signature";
    /// A keyless certificate without exactly one name of a kind that identities have.
    IdentityInvalid = "identity-invalid", Stage::Certificate, "the certificate does not name exactly one identity";
    /// A keyless certificate that does not say who vouched for the identity.
    IdentityIssuerMissing = "identity-issuer-missing", Stage::Certificate, "the certificate does not name the issuer of its identity";
    /// The signer is not the one whom the policy expects.
    IdentityUnexpected = "identity-unexpected", Stage::Publisher, "the signature is by another identity than the expected one";
    /// A recorded ignore path that is empty, `.`, absolute or not canonical.
    IgnorePathInvalid { index: usize = 0 } = "ignore-path-invalid", Stage::Manifest, "ignore path {index} is empty, `.`, or not canonical";
    /// A bundle of v0.1 whose log entry has no inclusion promise.
    InclusionPromiseMissing { index: usize = 0 } = "inclusion-promise-missing", Stage::Log, "log entry {index} has no inclusion promise";
    /// The path from the entry to the tree's root is wrong (RFC 6962 section 2.1.1).
    InclusionProofMismatch { index: usize = 0 } = "inclusion-proof-mismatch", Stage::Log, "log entry {index} is not in the tree that its proof is for";
    /// A bundle of v0.2 or later whose log entry has no inclusion proof.
    InclusionProofMissing { index: usize = 0 } = "inclusion-proof-missing", Stage::Log, "log entry {index} has no inclusion proof";
    /// No path leads from the leaf to an anchor of the policy.
    IssuerUnknown = "issuer-unknown", Stage::Certificate, "the certificate chain does not lead to a trust anchor of the policy";
    /// Deeper than `Limits::json_depth`.
    JsonDepth { stage: Stage = Stage::Bundle, limit: usize = 0 } = "json-depth", stage, "the JSON of the {stage} is nested more than {limit} levels deep";
    /// A key that appears twice in one object (RFC 8259 section 4).
    JsonDuplicateKey { stage: Stage = Stage::Bundle } = "json-duplicate-key", stage, "the JSON of the {stage} has a key twice in one object";
    /// Text that is not JSON in UTF-8 (RFC 8259).
    JsonSyntax { stage: Stage = Stage::Bundle, line: usize = 0, column: usize = 0 } = "json-syntax", stage, "the {stage} is not valid JSON at line {line}, column {column}";
    /// More values than `Limits::json_values`.
    JsonValueCount { stage: Stage = Stage::Bundle, limit: usize = 0 } = "json-value-count", stage, "the JSON of the {stage} has more than {limit} values";
    /// The policy denies the key that signed.
    KeyDenied = "key-denied", Stage::Signature, "the policy denies the key that signed";
    /// The bundle's key hint names another key than the policy's (OMS 1.0 section 4.1).
    KeyHintMismatch = "key-hint-mismatch", Stage::Material, "the bundle was signed with another key than the policy's";
    /// The policy's key is no PEM or DER SubjectPublicKeyInfo.
    KeyInvalid = "key-invalid", Stage::Policy, "the public key is not a readable PEM SubjectPublicKeyInfo";
    /// The bundle's own key (`rawBytes`) is another one than the policy's.
    KeyRawBytesMismatch = "key-raw-bytes-mismatch", Stage::Material, "the bundle brings another key than the policy's";
    /// The policy's key is of a kind that is not accepted.
    KeyUnsupported = "key-unsupported", Stage::Policy, "the public key is not on P-256, P-384 or P-521";
    /// A keyUsage that forbids what the certificate is used for (RFC 5280 section 4.2.1.3).
    KeyUsageInvalid { index: usize = 0 } = "key-usage-invalid", Stage::Certificate, "the keyUsage of certificate {index} does not permit this use";
    /// The v0.2.0 form, without the policy's consent.
    LegacyNotAllowed = "legacy-not-allowed", Stage::Statement, "the bundle has the form of v0.2.0, which the policy does not allow";
    /// A listing's digests were compared, not bytes.
    ListingOnly = "listing-only", Stage::Files, "digests of a listing were compared, not the bytes of the files";
    /// More log entries than `Limits::log_entries`.
    LogEntryCount { limit: usize = 0 } = "log-entry-count", Stage::Material, "the bundle brings more than {limit} log entries";
    /// A log entry that stands twice.
    LogEntryDuplicate { index: usize = 0 } = "log-entry-duplicate", Stage::Log, "log entry {index} stands twice in the bundle";
    /// A log entry whose body is malformed.
    LogEntryInvalid { index: usize = 0 } = "log-entry-invalid", Stage::Log, "the body of log entry {index} is malformed";
    /// A log entry of a kind or version that is not known.
    LogEntryKindUnsupported { index: usize = 0 } = "log-entry-kind-unsupported", Stage::Log, "log entry {index} is of a kind that is not supported";
    /// The log recorded another signature, another content or another signer.
    LogEntryMismatch { index: usize = 0 } = "log-entry-mismatch", Stage::Log, "log entry {index} is for another signature, content or signer";
    /// A keyless bundle without a log entry.
    LogEntryMissing = "log-entry-missing", Stage::Log, "the bundle has no entry of a transparency log";
    /// The log's key was not valid at a signed time.
    LogOutsideValidity { index: usize = 0, at: UnixTime = UnixTime::EPOCH } = "log-outside-validity", Stage::Log, "the log of entry {index} was not valid at {at}";
    /// A log that the trust root does not name.
    LogUnknown { index: usize = 0 } = "log-unknown", Stage::Log, "log entry {index} is from a log that the trust root does not name";
    /// A field of the predicate that is missing.
    ManifestFieldMissing { field: &'static str = "" } = "manifest-field-missing", Stage::Manifest, "the manifest lacks {field}";
    /// A field of the predicate whose value has another type than OMS says.
    ManifestFieldType { field: &'static str = "" } = "manifest-field-type", Stage::Manifest, "the manifest's {field} has the wrong type";
    /// Two kinds of verification material.
    MaterialAmbiguous = "material-ambiguous", Stage::Material, "the bundle has more than one kind of verification material";
    /// The material is of another method than the policy.
    MaterialMismatch = "material-mismatch", Stage::Material, "the bundle was signed by another method than the policy's";
    /// No verification material.
    MaterialMissing = "material-missing", Stage::Material, "the bundle has no verification material";
    /// A media type that no Sigstore bundle of this method has.
    MediaTypeUnsupported = "media-type-unsupported", Stage::Bundle, "the bundle's mediaType is not supported";
    /// The bundle's `messageDigest` is not that of the artifact.
    MessageDigestMismatch = "message-digest-mismatch", Stage::Signature, "the bundle's message digest is not that of the artifact";
    /// The model's name is not the one that the policy pins.
    ModelNameUnexpected = "model-name-unexpected", Stage::Manifest, "the signature is for a model of another name";
    /// A name that a name constraint of an authority does not permit (RFC 5280 section 4.2.1.10).
    NameConstraintViolated { index: usize = 0 } = "name-constraint-violated", Stage::Certificate, "certificate {index} has a name that its authority may not certify";
    /// A path that starts with `/`.
    PathAbsolute { index: usize = 0 } = "path-absolute", Stage::Manifest, "path {index} is absolute";
    /// More work than the budget: signatures or path building steps.
    PathBudgetExceeded = "path-budget-exceeded", Stage::Certificate, "the certificates ask for more work than is allowed";
    /// A path with a component `.` or `..`.
    PathComponentDot { index: usize = 0 } = "path-component-dot", Stage::Manifest, "path {index} has a component `.` or `..`";
    /// A path with an empty component.
    PathComponentEmpty { index: usize = 0 } = "path-component-empty", Stage::Manifest, "path {index} has an empty component";
    /// A file below a path that is a file itself.
    PathConflict = "path-conflict", Stage::Manifest, "a path lies below another path that is a file";
    /// A path that appears twice.
    PathDuplicate = "path-duplicate", Stage::Manifest, "a path appears twice";
    /// A path without characters.
    PathEmpty { index: usize = 0 } = "path-empty", Stage::Manifest, "path {index} is empty";
    /// More intermediates than pathLenConstraint permits (RFC 5280 section 4.2.1.9).
    PathLengthExceeded { index: usize = 0 } = "path-length-exceeded", Stage::Certificate, "the chain below certificate {index} is longer than it permits";
    /// A path with a NUL.
    PathNul { index: usize = 0 } = "path-nul", Stage::Manifest, "path {index} has a NUL";
    /// A policy that is no valid policy.
    PolicyInvalid { field: &'static str = "" } = "policy-invalid", Stage::Policy, "the policy is not valid at {field}";
    /// The predicate is missing or no object (in-toto Statement v1).
    PredicateMissing = "predicate-missing", Stage::Statement, "the statement has no predicate";
    /// A predicateType that is not OMS's (OMS 1.0 section 8.3).
    PredicateTypeUnsupported = "predicate-type-unsupported", Stage::Statement, "the statement's predicateType is not that of a model signature";
    /// Nobody said whom to expect.
    PublisherUnchecked = "publisher-unchecked", Stage::Files, "nobody said which publisher to expect";
    /// More resources than `Limits::resources`.
    ResourceCount { limit: usize = 0 } = "resource-count", Stage::Manifest, "the manifest lists no file, or more than {limit}";
    /// The policy denies this model by its root digest.
    RootDigestDenied = "root-digest-denied", Stage::Manifest, "the policy denies this model's root digest";
    /// The subject's digest is not that of the listed digests (OMS 1.0 section 5).
    RootDigestMismatch = "root-digest-mismatch", Stage::Manifest, "the root digest is not that of the listed files";
    /// The root digest is not the one that the policy pins.
    RootDigestUnexpected = "root-digest-unexpected", Stage::Manifest, "the signature is for another model than the one pinned";
    /// A list of SCTs that is malformed (RFC 6962 section 3.3).
    SctInvalid = "sct-invalid", Stage::Certificate, "the certificate's list of SCTs is malformed";
    /// An SCT from a time at which its log's key was not valid.
    SctLogOutsideValidity { at: UnixTime = UnixTime::EPOCH } = "sct-log-outside-validity", Stage::Certificate, "the certificate transparency log was not valid at {at}";
    /// SCTs by no log that the trust root names.
    SctLogUnknown = "sct-log-unknown", Stage::Certificate, "the certificate has no SCT by a log that the trust root names";
    /// A keyless certificate without SCTs.
    SctMissing = "sct-missing", Stage::Certificate, "the certificate has no SCT";
    /// An SCT that its log's key did not sign (RFC 6962 section 3.2).
    SctSignatureMismatch = "sct-signature-mismatch", Stage::Certificate, "the certificate's SCT was not signed by its log";
    /// A serialization method that is neither files nor shards.
    SerializationMethodUnsupported = "serialization-method-unsupported", Stage::Manifest, "the manifest's serialization method is not files or shards";
    /// A promise of inclusion (SET) that the log's key did not sign.
    SetSignatureMismatch { index: usize = 0 } = "set-signature-mismatch", Stage::Log, "the inclusion promise of log entry {index} was not signed by its log";
    /// A resource name that is not `path:start:end`.
    ShardNameInvalid { index: usize = 0 } = "shard-name-invalid", Stage::Manifest, "resource {index} is not named path:start:end";
    /// A gap between shards, an overlap, or a part out of place.
    ShardRangeInvalid { index: usize = 0 } = "shard-range-invalid", Stage::Manifest, "the range of resource {index} leaves a gap, overlaps or is out of place";
    /// A shard_size that is no whole number from 1 to 2^53.
    ShardSizeInvalid = "shard-size-invalid", Stage::Manifest, "the manifest's shard_size is not a whole number from 1 to 2^53";
    /// The certificate's signature algorithm is not accepted (SHA-1, MD5, unknown).
    SignatureAlgorithmUnsupported { index: usize = 0 } = "signature-algorithm-unsupported", Stage::Certificate, "certificate {index} is signed with an algorithm that is not accepted";
    /// The envelope does not have exactly one signature.
    SignatureCount { count: usize = 0 } = "signature-count", Stage::Bundle, "the envelope has {count} signatures instead of one";
    /// A signature that is not canonical DER.
    SignatureEncoding = "signature-encoding", Stage::Signature, "the signature is not encoded in canonical DER";
    /// The signature does not belong to this payload and key.
    SignatureMismatch = "signature-mismatch", Stage::Signature, "the signature does not belong to this content and key";
    /// `.` beside other resources, or for a model that is a folder.
    SingleFileInvalid = "single-file-invalid", Stage::Manifest, "the signature is for a single file, not for a folder";
    /// A special file (a pipe, a socket, a device) where a file was signed.
    SpecialFileRefused = "special-file-refused", Stage::Files, "the model has a special file, which cannot be verified";
    /// A field of the statement that is missing.
    StatementFieldMissing { field: &'static str = "" } = "statement-field-missing", Stage::Statement, "the statement lacks {field}";
    /// A field of the statement whose value has another type than in-toto says.
    StatementFieldType { field: &'static str = "" } = "statement-field-type", Stage::Statement, "the statement's {field} has the wrong type";
    /// A `_type` that is not in-toto Statement v1.
    StatementTypeUnsupported = "statement-type-unsupported", Stage::Statement, "the statement's _type is not in-toto Statement v1";
    /// Not exactly one subject (OMS 1.0), or none (v0.2.0).
    SubjectCount { count: usize = 0 } = "subject-count", Stage::Statement, "the statement has {count} subjects";
    /// A subject without a SHA-256 digest in lower-case hex.
    SubjectDigestInvalid { index: usize = 0 } = "subject-digest-invalid", Stage::Statement, "subject {index} has no SHA-256 digest in lower-case hex";
    /// A symlink that signer and caller did not both allow, or that leaves the model.
    SymlinkRefused = "symlink-refused", Stage::Files, "the model has a symlink that is not allowed";
    /// A signed time after the moment of the check.
    TimeInFuture { at: UnixTime = UnixTime::EPOCH } = "time-in-future", Stage::Timestamp, "the signed time {at} lies in the future";
    /// No verified time: neither a timestamp nor a promised log time.
    TimeMissing = "time-missing", Stage::Timestamp, "the bundle has no verified time of signing";
    /// A timestamp with an algorithm that is not accepted.
    TimestampAlgorithmUnsupported { index: usize = 0 } = "timestamp-algorithm-unsupported", Stage::Timestamp, "timestamp {index} uses an algorithm that is not accepted";
    /// A timestamp from a time at which its authority was not valid.
    TimestampAuthorityOutsideValidity { index: usize = 0, at: UnixTime = UnixTime::EPOCH } = "timestamp-authority-outside-validity", Stage::Timestamp, "the authority of timestamp {index} was not valid at {at}";
    /// A timestamp by an authority that the trust root does not name.
    TimestampAuthorityUnknown { index: usize = 0 } = "timestamp-authority-unknown", Stage::Timestamp, "timestamp {index} is by an authority that the trust root does not name";
    /// The signed attribute names another certificate (RFC 5816, ESSCertIDv2).
    TimestampCertificateMismatch { index: usize = 0 } = "timestamp-certificate-mismatch", Stage::Timestamp, "timestamp {index} names another certificate than its signer's";
    /// A timestamp from a time at which its signer's chain was not valid.
    TimestampCertificateOutsideValidity { index: usize = 0, at: UnixTime = UnixTime::EPOCH } = "timestamp-certificate-outside-validity", Stage::Timestamp, "a certificate of the authority of timestamp {index} was not valid at {at}";
    /// A timestamp that stands twice.
    TimestampDuplicate { index: usize = 0 } = "timestamp-duplicate", Stage::Timestamp, "timestamp {index} stands twice in the bundle";
    /// A timestamp with a critical extension: none is understood (RFC 3161 section 2.4.2).
    TimestampExtensionCritical { index: usize = 0 } = "timestamp-extension-critical", Stage::Timestamp, "timestamp {index} has a critical extension that is not understood";
    /// A timestamp over another signature (RFC 3161 section 2.4.2, messageImprint).
    TimestampImprintMismatch { index: usize = 0 } = "timestamp-imprint-mismatch", Stage::Timestamp, "timestamp {index} is for another signature";
    /// A timestamp that is malformed (RFC 3161, RFC 5652).
    TimestampInvalid { index: usize = 0 } = "timestamp-invalid", Stage::Timestamp, "timestamp {index} is malformed";
    /// A response without the status "granted" (RFC 3161 section 2.4.2).
    TimestampNotGranted { index: usize = 0 } = "timestamp-not-granted", Stage::Timestamp, "timestamp {index} was not granted";
    /// A timestamp that its signer's key did not sign (RFC 5652 section 5.4).
    TimestampSignatureMismatch { index: usize = 0 } = "timestamp-signature-mismatch", Stage::Timestamp, "timestamp {index} was not signed by its authority";
    /// More anchors, authorities or logs than `Limits::trust_root_entries`.
    TrustRootCount { limit: usize = 0 } = "trust-root-count", Stage::Policy, "the trust root has more than {limit} logs or authorities of a kind";
    /// A trust root that is no trusted_root.json or ClientTrustConfig, or lacks what it needs.
    TrustRootInvalid { field: &'static str = "" } = "trust-root-invalid", Stage::Policy, "the trust root is not valid at {field}";
    /// Log entries or timestamps, and a policy that names no trust root to check them against.
    TrustRootMissing = "trust-root-missing", Stage::Material, "the bundle brings log entries or timestamps, and the policy names no trust root to check them with";
    /// A name that no bundled trust root has.
    TrustRootUnknown = "trust-root-unknown", Stage::Policy, "there is no trust root of this name";
    /// The caller used the interface wrongly.
    UsageInvalid { what: &'static str = "" } = "usage-invalid", Stage::Policy, "wrong use: {what}";
}

impl core::error::Error for Error {}
