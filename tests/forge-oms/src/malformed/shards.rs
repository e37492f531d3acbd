//! Method `shards`: sizes, names and ranges. The files have 14, 12 and 40 bytes.

use serde_json::{Value, json};

use crate::bundle;
use crate::case::{Cases, Expect};
use crate::context::Context;
use crate::model::{Hash, resource, seal_root};

const SIZE: usize = 16;

pub(super) fn add(context: &Context, cases: &mut Cases) {
    sizes(context, cases);
    names(context, cases);
    ranges(context, cases);
    algorithms(context, cases);
    audits(context, cases);
    twins(context, cases);
}

/// The ordinary sharded statement, changed and sealed.
fn add_sharded(
    context: &Context,
    cases: &mut Cases,
    name: &str,
    rule: &str,
    expect: Expect,
    change: impl FnOnce(&mut Value),
) {
    let mut statement = context
        .model
        .sharded(Hash::Sha256, SIZE, json!(SIZE), "sha256");
    change(&mut statement);
    seal_root(&mut statement);
    let bundle = context.sign(&bundle::payload(&statement));
    cases.add(name, rule, bundle, context.key_policy(), expect);
}

fn sizes(context: &Context, cases: &mut Cases) {
    let rule = "OMS 1.0: shard_size is a whole number above zero, and JSON's are exact to 2^53";
    let mut add = |name: &str, code, size: Option<Value>| {
        let expect = Expect::Failed("manifest", code);
        add_sharded(context, cases, name, rule, expect, |statement| {
            let serialization = statement["predicate"]["serialization"].as_object_mut();
            let serialization = serialization.expect("an object");
            serialization.remove("shard_size");
            serialization.extend(size.map(|size| ("shard_size".to_owned(), size)));
        });
    };
    let invalid = "shard-size-invalid";
    add("shard-size-missing", "manifest-field-missing", None);
    add("shard-size-fraction", invalid, Some(json!(16.5)));
    add("shard-size-small-fraction", invalid, Some(json!(0.5)));
    add("shard-size-zero", invalid, Some(json!(0)));
    add("shard-size-zero-float", invalid, Some(json!(0.0)));
    add("shard-size-negative", invalid, Some(json!(-16)));
    add("shard-size-negative-float", invalid, Some(json!(-16.0)));
    add(
        "shard-size-beyond",
        invalid,
        Some(json!(9_007_199_254_740_993_u64)),
    );
    add("shard-size-beyond-float", invalid, Some(json!(1e300)));
    add("shard-size-string", invalid, Some(json!("16")));
    add(
        "shard-size-null",
        "manifest-field-missing",
        Some(Value::Null),
    );
    add("shard-size-true", invalid, Some(json!(true)));

    // serde_json writes no such number, so the text is changed.
    let statement = context
        .model
        .sharded(Hash::Sha256, SIZE, json!(SIZE), "sha256");
    let payload = String::from_utf8(bundle::payload(&statement)).expect("JSON is UTF-8");
    let payload = super::replace(&payload, "\"shard_size\": 16", "\"shard_size\": 1e400");
    cases.add(
        "shard-size-infinite",
        "RFC 8259 section 6: a parser may limit the range of numbers",
        context.sign(payload.as_bytes()),
        context.key_policy(),
        Expect::Failed("statement", "json-syntax"),
    );
}

