//! Sound bundles, and a model that is not quite the one that was signed.

use serde_json::{Value, json};

use super::add_statement;
use crate::bundle;
use crate::case::{Case, Cases, Expect};
use crate::context::Context;
use crate::model::{self, Hash, resource};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    contents(context, cases);
    coverage(context, cases);
    ignored_and_listed(context, cases);
    single_files(context, cases);
}

/// Adds a case whose list of resources differs.
fn add_listed<'a>(
    context: &Context,
    cases: &'a mut Cases,
    name: &str,
    rule: &str,
    expect: Expect,
    change: impl FnOnce(&mut Vec<Value>),
) -> &'a mut Case {
    add_statement(context, cases, name, rule, expect, |statement| {
        change(
            statement["predicate"]["resources"]
                .as_array_mut()
                .expect("an array"),
        );
    })
}

fn contents(context: &Context, cases: &mut Cases) {
    let changed = || Expect::Failed("files", "file-changed");
    let rule = "OMS 1.0: a file's digest is the one that was signed";
    add_listed(
        context,
        cases,
        "file-changed",
        rule,
        changed(),
        |resources| {
            resources[2] = resource("weights.bin", Hash::Sha256, b"other");
        },
    );
    add_listed(
        context,
        cases,
        "files-swapped",
        rule,
        changed(),
        |resources| {
            let first = resources[0]["digest"].take();
            resources[0]["digest"] = resources[1]["digest"].take();
            resources[1]["digest"] = first;
        },
    );
    let name = "file-hashed-otherwise";
    add_statement(context, cases, name, rule, changed(), |statement| {
        // Of the right length, and made with another hash than the one it names.
        statement["predicate"]["serialization"]["hash_type"] = "blake3".into();
        for resource in statement["predicate"]["resources"]
            .as_array_mut()
            .expect("an array")
        {
            resource["algorithm"] = "blake3".into();
        }
    });
    let rule = "OMS 1.0: every signed file is there";
    let missing = Expect::Failed("files", "file-missing");
    add_listed(context, cases, "file-missing", rule, missing, |resources| {
        resources.push(resource("absent.bin", Hash::Sha256, b""));
    });
    let moved = Expect::FailedFiles(&["file-missing", "file-unsigned"]);
    add_listed(
        context,
        cases,
        "file-moved",
        "a file's place is signed",
        moved,
        |resources| {
            resources[1]["name"] = "vocab.txt".into();
        },
    );
}

fn without_weights(resources: &mut Vec<Value>) {
    resources.pop();
}

fn coverage(context: &Context, cases: &mut Cases) {
    let rule = "OMS 1.0: every file of the model is signed, unless the signature ignores it";
    let unsigned = || Expect::Failed("files", "file-unsigned");
    let partial = || Expect::Incomplete("coverage-partial");
    add_listed(
        context,
        cases,
        "file-unsigned",
        rule,
        unsigned(),
        without_weights,
    );
    add_listed(
        context,
        cases,
        "file-unsigned-nested",
        rule,
        unsigned(),
        |resources| {
            resources.remove(1);
        },
    );
    let rule = "what the caller allows or ignores is left out, and said to be";
    add_listed(
        context,
        cases,
        "unsigned-allowed",
        rule,
        partial(),
        without_weights,
    )
    .option("ignoreUnsigned", true);
    add_listed(
        context,
        cases,
        "unsigned-ignored",
        rule,
        partial(),
        without_weights,
    )
    .option("ignorePaths", json!(["weights.bin"]));
    let name = "unsigned-ignored-folder";
    add_listed(context, cases, name, rule, partial(), |resources| {
        drop(resources.remove(1))
    })
    .option("ignorePaths", json!(["sub"]));
    let rule =
        "an ignore path is a path and what lies below it, not a prefix of text, nor a pattern";
    for (name, path) in [("ignored-prefix", "weights"), ("ignored-pattern", "*.bin")] {
        add_listed(context, cases, name, rule, unsigned(), without_weights)
            .option("ignorePaths", json!([path]));
        let name = format!("recorded-{name}");
        add_statement(context, cases, &name, rule, unsigned(), |statement| {
            without_weights(
                statement["predicate"]["resources"]
                    .as_array_mut()
                    .expect("an array"),
            );
            statement["predicate"]["serialization"]["ignore_paths"] = json!([path]);
        });
    }
    add_statement(
        context,
        cases,
        "twin-recorded-ignore",
        "OMS 1.0: a recorded ignore path leaves a file out",
        Expect::Verified,
        |statement| {
            without_weights(
                statement["predicate"]["resources"]
                    .as_array_mut()
                    .expect("an array"),
            );
            statement["predicate"]["serialization"]["ignore_paths"] = json!(["weights.bin"]);
        },
    );
}

