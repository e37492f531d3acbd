//! A trust root in JSON, to be shown.

use alloc::{
    string::{String, ToString},
    vec::Vec,
};

use modelseal_hash::Hex;
use serde::Serialize;

use super::{Authority, Ignored, Log, TrustRoot};
use crate::time::Window;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct RootAnswer<'r> {
    name: Option<&'static str>,
    source: Option<&'static str>,
    date: Option<&'static str>,
    sha256: String,
    certificate_authorities: Vec<AuthorityAnswer<'r>>,
    timestamp_authorities: Vec<AuthorityAnswer<'r>>,
    logs: Vec<LogAnswer<'r>>,
    certificate_logs: Vec<LogAnswer<'r>>,
    ignored: Vec<IgnoredAnswer<'r>>,
}

#[derive(Serialize)]
struct AuthorityAnswer<'r> {
    uri: &'r str,
    subject: String,
    certificates: Vec<String>,
    #[serde(flatten)]
    window: WindowAnswer,
}

#[derive(Serialize)]
struct LogAnswer<'r> {
    uri: &'r str,
    id: String,
    algorithm: &'static str,
    #[serde(flatten)]
    window: WindowAnswer,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WindowAnswer {
    valid_from: String,
    valid_until: Option<String>,
}

#[derive(Serialize)]
struct IgnoredAnswer<'r> {
    list: &'static str,
    uri: &'r str,
    reason: &'r str,
}

impl TrustRoot {
    /// The root's origin, date and SHA-256, its authorities and logs with the time for which each
    /// counts, and what was left out. Certificates are named by the SHA-256 of their DER.
    pub fn to_json(&self) -> String {
        let root = &self.0;
        let answer = RootAnswer {
            name: root.origin.name,
            source: root.origin.source,
            date: root.origin.date,
            sha256: Hex(&root.sha256).to_string(),
            certificate_authorities: root.authorities.iter().map(authority).collect(),
            timestamp_authorities: root.timestamp_authorities.iter().map(authority).collect(),
            logs: root.logs.iter().map(log).collect(),
            certificate_logs: root.ct_logs.iter().map(log).collect(),
            ignored: root.ignored.iter().map(ignored).collect(),
        };
        serde_json::to_string(&answer).unwrap_or_default()
    }

    /// The day on which a bundled root was taken, in RFC 3339.
    pub(crate) fn date(&self) -> Option<&'static str> {
        self.0.origin.date
    }
}

fn authority(authority: &Authority) -> AuthorityAnswer<'_> {
    let certificates = authority.chain.iter();
    AuthorityAnswer {
        uri: &authority.uri,
        subject: authority
            .chain
            .first()
            .map(|certificate| certificate.subject())
            .unwrap_or_default(),
        certificates: certificates
            .map(|certificate| Hex(&certificate.sha256()).to_string())
            .collect(),
        window: window(&authority.window),
    }
}

fn log(log: &Log) -> LogAnswer<'_> {
    LogAnswer {
        uri: &log.uri,
        id: Hex(&log.id).to_string(),
        algorithm: log.key.key().algorithm_by_curve(),
        window: window(&log.window),
    }
}

fn window(window: &Window) -> WindowAnswer {
    WindowAnswer {
        valid_from: window.start.to_string(),
        valid_until: window.end.map(|end| end.to_string()),
    }
}

fn ignored(ignored: &Ignored) -> IgnoredAnswer<'_> {
    IgnoredAnswer {
        list: ignored.list,
        uri: &ignored.uri,
        reason: &ignored.reason,
    }
}
