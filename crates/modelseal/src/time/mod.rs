//! Time as a value.

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

    /// Reads RFC 3339 in UTC, `2025-09-23T00:00:00.5Z`. Parts of a second are cut off: the times
    /// that are compared with it have none.
    pub(crate) fn from_rfc3339(text: &str) -> Option<Self> {
        let (whole, parts) = text.strip_suffix('Z')?.split_at_checked(19)?;
        if let Some(digits) = parts.strip_prefix('.') {
            let digit = |byte: u8| byte.is_ascii_digit();
            if digits.is_empty() || digits.len() > 9 || !digits.bytes().all(digit) {
                return None;
            }
        } else if !parts.is_empty() {
            return None;
        }
        let number = |range: core::ops::Range<usize>| {
            let digits = whole.get(range)?;
            let digit = |byte: u8| byte.is_ascii_digit();
            digits.bytes().all(digit).then(|| digits.parse().ok())?
        };
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        let separated = |(at, byte): &(usize, u8)| whole.as_bytes().get(*at) == Some(byte);
        if !separators.iter().all(separated) {
            return None;
        }
        let small = |range| number(range).and_then(|number: u16| u8::try_from(number).ok());
        DateTime::new(
            number(0..4)?,
            small(5..7)?,
            small(8..10)?,
            small(11..13)?,
            small(14..16)?,
            small(17..19)?,
        )
        .ok()
        .map(Self::from)
    }
}

/// A closed interval: both ends are inside (protobuf-specs, `TimeRange`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Window {
    /// The first moment.
    pub start: UnixTime,
    /// The last moment; none where it is open.
    pub end: Option<UnixTime>,
}

impl Window {
    /// Does the window cover `at`?
    pub fn covers(&self, at: UnixTime) -> bool {
        self.start <= at && self.end.is_none_or(|end| at <= end)
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
