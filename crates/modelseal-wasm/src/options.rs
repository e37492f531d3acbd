//! The options that JavaScript passes in, as JSON. An unknown field is an error.
//!
//! They are read from bytes, as the core reads its JSON: the reader for strings would be a second copy.

use modelseal::{
    AnyPolicy, AuditOptions, Clock, Diagnostics, Error, Expectation, LinkTargets, SetBy,
    TrustRoots, UnixTime,
};
use serde::Deserialize;

/// At which time a bundle is to be checked, and who set the expectation.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Open {
    now: u64,
    at: Option<u64>,
    max_clock_skew: Option<u64>,
    expectation: Option<ExpectationJson>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct ExpectationJson {
    #[serde(default)]
    set_by: SetByJson,
    name: Option<String>,
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum SetByJson {
    #[default]
    Caller,
    Preset,
    StoredPolicy,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct AuditJson {
    ignore_paths: Vec<String>,
    ignore_unsigned: bool,
    allow_symlinks: bool,
    #[serde(default)]
    accept_resumed: bool,
    complete: bool,
    symlinks_observable: bool,
    link_targets: Option<LinkTargets>,
    signature_path: Option<String>,
    single_file: Option<String>,
}

/// Reads the options of a bundle.
pub(crate) fn open(json: &str) -> Result<Open, Error> {
    let what = "the options of this bundle are not valid";
    serde_json::from_slice(json.as_bytes()).map_err(|_| Error::UsageInvalid { what })
}

impl Open {
    /// The time of the check, and the one that the caller chose.
    pub(crate) fn clock(&self) -> Clock {
        let now = UnixTime::from_seconds(self.now);
        let at = self.at.map(UnixTime::from_seconds);
        let clock = at.map_or(Clock::now(now), |at| Clock::judged_at(now, at));
        match self.max_clock_skew {
            Some(seconds) => clock.with_max_skew(seconds),
            None => clock,
        }
    }

    /// Reads a policy for models.
    pub(crate) fn policy(&self, json: &str, roots: &TrustRoots) -> Result<AnyPolicy, Error> {
        AnyPolicy::from_json(json, roots).map(|policy| self.expected_by(policy))
    }

    /// Reads a policy for artifacts.
    pub(crate) fn artifact_policy(
        &self,
        json: &str,
        roots: &TrustRoots,
    ) -> Result<AnyPolicy, Error> {
        AnyPolicy::for_artifacts_from_json(json, roots).map(|policy| self.expected_by(policy))
    }

    /// States who set the expectation, where the caller says so. A preset says it on its own.
    fn expected_by(&self, policy: AnyPolicy) -> AnyPolicy {
        let Some(expectation) = &self.expectation else {
            return policy;
        };
        let set_by = match expectation.set_by {
            SetByJson::Caller => SetBy::Caller,
            SetByJson::Preset => SetBy::Preset,
            SetByJson::StoredPolicy => SetBy::StoredPolicy,
        };
        policy.with_expectation(Expectation::new(set_by, expectation.name.clone()))
    }
}

/// What is asked of an audit.
pub(crate) fn audit(json: &str) -> Result<AuditOptions, Error> {
    let what = "the options of this audit are not valid";
    let json: AuditJson =
        serde_json::from_slice(json.as_bytes()).map_err(|_| Error::UsageInvalid { what })?;
    let mut options = AuditOptions::default();
    options.ignore_paths = json.ignore_paths;
    options.ignore_unsigned = json.ignore_unsigned;
    options.allow_symlinks = json.allow_symlinks;
    options.accept_resumed = json.accept_resumed;
    options.complete = json.complete;
    options.symlinks_observable = json.symlinks_observable;
    options.link_targets = json.link_targets;
    options.signature_path = json.signature_path;
    options.single_file = json.single_file;
    Ok(options)
}

/// How the files were hashed.
pub(crate) fn diagnostics(json: &str) -> Result<Diagnostics, Error> {
    let what = "these diagnostics are not valid";
    serde_json::from_slice(json.as_bytes()).map_err(|_| Error::UsageInvalid { what })
}
