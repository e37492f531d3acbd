//! The answers about signature and publisher, which verdicts over models and artifacts share.

use std::fmt::Write as _;

use modelseal::{
    CertificateField as Field, CertificateIdentity, ChainLink, Digest, Error, Identity, Mismatch,
    TimeSource,
    verdict::{
        ErrorAnswer, Evaluation, Inclusion, Note, Publisher, SignatureAnswer, TimeBasis,
        UncheckedSignature, ValidSignature,
    },
};

use super::page::Page;

/// The signer in a few words.
pub fn signer(publisher: &Publisher, signature: &SignatureAnswer) -> String {
    match (publisher.name(), publisher.issuer(), signature) {
        (Some(name), Some(issuer), _) => format!("{name} (issuer {issuer})"),
        (Some(name), None, _) => name.to_owned(),
        (None, _, SignatureAnswer::Valid(valid)) => format!("the key {}", short_key(valid)),
        (None, _, _) => "no one".to_owned(),
    }
}

/// The first digits of a key's digest, enough to tell two keys apart by eye.
fn short_key(valid: &ValidSignature) -> String {
    let digest = sha256(&valid.key);
    format!("{}…", digest.get(..23).unwrap_or(&digest))
}

fn sha256(digest: &[u8; 32]) -> String {
    Digest::Sha256(*digest).to_string()
}

/// Where it went wrong.
pub fn show_error(page: &mut Page, error: ErrorAnswer, reasons: &[Error]) {
    page.row("refused at", format!("the stage `{}`", error.0.stage()));
    if reasons != [error.0] {
        page.row("code", error.0.code());
    }
}

/// What is claimed about a signature that nothing confirms.
pub fn show_unchecked(page: &mut Page, unchecked: &UncheckedSignature) {
    page.row(
        "signature",
        format!("not checked ({})", unchecked.method.name()),
    );
    if let Some(hint) = &unchecked.key_hint {
        page.row("key hint", hint);
    }
    page.list("claims", &unchecked.claimed_chain, describe);
}

/// A valid signature, and who made it.
pub fn show_valid(page: &mut Page, valid: &ValidSignature, publisher: &Publisher) {
    page.row(
        "signature",
        format!("valid ({}, {})", valid.method.name(), valid.algorithm),
    );
    let basis = match publisher {
        Publisher::Expected { .. } => "as you expect",
        Publisher::Unexpected { .. } => "not the expected one",
        _ => "not compared with an expected one",
    };
    match (&valid.identity, valid.chain.first()) {
        (Some(identity), leaf) => show_identity(page, identity, leaf, basis),
        (None, Some(leaf)) => page.row("signer", format!("{}, {basis}", describe(leaf))),
        (None, None) => page.row("signer", format!("the key {}, {basis}", sha256(&valid.key))),
    }
    if let Publisher::Unexpected {
        expected,
        mismatches,
        ..
    } = publisher
    {
        show_mismatches(page, expected, mismatches);
    }
    for certificate in valid.chain.iter().skip(1) {
        page.row("issued by", describe(certificate));
    }
    page.list("logged", &valid.log_entries, |entry| {
        let inclusion = match entry.inclusion {
            Inclusion::Proved => "proved",
            _ => "promised",
        };
        format!(
            "{}, entry {} ({} {}), inclusion {inclusion}",
            entry.log, entry.index, entry.kind, entry.version
        )
    });
    page.list("signed at", &valid.verified_times, |time| {
        let source = match time.source {
            TimeSource::Log => "the log",
            _ => "the timestamp authority",
        };
        format!("{}, according to {source} {}", time.at, time.authority)
    });
}

fn show_identity(
    page: &mut Page,
    identity: &CertificateIdentity,
    leaf: Option<&ChainLink>,
    basis: &str,
) {
    page.row("signer", format!("{}, {basis}", identity.identity()));
    page.row(
        "issuer",
        identity
            .issuer()
            .unwrap_or("none: the certificate does not name one"),
    );
    let field = |wanted| {
        let mut fields = identity.fields().iter();
        let found = fields.find(|(field, _)| *field == wanted);
        found.map(|(_, value)| value.as_str())
    };
    if let Some(source) = field(Field::SourceRepositoryUri) {
        let mut text = source.to_owned();
        for (wanted, before) in [
            (Field::SourceRepositoryRef, " at "),
            (Field::SourceRepositoryDigest, ", commit "),
            (Field::BuildTrigger, ", started by "),
        ] {
            if let Some(value) = field(wanted) {
                text.push_str(before);
                text.push_str(value);
            }
        }
        page.row("source", text);
    }
    if let Some(leaf) = leaf {
        let text = format!(
            "sha256:{}, valid {} to {}",
            hex(&leaf.sha256),
            leaf.not_before,
            leaf.not_after
        );
        page.row("certificate", text);
    }
}

