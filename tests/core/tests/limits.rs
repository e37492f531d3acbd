//! Bad input of any kind gets its code and never a panic; large input stays within its bounds.

use std::ffi::OsStr;
use std::process::Command;
use std::{env, fs};

use libtest_mimic::{Arguments, Failed, Trial};
use modelseal::{Bundle, Error, FileKind, Limits, Policy, Stage, TrustRoot, inspect};
use modelseal_core_tests::case::ignored;
use modelseal_core_tests::scaling::{self, Cost, PEAK_BYTES, RESOURCES};
use modelseal_core_tests::{clock, open, repository};
use serde_json::json;

/// Set for a fresh process that measures one bundle.
const CHILD: &str = "MODELSEAL_TESTS_MEASURE";

fn main() {
    if let Some(file) = env::var_os(CHILD) {
        let cost = scaling::measure(file.as_ref()).expect("measured");
        println!("{}", cost.to_line());
        return;
    }
    let arguments = Arguments::from_args();
    let mut trials = vec![
        Trial::test("what is not a bundle at all", not_a_bundle),
        Trial::test("text that is not JSON", || {
            let syntax = |line, column| Error::JsonSyntax {
                stage: Stage::Bundle,
                line,
                column,
            };
            code(b"{\"a\": \"\xff\"}", syntax(1, 8))?;
            code(b"{} {}", syntax(1, 4))?;
            code(b"\xef\xbb\xbf{", syntax(1, 1))
        }),
        Trial::test("a million brackets", || {
            deep(&format!("{{\"a\":{}", "[".repeat(1_000_000)))
        }),
        Trial::test("a million objects in each other", || {
            deep(&"{\"a\":".repeat(1_000_000))
        }),
        Trial::test("nesting one level too deep, and just not", || {
            // The object around the brackets is one level.
            let nested = |depth| format!("{{\"a\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
            deep(&nested(32))?;
            let found = FileKind::Json;
            code(nested(31).as_bytes(), Error::BundleUnreadable { found })
        }),
        Trial::test("nesting inside a signed payload", nested_payload),
        Trial::test("64 MiB and one byte", too_large),
        Trial::test("64 MiB of brackets", || {
            let text = format!("{{\"a\":{}", "[".repeat((64 << 20) - 5));
            deep(&text)
        }),
        Trial::test("more values than a bundle may have", || {
            // The object and the array count as well.
            let zeros = |count: usize| format!("{{\"a\":[{}0]}}", "0,".repeat(count - 3));
            let (limit, stage) = (Limits::default().json_values, Stage::Bundle);
            let found = FileKind::Json;
            code(zeros(limit).as_bytes(), Error::BundleUnreadable { found })?;
            code(
                zeros(limit + 1).as_bytes(),
                Error::JsonValueCount { stage, limit },
            )
        }),
        Trial::test("a number with very many digits", || {
            // No number is read where its text matters: it may be long, it may not be slow.
            let text = format!("{{\"a\":{}}}", "9".repeat(1_000_000));
            let syntax = Bundle::parse(text.as_bytes(), &Limits::default()).err();
            match syntax {
                Some(Error::JsonSyntax { .. }) => Ok(()),
                other => Err(format!("{other:?}").into()),
            }
        }),
        truncated("model.sig", include_str!("../../fixtures/key.pub")),
        Trial::test("a key that is not a key", no_key),
        Trial::test("anchors that are none", no_anchors),
        Trial::test("trust roots that are none", no_trust_root),
    ];
    let peak = "100,000 resources stay below 150 MB";
    if scaling::peak().is_ok() {
        trials.push(Trial::test(peak, memory));
    } else {
        trials.push(ignored(peak, "needs /proc/self/status"));
    }
    libtest_mimic::run(&arguments, trials).exit();
}

/// Each is named for what it is.
fn not_a_bundle() -> Result<(), Failed> {
    let utf16: Vec<u8> = "{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let marked = [b"\xff\xfe".as_slice(), &utf16].concat();
    let pem = include_str!("../../fixtures/key.pub");
    let cases: &[(&[u8], FileKind)] = &[
        (b"", FileKind::Empty),
        (b" \n", FileKind::Empty),
        (b"\xef\xbb\xbf", FileKind::Empty),
        (&utf16, FileKind::Utf16),
        (&marked, FileKind::Utf16),
        (b"<!DOCTYPE html><html>", FileKind::Html),
        (b"\n<html>", FileKind::Html),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            FileKind::GitLfsPointer,
        ),
        (b"\x1f\x8b\x08\0", FileKind::Gzip),
        (b"PK\x03\x04", FileKind::Zip),
        (b"\x30\x82\x01\x02", FileKind::Der),
        (pem.as_bytes(), FileKind::PublicKey),
        (b"-----BEGIN EC PRIVATE KEY-----", FileKind::PrivateKey),
        (b"-----BEGIN PGP SIGNATURE-----", FileKind::OtherPem),
        (b"https://example.com/model.sig", FileKind::Url),
        (b"model.sig", FileKind::Path),
        (b"../model/model.sig", FileKind::Path),
        (&[b'A'; 96], FileKind::Base64),
        (b"\xff\xff", FileKind::Binary),
        (b"some text", FileKind::Text),
        (b"null", FileKind::Text),
        (b"[]", FileKind::Json),
        (b"\"a\"", FileKind::Json),
        (b"{}", FileKind::Json),
        (b"{\"mediaType\":null}", FileKind::Json),
        (b"{\"attestations\":[]}", FileKind::AttestationsAnswer),
        (b"{\"base64Signature\":\"\"}", FileKind::CosignSignature),
        (b"{\"payload\":\"\",\"signatures\":[]}", FileKind::Envelope),
        (b"{\"_type\":\"\"}", FileKind::InTotoStatement),
        (b"{\"attestation_bundles\":[]}", FileKind::PypiAttestation),
        (b"{\"a\":1}\n{\"a\":2}\n", FileKind::JsonLines { count: 2 }),
    ];
    for (bytes, found) in cases {
        let found = *found;
        code(bytes, Error::BundleUnreadable { found })?;
    }
    Ok(())
}

