//! The Wasm build: cargo, then wasm-bindgen, then wasm-opt, into npm/wasm.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use base64ct::{Base64, Encoding};
use serde_json::Value;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use crate::host::Host;
use crate::process;
use crate::setup::node;
use crate::setup::rust_std::{self, Target, Toolchain, WASM};
use crate::stamp::Stamp;
use crate::ui::{Step, Ui};

/// What every browser since 2023 has. `simd128` is what makes hashing fast.
const FEATURES: &str = "+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals";

/// The same for wasm-opt. `-O3` made the file 1% larger and took twice as long.
///
/// Engines compile a function when it is first called, and all of it: a large one that is made of others
/// makes the first verification wait for what it has no use for. So what has one caller alone stays
/// apart, unless it is very small. That is 24 kB less of gzip, too.
///
/// gzip looks back 32 KiB: what is alike is put side by side, and instances of one generic function have names that
/// begin alike. That is 4 kB less. Names are needed for it, so they are stripped after it.
const OPT: [&str; 14] = [
    "-Os",
    "--one-caller-inline-max-function-size=20",
    "--reorder-functions-by-name",
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    "--enable-simd",
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// A Wasm that the npm package ships.
#[derive(Clone, Copy)]
pub(crate) struct Module {
    /// The crate.
    package: &'static str,
    /// What its files in npm/wasm are called.
    name: &'static str,
    /// Dependencies that are made small in it, where the profile has them fast.
    small: &'static [&'static str],
}

/// The profile of both: with one profile they share what is compiled alike.
const PROFILE: &str = "wasm";

/// What verifies.
pub(crate) const CORE: Module = Module {
    package: "modelseal-wasm",
    name: "modelseal",
    small: &[],
};

/// What refreshes trust roots: who does not do that does not load it.
pub(crate) const TUF: Module = Module {
    package: "modelseal-tuf-wasm",
    name: "modelseal_tuf",
    // A refresh checks some thirty signatures, once in a while.
    small: &["crypto-bigint", "p256", "p384", "primefield", "sha2"],
};

impl Module {
    /// The files that it adds to npm/wasm.
    fn files(self) -> [String; 4] {
        ["{}.js", "{}.d.ts", "{}_bg.wasm", "{}_bg.wasm.d.ts"]
            .map(|file| file.replace("{}", self.name))
    }

    /// The Wasm file that is shipped.
    pub(crate) fn output(self, host: &Host) -> PathBuf {
        host.repo.join(format!("npm/wasm/{}_bg.wasm", self.name))
    }
}

/// How the standard library in the Wasm was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Std {
    /// The toolchain's own.
    ReadyMade,
    /// Built as the toolchain's own is, where that one is missing: within 0.4 % of its size.
    Equivalent,
    /// Built small, from Debian's source.
    Debian,
}

impl Std {
    /// Its name in reports.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ReadyMade => "ready-made",
            Self::Equivalent => "equivalent",
            Self::Debian => "debian",
        }
    }

    /// What a toolchain builds with when nothing else is asked for.
    pub(crate) const fn of(toolchain: &Toolchain) -> Self {
        match toolchain {
            Toolchain::Ordinary => Self::ReadyMade,
            Toolchain::Debian { .. } => Self::Debian,
        }
    }
}

/// Where a build finds its sources, and where it leaves what it makes.
pub(crate) struct Place {
    /// The checkout, or a copy of it.
    pub checkout: PathBuf,
    /// Cargo's target folder, apart from the host's builds: neither waits for the other's lock, nor throws its work
    /// away.
    pub target: PathBuf,
    /// Where cargo keeps the sources of dependencies, if not in its usual place.
    pub cargo_home: Option<PathBuf>,
}

impl Place {
    fn usual(host: &Host) -> Self {
        Self {
            checkout: host.repo.clone(),
            target: host.target("wasm"),
            cargo_home: None,
        }
    }
}

/// Builds both, and returns the Wasm that verifies.
pub(crate) fn build(host: &Host, ui: &Ui) -> Result<PathBuf> {
    let toolchain = rust_std::prepare(host, ui, WASM)?;
    let place = Place::usual(host);
    let build = |module| cargo(host, &toolchain, Std::of(&toolchain), &place, module);
    // The packages are installed meanwhile: that mostly waits for the disk.
    let mut commands = vec![build(CORE)?];
    let packages = node::pending(host)?;
    let installs = packages.is_some();
    commands.extend(packages);
    let also = if installs { "; npm packages" } else { "" };
    ui.step(&format!("modelseal.wasm: compile{also}"), |step| {
        process::run_together(step, &mut commands)
    })?;
    if installs {
        node::installed(host)?;
    }
    // In the same folder: the standard library, and most of what both are made of, is there now.
    ui.step("modelseal_tuf.wasm: compile", |step| {
        process::run(step, &mut build(TUF)?)
    })?;
    finish_module(host, ui, TUF)?;
    let module = finish_module(host, ui, CORE)?;
    // With the Wasm itself: in browsers the package takes no other.
    write_integrity(host)?;
    Ok(module)
}

