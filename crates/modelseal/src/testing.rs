//! What the unit tests share: where public vectors are, and the lists of known exceptions.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::PathBuf,
    println,
    string::{String, ToString},
    vec::Vec,
};

use serde_json::Value;

/// A file of the vectors: below `MODELSEAL_VECTORS`, or else beside the checkout. Where there are
/// none the test `name` says that it is skipped.
pub(crate) fn vector(name: &str, path: &str) -> Option<String> {
    let directory = env::var_os("MODELSEAL_VECTORS")
        .map_or_else(|| root().join("../shared/vectors"), PathBuf::from);
    if !directory.is_dir() {
        println!("{name}: skipped, there are no vectors");
        return None;
    }
    Some(fs::read_to_string(directory.join(path)).unwrap())
}

/// A JSON object.
pub(crate) fn object(json: &str) -> BTreeMap<String, Value> {
    serde_json::from_str(json).unwrap()
}

/// The cases of a public suite in which we differ from it, each with its reason.
///
/// The list is closed: a difference that is not in it fails, and so does an entry without one.
pub(crate) struct Exceptions {
    entries: BTreeMap<String, Value>,
    used: BTreeSet<String>,
    faults: Vec<String>,
}

impl Exceptions {
    pub(crate) fn read(json: &str) -> Self {
        Self {
            entries: object(json),
            used: BTreeSet::new(),
            faults: Vec::new(),
        }
    }

    /// Compares a case's outcome with the suite's.
    pub(crate) fn compare(&mut self, id: &str, expected: &str, actual: &str) {
        let Some(entry) = self.entries.get(id) else {
            if expected != actual {
                self.fault(id, &std::format!("{expected} expected, was {actual}"));
            }
            return;
        };
        let says = |field: &str| entry.get(field).and_then(Value::as_str).unwrap_or("");
        let reason = says("reason").len() > 20;
        if expected == actual {
            self.fault(
                id,
                &std::format!("is an exception, but was {actual} as expected"),
            );
        } else if says("expected") != expected || says("actual") != actual || !reason {
            self.fault(
                id,
                &std::format!("the exception does not say {expected}, {actual}, why"),
            );
        }
        self.used.insert(id.to_string());
    }

    pub(crate) fn fault(&mut self, id: &str, what: &str) {
        self.faults.push(std::format!("{id}: {what}"));
    }

    /// Fails on every fault and every entry that was not needed; else the number of entries.
    pub(crate) fn finish(mut self) -> usize {
        for id in self.entries.keys().filter(|id| !self.used.contains(*id)) {
            self.faults.push(std::format!("{id}: no such case"));
        }
        assert!(self.faults.is_empty(), "{}", self.faults.join("\n"));
        self.entries.len()
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The octets of a string in hex.
pub(crate) fn unhex(hex: &str) -> Vec<u8> {
    let pair = |start| u8::from_str_radix(&hex[start..start + 2], 16).unwrap();
    (0..hex.len()).step_by(2).map(pair).collect()
}
