//! Repositories that others published, at their times, with their own start roots.

use std::path::{Path, PathBuf};
use std::{env, fs};

use modelseal::TrustRoot;
use modelseal_tuf::{Answer, Error, Place, Role, StartRoot, Trusted, Wanted};
use modelseal_tuf_tests::code;
use modelseal_tuf_tests::published::{PRODUCTION_TIME, Published, client, read};

/// The folder of a repository; none, and a line that says so, where the vectors are missing.
fn folder(test: &str, name: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let vectors = env::var_os("MODELSEAL_VECTORS").map_or(beside, PathBuf::from);
    let folder = vectors.join("tuf").join(name);
    if !folder.is_dir() {
        println!(
            "skipped: {test}: set MODELSEAL_VECTORS, or put the vectors into ../shared/vectors"
        );
        return None;
    }
    Some(folder)
}

/// Answers with the files of a folder with the layout of a mirror.
fn serve(folder: &Path) -> impl Fn(&Wanted) -> Answer {
    move |wanted| {
        let below = match wanted.place {
            Place::Metadata => "metadata",
            Place::Targets => "targets",
        };
        match fs::read(folder.join(below).join(&wanted.path)) {
            Ok(bytes) => Answer::Bytes(bytes),
            Err(_) => Answer::NotFound,
        }
    }
}

#[test]
fn static_repositories() {
    for name in ["sigstore-root-signing", "tuf-on-ci-0.11"] {
        let Some(folder) = folder("static_repositories", name) else {
            continue;
        };
        let text = |file: &str| String::from_utf8(read(&folder.join(file))).expect("text");
        let start = read(&folder.join("initial_root.json"));
        // As `2025-02-09 12:02:08+00:00`.
        let time = text("faketime")
            .trim()
            .replace(' ', "T")
            .replace("+00:00", "Z");
        let mut world = client(start, &time, text("targetpath").trim());
        let run = world.run_with(serve(&folder));
        assert_eq!(code(&run.result), "ok", "{name}: {:?}", run.result);
        // Nothing but the timestamp and the target is asked for again.
        world.state = run.state.clone();
        let again = world.run_with(serve(&folder));
        assert_eq!(code(&again.result), "ok", "{name}: {:?}", again.result);
        assert_eq!(again.state, run.state, "{name}");
        assert_eq!(again.asked.len(), 3, "{name}: {:?}", again.asked);
    }
}

#[test]
fn production_from_every_root() {
    let Some(folder) = folder("production_from_every_root", "production") else {
        return;
    };
    let production = Published::production(&folder);
    for version in 12..=15 {
        let start = production.root(version);
        let world = production.client(version, PRODUCTION_TIME, "trusted_root.json");
        let run = world.run_with(production.answers());
        let target = run.result.expect("it is good").expect("a target");
        assert_eq!(run.versions, Some([762, 165, 14, 15]));
        // The same file ships with modelseal.
        let root = TrustRoot::parse(&target).expect("a trust root");
        assert_eq!(root.name(), Some("production"));
        // What is stored is verified again without a mirror and without a clock.
        let stored = Trusted::from_state(&start, run.state.clone(), world.limits);
        let expiry = stored.expect("it is good").expiry(Role::Targets);
        assert_eq!(expiry.map(|expiry| expiry.version), Some(14));
        // And not from another root.
        let github = StartRoot::find("github").expect("it ships").json;
        let other = Trusted::from_state(github, run.state, world.limits);
        assert!(other.is_err());
    }
}

#[test]
fn production_later_is_expired() {
    let Some(folder) = folder("production_later_is_expired", "production") else {
        return;
    };
    let production = Published::production(&folder);
    for (time, expected) in [
        ("2026-08-28T19:25:56Z", Role::Timestamp),
        ("2026-11-20T13:58:18Z", Role::Root),
    ] {
        let run = production
            .client(12, time, "trusted_root.json")
            .run_with(production.answers());
        let Err(Error::Expired { role, .. }) = run.result else {
            panic!("{:?}", run.result);
        };
        assert_eq!(role, expected);
    }
}

/// Its delegated role is not in the copy: that is said, and is not a target that no role lists.
#[test]
fn production_without_its_delegated_role() {
    let Some(folder) = folder("production_without_its_delegated_role", "production") else {
        return;
    };
    let production = Published::production(&folder);
    let world = production.client(12, PRODUCTION_TIME, "registry.npmjs.org/keys.json");
    let run = world.run_with(production.answers());
    let role = Role::Delegated;
    assert_eq!(run.result, Err(Error::NotFound { role }));
    assert_eq!(
        run.asked.last().map(String::as_str),
        Some("metadata/8.registry.npmjs.org.json")
    );
}

/// GitHub's instance has no consistent snapshots: names have no version.
#[test]
fn the_form_of_github() {
    let start = StartRoot::find("github").expect("it ships").json.to_vec();
    let world = client(start, PRODUCTION_TIME, "trusted_root.json");
    let run = world.run_with(|_| Answer::NotFound);
    assert_eq!(code(&run.result), "tuf-not-found");
    assert_eq!(
        run.asked,
        ["metadata/10.root.json", "metadata/timestamp.json"]
    );
}