fn names(context: &Context, cases: &mut Cases) {
    let rule = "OMS 1.0: a shard is named path:start:end, with plain decimal numbers";
    let mut add = |name: &str, code, text: &str| {
        let expect = Expect::Failed("manifest", code);
        add_sharded(context, cases, name, rule, expect, |statement| {
            // The first resource is config.json:0:14.
            statement["predicate"]["resources"][0]["name"] = text.into();
        });
    };
    let invalid = "shard-name-invalid";
    for (name, text) in [
        ("shard-name-plain", "config.json"),
        ("shard-name-one-colon", "config.json:0"),
        ("shard-name-trailing-colon", "config.json:0:14:"),
        ("shard-name-no-start", "config.json::14"),
        ("shard-name-no-end", "config.json:0:"),
        ("shard-name-leading-zero", "config.json:0:014"),
        ("shard-name-double-zero", "config.json:00:14"),
        ("shard-name-plus", "config.json:0:+14"),
        ("shard-name-minus", "config.json:-0:14"),
        ("shard-name-space", "config.json:0: 14"),
        ("shard-name-hex", "config.json:0x0:0xe"),
        ("shard-name-underscore", "config.json:0:1_4"),
        ("shard-name-float", "config.json:0:14.0"),
        ("shard-name-exponent", "config.json:0:14e0"),
        ("shard-name-arabic-digits", "config.json:0:١٤"),
        ("shard-name-2-to-64", "config.json:0:18446744073709551616"),
        (
            "shard-name-2-to-64-and-14",
            "config.json:0:18446744073709551630",
        ),
    ] {
        add(name, invalid, text);
    }
    add("shard-path-empty", "path-empty", ":0:14");
    add(
        "shard-path-climbing",
        "path-component-dot",
        "../config.json:0:14",
    );
    add("shard-path-absolute", "path-absolute", "/config.json:0:14");
    add(
        "shard-path-double-slash",
        "path-component-empty",
        "sub//config.json:0:14",
    );
    add("shard-path-nul", "path-nul", "config\0.json:0:14");
}

fn ranges(context: &Context, cases: &mut Cases) {
    let rule = "OMS 1.0: a file's shards start at multiples of shard_size, without gap or overlap";
    let weights = &context.model.files["weights.bin"];
    // weights.bin is the last file: resources 2, 3 and 4 are 0:16, 16:32 and 32:40.
    let mut add = |name: &str, code, shards: &[(usize, usize)]| {
        let expect = Expect::Failed("manifest", code);
        add_sharded(context, cases, name, rule, expect, |statement| {
            let resources = statement["predicate"]["resources"]
                .as_array_mut()
                .expect("an array");
            resources.truncate(2);
            for &(start, end) in shards {
                let bytes = weights
                    .get(start..end.min(weights.len()))
                    .unwrap_or_default();
                let name = format!("weights.bin:{start}:{end}");
                resources.push(resource(&name, Hash::Sha256, bytes));
            }
        });
    };
    let invalid = "shard-range-invalid";
    add("shard-gap", invalid, &[(0, 16), (32, 40)]);
    add("shard-first-missing", invalid, &[(16, 32), (32, 40)]);
    add("shard-only-last", invalid, &[(32, 40)]);
    add("shard-overlap", invalid, &[(0, 16), (8, 24), (24, 40)]);
    add(
        "shard-out-of-place",
        invalid,
        &[(0, 16), (16, 31), (31, 40)],
    );
    add("shard-too-long", invalid, &[(0, 17), (17, 33), (33, 40)]);
    add("shard-whole-file", invalid, &[(0, 40)]);
    add(
        "shard-short-inside",
        invalid,
        &[(0, 16), (16, 24), (32, 40)],
    );
    add("shard-empty", invalid, &[(0, 0)]);
    add(
        "shard-empty-last",
        invalid,
        &[(0, 16), (16, 32), (32, 40), (48, 48)],
    );
    add("shard-backwards", invalid, &[(16, 0), (16, 32), (32, 40)]);
    add(
        "shard-huge",
        invalid,
        &[
            (0, 16),
            (16, 32),
            (9_007_199_254_740_992, 9_007_199_254_741_000),
        ],
    );
    add(
        "shard-twice",
        invalid,
        &[(0, 16), (16, 32), (16, 32), (32, 40)],
    );
    let conflict = "a path that is a file has no files below it";
    add_sharded(
        context,
        cases,
        "shard-path-conflict",
        conflict,
        Expect::Failed("manifest", "path-conflict"),
        |statement| {
            let resources = statement["predicate"]["resources"]
                .as_array_mut()
                .expect("an array");
            resources.push(resource("weights.bin/part:0:4", Hash::Sha256, b"part"));
        },
    );
}

