//! Lengths and hashes of files (section 4.4, METAFILES, and 4.5, TARGETS).

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use modelseal_hash::Hex;
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::{error::Error, fields::Fields, hex, role::Role};

/// What is signed of a file: perhaps its length, perhaps its hashes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Digests {
    pub(crate) length: Option<u64>,
    /// By the names of their algorithms, in alphabetical order.
    hashes: Vec<(String, Vec<u8>)>,
}

impl Digests {
    /// Reads `length` and `hashes`.
    pub(crate) fn read(fields: Fields<'_, '_>) -> Result<Self, Error> {
        let length = fields.optional_number("length")?;
        let mut hashes = Vec::new();
        if fields.optional("hashes").is_some() {
            let members = fields.fields("hashes")?.object().members();
            for (name, value) in members {
                let hash = value.as_str().and_then(hex::decode);
                let hash = hash.ok_or(fields.invalid("hashes"))?;
                hashes.push((name.to_owned(), hash));
            }
            if hashes.is_empty() {
                return Err(fields.invalid("hashes"));
            }
        }
        Ok(Self { length, hashes })
    }

    pub(crate) fn has_hashes(&self) -> bool {
        !self.hashes.is_empty()
    }

    /// Is this the file? Every hash must fit: one of an unknown algorithm cannot.
    pub(crate) fn check(&self, bytes: &[u8], role: Role) -> Result<(), Error> {
        let found = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if let Some(expected) = self.length.filter(|expected| *expected != found) {
            return Err(Error::Length {
                role,
                expected,
                found,
            });
        }
        for (name, expected) in &self.hashes {
            let hash = match name.as_str() {
                "sha256" => Sha256::digest(bytes).to_vec(),
                "sha384" => Sha384::digest(bytes).to_vec(),
                "sha512" => Sha512::digest(bytes).to_vec(),
                _ => return Err(Error::HashUnknown { role }),
            };
            if hash != *expected {
                return Err(Error::Hash { role });
            }
        }
        Ok(())
    }

    /// The hash in the name of a target file where snapshots are consistent (section 6.2), in hex.
    pub(crate) fn prefix(&self) -> Option<String> {
        let (_, hash) = self.hashes.first()?;
        Some(alloc::format!("{}", Hex(hash)))
    }
}
