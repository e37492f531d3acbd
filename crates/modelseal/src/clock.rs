//! Which time a signature is judged at, and where that time comes from.

use crate::time::UnixTime;

/// The moment of the check, and the moment at which certificates are judged.
///
/// They are the same unless the caller says otherwise; never silently the time of issuance.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Clock {
    now: UnixTime,
    chosen: Option<UnixTime>,
}

impl Clock {
    /// Judges at the moment of the check.
    pub const fn now(now: UnixTime) -> Self {
        Self { now, chosen: None }
    }

    /// Judges at `at`, which the caller chose; `now` is the moment of the check.
    pub const fn judged_at(now: UnixTime, at: UnixTime) -> Self {
        Self {
            now,
            chosen: Some(at),
        }
    }

    /// The moment at which certificates are judged.
    pub const fn at(self) -> UnixTime {
        match self.chosen {
            Some(at) => at,
            None => self.now,
        }
    }

    /// The moment of the check.
    pub const fn evaluated_at(self) -> UnixTime {
        self.now
    }

    /// Whether the caller chose the time of judgement.
    pub const fn is_chosen(self) -> bool {
        self.chosen.is_some()
    }
}
