//! A verdict over a model.

use std::collections::HashSet;

use modelseal::{
    ChangeReason, Digest, EntryKind, Error, IgnoreBasis, LinkRefusal, LinkTargets, Outcome,
    Verdict, escape_non_ascii, escape_text,
    verdict::{ChangedFile, Coverage, Model, Publisher, SignatureAnswer},
};
use unicode_normalization::UnicodeNormalization as _;

use super::{
    page::Page,
    signature::{show_error, show_evaluation, show_notes, show_unchecked, show_valid, signer},
};
use crate::hash::Unreadable;

/// The page of a verdict. `unreadable` has the host's reasons, `rules` the caller's ignore rules.
pub fn show(verdict: &Verdict, unreadable: &Unreadable, rules: &[String]) -> String {
    let mut page = Page::default();
    page.outcome(verdict.outcome(), &headline(verdict));
    if !verdict.reasons().is_empty() {
        let codes: Vec<_> = verdict.reasons().iter().map(Error::code).collect();
        page.row("reasons", codes.join(", "));
    }
    show_signer(&mut page, verdict);
    show_differences(&mut page, verdict, unreadable);
    show_skipped(&mut page, verdict, rules);
    show_notes(&mut page, verdict.notes());
    if verdict.outcome() != Outcome::Failed {
        page.row(
            "not checked",
            "revocation; whether this is the newest version",
        );
    }
    page.text
}

fn headline(verdict: &Verdict) -> String {
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
    // A pin of the policy ended the check before the files.
    if let [
        error
        @ (Error::ModelNameUnexpected | Error::RootDigestDenied | Error::RootDigestUnexpected),
    ] = verdict.reasons()
    {
        return format!("{error}; it is signed by {signer}");
    }
    let mut findings = findings(verdict);
    if findings.is_empty() {
        findings.push(match verdict.bytes().hashed {
            1 => format!("1 file is exactly as signed by {signer}"),
            number => format!("{number} files are exactly as signed by {signer}"),
        });
    }
    let coverage = verdict.coverage();
    let skipped = coverage.ignored_by_caller.len() + coverage.allowed_unsigned.len();
    if verdict.outcome() == Outcome::Incomplete && skipped > 0 {
        findings.push("what you ignored or allowed was not checked".to_owned());
    }
    if let Publisher::Unchecked { .. } = verdict.publisher() {
        findings.push("no expected publisher was given".to_owned());
    }
    findings.join("; ")
}

