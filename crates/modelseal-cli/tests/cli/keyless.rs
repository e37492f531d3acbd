//! `modelseal verify sigstore` and presets: which signer to expect, and what certifies them.

use std::fs;

use modelseal_forge_sigstore::{IDENTITY, ISSUER};
use serde_json::json;

use crate::support::{Run, Scene};

const REPOSITORY: &str = "https://github.com/modelseal/models";

/// The flags for the signer of the scene.
fn signer() -> [String; 2] {
    [
        format!("--identity={IDENTITY}"),
        format!("--identity-provider={ISSUER}"),
    ]
}

/// The command by the preset for IBM's Granite models.
const GRANITE: [&str; 5] = [
    "verify",
    "preset",
    "ibm-granite",
    "model",
    "--signature=model.sig",
];

/// `modelseal verify sigstore` by this signer, in JSON.
fn judged(scene: &Scene, identity: &[&str]) -> Run {
    scene.sigstore(&[identity, &["--format=json"]].concat())
}

#[test]
fn the_signer_is_shown_with_its_evidence() {
    let scene = Scene::keyless();
    let [identity, provider] = signer();
    let run = scene.sigstore(&[&identity, &provider]);
    let who = format!("{IDENTITY} (issuer {ISSUER})");
    run.says(
        0,
        &format!("VERIFIED  3 files are exactly as signed by {who}"),
    );
    run.has_row("signature", "valid (sigstore, ecdsa-p256-sha256)");
    run.has_row("signer", &format!("{IDENTITY}, as you expect"));
    run.has_row("issuer", ISSUER);
    let commit = "9739798945b2a848e911bcf1dddb97298cade0b1";
    let source =
        format!("{REPOSITORY} at refs/heads/main, commit {commit}, started by workflow_dispatch");
    run.has_row("source", &source);
    let time = "2025-06-01T12:01:00Z";
    run.has_row("checked for", &format!("{time}, a verified signing time"));
    let verdict = judged(&scene, &[&identity, &provider]).verdict();
    let entry = &verdict["signature"]["logEntries"][0];
    let (log, index) = (entry["log"].as_str().unwrap(), &entry["index"]);
    let logged = format!("{log}, entry {index} (dsse 0.0.1), inclusion proved");
    run.has_row("logged", &logged);
    run.has_row("signed at", &format!("{time}, according to the log {log}"));
    let authority = "https://timestamp.test";
    run.has_row(
        "",
        &format!("{time}, according to the timestamp authority {authority}"),
    );
    let root = verdict["trustRoot"]["sha256"].as_str().unwrap();
    run.has_row("trust root", &format!("your own, sha256:{root}"));
    run.has_row("files", "3 of 3 hashed and right");
}

#[test]
fn someone_else_is_named() {
    let scene = Scene::keyless();
    let someone = [
        "--identity=mallory@example.com",
        "--identity-provider=https://example.com",
    ];
    let run = scene.sigstore(&someone);
    let who = format!("{IDENTITY} (issuer {ISSUER})");
    run.says(
        1,
        &format!("NOT VERIFIED  signed by {who}, who is not the expected publisher"),
    );
    run.has_row("reasons", "identity-unexpected");
    run.has_row("signer", &format!("{IDENTITY}, not the expected one"));
    assert!(!run.stdout.contains("hashed and right"), "{run:?}");
    let [name, issuer] = ["mallory@example.com", "https://example.com"];
    // A line for each field that differs.
    let differs = format!("issuer: expected {issuer}, found {ISSUER}");
    run.has_row("differs", &differs);
    let differs = format!("identity: expected {name}, found {IDENTITY}");
    run.has_row("", &differs);
    let run = judged(&scene, &someone);
    run.judges(1, "failed", &["identity-unexpected"]);
    let publisher = json!({
        "status": "unexpected",
        "name": IDENTITY,
        "issuer": ISSUER,
        "expected": [{ "identity": name, "issuer": issuer }],
        "mismatches": [
            { "field": "issuer", "expected": issuer, "found": ISSUER },
            { "field": "identity", "expected": name, "found": IDENTITY },
        ],
    });
    assert_eq!(run.verdict()["publisher"], publisher);
}

