//! Set-up, build and test commands of the modelseal repository.
//!
//! Each command does what it needs first: `cargo xtask demo` in a clean clone installs, builds and runs.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod host;
mod process;
mod setup;
mod stamp;
mod ui;
mod wasm;

use host::Host;
use ui::Ui;

#[derive(Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    about,
    disable_help_subcommand = true
)]
struct Arguments {
    #[command(subcommand)]
    command: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Look for every tool the tests need, install what is missing, or name the command that does
    Setup,
    /// Build the Wasm and its JavaScript bindings into npm/wasm
    Wasm,
    /// Build the Wasm and the npm package
    Npm,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ui = Ui::new();
    match Host::new().and_then(|host| run(&host, &ui, arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui.error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(host: &Host, ui: &Ui, task: Task) -> Result<()> {
    match task {
        Task::Setup => setup::all(host, ui),
        Task::Wasm => wasm::build(host, ui).map(drop),
        Task::Npm => wasm::build_npm(host, ui),
    }
}
