//! Every way in which a refresh can fail: one flat enum, without strings from a mirror.

use core::fmt;

use modelseal::UnixTime;

use crate::role::Role;

/// Declares the enum and, in one table, each variant's code and sentence: they cannot drift apart.
macro_rules! errors {
    ($(
        $(#[doc = $doc:literal])+
        $name:ident $({ $($(#[doc = $field_doc:literal])+ $field:ident : $type:ty),+ $(,)? })? = $code:literal, $message:literal;
    )+) => {
        /// Why metadata or a target file was not accepted.
        #[derive(Clone, Copy, Debug, Eq, PartialEq)]
        #[non_exhaustive]
        pub enum Error {
            $(
                $(#[doc = $doc])+
                $name $({ $( $(#[doc = $field_doc])+ $field: $type ),+ })?,
            )+
        }

        impl Error {
            /// The error's stable code, for programs.
            pub const fn code(&self) -> &'static str {
                match self { $( Self::$name $({ $($field: _),+ })? => $code, )+ }
            }

            /// Every code, in alphabetical order.
            pub const CODES: &'static [&'static str] = &[ $($code),+ ];
        }

        impl fmt::Display for Error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self { $( Self::$name $({ $($field),+ })? => write!(f, $message), )+ }
            }
        }
    };
}

impl core::error::Error for Error {}

errors! {
    /// More roles had to be asked about a target than the limit allows.
    DelegationLimit {
        /// The limit, see [`Limits::delegations`](crate::Limits::delegations).
        limit: usize,
    } = "tuf-delegation-limit", "the search for the target asks more than {limit} roles";
    /// The metadata has expired (section 5.3.10, 5.4.4, 5.5.6 or 5.6.5).
    Expired {
        /// Whose metadata it is.
        role: Role,
        /// When it expired.
        expires: UnixTime,
        /// The time of the refresh.
        now: UnixTime,
    } = "tuf-expired", "the {role} metadata expired at {expires}; it is {now}";
    /// A member of the metadata is missing, or is not what it must be (section 4).
    Field {
        /// Whose metadata it is.
        role: Role,
        /// The name of the member.
        field: &'static str,
    } = "tuf-field-invalid", "the {role} metadata has no valid `{field}`";
    /// A hash of the file is not the one that was signed.
    Hash {
        /// What the file is.
        role: Role,
    } = "tuf-hash-mismatch", "the hash of the {role} is not the signed one";
    /// A hash of the file is of an algorithm that is not known.
    HashUnknown {
        /// What the file is.
        role: Role,
    } = "tuf-hash-unknown", "a signed hash of the {role} is of an unknown algorithm";
    /// The metadata is not strict JSON, or contains a number that is not whole.
    Json {
        /// Whose metadata it is.
        role: Role,
    } = "tuf-json-invalid", "the {role} metadata is not strict JSON without fractions";
    /// The length of the file is not the one that was signed.
    Length {
        /// What the file is.
        role: Role,
        /// The length that was signed.
        expected: u64,
        /// Its length.
        found: u64,
    } = "tuf-length-mismatch", "the {role} has {found} bytes in place of {expected}";
    /// The mirror does not have the file.
    NotFound {
        /// What the file is.
        role: Role,
    } = "tuf-not-found", "the mirror does not have the {role}";
    /// The role is delegated to, but the snapshot does not list it (section 5.6.2).
    NotInSnapshot {
        /// Which kind of role it is.
        role: Role,
    } = "tuf-not-in-snapshot", "the snapshot does not list the {role} metadata";
    /// No file is wanted, or one is.
    Order = "tuf-order", "an answer without a question, or a result before the last answer";
    /// A version is lower than one that was verified before (section 5.4.3 or 5.5.5).
    Rollback {
        /// Whose version it is.
        role: Role,
        /// The version that was verified before.
        trusted: u64,
        /// The version now.
        found: u64,
    } = "tuf-rollback", "the {role} metadata has version {found}, and had {trusted} before";
    /// The metadata follows another major version of the standard.
    SpecVersion {
        /// Whose metadata it is.
        role: Role,
    } = "tuf-spec-version", "the {role} metadata follows another version of TUF than 1";
    /// The path of the target has a segment that is empty, `.` or `..`.
    TargetPath = "tuf-target-path", "the path of the target has a segment that is empty, `.` or `..`";
    /// No role that is responsible for the target knows it.
    TargetUnknown = "tuf-target-unknown", "no role that is responsible for the target lists it";
    /// Fewer keys have signed than must.
    Threshold {
        /// Whose metadata it is.
        role: Role,
        /// How many keys must have signed.
        threshold: u64,
        /// How many have.
        valid: u64,
    } = "tuf-threshold", "the {role} metadata is signed by {valid} of its keys; {threshold} must have signed";
    /// The file is longer than it may be.
    TooLong {
        /// What the file is.
        role: Role,
        /// How many bytes it may have.
        limit: u64,
    } = "tuf-too-long", "the {role} is longer than {limit} bytes";
    /// All files together are longer than they may be.
    TotalTooLong {
        /// The limit, see [`Limits::total_bytes`](crate::Limits::total_bytes).
        limit: u64,
    } = "tuf-total-too-long", "all files together are longer than {limit} bytes";
    /// The metadata is of another role.
    Type {
        /// Whose metadata was wanted.
        role: Role,
    } = "tuf-type-mismatch", "the file in place of the {role} metadata is of another role";
    /// A role that the last snapshot lists is missing from this one (section 5.5.5).
    Vanished = "tuf-role-vanished", "the snapshot no longer lists a role that it listed before";
    /// The version is not the one that was wanted.
    Version {
        /// Whose metadata it is.
        role: Role,
        /// The version that was wanted.
        expected: u64,
        /// The version that it has.
        found: u64,
    } = "tuf-version-mismatch", "the {role} metadata has version {found} in place of {expected}";
}
