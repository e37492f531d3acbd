//! What is different between two trust roots: logs and authorities.

use std::collections::BTreeMap;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// The lists of a trust root (protobuf-specs, `TrustedRoot`).
const LISTS: [&str; 4] = [
    "certificateAuthorities",
    "ctlogs",
    "timestampAuthorities",
    "tlogs",
];

/// One line for each log or authority that was added (`+`), removed (`-`) or changed (`~`).
pub(super) fn lines(old: &Value, new: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    for list in LISTS {
        let (old, new) = (entries(&old[list]), entries(&new[list]));
        for (key, entry) in &old {
            match new.get(key) {
                None => lines.push(format!("  - {list}: {}", described(entry))),
                Some(now) if now != entry => lines.push(format!(
                    "  ~ {list}: {}, before {}",
                    described(now),
                    described(entry)
                )),
                Some(_) => {}
            }
        }
        let added = new.iter().filter(|(key, _)| !old.contains_key(*key));
        lines.extend(added.map(|(_, entry)| format!("  + {list}: {}", described(entry))));
    }
    lines
}

/// The entries of a list, by what makes each the one that it is: a key, or a chain.
fn entries(list: &Value) -> BTreeMap<String, &Value> {
    let entries = list.as_array().into_iter().flatten();
    entries.map(|entry| (key(entry), entry)).collect()
}

fn key(entry: &Value) -> String {
    let log = entry["publicKey"]["rawBytes"].as_str();
    match log {
        Some(key) => key.to_owned(),
        None => entry["certChain"]["certificates"].to_string(),
    }
}

/// Address, the first digits of the SHA-256 of its key or chain, and validity.
fn described(entry: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let (uri, window) = match entry["baseUrl"].is_string() {
        true => (&entry["baseUrl"], &entry["publicKey"]["validFor"]),
        false => (&entry["uri"], &entry["validFor"]),
    };
    let digest = super::hex(&Sha256::digest(key(entry)));
    let end = match &window["end"] {
        Value::Null => String::new(),
        end => format!(" to {}", text(end)),
    };
    let (uri, start) = (text(uri), text(&window["start"]));
    format!("{uri} ({}), valid from {start}{end}", &digest[..12])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn log(url: &str, key: &str, window: Value) -> Value {
        json!({ "baseUrl": url, "publicKey": { "rawBytes": key, "validFor": window } })
    }

    #[test]
    fn what_came_went_and_changed_is_named() {
        let start = json!({ "start": "2021" });
        let ended = json!({ "start": "2021", "end": "2022" });
        let old = json!({
            "tlogs": [log("https://a", "AA", start.clone()), log("https://b", "BB", start.clone())],
            "timestampAuthorities": [
                { "uri": "https://t", "certChain": { "certificates": [1] }, "validFor": start.clone() },
            ],
        });
        let new = json!({
            "tlogs": [log("https://b", "BB", ended), log("https://c", "CC", start)],
            "timestampAuthorities": old["timestampAuthorities"].clone(),
        });
        assert_eq!(
            lines(&old, &new),
            [
                "  - tlogs: https://a (58bb119c3551), valid from 2021",
                "  ~ tlogs: https://b (fc686c314491), valid from 2021 to 2022, \
                 before https://b (fc686c314491), valid from 2021",
                "  + tlogs: https://c (a56362a10c81), valid from 2021",
            ]
        );
        assert_eq!(lines(&old, &old), [""; 0]);
        // Another order is not a difference.
        let mut turned = old.clone();
        turned["tlogs"].as_array_mut().unwrap().reverse();
        assert_eq!(lines(&old, &turned), [""; 0]);
    }
}
