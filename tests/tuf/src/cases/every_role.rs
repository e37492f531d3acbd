//! What holds for the metadata of every role.

use modelseal_forge_tuf::{DELEGATED, Document, PAST, Signer};
use serde_json::json;

use super::Case;
use crate::world::World;

/// The roles, and where the metadata that is broken lies.
const ROLES: [(&str, &str); 5] = [
    ("root", "metadata/2.root.json"),
    ("timestamp", "metadata/timestamp.json"),
    ("snapshot", "metadata/1.snapshot.json"),
    ("targets", "metadata/1.targets.json"),
    ("a", "metadata/1.a.json"),
];

/// A row: name, rule, code, and what is done to what is signed.
type Change = (
    &'static str,
    &'static str,
    &'static str,
    fn(&mut Document, bool),
);

/// What is done to the file after it is signed.
type Edit = (
    &'static str,
    &'static str,
    &'static str,
    fn(Vec<u8>, bool) -> Vec<u8>,
);

const CHANGES: &[Change] = &[
    (
        "type",
        "4.3: _type is the role's",
        "tuf-type-mismatch",
        |role, broken| {
            if broken {
                role.signed["_type"] = "mirrors".into();
            }
        },
    ),
    (
        "type-missing",
        "4.3: _type is there",
        "tuf-field-invalid",
        |role, broken| {
            if broken {
                remove(role, "_type");
            }
        },
    ),
    (
        "spec-version",
        "4.3: the major version is known",
        "tuf-spec-version",
        |role, broken| {
            role.signed["spec_version"] = if broken { "2.0" } else { "1.99" }.into();
        },
    ),
    (
        "spec-version-form",
        "4.3: the version is numbers",
        "tuf-spec-version",
        |role, broken| {
            role.signed["spec_version"] = if broken { "1.x" } else { "1.0.0" }.into();
        },
    ),
    (
        "version-zero",
        "4.3: a version is greater than zero",
        "tuf-field-invalid",
        |role, broken| {
            if broken {
                role.signed["version"] = 0.into();
            }
        },
    ),
    (
        "version-negative",
        "4.3: a version is greater than zero",
        "tuf-field-invalid",
        |role, broken| {
            if broken {
                role.signed["version"] = (-1).into();
            }
        },
    ),
    (
        "version-string",
        "4.3: a version is a number",
        "tuf-field-invalid",
        |role, broken| {
            if broken {
                role.signed["version"] = "1".into();
            }
        },
    ),
    (
        "expires-form",
        "4.3: a time of expiry ends with Z",
        "tuf-field-invalid",
        |role, broken| {
            let time = if broken {
                "2030-01-01T00:00:00+00:00"
            } else {
                "2031-01-01T00:00:00Z"
            };
            role.signed["expires"] = time.into();
        },
    ),
    (
        "expires-fraction",
        "4.3: a time of expiry is whole seconds",
        "tuf-field-invalid",
        |role, broken| {
            let time = if broken {
                "2030-01-01T00:00:00.5Z"
            } else {
                "2030-01-01T00:00:05Z"
            };
            role.signed["expires"] = time.into();
        },
    ),
    (
        "expires-missing",
        "4.3: a time of expiry is there",
        "tuf-field-invalid",
        |role, broken| {
            if broken {
                remove(role, "expires");
            }
        },
    ),
    (
        "expired",
        "5.3.10, 5.4.4, 5.5.6, 5.6.5: metadata is not expired",
        "tuf-expired",
        |role, broken| {
            if broken {
                role.signed["expires"] = PAST.into();
            }
        },
    ),
    (
        "expires-now",
        "5.3.10, 5.4.4, 5.5.6, 5.6.5: expiry is later than the start of the refresh",
        "tuf-expired",
        |role, broken| {
            let time = if broken {
                "2025-06-01T00:00:00Z"
            } else {
                "2025-06-01T00:00:01Z"
            };
            role.signed["expires"] = time.into();
        },
    ),
    (
        "unsigned",
        "4.2: metadata is signed",
        "tuf-threshold",
        |role, broken| {
            if broken {
                role.signers.clear();
            }
        },
    ),
    (
        "signed-by-another",
        "5.3.4: the role's keys sign",
        "tuf-threshold",
        |role, broken| {
            let other = Signer::p256("another");
            if broken {
                role.signers = vec![other];
            } else {
                role.signers.push(other);
            }
        },
    ),
    (
        "signature-twice",
        "4.2: a key id signs once",
        "tuf-field-invalid",
        |role, broken| {
            let mut again = role.signatures()[0].clone();
            if !broken {
                again["keyid"] = "00".into();
            }
            role.further.push(again);
        },
    ),
    (
        "fraction",
        "4.2.1: canonical JSON has whole numbers",
        "tuf-json-invalid",
        |role, broken| {
            role.signed["custom"] = if broken { json!(0.5) } else { json!(-5) };
        },
    ),
];

