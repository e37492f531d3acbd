//! What a host may find and do apart from plain files: each way with its exact reason.

use std::fs;

use modelseal::{
    Audit, AuditOptions, Disposition, EntryKind, Error, FileStatus, LinkRefusal, LinkTargets,
    verdict::Note,
};
use modelseal_core_tests::{codes, fixture, options, repository};

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
    let mut check = audit.hasher(path).expect("announced");
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
    assert_eq!(codes(strict.finish().reasons()), ["file-missing"]);
    let part = options(|options| options.complete = false);
    let part = all_but_one("model.sig", part).finish();
    assert_eq!(
        codes(part.reasons()),
        ["coverage-unobserved", "file-not-checked"]
    );
}

#[test]
fn a_file_is_announced_once_and_settled_once() {
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    assert!(audit.hasher(FILE).is_none());
    let announce = |audit: &mut Audit, path| audit.announce(path, EntryKind::File, None);
    assert_eq!(announce(&mut audit, FILE), Ok(Disposition::Hash));
    assert_eq!(announce(&mut audit, FILE), Err(Error::EntryDuplicate));
    assert_eq!(announce(&mut audit, "extra"), Ok(Disposition::Skip));
    assert_eq!(announce(&mut audit, "extra"), Err(Error::EntryDuplicate));
    let again = audit.hasher(FILE).expect("announced");
    assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
    usage(audit.record(again.finish()).err());
    usage(audit.unreadable(FILE).err());
    usage(audit.listing(FILE, "sha256:00").err());
    assert_eq!(codes(audit.finish().reasons()), ["file-unsigned"]);
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
    usage(audit.record_check(foreign.finish()).err());
    // An announced file that was never hashed was not checked, though the model is whole.
    assert_eq!(codes(audit.finish().reasons()), ["file-not-checked"]);
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
    assert_eq!(codes(verdict.reasons()), ["file-unreadable"]);
}

#[test]
fn a_listing_is_no_bytes() {
    let digest = fixture("model.sig");
    let digest = digest.files().iter().find(|file| file.path() == FILE);
    let modelseal::FileContent::Whole(digest) = *digest.expect("signed").content() else {
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
        assert_eq!(codes(audit.finish().reasons()), [reason], "{text}");
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
        assert_eq!(codes(audit.finish().reasons()), [reason]);

        let mut audit = all_but_one("model.sig", AuditOptions::default());
        assert_eq!(
            audit.announce(FILE, EntryKind::File, None),
            Ok(Disposition::Hash)
        );
        assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
        assert_eq!(audit.announce("extra", kind, None), Ok(Disposition::Skip));
        assert_eq!(codes(audit.finish().reasons()), [reason]);
    }
}

/// Signer and caller must both allow a link; then what it leads to is hashed.
#[test]
fn a_link_needs_the_signers_word_and_the_callers() {
    for (bundle, caller, followed) in [
        ("model.sig", false, false),
        ("model.sig", true, false),
        ("symlinks-allowed/model.sig", false, false),
        ("symlinks-allowed/model.sig", true, true),
    ] {
        let options = || options(|options| options.allow_symlinks = caller);
        let mut audit = all_but_one(bundle, options());
        let disposition = audit.announce(FILE, EntryKind::Symlink, Some(1));
        if !followed {
            assert_eq!(disposition, Ok(Disposition::Skip), "{bundle} {caller}");
            assert_eq!(
                codes(audit.finish().reasons()),
                ["symlink-refused"],
                "{bundle} {caller}"
            );
            continue;
        }
        assert_eq!(disposition, Ok(Disposition::Hash));
        assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
        assert_eq!(codes(audit.finish().reasons()), [""; 0]);

        // One that leaves the model is the host's to refuse.
        let mut audit = all_but_one(bundle, options());
        let disposition = audit.announce(FILE, EntryKind::Symlink, Some(1));
        assert_eq!(disposition, Ok(Disposition::Hash));
        assert_eq!(audit.refuse_symlink(FILE), Ok(()));
        assert_eq!(codes(audit.finish().reasons()), ["symlink-refused"]);
    }
}

/// What an entry of this path and kind is taken for, beside a model that is as signed.
fn beside(bundle: &str, path: &str, kind: EntryKind) -> Vec<&'static str> {
    let options = options(|options| options.link_targets = Some(LinkTargets::Folder));
    let mut audit = all_but_one(bundle, options);
    audit
        .announce(FILE, EntryKind::File, None)
        .expect("each path once");
    assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
    audit.announce(path, kind, None).expect("each path once");
    codes(audit.finish().reasons())
}

