//! What the caller expects: a sum of methods, and pins that narrow any of them.

use alloc::{string::String, vec::Vec};

use modelseal_hash::decode_hex;

use crate::{
    bundle::Bundle,
    clock::Clock,
    error::{Error, Stage},
    json::{Document, Fields, Value},
    keys::PublicKey,
    limits::Limits,
    signer::{CertificatePolicy, Signer},
    x509::Anchors,
};

/// Whom to expect as the signer, and what else has to hold.
///
/// There is no policy that accepts anybody.
#[derive(Clone, Debug)]
pub struct Policy {
    method: Method,
    root_digest: Option<[u8; 32]>,
    model_name: Option<String>,
    deny: Vec<[u8; 32]>,
    expectation: Expectation,
}

#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "a check has one policy: boxing would save nothing"
)]
enum Method {
    Certificate(CertificatePolicy),
    Key(PublicKey),
    /// The place of the keyless method; refused until it is built.
    Sigstore,
}

/// Who said whom to expect. Part of the verdict.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Expectation {
    /// Who set it.
    pub set_by: SetBy,
    /// The name of the preset or stored policy.
    pub name: Option<String>,
}

/// Who set an [`Expectation`].
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetBy {
    /// The person or program that asks now.
    #[default]
    Caller,
    /// A preset that ships with the tool.
    Preset,
    /// A policy stored in a service's configuration.
    StoredPolicy,
}

impl Policy {
    /// Expects a signature by `key`.
    pub const fn key(key: PublicKey) -> Self {
        Self::of(Method::Key(key))
    }

    /// Expects a signature by a certificate that leads to one of `anchors`.
    pub const fn certificate(anchors: Anchors) -> Self {
        Self::of(Method::Certificate(CertificatePolicy::new(anchors)))
    }

    const fn of(method: Method) -> Self {
        let expectation = Expectation {
            set_by: SetBy::Caller,
            name: None,
        };
        Self {
            method,
            root_digest: None,
            model_name: None,
            deny: Vec::new(),
            expectation,
        }
    }

    /// Also accepts the form of v0.2.0 (predicate type `https://model_signing/Digests/v0.1`),
    /// which the certificate method alone has. Its signature does not cover a root digest.
    #[must_use]
    pub fn with_digests_v01(mut self) -> Self {
        if let Method::Certificate(policy) = &mut self.method {
            policy.digests_v01 = true;
        }
        self
    }

    /// Also accepts anchors that are not self-signed.
    #[must_use]
    pub fn with_intermediate_anchors(mut self) -> Self {
        if let Method::Certificate(policy) = &mut self.method {
            policy.intermediate_anchors = true;
        }
        self
    }

    /// Pins the model by its root digest: SHA-256 over the raw digests of its resources.
    #[must_use]
    pub fn with_root_digest(mut self, sha256: [u8; 32]) -> Self {
        self.root_digest = Some(sha256);
        self
    }

    /// Pins the model by the name in its signature.
    #[must_use]
    pub fn with_model_name(mut self, name: String) -> Self {
        self.model_name = Some(name);
        self
    }

    /// Denies a certificate, a key or a model by the SHA-256 of its DER, its SPKI or its root digest.
    #[must_use]
    pub fn with_denied(mut self, sha256: [u8; 32]) -> Self {
        self.deny.push(sha256);
        self
    }

    /// States who set the expectation.
    #[must_use]
    pub fn with_expectation(mut self, expectation: Expectation) -> Self {
        self.expectation = expectation;
        self
    }

