//! The cases: what is there, and what is typed.

use crate::scene::{Signed, Step};

/// One run of a command.
pub(crate) struct Case {
    /// Also the name of its page.
    pub name: &'static str,
    pub signed: Signed,
    pub steps: &'static [Step],
    /// What is typed after `modelseal`, without quotes.
    pub words: String,
}

/// Every verdict is for this time, so that its page stays the same.
const KEY: &str =
    "verify key model --signature model.sig --public-key key.pub --at 2026-06-01T00:00:00Z";
const CERTIFICATE: &str = "verify certificate model --signature model.sig --certificate-chain root.pem \
     --at 2026-06-01T00:00:00Z";
const KEYLESS: &str = "verify sigstore model --signature model.sig --trust-root root.json \
     --at 2026-06-01T00:00:00Z";
const ARTIFACT: &str = "verify artifact artifact --bundle model.sig --trust-root root.json \
     --at 2026-06-01T00:00:00Z";
const SIGNER: &str = "--identity https://github.com/modelseal/models/.github/workflows/sign.yml@refs/heads/main \
     --identity-provider https://token.actions.githubusercontent.com";

/// A table of cases: name, how it is signed, what is changed, and what is typed, in parts.
macro_rules! cases {
    ($( $name:literal: $signed:ident, [$( $step:expr ),*], $( $words:expr ),+; )+) => {
        /// Every case.
        pub(crate) fn all() -> Vec<Case> {
            vec![$( Case {
                name: $name,
                signed: Signed::$signed,
                steps: &[$( $step ),*],
                words: [$( $words ),+].join(" "),
            } ),+]
        }
    };
}

use Step::{Bundle, Bytes, Folder, Link, Move, Remove, Write};

