//! Trust roots that JavaScript passes in: each is parsed once, and policies name it.

use std::cell::RefCell;
use std::collections::VecDeque;

use modelseal::{TrustRoot, TrustRoots};
use modelseal_hash::{Algorithm, FileHasher};
use wasm_bindgen::prelude::*;

use crate::thrown;

/// How many roots are kept; the one that was added first goes first.
const MOST: usize = 8;

thread_local! {
    static ROOTS: RefCell<VecDeque<(String, TrustRoot)>> = const { RefCell::new(VecDeque::new()) };
}

/// Keeps a `trusted_root.json` or `ClientTrustConfig`, and returns the name by which a policy that is
/// read right after can name it: `sha256:` and its digest.
#[wasm_bindgen(js_name = addTrustRoot)]
pub fn add(json: &[u8]) -> Result<String, JsValue> {
    let mut hasher = FileHasher::new(Algorithm::Sha256);
    hasher.update(json);
    let name = hasher.finish().to_string();
    ROOTS.with_borrow_mut(|roots| {
        if !roots.iter().any(|(own, _)| *own == name) {
            let root = TrustRoot::parse(json).map_err(thrown)?;
            roots.truncate(MOST - 1);
            roots.push_front((name.clone(), root));
        }
        Ok(name)
    })
}

/// Where the root of this name comes from and what is in it, as JSON.
#[wasm_bindgen(js_name = describeTrustRoot)]
pub fn describe(name: &str) -> Result<String, JsValue> {
    let root = known().find(name).map_err(thrown)?;
    Ok(root.report().to_json())
}

/// The roots that a policy may name besides the bundled ones.
pub(crate) fn known() -> TrustRoots {
    let mut known = TrustRoots::default();
    ROOTS.with_borrow(|roots| {
        for (name, root) in roots {
            known.insert(name, root.clone());
        }
    });
    known
}
