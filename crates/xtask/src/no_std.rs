//! The core without a standard library: it is built for a target that has none.

use anyhow::{Result, bail};

use crate::host::Host;
use crate::process;
use crate::setup::rust_std::{self, NO_STD};
use crate::ui::Ui;

/// The crates that promise it.
const CRATES: [&str; 3] = ["modelseal", "modelseal-hash", "modelseal-tuf"];

/// Crates that do nothing without an operating system.
const STD_ONLY: [&str; 10] = [
    "anyhow",
    "chrono",
    "getrandom",
    "libc",
    "mio",
    "rayon",
    "std_detect",
    "tempfile",
    "tokio",
    "windows-sys",
];

/// Looks through the tree of features, then builds.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    ui.step("no_std: dependencies", |step| {
        let mut violations = Vec::new();
        for name in CRATES {
            let mut command = host.cargo();
            command.args(["tree", "--package", name, "--target", NO_STD.triple]);
            // Macros run while compiling, on the host.
            command.args(["--edges", "normal,no-proc-macro", "--prefix", "none"]);
            command.args(["--format", "{p} [{f}]"]);
            violations.extend(std_only(&process::capture(&mut command)?));
        }
        violations.sort();
        violations.dedup();
        for line in &violations {
            step.note(&format!("error: {line}"));
        }
        if !violations.is_empty() {
            bail!("{} dependencies of the core need `std`", violations.len());
        }
        Ok(())
    })?;
    let toolchain = rust_std::prepare(host, ui, NO_STD)?;
    ui.step(&format!("no_std: build for {}", NO_STD.triple), |step| {
        let mut command = toolchain.cargo(host, "build", NO_STD);
        for name in CRATES {
            command.args(["--package", name]);
        }
        // No one runs it: quick to build is all it must be.
        command.args(["--config", "profile.dev.package.\"*\".opt-level=0"]);
        command.args(["--config", "profile.dev.debug=false"]);
        command.arg("--target-dir").arg(host.target("no_std"));
        process::run(step, &mut command)
    })?;
    Ok(())
}

/// The lines of `cargo tree` that show a need for `std`.
fn std_only(tree: &str) -> Vec<String> {
    let mut violations = Vec::new();
    for line in tree.lines() {
        let (package, features) = line.split_once(" [").unwrap_or((line, ""));
        let name = package.split(' ').next().unwrap_or_default();
        let features = features.split(']').next().unwrap_or_default();
        if STD_ONLY.contains(&name) {
            violations.push(format!("{package} is for hosts with an operating system"));
        } else if features.split(',').any(|feature| feature == "std") {
            violations.push(format!("{package} is asked for its feature `std`"));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_for_std_is_found() {
        let tree = "modelseal v0.1.0 (/x) []\n\
                    serde v1.0.1 [alloc,derive,std]\n\
                    sha2 v0.11.1 [alloc,stdx] (*)\n\
                    libc v0.2.1 []\n";
        assert_eq!(
            std_only(tree),
            [
                "serde v1.0.1 is asked for its feature `std`",
                "libc v0.2.1 is for hosts with an operating system",
            ]
        );
    }
}
