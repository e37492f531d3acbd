//! Trust roots.

use modelseal::report::{AuthorityReport, IgnoredReport, LogReport, TrustRootReport, Validity};

use super::{
    page::{GOOD, PARTIAL, Page},
    signature::hex,
};

/// The page of trust roots.
pub fn show(roots: &[TrustRootReport]) -> String {
    let mut page = Page::default();
    for root in roots {
        show_root(&mut page, root);
    }
    page.text
}

fn show_root(page: &mut Page, root: &TrustRootReport) {
    match (root.name, root.source, root.date) {
        (Some(name), Some(source), Some(date)) => {
            page.headline(GOOD, name, &format!("bundled, from {source} on {date}"));
        }
        _ => page.headline(PARTIAL, "YOUR OWN", "not a bundled trust root"),
    }
    page.row("sha256", hex(&root.sha256));
    page.list("identities", &root.certificate_authorities, authority);
    page.list("logs", &root.logs, log);
    page.list("cert. logs", &root.certificate_logs, log);
    page.list("times", &root.timestamp_authorities, authority);
    page.list("ignored", &root.ignored, ignored);
}

fn authority(authority: &AuthorityReport) -> String {
    let AuthorityReport { uri, subject, .. } = authority;
    let name = match (uri.as_str(), subject.as_str()) {
        ("", subject) => subject.to_owned(),
        (uri, "") => uri.to_owned(),
        (uri, subject) => format!("{uri} ({subject})"),
    };
    format!("{name}, {}", validity(authority.validity))
}

fn log(log: &LogReport) -> String {
    let id = hex(&log.id);
    let id = id.get(..16).unwrap_or(&id);
    let uri = match log.uri.as_str() {
        "" => "without an address",
        uri => uri,
    };
    let algorithm = log.algorithm;
    format!("{uri} ({algorithm}, id {id}…), {}", validity(log.validity))
}

/// The time for which something counts.
pub fn validity(validity: Validity) -> String {
    match validity.valid_until {
        Some(until) => format!("valid {} to {until}", validity.valid_from),
        None => format!("valid from {}", validity.valid_from),
    }
}

fn ignored(ignored: &IgnoredReport) -> String {
    let IgnoredReport {
        list, uri, reason, ..
    } = ignored;
    format!("{list} {uri}: {reason} is not known")
}
