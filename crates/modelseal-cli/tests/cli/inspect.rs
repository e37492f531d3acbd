//! `modelseal inspect`: claims, and a second reader's opinion.

use std::fs;

use modelseal_forge::model::Hash;
use serde_json::{Value, json};

use crate::support::{Run, Scene, modelseal, repository};

#[test]
fn everything_is_called_a_claim() {
    let scene = Scene::simple();
    let run = scene.run(&["inspect", "model.sig"]);
    run.says(0, "CLAIMED, NOT VERIFIED  anybody can write what follows");
    run.has_row("method", "key");
    run.has_row("model", "test-model");
    run.has_row("hashed as", "sha256, files");
    run.has_row("files", "3");
    run.has_row("", &format!("one  sha256:{}", Hash::Sha256.hex(b"1")));
    run.has_row("second reader", "sigstore_protobuf_specs reads the same");
}

fn inspect_json(scene: &Scene) -> Value {
    let run = scene.run(&["inspect", "model.sig", "--format=json"]);
    assert_eq!(
        (run.code, run.stderr.as_str(), run.stdout.lines().count()),
        (0, "", 1)
    );
    serde_json::from_str(&run.stdout).unwrap()
}

#[test]
fn json_says_that_nothing_was_verified() {
    let inspected = inspect_json(&Scene::simple());
    assert_eq!(inspected["verified"], false);
    assert_eq!(inspected["claimed"]["method"], "key");
    let second = json!({ "name": "sigstore_protobuf_specs", "status": "agrees", "message": null });
    assert_eq!(inspected["secondReader"], second);
}

#[test]
fn a_bundle_need_not_be_right_to_be_looked_at() {
    let mut scene = Scene::simple();
    scene.statement["predicate"]["resources"][0]["digest"] = json!("nonsense");
    scene.sign();
    let run = scene.run(&["inspect", "model.sig"]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let code = "[digest-invalid]";
    assert!(
        run.stdout.contains(code) && run.stdout.contains("statement     unreadable: "),
        "{run:?}"
    );
}

/// Rewrites the bundle's JSON.
fn rewrite(scene: &Scene, change: impl FnOnce(&mut Value)) {
    let path = scene.path("model.sig");
    let mut bundle: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    change(&mut bundle);
    fs::write(path, bundle.to_string()).unwrap();
}

#[test]
fn what_may_be_left_out_is_no_disagreement() {
    let scene = Scene::simple();
    rewrite(&scene, |bundle| {
        bundle["verificationMaterial"]
            .as_object_mut()
            .unwrap()
            .remove("tlogEntries");
        bundle["dsseEnvelope"]["signatures"][0]
            .as_object_mut()
            .unwrap()
            .remove("keyid");
    });
    assert_eq!(inspect_json(&scene)["secondReader"]["status"], "agrees");
}

#[test]
fn a_second_reader_that_refuses_is_heard() {
    let scene = Scene::simple();
    rewrite(&scene, |bundle| {
        bundle["verificationMaterial"]["tlogEntries"] = json!([{ "nonsense\u{1b}": 1 }]);
    });
    assert_eq!(inspect_json(&scene)["secondReader"]["status"], "refuses");
    let run = scene.run(&["inspect", "model.sig"]);
    let warning = "WARNING: sigstore_protobuf_specs refuses the bundle: ";
    assert!(run.stdout.contains(warning), "{run:?}");
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
}

#[test]
fn the_old_form_of_keys_is_known_to_be_unknown_to_it() {
    let bundle = repository().join("tests/fixtures/raw-bytes/model.sig");
    let run = Run::of(modelseal().arg("inspect").arg(bundle));
    let text = "sigstore_protobuf_specs does not know this form, used before v1.1.0";
    run.has_row("second reader", text);
    assert_eq!(run.code, 0);
}

#[test]
fn certificates_are_shown() {
    let bundle = repository().join("tests/fixtures/certificate/model.sig");
    let run = Run::of(modelseal().arg("inspect").arg(bundle));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    run.has_row("method", "certificate");
    let shown = run
        .stdout
        .lines()
        .filter(|line| line.contains(", certificate sha256:"))
        .count();
    assert_eq!(shown, 2, "{run:?}");
}
