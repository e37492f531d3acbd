//! Runs a command over every case, and writes what it prints into `pages`, or compares it with that.
//!
//! `cargo xtask pages` calls it: with the native command to write, with both to check.

mod cases;
mod scene;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
};

use anyhow::{Context, Result, bail};
use scene::Scene;

/// How a run ended.
#[derive(Eq, PartialEq)]
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    match arguments {
        [mode, program, first @ ..] if mode == "write" => write(program, first),
        [mode, program, first @ ..] if mode == "check" => check(program, first),
        _ => bail!("usage: write|check PROGRAM [ARGUMENT…]"),
    }
}

fn write(program: &str, first: &[String]) -> Result<()> {
    let folder = pages();
    if folder.is_dir() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let cases = cases::all();
    for case in &cases {
        let run = run_case(case, program, first)?;
        fs::write(
            folder.join(format!("{}.txt", case.name)),
            page(&case.words, &run),
        )?;
    }
    println!("{} pages written", cases.len());
    Ok(())
}

fn check(program: &str, first: &[String]) -> Result<()> {
    let cases = cases::all();
    let mut wrong = 0_usize;
    for case in &cases {
        let path = pages().join(format!("{}.txt", case.name));
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let found = page(&case.words, &run_case(case, program, first)?);
        if found != expected {
            wrong += 1;
            println!(
                "{} differs; expected:\n{expected}\nfound:\n{found}",
                case.name
            );
        }
    }
    let known = fs::read_dir(pages())?.count();
    if known != cases.len() {
        bail!(
            "there are {known} pages for {} cases: run `cargo xtask pages`",
            cases.len()
        );
    }
    if wrong > 0 {
        bail!("{wrong} of {} pages differ", cases.len());
    }
    println!("{} pages are as expected", cases.len());
    Ok(())
}

fn run_case(case: &cases::Case, program: &str, first: &[String]) -> Result<Run> {
    let scene = Scene::new(case.signed, case.steps).with_context(|| case.name.to_owned())?;
    let mut command = Command::new(program);
    command.args(first).args(case.words.split_whitespace());
    command.current_dir(scene.path("")).stdin(Stdio::null());
    command.env("NO_COLOR", "1");
    // What was refreshed on this machine is not of these pages.
    command.env("MODELSEAL_STORE", "store");
    let output = command
        .output()
        .with_context(|| format!("cannot run {program}"))?;
    Ok(Run {
        code: output.status.code().context("it was ended by a signal")?,
        stdout: String::from_utf8(output.stdout).context("its output is not UTF-8")?,
        stderr: String::from_utf8(output.stderr).context("its errors are not UTF-8")?,
    })
}

/// A run as it is stored. How a command is used each says in its own way below the sentence.
fn page(words: &str, run: &Run) -> String {
    let stderr = match run.stderr.lines().next() {
        Some(line) if line.starts_with("error[usage-invalid]: ") => format!("{line}\n"),
        _ => run.stderr.clone(),
    };
    format!(
        "$ modelseal {words}\n{}{stderr}exit {}\n",
        run.stdout, run.code
    )
}

fn pages() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("pages")
}