/// Git's names count as git's only in git's kind, whether the signer recorded them or not.
#[test]
fn a_name_of_gits_is_gits_in_gits_kind_alone() {
    use EntryKind::{Directory, File, FollowedLink, Special, Symlink};
    for bundle in ["model.sig", "ignored-by-signature/model.sig"] {
        for (path, kind) in [
            (".git", Directory),
            (".git", File),
            (".git/config", File),
            (".git/hooks/pre-commit", File),
            (".github", Directory),
            (".github/workflows/ci.yml", File),
            (".gitignore", File),
            (".gitattributes", File),
            (".gitattributes", FollowedLink),
        ] {
            assert!(beside(bundle, path, kind).is_empty(), "{path} {kind:?}");
        }
        for (path, kind, reason) in [
            (".github", File, "file-unsigned"),
            (".github", Symlink, "symlink-refused"),
            (".git", Symlink, "symlink-refused"),
            (".gitignore", Symlink, "symlink-refused"),
            (".gitignore", Special, "special-file-refused"),
            (".gitignore/evil.py", File, "file-unsigned"),
            (".gitattributes/pkg/__init__.py", File, "file-unsigned"),
            ("sub/.gitignore", File, "file-unsigned"),
        ] {
            assert_eq!(beside(bundle, path, kind), [reason], "{path} {kind:?}");
        }
        // A folder of such a name is looked into.
        let mut audit = all_but_one(bundle, AuditOptions::default());
        for folder in [".gitignore", ".gitattributes"] {
            let disposition = audit.announce(folder, Directory, None);
            assert_eq!(disposition, Ok(Disposition::Descend), "{folder}");
        }
    }
}

/// A link of the place where the model is stored counts as the file that it leads to.
#[test]
fn a_followed_link_is_its_target() {
    let targets = || options(|options| options.link_targets = Some(LinkTargets::HuggingFaceCache));
    let announce = |audit: &mut Audit, size| audit.announce(FILE, EntryKind::FollowedLink, size);
    let mut audit = all_but_one("model.sig", targets());
    assert_eq!(announce(&mut audit, None), Ok(Disposition::Hash));
    assert_eq!(hash(&mut audit, FILE), Ok(FileStatus::Ok));
    let verdict = audit.finish();
    assert_eq!(verdict.outcome(), modelseal::Outcome::Verified);
    let links = verdict.coverage().followed_links.expect("it is said");
    assert_eq!(
        (links.count, links.targets),
        (1, LinkTargets::HuggingFaceCache)
    );

    let mut audit = all_but_one("model.sig", targets());
    assert_eq!(announce(&mut audit, None), Ok(Disposition::Hash));
    let mut check = audit.hasher(FILE).expect("announced");
    check.push(b"something else");
    assert_eq!(audit.record(check.finish()), Ok(FileStatus::Changed));
    assert_eq!(codes(audit.finish().reasons()), ["file-changed"]);
    // An unsigned one is unsigned.
    assert_eq!(
        beside("model.sig", "more.bin", EntryKind::FollowedLink),
        ["file-unsigned"]
    );
    // Nothing is followed by a host that did not say where links may lead.
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    usage(announce(&mut audit, None).err());
}

/// A link that was not followed was not read: it is never called changed.
#[test]
fn a_link_that_is_not_followed_is_not_read() {
    let allowed = || options(|options| options.allow_symlinks = true);
    for (bundle, options, reason) in [
        ("model.sig", allowed(), LinkRefusal::BySignature),
        (
            "symlinks-allowed/model.sig",
            AuditOptions::default(),
            LinkRefusal::ByCaller,
        ),
        (
            "symlinks-allowed/model.sig",
            allowed(),
            LinkRefusal::LeadsOut,
        ),
    ] {
        let mut audit = all_but_one(bundle, options);
        if audit.announce(FILE, EntryKind::Symlink, None) == Ok(Disposition::Hash) {
            audit.refuse_symlink(FILE).expect("announced");
        }
        let verdict = audit.finish();
        assert_eq!(codes(verdict.reasons()), ["symlink-refused"]);
        let bytes = verdict.bytes();
        assert!(bytes.changed.is_empty());
        let found: Vec<_> = bytes.not_followed.iter().map(|link| link.reason).collect();
        assert_eq!(found, [reason]);
    }
}

/// No signature can list such a name: it is called what it is, and never lost behind one that reads
/// like its escape.
#[test]
fn a_name_that_is_not_utf_8_is_called_that() {
    let escaped = "a\\xff";
    let not_utf8 = beside("model.sig", escaped, EntryKind::NotUtf8);
    assert_eq!(not_utf8, ["name-not-utf8"]);
    let orders = [
        [EntryKind::NotUtf8, EntryKind::File],
        [EntryKind::File, EntryKind::NotUtf8],
    ];
    for kinds in orders {
        let mut audit = all_but_one("model.sig", AuditOptions::default());
        for kind in kinds {
            assert_eq!(audit.announce(escaped, kind, None), Ok(Disposition::Skip));
        }
        let verdict = audit.finish();
        assert!(codes(verdict.reasons()).contains(&"name-not-utf8"));
    }
    // Nor is it the signed file whose name reads the same.
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    assert_eq!(
        audit.announce(FILE, EntryKind::NotUtf8, None),
        Ok(Disposition::Skip)
    );
    assert_eq!(
        codes(audit.finish().reasons()),
        ["file-missing", "name-not-utf8"]
    );
}

#[test]
fn records_of_a_download_get_a_hint() {
    let record = ".cache/huggingface/download/config.json.metadata";
    let mut audit = all_but_one("model.sig", AuditOptions::default());
    audit
        .announce(record, EntryKind::File, None)
        .expect("each path once");
    let notes = audit.finish().notes().to_vec();
    assert_eq!(notes, [Note::HuggingFaceRecords]);
}
