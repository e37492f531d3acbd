//! Chains that are right, of every shape that a verifier must accept.

use serde_json::Value;

use crate::case::{Cases, Expect};
use crate::certificate::{
    ANY_PURPOSE, CODE_SIGNING, Certificate, Extension, SERVER_AUTH, extension, name, name_in,
};
use crate::context::{Context, INTERMEDIATE, ROOT, SIGNER, certificate_policy};
use crate::der;
use crate::keys::{Algorithm, Key, Kind};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    chains(context, cases);
    leaves(context, cases);
    intermediates(context, cases);
    alternatives(context, cases);
}

fn chains(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut add = |name: &str, rule: &str, chain: &[Vec<u8>], policy: Value| {
        cases.add(
            name,
            rule,
            context.chain_bundle(chain),
            policy,
            Expect::Verified,
        );
    };
    add(
        "twin-chain",
        "the ordinary chain that the cases change",
        &pki.chain(),
        pki.policy(),
    );
    let mut with_root = pki.chain();
    with_root.insert(1, pki.root_der());
    add(
        "twin-root-in-bundle",
        "OMS 1.0: after the leaf, any order",
        &with_root,
        pki.policy(),
    );
    add(
        "twin-direct",
        "a leaf may be issued by the anchor itself",
        &[Certificate::leaf(SIGNER, &pki.leaf_key, ROOT, &pki.root_key).sign(&pki.root_key)],
        pki.policy(),
    );
    let own = Certificate::leaf(SIGNER, &pki.leaf_key, SIGNER, &pki.leaf_key).sign(&pki.leaf_key);
    add(
        "twin-leaf-is-anchor",
        "a self-signed leaf that the caller trusts itself",
        std::slice::from_ref(&own),
        certificate_policy(std::slice::from_ref(&own)),
    );
    add(
        "twin-two-anchors",
        "any anchor of the policy will do",
        &pki.chain(),
        certificate_policy(&[own, pki.root_der()]),
    );
}

/// Leaves of unusual and tolerated shape.
fn leaves(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut with = |name: &str, rule: &str, change: &dyn Fn(&mut Certificate)| {
        let mut leaf = pki.leaf();
        change(&mut leaf);
        let chain = [leaf.sign(&pki.intermediate_key), pki.intermediate_der()];
        let bundle = context.chain_bundle(&chain);
        cases.add(name, rule, bundle, pki.policy(), Expect::Verified);
    };
    with(
        "twin-leaf-ca-true",
        "real signers' leaves say CA:TRUE, and issue nothing",
        &|leaf| {
            leaf.set(Extension::basic_constraints(true, None));
        },
    );
    with(
        "twin-leaf-no-basic-constraints",
        "a leaf needs no basicConstraints",
        &|leaf| {
            leaf.remove(extension::BASIC_CONSTRAINTS);
        },
    );
    with(
        "twin-leaf-no-eku",
        "RFC 5280 section 4.2.1.12: extKeyUsage is optional",
        &|leaf| {
            leaf.remove(extension::EXTENDED_KEY_USAGE);
        },
    );
    with(
        "twin-leaf-two-purposes",
        "codeSigning beside another purpose",
        &|leaf| {
            leaf.set(Extension::extended_key_usage(&[SERVER_AUTH, CODE_SIGNING]));
        },
    );
    with(
        "twin-leaf-named-like-issuer",
        "real leaves bear their issuer's name",
        &|leaf| {
            leaf.subject = name(INTERMEDIATE);
        },
    );
    with(
        "twin-leaf-forever",
        "RFC 5280 section 4.1.2.5: 9999 means no expiry",
        &|leaf| {
            leaf.not_after = der::time("99991231235959Z");
        },
    );
    with(
        "twin-leaf-no-key-identifiers",
        "key identifiers only help",
        &|leaf| {
            leaf.remove(extension::SUBJECT_KEY);
            leaf.remove(extension::AUTHORITY_KEY);
        },
    );
    with(
        "twin-leaf-other-key-identifier",
        "key identifiers only help",
        &|leaf| {
            let other = der::sequence(&[der::implicit(0, &[1; 20])]);
            leaf.set(Extension::new(extension::AUTHORITY_KEY, false, other));
        },
    );
    with(
        "twin-leaf-eku-critical",
        "RFC 5280 section 4.2.1.12: either is right",
        &|leaf| {
            let mut purposes = Extension::extended_key_usage(&[CODE_SIGNING]);
            purposes.critical = true;
            leaf.set(purposes);
        },
    );
    with(
        "twin-leaf-other-organization",
        "a leaf's organization is its own",
        &|leaf| {
            leaf.subject = name_in("Someone Else", SIGNER);
        },
    );
}

/// Authorities of unusual and tolerated shape.
fn intermediates(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut with = |name: &str, rule: &str, change: &dyn Fn(&mut Certificate)| {
        let mut intermediate = pki.intermediate();
        change(&mut intermediate);
        let chain = [pki.leaf_der(), intermediate.sign(&pki.root_key)];
        let bundle = context.chain_bundle(&chain);
        cases.add(name, rule, bundle, pki.policy(), Expect::Verified);
    };
    let rule = "RFC 5280 section 6.1.4 (n): keyUsage counts where it is present";
    with("twin-intermediate-no-key-usage", rule, &|authority| {
        authority.remove(extension::KEY_USAGE);
    });
    let rule = "an authority may be limited to codeSigning, or to nothing";
    for (name, purpose) in [
        ("twin-intermediate-eku", CODE_SIGNING),
        ("twin-intermediate-eku-any", ANY_PURPOSE),
    ] {
        with(name, rule, &|authority| {
            authority.set(Extension::extended_key_usage(&[SERVER_AUTH, purpose]));
        });
    }
}

/// Chains with a wrong turn beside the right way.
fn alternatives(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut add = |name: &str, rule: &str, chain: &[Vec<u8>], policy: Value| {
        cases.add(
            name,
            rule,
            context.chain_bundle(chain),
            policy,
            Expect::Verified,
        );
    };
    let sha256 = pki
        .leaf()
        .sign_with(&pki.intermediate_key, Algorithm::EcdsaSha256);
    add(
        "twin-p384-with-sha256",
        "RFC 5758 section 3.2: a certificate's hash is the one that it names",
        &[sha256, pki.intermediate_der()],
        pki.policy(),
    );
    let mut expired = pki.intermediate();
    expired.not_after = der::time("20260101000000Z");
    add(
        "twin-expired-beside-valid",
        "RFC 4158: path building tries the next issuer",
        &[
            pki.leaf_der(),
            expired.sign(&pki.root_key),
            pki.intermediate_der(),
        ],
        pki.policy(),
    );
    let decoy_key = Key::derive(Kind::P384, "decoy");
    let decoy = Certificate::authority(INTERMEDIATE, &decoy_key, ROOT, &pki.root_key);
    add(
        "twin-decoy-beside-issuer",
        "RFC 4158: two authorities of one name",
        &[
            pki.leaf_der(),
            decoy.sign(&pki.root_key),
            pki.intermediate_der(),
        ],
        pki.policy(),
    );
    let p521 = Key::derive(Kind::P521, "root");
    let root = Certificate::authority("P-521 Root", &p521, "P-521 Root", &p521).sign(&p521);
    add(
        "twin-p521-root",
        "authorities on P-521",
        &[Certificate::leaf(SIGNER, &pki.leaf_key, "P-521 Root", &p521).sign(&p521)],
        certificate_policy(&[root]),
    );
}
