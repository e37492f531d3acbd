//! Limits: what a mirror may send, and what it may ask for.

use modelseal_forge_tuf::Signer;

use super::Row;
use crate::world::World;

/// Lets a file have as many bytes as it has, or one less.
fn tight(world: &mut World, path: &str, broken: bool) -> u64 {
    let mirror = world.mirror();
    mirror.files[path].len() as u64 - u64::from(broken)
}

/// A chain of delegated roles, the last with the target.
fn chain(world: &mut World, length: usize) {
    for index in 0..length {
        let (from, name) = (format!("chain-{index}"), format!("chain-{}", index + 1));
        let from = if index == 0 { "targets" } else { &from };
        world
            .repository
            .delegate(from, &name, &Signer::p256("chain"), &["chain/*"]);
    }
    let last = format!("chain-{length}");
    world
        .repository
        .add_target(&last, "chain/file", b"at the end");
    world.target = Some("chain/file".to_owned());
}

pub(super) const ROWS: &[Row] = &[
    (
        "root-too-long",
        "5.3.3: a root has a limit",
        "tuf-too-long",
        |world, broken| {
            world.repository.rotate(|_| {});
            world.limits.root_bytes = tight(world, "metadata/2.root.json", broken);
        },
    ),
    (
        "timestamp-too-long",
        "5.4.1: a timestamp has a limit",
        "tuf-too-long",
        |world, broken| {
            world.limits.timestamp_bytes = tight(world, "metadata/timestamp.json", broken);
        },
    ),
    (
        "snapshot-limit",
        "5.5.1: a snapshot without a signed length has a limit",
        "tuf-too-long",
        |world, broken| {
            world.limits.snapshot_bytes = tight(world, "metadata/1.snapshot.json", broken);
        },
    ),
    (
        "targets-limit",
        "5.6.1: targets without a signed length have a limit",
        "tuf-too-long",
        |world, broken| {
            world.limits.targets_bytes = tight(world, "metadata/1.targets.json", broken);
        },
    ),
    (
        "target-limit",
        "5.7: a target has a limit",
        "tuf-too-long",
        |world, broken| {
            world.limits.target_bytes = if broken { 7 } else { 8 };
        },
    ),
    (
        "total",
        "all files together have a limit",
        "tuf-total-too-long",
        |world, broken| {
            let run = world.run();
            let mirror = world.mirror();
            let files = run.asked.iter().filter_map(|path| mirror.files.get(path));
            let total: usize = files.map(Vec::len).sum();
            world.limits.total_bytes = total as u64 - u64::from(broken);
        },
    ),
    (
        "delegations",
        "5.6.7.1: the search has a limit",
        "tuf-delegation-limit",
        |world, broken| {
            // `targets` is one of the roles.
            world.limits.delegations = 5;
            chain(world, if broken { 5 } else { 4 });
        },
    ),
    (
        "keys-of-role",
        "a role has at most so many keys",
        "tuf-field-invalid",
        |world, broken| {
            // As many signatures as the limit allows: it is the keys that are too many.
            world.repository.root().signers.truncate(2);
            world.limits.keys = if broken { 2 } else { 3 };
        },
    ),
    (
        "signatures-of-file",
        "a file has at most so many signatures",
        "tuf-field-invalid",
        |world, broken| {
            world.limits.keys = 3;
            for id in 0..(if broken { 3 } else { 2 }) {
                let further = serde_json::json!({ "keyid": format!("{id}"), "sig": "" });
                world.repository.timestamp.further.push(further);
            }
        },
    ),
    (
        "json-values",
        "a file has at most so many values",
        "tuf-json-invalid",
        |world, broken| {
            world.limits.json_values = 200;
            let many = if broken { 300 } else { 100 };
            world.repository.timestamp.signed["custom"] = vec![0; many].into();
        },
    ),
    (
        "json-depth",
        "JSON has at most so many levels",
        "tuf-json-invalid",
        |world, broken| {
            let mut deep = serde_json::json!(0);
            for _ in 0..(if broken { 40 } else { 20 }) {
                deep = serde_json::json!([deep]);
            }
            world.repository.timestamp.signed["custom"] = deep;
        },
    ),
];
