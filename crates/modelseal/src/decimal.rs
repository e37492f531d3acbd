//! Decimal numbers, as JSON strings and checkpoints have them.

/// Reads a decimal number without a sign and without leading zeros.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = text.starts_with('0') && text != "0";
    (digits && !padded).then(|| text.parse().ok())?
}
