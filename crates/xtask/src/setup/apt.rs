//! Debian's packages.

use std::process::Command;

use anyhow::Result;

use crate::host::Host;
use crate::process;
use crate::ui::Ui;

/// The options of every install: nothing beyond what was asked for.
const INSTALL: [&str; 3] = ["install", "-y", "--no-install-recommends"];

/// May and can this host install Debian packages?
pub(super) fn usable(host: &Host) -> bool {
    host.superuser && host.find("apt-get").is_some()
}

/// Refreshes the package lists. Lists that cannot be fetched do not stop it: the last ones may do.
pub(super) fn update(host: &Host, ui: &Ui) {
    let updated = ui.step("apt-get update", |step| {
        let (succeeded, _) = process::try_run(step, &mut apt(host, &["update"]))?;
        if !succeeded {
            step.note("apt-get update failed; going on with the package lists at hand");
        }
        Ok(())
    });
    if let Err(error) = updated {
        ui.error(&error);
    }
}

/// Installs packages, or fails with the command that failed.
pub(super) fn install(host: &Host, ui: &Ui, packages: &[&str]) -> Result<()> {
    ui.step(&format!("apt-get install {}", packages.join(" ")), |step| {
        // A list that cannot be fetched is not a reason to stop: the last one may do.
        let update = process::try_run(step, &mut apt(host, &["update"]));
        if !update.is_ok_and(|(succeeded, _)| succeeded) {
            step.note("apt-get update failed; trying with the package lists at hand");
        }
        let arguments: Vec<&str> = INSTALL.iter().chain(packages).copied().collect();
        // A mirror stumbles now and then: once more, then the error stands.
        let (succeeded, _) = process::try_run(step, &mut apt(host, &arguments))?;
        if succeeded {
            return Ok(());
        }
        step.note("apt-get install failed; trying once more");
        process::run(step, &mut apt(host, &arguments)).map(drop)
    })
}

fn apt(host: &Host, arguments: &[&str]) -> Command {
    let mut command = host.command("apt-get");
    command
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive");
    command
}

/// The command a person would type.
pub(super) fn by_hand(packages: &[&str]) -> String {
    format!(
        "sudo apt-get update && sudo apt-get {} {}",
        INSTALL.join(" "),
        packages.join(" ")
    )
}
