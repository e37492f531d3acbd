//! The predicate: serialization, resources, digests, root digest, ignore paths.

use serde_json::{Value, json};

use super::{add_statement, remove};
use crate::bundle;
use crate::case::{Cases, Expect};
use crate::context::Context;
use crate::model::{Hash, root_digest, seal_root};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    serializations(context, cases);
    resources(context, cases);
    digests(context, cases);
    roots(context, cases);
    ignore_paths(context, cases);
    twins(context, cases);
}

fn manifest(code: &'static str) -> Expect {
    Expect::Failed("manifest", code)
}

fn serializations(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, code, change: &dyn Fn(&mut Value)| {
        add_statement(context, cases, name, rule, manifest(code), |statement| {
            change(&mut statement["predicate"]["serialization"]);
        });
    };
    let rule = "OMS 1.0: serialization is an object with method and hash_type";
    let (missing, wrong) = ("manifest-field-missing", "manifest-field-type");
    add("serialization-string", rule, wrong, &|serialization| {
        *serialization = "files".into()
    });
    add("serialization-null", rule, missing, &|serialization| {
        *serialization = Value::Null
    });
    add("serialization-array", rule, wrong, &|serialization| {
        *serialization = json!(["files", "sha256", false]);
    });
    add("method-missing", rule, missing, &|serialization| {
        remove(serialization, "method")
    });
    add("method-number", rule, wrong, &|serialization| {
        serialization["method"] = 1.into()
    });
    let rule = "OMS 1.0: the method is `files` or `shards`";
    for (name, method) in [
        ("method-unknown", "manifest"),
        ("method-case", "Files"),
        ("method-empty", ""),
    ] {
        add(
            name,
            rule,
            "serialization-method-unsupported",
            &|serialization| {
                serialization["method"] = method.into();
            },
        );
    }
    let rule = "OMS 1.0: hash_type is sha256, blake2b or blake3";
    add("hash-type-missing", rule, missing, &|serialization| {
        remove(serialization, "hash_type")
    });
    add("hash-type-array", rule, wrong, &|serialization| {
        serialization["hash_type"] = json!(["sha256"]);
    });
    for (name, hash_type) in [
        ("hash-type-sha512", "sha512"),
        ("hash-type-md5", "md5"),
        ("hash-type-case", "SHA256"),
        ("hash-type-blake2", "blake2"),
        ("hash-type-sharded", "sha256-sharded-16"),
    ] {
        add(
            name,
            rule,
            "digest-algorithm-unsupported",
            &|serialization| {
                serialization["hash_type"] = hash_type.into();
            },
        );
    }
    let rule = "OMS 1.0: allow_symlinks is a boolean";
    for (name, value) in [
        ("allow-symlinks-string", json!("false")),
        ("allow-symlinks-number", json!(0)),
    ] {
        add(name, rule, wrong, &|serialization| {
            serialization["allow_symlinks"] = value.clone()
        });
    }
    add_statement(
        context,
        cases,
        "serialization-missing",
        "OMS 1.0: the predicate has serialization",
        manifest(missing),
        |statement| remove(&mut statement["predicate"], "serialization"),
    );
}

