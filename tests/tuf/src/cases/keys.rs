//! Keys, their ids, and thresholds (sections 4.2 and 4.3).

use modelseal_forge_tuf::{Document, Signer};
use serde_json::{Value, json};

use super::Row;
use crate::world::World;

/// Gives the timestamp these keys, and signs it with them.
fn timestamp_keys(world: &mut World, signers: &[Signer], threshold: u64) {
    let root = world.repository.root();
    for signer in signers {
        root.signed["keys"][&signer.id] = signer.object.clone();
    }
    let ids: Vec<&str> = signers.iter().map(|signer| &*signer.id).collect();
    root.signed["roles"]["timestamp"] = json!({ "keyids": ids, "threshold": threshold });
    world.repository.timestamp.signers = signers.to_vec();
}

/// One key of a kind; the case breaks its signature.
fn kind(world: &mut World, signer: &Signer, broken: bool) {
    timestamp_keys(world, std::slice::from_ref(signer), 1);
    if broken {
        world.repository.link();
        world.links = false;
        let mut other: Document = world.repository.timestamp.clone();
        other.set_version(2);
        let signature = other.signatures().remove(0);
        world.repository.timestamp.signers.clear();
        world.repository.timestamp.further = vec![signature];
    }
}

/// One key with a changed object.
fn changed(world: &mut World, signer: &Signer, change: impl FnOnce(&mut Value)) {
    timestamp_keys(world, &[signer.with(change)], 1);
}

