//! Bundles in each of which one check alone decides: those that hold, and those that fail it.
//!
//! Cases are grouped and named after their check.

mod accepted;
mod body;
mod certificate;
mod checkpoint;
mod cms;
mod entry;
mod identity;
mod limits;
mod root;
mod sct;
mod shape;
mod signature;
mod times;
mod timestamp;

use base64ct::{Base64, Encoding};
use serde_json::Value;

use crate::content::{ARTIFACT, base64};
use crate::{Entry, Forged, IDENTITY, ISSUER, Sigstore, Spec, time};

/// A bundle, and what is to be said of it.
pub struct Case {
    /// Its check, and what is done to it.
    pub name: &'static str,
    make: Box<dyn Fn(&Sigstore) -> Forged + Send + Sync>,
    /// The error's code; none where the bundle is accepted.
    pub code: Option<&'static str>,
    /// What the second verifier says.
    pub second: Second,
    /// The expected issuer.
    pub issuer: &'static str,
    /// The expected identity.
    pub identity: &'static str,
    /// When it is judged.
    pub now: u64,
}

/// What the second verifier says of a case.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Second {
    /// The same.
    Same,
    /// It accepts what we reject, and why.
    Accepts(&'static str),
    /// It rejects what we accept: a gap, with the standard that has it.
    Rejects(&'static str),
}

/// A bundle that is accepted.
fn good(name: &'static str, spec: Spec) -> Case {
    made(name, None, move |sigstore| sigstore.forge(&spec))
}

/// A bundle that is rejected with this code.
fn bad(name: &'static str, code: &'static str, spec: Spec) -> Case {
    made(name, Some(code), move |sigstore| sigstore.forge(&spec))
}

fn made(
    name: &'static str,
    code: Option<&'static str>,
    make: impl Fn(&Sigstore) -> Forged + Send + Sync + 'static,
) -> Case {
    Case {
        name,
        make: Box::new(make),
        code,
        second: Second::Same,
        issuer: ISSUER,
        identity: IDENTITY,
        now: time::NOW,
    }
}

impl Case {
    /// Issues the bundle.
    pub fn forge(&self, sigstore: &Sigstore) -> Forged {
        (self.make)(sigstore)
    }

    /// The second verifier accepts it.
    fn lenient(mut self, why: &'static str) -> Self {
        self.second = Second::Accepts(why);
        self
    }

    /// The second verifier rejects it.
    fn gap(mut self, standard: &'static str) -> Self {
        self.second = Second::Rejects(standard);
        self
    }

    fn identity(mut self, identity: &'static str) -> Self {
        self.identity = identity;
        self
    }

    fn issuer(mut self, issuer: &'static str) -> Self {
        self.issuer = issuer;
        self
    }
}

/// A message in Rekor v1, with promise, proof and timestamp.
fn v1() -> Spec {
    Spec::message(Entry::Hashedrekord001)
}

/// A message in Rekor v2, with a timestamp.
fn v2() -> Spec {
    Spec::message(Entry::Hashedrekord002)
}

/// A statement in Rekor v1.
fn dsse() -> Spec {
    Spec::statement(Entry::Dsse001)
}

/// The bundle's first log entry.
pub fn entry(bundle: &mut Value) -> &mut Value {
    &mut bundle["verificationMaterial"]["tlogEntries"][0]
}

/// The bundle's timestamps.
pub fn stamps(bundle: &mut Value) -> &mut Vec<Value> {
    let data = &mut bundle["verificationMaterial"]["timestampVerificationData"];
    data["rfc3161Timestamps"]
        .as_array_mut()
        .expect("the bundle has timestamps")
}

/// The bundle's log entries.
pub fn entries(bundle: &mut Value) -> &mut Vec<Value> {
    let entries = &mut bundle["verificationMaterial"]["tlogEntries"];
    entries.as_array_mut().expect("the bundle has log entries")
}

/// Where a list of the trust root says since when and until when its first entry counts.
fn window<'a>(root: &'a mut Value, list: &str, index: usize) -> &'a mut Value {
    let entry = &mut root[list][index];
    match list {
        "tlogs" | "ctlogs" => &mut entry["publicKey"]["validFor"],
        _ => &mut entry["validFor"],
    }
}

fn since(list: &'static str, index: usize, at: u64) -> impl Fn(&mut Value) {
    move |root| window(root, list, index)["start"] = time::rfc3339(at).into()
}

fn until(list: &'static str, index: usize, at: u64) -> impl Fn(&mut Value) {
    move |root| window(root, list, index)["end"] = time::rfc3339(at).into()
}

fn remove(value: &mut Value, member: &str) {
    value.as_object_mut().expect("an object").remove(member);
}

/// Flips a bit of the last octet.
fn spoil(bytes: &mut [u8]) {
    *bytes.last_mut().expect("some octets") ^= 1;
}

/// The octets of a base64 text.
fn decoded(value: &Value) -> Vec<u8> {
    let text = value.as_str().expect("a text");
    Base64::decode_vec(text).expect("base64")
}

/// Changes the octets of a base64 text.
fn recode(value: &mut Value, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = decoded(value);
    change(&mut bytes);
    *value = base64(&bytes).into();
}

/// The artifact of every message and of all provenance.
pub fn artifact() -> &'static [u8] {
    ARTIFACT
}

/// Every case.
pub fn all() -> Vec<Case> {
    let groups = [
        accepted::cases(),
        shape::cases(),
        times::cases(),
        certificate::cases(),
        sct::cases(),
        identity::cases(),
        entry::cases(),
        checkpoint::cases(),
        body::cases(),
        timestamp::cases(),
        cms::cases(),
        signature::cases(),
        root::cases(),
        limits::cases(),
    ];
    groups.into_iter().flatten().collect()
}
