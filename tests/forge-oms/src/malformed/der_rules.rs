//! Certificates that break the format's own rules (RFC 5280 section 4, X.690), well signed.

use crate::case::{Cases, Expect};
use crate::certificate::{Certificate, Extension, extension, key_identifier, seal};
use crate::context::Context;
use crate::der;
use crate::keys::{Algorithm, Kind};

pub(super) fn add(context: &Context, cases: &mut Cases) {
    fields(context, cases);
    encodings(context, cases);
    signed_encodings(context, cases);
    extensions(context, cases);
    authority_extensions(context, cases);
    bystanders(context, cases);
}

fn invalid() -> Expect {
    Expect::Failed("certificate", "certificate-invalid")
}

/// Adds a case with this leaf below the ordinary intermediate.
fn add_leaf(
    context: &Context,
    cases: &mut Cases,
    name: &str,
    rule: &str,
    expect: Expect,
    leaf: Vec<u8>,
) {
    let chain = [leaf, context.pki.intermediate_der()];
    cases.add(
        name,
        rule,
        context.chain_bundle(&chain),
        context.pki.policy(),
        expect,
    );
}

fn fields(context: &Context, cases: &mut Cases) {
    let issuer_key = &context.pki.intermediate_key;
    let mut with = |name: &str, rule: &str, change: &dyn Fn(&mut Certificate)| {
        let mut leaf = context.pki.leaf();
        change(&mut leaf);
        add_leaf(context, cases, name, rule, invalid(), leaf.sign(issuer_key));
    };
    let rule = "RFC 5280 section 4.1.2.2: a serial number is positive, of at most 20 octets";
    with("serial-negative", rule, &|leaf| leaf.serial = vec![0x85, 1]);
    with("serial-21-octets", rule, &|leaf| {
        leaf.serial = vec![0x11; 21]
    });
    with(
        "serial-padded",
        "X.690 section 8.3.2: an INTEGER is minimal",
        &|leaf| {
            leaf.serial = vec![0, 1];
        },
    );
    with(
        "serial-empty",
        "X.690 section 8.3.1: an INTEGER has content",
        &|leaf| {
            leaf.serial = Vec::new();
        },
    );
    let rule = "RFC 5280 section 4.1.2.1: extensions need version 3";
    with("version-1-with-extensions", rule, &|leaf| {
        leaf.version = None
    });
    with("version-2-with-extensions", rule, &|leaf| {
        leaf.version = Some(1)
    });
    with(
        "version-4",
        "RFC 5280 section 4.1.2.1: there are three versions",
        &|leaf| {
            leaf.version = Some(3);
        },
    );
    with(
        "version-1-written",
        "X.690 section 11.5: a default value is left out",
        &|leaf| {
            leaf.version = Some(0);
        },
    );
    let rule = "RFC 5280 section 4.1.1.2: both algorithm fields are the same";
    with("algorithm-mismatch", rule, &|leaf| {
        leaf.inner_algorithm = Some(Algorithm::EcdsaSha256);
    });
    let rule =
        "RFC 5280 section 4.1.2.5: UTCTime through 2049, GeneralizedTime after, with seconds, in Z";
    let utc = |text: &str| der::tlv(der::UTC_TIME, text.as_bytes());
    let general = |text: &str| der::tlv(der::GENERALIZED_TIME, text.as_bytes());
    with("time-generalized-early", rule, &|leaf| {
        leaf.not_after = general("20350101000000Z")
    });
    with("time-no-seconds", rule, &|leaf| {
        leaf.not_after = utc("3501010000Z")
    });
    with("time-offset", rule, &|leaf| {
        leaf.not_after = utc("350101000000+0000")
    });
    with("time-fraction", rule, &|leaf| {
        leaf.not_after = general("20550101000000.5Z")
    });
    with("time-month-13", rule, &|leaf| {
        leaf.not_after = utc("351301000000Z")
    });
    with("time-february-30", rule, &|leaf| {
        leaf.not_after = utc("350230000000Z")
    });
    with(
        "issuer-empty",
        "RFC 5280 section 4.1.2.4: the issuer has a name",
        &|leaf| {
            leaf.issuer = der::sequence(&[]);
        },
    );

    let mut leaf = context.pki.leaf();
    leaf.version = None;
    leaf.extensions = Vec::new();
    add_leaf(
        context,
        cases,
        "version-1",
        "OMS 1.0: the signer's keyUsage has digitalSignature, which version 1 cannot say",
        invalid(),
        leaf.sign(issuer_key),
    );
    let pki = &context.pki;
    let mut authority = pki.intermediate();
    authority.version = None;
    authority.extensions = Vec::new();
    let chain = [pki.leaf_der(), authority.sign(&pki.root_key)];
    cases.add(
        "version-1-authority",
        "RFC 5280 section 6.1.4 (k): version 1 cannot say CA:TRUE",
        context.chain_bundle(&chain),
        pki.policy(),
        invalid(),
    );
}

