//! Whom the certificate names, and who vouches for it (Fulcio's certificate specification).

use modelseal_forge_oms::certificate::{Extension, extension};
use modelseal_forge_oms::der;

use super::{Case, bad, good, v2};
use crate::Spec;
use crate::fulcio::{ISSUER_V1, ISSUER_V2, alternative_name, email, other_name, uri, utf8};

const GOOGLE: &str = "https://accounts.google.com";

fn named(names: &[Vec<u8>]) -> Spec {
    let names = alternative_name(names);
    v2().leaf(move |leaf| leaf.set(names.clone()))
}

pub(super) fn cases() -> Vec<Case> {
    let other = "identity-unexpected";
    let slash = "https://token.actions.githubusercontent.com/";
    let mut cases = vec![
        good(
            "identity: an e-mail address",
            named(&[email("signer@example.com")]),
        )
        .identity("signer@example.com"),
        good(
            "identity: a username",
            named(&[other_name("signer!example.com")]),
        )
        .identity("signer!example.com")
        .gap("usernames are otherName (Fulcio's certificate specification); it reads none"),
        bad("identity: another", other, v2()).identity("https://github.com/modelseal/other"),
        bad(
            "identity: in capitals",
            other,
            named(&[email("signer@example.com")]),
        )
        .identity("Signer@example.com"),
        bad(
            "identity: a part of it",
            other,
            named(&[email("signer@example.com")]),
        )
        .identity("signer@example.co"),
        bad(
            "identity: more than it",
            other,
            named(&[email("signer@example.com")]),
        )
        .identity("signer@example.com "),
        bad(
            "identity: a pattern",
            other,
            named(&[email("signer@example.com")]),
        )
        .identity(".*@example.com"),
        bad("identity: another issuer", other, v2()).issuer(GOOGLE),
        bad("identity: an issuer with a slash", other, v2()).issuer(slash),
        bad(
            "identity: no name",
            "identity-invalid",
            v2().leaf(|leaf| {
                leaf.remove(extension::SUBJECT_ALT_NAME);
                leaf.subject = modelseal_forge_oms::certificate::name("signer");
            }),
        ),
        bad(
            "identity: two names",
            "identity-invalid",
            named(&[email("signer@example.com"), email("other@example.com")]),
        )
        .identity("signer@example.com")
        .lenient("Fulcio's certificates have exactly one name; it takes the first"),
        bad(
            "identity: a host",
            "identity-invalid",
            named(&[der::implicit(2, b"example.com")]),
        )
        .identity("example.com"),
        bad(
            "identity: a username of another type",
            "identity-invalid",
            named(&[{
                let content = [
                    der::oid("1.3.6.1.4.1.32473.2"),
                    der::explicit(0, &utf8("signer")),
                ];
                der::tlv(0xa0, &content.concat())
            }]),
        )
        .identity("signer"),
        good(
            "identity: one URI",
            named(&[uri("https://example.com/signer")]),
        )
        .identity("https://example.com/signer"),
    ];
    cases.extend(issuers());
    cases
}

/// The issuer is that of the later extension; the first counts only where the later is absent.
fn issuers() -> Vec<Case> {
    let without = |oid: &'static str| v2().leaf(move |leaf| leaf.remove(oid));
    let set = |oid: &'static str, value: Vec<u8>| {
        v2().leaf(move |leaf| leaf.set(Extension::new(oid, false, value.clone())))
    };
    // 1.3.6.1.4.1.57264.1.8 with a superfluous octet in its last arc: some readers take it for the issuer.
    let alias = || {
        let oid = [0x2b, 6, 1, 4, 1, 0x83, 0xbf, 0x30, 1, 0x80, 8];
        let value = der::tlv(der::OCTET_STRING, &utf8(crate::fulcio::ISSUER));
        der::sequence(&[der::tlv(der::OBJECT_IDENTIFIER, &oid), value])
    };
    vec![
        bad(
            "identity: an alias of the issuer's extension",
            "certificate-invalid",
            set(ISSUER_V2, utf8("https://evil.example"))
                .leaf(move |leaf| leaf.raw_extensions.insert(0, alias())),
        ),
        good(
            "identity: issuer in the later extension alone",
            without(ISSUER_V1),
        ),
        good(
            "identity: issuer in the first extension alone",
            without(ISSUER_V2),
        ),
        bad(
            "identity: issuer in neither",
            "identity-unexpected",
            v2().leaf(|leaf| {
                leaf.remove(ISSUER_V1);
                leaf.remove(ISSUER_V2);
            }),
        ),
        good(
            "identity: issuers differ, the later one is it",
            set(ISSUER_V2, utf8(GOOGLE)),
        )
        .issuer(GOOGLE),
        bad(
            "identity: issuers differ, the first one is not it",
            "identity-unexpected",
            set(ISSUER_V2, utf8(GOOGLE)),
        ),
        bad(
            "identity: issuer without its type",
            "extension-invalid",
            set(ISSUER_V2, crate::ISSUER.into()),
        ),
        bad(
            "identity: issuer with octets after it",
            "extension-invalid",
            {
                let mut value = utf8(crate::ISSUER);
                value.push(0);
                set(ISSUER_V2, value)
            },
        ),
        bad(
            "identity: issuer that is not a string",
            "extension-invalid",
            set(ISSUER_V2, vec![0x0c, 1, 0xff]),
        ),
        bad(
            "identity: first issuer with its type",
            "identity-unexpected",
            v2().leaf(|leaf| {
                leaf.remove(ISSUER_V2);
                leaf.set(Extension::new(ISSUER_V1, false, utf8(crate::ISSUER)));
            }),
        )
        .lenient("the first extension is raw text; it takes a UTF8String too"),
    ]
}