/// What contradicts, or could not be checked.
fn findings(verdict: &Verdict) -> Vec<String> {
    let (coverage, bytes) = (verdict.coverage(), verdict.bytes());
    let counted = [
        (bytes.changed.len(), "file differs", "files differ"),
        (
            bytes.not_followed.len(),
            "symlink was not followed",
            "symlinks were not followed",
        ),
        (
            coverage.missing.len(),
            "file is missing",
            "files are missing",
        ),
        (
            coverage.unsigned.len(),
            "entry is not signed",
            "entries are not signed",
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
        .map(|(number, one, many)| format!("{number} {}", if *number == 1 { one } else { many }))
        .collect();
    if verdict.reasons().contains(&Error::SingleFileInvalid) {
        findings.push("the signature is for a single file, not for a folder".to_owned());
    }
    findings
}

fn show_signer(page: &mut Page, verdict: &Verdict) {
    if let Some(model) = verdict.model() {
        show_model(page, model);
    }
    match verdict.signature() {
        SignatureAnswer::Valid(valid) => show_valid(page, valid, verdict.publisher()),
        SignatureAnswer::Invalid { error, .. } => show_error(page, *error, verdict.reasons()),
        SignatureAnswer::Unchecked(unchecked) => show_unchecked(page, unchecked),
        _ => {}
    }
    if verdict.model().is_some() {
        let (hashed, files) = (verdict.bytes().hashed, verdict.coverage().signed_files);
        page.row("files", format!("{hashed} of {files} hashed and right"));
        if let Some(links) = verdict.coverage().followed_links {
            let number = match links.count {
                1 => "1 symlink".to_owned(),
                number => format!("{number} symlinks"),
            };
            let place = match links.targets {
                LinkTargets::HuggingFaceCache => "the blobs of this Hugging Face cache",
                _ => "the folder of --link-targets",
            };
            page.row("followed", format!("{number} into {place}"));
        }
    }
    show_evaluation(page, verdict.evaluation());
}

/// What the signature calls the model.
pub fn show_model(page: &mut Page, model: &Model) {
    if let Some(name) = &model.name {
        page.row("model", name);
    }
    if let Some(digest) = model.root_digest {
        page.row("root digest", Digest::Sha256(digest));
    }
}

fn show_differences(page: &mut Page, verdict: &Verdict, unreadable: &Unreadable) {
    let (coverage, bytes) = (verdict.coverage(), verdict.bytes());
    page.list("changed", &bytes.changed, |changed| {
        format!("{}  ({})", changed.path, change(changed))
    });
    page.list("not followed", &bytes.not_followed, |link| {
        format!("{}  ({})", link.path, refusal(link.reason))
    });
    let twins = Twins::of(coverage);
    page.escaped_list("missing", &coverage.missing, |path| {
        twins.show(path, "", "an unsigned name")
    });
    page.escaped_list("unsigned", &coverage.unsigned, |unsigned| {
        let what = match unsigned.kind {
            EntryKind::File | EntryKind::FollowedLink => "",
            EntryKind::NotUtf8 => "a name that is not UTF-8",
            EntryKind::Symlink => "symlink",
            EntryKind::Directory => "folder",
            _ => "special file",
        };
        twins.show(&unsigned.path, what, "a missing name")
    });
    page.list("unreadable", &bytes.unreadable, |path| {
        match unreadable.get(path) {
            Some(why) => format!("{path}  ({why})"),
            None => path.clone(),
        }
    });
    page.list("not checked", &bytes.not_checked, String::clone);
}

/// Names that are missing in one Unicode normalization and there in another: they look the same.
struct Twins(HashSet<String>);

impl Twins {
    fn of(coverage: &Coverage) -> Self {
        let normal = |path: &str| path.nfc().collect::<String>();
        let missing: HashSet<_> = coverage.missing.iter().map(|path| normal(path)).collect();
        if missing.is_empty() {
            return Self(missing);
        }
        let unsigned = coverage.unsigned.iter();
        let unsigned = unsigned.map(|entry| normal(&entry.path));
        Self(unsigned.filter(|name| missing.contains(name)).collect())
    }

    /// The path, escaped, with a remark in brackets.
    fn show(&self, path: &str, what: &str, other: &str) -> String {
        let name: String = path.nfc().collect();
        if self.0.contains(&name) {
            let name = escape_non_ascii(path);
            return format!("{name}  (differs from {other} only in its Unicode normalization)");
        }
        match (escape_text(path), what) {
            (name, "") => name.into_owned(),
            (name, what) => format!("{name}  ({what})"),
        }
    }
}

/// Why a symlink was not followed, and what would help.
const fn refusal(reason: LinkRefusal) -> &'static str {
    match reason {
        LinkRefusal::ByCaller => "a symlink within the model needs --allow-symlinks",
        LinkRefusal::BySignature => {
            "the signature does not allow symlinks; for links that are not the model's own, name the folder they lead to with --link-targets"
        }
        _ => "leads out of the model; name the folder it leads to with --link-targets",
    }
}

fn change(changed: &ChangedFile) -> String {
    match changed.reason {
        ChangeReason::Digest => match (changed.expected, changed.actual) {
            (Some(expected), Some(actual)) => {
                format!("signed {}, found {}", short(expected), short(actual))
            }
            _ => "other bytes".to_owned(),
        },
        ChangeReason::Length => "another length".to_owned(),
        ChangeReason::Directory => "now a folder".to_owned(),
        _ => "now a special file".to_owned(),
    }
}

fn show_skipped(page: &mut Page, verdict: &Verdict, rules: &[String]) {
    let coverage = verdict.coverage();
    page.list("not covered", &coverage.ignored_by_signature, |ignored| {
        let basis = match ignored.basis {
            IgnoreBasis::Recorded => "ignored by the signer",
            IgnoreBasis::GitDefault => "git's, never signed",
            _ => "the signature itself",
        };
        format!("{}  ({basis})", ignored.path)
    });
    let by_caller = &coverage.ignored_by_caller;
    page.list("ignored", by_caller, |path| {
        format!("{path}  (as you asked)")
    });
    page.list("unsigned", &coverage.allowed_unsigned, |path| {
        format!("{path}  (as you allowed)")
    });
    if let SignatureAnswer::Valid(_) = verdict.signature() {
        let unmatched: Vec<_> = rules
            .iter()
            .filter(|rule| !by_caller.contains(rule))
            .collect();
        page.list("note", &unmatched, |rule| {
            format!("--ignore-paths {rule} matched nothing")
        });
    }
}

/// The first digits of a digest, enough to tell two apart by eye.
fn short(digest: Digest) -> String {
    let digest = digest.to_string();
    match digest.split_once(':') {
        Some((name, hex)) if hex.len() > 16 => {
            format!("{name}:{}…", hex.get(..16).unwrap_or(hex))
        }
        _ => digest,
    }
}