#[test]
fn identity_and_issuer_are_exact() {
    let scene = Scene::keyless();
    for (identity, issuer) in [
        (&IDENTITY[1..], ISSUER),
        (&IDENTITY[..IDENTITY.len() - 1], ISSUER),
        (&IDENTITY.to_uppercase(), ISSUER),
        ("*", ISSUER),
        (IDENTITY, "https://token.actions.githubusercontent.com/"),
        (IDENTITY, "*"),
    ] {
        let run = judged(
            &scene,
            &["--identity", identity, "--identity-provider", issuer],
        );
        run.judges(1, "failed", &["identity-unexpected"]);
    }
}

#[test]
fn any_of_several_may_have_signed() {
    let scene = Scene::keyless();
    let [identity, provider] = &signer();
    let (other, elsewhere) = (
        "--identity=other@example.com",
        "--identity-provider=https://example.com",
    );
    for right in [
        &[other, identity, provider][..],
        &[other, elsewhere, identity, provider],
        &[identity, other, provider, elsewhere],
    ] {
        judged(&scene, right).judges(0, "verified", &[]);
    }
    // Each identity belongs to its own issuer.
    let crossed = [identity, other, elsewhere, provider];
    judged(&scene, &crossed).judges(1, "failed", &["identity-unexpected"]);
    let run = scene.sigstore(&[identity, other, identity, provider, elsewhere]);
    run.fails(
        "usage-invalid",
        "give --identity-provider once, or once for each --identity",
    );
}

#[test]
fn the_certificates_fields_name_a_signer_too() {
    let scene = Scene::keyless();
    let [identity, provider] = &signer();
    let all = [
        ("source-repository", REPOSITORY),
        ("source-repository-id", "632596897"),
        ("source-repository-owner", "https://github.com/modelseal"),
        ("source-repository-owner-id", "131804563"),
        ("source-repository-ref", "refs/heads/main"),
        (
            "source-repository-digest",
            "9739798945b2a848e911bcf1dddb97298cade0b1",
        ),
        ("source-repository-visibility", "public"),
        ("workflow", IDENTITY),
        (
            "workflow-digest",
            "9739798945b2a848e911bcf1dddb97298cade0b1",
        ),
        ("trigger", "workflow_dispatch"),
        ("signer-workflow", IDENTITY),
        (
            "signer-workflow-digest",
            "9739798945b2a848e911bcf1dddb97298cade0b1",
        ),
        (
            "run-invocation",
            "https://github.com/modelseal/models/actions/runs/15609877086/attempts/1",
        ),
        ("runner-environment", "github-hosted"),
    ];
    for (flag, value) in all {
        let right = format!("--{flag}={value}");
        judged(&scene, &[identity, provider, &right]).judges(0, "verified", &[]);
        let wrong = format!("--{}={value}x", flag.replace('-', "_"));
        let run = judged(&scene, &[identity, provider, &wrong]);
        run.judges(1, "failed", &["identity-unexpected"]);
    }
    let every: Vec<_> = all
        .iter()
        .map(|(flag, value)| format!("--{flag}={value}"))
        .collect();
    let every: Vec<&str> = every.iter().map(String::as_str).collect();
    judged(&scene, &[&[provider.as_str()], &every[..]].concat()).judges(0, "verified", &[]);
    let number = "--source-repository-owner-id=131804563";
    judged(&scene, &[provider, number]).judges(0, "verified", &[]);
}

#[test]
fn a_call_that_names_no_one_is_asked_for_a_name() {
    let scene = Scene::keyless();
    let [identity, provider] = &signer();
    let whom = "name the expected signer with --identity, or with --source-repository, \
                --source-repository-owner, their numeric IDs, or --workflow";
    scene.sigstore(&[provider]).fails("usage-invalid", whom);
    scene
        .sigstore(&[provider, "--trigger=push", "--ref=refs/heads/main"])
        .fails("usage-invalid", whom);
    let who = "name the issuer of the identity with --identity-provider, or ask for --report-only";
    scene.sigstore(&[identity]).fails("usage-invalid", who);
    scene.sigstore(&[]).fails("usage-invalid", who);
}

