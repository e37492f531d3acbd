//! Values of flags.

use std::path::Path;

use modelseal::{Algorithm, ArtifactDigests, Digest, UnixTime};
use modelseal_hash::decode_hex;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

/// A SHA-256 digest.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Sha256(pub [u8; 32]);

pub(super) fn parse_time(text: &str) -> Result<UnixTime, String> {
    let moment = OffsetDateTime::parse(text, &Rfc3339)
        .map_err(|_| "not a time as in 2026-01-31T12:00:00Z (RFC 3339)".to_owned())?;
    let seconds = u64::try_from(moment.unix_timestamp()).map_err(|_| "before 1970".to_owned())?;
    Ok(UnixTime::from_seconds(seconds))
}

/// Nine digits are thirty years.
pub(super) fn parse_seconds(text: &str) -> Result<u64, String> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit()) && text.len() <= 9;
    let seconds = text.parse().ok().filter(|_| digits);
    seconds.ok_or_else(|| "not a number of seconds".to_owned())
}

pub(super) fn parse_sha256(text: &str) -> Result<Sha256, String> {
    let hex = text.strip_prefix("sha256:").unwrap_or_default();
    match Digest::from_hex(Algorithm::Sha256, hex) {
        Some(Digest::Sha256(digest)) => Ok(Sha256(digest)),
        _ => Err("not `sha256:` and 64 lower-case hex digits".to_owned()),
    }
}

/// An empty string would read like "any".
pub(super) fn parse_text(text: &str) -> Result<String, String> {
    if text.is_empty() {
        Err("an empty string, which names nothing".to_owned())
    } else {
        Ok(text.to_owned())
    }
}

/// The digest that is given in place of an artifact's path: whatever begins with `sha256:`, `sha384:`
/// or `sha512:`.
pub fn artifact_digest(file: &Path) -> Option<Result<ArtifactDigests, String>> {
    let (algorithm, hex) = file.to_str()?.split_once(':')?;
    let (digest, digits) = match algorithm {
        "sha256" => (decode_hex(hex).map(ArtifactDigests::sha256), 64),
        "sha384" => (decode_hex(hex).map(ArtifactDigests::sha384), 96),
        "sha512" => (decode_hex(hex).map(ArtifactDigests::sha512), 128),
        _ => return None,
    };
    let invalid = || format!("not `{algorithm}:` and {digits} lower-case hex digits");
    Some(digest.ok_or_else(invalid))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_takes_offsets() {
        let utc = parse_time("2026-01-31T12:00:00Z");
        assert_eq!(utc, Ok(UnixTime::from_seconds(1_769_860_800)));
        assert_eq!(parse_time("2026-01-31T14:30:00+02:30"), utc);
        assert_eq!(parse_time("2026-01-31T12:00:00.999Z"), utc);
    }

    #[test]
    fn time_refuses_what_is_not_rfc_3339() {
        for text in [
            "",
            "now",
            "2026-01-31",
            "2026-01-31T12:00:00",
            "2026-02-30T12:00:00Z",
            "0",
        ] {
            assert!(parse_time(text).is_err(), "{text}");
        }
        assert_eq!(
            parse_time("1969-12-31T23:59:59Z"),
            Err("before 1970".to_owned())
        );
    }

    #[test]
    fn digests_are_lower_case_hex() {
        let text = format!("sha256:{}", "0f".repeat(32));
        assert_eq!(parse_sha256(&text), Ok(Sha256([0x0f; 32])));
        for bad in [
            "",
            "sha256:",
            &text.to_uppercase(),
            &text[7..],
            &text[..70],
            &format!("{text}0"),
        ] {
            assert!(parse_sha256(bad).is_err(), "{bad}");
        }
    }
}
