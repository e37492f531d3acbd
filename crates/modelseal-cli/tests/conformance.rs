//! The protocols of the public conformance suites over their vectors, a test each: `verify-model`
//! of OMS, and `verify-bundle` of Sigstore. And the preset for NVIDIA's skills over these.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal_forge_oms::model::Hash;
use serde_json::Value;

/// What the Sigstore suite expects where a case says nothing.
const IDENTITY: &str = "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main";
const ISSUER: &str = "https://token.actions.githubusercontent.com";

/// NVIDIA's agent capabilities root, by the SHA-256 of its DER.
const NVIDIA: &str =
    "--anchor-digest=sha256:6f1bb875b77aea3fc878a7a3237497235c53657601375c0ef4bdcde69e843782";

fn main() {
    let models = cases("expected.json", |vectors, name, expected| {
        let case = (vectors.to_owned(), name.to_owned(), expected.clone());
        vec![Trial::test(name.to_owned(), move || {
            check(&case.0, &case.1, &case.2)
        })]
    });
    let bundles = cases("sigstore.json", |vectors, name, expected| {
        let by = |by: &'static str| {
            let folder = vectors.join("sigstore/bundle-verify");
            let (name, expected) = (name.to_owned(), expected.clone());
            Trial::test(format!("{name} by {by}"), move || {
                check_bundle(&folder, &name, by, &expected)
            })
        };
        vec![by("path"), by("digest")]
    });
    let skills = cases("nvidia-skills.json", |vectors, name, expected| {
        let by = |by: &'static str, policy: &'static [&'static str]| {
            let skill = vectors.join("nvidia-skills").join(name);
            let expected = expected.clone();
            let name = format!("nvidia-skills/{name} by {by}");
            Trial::test(name, move || check_skill(&skill, policy, &expected))
        };
        let preset = &["preset", "nvidia-agent-capabilities"];
        let digest = &["certificate", NVIDIA];
        vec![by("preset", preset), by("anchor digest", digest)]
    });
    let trials = [models, bundles, skills].into_iter().flatten().collect();
    libtest_mimic::run(&Arguments::from_args(), trials).exit();
}

/// The tests of a list of `tests/suites/vectors`; without the vectors each is named and skipped.
fn cases(list: &str, tests: impl Fn(&Path, &str, &Value) -> Vec<Trial>) -> Vec<Trial> {
    let list = read_json(&repository().join("tests/suites/vectors").join(list));
    let cases = list.as_object().unwrap().iter();
    cases
        .flat_map(|(name, expected)| match vectors() {
            Some(vectors) => tests(&vectors, name, expected),
            None => vec![skipped(
                name,
                "set MODELSEAL_VECTORS, or put them into ../shared/vectors",
            )],
        })
        .collect()
}

/// The anchor is in the bundle: who knows its digest needs no file.
fn check_skill(skill: &Path, policy: &[&str], expected: &Value) -> Result<(), Failed> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_modelseal"));
    command.arg("verify").args(policy).arg(skill);
    command
        .arg("--signature")
        .arg(skill.join("skill.oms.sig"))
        .args(["--format=json", "--at=2026-06-01T00:00:00Z"]);
    let output = command.output()?;
    let verdict: Value = serde_json::from_slice(&output.stdout)?;
    let found = (
        output.status.code(),
        &verdict["outcome"],
        &verdict["reasons"],
        &verdict["publisher"]["name"],
    );
    let code = Some(i32::from(expected["outcome"] != "verified"));
    let wanted = (
        code,
        &expected["outcome"],
        &expected["reasons"],
        &expected["signer"],
    );
    if found == wanted {
        return Ok(());
    }
    Err(format!("expected {wanted:?}, got {found:?}").into())
}

/// The case's exit code, and the exact reason: a crash is not a rejection.
fn check_bundle(folder: &Path, name: &str, by: &str, expected: &Value) -> Result<(), Failed> {
    let case = folder.join(name);
    let own = case.join("artifact");
    let artifact = if own.is_file() {
        own
    } else {
        folder.join("a.txt")
    };
    let text = |name: &str, default: &str| {
        let text = fs::read_to_string(case.join(name));
        text.map_or_else(|_| default.to_owned(), |text| text.trim().to_owned())
    };
    let mut command = Command::new(env!("CARGO_BIN_EXE_modelseal"));
    command
        .arg("verify-bundle")
        .arg("--bundle")
        .arg(case.join("bundle.sigstore.json"));
    if case.join("key.pub").is_file() {
        command.arg("--key").arg(case.join("key.pub"));
    } else {
        command.args(["--certificate-identity", &text("identity", IDENTITY)]);
        command.args(["--certificate-oidc-issuer", &text("issuer", ISSUER)]);
    }
    if case.join("trusted_root.json").is_file() {
        command
            .arg("--trusted-root")
            .arg(case.join("trusted_root.json"));
    }
    match by {
        "digest" => command.arg(format!("sha256:{}", Hash::Sha256.hex(&fs::read(artifact)?))),
        _ => command.arg(artifact),
    };
    let output = command.output()?;
    let (stdout, stderr) = (
        String::from_utf8(output.stdout)?,
        String::from_utf8(output.stderr)?,
    );
    let code = output.status.code();
    let right = match (expected["code"].as_str(), expected["stage"].as_str()) {
        (None, _) => {
            // The suite's command takes statements of any type, and says that it did not check what
            // they say.
            let any_type = stdout.starts_with("INCOMPLETE  ")
                && stdout.contains(&format!("  {:<13} predicate-unchecked\n", "reasons"));
            code == Some(0) && stderr.is_empty() && (stdout.starts_with("VERIFIED  ") || any_type)
        }
        // A trust root or a key that cannot be used is not a judgement on the bundle.
        (Some(reason), Some("policy")) => {
            code == Some(2)
                && stdout.is_empty()
                && stderr.starts_with(&format!("error[{reason}]: "))
        }
        (Some(reason), stage) => {
            let stage = format!("  {:<13} the stage `{}`\n", "refused at", stage.unwrap());
            let publisher = expected["stage"] == "publisher";
            code == Some(1)
                && stderr.is_empty()
                && stdout.contains(&format!("  {:<13} {reason}\n", "reasons"))
                && (publisher || stdout.contains(&stage))
        }
    };
    if right {
        return Ok(());
    }
    let status = output.status;
    Err(format!("expected {expected}, got {status}\n{stdout}{stderr}").into())
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
    if expected["outcome"] == "misuse" {
        let code = format!("error[{}]: ", expected["code"].as_str().unwrap());
        let right = output.status.code() == Some(2)
            && config["expect"] == "fail"
            && stdout.is_empty()
            && stderr.starts_with(&code);
        if right {
            return Ok(());
        }
        return Err(format!(
            "expected {expected}, got {}\n{stdout}{stderr}",
            output.status
        )
        .into());
    }
    let right = output.status.code() == Some(i32::from(config["expect"] == "fail"))
        && stderr.is_empty()
        && (reasons.is_empty() || stdout.contains(&row))
        && (!reasons.is_empty() || stdout.starts_with("VERIFIED  "));
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
