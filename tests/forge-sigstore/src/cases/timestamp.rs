//! Timestamps: TSTInfo (RFC 3161 section 2.4.2), and the authority's certificates.

use modelseal_forge_oms::certificate::{
    ANY_PURPOSE, CODE_SIGNING, Extension, KEY_ENCIPHERMENT, extension, name,
};
use modelseal_forge_oms::der;
use modelseal_forge_oms::keys::{Key, Kind};

use super::{Case, bad, good, made, since, stamps, until, v1, v2};
use crate::tsa::{SHA1, SHA384, SHA512, TIME_STAMPING, purposes};
use crate::{Sigstore, Spec, time};

pub(super) fn cases() -> Vec<Case> {
    let mut cases = info();
    cases.extend(extensions());
    cases.extend(windows());
    cases.extend(certificates());
    cases.extend(every_one());
    cases
}

/// The signature that [`v2`] stamps is the same on every run.
fn imprint(algorithm: &'static str) -> Spec {
    let spec = v2();
    let signature = spec.content.sign(&spec).signature;
    spec.tst_info(move |info| info.imprint_of(algorithm, &signature))
}

fn info() -> Vec<Case> {
    let malformed = "timestamp-invalid";
    let gen_time = |text: &'static str| v2().tst_info(move |info| info.gen_time = text.into());
    vec![
        good("timestamp: imprint in SHA-384", imprint(SHA384)),
        good("timestamp: imprint in SHA-512", imprint(SHA512)),
        bad(
            "timestamp: of another signature",
            "timestamp-imprint-mismatch",
            v2().tst_info(|info| info.imprint[0] ^= 1),
        ),
        bad(
            "timestamp: a shorter imprint",
            "timestamp-imprint-mismatch",
            v2().tst_info(|info| info.imprint.truncate(16)),
        ),
        bad(
            "timestamp: imprint in SHA-1",
            "timestamp-algorithm-unsupported",
            v2().tst_info(|info| {
                info.imprint_algorithm = SHA1;
                info.imprint.truncate(20);
            }),
        ),
        bad(
            "timestamp: imprint in an unknown hash",
            "timestamp-algorithm-unsupported",
            v2().tst_info(|info| info.imprint_algorithm = "1.3.6.1.4.1.32473.3"),
        ),
        bad(
            "timestamp: version 2",
            malformed,
            v2().tst_info(|info| info.version = 2),
        )
        .lenient("TSTInfo is version 1 (RFC 3161 section 2.4.2); it does not look"),
        bad(
            "timestamp: a time with an offset",
            malformed,
            gen_time("20250601120100+0000"),
        ),
        bad(
            "timestamp: a time without seconds",
            malformed,
            gen_time("202506011201Z"),
        ),
        bad(
            "timestamp: month 13",
            malformed,
            gen_time("20251301120100Z"),
        ),
        good(
            "timestamp: no accuracy and no nonce",
            v2().tst_info(|info| info.optional.clear()),
        ),
        good(
            "timestamp: with the authority's name",
            v2().tst_info(|info| {
                info.optional
                    .push(der::explicit(0, &der::explicit(4, &name("little tsa"))));
            }),
        ),
        good(
            "timestamp: ordered",
            v2().tst_info(|info| info.optional.insert(1, der::tlv(der::BOOLEAN, &[0xff]))),
        ),
        bad(
            "timestamp: octets after its content",
            malformed,
            v2().tst_info(|info| info.optional.push(vec![0x42, 0])),
        ),
    ]
}

fn extensions() -> Vec<Case> {
    let with = |critical: bool| {
        let mut parts = vec![der::oid(extension::UNKNOWN)];
        if critical {
            parts.push(der::tlv(der::BOOLEAN, &[0xff]));
        }
        parts.push(der::tlv(der::OCTET_STRING, &[5, 0]));
        let extensions = der::explicit(1, &der::sequence(&parts));
        v2().tst_info(move |info| info.optional.push(extensions.clone()))
    };
    vec![
        good("timestamp: an unknown extension", with(false)),
        bad(
            "timestamp: an unknown critical extension",
            "timestamp-extension-critical",
            with(true),
        )
        .lenient(
            "an unknown critical extension makes the token unusable (RFC \
                 3161 section 2.4.2); it does not look",
        ),
    ]
}

