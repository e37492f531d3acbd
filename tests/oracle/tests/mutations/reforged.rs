//! Bundles changed before they were signed, so that one signature less stands in the way.

use std::sync::Mutex;

use modelseal_forge_oms::certificate::Extension;
use modelseal_forge_sigstore::tsa::{MESSAGE_DIGEST, octets};
use modelseal_forge_sigstore::{Content, Sigstore, Spec};
use sha2::{Digest, Sha256};

use crate::random::Random;
use crate::{der, json, seeds};

/// How many kinds of changes there are.
const KINDS: usize = 9;

/// A spec with one change, which the numbers of `random` choose.
pub(crate) fn spec(mut random: Random) -> Spec {
    let mut specs = seeds::specs();
    let spec = specs.swap_remove(random.below(specs.len()));
    let kind = random.below(KINDS);
    let random = Mutex::new(random);
    // Each change is made once for a bundle.
    macro_rules! chosen {
        () => {
            &mut random.lock().expect("one thread alone forges a bundle")
        };
    }
    match kind {
        0 => spec.body(move |body| json::mutate(body, chosen!())),
        1 => spec.leaf(move |leaf| {
            let random = chosen!();
            let at = random.below(leaf.extensions.len());
            let old = &leaf.extensions[at];
            let value = der::mutate(&old.value, random);
            leaf.extensions[at] = Extension::new(old.oid, old.critical, value);
        }),
        2 => spec.leaf(move |leaf| {
            let random = chosen!();
            let at = random.below(leaf.extensions.len());
            match random.below(3) {
                0 => drop(leaf.extensions.remove(at)),
                1 => leaf.extensions.push(leaf.extensions[at].clone()),
                _ => leaf.extensions[at].critical ^= true,
            }
        }),
        3 => spec.scts(move |list| list[0] = der::flip(&list[0], chosen!())),
        4 => spec.note(move |note| {
            note.text = json::change_lines(&note.text, chosen!());
            let sigstore = Sigstore::new("little");
            let log = match note.signatures[0].name == sigstore.rekor_v1.name {
                true => &sigstore.rekor_v1,
                false => &sigstore.rekor_v2,
            };
            note.signatures = vec![log.sign(&note.text)];
        }),
        5 => spec
            .note(move |note| note.written = Some(json::change_lines(&note.to_text(), chosen!()))),
        6 => spec.cms(move |cms| {
            cms.content = der::mutate(&cms.content, chosen!());
            let digest = octets(&Sha256::digest(&cms.content));
            cms.set(MESSAGE_DIGEST, vec![digest]);
        }),
        7 => spec.cms(move |cms| {
            let random = chosen!();
            let at = random.below(cms.attributes.len());
            let values = &mut cms.attributes[at].1;
            values[0] = der::mutate(&values[0], random);
        }),
        _ => spec.with(move |spec| {
            if let Content::Envelope { payload, .. } = &mut spec.content {
                let mut statement = serde_json::from_slice(payload).expect("a statement");
                json::mutate(&mut statement, chosen!());
                *payload = statement.to_string().into_bytes();
            }
        }),
    }
}
