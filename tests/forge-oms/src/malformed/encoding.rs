//! Base64 (RFC 4648) and the payload's own JSON (RFC 8259).

use base64ct::{Base64Unpadded, Base64UrlUnpadded, Encoding};
use serde_json::Value;

use super::{add_payload, payload_text, replace};
use crate::case::{Cases, Expect};
use crate::context::Context;

pub(super) fn add(context: &Context, cases: &mut Cases) {
    base64(context, cases);
    payloads(context, cases);
    duplicates(context, cases);
    twins(context, cases);
}

fn base64(context: &Context, cases: &mut Cases) {
    let payload = awkward_payload(context);
    let plain = Base64Unpadded::encode_string(&payload);
    let mut add = |name: &str, rule: &str, text: String| {
        let mut bundle = context.sign(&payload);
        bundle["dsseEnvelope"]["payload"] = text.into();
        let expect = Expect::Failed("bundle", "base64-invalid");
        cases.add(name, rule, bundle, context.key_policy(), expect);
    };
    let url = Base64UrlUnpadded::encode_string(&payload);
    add(
        "base64-url-alphabet",
        "RFC 4648 section 5 is another alphabet than section 4",
        format!("{url}=="),
    );
    add(
        "base64-no-padding",
        "RFC 4648 section 3.2: padding is required",
        plain.clone(),
    );
    add(
        "base64-half-padding",
        "RFC 4648 section 4: one byte left over takes two `=`",
        format!("{plain}="),
    );
    add(
        "base64-more-padding",
        "RFC 4648 section 4: at most two `=`",
        format!("{plain}===="),
    );
    let (head, last) = plain.split_at(plain.len() - 1);
    let next = char::from(last.as_bytes()[0] + 1);
    add(
        "base64-trailing-bits",
        "RFC 4648 section 3.5: bits beyond the last byte are zero",
        format!("{head}{next}=="),
    );
    add(
        "base64-line-breaks",
        "RFC 4648 section 3.1: no line feeds",
        format!("{}\n{}==\n", &plain[..76], &plain[76..]),
    );
    add(
        "base64-space",
        "RFC 4648 section 3.3: no other characters",
        format!("{plain}== "),
    );

    let mut bundle = context.key_bundle();
    let sig = &mut bundle["dsseEnvelope"]["signatures"][0]["sig"];
    *sig = sig.as_str().expect("text").trim_end_matches('=').into();
    assert!(
        sig.as_str().is_some_and(|sig| sig.len() % 4 != 0),
        "the signature must be padded"
    );
    cases.add(
        "base64-signature",
        "RFC 4648 section 3.2: the signature's padding is required, too",
        bundle,
        context.key_policy(),
        Expect::Failed("bundle", "base64-invalid"),
    );

    let mut bundle = context.chain_bundle(&context.pki.chain());
    let certificates = &mut bundle["verificationMaterial"]["x509CertificateChain"]["certificates"];
    let leaf = &mut certificates[0]["rawBytes"];
    *leaf = leaf
        .as_str()
        .expect("text")
        .replace('+', "-")
        .replace('/', "_")
        .into();
    assert!(leaf.as_str().is_some_and(|leaf| leaf.contains(['-', '_'])));
    cases.add(
        "base64-certificate",
        "RFC 4648 section 5: certificates are in the standard alphabet",
        bundle,
        context.pki.policy(),
        Expect::Failed("bundle", "base64-invalid"),
    );
}

/// The payload with a field more in its predicate, which readers ignore.
fn with_field(text: &str, field: &str) -> Vec<u8> {
    let predicate = format!("\"predicate\": {{ {field},");
    replace(text, "\"predicate\": {", &predicate).into_bytes()
}

/// A payload whose base64 has both letters that alphabets disagree on, and one byte left over.
fn awkward_payload(context: &Context) -> Vec<u8> {
    let mut statement = context.statement();
    statement["predicate"]["comment"] = ">>>???>>>>???".into();
    let mut payload = crate::bundle::payload(&statement);
    while payload.len() % 3 != 1 {
        payload.push(b' ');
    }
    let text = Base64Unpadded::encode_string(&payload);
    assert!(
        text.contains('+') && text.contains('/'),
        "the comment must bring both letters"
    );
    payload
}

