//! Policies that are refused themselves, and sound bundles that a policy does not want.

use serde_json::{Value, json};

use crate::case::{Cases, Expect};
use crate::certificate::Certificate;
use crate::context::{Context, certificate_policy, key_policy};
use crate::keys::{Key, Kind, pem};
use crate::model::Hash;

pub(super) fn add(context: &Context, cases: &mut Cases) {
    shapes(context, cases);
    keys(context, cases);
    anchors(context, cases);
    pins(context, cases);
    denials(context, cases);
}

fn misuse(code: &'static str) -> Expect {
    Expect::Misuse("policy", code)
}

fn shapes(context: &Context, cases: &mut Cases) {
    let mut refuse = |name: &str, rule: &str, code, policy: Value| {
        cases.add(name, rule, context.key_bundle(), policy, misuse(code));
    };
    let mut add = |name: &str, rule: &str, policy| refuse(name, rule, "policy-invalid", policy);
    let with = |field: &str, value: Value| {
        let mut policy = context.key_policy();
        policy[field] = value;
        policy
    };
    let rule = "a policy is an object of known fields";
    add(
        "policy-array",
        rule,
        json!(["key", context.key.public_pem()]),
    );
    add("policy-null", rule, Value::Null);
    add(
        "policy-without-method",
        rule,
        json!({ "publicKey": context.key.public_pem() }),
    );
    add("policy-unknown-method", rule, with("method", "any".into()));
    add("policy-key-number", rule, with("publicKey", 1.into()));
    add("policy-without-key", rule, json!({ "method": "key" }));
    let rule = "a policy's digests are `sha256:` and lower-case hex";
    let digest = Hash::Sha256.hex(b"");
    add(
        "policy-root-plain-hex",
        rule,
        with("rootDigest", digest.clone().into()),
    );
    let upper = format!("sha256:{}", digest.to_uppercase());
    add(
        "policy-root-upper-case",
        rule,
        with("rootDigest", upper.into()),
    );
    add(
        "policy-deny-short",
        rule,
        with("deny", json!([format!("sha256:{}", &digest[..40])])),
    );
    add(
        "policy-deny-string",
        rule,
        with("deny", format!("sha256:{digest}").into()),
    );
    add(
        "policy-name-number",
        "a model's name is a string",
        with("modelName", 1.into()),
    );
    let mut add = |name: &str, rule: &str, policy| {
        refuse(name, rule, "policy-field-unknown", policy);
    };
    add(
        "policy-unknown-field",
        "a policy is an object of known fields",
        with("skipSignature", true.into()),
    );
    let rule = "a policy has the fields of its method alone";
    add("policy-key-with-anchors", rule, with("anchors", json!([])));
    add(
        "policy-key-with-legacy",
        "v0.2.0 had certificates only",
        with("digestsV01", true.into()),
    );
    let rule = "a field that is null would read like a field without a limit";
    for field in ["rootDigest", "modelName", "deny", "publicKey", "method"] {
        let name = format!("policy-null-{field}");
        refuse(&name, rule, "policy-field-null", with(field, Value::Null));
    }
    cases.add(
        "policy-sigstore-nobody",
        "a keyless policy names the expected signer",
        context.key_bundle(),
        json!({ "method": "sigstore" }),
        misuse("policy-invalid"),
    );
}

