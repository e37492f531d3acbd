//! `modelseal roots update` and `modelseal roots reset`: the only command that asks a server.

use modelseal::{TrustRoot, UnixTime, report::TrustRootReport};
use modelseal_tuf::{Answer, Limits, Refresh, Role, StartRoot, State, Target, Trusted};

use super::difference;
use crate::{
    args::{ResetRoots, UpdateRoots},
    clock::clock,
    exit::{Failure, VERIFIED, quoted},
    mirror::Mirror,
    print,
    store::{Generation, Locked, Store, TRUSTED_ROOT},
    stored_root,
};

/// What a refresh has verified, and what is to be stored whether it ended well or not.
struct Fetched {
    result: Result<(Trusted, Vec<u8>), Failure>,
    state: State,
}

/// Runs `modelseal roots update`; the result is the exit code.
///
/// # Errors
/// If the mirror cannot be asked, or what it serves is refused.
pub fn run(arguments: &UpdateRoots) -> Result<u8, Failure> {
    let start = find(&arguments.name)?;
    let now = clock(None, None)?.at();
    let mirror = match (&arguments.offline, &arguments.mirror) {
        (Some(folder), _) => Mirror::folder(folder),
        (None, Some(address)) => Mirror::web(address, None)?,
        (None, None) => Mirror::web(start.mirror, None)?,
    };
    let store = Store::find();
    let page = update(start, store.as_ref(), &mirror, now, arguments.check)?;
    print::text(&page)?;
    Ok(VERIFIED)
}

/// Refreshes a trust root, and returns what is to be said of it.
fn update(
    start: &StartRoot,
    store: Option<&Store>,
    mirror: &Mirror,
    now: UnixTime,
    check: bool,
) -> Result<String, Failure> {
    if store.is_none() && !check {
        return Err(no_folder());
    }
    // A check writes nothing, and so waits for no one.
    let locked = store.filter(|_| !check).map(Store::lock).transpose()?;
    let fetched = fetch(start, store, now, mirror);
    let (trusted, json) = match fetched.result {
        Ok(good) => good,
        Err(failure) => {
            keep_seen(locked.as_ref(), start, now, &fetched.state);
            return Err(failure);
        }
    };
    let new = TrustRoot::parse(&json)
        .map_err(|error| Failure::refused(error.code(), error.to_string()))?
        .report();
    if new.certificate_authorities.is_empty() {
        let message = "the fetched trust root names no authority";
        return Err(Failure::refused("trust-root-unusable", message));
    }
    let old = stored_root::choose(start, store, now)?.report();
    if let Some(locked) = &locked {
        let generation = Generation::new(now.to_string(), &fetched.state, Some(&json));
        // What is written is what is read: otherwise the next use would warn of it.
        generation
            .verify(start)
            .map_err(|why| Failure::refused("store-unverified", why))?;
        locked.write(start.name, &generation)?;
    }
    Ok(page(start, &trusted, &old, &new, store.filter(|_| !check)))
}

/// Runs `modelseal roots reset`; the result is the exit code.
///
/// # Errors
/// If there is no such root, or the store cannot be written.
pub fn reset(arguments: &ResetRoots) -> Result<u8, Failure> {
    let names: Vec<&str> = match &arguments.name {
        Some(name) => vec![find(name)?.name],
        None => StartRoot::BUNDLED.iter().map(|start| start.name).collect(),
    };
    let store = Store::find().ok_or_else(no_folder)?;
    // Where nothing was stored, nothing is made.
    if store.folder().is_dir() {
        let locked = store.lock()?;
        for name in &names {
            locked.forget(name)?;
        }
    }
    print::text(&format!(
        "the bundled trust roots count again: {}\n",
        names.join(", ")
    ))?;
    Ok(VERIFIED)
}

fn find(name: &str) -> Result<&'static StartRoot, Failure> {
    StartRoot::find(name).ok_or_else(|| {
        let names: Vec<_> = StartRoot::BUNDLED.iter().map(|start| start.name).collect();
        let message = format!("`{name}` is not one of {}", names.join(", "));
        Failure::new("trust-root-unknown", message)
    })
}

fn no_folder() -> Failure {
    let message = "there is no folder to store trust roots in: set MODELSEAL_STORE to one";
    Failure::new("store-missing", message)
}

/// Asks the mirror for all that is wanted.
fn fetch(start: &StartRoot, store: Option<&Store>, now: UnixTime, mirror: &Mirror) -> Fetched {
    let state = store
        .map(|store| store.latest(start.name))
        .unwrap_or_default();
    let mut kept = state.clone();
    let result = (|| {
        let mut refresh = Refresh::new(start.json, state, now, Limits::default())?;
        while let Some(wanted) = refresh.wanted() {
            let answered = refresh.answer(mirror.fetch(&wanted)?);
            kept = refresh.state();
            answered?;
        }
        kept = refresh.state();
        let mut search = refresh.finish()?.search(TRUSTED_ROOT)?;
        while let Some(wanted) = search.wanted() {
            let answered = search.answer(mirror.fetch(&wanted)?);
            kept = search.state();
            answered?;
        }
        let (trusted, target) = search.finish();
        kept = trusted.state();
        let json = target_file(start, store, &target?, mirror)?;
        Ok((trusted, json))
    })();
    Fetched {
        result,
        state: kept,
    }
}