/// Both readings of a bundle refuse it with exactly this error.
fn code(bundle: &[u8], expected: Error) -> Result<(), Failed> {
    let parsed = Bundle::parse(bundle, &Limits::default()).err();
    let inspected = inspect(bundle, &Limits::default()).err();
    if parsed == Some(expected) && inspected == parsed {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, got {parsed:?} and {inspected:?}").into())
    }
}

fn deep(text: &str) -> Result<(), Failed> {
    let expected = Error::JsonDepth {
        stage: Stage::Bundle,
        limit: 32,
    };
    code(text.as_bytes(), expected)
}

fn too_large() -> Result<(), Failed> {
    let limit = 64 << 20;
    let expected = Error::BundleTooLarge {
        limit,
        size: limit + 1,
    };
    code(&vec![b'['; limit + 1], expected)
}

fn nested_payload() -> Result<(), Failed> {
    let context =
        modelseal_forge_oms::context::Context::new(modelseal_forge_oms::fixtures::example_model());
    let policy = Policy::from_json(&context.key_policy().to_string())?;
    let bundle = context.sign("[".repeat(100_000).as_bytes()).to_string();
    let error = open(bundle.as_bytes(), &policy, clock("2026-06-01T00:00:00Z")).err();
    let expected = Error::JsonDepth {
        stage: Stage::Statement,
        limit: 32,
    };
    if error == Some(expected) {
        Ok(())
    } else {
        Err(format!("expected {expected:?}, got {error:?}").into())
    }
}

/// A bundle that ends too early ends inside its JSON, wherever that is.
fn truncated(name: &'static str, key: &'static str) -> Trial {
    Trial::test("a bundle cut off at every byte", move || {
        let bundle = fs::read(repository().join("tests/fixtures").join(name))?;
        let policy = json!({ "method": "key", "publicKey": key }).to_string();
        let policy = Policy::from_json(&policy)?;
        let end = bundle.trim_ascii_end().len();
        for length in 1..end {
            let error = open(&bundle[..length], &policy, clock("2026-06-01T00:00:00Z")).err();
            let expected = Error::JsonSyntax {
                stage: Stage::Bundle,
                line: 1,
                column: length,
            };
            if error != Some(expected) {
                return Err(format!("cut off at {length}: {error:?}").into());
            }
        }
        open(&bundle, &policy, clock("2026-06-01T00:00:00Z"))?;
        Ok(())
    })
}

