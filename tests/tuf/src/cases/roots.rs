//! The start root, and the chain of roots (sections 5.2 and 5.3).

use modelseal_forge_tuf::{PAST, Signer};

use super::Row;

pub(super) const ROWS: &[Row] = &[
    (
        "start-unsigned",
        "5.2: the start root is signed by its own keys",
        "tuf-threshold",
        |world, broken| {
            let mut start = world.repository.roots[0].clone();
            start.signers.truncate(if broken { 1 } else { 2 });
            world.start = Some(start.bytes());
        },
    ),
    (
        "start-not-root",
        "5.2: the start root is a root",
        "tuf-type-mismatch",
        |world, broken| {
            if broken {
                world.start = Some(world.repository.timestamp.bytes());
            }
        },
    ),
    (
        "root-by-old-keys-alone",
        "5.3.4: a new root is signed by its own keys",
        "tuf-threshold",
        |world, broken| {
            let new = ["new-1", "new-2"].map(Signer::p256);
            world.repository.rotate(|root| {
                for signer in &new {
                    root.signed["keys"][&signer.id] = signer.object.clone();
                }
                root.signed["roles"]["root"]["keyids"] =
                    [&new[0].id, &new[1].id].map(|id| &**id).into();
                if !broken {
                    root.signers.extend(new.clone());
                }
            });
        },
    ),
    (
        "root-by-new-keys-alone",
        "5.3.4: a new root is signed by the keys of the last one",
        "tuf-threshold",
        |world, broken| {
            let new = ["new-1", "new-2"].map(Signer::p256);
            world.repository.rotate(|root| {
                for signer in &new {
                    root.signed["keys"][&signer.id] = signer.object.clone();
                }
                root.signed["roles"]["root"]["keyids"] =
                    [&new[0].id, &new[1].id].map(|id| &**id).into();
                if broken {
                    root.signers = new.to_vec();
                } else {
                    root.signers.extend(new.clone());
                }
            });
        },
    ),
    (
        "root-threshold-of-last",
        "5.3.4: as many keys as the last root says",
        "tuf-threshold",
        |world, broken| {
            world.repository.rotate(|root| {
                root.signed["roles"]["root"]["threshold"] = 1.into();
                root.signers.truncate(if broken { 1 } else { 2 });
            });
        },
    ),
    (
        "root-threshold-of-new",
        "5.3.4: as many keys as the new root says",
        "tuf-threshold",
        |world, broken| {
            world.repository.rotate(|root| {
                root.signed["roles"]["root"]["threshold"] = 3.into();
                root.signers.truncate(if broken { 2 } else { 3 });
            });
        },
    ),
    (
        "root-same-version",
        "5.3.5: each root has the next version",
        "tuf-version-mismatch",
        |world, broken| {
            world.repository.rotate(|root| {
                if broken {
                    root.set_version(1);
                }
            });
        },
    ),
    (
        "root-skips-version",
        "5.3.5: each root has the next version",
        "tuf-version-mismatch",
        |world, broken| {
            world.repository.rotate(|root| {
                if broken {
                    root.set_version(3);
                }
            });
        },
    ),
    (
        "root-skips-generation",
        "5.3.4: the last root is the one before, not an older one",
        "tuf-threshold",
        |world, broken| {
            let new = ["new-1", "new-2"].map(Signer::p256);
            let change = new.clone();
            let ids: serde_json::Value = [&new[0].id, &new[1].id].map(|id| &**id).into();
            world.repository.rotate(move |root| {
                for signer in &change {
                    root.signed["keys"][&signer.id] = signer.object.clone();
                }
                root.signed["roles"]["root"]["keyids"] = ids;
                root.signers.extend(change);
            });
            let old = world.repository.roots[0].clone();
            world.repository.rotate(move |root| {
                root.signers = new.to_vec();
                if broken {
                    root.signed["roles"] = old.signed["roles"].clone();
                    root.signers = old.signers;
                }
            });
        },
    ),
    (
        "last-root-expired",
        "5.3.10: the last root is not expired",
        "tuf-expired",
        |world, broken| {
            // The one between may be.
            world
                .repository
                .rotate(|root| root.signed["expires"] = PAST.into());
            if !broken {
                let future = world.repository.roots[0].signed["expires"].clone();
                world
                    .repository
                    .rotate(|root| root.signed["expires"] = future);
            }
        },
    ),
    (
        "start-expired",
        "5.3.10: the start root is not expired, if it is the last",
        "tuf-expired",
        |world, broken| {
            let future = world.repository.root().signed["expires"].clone();
            world.repository.root().signed["expires"] = PAST.into();
            if !broken {
                world
                    .repository
                    .rotate(|root| root.signed["expires"] = future);
            }
        },
    ),
];
