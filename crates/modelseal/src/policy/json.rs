//! Policies in their JSON form.

use alloc::{string::String, vec::Vec};

use modelseal_hash::decode_hex;

use super::{AnyPolicy, Policy, ReportOnly, TrustRoots};
use crate::{
    error::{Error, Stage},
    json::{Document, Fields, TOP_LEVEL, Value},
    keys::PublicKey,
    limits::Limits,
    signer::{CertificateField, CertificatePolicy, Identity},
    trust::TrustRoot,
    x509::Anchors,
};

/// What a policy is for: it has no member that its check cannot enforce.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Subject {
    Artifact,
    Model,
}

impl Subject {
    /// The members of every policy for this subject.
    const fn pins(self) -> &'static [&'static str] {
        match self {
            Self::Artifact => &["anyPredicateType", "deny", "predicateTypes"],
            Self::Model => &["deny", "modelName", "rootDigest"],
        }
    }

    /// Artifacts are signed with more kinds of keys than models.
    fn key(self, pem: &str) -> Result<PublicKey, Error> {
        match self {
            Self::Artifact => PublicKey::for_artifacts_from_pem(pem),
            Self::Model => PublicKey::from_pem(pem),
        }
    }
}

impl AnyPolicy {
    /// Reads a policy for models in its JSON form. It may name `roots` in addition to the bundled
    /// ones. No member may be `null` or unknown.
    ///
    /// # Errors
    /// Of the stage [`Stage::Policy`] alone.
    pub fn from_json(json: &str, roots: &TrustRoots) -> Result<Self, Error> {
        Self::read(json, roots, Subject::Model)
    }

    /// Reads a policy for artifacts, see [`AnyPolicy::judge`]: keys may also be of Ed25519 and RSA,
    /// and there are types of attestations in place of a model's pins.
    ///
    /// # Errors
    /// Of the stage [`Stage::Policy`] alone.
    pub fn for_artifacts_from_json(json: &str, roots: &TrustRoots) -> Result<Self, Error> {
        Self::read(json, roots, Subject::Artifact)
    }

    fn read(json: &str, roots: &TrustRoots, subject: Subject) -> Result<Self, Error> {
        let value = Value::parse(json.as_bytes(), &Limits::DEFAULT, Stage::Policy)?;
        let fields = Fields::of(&value, Document::Policy, TOP_LEVEL)?;
        let known = |own: &[&'static str]| fields.only(&[subject.pins(), own].concat());
        let preset = fields.optional_str("preset")?;
        if preset.is_none()
            && fields.optional("method").is_none()
            && fields.optional_bool("reportOnly")? == Some(true)
        {
            // A report expects no one, so it has no pins either.
            fields.only(&["reportOnly", "trustRoot"])?;
            let root = root(fields, roots)?;
            let root = root.map_or_else(|| TrustRoot::bundled("production"), Ok)?;
            return Ok(Self::ReportOnly(ReportOnly::any(root)));
        }
        let policy = if let Some(name) = preset {
            known(&["preset", "trustRoot"])?;
            Policy::preset(name)?
        } else {
            match fields.str("method")? {
                "key" => {
                    known(&["method", "publicKey", "trustRoot"])?;
                    Policy::key(subject.key(fields.str("publicKey")?)?)
                }
                "certificate" => {
                    let mut own = Vec::from(["anchorDigests", "anchors", "intermediateAnchors"]);
                    own.extend(["method", "trustRoot"]);
                    if subject == Subject::Model {
                        own.push("digestsV01");
                    }
                    known(&own)?;
                    Policy::certificate(certificate(fields)?)?
                }
                "sigstore" => {
                    known(&["identities", "method", "reportOnly", "trustRoot"])?;
                    return sigstore(fields, roots);
                }
                _ => return Err(Error::PolicyInvalid { field: "method" }),
            }
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
        if let Some(text) = fields.optional_str("rootDigest")? {
            self = self.with_root_digest(sha256(text, "rootDigest")?);
        }
        match fields.optional_str("modelName")? {
            // An empty name would read like "any".
            Some("") => return Err(Error::PolicyInvalid { field: "modelName" }),
            Some(name) => self = self.with_model_name(name.into()),
            None => {}
        }
        for digest in digests(fields, "deny")? {
            self = self.with_denied(digest);
        }
        let field = "predicateTypes";
        let any = fields.optional_bool("anyPredicateType")?.unwrap_or(false);
        if fields.optional(field).is_some() {
            if any {
                return Err(Error::PolicyInvalid { field });
            }
            let types = fields.optional_array(field)?.iter();
            let types: Option<Vec<String>> =
                types.map(|name| name.as_str().map(String::from)).collect();
            self = self.with_predicate_types(types.ok_or(Error::PolicyInvalid { field })?)?;
        }
        Ok(if any {
            self.with_any_predicate_type()
        } else {
            self
        })
    }
}

/// The keyless method.
fn sigstore(fields: Fields<'_, '_>, roots: &TrustRoots) -> Result<AnyPolicy, Error> {
    let root = match root(fields, roots)? {
        Some(root) => root,
        None => TrustRoot::bundled("production")?,
    };
    if fields.optional_bool("reportOnly")?.unwrap_or(false) {
        // A report expects no one, so it has no pins either.
        fields.only(&["method", "reportOnly", "trustRoot"])?;
        return Ok(AnyPolicy::ReportOnly(ReportOnly::sigstore(root)));
    }
    let identities = fields.optional_array("identities")?.iter();
    let identities = identities.map(identity).collect::<Result<_, _>>()?;
    let policy = Policy::sigstore(root, identities)?;
    policy.pinned(fields).map(AnyPolicy::Expecting)
}

/// The trust root that the policy names, if it names one.
fn root(fields: Fields<'_, '_>, roots: &TrustRoots) -> Result<Option<TrustRoot>, Error> {
    let name = fields.optional_str("trustRoot")?;
    name.map(|name| roots.find(name)).transpose()
}

fn certificate(fields: Fields<'_, '_>) -> Result<CertificatePolicy, Error> {
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
    if fields.optional_bool("digestsV01")?.unwrap_or(false) {
        policy = policy.with_digests_v01();
    }
    if fields
        .optional_bool("intermediateAnchors")?
        .unwrap_or(false)
    {
        policy = policy.with_intermediate_anchors();
    }
    Ok(policy)
}

/// `{"issuer": …, "identity": …}`, or fields of the certificate in place of the identity, or both;
/// and `"noIssuer": true` in place of the issuer.
fn identity(value: &Value<'_>) -> Result<Identity, Error> {
    let fields = Fields::of(value, Document::Policy, "identities")?;
    let mut known: Vec<&str> = CertificateField::ALL
        .iter()
        .map(|field| field.name())
        .collect();
    known.extend(["identity", "issuer", "noIssuer"]);
    let fields = fields.only(&known)?;
    let mut expected = Vec::new();
    for field in CertificateField::ALL {
        if let Some(text) = fields.optional_str(field.name())? {
            expected.push((*field, text.into()));
        }
    }
    let no_issuer = fields.optional_bool("noIssuer")?.unwrap_or(false);
    let issuer = fields.optional_str("issuer")?;
    if issuer.is_some() == no_issuer {
        return Err(Error::PolicyInvalid {
            field: "identities.issuer",
        });
    }
    Identity::build(issuer, fields.optional_str("identity")?, expected)
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
