//! The command as someone runs it: arguments in, text or JSON and an exit code out.

mod attestation;
mod fixtures;
mod input;
mod inspect;
mod keyless;
mod large;
#[cfg(unix)]
mod links;
mod outcome;
mod roots;
mod support;
mod text;
mod tuf;