fn algorithms(context: &Context, cases: &mut Cases) {
    let rule = "a shard's algorithm is hash_type, or as model-signing writes it: hash_type-sharded-shard_size";
    for (name, algorithm) in [
        ("sharded-other-size", "sha256-sharded-32"),
        ("sharded-other-hash", "blake3-sharded-16"),
        ("sharded-no-size", "sha256-sharded-"),
        ("sharded-float", "sha256-sharded-16.0"),
        ("sharded-leading-zero", "sha256-sharded-016"),
        ("sharded-plus", "sha256-sharded-+16"),
        ("sharded-plain-other", "blake3"),
    ] {
        let expect = Expect::Failed("manifest", "digest-algorithm-mismatch");
        add_sharded(context, cases, name, rule, expect, |statement| {
            statement["predicate"]["resources"][3]["algorithm"] = algorithm.into();
        });
    }
}

fn audits(context: &Context, cases: &mut Cases) {
    let weights = &context.model.files["weights.bin"];
    let rule = "OMS 1.0: a file's last shard ends where the file ends";
    let mut add = |name: &str, rule: &str, expect, change: &dyn Fn(&mut Vec<Value>)| {
        add_sharded(context, cases, name, rule, expect, |statement| {
            change(
                statement["predicate"]["resources"]
                    .as_array_mut()
                    .expect("an array"),
            );
        });
    };
    let changed = || Expect::Failed("files", "file-changed");
    add("shard-last-missing", rule, changed(), &|resources| {
        drop(resources.pop())
    });
    add("shard-beyond-file", rule, changed(), &|resources| {
        resources[4] = resource("weights.bin:32:48", Hash::Sha256, &weights[32..]);
    });
    add("shard-more-than-file", rule, changed(), &|resources| {
        resources[4] = resource("weights.bin:32:48", Hash::Sha256, &weights[24..]);
        resources.push(resource("weights.bin:48:50", Hash::Sha256, b"xx"));
    });
    add(
        "shard-digests-swapped",
        "OMS 1.0: a shard's digest is that of its own range",
        changed(),
        &|resources| {
            let first = resources[2]["digest"].take();
            resources[2]["digest"] = resources[3]["digest"].take();
            resources[3]["digest"] = first;
        },
    );
    add(
        "shard-colon-trap",
        "OMS 1.0: the last two colons end the path, so this is a file of another name",
        Expect::FailedFiles(&["file-missing", "file-unsigned"]),
        &|resources| resources[0]["name"] = "config.json:0:14:0:14".into(),
    );
}

fn twins(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, statement: Value| {
        let bundle = context.sign(&bundle::payload(&statement));
        cases.add(name, rule, bundle, context.key_policy(), Expect::Verified);
    };
    let model = &context.model;
    let sharded = |size, algorithm: &str| model.sharded(Hash::Sha256, SIZE, size, algorithm);
    add(
        "twin-shards",
        "OMS 1.0's spelling",
        sharded(json!(SIZE), "sha256"),
    );
    add(
        "twin-shards-float",
        "model-signing's spelling: a float, and the size in the algorithm",
        sharded(json!(16.0), "sha256-sharded-16"),
    );
    add(
        "twin-shards-exact-size",
        "a file of exactly shard_size has one shard",
        model.sharded(Hash::Sha256, 40, json!(40), "sha256"),
    );
    add(
        "twin-shards-largest-size",
        "shard_size may be 2^53",
        model.sharded(Hash::Sha256, 1 << 53, json!(1_u64 << 53), "sha256"),
    );
    add(
        "twin-shards-blake3",
        "hash_type counts in shards, too",
        model.sharded(Hash::Blake3, SIZE, json!(SIZE), "blake3-sharded-16"),
    );
    let mut shuffled = sharded(json!(SIZE), "sha256");
    let resources = shuffled["predicate"]["resources"]
        .as_array_mut()
        .expect("an array");
    resources.swap(2, 4);
    resources.swap(0, 3);
    seal_root(&mut shuffled);
    add(
        "twin-shards-any-order",
        "shards may be listed in any order: model-signing sorts by text, numbers or neither",
        shuffled,
    );
}
