//! The command as someone runs it: arguments in, text or JSON and an exit code out.

mod fixtures;
mod input;
mod inspect;
#[cfg(unix)]
mod links;
mod outcome;
mod support;
mod text;
