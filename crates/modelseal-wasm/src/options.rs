//! The options that JavaScript gives, as JSON. A field that is not known is an error.
//!
//! They are read from bytes, as the core reads its JSON: the reader for text would be a second copy.

use modelseal::{AuditOptions, Clock, Error, Expectation, SetBy, UnixTime};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OpenJson {
    now: u64,
    at: Option<u64>,
    #[serde(default, with = "SetByJson")]
    set_by: SetBy,
    policy_name: Option<String>,
}

#[derive(Deserialize)]
#[serde(remote = "SetBy", rename_all = "kebab-case")]
enum SetByJson {
    Caller,
    Preset,
    StoredPolicy,
}

#[derive(Deserialize)]
#[serde(remote = "AuditOptions", deny_unknown_fields, rename_all = "camelCase")]
struct AuditJson {
    ignore_paths: Vec<String>,
    ignore_unsigned: bool,
    allow_symlinks: bool,
    complete: bool,
    symlinks_observable: bool,
    signature_path: Option<String>,
    single_file: Option<String>,
}

/// At which time a bundle is to be judged, and who set the expectation.
pub(crate) fn open(json: &str) -> Result<(Clock, Expectation), Error> {
    let what = "the options of this bundle are not valid";
    let options: OpenJson =
        serde_json::from_slice(json.as_bytes()).map_err(|_| Error::UsageInvalid { what })?;
    let now = UnixTime::from_seconds(options.now);
    let at = options.at.map(UnixTime::from_seconds);
    let clock = at.map_or(Clock::now(now), |at| Clock::judged_at(now, at));
    Ok((
        clock,
        Expectation {
            set_by: options.set_by,
            name: options.policy_name,
        },
    ))
}

/// What is asked of an audit.
pub(crate) fn audit(json: &str) -> Result<AuditOptions, Error> {
    let what = "the options of this audit are not valid";
    AuditJson::deserialize(&mut serde_json::Deserializer::from_slice(json.as_bytes()))
        .map_err(|_| Error::UsageInvalid { what })
}
