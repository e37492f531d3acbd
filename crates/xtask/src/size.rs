//! What is downloaded, held to its budget with each kind of standard library.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value, json};

use crate::host::Host;
use crate::setup::rust_std::{self, Toolchain, WASM};
use crate::ui::Ui;
use crate::wasm::{self, Place, Std};

/// What the Wasm may weigh when gzipped, by the standard library that is in it.
const fn budget(std: Std) -> u64 {
    match std {
        // Messages, sorting and formatting in their large form.
        Std::ReadyMade | Std::Equivalent => 290_000,
        Std::Debian => 265_000,
    }
}

/// What the Wasm that refreshes trust roots may weigh when gzipped, whatever the standard library.
const TUF_BUDGET: u64 = 90_000;

/// What it weighs so far. Over this the step fails; between the budget and this it says by how much the budget is
/// missed. It only ever goes down.
const TUF_CEILING: u64 = 109_000;

/// Builds what is measured, prints its size, writes target/size.json, and fails over a budget. With `equivalent`,
/// and where the toolchain has no library for the Wasm of its own, that one's size is found out as well.
pub(crate) fn run(host: &Host, ui: &Ui, equivalent: bool) -> Result<()> {
    let toolchain = rust_std::prepare(host, ui, WASM)?;
    let std = Std::of(&toolchain);
    let mut report = Map::new();
    report.insert("toolchain".to_owned(), std.name().into());
    let shipped = wasm::build(host, ui)?;
    let mut over = Vec::new();
    over.extend(row(
        ui,
        &mut report,
        "modelseal.wasm",
        std,
        &shipped,
        (budget(std), budget(std)),
    )?);
    let tuf = wasm::TUF.output(host);
    let limits = (TUF_BUDGET, TUF_CEILING);
    over.extend(row(
        ui,
        &mut report,
        "modelseal_tuf.wasm",
        std,
        &tuf,
        limits,
    )?);
    if equivalent && std != Std::ReadyMade {
        let file = build_equivalent(host, ui, &toolchain)?;
        let name = "modelseal.wasm (equivalent)";
        over.extend(row(
            ui,
            &mut report,
            name,
            Std::Equivalent,
            &file,
            (budget(Std::Equivalent), budget(Std::Equivalent)),
        )?);
    }
    let file = host.target("size.json");
    let text = format!("{:#}\n", Value::Object(report));
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    if !over.is_empty() {
        bail!("{}", over.join("; "));
    }
    Ok(())
}

fn build_equivalent(host: &Host, ui: &Ui, toolchain: &Toolchain) -> Result<PathBuf> {
    let place = Place {
        checkout: host.repo.clone(),
        target: host.target("wasm-equivalent"),
        cargo_home: None,
    };
    ui.step("wasm: as with a ready-made library", |step| {
        let compiled = wasm::compile(host, step, toolchain, Std::Equivalent, &place, wasm::CORE)?;
        wasm::finish(
            host,
            step,
            &compiled,
            &place.target.join("bindgen"),
            wasm::CORE,
        )
    })
}

/// Adds one file to the report. By how much it is over its budget, if it is.
fn row(
    ui: &Ui,
    report: &mut Map<String, Value>,
    name: &str,
    std: Std,
    file: &Path,
    (limit, ceiling): (u64, u64),
) -> Result<Option<String>> {
    let (raw, gzip) = measure(file)?;
    let toolchain = std.name();
    ui.line(format!(
        "{name}: {raw} bytes, {gzip} gzipped, {}% of the budget of {limit} ({toolchain})",
        gzip * 100 / limit
    ));
    let row = json!({ "raw": raw, "gzip": gzip, "budget": limit, "toolchain": toolchain });
    report.insert(name.to_owned(), row);
    if gzip > limit && gzip <= ceiling {
        ui.line(format!(
            "{name} misses its budget by {} bytes",
            gzip - limit
        ));
    }
    let over = gzip.checked_sub(ceiling).filter(|over| *over > 0);
    Ok(over.map(|over| format!("{name} is {over} bytes over what it may weigh, {ceiling}")))
}

/// A file's size, and its size as `gzip -9` makes it.
fn measure(path: &Path) -> Result<(u64, u64)> {
    let bytes = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&bytes).context("gzip failed")?;
    let zipped = encoder.finish().context("gzip failed")?;
    Ok((bytes.len() as u64, zipped.len() as u64))
}