fn payloads(context: &Context, cases: &mut Cases) {
    let text = payload_text(context);
    let mut add = |name: &str, rule: &str, code, payload: Vec<u8>| {
        add_payload(
            context,
            cases,
            name,
            rule,
            Expect::Failed("statement", code),
            &payload,
        );
    };
    let with = |addition: &str| with_field(&text, addition);
    let syntax = "json-syntax";
    add(
        "payload-empty",
        "RFC 8259 section 2: an empty file is not a JSON text",
        syntax,
        Vec::new(),
    );
    add(
        "payload-trailing-data",
        "RFC 8259 section 2: one value",
        syntax,
        (text.clone() + "{}").into(),
    );
    add(
        "payload-bom",
        "RFC 8259 section 8.1: a JSON text has no byte order mark",
        syntax,
        format!("\u{feff}{text}").into(),
    );
    add(
        "payload-not-utf-8",
        "RFC 8259 section 8.1: JSON is UTF-8",
        syntax,
        replace_bytes(text.as_bytes(), b"config.json", b"config.\xff\xfe"),
    );
    add(
        "payload-overlong-utf-8",
        "RFC 3629 section 3: `/` has one encoding only",
        syntax,
        replace_bytes(text.as_bytes(), b"sub/vocab", b"sub\xc0\xafvocab"),
    );
    add(
        "payload-utf-16",
        "RFC 8259 section 8.1: JSON is UTF-8",
        syntax,
        text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
    );
    add(
        "payload-lone-surrogate",
        "RFC 8259 section 8.2: a surrogate without its pair is not a character",
        syntax,
        replace(&text, "config.json", "config.\\udc00json").into(),
    );
    add(
        "payload-comment",
        "RFC 8259 has no comments",
        syntax,
        with("/* x */ \"x\": 1"),
    );
    add(
        "payload-nan",
        "RFC 8259 section 6: NaN is not a number",
        syntax,
        with("\"x\": NaN"),
    );
    add(
        "payload-leading-zero",
        "RFC 8259 section 6: no leading zeros, even in a field that is ignored",
        syntax,
        with("\"x\": 01"),
    );
    add(
        "payload-control-character",
        "RFC 8259 section 7: control characters in strings are escaped",
        syntax,
        with("\"x\": \"a\tb\""),
    );
    for levels in [40, 100_000] {
        let bomb = format!("\"x\": {}{}", "[".repeat(levels), "]".repeat(levels));
        add(
            &format!("payload-depth-{levels}"),
            "RFC 8259 section 9: the limit on nesting holds in fields that are ignored",
            "json-depth",
            with(&bomb),
        );
    }
}

fn duplicates(context: &Context, cases: &mut Cases) {
    let text = payload_text(context);
    let text = text.as_str();
    let mut add = |name: &str, rule: &str, code, payload: Vec<u8>| {
        let expect = Expect::Failed("statement", code);
        add_payload(context, cases, name, rule, expect, &payload);
    };
    let rule = "RFC 8259 section 4: names in an object are unique";
    let code = "json-duplicate-key";
    add(
        "payload-duplicate-subject",
        rule,
        code,
        replace(text, "{\n  \"_type\"", "{\n  \"subject\": [],\n  \"_type\"").into(),
    );
    add(
        "payload-duplicate-digest",
        rule,
        code,
        replace(text, "\"digest\": {", "\"digest\": { \"sha256\": \"00\",").into(),
    );
    add(
        "payload-duplicate-resources",
        rule,
        code,
        replace(
            text,
            "\"resources\": [",
            "\"resources\": [], \"resources\": [",
        )
        .into(),
    );
    add(
        "payload-duplicate-ignored",
        "RFC 8259 section 4: names are unique in a field that is ignored, too",
        code,
        with_field(
            text,
            "\"x\": { \"y\": [{ \"a\": 1, \"b\": 2, \"\\u0061\": 3 }] }",
        ),
    );
}

fn twins(context: &Context, cases: &mut Cases) {
    let payload = awkward_payload(context);
    let expect = || Expect::Verified;
    add_payload(
        context,
        cases,
        "twin-base64",
        "RFC 4648 section 4: `+`, `/` and `==` in their places; spaces after the statement",
        expect(),
        &payload,
    );
    let mut statement = context.statement();
    statement["predicate"]["x"] = serde_json::json!({ "deep": [[[[[[[[1e3]]]]]]]], "a": null });
    statement["predicate"]["resources"][0]["size"] = 14.into();
    statement["comment"] = Value::Bool(true);
    add_payload(
        context,
        cases,
        "twin-unknown-fields",
        "in-toto Statement v1: unknown fields in the statement and the predicate are ignored",
        expect(),
        &crate::bundle::payload(&statement),
    );
    let text = payload_text(context);
    add_payload(
        context,
        cases,
        "twin-payload-escapes",
        "RFC 8259 section 7: an escaped name is the same name",
        expect(),
        replace(&text, "sub/vocab.txt", "s\\u0075b\\/vocab.txt").as_bytes(),
    );
}

fn replace_bytes(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let found: Vec<_> = (0..text.len())
        .filter(|start| text[*start..].starts_with(from))
        .collect();
    let [start] = found[..] else {
        panic!("the bytes must occur once")
    };
    [&text[..start], to, &text[start + from.len()..]].concat()
}