/// The authority's window covers the stamped time; both ends are inside.
fn windows() -> Vec<Case> {
    let list = "timestampAuthorities";
    let outside = "timestamp-authority-outside-validity";
    vec![
        bad(
            "timestamp: authority ended",
            outside,
            v2().root(until(list, 0, time::SIGNED - 1)),
        ),
        bad(
            "timestamp: authority not begun",
            outside,
            v2().root(since(list, 0, time::SIGNED + 1)),
        ),
        good(
            "timestamp: authority's last second",
            v2().root(until(list, 0, time::SIGNED)),
        ),
        good(
            "timestamp: authority's first second",
            v2().root(since(list, 0, time::SIGNED)),
        ),
    ]
}

fn certificates() -> Vec<Case> {
    let outside = "timestamp-certificate-outside-validity";
    let chain = "timestamp-authority-unknown";
    let stranger = || Key::derive(Kind::P384, "a stranger").spki();
    vec![
        bad(
            "timestamp: authority's certificate expired",
            outside,
            v2().tsa_leaf(|leaf| leaf.not_after = time::der(time::SIGNED - 1)),
        ),
        bad(
            "timestamp: authority's certificate not yet valid",
            outside,
            v2().tsa_leaf(|leaf| leaf.not_before = time::der(time::SIGNED + 1)),
        ),
        bad(
            "timestamp: authority's root expired",
            outside,
            v2().tsa_root(|root| root.not_after = time::der(time::SIGNED - 1)),
        )
        .lenient(
            "RFC 5280 leaves anchors out; here every certificate of the \
                 trust root counts by its time",
        ),
        bad(
            "timestamp: authority's certificate not signed by its root",
            "timestamp-authority-unknown",
            v2().tsa_root(move |root| root.spki = stranger()),
        ),
        bad(
            "timestamp: authority without purposes",
            "extended-key-usage-invalid",
            v2().tsa_leaf(|leaf| leaf.remove(extension::EXTENDED_KEY_USAGE)),
        ),
        bad(
            "timestamp: authority for code",
            "extended-key-usage-invalid",
            v2().tsa_leaf(|leaf| leaf.set(purposes(&[CODE_SIGNING], true))),
        ),
        bad(
            "timestamp: authority for any purpose",
            "extended-key-usage-invalid",
            v2().tsa_leaf(|leaf| leaf.set(purposes(&[ANY_PURPOSE], true))),
        ),
        bad(
            "timestamp: authority whose purpose is not critical",
            "extended-key-usage-invalid",
            v2().tsa_leaf(|leaf| leaf.set(purposes(&[TIME_STAMPING], false))),
        )
        .lenient("the purpose is critical (RFC 3161 section 2.3); it does not look"),
        bad(
            "timestamp: authority with a second purpose",
            "extended-key-usage-invalid",
            v2().tsa_leaf(|leaf| leaf.set(purposes(&[TIME_STAMPING, CODE_SIGNING], true))),
        )
        .lenient(
            "the purpose is the only one (RFC 3161 section 2.3); it does \
                 not look",
        ),
        bad(
            "timestamp: authority that may not sign",
            "key-usage-invalid",
            v2().tsa_leaf(|leaf| leaf.set(Extension::key_usage(KEY_ENCIPHERMENT))),
        )
        .lenient(
            "a key that signs has digitalSignature (RFC 5280 section \
                 4.2.1.3); it does not look",
        ),
        made("timestamp: by another authority", Some(chain), |sigstore| {
            let mut forged = sigstore.forge(&v2());
            let mut other = Sigstore::new("other").forge(&v2());
            *stamps(&mut forged.bundle) = stamps(&mut other.bundle).clone();
            forged
        }),
        made(
            "timestamp: by another authority that it contains",
            Some(chain),
            |sigstore| {
                let mut forged = sigstore.forge(&v2());
                let mut other =
                    Sigstore::new("other").forge(&v2().with(|spec| spec.embedded = true));
                *stamps(&mut forged.bundle) = stamps(&mut other.bundle).clone();
                forged
            },
        ),
        bad(
            "timestamp: no authority in the trust root",
            chain,
            v2().root(|root| root["timestampAuthorities"] = serde_json::json!([])),
        ),
    ]
}