pub(super) const ROWS: &[Row] = &[
    (
        "p256",
        "4.2: ecdsa-sha2-nistp256",
        "tuf-threshold",
        |world, broken| {
            kind(world, &Signer::p256("one"), broken);
        },
    ),
    (
        "p384",
        "4.2: ecdsa-sha2-nistp384",
        "tuf-threshold",
        |world, broken| {
            kind(world, &Signer::p384("one"), broken);
        },
    ),
    (
        "ed25519",
        "4.2: ed25519",
        "tuf-threshold",
        |world, broken| {
            kind(world, &Signer::ed25519("one"), broken);
        },
    ),
    (
        "rsa",
        "4.2: rsassa-pss-sha256",
        "tuf-threshold",
        |world, broken| {
            kind(world, &Signer::rsa(), broken);
        },
    ),
    (
        "rsa-too-short",
        "RSA has at least 2048 bits",
        "tuf-threshold",
        |world, broken| {
            let signer = if broken {
                Signer::rsa_1024()
            } else {
                Signer::rsa()
            };
            timestamp_keys(world, &[signer], 1);
        },
    ),
    (
        "scheme-unknown",
        "4.2: a scheme is known",
        "tuf-threshold",
        |world, broken| {
            changed(world, &Signer::p256("one"), |key| {
                if broken {
                    key["scheme"] = "ecdsa-sha2-nistp257".into();
                }
            });
        },
    ),
    (
        "keytype-unknown",
        "4.2: a key type is known",
        "tuf-threshold",
        |world, broken| {
            changed(world, &Signer::p256("one"), |key| {
                key["keytype"] = if broken {
                    "ecdh"
                } else {
                    "ecdsa-sha2-nistp256"
                }
                .into();
            });
        },
    ),
    (
        "scheme-of-another-curve",
        "4.2: a scheme fits its key",
        "tuf-threshold",
        |world, broken| {
            changed(world, &Signer::p384("one"), |key| {
                if broken {
                    key["scheme"] = "ecdsa-sha2-nistp256".into();
                }
            });
        },
    ),
    (
        "scheme-of-another-type",
        "4.2: a scheme fits its type",
        "tuf-threshold",
        |world, broken| {
            changed(world, &Signer::ed25519("one"), |key| {
                if broken {
                    key["keytype"] = "ecdsa".into();
                }
            });
        },
    ),
    (
        "key-not-pem",
        "4.2: the key is PEM",
        "tuf-threshold",
        |world, broken| {
            changed(world, &Signer::p256("one"), |key| {
                if broken {
                    key["keyval"]["public"] = "no key".into();
                }
            });
        },
    ),
    (
        "key-of-small-order",
        "an Ed25519 key is of large order",
        "tuf-threshold",
        |world, broken| {
            changed(world, &Signer::ed25519("one"), |key| {
                if broken {
                    let identity = format!("01{}", "00".repeat(31));
                    key["keyval"]["public"] = identity.into();
                }
            });
        },
    ),
    (
        "key-without-value",
        "4.2: a key has a value",
        "tuf-field-invalid",
        |world, broken| {
            changed(world, &Signer::p256("one"), |key| {
                if broken {
                    key["keyval"] = json!({});
                }
            });
            world.start = None;
        },
    ),
    (
        "key-id",
        "4.2.1: a key id is the key's own",
        "tuf-threshold",
        |world, broken| {
            let mut signer = Signer::p256("one");
            if broken {
                signer.id = "00".repeat(32);
            }
            timestamp_keys(world, &[signer], 1);
        },
    ),
    (
        "key-id-of-all-members",
        "4.2.1: further members count for the key id, or do not",
        "tuf-threshold",
        |world, broken| {
            let mut signer = Signer::p256("one").with(|key| key["x-owner"] = "@one".into());
            if broken {
                signer.object["x-owner"] = "@two".into();
            }
            timestamp_keys(world, &[signer], 1);
        },
    ),
    (
        "key-id-hash-algorithms",
        "4.2.1: keyid_hash_algorithms has no effect",
        "tuf-threshold",
        |world, broken| {
            let mut signer = Signer::p256("one");
            signer.object["keyid_hash_algorithms"] = json!(["md5"]);
            if broken {
                signer.object["scheme"] = "ecdsa-sha2-nistp384".into();
            }
            timestamp_keys(world, &[signer], 1);
        },
    ),
    (
        "too-few",
        "5.4.2: as many keys sign as must",
        "tuf-threshold",
        |world, broken| {
            timestamp_keys(world, &["one", "two", "three"].map(Signer::p256), 2);
            world
                .repository
                .timestamp
                .signers
                .truncate(if broken { 1 } else { 2 });
        },
    ),
    (
        "one-invalid-beside",
        "5.4.2: an invalid signature does not count, and does no harm",
        "tuf-threshold",
        |world, broken| {
            timestamp_keys(world, &["one", "two", "three"].map(Signer::p256), 2);
            let last = world.repository.timestamp.signers.pop().unwrap();
            if broken {
                world.repository.timestamp.signers.pop();
            }
            let invalid = json!({ "keyid": last.id, "sig": last.sign(b"something else") });
            world.repository.timestamp.further.push(invalid);
        },
    ),
    (
        "empty-beside",
        "5.4.2: an empty signature does not count, and does no harm",
        "tuf-threshold",
        |world, broken| {
            timestamp_keys(world, &["one", "two"].map(Signer::p256), 1);
            let last = world.repository.timestamp.signers.pop().unwrap();
            if broken {
                world.repository.timestamp.signers.pop();
            }
            world
                .repository
                .timestamp
                .further
                .push(json!({ "keyid": last.id, "sig": "" }));
        },
    ),
    (
        "one-key-two-ids",
        "5.4.2: a key counts once, whatever its ids",
        "tuf-threshold",
        |world, broken| {
            let one = Signer::p256("one");
            let other = if broken {
                one.with(|key| key["x-owner"] = "@one".into())
            } else {
                Signer::p256("two")
            };
            timestamp_keys(world, &[one, other], 2);
        },
    ),
    (
        "one-key-two-pems",
        "5.4.2: a key counts once, however it is written",
        "tuf-threshold",
        |world, broken| {
            let one = Signer::p256("one");
            let other = if broken {
                one.with(|key| {
                    let pem = key["keyval"]["public"]
                        .as_str()
                        .unwrap()
                        .replace('\n', "\r\n");
                    key["keyval"]["public"] = pem.into();
                })
            } else {
                Signer::p256("two")
            };
            timestamp_keys(world, &[one, other], 2);
        },
    ),
    (
        "key-id-twice",
        "4.3: the key ids of a role are distinct",
        "tuf-field-invalid",
        |world, broken| {
            let one = Signer::p256("one");
            let id = one.id.clone();
            timestamp_keys(world, &[one], 1);
            if broken {
                let ids = &mut world.repository.root().signed["roles"]["timestamp"]["keyids"];
                ids.as_array_mut().unwrap().push(id.into());
            }
        },
    ),
    (
        "threshold-zero",
        "4.3: a threshold is greater than zero",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                world.repository.root().signed["roles"]["timestamp"]["threshold"] = 0.into();
            }
        },
    ),
    (
        "role-missing",
        "4.3: a root names the four roles",
        "tuf-field-invalid",
        |world, broken| {
            if broken {
                let roles = &mut world.repository.root().signed["roles"];
                roles.as_object_mut().unwrap().remove("snapshot");
            }
        },
    ),
    (
        "key-missing",
        "4.3: the key of an id is there",
        "tuf-threshold",
        |world, broken| {
            let one = Signer::p256("one");
            timestamp_keys(world, std::slice::from_ref(&one), 1);
            if broken {
                let keys = &mut world.repository.root().signed["keys"];
                keys.as_object_mut().unwrap().remove(&one.id);
            }
        },
    ),
    (
        "key-of-another-role",
        "5.4.2: the keys of the role count, no others",
        "tuf-threshold",
        |world, broken| {
            if broken {
                world.repository.timestamp.signers = world.repository.targets.signers.clone();
            }
        },
    ),
    (
        "signature-not-der",
        "ECDSA signatures are DER",
        "tuf-threshold",
        |world, broken| {
            world.repository.link();
            world.links = false;
            let mut signature = world.repository.timestamp.signatures().remove(0);
            if broken {
                let hex = format!("{}00", signature["sig"].as_str().unwrap());
                signature["sig"] = hex.into();
            }
            world.repository.timestamp.signers.clear();
            world.repository.timestamp.further.push(signature);
        },
    ),
];
