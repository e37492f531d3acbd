//! Certificates that are well-formed, and break a rule of path validation (RFC 5280 section 6.1).

use crate::case::{Cases, Expect};
use crate::certificate::{
    ANY_PURPOSE, CERT_SIGN, CRL_SIGN, Certificate, Extension, KEY_ENCIPHERMENT, SERVER_AUTH,
    extension, organization,
};
use crate::context::{Context, INTERMEDIATE, SIGNER, certificate_policy};
use crate::der;
use crate::keys::{Key, Kind};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    validity(context, cases);
    leaves(context, cases);
    authorities(context, cases);
    path_lengths(context, cases);
    critical_extensions(context, cases);
    names(context, cases);
}

pub(super) fn failed(code: &'static str) -> Expect {
    Expect::Failed("certificate", code)
}

/// Adds a case whose leaf differs, below the ordinary intermediate.
pub(super) fn add_leaf(
    context: &Context,
    cases: &mut Cases,
    name: &str,
    rule: &str,
    expect: Expect,
    change: impl FnOnce(&mut Certificate),
) {
    let pki = &context.pki;
    let mut leaf = pki.leaf();
    change(&mut leaf);
    let chain = [leaf.sign(&pki.intermediate_key), pki.intermediate_der()];
    cases.add(
        name,
        rule,
        context.chain_bundle(&chain),
        pki.policy(),
        expect,
    );
}

/// Adds a case whose intermediate differs, above the ordinary leaf.
fn add_intermediate(
    context: &Context,
    cases: &mut Cases,
    name: &str,
    rule: &str,
    expect: Expect,
    change: impl FnOnce(&mut Certificate),
) {
    let pki = &context.pki;
    let mut intermediate = pki.intermediate();
    change(&mut intermediate);
    let chain = [pki.leaf_der(), intermediate.sign(&pki.root_key)];
    cases.add(
        name,
        rule,
        context.chain_bundle(&chain),
        pki.policy(),
        expect,
    );
}

fn validity(context: &Context, cases: &mut Cases) {
    let rule = "RFC 5280 section 6.1.3 (a)(2): every certificate is valid at the time of judgement";
    let (past, future) = ("20260101000000Z", "20270101000000Z");
    add_leaf(
        context,
        cases,
        "leaf-expired",
        rule,
        failed("certificate-expired"),
        |leaf| {
            leaf.not_after = der::time(past);
        },
    );
    let early = "certificate-not-yet-valid";
    add_leaf(
        context,
        cases,
        "leaf-not-yet-valid",
        rule,
        failed(early),
        |leaf| {
            leaf.not_before = der::time(future);
        },
    );
    let expired = failed("certificate-expired");
    add_intermediate(
        context,
        cases,
        "intermediate-expired",
        rule,
        expired,
        |authority| {
            authority.not_after = der::time(past);
        },
    );
    let name = "intermediate-not-yet-valid";
    add_intermediate(context, cases, name, rule, failed(early), |authority| {
        authority.not_before = der::time(future);
    });
    let pki = &context.pki;
    for (name, not_before, not_after, code) in [
        (
            "anchor-expired",
            "20200101000000Z",
            past,
            "certificate-expired",
        ),
        ("anchor-not-yet-valid", future, "20400101000000Z", early),
    ] {
        let mut root = pki.root();
        root.not_before = der::time(not_before);
        root.not_after = der::time(not_after);
        let policy = certificate_policy(&[root.sign(&pki.root_key)]);
        let rule = "OMS 1.0: certificates are within their validity, the trusted root among them";
        cases.add(
            name,
            rule,
            context.chain_bundle(&pki.chain()),
            policy,
            failed(code),
        );
    }
    let rule = "RFC 5280 section 4.1.2.5: the period holds notBefore and notAfter themselves";
    let bundle = context.chain_bundle(&pki.chain());
    let mut at = |name, at, expect| {
        cases
            .add(name, rule, bundle.clone(), pki.policy(), expect)
            .at(at);
    };
    at(
        "second-before-not-before",
        "2024-12-31T23:59:59Z",
        failed(early),
    );
    at(
        "twin-at-not-before",
        "2025-01-01T00:00:00Z",
        Expect::Verified,
    );
    at(
        "twin-at-not-after",
        "2035-01-01T00:00:00Z",
        Expect::Verified,
    );
    at(
        "second-after-not-after",
        "2035-01-01T00:00:01Z",
        failed("certificate-expired"),
    );
}

