//! A kind of hostile bundle, and the files that a run of the command needs.

use std::path::Path;
use std::{fs, io};

use base64ct::{Base64, Encoding};
use modelseal_forge_oms::bundle::{MEDIA_TYPE, PAYLOAD_TYPE, hint, pae};
use modelseal_forge_oms::context::Pki;
use modelseal_forge_oms::keys::{Key, Kind, pem};
use modelseal_forge_sigstore::{Forged, IDENTITY, ISSUER};

/// One kind of bundle.
#[derive(Clone)]
pub(crate) struct Shape {
    pub name: &'static str,
    /// What there is so much of.
    pub what: &'static str,
    pub make: std::rc::Rc<dyn Fn() -> Made>,
}

impl Shape {
    pub(crate) fn new(
        name: &'static str,
        what: &'static str,
        make: impl Fn() -> Made + 'static,
    ) -> Self {
        let make = std::rc::Rc::new(make);
        Self { name, what, make }
    }
}

/// A bundle, and by what it is verified.
pub(crate) struct Made {
    pub bundle: Vec<u8>,
    pub by: By,
}

/// What the caller trusts.
pub(crate) enum By {
    /// The root of [`Pki`].
    Certificate,
    /// [`signer`].
    Key,
    /// A trust root, for a bundle about an artifact.
    Sigstore { root: Vec<u8>, artifact: Vec<u8> },
}

/// What was written for one run.
pub(crate) struct Scene {
    /// The bundle's path.
    pub bundle: String,
    /// Its size.
    pub bytes: usize,
    /// The arguments that verify it.
    pub verify: Vec<String>,
}

impl Made {
    /// Writes the bundle and what it takes to verify it.
    pub(crate) fn write(self, folder: &Path) -> io::Result<Scene> {
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        fs::create_dir_all(path("model"))?;
        fs::write(path("model/config.json"), "{}")?;
        fs::write(path("bundle"), &self.bundle)?;
        let model = |method: &str| {
            let arguments = [
                "verify",
                method,
                &path("model"),
                "--signature",
                &path("bundle"),
            ];
            arguments.map(str::to_owned).to_vec()
        };
        let with = |mut arguments: Vec<String>, more: &[&str]| {
            arguments.extend(more.iter().map(|more| (*more).to_owned()));
            arguments
        };
        let verify = match self.by {
            By::Certificate => {
                fs::write(
                    path("root.pem"),
                    pem("CERTIFICATE", &Pki::default().root_der()),
                )?;
                with(
                    model("certificate"),
                    &["--certificate-chain", &path("root.pem")],
                )
            }
            By::Key => {
                fs::write(path("key.pub"), signer().public_pem())?;
                with(model("key"), &["--public-key", &path("key.pub")])
            }
            By::Sigstore { root, artifact } => {
                fs::write(path("root.json"), root)?;
                fs::write(path("artifact"), artifact)?;
                let arguments = ["verify-bundle", "--bundle", &path("bundle")];
                let arguments = arguments.map(str::to_owned).to_vec();
                let arguments = with(arguments, &["--trusted-root", &path("root.json")]);
                let arguments = with(arguments, &["--certificate-identity", IDENTITY]);
                with(
                    arguments,
                    &["--certificate-oidc-issuer", ISSUER, &path("artifact")],
                )
            }
        };
        Ok(Scene {
            bundle: path("bundle"),
            bytes: self.bundle.len(),
            verify,
        })
    }
}

/// The key of the bundles that are signed with one.
pub(crate) fn signer() -> Key {
    Key::derive(Kind::P256, "signer")
}

/// A bundle with these members, written by hand: a JSON value of this size would take longer than what is measured.
pub(crate) fn bundle(material: &str, content: &str) -> Vec<u8> {
    format!("{{\"mediaType\":\"{MEDIA_TYPE}\",\"verificationMaterial\":{{{material}}},{content}}}")
        .into_bytes()
}

/// A bundle by [`signer`] over this payload.
pub(crate) fn signed(payload: &[u8]) -> Vec<u8> {
    let key = signer();
    let signature = key.sign(key.algorithm(), &pae(PAYLOAD_TYPE, payload));
    let material = format!("\"publicKey\":{{\"hint\":\"{}\"}}", hint(&key));
    bundle(&material, &envelope(payload, &signature))
}

/// The member with an envelope.
pub(crate) fn envelope(payload: &[u8], signature: &[u8]) -> String {
    format!(
        "\"dsseEnvelope\":{{\"payload\":\"{}\",\"payloadType\":\"{PAYLOAD_TYPE}\",\"signatures\":[{{\"sig\":\"{}\"}}]}}",
        Base64::encode_string(payload),
        Base64::encode_string(signature)
    )
}

/// What a forged bundle is verified by.
pub(crate) fn by_sigstore(forged: &Forged) -> By {
    By::Sigstore {
        root: forged.root_bytes(),
        artifact: forged.artifact.clone(),
    }
}
