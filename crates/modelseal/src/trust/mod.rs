//! Trust roots: the authorities and logs of a Sigstore instance (protobuf-specs,
//! `sigstore_trustroot.proto`).

mod log;

mod authority;

mod bundled;

use alloc::{string::String, sync::Arc, vec::Vec};

use sha2::{Digest as _, Sha256};

pub(crate) use authority::Authority;
pub(crate) use log::Log;

use crate::{
    error::{Error, Stage},
    file_kind::{FileKind, without_mark},
    json::{Document, Fields, TOP_LEVEL, Value, json_lines},
    limits::Limits,
    time::{UnixTime, Window},
};

/// The media types of a `TrustedRoot`.
const TRUSTED_ROOT: [&str; 3] = [
    "application/vnd.dev.sigstore.trustedroot+json;version=0.1",
    "application/vnd.dev.sigstore.trustedroot.v0.1+json",
    "application/vnd.dev.sigstore.trustedroot.v0.2+json",
];

/// The media type of a `ClientTrustConfig`, which has a trusted root inside.
const CLIENT_TRUST_CONFIG: &str = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";

/// Logs are replaced within months: after this time a trust root is worth a refresh. 180 days.
const OLD_SECONDS: u64 = 180 * 86_400;

/// A parsed trust root: certificate authorities, logs and timestamp authorities, each with the time
/// for which it counts. Copies share their inner.
#[derive(Clone, Debug)]
pub struct TrustRoot(Arc<Inner>, Option<Fetched>);

/// When a trust root was fetched, and the TUF root that was trusted then. It decides nothing: verdicts repeat it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Fetched {
    /// When it was fetched.
    pub at: UnixTime,
    /// The version of the TUF root.
    pub root_version: u64,
    /// When the TUF root expires.
    pub root_expires: UnixTime,
}

#[derive(Debug)]
struct Inner {
    origin: Origin,
    sha256: [u8; 32],
    logs: Vec<Log>,
    ct_logs: Vec<Log>,
    authorities: Vec<Authority>,
    timestamp_authorities: Vec<Authority>,
    ignored: Vec<Ignored>,
}

/// Where a trust root comes from.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Origin {
    /// The name of a bundled root; none for the caller's own.
    pub(crate) name: Option<&'static str>,
    /// The package that it was taken from.
    pub(crate) source: Option<&'static str>,
    /// The day on which it was taken, in RFC 3339.
    pub(crate) date: Option<&'static str>,
}

impl Origin {
    /// The caller's own root.
    const CALLER: Self = Self {
        name: None,
        source: None,
        date: None,
    };
}

/// A log or an authority that was skipped: its key is of an unknown kind.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Ignored {
    /// `tlogs`, `ctlogs`, `certificateAuthorities` or `timestampAuthorities`.
    pub(crate) list: &'static str,
    pub(crate) uri: String,
    /// What is not known: `PublicKeyDetails`, or the error's code.
    pub(crate) reason: String,
}

