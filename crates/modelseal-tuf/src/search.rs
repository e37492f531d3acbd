//! From `targets` to the one role that lists a target file (section 5.6.7), and to the file (section 5.7).

use alloc::{
    borrow::ToOwned,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use crate::{
    digests::Digests,
    error::Error,
    metadata::{
        Delegation, Metadata as _, TargetsMetadata, Unverified, check_expiry, check_version,
    },
    role::Role,
    state::State,
    trusted::Trusted,
    wanted::{Answer, Taken, Wanted},
};

/// A search for a target file: it asks for the metadata of one delegated role after the other.
#[derive(Debug)]
pub struct Search {
    trusted: Trusted,
    path: String,
    /// Who is asked next, the last first. Each is asked as its delegator says.
    open: Vec<Ask>,
    /// Who was asked.
    visited: Vec<String>,
    step: Step,
}

/// A role that is to be asked, with the keys that its delegator names.
#[derive(Debug)]
struct Ask {
    delegation: Delegation,
    keys: crate::keys::Keys,
}

#[derive(Debug)]
enum Step {
    Wanted(Ask),
    Found(Digests),
    Failed(Error),
}

/// A target file: what is signed of it.
#[derive(Clone, Debug)]
pub struct Target {
    digests: Digests,
    wanted: Wanted,
    taken: Taken,
}

impl Trusted {
    /// Begins to look for a target file.
    ///
    /// # Errors
    /// [`Error::TargetPath`].
    pub fn search(self, path: &str) -> Result<Search, Error> {
        Search::new(self, path)
    }
}

impl Search {
    fn new(trusted: Trusted, path: &str) -> Result<Self, Error> {
        // Neither an address nor a folder may be left by a target's path.
        let outside = |segment: &str| matches!(segment, "" | "." | "..");
        if path.split('/').any(outside) {
            return Err(Error::TargetPath);
        }
        let mut open = Vec::new();
        let found = look(&trusted.targets, path, &mut open);
        let mut search = Self {
            trusted,
            path: path.to_owned(),
            open,
            visited: vec!["targets".to_owned()],
            step: Step::Failed(Error::TargetUnknown),
        };
        search.step = found.map_or_else(|| search.next(), Step::Found);
        Ok(search)
    }

    /// The metadata that is wanted next; none once the search has ended.
    pub fn wanted(&self) -> Option<Wanted> {
        let Step::Wanted(ask) = &self.step else {
            return None;
        };
        let name = &ask.delegation.name;
        let file = self.trusted.snapshot.file(name)?;
        let version = self.trusted.root.consistent_snapshot;
        let version = version.then_some(file.version);
        let limit = file.limit(self.trusted.limits.targets_bytes);
        Some(Wanted::metadata(Role::Delegated, name, version, limit))
    }

    /// Takes the metadata that was wanted.
    ///
    /// # Errors
    /// What is wrong with it. The search has ended then.
    pub fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let wanted = self.wanted().ok_or(Error::Order)?;
        if let Err(error) = self.take(&wanted, answer) {
            self.step = Step::Failed(error);
        }
        match &self.step {
            Step::Failed(Error::TargetUnknown) => Ok(()),
            Step::Failed(error) => Err(*error),
            _ => Ok(()),
        }
    }

    /// What is to be stored now, see [`Trusted::state`]: also after an error.
    pub fn state(&self) -> State {
        self.trusted.state()
    }

    /// The metadata, for another search, and the target file.
    ///
    /// # Errors
    /// [`Error::TargetUnknown`] where no role that is responsible lists it, the error with which the search ended,
    /// or [`Error::Order`] where metadata is still wanted. The metadata is there in each case.
    pub fn finish(self) -> (Trusted, Result<Target, Error>) {
        let target = match &self.step {
            Step::Wanted(_) => Err(Error::Order),
            Step::Failed(error) => Err(*error),
            Step::Found(digests) => {
                let consistent = self.trusted.root.consistent_snapshot;
                let hash = digests.prefix().filter(|_| consistent);
                let limit = self.trusted.limits.target_bytes;
                let limit = digests.length.map_or(limit, |length| length.min(limit));
                Ok(Target {
                    digests: digests.clone(),
                    wanted: Wanted::target(&self.path, hash.as_deref(), limit),
                    taken: self.trusted.taken,
                })
            }
        };
        (self.trusted, target)
    }

    fn take(&mut self, wanted: &Wanted, answer: Answer) -> Result<(), Error> {
        let bytes = self.trusted.taken.take(wanted, answer)?;
        let role = Role::Delegated;
        let bytes = bytes.ok_or(Error::NotFound { role })?;
        let Step::Wanted(ask) = &self.step else {
            return Err(Error::Order);
        };
        let metadata = self.read(&bytes, ask)?;
        let name = ask.delegation.name.clone();
        self.trusted.kept.delegated.insert(name, bytes);
        let found = look(&metadata, &self.path, &mut self.open);
        self.step = found.map_or_else(|| self.next(), Step::Found);
        Ok(())
    }

    /// Reads the metadata of a role, by the keys of the delegator that is asked now: it may not be the one by whose
    /// keys it was verified before.
    fn read(&self, bytes: &[u8], ask: &Ask) -> Result<TargetsMetadata, Error> {
        let role = Role::Delegated;
        let (name, limits) = (&ask.delegation.name, &self.trusted.limits);
        let file = self.trusted.snapshot.file(name);
        let file = file.ok_or(Error::NotInSnapshot { role })?;
        file.check(bytes, role)?;
        let metadata = Unverified::<TargetsMetadata>::read(bytes, role, limits)?;
        let metadata = metadata.verify(&ask.delegation.signers, &ask.keys)?;
        check_version(metadata.common(), file.version, role)?;
        if let Some(now) = self.trusted.now {
            check_expiry(metadata.common(), now, role)?;
        }
        Ok(metadata)
    }

    /// Goes on with the next role. What is stored of it is used while it is still right.
    fn next(&mut self) -> Step {
        while let Some(ask) = self.open.pop() {
            let name = ask.delegation.name.clone();
            // Section 5.6.7.1: no role twice, so that circles end.
            if self.visited.contains(&name) {
                continue;
            }
            let limit = self.trusted.limits.delegations;
            if self.visited.len() >= limit {
                return Step::Failed(Error::DelegationLimit { limit });
            }
            self.visited.push(name.to_string());
            if self.trusted.snapshot.file(&name).is_none() {
                let role = Role::Delegated;
                return Step::Failed(Error::NotInSnapshot { role });
            }
            let kept = self.trusted.kept.delegated.get(&name);
            let stored = kept.or_else(|| self.trusted.delegated.get(&name)).cloned();
            let metadata = stored.and_then(|bytes| {
                let metadata = self.read(&bytes, &ask).ok()?;
                Some((bytes, metadata))
            });
            let Some((bytes, metadata)) = metadata else {
                return Step::Wanted(ask);
            };
            self.trusted.kept.delegated.insert(name, bytes);
            if let Some(digests) = look(&metadata, &self.path, &mut self.open) {
                return Step::Found(digests);
            }
        }
        Step::Failed(Error::TargetUnknown)
    }
}

