//! Which logs and authorities come, go or change between two trust roots.

use std::collections::BTreeMap;

use modelseal::report::{TrustRootReport, Validity};

use crate::show::validity;

/// One line for each that was added (`+`), removed (`-`) or changed (`~`).
pub fn lines(old: &TrustRootReport, new: &TrustRootReport) -> Vec<String> {
    let (old, new) = (entries(old), entries(new));
    let mut lines = Vec::new();
    for (key, (name, before)) in &old {
        match new.get(key) {
            None => lines.push(format!("- {name}")),
            Some((_, now)) if now != before => lines.push(format!(
                "~ {name}, {}, before {}",
                validity(*now),
                validity(*before)
            )),
            Some(_) => {}
        }
    }
    for (key, (name, validity)) in &new {
        if !old.contains_key(key) {
            lines.push(format!("+ {name}, {}", self::validity(*validity)));
        }
    }
    lines
}

/// What is in a root, by what makes each the one that it is.
type Entries = BTreeMap<(&'static str, Vec<u8>), (String, Validity)>;

fn entries(root: &TrustRootReport) -> Entries {
    let mut entries = Entries::new();
    let authorities = [
        ("identities", &root.certificate_authorities),
        ("times", &root.timestamp_authorities),
    ];
    for (list, authorities) in authorities {
        for authority in authorities {
            let key = (list, authority.certificates.concat());
            let name = match authority.uri.as_str() {
                "" => format!("{list}: {}", authority.subject),
                uri => format!("{list}: {uri}"),
            };
            entries.insert(key, (name, authority.validity));
        }
    }
    for (list, logs) in [("logs", &root.logs), ("cert. logs", &root.certificate_logs)] {
        for log in logs {
            let name = format!("{list}: {}", log.uri);
            entries.insert((list, log.id.clone()), (name, log.validity));
        }
    }
    entries
}