const EDITS: &[Edit] = &[
    (
        "changed",
        "5.3.4: a signature is over what is there",
        "tuf-threshold",
        |file, broken| {
            let (from, to) = ("1.0.31", if broken { "1.0.32" } else { "1.0.31" });
            replace(&file, from, to)
        },
    ),
    (
        "not-json",
        "4.2: metadata is JSON",
        "tuf-json-invalid",
        |file, broken| match broken {
            true => b"<html>".to_vec(),
            false => [b" ".as_slice(), &file].concat(),
        },
    ),
    (
        "truncated",
        "4.2: metadata is JSON",
        "tuf-json-invalid",
        |mut file, broken| {
            let end = file
                .iter()
                .rposition(|byte| *byte == b'}')
                .expect("an object");
            file.truncate(if broken { end } else { end + 1 });
            file
        },
    ),
    (
        "trailing",
        "4.2: metadata is one object",
        "tuf-json-invalid",
        |file, broken| [file.as_slice(), if broken { b"{}" } else { b"  " }].concat(),
    ),
    (
        "key-twice",
        "4.2.1: an object has a name once",
        "tuf-json-invalid",
        |file, broken| {
            let name = if broken { "signatures" } else { "further" };
            let text = String::from_utf8(file).expect("it is text");
            text.replacen('{', &format!("{{\"{name}\": [],"), 1)
                .into_bytes()
        },
    ),
    (
        "no-signatures",
        "4.2: signatures are a list",
        "tuf-field-invalid",
        |file, broken| {
            let name = if broken {
                "\"signature\""
            } else {
                "\"signatures\""
            };
            replace(&file, "\"signatures\"", name)
        },
    ),
    (
        "array",
        "4.2: metadata is an object",
        "tuf-field-invalid",
        |file, broken| match broken {
            true => [b"[".as_slice(), &file, b"]"].concat(),
            false => file,
        },
    ),
];

pub(super) fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for (role, path) in ROLES {
        for (name, rule, code, change) in CHANGES {
            cases.push(Case {
                name: format!("{role}-{name}"),
                rule,
                code,
                build: Box::new(move |world, broken| {
                    prepare(world, role);
                    change(world.repository.role(role), broken);
                }),
            });
        }
        for (name, rule, code, edit) in EDITS {
            cases.push(Case {
                name: format!("{role}-{name}"),
                rule,
                code,
                build: Box::new(move |world, broken| {
                    prepare(world, role);
                    world.edit(path, move |file| edit(file, broken));
                }),
            });
        }
        if role != "root" {
            cases.push(Case {
                name: format!("{role}-missing"),
                rule: "5.4.1, 5.5.1, 5.6.1: the mirror has the metadata",
                code: "tuf-not-found",
                build: Box::new(move |world, broken| {
                    prepare(world, role);
                    if broken {
                        world.remove(path);
                    }
                }),
            });
        }
    }
    cases
}

/// Makes the role one that the client meets, and leaves alone what lists it.
fn prepare(world: &mut World, role: &str) {
    match role {
        "root" => world.repository.rotate(|_| {}),
        "a" => world.target = Some(DELEGATED.to_owned()),
        _ => {}
    }
    world.repository.link();
    world.links = false;
}

fn remove(role: &mut Document, name: &str) {
    let signed = role.signed.as_object_mut().expect("an object");
    signed.remove(name);
}

fn replace(file: &[u8], from: &str, to: &str) -> Vec<u8> {
    let text = str::from_utf8(file).expect("it is text");
    assert!(text.contains(from));
    text.replace(from, to).into_bytes()
}