fn leaves(context: &Context, cases: &mut Cases) {
    let rule = "RFC 5280 section 4.2.1.12: extKeyUsage, where present, names codeSigning";
    for (name, purposes) in [
        ("leaf-eku-server", vec![SERVER_AUTH]),
        (
            "leaf-eku-client-and-email",
            vec!["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"],
        ),
        ("leaf-eku-any", vec![ANY_PURPOSE]),
    ] {
        let expect = failed("extended-key-usage-invalid");
        add_leaf(context, cases, name, rule, expect, |leaf| {
            leaf.set(Extension::extended_key_usage(&purposes));
        });
    }
    let rule = "OMS 1.0: the signer's keyUsage has digitalSignature";
    let invalid = || failed("key-usage-invalid");
    add_leaf(
        context,
        cases,
        "leaf-without-key-usage",
        rule,
        invalid(),
        |leaf| {
            leaf.remove(extension::KEY_USAGE);
        },
    );
    add_leaf(
        context,
        cases,
        "leaf-key-encipherment",
        rule,
        invalid(),
        |leaf| {
            leaf.set(Extension::key_usage(KEY_ENCIPHERMENT));
        },
    );
    add_leaf(
        context,
        cases,
        "leaf-cert-sign-only",
        rule,
        invalid(),
        |leaf| {
            leaf.set(Extension::basic_constraints(true, None));
            leaf.set(Extension::key_usage(CERT_SIGN));
        },
    );
}

fn authorities(context: &Context, cases: &mut Cases) {
    let rule = "RFC 5280 section 6.1.4 (k): an issuer's basicConstraints says CA:TRUE";
    let invalid = || failed("basic-constraints-invalid");
    add_intermediate(
        context,
        cases,
        "intermediate-ca-false",
        rule,
        invalid(),
        |authority| {
            authority.set(Extension::basic_constraints(false, None));
        },
    );
    let name = "intermediate-without-basic-constraints";
    add_intermediate(context, cases, name, rule, invalid(), |authority| {
        authority.remove(extension::BASIC_CONSTRAINTS);
    });
    let rule =
        "an authority's extKeyUsage limits what it certifies: RFC 5280 is silent, verifiers agree";
    let expect = failed("extended-key-usage-invalid");
    add_intermediate(
        context,
        cases,
        "intermediate-eku-server",
        rule,
        expect,
        |authority| {
            authority.set(Extension::extended_key_usage(&[SERVER_AUTH]));
        },
    );
    let rule = "RFC 5280 section 6.1.4 (n): an issuer's keyUsage has keyCertSign";
    for (name, bits) in [
        ("intermediate-crl-sign-only", CRL_SIGN),
        (
            "intermediate-digital-signature-only",
            crate::certificate::DIGITAL_SIGNATURE,
        ),
    ] {
        add_intermediate(
            context,
            cases,
            name,
            rule,
            failed("key-usage-invalid"),
            |authority| {
                authority.set(Extension::key_usage(bits));
            },
        );
    }
    // A signer who makes himself an authority.
    let pki = &context.pki;
    let rogue_key = Key::derive(Kind::P256, "rogue");
    let rogue = Certificate::leaf("Rogue", &rogue_key, SIGNER, &pki.leaf_key).sign(&pki.leaf_key);
    let mut tolerated = pki.leaf();
    tolerated.set(Extension::basic_constraints(true, None));
    let tolerated = tolerated.sign(&pki.intermediate_key);
    for (name, rule, issuer, code) in [
        (
            "issued-by-a-leaf",
            "RFC 5280 section 6.1.4 (k): a signer's certificate issues nothing",
            pki.leaf_der(),
            "basic-constraints-invalid",
        ),
        (
            "issued-by-a-ca-true-leaf",
            "RFC 5280 section 6.1.4 (n): a leaf with CA:TRUE and no keyCertSign issues nothing",
            tolerated,
            "key-usage-invalid",
        ),
    ] {
        let chain = [rogue.clone(), issuer, pki.intermediate_der()];
        let bundle = context.chain_bundle_by(&rogue_key, &chain);
        cases.add(name, rule, bundle, pki.policy(), failed(code));
    }
}

