//! Writes each case and each twin as a line of JSON, for another client to run: `oracle/python_tuf.py`.

use modelseal_forge_tuf::Repository;
use modelseal_tuf::{Limits, State};
use modelseal_tuf_tests::{NOW, World, cases, code};
use serde_json::{Map, Value, json};

/// A trust root for the repository to serve: the one of Sigstore's staging.
const TRUST_ROOT: &[u8] = include_bytes!("../../../crates/modelseal/roots/staging.json");

fn main() {
    updates();
    for case in cases() {
        for broken in [true, false] {
            let mut world = World::new();
            (case.build)(&mut world, broken);
            let files: Map<String, Value> = world
                .mirror()
                .files
                .into_iter()
                .map(|(path, bytes)| (path, text(bytes)))
                .collect();
            let start = world.start.clone();
            let start = start.unwrap_or_else(|| world.repository.roots[0].bytes());
            let ours = code(&world.run().result);
            let limits = world.limits != Limits::default();
            let line = json!({
                "name": case.name,
                "rule": case.rule,
                "broken": broken,
                "ours": ours,
                "start": text(start),
                "state": state(&world.state),
                "files": files,
                "now": world.now,
                "target": world.target,
                "limits": limits,
            });
            println!("{line}");
        }
    }
}

/// A repository with a trust root, and what it serves later: for a client that refreshes twice.
fn updates() {
    let mut repository = Repository::new();
    repository.add_target("targets", "trusted_root.json", TRUST_ROOT);
    repository.targets.set_version(20);
    repository.link();
    let start = repository.roots[0].bytes();
    for name in ["update 1", "update 2"] {
        let files = repository.publish().files.into_iter();
        let files: Map<String, Value> = files.map(|(path, bytes)| (path, text(bytes))).collect();
        let line = json!({
            "name": name,
            "start": text(start.clone()),
            "files": files,
            "now": NOW,
        });
        println!("{line}");
        repository.bump();
    }
}

fn text(bytes: Vec<u8>) -> Value {
    String::from_utf8(bytes).expect("it is text").into()
}

fn state(state: &State) -> Value {
    let optional = |bytes: &Option<Vec<u8>>| bytes.clone().map_or(Value::Null, text);
    let mut files = Map::new();
    files.insert("timestamp".to_owned(), optional(&state.timestamp));
    files.insert("snapshot".to_owned(), optional(&state.snapshot));
    files.insert("targets".to_owned(), optional(&state.targets));
    for (name, bytes) in &state.delegated {
        files.insert(name.clone(), text(bytes.clone()));
    }
    let roots: Vec<Value> = state.roots.iter().cloned().map(text).collect();
    json!({ "roots": roots, "files": files })
}
