//! Timestamp, snapshot and targets (sections 5.4 to 5.6): versions, rollback, freeze and recovery.

use modelseal_forge_tuf::Signer;

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "timestamp-rollback",
        "5.4.3.1: the timestamp's version does not fall",
        "tuf-rollback",
        |world, broken| {
            world.repository.timestamp.set_version(5);
            world.first_run();
            world
                .repository
                .timestamp
                .set_version(if broken { 4 } else { 6 });
        },
    ),
    (
        "timestamp-rollback-expired",
        "5.4.3.1: an expired stored timestamp still counts",
        "tuf-rollback",
        |world, broken| {
            world.repository.timestamp.set_version(5);
            world.repository.timestamp.signed["expires"] = "2025-06-02T00:00:00Z".into();
            world.first_run();
            world.now += 7 * 86_400;
            world.repository.timestamp.signed["expires"] = "2030-01-01T00:00:00Z".into();
            world
                .repository
                .timestamp
                .set_version(if broken { 4 } else { 6 });
        },
    ),
    (
        "timestamp-rollback-after-other-rotation",
        "5.3.11: new keys of another role do not allow falling back",
        "tuf-rollback",
        |world, broken| {
            world.repository.timestamp.set_version(5);
            world.first_run();
            world
                .repository
                .rotate_key("targets", &Signer::p256("targets-2"));
            world.repository.targets.set_version(2);
            world.repository.snapshot.set_version(2);
            world
                .repository
                .timestamp
                .set_version(if broken { 4 } else { 6 });
        },
    ),
    (
        "timestamp-recovery",
        "5.3.11: new keys put an end to a timestamp that ran ahead",
        "tuf-rollback",
        |world, broken| {
            world.repository.timestamp.set_version(99_999);
            world.first_run();
            if !broken {
                world
                    .repository
                    .rotate_key("timestamp", &Signer::p256("timestamp-2"));
            }
            world.repository.timestamp.set_version(1);
        },
    ),
    (
        "timestamp-same-version",
        "5.4.3.1: a timestamp of the same version is not taken",
        "tuf-expired",
        |world, broken| {
            world.repository.timestamp.signed["expires"] = "2025-06-02T00:00:00Z".into();
            world.first_run();
            world.now += 7 * 86_400;
            world.repository.timestamp.signed["expires"] = "2030-01-01T00:00:00Z".into();
            if !broken {
                world.repository.timestamp.set_version(2);
            }
        },
    ),
    (
        "snapshot-listed-rollback",
        "5.4.3.2: the listed snapshot's version does not fall",
        "tuf-rollback",
        |world, broken| {
            world.repository.snapshot.set_version(5);
            world.first_run();
            // The stored timestamp alone says which version it was.
            world.state.snapshot = None;
            world.repository.timestamp.set_version(2);
            world
                .repository
                .snapshot
                .set_version(if broken { 4 } else { 5 });
        },
    ),
    (
        "snapshot-rollback-after-timestamp-rotation",
        "5.5.5: new keys of the timestamp do not allow an older snapshot",
        "tuf-rollback",
        |world, broken| {
            world.repository.snapshot.set_version(5);
            world.first_run();
            world
                .repository
                .rotate_key("timestamp", &Signer::p256("timestamp-2"));
            world.repository.timestamp.set_version(1);
            world
                .repository
                .snapshot
                .set_version(if broken { 4 } else { 6 });
        },
    ),
    (
        "snapshot-recovery",
        "5.3.11: new keys of both put an end to a snapshot that ran ahead",
        "tuf-rollback",
        |world, broken| {
            world.repository.snapshot.set_version(99_999);
            world.first_run();
            world
                .repository
                .rotate_key("timestamp", &Signer::p256("timestamp-2"));
            if !broken {
                world
                    .repository
                    .rotate_key("snapshot", &Signer::p256("snapshot-2"));
            }
            world.repository.snapshot.set_version(1);
        },
    ),
    (
        "snapshot-version",
        "5.5.4: the snapshot has the version that the timestamp lists",
        "tuf-version-mismatch",
        |world, broken| {
            world.repository.link();
            world.links = false;
            let listed = if broken { 2 } else { 1 };
            world.repository.timestamp.signed["meta"]["snapshot.json"]["version"] = listed.into();
            if broken {
                world.edits.push(Box::new(|mirror| {
                    let old = mirror.files["metadata/1.snapshot.json"].clone();
                    mirror
                        .files
                        .insert("metadata/2.snapshot.json".to_owned(), old);
                }));
            }
        },
    ),
    (
        "snapshot-length",
        "5.5.2: the snapshot has the signed length",
        "tuf-length-mismatch",
        |world, broken| {
            world.repository.with_hashes = true;
            world.repository.link();
            world.links = false;
            let listed = &mut world.repository.timestamp.signed["meta"]["snapshot.json"]["length"];
            *listed = (listed.as_u64().unwrap() + u64::from(broken)).into();
        },
    ),
    (
        "snapshot-too-long",
        "5.5.1: no more than the signed length is fetched",
        "tuf-too-long",
        |world, broken| {
            world.repository.with_hashes = true;
            world.repository.link();
            world.links = false;
            let listed = &mut world.repository.timestamp.signed["meta"]["snapshot.json"]["length"];
            *listed = (listed.as_u64().unwrap() - u64::from(broken)).into();
        },
    ),
    (
        "snapshot-hash",
        "5.5.2: the snapshot has the signed hash",
        "tuf-hash-mismatch",
        |world, broken| {
            world.repository.with_hashes = true;
            world.repository.link();
            world.links = false;
            if broken {
                let listed = &mut world.repository.timestamp.signed["meta"]["snapshot.json"];
                listed["hashes"]["sha256"] = "00".repeat(32).into();
            }
        },
    ),
    (
        "snapshot-hash-unknown",
        "5.5.2: every signed hash is checked",
        "tuf-hash-unknown",
        |world, broken| {
            world.repository.with_hashes = true;
            world.repository.link();
            world.links = false;
            if broken {
                let listed = &mut world.repository.timestamp.signed["meta"]["snapshot.json"];
                listed["hashes"]["md6"] = "00".into();
            }
        },
    ),
    (
        "snapshot-hashes-empty",
        "4.6: hashes are of some algorithm",
        "tuf-field-invalid",
        |world, broken| {
            world.repository.link();
            world.links = false;
            if broken {
                let listed = &mut world.repository.timestamp.signed["meta"]["snapshot.json"];
                listed["hashes"] = serde_json::json!({});
            }
        },
    ),
    (
        "targets-listed-rollback",
        "5.5.5: the listed targets' version does not fall",
        "tuf-rollback",
        |world, broken| {
            world.repository.targets.set_version(5);
            world.first_run();
            world.repository.timestamp.set_version(2);
            world.repository.snapshot.set_version(2);
            world
                .repository
                .targets
                .set_version(if broken { 4 } else { 6 });
        },
    ),
    (
        "targets-recovery",
        "5.3.11: new keys of the snapshot put an end to targets that ran ahead",
        "tuf-rollback",
        |world, broken| {
            world.repository.targets.set_version(99_999);
            world.first_run();
            if !broken {
                world
                    .repository
                    .rotate_key("snapshot", &Signer::p256("snapshot-2"));
            }
            world.repository.timestamp.set_version(2);
            world.repository.snapshot.set_version(2);
            world.repository.targets.set_version(1);
        },
    ),
    (
        "delegated-listed-rollback",
        "5.5.5: a listed delegated version does not fall",
        "tuf-rollback",
        |world, broken| {
            world.repository.role("a").set_version(5);
            world.first_run();
            world.repository.timestamp.set_version(2);
            world.repository.snapshot.set_version(2);
            world
                .repository
                .role("a")
                .set_version(if broken { 4 } else { 6 });
        },
    ),
    (
        "role-vanished",
        "5.5.5: a listed role stays listed",
        "tuf-role-vanished",
        |world, broken| {
            world.first_run();
            world.repository.timestamp.set_version(2);
            world.repository.snapshot.set_version(2);
            if broken {
                world.repository.delegated.clear();
            }
        },
    ),
    (
        "targets-not-listed",
        "4.4: the snapshot lists targets",
        "tuf-not-in-snapshot",
        |world, broken| {
            world.repository.link();
            world.links = false;
            if broken {
                world.repository.snapshot.signed["meta"]
                    .as_object_mut()
                    .unwrap()
                    .remove("targets.json");
            }
        },
    ),
    (
        "timestamp-lists-nothing",
        "4.6: the timestamp lists the snapshot",
        "tuf-field-invalid",
        |world, broken| {
            world.repository.link();
            world.links = false;
            if broken {
                world.repository.timestamp.signed["meta"] = serde_json::json!({});
            }
        },
    ),
    (
        "targets-version",
        "5.6.4: the targets have the version that the snapshot lists",
        "tuf-version-mismatch",
        |world, broken| {
            world.repository.link();
            world.links = false;
            if broken {
                world.repository.snapshot.signed["meta"]["targets.json"]["version"] = 2.into();
                world.edits.push(Box::new(|mirror| {
                    let old = mirror.files["metadata/1.targets.json"].clone();
                    mirror
                        .files
                        .insert("metadata/2.targets.json".to_owned(), old);
                }));
            }
        },
    ),
    (
        "targets-hash",
        "5.6.2: the targets have the signed hash",
        "tuf-hash-mismatch",
        |world, broken| {
            world.repository.with_hashes = true;
            world.repository.link();
            world.links = false;
            if broken {
                let listed = &mut world.repository.snapshot.signed["meta"]["targets.json"];
                listed["hashes"]["sha256"] = "00".repeat(32).into();
                world.repository.link_timestamp();
            }
        },
    ),
    (
        "targets-length",
        "5.6.2: the targets have the signed length",
        "tuf-length-mismatch",
        |world, broken| {
            world.repository.with_hashes = true;
            world.repository.link();
            world.links = false;
            if broken {
                let listed =
                    &mut world.repository.snapshot.signed["meta"]["targets.json"]["length"];
                *listed = (listed.as_u64().unwrap() + 1).into();
                world.repository.link_timestamp();
            }
        },
    ),
    (
        "stored-targets-hash",
        "5.6.2: stored targets have the signed hash, too",
        "tuf-hash-mismatch",
        |world, broken| {
            world.first_run();
            world.repository.with_hashes = true;
            world.repository.timestamp.set_version(2);
            world.repository.snapshot.set_version(2);
            world.repository.link();
            world.links = false;
            if broken {
                let listed = &mut world.repository.snapshot.signed["meta"]["targets.json"];
                listed["hashes"]["sha256"] = "00".repeat(32).into();
                world.repository.link_timestamp();
            }
        },
    ),
    (
        "stored-targets-expired",
        "5.6.5: stored targets that have expired do not count",
        "tuf-expired",
        |world, broken| {
            world.repository.targets.signed["expires"] = "2025-06-02T00:00:00Z".into();
            world.first_run();
            world.now += 7 * 86_400;
            if !broken {
                world.repository.targets.signed["expires"] = "2030-01-01T00:00:00Z".into();
                world.repository.bump();
            }
        },
    ),
    (
        "stored-snapshot-hash",
        "5.5.2: a stored snapshot has the signed hash, too",
        "tuf-hash-mismatch",
        |world, broken| {
            world.first_run();
            world.repository.with_hashes = true;
            world.repository.timestamp.set_version(2);
            world.repository.link_timestamp();
            world.links = false;
            if broken {
                let listed = &mut world.repository.timestamp.signed["meta"]["snapshot.json"];
                listed["hashes"]["sha256"] = "00".repeat(32).into();
            }
        },
    ),
    (
        "stored-snapshot-expired",
        "5.5.6: a stored snapshot that has expired does not count",
        "tuf-expired",
        |world, broken| {
            world.repository.snapshot.signed["expires"] = "2025-06-02T00:00:00Z".into();
            world.first_run();
            world.now += 7 * 86_400;
            if !broken {
                world.repository.snapshot.signed["expires"] = "2030-01-01T00:00:00Z".into();
                world.repository.bump();
            }
        },
    ),
    (
        "stored-targets-by-old-keys",
        "5.6.3: stored targets are signed by the present keys",
        "tuf-threshold",
        |world, broken| {
            world.first_run();
            let old = world.repository.targets.signers.clone();
            world
                .repository
                .rotate_key("targets", &Signer::p256("targets-2"));
            if broken {
                world.repository.targets.signers = old;
            }
        },
    ),
    (
        "consistent-snapshot-type",
        "4.3: consistent_snapshot is true or false",
        "tuf-field-invalid",
        |world, broken| {
            world.repository.rotate(|root| {
                root.signed["consistent_snapshot"] =
                    if broken { "true".into() } else { true.into() };
            });
        },
    ),
    (
        "plain-names",
        "5.5.1: without consistent snapshots names have no version",
        "tuf-not-found",
        |world, broken| {
            world.repository.root().signed["consistent_snapshot"] = false.into();
            if broken {
                world.edits.push(Box::new(|mirror| {
                    let file = mirror.files.remove("metadata/snapshot.json").unwrap();
                    mirror
                        .files
                        .insert("metadata/1.snapshot.json".to_owned(), file);
                }));
            }
        },
    ),
];
