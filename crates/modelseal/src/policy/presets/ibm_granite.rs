//! IBM's Granite models. Source: the signatures in the repositories of `ibm-granite` on Hugging Face's hub
//! (November 2026); IBM's documentation names the third identity alone.

use alloc::vec::Vec;

use super::super::Policy;
use crate::{error::Error, signer::Identity, trust::TrustRoot};

pub(crate) const NAME: &str = "ibm-granite";

const ISSUER: &str = "https://sigstore.verify.ibm.com/oauth2";

const IDENTITIES: [&str; 3] = [
    "Granite-sign@ibm.com",
    "Granite-verify@ibm.com",
    "Granite.Preview@ibm.com",
];

pub(crate) fn policy() -> Result<Policy, Error> {
    let identities: Result<Vec<_>, _> = IDENTITIES
        .into_iter()
        .map(|identity| Identity::new(ISSUER, identity))
        .collect();
    Policy::sigstore(TrustRoot::bundled("production")?, identities?)
}