fn ignored_and_listed(context: &Context, cases: &mut Cases) {
    let rule = "a listed file is hashed, ignored or not";
    let ignored = json!(["weights.bin"]);
    let changed = || Expect::Failed("files", "file-changed");
    let other = || resource("weights.bin", Hash::Sha256, b"other");
    for (name, expect, wrong) in [
        ("ignored-and-changed", changed(), true),
        ("twin-ignored-and-right", Expect::Verified, false),
    ] {
        add_listed(context, cases, name, rule, expect, |resources| {
            if wrong {
                resources[2] = other();
            }
        })
        .option("ignorePaths", ignored.clone());
    }
    for (name, expect, wrong) in [
        ("recorded-ignored-and-changed", changed(), true),
        ("twin-recorded-ignored-and-right", Expect::Verified, false),
    ] {
        add_statement(context, cases, name, rule, expect, |statement| {
            if wrong {
                statement["predicate"]["resources"][2] = other();
            }
            statement["predicate"]["serialization"]["ignore_paths"] = ignored.clone();
        });
    }
}

fn single_files(context: &Context, cases: &mut Cases) {
    let bytes = &context.model.files["weights.bin"];
    let mut add = |name: &str, rule: &str, expect, listed: &str, bytes: &[u8]| {
        let serialization =
            json!({ "method": "files", "hash_type": "sha256", "allow_symlinks": false });
        let resources = vec![resource(listed, Hash::Sha256, bytes)];
        let statement = model::statement("weights.bin", serialization, resources);
        let bundle = context.sign(&bundle::payload(&statement));
        cases
            .add(name, rule, bundle, context.key_policy(), expect)
            .model("model/weights.bin")
            .option("single", true);
    };
    let changed = || Expect::Failed("files", "file-changed");
    add(
        "twin-single",
        "model-signing: a single file is `.`",
        Expect::Verified,
        ".",
        bytes,
    );
    add(
        "twin-single-named",
        "OMS 1.0: a single file has its name",
        Expect::Verified,
        "weights.bin",
        bytes,
    );
    let rule = "OMS 1.0: a file's digest is the one that was signed";
    add("single-changed", rule, changed(), ".", b"other");
    add(
        "single-named-changed",
        rule,
        changed(),
        "weights.bin",
        b"other",
    );
    let renamed = Expect::FailedFiles(&["file-missing", "file-unsigned"]);
    let rule = "OMS 1.0: a single file has its name, and this one has another";
    add("single-renamed", rule, renamed, "other.bin", bytes);

    let sharded = |name: &str| {
        let serialization = json!({
            "method": "shards",
            "hash_type": "sha256",
            "shard_size": 16.0,
            "allow_symlinks": false,
        });
        let shards = bytes.chunks(16).enumerate().map(|(index, shard)| {
            let start = index * 16;
            let name = format!("{name}:{start}:{}", start + shard.len());
            let mut resource = resource(&name, Hash::Sha256, shard);
            resource["algorithm"] = "sha256-sharded-16".into();
            resource
        });
        model::statement("weights.bin", serialization, shards.collect())
    };
    for (name, listed) in [
        ("twin-single-shards", "."),
        ("twin-single-shards-named", "weights.bin"),
    ] {
        cases
            .add(
                name,
                "model-signing: a single file in shards",
                context.sign(&bundle::payload(&sharded(listed))),
                context.key_policy(),
                Expect::Verified,
            )
            .model("model/weights.bin")
            .option("single", true);
    }
    cases
        .add(
            "folder-for-a-single-file",
            "OMS 1.0: every signed file is there, and one file is not a folder",
            context.key_bundle(),
            context.key_policy(),
            Expect::Failed("files", "file-missing"),
        )
        .model("model/weights.bin")
        .option("single", true);
}