/// The target file: the stored one, while it is still right.
fn target_file(
    start: &StartRoot,
    store: Option<&Store>,
    target: &Target,
    mirror: &Mirror,
) -> Result<Vec<u8>, Failure> {
    let stored = store.and_then(|store| store.complete(start.name).ok().flatten());
    let stored = stored.and_then(|generation| generation.trusted_root());
    let answer = match stored.filter(|bytes| target.is(bytes)) {
        Some(bytes) => Answer::Bytes(bytes),
        None => mirror.fetch(target.wanted())?,
    };
    Ok(target.clone().verify(answer)?)
}

/// What a refresh that failed has verified protects the next one. That it cannot be stored is not a further failure.
fn keep_seen(locked: Option<&Locked<'_>>, start: &StartRoot, now: UnixTime, state: &State) {
    let Some(locked) = locked else { return };
    let seen = Generation::new(now.to_string(), state, None);
    if let Err(failure) = locked.write_seen(start.name, &seen) {
        print::warning(&failure.message());
    }
}

fn page(
    start: &StartRoot,
    trusted: &Trusted,
    old: &TrustRootReport,
    new: &TrustRootReport,
    written: Option<&Store>,
) -> String {
    let lines = difference::lines(old, new);
    let state = match (old.sha256 == new.sha256, written) {
        (true, _) => "current",
        (false, None) => "an update is there",
        (false, Some(_)) => "updated",
    };
    let mut page = format!("{}: {state}\n", start.name);
    for role in [Role::Root, Role::Targets] {
        if let Some(expiry) = trusted.expiry(role) {
            let (version, expires) = (expiry.version, expiry.expires);
            page.push_str(&format!("  {role} {version}, expires {expires}\n"));
        }
    }
    for line in lines {
        page.push_str(&format!("  {}\n", modelseal::escape_text(&line)));
    }
    if let Some(store) = written {
        page.push_str(&format!("  stored in {}\n", quoted(store.folder())));
    }
    page
}

// They need a simulated repository, whose crate is not published.
#[cfg(all(test, in_repository))]
mod tests {
    use std::fs;

    use modelseal_forge_tuf::{Repository, Signer};
    use tempfile::TempDir;

    use super::*;

    const NOW: u64 = 1_748_736_000;

    /// Another trust root than the one that ships under the name.
    const STAGING: &[u8] = include_bytes!("../../../modelseal/roots/staging.json");

    /// A repository with a trust root, a folder that mirrors it, and a store.
    struct World {
        repository: Repository,
        start: StartRoot,
        mirror: TempDir,
        // Holds what the store is in.
        _data: TempDir,
        store: Store,
    }

    impl World {
        fn new() -> Self {
            let mut repository = Repository::new();
            repository.add_target("targets", TRUSTED_ROOT, STAGING);
            repository.targets.set_version(20);
            repository.link();
            let bundled = StartRoot::find("production").unwrap();
            let json = repository.roots[0].bytes().leak();
            let data = TempDir::new().unwrap();
            Self {
                start: StartRoot { json, ..*bundled },
                repository,
                mirror: TempDir::new().unwrap(),
                store: Store::at(data.path().join("deeper")),
                _data: data,
            }
        }

        fn update_at(&self, now: u64, check: bool) -> Result<String, Failure> {
            let folder = self.mirror.path();
            for (path, bytes) in self.repository.publish().files {
                let path = path.strip_prefix("metadata/").unwrap_or(&path).to_owned();
                let path = folder.join(path);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, bytes).unwrap();
            }
            let (mirror, now) = (Mirror::folder(folder), UnixTime::from_seconds(now));
            update(&self.start, Some(&self.store), &mirror, now, check)
        }

        fn update(&self) -> Result<String, Failure> {
            self.update_at(NOW, false)
        }

