//! Target files (sections 4.5 and 5.7).

use modelseal_forge_tuf::{TARGET, hex, sha256};

use super::Row;

fn path(content: &[u8]) -> String {
    format!("targets/{}.{TARGET}", hex(&sha256(content)))
}

pub(super) const ROWS: &[Row] = &[
    (
        "target-unknown",
        "5.6.7: some role lists the target",
        "tuf-target-unknown",
        |world, broken| {
            world.target = Some(if broken { "none" } else { TARGET }.to_owned());
        },
    ),
    (
        "target-missing",
        "5.7.3: the mirror has the target",
        "tuf-not-found",
        |world, broken| {
            if broken {
                world.remove(&path(b"the file"));
            }
        },
    ),
    (
        "target-changed",
        "5.7.3: the target has the signed hash",
        "tuf-hash-mismatch",
        |world, broken| {
            if broken {
                world.edit(&path(b"the file"), |_| b"the FILE".to_vec());
            }
        },
    ),
    (
        "target-short",
        "5.7.3: the target has the signed length",
        "tuf-length-mismatch",
        |world, broken| {
            if broken {
                world.edit(&path(b"the file"), |_| b"the fil".to_vec());
            }
        },
    ),
    (
        "target-long",
        "5.7.3: no more than the signed length is fetched",
        "tuf-too-long",
        |world, broken| {
            if broken {
                world.edit(&path(b"the file"), |_| b"the file!".to_vec());
            }
        },
    ),
    (
        "target-second-hash",
        "4.5: every signed hash is checked",
        "tuf-hash-mismatch",
        |world, broken| {
            use sha2::{Digest as _, Sha512};
            let content: &[u8] = if broken { b"another" } else { b"the file" };
            let hash = hex(&Sha512::digest(content));
            world.repository.targets.signed["targets"][TARGET]["hashes"]["sha512"] = hash.into();
        },
    ),
    (
        "target-hash-unknown",
        "4.5: every signed hash is checked",
        "tuf-hash-unknown",
        |world, broken| {
            let hashes = &mut world.repository.targets.signed["targets"][TARGET]["hashes"];
            if broken {
                hashes["unknown"] = "00".into();
            }
        },
    ),
    (
        "target-hash-not-hex",
        "4.5: a hash is hex",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                world.repository.targets.signed["targets"][TARGET]["hashes"]["sha256"] = "x".into();
            }
        },
    ),
    (
        "target-without-hash",
        "4.5: a target has hashes",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                let target = &mut world.repository.targets.signed["targets"][TARGET];
                target.as_object_mut().unwrap().remove("hashes");
            }
        },
    ),
    (
        "target-without-length",
        "4.5: a target has a length",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                let target = &mut world.repository.targets.signed["targets"][TARGET];
                target.as_object_mut().unwrap().remove("length");
            }
        },
    ),
    (
        "targets-missing-member",
        "4.5: targets is there",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                let signed = world.repository.targets.signed.as_object_mut().unwrap();
                signed.remove("targets");
            }
        },
    ),
    (
        "target-outside",
        "a target's path stays below its address",
        "tuf-target-path",
        |world, broken| {
            let path = if broken { "x/../file" } else { "x/y/file" };
            world.repository.add_target("targets", path, b"elsewhere");
            world.target = Some(path.to_owned());
        },
    ),
    (
        "target-plain-name",
        "5.7.3: without consistent snapshots a target has its plain name",
        "tuf-not-found",
        |world, broken| {
            world.repository.root().signed["consistent_snapshot"] = false.into();
            if broken {
                world.edits.push(Box::new(|mirror| {
                    let file = mirror.files.remove("targets/file").unwrap();
                    mirror.files.insert(path(b"the file"), file);
                }));
            }
        },
    ),
];
