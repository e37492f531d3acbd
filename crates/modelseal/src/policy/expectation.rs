//! Who said which signer to expect.

use alloc::string::String;

/// Who said which signer to expect. Part of the verdict.
#[derive(Clone, Debug, Default, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Expectation {
    /// Who set it.
    pub set_by: SetBy,
    /// The name of the preset or stored policy.
    pub name: Option<String>,
}

impl Expectation {
    /// Set by `set_by`, with the name of a preset or stored policy.
    pub const fn new(set_by: SetBy, name: Option<String>) -> Self {
        Self { set_by, name }
    }
}

/// Who set an [`Expectation`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum SetBy {
    /// The person or program that asks now.
    #[default]
    Caller,
    /// A preset that ships with modelseal.
    Preset,
    /// A policy stored in a service's configuration.
    StoredPolicy,
}
