//! The start roots that ship with modelseal.

use core::fmt;

/// Name, package of origin, date and SHA-256 in hex of each root.
const ORIGINS: [(&str, &str, &str, &str); 3] = include!("../roots/origins.rs");

/// A root that a refresh begins at, and where it comes from.
#[derive(Clone, Copy)]
pub struct StartRoot {
    /// `production`, `staging` or `github`.
    pub name: &'static str,
    /// The package that it was taken from.
    pub source: &'static str,
    /// The day on which it was taken, in RFC 3339.
    pub date: &'static str,
    /// SHA-256 of the file, in hex.
    pub sha256: &'static str,
    /// The file.
    pub json: &'static [u8],
    /// Where the instance publishes its metadata.
    pub mirror: &'static str,
    /// The version of the targets metadata that lists the trust root that ships with modelseal; zero where it is not
    /// known, so that what was fetched counts.
    pub bundled_targets: u64,
}

impl StartRoot {
    /// Every one that ships: `production`, and with the feature `all-roots` also `staging` and `github`.
    pub const BUNDLED: &'static [Self] = &[
        Self::new(
            ORIGINS[0],
            include_bytes!("../roots/production.json"),
            "https://tuf-repo-cdn.sigstore.dev",
            14,
        ),
        #[cfg(feature = "all-roots")]
        Self::new(
            ORIGINS[1],
            include_bytes!("../roots/staging.json"),
            "https://tuf-repo-cdn.sigstage.dev",
            0,
        ),
        #[cfg(feature = "all-roots")]
        Self::new(
            ORIGINS[2],
            include_bytes!("../roots/github.json"),
            "https://tuf-repo.github.com",
            0,
        ),
    ];

    const fn new(
        (name, source, date, sha256): (&'static str, &'static str, &'static str, &'static str),
        json: &'static [u8],
        mirror: &'static str,
        bundled_targets: u64,
    ) -> Self {
        Self {
            name,
            source,
            date,
            sha256,
            json,
            mirror,
            bundled_targets,
        }
    }

    /// The one of this name.
    pub fn find(name: &str) -> Option<&'static Self> {
        Self::BUNDLED.iter().find(|root| root.name == name)
    }
}

impl fmt::Debug for StartRoot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StartRoot").field(&self.name).finish()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use modelseal::UnixTime;
    use modelseal_hash::Hex;
    use sha2::{Digest as _, Sha256};

    use super::StartRoot;
    use crate::{limits::Limits, refresh::Refresh, state::State};

    #[test]
    fn each_is_the_file_that_its_row_says_and_a_root() {
        for root in StartRoot::BUNDLED {
            let digest = std::format!("{}", Hex(&Sha256::digest(root.json)));
            assert_eq!(digest, root.sha256, "{}", root.name);
            let now = UnixTime::EPOCH;
            let refresh = Refresh::new(root.json, State::default(), now, Limits::default());
            assert!(refresh.unwrap().wanted().is_some(), "{}", root.name);
        }
    }
}
