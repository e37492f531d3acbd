//! Writes to standard output and standard error.

use std::io::{self, ErrorKind, Write};

use crate::exit::Failure;

/// The colour of an error's code, as in clap's messages.
const ERROR: anstyle::Style = anstyle::AnsiColor::Red.on_default().bold();

/// Prints text for people: colours only on a terminal, and not with `NO_COLOR`.
///
/// # Errors
/// If standard output takes nothing.
pub fn text(text: &str) -> Result<(), Failure> {
    written(
        anstream::stdout()
            .lock()
            .write_all(text.as_bytes())
            .and_then(|()| io::stdout().flush()),
    )
}

/// Prints JSON for programs, as one line.
///
/// # Errors
/// If standard output takes nothing.
pub fn json(json: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    written(writeln!(out, "{}", modelseal::escape_json(json)).and_then(|()| out.flush()))
}

/// A reader that went away, as `head` does, is not an error.
fn written(result: io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let why = crate::exit::reason(&error);
            Err(Failure::new(
                "output-failed",
                format!("cannot write to standard output: {why}"),
            ))
        }
        _ => Ok(()),
    }
}

/// Prints why there is no verdict.
pub fn error(failure: &Failure) {
    diagnostic(&format!(
        "{ERROR}error[{}]{ERROR:#}: {}\n",
        failure.code(),
        failure.message()
    ));
}

/// Prints an observation beside the verdict.
pub fn warning(text: &str) {
    diagnostic(&format!("warning: {}\n", modelseal::escape_text(text)));
}

/// Prints to standard error, where a failure to print has nowhere to go.
pub fn diagnostic(text: &str) {
    let _ = anstream::stderr().lock().write_all(text.as_bytes());
}
