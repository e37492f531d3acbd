//! The trust roots that ship with modelseal. `cargo xtask roots` refreshes them, and this table.

use spin::Once;

use super::{Origin, TrustRoot};
use crate::error::Error;

/// A file of a bundled root, read when it is first asked for.
struct Bundled {
    origin: Origin,
    json: &'static [u8],
    root: Once<Result<TrustRoot, Error>>,
}

impl Bundled {
    const fn new(
        name: &'static str,
        source: &'static str,
        date: &'static str,
        json: &'static [u8],
    ) -> Self {
        Self {
            origin: Origin {
                name: Some(name),
                source: Some(source),
                date: Some(date),
            },
            json,
            root: Once::new(),
        }
    }
}

static BUNDLED: [Bundled; if cfg!(feature = "all-roots") { 3 } else { 1 }] = [
    Bundled::new(
        "production",
        "npm @sigstore/tuf 4.0.2",
        "2026-11-23",
        include_bytes!("../../roots/production.json"),
    ),
    #[cfg(feature = "all-roots")]
    Bundled::new(
        "staging",
        "PyPI sigstore 4.5.1",
        "2026-11-23",
        include_bytes!("../../roots/staging.json"),
    ),
    #[cfg(feature = "all-roots")]
    Bundled::new(
        "github",
        "crate sigstore-trust-root 0.15.1",
        "2026-11-23",
        include_bytes!("../../roots/github.json"),
    ),
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    BUNDLED.iter().filter_map(|bundled| bundled.origin.name)
}

pub(super) fn find(name: &str) -> Result<TrustRoot, Error> {
    let mut bundled = BUNDLED.iter();
    let bundled = bundled
        .find(|bundled| bundled.origin.name == Some(name))
        .ok_or(Error::TrustRootUnknown)?;
    let root = bundled
        .root
        .call_once(|| TrustRoot::read(bundled.json, bundled.origin));
    root.clone()
}
