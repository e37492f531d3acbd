//! Makes bundles that ask for as much work as they can, and measures what the command does with each.
//!
//! `modelseal-hostile COMMAND OUT.json [PART-OF-A-NAME]` writes what each took. Every bundle is made here; nothing of
//! them is committed. A process of its own measures each run, so that the memory of the others does not count.

mod certificates;
mod json;
mod logs;
mod measure;
mod shape;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{env, fs};

use serde_json::{Value, json};

use measure::Cost;
use shape::{Scene, Shape};

/// Seconds of CPU that any bundle may take.
const BASE_SECONDS: f64 = 0.2;

/// Seconds of CPU more for each 10 MiB of the bundle.
const SECONDS_PER_10_MIB: f64 = 1.0;

const MIB: u64 = 1024 * 1024;

/// How the command is run, and how much memory it may take.
const RUNS: [(&str, u64); 2] = [("verify", 512 * MIB), ("inspect", 1024 * MIB)];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let result = match arguments
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [measure::MODE, command @ ..] => measure::child(command),
        [command, out] => bench(Path::new(command), Path::new(out), ""),
        [command, out, only] => bench(Path::new(command), Path::new(out), only),
        _ => Err("usage: modelseal-hostile COMMAND OUT.json [PART-OF-A-NAME]".into()),
    };
    match result {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Every shape, at the size at which it is worst.
fn shapes() -> Vec<Shape> {
    [certificates::shapes(1), json::shapes(1), logs::shapes(1)].concat()
}

/// Runs every shape by the command. Tells whether all were within the bar.
fn bench(command: &Path, out: &Path, only: &str) -> Result<bool, Box<dyn Error>> {
    let command = command.canonicalize()?;
    let mut rows: Vec<Value> = Vec::new();
    let mut missed = 0;
    println!(
        "{:32} {:>9}  {:>14} {:>8}  {:>9}",
        "bundle", "MiB", "CPU s (limit)", "/10 MiB", "RSS MiB"
    );
    for shape in shapes()
        .into_iter()
        .filter(|shape| shape.name.contains(only))
    {
        let folder = Folder::new(shape.name)?;
        let scene = (shape.make)().write(&folder.0)?;
        for (run, memory) in RUNS {
            let arguments = match run {
                "verify" => scene.verify.clone(),
                _ => vec![
                    "inspect".into(),
                    "--format".into(),
                    "json".into(),
                    scene.bundle.clone(),
                ],
            };
            let cost = measure::run(&command, &arguments)?;
            let row = row(&shape, run, &scene, cost, memory);
            print(&row);
            missed += usize::from(row["ok"] == false);
            rows.push(row);
        }
    }
    fs::write(out, format!("{:#}\n", Value::Array(rows.clone())))?;
    println!(
        "{} of {} runs are within the bar",
        rows.len() - missed,
        rows.len()
    );
    Ok(missed == 0)
}

#[allow(
    clippy::cast_precision_loss,
    reason = "sizes in MiB, shown with two decimals"
)]
fn row(shape: &Shape, run: &str, scene: &Scene, cost: Cost, memory: u64) -> Value {
    let tens = scene.bytes as f64 / (10 * MIB) as f64;
    let limit = BASE_SECONDS + SECONDS_PER_10_MIB * tens;
    // The command must end on its own: not killed, no panic.
    let ended = matches!(cost.exit, Some(0..=2));
    json!({
        "name": format!("{}-{run}", shape.name),
        "what": shape.what,
        "bytes": scene.bytes,
        "exit": cost.exit,
        "cpuSeconds": cost.cpu,
        "cpuLimit": limit,
        "cpuPer10MiB": cost.cpu / tens,
        "rssBytes": cost.resident,
        "rssLimit": memory,
        "ok": ended && cost.cpu <= limit && cost.resident <= memory,
    })
}

#[allow(
    clippy::cast_precision_loss,
    reason = "sizes in MiB, shown with one decimal"
)]
fn print(row: &Value) {
    let number = |key: &str| row[key].as_f64().unwrap_or_default();
    let mib = |key: &str| number(key) / MIB as f64;
    println!(
        "{:32} {:>9.2}  {:>6.2} ({:>5.2}) {:>8.2}  {:>9.0}  {}",
        row["name"].as_str().unwrap_or_default(),
        mib("bytes"),
        number("cpuSeconds"),
        number("cpuLimit"),
        number("cpuPer10MiB"),
        mib("rssBytes"),
        if row["ok"] == true { "ok" } else { "MISSED" },
    );
}

/// A folder for one bundle, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self, std::io::Error> {
        let dir = env::temp_dir().join(format!("modelseal-hostile-{}-{name}", std::process::id()));
        fs::create_dir_all(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What a bundle may have at most: above that it is refused before it is read.
    const LIMIT: usize = 64 * 1024 * 1024;

    #[test]
    fn every_shape_is_a_bundle() {
        let small = [
            certificates::shapes(1000),
            json::shapes(1000),
            logs::shapes(1000),
        ]
        .concat();
        let names: BTreeSet<&str> = small.iter().map(|shape| shape.name).collect();
        assert_eq!(names.len(), small.len());
        for shape in small {
            let made = (shape.make)();
            assert!(made.bundle.len() < LIMIT, "{}", shape.name);
            assert!(
                made.bundle.starts_with(b"{\"mediaType\":"),
                "{}",
                shape.name
            );
        }
    }
}
