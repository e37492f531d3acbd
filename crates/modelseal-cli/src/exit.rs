//! How a run ends: a verdict's exit code, or one sentence on why there is no verdict.

use std::{borrow::Cow, path::Path, process::ExitCode};

use modelseal::{Error, Outcome, escape_text};

/// The exit code for `verified`.
pub const VERIFIED: u8 = 0;
/// The exit code for everything that was checked and is not verified.
pub const NOT_VERIFIED: u8 = 1;
/// The exit code for what could not be checked.
pub const NOT_CHECKED: u8 = 2;

/// Why there is no verdict: a stable code and one sentence.
#[derive(Debug, Eq, PartialEq)]
pub struct Failure {
    code: &'static str,
    message: String,
    exit: u8,
}

impl Failure {
    /// Something that could not be checked.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            exit: NOT_CHECKED,
        }
    }

    /// Something that was checked, and refused.
    pub fn refused(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(code, message).into_refusal()
    }

    /// The same with the exit code of what was checked.
    pub fn into_refusal(self) -> Self {
        Self {
            exit: NOT_VERIFIED,
            ..self
        }
    }

    /// A file or folder that the host could not read.
    pub fn unreadable(code: &'static str, path: &Path, error: &std::io::Error) -> Self {
        Self::new(
            code,
            format!("cannot read {}: {}", quoted(path), reason(error)),
        )
    }

    /// The same, with the file that a policy's error is about.
    pub fn in_file(error: Error, path: &Path) -> Self {
        Self {
            message: format!("{}: {error}", quoted(path)),
            ..Self::from(error)
        }
    }

    /// The stable code.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence, as it can be shown.
    pub fn message(&self) -> Cow<'_, str> {
        escape_text(&self.message)
    }

    /// The process's exit code.
    pub fn exit(&self) -> ExitCode {
        ExitCode::from(self.exit)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        // An unusable key, or a file that is not a bundle, says nothing about the model.
        let exit = if error.is_judgement() {
            NOT_VERIFIED
        } else {
            NOT_CHECKED
        };
        Self {
            code: error.code(),
            message: error.to_string(),
            exit,
        }
    }
}

impl From<modelseal_tuf::Error> for Failure {
    fn from(error: modelseal_tuf::Error) -> Self {
        Self::refused(error.code(), error.to_string())
    }
}

/// A path of the host, for a sentence.
pub fn quoted(path: &Path) -> String {
    format!("`{}`", path.display())
}

/// An I/O error without the number that `std` appends.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    match text.split_once(" (os error") {
        Some((sentence, _)) => sentence.to_owned(),
        None => text,
    }
}

/// What the caller asked to accept, by options.
#[derive(Clone, Copy, Debug, Default)]
pub struct Accepted {
    /// `--ignore-paths` or `--ignore-unsigned-files`.
    pub partial_coverage: bool,
    /// `--any-predicate-type`.
    pub any_predicate: bool,
}

impl Accepted {
    fn covers(self, reason: &Error) -> bool {
        match reason {
            Error::CoveragePartial => self.partial_coverage,
            Error::PredicateUnchecked => self.any_predicate,
            _ => false,
        }
    }
}

/// The exit code of a verdict with these reasons.
pub fn code(outcome: Outcome, reasons: &[Error], accepted: Accepted) -> u8 {
    let mut unasked = reasons.iter().filter(|reason| !accepted.covers(reason));
    let unreadable = |reason: &Error| {
        // What an unreadable file alone has as reasons.
        matches!(reason, Error::FileNotChecked | Error::FileUnreadable)
    };
    match outcome {
        Outcome::Verified => VERIFIED,
        Outcome::Incomplete if !reasons.is_empty() && unasked.clone().next().is_none() => VERIFIED,
        // Nothing contradicts, but a disk or a permission was in the way.
        _ if unasked.clone().next().is_some() && unasked.all(unreadable) => NOT_CHECKED,
        _ => NOT_VERIFIED,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Accepted = Accepted {
        partial_coverage: true,
        any_predicate: false,
    };
    const NOT_ASKED: Accepted = Accepted {
        partial_coverage: false,
        any_predicate: false,
    };

    #[test]
    fn incomplete_is_accepted_only_as_asked() {
        let partial = [Error::CoveragePartial];
        assert_eq!(code(Outcome::Incomplete, &partial, ASKED), 0);
        assert_eq!(code(Outcome::Incomplete, &partial, NOT_ASKED), 1);
        let more = [Error::CoveragePartial, Error::PublisherUnchecked];
        assert_eq!(code(Outcome::Incomplete, &more, ASKED), 1);
        assert_eq!(code(Outcome::Incomplete, &[], ASKED), 1);
        assert_eq!(code(Outcome::Failed, &partial, ASKED), 1);
        assert_eq!(code(Outcome::Failed, &[], ASKED), 1);
    }

    #[test]
    fn any_predicate_is_accepted_only_as_asked() {
        let any = Accepted {
            any_predicate: true,
            ..NOT_ASKED
        };
        let unchecked = [Error::PredicateUnchecked];
        assert_eq!(code(Outcome::Incomplete, &unchecked, any), 0);
        assert_eq!(code(Outcome::Incomplete, &unchecked, ASKED), 1);
        let more = [Error::PredicateUnchecked, Error::PublisherUnchecked];
        assert_eq!(code(Outcome::Incomplete, &more, any), 1);
    }

    #[test]
    fn unreadable_alone_is_not_a_judgement() {
        let alone = [Error::FileUnreadable];
        assert_eq!(code(Outcome::Incomplete, &alone, NOT_ASKED), 2);
        assert_eq!(code(Outcome::Failed, &alone, NOT_ASKED), 2);
        let among = [Error::CoveragePartial, Error::FileUnreadable];
        assert_eq!(code(Outcome::Incomplete, &among, ASKED), 2);
        assert_eq!(code(Outcome::Incomplete, &among, NOT_ASKED), 1);
        let worse = [Error::FileChanged, Error::FileUnreadable];
        assert_eq!(code(Outcome::Failed, &worse, NOT_ASKED), 1);
    }

    #[test]
    fn a_sentence_cannot_steer_the_terminal() {
        let failure = Failure::new("model-unreadable", "cannot read `\x1b[2J`");
        assert_eq!(failure.message(), "cannot read `\\u{1b}[2J`");
    }
}
