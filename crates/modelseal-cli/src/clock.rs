//! The time of a check.

use std::time::{SystemTime, UNIX_EPOCH};

use modelseal::{Clock, UnixTime};

use crate::exit::Failure;

/// The time of the check, and the time that the caller chose.
///
/// # Errors
/// If the machine has no time.
pub fn clock(at: Option<UnixTime>, max_skew: Option<u64>) -> Result<Clock, Failure> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let before_1970 = |_| Failure::new("clock-invalid", "this machine's clock is before 1970");
    let now = UnixTime::from_seconds(now.map_err(before_1970)?.as_secs());
    let clock = at.map_or_else(|| Clock::now(now), |at| Clock::judged_at(now, at));
    Ok(match max_skew {
        Some(seconds) => clock.with_max_skew(seconds),
        None => clock,
    })
}
