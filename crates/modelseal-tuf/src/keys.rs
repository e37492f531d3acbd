//! Keys, and which of them sign for a role.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

use modelseal::parts::{TufKey, Value};
use modelseal_hash::decode_hex;
use sha2::{Digest, Sha256};

use crate::{
    canonical::{canonical, canonical_of},
    error::Error,
    fields::Fields,
    hex,
    limits::Limits,
    role::Role,
    table::Table,
};

/// The keys that a file names, by their ids. `None` is a key that cannot be used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Keys(Table<Option<TufKey>>);

impl Keys {
    /// Reads `keys`. A key of an unknown kind counts for nothing, and so does one whose id is not its own
    /// (section 4.2.1): the file may be signed by enough others.
    pub(crate) fn read(value: &Value<'_>, role: Role) -> Result<Self, Error> {
        let keys = Fields::of(value, role, "keys")?;
        let mut read = Table::default();
        for (id, value) in keys.object().members() {
            let key = Fields::of(value, role, "keys")?;
            let public = key.fields("keyval")?.str("public")?;
            let (keytype, scheme) = (key.str("keytype")?, key.str("scheme")?);
            let own = is_own_id(id, value);
            let usable = own.then(|| TufKey::read(keytype, scheme, public)).flatten();
            read.push(id, usable);
        }
        Ok(Self(read))
    }
}

/// Is this the id of the key: SHA-256 of its canonical form? Some writers take the members that the standard
/// names alone, others all.
fn is_own_id(id: &str, key: &Value<'_>) -> bool {
    let Some(id) = decode_hex::<32>(id) else {
        return false;
    };
    let standard =
        |key: &Value<'_>| canonical_of(key.as_object()?, &["keytype", "keyval", "scheme"]);
    let forms = [canonical(key), standard(key)];
    let mut forms = forms.into_iter().flatten();
    forms.any(|form| Sha256::digest(form)[..] == id)
}

/// Whose signatures count for a role, and how many of them it takes.
#[derive(Clone, Debug)]
pub(crate) struct Signers {
    ids: Vec<String>,
    threshold: u64,
}

impl Signers {
    /// Reads `keyids` and `threshold`.
    pub(crate) fn read(fields: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error> {
        let ids = fields.strings("keyids", limits.keys)?;
        let mut sorted: Vec<&String> = ids.iter().collect();
        sorted.sort_unstable();
        if sorted
            .windows(2)
            .any(|pair| matches!(pair, [a, b] if a == b))
        {
            return Err(fields.invalid("keyids"));
        }
        let threshold = fields.positive("threshold")?;
        Ok(Self { ids, threshold })
    }

    /// Have enough distinct keys signed `message` (section 5.3.4)? Signatures that are not valid do no harm.
    pub(crate) fn check(
        &self,
        keys: &Keys,
        signatures: &Signatures,
        message: &[u8],
        role: Role,
    ) -> Result<(), Error> {
        let mut signed: Vec<&[u8]> = Vec::new();
        let mut valid = 0_u64;
        for id in &self.ids {
            if valid >= self.threshold {
                break;
            }
            let (Some(Some(key)), Some(signature)) = (keys.0.get(id), signatures.get(id)) else {
                continue;
            };
            // Two ids do not make two keys.
            if !signed.contains(&key.material()) && key.verify(message, signature) {
                signed.push(key.material());
                valid = valid.saturating_add(1);
            }
        }
        if valid >= self.threshold {
            return Ok(());
        }
        let threshold = self.threshold;
        Err(Error::Threshold {
            role,
            threshold,
            valid,
        })
    }
}

/// The signatures of a file, by the ids of their keys.
#[derive(Clone, Debug)]
pub(crate) struct Signatures(Vec<(String, Vec<u8>)>);

impl Signatures {
    fn get(&self, id: &str) -> Option<&Vec<u8>> {
        let (_, signature) = self.0.iter().find(|(own, _)| own == id)?;
        Some(signature)
    }

    /// Reads `signatures`. One key signs once: a second signature by the same id is refused.
    pub(crate) fn read(fields: Fields<'_, '_>, role: Role, limits: &Limits) -> Result<Self, Error> {
        let field = "signatures";
        let values = fields.array(field)?;
        if values.len() > limits.keys {
            return Err(fields.invalid(field));
        }
        let mut read: Vec<(String, Vec<u8>)> = Vec::new();
        for value in values {
            let signature = Fields::of(value, role, field)?;
            let (id, text) = (signature.str("keyid")?, signature.str("sig")?);
            // A holder who has not signed yet has an empty one: it only does not count.
            let bytes = hex::decode(text).unwrap_or_default();
            if read.iter().any(|(own, _)| own == id) {
                return Err(fields.invalid(field));
            }
            read.push((id.to_owned(), bytes));
        }
        Ok(Self(read))
    }
}
