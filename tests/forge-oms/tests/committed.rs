//! The committed files are the ones that the forge makes.

use std::collections::BTreeSet;
use std::path::Path;

#[test]
fn committed_files_are_as_made() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let differences =
        modelseal_forge_oms::differences(&tests).expect("the test folders are readable");
    assert_eq!(
        differences,
        BTreeSet::new(),
        "run `cargo run -p modelseal-forge-oms` and commit"
    );
}
