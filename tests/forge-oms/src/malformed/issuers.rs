//! Chains that do not lead to an anchor of the policy, or lead nowhere (RFC 5280 section 6, RFC 4158).

use super::chain::failed;
use crate::case::{Cases, Expect};
use crate::certificate::{Certificate, Extension, KEY_ENCIPHERMENT, SERVER_AUTH};
use crate::context::{Context, ROOT, SIGNER, certificate_policy};
use crate::der;
use crate::keys::{Key, Kind};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    paths(context, cases);
    loops(context, cases);
    counts(context, cases);
    trusted_leaves(context, cases);
}

fn paths(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let other_key = Key::derive(Kind::P384, "other root");
    let other = Certificate::authority("Other Root", &other_key, "Other Root", &other_key);
    let same_name = Certificate::authority(ROOT, &other_key, ROOT, &other_key);
    let unknown = || failed("issuer-unknown");
    let ordinary = context.chain_bundle(&pki.chain());
    let rule = "RFC 5280 section 6.1.1 (d): the path starts at a trust anchor of the policy";
    let policy = certificate_policy(&[other.sign(&other_key)]);
    cases.add(
        "anchor-of-another-name",
        rule,
        ordinary.clone(),
        policy.clone(),
        unknown(),
    );
    let mut with_root = pki.chain();
    with_root.push(pki.root_der());
    let bundle = context.chain_bundle(&with_root);
    cases.add("anchor-only-in-bundle", rule, bundle, policy, unknown());
    cases.add(
        "anchor-of-another-key",
        "RFC 5280 section 6.1.3 (a)(1): the anchor's key, not its name, signs the certificate",
        ordinary,
        certificate_policy(&[same_name.sign(&other_key)]),
        failed("certificate-signature-mismatch"),
    );
    let rule = "RFC 5280 section 6.1: every issuer of the path is known";
    let bundle = context.chain_bundle(&[pki.leaf_der()]);
    cases.add(
        "intermediate-missing",
        rule,
        bundle,
        pki.policy(),
        unknown(),
    );
    let own = Certificate::leaf(SIGNER, &pki.leaf_key, SIGNER, &pki.leaf_key).sign(&pki.leaf_key);
    let bundle = context.chain_bundle(std::slice::from_ref(&own));
    cases.add("leaf-self-signed", rule, bundle, pki.policy(), unknown());
    let mut reversed = pki.chain();
    reversed.reverse();
    cases.add(
        "leaf-not-first",
        "OMS 1.0: the first certificate is the signer's",
        context.chain_bundle(&reversed),
        pki.policy(),
        failed("key-usage-invalid"),
    );
    cases.add(
        "leaf-of-another-key",
        "OMS 1.0: the signature is that of the first certificate's key",
        context.chain_bundle_by(&context.other, &pki.chain()),
        pki.policy(),
        Expect::Failed("signature", "signature-mismatch"),
    );
    // Signed by another key; name and key identifier say the ordinary intermediate.
    let forged = pki.leaf().sign(&Key::derive(Kind::P384, "forger"));
    cases.add(
        "leaf-forged",
        "RFC 5280 section 6.1.3 (a)(1): the issuer's key signed the certificate",
        context.chain_bundle(&[forged, pki.intermediate_der()]),
        pki.policy(),
        failed("certificate-signature-mismatch"),
    );
    let forged = pki.intermediate().sign(&Key::derive(Kind::P384, "forger"));
    cases.add(
        "intermediate-forged",
        "RFC 5280 section 6.1.3 (a)(1): the issuer's key signed the certificate",
        context.chain_bundle(&[pki.leaf_der(), forged]),
        pki.policy(),
        failed("certificate-signature-mismatch"),
    );
}

