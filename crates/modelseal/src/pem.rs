//! PEM (RFC 7468): the textual form of keys and certificates that people and policies hold.

use alloc::{string::String, vec::Vec};

use base64ct::{Base64, Encoding};

/// The blocks of a PEM text, in order.
pub(crate) struct Pem<'a> {
    pub(crate) blocks: Vec<Block<'a>>,
    /// Is there anything but white space outside the blocks?
    pub(crate) explained: bool,
}

/// One block: its label and its bytes.
pub(crate) struct Block<'a> {
    pub(crate) label: &'a str,
    pub(crate) der: Vec<u8>,
}

impl<'a> Pem<'a> {
    /// Reads a text; `None` where a block has no end, no canonical base64, or a header line.
    ///
    /// Lines may have any length and either line end: RFC 7468 asks for 64 columns of writers, and
    /// tells readers to be lenient. The base64 itself must be canonical.
    pub(crate) fn parse(text: &'a str) -> Option<Self> {
        let mut pem = Self {
            blocks: Vec::new(),
            explained: false,
        };
        let mut lines = text.lines().map(str::trim);
        while let Some(line) = lines.next() {
            let Some(label) = boundary(line, "-----BEGIN ") else {
                pem.explained |= !line.is_empty();
                continue;
            };
            let mut base64 = String::new();
            loop {
                let line = lines.next()?;
                match boundary(line, "-----END ") {
                    Some(end) if end == label => break,
                    Some(_) => return None,
                    None => base64.push_str(line),
                }
            }
            let der = Base64::decode_vec(&base64).ok()?;
            pem.blocks.push(Block { label, der });
        }
        Some(pem)
    }
}

/// The PEM form of a block with 64 columns and line feeds, as OpenSSL and Python write it.
pub(crate) fn write(label: &str, der: &[u8]) -> String {
    let mut text = alloc::format!("-----BEGIN {label}-----\n");
    for (column, character) in Base64::encode_string(der).chars().enumerate() {
        if column > 0 && column.is_multiple_of(64) {
            text.push('\n');
        }
        text.push(character);
    }
    text.push_str(&alloc::format!("\n-----END {label}-----\n"));
    text
}

fn boundary<'a>(line: &'a str, start: &str) -> Option<&'a str> {
    line.strip_prefix(start)?.strip_suffix("-----")
}
