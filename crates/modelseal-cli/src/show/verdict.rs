//! A verdict as text.

use serde::Deserialize;

use super::{
    Model,
    page::{BAD, GOOD, PARTIAL, Page},
    signature::{Frame, Publisher, Signature, note},
};
use crate::{escape, hash::Unreadable};

/// The parts of a verdict that are shown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Verdict<'v> {
    outcome: &'v str,
    reasons: Vec<&'v str>,
    signature: Signature,
    publisher: Publisher,
    coverage: Coverage,
    bytes: Bytes,
    model: Option<Model>,
    notes: Vec<&'v str>,
    #[serde(flatten)]
    frame: Frame,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Coverage {
    signed_files: usize,
    ignored_by_signature: Vec<Ignored>,
    ignored_by_caller: Vec<String>,
    allowed_unsigned: Vec<String>,
    unsigned: Vec<Unsigned>,
    missing: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Ignored {
    path: String,
    basis: String,
}

#[derive(Debug, Deserialize)]
struct Unsigned {
    path: String,
    kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bytes {
    hashed: usize,
    changed: Vec<Changed>,
    unreadable: Vec<String>,
    not_checked: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Changed {
    path: String,
    expected: Option<String>,
    actual: Option<String>,
    reason: String,
}

/// A verdict in its JSON form, for people. `unreadable` has the host's reasons, `rules` the
/// caller's ignore rules.
pub fn show(json: &str, unreadable: &Unreadable, rules: &[String]) -> String {
    match serde_json::from_str::<Verdict>(json) {
        Ok(verdict) => verdict.show(unreadable, rules),
        // A form that this file does not know yet is shown as it is.
        Err(_) => format!("{}\n", escape::json(json)),
    }
}

impl Verdict<'_> {
    fn show(&self, unreadable: &Unreadable, rules: &[String]) -> String {
        let mut page = Page::default();
        let (style, word) = match self.outcome {
            "verified" => (GOOD, "VERIFIED"),
            "incomplete" => (PARTIAL, "INCOMPLETE"),
            _ => (BAD, "NOT VERIFIED"),
        };
        page.headline(style, word, &self.headline());
        if !self.reasons.is_empty() {
            page.row("reasons", self.reasons.join(", "));
        }
        self.show_signer(&mut page);
        self.show_differences(&mut page, unreadable);
        self.show_left_out(&mut page, rules);
        self.show_notes(&mut page);
        page.text
    }

    fn headline(&self) -> String {
        if let Signature::Invalid { error } = &self.signature {
            return error.message.clone();
        }
        let signer = self.publisher.signer(&self.signature);
        if self.publisher.is_unexpected() {
            return format!("signed by {signer}, whom you do not expect");
        }
        let (coverage, bytes) = (&self.coverage, &self.bytes);
        let special = self.reasons.contains(&"single-file-invalid");
        let counted = [
            (bytes.changed.len(), "file differs", "files differ"),
            (
                coverage.missing.len(),
                "file is missing",
                "files are missing",
            ),
            (
                coverage.unsigned.len(),
                "entry is unsigned",
                "entries are unsigned",
            ),
            (
                bytes.unreadable.len(),
                "file could not be read",
                "files could not be read",
            ),
            (
                bytes.not_checked.len(),
                "file was not checked",
                "files were not checked",
            ),
        ];
        let mut findings: Vec<String> = counted
            .iter()
            .filter(|(number, ..)| *number > 0)
            .map(|(number, one, many)| {
                format!("{number} {}", if *number == 1 { one } else { many })
            })
            .collect();
        if special {
            findings.push("the signature is for a single file, not for a folder".to_owned());
        }
        if findings.is_empty() {
            findings.push(self.all_right(&signer));
        }
        let left_out = coverage.ignored_by_caller.len() + coverage.allowed_unsigned.len();
        if self.outcome == "incomplete" && left_out > 0 {
            findings.push("what you left out was not looked at".to_owned());
        }
        if self.publisher.is_unchecked() {
            findings.push("but nobody said whom to expect".to_owned());
        }
        findings.join(", ")
    }

    fn all_right(&self, signer: &str) -> String {
        match self.bytes.hashed {
            1 => format!("1 file is exactly as signed by {signer}"),
            number => format!("{number} files are exactly as signed by {signer}"),
        }
    }

    fn show_signer(&self, page: &mut Page) {
        if let Some(model) = &self.model {
            model.show(page);
        }
        match &self.signature {
            Signature::Invalid { error } => error.show(page, &self.reasons),
            Signature::Valid(valid) => valid.show(page, &self.publisher),
        }
        if self.model.is_some() {
            let (hashed, files) = (self.bytes.hashed, self.coverage.signed_files);
            page.row("files", format!("{hashed} of {files} hashed and right"));
        }
        self.frame.show(page);
    }

    fn show_differences(&self, page: &mut Page, unreadable: &Unreadable) {
        page.list("changed", &self.bytes.changed, |changed| {
            let why = match changed.reason.as_str() {
                "digest" => match (&changed.expected, &changed.actual) {
                    (Some(expected), Some(actual)) => {
                        format!("signed {}, found {}", short(expected), short(actual))
                    }
                    _ => "other bytes".to_owned(),
                },
                "length" => "another length".to_owned(),
                "directory" => "now a folder".to_owned(),
                "symlink" => "now a symlink, or one that may not be followed".to_owned(),
                "special" => "now a special file".to_owned(),
                other => other.to_owned(),
            };
            format!("{}  ({why})", changed.path)
        });
        page.list("missing", &self.coverage.missing, String::clone);
        page.list(
            "unsigned",
            &self.coverage.unsigned,
            |unsigned| match unsigned.kind.as_str() {
                "file" => unsigned.path.clone(),
                "special" => format!("{}  (special file)", unsigned.path),
                kind => format!("{}  ({kind})", unsigned.path),
            },
        );
        page.list(
            "unreadable",
            &self.bytes.unreadable,
            |path| match unreadable.get(path) {
                Some(why) => format!("{path}  ({why})"),
                None => path.clone(),
            },
        );
        page.list("not checked", &self.bytes.not_checked, String::clone);
    }

    fn show_left_out(&self, page: &mut Page, rules: &[String]) {
        page.list(
            "not covered",
            &self.coverage.ignored_by_signature,
            |ignored| {
                let basis = match ignored.basis.as_str() {
                    "recorded" => "left out by the signer",
                    "git-default" => "git's, never signed",
                    "signature-file" => "the signature itself",
                    other => other,
                };
                format!("{}  ({basis})", ignored.path)
            },
        );
        let by_caller = &self.coverage.ignored_by_caller;
        page.list("ignored", by_caller, |path| {
            format!("{path}  (as you asked)")
        });
        page.list("unsigned", &self.coverage.allowed_unsigned, |path| {
            format!("{path}  (allowed by you)")
        });
        if matches!(self.signature, Signature::Valid { .. }) {
            let unmatched: Vec<_> = rules
                .iter()
                .filter(|rule| !by_caller.contains(rule))
                .collect();
            page.list("note", &unmatched, |rule| {
                format!("--ignore-paths {rule} left nothing out")
            });
        }
    }

    fn show_notes(&self, page: &mut Page) {
        for text in &self.notes {
            page.row("note", note(text));
        }
        if self.outcome != "failed" {
            page.row(
                "not checked",
                "revocation; whether this is the newest version",
            );
        }
    }
}

/// The first digits of a digest, enough to tell two apart by eye.
fn short(digest: &str) -> String {
    match digest.split_once(':') {
        Some((name, hex)) if hex.len() > 16 => format!("{name}:{}…", hex.get(..16).unwrap_or(hex)),
        _ => digest.to_owned(),
    }
}
