//! How long a whole refresh takes on the processor: Sigstore's production, from root v12, nothing stored.
//!
//! `cargo run --release -p modelseal-tuf-tests --example refresh_time -- VECTORS/tuf/production`

use std::path::PathBuf;
use std::time::{Duration, Instant};

use modelseal_tuf_tests::published::{PRODUCTION_TIME, Published};

/// Runs of which the middle one counts.
const RUNS: usize = 51;

fn main() {
    let folder = std::env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.expect("the folder of the production copy");
    let production = Published::production(&folder);
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let world = production.client(12, PRODUCTION_TIME, "trusted_root.json");
            let begin = Instant::now();
            let run = world.run_with(production.answers());
            let time = begin.elapsed();
            assert!(run.result.is_ok(), "{:?}", run.result);
            time
        })
        .collect();
    times.sort();
    let middle = times[RUNS / 2];
    println!(
        "{{\"name\":\"refresh from root v12\",\"medianMs\":{:.2},\"leastMs\":{:.2},\"runs\":{RUNS}}}",
        middle.as_secs_f64() * 1e3,
        times[0].as_secs_f64() * 1e3,
    );
}
