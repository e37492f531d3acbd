//! The example over the repository's example model, as it is and with one byte more.

use std::{fs, path::Path, process::Command};

fn run(model: &Path) -> (bool, String) {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let mut command = Command::new(env!("CARGO_BIN_EXE_modelseal-example"));
    command
        .arg(model)
        .arg(fixtures.join("model.sig"))
        .arg(fixtures.join("key.pub"));
    let output = command.output().expect("it runs");
    (
        output.status.success(),
        String::from_utf8(output.stdout).expect("UTF-8"),
    )
}

#[test]
fn verified_as_it_is_and_failed_with_a_byte_more() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    let temporary = tempfile::tempdir().expect("a folder");
    copy(&fixtures.join("example-model"), temporary.path());
    assert_eq!(run(temporary.path()), (true, "verified\n".to_owned()));
    let config = temporary.path().join("config.json");
    let mut bytes = fs::read(&config).expect("it is there");
    bytes.push(b'\n');
    fs::write(&config, bytes).expect("it can be written");
    assert_eq!(
        run(temporary.path()),
        (false, "not verified\nchanged: config.json\n".to_owned())
    );
}

fn copy(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).expect("a folder") {
        let entry = entry.expect("an entry");
        let to = to.join(entry.file_name());
        if entry.path().is_dir() {
            fs::create_dir(&to).expect("a folder");
            copy(&entry.path(), &to);
        } else {
            fs::copy(entry.path(), to).expect("a copy");
        }
    }
}