/// A timestamp of an authority that the trust root names must be valid, wherever it is. One of
/// another authority is left out where there is a verified time without it.
fn every_one() -> Vec<Case> {
    let other_authority = "a time that no one asked for need not be known (sigstore-go and \
                           sigstore-python count the verified ones); it wants all";
    let once = "one token is one time, however often it stands there; it does not look";
    let beside = |name, code, second: fn() -> Spec| {
        made(name, code, move |sigstore| {
            let mut forged = sigstore.forge(&v2());
            let mut other = sigstore.forge(&second());
            stamps(&mut forged.bundle).extend(stamps(&mut other.bundle).clone());
            forged
        })
    };
    vec![
        beside("every timestamp: two that hold", None, || {
            v2().with(|spec| spec.stamped += 1)
        }),
        beside(
            "every timestamp: the second is of another signature",
            Some("timestamp-imprint-mismatch"),
            || v2().tst_info(|info| info.imprint[0] ^= 1),
        ),
        beside(
            "every timestamp: the second's signature is spoiled",
            Some("timestamp-signature-mismatch"),
            || v2().cms(|cms| cms.spoiled = true),
        ),
        beside(
            "every timestamp: the second is too late",
            Some("certificate-expired"),
            || v2().with(|spec| spec.stamped = time::EXPIRED + 1),
        ),
        made(
            "every timestamp: the second by another authority",
            None,
            |sigstore| {
                let mut forged = sigstore.forge(&v2());
                let mut other = Sigstore::new("other").forge(&v2());
                stamps(&mut forged.bundle).extend(stamps(&mut other.bundle).clone());
                forged
            },
        )
        .gap(other_authority),
        made(
            "every timestamp: another authority's beside a promise",
            None,
            |sigstore| {
                let mut forged = sigstore.forge(&v1());
                let mut other = Sigstore::new("other").forge(&v1());
                *stamps(&mut forged.bundle) = stamps(&mut other.bundle).clone();
                forged
            },
        )
        .gap(other_authority),
        made(
            "every timestamp: the second claims the authority's name and serial",
            Some("timestamp-signature-mismatch"),
            |sigstore| {
                let mut forged = sigstore.forge(&v2());
                let key = || Key::derive(Kind::P384, "someone else");
                let spec = v2()
                    .with(|spec| spec.stamped += 1)
                    .cms(move |cms| cms.key = Some(key()));
                let mut other = sigstore.forge(&spec);
                stamps(&mut forged.bundle).extend(stamps(&mut other.bundle).clone());
                forged
            },
        ),
        made(
            "every timestamp: the same twice",
            Some("timestamp-duplicate"),
            |sigstore| {
                let mut forged = sigstore.forge(&v2());
                let mut other = sigstore.forge(&v2());
                stamps(&mut forged.bundle).extend(stamps(&mut other.bundle).clone());
                forged
            },
        )
        .lenient(once),
        made(
            "every timestamp: the same in another form",
            Some("timestamp-duplicate"),
            |sigstore| {
                let mut forged = sigstore.forge(&v2());
                // The certificate that it contains is not signed.
                let mut other = sigstore.forge(&v2().with(|spec| spec.embedded = true));
                stamps(&mut forged.bundle).extend(stamps(&mut other.bundle).clone());
                forged
            },
        )
        .lenient(once),
        made(
            "every timestamp: wrong beside a good promise",
            Some("timestamp-imprint-mismatch"),
            |sigstore| sigstore.forge(&v1().tst_info(|info| info.imprint[0] ^= 1)),
        ),
    ]
}
