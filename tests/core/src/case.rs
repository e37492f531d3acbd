//! Named test cases, and those that could not run.

use libtest_mimic::{Failed, Trial};
use serde_json::{Value, json};

use modelseal::Verdict;

/// A test of that name which cannot run here, and why. Run by `--ignored`, it fails.
pub fn ignored(name: &str, why: &str) -> Trial {
    let why = why.to_owned();
    Trial::test(format!("{name} [{why}]"), move || Err(why.into())).with_ignored_flag(true)
}

/// Fails unless `actual` is exactly `expected`.
///
/// # Errors
/// A message with both.
pub fn same(what: &str, actual: &Value, expected: &Value) -> Result<(), Failed> {
    if actual == expected {
        Ok(())
    } else {
        Err(format!("{what}\n  expected {expected}\n  actual   {actual}").into())
    }
}

/// Outcome and reasons of a verdict.
pub fn outcome(verdict: &Verdict) -> Value {
    let whole = json_of(verdict);
    json!({ "outcome": whole["outcome"], "reasons": whole["reasons"] })
}

/// A verdict in JSON.
pub fn json_of(verdict: &Verdict) -> Value {
    serde_json::from_str(&verdict.to_json()).expect("a verdict is JSON")
}
