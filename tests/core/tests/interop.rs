//! Bundles that the reference implementation (Python `model-signing`) makes here and now.
//!
//! `oms/roundtrip`: signed by its command, verified by ours. Its other hashes, shards and curves,
//! which only its interface offers. And the other way round: it verifies bundles of ours.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};
use std::{env, fs};

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{Manifest, Policy};
use modelseal_core_tests::case::{ignored, json_of, outcome, same};
use modelseal_core_tests::vectors::{self, Case, NOW, WHERE};
use modelseal_core_tests::{Tree, audit, cli, clock, judge, open, options, repository};
use serde_json::{Map, Value, json};

/// How to get the reference implementation.
const SETUP: &str =
    "no Python with model-signing: run `cargo xtask setup`, or set MODELSEAL_PYTHON";

fn main() {
    let arguments = Arguments::from_args();
    let python = python();
    let trials = tests().into_iter().map(|test| match (&python, test.needs) {
        (None, _) => ignored(&test.name, SETUP),
        (_, Some(missing)) => ignored(&test.name, missing),
        _ => Trial::test(test.name, test.run),
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// The interpreter of `cargo xtask setup`, or the one that is named.
fn python() -> Option<PathBuf> {
    let named = env::var_os("MODELSEAL_PYTHON").map(PathBuf::from);
    let program = if cfg!(windows) {
        "Scripts/python.exe"
    } else {
        "bin/python"
    };
    let own = repository().join("target/python").join(program);
    named.or(Some(own)).filter(|path| path.is_file())
}

/// A test, before it is known whether it can run.
struct Test {
    name: String,
    needs: Option<&'static str>,
    run: Box<dyn FnOnce() -> Result<(), Failed> + Send>,
}

impl Test {
    fn new(
        name: impl Into<String>,
        run: impl FnOnce() -> Result<(), Failed> + Send + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            needs: None,
            run: Box::new(run),
        }
    }
}

fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    let folder = vectors::folder();
    for (name, expected) in roundtrips() {
        tests.push(Test {
            needs: match expected["needs"].as_str() {
                // Nothing to sign with offline: the tests' own Sigstore stands in for it elsewhere.
                Some(_) => Some("needs an identity provider to sign with"),
                None => folder.is_none().then_some(WHERE),
            },
            ..Test::new(name.clone(), move || roundtrip(&name, &expected))
        });
    }
    tests.push(Test {
        needs: folder.is_none().then_some(WHERE),
        ..Test::new("every roundtrip is expected", all_roundtrips)
    });
    for made in MADE {
        tests.push(Test::new(
            format!("made by the reference/{}", made.name),
            || verify_made(made),
        ));
    }
    for case in ours() {
        let name = case["name"].as_str().expect("a name");
        tests.push(Test::new(
            format!("verified by the reference/{name}"),
            move || verified_there(&case),
        ));
    }
    tests
}

/// `tests/suites/vectors/roundtrip.json`: what becomes of each roundtrip.
fn roundtrips() -> Map<String, Value> {
    let expected = vectors::read_json(&repository().join("tests/suites/vectors/roundtrip.json"));
    expected.as_object().expect("an object").clone()
}

fn all_roundtrips() -> Result<(), Failed> {
    let folder = vectors::folder().ok_or(WHERE)?;
    let found = vectors::folders_in(&folder.join("oms/roundtrip"));
    let found: Vec<_> = found
        .iter()
        .map(|name| format!("oms/roundtrip/{name}"))
        .collect();
    let expected: Vec<_> = roundtrips().keys().cloned().collect();
    same("names of roundtrips", &json!(found), &json!(expected))
}

// ---- The batch --------------------------------------------------------------------------------

/// What the reference implementation did with each job.
static BATCH: LazyLock<Result<BTreeMap<String, Value>, String>> =
    LazyLock::new(|| batch().map_err(|error| error.message().unwrap_or("failed").to_owned()));

/// The folder in which jobs leave what they make. Each run makes it anew.
fn workplace() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("interop")
}