    /// Reads a policy in its JSON form.
    ///
    /// ```
    /// # use modelseal::{Error, Policy};
    /// let error = Policy::from_json(r#"{"method": "key", "publicKey": ""}"#).unwrap_err();
    /// assert_eq!(error, Error::KeyInvalid);
    /// ```
    ///
    /// # Errors
    /// Of the stage [`Stage::Policy`] alone.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let value = Value::parse(json.as_bytes(), &Limits::default(), Stage::Policy)?;
        let fields = Fields::of(&value, Document::Policy, "top level")?;
        let pins = ["deny", "method", "modelName", "rootDigest"];
        let known = |own: &[&'static str]| fields.only(&[&pins, own].concat());
        let mut policy = match fields.str("method")? {
            "key" => {
                known(&["publicKey"])?;
                Self::key(PublicKey::from_pem(fields.str("publicKey")?)?)
            }
            "certificate" => {
                known(&["anchors", "digestsV01", "intermediateAnchors"])?;
                Self::certificate_from_json(fields)?
            }
            "sigstore" => Self::of(Method::Sigstore),
            _ => return Err(Error::PolicyInvalid { field: "method" }),
        };
        policy.root_digest = fields
            .optional_str("rootDigest")?
            .map(|text| sha256(text, "rootDigest"))
            .transpose()?;
        policy.model_name = fields.optional_str("modelName")?.map(String::from);
        if policy.model_name.as_deref() == Some("") {
            // An empty name would read like "any".
            return Err(Error::PolicyInvalid { field: "modelName" });
        }
        for denied in fields.optional_array("deny")? {
            let text = denied
                .as_str()
                .ok_or(Error::PolicyInvalid { field: "deny" })?;
            policy.deny.push(sha256(text, "deny")?);
        }
        Ok(policy)
    }

    fn certificate_from_json(fields: Fields<'_, '_>) -> Result<Self, Error> {
        let anchors = fields.optional_array("anchors")?.iter().map(Value::as_str);
        let anchors: Option<Vec<&str>> = anchors.collect();
        let anchors = anchors.ok_or(Error::PolicyInvalid { field: "anchors" })?;
        let mut policy = CertificatePolicy::new(Anchors::from_pem(anchors)?);
        policy.digests_v01 = fields.optional_bool("digestsV01")?.unwrap_or(false);
        policy.intermediate_anchors = fields
            .optional_bool("intermediateAnchors")?
            .unwrap_or(false);
        policy.check()?;
        Ok(Self::of(Method::Certificate(policy)))
    }

    /// Refuses a policy that can accept nothing.
    ///
    /// # Errors
    /// [`Error::AnchorNotSelfSigned`].
    pub fn check(&self) -> Result<(), Error> {
        match &self.method {
            Method::Certificate(policy) => policy.check(),
            Method::Key(_) | Method::Sigstore => Ok(()),
        }
    }

    pub(crate) fn expectation(&self) -> &Expectation {
        &self.expectation
    }

    /// The signer that the bundle's material names, if this policy expects it.
    pub(crate) fn accept_signer(&self, bundle: &Bundle, clock: Clock) -> Result<Signer, Error> {
        let signer = match &self.method {
            Method::Certificate(policy) => policy.accept(bundle, clock)?,
            Method::Key(key) => Signer::accept_key(bundle, key)?,
            Method::Sigstore => return Err(Error::MethodUnsupported),
        };
        if self.deny.contains(&signer.key().spki_digest()) {
            return Err(Error::KeyDenied);
        }
        if signer
            .chain()
            .iter()
            .any(|certificate| self.deny.contains(&certificate.sha256))
        {
            return Err(Error::CertificateDenied);
        }
        Ok(signer)
    }

    /// Applies the pins to a model's name and root digest (`None`: its form has no root digest).
    pub(crate) fn accept_model(
        &self,
        name: Option<&str>,
        root_digest: Option<[u8; 32]>,
    ) -> Result<(), Error> {
        if root_digest.is_some_and(|digest| self.deny.contains(&digest)) {
            return Err(Error::RootDigestDenied);
        }
        if self.root_digest.is_some() && self.root_digest != root_digest {
            return Err(Error::RootDigestUnexpected);
        }
        if self.model_name.is_some() && self.model_name.as_deref() != name {
            return Err(Error::ModelNameUnexpected);
        }
        Ok(())
    }
}

/// Reads `sha256:<lower-case hex>`.
fn sha256(text: &str, field: &'static str) -> Result<[u8; 32], Error> {
    text.strip_prefix("sha256:")
        .and_then(decode_hex)
        .ok_or(Error::PolicyInvalid { field })
}
