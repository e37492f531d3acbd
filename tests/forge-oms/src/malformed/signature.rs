//! The envelope's signature: how many, how encoded, over what.

use base64ct::{Base64, Encoding};
use serde_json::{Value, json};

use crate::bundle::{self, PAYLOAD_TYPE, pae};
use crate::case::{Cases, Expect};
use crate::context::{Context, key_policy};
use crate::der;
use crate::keys::{Algorithm, Key, Kind};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    counts(context, cases);
    encodings(context, cases);
    contents(context, cases);
    twins(context, cases);
}

fn counts(context: &Context, cases: &mut Cases) {
    let payload = context.payload();
    let message = pae(PAYLOAD_TYPE, &payload);
    let good = json!({ "sig": Base64::encode_string(&context.key.sign(context.key.algorithm(), &message)) });
    let other = json!({ "sig": Base64::encode_string(&context.other.sign(context.other.algorithm(), &message)) });
    for (name, signatures) in [
        ("signatures-none", vec![]),
        ("signatures-two", vec![good.clone(), other.clone()]),
        ("signatures-two-reversed", vec![other, good.clone()]),
        ("signatures-twice-the-same", vec![good.clone(), good]),
    ] {
        let mut bundle = context.key_bundle();
        bundle["dsseEnvelope"]["signatures"] = signatures.into();
        cases.add(
            name,
            "OMS 1.0 with DSSE: exactly one signature, so that it is clear who signed",
            bundle,
            context.key_policy(),
            Expect::Failed("bundle", "signature-count"),
        );
    }
    let mut bundle = context.key_bundle();
    super::remove(&mut bundle["dsseEnvelope"], "signatures");
    cases.add(
        "signatures-missing",
        "ProtoJSON: a list that is absent has no entries, and one signature is required",
        bundle,
        context.key_policy(),
        Expect::Failed("bundle", "signature-count"),
    );
}

fn encodings(context: &Context, cases: &mut Cases) {
    let (payload, r, s) = halves(context);
    let mut add = |name: &str, rule: &str, signature: Vec<u8>| {
        let envelope = bundle::envelope(&payload, &signature);
        cases.add(
            name,
            rule,
            bundle::bundle(bundle::key_material(&context.key), envelope),
            context.key_policy(),
            Expect::Failed("signature", "signature-encoding"),
        );
    };
    let padded = |half: &[u8]| der::tlv(der::INTEGER, &[&[0], half].concat());
    let bare = |half: &[u8]| der::tlv(der::INTEGER, half);
    let canonical = || der::sequence(&[der::unsigned(&r), der::unsigned(&s)]);
    add(
        "der-fixed-length",
        "OMS 1.0: r and s are in DER, not side by side",
        [&r[..], &s].concat(),
    );
    add(
        "der-padded",
        "X.690 section 8.3.2: an INTEGER has no needless leading zero",
        der::sequence(&[padded(&r), der::unsigned(&s)]),
    );
    add(
        "der-negative",
        "RFC 3279 section 2.2.3: s is positive, so a high first bit needs a zero before it",
        der::sequence(&[der::unsigned(&r), bare(&s)]),
    );
    let plain = canonical();
    add(
        "der-long-length",
        "X.690 section 10.1: a length is in its shortest form",
        [&[0x30, 0x81, plain[1]], &plain[2..]].concat(),
    );
    add(
        "der-indefinite-length",
        "X.690 section 10.1: a length is definite",
        [&[0x30, 0x80], &plain[2..], &[0, 0]].concat(),
    );
    add(
        "der-trailing-bytes",
        "RFC 3279 section 2.2.3: nothing follows the SEQUENCE",
        [&plain[..], &[0]].concat(),
    );
    add(
        "der-third-integer",
        "RFC 3279 section 2.2.3: r and s and nothing else",
        der::sequence(&[der::unsigned(&r), der::unsigned(&s), der::unsigned(&[1])]),
    );
    add(
        "der-set",
        "RFC 3279 section 2.2.3: a SEQUENCE, not a SET",
        der::tlv(der::SET, &plain[2..]),
    );
}

/// A signature whose r has a low first bit and whose s has a high one: both paddings can be wrong.
fn halves(context: &Context) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let mut payload = context.payload();
    loop {
        let message = pae(PAYLOAD_TYPE, &payload);
        let fixed = context.key.sign_fixed(Algorithm::EcdsaSha256, &message);
        let (r, s) = fixed.split_at(fixed.len() / 2);
        if (1..0x80).contains(&r[0]) && s[0] >= 0x80 {
            return (payload, r.to_vec(), s.to_vec());
        }
        payload.push(b'\n');
    }
}

fn contents(context: &Context, cases: &mut Cases) {
    let payload = context.payload();
    let key = &context.key;
    let mut add = |name: &str, rule: &str, key: &Key, signature: Vec<u8>| {
        let envelope = bundle::envelope(&payload, &signature);
        cases.add(
            name,
            rule,
            bundle::bundle(bundle::key_material(key), envelope),
            key_policy(key),
            Expect::Failed("signature", "signature-mismatch"),
        );
    };
    let message = pae(PAYLOAD_TYPE, &payload);
    let sign = |message: &[u8]| key.sign(Algorithm::EcdsaSha256, message);
    add(
        "signed-by-another-key",
        "DSSE: the signature is that of the key which the policy expects",
        key,
        context.other.sign(Algorithm::EcdsaSha256, &message),
    );
    add(
        "signed-without-pae",
        "DSSE: the signature is over the pre-authentication encoding, not over the payload",
        key,
        sign(&payload),
    );
    add(
        "signed-base64",
        "DSSE: the signature is over the payload's bytes, not over its base64",
        key,
        sign(&pae(
            PAYLOAD_TYPE,
            Base64::encode_string(&payload).as_bytes(),
        )),
    );
    add(
        "signed-other-type",
        "DSSE: the signature covers payloadType",
        key,
        sign(&pae("application/json", &payload)),
    );
    add(
        "signed-legacy-pae",
        "OMS 1.0: a predicate of 1.0 is signed with DSSE's own encoding",
        key,
        sign(&bundle::pae_v01(&payload)),
    );
    add(
        "signed-sha384-on-p256",
        "OMS 1.0: the hash follows the curve",
        key,
        key.sign(Algorithm::EcdsaSha384, &message),
    );
    let p384 = Key::derive(Kind::P384, "signer");
    add(
        "signed-sha256-on-p384",
        "OMS 1.0: the hash follows the curve",
        &p384,
        p384.sign(Algorithm::EcdsaSha256, &message),
    );
    add(
        "signed-legacy-p384",
        "OMS 1.0: neither the encoding nor the hash of v0.2.0 with a predicate of 1.0",
        &p384,
        p384.sign(Algorithm::EcdsaSha256, &bundle::pae_v01(&payload)),
    );
}

fn twins(context: &Context, cases: &mut Cases) {
    let (payload, _, _) = halves(context);
    let mut add = |name: &str, rule: &str, bundle: Value, policy: Value| {
        cases.add(name, rule, bundle, policy, Expect::Verified);
    };
    add(
        "twin-der",
        "RFC 3279 section 2.2.3: a zero before a high first bit, none before a low one",
        context.sign(&payload),
        context.key_policy(),
    );
    for kind in [Kind::P384, Kind::P521] {
        let key = Key::derive(kind, "signer");
        let bundle = bundle::signed(bundle::key_material(&key), &key, &context.payload());
        add(
            &format!("twin-{}", format!("{kind:?}").to_lowercase()),
            "OMS 1.0: the hash follows the curve",
            bundle,
            key_policy(&key),
        );
    }
}
