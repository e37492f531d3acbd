//! What is downloaded, held to its budget.

use std::fs;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use crate::host::Host;
use crate::ui::Ui;
use crate::wasm;

/// A file, its name in the report, and what it may weigh when gzipped.
struct Budget {
    name: &'static str,
    path: &'static str,
    gzip: u64,
}

const BUDGETS: [Budget; 1] = [Budget {
    name: "modelseal.wasm",
    path: "npm/wasm/modelseal_bg.wasm",
    // 300 KB of 1024 bytes.
    gzip: 307_200,
}];

/// Builds what is measured, prints its size, writes target/size.json, and fails over a budget.
pub fn run(host: &Host, ui: &Ui) -> Result<()> {
    wasm::build(host, ui)?;
    let mut report = Map::new();
    let mut over = Vec::new();
    for budget in &BUDGETS {
        let (raw, gzip) = measure(&host.repo.join(budget.path))?;
        let Budget {
            name, gzip: limit, ..
        } = budget;
        ui.line(format!(
            "{name}: {raw} bytes, {gzip} gzipped, {}% of the budget of {limit}",
            gzip * 100 / limit
        ));
        report.insert(
            (*name).to_owned(),
            json!({ "raw": raw, "gzip": gzip, "budget": limit }),
        );
        if gzip > *limit {
            over.push(format!(
                "{name} is {} bytes over its budget of {limit}",
                gzip - limit
            ));
        }
    }
    let file = host.target("size.json");
    let text = format!("{:#}\n", Value::Object(report));
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    if !over.is_empty() {
        bail!("{}", over.join("; "));
    }
    Ok(())
}

/// A file's size, and its size as `gzip -9` makes it.
fn measure(path: &Path) -> Result<(u64, u64)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes).context("gzip failed")?;
    let zipped = encoder.finish().context("gzip failed")?;
    Ok((bytes.len() as u64, zipped.len() as u64))
}
