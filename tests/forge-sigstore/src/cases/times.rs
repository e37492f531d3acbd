//! Verified times: at least one, none in the future, and the leaf valid at every one.

use super::{Case, bad, good, v1, v2};
use crate::{Times, time};

/// By how much a verified time may be later than the verifier's clock, in seconds.
const SKEW: u64 = 60;

pub(super) fn cases() -> Vec<Case> {
    let clock = "its clock is the system's, not the caller's";
    let at = |mut case: Case, now| {
        case.now = now;
        case
    };
    let promised = |at: u64| v1().times(Times::Promise).with(|spec| spec.integrated = at);
    let stamped = |at: u64| v2().with(|spec| spec.stamped = at);
    vec![
        bad("time: none", "time-missing", v1().times(Times::None)),
        bad(
            "time: Rekor v2 without a timestamp",
            "time-missing",
            v2().times(Times::None),
        ),
        bad(
            "time: an integrated time in Rekor v2",
            "time-missing",
            v2().times(Times::None).entry_json(|entry| {
                entry["integratedTime"] = time::SIGNED.to_string().into();
            }),
        ),
        at(
            bad(
                "time: promised in the future",
                "time-in-future",
                v1().times(Times::Promise),
            )
            .lenient(clock),
            time::SIGNED - SKEW - 1,
        ),
        at(
            bad("time: stamped in the future", "time-in-future", v2()).lenient(clock),
            time::SIGNED - SKEW - 1,
        ),
        at(
            good(
                "time: promised a minute in the future",
                v1().times(Times::Promise),
            ),
            time::SIGNED - SKEW,
        ),
        at(
            good("time: stamped a minute in the future", v2()),
            time::SIGNED - SKEW,
        ),
        at(
            good(
                "time: promised this very moment",
                v1().times(Times::Promise),
            ),
            time::SIGNED,
        ),
        at(good("time: stamped this very moment", v2()), time::SIGNED),
        bad(
            "time: promised before the leaf",
            "certificate-not-yet-valid",
            promised(time::ISSUED - 1),
        ),
        bad(
            "time: promised after the leaf",
            "certificate-expired",
            promised(time::EXPIRED + 1),
        ),
        bad(
            "time: stamped before the leaf",
            "certificate-not-yet-valid",
            stamped(time::ISSUED - 1),
        ),
        bad(
            "time: stamped after the leaf",
            "certificate-expired",
            stamped(time::EXPIRED + 1),
        ),
        good(
            "time: promised at the leaf's first second",
            promised(time::ISSUED),
        ),
        good(
            "time: promised at the leaf's last second",
            promised(time::EXPIRED),
        ),
        good(
            "time: stamped at the leaf's first second",
            stamped(time::ISSUED),
        ),
        good(
            "time: stamped at the leaf's last second",
            stamped(time::EXPIRED),
        ),
        bad(
            "time: promised in time, stamped too late",
            "certificate-expired",
            v1().with(|spec| spec.stamped = time::EXPIRED + 1),
        ),
        bad(
            "time: stamped in time, promised too late",
            "certificate-expired",
            v1().with(|spec| spec.integrated = time::EXPIRED + 1),
        ),
        bad(
            "time: stamped in time, promised too early",
            "certificate-not-yet-valid",
            v1().with(|spec| spec.integrated = time::ISSUED - 1),
        ),
    ]
}
