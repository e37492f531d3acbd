//! Writes bundles of a little Sigstore in the layout of the public suite, for benchmarks where there are no vectors:
//! `cargo run -p modelseal-forge-sigstore --example bench FOLDER`.

use std::{error::Error, fs, path::PathBuf};

use modelseal_forge_sigstore::{Content, Entry, IDENTITY, ISSUER, Sigstore, Spec};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: bench FOLDER")?);
    let suite = folder.join("sigstore/bundle-verify");
    let sigstore = Sigstore::new("bench");
    for (name, entry, content) in [
        (
            "happy-path-v0.3",
            Entry::Hashedrekord001,
            Content::message(),
        ),
        (
            "happy-path-intoto-in-dsse-v3",
            Entry::Dsse001,
            Content::slsa_v1(),
        ),
        (
            "rekor2-happy-path",
            Entry::Hashedrekord002,
            Content::message(),
        ),
    ] {
        let case = suite.join(name);
        fs::create_dir_all(&case)?;
        let forged = sigstore.forge(&Spec::new(entry, content));
        fs::write(case.join("bundle.sigstore.json"), forged.bytes())?;
        fs::write(case.join("trusted_root.json"), forged.root_bytes())?;
        fs::write(case.join("identity"), IDENTITY)?;
        fs::write(case.join("issuer"), ISSUER)?;
        fs::write(suite.join("a.txt"), forged.artifact)?;
    }
    Ok(())
}
