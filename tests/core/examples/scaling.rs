//! Prints what bundles of 25,000, 50,000 and 100,000 resources take, each in a fresh process:
//! `cargo run --release -p modelseal-tests --example scaling`.

use std::error::Error;
use std::path::Path;
use std::process::Command;
use std::{env, fs};

use modelseal_core_tests::scaling::{self, Cost, PEAK_BYTES, RESOURCES};

fn main() -> Result<(), Box<dyn Error>> {
    if let Some(file) = env::args_os().nth(1) {
        println!("{}", scaling::measure(Path::new(&file))?.to_line());
        return Ok(());
    }
    let mut costs: Vec<Cost> = Vec::new();
    for resources in RESOURCES {
        let file = env::temp_dir().join(format!("modelseal-{}-{resources}", std::process::id()));
        fs::write(&file, scaling::bundle(resources))?;
        let output = Command::new(env::current_exe()?).arg(&file).output()?;
        fs::remove_file(&file)?;
        let cost = Cost::from_line(std::str::from_utf8(&output.stdout)?);
        costs.push(cost.ok_or("the fresh process failed")?);
    }
    for cost in &costs {
        println!(
            "{:>7} resources: verified in {:.3} s, audited in {:.3} s; peak {:.1} MB, {:.1} MB with the audit",
            cost.resources,
            cost.open_seconds,
            cost.audit_seconds,
            megabytes(cost.open_peak),
            megabytes(cost.audit_peak),
        );
    }
    for pair in costs.windows(2) {
        let [small, large] = pair else { continue };
        println!(
            "{} to {}: {:.2} times the time to verify, {:.2} times the time to audit",
            small.resources,
            large.resources,
            large.open_seconds / small.open_seconds,
            large.audit_seconds / small.audit_seconds,
        );
    }
    println!("bar: {} MB for the largest", PEAK_BYTES / 1_000_000);
    Ok(())
}

#[allow(clippy::cast_precision_loss, reason = "shown with one decimal")]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}