/// Wrong bytes outside of what is signed.
fn encodings(context: &Context, cases: &mut Cases) {
    let leaf = context.pki.leaf_der();
    // The leaf is longer than 255 bytes: its outer header is 30 82 and two bytes.
    assert_eq!(leaf[..2], [0x30, 0x82]);
    let mut add = |name: &str, rule: &str, bytes: Vec<u8>| {
        add_leaf(context, cases, name, rule, invalid(), bytes);
    };
    add(
        "leaf-trailing-bytes",
        "RFC 5280 section 4.1: one certificate",
        [&leaf[..], &[0]].concat(),
    );
    add(
        "leaf-twice",
        "RFC 5280 section 4.1: one certificate",
        leaf.repeat(2),
    );
    add(
        "leaf-truncated",
        "X.690 section 8.1.3: the length holds",
        leaf[..leaf.len() - 1].to_vec(),
    );
    add(
        "leaf-long-length",
        "X.690 section 10.1: a length is in its shortest form",
        [&[0x30, 0x83, 0], &leaf[2..]].concat(),
    );
    add(
        "leaf-indefinite-length",
        "X.690 section 10.1: a length is definite",
        [&[0x30, 0x80], &leaf[4..], &[0, 0]].concat(),
    );
    add(
        "leaf-empty",
        "RFC 5280 section 4.1: a certificate has content",
        Vec::new(),
    );
    add("leaf-pem", "Sigstore bundle: rawBytes is DER", {
        crate::keys::pem("CERTIFICATE", &leaf).into_bytes()
    });
    let tbs = context.pki.leaf().to_be_signed(Algorithm::EcdsaSha384);
    let value = context
        .pki
        .intermediate_key
        .sign(Algorithm::EcdsaSha384, &tbs);
    let mut bits = value.clone();
    bits.push(0);
    add(
        "leaf-signature-bits",
        "RFC 5280 section 4.1.1.3: a signature is of whole bytes",
        der::sequence(&[
            tbs.clone(),
            Algorithm::EcdsaSha384.identifier(),
            der::named_bits(&bits, 4),
        ]),
    );
    add(
        "leaf-fourth-element",
        "RFC 5280 section 4.1: a certificate has three elements",
        der::sequence(&[
            tbs,
            Algorithm::EcdsaSha384.identifier(),
            der::bit_string(&value),
            der::null(),
        ]),
    );
}

