//! A verdict over one artifact.

use std::path::Path;

use modelseal::{
    ArtifactVerdict, Error, Outcome,
    verdict::{
        ArtifactAnswer, ArtifactBytes, AttestationAnswer, OtherBundle, Publisher, SignatureAnswer,
    },
};

use super::{
    page::Page,
    signature::{hex, show_error, show_evaluation, show_notes, show_unchecked, show_valid, signer},
};
use crate::exit::quoted;

/// The page of a verdict. `file` is what the caller named.
pub fn show(verdict: &ArtifactVerdict, file: &Path) -> String {
    let mut page = Page::default();
    page.outcome(verdict.outcome(), &headline(verdict, file));
    if !verdict.reasons().is_empty() {
        page.row("reasons", codes(verdict.reasons()));
    }
    show_digests(&mut page, verdict.artifact(), verdict.bytes());
    if let Some(attestation) = verdict.attestation() {
        show_attestation(&mut page, attestation, verdict.reasons());
    }
    match verdict.signature() {
        SignatureAnswer::Valid(valid) => show_valid(&mut page, valid, verdict.publisher()),
        SignatureAnswer::Invalid { error, .. } => {
            show_error(&mut page, *error, verdict.reasons());
        }
        SignatureAnswer::Unchecked(unchecked) => show_unchecked(&mut page, unchecked),
        _ => {}
    }
    if let Some(line) = verdict.line() {
        page.row("bundle", format!("on line {line}"));
    }
    page.list("other bundle", verdict.others(), show_other);
    show_evaluation(&mut page, verdict.evaluation());
    show_notes(&mut page, verdict.notes());
    if verdict.outcome() != Outcome::Failed {
        page.row("not checked", not_checked(verdict));
    }
    page.text
}

fn codes(reasons: &[Error]) -> String {
    let codes: Vec<_> = reasons.iter().map(Error::code).collect();
    codes.join(", ")
}

fn headline(verdict: &ArtifactVerdict, file: &Path) -> String {
    let signature = verdict.signature();
    match signature {
        SignatureAnswer::Invalid { error, .. } => return error.0.to_string(),
        SignatureAnswer::Unchecked(unchecked) => return unchecked.error.0.to_string(),
        _ => {}
    }
    let signer = signer(verdict.publisher(), signature);
    if let Publisher::Unexpected { .. } = verdict.publisher() {
        return format!("signed by {signer}, who is not the expected publisher");
    }
    if let (Outcome::Failed, [error]) = (verdict.outcome(), verdict.reasons()) {
        return format!("{error}; it is signed by {signer}");
    }
    // A digest that the caller stated never reads the same as bytes that were hashed.
    let subject = match verdict.bytes() {
        ArtifactBytes::Hashed => quoted(file),
        _ => "the stated digest".to_owned(),
    };
    let done = match (verdict.attestation(), verdict.bytes()) {
        (Some(_), _) => "is attested by",
        (None, ArtifactBytes::Hashed) => "is exactly as signed by",
        (None, _) => "is signed by",
    };
    let mut text = format!("{subject} {done} {signer}");
    if verdict.reasons().contains(&Error::PredicateUnchecked) {
        text.push_str("; what the attestation says was not checked");
    }
    if let Publisher::Unchecked { .. } = verdict.publisher() {
        text.push_str("; no expected publisher was given");
    }
    text
}

fn show_digests(page: &mut Page, artifact: &ArtifactAnswer, bytes: ArtifactBytes) {
    let digests = [
        artifact
            .sha256
            .map(|digest| format!("sha256:{}", hex(&digest))),
        artifact
            .sha384
            .map(|digest| format!("sha384:{}", hex(&digest))),
        artifact
            .sha512
            .map(|digest| format!("sha512:{}", hex(&digest))),
    ];
    // Of several that were made of the bytes one is enough to see.
    if let Some(digest) = digests.into_iter().flatten().next() {
        page.row("artifact", digest);
    }
    if bytes != ArtifactBytes::Hashed {
        page.row("bytes", "not looked at: you stated the digest");
    }
}

fn show_attestation(page: &mut Page, attestation: &AttestationAnswer, reasons: &[Error]) {
    page.row("attestation", &attestation.predicate_type);
    if reasons.contains(&Error::PredicateTypeUnexpected) {
        let accepted = attestation.accepted_types.as_deref().unwrap_or_default();
        page.list("accepted", accepted, String::clone);
    }
    let Some(provenance) = &attestation.provenance else {
        return;
    };
    for (label, text) in [
        ("builder", &provenance.builder),
        ("built from", &provenance.source),
        ("commit", &provenance.commit),
        ("workflow", &provenance.workflow),
    ] {
        if let Some(text) = text {
            page.row(label, text);
        }
    }
}

fn show_other(other: &OtherBundle) -> String {
    let line = other.line.unwrap_or_default();
    let outcome = match other.outcome {
        Outcome::Verified => "verified".to_owned(),
        Outcome::Incomplete => format!("incomplete: {}", codes(&other.reasons)),
        Outcome::Failed => format!("failed: {}", codes(&other.reasons)),
    };
    match &other.predicate_type {
        Some(predicate_type) => format!("on line {line}, {outcome} ({predicate_type})"),
        None => format!("on line {line}, {outcome}"),
    }
}

fn not_checked(verdict: &ArtifactVerdict) -> &'static str {
    match verdict.bytes() {
        ArtifactBytes::Hashed => "revocation; whether this is the newest version",
        _ => "the bytes of the artifact; revocation; whether this is the newest version",
    }
}
