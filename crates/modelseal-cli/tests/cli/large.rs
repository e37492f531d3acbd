//! Large files by BLAKE3, which all threads hash together in pieces.

use std::{
    fs::{File, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
};

use modelseal_forge_oms::model::Hash;
use serde_json::json;

use crate::support::Scene;

const MIB: usize = 1 << 20;

/// Files above and below what is shared, that end with a piece or within one.
fn scene() -> Scene {
    let text: String = (0..3 * MIB).map(|at| format!("{at:08}")).collect();
    Scene::hashed_by(
        Hash::Blake3,
        &[
            ("a/even", &text[..16 * MIB]),
            ("b/odd", &text[1..][..20 * MIB + 1]),
            ("c/short", &text[2..][..16 * MIB - 1]),
            ("d/long", &text[3..][..23 * MIB + 1025]),
            ("small", "1"),
        ],
    )
}

#[test]
fn large_files_as_signed_are_verified() {
    let run = scene().verify(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.has_row("files", "5 of 5 hashed and right");
}

#[test]
fn what_hashed_is_in_the_verdict() {
    let threads = std::thread::available_parallelism().unwrap().get();
    assert_eq!(
        scene().json(&["--diagnostics"]).verdict()["diagnostics"],
        json!({ "engines": ["native"], "workers": threads })
    );
    let verdict = Scene::simple().json(&["--diagnostics"]).verdict();
    let engine = verdict["diagnostics"]["engines"][0].as_str().unwrap();
    assert!(["native", "native-sha2-instructions"].contains(&engine));
    // The same command on another machine prints the same verdict, unless it is asked for.
    let verdict = Scene::simple().json(&[]).verdict();
    assert_eq!(verdict["diagnostics"], serde_json::Value::Null);
}

#[test]
fn a_byte_that_differs_is_found_in_any_piece() {
    let scene = scene();
    for at in [0, 7 * MIB, 20 * MIB] {
        let file = OpenOptions::new()
            .write(true)
            .open(scene.path("model/b/odd"));
        let mut file = file.unwrap();
        let mut change = |byte: &[u8]| {
            file.seek(SeekFrom::Start(at as u64)).unwrap();
            file.write_all(byte).unwrap();
        };
        change(b"x");
        scene.json(&[]).judges(1, "failed", &["file-changed"]);
        // Byte 1 + at of a text of eight digits each.
        let digit = format!("{:08}", (at + 1) / 8).as_bytes()[(at + 1) % 8];
        change(&[digit]);
    }
    scene.json(&[]).judges(0, "verified", &[]);
}

#[test]
fn a_file_that_is_shorter_or_longer_is_changed() {
    let scene = scene();
    for length in [22 * MIB, 23 * MIB + 1026] {
        let file = OpenOptions::new()
            .write(true)
            .open(scene.path("model/d/long"));
        File::set_len(&file.unwrap(), length as u64).unwrap();
        scene.json(&[]).judges(1, "failed", &["file-changed"]);
    }
}