/// Wrong bytes inside of what is signed.
fn signed_encodings(context: &Context, cases: &mut Cases) {
    let algorithm = Algorithm::EcdsaSha384;
    let issuer_key = &context.pki.intermediate_key;
    let tbs = context.pki.leaf().to_be_signed(algorithm);
    let mut add = |name: &str, rule: &str, tbs: &[u8]| {
        add_leaf(
            context,
            cases,
            name,
            rule,
            invalid(),
            seal(tbs, issuer_key, algorithm),
        );
    };
    let at = |bytes: &[u8]| {
        let found = tbs.windows(bytes.len()).position(|window| window == bytes);
        found.expect("the bytes are there")
    };
    let mut boolean = tbs.clone();
    boolean[at(&[0x01, 0x01, 0xff]) + 2] = 0x01;
    add(
        "boolean-not-ff",
        "X.690 section 11.1: TRUE is 0xff",
        &boolean,
    );
    add(
        "signed-trailing-bytes",
        "RFC 5280 section 4.1: nothing after the extensions",
        &{
            let header = 4;
            der::tlv(der::SEQUENCE, &[&tbs[header..], &der::null()].concat())
        },
    );
    let mut certificate = context.pki.leaf();
    certificate.raw_extensions.push(der::sequence(&[
        der::oid(extension::UNKNOWN),
        der::tlv(der::BOOLEAN, &[0]),
        der::tlv(der::OCTET_STRING, &der::null()),
    ]));
    let written = certificate.to_be_signed(algorithm);
    add(
        "critical-false-written",
        "X.690 section 11.5: a default value is left out",
        &written,
    );
    certificate.raw_extensions = vec![der::sequence(&[
        // An arc that begins with a superfluous octet.
        der::tlv(der::OBJECT_IDENTIFIER, &[0x2b, 0x06, 0x80, 0x01]),
        der::tlv(der::OCTET_STRING, &der::null()),
    ])];
    let padded = certificate.to_be_signed(algorithm);
    add(
        "object-identifier-padded",
        "X.690 section 8.19.2: the first octet of an arc is not 0x80",
        &padded,
    );
    certificate.raw_extensions = vec![der::sequence(&[der::oid(extension::UNKNOWN)])];
    let empty = certificate.to_be_signed(algorithm);
    add(
        "extension-without-value",
        "RFC 5280 section 4.1: an extension has a value",
        &empty,
    );
}

fn extensions(context: &Context, cases: &mut Cases) {
    let issuer_key = &context.pki.intermediate_key;
    let mut with = |name: &str, rule: &str, code, change: &dyn Fn(&mut Certificate)| {
        let mut leaf = context.pki.leaf();
        change(&mut leaf);
        let expect = Expect::Failed("certificate", code);
        add_leaf(context, cases, name, rule, expect, leaf.sign(issuer_key));
    };
    let rule = "RFC 5280 section 4.2: an extension is there once";
    let duplicate = "extension-duplicate";
    with("extension-twice", rule, duplicate, &|leaf| {
        leaf.extensions.push(leaf.extensions[1].clone());
    });
    with("extension-twice-unknown", rule, duplicate, &|leaf| {
        let unknown = Extension::new(extension::UNKNOWN, false, der::null());
        leaf.extensions.extend([unknown.clone(), unknown]);
    });
    let malformed = "extension-invalid";
    let rule = "RFC 5280 section 4.2.1.3: keyUsage is a BIT STRING with at least one bit";
    let key_usage = |value: Vec<u8>| Extension::new(extension::KEY_USAGE, true, value);
    with("key-usage-octets", rule, malformed, &|leaf| {
        leaf.set(key_usage(der::tlv(der::OCTET_STRING, &[0x80])));
    });
    with("key-usage-no-bits", rule, malformed, &|leaf| {
        leaf.set(key_usage(der::named_bits(&[], 0)));
    });
    with("key-usage-trailing-bytes", rule, malformed, &|leaf| {
        leaf.set(key_usage(
            [der::named_bits(&[0x80], 7), der::null()].concat(),
        ));
    });
    let rule = "X.690 section 11.2.2: a named bit list ends with its last one bit";
    with("key-usage-trailing-zeros", rule, malformed, &|leaf| {
        leaf.set(key_usage(der::named_bits(&[0x80], 0)));
    });
    let rule = "RFC 5280 section 4.2.1.12: extKeyUsage is a SEQUENCE of at least one OID";
    with("eku-empty", rule, malformed, &|leaf| {
        leaf.set(Extension::extended_key_usage(&[]))
    });
    with("eku-garbage", rule, malformed, &|leaf| {
        leaf.set(Extension::new(
            extension::EXTENDED_KEY_USAGE,
            false,
            der::null(),
        ));
    });
    let rule = "RFC 5280 section 4.2.1.9: pathLenConstraint needs CA:TRUE";
    with("path-length-without-ca", rule, malformed, &|leaf| {
        leaf.set(Extension::basic_constraints(false, Some(0)));
    });
    let rule = "X.690 section 11.5: a default value is left out";
    with("ca-false-written", rule, malformed, &|leaf| {
        let value = der::sequence(&[der::tlv(der::BOOLEAN, &[0])]);
        leaf.set(Extension::new(extension::BASIC_CONSTRAINTS, true, value));
    });
    let rule = "RFC 5280 section 4.2.1.1: authorityKeyIdentifier is not critical";
    with("authority-key-critical", rule, malformed, &|leaf| {
        let value = der::sequence(&[der::implicit(0, &key_identifier(issuer_key))]);
        leaf.set(Extension::new(extension::AUTHORITY_KEY, true, value));
    });
    let rule = "RFC 5280 section 4.2.1.2: subjectKeyIdentifier is not critical";
    with("subject-key-critical", rule, malformed, &|leaf| {
        let value = der::tlv(der::OCTET_STRING, &key_identifier(&context.pki.leaf_key));
        leaf.set(Extension::new(extension::SUBJECT_KEY, true, value));
    });
}

