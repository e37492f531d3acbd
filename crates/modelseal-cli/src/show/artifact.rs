//! A verdict over one artifact, as text.

use std::path::Path;

use serde::Deserialize;

use super::{
    page::{BAD, GOOD, PARTIAL, Page},
    signature::{Frame, Publisher, Signature, note},
};
use crate::{escape, exit::quoted};

#[derive(Debug, Deserialize)]
struct Verdict<'v> {
    outcome: &'v str,
    reasons: Vec<&'v str>,
    signature: Signature,
    publisher: Publisher,
    artifact: Artifact,
    attestation: Option<Attestation>,
    notes: Vec<&'v str>,
    #[serde(flatten)]
    frame: Frame,
}

#[derive(Debug, Deserialize)]
struct Artifact {
    sha256: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attestation {
    predicate_type: String,
    provenance: Option<Provenance>,
}

#[derive(Debug, Deserialize)]
struct Provenance {
    builder: Option<String>,
    source: Option<String>,
    commit: Option<String>,
    workflow: Option<String>,
}

/// A verdict in its JSON form, for people. `file` is what the caller named.
pub fn show(json: &str, file: &Path) -> String {
    match serde_json::from_str::<Verdict>(json) {
        Ok(verdict) => verdict.show(file),
        // A form that this file does not know yet is shown as it is.
        Err(_) => format!("{}\n", escape::json(json)),
    }
}

impl Verdict<'_> {
    fn show(&self, file: &Path) -> String {
        let mut page = Page::default();
        let (style, word) = match self.outcome {
            "verified" => (GOOD, "VERIFIED"),
            "incomplete" => (PARTIAL, "INCOMPLETE"),
            _ => (BAD, "NOT VERIFIED"),
        };
        page.headline(style, word, &self.headline(file));
        if !self.reasons.is_empty() {
            page.row("reasons", self.reasons.join(", "));
        }
        if let Some(sha256) = &self.artifact.sha256 {
            page.row("artifact", format!("sha256:{sha256}"));
        }
        if let Some(attestation) = &self.attestation {
            attestation.show(&mut page);
        }
        match &self.signature {
            Signature::Invalid { error } => error.show(&mut page, &self.reasons),
            Signature::Valid(valid) => valid.show(&mut page, &self.publisher),
        }
        self.frame.show(&mut page);
        for text in &self.notes {
            page.row("note", note(text));
        }
        if self.outcome != "failed" {
            page.row("not checked", "revocation");
        }
        page.text
    }

    fn headline(&self, file: &Path) -> String {
        let signer = self.publisher.signer(&self.signature);
        match &self.signature {
            Signature::Invalid { error } => error.message.clone(),
            Signature::Valid(_) if self.publisher.is_unexpected() => {
                format!("signed by {signer}, whom you do not expect")
            }
            Signature::Valid(_) => {
                let done = match self.attestation {
                    Some(_) => "is attested by",
                    None => "is exactly as signed by",
                };
                let text = format!("{} {done} {signer}", quoted(file));
                if self.publisher.is_unchecked() {
                    format!("{text}, but nobody said whom to expect")
                } else {
                    text
                }
            }
        }
    }
}

impl Attestation {
    fn show(&self, page: &mut Page) {
        page.row("attestation", &self.predicate_type);
        let Some(provenance) = &self.provenance else {
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
}
