//! Trust roots that JavaScript passes in: each is parsed once, and policies name it.

use std::cell::RefCell;
use std::collections::VecDeque;

use modelseal::{Fetched, TrustRoot, TrustRoots, UnixTime};
use modelseal_hash::{Algorithm, FileHasher};
use wasm_bindgen::prelude::*;

use crate::thrown;

/// How many roots are kept; the one that was added first goes first.
const MOST: usize = 8;

thread_local! {
    static ROOTS: RefCell<VecDeque<(String, TrustRoot)>> = const { RefCell::new(VecDeque::new()) };
}

/// Keeps a `trusted_root.json` or `ClientTrustConfig`, and returns the name by which a policy that is
/// read right after can name it: `sha256:` and its digest. For one that was fetched, `fetched_at` and `root_expires`
/// are times in seconds, and `root_version` is the TUF root's; otherwise they are zero.
#[wasm_bindgen(js_name = addTrustRoot)]
// The package has checked that these are whole numbers.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub fn add(
    json: &[u8],
    fetched_at: f64,
    root_version: f64,
    root_expires: f64,
) -> Result<String, JsValue> {
    let mut hasher = FileHasher::new(Algorithm::Sha256);
    hasher.update(json);
    let mut name = hasher.finish().to_string();
    let fetched = fetched_at > 0.0;
    if fetched {
        // The same file can have been fetched again.
        name.push_str(&(fetched_at as u64).to_string());
    }
    ROOTS.with_borrow_mut(|roots| {
        if !roots.iter().any(|(own, _)| *own == name) {
            let mut root = TrustRoot::parse(json).map_err(thrown)?;
            if fetched {
                root = root.with_fetched(Fetched {
                    at: UnixTime::from_seconds(fetched_at as u64),
                    root_version: root_version as u64,
                    root_expires: UnixTime::from_seconds(root_expires as u64),
                });
            }
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

/// The roots that a policy may name in addition to the bundled ones.
pub(crate) fn known() -> TrustRoots {
    let mut known = TrustRoots::default();
    ROOTS.with_borrow(|roots| {
        for (name, root) in roots {
            known.insert(name, root.clone());
        }
    });
    known
}
