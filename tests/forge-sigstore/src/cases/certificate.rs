//! The chain to a Fulcio of the trust root, and the leaf's profile.

use super::{Case, bad, good, made, recode, since, until, v1, v2};
use crate::spec::MEDIA_TYPE_0_2;
use crate::{Sigstore, time};
use modelseal_forge_oms::certificate::{
    ANY_PURPOSE, CERT_SIGN, CODE_SIGNING, Extension, KEY_ENCIPHERMENT, SERVER_AUTH, extension,
};
use modelseal_forge_oms::keys::{Key, Kind};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = chain();
    cases.extend(windows());
    cases.extend(leaf());
    cases
}

fn stranger() -> Vec<u8> {
    Key::derive(Kind::P384, "a stranger").spki()
}

fn chain() -> Vec<Case> {
    let anchors = "every certificate of the trust root is an anchor to it; \
        here the chain ends at the root, as the trust root says";
    vec![
        made(
            "chain: to another Fulcio",
            Some("issuer-unknown"),
            |sigstore| {
                let mut forged = sigstore.forge(&v2());
                let other = Sigstore::new("other").forge(&v2());
                forged.root["certificateAuthorities"] =
                    other.root["certificateAuthorities"].clone();
                forged
            },
        ),
        made(
            "chain: to the bundle's own authority",
            Some("issuer-unknown"),
            |sigstore| {
                let spec = v1().media_type(MEDIA_TYPE_0_2);
                let mut forged = Sigstore::new("other").forge(&spec);
                let chain = forged.root["certificateAuthorities"][0]["certChain"]["certificates"]
                    [0]
                .clone();
                forged.bundle["verificationMaterial"]["x509CertificateChain"]["certificates"]
                    .as_array_mut()
                    .expect("a chain")
                    .push(chain);
                forged.root["certificateAuthorities"] =
                    sigstore.forge(&spec).root["certificateAuthorities"].clone();
                forged
            },
        ),
        made(
            "chain: through the bundle's intermediate",
            None,
            |sigstore| {
                let mut forged = sigstore.forge(&v1().media_type(MEDIA_TYPE_0_2));
                let chain =
                    &mut forged.root["certificateAuthorities"][0]["certChain"]["certificates"];
                let intermediate = chain.as_array_mut().expect("a chain").remove(0);
                forged.bundle["verificationMaterial"]["x509CertificateChain"]["certificates"]
                    .as_array_mut()
                    .expect("a chain")
                    .push(intermediate);
                forged
            },
        ),
        bad(
            "chain: leaf not signed by its issuer",
            "issuer-unknown",
            v2().intermediate(|certificate| certificate.spki = stranger()),
        ),
        bad(
            "chain: intermediate not signed by the root",
            "issuer-unknown",
            v2().fulcio_root(|certificate| certificate.spki = stranger()),
        )
        .lenient(anchors),
        bad(
            "chain: leaf's issuer of another name",
            "issuer-unknown",
            v2().leaf(|leaf| leaf.issuer = modelseal_forge_oms::certificate::name("another")),
        ),
        bad(
            "chain: intermediate expired",
            "certificate-expired",
            v2().intermediate(|certificate| certificate.not_after = time::der(time::SIGNED - 1)),
        )
        .lenient(anchors),
        bad(
            "chain: intermediate not yet valid",
            "certificate-not-yet-valid",
            v2().intermediate(|certificate| certificate.not_before = time::der(time::SIGNED + 1)),
        )
        .lenient(anchors),
        bad(
            "chain: root expired",
            "certificate-expired",
            v2().fulcio_root(|certificate| certificate.not_after = time::der(time::SIGNED - 1)),
        )
        .lenient(anchors),
        bad(
            "chain: intermediate is not an authority",
            "basic-constraints-invalid",
            v2().intermediate(|certificate| {
                certificate.set(Extension::basic_constraints(false, None))
            }),
        )
        .lenient(anchors),
        bad(
            "chain: intermediate may not sign certificates",
            "key-usage-invalid",
            v2().intermediate(|certificate| {
                certificate.set(Extension::key_usage(KEY_ENCIPHERMENT))
            }),
        )
        .lenient(anchors),
        bad(
            "chain: intermediate for servers",
            "extended-key-usage-invalid",
            v2().intermediate(|certificate| {
                certificate.set(Extension::extended_key_usage(&[SERVER_AUTH]))
            }),
        )
        .lenient(anchors),
        bad(
            "chain: root permits no intermediate",
            "path-length-exceeded",
            v2().fulcio_root(|certificate| {
                certificate.set(Extension::basic_constraints(true, Some(0)))
            }),
        )
        .lenient(anchors),
    ]
}