fn policy_error(policy: &serde_json::Value, expected: Error) -> Result<(), Failed> {
    match Policy::from_json(&policy.to_string()) {
        Err(error) if error == expected => Ok(()),
        other => Err(format!("{policy}: expected {expected:?}, got {:?}", other.err()).into()),
    }
}

fn no_key() -> Result<(), Failed> {
    let certificate = include_str!("../../fixtures/certificate/root.pem");
    let key = include_str!("../../fixtures/key.pub");
    let twice = format!("{key}{key}");
    let cut = &key[..key.len() / 2];
    for (text, found) in [
        ("", FileKind::Empty),
        ("a key", FileKind::Text),
        ("-----BEGIN PUBLIC KEY-----", FileKind::PemBroken),
        (cut, FileKind::PemBroken),
        (certificate, FileKind::Certificate),
        (&twice, FileKind::SeveralKeys),
    ] {
        policy_error(
            &json!({ "method": "key", "publicKey": text }),
            Error::KeyInvalid { found },
        )?;
    }
    let field = Error::PolicyInvalid { field: "publicKey" };
    policy_error(&json!({ "method": "key" }), field)?;
    policy_error(&json!({ "method": "key", "publicKey": 1 }), field)
}

fn no_anchors() -> Result<(), Failed> {
    let key = include_str!("../../fixtures/key.pub");
    let policy =
        |anchors: serde_json::Value| json!({ "method": "certificate", "anchors": anchors });
    policy_error(&policy(json!([])), Error::AnchorMissing)?;
    policy_error(&json!({ "method": "certificate" }), Error::AnchorMissing)?;
    for (text, found) in [
        ("", FileKind::Empty),
        ("a certificate", FileKind::Text),
        ("-----BEGIN CERTIFICATE-----", FileKind::PemBroken),
        (key, FileKind::PublicKey),
    ] {
        policy_error(&policy(json!([text])), Error::AnchorInvalid { found })?;
    }
    policy_error(
        &policy(json!([1])),
        Error::PolicyInvalid { field: "anchors" },
    )
}

/// Memory, unlike time, is the same on every machine: a fresh process says its peak.
fn memory() -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let mut peaks = Vec::new();
    for resources in RESOURCES {
        let file = folder.path().join(resources.to_string());
        fs::write(&file, scaling::bundle(resources))?;
        let output = Command::new(env::current_exe()?)
            .env(CHILD, AsRef::<OsStr>::as_ref(&file))
            .output()?;
        let line = String::from_utf8(output.stdout)?;
        let cost = Cost::from_line(&line).ok_or("the fresh process failed")?;
        assert_eq!(cost.resources, resources);
        peaks.push(cost);
    }
    let [first, .., last] = peaks.as_slice() else {
        return Err("no measurements".into());
    };
    if last.audit_peak >= PEAK_BYTES {
        return Err(format!("{} bytes at the peak", last.audit_peak).into());
    }
    // Four times the resources: at most four times the memory.
    if last.audit_peak > 4 * first.audit_peak {
        return Err(format!("not linear: {peaks:?}").into());
    }
    Ok(())
}

/// A trust root is named for what it is instead.
fn no_trust_root() -> Result<(), Failed> {
    for (bytes, found) in [
        (b"<html>".as_slice(), FileKind::Html),
        (b"", FileKind::Empty),
        (b"{}", FileKind::Json),
        (b"trusted_root.json", FileKind::Path),
    ] {
        let error = TrustRoot::parse(bytes).err();
        if error != Some(Error::TrustRootUnreadable { found }) {
            return Err(format!("{found:?}: {error:?}").into());
        }
    }
    Ok(())
}
