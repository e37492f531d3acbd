//! What is verified, what is not, and what could not be checked.

use std::fs;

use crate::support::{Run, Scene};

#[test]
fn a_model_as_signed_is_verified() {
    let run = Scene::simple().verify(&[]);
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    let headline = run.stdout.lines().next().unwrap();
    assert!(headline.starts_with("VERIFIED  3 files are exactly as signed by the key sha256:"));
    run.has_row("model", "test-model");
    run.has_row("signature", "valid (key, ecdsa-p256-sha256)");
    run.has_row("files", "3 of 3 hashed and right");
    Scene::simple().json(&[]).judges(0, "verified", &[]);
}

#[test]
fn a_changed_file_is_named() {
    let scene = Scene::simple();
    scene.write("model/sub/three", "4");
    let run = scene.verify(&[]);
    run.says(1, "NOT VERIFIED  1 file differs");
    run.has_row("reasons", "file-changed");
    let three = "4e07408562bedb8b";
    let four = "4b227777d4dd1fc6";
    run.has_row(
        "changed",
        &format!("sub/three  (signed sha256:{three}…, found sha256:{four}…)"),
    );
    scene.json(&[]).judges(1, "failed", &["file-changed"]);
}

#[test]
fn a_missing_and_an_unsigned_file_are_named() {
    let scene = Scene::simple();
    fs::rename(scene.path("model/two"), scene.path("model/2")).unwrap();
    let run = scene.verify(&[]);
    run.says(1, "NOT VERIFIED  1 file is missing; 1 entry is not signed");
    run.has_row("missing", "two");
    run.has_row("unsigned", "2");
    scene
        .json(&[])
        .judges(1, "failed", &["file-missing", "file-unsigned"]);
}

#[test]
fn a_file_that_became_a_folder_is_changed() {
    let scene = Scene::simple();
    fs::remove_file(scene.path("model/two")).unwrap();
    fs::create_dir(scene.path("model/two")).unwrap();
    scene.verify(&[]).has_row("changed", "two  (now a folder)");
    scene.json(&[]).judges(1, "failed", &["file-changed"]);
}

#[test]
fn an_ignored_path_is_accepted_as_asked() {
    let scene = Scene::simple();
    scene.write("model/extra/a", "");
    scene.write("model/extra/b", "");
    scene.json(&[]).judges(1, "failed", &["file-unsigned"]);
    let absolute = format!("--ignore-paths={}", scene.path("model/extra").display());
    let spellings = [
        "--ignore-paths=model/extra",
        "--ignore_paths=model/extra/",
        "--ignore-paths=./model/sub/../extra",
        // Not from here, but in the model.
        "--ignore-paths=extra",
        &absolute,
    ];
    for spelling in spellings {
        let run = scene.json(&[spelling]);
        run.judges(0, "incomplete", &["coverage-partial"]);
        let coverage = &run.verdict()["coverage"];
        assert_eq!(
            coverage["ignoredByCaller"],
            serde_json::json!(["extra"]),
            "{spelling}"
        );
    }
    let run = scene.verify(&[
        "--ignore-paths",
        "model/extra/a",
        "--ignore-paths",
        "model/extra/b",
    ]);
    assert_eq!(run.code, 0);
    run.has_row("ignored", "extra/a  (as you asked)");
    run.has_row("", "extra/b  (as you asked)");
}

#[test]
fn an_ignored_path_does_not_excuse_a_signed_file() {
    let scene = Scene::simple();
    scene.write("model/two", "other");
    scene
        .json(&["--ignore-paths=model/two"])
        .judges(1, "failed", &["file-changed"]);
}

#[test]
fn an_ignored_path_that_leaves_nothing_out_is_said() {
    let run = Scene::simple().verify(&["--ignore-paths=typo"]);
    assert_eq!(run.code, 0);
    run.has_row("note", "--ignore-paths typo matched nothing");
}

#[test]
fn an_ignored_path_outside_is_wrong_use() {
    let scene = Scene::simple();
    let outside = scene.verify(&["--ignore-paths=../x"]);
    outside.fails(
        "usage-invalid",
        "--ignore-paths `../x` does not lie in the model",
    );
    let all = scene.verify(&["--ignore-paths=model"]);
    all.fails(
        "usage-invalid",
        "--ignore-paths `model` would leave out the whole model",
    );
}

#[test]
fn unsigned_files_are_accepted_as_asked() {
    let scene = Scene::simple();
    scene.write("model/extra", "");
    for spelling in ["--ignore-unsigned-files", "--ignore_unsigned_files"] {
        scene
            .json(&[spelling])
            .judges(0, "incomplete", &["coverage-partial"]);
    }
    let run = scene.verify(&["--ignore-unsigned-files"]);
    assert!(
        run.stdout
            .starts_with("INCOMPLETE  3 files are exactly as signed by the key sha256:")
    );
    run.has_row("unsigned", "extra  (as you allowed)");
    scene.write("model/one", "other");
    let run = scene.json(&["--ignore-unsigned-files"]);
    run.judges(1, "failed", &["coverage-partial", "file-changed"]);
}

#[test]
fn every_flag_has_two_spellings() {
    let scene = Scene::simple();
    for flag in ["--public-key", "--public_key"] {
        let run = scene.run(&[
            "verify",
            "key",
            "model",
            "--signature",
            "model.sig",
            flag,
            "key.pub",
        ]);
        assert_eq!(run.code, 0, "{run:?}");
    }
    for (one, other) in [
        ("--allow-symlinks", "--allow_symlinks"),
        ("--model-name=test-model", "--model_name=test-model"),
    ] {
        assert_eq!(
            (scene.verify(&[one]).code, scene.verify(&[other]).code),
            (0, 0),
            "{one}"
        );
    }
}