fn path_lengths(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let rule = "RFC 5280 section 6.1.4 (l, m): pathLenConstraint bounds the authorities below";
    let lower_key = Key::derive(Kind::P256, "lower");
    let lower = Certificate::authority("Lower", &lower_key, INTERMEDIATE, &pki.intermediate_key)
        .sign(&pki.intermediate_key);
    let leaf = Certificate::leaf(SIGNER, &pki.leaf_key, "Lower", &lower_key).sign(&lower_key);
    for (name, length, expect) in [
        ("path-length-exceeded", 0, failed("path-length-exceeded")),
        ("twin-path-length", 1, Expect::Verified),
    ] {
        let mut upper = pki.intermediate();
        upper.set(Extension::basic_constraints(true, Some(length)));
        let chain = [leaf.clone(), lower.clone(), upper.sign(&pki.root_key)];
        cases.add(
            name,
            rule,
            context.chain_bundle(&chain),
            pki.policy(),
            expect,
        );
    }
    let mut root = pki.root();
    root.set(Extension::basic_constraints(true, Some(0)));
    let policy = certificate_policy(&[root.sign(&pki.root_key)]);
    cases.add(
        "path-length-of-anchor",
        "RFC 5937 section 3.2: the constraints of a trust anchor's certificate hold",
        context.chain_bundle(&pki.chain()),
        policy,
        failed("path-length-exceeded"),
    );
}

fn critical_extensions(context: &Context, cases: &mut Cases) {
    let rule = "RFC 5280 section 4.2: a critical extension that is not processed is refused";
    let expect = || failed("extension-critical-unknown");
    let unknown = |critical| Extension::new(extension::UNKNOWN, critical, der::null());
    // policyConstraints: requireExplicitPolicy 0, known to RFC 5280 and not processed.
    let policies = || Extension::new("2.5.29.36", true, der::sequence(&[der::implicit(0, &[0])]));
    add_leaf(
        context,
        cases,
        "leaf-critical-unknown",
        rule,
        expect(),
        |leaf| {
            leaf.set(unknown(true));
        },
    );
    let name = "intermediate-critical-unknown";
    add_intermediate(context, cases, name, rule, expect(), |authority| {
        authority.set(unknown(true));
    });
    let name = "intermediate-policy-constraints";
    add_intermediate(context, cases, name, rule, expect(), |authority| {
        authority.set(policies());
    });
    let rule = "RFC 5280 section 4.2: an extension that is not critical may be ignored";
    add_leaf(
        context,
        cases,
        "twin-unknown-extension",
        rule,
        Expect::Verified,
        |leaf| {
            leaf.set(unknown(false));
        },
    );
}

fn names(context: &Context, cases: &mut Cases) {
    let rule = "RFC 5280 section 4.2.1.10: names below an authority keep its nameConstraints";
    let violated = || failed("name-constraint-violated");
    let directory = |text: &str| der::explicit(4, &organization(text));
    let email = |text: &str| der::implicit(1, text.as_bytes());
    let uri = |text: &str| der::implicit(6, text.as_bytes());
    let ours = "modelseal tests";
    for (name, permitted, excluded, expect) in [
        (
            "name-not-permitted",
            vec![directory("Someone Else")],
            vec![],
            violated(),
        ),
        ("name-excluded", vec![], vec![directory(ours)], violated()),
        (
            "email-not-permitted",
            vec![email("example.com")],
            vec![],
            violated(),
        ),
        (
            "email-excluded",
            vec![],
            vec![email("signer@example.org")],
            violated(),
        ),
        (
            "email-excluded-host",
            vec![],
            vec![email("example.org")],
            violated(),
        ),
        (
            "twin-name-permitted",
            vec![directory("Other"), directory(ours)],
            vec![],
            Expect::Verified,
        ),
        (
            "twin-email-permitted",
            vec![email("example.org")],
            vec![],
            Expect::Verified,
        ),
        (
            "twin-constraint-of-other-kind",
            vec![uri(".example.com")],
            vec![],
            Expect::Verified,
        ),
    ] {
        let pki = &context.pki;
        let mut intermediate = pki.intermediate();
        intermediate.set(Extension::name_constraints(&permitted, &excluded));
        let mut leaf = pki.leaf();
        leaf.set(Extension::email("signer@example.org"));
        let chain = [
            leaf.sign(&pki.intermediate_key),
            intermediate.sign(&pki.root_key),
        ];
        cases.add(
            name,
            rule,
            context.chain_bundle(&chain),
            pki.policy(),
            expect,
        );
    }
}
