//! What a run of the command took: CPU and memory, as the operating system counted them.

use std::env;
use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

/// The first argument of a process that measures one run.
pub(crate) const MODE: &str = "--measure";

/// What one run took.
#[derive(Clone, Copy)]
pub(crate) struct Cost {
    /// The exit code; none if the command was killed.
    pub exit: Option<i32>,
    /// User and system seconds.
    pub cpu: f64,
    /// The most memory that was resident, in bytes.
    pub resident: u64,
}

/// Runs the command in a fresh process of our own, which then has that one child alone.
pub(crate) fn run(command: &Path, arguments: &[String]) -> Result<Cost, Box<dyn Error>> {
    let output = Command::new(env::current_exe()?)
        .arg(MODE)
        .arg(command)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    let line = String::from_utf8(output.stdout)?;
    let mut words = line.split_whitespace();
    let mut next = || words.next().ok_or("the measuring process failed");
    Ok(Cost {
        exit: next()?.parse().ok(),
        cpu: next()?.parse()?,
        resident: next()?.parse()?,
    })
}

/// That process: prints exit code, seconds and bytes.
#[cfg(unix)]
pub(crate) fn child(command: &[&str]) -> Result<bool, Box<dyn Error>> {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike as _;

    let (program, arguments) = command.split_first().ok_or("no command")?;
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let microseconds = (usage.user_time() + usage.system_time()).num_microseconds();
    // Linux counts in KiB, macOS in bytes.
    let unit = if cfg!(target_os = "macos") { 1 } else { 1024 };
    let exit = status
        .code()
        .map_or("killed".to_owned(), |code| code.to_string());
    #[allow(clippy::cast_precision_loss, reason = "seconds, with six decimals")]
    let seconds = microseconds as f64 / 1e6;
    println!("{exit} {seconds:.6} {}", usage.max_rss() * unit);
    Ok(true)
}

/// Elsewhere there is no such count.
#[cfg(not(unix))]
pub fn child(_: &[&str]) -> Result<bool, Box<dyn Error>> {
    Err("what a process took is measured on Unix only".into())
}
