//! Whole bundles to start from: our own Sigstore's, and real ones.

use std::path::{Path, PathBuf};
use std::{env, fs};

use modelseal_forge_sigstore::spec::{MEDIA_TYPE_0_1, MEDIA_TYPE_0_2};
use modelseal_forge_sigstore::{Content, Entry, IDENTITY, ISSUER, LeafKey, Sigstore, Spec, Times};
use serde_json::Value;

/// A bundle that is accepted.
pub(crate) struct Seed {
    /// The bundle.
    pub bundle: Value,
    /// Its trust root.
    pub root: String,
    /// What it is about.
    pub artifact: Vec<u8>,
    /// Who vouches.
    pub issuer: String,
    /// The expected signer.
    pub identity: String,
}

/// What our own Sigstore issues: all under one trust root.
pub(crate) fn specs() -> Vec<Spec> {
    let promised = |spec: Spec| spec.times(Times::Promise);
    vec![
        Spec::message(Entry::Hashedrekord001),
        promised(Spec::message(Entry::Hashedrekord001)),
        Spec::message(Entry::Hashedrekord001).media_type(MEDIA_TYPE_0_1),
        Spec::message(Entry::Hashedrekord001).media_type(MEDIA_TYPE_0_2),
        Spec::message(Entry::Hashedrekord002),
        Spec::message(Entry::Hashedrekord002).with(|spec| spec.embedded = true),
        Spec::statement(Entry::Hashedrekord002),
        Spec::statement(Entry::Dsse001),
        Spec::statement(Entry::Dsse001).key(LeafKey::P384),
        Spec::statement(Entry::Dsse001).key(LeafKey::Ed25519),
        Spec::statement(Entry::Intoto002).key(LeafKey::Rsa),
        promised(Spec::new(Entry::Intoto002, Content::slsa_v0_2())),
    ]
}

/// The bundles of [`specs`].
pub(crate) fn forged() -> Vec<Seed> {
    let sigstore = Sigstore::new("little");
    specs()
        .iter()
        .map(|spec| {
            let forged = sigstore.forge(spec);
            Seed {
                bundle: forged.bundle,
                root: forged.root.to_string(),
                artifact: forged.artifact,
                issuer: ISSUER.into(),
                identity: IDENTITY.into(),
            }
        })
        .collect()
}

/// The public suite's bundles that are to be accepted; none where there are no vectors.
pub(crate) fn real() -> Vec<Seed> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/vectors");
    let vectors = env::var_os("MODELSEAL_VECTORS").map_or(root, PathBuf::from);
    let cases = vectors.join("sigstore/bundle-verify");
    let Ok(folders) = fs::read_dir(&cases) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = folders.flatten().map(|entry| entry.path()).collect();
    folders.sort();
    folders
        .iter()
        .filter_map(|folder| read(folder, &vectors))
        .collect()
}

fn read(folder: &Path, vectors: &Path) -> Option<Seed> {
    let name = folder.file_name()?.to_str()?;
    if name.ends_with("_fail") || folder.join("key.pub").exists() {
        return None;
    }
    let text = |path: PathBuf| fs::read_to_string(path).ok();
    let bundle = text(folder.join("bundle.sigstore.json"))?;
    let root = text(folder.join("trusted_root.json"))
        .or_else(|| text(vectors.join("roots/sigstore-public-good.trusted_root.json")))?;
    let artifact = fs::read(folder.join("artifact"))
        .or_else(|_| fs::read(folder.with_file_name("a.txt")))
        .ok()?;
    let said = |file: &str, otherwise: &str| {
        text(folder.join(file)).map_or_else(|| otherwise.to_owned(), |text| text.trim().to_owned())
    };
    Some(Seed {
        bundle: serde_json::from_str(&bundle).ok()?,
        root,
        artifact,
        issuer: said("issuer", "https://token.actions.githubusercontent.com"),
        identity: said(
            "identity",
            "https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon/.github/\
             workflows/extremely-dangerous-oidc-beacon.yml@refs/heads/main",
        ),
    })
}