impl TrustRoot {
    /// Reads a `trusted_root.json`, or a `ClientTrustConfig` with one inside. One byte order mark
    /// before it is skipped. A file that ships with modelseal is recognised by its digest, and has its
    /// name.
    ///
    /// A log or an authority whose key is of an unknown kind is skipped, see [`TrustRoot::report`].
    ///
    /// ```
    /// use modelseal::{Error, FileKind, TrustRoot};
    ///
    /// let root = TrustRoot::bundled("production").unwrap();
    /// assert_eq!(root.name(), Some("production"));
    /// let error = TrustRoot::parse(b"").unwrap_err();
    /// assert_eq!(error, Error::TrustRootUnreadable { found: FileKind::Empty });
    /// ```
    ///
    /// # Errors
    /// [`Error::TrustRootUnreadable`] for what is not a trust root at all, [`Error::TrustRootInvalid`]
    /// and [`Error::TrustRootCount`], or what is wrong with its JSON.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        let limits = Limits::DEFAULT;
        if json.len() > limits.bundle_bytes {
            return Err(Error::TrustRootInvalid { field: "its size" });
        }
        let value = parse_json(json, &limits)?;
        let mut root = Fields::of(&value, Document::TrustRoot, TOP_LEVEL)?;
        if root.optional("mediaType").is_none() {
            let found = FileKind::Json;
            return Err(Error::TrustRootUnreadable { found });
        }
        if root.str("mediaType")? == CLIENT_TRUST_CONFIG {
            root = root.fields("trustedRoot")?;
        }
        let media_type = root.str("mediaType")?;
        if media_type.starts_with("application/vnd.dev.sigstore.bundle") {
            let found = FileKind::Bundle;
            return Err(Error::TrustRootUnreadable { found });
        }
        if !TRUSTED_ROOT.contains(&media_type) {
            return Err(Error::TrustRootInvalid { field: "mediaType" });
        }
        let mut ignored = Vec::new();
        let sha256 = Sha256::digest(json).into();
        let mut inner = Inner {
            origin: bundled::origin(&sha256),
            sha256,
            logs: list(root, "tlogs", &mut ignored, Log::read)?,
            ct_logs: list(root, "ctlogs", &mut ignored, Log::read)?,
            authorities: list(
                root,
                "certificateAuthorities",
                &mut ignored,
                Authority::read,
            )?,
            timestamp_authorities: list(
                root,
                "timestampAuthorities",
                &mut ignored,
                Authority::read,
            )?,
            ignored,
        };
        let bundled = inner.origin.name.is_some();
        let authorities = inner.authorities.iter_mut();
        for authority in authorities.chain(&mut inner.timestamp_authorities) {
            authority.bundled = bundled;
        }
        Ok(Self(Arc::new(inner), None))
    }

    /// The bundled root of this name: `production`, and with the feature `all-roots` also `staging`
    /// and `github`. It is read once for the process.
    ///
    /// # Errors
    /// [`Error::TrustRootUnknown`].
    pub fn bundled(name: &str) -> Result<Self, Error> {
        bundled::find(name)
    }

    /// The names that [`TrustRoot::bundled`] knows.
    pub fn bundled_names() -> impl Iterator<Item = &'static str> {
        bundled::names()
    }

    /// The same root, as one that was fetched and verified by TUF. A root that ships stays the bundled one.
    ///
    /// ```
    /// use modelseal::{Fetched, TrustRoot, UnixTime};
    ///
    /// # let root = TrustRoot::bundled("production")?;
    /// let root = root.with_fetched(Fetched {
    ///     at: UnixTime::from_seconds(1_785_000_000),
    ///     root_version: 14,
    ///     root_expires: UnixTime::from_seconds(1_800_000_000),
    /// });
    /// # Ok::<(), modelseal::Error>(())
    /// ```
    #[must_use]
    pub fn with_fetched(self, fetched: Fetched) -> Self {
        Self(self.0, Some(fetched))
    }

    /// Has the TUF root that was trusted when it was fetched expired?
    pub(crate) fn has_expired(&self, now: UnixTime) -> bool {
        self.1.is_some_and(|fetched| fetched.root_expires <= now)
    }

    /// Was it bundled or fetched so long ago that logs may have been replaced? The caller's own has no date.
    pub(crate) fn is_old(&self, now: UnixTime) -> bool {
        let bundled = || UnixTime::from_date(self.0.origin.date?);
        let since = self.1.map(|fetched| fetched.at).or_else(bundled);
        since.is_some_and(|since| now.seconds().saturating_sub(since.seconds()) > OLD_SECONDS)
    }

    /// When it was fetched, if the caller said that it was.
    pub(crate) const fn fetched(&self) -> Option<Fetched> {
        self.1
    }

    /// The name of a bundled root; none for the caller's own.
    pub fn name(&self) -> Option<&'static str> {
        self.0.origin.name
    }

    /// SHA-256 of the file.
    pub fn sha256(&self) -> [u8; 32] {
        self.0.sha256
    }

    /// Where it comes from.
    pub(crate) fn origin(&self) -> Origin {
        self.0.origin
    }

    /// What was skipped.
    pub(crate) fn ignored(&self) -> &[Ignored] {
        &self.0.ignored
    }

    /// The transparency logs.
    pub(crate) fn logs(&self) -> &[Log] {
        &self.0.logs
    }

    /// The logs of certificates.
    pub(crate) fn ct_logs(&self) -> &[Log] {
        &self.0.ct_logs
    }

    /// Does the root name transparency logs, even if they were skipped?
    pub(crate) fn names_logs(&self) -> bool {
        !self.0.logs.is_empty() || self.skips("tlogs")
    }

    /// Does the root name logs of certificates, even if they were skipped?
    pub(crate) fn names_ct_logs(&self) -> bool {
        !self.0.ct_logs.is_empty() || self.skips("ctlogs")
    }

    fn skips(&self, list: &str) -> bool {
        self.0.ignored.iter().any(|ignored| ignored.list == list)
    }

    /// The authorities that certify identities.
    pub(crate) fn authorities(&self) -> &[Authority] {
        &self.0.authorities
    }

    /// The authorities that certify times.
    pub(crate) fn timestamp_authorities(&self) -> &[Authority] {
        &self.0.timestamp_authorities
    }
}

