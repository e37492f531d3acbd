//! The Wasm build: cargo, then wasm-bindgen, then wasm-opt, into npm/wasm.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::host::Host;
use crate::process;
use crate::setup::node;
use crate::setup::rust_std::{self, Toolchain, WASM};
use crate::stamp::Stamp;
use crate::ui::Ui;

/// What every browser since 2023 has. `simd128` is what makes hashing fast.
const FEATURES: &str = "+simd128,+bulk-memory,+nontrapping-fptoint,+sign-ext,+mutable-globals";

/// The same for wasm-opt. `-O3` made the file 1% larger and took twice as long.
///
/// Engines compile a function when it is first called, and all of it: a large one that is made of others
/// makes the first verification wait for what it has no use for. So what has one caller alone stays
/// apart, unless it is small. That is 22 kB less of gzip, too.
const OPT: [&str; 13] = [
    "-Os",
    "--one-caller-inline-max-function-size=60",
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

/// The files that make up npm/wasm.
const OUTPUT: [&str; 4] = [
    "modelseal.js",
    "modelseal.d.ts",
    "modelseal_bg.wasm",
    "modelseal_bg.wasm.d.ts",
];

/// The Wasm file that is shipped.
pub fn output(host: &Host) -> PathBuf {
    host.repo.join("npm/wasm/modelseal_bg.wasm")
}

/// Builds npm/wasm, if something changed.
pub fn build(host: &Host, ui: &Ui) -> Result<PathBuf> {
    let toolchain = rust_std::prepare(host, ui, WASM)?;
    node::prepare(host, ui)?;
    let compiled = ui.step("wasm: compile", |step| {
        process::run(step, &mut cargo(host, &toolchain)?)?;
        let file = host.target("wasm/wasm32-unknown-unknown/wasm/modelseal_wasm.wasm");
        if !file.is_file() {
            bail!(
                "cargo made no {}: is modelseal-wasm a `cdylib`?",
                file.display()
            );
        }
        Ok(file)
    })?;
    let stamp = Stamp::new(host.target("wasm/npm-wasm.stamp"))
        .file(&compiled)
        .file(&host.repo.join("node_modules/binaryen/package.json"))
        .text(&OPT.join(" "));
    let dir = host.repo.join("npm/wasm");
    if stamp.is_current() && OUTPUT.iter().all(|name| dir.join(name).is_file()) {
        return Ok(output(host));
    }
    ui.step("wasm: bindings and wasm-opt", |step| {
        let made = host.target("wasm/bindgen");
        bindgen(&compiled, &made)?;
        let wasm = made.join("modelseal_bg.wasm");
        let mut opt = host.command("node");
        opt.arg(host.repo.join("node_modules/binaryen/bin/wasm-opt"));
        opt.arg(&wasm).args(OPT).arg("-o").arg(&wasm);
        process::run(step, &mut opt).context("wasm-opt comes with the npm package `binaryen`")?;
        fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
        for name in OUTPUT {
            fs::copy(made.join(name), dir.join(name))
                .with_context(|| format!("cannot write {}", dir.join(name).display()))?;
        }
        stamp.write()
    })?;
    Ok(output(host))
}

/// The trust roots that the Wasm does not embed.
const ROOTS: [&str; 2] = ["github", "staging"];

/// Builds the Wasm, then the npm package.
pub fn build_npm(host: &Host, ui: &Ui) -> Result<()> {
    build(host, ui)?;
    copy_roots(host)?;
    ui.step("npm package: build", |step| {
        process::run(
            step,
            host.npm().args(["run", "build", "--workspace", "npm"]),
        )
    })?;
    Ok(())
}

/// Writes npm/roots: each root as it is, and as a module, which every bundler and runtime takes.
fn copy_roots(host: &Host) -> Result<()> {
    let dir = host.repo.join("npm/roots");
    fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;
    for name in ROOTS {
        let source = host
            .repo
            .join(format!("crates/modelseal/roots/{name}.json"));
        let json = fs::read_to_string(&source)
            .with_context(|| format!("cannot read {}", source.display()))?;
        let text = serde_json::Value::from(json.as_str());
        for (kind, content) in [("js", format!("export default {text};\n")), ("json", json)] {
            let file = dir.join(format!("{name}.{kind}"));
            fs::write(&file, content)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
    }
    Ok(())
}

fn cargo(host: &Host, toolchain: &Toolchain) -> Result<std::process::Command> {
    let mut command = toolchain.cargo(host, "build", WASM);
    command.args(["--package", "modelseal-wasm", "--profile", "wasm"]);
    if host.ci {
        command.arg("--locked");
    }
    // wasm-bindgen reads the names and features that stripping would take; wasm-opt strips them after it.
    command.env("CARGO_PROFILE_WASM_STRIP", "none");
    // Apart from the host's builds: neither waits for the other's lock, nor throws its work away.
    command.arg("--target-dir").arg(host.target("wasm"));
    // Messages hold source paths; the Wasm should not tell where it was built.
    let mut flags = vec![format!("-Ctarget-feature={FEATURES}")];
    if let Some(cargo_home) = host.cargo_home() {
        flags.push(format!(
            "--remap-path-prefix={}=cargo",
            cargo_home.display()
        ));
    }
    flags.push(format!("--remap-path-prefix={}=.", host.repo.display()));
    // A panic is a trap, without a text that nobody reads. It takes a standard library of the same
    // kind, so that it is left out where an ordinary toolchain brings its own.
    if let Toolchain::Debian { .. } = toolchain {
        flags.extend(["-Zunstable-options", "-Cpanic=immediate-abort"].map(String::from));
    }
    // Not `RUSTFLAGS`: a path may hold a space.
    command
        .env("CARGO_ENCODED_RUSTFLAGS", flags.join("\u{1f}"))
        .env_remove("RUSTFLAGS");
    Ok(command)
}

fn bindgen(wasm: &Path, dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir).with_context(|| format!("cannot empty {}", dir.display()))?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(wasm)
        .out_name("modelseal")
        .typescript(true);
    bindgen
        .web(true)?
        .remove_producers_section(true)
        .generate(dir)
}
