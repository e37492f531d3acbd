//! Lines of text. What is put in is escaped here, at one place.

use std::fmt::{Display, Write as _};

use anstyle::{AnsiColor, Style};

use crate::escape;

/// Entries of a list that are shown; the JSON form has all.
const SHOWN: usize = 20;

/// For what is verified.
pub const GOOD: Style = AnsiColor::Green.on_default().bold();
/// For what is not judged, or in part.
pub const PARTIAL: Style = AnsiColor::Yellow.on_default().bold();
/// For what is not verified.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
const LABEL: Style = Style::new().dimmed();

/// Lines of text.
#[derive(Default)]
pub struct Page {
    pub text: String,
}

impl Page {
    pub fn headline(&mut self, style: Style, word: &str, rest: &str) {
        self.line(format_args!(
            "{style}{word}{style:#}  {}",
            escape::text(rest)
        ));
    }

    pub fn row(&mut self, label: &str, text: impl Display) {
        let text = text.to_string();
        self.line(format_args!(
            "  {LABEL}{label:<13}{LABEL:#} {}",
            escape::text(&text)
        ));
    }

    pub fn list<T>(&mut self, label: &str, items: &[T], show: impl Fn(&T) -> String) {
        for (index, item) in items.iter().take(SHOWN).enumerate() {
            self.row(if index == 0 { label } else { "" }, show(item));
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
