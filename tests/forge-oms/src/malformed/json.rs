//! The bundle's JSON and shape.

use serde_json::{Value, json};

use super::{remove, replace};
use crate::bundle::PAYLOAD_TYPE;
use crate::case::{Cases, Expect};
use crate::context::Context;

pub(super) fn add(context: &Context, cases: &mut Cases) {
    texts(context, cases);
    shapes(context, cases);
    media_types(context, cases);
    twins(context, cases);
}

fn texts(context: &Context, cases: &mut Cases) {
    let ordinary = context.key_bundle().to_string();
    let mut add = |name: &str, rule: &str, code, text: String| {
        let expect = Expect::Failed("bundle", code);
        cases.add(name, rule, text, context.key_policy(), expect);
    };
    add(
        "bundle-trailing-data",
        "RFC 8259 section 2: a JSON text is one value",
        "json-syntax",
        format!("{ordinary} {{}}"),
    );
    add(
        "bundle-trailing-comma",
        "RFC 8259 section 4: no comma after the last member",
        "json-syntax",
        format!("{},}}", &ordinary[..ordinary.len() - 1]),
    );
    add(
        "bundle-nul-after",
        "RFC 8259 section 2: NUL is not white space",
        "json-syntax",
        format!("{ordinary}\0"),
    );
    add(
        "bundle-control-character",
        "RFC 8259 section 7: control characters in strings are escaped",
        "json-syntax",
        replace(&ordinary, "\"keyid\":\"\"", "\"keyid\":\"\n\""),
    );
    add(
        "bundle-lone-surrogate",
        "RFC 8259 section 8.2: a surrogate without its pair is not a character",
        "json-syntax",
        replace(&ordinary, "\"keyid\":\"\"", "\"keyid\":\"\\ud800\""),
    );
    add(
        "bundle-duplicate-media-type",
        "RFC 8259 section 4: names in an object are unique",
        "json-duplicate-key",
        replace(
            &ordinary,
            "{\"dsseEnvelope\"",
            "{\"mediaType\":\"x\",\"dsseEnvelope\"",
        ),
    );
    add(
        "bundle-duplicate-payload",
        "RFC 8259 section 4: two payloads, of which one is signed",
        "json-duplicate-key",
        replace(
            &ordinary,
            "{\"payload\"",
            "{\"payload\":\"e30=\",\"payload\"",
        ),
    );
    add(
        "bundle-duplicate-escaped",
        "RFC 8259 section 8.3: an escaped name is the same name",
        "json-duplicate-key",
        replace(
            &ordinary,
            "{\"payload\"",
            "{\"pay\\u006coad\":\"e30=\",\"payload\"",
        ),
    );
    for levels in [40, 100_000] {
        let bomb = format!("\"keyid\":{}{}", "[".repeat(levels), "]".repeat(levels));
        add(
            &format!("bundle-depth-{levels}"),
            "RFC 8259 section 9: a parser may limit the depth of nesting",
            "json-depth",
            replace(&ordinary, "\"keyid\":\"\"", &bomb),
        );
    }
}

fn shapes(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, code, change: &dyn Fn(&mut Value)| {
        let mut bundle = context.key_bundle();
        change(&mut bundle);
        cases.add(
            name,
            rule,
            bundle,
            context.key_policy(),
            Expect::Failed("bundle", code),
        );
    };
    add(
        "envelope-array",
        "DSSE envelope: an object, not the list of its values",
        "bundle-field-type",
        &|bundle| {
            let envelope = &mut bundle["dsseEnvelope"];
            *envelope = json!([
                envelope["payload"],
                envelope["payloadType"],
                envelope["signatures"]
            ]);
        },
    );
    add(
        "signature-array",
        "DSSE signature: an object, not the list of its values",
        "bundle-field-type",
        &|bundle| {
            let signature = &mut bundle["dsseEnvelope"]["signatures"][0];
            *signature = json!([signature["sig"], ""]);
        },
    );
    add(
        "public-key-array",
        "Sigstore bundle: publicKey is an object",
        "bundle-field-type",
        &|bundle| {
            let key = &mut bundle["verificationMaterial"]["publicKey"];
            *key = json!([key["hint"]]);
        },
    );
    add(
        "signatures-object",
        "DSSE envelope: signatures is an array, even of one",
        "bundle-field-type",
        &|bundle| {
            let signatures = &mut bundle["dsseEnvelope"]["signatures"];
            *signatures = signatures[0].take();
        },
    );
    add(
        "payload-number",
        "DSSE envelope: payload is a string",
        "bundle-field-type",
        &|bundle| bundle["dsseEnvelope"]["payload"] = 1.into(),
    );
    add(
        "tlog-entries-object",
        "Sigstore bundle: tlogEntries is an array",
        "bundle-field-type",
        &|bundle| bundle["verificationMaterial"]["tlogEntries"] = json!({}),
    );
    add(
        "payload-missing",
        "DSSE envelope: payload is required",
        "bundle-field-missing",
        &|bundle| remove(&mut bundle["dsseEnvelope"], "payload"),
    );
    add(
        "payload-type-missing",
        "DSSE envelope: payloadType is required",
        "bundle-field-missing",
        &|bundle| remove(&mut bundle["dsseEnvelope"], "payloadType"),
    );
    add(
        "sig-missing",
        "DSSE signature: sig is required",
        "bundle-field-missing",
        &|bundle| remove(&mut bundle["dsseEnvelope"]["signatures"][0], "sig"),
    );
    add(
        "envelope-missing",
        "OMS 1.0: a bundle has a DSSE envelope",
        "bundle-field-missing",
        &|bundle| remove(bundle, "dsseEnvelope"),
    );
    add(
        "material-missing",
        "Sigstore bundle: a bundle has verificationMaterial",
        "bundle-field-missing",
        &|bundle| remove(bundle, "verificationMaterial"),
    );
    add(
        "unknown-field",
        "OMS 1.0 schema: a bundle has no additional properties",
        "bundle-field-unknown",
        &|bundle| bundle["comment"] = "x".into(),
    );
    add(
        "unknown-field-material",
        "OMS 1.0 schema: verificationMaterial has no additional properties",
        "bundle-field-unknown",
        &|bundle| bundle["verificationMaterial"]["comment"] = "x".into(),
    );
    add(
        "unknown-field-envelope",
        "DSSE envelope in a Sigstore bundle: no additional properties",
        "bundle-field-unknown",
        &|bundle| bundle["dsseEnvelope"]["comment"] = "x".into(),
    );
    add(
        "unknown-field-case",
        "RFC 8259 section 8.3: names are compared code unit by code unit",
        "bundle-field-unknown",
        &|bundle| bundle["MediaType"] = "x".into(),
    );
    add(
        "payload-type-wrong",
        "DSSE: the payloadType that was signed is not that of an in-toto statement",
        "envelope-payload-type",
        &|bundle| {
            let payload = context.payload();
            let other = "application/vnd.in-toto+xml";
            let message = crate::bundle::pae(other, &payload);
            let signature = context.key.sign(context.key.algorithm(), &message);
            bundle["dsseEnvelope"] = crate::bundle::envelope(&payload, &signature);
            bundle["dsseEnvelope"]["payloadType"] = other.into();
        },
    );
    add(
        "payload-type-parameter",
        "DSSE: payloadType is compared exactly, without parameters",
        "envelope-payload-type",
        &|bundle| {
            let payload = context.payload();
            let other = format!("{PAYLOAD_TYPE};charset=utf-8");
            let message = crate::bundle::pae(&other, &payload);
            let signature = context.key.sign(context.key.algorithm(), &message);
            bundle["dsseEnvelope"] = crate::bundle::envelope(&payload, &signature);
            bundle["dsseEnvelope"]["payloadType"] = other.into();
        },
    );
}

