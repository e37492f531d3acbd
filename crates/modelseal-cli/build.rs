//! Tells tests that need crates of the repository, which are not published, whether they are there.

use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-check-cfg=cfg(in_repository)");
    if Path::new("../../tests/forge-tuf").is_dir() {
        println!("cargo::rustc-cfg=in_repository");
    }
}
