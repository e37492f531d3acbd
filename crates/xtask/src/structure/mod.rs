//! Checks the repository's structure: which way dependencies run, and how large a module may grow.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::host::Host;
use crate::ui::Ui;

mod crates;
mod graph;
mod imports;
mod order;
mod packages;
mod paths;
mod sources;

pub(crate) use crates::metadata;
use graph::Graph;
use order::Order;
use sources::Source;

/// The crates whose roots state the order of their modules.
const ORDERED: [&str; 2] = ["crates/modelseal", "crates/modelseal-tuf"];

/// Modules are about this long; longer ones are named.
const LONG: usize = 400;

/// Longer than this is an error.
const TOO_LONG: usize = 500;

/// What translates decides nothing: it has no reason to be longer.
const TRANSLATION: usize = 300;

/// Prints what was counted and every violation, and fails if there is one.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    ui.step("structure", |step| {
        let mut violations = crates::check(&metadata(host)?)?;
        for name in crates::workspace_crates(host)? {
            let sources = sources::load(&host.repo, &name)?;
            // Tests that are crates of their own are free in this.
            if name.starts_with("crates/") {
                let (counted, found) = modules(&name, &sources)?;
                step.note(&counted);
                violations.extend(found);
            }
            violations.extend(sources::unsafe_code(&name, &sources));
            let (long, too_long) = lengths(&name, &sources);
            for line in long {
                step.note(&format!("note: {line}"));
            }
            violations.extend(too_long);
        }
        for folder in imports::FOLDERS {
            let circles = imports::circles(&host.repo, folder)?;
            step.note(&format!("{folder}: {} circles", circles.len()));
            violations.extend(circles.iter().map(|circle| needs(circle)));
        }
        violations.extend(packages::check(&host.repo)?);
        for line in &violations {
            step.note(&format!("error: {line}"));
        }
        match violations.len() {
            0 => Ok(()),
            1 => bail!("one violation of the structure: see above, and CONTRIBUTING.md"),
            many => bail!("{many} violations of the structure: see above, and CONTRIBUTING.md"),
        }
    })
}

/// What is wrong between a crate's modules, and how much of it there is.
fn modules(name: &str, sources: &[Source]) -> Result<(String, Vec<String>)> {
    let graph = Graph::new(sources);
    let edges = graph.edges();
    let circles = graph.circles(&edges);
    let mut upward = order::by_way_of_the_root(sources, &graph, &edges);
    let mut violations = Vec::new();
    if ORDERED.contains(&name) {
        let (order, wrong) = Order::read(sources)?;
        upward.extend(order.upward_edges(sources, &edges));
        violations.extend(wrong);
    }
    let counted = format!(
        "{name}: {} files, {} circles, {} upward edges",
        sources.len(),
        circles.len(),
        upward.len()
    );
    for circle in circles {
        let paths: Vec<PathBuf> = circle
            .iter()
            .map(|file| sources[*file].path.clone())
            .collect();
        violations.push(needs(&paths));
        for edge in &edges {
            if circle.contains(&edge.from) && circle.contains(&edge.to) {
                violations.push(format!(
                    "  {}:{} names `{}`",
                    sources[edge.from].path.display(),
                    edge.named.line,
                    edge.named.path.join("::")
                ));
            }
        }
    }
    violations.extend(upward);
    Ok((counted, violations))
}

fn needs(circle: &[PathBuf]) -> String {
    let names: Vec<String> = circle
        .iter()
        .map(|path| path.display().to_string())
        .collect();
    format!("a circle: {} need one another", names.join(", "))
}

fn lengths(name: &str, sources: &[Source]) -> (Vec<String>, Vec<String>) {
    let (mut long, mut too_long) = (Vec::new(), Vec::new());
    for source in sources.iter().filter(|source| !source.is_test) {
        let (path, lines) = (source.path.display(), source.lines);
        let folder = name.strip_prefix("crates/").unwrap_or(name);
        if crates::TRANSLATIONS.contains(&folder) && lines >= TRANSLATION {
            too_long.push(format!(
                "{path} has {lines} lines without tests; a crate that only translates has fewer than {TRANSLATION}"
            ));
        } else if lines > TOO_LONG {
            too_long.push(format!(
                "{path} has {lines} lines without tests; {TOO_LONG} is the limit"
            ));
        } else if lines > LONG {
            long.push(format!(
                "{path} has {lines} lines without tests, the target is {LONG}"
            ));
        }
    }
    (long, too_long)
}
