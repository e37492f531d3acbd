//! The public OMS conformance suite's protocol, `verify-model`, over its vectors: a test each.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use libtest_mimic::{Arguments, Failed, Trial};
use serde_json::Value;

fn main() {
    let expected = read_json(&repository().join("tests/vectors/expected.json"));
    let expected = expected.as_object().unwrap().clone();
    let trials = expected
        .into_iter()
        .map(|(name, expected)| match vectors() {
            Some(vectors) => Trial::test(name.clone(), move || check(&vectors, &name, &expected)),
            None => skipped(
                &name,
                "set MODELSEAL_VECTORS, or put them into ../shared/vectors",
            ),
        });
    libtest_mimic::run(&Arguments::from_args(), trials.collect()).exit();
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
        .to_owned()
}

fn vectors() -> Option<PathBuf> {
    let given = std::env::var_os("MODELSEAL_VECTORS").map(PathBuf::from);
    let beside = || Some(repository().parent()?.join("shared/vectors"));
    given.or_else(beside).filter(|path| path.is_dir())
}

fn skipped(name: &str, why: &str) -> Trial {
    let why = why.to_owned();
    Trial::test(format!("{name} [{why}]"), move || Err(why.into())).with_ignored_flag(true)
}

fn read_json(path: &Path) -> Value {
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The suite looks at the exit code alone, so a crash would pass its negative cases: here the
/// code is exact, and so are the reasons.
fn check(vectors: &Path, name: &str, expected: &Value) -> Result<(), Failed> {
    let case = vectors.join(name);
    let config = read_json(&case.join("config.json"));
    let output = verify_model(&vectors.join("oms/assets"), &case, &config, expected)?;
    let (stdout, stderr) = (
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    );
    let reasons: Vec<_> = expected["reasons"]
        .as_array()
        .into_iter()
        .flatten()
        .collect();
    let reasons: Vec<_> = reasons
        .iter()
        .filter_map(|reason| reason.as_str())
        .collect();
    let row = format!("  {:<13} {}\n", "reasons", reasons.join(", "));
    let right = if expected["waiting"] == "keyless" {
        output.status.code() == Some(1) && stderr.starts_with("error[method-unsupported]: ")
    } else {
        output.status.code() == Some(i32::from(config["expect"] == "fail"))
            && stderr.is_empty()
            && (reasons.is_empty() || stdout.contains(&row))
            && (!reasons.is_empty() || stdout.starts_with("VERIFIED  "))
    };
    if right {
        return Ok(());
    }
    Err(format!(
        "expected {expected}, got {}\n{stdout}{stderr}",
        output.status
    )
    .into())
}

/// Does what the suite's runner does: copies the model, changes it, calls the command.
fn verify_model(
    assets: &Path,
    case: &Path,
    config: &Value,
    expected: &Value,
) -> Result<Output, Failed> {
    let temporary = tempfile::tempdir()?;
    let base = if config["model_relative_to"] == "test_dir" {
        case
    } else {
        assets
    };
    let source = base.join(config["model"].as_str().unwrap());
    let model = temporary.path().join(source.file_name().unwrap());
    copy(&source, &model)?;
    let changes = &config["model_modifications"];
    for (path, text) in ["inject", "tamper"]
        .iter()
        .filter_map(|name| changes[name].as_object())
        .flatten()
    {
        fs::write(model.join(path), text.as_str().unwrap())?;
    }
    for path in changes["delete"].as_array().into_iter().flatten() {
        fs::remove_file(model.join(path.as_str().unwrap()))?;
    }

    let verify = &config["verify"];
    let method = config["method"].as_str().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_modelseal"));
    command.args(["verify-model", "--method", method]);
    command
        .arg("--model-path")
        .arg(&model)
        .arg("--bundle")
        .arg(case.join("bundle.sig"));
    // One key is not in our part of the suite; the expectation names another.
    if let Some(key) = expected["publicKey"]
        .as_str()
        .or(verify["public_key"].as_str())
    {
        command.arg("--public-key").arg(assets.join(key));
    }
    if let Some(identity) = verify["identity"].as_str() {
        command.args(["--identity", identity, "--identity-provider"]);
        command.arg(verify["identity_provider"].as_str().unwrap());
    }
    for anchor in verify["cert_chain"].as_array().into_iter().flatten() {
        command
            .arg("--cert-chain")
            .arg(assets.join(anchor.as_str().unwrap()));
    }
    for path in verify["ignore_paths"].as_array().into_iter().flatten() {
        command
            .arg("--ignore-paths")
            .arg(model.join(path.as_str().unwrap()));
    }
    if verify["ignore_unsigned_files"] == true {
        command.arg("--ignore-unsigned-files");
    }
    Ok(command.output()?)
}

fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    if from.is_file() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}