/// Reads the JSON of a trust root; what is not one at all is named for what it is.
fn parse_json<'a>(bytes: &'a [u8], limits: &Limits) -> Result<Value<'a>, Error> {
    let json = without_mark(bytes);
    let unreadable = |found| Error::TrustRootUnreadable { found };
    if json.trim_ascii_start().first() != Some(&b'{') {
        return Err(unreadable(FileKind::of(bytes)));
    }
    Value::parse(json, limits, Stage::Policy).map_err(|error| match json_lines(json, limits) {
        Some(count) => unreadable(FileKind::JsonLines { count }),
        None => error,
    })
}

/// Reads the list `field`. What `read` does not understand is skipped, and noted in `ignored`.
fn list<'v, 'a, T>(
    root: Fields<'v, 'a>,
    field: &'static str,
    ignored: &mut Vec<Ignored>,
    read: impl Fn(Fields<'v, 'a>, &'static str) -> Result<Result<T, Ignored>, Error>,
) -> Result<Vec<T>, Error> {
    let values = root.optional_array(field)?;
    let limit = Limits::DEFAULT.trust_root_entries;
    if values.len() > limit {
        return Err(Error::TrustRootCount { limit });
    }
    let mut entries = Vec::new();
    for value in values {
        match read(Fields::of(value, Document::TrustRoot, field)?, field)? {
            Ok(entry) => entries.push(entry),
            Err(entry) => ignored.push(entry),
        }
    }
    Ok(entries)
}

/// `TimeRange`: without a start nothing says since when a key counts, so the root is unusable.
fn window(fields: Option<Fields<'_, '_>>) -> Result<Window, Error> {
    let missing = Error::TrustRootInvalid {
        field: "validFor.start",
    };
    let fields = fields.ok_or(missing)?;
    let time = |field: &'static str, text: &str| {
        crate::time::UnixTime::from_rfc3339(text).ok_or(Error::TrustRootInvalid { field })
    };
    let start = fields.optional_str("start")?.ok_or(missing)?;
    let end = fields.optional_str("end")?;
    let window = Window {
        start: time("validFor.start", start)?,
        end: end.map(|end| time("validFor.end", end)).transpose()?,
    };
    if window.end.is_some_and(|end| end < window.start) {
        return Err(Error::TrustRootInvalid {
            field: "validFor.end",
        });
    }
    Ok(window)
}
