//! The client's workflow up to `targets` (section 5.3 to 5.6), as a state machine.

use alloc::vec::Vec;
use core::mem;

use modelseal::UnixTime;

use crate::{
    error::Error,
    limits::Limits,
    metadata::{
        Metadata, Root, Snapshot, TargetsMetadata, Timestamp, Unverified, check_expiry,
        check_version,
    },
    role::Role,
    state::State,
    trusted::Trusted,
    wanted::{Answer, Taken, Wanted},
};

/// A refresh: it asks for one file after the other.
#[derive(Debug)]
pub struct Refresh {
    now: UnixTime,
    limits: Limits,
    taken: Taken,
    root: Root,
    /// What was stored, as far as it is not verified yet.
    claims: State,
    /// What is verified.
    kept: State,
    step: Step,
}

/// What is done next, with what is verified for it. The old ones were stored, and are verified by the present root.
#[derive(Debug)]
enum Step {
    Root,
    Timestamp {
        old: Option<Timestamp>,
    },
    Snapshot {
        timestamp: Timestamp,
        old: Option<Snapshot>,
    },
    Targets {
        timestamp: Timestamp,
        snapshot: Snapshot,
    },
    Done {
        timestamp: Timestamp,
        snapshot: Snapshot,
        targets: TargetsMetadata,
    },
    Failed(Error),
}

impl Refresh {
    /// Begins at `start`, a root that the caller trusts. `now` counts for the whole refresh.
    ///
    /// What of `state` cannot be verified is left out: it is fetched again.
    ///
    /// # Errors
    /// [`Error::Threshold`] and others for a start root that is none.
    pub fn new(start: &[u8], state: State, now: UnixTime, limits: Limits) -> Result<Self, Error> {
        let mut refresh = Self {
            now,
            limits,
            taken: Taken::none(&limits),
            root: read_start(start, &limits)?,
            claims: state,
            kept: State::default(),
            step: Step::Root,
        };
        for bytes in mem::take(&mut refresh.claims.roots) {
            if refresh.is_last_rotation() || refresh.next_root(bytes).is_err() {
                break;
            }
        }
        if refresh.is_last_rotation() {
            refresh.advance(Self::finish_root);
        }
        Ok(refresh)
    }

    /// The file that is wanted next; none once the refresh has ended.
    pub fn wanted(&self) -> Option<Wanted> {
        let version = |version| self.root.consistent_snapshot.then_some(version);
        Some(match &self.step {
            Step::Root => {
                let version = self.root.common().version.saturating_add(1);
                Wanted::metadata(Role::Root, "root", Some(version), self.limits.root_bytes)
            }
            Step::Timestamp { .. } => {
                let limit = self.limits.timestamp_bytes;
                Wanted::metadata(Role::Timestamp, "timestamp", None, limit)
            }
            Step::Snapshot { timestamp, .. } => {
                let file = &timestamp.snapshot;
                let limit = file.limit(self.limits.snapshot_bytes);
                Wanted::metadata(Role::Snapshot, "snapshot", version(file.version), limit)
            }
            Step::Targets { snapshot, .. } => {
                let file = snapshot.file("targets")?;
                let limit = file.limit(self.limits.targets_bytes);
                Wanted::metadata(Role::Targets, "targets", version(file.version), limit)
            }
            Step::Done { .. } | Step::Failed(_) => return None,
        })
    }

    /// Takes the file that was wanted.
    ///
    /// # Errors
    /// What is wrong with it. The refresh has ended then, and what it has verified up to there is
    /// in [`Refresh::state`].
    pub fn answer(&mut self, answer: Answer) -> Result<(), Error> {
        let wanted = self.wanted().ok_or(Error::Order)?;
        match self.taken.take(&wanted, answer) {
            Ok(bytes) => self.advance(|refresh| refresh.take(wanted.role, bytes)),
            Err(error) => self.step = Step::Failed(error),
        }
        match &self.step {
            Step::Failed(error) => Err(*error),
            _ => Ok(()),
        }
    }

    /// What is to be stored now, in place of what was: also after an error, for it protects the next refresh from
    /// older files. It is what is verified so far and, of what was stored, what there was no reason to look at yet.
    pub fn state(&self) -> State {
        self.kept.clone().or(&self.claims)
    }

    /// What the refresh has verified.
    ///
    /// # Errors
    /// The error with which it ended, or [`Error::Order`] where a file is still wanted.
    pub fn finish(self) -> Result<Trusted, Error> {
        match self.step {
            Step::Failed(error) => Err(error),
            Step::Done {
                timestamp,
                snapshot,
                targets,
            } => Ok(Trusted::new(
                Some(self.now),
                self.limits,
                self.taken,
                self.root,
                (timestamp, snapshot, targets),
                self.kept,
                self.claims.delegated,
            )),
            _ => Err(Error::Order),
        }
    }