        fn chosen(&self) -> [u8; 32] {
            let now = UnixTime::from_seconds(NOW);
            choose(&self.start, &self.store, now)
        }
    }

    fn choose(start: &StartRoot, store: &Store, now: UnixTime) -> [u8; 32] {
        let root = stored_root::choose(start, Some(store), now);
        root.unwrap().sha256()
    }

    fn staging() -> [u8; 32] {
        TrustRoot::parse(STAGING).unwrap().sha256()
    }

    fn production() -> [u8; 32] {
        TrustRoot::bundled("production").unwrap().sha256()
    }

    #[test]
    fn what_is_fetched_counts_until_it_is_reset() {
        let world = World::new();
        let check = world.update_at(NOW, true).unwrap();
        assert!(
            check.starts_with("production: an update is there\n"),
            "{check}"
        );
        assert!(check.contains("\n  + logs: https://"), "{check}");
        assert!(check.contains("\n  - logs: https://"), "{check}");
        assert!(!world.store.folder().exists());
        assert_eq!(world.chosen(), production());
        let page = world.update().unwrap();
        assert!(page.starts_with("production: updated\n"), "{page}");
        assert_eq!(world.chosen(), staging());
        let again = world.update().unwrap();
        assert!(again.starts_with("production: current\n"), "{again}");
        world.store.lock().unwrap().forget("production").unwrap();
        assert_eq!(world.chosen(), production());
    }

    #[test]
    fn an_expired_store_still_counts() {
        let world = World::new();
        world.update().unwrap();
        let later = UnixTime::from_seconds(NOW + 20 * 365 * 86_400);
        assert_eq!(choose(&world.start, &world.store, later), staging());
    }

    #[test]
    fn an_older_version_than_the_bundled_one_does_not_count() {
        let mut world = World::new();
        world.repository.targets.set_version(13);
        world.repository.link();
        world.update().unwrap();
        assert_eq!(world.chosen(), production());
    }

    /// Each changed file of the store is found, and the bundled root counts.
    #[test]
    fn a_poisoned_store_is_not_used() {
        let world = World::new();
        world.update().unwrap();
        let path = world.store.folder().join("production.json");
        let good: serde_json::Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
        let root = String::from_utf8(world.repository.roots[0].bytes()).unwrap();
        let changes: [(&str, serde_json::Value); 7] = [
            ("trustedRoot", "{}".into()),
            ("trustedRoot", serde_json::Value::Null),
            ("timestamp", serde_json::Value::Null),
            ("snapshot", good["targets"].clone()),
            (
                "targets",
                good["targets"].as_str().unwrap().replace("20", "21").into(),
            ),
            ("roots", vec![root].into()),
            ("further", 1.into()),
        ];
        for (member, value) in changes {
            let mut poisoned = good.clone();
            poisoned[member] = value;
            fs::write(&path, poisoned.to_string()).unwrap();
            assert_eq!(world.chosen(), production(), "{member}");
            // The next update mends it.
            world.update().unwrap();
            assert_eq!(world.chosen(), staging(), "{member}");
        }
        let whole = fs::read(&path).unwrap();
        for length in (0..whole.len()).step_by(997) {
            fs::write(&path, &whole[..length]).unwrap();
            assert_eq!(world.chosen(), production(), "{length}");
        }
    }

    /// What a refresh that failed has seen protects the next one, and the last good one counts.
    #[test]
    fn a_failed_refresh_is_remembered() {
        let mut world = World::new();
        world.update().unwrap();
        let signers = world.repository.snapshot.signers.clone();
        world.repository.bump();
        world.repository.snapshot.signers = vec![Signer::p256("attacker")];
        let failure = world.update().unwrap_err();
        assert_eq!(failure.code(), "tuf-threshold");
        assert_eq!(world.chosen(), staging());
        world.repository.snapshot.signers = signers;
        world.repository.timestamp.set_version(1);
        assert_eq!(world.update().unwrap_err().code(), "tuf-rollback");
        world.repository.timestamp.set_version(3);
        world.update().unwrap();
        assert!(!world.store.folder().join("production.seen.json").exists());
    }

    #[test]
    fn a_trust_root_that_cannot_be_used_is_not_stored() {
        for (content, code) in [
            (&b"{}"[..], "trust-root-unreadable"),
            (
                br#"{"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1"}"#,
                "trust-root-unusable",
            ),
        ] {
            let mut world = World::new();
            world
                .repository
                .add_target("targets", TRUSTED_ROOT, content);
            let failure = world.update().unwrap_err();
            assert_eq!(failure.code(), code);
            assert_eq!(world.chosen(), production());
        }
    }

    #[test]
    fn expired_names_both_dates() {
        let world = World::new();
        let failure = world.update_at(2_000_000_000, false).unwrap_err();
        assert_eq!(
            failure.message(),
            "the root metadata expired at 2030-01-01T00:00:00Z; it is 2033-05-18T03:33:20Z"
        );
    }

    /// A write that was interrupted leaves the last generation, whatever lies beside it.
    #[test]
    fn an_interrupted_write_is_no_generation() {
        let world = World::new();
        world.update().unwrap();
        let beside = world.store.folder().join("production.json.new");
        fs::write(&beside, b"{\"fetchedAt\":").unwrap();
        assert_eq!(world.chosen(), staging());
        world.update().unwrap();
        assert_eq!(world.chosen(), staging());
        assert!(!beside.exists());
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_no_reason_to_stop() {
        let world = World::new();
        fs::write(world.store.folder(), b"a file").unwrap();
        let failure = world.update().unwrap_err();
        assert_eq!(failure.code(), "store-unwritable");
        assert_eq!(world.chosen(), production());
    }
}
