//! Each way to a standard library, with stand-ins for every tool.

use super::*;
use crate::setup::sandbox::Sandbox;

const LIBDIR: &str = "sysroot/lib/rustlib/wasm32-unknown-unknown/lib";
const LINKER: &str = "sysroot/lib/rustlib/x86_64-unknown-linux-gnu/bin/rust-lld";
const INSTALL: &str = "apt-get install -y --no-install-recommends rustc-web rust-web-src";

/// A machine with an ordinary toolchain, its linker included, and no library for the target.
fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.file(LINKER, "");
    let script = format!(
        "case $* in\n\
         '--print target-libdir'*) echo {};;\n\
         '--print sysroot') echo {};;\n\
         -vV) echo 'rustc 1.95.0'; echo 'host: x86_64-unknown-linux-gnu';;\n\
         esac",
        sandbox.path(LIBDIR).display(),
        sandbox.path("sysroot").display(),
    );
    sandbox.program("rustc", &script);
    sandbox
}

/// The calls that change the machine.
fn changes(sandbox: &Sandbox) -> Vec<String> {
    let calls = sandbox.calls().into_iter();
    calls
        .filter(|call| call.starts_with("apt-get") || call.starts_with("rustup"))
        .collect()
}

/// A shell line that puts the target's library in its place.
fn add_target(sandbox: &Sandbox) -> String {
    let dir = sandbox.path(LIBDIR);
    format!(
        "/bin/mkdir -p {0}; : > {0}/libstd-1.rlib; : > {0}/libpanic_abort-1.rlib",
        dir.display()
    )
}

fn debian(sandbox: &Sandbox, version: &str) {
    sandbox.file("usr/lib/rustlib/src/rust/library/Cargo.lock", "");
    sandbox.program_at(
        "usr/bin/rustc",
        "debian-rustc",
        &format!("echo 'rustc {version} (x)'"),
    );
}

/// `apt-get`, which fails `failures` times and then puts Debian's compiler in its place.
fn apt_get(sandbox: &Sandbox, failures: u8) {
    sandbox.program_at("prepared/rustc", "debian-rustc", "echo 'rustc 1.96.0 (x)'");
    let script = format!(
        "[ $1 = install ] || {{ : > {updated}; exit 0; }}\n\
         echo x >> {failed}\n\
         count=0; while read -r _; do count=$((count + 1)); done < {failed}\n\
         [ $count -gt {failures} ] || exit 100\n\
         /bin/mkdir -p {root}/usr/bin {root}/usr/lib/rustlib/src/rust/library\n\
         : > {root}/usr/lib/rustlib/src/rust/library/Cargo.lock\n\
         /bin/cp {root}/prepared/rustc {root}/usr/bin/rustc",
        updated = sandbox.path("updated").display(),
        failed = sandbox.path("failed").display(),
        root = sandbox.path("").display().to_string().trim_end_matches('/'),
    );
    sandbox.program("apt-get", &script);
}

fn superuser(sandbox: &Sandbox) -> Host {
    Host {
        superuser: true,
        ..sandbox.host()
    }
}

fn expected_debian(sandbox: &Sandbox) -> Toolchain {
    Toolchain::Debian {
        rustc: sandbox.path("usr/bin/rustc"),
        linker: Some(sandbox.path(LINKER)),
    }
}

#[test]
fn a_target_that_is_there_is_taken_as_it_is() {
    let sandbox = sandbox("std-present");
    sandbox.file(&format!("{LIBDIR}/libstd-0123.rlib"), "");
    sandbox.file(&format!("{LIBDIR}/libpanic_abort-0123.rlib"), "");
    debian(&sandbox, "1.96.0");
    apt_get(&sandbox, 0);
    sandbox.program("rustup", "");
    let found = prepare(&superuser(&sandbox), &Ui::new(), WASM);
    assert_eq!(found.expect("it is there"), Toolchain::Ordinary);
    assert!(changes(&sandbox).is_empty());
}

#[test]
fn half_a_target_is_none() {
    let sandbox = sandbox("std-half");
    sandbox.file(&format!("{LIBDIR}/libpanic_abort-0123.rlib"), "");
    prepare(&sandbox.host(), &Ui::new(), WASM).expect_err("`std` is missing");
}

#[test]
fn rustup_comes_before_debian() {
    let sandbox = sandbox("std-first");
    debian(&sandbox, "1.96.0");
    sandbox.program("rustup", &add_target(&sandbox));
    let found = prepare(&sandbox.host(), &Ui::new(), WASM).expect("rustup added it");
    assert_eq!(found, Toolchain::Ordinary);
    assert_eq!(
        changes(&sandbox),
        ["rustup target add wasm32-unknown-unknown"]
    );
}

#[test]
fn rustup_is_not_asked_where_it_must_not_install() {
    let sandbox = sandbox("std-forbidden");
    debian(&sandbox, "1.96.0");
    sandbox.program("rustup", &add_target(&sandbox));
    let host = Host {
        rustup_installs: false,
        ..sandbox.host()
    };
    let found = prepare(&host, &Ui::new(), WASM).expect("Debian's compiler is there");
    assert_eq!(found, expected_debian(&sandbox));
    assert!(changes(&sandbox).is_empty());
}

#[test]
fn nothing_is_left_where_rustup_must_not_install() {
    let sandbox = sandbox("std-forbidden-none");
    sandbox.program("rustup", &add_target(&sandbox));
    let host = Host {
        rustup_installs: false,
        ..sandbox.host()
    };
    prepare(&host, &Ui::new(), WASM).expect_err("there is no way");
    assert!(changes(&sandbox).is_empty());
}