/// Authorities that certify each other.
fn loops(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let (a_key, b_key) = (
        Key::derive(Kind::P256, "loop a"),
        Key::derive(Kind::P256, "loop b"),
    );
    let leaf = Certificate::leaf(SIGNER, &pki.leaf_key, "Loop A", &a_key).sign(&a_key);
    let a_by_b = Certificate::authority("Loop A", &a_key, "Loop B", &b_key).sign(&b_key);
    let b_by_a = Certificate::authority("Loop B", &b_key, "Loop A", &a_key).sign(&a_key);
    let b_by_root =
        Certificate::authority("Loop B", &b_key, ROOT, &pki.root_key).sign(&pki.root_key);
    let mut chain = vec![leaf, a_by_b, b_by_a];
    cases.add(
        "loop",
        "RFC 5280 section 6.1: no certificate is twice in a path",
        context.chain_bundle(&chain),
        pki.policy(),
        failed("issuer-unknown"),
    );
    chain.push(b_by_root);
    cases.add(
        "twin-loop-with-a-way-out",
        "RFC 4158: path building tries the next issuer",
        context.chain_bundle(&chain),
        pki.policy(),
        Expect::Verified,
    );
    // Fifteen certificates of one name and key: factorially many paths, and none to the anchor.
    let mut chain = vec![Certificate::leaf(SIGNER, &pki.leaf_key, "Loop A", &a_key).sign(&a_key)];
    for serial in 1..16 {
        let mut maze = Certificate::authority("Loop A", &a_key, "Loop A", &a_key);
        maze.serial = vec![serial];
        chain.push(maze.sign(&a_key));
    }
    cases.add(
        "loop-maze",
        "path building has a budget: counted work, not a clock",
        context.chain_bundle(&chain),
        pki.policy(),
        failed("path-budget-exceeded"),
    );
}

fn counts(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let rule = "a chain has 1 to 16 certificates";
    let unused = |serial: u8| {
        let name = format!("Unused {serial}");
        Certificate::authority(&name, &context.other, &name, &context.other).sign(&context.other)
    };
    let chain = |count: u8| [pki.chain(), (2..count).map(unused).collect()].concat();
    let expect = || failed("certificate-count");
    cases.add(
        "certificates-none",
        rule,
        context.chain_bundle(&[]),
        pki.policy(),
        expect(),
    );
    let bundle = context.chain_bundle(&chain(17));
    cases.add("certificates-17", rule, bundle, pki.policy(), expect());
    let bundle = context.chain_bundle(&chain(16));
    cases.add(
        "twin-certificates-16",
        rule,
        bundle,
        pki.policy(),
        Expect::Verified,
    );
}

/// Self-signed leaves that the caller trusts themselves: trust does not excuse the rest.
fn trusted_leaves(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut with = |name: &str, rule: &str, code, change: &dyn Fn(&mut Certificate)| {
        let mut leaf = Certificate::leaf(SIGNER, &pki.leaf_key, SIGNER, &pki.leaf_key);
        change(&mut leaf);
        let leaf = [leaf.sign(&pki.leaf_key)];
        let policy = certificate_policy(&leaf);
        cases.add(
            name,
            rule,
            context.chain_bundle(&leaf),
            policy,
            failed(code),
        );
    };
    let rule = "RFC 5280 section 6.1.3 (a)(2): every certificate is valid at the time of judgement";
    with(
        "trusted-leaf-expired",
        rule,
        "certificate-expired",
        &|leaf| {
            leaf.not_after = der::time("20260101000000Z");
        },
    );
    let rule = "OMS 1.0: the signer's keyUsage has digitalSignature";
    with(
        "trusted-leaf-key-usage",
        rule,
        "key-usage-invalid",
        &|leaf| {
            leaf.set(Extension::key_usage(KEY_ENCIPHERMENT));
        },
    );
    let rule = "RFC 5280 section 4.2.1.12: extKeyUsage, where present, names codeSigning";
    with(
        "trusted-leaf-eku",
        rule,
        "extended-key-usage-invalid",
        &|leaf| {
            leaf.set(Extension::extended_key_usage(&[SERVER_AUTH]));
        },
    );
}