fn keys(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, text: String, code| {
        let policy = json!({ "method": "key", "publicKey": text });
        cases.add(name, rule, context.key_bundle(), policy, misuse(code));
    };
    let rule = "RFC 7468 section 13: a public key in PEM is a SubjectPublicKeyInfo";
    let (invalid, unsupported) = ("key-invalid", "key-unsupported");
    let spki = context.key.spki();
    add("policy-key-empty", rule, String::new(), invalid);
    add("policy-key-text", rule, "no key".into(), invalid);
    add(
        "policy-key-certificate",
        rule,
        pem("CERTIFICATE", &context.pki.root_der()),
        invalid,
    );
    add(
        "policy-key-private",
        rule,
        pem("PRIVATE KEY", &spki),
        invalid,
    );
    add(
        "policy-key-garbage",
        rule,
        pem("PUBLIC KEY", b"garbage"),
        invalid,
    );
    add(
        "policy-key-trailing",
        rule,
        pem("PUBLIC KEY", &[&spki[..], &[0]].concat()),
        invalid,
    );
    let rule = "OMS 1.0: the key is on P-256, P-384 or P-521";
    for (name, key) in [
        ("policy-key-secp256k1", Key::derive(Kind::K256, "signer")),
        ("policy-key-ed25519", Key::derive(Kind::Ed25519, "signer")),
        ("policy-key-rsa", Key::rsa_3072()),
    ] {
        add(name, rule, key.public_pem(), unsupported);
    }
}

fn anchors(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let bundle = context.chain_bundle(&pki.chain());
    let mut add = |name: &str, rule: &str, policy: Value, expect| {
        cases.add(name, rule, bundle.clone(), policy, expect);
    };
    let rule = "a certificate policy has an anchor, and one that can be read";
    add(
        "policy-no-anchors",
        rule,
        certificate_policy(&[]),
        misuse("anchor-missing"),
    );
    let text = |text: &str| json!({ "method": "certificate", "anchors": [text] });
    add(
        "policy-anchor-text",
        rule,
        text("no certificate"),
        misuse("anchor-invalid"),
    );
    add(
        "policy-anchor-key",
        rule,
        text(&context.key.public_pem()),
        misuse("anchor-invalid"),
    );
    add(
        "policy-anchor-garbage",
        rule,
        certificate_policy(&[vec![0x30, 0]]),
        misuse("anchor-invalid"),
    );
    let ed25519 = Key::derive(Kind::Ed25519, "anchor");
    let ed25519 = Certificate::authority("Ed25519", &ed25519, "Ed25519", &ed25519).sign(&ed25519);
    add(
        "policy-anchor-ed25519",
        rule,
        certificate_policy(&[ed25519]),
        misuse("anchor-invalid"),
    );
    let many: Vec<_> = (0..17)
        .map(|index| {
            let name = format!("Anchor {index}");
            Certificate::authority(&name, &context.other, &name, &context.other)
                .sign(&context.other)
        })
        .collect();
    add(
        "policy-17-anchors",
        "a policy has at most 16 anchors",
        certificate_policy(&many),
        misuse("anchor-count"),
    );
    let rule = "OMS 1.0: the caller trusts a root CA; an intermediate only by consent";
    let mut policy = certificate_policy(&[pki.intermediate_der()]);
    add(
        "anchor-intermediate",
        rule,
        policy.clone(),
        misuse("anchor-not-self-signed"),
    );
    policy["intermediateAnchors"] = true.into();
    add("twin-anchor-intermediate", rule, policy, Expect::Verified);
    // Named like its issuer and signed by another key: a name alone does not make a root.
    let mut disguised = pki.intermediate();
    disguised.issuer = disguised.subject.clone();
    let policy = certificate_policy(&[disguised.sign(&pki.root_key)]);
    add(
        "anchor-disguised",
        rule,
        policy,
        misuse("anchor-not-self-signed"),
    );
}

