//! `modelseal roots`, and trust roots that cannot be used.

use std::fs;

use serde_json::{Value, json};

use crate::support::{Run, Scene, modelseal};

fn roots(scene: &Scene, more: &[&str]) -> Vec<Value> {
    let run = scene.run(&[&["roots", "--format=json"], more].concat());
    assert_eq!((run.code, run.stderr.as_str()), (0, ""), "{run:?}");
    assert_eq!(run.stdout.matches('\n').count(), 1, "{run:?}");
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn the_bundled_roots_are_listed_with_their_origin() {
    let scene = Scene::simple();
    let all = roots(&scene, &[]);
    let names: Vec<_> = all.iter().map(|root| &root["name"]).collect();
    assert_eq!(names, ["production", "staging", "github"]);
    for root in &all {
        let name = root["name"].as_str().unwrap();
        assert_eq!(roots(&scene, &[name]), std::slice::from_ref(root));
        assert!(root["source"].is_string() && root["date"].is_string());
        assert_ne!(root["certificateAuthorities"], json!([]));
        assert_ne!(root["timestampAuthorities"], json!([]));
    }
    // GitHub keeps no logs.
    assert_eq!(all[2]["logs"], json!([]));
    let run = Run::of(modelseal().arg("roots"));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    for root in &all {
        let text = |name: &str| root[name].as_str().unwrap();
        let headline = format!(
            "{}  bundled, from {} on {}",
            text("name"),
            text("source"),
            text("date")
        );
        assert!(
            run.stdout.lines().any(|line| line == headline),
            "{headline}"
        );
        run.has_row("sha256", text("sha256"));
    }
}

#[test]
fn what_is_not_understood_is_said() {
    let scene = Scene::keyless();
    change(&scene, |root| {
        root["tlogs"][0]["publicKey"]["keyDetails"] = json!("PKIX_ML_DSA_\u{1b}[2J65");
    });
    let run = scene.run(&["roots", "root.json"]);
    run.says(0, "YOUR OWN  not a bundled trust root");
    let uri = roots(&scene, &["root.json"])[0]["ignored"][0]["uri"].clone();
    let uri = uri.as_str().unwrap();
    run.has_row(
        "ignored",
        &format!("tlogs {uri}: PKIX_ML_DSA_\\u{{1b}}[2J65 is not known"),
    );
    run.has_row(
        "times",
        "https://timestamp.test (CN=cli tsa,O=modelseal tests), valid from 2025-01-01T00:00:00Z",
    );
}

fn change(scene: &Scene, change: impl FnOnce(&mut Value)) {
    let path = scene.path("root.json");
    let mut root = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut root);
    fs::write(path, root.to_string()).unwrap();
}

#[test]
fn a_root_without_a_beginning_is_unusable() {
    let scene = Scene::keyless();
    change(&scene, |root| {
        root["tlogs"][1]["publicKey"]["validFor"] = json!({});
    });
    let sentence = "`root.json`: the trust root is not valid: validFor.start";
    scene
        .run(&["roots", "root.json"])
        .fails("trust-root-invalid", sentence);
    scene
        .sigstore(&["--report-only"])
        .fails("trust-root-invalid", sentence);
    scene
        .verify(&["--trust-root=root.json"])
        .fails("trust-root-invalid", sentence);
    scene
        .attestation(&["artifact", "--report-only"])
        .fails("trust-root-invalid", sentence);
}

#[test]
fn what_is_no_trust_root_is_named() {
    let scene = Scene::keyless();
    let unknown =
        "`nobody` is neither a bundled trust root (production, staging, github) nor a file";
    scene
        .run(&["roots", "nobody"])
        .fails("trust-root-unknown", unknown);
    scene
        .verify(&["--trust-root=nobody"])
        .fails("trust-root-unknown", unknown);
    let folder = "cannot read `model`: Is a directory";
    scene
        .run(&["roots", "model"])
        .fails("trust-root-unreadable", folder);
    scene.write("bad", "[]");
    scene.run(&["roots", "bad"]).fails(
        "trust-root-unreadable",
        "`bad`: this is not a trust root: it is JSON of another kind, without a mediaType",
    );
    scene.write("bad", "{");
    let run = scene.run(&["roots", "bad"]);
    assert!(
        run.stderr.starts_with("error[json-syntax]: `bad`: "),
        "{run:?}"
    );
    let run = scene.run(&["roots", ""]);
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
}