fn batch() -> Result<BTreeMap<String, Value>, Failed> {
    let work = workplace();
    if work.exists() {
        fs::remove_dir_all(&work)?;
    }
    let mut jobs = Vec::new();
    if let Some(vectors) = vectors::folder() {
        for (name, expected) in roundtrips() {
            if expected["needs"].is_null() {
                jobs.extend(sign_roundtrip(
                    &Case::read(&vectors, &name, &expected),
                    &name,
                )?);
            }
        }
    }
    for made in MADE {
        jobs.push(sign_made(made)?);
    }
    for case in ours() {
        jobs.push(verify_job(&case)?);
    }
    let mut process = Command::new(python().ok_or(SETUP)?)
        .arg(repository().join("tests/core/python/sign.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut input = process.stdin.take().ok_or("no input")?;
    input.write_all(json!(jobs).to_string().as_bytes())?;
    drop(input);
    let output = process.wait_with_output()?;
    let results: Vec<Value> = serde_json::from_slice(&output.stdout)?;
    assert_eq!(results.len(), jobs.len());
    Ok(results
        .into_iter()
        .map(|result| (result["name"].as_str().expect("a name").to_owned(), result))
        .collect())
}

/// What became of a job: `Err` holds the reference implementation's words.
fn done(name: &str) -> Result<Result<(), String>, Failed> {
    let batch = BATCH.as_ref().map_err(|error| error.as_str())?;
    let result = batch.get(name).ok_or("no such job")?;
    let message = result["message"].as_str().unwrap_or_default().to_owned();
    Ok(if result["ok"] == true {
        Ok(())
    } else {
        Err(message)
    })
}

fn text(path: &Path) -> String {
    path.to_str().expect("UTF-8").to_owned()
}

// ---- Roundtrips -------------------------------------------------------------------------------

/// Where a roundtrip's model and signature lie.
struct Place {
    model: PathBuf,
    signature: PathBuf,
}

fn place(case: &Case, name: &str) -> Result<Place, Failed> {
    let folder = workplace().join(name);
    let source = case.model_path()?;
    let model = folder.join(source.file_name().ok_or("a model without a name")?);
    let inside = case.config()["sig_inside_model"] == true;
    let signature = if inside { &model } else { &folder }.join("model.sig");
    Ok(Place { model, signature })
}

/// Copies the model with the case's changes, and gives the jobs that sign it.
fn sign_roundtrip(case: &Case, name: &str) -> Result<Vec<Value>, Failed> {
    let Place { model, signature } = place(case, name)?;
    copy(&case.model_path()?, &model)?;
    let changes = case.config()["model_modifications"].as_object();
    for (change, links) in changes.into_iter().flatten() {
        assert_eq!(change, "symlinks", "no other change is known");
        for (link, target) in links.as_object().ok_or("no links")? {
            symlink(target.as_str().ok_or("no target")?, &model.join(link))?;
        }
    }
    let sign = &case.config()["sign"];
    let method = case.config()["method"].as_str().ok_or("no method")?;
    let mut arguments = vec!["sign".to_owned(), method.to_owned(), text(&model)];
    arguments.extend([
        "--private_key".to_owned(),
        text(&case.asset(&sign["private_key"])?),
    ]);
    if method == "certificate" {
        let certificate = case.asset(&sign["signing_cert"])?;
        arguments.extend(["--signing_certificate".to_owned(), text(&certificate)]);
        for chain in sign["cert_chain"].as_array().into_iter().flatten() {
            arguments.extend(["--certificate_chain".to_owned(), text(&case.asset(chain)?)]);
        }
    }
    for path in case.options().ignore_paths {
        arguments.extend(["--ignore-paths".to_owned(), text(&model.join(path))]);
    }
    let job = |name: &str, signature: &Path| {
        let mut arguments = arguments.clone();
        arguments.extend(["--signature".to_owned(), text(signature)]);
        json!({ "name": name, "cli": arguments })
    };
    let mut jobs = vec![job(name, &signature)];
    if name.ends_with("-deterministic") {
        jobs.push(job(&again(name), &signature.with_extension("again")));
    }
    Ok(jobs)
}

fn again(name: &str) -> String {
    format!("{name} again")
}

fn roundtrip(name: &str, expected: &Value) -> Result<(), Failed> {
    let folder = vectors::folder().ok_or(WHERE)?;
    let case = Case::read(&folder, name, expected);
    let place = place(&case, name)?;
    let signed = done(name)?;
    if let Some(words) = expected["refusedToSign"].as_str() {
        // The case ends here: there is no signature to verify.
        assert!(!place.signature.exists(), "a signature was made");
        return match signed {
            Err(message) if message.contains(words) => Ok(()),
            other => Err(format!("expected it to refuse with {words:?}, got {other:?}").into()),
        };
    }
    signed?;
    let bundle = fs::read(&place.signature)?;
    let inside = place.signature.strip_prefix(&place.model).ok();
    let mut options = case.options();
    options.signature_path = inside.map(text);
    let policy = case.policy(false)?;
    let tree = Tree::read(&place.model)?;
    let verdict = judge(&bundle, policy.clone(), clock(NOW), &tree, options)?;
    let wanted = json!({ "outcome": expected["outcome"], "reasons": expected["reasons"] });
    same("verdict", &outcome(&verdict), &wanted)?;
    same(
        "exit code",
        &json!(verify_model(&case, &place)?),
        &expected["exit"],
    )?;
    let signed = &case.config()["expected_signed_files"];
    if signed.is_array() {
        let manifest = open(&bundle, &policy, clock(NOW))?;
        same("signed files", &json!(paths(&manifest)), signed)?;
        if name.ends_with("-deterministic") {
            done(&again(name))??;
            let second = fs::read(place.signature.with_extension("again"))?;
            let second = open(&second, &policy, clock(NOW))?;
            assert_eq!(manifest.files(), second.files());
            assert_eq!(manifest.root_digest(), second.root_digest());
        }
    }
    Ok(())
}

fn paths(manifest: &Manifest) -> Vec<&str> {
    manifest.files().iter().map(|file| file.path()).collect()
}

/// The exit code of our command under the suite's own protocol.
fn verify_model(case: &Case, place: &Place) -> Result<Option<i32>, Failed> {
    let method = case.config()["method"].as_str().ok_or("no method")?;
    let mut arguments: Vec<OsString> = vec!["verify-model".into(), "--method".into()];
    arguments.extend([
        method.into(),
        "--model-path".into(),
        place.model.clone().into(),
    ]);
    arguments.extend(["--bundle".into(), place.signature.clone().into()]);
    if method == "key" {
        let key = case.asset(&case.verify()["public_key"])?;
        arguments.extend(["--public-key".into(), key.into()]);
    }
    for anchor in case.verify()["cert_chain"].as_array().into_iter().flatten() {
        arguments.extend(["--cert-chain".into(), case.asset(anchor)?.into()]);
    }
    let options = case.options();
    for path in &options.ignore_paths {
        arguments.extend(["--ignore-paths".into(), place.model.join(path).into()]);
    }
    if options.ignore_unsigned {
        arguments.push("--ignore-unsigned-files".into());
    }
    let output = Command::new(cli()?).args(arguments).output()?;
    Ok(output.status.code())
}

fn copy(from: &Path, to: &Path) -> Result<(), Failed> {
    if from.is_dir() {
        fs::create_dir_all(to)?;
        for entry in fs::read_dir(from)? {
            let entry = entry?;
            copy(&entry.path(), &to.join(entry.file_name()))?;
        }
    } else {
        fs::copy(from, to)?;
    }
    Ok(())
}

#[cfg(unix)]
fn symlink(target: &str, link: &Path) -> Result<(), Failed> {
    Ok(std::os::unix::fs::symlink(target, link)?)
}

#[cfg(not(unix))]
fn symlink(_target: &str, _link: &Path) -> Result<(), Failed> {
    Err("symlinks are made on Unix alone".into())
}

// ---- What only the reference implementation's interface makes ---------------------------------

/// A bundle to be made, and the expected result.
#[derive(Clone, Copy)]
struct Made {
    name: &'static str,
    curve: &'static str,
    hash: &'static str,
    method: &'static str,
    shard_size: Option<u32>,
    /// Whether the model has a symlink, which the signer allows.
    symlink: bool,
    /// Whether the model has an empty file.
    empty_file: bool,
    /// What is recorded: method, hash type, and the name of the signature's algorithm.
    recorded: [&'static str; 3],
    reasons: &'static [&'static str],
}

/// SHA-256, method files, P-256: what the others differ from.
const PLAIN: Made = Made {
    name: "sha256",
    curve: "p256",
    hash: "sha256",
    method: "files",
    shard_size: None,
    symlink: false,
    empty_file: true,
    recorded: ["files", "sha256", "ecdsa-p256-sha256"],
    reasons: &[],
};

/// Method shards. Shards cannot list an empty file.
const SHARDS: Made = Made {
    name: "shards-sha256",
    method: "shards",
    shard_size: Some(4096),
    empty_file: false,
    recorded: ["shards", "sha256", "ecdsa-p256-sha256"],
    ..PLAIN
};

const MADE: &[Made] = &[
    PLAIN,
    Made {
        name: "p384",
        curve: "p384",
        recorded: ["files", "sha256", "ecdsa-p384-sha384"],
        ..PLAIN
    },
    Made {
        name: "p521",
        curve: "p521",
        recorded: ["files", "sha256", "ecdsa-p521-sha512"],
        ..PLAIN
    },
    Made {
        name: "blake2b",
        hash: "blake2",
        recorded: ["files", "blake2b", "ecdsa-p256-sha256"],
        ..PLAIN
    },
    Made {
        name: "blake3",
        hash: "blake3",
        recorded: ["files", "blake3", "ecdsa-p256-sha256"],
        ..PLAIN
    },
    SHARDS,
    Made {
        name: "shards-sha256-p384",
        curve: "p384",
        recorded: ["shards", "sha256", "ecdsa-p384-sha384"],
        ..SHARDS
    },
    Made {
        name: "shards-sha256-p521",
        curve: "p521",
        recorded: ["shards", "sha256", "ecdsa-p521-sha512"],
        ..SHARDS
    },
    Made {
        name: "shards-sha256-of-the-default-size",
        shard_size: None,
        ..SHARDS
    },
    Made {
        name: "shards-sha256-of-one-byte-more-than-a-file",
        shard_size: Some(8193),
        ..SHARDS
    },
    Made {
        name: "shards-blake2b",
        hash: "blake2",
        recorded: ["shards", "blake2b", "ecdsa-p256-sha256"],
        ..SHARDS
    },
    // The reference implementation records these as files.
    Made {
        name: "shards-blake3",
        hash: "blake3",
        recorded: ["files", "blake3", "ecdsa-p256-sha256"],
        ..SHARDS
    },
    Made {
        name: "shards-with-an-empty-file",
        empty_file: true,
        reasons: &["file-unsigned"],
        ..SHARDS
    },
    Made {
        name: "symlink",
        symlink: true,
        ..PLAIN
    },
];

/// Files in an order in which components and code points differ, and the ends of shards.
fn sign_made(made: &Made) -> Result<Value, Failed> {
    let folder = workplace().join("made").join(made.name);
    let model = folder.join("model");
    fs::create_dir_all(model.join("a"))?;
    let whole_shards: Vec<u8> = (0..8192_u32).map(|index| index.to_le_bytes()[0]).collect();
    fs::write(model.join("a/b.bin"), &whole_shards)?;
    fs::write(model.join("a-b"), &whole_shards[..5000])?;
    fs::write(model.join("a.txt"), "text\n")?;
    fs::write(model.join("模型.bin"), [0])?;
    fs::write(model.join(".gitignore"), "*.tmp\n")?;
    if made.empty_file {
        fs::write(model.join("empty"), "")?;
    }
    if made.symlink {
        symlink("a.txt", &model.join("link"))?;
    }
    Ok(json!({
        "name": format!("made/{}", made.name),
        "model": text(&model),
        "signature": text(&folder.join("model.sig")),
        "publicKey": text(&folder.join("key.pub")),
        "curve": made.curve,
        "method": made.method,
        "hash": made.hash,
        "shardSize": made.shard_size,
        "allowSymlinks": made.symlink,
    }))
}

fn verify_made(made: &Made) -> Result<(), Failed> {
    done(&format!("made/{}", made.name))??;
    let folder = workplace().join("made").join(made.name);
    let key = fs::read_to_string(folder.join("key.pub"))?;
    let policy = Policy::from_json(&json!({ "method": "key", "publicKey": key }).to_string())?;
    let bundle = fs::read(folder.join("model.sig"))?;
    let tree = Tree::read(&folder.join("model"))?;
    let audited = |allow_symlinks| -> Result<Value, Failed> {
        let options = options(|options| options.allow_symlinks = allow_symlinks);
        let manifest = open(&bundle, &policy, clock(NOW))?;
        Ok(json_of(&audit(manifest, &tree, options)))
    };
    let verdict = audited(made.symlink)?;
    same("reasons", &verdict["reasons"], &json!(made.reasons))?;
    // It lists by components, `a/b.bin` before `a-b`; the standard asks for code points.
    same(
        "notes",
        &verdict["notes"],
        &json!(["resources-not-in-order"]),
    )?;
    if made.symlink {
        let strict = audited(false)?;
        same(
            "without consent",
            &strict["reasons"],
            &json!(["symlink-refused"]),
        )?;
    }
    let list: Value = serde_json::from_str(&open(&bundle, &policy, clock(NOW))?.to_json())?;
    let algorithm = &list["signature"]["algorithm"];
    let recorded = json!([list["method"], list["algorithm"], algorithm]);
    same("recorded", &recorded, &json!(made.recorded))?;
    if made.recorded[0] == "shards" {
        let size = made.shard_size.unwrap_or(1_000_000_000);
        same("shard size", &list["shardSize"], &json!(size))?;
    }
    Ok(())
}

// ---- The other way round ----------------------------------------------------------------------

/// The fixtures that the reference implementation's command can verify: SHA-256, method files.
const VERIFIED_THERE: [&str; 6] = [
    "certificate",
    "ignored-by-signature",
    "key",
    "key-p384",
    "key-p521",
    "single",
];

fn ours() -> Vec<Arc<Value>> {
    let cases = vectors::read_json(&repository().join("tests/fixtures/cases.json"));
    let cases = cases.as_array().expect("a list").clone();
    let ours = cases.into_iter().filter(|case| {
        let name = case["name"].as_str().expect("a name");
        VERIFIED_THERE.contains(&name)
    });
    let ours: Vec<_> = ours.map(Arc::new).collect();
    assert_eq!(ours.len(), VERIFIED_THERE.len());
    ours
}

fn verify_job(case: &Value) -> Result<Value, Failed> {
    let fixtures = repository().join("tests/fixtures");
    let field = |name: &str| case[name].as_str().ok_or("a text");
    let name = format!("ours/{}", field("name")?);
    let folder = workplace().join(&name);
    fs::create_dir_all(&folder)?;
    let policy = &case["policy"];
    let method = policy["method"].as_str().ok_or("no method")?;
    let (flag, pem) = match method {
        "key" => ("--public_key", &policy["publicKey"]),
        _ => ("--certificate_chain", &policy["anchors"][0]),
    };
    let trusted = folder.join("trusted.pem");
    fs::write(&trusted, pem.as_str().ok_or("no PEM")?)?;
    let arguments = [
        "verify",
        method,
        &text(&fixtures.join(field("model")?)),
        "--signature",
        &text(&fixtures.join(field("bundle")?)),
        flag,
        &text(&trusted),
    ];
    Ok(json!({ "name": name, "cli": arguments }))
}

fn verified_there(case: &Value) -> Result<(), Failed> {
    let name = case["name"].as_str().ok_or("no name")?;
    Ok(done(&format!("ours/{name}"))??)
}
