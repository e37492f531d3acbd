//! Set-up, build and test commands of the modelseal repository.
//!
//! Each command does what it needs first: `cargo xtask demo` in a clean clone installs, builds and runs.

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

mod bench;
mod ci;
mod demo;
mod generated;
mod host;
mod licences;
mod mutants;
mod no_std;
mod package;
mod process;
mod reproduce;
mod roots;
mod serve;
mod setup;
mod size;
mod stamp;
mod structure;
mod suites;
mod test;
mod ui;
mod vectors;
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
    /// Verify the example model with the Wasm build, then a tampered copy of it
    Demo,
    /// Serve the page and the worker on localhost
    Serve,
    /// Run the whole test suite: Rust, Node, Chromium, workerd
    Test,
    /// Run everything that must hold before a change lands
    Ci {
        /// Run suites whole that have a short form
        #[arg(long)]
        full: bool,
    },
    /// Bring the public vectors from where they are published, into target/vectors
    Vectors,
    /// Measure speed and memory side by side with the peers
    Bench(bench::Options),
    /// Print the size of what is downloaded, and fail over a budget
    Size {
        /// Where the toolchain has no library for the Wasm, also measure what it would be with one
        #[arg(long)]
        equivalent: bool,
    },
    /// Fail on a dependency that the structure does not allow
    Structure,
    /// Fail on a dependency whose licence or source is not allowed, and on notices or copies out of date
    Licences {
        /// Write the third-party notices and the copies of LICENSE and of the schemas first
        #[arg(long)]
        write: bool,
    },
    /// Write the TypeScript unions of codes, stages and notes from the core's tables
    Codes {
        /// Only say whether they are as made
        #[arg(long)]
        check: bool,
    },
    /// Write the pages that both commands print, with the native one
    Pages {
        /// Hold both commands to the pages; the npm package must be built
        #[arg(long)]
        check: bool,
    },
    /// Write the expected code of each case of x509-limbo, from a run of the suite
    LimboCodes,
    /// Take each check out of the TUF client, one after the other, and fail if no test misses it
    Mutants {
        /// Only checks whose file or text has this in it
        only: Option<String>,
    },
    /// Build the core for a target without `std`
    NoStd,
    /// Package what is published, and test each package on its own, outside the checkout
    Package,
    /// Look for every tool the tests need, install what is missing, or name the command that does
    Setup,
    /// Build the Wasm in several places, and fail if it is not the same everywhere
    Reproduce,
    /// Build the Wasm and its JavaScript bindings into npm/wasm
    Wasm,
    /// Build the Wasm and the npm package
    Npm,
    /// Refresh the bundled trust roots from registry packages, and show what is different
    Roots {
        /// Only show it
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let ui = Ui::new();
    let host = Host::new().map(|mut host| {
        // What a check changes on the machine should not depend on which tools happen to be there.
        host.rustup_installs &= !matches!(arguments.command, Task::Ci { .. });
        host.full = matches!(arguments.command, Task::Ci { full: true });
        host
    });
    match host.and_then(|host| run(&host, &ui, arguments.command)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            ui.error(&error);
            ExitCode::FAILURE
        }
    }
}

fn run(host: &Host, ui: &Ui, task: Task) -> Result<()> {
    match task {
        Task::Demo => demo::run(host, ui),
        Task::Serve => serve::run(host, ui),
        Task::Test => test::run(host, ui),
        Task::Ci { .. } => ci::run(host, ui),
        Task::Vectors => vectors::run(host, ui),
        Task::Bench(options) => bench::run(host, ui, &options),
        Task::Size { equivalent } => size::run(host, ui, equivalent),
        Task::Structure => structure::run(host, ui),
        Task::Licences { write } => licences::run(host, ui, write),
        Task::Codes { check } => generated::codes(host, ui, check),
        Task::Pages { check } => generated::pages(host, ui, check),
        Task::LimboCodes => generated::limbo_codes(host, ui),
        Task::Mutants { only } => mutants::run(host, ui, only.as_deref()),
        Task::NoStd => no_std::run(host, ui),
        Task::Package => package::run(host, ui),
        Task::Reproduce => reproduce::run(host, ui),
        Task::Setup => setup::all(host, ui),
        Task::Wasm => wasm::build(host, ui).map(drop),
        Task::Npm => wasm::build_npm(host, ui),
        Task::Roots { check } => roots::run(host, ui, check),
    }
}
