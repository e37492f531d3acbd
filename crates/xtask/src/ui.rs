//! What is shown while a command works: a spinner on a terminal, plain lines elsewhere.

use std::cell::Cell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use anyhow::{Error, Result};
use indicatif::{ProgressBar, ProgressStyle};

use crate::host::is_ci;

/// The terminal, or the log.
pub(crate) struct Ui {
    terminal: bool,
}

impl Ui {
    /// A spinner where someone is watching; plain lines in CI and in a pipe.
    pub(crate) fn new() -> Self {
        Self {
            terminal: !is_ci()
                && std::io::stdout().is_terminal()
                && std::io::stderr().is_terminal(),
        }
    }

    /// Runs one named piece of work, and says how long it took.
    pub(crate) fn step<T>(&self, name: &str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
        let step = Step::start(name, self.terminal);
        let result = work(&step);
        step.end(result.is_ok() && !step.failed.get());
        result
    }

    /// One line of plain text.
    pub(crate) fn line(&self, text: impl AsRef<str>) {
        println!("{}", text.as_ref());
    }

    /// An error, with what led to it.
    pub(crate) fn error(&self, error: &Error) {
        let mut text = String::from("error: ");
        for (depth, cause) in error.chain().enumerate() {
            if depth > 0 {
                text.push_str("\n  because: ");
            }
            text.push_str(&cause.to_string());
        }
        eprintln!("{text}");
    }
}

/// A piece of work under way.
pub(crate) struct Step {
    name: String,
    started: Instant,
    bar: Option<ProgressBar>,
    failed: Cell<bool>,
}

impl Step {
    fn start(name: &str, terminal: bool) -> Self {
        let bar = terminal.then(|| {
            let bar = ProgressBar::new_spinner();
            let style = ProgressStyle::with_template("{spinner} {prefix} ({elapsed}) {wide_msg}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
            bar.set_prefix(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            println!("==> {name}");
        }
        Self {
            name: name.to_owned(),
            started: Instant::now(),
            bar,
            failed: Cell::new(false),
        }
    }

    /// Something a tool said. A terminal shows the last of these beside the spinner.
    pub(crate) fn output(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.set_message(line.trim().to_owned()),
            None => println!("{line}"),
        }
    }

    /// Marks as failed what is not an error yet: other work goes on first.
    pub(crate) fn fail(&self) {
        self.failed.set(true);
    }

    /// Something that stays on the screen.
    pub(crate) fn note(&self, line: &str) {
        match &self.bar {
            Some(bar) => bar.println(line),
            None => println!("{line}"),
        }
    }

    /// Does a log hold what the tools said, so that an error need not repeat it?
    pub(crate) fn is_plain(&self) -> bool {
        self.bar.is_none()
    }

    fn end(&self, ok: bool) {
        let time = seconds(self.started.elapsed());
        let name = &self.name;
        match &self.bar {
            Some(bar) => {
                let mark = if ok { "\u{2713}" } else { "\u{2717}" };
                bar.println(format!("{mark} {name} ({time})"));
                bar.finish_and_clear();
            }
            None => println!("{} {name} ({time})", if ok { "  ok" } else { "  FAILED" }),
        }
    }
}

/// A duration as people read it.
pub(crate) fn seconds(duration: Duration) -> String {
    match duration.as_secs() {
        0..60 => format!("{:.1} s", duration.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}