fn resources(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, code, change: &dyn Fn(&mut Value)| {
        add_statement(context, cases, name, rule, manifest(code), |statement| {
            change(&mut statement["predicate"]["resources"]);
        });
    };
    let (missing, wrong) = ("manifest-field-missing", "manifest-field-type");
    let rule = "OMS 1.0: resources is an array of at least one entry";
    add("resources-empty", rule, "resource-count", &|resources| {
        *resources = json!([])
    });
    add("resources-object", rule, wrong, &|resources| {
        *resources = json!({ "config.json": resources[0] });
    });
    add("resources-null", rule, missing, &|resources| {
        *resources = Value::Null
    });
    let rule = "OMS 1.0: a resource is an object with name, algorithm and digest";
    add("resource-null", rule, wrong, &|resources| {
        resources[0] = Value::Null
    });
    add("resource-array", rule, wrong, &|resources| {
        let resource = &mut resources[0];
        *resource = json!([resource["name"], resource["algorithm"], resource["digest"]]);
    });
    for field in ["name", "algorithm", "digest"] {
        add(
            &format!("resource-{field}-missing"),
            rule,
            missing,
            &|resources| {
                remove(&mut resources[0], field);
            },
        );
        add(
            &format!("resource-{field}-null"),
            rule,
            missing,
            &|resources| {
                resources[0][field] = Value::Null;
            },
        );
    }
    add_statement(
        context,
        cases,
        "resources-missing",
        "OMS 1.0: the predicate has resources",
        manifest(missing),
        |statement| remove(&mut statement["predicate"], "resources"),
    );
}

fn digests(context: &Context, cases: &mut Cases) {
    let statement = context.statement();
    let digest = statement["predicate"]["resources"][0]["digest"]
        .as_str()
        .expect("a digest");
    let rule = "OMS 1.0: a digest is lower-case hex of its algorithm's length";
    for (name, text) in [
        ("digest-upper-case", digest.to_uppercase()),
        ("digest-short", digest[..62].to_owned()),
        ("digest-odd", digest[..63].to_owned()),
        ("digest-long", format!("{digest}00")),
        ("digest-not-hex", format!("{}zz", &digest[..62])),
        ("digest-empty", String::new()),
        ("digest-prefixed", format!("sha256:{digest}")),
        ("digest-signed-number", format!("+{}", &digest[..63])),
        (
            "digest-full-width",
            digest.replacen(char::is_numeric, "１", 1),
        ),
    ] {
        add_statement(
            context,
            cases,
            name,
            rule,
            manifest("digest-invalid"),
            |statement| {
                statement["predicate"]["resources"][0]["digest"] = text.into();
            },
        );
    }
    let short = {
        let mut statement = context.model.statement(Hash::Blake2b);
        for resource in statement["predicate"]["resources"]
            .as_array_mut()
            .expect("an array")
        {
            let digest = resource["digest"].as_str().expect("a digest")[..64].to_owned();
            resource["digest"] = digest.into();
        }
        seal_root(&mut statement);
        statement
    };
    add_statement(
        context,
        cases,
        "digest-blake2b-256",
        rule,
        manifest("digest-invalid"),
        |to| {
            *to = short;
        },
    );
    let rule = "OMS 1.0: every resource's algorithm is the manifest's hash_type";
    for (name, algorithm) in [
        ("algorithm-blake3", "blake3"),
        ("algorithm-sha512", "sha512"),
        ("algorithm-case", "SHA256"),
        ("algorithm-empty", ""),
        ("algorithm-sharded-in-files", "sha256-sharded-16"),
    ] {
        let expect = manifest("digest-algorithm-mismatch");
        add_statement(context, cases, name, rule, expect, |statement| {
            statement["predicate"]["resources"][2]["algorithm"] = algorithm.into();
        });
    }
    let expect = manifest("digest-algorithm-mismatch");
    add_statement(
        context,
        cases,
        "hash-type-of-others",
        rule,
        expect,
        |statement| {
            statement["predicate"]["serialization"]["hash_type"] = "blake3".into();
        },
    );
}