fn authority_extensions(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    let mut with = |name: &str, rule: &str, change: &dyn Fn(&mut Certificate)| {
        let mut authority = pki.intermediate();
        change(&mut authority);
        let chain = [pki.leaf_der(), authority.sign(&pki.root_key)];
        let expect = Expect::Failed("certificate", "extension-invalid");
        cases.add(
            name,
            rule,
            context.chain_bundle(&chain),
            pki.policy(),
            expect,
        );
    };
    with(
        "basic-constraints-garbage",
        "RFC 5280 section 4.2.1.9: basicConstraints is a SEQUENCE",
        &|authority| {
            let value = der::tlv(der::BOOLEAN, &[0xff]);
            authority.set(Extension::new(extension::BASIC_CONSTRAINTS, true, value));
        },
    );
    with(
        "path-length-negative",
        "RFC 5280 section 4.2.1.9: pathLenConstraint is zero or more",
        &|authority| {
            let parts = [
                der::tlv(der::BOOLEAN, &[0xff]),
                der::tlv(der::INTEGER, &[0xff]),
            ];
            let value = der::sequence(&parts);
            authority.set(Extension::new(extension::BASIC_CONSTRAINTS, true, value));
        },
    );
    let rule = "RFC 5280 section 4.2.1.10: nameConstraints has a subtree, and is critical";
    with("name-constraints-empty", rule, &|authority| {
        authority.set(Extension::name_constraints(&[], &[]));
    });
    with("name-constraints-not-critical", rule, &|authority| {
        let email = der::implicit(1, b"example.org");
        let mut constraints = Extension::name_constraints(&[email], &[]);
        constraints.critical = false;
        authority.set(constraints);
    });
    with(
        "name-constraints-minimum",
        "RFC 5280 section 4.2.1.10: a subtree's minimum is zero, and left out",
        &|authority| {
            let email = der::implicit(1, b"example.org");
            let subtree = der::sequence(&[email, der::implicit(0, &[1])]);
            let value = der::sequence(&[der::explicit(0, &subtree)]);
            authority.set(Extension::new(extension::NAME_CONSTRAINTS, true, value));
        },
    );
}

/// Certificates that no path needs.
fn bystanders(context: &Context, cases: &mut Cases) {
    let pki = &context.pki;
    for (name, bystander) in [
        ("bystander-garbage", b"no certificate".to_vec()),
        ("bystander-empty", Vec::new()),
        (
            "bystander-trailing-bytes",
            [&pki.root_der()[..], &[0]].concat(),
        ),
    ] {
        let mut chain = pki.chain();
        chain.push(bystander);
        let rule = "every certificate of a bundle is readable, whether a path needs it or not";
        cases.add(
            name,
            rule,
            context.chain_bundle(&chain),
            pki.policy(),
            invalid(),
        );
    }
    let other = crate::keys::Key::derive(Kind::Ed25519, "bystander");
    let mut chain = pki.chain();
    chain.push(Certificate::authority("Bystander", &other, "Bystander", &other).sign(&other));
    cases.add(
        "twin-bystander-ed25519",
        "a readable certificate that no path needs does no harm, whatever its key",
        context.chain_bundle(&chain),
        pki.policy(),
        Expect::Verified,
    );
}
