//! Symlinks: followed only within the model, and only if signer and caller both allow it.

use std::{fs, os::unix::fs::symlink};

use crate::support::{Run, Scene};

/// `two` becomes a link to a file with the same bytes, outside the listed paths' way.
fn linked(target: &str) -> Scene {
    let scene = Scene::new(&[("one", "same"), ("two", "same")]);
    scene.write("outside", "same");
    fs::remove_file(scene.path("model/two")).unwrap();
    symlink(target, scene.path("model/two")).unwrap();
    scene
}

#[test]
fn a_link_is_followed_if_both_allow_it() {
    let scene = linked("one").with_symlinks_allowed();
    scene.json(&["--allow-symlinks"]).judges(0, "verified", &[]);
    scene.json(&["--allow_symlinks"]).judges(0, "verified", &[]);
}

#[test]
fn a_link_is_refused_if_only_one_allows_it() {
    let by_signer = linked("one").with_symlinks_allowed();
    by_signer
        .json(&[])
        .judges(1, "failed", &["symlink-refused"]);
    let by_caller = linked("one");
    by_caller
        .json(&["--allow-symlinks"])
        .judges(1, "failed", &["symlink-refused"]);
    let run = by_caller.verify(&[]);
    run.says(1, "NOT VERIFIED  1 symlink was not followed");
    run.has_row(
        "not followed",
        "two  (the signature does not allow symlinks; for links that are not the model's own, name \
         the folder they lead to with --link-targets)",
    );
}

#[test]
fn an_allowed_link_to_other_bytes_is_changed() {
    let scene = linked("one").with_symlinks_allowed();
    scene.write("model/one", "other");
    let run = scene.json(&["--allow-symlinks"]);
    run.judges(1, "failed", &["file-changed"]);
    let changed = run.verdict()["bytes"]["changed"].as_array().unwrap().len();
    assert_eq!(changed, 2);
}

#[test]
fn an_allowed_link_never_leaves_the_model() {
    let absolute = linked("x");
    let inside = absolute.path("model/one");
    for target in [
        "../outside",
        "/etc/hostname",
        "nothing",
        "two",
        ".",
        inside.to_str().unwrap(),
    ] {
        let scene = linked(target).with_symlinks_allowed();
        scene
            .json(&["--allow-symlinks"])
            .judges(1, "failed", &["symlink-refused"]);
    }
}

#[test]
fn an_allowed_link_may_lead_through_the_model() {
    let scene = Scene::new(&[("a/one", "same"), ("b/two", "same")]).with_symlinks_allowed();
    fs::remove_file(scene.path("model/b/two")).unwrap();
    symlink("../a/./one", scene.path("model/b/two")).unwrap();
    scene.json(&["--allow-symlinks"]).judges(0, "verified", &[]);
}

#[test]
fn a_link_that_was_not_signed_is_unsigned() {
    for target in ["one", ".", "/tmp/nonexistent-target", "loop"] {
        let scene = Scene::new(&[("one", "1")]).with_symlinks_allowed();
        symlink(target, scene.path("model/loop")).unwrap();
        for flags in [&[][..], &["--allow-symlinks"]] {
            scene.json(flags).judges(1, "failed", &["symlink-refused"]);
        }
        scene.verify(&[]).has_row("unsigned", "loop  (symlink)");
    }
}

#[test]
fn a_folder_on_the_way_to_a_signed_file_may_not_be_a_link() {
    let scene = Scene::simple().with_symlinks_allowed();
    fs::rename(scene.path("model/sub"), scene.path("elsewhere")).unwrap();
    symlink("../elsewhere", scene.path("model/sub")).unwrap();
    for flags in [&[][..], &["--allow-symlinks"]] {
        scene
            .json(flags)
            .judges(1, "failed", &["file-missing", "symlink-refused"]);
    }
}

#[test]
fn the_path_to_the_model_may_be_a_link() {
    let scene = Scene::simple();
    symlink("model", scene.path("link")).unwrap();
    let rest = [
        "--signature=model.sig",
        "--public-key=key.pub",
        "--format=json",
    ];
    let verify =
        |model: &str| -> Run { scene.run(&[&["verify", "key", model], &rest[..]].concat()) };
    verify("link").judges(0, "verified", &[]);
    // A cache keeps files under digests, and links to them.
    let mut scene = Scene::new(&[("blob", "bytes")]);
    scene.statement["predicate"]["resources"][0]["name"] = serde_json::json!("weights");
    scene.sign();
    symlink("model/blob", scene.path("weights")).unwrap();
    let run = scene.run(&[&["verify", "key", "weights"], &rest[..]].concat());
    run.judges(0, "verified", &[]);
}
