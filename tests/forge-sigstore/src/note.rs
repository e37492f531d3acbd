//! Checkpoints (C2SP tlog-checkpoint) as signed notes (C2SP signed-note).

use modelseal_forge_oms::keys::Key;
use sha2::{Digest, Sha256};

use crate::content::base64;
use crate::merkle::Hash;

/// A checkpoint before it is signed.
pub struct Checkpoint {
    /// The first line.
    pub origin: String,
    /// The second line.
    pub size: String,
    /// The third line, in base64.
    pub root: String,
    /// Further lines.
    pub extensions: Vec<String>,
}

/// A signature line.
#[derive(Clone)]
pub struct SignatureLine {
    /// Who signs.
    pub name: String,
    /// The first bytes of the key's id.
    pub hint: [u8; 4],
    /// The signature.
    pub signature: Vec<u8>,
}

/// A signed note.
pub struct Note {
    /// The text that is signed, with its last line feed.
    pub text: String,
    /// The signatures.
    pub signatures: Vec<SignatureLine>,
    /// The whole note, where it is not these parts put together.
    pub written: Option<String>,
}

impl Checkpoint {
    pub(crate) fn new(origin: &str, size: usize, root: &Hash) -> Self {
        Self {
            origin: origin.into(),
            size: size.to_string(),
            root: base64(root),
            extensions: Vec::new(),
        }
    }

    /// The text that is signed.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, self.root);
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        text
    }
}

impl Note {
    /// The note as it is written.
    pub fn to_text(&self) -> String {
        if let Some(written) = &self.written {
            return written.clone();
        }
        let mut note = format!("{}\n", self.text);
        self.signatures
            .iter()
            .for_each(|line| note.push_str(&line.to_text()));
        note
    }
}

impl SignatureLine {
    /// A key's signature over a note.
    pub fn sign(name: &str, id: &[u8], key: &Key, text: &str) -> Self {
        let mut hint = [0; 4];
        hint.copy_from_slice(&id[..4]);
        Self {
            name: name.into(),
            hint,
            signature: key.sign(key.algorithm(), text.as_bytes()),
        }
    }

    /// The line.
    pub fn to_text(&self) -> String {
        let bytes = [&self.hint[..], &self.signature].concat();
        format!("\u{2014} {} {}\n", self.name, base64(&bytes))
    }
}

/// The id of an Ed25519 key in notes: SHA-256 over name, line feed, 1 and key.
pub fn ed25519_id(name: &str, spki: &[u8]) -> Vec<u8> {
    Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', 1])
        .chain_update(&spki[spki.len() - 32..])
        .finalize()
        .to_vec()
}