/// In which fields the signer differs from the nearest expected one.
fn show_mismatches(page: &mut Page, expected: &[Identity], mismatches: &[Mismatch]) {
    page.list("differs", mismatches, |mismatch| {
        let expected = mismatch.expected.as_deref().unwrap_or("none");
        let field = mismatch.field;
        match &mismatch.found {
            Some(found) => format!("{field}: expected {expected}, found {found}"),
            None => format!("{field}: expected {expected}, the certificate has none"),
        }
    });
    if expected.len() > 1 {
        let count = expected.len();
        page.row(
            "",
            format!("the nearest of {count} expected signers is shown"),
        );
    }
}

/// A certificate in a few words.
pub fn describe(certificate: &ChainLink) -> String {
    // The leaf of a keyless signature has no subject.
    let mut text = certificate.subject.clone();
    if !text.is_empty() {
        text.push_str(", ");
    }
    // Writing to a string cannot fail.
    let _ = write!(text, "certificate sha256:{}", hex(&certificate.sha256));
    text
}

/// Lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    modelseal_hash::Hex(bytes).to_string()
}

/// What was checked when, and with what.
pub fn show_evaluation(page: &mut Page, evaluation: &Evaluation) {
    if let Some(root) = &evaluation.trust_root {
        let sha256 = hex(&root.sha256);
        let text = match (root.name, root.date, root.fetched_at) {
            (_, _, Some(at)) => format!("fetched at {at}, sha256:{sha256}"),
            (Some(name), Some(date), None) => format!("{name} of {date}, sha256:{sha256}"),
            _ => format!("your own, sha256:{sha256}"),
        };
        page.row("trust root", text);
    }
    page.list(
        "not used",
        &evaluation.ignored_anchors,
        |anchor| match &anchor.subject {
            Some(subject) => format!("the anchor {subject}: {}", anchor.reason),
            None => format!("a block in the anchors: {}", anchor.reason),
        },
    );
    let why = match evaluation.judged_at_basis {
        TimeBasis::Now => None,
        TimeBasis::SignedTime => Some("a verified signing time"),
        _ => Some("the time that you gave"),
    };
    if let Some(why) = why {
        page.row("checked for", format!("{}, {why}", evaluation.judged_at));
    }
    if let Some(until) = evaluation.valid_until {
        page.row("valid until", until);
    }
}

/// Harmless observations.
pub fn show_notes(page: &mut Page, notes: &[Note]) {
    page.list("note", notes, |note| sentence(*note).to_owned());
}

fn sentence(note: Note) -> &'static str {
    match note {
        Note::AnchorIgnored => "some of what you gave as anchors cannot be used and was skipped",
        Note::ClockBehind => "this machine's clock is a little behind the signing time",
        Note::DigestsV01Form => "the signature has the form of v0.2.0, without a root digest",
        Note::HuggingFaceRecords => {
            ".cache/huggingface holds records of the download: --ignore-paths .cache/huggingface skips it"
        }
        Note::KeyHintMissing => "the bundle does not name its key",
        Note::ResourcesNotInOrder => "the signed list is not in the order of the standard",
        Note::RootInChain => "the bundle contains a self-signed certificate, which was skipped",
        Note::TimestampIgnored => {
            "a timestamp from an authority that is not in the trust root was skipped"
        }
        Note::TrustRootExpired => {
            "the TUF root of the fetched trust root has expired: run `modelseal roots update`"
        }
        Note::TrustRootOld => {
            "the trust root is more than 180 days old: run `modelseal roots update`"
        }
        Note::TrustRootWithoutCertificateLogs => {
            "the trust root names no logs of certificates, so no SCT was required"
        }
        Note::TrustRootWithoutLogs => {
            "the trust root names no transparency logs, so no entry was required"
        }
        _ => "another observation; --format json has it",
    }
}
