//! The machine and the checkout that a command works on.
//!
//! Nothing else in this crate looks at the environment, so a test can put stand-in tools in its place.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

/// Where tools are looked for, and where the repository is.
pub(crate) struct Host {
    /// The root of the checkout.
    pub repo: PathBuf,
    /// `/`, unless a test says otherwise: where Debian's own files are looked for.
    pub root: PathBuf,
    /// The search path for programs.
    pub path: OsString,
    /// May packages be installed with `apt-get`?
    pub superuser: bool,
    /// Is this a run in continuous integration?
    pub ci: bool,
    /// May `rustup` install something? Not where `RUSTUP_AUTO_INSTALL=0` says so, and not in `cargo xtask ci`.
    pub rustup_installs: bool,
    /// Do suites run whole that have a short form?
    pub full: bool,
    /// The browser that the variable `CHROMIUM` names.
    pub chromium: Option<PathBuf>,
    /// The browser that the variable `FIREFOX` names.
    pub firefox: Option<PathBuf>,
}

/// The program that a variable names, if it names one.
fn named(variable: &str) -> Option<PathBuf> {
    env::var_os(variable)
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

impl Host {
    /// The machine this runs on.
    pub(crate) fn new() -> Result<Self> {
        let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let repo = manifest_dir
            .ancestors()
            .nth(2)
            .with_context(|| format!("no repository above {}", manifest_dir.display()))?
            .to_path_buf();
        let mut host = Self {
            repo,
            root: PathBuf::from("/"),
            path: env::var_os("PATH").unwrap_or_default(),
            superuser: false,
            ci: is_ci(),
            rustup_installs: rustup_installs(env::var_os("RUSTUP_AUTO_INSTALL").as_deref()),
            full: false,
            chromium: named("CHROMIUM"),
            firefox: named("FIREFOX"),
        };
        host.superuser = host.user_is_root();
        Ok(host)
    }

    /// The first program of this name on the search path.
    pub(crate) fn find(&self, name: &str) -> Option<PathBuf> {
        let file = if cfg!(windows) {
            format!("{name}.exe")
        } else {
            name.to_owned()
        };
        env::split_paths(&self.path)
            .map(|dir| dir.join(&file))
            .find(|path| is_program(path))
    }

    /// A command that sees this host's search path and starts at the root of the checkout.
    pub(crate) fn command(&self, program: impl AsRef<Path>) -> Command {
        // Resolved here: `Command` would look through the search path of this process.
        let program = program.as_ref();
        let resolved = match program.to_str() {
            Some(name) if program.components().count() == 1 => self.find(name),
            _ => None,
        };
        let mut command = Command::new(resolved.as_deref().unwrap_or(program));
        command.env("PATH", &self.path).current_dir(&self.repo);
        if !self.rustup_installs {
            // `cargo` and `rustc` may be rustup's, which would fetch a toolchain that is missing.
            command.env("RUSTUP_AUTO_INSTALL", "0");
        }
        if self.full {
            command.env("MODELSEAL_FULL", "1");
        }
        if let Some(folder) = self.vectors() {
            command.env("MODELSEAL_VECTORS", folder);
        }
        command
    }

    /// The vectors that `cargo xtask vectors` fetched, where there are no others.
    fn vectors(&self) -> Option<PathBuf> {
        let beside = self
            .repo
            .parent()
            .map(|parent| parent.join("shared/vectors"));
        let others =
            env::var_os("MODELSEAL_VECTORS").is_some() || beside.is_some_and(|dir| dir.is_dir());
        let brought = self.target("vectors");
        (!others && brought.is_dir()).then_some(brought)
    }

    /// The `cargo` that started this command, so that a chosen toolchain stays chosen.
    pub(crate) fn cargo(&self) -> Command {
        let cargo = env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from);
        let mut command = self.command(cargo);
        // These describe the package `xtask`; a build script elsewhere must not see them.
        for (name, _) in env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Where cargo keeps the sources of dependencies.
    pub(crate) fn cargo_home(&self) -> Option<PathBuf> {
        let chosen = env::var_os("CARGO_HOME").map(PathBuf::from);
        chosen.or_else(|| env::home_dir().map(|home| home.join(".cargo")))
    }

    /// `npm`, at the root of the checkout.
    pub(crate) fn npm(&self) -> Command {
        self.command(if cfg!(windows) { "npm.cmd" } else { "npm" })
    }

    /// A path under the build directory.
    pub(crate) fn target(&self, name: &str) -> PathBuf {
        self.repo.join("target").join(name)
    }

    fn user_is_root(&self) -> bool {
        let Some(id) = self.find("id") else {
            return false;
        };
        let output = self.command(id).arg("-u").output();
        output.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
    }
}

/// CI says so in the variable `CI`.
pub(crate) fn is_ci() -> bool {
    env::var("CI").is_ok_and(|value| !value.is_empty() && value != "false")
}

/// rustup reads this variable too: 0 means that it must not install anything on its own.
fn rustup_installs(variable: Option<&OsStr>) -> bool {
    variable != Some(OsStr::new("0"))
}

fn is_program(path: &Path) -> bool {
    let Ok(metadata) = fs::metadata(path) else {
        return false;
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        metadata.is_file() && metadata.permissions().mode() & 0o111 != 0
    }
    #[cfg(not(unix))]
    metadata.is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustup_is_told_what_it_may_do() {
        assert!(rustup_installs(None));
        assert!(rustup_installs(Some(OsStr::new("1"))));
        assert!(!rustup_installs(Some(OsStr::new("0"))));
        let mut host = Host::new().expect("a host");
        host.rustup_installs = false;
        let command = host.command("cargo");
        let variable = command
            .get_envs()
            .find(|(name, _)| *name == "RUSTUP_AUTO_INSTALL");
        assert_eq!(
            variable,
            Some((OsStr::new("RUSTUP_AUTO_INSTALL"), Some(OsStr::new("0"))))
        );
    }
}
