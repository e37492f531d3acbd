//! Which trust root counts: the one that ships, or a newer one that was fetched.

use modelseal::{TrustRoot, UnixTime};
use modelseal_tuf::StartRoot;

use crate::{
    clock::clock,
    exit::Failure,
    print,
    store::{Store, Stored},
};

/// The trust root of a bundled name. What is stored is verified each time; what cannot be verified is said, and the
/// bundled one counts.
///
/// # Errors
/// If the bundled one cannot be read.
pub fn trust_root(start: &StartRoot) -> Result<TrustRoot, Failure> {
    let now = clock(None, None).map_or(UnixTime::EPOCH, |clock| clock.at());
    choose(start, Store::find().as_ref(), now)
}

/// The same, with a store and a time.
///
/// # Errors
/// If the bundled one cannot be read.
pub fn choose(
    start: &StartRoot,
    store: Option<&Store>,
    now: UnixTime,
) -> Result<TrustRoot, Failure> {
    let bundled = TrustRoot::bundled(start.name)?;
    let Some(stored) = store.and_then(|store| verified(start, store)) else {
        return Ok(bundled);
    };
    // Of the two, the one with the higher version of targets; of the same file, the bundled one, which has a name.
    if stored.targets.version < start.bundled_targets || stored.root.sha256() == bundled.sha256() {
        return Ok(bundled);
    }
    warn_of_expiry(start, &stored, now);
    Ok(stored.root)
}

fn verified(start: &StartRoot, store: &Store) -> Option<Stored> {
    let ignored = |why: String| {
        let name = start.name;
        print::warning(&format!(
            "the stored trust root `{name}` is not used: {why}; the bundled one counts"
        ));
    };
    let generation = match store.complete(start.name) {
        Ok(generation) => generation?,
        Err(error) => {
            ignored(crate::exit::reason(&error));
            return None;
        }
    };
    generation.verify(start).map_err(ignored).ok()
}

fn warn_of_expiry(start: &StartRoot, stored: &Stored, now: UnixTime) {
    let expires = stored.tuf_root.expires;
    if expires <= now {
        let (name, fetched) = (start.name, &stored.fetched_at);
        print::warning(&format!(
            "the trust root `{name}`, fetched at {fetched}, is of a TUF root that expired at {expires}: \
             `modelseal roots update {name}`"
        ));
    }
}