#[test]
fn debian_is_installed_by_the_superuser() {
    let sandbox = sandbox("std-apt");
    apt_get(&sandbox, 0);
    let found = prepare(&superuser(&sandbox), &Ui::new(), WASM).expect("it was installed");
    assert_eq!(found, expected_debian(&sandbox));
    assert_eq!(changes(&sandbox), ["apt-get update", INSTALL]);
}

#[test]
fn a_mirror_may_stumble_once() {
    let sandbox = sandbox("std-stumble");
    apt_get(&sandbox, 1);
    let found = prepare(&superuser(&sandbox), &Ui::new(), WASM).expect("it was installed");
    assert_eq!(found, expected_debian(&sandbox));
    assert_eq!(changes(&sandbox), ["apt-get update", INSTALL, INSTALL]);
}

#[test]
fn debian_is_asked_when_rustup_fails() {
    let sandbox = sandbox("std-rustup-fails");
    apt_get(&sandbox, 0);
    sandbox.program("rustup", "exit 1");
    let found = prepare(&superuser(&sandbox), &Ui::new(), WASM).expect("it was installed");
    assert_eq!(found, expected_debian(&sandbox));
    let add = "rustup target add wasm32-unknown-unknown";
    assert_eq!(changes(&sandbox), [add, "apt-get update", INSTALL]);
}

#[test]
fn a_mirror_that_fails_twice_is_an_error() {
    let sandbox = sandbox("std-apt-fails");
    apt_get(&sandbox, 2);
    prepare(&superuser(&sandbox), &Ui::new(), WASM).expect_err("nothing was installed");
    assert_eq!(changes(&sandbox), ["apt-get update", INSTALL, INSTALL]);
}

/// `apt-cache`, which offers one version before `apt-get update` and another one after it.
fn apt_cache(sandbox: &Sandbox, before: &str, after: &str) {
    let script = format!(
        "version={before}; [ -f {0} ] && version={after}; echo \"  Candidate: $version\"",
        sandbox.path("updated").display()
    );
    sandbox.program("apt-cache", &script);
}

#[test]
fn old_package_lists_are_refreshed() {
    let sandbox = sandbox("std-lists");
    apt_cache(&sandbox, "1.85.0+dfsg3-1", "1.96.0+dfsg1-1");
    apt_get(&sandbox, 0);
    let found = prepare(&superuser(&sandbox), &Ui::new(), WASM).expect("it was installed");
    assert_eq!(found, expected_debian(&sandbox));
    assert_eq!(
        changes(&sandbox),
        ["apt-get update", "apt-get update", INSTALL]
    );
}

#[test]
fn rustup_is_asked_by_a_user() {
    let sandbox = sandbox("std-rustup");
    apt_get(&sandbox, 0);
    sandbox.program("rustup", &add_target(&sandbox));
    let found = prepare(&sandbox.host(), &Ui::new(), WASM).expect("rustup added it");
    assert_eq!(found, Toolchain::Ordinary);
    assert_eq!(
        changes(&sandbox),
        ["rustup target add wasm32-unknown-unknown"]
    );
}

#[test]
fn an_old_debian_is_passed_over() {
    let sandbox = sandbox("std-old");
    debian(&sandbox, "1.63.0");
    apt_cache(&sandbox, "1.85.0+dfsg3-1", "1.85.0+dfsg3-1");
    apt_get(&sandbox, 0);
    prepare(&superuser(&sandbox), &Ui::new(), WASM).expect_err("Debian's compiler is too old");
    assert_eq!(changes(&sandbox), ["apt-get update"]);
}

#[test]
fn a_target_that_rustup_gave_another_toolchain_is_an_error() {
    let sandbox = sandbox("std-elsewhere");
    sandbox.program("rustup", "");
    let error = prepare(&sandbox.host(), &Ui::new(), WASM).expect_err("it is not there");
    assert!(
        error
            .to_string()
            .starts_with("rustup added wasm32-unknown-unknown, but"),
        "{error}"
    );
}

#[test]
fn with_no_way_left_both_are_named() {
    let sandbox = sandbox("std-none");
    let error = prepare(&sandbox.host(), &Ui::new(), WASM).expect_err("there is no way");
    assert_eq!(
        error.to_string(),
        "no standard library for wasm32-unknown-unknown. Either `rustup target add \
         wasm32-unknown-unknown` (with rustup), or on Debian `sudo apt-get update && sudo apt-get \
         install -y --no-install-recommends rustc-web rust-web-src` (version 1.88 or later)"
    );
    assert!(changes(&sandbox).is_empty());
}

#[test]
fn debian_builds_the_library_along() {
    let sandbox = sandbox("std-arguments");
    let host = sandbox.host();
    let command = expected_debian(&sandbox).cargo(&host, "build", WASM);
    let shown = process::shown(&command);
    let linker = sandbox.path(LINKER);
    let library = " -Zbuild-std=std,panic_abort -Zbuild-std-features=optimize_for_size ";
    assert!(shown.contains(library), "{shown}");
    assert!(shown.contains(&format!(
        "wasm32-unknown-unknown.linker=\"{}\"",
        linker.display()
    )));
    let ordinary = Toolchain::Ordinary.cargo(&host, "build", WASM);
    assert!(process::shown(&ordinary).ends_with(" build --target wasm32-unknown-unknown"));
}

#[test]
fn versions_are_read() {
    assert_eq!(
        parse_version("rustc 1.96.0 (ac68faa20 2026-05-25)"),
        Some((1, 96))
    );
    assert_eq!(parse_version("1.85.0+dfsg3-1~deb12u3"), Some((1, 85)));
    assert_eq!(parse_version("(none)"), None);
}