    /// Takes one step; an error ends the refresh.
    fn advance(&mut self, step: impl FnOnce(&mut Self) -> Result<Step, Error>) {
        self.step = step(self).unwrap_or_else(Step::Failed);
    }

    fn take(&mut self, role: Role, bytes: Option<Vec<u8>>) -> Result<Step, Error> {
        match (mem::replace(&mut self.step, Step::Root), bytes) {
            // Section 5.3.3: the last root is the one after which there is no other.
            (Step::Root, None) => self.finish_root(),
            (_, None) => Err(Error::NotFound { role }),
            (Step::Root, Some(bytes)) => {
                self.next_root(bytes)?;
                if self.is_last_rotation() {
                    self.finish_root()
                } else {
                    Ok(Step::Root)
                }
            }
            (Step::Timestamp { old }, Some(bytes)) => self.timestamp(old, bytes),
            (Step::Snapshot { timestamp, old }, Some(bytes)) => {
                let snapshot = read_snapshot(&bytes, &self.root, &timestamp, &self.limits)?;
                if let Some(old) = &old {
                    check_rollback(
                        Role::Snapshot,
                        old.common().version,
                        snapshot.common().version,
                    )?;
                    snapshot.check_after(old)?;
                }
                check_expiry(snapshot.common(), self.now, Role::Snapshot)?;
                self.kept.snapshot = Some(bytes);
                self.begin_targets(timestamp, snapshot)
            }
            (
                Step::Targets {
                    timestamp,
                    snapshot,
                },
                Some(bytes),
            ) => {
                let targets = read_targets(&bytes, &self.root, &snapshot, &self.limits)?;
                check_expiry(targets.common(), self.now, Role::Targets)?;
                self.kept.targets = Some(bytes);
                Ok(Step::Done {
                    timestamp,
                    snapshot,
                    targets,
                })
            }
            (Step::Done { .. } | Step::Failed(_), Some(_)) => Err(Error::Order),
        }
    }

    /// Section 5.3.4 to 5.3.8: the next root is signed by the keys of this one and by its own. Neither needs to be
    /// unexpired (section 5.3.9).
    fn next_root(&mut self, bytes: Vec<u8>) -> Result<(), Error> {
        self.root = read_next_root(&bytes, &self.root, &self.limits)?;
        self.kept.roots.push(bytes);
        Ok(())
    }

    fn is_last_rotation(&self) -> bool {
        self.kept.roots.len() >= self.limits.rotations
    }

    /// Section 5.3.10 and 5.3.11: the last root is not expired. What its keys have not signed counts no more, so
    /// that new keys also put an end to versions that ran ahead.
    fn finish_root(&mut self) -> Result<Step, Error> {
        check_expiry(self.root.common(), self.now, Role::Root)?;
        let old = self.claims.timestamp.take().and_then(|bytes| {
            let old = read_timestamp(&bytes, &self.root, &self.limits).ok()?;
            self.kept.timestamp = Some(bytes);
            Some(old)
        });
        Ok(Step::Timestamp { old })
    }

    /// Section 5.4.
    fn timestamp(&mut self, old: Option<Timestamp>, bytes: Vec<u8>) -> Result<Step, Error> {
        let new = read_timestamp(&bytes, &self.root, &self.limits)?;
        let timestamp = match old {
            // Section 5.4.3.1: the same version is not news, whatever else it says.
            Some(old) if old.common().version == new.common().version => {
                check_expiry(old.common(), self.now, Role::Timestamp)?;
                old
            }
            old => {
                if let Some(old) = &old {
                    check_rollback(Role::Timestamp, old.common().version, new.common().version)?;
                    check_rollback(Role::Snapshot, old.snapshot.version, new.snapshot.version)?;
                }
                check_expiry(new.common(), self.now, Role::Timestamp)?;
                self.kept.timestamp = Some(bytes);
                new
            }
        };
        let old = self.claims.snapshot.take().and_then(|bytes| {
            let old = Unverified::<Snapshot>::read(&bytes, Role::Snapshot, &self.limits).ok()?;
            let old = old.verify(&self.root.snapshot, &self.root.keys).ok()?;
            Some((bytes, old))
        });
        let Some((bytes, old)) = old else {
            return Ok(Step::Snapshot {
                timestamp,
                old: None,
            });
        };
        let present = timestamp.snapshot.check(&bytes, Role::Snapshot).is_ok()
            && check_version(old.common(), timestamp.snapshot.version, Role::Snapshot).is_ok()
            && check_expiry(old.common(), self.now, Role::Snapshot).is_ok();
        self.kept.snapshot = Some(bytes);
        if present {
            return self.begin_targets(timestamp, old);
        }
        Ok(Step::Snapshot {
            timestamp,
            old: Some(old),
        })
    }

