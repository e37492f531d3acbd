//! The trust roots that ship with modelseal. `cargo xtask roots` takes newer ones.

use alloc::string::ToString;

use modelseal_hash::Hex;
use spin::Once;

use super::{Origin, TrustRoot};
use crate::error::Error;

/// Name, package of origin, date and SHA-256 in hex of each root.
const ORIGINS: [(&str, &str, &str, &str); 3] = include!("../../roots/origins.rs");

/// A root that ships with modelseal, read when it is first asked for.
struct Bundled {
    origin: Origin,
    /// SHA-256 of the file, in hex.
    sha256: &'static str,
    /// None where it ships as a file beside the code.
    json: Option<&'static [u8]>,
    root: Once<Result<TrustRoot, Error>>,
}

impl Bundled {
    const fn new(
        origin: (&'static str, &'static str, &'static str, &'static str),
        json: Option<&'static [u8]>,
    ) -> Self {
        let (name, source, date, sha256) = origin;
        Self {
            origin: Origin {
                name: Some(name),
                source: Some(source),
                date: Some(date),
            },
            sha256,
            json,
            root: Once::new(),
        }
    }
}

/// Embeds a file with the feature `all-roots` alone.
macro_rules! optional {
    ($file:literal) => {{
        #[cfg(feature = "all-roots")]
        let json: Option<&'static [u8]> = Some(include_bytes!($file));
        #[cfg(not(feature = "all-roots"))]
        let json = None;
        json
    }};
}

static BUNDLED: [Bundled; 3] = [
    Bundled::new(
        ORIGINS[0],
        Some(include_bytes!("../../roots/production.json")),
    ),
    Bundled::new(ORIGINS[1], optional!("../../roots/staging.json")),
    Bundled::new(ORIGINS[2], optional!("../../roots/github.json")),
];

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let embedded = BUNDLED.iter().filter(|bundled| bundled.json.is_some());
    embedded.filter_map(|bundled| bundled.origin.name)
}

pub(super) fn find(name: &str) -> Result<TrustRoot, Error> {
    let mut bundled = BUNDLED.iter();
    let bundled = bundled
        .find(|bundled| bundled.origin.name == Some(name))
        .ok_or(Error::TrustRootUnknown)?;
    let json = bundled.json.ok_or(Error::TrustRootUnknown)?;
    let root = bundled.root.call_once(|| TrustRoot::parse(json));
    root.clone()
}

/// Where a file comes from, if it is one of these to the byte.
pub(super) fn origin(sha256: &[u8; 32]) -> Origin {
    let hex = Hex(sha256).to_string();
    let known = BUNDLED.iter().find(|bundled| bundled.sha256 == hex);
    known.map_or(Origin::CALLER, |bundled| bundled.origin)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::{find, names};
    use crate::keys;

    /// A file that was refreshed without its row would have no origin.
    #[test]
    fn every_root_is_known_by_its_digest() {
        for name in names() {
            let root = find(name);
            assert_eq!(root.map(|root| root.name()), Ok(Some(name)));
        }
    }

    /// What ships of the keys of Sigstore's production, computed again.
    #[test]
    fn known_points_are_right() {
        let root = find("production").unwrap();
        let logs = root.logs().iter().chain(root.ct_logs());
        let authorities = root.authorities().iter();
        let authorities = authorities.chain(root.timestamp_authorities());
        let issuers =
            authorities.filter_map(|authority| authority.chain.first()?.public_key().ok());
        let computed = keys::known_points(logs.map(|log| log.key.key()).chain(issuers));
        let committed = [
            include_bytes!("../../roots/known-points.p256").as_slice(),
            include_bytes!("../../roots/known-points.p384"),
        ];
        assert!(computed.iter().eq(&committed), "run `cargo xtask roots`");
    }
}
