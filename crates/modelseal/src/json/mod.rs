//! Strict, bounded JSON (RFC 8259).

mod value;

mod fields;

use alloc::vec::Vec;

pub(crate) use fields::{Document, Fields, TOP_LEVEL};
pub use value::{Object, Value};

use crate::{error::Stage, limits::Limits};

/// The lines of a file with more than one JSON object, one a line.
pub(crate) fn split_lines(json: &[u8]) -> Vec<&[u8]> {
    let lines = json.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    lines.filter(|line| !line.is_empty()).collect()
}

/// How many JSON objects there are, one a line, if that is what the file is.
pub(crate) fn json_lines(json: &[u8], limits: &Limits) -> Option<usize> {
    let lines = split_lines(json);
    let is_object = |line: &&[u8]| line.starts_with(b"{") && line.ends_with(b"}");
    let first = lines.first()?;
    let is_json = Value::parse(first, limits, Stage::Bundle).is_ok();
    (lines.len() > 1 && is_json && lines.iter().all(is_object)).then_some(lines.len())
}
