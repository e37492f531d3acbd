//! A certificate authority in Fulcio's profile (sigstore/fulcio,
//! `docs/certificate-specification.md`).

use modelseal_forge_oms::certificate::{CODE_SIGNING, Certificate, Extension, extension};
use modelseal_forge_oms::der;
use modelseal_forge_oms::keys::{Key, Kind};

use crate::sct::{self, CtLog};
use crate::spec::Spec;
use crate::time;

/// Who vouches for the identity.
pub const ISSUER: &str = "https://token.actions.githubusercontent.com";
/// Whom the certificate names.
pub const IDENTITY: &str =
    "https://github.com/modelseal/models/.github/workflows/sign.yml@refs/heads/main";

/// OID of the issuer as raw text.
pub const ISSUER_V1: &str = "1.3.6.1.4.1.57264.1.1";
/// OID of otherName in the subject's alternative names.
pub const OTHER_NAME: &str = "1.3.6.1.4.1.57264.1.7";
/// OID of the issuer as a DER UTF8String.
pub const ISSUER_V2: &str = "1.3.6.1.4.1.57264.1.8";

/// The first extensions, whose values are raw text.
const RAW: [(&str, &str); 5] = [
    ("1.3.6.1.4.1.57264.1.2", "workflow_dispatch"),
    ("1.3.6.1.4.1.57264.1.3", COMMIT),
    ("1.3.6.1.4.1.57264.1.4", "Sign the model"),
    ("1.3.6.1.4.1.57264.1.5", "modelseal/models"),
    ("1.3.6.1.4.1.57264.1.6", "refs/heads/main"),
];

/// The later ones, whose values are UTF8Strings.
const TEXTS: [(&str, &str); 14] = [
    ("1.3.6.1.4.1.57264.1.9", IDENTITY),
    ("1.3.6.1.4.1.57264.1.10", COMMIT),
    ("1.3.6.1.4.1.57264.1.11", "github-hosted"),
    (
        "1.3.6.1.4.1.57264.1.12",
        "https://github.com/modelseal/models",
    ),
    ("1.3.6.1.4.1.57264.1.13", COMMIT),
    ("1.3.6.1.4.1.57264.1.14", "refs/heads/main"),
    ("1.3.6.1.4.1.57264.1.15", "632596897"),
    ("1.3.6.1.4.1.57264.1.16", "https://github.com/modelseal"),
    ("1.3.6.1.4.1.57264.1.17", "131804563"),
    ("1.3.6.1.4.1.57264.1.18", IDENTITY),
    ("1.3.6.1.4.1.57264.1.19", COMMIT),
    ("1.3.6.1.4.1.57264.1.20", "workflow_dispatch"),
    (
        "1.3.6.1.4.1.57264.1.21",
        "https://github.com/modelseal/models/actions/runs/15609877086/attempts/1",
    ),
    ("1.3.6.1.4.1.57264.1.22", "public"),
];

const COMMIT: &str = "9739798945b2a848e911bcf1dddb97298cade0b1";

/// The authority's keys.
pub struct Fulcio {
    name: String,
    root: Key,
    intermediate: Key,
    /// The log of its precertificates.
    pub ct_log: CtLog,
}

/// The authority's certificates.
pub struct Authority {
    /// DER, intermediate first.
    pub chain: Vec<Vec<u8>>,
    intermediate: Certificate,
}

impl Fulcio {
    pub(crate) fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            root: Key::derive(Kind::P384, &format!("{name} fulcio root")),
            intermediate: Key::derive(Kind::P384, &format!("{name} fulcio intermediate")),
            ct_log: CtLog::new(name),
        }
    }

    fn common_name(&self, what: &str) -> String {
        format!("{} {what}", self.name)
    }

    pub(crate) fn authority(&self, spec: &Spec) -> Authority {
        let (top, below) = (self.common_name("fulcio"), self.common_name("intermediate"));
        let mut root = Certificate::authority(&top, &self.root, &top, &self.root);
        lasting(&mut root);
        spec.changes.fulcio_root.apply(&mut root);
        let mut intermediate = Certificate::authority(&below, &self.intermediate, &top, &self.root);
        lasting(&mut intermediate);
        intermediate.set(Extension::basic_constraints(true, Some(0)));
        intermediate.set(Extension::extended_key_usage(&[CODE_SIGNING]));
        spec.changes.intermediate.apply(&mut intermediate);
        Authority {
            chain: vec![intermediate.sign(&self.root), root.sign(&self.root)],
            intermediate,
        }
    }

    /// The leaf, with its SCTs.
    pub(crate) fn issue(&self, spec: &Spec, authority: &Authority) -> Vec<u8> {
        let mut leaf = self.leaf(spec);
        leaf.issuer.clone_from(&authority.intermediate.subject);
        spec.changes.leaf.apply(&mut leaf);
        let signs = self.intermediate.algorithm();
        let precertificate = leaf.to_be_signed(signs);
        let issuer = &authority.intermediate.spki;
        let mut list = vec![self.ct_log.sct(&precertificate, issuer, spec)];
        spec.changes.scts.apply(&mut list);
        if !list.is_empty() {
            let value = der::tlv(der::OCTET_STRING, &sct::list(&list));
            leaf.extensions
                .push(Extension::new(sct::LIST, false, value));
        }
        spec.changes.leaf_final.apply(&mut leaf);
        leaf.sign(&self.intermediate)
    }

    fn leaf(&self, spec: &Spec) -> Certificate {
        let key = spec.leaf_key.key();
        let below = self.common_name("intermediate");
        let mut leaf = Certificate::leaf("", &key, &below, &self.intermediate);
        leaf.subject = der::sequence(&[]);
        leaf.not_before = time::der(time::ISSUED);
        leaf.not_after = time::der(time::EXPIRED);
        leaf.remove(extension::BASIC_CONSTRAINTS);
        leaf.extensions.push(alternative_name(&[uri(IDENTITY)]));
        leaf.extensions
            .push(Extension::new(ISSUER_V1, false, ISSUER.into()));
        let raw = RAW.map(|(oid, text)| Extension::new(oid, false, text.into()));
        leaf.extensions.extend(raw);
        leaf.extensions
            .push(Extension::new(ISSUER_V2, false, utf8(ISSUER)));
        let texts = TEXTS.map(|(oid, text)| Extension::new(oid, false, utf8(text)));
        leaf.extensions.extend(texts);
        leaf
    }
}

fn lasting(certificate: &mut Certificate) {
    certificate.not_before = time::der(time::START);
    certificate.not_after = time::der(time::END);
}

/// A UTF8String.
pub fn utf8(text: &str) -> Vec<u8> {
    der::tlv(der::UTF8_STRING, text.as_bytes())
}

/// subjectAltName with these GeneralNames, critical as the subject is empty.
pub fn alternative_name(names: &[Vec<u8>]) -> Extension {
    Extension::new(extension::SUBJECT_ALT_NAME, true, der::sequence(names))
}

/// A uniformResourceIdentifier.
pub fn uri(text: &str) -> Vec<u8> {
    der::implicit(6, text.as_bytes())
}

/// An rfc822Name.
pub fn email(text: &str) -> Vec<u8> {
    der::implicit(1, text.as_bytes())
}

/// An otherName in Fulcio's form.
pub fn other_name(text: &str) -> Vec<u8> {
    let content = [der::oid(OTHER_NAME), der::explicit(0, &utf8(text))].concat();
    der::tlv(0xa0, &content)
}
