//! Delegations (sections 4.5 and 5.6.7).

use modelseal_forge_tuf::{DELEGATED, Signer, hex, sha256};
use serde_json::json;

use super::Row;
use crate::world::World;

fn wants(world: &mut World, target: &str) {
    world.target = Some(target.to_owned());
}

/// A role with a key of its own that `from` trusts with paths.
fn delegate(world: &mut World, from: &str, name: &str, paths: &[&str]) {
    world
        .repository
        .delegate(from, name, &Signer::p256(name), paths);
}

pub(super) const ROWS: &[Row] = &[
    (
        "path-outside",
        "4.5: a role counts for its paths alone",
        "tuf-target-unknown",
        |world, broken| {
            let path = if broken { "b/file" } else { "a/other" };
            world.repository.add_target("a", path, b"elsewhere");
            wants(world, path);
        },
    ),
    (
        "path-deeper",
        "4.5: * stands for no /",
        "tuf-target-unknown",
        |world, broken| {
            let path = if broken { "a/b/file" } else { "a/b-file" };
            world.repository.add_target("a", path, b"deeper");
            wants(world, path);
        },
    ),
    (
        "path-one-character",
        "4.5: ? stands for one character",
        "tuf-target-unknown",
        |world, broken| {
            delegate(world, "targets", "b", &["b/?.txt"]);
            let path = if broken { "b/10.txt" } else { "b/1.txt" };
            world.repository.add_target("b", path, b"one");
            wants(world, path);
        },
    ),
    (
        "hash-prefix",
        "4.5: path_hash_prefixes",
        "tuf-target-unknown",
        |world, broken| {
            delegate(world, "targets", "b", &[]);
            let path = "hashed/file";
            world.repository.add_target("b", path, b"hashed");
            let mut prefix = hex(&sha256(path.as_bytes()))[..4].to_owned();
            if broken {
                prefix = hex(&sha256(b"another"))[..4].to_owned();
            }
            let role = world.repository.delegation("targets", 1);
            role.as_object_mut().unwrap().remove("paths");
            role["path_hash_prefixes"] = json!([prefix]);
            wants(world, path);
        },
    ),
    (
        "paths-and-prefixes",
        "4.5: paths or path_hash_prefixes, not both",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                world.repository.delegation("targets", 0)["path_hash_prefixes"] = json!(["00"]);
            }
        },
    ),
    (
        "neither-paths-nor-prefixes",
        "4.5: paths or path_hash_prefixes, one of them",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                let role = world.repository.delegation("targets", 0);
                role.as_object_mut().unwrap().remove("paths");
            }
        },
    ),
    (
        "terminating",
        "5.6.7.2: after a terminating role no other is asked",
        "tuf-target-unknown",
        |world, broken| {
            delegate(world, "targets", "b", &["a/*"]);
            world.repository.add_target("b", "a/of-b", b"of b");
            world.repository.delegation("targets", 0)["terminating"] = broken.into();
            wants(world, "a/of-b");
        },
    ),
    (
        "terminating-outside",
        "5.6.7.2: a terminating role ends what it is trusted with",
        "tuf-target-unknown",
        |world, broken| {
            delegate(world, "targets", "b", &["b/*"]);
            world.repository.add_target("b", "b/file", b"of b");
            world.repository.delegation("targets", 0)["terminating"] = true.into();
            let paths = if broken {
                json!(["*/*"])
            } else {
                json!(["a/*"])
            };
            world.repository.delegation("targets", 0)["paths"] = paths;
            wants(world, "b/file");
        },
    ),
    (
        "terminating-below",
        "5.6.7.2: it also ends what stands above it",
        "tuf-target-unknown",
        |world, broken| {
            delegate(world, "a", "c", &["a/*"]);
            delegate(world, "targets", "b", &["a/*"]);
            world.repository.add_target("b", "a/of-b", b"of b");
            world.repository.delegation("a", 0)["terminating"] = broken.into();
            wants(world, "a/of-b");
        },
    ),
    (
        "circle",
        "5.6.7.1: a role is asked once, so that circles end",
        "tuf-target-unknown",
        |world, broken| {
            delegate(world, "a", "b", &["a/*"]);
            let a = Signer::p256("a");
            world.repository.delegate("b", "a", &a, &["a/*"]);
            wants(world, if broken { "a/none" } else { DELEGATED });
        },
    ),
    (
        "delegated-not-listed",
        "5.6.2: the snapshot lists a role that is asked",
        "tuf-not-in-snapshot",
        |world, broken| {
            world.repository.link();
            world.links = false;
            if broken {
                world.repository.snapshot.signed["meta"]
                    .as_object_mut()
                    .unwrap()
                    .remove("a.json");
            }
            wants(world, DELEGATED);
        },
    ),
    (
        "delegated-version",
        "5.6.4: a delegated role has the version that the snapshot lists",
        "tuf-version-mismatch",
        |world, broken| {
            world.repository.link();
            world.links = false;
            if broken {
                world.repository.snapshot.signed["meta"]["a.json"]["version"] = 2.into();
                world.edits.push(Box::new(|mirror| {
                    let old = mirror.files["metadata/1.a.json"].clone();
                    mirror.files.insert("metadata/2.a.json".to_owned(), old);
                }));
            }
            wants(world, DELEGATED);
        },
    ),
    (
        "delegated-hash",
        "5.6.2: a delegated role has the signed hash",
        "tuf-hash-mismatch",
        |world, broken| {
            world.repository.with_hashes = true;
            world.repository.link();
            world.links = false;
            if broken {
                let listed = &mut world.repository.snapshot.signed["meta"]["a.json"];
                listed["hashes"]["sha256"] = "00".repeat(32).into();
                world.repository.link_timestamp();
            }
            wants(world, DELEGATED);
        },
    ),
    (
        "delegated-threshold",
        "5.6.3: as many keys sign as the delegator says",
        "tuf-threshold",
        |world, broken| {
            let two = Signer::p256("a-2");
            let delegations = &mut world.repository.targets.signed["delegations"];
            delegations["keys"][&two.id] = two.object.clone();
            let role = world.repository.delegation("targets", 0);
            role["keyids"]
                .as_array_mut()
                .unwrap()
                .push(two.id.clone().into());
            role["threshold"] = 2.into();
            if !broken {
                world.repository.role("a").signers.push(two);
            }
            wants(world, DELEGATED);
        },
    ),
    (
        "delegated-by-keys-of-top",
        "5.6.3: the delegator's keys count, not the root's",
        "tuf-threshold",
        |world, broken| {
            let signers = world.repository.targets.signers.clone();
            if broken {
                world.repository.role("a").signers = signers;
            }
            wants(world, DELEGATED);
        },
    ),
    (
        "stored-delegated-by-old-keys",
        "5.6.3: a stored role is verified by the present delegator",
        "tuf-threshold",
        |world, broken| {
            wants(world, DELEGATED);
            world.first_run();
            let new = Signer::p256("a-new");
            let delegations = &mut world.repository.targets.signed["delegations"];
            delegations["keys"] = json!({ &new.id: new.object });
            delegations["roles"][0]["keyids"] = json!([new.id]);
            let a = world.repository.role("a").clone();
            if !broken {
                world.repository.role("a").signers = vec![new];
            }
            world.repository.bump();
            world.repository.role("a").set_version(a.version());
        },
    ),
    (
        "second-delegator",
        "5.6.7: a role is asked by the first delegator that trusts it with the target",
        "tuf-threshold",
        |world, broken| {
            // Both `a` and `b` delegate to `c`, with other keys each.
            delegate(world, "targets", "b", &["*/*"]);
            let keys = ["c-by-a", "c-by-b"].map(Signer::p256);
            world.repository.delegate("a", "c", &keys[0], &["a/*"]);
            world.repository.delegate("b", "c", &keys[1], &["*/*"]);
            world.repository.add_target("c", "a/of-c", b"of c");
            if broken {
                world.repository.role("c").signers = vec![keys[1].clone()];
            }
            wants(world, "a/of-c");
        },
    ),
    (
        "name-of-top-role",
        "4.5: no one delegates to a role at the top",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                world.repository.delegation("targets", 0)["name"] = "snapshot".into();
            }
        },
    ),
    (
        "name-empty",
        "4.5: a role has a name",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                world.repository.delegation("targets", 0)["name"] = "".into();
            }
        },
    ),
    (
        "name-twice",
        "4.5: the names of delegated roles are distinct",
        "tuf-field-invalid",
        |world, broken| {
            delegate(world, "targets", "b", &["b/*"]);
            if broken {
                world.repository.delegation("targets", 1)["name"] = "a".into();
            }
        },
    ),
    (
        "delegated-threshold-zero",
        "4.5: a threshold is greater than zero",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                world.repository.delegation("targets", 0)["threshold"] = 0.into();
            }
        },
    ),
    (
        "name-quoted",
        "6.2: a role's name is quoted in its address",
        "tuf-not-found",
        |world, broken| {
            delegate(world, "targets", "../b c", &["b/*"]);
            world.repository.add_target("../b c", "b/file", b"of b");
            if broken {
                world.edits.push(Box::new(|mirror| {
                    let file = mirror.files.remove("metadata/1...%2Fb%20c.json").unwrap();
                    mirror
                        .files
                        .insert("metadata/1.../b c.json".to_owned(), file);
                }));
            }
            wants(world, "b/file");
        },
    ),
    (
        "order",
        "5.6.7: roles are asked in order, depth first",
        "tuf-hash-mismatch",
        |world, broken| {
            // `a` asks `c` before `targets` asks `b`: what `c` lists counts.
            delegate(world, "a", "c", &["a/*"]);
            delegate(world, "targets", "b", &["a/*"]);
            world.repository.add_target("b", "a/both", b"of b");
            world.repository.add_target("c", "a/both", b"of c");
            world
                .repository
                .contents
                .insert("a/both".to_owned(), b"of c".to_vec());
            if broken {
                world.edits.push(Box::new(|mirror| {
                    let path = format!("targets/a/{}.both", hex(&sha256(b"of c")));
                    mirror.files.insert(path, b"of b".to_vec());
                }));
            }
            wants(world, "a/both");
        },
    ),
];