#[test]
fn an_empty_string_is_no_wildcard() {
    let scene = Scene::keyless();
    let [identity, provider] = &signer();
    for empty in [
        &["--identity=", provider][..],
        &[identity, "--identity-provider="],
        &[identity, provider, "--identity="],
        &[identity, provider, "--source-repository-id="],
        &[identity, provider, "--workflow", ""],
    ] {
        let run = scene.sigstore(empty);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(
            run.stderr.starts_with("error[usage-invalid]: --")
                && run
                    .stderr
                    .contains(" is an empty string, which names nothing"),
            "{run:?}"
        );
    }
    let conformance = [
        "verify-model",
        "--method=sigstore",
        "--model-path=model",
        "--bundle=model.sig",
    ];
    let run = scene.run(&[&conformance[..], &["--identity=", provider]].concat());
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
}

#[test]
fn a_report_is_never_more_than_incomplete() {
    let scene = Scene::keyless();
    let run = scene.sigstore(&["--report-only"]);
    let who = format!("{IDENTITY} (issuer {ISSUER})");
    let headline =
        format!("3 files are exactly as signed by {who}; no expected publisher was given");
    run.says(1, &format!("INCOMPLETE  {headline}"));
    run.has_row(
        "signer",
        &format!("{IDENTITY}, not compared with an expected one"),
    );
    judged(&scene, &["--report-only"]).judges(1, "incomplete", &["publisher-unchecked"]);
    // Leaving out something else does not make up for it.
    scene.write("model/extra", "");
    let run = judged(&scene, &["--report-only", "--ignore-unsigned-files"]);
    run.judges(
        1,
        "incomplete",
        &["coverage-partial", "publisher-unchecked"],
    );
    judged(&scene, &["--report-only"]).judges(
        1,
        "failed",
        &["file-unsigned", "publisher-unchecked"],
    );
}

#[test]
fn an_expected_signer_excludes_report_only() {
    let scene = Scene::keyless();
    let [identity, provider] = &signer();
    for more in [identity.as_str(), provider, "--source-repository=x"] {
        let run = scene.sigstore(&["--report-only", more]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.starts_with("error[usage-invalid]: "), "{run:?}");
        assert!(run.stderr.contains("cannot be combined"), "{run:?}");
    }
    let digest = format!("sha256:{}", "0".repeat(64));
    for (flag, value) in [
        ("--root-digest", &*digest),
        ("--deny", &digest),
        ("--model-name", "x"),
    ] {
        scene.sigstore(&["--report-only", flag, value]).fails(
            "usage-invalid",
            "--report-only expects no one: it cannot be combined with --root-digest, --model-name or --deny",
        );
    }
}

#[test]
fn pins_narrow_what_an_identity_may_sign() {
    let scene = Scene::keyless();
    let [identity, provider] = &signer();
    judged(&scene, &[identity, provider, "--model-name=test-model"]).judges(0, "verified", &[]);
    let run = judged(&scene, &[identity, provider, "--model-name=other"]);
    run.judges(1, "failed", &["model-name-unexpected"]);
}

