//! Bundles that break one rule each and are correctly signed all the same, and twins that keep
//! every rule.

mod algorithms;
mod chain;
mod chain_twins;
mod der_rules;
mod encoding;
mod files;
mod issuers;
mod json;
mod legacy;
mod manifest;
mod material;
mod paths;
mod policy;
mod shards;
mod signature;
mod statement;
mod unreadable;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::bundle;
use crate::case::{Case, Cases, Expect};
use crate::context::Context;
use crate::model::{self, Model};

/// Path below `tests/malformed`, and bytes.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let context = Context::new(model());
    let mut cases = Cases::over("model");
    for add in [
        unreadable::add,
        json::add,
        encoding::add,
        material::add,
        signature::add,
        statement::add,
        manifest::add,
        paths::add,
        shards::add,
        legacy::add,
        chain::add,
        issuers::add,
        algorithms::add,
        chain_twins::add,
        der_rules::add,
        policy::add,
        files::add,
    ] {
        add(&context, &mut cases);
    }
    let mut files = cases.files();
    let model = context.model.files;
    files.extend(
        model
            .into_iter()
            .map(|(path, bytes)| (format!("model/{path}"), bytes)),
    );
    files
}

/// The tiny model of every case.
pub fn model() -> Model {
    let files = BTreeMap::from([
        ("config.json", b"{\"layers\": 2}\n".to_vec()),
        ("sub/vocab.txt", b"hello\nworld\n".to_vec()),
        ("weights.bin", (0..40).collect()),
    ]);
    Model {
        name: "model",
        files,
    }
}

/// Adds a case of the key method whose statement differs, and whose root digest is right again.
fn add_statement<'a>(
    context: &Context,
    cases: &'a mut Cases,
    name: &str,
    rule: &str,
    expect: Expect,
    change: impl FnOnce(&mut Value),
) -> &'a mut Case {
    let mut statement = context.statement();
    change(&mut statement);
    if statement["predicate"]["resources"].is_array() && statement["subject"][0].is_object() {
        let subject = statement["subject"][0]["digest"]["sha256"].clone();
        let ordinary = context.statement();
        // A case about the subject's digest keeps what it set.
        if subject == ordinary["subject"][0]["digest"]["sha256"] {
            model::seal_root(&mut statement);
        }
    }
    add_payload(
        context,
        cases,
        name,
        rule,
        expect,
        &bundle::payload(&statement),
    )
}

/// Adds a case of the key method with this payload.
fn add_payload<'a>(
    context: &Context,
    cases: &'a mut Cases,
    name: &str,
    rule: &str,
    expect: Expect,
    payload: &[u8],
) -> &'a mut Case {
    cases.add(
        name,
        rule,
        context.sign(payload),
        context.key_policy(),
        expect,
    )
}

/// Replaces the only occurrence of a text.
fn replace(text: &str, from: &str, to: &str) -> String {
    assert_eq!(
        text.matches(from).count(),
        1,
        "{from} must occur once in {text}"
    );
    text.replace(from, to)
}

/// Takes a field out of an object.
fn remove(object: &mut Value, field: &str) {
    let removed = object
        .as_object_mut()
        .and_then(|object| object.remove(field));
    assert!(removed.is_some(), "there must be a field {field}");
}

/// The ordinary text of the payload, to be changed.
fn payload_text(context: &Context) -> String {
    String::from_utf8(context.payload()).expect("JSON is UTF-8")
}
