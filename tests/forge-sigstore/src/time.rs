//! Moments of the tests' Sigstore, in Unix seconds.

use std::time::Duration;

use der::DateTime;

/// From when authorities and logs are valid: 2025-01-01.
pub const START: u64 = 1_735_689_600;
/// When the authorities' certificates end: 2036-01-01.
pub const END: u64 = 2_082_758_400;
/// When a leaf is issued: 2025-06-01T12:00:00Z.
pub const ISSUED: u64 = 1_748_779_200;
/// When its SCT is made.
pub const SCT: u64 = ISSUED + 1;
/// When a signature is logged and stamped.
pub const SIGNED: u64 = ISSUED + 60;
/// When a leaf ends: ten minutes after it is issued.
pub const EXPIRED: u64 = ISSUED + 600;
/// When bundles are judged: a day later.
pub const NOW: u64 = ISSUED + 86_400;

/// `YYYYMMDDHHMMSSZ`, as certificates and timestamps write it.
pub fn compact(seconds: u64) -> String {
    rfc3339(seconds).replace(['-', ':', 'T'], "")
}

/// RFC 3339 in UTC.
pub fn rfc3339(seconds: u64) -> String {
    DateTime::from_unix_duration(Duration::from_secs(seconds))
        .expect("a time before the year 9999")
        .to_string()
}

/// A DER time in the type that RFC 5280 section 4.1.2.5 asks for.
pub fn der(seconds: u64) -> Vec<u8> {
    modelseal_forge_oms::der::time(&compact(seconds))
}