fn roots(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, change: &dyn Fn(&mut Value) -> String| {
        let mut statement = context.statement();
        let root = change(&mut statement);
        statement["subject"][0]["digest"]["sha256"] = root.into();
        let bundle = context.sign(&bundle::payload(&statement));
        cases.add(
            name,
            rule,
            bundle,
            context.key_policy(),
            manifest("root-digest-mismatch"),
        );
    };
    let listed = |statement: &Value| -> Vec<String> {
        let resources = statement["predicate"]["resources"]
            .as_array()
            .expect("an array");
        let digests = resources.iter().map(|resource| resource["digest"].as_str());
        digests
            .map(|digest| digest.expect("a digest").to_owned())
            .collect()
    };
    let rule = "OMS 1.0 section 5: the root digest is SHA-256 over the listed raw digests";
    add("root-wrong", rule, &|_| Hash::Sha256.hex(b"another model"));
    add("root-of-text", rule, &|statement| {
        Hash::Sha256.hex(listed(statement).concat().as_bytes())
    });
    add(
        "root-of-sorted",
        "OMS 1.0 section 5: the order is that of the list",
        &|statement| {
            let sorted = root_digest(listed(statement).iter().map(String::as_str));
            statement["predicate"]["resources"]
                .as_array_mut()
                .expect("an array")
                .reverse();
            sorted
        },
    );
    add("root-without-last", rule, &|statement| {
        let digests = listed(statement);
        root_digest(digests[..digests.len() - 1].iter().map(String::as_str))
    });
    add(
        "root-by-hash-type",
        "OMS 1.0 section 5: the root is SHA-256 whatever hash_type",
        &|statement| {
            *statement = context.model.statement(Hash::Blake3);
            let mut raw = Vec::new();
            for digest in listed(statement) {
                let bytes = (0..digest.len()).step_by(2).map(|at| &digest[at..at + 2]);
                raw.extend(bytes.map(|pair| u8::from_str_radix(pair, 16).expect("hex")));
            }
            Hash::Blake3.hex(&raw)
        },
    );
}

fn ignore_paths(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, code, value: Value| {
        add_statement(context, cases, name, rule, manifest(code), |statement| {
            statement["predicate"]["serialization"]["ignore_paths"] = value;
        });
    };
    let rule = "OMS 1.0: an ignore path is a canonical path below the model";
    for (name, path) in [
        ("ignore-empty", ""),
        ("ignore-dot", "."),
        ("ignore-dot-dot", ".."),
        ("ignore-climbing", "../other"),
        ("ignore-inner-dot-dot", "sub/../weights.bin"),
        ("ignore-leading-dot", "./sub"),
        ("ignore-absolute", "/weights.bin"),
        ("ignore-root", "/"),
        ("ignore-double-slash", "sub//vocab.txt"),
        ("ignore-trailing-slash", "sub/"),
        ("ignore-nul", "sub\0"),
    ] {
        add(name, rule, "ignore-path-invalid", json!([".git", path]));
    }
    let rule = "OMS 1.0: ignore_paths is an array of strings";
    for (name, value) in [
        ("ignore-number", json!([1])),
        ("ignore-null", json!([null])),
        ("ignore-nested", json!([["sub"]])),
        ("ignore-string", json!("sub")),
        ("ignore-object", json!({ "sub": true })),
    ] {
        add(name, rule, "manifest-field-type", value);
    }
}

fn twins(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, change: &dyn Fn(&mut Value)| {
        add_statement(context, cases, name, rule, Expect::Verified, change);
    };
    add(
        "twin-reverse-order",
        "OMS 1.0 asks for code point order, which model-signing does not keep: any order counts",
        &|statement| {
            statement["predicate"]["resources"]
                .as_array_mut()
                .expect("an array")
                .reverse();
        },
    );
    add(
        "twin-no-ignore-paths",
        "model-signing 1.0: ignore_paths may be absent",
        &|statement| remove(&mut statement["predicate"]["serialization"], "ignore_paths"),
    );
    add(
        "twin-ignore-none",
        "an empty list ignores nothing",
        &|statement| {
            statement["predicate"]["serialization"]["ignore_paths"] = json!([]);
        },
    );
    for hash in [Hash::Blake2b, Hash::Blake3] {
        add(
            &format!("twin-{}", hash.name()),
            "OMS 1.0: hash_type is sha256, blake2b or blake3",
            &|statement| *statement = context.model.statement(hash),
        );
    }
}
