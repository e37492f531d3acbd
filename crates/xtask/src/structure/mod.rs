//! The repository's structure, checked: who may depend on whom, and how large a module may grow.

use anyhow::{Result, bail};

use crate::host::Host;
use crate::ui::Ui;

mod crates;
mod modules;
mod packages;
mod sources;

/// Modules are about this long; longer ones are named.
const LONG: usize = 400;

/// Longer than this is an error.
const TOO_LONG: usize = 500;

/// `modelseal-wasm` translates and decides nothing: it has no reason to be longer.
const TRANSLATION: usize = 300;

/// Prints every violation, and fails if there is one.
pub fn run(host: &Host, ui: &Ui) -> Result<()> {
    ui.step("structure", |step| {
        let mut violations = crates::check(&crates::metadata(host)?)?;
        let mut longest = Vec::new();
        for name in crates::workspace_crates(host)? {
            let sources = sources::load(&host.repo, &name)?;
            violations.extend(sources::unsafe_code(&name, &sources));
            let (long, too_long) = lengths(&name, &sources);
            longest.extend(long);
            violations.extend(too_long);
            if name == "crates/modelseal" {
                violations.extend(modules::upward_edges(&sources));
            }
        }
        violations.extend(packages::check(&host.repo)?);
        for line in longest {
            step.note(&format!("note: {line}"));
        }
        for line in &violations {
            step.note(&format!("error: {line}"));
        }
        match violations.len() {
            0 => Ok(()),
            1 => bail!("1 thing is not where it belongs; the README says what lies where"),
            many => {
                bail!("{many} things are not where they belong; the README says what lies where")
            }
        }
    })
}

fn lengths(name: &str, sources: &[sources::Source]) -> (Vec<String>, Vec<String>) {
    let (mut long, mut too_long) = (Vec::new(), Vec::new());
    for source in sources {
        let (path, lines) = (source.path.display(), source.lines);
        if name == "crates/modelseal-wasm" && lines >= TRANSLATION {
            too_long.push(format!(
                "{path} has {lines} lines without tests, under {TRANSLATION} wanted: it translates"
            ));
        } else if lines > TOO_LONG {
            too_long.push(format!(
                "{path} has {lines} lines without tests, {TOO_LONG} at most"
            ));
        } else if lines > LONG {
            long.push(format!(
                "{path} has {lines} lines without tests, about {LONG} is the aim"
            ));
        }
    }
    (long, too_long)
}
