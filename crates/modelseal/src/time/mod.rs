//! Time as a value. RFC 3161 timestamps and integrated time join here with the keyless method.

use core::{fmt, time::Duration};

use der::DateTime;

/// Seconds since 1970-01-01T00:00:00Z, without leap seconds, up to the end of the year 9999.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct UnixTime(u64);

impl UnixTime {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);

    /// 9999-12-31T23:59:59Z, the last moment that X.509 and RFC 3339 can write.
    pub const MAX: Self = Self(253_402_300_799);

    /// A time of `seconds` since the epoch, at most [`UnixTime::MAX`].
    pub fn from_seconds(seconds: u64) -> Self {
        Self(seconds.min(Self::MAX.0))
    }

    /// Seconds since the epoch.
    pub const fn seconds(self) -> u64 {
        self.0
    }
}

impl From<DateTime> for UnixTime {
    fn from(time: DateTime) -> Self {
        Self::from_seconds(time.unix_duration().as_secs())
    }
}

impl fmt::Display for UnixTime {
    /// RFC 3339 in UTC, whole seconds.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        DateTime::from_unix_duration(Duration::from_secs(self.0))
            .map_err(|_| fmt::Error)?
            .fmt(f)
    }
}
