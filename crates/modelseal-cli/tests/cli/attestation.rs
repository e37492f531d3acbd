//! `modelseal verify attestation` and `modelseal verify-bundle`.

use std::fs;

use modelseal_forge_oms::model::Hash;
use modelseal_forge_sigstore::{Content, Entry, IDENTITY, ISSUER, Sigstore, Spec};
use serde_json::json;

use crate::support::{Run, Scene};

fn signer() -> [String; 2] {
    [
        format!("--identity={IDENTITY}"),
        format!("--identity-provider={ISSUER}"),
    ]
}

/// A scene with this content signed.
fn scene(content: &Content) -> Scene {
    let scene = Scene::simple();
    scene.issue(content);
    scene
}

fn digest(scene: &Scene) -> String {
    let artifact = fs::read(scene.path("artifact")).unwrap();
    format!("sha256:{}", Hash::Sha256.hex(&artifact))
}

#[test]
fn provenance_is_shown() {
    for (content, predicate, source) in [
        (
            Content::slsa_v1(),
            "https://slsa.dev/provenance/v1",
            "https://github.com/modelseal/models",
        ),
        (
            Content::slsa_v0_2(),
            "https://slsa.dev/provenance/v0.2",
            "git+https://github.com/modelseal/models@refs/heads/main",
        ),
    ] {
        let scene = scene(&content);
        let [identity, provider] = signer();
        let run = scene.attestation(&["artifact", &identity, &provider]);
        let who = format!("{IDENTITY} (issuer {ISSUER})");
        run.says(0, &format!("VERIFIED  `artifact` is attested by {who}"));
        run.has_row("artifact", &digest(&scene));
        run.has_row("attestation", predicate);
        run.has_row("builder", "https://github.com/actions/runner/github-hosted");
        run.has_row("built from", source);
        run.has_row("commit", "9739798945b2a848e911bcf1dddb97298cade0b1");
        run.has_row("workflow", ".github/workflows/sign.yml");
        let run = scene.attestation(&["artifact", &identity, &provider, "--format=json"]);
        run.judges(0, "verified", &[]);
        let attestation = &run.verdict()["attestation"];
        assert_eq!(attestation["predicateType"], predicate);
        assert_eq!(attestation["provenance"]["source"], source);
    }
}

#[test]
fn a_digest_stands_for_the_file() {
    let scene = scene(&Content::slsa_v1());
    let [identity, provider] = signer();
    let run = scene.attestation(&[&digest(&scene), &identity, &provider, "--format=json"]);
    run.judges(0, "verified", &[]);
    assert_eq!(run.verdict()["artifact"]["sha512"], serde_json::Value::Null);
    let other = format!("sha256:{}", "0".repeat(64));
    let run = scene.attestation(&[&other, &identity, &provider, "--format=json"]);
    run.judges(1, "failed", &["artifact-mismatch"]);
    let run = scene.attestation(&["sha256:0", &identity, &provider]);
    let sentence = "`sha256:0` is not `sha256:` and 64 lower-case hex digits";
    run.fails("usage-invalid", sentence);
}

#[test]
fn another_file_is_not_attested() {
    let scene = scene(&Content::slsa_v1());
    let [identity, provider] = signer();
    let run = scene.attestation(&["model/one", &identity, &provider]);
    run.says(1, "NOT VERIFIED  the signature is for another artifact");
    run.has_row("refused at", "the stage `signature`");
}

#[test]
fn someone_else_is_named() {
    let scene = scene(&Content::slsa_v1());
    let someone = ["--identity=x", "--identity-provider=y"];
    let run = scene.attestation(&[&["artifact"][..], &someone].concat());
    let who = format!("{IDENTITY} (issuer {ISSUER})");
    run.says(
        1,
        &format!("NOT VERIFIED  signed by {who}, who is not the expected publisher"),
    );
    let run = scene.attestation(&[&["artifact", "--format=json"][..], &someone].concat());
    run.judges(1, "failed", &["identity-unexpected"]);
    assert_eq!(run.verdict()["publisher"]["status"], "unexpected");
    let run = scene.attestation(&["artifact", "--report-only", "--format=json"]);
    run.judges(
        1,
        "incomplete",
        &["predicate-unchecked", "publisher-unchecked"],
    );
}

