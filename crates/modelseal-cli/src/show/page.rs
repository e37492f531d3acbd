//! Lines of a page. What is put in is escaped here, in one place.

use std::fmt::{Display, Write as _};

use anstyle::{AnsiColor, Style};
use modelseal::{Outcome, escape_text};

/// Entries of a list that are shown; the JSON form has all.
const SHOWN: usize = 20;

/// For what is verified.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// For what is not checked, or only in part.
pub const PARTIAL: Style = AnsiColor::Yellow.on_default().bold();
/// For what is not verified.
const BAD: Style = AnsiColor::Red.on_default().bold();
const LABEL: Style = Style::new().dimmed();

/// Lines of a page.
#[derive(Default)]
pub struct Page {
    pub text: String,
}

impl Page {
    /// The first line of a verdict.
    pub fn outcome(&mut self, outcome: Outcome, rest: &str) {
        let (style, word) = match outcome {
            Outcome::Verified => (GOOD, "VERIFIED"),
            Outcome::Incomplete => (PARTIAL, "INCOMPLETE"),
            Outcome::Failed => (BAD, "NOT VERIFIED"),
        };
        self.headline(style, word, rest);
    }

    pub fn headline(&mut self, style: Style, word: &str, rest: &str) {
        self.line(format_args!(
            "{style}{word}{style:#}  {}",
            escape_text(rest)
        ));
    }

    pub fn row(&mut self, label: &str, text: impl Display) {
        self.escaped_row(label, &escape_text(&text.to_string()));
    }

    fn escaped_row(&mut self, label: &str, escaped: &str) {
        self.line(format_args!("  {LABEL}{label:<13}{LABEL:#} {escaped}"));
    }

    pub fn list<T>(&mut self, label: &str, items: &[T], show: impl Fn(&T) -> String) {
        self.escaped_list(label, items, |item| escape_text(&show(item)).into_owned());
    }

    /// A list whose items `show` escapes.
    pub fn escaped_list<T>(&mut self, label: &str, items: &[T], show: impl Fn(&T) -> String) {
        for (index, item) in items.iter().take(SHOWN).enumerate() {
            self.escaped_row(if index == 0 { label } else { "" }, &show(item));
        }
        if let Some(rest) = items.len().checked_sub(SHOWN).filter(|rest| *rest > 0) {
            self.row("", format!("… and {rest} more; --format json lists all"));
        }
    }

    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{line}");
    }
}
