//! Policies in their JSON form.

use alloc::{string::String, vec::Vec};

use modelseal_hash::decode_hex;

use super::{AnyPolicy, Method, Policy, ReportOnly, TrustRoots};
use crate::{
    error::{Error, Stage},
    json::{Document, Fields, Value},
    keys::PublicKey,
    limits::Limits,
    signer::{CertificateField, CertificatePolicy, Identity},
    trust::TrustRoot,
    x509::Anchors,
};

impl AnyPolicy {
    /// Reads a policy in its JSON form. `roots` are those that it may name besides the bundled ones.
    ///
    /// # Errors
    /// Of the stage [`Stage::Policy`] alone.
    pub fn from_json(json: &str, roots: &TrustRoots) -> Result<Self, Error> {
        Self::read(json, roots, PublicKey::from_pem)
    }

    /// Reads the same for [`Bundle::verify_artifact`](crate::Bundle::verify_artifact): artifacts are
    /// also signed with keys of Ed25519 and RSA.
    ///
    /// # Errors
    /// Of the stage [`Stage::Policy`] alone.
    pub fn for_artifacts_from_json(json: &str, roots: &TrustRoots) -> Result<Self, Error> {
        Self::read(json, roots, PublicKey::for_artifacts_from_pem)
    }

    fn read(
        json: &str,
        roots: &TrustRoots,
        key: fn(&str) -> Result<PublicKey, Error>,
    ) -> Result<Self, Error> {
        let value = Value::parse(json.as_bytes(), &Limits::default(), Stage::Policy)?;
        let fields = Fields::of(&value, Document::Policy, "top level")?;
        let pins = ["deny", "method", "modelName", "rootDigest", "trustRoot"];
        let known = |own: &[&'static str]| fields.only(&[&pins, own].concat());
        if let Some(name) = fields.optional_str("preset")? {
            fields.only(&["deny", "modelName", "preset", "rootDigest"])?;
            return Policy::preset(name)?.pinned(fields).map(Self::Expecting);
        }
        let policy = match fields.str("method")? {
            "key" => {
                known(&["publicKey"])?;
                Policy::key(key(fields.str("publicKey")?)?)
            }
            "certificate" => {
                known(&[
                    "anchorDigests",
                    "anchors",
                    "digestsV01",
                    "intermediateAnchors",
                ])?;
                certificate(fields)?
            }
            "sigstore" => {
                known(&["identities", "reportOnly"])?;
                let root =
                    root(fields, roots)?.map_or_else(|| TrustRoot::bundled("production"), Ok)?;
                if fields.optional_bool("reportOnly")?.unwrap_or(false) {
                    // Whoever names somebody to expect does not want a report alone.
                    fields.only(&["method", "reportOnly", "trustRoot"])?;
                    return Ok(Self::ReportOnly(ReportOnly::sigstore(root)));
                }
                let identities = fields.optional_array("identities")?.iter();
                return Policy::sigstore(
                    root,
                    identities.map(identity).collect::<Result<_, _>>()?,
                )?
                .pinned(fields)
                .map(Self::Expecting);
            }
            _ => return Err(Error::PolicyInvalid { field: "method" }),
        };
        let policy = match root(fields, roots)? {
            Some(root) => policy.with_trust_root(root),
            None => policy,
        };
        policy.pinned(fields).map(Self::Expecting)
    }
}

impl Policy {
    /// Reads the pins, which every method has.
    fn pinned(mut self, fields: Fields<'_, '_>) -> Result<Self, Error> {
        self.root_digest = fields
            .optional_str("rootDigest")?
            .map(|text| sha256(text, "rootDigest"))
            .transpose()?;
        self.model_name = fields.optional_str("modelName")?.map(String::from);
        if self.model_name.as_deref() == Some("") {
            // An empty name would read like "any".
            return Err(Error::PolicyInvalid { field: "modelName" });
        }
        self.deny = digests(fields, "deny")?;
        Ok(self)
    }
}

/// The trust root that is named, if one is.
fn root(fields: Fields<'_, '_>, roots: &TrustRoots) -> Result<Option<TrustRoot>, Error> {
    let name = fields.optional_str("trustRoot")?;
    name.map(|name| roots.find(name)).transpose()
}

fn certificate(fields: Fields<'_, '_>) -> Result<Policy, Error> {
    let anchors = fields.optional_array("anchors")?.iter().map(Value::as_str);
    let anchors: Option<Vec<&str>> = anchors.collect();
    let anchors = anchors.ok_or(Error::PolicyInvalid { field: "anchors" })?;
    let pinned = digests(fields, "anchorDigests")?;
    let anchors = match (anchors.is_empty(), pinned.is_empty()) {
        (_, true) => Anchors::from_pem(anchors)?,
        (true, false) => Anchors::pinned(pinned)?,
        (false, false) => Anchors::from_pem(anchors)?.and(Anchors::pinned(pinned)?),
    };
    let mut policy = CertificatePolicy::new(anchors);
    policy.digests_v01 = fields.optional_bool("digestsV01")?.unwrap_or(false);
    policy.intermediate_anchors = fields
        .optional_bool("intermediateAnchors")?
        .unwrap_or(false);
    policy.check()?;
    Ok(Policy::of(Method::Certificate(policy)))
}

/// `{"issuer": …, "identity": …}`, or fields of the certificate in place of the identity, or both.
fn identity(value: &Value<'_>) -> Result<Identity, Error> {
    let fields = Fields::of(value, Document::Policy, "identities")?;
    let mut known: Vec<&str> = CertificateField::ALL
        .iter()
        .map(|field| field.name())
        .collect();
    known.extend(["identity", "issuer"]);
    let fields = fields.only(&known)?;
    let mut expected = Vec::new();
    for field in CertificateField::ALL {
        if let Some(text) = fields.optional_str(field.name())? {
            expected.push((*field, text.into()));
        }
    }
    Identity::build(
        fields.str("issuer")?,
        fields.optional_str("identity")?,
        expected,
    )
}

/// A list of digests.
fn digests(fields: Fields<'_, '_>, field: &'static str) -> Result<Vec<[u8; 32]>, Error> {
    let digests = fields.optional_array(field)?.iter();
    digests
        .map(|digest| {
            let text = digest.as_str().ok_or(Error::PolicyInvalid { field })?;
            sha256(text, field)
        })
        .collect()
}

/// Reads `sha256:<lower-case hex>`.
fn sha256(text: &str, field: &'static str) -> Result<[u8; 32], Error> {
    text.strip_prefix("sha256:")
        .and_then(decode_hex)
        .ok_or(Error::PolicyInvalid { field })
}
