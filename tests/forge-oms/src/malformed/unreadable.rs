//! Files that are not a bundle at all: they get no verdict, but are named for what they are.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use super::remove;
use crate::case::{Cases, Expect};
use crate::context::Context;

pub(super) fn add(context: &Context, cases: &mut Cases) {
    let bundle = context.key_bundle();
    let mut add = |name: &str, rule: &str, bytes: Vec<u8>| {
        let expect = Expect::Misuse("bundle", "bundle-unreadable");
        cases.add(name, rule, bytes, context.key_policy(), expect);
    };
    add("bundle-empty", "an empty file", Vec::new());
    add("bundle-spaces", "only white space", b" \r\n\t".to_vec());
    add(
        "bundle-html",
        "an error page in place of the bundle",
        b"<!DOCTYPE html>\n<html><title>404 Not Found</title></html>\n".to_vec(),
    );
    let pointer = "version https://git-lfs.github.com/spec/v1\n\
                   oid sha256:0000000000000000000000000000000000000000000000000000000000000000\n\
                   size 4821\n";
    add(
        "bundle-lfs-pointer",
        "what a clone without Git LFS has in place of the bundle",
        pointer.into(),
    );
    add(
        "bundle-gzip",
        "a compressed file",
        b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\xae\x05\x00".to_vec(),
    );
    let text = bundle.to_string();
    add(
        "bundle-two-boms",
        "RFC 8259 section 8.1: one byte order mark may be ignored, not two",
        format!("\u{feff}\u{feff}{text}").into(),
    );
    let utf16 = [0xfeff].into_iter().chain(text.encode_utf16());
    add(
        "bundle-utf-16",
        "RFC 8259 section 8.1: JSON is exchanged in UTF-8",
        utf16.flat_map(u16::to_le_bytes).collect(),
    );
    add(
        "bundle-pem",
        "a public key in place of the bundle",
        context.key.public_pem().into(),
    );
    add(
        "bundle-path",
        "the name of a file in place of its content",
        b"model/model.sig".to_vec(),
    );
    add(
        "bundle-address",
        "an address in place of what it leads to",
        b"https://example.com/model.sig".to_vec(),
    );
    add(
        "bundle-base64",
        "the bundle in base64",
        Base64::encode_string(text.as_bytes()).into(),
    );
    add(
        "bundle-lines",
        "two bundles: a model has one",
        format!("{text}\n{text}\n").into(),
    );
    let mut json = |name: &str, rule: &str, value: Value| add(name, rule, value.to_string().into());
    let mut bare = bundle.clone();
    remove(&mut bare, "mediaType");
    json(
        "media-type-missing",
        "Sigstore bundle: the mediaType says that it is one",
        bare,
    );
    json(
        "bundle-array",
        "Sigstore bundle: an object, not the list of its values",
        json!([
            bundle["mediaType"],
            bundle["verificationMaterial"],
            bundle["dsseEnvelope"],
        ]),
    );
    json(
        "bundle-envelope",
        "a DSSE envelope without a bundle around it",
        bundle["dsseEnvelope"].clone(),
    );
    json(
        "bundle-statement",
        "the statement without its signature",
        context.statement(),
    );
    json(
        "bundle-cosign",
        "cosign's own format, before bundles",
        json!({
            "base64Signature": bundle["dsseEnvelope"]["signatures"][0]["sig"],
            "cert": "",
            "rekorBundle": { "SignedEntryTimestamp": "", "Payload": {} },
        }),
    );
    json(
        "bundle-attestations",
        "the answer of an API, with bundles inside",
        json!({ "attestations": [{ "bundle": bundle }] }),
    );
}
