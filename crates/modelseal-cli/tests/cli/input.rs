//! Bad input of any kind: one clear sentence and a code, no panic, no stack trace.

use std::{
    fs,
    io::Write as _,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{Run, Scene, modelseal};

#[test]
fn wrong_usage_has_a_code_like_any_error() {
    let scene = Scene::simple();
    for arguments in [
        &["verify", "key"][..],
        &["verify", "key", "model", "--public-key=key.pub"],
        &["verify", "certificate", "model", "--signature=model.sig"],
        &["inspect"],
        &["frobnicate"],
        &["verify", "key", "model", "--frobnicate"],
    ] {
        let run = scene.run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        assert!(run.stderr.starts_with("error[usage-invalid]: "), "{run:?}");
    }
    for (flag, sentence) in [
        ("--at=yesterday", "--at: `yesterday` is not a time"),
        ("--format=xml", "--format must be text or json, not `xml`"),
        ("--root-digest=sha256:0", "--root-digest: `sha256:0` is not"),
        ("--model-name=", "--model-name is an empty string"),
    ] {
        let run = scene.verify(&[flag]);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""), "{run:?}");
        let sentence = format!("error[usage-invalid]: {sentence}");
        assert!(run.stderr.starts_with(&sentence), "{run:?}");
    }
}

#[test]
fn without_arguments_it_says_how_to_use_it() {
    for arguments in [&[][..], &["verify"]] {
        let run = Scene::simple().run(arguments);
        assert_eq!((run.code, run.stdout.as_str()), (2, ""));
        assert!(run.stderr.contains("Usage: modelseal"), "{run:?}");
    }
}

