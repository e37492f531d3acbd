//! Trust roots as text.

use serde::Deserialize;

use super::page::{GOOD, PARTIAL, Page};
use crate::escape;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Root {
    name: Option<String>,
    source: Option<String>,
    date: Option<String>,
    sha256: String,
    certificate_authorities: Vec<Authority>,
    timestamp_authorities: Vec<Authority>,
    logs: Vec<Log>,
    certificate_logs: Vec<Log>,
    ignored: Vec<Ignored>,
}

#[derive(Debug, Deserialize)]
struct Authority {
    uri: String,
    subject: String,
    #[serde(flatten)]
    validity: Validity,
}

#[derive(Debug, Deserialize)]
struct Log {
    uri: String,
    id: String,
    algorithm: String,
    #[serde(flatten)]
    validity: Validity,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Validity {
    valid_from: String,
    valid_until: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Ignored {
    list: String,
    uri: String,
    reason: String,
}

/// Trust roots in their JSON form, for people.
pub fn show(json: &str) -> String {
    let Ok(roots) = serde_json::from_str::<Vec<Root>>(json) else {
        return format!("{}\n", escape::json(json));
    };
    let mut page = Page::default();
    for root in &roots {
        root.show(&mut page);
    }
    page.text
}

impl Root {
    fn show(&self, page: &mut Page) {
        match (&self.name, &self.source, &self.date) {
            (Some(name), Some(source), Some(date)) => {
                page.headline(GOOD, name, &format!("bundled, from {source} on {date}"));
            }
            _ => page.headline(PARTIAL, "YOUR OWN", "not a bundled trust root"),
        }
        page.row("sha256", &self.sha256);
        page.list(
            "identities",
            &self.certificate_authorities,
            Authority::describe,
        );
        page.list("logs", &self.logs, Log::describe);
        page.list("cert. logs", &self.certificate_logs, Log::describe);
        page.list("times", &self.timestamp_authorities, Authority::describe);
        page.list("ignored", &self.ignored, |it| {
            format!(
                "{} {}: {} is not known",
                it.list,
                named(&it.uri, ""),
                it.reason
            )
        });
    }
}

impl Authority {
    fn describe(&self) -> String {
        format!(
            "{}, {}",
            named(&self.uri, &self.subject),
            self.validity.describe()
        )
    }
}

impl Log {
    fn describe(&self) -> String {
        let id = self.id.get(..16).unwrap_or(&self.id);
        format!(
            "{} ({}, id {id}…), {}",
            named(&self.uri, "without an address"),
            self.algorithm,
            self.validity.describe()
        )
    }
}

impl Validity {
    fn describe(&self) -> String {
        match &self.valid_until {
            Some(until) => format!("valid {} to {until}", self.valid_from),
            None => format!("valid from {}", self.valid_from),
        }
    }
}

/// An address, and what stands beside or in place of it.
fn named(uri: &str, other: &str) -> String {
    match (uri, other) {
        ("", other) => other.to_owned(),
        (uri, "") => uri.to_owned(),
        (uri, "without an address") => uri.to_owned(),
        (uri, other) => format!("{uri} ({other})"),
    }
}
