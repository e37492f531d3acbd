//! What a host may find and do besides plain files: each way with its exact reason.

use std::fs;

use modelseal::{Audit, AuditOptions, Disposition, EntryKind, Error, FileStatus};
use modelseal_core_tests::{fixture, repository};

const FILE: &str = "config.json";

fn bytes(path: &str) -> Vec<u8> {
    let model = repository().join("tests/fixtures/example-model");
    fs::read(model.join(path)).expect("a file")
}

/// An audit in which every signed file but [`FILE`] was hashed.
fn all_but_one(bundle: &str, options: AuditOptions) -> Audit {
    let manifest = fixture(bundle);
    let paths: Vec<_> = manifest
        .files()
        .iter()
        .map(|file| file.path().to_owned())
        .collect();
    let mut audit = manifest.audit(options);
    for path in paths.iter().filter(|path| *path != FILE) {
        let disposition = audit.announce(path, EntryKind::File, None);
        assert_eq!(disposition, Ok(Disposition::Hash));
        assert_eq!(hash(&mut audit, path), Ok(FileStatus::Ok));
    }
    audit
}

fn hash(audit: &mut Audit, path: &str) -> Result<FileStatus, Error> {
    let mut check = audit.check(path).expect("announced");
    check.push(&bytes(path));
    audit.record(check.finish())
}

fn usage(error: Option<Error>) {
    assert!(
        matches!(error, Some(Error::UsageInvalid { .. })),
        "{error:?}"
    );
}

#[test]
fn a_file_that_was_not_announced_is_missing_from_a_whole_model_alone() {
    let strict = all_but_one("model.sig", AuditOptions::default());
    assert_eq!(strict.finish().reasons(), ["file-missing"]);
    let part = AuditOptions {
        complete: false,
        ..AuditOptions::default()
    };
    let part = all_but_one("model.sig", part).finish();
    assert_eq!(part.reasons(), ["coverage-unobserved", "file-not-checked"]);
}

#[test]
fn a_file_is_announced_once_and_settled_once() {
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    assert!(audit.check(FILE).is_none());
    let announce = |audit: &mut Audit, path| audit.announce(path, EntryKind::File, None);
    assert_eq!(announce(&mut audit, FILE), Ok(Disposition::Hash));
    assert_eq!(announce(&mut audit, FILE), Err(Error::EntryDuplicate));
    assert_eq!(announce(&mut audit, "extra"), Ok(Disposition::Skip));
    assert_eq!(announce(&mut audit, "extra"), Err(Error::EntryDuplicate));
    let again = audit.check(FILE).expect("announced");
    assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
    usage(audit.record(again.finish()).err());
    usage(audit.unreadable(FILE).err());
    usage(audit.listing(FILE, "sha256:00").err());
    assert_eq!(audit.finish().reasons(), ["file-unsigned"]);
}

#[test]
fn a_check_of_one_bundle_says_nothing_of_another() {
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    let announced = audit.announce(FILE, EntryKind::File, None);
    assert_eq!(announced, Ok(Disposition::Hash));
    let mut foreign = fixture("blake3/model.sig")
        .check(FILE)
        .expect("a signed file");
    foreign.push(&bytes(FILE));
    usage(audit.record(foreign.finish()).err());
    // An announced file that was never hashed was not checked, though the model is whole.
    assert_eq!(audit.finish().reasons(), ["file-not-checked"]);
}

#[test]
fn a_file_that_cannot_be_read_leaves_the_verdict_incomplete() {
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    usage(audit.unreadable(FILE).err());
    assert_eq!(
        audit.announce(FILE, EntryKind::File, None),
        Ok(Disposition::Hash)
    );
    assert_eq!(audit.unreadable(FILE), Ok(()));
    let verdict = audit.finish();
    assert_eq!(verdict.outcome(), modelseal::Outcome::Incomplete);
    assert_eq!(verdict.reasons(), ["file-unreadable"]);
}

#[test]
fn a_listing_is_no_bytes() {
    let digest = fixture("model.sig");
    let digest = digest.files().iter().find(|file| file.path() == FILE);
    let modelseal::Content::Whole(digest) = *digest.expect("signed").content() else {
        panic!("method files");
    };
    let other = format!("sha256:{}", "0".repeat(64));
    let blake3 = format!("blake3:{}", "0".repeat(64));
    let cases = [
        (digest.to_string(), FileStatus::Ok, "listing-only"),
        (other, FileStatus::Changed, "file-changed"),
        (blake3, FileStatus::NotChecked, "file-not-checked"),
    ];
    for (text, status, reason) in cases {
        let mut audit = all_but_one("model.sig", AuditOptions::default());
        assert_eq!(
            audit.announce(FILE, EntryKind::File, None),
            Ok(Disposition::Hash)
        );
        assert_eq!(audit.listing(FILE, &text), Ok(status), "{text}");
        assert_eq!(audit.finish().reasons(), [reason], "{text}");
    }
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    assert_eq!(
        audit.announce(FILE, EntryKind::File, None),
        Ok(Disposition::Hash)
    );
    for text in ["", "sha256", "sha256:", "sha256:00", "md5:00", "SHA256:00"] {
        usage(audit.listing(FILE, text).err());
    }
}

#[test]
fn links_and_special_files_are_refused_where_a_file_was_signed_and_where_none_was() {
    let kinds = [
        (EntryKind::Symlink, "symlink-refused"),
        (EntryKind::Special, "special-file-refused"),
    ];
    for (kind, reason) in kinds {
        let mut audit = all_but_one("model.sig", AuditOptions::default());
        assert_eq!(audit.announce(FILE, kind, None), Ok(Disposition::Skip));
        assert_eq!(audit.finish().reasons(), [reason]);

        let mut audit = all_but_one("model.sig", AuditOptions::default());
        assert_eq!(
            audit.announce(FILE, EntryKind::File, None),
            Ok(Disposition::Hash)
        );
        assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
        assert_eq!(audit.announce("extra", kind, None), Ok(Disposition::Skip));
        assert_eq!(audit.finish().reasons(), [reason]);
    }
}

/// Signer and caller both have to allow a link; then what it leads to is hashed.
#[test]
fn a_link_needs_the_signers_word_and_the_callers() {
    for (bundle, caller, followed) in [
        ("model.sig", false, false),
        ("model.sig", true, false),
        ("symlinks-allowed/model.sig", false, false),
        ("symlinks-allowed/model.sig", true, true),
    ] {
        let options = || AuditOptions {
            allow_symlinks: caller,
            ..AuditOptions::default()
        };
        let mut audit = all_but_one(bundle, options());
        let disposition = audit.announce(FILE, EntryKind::Symlink, Some(1));
        if !followed {
            assert_eq!(disposition, Ok(Disposition::Skip), "{bundle} {caller}");
            assert_eq!(
                audit.finish().reasons(),
                ["symlink-refused"],
                "{bundle} {caller}"
            );
            continue;
        }
        assert_eq!(disposition, Ok(Disposition::Hash));
        assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
        assert_eq!(audit.finish().reasons(), [""; 0]);

        // One that leaves the model is the host's to refuse.
        let mut audit = all_but_one(bundle, options());
        let disposition = audit.announce(FILE, EntryKind::Symlink, Some(1));
        assert_eq!(disposition, Ok(Disposition::Hash));
        assert_eq!(audit.refuse_symlink(FILE), Ok(()));
        assert_eq!(audit.finish().reasons(), ["symlink-refused"]);
    }
}