/// The authority's window covers every verified time; both ends are inside.
fn windows() -> Vec<Case> {
    let list = "certificateAuthorities";
    vec![
        bad(
            "chain: authority ended",
            "authority-outside-validity",
            v2().root(until(list, 0, time::SIGNED - 1)),
        ),
        bad(
            "chain: authority not begun",
            "authority-outside-validity",
            v2().root(since(list, 0, time::SIGNED + 1)),
        ),
        good(
            "chain: authority's last second",
            v2().root(until(list, 0, time::SIGNED)),
        ),
        good(
            "chain: authority's first second",
            v2().root(since(list, 0, time::SIGNED)),
        ),
        bad(
            "chain: authority ended before the second time",
            "authority-outside-validity",
            v1().with(|spec| spec.stamped = time::SIGNED + 10)
                .root(until(list, 0, time::SIGNED)),
        ),
        good(
            "chain: an ended authority beside the right one",
            v2().root(|root| {
                let list = &mut root["certificateAuthorities"];
                let mut ended = list[0].clone();
                ended["validFor"]["end"] = time::rfc3339(time::START + 1).into();
                list.as_array_mut().expect("a list").insert(0, ended);
            }),
        ),
    ]
}

fn leaf() -> Vec<Case> {
    vec![
        bad(
            "leaf: without purposes",
            "extended-key-usage-invalid",
            v2().leaf(|leaf| leaf.remove(extension::EXTENDED_KEY_USAGE)),
        ),
        bad(
            "leaf: for servers",
            "extended-key-usage-invalid",
            v2().leaf(|leaf| leaf.set(Extension::extended_key_usage(&[SERVER_AUTH]))),
        ),
        bad(
            "leaf: for any purpose",
            "extended-key-usage-invalid",
            v2().leaf(|leaf| leaf.set(Extension::extended_key_usage(&[ANY_PURPOSE]))),
        ),
        good(
            "leaf: for servers as well",
            v2().leaf(|leaf| {
                leaf.set(Extension::extended_key_usage(&[SERVER_AUTH, CODE_SIGNING]));
            }),
        ),
        bad(
            "leaf: an authority",
            "certificate-is-authority",
            v2().leaf(|leaf| {
                // What an authority has, so that nothing else is wrong with it.
                leaf.subject = modelseal_forge_oms::certificate::name("signer");
                leaf.set(Extension::key_usage((0x86, 1)));
                leaf.extensions
                    .push(Extension::basic_constraints(true, None));
            }),
        ),
        good(
            "leaf: said to be no authority",
            v2().leaf(|leaf| {
                leaf.extensions
                    .push(Extension::basic_constraints(false, None));
            }),
        ),
        bad(
            "leaf: may not sign",
            "key-usage-invalid",
            v2().leaf(|leaf| leaf.set(Extension::key_usage(KEY_ENCIPHERMENT))),
        )
        .lenient("Fulcio's profile has digitalSignature; it does not look at keyUsage"),
        bad(
            "leaf: may sign certificates alone",
            "key-usage-invalid",
            v2().leaf(|leaf| leaf.set(Extension::key_usage(CERT_SIGN))),
        )
        .lenient("Fulcio's profile has digitalSignature; it does not look at keyUsage"),
        bad(
            "leaf: an unknown critical extension",
            "extension-critical-unknown",
            v2().leaf(|leaf| {
                leaf.extensions
                    .push(Extension::new(extension::UNKNOWN, true, vec![5, 0]));
            }),
        ),
        good(
            "leaf: an unknown extension",
            v2().leaf(|leaf| {
                leaf.extensions
                    .push(Extension::new(extension::UNKNOWN, false, vec![5, 0]));
            }),
        ),
        bad(
            "leaf: an extension twice",
            "extension-duplicate",
            v2().leaf(|leaf| {
                let first = leaf.extensions[0].clone();
                leaf.extensions.push(first);
            }),
        ),
        bad(
            "leaf: octets after it",
            "certificate-invalid",
            v2().bundle(|bundle| {
                let leaf = &mut bundle["verificationMaterial"]["certificate"]["rawBytes"];
                recode(leaf, |der| der.push(0));
            }),
        ),
        bad(
            "leaf: on secp256k1",
            "certificate-key-unsupported",
            v2().key(crate::LeafKey::K256),
        ),
        bad(
            "leaf: signed over with another algorithm",
            "certificate-invalid",
            v2().leaf(|leaf| {
                leaf.inner_algorithm = Some(modelseal_forge_oms::keys::Algorithm::EcdsaSha256);
            }),
        ),
    ]
}
