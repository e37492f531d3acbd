//! The command `modelseal`: walks a model, reads its files in parallel, prints the verdict.
//!
//! What is decided is decided in the core. Here is what needs a file system, threads and a
//! terminal.

mod args;
mod artifact;
mod escape;
mod exit;
mod hash;
mod input;
mod inspect;
mod model;
mod names;
mod paths;
mod policy;
mod print;
mod roots;
mod shared;
mod show;
mod verify;
mod walk;

use std::process::ExitCode;

use args::{Cli, Command};
use exit::{Failure, NOT_CHECKED};

fn main() -> ExitCode {
    let cli = match Cli::read() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    let result = match cli.command {
        Command::Verify { method } => verify::run(method),
        Command::Inspect(inspect) => inspect::run(&inspect),
        Command::Roots(roots) => roots::run(&roots),
        Command::VerifyModel(verify_model) => verify::conformance(verify_model),
        Command::VerifyBundle(verify_bundle) => artifact::conformance(verify_bundle),
    };
    result.map_or_else(
        |failure: Failure| {
            print::error(&failure);
            failure.exit()
        },
        ExitCode::from,
    )
}

/// Help and version, or clap's sentence on wrong usage, with a code like every other error.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        let text = error.render().ansi().to_string();
        print::diagnostic(&text.replacen("error:", "error[usage-invalid]:", 1));
        return ExitCode::from(NOT_CHECKED);
    }
    // Nobody reads on: no reason to fail.
    let _ = error.print();
    ExitCode::SUCCESS
}
