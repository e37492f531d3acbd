//! The second verifier accepts what the tests' Sigstore issues, but for what it does not know.

use modelseal_forge_sigstore::spec::{
    MEDIA_TYPE_0_1, MEDIA_TYPE_0_2, MEDIA_TYPE_0_3, MEDIA_TYPE_0_3_OLD,
};
use modelseal_forge_sigstore::tsa::TsaKey;
use modelseal_forge_sigstore::{Content, Entry, IDENTITY, ISSUER, LeafKey, Sigstore, Spec, Times};
use modelseal_oracle::Oracle;

fn judge(spec: &Spec) -> Result<(), String> {
    let forged = Sigstore::new("little").forge(spec);
    let oracle = Oracle::new(&forged.root.to_string())?;
    oracle.verify(
        &forged.bundle.to_string(),
        &forged.artifact,
        ISSUER,
        IDENTITY,
    )
}

fn times(entry: Entry) -> &'static [Times] {
    match entry.is_v2() {
        true => &[Times::Stamp],
        false => &[Times::Both, Times::Promise, Times::Stamp],
    }
}

#[test]
fn every_kind_of_entry_with_every_time() {
    for entry in Entry::ALL {
        for content in [Content::message(), Content::slsa_v1(), Content::slsa_v0_2()] {
            for times in times(entry) {
                let message = matches!(content, Content::Message(_));
                let spec = Spec::new(entry, content.clone()).times(*times);
                let what = format!("{entry:?} {times:?}, message: {message}");
                match (entry, message) {
                    (Entry::Dsse001 | Entry::Dsse002 | Entry::Intoto002, true) => continue,
                    // Its gaps: it knows no dsse 0.0.2, and hashedrekord 0.0.1 for messages alone.
                    (Entry::Dsse002, false) | (Entry::Hashedrekord001, false) => {
                        let error = judge(&spec).expect_err(&what);
                        let gap = match entry {
                            Entry::Dsse002 => "unsupported Rekor entry format: dsse/0.0.2",
                            _ => "hashedrekord/0.0.1 is incompatible with a DSSE envelope",
                        };
                        assert!(error.contains(gap), "{what}: {error}");
                    }
                    _ => assert_eq!(judge(&spec), Ok(()), "{what}"),
                }
            }
        }
    }
}

#[test]
fn every_kind_of_key() {
    for key in LeafKey::ALL {
        let spec = Spec::statement(Entry::Dsse001).key(key);
        let result = judge(&spec);
        if key == LeafKey::P521 {
            assert!(result.is_err(), "it does not know P-521");
        } else {
            assert_eq!(result, Ok(()), "{key:?}");
        }
    }
}

#[test]
fn every_media_type() {
    for media_type in [
        MEDIA_TYPE_0_1,
        MEDIA_TYPE_0_2,
        MEDIA_TYPE_0_3_OLD,
        MEDIA_TYPE_0_3,
    ] {
        let spec = Spec::message(Entry::Hashedrekord001).media_type(media_type);
        assert_eq!(judge(&spec), Ok(()), "{media_type}");
    }
}

#[test]
fn every_kind_of_timestamp() {
    for key in TsaKey::ALL {
        for embedded in [false, true] {
            let spec = Spec::message(Entry::Hashedrekord002).with(|spec| {
                spec.tsa_key = key;
                spec.embedded = embedded;
            });
            match key {
                TsaKey::P521 | TsaKey::Rsa => {
                    assert!(judge(&spec).is_err(), "it knows P-256 and P-384 alone");
                }
                _ => assert_eq!(judge(&spec), Ok(()), "{key:?}, embedded: {embedded}"),
            }
        }
    }
}