#[test]
fn a_signature_over_the_file_is_verified_too() {
    let scene = Scene::simple();
    let spec = Spec::new(Entry::Hashedrekord001, Content::message());
    let forged = Sigstore::new("cli").forge(&spec);
    fs::write(scene.path("model.sig"), forged.bytes()).unwrap();
    fs::write(scene.path("root.json"), forged.root_bytes()).unwrap();
    fs::write(scene.path("artifact"), &forged.artifact).unwrap();
    let [identity, provider] = signer();
    let exactly =
        format!("VERIFIED  `artifact` is exactly as signed by {IDENTITY} (issuer {ISSUER})");
    let signed = ["artifact", &identity, &provider];
    scene.attestation(&signed).says(0, &exactly);
    // Unless a type is asked for: then it must be an attestation.
    let typed = [
        &signed[..],
        &["--predicate-type=https://slsa.dev/provenance/v1"],
    ]
    .concat();
    let run = scene.attestation(&typed);
    run.has_row("reasons", "attestation-missing");
    let missing = "the bundle is a signature over the artifact, not an attestation about it";
    run.says(
        1,
        &format!("NOT VERIFIED  {missing}; it is signed by {IDENTITY} (issuer {ISSUER})"),
    );
    let bundle = |identity: &str| {
        scene.run(&[
            "verify-bundle",
            "--bundle=model.sig",
            "--trusted-root=root.json",
            &format!("--certificate-oidc-issuer={ISSUER}"),
            &format!("--certificate-identity={identity}"),
            "artifact",
        ])
    };
    bundle(IDENTITY).says(0, &exactly);
    assert_eq!(bundle("someone").code, 1);
    assert_eq!(bundle("").code, 2);
}

#[test]
fn a_key_may_attest() {
    let scene = scene(&Content::slsa_v1());
    let run = scene.attestation(&["artifact", "--public-key=key.pub"]);
    run.says(
        1,
        "NOT VERIFIED  the bundle was signed by a different method from the one in the policy",
    );
    let [identity, provider] = signer();
    for more in [&[identity.as_str(), &provider][..], &["--report-only"]] {
        let run = scene.attestation(&[&["artifact", "--public-key=key.pub"], more].concat());
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("cannot be combined"), "{run:?}");
    }
    let run = scene.attestation(&["artifact"]);
    assert!(
        run.stderr
            .starts_with("error[usage-invalid]: name the issuer of the identity"),
        "{run:?}"
    );
}

#[test]
fn texts_of_a_statement_cannot_steer_a_terminal() {
    let mut statement = modelseal_forge_sigstore::content::slsa_v1();
    statement["predicate"]["runDetails"]["builder"]["id"] = json!("b\u{1b}[2J\u{202e}");
    let scene = scene(&Content::statement(&statement));
    let run = scene.attestation(&["artifact", "--report-only"]);
    run.has_row("builder", "b\\u{1b}[2J\\u{202e}");
}

#[test]
fn what_cannot_be_read_is_named() {
    let scene = scene(&Content::slsa_v1());
    let run = |bundle: &str, file: &str| -> Run {
        scene.run(&[
            "verify",
            "attestation",
            "--report-only",
            "--bundle",
            bundle,
            file,
        ])
    };
    let folder = "cannot read `model`: Is a directory";
    run("model", "artifact").fails("signature-unreadable", folder);
    run("model.sig", "model").fails("artifact-unreadable", folder);
    let missing = "cannot read `none`: No such file or directory";
    run("none", "artifact").fails("signature-unreadable", missing);
    run("model.sig", "none").fails("artifact-unreadable", missing);
}

#[test]
fn the_conformance_protocol_needs_a_signer() {
    let scene = scene(&Content::slsa_v1());
    let run = |more: &[&str]| {
        scene.run(&[&["verify-bundle", "--bundle=model.sig", "artifact"], more].concat())
    };
    for more in [
        &[][..],
        &["--certificate-identity=x"],
        &["--certificate-oidc-issuer=x"],
        &[
            "--key=key.pub",
            "--certificate-identity=x",
            "--certificate-oidc-issuer=y",
        ],
        &["--key=key.pub", "--staging", "--trusted-root=root.json"],
    ] {
        let run = run(more);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.starts_with("error[usage-invalid]: "), "{run:?}");
    }
}
