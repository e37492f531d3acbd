//! Running other programs, and saying which one failed.

use std::io::{BufRead, BufReader, PipeReader, PipeWriter};
use std::process::{Child, Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::ui::Step;

/// How many lines of a failed command a terminal is shown.
const TAIL: usize = 200;

/// Runs a command to its end, shows what it says, and returns that text.
pub(crate) fn run(step: &Step, command: &mut Command) -> Result<String> {
    match try_run(step, command)? {
        (true, text) => Ok(text),
        (false, _) => bail!("`{}` failed; what it said is above", shown(command)),
    }
}

/// Like [`run`], for a caller that judges the failure.
pub(crate) fn try_run(step: &Step, command: &mut Command) -> Result<(bool, String)> {
    // One pipe for both streams keeps their lines in order.
    let (reader, writer) = std::io::pipe().context("no pipe")?;
    let mut child = start(command, writer)?;
    let text = show(step, reader)?;
    let status = child
        .wait()
        .with_context(|| format!("lost `{}`", shown(command)))?;
    if !status.success() {
        show_tail(step, &text);
    }
    Ok((status.success(), text))
}

/// Runs commands side by side, each to its end, and shows what they say. Fails if one of them does.
pub(crate) fn run_together(step: &Step, commands: &mut [Command]) -> Result<()> {
    let (reader, writer) = std::io::pipe().context("no pipe")?;
    let children: Vec<Result<Child>> = commands
        .iter_mut()
        .map(|command| start(command, writer.try_clone().context("no pipe")?))
        .collect();
    drop(writer);
    let text = show(step, reader)?;
    let mut failed = Vec::new();
    for (child, command) in children.into_iter().zip(commands) {
        let status = child?
            .wait()
            .with_context(|| format!("lost `{}`", shown(command)))?;
        if !status.success() {
            failed.push(format!("`{}`", shown(command)));
        }
    }
    if failed.is_empty() {
        return Ok(());
    }
    show_tail(step, &text);
    bail!("{} failed; what it said is above", failed.join(" and "))
}

/// Starts a command that says everything into one pipe.
fn start(command: &mut Command, writer: PipeWriter) -> Result<Child> {
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("NO_COLOR", "1")
        .env("TERM", "dumb")
        .env_remove("FORCE_COLOR")
        .stdin(Stdio::null())
        .stdout(writer.try_clone().context("no pipe")?)
        .stderr(writer);
    let spawned = command.spawn();
    // The command holds the pipe's other end: without this its reader would never come to an end.
    command.stdout(Stdio::null()).stderr(Stdio::null());
    spawned.with_context(|| format!("`{}` did not start", shown(command)))
}

/// Shows each line as it comes, and returns them all.
fn show(step: &Step, reader: PipeReader) -> Result<String> {
    let mut text = String::new();
    let mut reader = BufReader::new(reader);
    let mut line = Vec::new();
    while reader
        .read_until(b'\n', &mut line)
        .context("the pipe broke")?
        > 0
    {
        let shown = String::from_utf8_lossy(&line);
        step.output(shown.trim_end());
        text.push_str(&shown);
        line.clear();
    }
    Ok(text)
}

/// Shows a terminal the last lines of what failed: it has not seen them yet.
fn show_tail(step: &Step, text: &str) {
    if step.is_plain() {
        return;
    }
    let lines: Vec<&str> = text.lines().collect();
    for line in lines.iter().skip(lines.len().saturating_sub(TAIL)) {
        step.note(line);
    }
}

/// Runs a cargo command with what is on this machine, and by way of the network only if that does not do.
pub(crate) fn run_offline_first(step: &Step, command: &mut Command) -> Result<String> {
    command.env("CARGO_NET_OFFLINE", "true");
    let (succeeded, text) = try_run(step, command)?;
    if succeeded {
        return Ok(text);
    }
    // Cargo says so wherever something would need to be fetched.
    if !text.contains("offline") {
        bail!("`{}` failed; what it said is above", shown(command));
    }
    command.env_remove("CARGO_NET_OFFLINE");
    run(step, command)
}

/// What a short command prints, without the line's end.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("`{}` did not start", shown(command)))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{}` failed: {}", shown(command), said.trim());
    }
    Ok(String::from_utf8_lossy(&output.stdout)
        .trim_end()
        .to_owned())
}

/// Like [`capture`], for a cargo command: by way of the network only if it must be.
pub(crate) fn capture_offline_first(command: &mut Command) -> Result<String> {
    command.env("CARGO_NET_OFFLINE", "true");
    capture(command).or_else(|_| capture(command.env_remove("CARGO_NET_OFFLINE")))
}

/// The command as a person would type it.
pub(crate) fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut text = name.to_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        text.push(' ');
        if argument.is_empty() || argument.contains([' ', '"', '$', '\'']) {
            text.push_str(&format!("'{}'", argument.replace('\'', "'\\''")));
        } else {
            text.push_str(&argument);
        }
    }
    text
}