#[test]
fn help_and_version_are_no_errors() {
    let help = Run::of(modelseal().arg("--help"));
    assert_eq!((help.code, help.stderr.as_str()), (0, ""));
    assert!(help.stdout.contains("Exit codes:"));
    let version = Run::of(modelseal().arg("--version"));
    assert_eq!(
        version.stdout,
        format!("modelseal {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn what_is_not_there_cannot_be_checked() {
    let scene = Scene::simple();
    let verify = |model: &str, signature: &str, key: &str| {
        scene.run(&[
            "verify",
            "key",
            model,
            "--signature",
            signature,
            "--public-key",
            key,
        ])
    };
    let missing = |code, name: &str, run: Run| {
        run.fails(
            code,
            &format!("cannot read `{name}`: No such file or directory"),
        );
    };
    missing(
        "model-unreadable",
        "none",
        verify("none", "model.sig", "key.pub"),
    );
    missing(
        "signature-unreadable",
        "none",
        verify("model", "none", "key.pub"),
    );
    missing(
        "key-unreadable",
        "none",
        verify("model", "model.sig", "none"),
    );
    missing(
        "signature-unreadable",
        "none",
        scene.run(&["inspect", "none"]),
    );
}

#[test]
fn a_folder_in_place_of_a_file_cannot_be_checked() {
    let scene = Scene::simple();
    let verify = |signature: &str, key: &str| {
        scene.run(&[
            "verify",
            "key",
            "model",
            "--signature",
            signature,
            "--public-key",
            key,
        ])
    };
    let folder = "cannot read `model`: Is a directory";
    verify("model", "key.pub").fails("signature-unreadable", folder);
    verify("model.sig", "model").fails("key-unreadable", folder);
    scene
        .run(&["inspect", "model"])
        .fails("signature-unreadable", folder);
    let anchors = ["verify", "certificate", "model", "--signature=model.sig"];
    let run = scene.run(&[&anchors[..], &["--certificate-chain=model"]].concat());
    run.fails("anchor-unreadable", folder);
}

#[test]
fn a_key_that_is_no_key_cannot_be_used() {
    let scene = Scene::simple();
    let half = fs::read_to_string(scene.path("key.pub")).unwrap();
    let (half, _) = half.split_at(half.len() / 2);
    let private = "-----BEGIN PRIVATE KEY-----\nMAA=\n-----END PRIVATE KEY-----\n";
    let refused = |found: &str| {
        let sentence = format!("`key.pub`: this is not a public key in PEM: {found}");
        scene.verify(&[]).fails("key-invalid", &sentence);
    };
    for (text, found) in [
        ("", "it is empty"),
        ("no key", "it is text of an unknown kind"),
        (half, "it is PEM that cannot be read"),
        (
            private,
            "it is a private key; keep it secret, and give its public half",
        ),
    ] {
        fs::write(scene.path("key.pub"), text).unwrap();
        refused(found);
    }
    fs::write(scene.path("key.pub"), [0xff, 0xfe, 0]).unwrap();
    refused("it is in UTF-16; save it as UTF-8");
    // Larger than any key: read to a limit, then refused.
    fs::File::create(scene.path("key.pub"))
        .unwrap()
        .set_len(1 << 40)
        .unwrap();
    let large = "`key.pub` is larger than 1048576 bytes";
    scene.verify(&[]).fails("key-unreadable", large);
}

#[test]
fn an_anchor_that_is_no_certificate_cannot_be_used() {
    let scene = Scene::simple();
    let arguments = ["verify", "certificate", "model", "--signature=model.sig"];
    for flag in ["--certificate-chain=key.pub", "--certificate_chain=key.pub"] {
        let run = scene.run(&[&arguments[..], &[flag]].concat());
        run.fails(
            "anchor-invalid",
            "`key.pub`: a trust anchor cannot be used: it is a public key",
        );
    }
}

#[test]
fn a_bad_bundle_is_a_verdict() {
    let scene = Scene::simple();
    let bundle = fs::read(scene.path("model.sig")).unwrap();
    let mut wrong_type = bundle.clone();
    wrong_type.splice(1..1, br#""dsseEnvelope":7,"#.iter().copied());
    let cases: [(&str, &[u8], &str); 2] = [
        ("truncated", &bundle[..bundle.len() - 9], "json-syntax"),
        ("a member twice", &wrong_type, "json-duplicate-key"),
    ];
    for (name, bytes, code) in cases {
        fs::write(scene.path("model.sig"), bytes).unwrap();
        let run = scene.json(&[]);
        run.judges(1, "failed", &[code]);
        assert_eq!(run.stderr, "", "{name}");
        let text = scene.verify(&[]);
        assert!(
            text.stdout.starts_with("NOT VERIFIED  "),
            "{name}: {text:?}"
        );
        text.has_row("reasons", code);
        let inspect = scene.run(&["inspect", "model.sig"]);
        assert_eq!(
            (inspect.code, inspect.stdout.as_str()),
            (1, ""),
            "{name}: {inspect:?}"
        );
        assert!(
            inspect.stderr.starts_with(&format!("error[{code}]: ")),
            "{name}: {inspect:?}"
        );
    }
}

#[test]
fn what_is_not_a_bundle_has_no_verdict() {
    let scene = Scene::simple();
    let another = "it is JSON of another kind, without a mediaType";
    let cases: [(&[u8], &str); 6] = [
        (b"", "it is empty"),
        (b"not JSON", "it is text of an unknown kind"),
        (b"\xff\xfe{}", "it is in UTF-16; save it as UTF-8"),
        (b"[]", another),
        (b"{}", another),
        (&[b'['; 1 << 20], another),
    ];
    for (bytes, found) in cases {
        fs::write(scene.path("model.sig"), bytes).unwrap();
        let sentence = format!("`model.sig`: this is not a signature bundle: {found}");
        for run in [
            scene.verify(&[]),
            scene.json(&[]),
            scene.run(&["inspect", "model.sig"]),
        ] {
            run.fails("bundle-unreadable", &sentence);
        }
    }
}

#[cfg(unix)]
#[test]
fn a_gigabyte_of_brackets_is_not_read_to_its_end() {
    let scene = Scene::simple();
    let arguments = [
        "verify",
        "key",
        "model",
        "--signature=/dev/stdin",
        "--public-key=key.pub",
    ];
    let mut command = scene.command(&[&arguments[..], &["--format=json"]].concat());
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let brackets = vec![b'['; 1 << 20];
    let written = (0..1024)
        .take_while(|_| stdin.write_all(&brackets).is_ok())
        .count();
    drop(stdin);
    let run = Run::from_output(&child.wait_with_output().unwrap());
    run.judges(1, "failed", &["bundle-too-large"]);
    assert!((64..=66).contains(&written), "{written} MiB were read");
}

#[test]
fn the_conformance_protocol_needs_what_its_method_needs() {
    let scene = Scene::simple();
    let arguments = ["verify-model", "--model-path=model", "--bundle=model.sig"];
    for method in ["key", "certificate", "sigstore", "other"] {
        let method = &format!("--method={method}");
        let run = scene.run(&[&arguments[..], &[method]].concat());
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.starts_with("error[usage-invalid]: "), "{run:?}");
    }
    let run = scene.run(&[&arguments[..], &["--method=key", "--public-key=key.pub"]].concat());
    assert_eq!(run.code, 0, "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_is_no_error() {
    let scene = Scene::simple();
    for arguments in [&["--format=json"][..], &[]] {
        let verify = [
            "verify",
            "key",
            "model",
            "--signature=model.sig",
            "--public-key=key.pub",
        ];
        let mut command = scene.command(&[&verify[..], arguments].concat());
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = command
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        assert_eq!(
            (output.status.code(), output.stderr.as_slice()),
            (Some(0), &b""[..])
        );
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_verdict_that_could_not_be_written_is_not_taken_for_given() {
    let scene = Scene::simple();
    for arguments in [&["--format=json"][..], &[]] {
        let verify = [
            "verify",
            "key",
            "model",
            "--signature=model.sig",
            "--public-key=key.pub",
        ];
        let mut command = scene.command(&[&verify[..], arguments].concat());
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let output = command.stdout(full).output().unwrap();
        let run = Run::from_output(&output);
        run.fails(
            "output-failed",
            "cannot write to standard output: No space left on device",
        );
    }
}

#[cfg(unix)]
#[test]
fn a_pipe_does_not_hold_us_up() {
    let scene = Scene::simple();
    let mkfifo = |path: &str| {
        let status = Command::new("mkfifo")
            .arg(scene.path(path))
            .status()
            .unwrap();
        assert!(status.success());
    };
    let start = Instant::now();
    mkfifo("model/pipe");
    scene
        .json(&[])
        .judges(1, "failed", &["special-file-refused"]);
    let run = scene.verify(&[]);
    run.says(1, "NOT VERIFIED  1 entry is not signed");
    run.has_row("unsigned", "pipe  (special file)");
    fs::remove_file(scene.path("model/pipe")).unwrap();
    fs::remove_file(scene.path("model/two")).unwrap();
    mkfifo("model/two");
    scene
        .json(&[])
        .judges(1, "failed", &["special-file-refused"]);
    scene
        .verify(&[])
        .has_row("changed", "two  (now a special file)");
    let model = [
        "verify",
        "key",
        "model/two",
        "--signature=model.sig",
        "--public-key=key.pub",
    ];
    let run = scene.run(&model);
    run.fails(
        "model-unreadable",
        "`model/two` is neither a folder nor a regular file",
    );
    assert!(start.elapsed() < Duration::from_secs(60));
}

#[cfg(target_os = "linux")]
mod names {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};

    use super::*;

    #[test]
    fn a_name_that_is_not_utf_8_is_unsigned() {
        let scene = Scene::simple();
        let name = OsStr::from_bytes(b"bad\xff");
        fs::write(scene.path("model").join(name), "").unwrap();
        let run = scene.json(&[]);
        run.judges(1, "failed", &["name-not-utf8"]);
        let unsigned = &run.verdict()["coverage"]["unsigned"];
        assert_eq!(
            unsigned,
            &serde_json::json!([{ "path": "bad\\xff", "kind": "not-utf8" }])
        );
    }

    #[test]
    fn a_single_file_needs_a_name_in_utf_8() {
        let scene = Scene::simple();
        let model = scene.path("model").join(OsStr::from_bytes(b"bad\xff"));
        fs::write(&model, "").unwrap();
        let mut command = scene.command(&["verify", "key"]);
        command
            .arg(model)
            .args(["--signature=model.sig", "--public-key=key.pub"]);
        let run = Run::of(&mut command);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(
            run.stderr.starts_with("error[model-unreadable]: "),
            "{run:?}"
        );
        assert!(
            run.stderr.ends_with("has a name that is not UTF-8\n"),
            "{run:?}"
        );
    }
}

/// What may not be read. Root may read everything, so the command then runs as someone else.
#[cfg(unix)]
mod permissions {
    use std::{os::unix::fs::PermissionsExt as _, os::unix::process::CommandExt as _, path::Path};

    use super::*;

    const NOBODY: u32 = 65534;

    fn permit(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn verify(scene: &Scene, more: &[&str]) -> Run {
        let program = scene.path("program");
        if !program.exists() {
            // Not by this process: a program that someone holds open for writing, as a test that
            // starts a child meanwhile would, cannot be run.
            let copy = Command::new("cp")
                .arg(env!("CARGO_BIN_EXE_modelseal"))
                .arg(&program)
                .status();
            assert!(copy.unwrap().success());
        }
        permit(scene.folder.path(), 0o755);
        let mut command = Command::new(program);
        let arguments = [
            "verify",
            "key",
            "model",
            "--signature=model.sig",
            "--public-key=key.pub",
        ];
        command
            .current_dir(scene.folder.path())
            .args(arguments)
            .args(more);
        if fs::metadata("/proc/self")
            .is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0)
        {
            command.uid(NOBODY).gid(NOBODY);
        }
        Run::of(&mut command)
    }

    #[test]
    fn an_unreadable_file_is_not_a_judgement() {
        let scene = Scene::simple();
        permit(&scene.path("model/two"), 0);
        let run = verify(&scene, &[]);
        run.says(2, "INCOMPLETE  1 file could not be read");
        run.has_row("unreadable", "two  (Permission denied)");
        let run = verify(&scene, &["--format=json"]);
        run.judges(2, "incomplete", &["file-unreadable"]);
        assert_eq!(
            run.stderr,
            "warning: cannot read `two`: Permission denied\n"
        );
    }

    #[test]
    fn beside_a_changed_file_an_unreadable_one_changes_nothing() {
        let scene = Scene::simple();
        permit(&scene.path("model/two"), 0);
        scene.write("model/one", "other");
        let run = verify(&scene, &["--format=json"]);
        run.judges(1, "failed", &["file-changed", "file-unreadable"]);
    }

    #[test]
    fn a_folder_that_cannot_be_listed_could_hold_anything() {
        let scene = Scene::simple();
        permit(&scene.path("model/sub"), 0);
        let run = verify(&scene, &[]);
        permit(&scene.path("model/sub"), 0o755);
        run.fails(
            "model-unreadable",
            "cannot list `sub` in the model: Permission denied",
        );
    }
}
