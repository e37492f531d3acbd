//! The names of resources.

use serde_json::{Value, json};

use super::add_statement;
use crate::case::{Cases, Expect};
use crate::context::Context;
use crate::model::{Hash, resource};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    names(context, cases);
    sets(context, cases);
}

fn names(context: &Context, cases: &mut Cases) {
    let rule = "OMS 1.0: a resource's name is a canonical relative path";
    let mut add = |name: &str, code, path: &str| {
        let expect = Expect::Failed("manifest", code);
        add_statement(context, cases, name, rule, expect, |statement| {
            statement["predicate"]["resources"][2]["name"] = path.into();
        });
    };
    let dot = "path-component-dot";
    add("path-climbing", dot, "../weights.bin");
    add("path-climbing-inside", dot, "sub/../weights.bin");
    add("path-climbing-far", dot, "sub/../../weights.bin");
    add("path-climbing-last", dot, "sub/..");
    add("path-dot-dot", dot, "..");
    add("path-leading-dot", dot, "./weights.bin");
    add("path-inner-dot", dot, "sub/./weights.bin");
    add("path-last-dot", dot, "sub/.");
    add("path-absolute", "path-absolute", "/weights.bin");
    add("path-root", "path-absolute", "/");
    add("path-double-slash-first", "path-absolute", "//weights.bin");
    let empty = "path-component-empty";
    add("path-double-slash", empty, "sub//weights.bin");
    add("path-trailing-slash", empty, "weights.bin/");
    add("path-empty", "path-empty", "");
    add("path-nul", "path-nul", "weights\0.bin");
    add("path-nul-last", "path-nul", "weights.bin\0");
}

fn sets(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, code, change: &dyn Fn(&mut Vec<Value>)| {
        let expect = Expect::Failed("manifest", code);
        add_statement(context, cases, name, rule, expect, |statement| {
            change(
                statement["predicate"]["resources"]
                    .as_array_mut()
                    .expect("an array"),
            );
        });
    };
    let rule = "OMS 1.0: a path is listed once";
    add("path-duplicate", rule, "path-duplicate", &|resources| {
        resources.push(resources[2].clone());
    });
    add(
        "path-duplicate-conflicting",
        rule,
        "path-duplicate",
        &|resources| {
            resources.insert(0, resource("weights.bin", Hash::Sha256, b"other"));
        },
    );
    let rule = "a path that is a file has no files below it";
    let conflict = "path-conflict";
    add("path-conflict", rule, conflict, &|resources| {
        resources.push(resource("weights.bin/part", Hash::Sha256, b"part"));
    });
    add("path-conflict-reversed", rule, conflict, &|resources| {
        resources.insert(0, resource("weights.bin/a/b", Hash::Sha256, b"part"));
    });
    // Between `weights.bin` and `weights.bin/x` other names sort: neighbours are not enough.
    add("path-conflict-apart", rule, conflict, &|resources| {
        resources.push(resource("weights.bin-other", Hash::Sha256, b"other"));
        resources.push(resource("weights.bin.other", Hash::Sha256, b"other"));
        resources.push(resource("weights.bin/part", Hash::Sha256, b"part"));
    });
    let rule = "model-signing: `.` stands for a model that is one file, and is alone";
    add(
        "single-beside-others",
        rule,
        "single-file-invalid",
        &|resources| {
            resources[2]["name"] = ".".into();
        },
    );
    // The file that is missing and those that are unsigned follow from it.
    let name = "single-for-a-folder";
    add_statement(
        context,
        cases,
        name,
        rule,
        Expect::Failed("manifest", "single-file-invalid"),
        |statement| {
            let resources = &mut statement["predicate"]["resources"];
            resources[2]["name"] = json!(".");
            *resources = json!([resources[2]]);
        },
    );
}