    /// Section 5.6: targets that are stored and the present ones are not fetched again.
    fn begin_targets(&mut self, timestamp: Timestamp, snapshot: Snapshot) -> Result<Step, Error> {
        let role = Role::Targets;
        if snapshot.file("targets").is_none() {
            return Err(Error::NotInSnapshot { role });
        }
        let stored = self.claims.targets.take().and_then(|bytes| {
            let targets = read_targets(&bytes, &self.root, &snapshot, &self.limits).ok()?;
            check_expiry(targets.common(), self.now, role).ok()?;
            Some((bytes, targets))
        });
        let Some((bytes, targets)) = stored else {
            return Ok(Step::Targets {
                timestamp,
                snapshot,
            });
        };
        self.kept.targets = Some(bytes);
        Ok(Step::Done {
            timestamp,
            snapshot,
            targets,
        })
    }
}

impl Trusted {
    /// Verifies what is stored again, from a root that the caller trusts, without a mirror. Expiry is not judged:
    /// see [`Trusted::expiry`].
    ///
    /// # Errors
    /// What is wrong with it, [`Error::NotFound`] for what is missing.
    pub fn from_state(start: &[u8], state: State, limits: Limits) -> Result<Self, Error> {
        verify_state(start, state, limits)
    }
}

/// Verifies what is stored without a mirror and without a clock: for each use of it.
fn verify_state(start: &[u8], state: State, limits: Limits) -> Result<Trusted, Error> {
    let mut root = read_start(start, &limits)?;
    for bytes in &state.roots {
        root = read_next_root(bytes, &root, &limits)?;
    }
    let missing = |role| Error::NotFound { role };
    let bytes = |bytes: &Option<Vec<u8>>, role| bytes.clone().ok_or(missing(role));
    let timestamp = bytes(&state.timestamp, Role::Timestamp)?;
    let timestamp = read_timestamp(&timestamp, &root, &limits)?;
    let snapshot = bytes(&state.snapshot, Role::Snapshot)?;
    let snapshot = read_snapshot(&snapshot, &root, &timestamp, &limits)?;
    let targets = bytes(&state.targets, Role::Targets)?;
    let targets = read_targets(&targets, &root, &snapshot, &limits)?;
    let State {
        roots,
        timestamp: timestamp_bytes,
        snapshot: snapshot_bytes,
        targets: targets_bytes,
        delegated,
    } = state;
    let kept = State {
        roots,
        timestamp: timestamp_bytes,
        snapshot: snapshot_bytes,
        targets: targets_bytes,
        delegated: alloc::collections::BTreeMap::new(),
    };
    let taken = Taken::none(&limits);
    let verified = (timestamp, snapshot, targets);
    Ok(Trusted::new(
        None, limits, taken, root, verified, kept, delegated,
    ))
}

fn read_start(bytes: &[u8], limits: &Limits) -> Result<Root, Error> {
    Unverified::<Root>::read(bytes, Role::Root, limits)?.verify_by_itself()
}

fn read_next_root(bytes: &[u8], root: &Root, limits: &Limits) -> Result<Root, Error> {
    let next = Unverified::<Root>::read(bytes, Role::Root, limits)?;
    next.check(&root.root, &root.keys)?;
    let next = next.verify_by_itself()?;
    let expected = root.common().version.saturating_add(1);
    check_version(next.common(), expected, Role::Root)?;
    Ok(next)
}

fn read_timestamp(bytes: &[u8], root: &Root, limits: &Limits) -> Result<Timestamp, Error> {
    let timestamp = Unverified::<Timestamp>::read(bytes, Role::Timestamp, limits)?;
    timestamp.verify(&root.timestamp, &root.keys)
}

/// Section 5.5.2 to 5.5.4.
fn read_snapshot(
    bytes: &[u8],
    root: &Root,
    timestamp: &Timestamp,
    limits: &Limits,
) -> Result<Snapshot, Error> {
    let file = &timestamp.snapshot;
    file.check(bytes, Role::Snapshot)?;
    let snapshot = Unverified::<Snapshot>::read(bytes, Role::Snapshot, limits)?;
    let snapshot = snapshot.verify(&root.snapshot, &root.keys)?;
    check_version(snapshot.common(), file.version, Role::Snapshot)?;
    Ok(snapshot)
}

/// Section 5.6.2 to 5.6.4.
fn read_targets(
    bytes: &[u8],
    root: &Root,
    snapshot: &Snapshot,
    limits: &Limits,
) -> Result<TargetsMetadata, Error> {
    let role = Role::Targets;
    let file = snapshot
        .file("targets")
        .ok_or(Error::NotInSnapshot { role })?;
    file.check(bytes, role)?;
    let targets = Unverified::<TargetsMetadata>::read(bytes, role, limits)?;
    let targets = targets.verify(&root.targets, &root.keys)?;
    check_version(targets.common(), file.version, role)?;
    Ok(targets)
}

fn check_rollback(role: Role, trusted: u64, found: u64) -> Result<(), Error> {
    if found < trusted {
        return Err(Error::Rollback {
            role,
            trusted,
            found,
        });
    }
    Ok(())
}
