//! What is in a trust root.

use alloc::{string::String, vec::Vec};

use serde::Serialize;

use crate::{
    time::{UnixTime, Window},
    trust::{self, Authority, Log, TrustRoot},
};

/// Where a trust root comes from, and what is in it. All strings but those on its origin are the
/// file's: escape them where they are shown.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct TrustRootReport {
    /// The name of a bundled root; `None` for the caller's own.
    pub name: Option<&'static str>,
    /// The package that a bundled root was taken from.
    pub source: Option<&'static str>,
    /// The day on which a bundled root was taken, in RFC 3339.
    pub date: Option<&'static str>,
    /// SHA-256 of the file.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub sha256: [u8; 32],
    /// The authorities that certify identities.
    pub certificate_authorities: Vec<AuthorityReport>,
    /// The authorities that certify times.
    pub timestamp_authorities: Vec<AuthorityReport>,
    /// The transparency logs.
    pub logs: Vec<LogReport>,
    /// The logs of certificates.
    pub certificate_logs: Vec<LogReport>,
    /// What was skipped: its key is of an unknown kind.
    pub ignored: Vec<IgnoredReport>,
}

/// An authority, and the time for which it counts.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct AuthorityReport {
    /// Its address.
    pub uri: String,
    /// The subject of its first certificate.
    pub subject: String,
    /// SHA-256 of the DER of each certificate.
    #[serde(serialize_with = "hex_list")]
    pub certificates: Vec<[u8; 32]>,
    /// The time for which it counts.
    #[serde(flatten)]
    pub validity: Validity,
}

/// A log, and the time for which it counts.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct LogReport {
    /// Its address.
    pub uri: String,
    /// Its id.
    #[serde(serialize_with = "crate::hex::serialize")]
    pub id: Vec<u8>,
    /// How it signs, such as `ecdsa-p256-sha256`.
    pub algorithm: &'static str,
    /// The time for which it counts.
    #[serde(flatten)]
    pub validity: Validity,
}

/// The time for which something counts. Both ends are included.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Validity {
    /// The first moment.
    pub valid_from: UnixTime,
    /// The last moment; `None` where it is open.
    pub valid_until: Option<UnixTime>,
}

/// A log or an authority that was skipped.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct IgnoredReport {
    /// The list that it is in: `tlogs`, `ctlogs`, `certificateAuthorities` or
    /// `timestampAuthorities`.
    pub list: &'static str,
    /// Its address.
    pub uri: String,
    /// What is unknown: `PublicKeyDetails`, or an error's code.
    pub reason: String,
}

impl TrustRoot {
    /// Where the root comes from, and what is in it.
    pub fn report(&self) -> TrustRootReport {
        let origin = self.origin();
        TrustRootReport {
            name: origin.name,
            source: origin.source,
            date: origin.date,
            sha256: self.sha256(),
            certificate_authorities: self.authorities().iter().map(authority).collect(),
            timestamp_authorities: self.timestamp_authorities().iter().map(authority).collect(),
            logs: self.logs().iter().map(log).collect(),
            certificate_logs: self.ct_logs().iter().map(log).collect(),
            ignored: self.ignored().iter().map(ignored).collect(),
        }
    }
}

impl TrustRootReport {
    /// The JSON form, on one line.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn authority(authority: &Authority) -> AuthorityReport {
    let first = authority.chain.first();
    AuthorityReport {
        uri: authority.uri.clone(),
        subject: first
            .map(|certificate| certificate.subject())
            .unwrap_or_default(),
        certificates: authority
            .chain
            .iter()
            .map(|certificate| certificate.sha256())
            .collect(),
        validity: validity(&authority.window),
    }
}

fn log(log: &Log) -> LogReport {
    LogReport {
        uri: log.uri.clone(),
        id: log.id.clone(),
        algorithm: log.key.key().algorithm(None),
        validity: validity(&log.window),
    }
}

const fn validity(window: &Window) -> Validity {
    Validity {
        valid_from: window.start,
        valid_until: window.end,
    }
}

fn ignored(ignored: &trust::Ignored) -> IgnoredReport {
    IgnoredReport {
        list: ignored.list,
        uri: ignored.uri.clone(),
        reason: ignored.reason.clone(),
    }
}

fn hex_list<S: serde::Serializer>(digests: &[[u8; 32]], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(digests.iter().map(Hex::of))
}

/// A digest that serialises as lower-case hex.
#[derive(Serialize)]
struct Hex<'d>(#[serde(serialize_with = "crate::hex::serialize")] &'d [u8; 32]);

impl<'d> Hex<'d> {
    const fn of(digest: &'d [u8; 32]) -> Self {
        Self(digest)
    }
}
