//! A machine of stand-ins: programs that only say that they were called.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::host::Host;

/// One sandbox at a time: a program that another thread is just writing cannot be started.
static ONE: Mutex<()> = Mutex::new(());

/// A folder that is root, checkout and search path at once; removed at the end.
pub(crate) struct Sandbox {
    dir: PathBuf,
    _guard: MutexGuard<'static, ()>,
}

impl Sandbox {
    /// An empty machine.
    pub(crate) fn new(name: &str) -> Self {
        let guard = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let name = format!("modelseal-xtask-{}-{name}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        fs::create_dir_all(dir.join("bin")).expect("a folder can be made");
        Self { dir, _guard: guard }
    }

    /// The machine, for someone who is not its superuser.
    pub(crate) fn host(&self) -> Host {
        Host {
            repo: self.dir.clone(),
            root: self.dir.clone(),
            path: self.path("bin").into_os_string(),
            superuser: false,
            ci: false,
            rustup_installs: true,
            full: false,
            chromium: None,
            firefox: None,
        }
    }

    /// A place on it.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.join(name)
    }

    /// A file on it.
    pub(crate) fn file(&self, name: &str, text: &str) {
        let path = self.path(name);
        if let Some(dir) = path.parent() {
            fs::create_dir_all(dir).expect("a folder can be made");
        }
        fs::write(path, text).expect("a file can be written");
    }

    /// A program on the search path, which notes its call and then runs a shell script.
    pub(crate) fn program(&self, name: &str, script: &str) {
        self.program_at(&format!("bin/{name}"), name, script);
    }

    /// A program anywhere.
    pub(crate) fn program_at(&self, place: &str, name: &str, script: &str) {
        let log = self.path("calls");
        self.file(
            place,
            &format!(
                "#!/bin/sh\necho \"{name} $*\" >> {}\n{script}\n",
                log.display()
            ),
        );
        fs::set_permissions(self.path(place), fs::Permissions::from_mode(0o755))
            .expect("a file can be made a program");
    }

    /// An `apt-get` whose `install` brings a program of this name.
    pub(crate) fn installs(&self, name: &str) {
        let program = self.path(&format!("bin/{name}"));
        let script = format!(
            "[ $1 = update ] || {{ : > {0}; /bin/chmod +x {0}; }}",
            program.display()
        );
        self.program("apt-get", &script);
    }

    /// What was called, in order.
    pub(crate) fn calls(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("calls")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.dir));
    }
}
