//! Everything that must be true before a change lands.

use std::process::Command;

use anyhow::Result;

use crate::host::Host;
use crate::process;
use crate::suites::Suites;
use crate::ui::Ui;
use crate::{
    demo, generated, licences, no_std, package, reproduce, setup, size, structure, test, wasm,
};

/// Runs every check, the quick ones first, and prints a summary.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    let mut suites = Suites::new(ui);
    suites.check("fmt", || {
        cargo(host, ui, "fmt", &["fmt", "--all", "--check"])
    });
    suites.check("structure", || structure::run(host, ui));
    suites.check("licences and sources", || licences::run(host, ui, false));
    if !suites.check("set-up", || setup::all(host, ui)) {
        return suites.finish();
    }
    let built = suites.check("wasm", || wasm::build(host, ui).map(drop));
    if built {
        suites.check("size", || size::run(host, ui, true));
    }
    let built = built && suites.check("npm package", || wasm::build_npm(host, ui));
    suites.check("npm lint", || npm(host, ui, "npm lint", &["run", "lint"]));
    if built {
        suites.check("npm type check", || {
            npm(host, ui, "npm type check", &["run", "typecheck"])
        });
        suites.check("npm package: entries and types", || {
            let exec =
                |tool: &[&str]| npm(host, ui, tool[0], &[&["exec", "--no", "--"], tool].concat());
            exec(&["publint", "npm", "--strict"])
                .and_then(|()| exec(&["attw", "--pack", "npm", "--profile", "esm-only"]))
        });
    }
    rust_checks(host, ui, &mut suites);
    suites.check("packages", || package::crates(host, ui));
    if built {
        suites.check("same Wasm elsewhere", || reproduce::run(host, ui));
    }
    test::rust(host, ui, &mut suites)?;
    if built {
        suites.check("pages", || generated::pages(host, ui, true));
        test::javascript(host, ui, &mut suites)?;
        suites.check("demo", || demo::run(host, ui));
    }
    suites.finish()
}

fn rust_checks(host: &Host, ui: &Ui, suites: &mut Suites<'_>) {
    const OURS: [&str; 3] = ["--workspace", "--exclude", "xtask"];
    const XTASK: [&str; 4] = ["--package", "xtask", "--profile", "xtask"];
    suites.check("clippy", || {
        let clippy = |which: &[&str]| {
            let arguments = [
                &["clippy", "--all-targets"],
                which,
                &["--", "--deny", "warnings"],
            ]
            .concat();
            cargo(host, ui, "clippy", &arguments)
        };
        clippy(&OURS).and_then(|()| clippy(&XTASK))
    });
    suites.check("docs", || {
        let mut command = host.cargo();
        command
            .args(["doc", "--no-deps", "--document-private-items"])
            .args(OURS);
        command.env("RUSTDOCFLAGS", "--deny warnings");
        run_step(ui, "docs", &mut command)
    });
    suites.check("codes", || generated::codes(host, ui, true));
    suites.check("no_std", || no_std::run(host, ui));
}

fn cargo(host: &Host, ui: &Ui, name: &str, arguments: &[&str]) -> Result<()> {
    run_step(ui, name, host.cargo().args(arguments))
}

fn npm(host: &Host, ui: &Ui, name: &str, arguments: &[&str]) -> Result<()> {
    run_step(ui, name, host.npm().args(arguments))
}

fn run_step(ui: &Ui, name: &str, command: &mut Command) -> Result<()> {
    ui.step(name, |step| process::run(step, command)).map(drop)
}