fn media_types(context: &Context, cases: &mut Cases) {
    let rule = "OMS 1.0: the mediaType of a bundle with a key or a chain is that of bundle v0.3";
    for (name, media_type) in [
        (
            "media-type-v0.1",
            "application/vnd.dev.sigstore.bundle+json;version=0.1",
        ),
        (
            "media-type-v0.2",
            "application/vnd.dev.sigstore.bundle+json;version=0.2",
        ),
        (
            "media-type-v0.3-old-form",
            "application/vnd.dev.sigstore.bundle+json;version=0.3",
        ),
        (
            "media-type-v0.4",
            "application/vnd.dev.sigstore.bundle.v0.4+json",
        ),
        (
            "media-type-upper-case",
            "application/vnd.dev.sigstore.bundle.V0.3+JSON",
        ),
        (
            "media-type-suffix",
            "application/vnd.dev.sigstore.bundle.v0.3+json ",
        ),
        ("media-type-empty", ""),
    ] {
        let mut bundle = context.key_bundle();
        bundle["mediaType"] = media_type.into();
        let expect = Expect::Failed("bundle", "media-type-unsupported");
        cases.add(name, rule, bundle, context.key_policy(), expect);
    }
    let mut bundle = context.key_bundle();
    bundle["mediaType"] = 3.into();
    let expect = Expect::Failed("bundle", "bundle-field-type");
    cases.add(
        "media-type-number",
        rule,
        bundle,
        context.key_policy(),
        expect,
    );
}

fn twins(context: &Context, cases: &mut Cases) {
    let ordinary = context.key_bundle();
    let mut add = |name: &str, rule: &str, text: String| {
        cases.add(name, rule, text, context.key_policy(), Expect::Verified);
    };
    add(
        "twin-key",
        "the ordinary bundle that the cases change",
        ordinary.to_string(),
    );
    add(
        "bundle-bom",
        "RFC 8259 section 8.1: a parser may ignore a byte order mark",
        format!("\u{feff}{ordinary}"),
    );
    add(
        "twin-indented",
        "RFC 8259 section 2: white space between tokens means nothing",
        serde_json::to_string_pretty(&ordinary).expect("a JSON value can be written") + "\r\n\t ",
    );
    add(
        "twin-escapes",
        "RFC 8259 section 7: a solidus may be escaped, and any letter",
        replace(
            &ordinary.to_string(),
            "application/vnd.in-toto",
            "\\u0061pplication\\/vnd.in-toto",
        ),
    );
    let mut go = ordinary.clone();
    remove(&mut go["verificationMaterial"], "tlogEntries");
    remove(&mut go["dsseEnvelope"]["signatures"][0], "keyid");
    add(
        "twin-go",
        "Go bundles have neither tlogEntries nor keyid",
        go.to_string(),
    );
    let mut null = ordinary.clone();
    null["verificationMaterial"]["tlogEntries"] = Value::Null;
    null["verificationMaterial"]["certificate"] = Value::Null;
    null["verificationMaterial"]["timestampVerificationData"] = Value::Null;
    null["dsseEnvelope"]["signatures"][0]["keyid"] = Value::Null;
    add(
        "twin-null",
        "ProtoJSON: null is a field that is not set",
        null.to_string(),
    );
    let mut named = ordinary;
    named["dsseEnvelope"]["signatures"][0]["keyid"] = "any text".into();
    add(
        "twin-keyid",
        "DSSE: keyid is a hint that nothing may depend on",
        named.to_string(),
    );
}
