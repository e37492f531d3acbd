//! The committed cases, well-formed and malformed, through the command.

use std::{fs, path::Path};

use serde_json::Value;

use crate::support::{Run, modelseal, repository};

/// Runs a case of `cases.json` in `folder`: the run, in JSON.
fn run(folder: &Path, case: &Value) -> Run {
    let temporary = tempfile::tempdir().unwrap();
    let text = |name: &str| case[name].as_str().unwrap();
    let flag = |value: &Value| value.as_bool().unwrap_or(false);
    let policy = &case["policy"];
    let mut command = modelseal();
    command
        .arg("verify")
        .arg(policy["method"].as_str().unwrap());
    command
        .arg(folder.join(text("model")))
        .arg("--signature")
        .arg(folder.join(text("bundle")));
    command.args(["--format", "json", "--at", text("at")]);
    let pem = |flag: &str, index: usize, pem: &Value, command: &mut std::process::Command| {
        let path = temporary.path().join(format!("{index}.pem"));
        fs::write(&path, pem.as_str().unwrap()).unwrap();
        command.arg(flag).arg(path);
    };
    if policy["publicKey"].is_string() {
        pem("--public-key", 0, &policy["publicKey"], &mut command);
    }
    for (index, anchor) in policy["anchors"]
        .as_array()
        .into_iter()
        .flatten()
        .enumerate()
    {
        pem("--certificate-chain", index, anchor, &mut command);
    }
    for (name, argument) in [
        ("digestsV01", "--allow-digests-v01"),
        ("intermediateAnchors", "--intermediate-anchors"),
    ] {
        if flag(&policy[name]) {
            command.arg(argument);
        }
    }
    for (name, argument) in [
        ("rootDigest", "--root-digest"),
        ("modelName", "--model-name"),
    ] {
        if let Some(value) = policy[name].as_str() {
            command.args([argument, value]);
        }
    }
    for denied in policy["deny"].as_array().into_iter().flatten() {
        command.args(["--deny", denied.as_str().unwrap()]);
    }
    for (name, argument) in [
        ("ignoreUnsigned", "--ignore-unsigned-files"),
        ("allowSymlinks", "--allow-symlinks"),
    ] {
        if flag(&case[name]) {
            command.arg(argument);
        }
    }
    for path in case["ignorePaths"].as_array().into_iter().flatten() {
        command.args(["--ignore-paths", path.as_str().unwrap()]);
    }
    Run::of(&mut command)
}

/// What is wrong about a run of `case`, if anything is.
fn wrong(run: &Run, case: &Value) -> Option<String> {
    let expect = &case["expect"];
    let unusable = expect["stage"] == "policy" || expect["code"] == "bundle-unreadable";
    let right = if unusable {
        // Of a policy that cannot be used, and of what is not a bundle, there is no verdict.
        let code = format!("error[{}]: ", expect["code"].as_str().unwrap());
        run.code == 2 && run.stdout.is_empty() && run.stderr.starts_with(&code)
    } else {
        let verdict = run.verdict();
        // Incomplete cases are those that an option asks for.
        let code = i32::from(expect["outcome"] == "failed");
        run.code == code
            && ["outcome", "reasons"]
                .iter()
                .all(|field| verdict[field] == expect[field])
    };
    (!right).then(|| format!("{}: expected {expect}, got {run:?}", case["name"]))
}

fn check_all(folder: &str) -> usize {
    let folder = repository().join("tests").join(folder);
    let cases: Value =
        serde_json::from_slice(&fs::read(folder.join("cases.json")).unwrap()).unwrap();
    let cases = cases.as_array().unwrap();
    // The command takes flags, no policy in JSON: what is wrong about one is not its matter.
    let ours = |case: &&Value| !case["name"].as_str().unwrap().starts_with("policy-");
    let cases: Vec<_> = cases.iter().filter(ours).collect();
    let wrong = cases
        .iter()
        .filter_map(|case| wrong(&run(&folder, case), case));
    assert_eq!(wrong.collect::<Vec<_>>().join("\n"), "");
    cases.len()
}

#[test]
fn the_fixtures_give_their_verdicts() {
    assert!(check_all("fixtures") >= 17);
}

#[test]
fn the_malformed_bundles_give_their_errors() {
    assert!(check_all("malformed") >= 60);
}