#[test]
fn git_files_are_never_covered() {
    let scene = Scene::simple();
    scene.write("model/.git/config", "");
    scene.write("model/.gitignore", "");
    let run = scene.json(&[]);
    run.judges(0, "verified", &[]);
    scene.write("model/sub/.gitignore", "");
    scene.json(&[]).judges(1, "failed", &["file-unsigned"]);
}

#[test]
fn the_signature_may_lie_in_the_model() {
    let scene = Scene::simple();
    fs::rename(scene.path("model.sig"), scene.path("model/sub/my.sig")).unwrap();
    let arguments = [
        "verify",
        "key",
        "model",
        "--public-key=key.pub",
        "--format=json",
        "--signature",
    ];
    let run = scene.run(&[&arguments[..], &["model/sub/my.sig"]].concat());
    run.judges(0, "verified", &[]);
    let ignored = &run.verdict()["coverage"]["ignoredBySignature"];
    assert_eq!(
        ignored,
        &serde_json::json!([{ "path": "sub/my.sig", "basis": "signature-file" }])
    );
    // A copy of it is an unsigned file like any other.
    fs::copy(scene.path("model/sub/my.sig"), scene.path("model/copy.sig")).unwrap();
    let run = scene.run(&[&arguments[..], &["model/sub/my.sig"]].concat());
    run.judges(1, "failed", &["file-unsigned"]);
}

/// A model that is the single file `weights`, listed under `name`.
fn single(name: &str) -> Scene {
    let mut scene = Scene::new(&[("weights", "bytes")]);
    scene.statement["predicate"]["resources"][0]["name"] = serde_json::json!(name);
    scene.sign();
    scene
}

fn verify_single(scene: &Scene, model: &str) -> Run {
    let rest = [
        "--signature=model.sig",
        "--public-key=key.pub",
        "--format=json",
    ];
    scene.run(&[&["verify", "key", model], &rest[..]].concat())
}

#[test]
fn a_single_file_is_a_model() {
    for name in [".", "weights"] {
        let scene = single(name);
        // What lies beside it is not part of it.
        scene.write("model/beside", "");
        verify_single(&scene, "model/weights").judges(0, "verified", &[]);
        scene.write("model/weights", "other");
        verify_single(&scene, "model/weights").judges(1, "failed", &["file-changed"]);
    }
}

#[test]
fn a_single_file_may_be_renamed_if_its_name_was_not_signed() {
    for (name, code) in [(".", 0), ("weights", 1)] {
        let scene = single(name);
        fs::rename(scene.path("model/weights"), scene.path("model/renamed")).unwrap();
        assert_eq!(verify_single(&scene, "model/renamed").code, code, "{name}");
    }
}

#[test]
fn a_folder_is_not_the_single_file_that_was_signed() {
    let run = verify_single(&single("."), "model");
    assert_eq!(run.code, 1);
    let reasons = run.verdict()["reasons"].to_string();
    assert!(reasons.contains("single-file-invalid"), "{reasons}");
}

#[test]
fn a_single_file_has_nothing_to_ignore() {
    let scene = single(".");
    let arguments = ["verify", "key", "model/weights", "--signature=model.sig"];
    let more = ["--public-key=key.pub", "--ignore-paths=model/weights"];
    scene.run(&[&arguments[..], &more].concat()).fails(
        "usage-invalid",
        "--ignore-paths `model/weights` has no meaning: the model is a single file",
    );
}

#[test]
fn pins_narrow_what_is_accepted() {
    let scene = Scene::simple();
    let root = scene.statement["subject"][0]["digest"]["sha256"]
        .as_str()
        .unwrap();
    let other = "0".repeat(64);
    scene
        .json(&[&format!("--root-digest=sha256:{root}")])
        .judges(0, "verified", &[]);
    let run = scene.json(&[&format!("--root_digest=sha256:{other}")]);
    run.judges(1, "failed", &["root-digest-unexpected"]);
    scene
        .json(&["--model-name=test-model"])
        .judges(0, "verified", &[]);
    scene
        .json(&["--model-name=other"])
        .judges(1, "failed", &["model-name-unexpected"]);
    let run = scene.json(&[&format!("--deny=sha256:{root}")]);
    run.judges(1, "failed", &["root-digest-denied"]);
    scene
        .json(&[&format!("--deny=sha256:{other}")])
        .judges(0, "verified", &[]);
    let key = scene.json(&[]).verdict()["signature"]["key"]
        .as_str()
        .unwrap()
        .to_owned();
    scene
        .json(&[&format!("--deny={key}")])
        .judges(1, "failed", &["key-denied"]);
}

#[test]
fn a_deep_folder_is_walked_and_a_very_deep_one_is_refused() {
    let scene = Scene::simple();
    let deep = |depth: usize| vec!["d"; depth].join("/");
    fs::create_dir_all(scene.path("model").join(deep(250))).unwrap();
    scene.json(&[]).judges(0, "verified", &[]);
    fs::create_dir_all(scene.path("model").join(deep(300))).unwrap();
    scene.verify(&[]).fails(
        "model-too-large",
        "the model has folders more than 256 deep",
    );
}