fn pins(context: &Context, cases: &mut Cases) {
    let mut add = |name: &str, rule: &str, field: &str, value: Value, expect| {
        let mut policy = context.key_policy();
        policy[field] = value;
        cases.add(name, rule, context.key_bundle(), policy, expect);
    };
    let statement = context.statement();
    let root = statement["subject"][0]["digest"]["sha256"]
        .as_str()
        .expect("a digest");
    let other = format!("sha256:{}", Hash::Sha256.hex(b"another model"));
    let rule = "the policy pins the model's root digest";
    let unexpected = Expect::Failed("manifest", "root-digest-unexpected");
    add("pinned-root", rule, "rootDigest", other.into(), unexpected);
    let right = format!("sha256:{root}");
    add(
        "twin-pinned-root",
        rule,
        "rootDigest",
        right.into(),
        Expect::Verified,
    );
    let rule = "the policy pins the model's name, exactly";
    for (name, text) in [("pinned-name", "another"), ("pinned-name-case", "Model")] {
        let unexpected = Expect::Failed("manifest", "model-name-unexpected");
        add(name, rule, "modelName", text.into(), unexpected);
    }
    add(
        "twin-pinned-name",
        rule,
        "modelName",
        "model".into(),
        Expect::Verified,
    );
    let rule = "a key expects its own bundle, not another signer's";
    let expect = Expect::Failed("material", "key-hint-mismatch");
    cases.add(
        "policy-of-another-key",
        rule,
        context.key_bundle(),
        key_policy(&context.other),
        expect,
    );
}

fn denials(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let digest = |bytes: &[u8]| format!("sha256:{}", Hash::Sha256.hex(bytes));
    let statement = context.statement();
    let root = statement["subject"][0]["digest"]["sha256"]
        .as_str()
        .expect("a digest");
    let mut add = |name: &str, by_key: bool, denied: String, expect| {
        let (bundle, mut policy) = if by_key {
            (context.key_bundle(), context.key_policy())
        } else {
            (context.chain_bundle(&pki.chain()), pki.policy())
        };
        policy["deny"] = json!([denied]);
        cases.add(name, "the policy denies a digest", bundle, policy, expect);
    };
    let denied = |stage, code| Expect::Failed(stage, code);
    add(
        "deny-key",
        true,
        digest(&context.key.spki()),
        denied("signature", "key-denied"),
    );
    let root = format!("sha256:{root}");
    let root_denied = || denied("manifest", "root-digest-denied");
    add("deny-root-digest", true, root.clone(), root_denied());
    add("deny-root-digest-of-chain", false, root, root_denied());
    let certificate = || denied("certificate", "certificate-denied");
    add("deny-leaf", false, digest(&pki.leaf_der()), certificate());
    add(
        "deny-intermediate",
        false,
        digest(&pki.intermediate_der()),
        certificate(),
    );
    add("deny-anchor", false, digest(&pki.root_der()), certificate());
    add(
        "deny-leaf-key",
        false,
        digest(&pki.leaf_key.spki()),
        denied("signature", "key-denied"),
    );
    let key_denied = || denied("signature", "key-denied");
    add(
        "deny-intermediate-key",
        false,
        digest(&pki.intermediate_key.spki()),
        key_denied(),
    );
    add(
        "deny-anchor-key",
        false,
        digest(&pki.root_key.spki()),
        key_denied(),
    );
    add(
        "twin-deny-others",
        false,
        digest(b"other"),
        Expect::Verified,
    );
    // Anyone can put a certificate into its other form, without a key.
    let leaf = pki.leaf().sign_in_other_form(&pki.intermediate_key);
    let intermediate = pki.intermediate().sign_in_other_form(&pki.root_key);
    let other_forms = [leaf.clone(), intermediate.clone()];
    let mut add = |name: &str, chain: &[Vec<u8>], denied: &[u8], expect| {
        let mut policy = pki.policy();
        policy["deny"] = json!([digest(denied)]);
        let rule = "a certificate is denied in both forms of its ECDSA signature";
        cases.add(name, rule, context.chain_bundle(chain), policy, expect);
    };
    let (chain, certificate) = (pki.chain(), certificate);
    add(
        "deny-leaf-of-other-form",
        &other_forms,
        &chain[0],
        certificate(),
    );
    add(
        "deny-intermediate-of-other-form",
        &other_forms,
        &chain[1],
        certificate(),
    );
    add("deny-other-form-of-leaf", &chain, &leaf, certificate());
    add(
        "deny-other-form-of-intermediate",
        &chain,
        &intermediate,
        certificate(),
    );
    add(
        "twin-deny-other-forms",
        &other_forms,
        b"other",
        Expect::Verified,
    );
}
