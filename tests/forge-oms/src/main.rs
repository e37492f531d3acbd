//! Writes `tests/fixtures` and `tests/malformed`; with `--check`, says whether they are as made.

use std::io;
use std::path::Path;
use std::process::ExitCode;

fn main() -> io::Result<ExitCode> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            println!("wrote {} files", modelseal_forge_oms::write(&tests)?);
            Ok(ExitCode::SUCCESS)
        }
        ["--check"] => {
            let differences = modelseal_forge_oms::differences(&tests)?;
            for path in &differences {
                println!("differs: tests/{}", path.display());
            }
            Ok(if differences.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        _ => {
            eprintln!("usage: modelseal-forge-oms [--check]");
            Ok(ExitCode::from(2))
        }
    }
}
