//! Time as a value: a moment, the window in which something counts, and the clock of a check.

use core::{fmt, ops::Range, time::Duration};

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

    /// The beginning of a day, written as in RFC 3339's `full-date`.
    pub(crate) fn from_date(date: &str) -> Option<Self> {
        let mut time = *b"0000-00-00T00:00:00Z";
        time.get_mut(..date.len())?.copy_from_slice(date.as_bytes());
        Self::from_rfc3339(core::str::from_utf8(&time).ok()?)
    }

    /// Reads RFC 3339 (section 5.6), such as `2025-09-23T00:00:00.5Z` or `2025-09-23T02:00:00+02:00`.
    /// Parts of a second are cut off: the times that are compared with it have none.
    pub(crate) fn from_rfc3339(text: &str) -> Option<Self> {
        let (whole, rest) = text.split_at_checked(19)?;
        let offset_at = rest.find(['Z', '+', '-'])?;
        let (fraction, offset) = rest.split_at_checked(offset_at)?;
        let is_digit = |byte: u8| byte.is_ascii_digit();
        let fraction_holds = match fraction.strip_prefix('.') {
            Some(digits) => matches!(digits.len(), 1..=9) && digits.bytes().all(is_digit),
            None => fraction.is_empty(),
        };
        let number = |text: &str, range: Range<usize>| {
            let digits = text.get(range)?;
            digits
                .bytes()
                .all(is_digit)
                .then(|| digits.parse::<u16>().ok())?
        };
        let separators = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
        let separated = |(at, byte): &(usize, u8)| whole.as_bytes().get(*at) == Some(byte);
        if !fraction_holds || !separators.iter().all(separated) {
            return None;
        }
        let small = |range| u8::try_from(number(whole, range)?).ok();
        let local = DateTime::new(
            number(whole, 0..4)?,
            small(5..7)?,
            small(8..10)?,
            small(11..13)?,
            small(14..16)?,
            small(17..19)?,
        );
        let local = local.ok()?.unix_duration().as_secs();
        let seconds = match offset.as_bytes() {
            b"Z" => local,
            [sign, _, _, b':', _, _] => {
                let (hours, minutes) = (number(offset, 1..3)?, number(offset, 4..6)?);
                if hours > 23 || minutes > 59 {
                    return None;
                }
                let offset = u64::from(hours)
                    .checked_mul(3600)?
                    .checked_add(u64::from(minutes).checked_mul(60)?)?;
                // East of Greenwich clocks are ahead of UTC.
                match sign {
                    b'+' => local.checked_sub(offset)?,
                    _ => local.checked_add(offset)?,
                }
            }
            _ => return None,
        };
        (seconds <= Self::MAX.0).then_some(Self(seconds))
    }
}

/// A closed interval: both ends are inside (protobuf-specs, `TimeRange`).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) struct Window {
    /// The first moment.
    pub(crate) start: UnixTime,
    /// The last moment; none where it is open.
    pub(crate) end: Option<UnixTime>,
}

impl Window {
    /// Does the window cover `at`?
    pub(crate) fn covers(&self, at: UnixTime) -> bool {
        self.start <= at && self.end.is_none_or(|end| at <= end)
    }
}

/// The moment of the check, and the moment for which certificates are checked.
///
/// They are the same unless the caller says otherwise; never silently the time of issuance.
///
/// ```
/// use modelseal::{Clock, UnixTime};
///
/// let (now, then) = (UnixTime::from_seconds(1_785_000_000), UnixTime::from_seconds(1_700_000_000));
/// assert_eq!(Clock::now(now).at(), now);
/// assert_eq!(Clock::judged_at(now, then).at(), then);
/// assert_eq!(then.to_string(), "2023-11-14T22:13:20Z");
/// ```
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Clock {
    now: UnixTime,
    chosen: Option<UnixTime>,
    max_skew: u64,
}

impl Clock {
    /// How many seconds this machine's clock may be behind a verified signing time, by default.
    pub const MAX_SKEW: u64 = 60;

    /// Checks for the moment of the check.
    pub const fn now(now: UnixTime) -> Self {
        Self {
            now,
            chosen: None,
            max_skew: Self::MAX_SKEW,
        }
    }

    /// Checks for `at`, which the caller chose. `now` is only what no signing time may be after: the
    /// same input leads to the same verdict at any later time.
    pub const fn judged_at(now: UnixTime, at: UnixTime) -> Self {
        Self {
            chosen: Some(at),
            ..Self::now(now)
        }
    }

    /// Tolerates a clock that is up to `seconds` behind a verified signing time. It touches no
    /// validity and no window, and has no effect where the caller chose the time.
    #[must_use]
    pub const fn with_max_skew(self, seconds: u64) -> Self {
        Self {
            max_skew: seconds,
            ..self
        }
    }

    /// The moment of the check: the caller's choice, or else now.
    pub const fn at(self) -> UnixTime {
        match self.chosen {
            Some(at) => at,
            None => self.now,
        }
    }

    /// The moment by this machine's clock.
    pub(crate) const fn machine_time(self) -> UnixTime {
        self.now
    }

    /// Whether the caller chose the time.
    pub const fn is_chosen(self) -> bool {
        self.chosen.is_some()
    }

    /// Is the clock behind `at`, a verified signing time?
    pub(crate) fn is_behind(self, at: UnixTime) -> bool {
        at > self.now
    }

    /// Is the clock further behind `at` than is tolerated?
    pub(crate) fn is_too_far_behind(self, at: UnixTime) -> bool {
        let skew = if self.is_chosen() { 0 } else { self.max_skew };
        at.0 > self.now.0.saturating_add(skew)
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

impl serde::Serialize for UnixTime {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rfc_3339_with_and_without_an_offset() {
        let utc = UnixTime::from_rfc3339("2025-09-23T00:00:00Z");
        assert_eq!(utc, Some(UnixTime::from_seconds(1_758_585_600)));
        for same in [
            "2025-09-23T00:00:00.5Z",
            "2025-09-23T02:00:00+02:00",
            "2025-09-22T19:30:00-04:30",
            "2025-09-23T00:00:00.999999999+00:00",
        ] {
            assert_eq!(UnixTime::from_rfc3339(same), utc, "{same}");
        }
    }

    #[test]
    fn what_is_not_rfc_3339_is_refused() {
        for text in [
            "",
            "2025-09-23",
            "2025-09-23T00:00:00",
            "2025-09-23 00:00:00Z",
            "2025-09-23T00:00:00.Z",
            "2025-09-23T00:00:00.1234567890Z",
            "2025-02-30T00:00:00Z",
            "2025-09-23T00:00:00+24:00",
            "2025-09-23T00:00:00+00:60",
            "2025-09-23T00:00:00+0000",
            "2025-09-23T00:00:00Z ",
            "2025-09-23T00:00:00+",
            "1969-12-31T23:59:59Z",
            "1970-01-01T00:00:00+00:01",
            "+025-09-23T00:00:00Z",
        ] {
            assert_eq!(UnixTime::from_rfc3339(text), None, "{text}");
        }
    }
}
