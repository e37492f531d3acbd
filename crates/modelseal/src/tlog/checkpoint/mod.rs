//! Checkpoints: a log's signed note about its tree (C2SP tlog-checkpoint, C2SP signed-note).
//!
//! ```text
//! rekor.sigstore.dev - 1193050959916656506
//! 42591958
//! npv1T/m9N8zX0jPlbh4rB51zL6GpnV9bQaXSOdzAV+s=
//!
//! — rekor.sigstore.dev wNI9ajBFAiEA4LfKUPzXQ…
//! ```
//!
//! Origin, size and root hash are signed; each line after the blank one has a signer's name, and in
//! base64 the hint at its key and the signature.

use alloc::vec::Vec;

use base64ct::{Base64, Encoding};

use crate::{budget::Budget, decimal::decimal, error::Error, trust::Log};

/// A checkpoint, unverified but for its form.
#[derive(Debug, Eq, PartialEq)]
pub(super) struct Checkpoint<'a> {
    /// What is signed, with its last line feed.
    note: &'a str,
    origin: &'a str,
    pub(super) size: u64,
    pub(super) root: [u8; 32],
    signatures: Vec<Signature<'a>>,
}

/// A line of a signature: the signer's name, the hint at its key, and the signature.
#[derive(Debug, Eq, PartialEq)]
struct Signature<'a> {
    name: &'a str,
    hint: [u8; 4],
    signature: Vec<u8>,
}

impl<'a> Checkpoint<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        // C2SP signed-note: no control characters but the line feeds. The blank line that counts is
        // the last one.
        if text
            .chars()
            .any(|character| character.is_control() && character != '\n')
        {
            return None;
        }
        let split = text.rfind("\n\n")?.checked_add(1)?;
        let (note, rest) = text.split_at_checked(split)?;
        let mut lines = note.strip_suffix('\n')?.split('\n');
        let origin = lines.next().filter(|origin| !origin.is_empty())?;
        let size = decimal(lines.next()?)?;
        let root = Base64::decode_vec(lines.next()?).ok()?;
        // Further lines are extensions, such as the time in old checkpoints. An empty one is not allowed.
        if lines.any(str::is_empty) {
            return None;
        }
        let signatures = rest.strip_prefix('\n')?.strip_suffix('\n')?;
        Some(Self {
            note,
            origin,
            size,
            root: root.try_into().ok()?,
            signatures: signatures
                .split('\n')
                .map(Signature::parse)
                .collect::<Option<_>>()?,
        })
    }

    /// Is one of the signatures that of `log`? Other signers, such as witnesses, are skipped.
    pub(super) fn is_signed_by(&self, log: &Log, budget: &Budget) -> Result<bool, Error> {
        // Tile logs sign by their origin. Rekor v1 signs by its host name, and adds the id of the
        // shard's tree to the origin: `rekor.sigstore.dev - 1193050959916656506`.
        let host = self.origin.split_once(" - ").map(|(host, _)| host);
        let hint = log.checkpoint_id.get(..4);
        for signature in &self.signatures {
            // Hints collide: every signature with the right one is tried, and counted.
            let is_named = signature.name == self.origin || Some(signature.name) == host;
            if is_named && Some(signature.hint.as_slice()) == hint {
                budget.signature_check()?;
                if log.key.verify(self.note.as_bytes(), &signature.signature) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }
}

impl<'a> Signature<'a> {
    /// `— <name> <base64 of hint and signature>`
    fn parse(line: &'a str) -> Option<Self> {
        let (name, encoded) = line.strip_prefix("\u{2014} ")?.split_once(' ')?;
        // C2SP signed-note: no spaces and no plus in a name.
        if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c == '+') {
            return None;
        }
        let octets = Base64::decode_vec(encoded).ok()?;
        let (hint, signature) = octets.split_first_chunk::<4>()?;
        Some(Self {
            name,
            hint: *hint,
            signature: signature.to_vec(),
        })
    }
}

#[cfg(test)]
mod tests;