/// Makes what one module adds to npm/wasm, if something changed.
fn finish_module(host: &Host, ui: &Ui, module: Module) -> Result<PathBuf> {
    let Module { name, .. } = module;
    let compiled = compiled(&Place::usual(host), module)?;
    let stamp = Stamp::new(host.target(&format!("wasm/{name}.stamp")))
        .file(&compiled)
        .file(&host.repo.join("node_modules/binaryen/package.json"))
        .text(&OPT.join(" "));
    let dir = host.repo.join("npm/wasm");
    let files = module.files();
    if stamp.is_current() && files.iter().all(|name| dir.join(name).is_file()) {
        return Ok(module.output(host));
    }
    ui.step(&format!("{name}.wasm: bindings and wasm-opt"), |step| {
        let made = host.target(&format!("wasm/bindgen-{name}"));
        finish(host, step, &compiled, &made, module)?;
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        for name in &files {
            fs::copy(made.join(name), dir.join(name))
                .with_context(|| format!("cannot write {}", dir.join(name).display()))?;
        }
        stamp.write()
    })?;
    Ok(module.output(host))
}

/// Compiles the Wasm as it is before wasm-bindgen.
pub(crate) fn compile(
    host: &Host,
    step: &Step,
    toolchain: &Toolchain,
    std: Std,
    place: &Place,
    module: Module,
) -> Result<PathBuf> {
    process::run(step, &mut cargo(host, toolchain, std, place, module)?)?;
    compiled(place, module)
}

/// What cargo made of a module.
fn compiled(place: &Place, module: Module) -> Result<PathBuf> {
    let file = module.package.replace('-', "_");
    let file = place
        .target
        .join(format!("wasm32-unknown-unknown/{PROFILE}/{file}.wasm"));
    if !file.is_file() {
        bail!(
            "cargo did not make {}: is {} a `cdylib`?",
            file.display(),
            module.package
        );
    }
    Ok(file)
}

/// Makes the bindings in `dir`, and the Wasm there small.
pub(crate) fn finish(
    host: &Host,
    step: &Step,
    compiled: &Path,
    dir: &Path,
    module: Module,
) -> Result<PathBuf> {
    bindgen(compiled, dir, module)?;
    let wasm = dir.join(format!("{}_bg.wasm", module.name));
    let mut opt = host.command("node");
    opt.arg(host.repo.join("node_modules/binaryen/bin/wasm-opt"));
    opt.arg(&wasm).args(OPT).arg("-o").arg(&wasm);
    process::run(step, &mut opt).context("wasm-opt comes with the npm package `binaryen`")?;
    Ok(wasm)
}

/// The trust roots that the Wasm does not embed.
const ROOTS: [&str; 2] = ["github", "staging"];

/// The TUF roots that a refresh begins at. None is in the Wasm.
const START_ROOTS: [&str; 3] = ["github", "production", "staging"];

/// The schemas of what the package returns.
const SCHEMAS: [&str; 2] = ["artifact-verdict", "verdict"];

/// Builds the Wasm, then the npm package.
pub(crate) fn build_npm(host: &Host, ui: &Ui) -> Result<()> {
    build(host, ui)?;
    copy_roots(host)?;
    copy_schemas(host)?;
    ui.step("npm package: build", |step| {
        process::run(
            step,
            host.npm().args(["run", "build", "--workspace", "npm"]),
        )
    })?;
    Ok(())
}

/// Writes npm/roots: each root as a module, which every bundler and runtime takes, and trust roots as they are, too.
fn copy_roots(host: &Host) -> Result<()> {
    let dir = host.repo.join("npm/roots");
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    let write = |name: String, content: &str| {
        let file = dir.join(name);
        fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
    };
    let module = |json: &str| format!("export default {};\n", Value::from(json));
    for name in ROOTS {
        let json = read_root(host, "modelseal", name)?;
        write(format!("{name}.js"), &module(&json))?;
        write(format!("{name}.json"), &json)?;
    }
    for name in START_ROOTS {
        let json = read_root(host, "modelseal-tuf", name)?;
        write(format!("tuf-{name}.js"), &module(&json))?;
    }
    Ok(())
}

fn read_root(host: &Host, package: &str, name: &str) -> Result<String> {
    let file = host
        .repo
        .join(format!("crates/{package}/roots/{name}.json"));
    fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
}

