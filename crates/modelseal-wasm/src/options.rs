//! The options that JavaScript gives, as JSON. A field that is not known is an error.
//!
//! They are read from bytes, as the core reads its JSON: the reader for text would be a second copy.

use modelseal::{AnyPolicy, AuditOptions, Clock, Diagnostics, Error, Expectation, SetBy, UnixTime};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct OpenJson {
    now: u64,
    at: Option<u64>,
    expectation: Option<ExpectationJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectationJson {
    #[serde(default, with = "SetByJson")]
    set_by: SetBy,
    name: Option<String>,
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
pub(crate) fn open(json: &str) -> Result<(Clock, Option<Expectation>), Error> {
    let what = "the options of this bundle are not valid";
    let options: OpenJson =
        serde_json::from_slice(json.as_bytes()).map_err(|_| Error::UsageInvalid { what })?;
    let now = UnixTime::from_seconds(options.now);
    let at = options.at.map(UnixTime::from_seconds);
    let clock = at.map_or(Clock::now(now), |at| Clock::judged_at(now, at));
    let expectation = options.expectation.map(|own| Expectation {
        set_by: own.set_by,
        name: own.name,
    });
    Ok((clock, expectation))
}

/// States who set the expectation, where somebody says so. A preset says it by itself.
pub(crate) fn with_expectation(policy: AnyPolicy, expectation: Option<Expectation>) -> AnyPolicy {
    let Some(expectation) = expectation else {
        return policy;
    };
    match policy {
        AnyPolicy::Expecting(policy) => AnyPolicy::Expecting(policy.with_expectation(expectation)),
        AnyPolicy::ReportOnly(report) => {
            AnyPolicy::ReportOnly(report.with_expectation(expectation))
        }
    }
}

/// What is asked of an audit.
pub(crate) fn audit(json: &str) -> Result<AuditOptions, Error> {
    let what = "the options of this audit are not valid";
    AuditJson::deserialize(&mut serde_json::Deserializer::from_slice(json.as_bytes()))
        .map_err(|_| Error::UsageInvalid { what })
}

/// How the files were hashed.
pub(crate) fn diagnostics(json: &str) -> Result<Diagnostics, Error> {
    let what = "these diagnostics are not valid";
    serde_json::from_slice(json.as_bytes()).map_err(|_| Error::UsageInvalid { what })
}