/// Looks into metadata that is verified. Where it does not list the target, the roles that it trusts with it are
/// asked next: in its order, up to one that says that no other is to be asked (section 5.6.7.2).
fn look(metadata: &TargetsMetadata, path: &str, open: &mut Vec<Ask>) -> Option<Digests> {
    if let Some(digests) = metadata.target(path) {
        return Some(digests.clone());
    }
    let mut children = Vec::new();
    for delegation in &metadata.delegations {
        if !delegation.targets.contains(path) {
            continue;
        }
        children.push(Ask {
            delegation: delegation.clone(),
            keys: metadata.keys.clone(),
        });
        if delegation.terminating {
            open.clear();
            break;
        }
    }
    open.extend(children.into_iter().rev());
    None
}

impl Target {
    /// The file that is wanted.
    pub const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Is this the file? For a copy that the caller has already.
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.digests.check(bytes, Role::Target).is_ok()
    }

    /// The bytes of the target file, if they are as signed.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::TooLong`], [`Error::TotalTooLong`], [`Error::Length`], [`Error::Hash`] and
    /// [`Error::HashUnknown`].
    pub fn verify(mut self, answer: Answer) -> Result<Vec<u8>, Error> {
        let bytes = self.taken.take(&self.wanted, answer)?;
        let role = Role::Target;
        let bytes = bytes.ok_or(Error::NotFound { role })?;
        self.digests.check(&bytes, role)?;
        Ok(bytes)
    }
}
