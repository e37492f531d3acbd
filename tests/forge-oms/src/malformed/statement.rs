//! The in-toto statement.

use serde_json::{Value, json};

use super::{add_payload, add_statement, remove};
use crate::case::{Cases, Expect};
use crate::context::Context;
use crate::model::PREDICATE_V1;

pub(super) fn add(context: &Context, cases: &mut Cases) {
    types(context, cases);
    predicates(context, cases);
    subjects(context, cases);
    for (name, payload) in [
        ("statement-string", json!("statement")),
        ("statement-null", Value::Null),
        ("statement-array", {
            let statement = context.statement();
            json!([
                statement["_type"],
                statement["subject"],
                statement["predicateType"],
                statement["predicate"],
            ])
        }),
    ] {
        add_payload(
            context,
            cases,
            name,
            "in-toto Statement v1: an object",
            Expect::Failed("statement", "statement-field-type"),
            &crate::bundle::payload(&payload),
        );
    }
}

fn types(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, code, change: &dyn Fn(&mut Value)| {
        let rule = "in-toto Statement v1: `_type` is https://in-toto.io/Statement/v1";
        let expect = Expect::Failed("statement", code);
        add_statement(context, cases, name, rule, expect, change);
    };
    for (name, text) in [
        ("type-v0.1", "https://in-toto.io/Statement/v0.1"),
        ("type-http", "http://in-toto.io/Statement/v1"),
        ("type-slash", "https://in-toto.io/Statement/v1/"),
        ("type-empty", ""),
    ] {
        add(name, "statement-type-unsupported", &|statement| {
            statement["_type"] = text.into()
        });
    }
    add("type-missing", "statement-field-missing", &|statement| {
        remove(statement, "_type")
    });
    add("type-number", "statement-field-type", &|statement| {
        statement["_type"] = 1.into()
    });
    add("type-array", "statement-field-type", &|statement| {
        let text = statement["_type"].take();
        statement["_type"] = json!([text]);
    });
}

fn predicates(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, code, change: &dyn Fn(&mut Value)| {
        let expect = Expect::Failed("statement", code);
        add_statement(context, cases, name, rule, expect, change);
    };
    let rule = "OMS 1.0 section 8.3: the predicateType is https://model_signing/signature/v1.0";
    for (name, text) in [
        (
            "predicate-type-v1.1",
            "https://model_signing/signature/v1.1",
        ),
        ("predicate-type-v1", "https://model_signing/signature/v1"),
        ("predicate-type-slsa", "https://slsa.dev/provenance/v1"),
        (
            "predicate-type-case",
            "https://model_signing/Signature/v1.0",
        ),
        ("predicate-type-empty", ""),
    ] {
        add(name, rule, "predicate-type-unsupported", &|statement| {
            statement["predicateType"] = text.into();
        });
    }
    add(
        "predicate-type-missing",
        rule,
        "statement-field-missing",
        &|statement| {
            remove(statement, "predicateType");
        },
    );
    add(
        "predicate-type-array",
        rule,
        "statement-field-type",
        &|statement| {
            statement["predicateType"] = json!([PREDICATE_V1]);
        },
    );
    let rule = "in-toto Statement v1 and OMS 1.0: the predicate is an object";
    let missing = "predicate-missing";
    add("predicate-missing", rule, missing, &|statement| {
        remove(statement, "predicate")
    });
    for (name, value) in [
        ("predicate-null", Value::Null),
        ("predicate-string", json!("none")),
        ("predicate-array", {
            let statement = context.statement();
            let predicate = &statement["predicate"];
            json!([predicate["resources"], predicate["serialization"]])
        }),
    ] {
        add(name, rule, missing, &|statement| {
            statement["predicate"] = value.clone()
        });
    }
}

fn subjects(context: &Context, cases: &mut Cases) {
    let root = context.statement()["subject"][0]["digest"]["sha256"].clone();
    let root = root.as_str().expect("a digest");
    let mut add = |name: &str, rule: &str, code, change: &dyn Fn(&mut Value)| {
        let expect = Expect::Failed("statement", code);
        add_statement(context, cases, name, rule, expect, change);
    };
    let one = "OMS 1.0: exactly one subject, the model";
    add(
        "subject-missing",
        one,
        "statement-field-missing",
        &|statement| {
            remove(statement, "subject");
        },
    );
    add("subject-none", one, "subject-count", &|statement| {
        statement["subject"] = json!([])
    });
    add("subject-two", one, "subject-count", &|statement| {
        let subject = statement["subject"][0].clone();
        statement["subject"] = json!([subject, subject]);
    });
    add(
        "subject-object",
        one,
        "statement-field-type",
        &|statement| {
            statement["subject"] = statement["subject"][0].take();
        },
    );
    add(
        "subject-string",
        one,
        "statement-field-type",
        &|statement| {
            statement["subject"] = json!(["model"]);
        },
    );
    add("subject-array", one, "statement-field-type", &|statement| {
        let subject = statement["subject"][0].clone();
        statement["subject"] = json!([[subject["name"], subject["digest"]]]);
    });
    let named = "OMS 1.0: the subject's name is a string";
    add(
        "subject-name-missing",
        named,
        "statement-field-missing",
        &|statement| {
            remove(&mut statement["subject"][0], "name");
        },
    );
    add(
        "subject-name-number",
        named,
        "statement-field-type",
        &|statement| {
            statement["subject"][0]["name"] = 7.into();
        },
    );
    let rule = "OMS 1.0 section 5: the subject has the SHA-256 root digest in lower-case hex";
    let invalid = "subject-digest-invalid";
    add(
        "subject-digest-missing",
        rule,
        "statement-field-missing",
        &|statement| {
            remove(&mut statement["subject"][0], "digest");
        },
    );
    add("subject-digest-other-hash", rule, invalid, &|statement| {
        statement["subject"][0]["digest"] = json!({ "sha512": root.repeat(2) });
    });
    for (name, digest) in [
        ("subject-digest-upper-case", json!(root.to_uppercase())),
        ("subject-digest-short", json!(root[..62])),
        ("subject-digest-long", json!(format!("{root}00"))),
        ("subject-digest-odd", json!(root[..63])),
        ("subject-digest-prefixed", json!(format!("sha256:{root}"))),
        ("subject-digest-empty", json!("")),
    ] {
        add(name, rule, invalid, &|statement| {
            statement["subject"][0]["digest"]["sha256"] = digest.clone();
        });
    }
}
