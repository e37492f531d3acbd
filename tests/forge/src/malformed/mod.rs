//! Bundles that break one rule each and are correctly signed all the same, and twins that keep
//! every rule.

use std::collections::BTreeMap;

use crate::case::Cases;
use crate::context::Context;
use crate::model::Model;

/// Path below `tests/malformed`, and bytes.
pub fn files() -> Vec<(String, Vec<u8>)> {
    let context = Context::new(model());
    let cases = Cases::over("model");
    let mut files = cases.files();
    let model = context.model.files;
    files.extend(
        model
            .into_iter()
            .map(|(path, bytes)| (format!("model/{path}"), bytes)),
    );
    files
}

/// The tiny model of every case. Its listed order is not the order of its names' bytes reversed.
pub fn model() -> Model {
    let files = BTreeMap::from([
        ("config.json", b"{\"layers\": 2}\n".to_vec()),
        ("sub/vocab.txt", b"hello\nworld\n".to_vec()),
        ("weights.bin", (0..40).collect()),
    ]);
    Model {
        name: "model",
        files,
    }
}
