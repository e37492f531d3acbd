//! The command `modelseal`: walks a model, reads its files in parallel, prints the verdict.
//!
//! The core decides. Here is what needs a file system, threads and a terminal.

mod args;
mod artifact;
mod clock;
mod exit;
mod hash;
mod host_names;
mod input;
mod inspect;
mod link_targets;
mod mirror;
mod model;
mod parallel_file;
mod paths;
mod policy;
mod print;
mod read_file;
mod roots;
mod show;
mod store;
mod stored_root;
mod tuf_conformance;
mod usage;
mod verify;
mod walk;

use std::process::ExitCode;

use args::{Cli, Command};
use clap::error::ErrorKind;
use exit::{Failure, NOT_CHECKED};
use usage::Usage;

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
        Command::TufConformance(client) => tuf_conformance::run(&client),
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
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        print::diagnostic(&error.render().ansi().to_string());
        return ExitCode::from(NOT_CHECKED);
    }
    if error.use_stderr() {
        let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into());
        let usage = Usage::of(error, &arguments.collect::<Vec<String>>());
        print::error(&Failure::new("usage-invalid", usage.sentence));
        if !usage.lines.is_empty() {
            print::diagnostic(&format!("\n{}\n", usage.lines));
        }
        print::diagnostic("\nFor more, try `--help`.\n");
        return ExitCode::from(NOT_CHECKED);
    }
    // A reader that went away is not a reason to fail.
    let _ = error.print();
    ExitCode::SUCCESS
}