cases! {
    // Each outcome, and each kind of difference.
    "verified": Key, [], KEY;
    "verified-json": Key, [], KEY, "--format json";
    "verified-shards": Shards, [], KEY;
    "verified-single-file": Single, [],
        "verify key model.bin --signature model.sig --public-key key.pub --at 2026-06-01T00:00:00Z";
    "changed": Key, [Write("model/one", b"2")], KEY;
    "changed-json": Key, [Write("model/one", b"2")], KEY, "--format json";
    "changed-length": Shards, [Write("model/one", b"22")], KEY;
    "changed-kind": Key, [Remove("model/one"), Folder("model/one")], KEY;
    "missing": Key, [Remove("model/one")], KEY;
    "unsigned": Key, [Write("model/extra", b"")], KEY;
    "unsigned-allowed": Key, [Write("model/extra", b"")], KEY, "--ignore-unsigned-files";
    "unsigned-json": Key, [Write("model/extra", b""), Link("model/link", "one")], KEY, "--format=json";
    "missing-and-unsigned": Key, [Move("model/one", "model/One")], KEY;
    "many-unsigned": Key, [
        Write("model/a01", b""), Write("model/a02", b""), Write("model/a03", b""),
        Write("model/a04", b""), Write("model/a05", b""), Write("model/a06", b""),
        Write("model/a07", b""), Write("model/a08", b""), Write("model/a09", b""),
        Write("model/a10", b""), Write("model/a11", b""), Write("model/a12", b""),
        Write("model/a13", b""), Write("model/a14", b""), Write("model/a15", b""),
        Write("model/a16", b""), Write("model/a17", b""), Write("model/a18", b""),
        Write("model/a19", b""), Write("model/a20", b""), Write("model/a21", b"")
    ], KEY;
    "ignored": Key, [Write("model/one", b"2")], KEY, "--ignore-paths model/one";
    "ignored-nothing": Key, [], KEY, "--ignore-paths model/typo";
    "normalization": Key, [Write("model/e\u{301}", b"")], KEY;
    "leftover": Key, [Write("model/.cache/huggingface/download/one.metadata", b"")], KEY;
    "git": Key, [Write("model/.git/config", b""), Write("model/.gitignore", b"")], KEY;
    "signature-in-model": Key, [Move("model.sig", "model/model.sig")],
        "verify key model --signature model/model.sig --public-key key.pub --at 2026-06-01T00:00:00Z";
    // Links and names.
    "link-refused": Key, [Move("model/one", "model/other"), Link("model/one", "other")], KEY;
    "link-needs-option": WithLinks, [Write("model/other", b"1"), Remove("model/one"),
        Link("model/one", "other")], KEY, "--ignore-unsigned-files";
    "link-followed": WithLinks, [Write("model/other", b"1"), Remove("model/one"),
        Link("model/one", "other")], KEY, "--ignore-unsigned-files --allow-symlinks";
    "link-leads-out": WithLinks, [Move("model/one", "elsewhere"), Link("model/one", "../elsewhere")],
        KEY, "--allow-symlinks";
    "link-targets": Key, [Move("model/one", "store/blob"), Link("model/one", "../store/blob")],
        KEY, "--link-targets store";
    "link-targets-json": Key, [Move("model/one", "store/blob"), Link("model/one", "../store/blob")],
        KEY, "--link-targets store --format json";
    "hugging-face-cache": Key, [
        Move("model/one", "models--o--m/blobs/1"), Link("models--o--m/snapshots/c/one", "../../blobs/1"),
        Move("model/two", "models--o--m/blobs/2"), Link("models--o--m/snapshots/c/two", "../../blobs/2"),
        Move("model/sub/three", "models--o--m/blobs/3"),
        Link("models--o--m/snapshots/c/sub/three", "../../../blobs/3")
    ], "verify key models--o--m/snapshots/c --signature model.sig --public-key key.pub \
        --at 2026-06-01T00:00:00Z";
    "hostile-names": Key, [
        Write("model/\u{202e}gpj.exe", b""), Write("model/a\u{1b}[2J", b""), Write("model/back\\slash", b""),
        Write("model/nbsp\u{a0}", b""), Write("model/new\nline", b"")
    ], KEY;
    "hostile-names-json": Key, [Write("model/\u{202e}gpj.exe\u{9b}", b"")], KEY, "--format json";
    "name-not-utf8": Key, [Bytes(b"bad\xff")], KEY;
    // Methods.
    "other-key": Key, [], "verify key model --signature model.sig --public-key other.pub \
        --at 2026-06-01T00:00:00Z";
    "other-key-json": Key, [], "verify key model --signature model.sig --public-key other.pub \
        --at 2026-06-01T00:00:00Z --format json";
    "other-method": Certificate, [Write("key.pub", b"")], "verify certificate model --signature model.sig \
        --certificate-chain other.pem --at 2026-06-01T00:00:00Z";
    "method-differs": Keyless, [], "verify preset nvidia-agent-capabilities model --signature model.sig \
        --at 2026-06-01T00:00:00Z";
    "certificate": Certificate, [], CERTIFICATE;
    "certificate-json": Certificate, [], CERTIFICATE, "--format json";
    "certificate-expired": Certificate, [], "verify certificate model --signature model.sig \
        --certificate-chain root.pem --at 2090-01-01T00:00:00Z";
    "certificate-not-found": Certificate, [], "verify certificate model --signature model.sig \
        --anchor-digest sha256:0000000000000000000000000000000000000000000000000000000000000000 \
        --at 2026-06-01T00:00:00Z";
    "keyless": Keyless, [], KEYLESS, SIGNER;
    "keyless-json": Keyless, [], KEYLESS, SIGNER, "--format json";
    "keyless-other": Keyless, [], KEYLESS, "--identity someone@example.com --identity-provider https://example.com";
    "keyless-other-json": Keyless, [], KEYLESS,
        "--identity someone@example.com --identity-provider https://example.com --format json";
    "keyless-field": Keyless, [], KEYLESS, "--identity-provider https://token.actions.githubusercontent.com \
        --source-repository https://github.com/modelseal/models --ref refs/heads/other";
    "keyless-several": Keyless, [], KEYLESS, "--identity a@example.com --identity b@example.com \
        --identity-provider https://example.com";
    "keyless-without-issuer": Keyless, [], KEYLESS, "--identity a@example.com --no-identity-provider";
    "keyless-report": Keyless, [], KEYLESS, "--report-only";
    "keyless-unknown-instance": Keyless, [], "verify sigstore model --signature model.sig \
        --at 2026-06-01T00:00:00Z", SIGNER;
    "keyless-tampered": Keyless, [Bundle("/dsseEnvelope/payload", "\"e30=\"")], KEYLESS, SIGNER;
    // Pins.
    "pin-name": Key, [], KEY, "--model-name other";
    "pin-root-digest": Key, [],
        KEY, "--root-digest sha256:0000000000000000000000000000000000000000000000000000000000000000";
    // Artifacts.
    "message": Message, [], ARTIFACT, SIGNER;
    "message-json": Message, [], ARTIFACT, SIGNER, "--format json";
    "message-changed": Message, [Write("artifact", b"other")], ARTIFACT, SIGNER;
    "message-report": Message, [], ARTIFACT, "--report-only";
    "message-asked-for-attestation": Message, [], ARTIFACT, SIGNER, "--predicate-type https://example.com/t";
    "attestation": Attestation, [], ARTIFACT, SIGNER;
    "attestation-json": Attestation, [], ARTIFACT, SIGNER, "--format json";
    "attestation-alias": Attestation, [], "verify attestation artifact --bundle model.sig \
        --trust-root root.json --at 2026-06-01T00:00:00Z", SIGNER;
    "attestation-type": Attestation, [], ARTIFACT, SIGNER, "--predicate-type https://example.com/t";
    "attestation-any-type": Attestation, [], ARTIFACT, SIGNER, "--any-predicate-type";
    "attestation-other-signer": Attestation, [], ARTIFACT, "--identity a --identity-provider b";
    "digest-of-another": Attestation, [], "verify artifact \
        sha256:0000000000000000000000000000000000000000000000000000000000000000 --bundle model.sig \
        --trust-root root.json --at 2026-06-01T00:00:00Z", SIGNER;
    "digest-not-comparable": Attestation, [], "verify artifact \
        sha384:000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000 \
        --bundle model.sig --trust-root root.json --at 2026-06-01T00:00:00Z", SIGNER;
    "artifact-missing": Attestation, [Remove("artifact")], ARTIFACT, SIGNER;
    // What is not a bundle, a key, an anchor, a trust root or a model.
    "bundle-empty": Key, [Write("model.sig", b"")], KEY;
    "bundle-html": Key, [Write("model.sig", b"<!DOCTYPE html><html></html>")], KEY;
    "bundle-lfs-pointer": Key,
        [Write("model.sig", b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")], KEY;
    "bundle-gzip": Key, [Write("model.sig", b"\x1f\x8b\x08\0\0\0\0\0")], KEY;
    "bundle-utf-16": Key, [Write("model.sig", b"\xff\xfe{\0}\0")], KEY;
    "bundle-pem": Key, [Write("model.sig", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")],
        KEY;
    "bundle-other-json": Key, [Write("model.sig", b"{}")], KEY, "--format json";
    "bundle-broken": Key, [Write("model.sig", b"{\"mediaType\": \"application/vnd.dev.sigstore.bundle.v0.3+json\",")],
        KEY;
    "bundle-media-type": Key, [Bundle("/mediaType", "\"application/vnd.dev.sigstore.bundle.v9+json\"")],
        KEY;
    "bundle-absent": Key, [Remove("model.sig")], KEY;
    "bundle-folder": Key, [Remove("model.sig"), Folder("model.sig")], KEY;
    "key-absent": Key, [Remove("key.pub")], KEY;
    "key-private": Key,
        [Write("key.pub", b"-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n")], KEY;
    "key-utf-16": Key, [Write("key.pub", b"\xff\xfeA\0")], KEY;
    "key-broken": Key, [Write("key.pub", b"-----BEGIN PUBLIC KEY-----\nMAA=")], KEY;
    "anchor-is-key": Certificate,
        [Write("root.pem", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")], CERTIFICATE;
    "root-unknown": Keyless, [], "verify sigstore model --signature model.sig --trust-root nowhere", SIGNER;
    "root-not-json": Keyless, [Write("root.json", b"no root")], KEYLESS, SIGNER;
    "model-absent": Key, [],
        "verify key nowhere --signature model.sig --public-key key.pub --at 2026-06-01T00:00:00Z";
    // Claims and trust roots.
    "inspect-key": Key, [], "inspect model.sig";
    "inspect-key-json": Key, [], "inspect model.sig --format json";
    "inspect-shards": Shards, [], "inspect model.sig";
    "inspect-certificate": Certificate, [], "inspect model.sig";
    "inspect-keyless": Keyless, [], "inspect model.sig";
    "inspect-keyless-json": Keyless, [], "inspect model.sig --format=json";
    "inspect-message": Message, [], "inspect model.sig";
    "inspect-attestation": Attestation, [], "inspect model.sig";
    "inspect-unreadable": Key, [Write("model.sig", b"")], "inspect model.sig";
    "roots-own": Keyless, [], "roots root.json";
    "roots-own-json": Keyless, [], "roots root.json --format json";
    "roots-unknown": Keyless, [], "roots nowhere";
    "roots-bundled": Keyless, [], "roots";
    "roots-update-no-folder": Keyless, [], "roots update --offline nowhere";
    "roots-update-no-mirror": Keyless, [], "roots update --offline model";
    "roots-update-check-no-mirror": Keyless, [], "roots update staging --check --offline model";
    "roots-update-plain-http": Keyless, [], "roots update --mirror http://example.com";
    "roots-update-unknown": Keyless, [], "roots update nowhere";
    "roots-reset": Keyless, [], "roots reset";
    "roots-reset-one": Keyless, [], "roots reset github";
    "version": Keyless, [], "--version";
    // Wrong use.
    "usage-unknown-command": Key, [], "check";
    "usage-unknown-method": Key, [], "verify it";
    "usage-unknown-option": Key, [], KEY, "--foo";
    "usage-unexpected-argument": Key, [], KEY, "other";
    "usage-missing": Key, [], "verify key";
    "usage-missing-anchors": Key, [], "verify certificate model --signature model.sig";
    "usage-missing-artifact": Key, [], "verify artifact";
    "usage-no-value": Key, [], KEY, "--model-name";
    "usage-format": Key, [], KEY, "--format xml";
    "usage-time": Key, [], "verify key model --signature model.sig --public-key key.pub --at noon";
    "usage-skew": Key, [], KEY, "--max-clock-skew soon";
    "usage-digest": Key, [], KEY, "--deny sha256:0";
    "usage-twice": Key, [], KEY, "--signature other";
    "usage-preset": Key, [], "verify preset someone model --signature model.sig";
    "usage-no-signer": Keyless, [], KEYLESS, "--identity-provider https://example.com";
    "usage-no-provider": Keyless, [], KEYLESS, "--identity a";
    "usage-only-reusable-workflow": Keyless, [], KEYLESS,
        "--identity-provider https://example.com --signer-workflow https://example.com/w";
    "usage-report-and-signer": Keyless, [], KEYLESS, "--report-only --identity a";
    "usage-report-and-pin": Keyless, [], KEYLESS, "--report-only --model-name a";
    "usage-two-roots": Keyless, [], KEYLESS, SIGNER, "--use-staging";
    "usage-key-and-signer": Message, [], ARTIFACT, "--public-key key.pub --identity a";
    "usage-update-two-mirrors": Keyless, [], "roots update --mirror http://localhost --offline model";
    "usage-update-two-names": Keyless, [], "roots update github staging";
    "usage-ignore-outside": Key, [], KEY, "--ignore-paths ../elsewhere";
    "usage-ignore-all": Key, [], KEY, "--ignore-paths model";
    "usage-artifact-digest": Message, [], "verify artifact sha256:0 --bundle model.sig \
        --trust-root root.json", SIGNER;
}
