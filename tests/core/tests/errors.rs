//! The list of errors: its order, its codes, and that every code is expected somewhere.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use modelseal::Error;
use modelseal_core_tests::repository;

/// Where expectations stand.
const EXPECTATIONS: [&str; 5] = [
    "tests/malformed/cases.json",
    "tests/fixtures/cases.json",
    "tests/suites/vectors",
    "tests/core/tests",
    "tests/forge-sigstore/src/cases",
];

fn name(error: &Error) -> String {
    let text = format!("{error:?}");
    let end = text.find([' ', '{']).unwrap_or(text.len());
    text[..end].to_owned()
}

#[test]
fn the_variants_are_in_alphabetical_order() {
    let names: Vec<_> = Error::ALL.iter().map(name).collect();
    let mut sorted = names.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!(names, sorted);
}

#[test]
fn each_code_is_the_variants_name_in_kebab_case() {
    for error in Error::ALL {
        let mut kebab = String::new();
        for character in name(error).chars() {
            if character.is_ascii_uppercase() && !kebab.is_empty() {
                kebab.push('-');
            }
            kebab.extend(character.to_lowercase());
        }
        assert_eq!(error.code(), kebab);
    }
    let codes: BTreeSet<_> = Error::ALL.iter().map(Error::code).collect();
    assert_eq!(codes.len(), Error::ALL.len());
}

#[test]
fn each_error_is_one_clear_sentence() {
    for error in Error::ALL {
        let text = error.to_string();
        assert!(
            !text.is_empty() && !text.contains('\n') && !text.ends_with('.'),
            "{text}"
        );
        assert!(
            text.starts_with(|first: char| !first.is_uppercase()),
            "{text}"
        );
    }
}

/// A code is expected if it stands in quotes, or as the variant, where expectations stand.
#[test]
fn every_code_is_expected_by_a_test() {
    let mut text = String::new();
    for path in EXPECTATIONS {
        read(&repository().join(path), &mut text);
    }
    let expected = |error: &&Error| {
        text.contains(&format!("\"{}\"", error.code()))
            || text.contains(&format!("Error::{}", name(error)))
    };
    let missing: Vec<_> = Error::ALL
        .iter()
        .filter(|error| !expected(error))
        .map(Error::code)
        .collect();
    assert_eq!(missing, [""; 0]);
}

/// Appends the text of a file, or of all files below a folder but this one.
fn read(path: &Path, text: &mut String) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a readable folder") {
            read(&entry.expect("an entry").path(), text);
        }
    } else if path.file_name() != Path::new(file!()).file_name() {
        text.push_str(&fs::read_to_string(path).expect("a text"));
    }
}
