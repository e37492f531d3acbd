//! The page and the worker on localhost, until Ctrl-C.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Sender, channel};
use std::thread;

use anyhow::{Context, Result, bail};

use crate::host::Host;
use crate::ui::Ui;
use crate::wasm;

/// The workspaces with a script `serve`, and what each is called here.
const SERVERS: [(&str, &str); 2] = [("page", "web"), ("worker", "worker")];

enum Event {
    Said { server: usize, line: String },
    Ended { server: usize },
    Interrupted,
}

/// Builds what they need, starts both, and ends both.
pub(crate) fn run(host: &Host, ui: &Ui) -> Result<()> {
    wasm::build_npm(host, ui)?;
    let (sender, events) = channel();
    let interrupt = sender.clone();
    ctrlc::set_handler(move || drop(interrupt.send(Event::Interrupted)))
        .context("cannot listen for Ctrl-C")?;
    let mut children = Vec::new();
    for (index, (_, workspace)) in SERVERS.iter().enumerate() {
        match start(host, workspace, index, &sender) {
            Ok(child) => children.push(child),
            Err(error) => {
                children.iter_mut().for_each(stop);
                return Err(error);
            }
        }
    }
    let mut urls = [const { None }; SERVERS.len()];
    let mut ended = None;
    for event in events {
        match event {
            Event::Interrupted => break,
            Event::Ended { server } => {
                ended = Some(SERVERS[server]);
                break;
            }
            Event::Said { server, line } => {
                ui.line(format!("{}: {line}", SERVERS[server].0));
                if urls[server].is_none() {
                    urls[server] = local_url(&line);
                    if let [Some(page), Some(worker)] = &urls {
                        ui.line(format!(
                            "\n  page    {page}\n  worker  {worker}\n\nCtrl-C ends both."
                        ));
                    }
                }
            }
        }
    }
    children.iter_mut().for_each(stop);
    if let Some((name, workspace)) = ended {
        bail!("the {name} ended on its own: `npm run serve --workspace {workspace}` shows why");
    }
    Ok(())
}

fn start(host: &Host, workspace: &str, server: usize, events: &Sender<Event>) -> Result<Child> {
    let (reader, writer) = std::io::pipe().context("no pipe")?;
    let mut command = host.npm();
    command.args(["run", "--silent", "serve", "--workspace", workspace]);
    command.env("NO_COLOR", "1").stdin(Stdio::null());
    command
        .stdout(writer.try_clone().context("no pipe")?)
        .stderr(writer);
    // A group of its own: npm's children end with it, and Ctrl-C reaches them by way of us alone.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let child = command
        .spawn()
        .with_context(|| format!("cannot start the server of {workspace}"))?;
    let events = events.clone();
    thread::spawn(move || {
        for line in BufReader::new(reader).lines().map_while(Result::ok) {
            if !line.trim().is_empty() && events.send(Event::Said { server, line }).is_err() {
                return;
            }
        }
        drop(events.send(Event::Ended { server }));
    });
    Ok(child)
}

fn stop(child: &mut Child) {
    // The standard library can end one process, not a group.
    let group = format!("-{}", child.id());
    let asked = Command::new("kill")
        .args(["-s", "TERM", "--", &group])
        .status();
    if !asked.is_ok_and(|status| status.success()) {
        drop(child.kill());
    }
    drop(child.wait());
}

/// The first address on this machine that a line names.
fn local_url(line: &str) -> Option<String> {
    let word = line
        .split_whitespace()
        .find(|word| word.starts_with("http://"))?;
    let local = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    local
        .iter()
        .any(|start| word.starts_with(start))
        .then(|| word.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found() {
        assert_eq!(
            local_url("  Local:   http://localhost:4173/"),
            Some("http://localhost:4173/".to_owned())
        );
        assert_eq!(local_url("see http://example.com/"), None);
    }
}
