//! What people see.

use crate::support::{Run, Scene};

/// A name that would clear the screen, and one that reads `exe.gpj` as `jpg.exe`.
const NASTY: [&str; 2] = ["a\u{1b}[2J\u{9b}31m", "b\u{202e}gpj.exe"];

#[test]
fn names_cannot_steer_a_terminal() {
    let files = NASTY.map(|name| (name, "text"));
    let mut scene = Scene::new(&files);
    scene.statement["subject"][0]["name"] = serde_json::json!("model\r\u{1b}]0;title\u{7}");
    scene.sign();
    for name in NASTY {
        scene.write(&format!("model/{name}"), "other");
        scene.write(&format!("model/un{name}"), "");
    }
    let run = scene.verify(&[]);
    run.has_row("model", "model\\u{d}\\u{1b}]0;title\\u{7}");
    run.has_row("unsigned", "una\\u{1b}[2J\\u{9b}31m");
    run.has_row("", "unb\\u{202e}gpj.exe");
    let inspect = scene.run(&["inspect", "model.sig"]);
    let json = scene.json(&[]);
    let inspect_json = scene.run(&["inspect", "model.sig", "--format=json"]);
    for run in [&run, &inspect, &json, &inspect_json] {
        let seen = format!("{}{}", run.stdout, run.stderr);
        assert!(
            !seen.contains(|c: char| c.is_control() && c != '\n'),
            "{seen:?}"
        );
        assert!(!seen.contains('\u{202e}'), "{seen:?}");
    }
    // To a program the names are what they are.
    let verdict = json.verdict();
    assert_eq!(verdict["bytes"]["changed"][0]["path"], NASTY[0]);
    assert_eq!(verdict["bytes"]["changed"][1]["path"], NASTY[1]);
}

#[test]
fn arguments_cannot_steer_a_terminal() {
    let run = Scene::simple().run(&["inspect", "no\u{1b}[2J\u{202e}file"]);
    run.fails(
        "signature-unreadable",
        "cannot read `no\\u{1b}[2J\\u{202e}file`: No such file or directory",
    );
}

#[test]
fn long_lists_are_cut_and_counted() {
    let scene = Scene::simple();
    for number in 10..35 {
        scene.write(&format!("model/extra-{number}"), "");
    }
    let run = scene.verify(&[]);
    run.says(1, "NOT VERIFIED  25 entries are not signed");
    run.has_row("unsigned", "extra-10");
    run.has_row("", "extra-29");
    run.has_row("", "… and 5 more; --format json lists all");
    assert!(!run.stdout.contains("extra-30"));
    let verdict = scene.json(&[]).verdict();
    assert_eq!(
        verdict["coverage"]["unsigned"].as_array().unwrap().len(),
        25
    );
}

#[test]
fn colours_only_where_someone_sees_them() {
    let scene = Scene::simple();
    let arguments = [
        "verify",
        "key",
        "model",
        "--signature=model.sig",
        "--public-key=key.pub",
    ];
    let with = |variables: &[(&str, &str)]| {
        Run::of(scene.command(&arguments).envs(variables.iter().copied())).stdout
    };
    let escapes = |text: &str| text.contains('\u{1b}');
    assert!(!escapes(&with(&[])));
    let coloured = with(&[("CLICOLOR_FORCE", "1")]);
    assert!(
        coloured.starts_with("\u{1b}[1m\u{1b}[32mVERIFIED\u{1b}[0m"),
        "{coloured:?}"
    );
    assert!(!escapes(&with(&[
        ("CLICOLOR_FORCE", "1"),
        ("NO_COLOR", "1")
    ])));
    let error = scene
        .command(&["inspect", "none"])
        .env("CLICOLOR_FORCE", "1")
        .output()
        .unwrap();
    assert!(
        error
            .stderr
            .starts_with(b"\x1b[1m\x1b[31merror[signature-unreadable]\x1b[0m: ")
    );
    let mut json = scene.command(&arguments);
    let json = Run::of(json.arg("--format=json").env("CLICOLOR_FORCE", "1"));
    assert!(!escapes(&json.stdout));
}
