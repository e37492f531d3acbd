//! The answers about signature and publisher, which verdicts over models and artifacts share.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Certificate, page::Page};

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "status")]
pub enum Signature {
    Invalid { error: ErrorAnswer },
    Valid(Valid),
}

#[derive(Debug, Deserialize)]
pub struct ErrorAnswer {
    pub code: String,
    stage: String,
    pub message: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Valid {
    method: String,
    algorithm: String,
    key: String,
    chain: Vec<Certificate>,
    identity: Option<Identity>,
    log_entries: Vec<LogEntry>,
    verified_times: Vec<Time>,
}

/// Whom a keyless certificate is for.
#[derive(Debug, Deserialize)]
pub struct Identity {
    issuer: String,
    identity: String,
    fields: BTreeMap<String, String>,
}

#[derive(Debug, Deserialize)]
struct LogEntry {
    log: String,
    index: u64,
    kind: String,
    version: String,
    inclusion: String,
}

#[derive(Debug, Deserialize)]
struct Time {
    at: String,
    source: String,
    authority: String,
}

#[derive(Debug, Deserialize)]
pub struct Publisher {
    status: String,
    name: Option<String>,
    issuer: Option<String>,
}

/// What was judged when, and with which trust root.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Frame {
    judged_at: String,
    judged_at_basis: String,
    valid_until: Option<String>,
    trust_root: Option<TrustRoot>,
}

#[derive(Debug, Deserialize)]
struct TrustRoot {
    name: Option<String>,
    date: Option<String>,
    sha256: String,
}

impl Publisher {
    /// Is the signature right, but somebody else's?
    pub fn is_unexpected(&self) -> bool {
        self.status == "unexpected"
    }

    /// Does nobody know whether it is whom they expect?
    pub fn is_unchecked(&self) -> bool {
        self.status == "unchecked"
    }

    fn basis(&self) -> &'static str {
        match self.status.as_str() {
            "expected" => "as you expect",
            "unchecked" => "unchecked",
            _ => "not expected",
        }
    }

    /// The signer in a few words.
    pub fn signer(&self, signature: &Signature) -> String {
        match (&self.name, &self.issuer, signature) {
            (Some(name), Some(issuer), _) => format!("{name} (for whom {issuer} vouches)"),
            (Some(name), None, _) => name.clone(),
            (None, _, Signature::Valid(Valid { key, .. })) => {
                format!("the key {}…", key.get(..23).unwrap_or(key))
            }
            (None, _, Signature::Invalid { .. }) => "nobody".to_owned(),
        }
    }
}

impl ErrorAnswer {
    /// Where it went wrong.
    pub fn show(&self, page: &mut Page, reasons: &[&str]) {
        page.row("refused at", format!("the stage `{}`", self.stage));
        if reasons != [self.code.as_str()] {
            page.row("code", &self.code);
        }
    }
}

impl Valid {
    pub fn show(&self, page: &mut Page, publisher: &Publisher) {
        page.row(
            "signature",
            format!("valid ({}, {})", self.method, self.algorithm),
        );
        match (&self.identity, self.chain.first()) {
            (Some(identity), leaf) => identity.show(page, publisher, leaf),
            (None, Some(leaf)) => {
                let text = format!("{}, {}", leaf.describe(), publisher.basis());
                page.row("signer", text);
            }
            (None, None) => {
                page.row(
                    "signer",
                    format!("the key {}, {}", self.key, publisher.basis()),
                );
            }
        }
        for certificate in self.chain.iter().skip(1) {
            page.row("issued by", certificate.describe());
        }
        page.list("logged", &self.log_entries, |it| {
            format!(
                "{}, entry {} ({} {}), inclusion {}",
                it.log, it.index, it.kind, it.version, it.inclusion
            )
        });
        page.list("signed at", &self.verified_times, |it| {
            let who = if it.source == "log" {
                "the log"
            } else {
                "the timestamp authority"
            };
            format!("{}, says {who} {}", it.at, it.authority)
        });
    }
}

impl Identity {
    fn show(&self, page: &mut Page, publisher: &Publisher, leaf: Option<&Certificate>) {
        page.row(
            "signer",
            format!("{}, {}", self.identity, publisher.basis()),
        );
        page.row("vouched for", format!("by {}", self.issuer));
        let field = |name: &str| self.fields.get(name).map(String::as_str);
        if let Some(source) = field("sourceRepositoryUri") {
            let mut text = source.to_owned();
            for (name, before) in [
                ("sourceRepositoryRef", " at "),
                ("sourceRepositoryDigest", ", commit "),
                ("buildTrigger", ", started by "),
            ] {
                if let Some(value) = field(name) {
                    text.push_str(before);
                    text.push_str(value);
                }
            }
            page.row("source", text);
        }
        if let Some(leaf) = leaf {
            let text = format!(
                "sha256:{}, valid {} to {}",
                leaf.sha256, leaf.not_before, leaf.not_after
            );
            page.row("certificate", text);
        }
    }
}

impl Frame {
    pub fn show(&self, page: &mut Page) {
        if let Some(root) = &self.trust_root {
            let sha256 = &root.sha256;
            let text = match (&root.name, &root.date) {
                (Some(name), Some(date)) => format!("{name} of {date}, sha256:{sha256}"),
                _ => format!("your own, sha256:{sha256}"),
            };
            page.row("trust root", text);
        }
        let why = match self.judged_at_basis.as_str() {
            "now" => None,
            "signed-time" => Some("a verified time of signing"),
            _ => Some("the time that you gave"),
        };
        if let Some(why) = why {
            page.row("judged at", format!("{}, {why}", self.judged_at));
        }
        if let Some(until) = &self.valid_until {
            page.row("valid until", until);
        }
    }
}

/// A note of a verdict, as a sentence.
pub fn note(note: &str) -> &str {
    match note {
        "digests-v0.1-form" => "the signature has the form of v0.2.0, without a root digest",
        "key-hint-missing" => "the bundle does not name its key",
        "resources-not-in-order" => "the signed list is not in the order of the standard",
        "trust-root-without-certificate-logs" => {
            "the trust root names no logs of certificates, so no SCT was asked for"
        }
        "trust-root-without-logs" => {
            "the trust root names no transparency logs, so no entry was asked for"
        }
        other => other,
    }
}