/// Writes npm/schema, from which users take the form of a verdict.
fn copy_schemas(host: &Host) -> Result<()> {
    let dir = host.repo.join("npm/schema");
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    for name in SCHEMAS {
        let source = host.repo.join(format!("schema/{name}.schema.json"));
        let file = dir.join(format!("{name}.json"));
        fs::copy(&source, &file).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Writes `modelseal/integrity`, the digest that the Wasm must have wherever it is loaded from, and the types of
/// an import of the Wasm.
fn write_integrity(host: &Host) -> Result<()> {
    let wasm = CORE.output(host);
    let bytes = fs::read(&wasm).with_context(|| format!("cannot read {}", wasm.display()))?;
    let digest = Sha256::digest(&bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let base64 = Base64::encode_string(&digest);
    let module = format!(
        "export const sha256 = \"{hex}\";\nexport const integrity = \"sha256-{base64}\";\n"
    );
    let types = "/** The SHA-256 of `modelseal/modelseal.wasm`, in lower-case hex. */\n\
                 export declare const sha256: string;\n\
                 /** The same for `fetch(url, { integrity })` (Subresource Integrity). */\n\
                 export declare const integrity: string;\n";
    let import = "/** What an import of the file itself is: a module in workerd, an address from most bundlers. */\n\
                  declare const wasm: WebAssembly.Module | string;\n\
                  export default wasm;\n";
    let dir = host.repo.join("npm/wasm");
    for (name, text) in [
        ("import.d.ts", import),
        ("integrity.d.ts", types),
        ("integrity.js", &module),
    ] {
        let file = dir.join(name);
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

fn cargo(
    host: &Host,
    toolchain: &Toolchain,
    std: Std,
    place: &Place,
    module: Module,
) -> Result<Command> {
    let target = match std {
        Std::Equivalent => Target {
            features: &[],
            ..WASM
        },
        Std::Debian | Std::ReadyMade => WASM,
    };
    let mut command = toolchain.cargo(host, "build", target);
    command.args(["--package", module.package, "--profile", PROFILE]);
    for package in module.small {
        command.arg("--config");
        command.arg(format!(
            "profile.{PROFILE}.package.{package}.opt-level=\"z\""
        ));
    }
    if host.ci {
        command.arg("--locked");
    }
    // wasm-bindgen reads the names and features that stripping would take; wasm-opt strips them after it.
    command.env("CARGO_PROFILE_WASM_STRIP", "none");
    command.arg("--target-dir").arg(&place.target);
    command.current_dir(&place.checkout);
    if let Some(home) = &place.cargo_home {
        command.env("CARGO_HOME", home);
    }
    let mut flags = vec![format!("-Ctarget-feature={FEATURES}")];
    for (from, to) in paths(host, toolchain, place)? {
        flags.push(format!("--remap-path-prefix={}={to}", from.display()));
    }
    // A panic is a trap, without a message. It takes a standard library of the same kind, so that it is left out
    // where that is, or stands for, the toolchain's own.
    if std == Std::Debian {
        flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"].map(String::from));
    }
    // Not `RUSTFLAGS`: a path may hold a space.
    command
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env_remove("RUSTFLAGS");
    Ok(command)
}

/// The folders that sources are in, and what messages call them: the Wasm is the same wherever it is built.
fn paths(
    host: &Host,
    toolchain: &Toolchain,
    place: &Place,
) -> Result<Vec<(PathBuf, &'static str)>> {
    let mut command = host.cargo();
    command.args([
        "metadata",
        "--format-version",
        "1",
        "--filter-platform",
        WASM.triple,
    ]);
    command.current_dir(&place.checkout);
    if let Some(home) = &place.cargo_home {
        command.env("CARGO_HOME", home);
    }
    let metadata: Value = serde_json::from_str(&process::capture_offline_first(&mut command)?)
        .context("`cargo metadata` printed something that is not JSON")?;
    let mut paths = vec![(place.checkout.clone(), ".")];
    for package in metadata["packages"].as_array().into_iter().flatten() {
        // The folder above a crate's has a name that depends on the registry and its mirror.
        let manifest = package["manifest_path"].as_str().map(Path::new);
        let folder = manifest.and_then(|manifest| manifest.parent()?.parent());
        if let Some(folder) = folder
            && !package["source"].is_null()
            && !paths.iter().any(|(known, _)| known == folder)
        {
            paths.push((folder.to_owned(), "crates.io"));
        }
    }
    if let Toolchain::Debian { rustc, .. } = toolchain {
        let sysroot = process::capture(host.command(rustc).args(["--print", "sysroot"]))?;
        paths.push((Path::new(&sysroot).join("lib/rustlib/src/rust"), "rust"));
    }
    Ok(paths)
}

fn bindgen(wasm: &Path, dir: &Path, module: Module) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("cannot empty {}", dir.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name(module.name)
        .typescript(true);
    bindgen
        .web(true)?
        .remove_producers_section(true)
        .generate(dir)
}