#[test]
fn another_instance_does_not_know_the_signer() {
    let scene = Scene::keyless();
    let [identity, provider] = signer();
    let arguments = [
        "verify",
        "sigstore",
        "model",
        "--signature=model.sig",
        "--format=json",
    ];
    for root in [
        &[][..],
        &["--use-staging"],
        &["--use_staging"],
        &["--trust-root=github"],
    ] {
        let run = scene.run(&[&arguments[..], &[&identity, &provider], root].concat());
        assert_eq!(run.code, 1, "{run:?}");
        let verdict = run.verdict();
        assert_eq!(verdict["publisher"]["status"], "unchecked");
        let name = match root {
            [] => "production",
            ["--trust-root=github"] => "github",
            _ => "staging",
        };
        assert_eq!(verdict["trustRoot"]["name"], name);
    }
    let run = scene.sigstore(&[&identity, &provider, "--use-staging"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("cannot be combined"), "{run:?}");
}

#[test]
fn a_client_trust_config_is_a_trust_root_too() {
    let scene = Scene::keyless();
    let root: serde_json::Value =
        serde_json::from_slice(&fs::read(scene.path("root.json")).unwrap()).unwrap();
    let media_type = "application/vnd.dev.sigstore.clienttrustconfig.v0.1+json";
    let config = json!({ "mediaType": media_type, "trustedRoot": root, "signingConfig": {} });
    scene.write("root.json", &config.to_string());
    let [identity, provider] = signer();
    judged(&scene, &[&identity, &provider]).judges(0, "verified", &[]);
}

#[test]
fn evidence_beside_a_key_needs_a_trust_root() {
    let scene = Scene::keyless();
    // The same log entries beside a key: they are for another signer.
    let keyless: serde_json::Value =
        serde_json::from_slice(&fs::read(scene.path("model.sig")).unwrap()).unwrap();
    scene.sign();
    let path = scene.path("model.sig");
    let mut bundle: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    bundle["verificationMaterial"]["tlogEntries"] =
        keyless["verificationMaterial"]["tlogEntries"].clone();
    fs::write(path, bundle.to_string()).unwrap();
    scene.json(&[]).judges(1, "failed", &["trust-root-missing"]);
    let run = scene.json(&["--trust-root=production"]);
    run.judges(1, "failed", &["log-unknown"]);
    let run = scene.json(&["--trust-root=root.json"]);
    run.judges(1, "failed", &["log-entry-mismatch"]);
}

#[test]
fn anchors_are_pinned_by_their_digests() {
    let scene = Scene::simple();
    let arguments = [
        "verify",
        "certificate",
        "model",
        "--signature=model.sig",
        "--format=json",
    ];
    let digest = format!("--anchor-digest=sha256:{}", "0".repeat(64));
    let run = scene.run(&[&arguments[..], &[&digest]].concat());
    run.judges(1, "failed", &["material-mismatch"]);
    let run = scene.run(&[&arguments[..], &["--anchor-digest=sha256:0"]].concat());
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn a_preset_names_its_publisher() {
    let scene = Scene::simple();
    let preset = |name: &str| {
        scene.run(&[
            "verify",
            "preset",
            name,
            "model",
            "--signature=model.sig",
            "--format=json",
        ])
    };
    let run = preset("nvidia-agent-capabilities");
    run.judges(1, "failed", &["material-mismatch"]);
    let expectation = json!({ "setBy": "preset", "name": "nvidia-agent-capabilities" });
    assert_eq!(run.verdict()["expectation"], expectation);
    let run = preset("no-one");
    assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
    assert!(run.stderr.contains("nvidia-agent-capabilities"), "{run:?}");
}

#[test]
fn the_preset_of_granite_expects_three_identities_of_one_issuer() {
    let scene = Scene::keyless();
    let run = scene.run(&[&GRANITE[..], &["--format=json"]].concat());
    // The scene is signed by a Sigstore of its own, which the production root does not know.
    assert_eq!(run.code, 1, "{run:?}");
    let verdict = run.verdict();
    assert_eq!(verdict["outcome"], "failed");
    let expectation = json!({ "setBy": "preset", "name": "ibm-granite" });
    assert_eq!(verdict["expectation"], expectation);
    assert_eq!(verdict["trustRoot"]["name"], "production");
}

#[test]
fn a_stored_trust_root_is_looked_for_where_none_is_named() {
    let scene = Scene::keyless();
    // It does not verify, so that it is seen to have been read: the bundled root counts.
    for name in ["production", "staging"] {
        scene.write(&format!("no-such-folder/{name}.json"), "{}");
    }
    let [identity, provider] = signer();
    let by_identity = [
        "verify",
        "sigstore",
        "model",
        "--signature=model.sig",
        &identity,
        &provider,
    ];
    for (name, arguments) in [
        ("production", &by_identity[..]),
        ("staging", &[&by_identity[..], &["--use-staging"]].concat()),
        ("production", &GRANITE[..]),
    ] {
        let run = scene.run(arguments);
        let warning = format!("the stored trust root `{name}` is not used");
        assert!(run.stderr.contains(&warning), "{run:?}");
    }
}
