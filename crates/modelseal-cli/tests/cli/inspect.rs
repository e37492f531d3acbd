//! `modelseal inspect`: claims, and a second reader's opinion.

use std::fs;

use modelseal_forge_oms::model::Hash;
use modelseal_forge_sigstore::{IDENTITY, ISSUER};
use serde_json::{Value, json};

use crate::support::{Run, Scene, modelseal, repository};

#[test]
fn everything_is_called_a_claim() {
    let scene = Scene::simple();
    let run = scene.run(&["inspect", "model.sig", "--second-reader"]);
    run.says(0, "CLAIMED, NOT VERIFIED  anyone can write what follows");
    run.has_row("method", "key");
    run.has_row("model", "test-model");
    run.has_row("hashed as", "sha256, files");
    run.has_row("files", "3");
    run.has_row("", &format!("one  sha256:{}", Hash::Sha256.hex(b"1")));
    run.has_row("second reader", "sigstore_protobuf_specs reads the same");
}

fn inspect_json(scene: &Scene) -> Value {
    let run = scene.run(&["inspect", "model.sig", "--second-reader", "--format=json"]);
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
        run.stdout.contains(code) && run.stdout.contains("statement     cannot be read: "),
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
        bundle["dsseEnvelope"]["signatures"][0]["keyid"] = json!("");
        // Of no consequence to us; to the other reader it is of an unknown kind.
        bundle["verificationMaterial"]["publicKey"]["keyDetails"] = json!("NO\u{1b}KIND");
    });
    assert_eq!(inspect_json(&scene)["secondReader"]["status"], "refuses");
    let run = scene.run(&["inspect", "model.sig", "--second-reader"]);
    let warning = "WARNING: sigstore_protobuf_specs refuses the bundle: ";
    assert!(run.stdout.contains(warning), "{run:?}");
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
}

#[test]
fn the_old_form_of_keys_is_known_to_be_unknown_to_it() {
    let bundle = repository().join("tests/fixtures/raw-bytes/model.sig");
    let run = Run::of(modelseal().args(["inspect", "--second-reader"]).arg(bundle));
    let text = "sigstore_protobuf_specs does not know this form, used before v1.1.0";
    run.has_row("second reader", text);
    assert_eq!(run.code, 0);
}

#[test]
fn the_second_reader_is_heard_where_it_is_asked_for() {
    let scene = Scene::simple();
    let run = scene.run(&["inspect", "model.sig"]);
    assert!(!run.stdout.contains("second reader"), "{run:?}");
    let run = scene.run(&["inspect", "model.sig", "--format=json"]);
    let inspected: Value = serde_json::from_str(&run.stdout).unwrap();
    assert!(inspected.get("secondReader").is_none(), "{run:?}");
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

#[test]
fn a_keyless_bundle_claims_an_identity_an_entry_and_a_time() {
    let scene = Scene::keyless();
    let run = scene.run(&["inspect", "model.sig", "--second-reader"]);
    run.says(0, "CLAIMED, NOT VERIFIED  anyone can write what follows");
    run.has_row("method", "sigstore");
    run.has_row("identity", IDENTITY);
    run.has_row("issuer", ISSUER);
    run.has_row("timestamp", "2025-06-01T12:01:00Z");
    run.has_row("second reader", "sigstore_protobuf_specs reads the same");
    let claimed = &inspect_json(&scene)["claimed"];
    assert_eq!(claimed["identity"]["kind"], "uri");
    assert_eq!(
        claimed["timestamps"],
        json!([{ "at": "2025-06-01T12:01:00Z" }])
    );
    let entry = &claimed["logEntries"][0];
    assert_eq!(
        (&entry["kind"], &entry["version"]),
        (&json!("dsse"), &json!("0.0.1"))
    );
    assert_eq!(entry["integratedTime"], "2025-06-01T12:01:00Z");
    let log = entry["logId"].as_str().unwrap();
    let index = entry["index"].as_u64().unwrap();
    let text = format!("dsse 0.0.1, index {index}, log {log}, 2025-06-01T12:01:00Z");
    run.has_row("log entry", &text);
}

#[test]
fn what_a_claim_cannot_be_read_from_is_said() {
    let scene = Scene::keyless();
    rewrite(&scene, |bundle| {
        let material = &mut bundle["verificationMaterial"];
        material["timestampVerificationData"]["rfc3161Timestamps"][0]["signedTimestamp"] =
            json!("AAAA");
        material["tlogEntries"][0]["kindVersion"]["kind"] = json!("a\u{1b}[2Jkind");
        material["certificate"]["rawBytes"] = json!("AAAA");
    });
    let run = scene.run(&["inspect", "model.sig"]);
    run.has_row(
        "certificate",
        "cannot be read: certificate 0 is malformed [certificate-invalid]",
    );
    run.has_row(
        "timestamp",
        "cannot be read: timestamp 0 is malformed [timestamp-invalid]",
    );
    assert!(run.stdout.contains("a\\u{1b}[2Jkind 0.0.1"), "{run:?}");
    assert_eq!(inspect_json(&scene)["claimed"]["identity"], Value::Null);
}
