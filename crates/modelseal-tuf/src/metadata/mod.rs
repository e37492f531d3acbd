//! The four kinds of metadata (section 4): read, then verified.

mod root;
mod snapshot;
mod targets;
mod timestamp;

use alloc::vec::Vec;

use modelseal::{Stage, UnixTime, parts::Value};

pub(crate) use root::Root;
pub(crate) use snapshot::{MetaFile, Snapshot};
pub(crate) use targets::{Delegation, TargetsMetadata};
pub(crate) use timestamp::Timestamp;

use crate::{
    canonical::canonical,
    error::Error,
    fields::Fields,
    keys::{Keys, Signatures, Signers},
    limits::Limits,
    role::Role,
};

/// What all metadata has in common (section 4.3).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Common {
    pub(crate) version: u64,
    pub(crate) expires: UnixTime,
}

/// Metadata of one kind.
pub(crate) trait Metadata: Sized {
    /// Reads what is particular to it.
    fn read(common: Common, signed: Fields<'_, '_>, limits: &Limits) -> Result<Self, Error>;

    fn common(&self) -> Common;
}

/// Metadata that no one has verified: all that can be done with it is that.
#[derive(Debug)]
pub(crate) struct Unverified<T> {
    role: Role,
    claims: T,
    signatures: Signatures,
    /// What the signatures are over.
    message: Vec<u8>,
}

impl<T: Metadata> Unverified<T> {
    /// Reads a file of `role`.
    pub(crate) fn read(bytes: &[u8], role: Role, limits: &Limits) -> Result<Self, Error> {
        let mut claims = None;
        let (signatures, message) = read_file(bytes, role, limits, &mut |common, signed| {
            claims = Some(T::read(common, signed, limits)?);
            Ok(())
        })?;
        let field = "signed";
        Ok(Self {
            role,
            claims: claims.ok_or(Error::Field { role, field })?,
            signatures,
            message,
        })
    }

    /// Is it signed by enough of the role's keys?
    pub(crate) fn check(&self, signers: &Signers, keys: &Keys) -> Result<(), Error> {
        signers.check(keys, &self.signatures, &self.message, self.role)
    }

    /// The metadata, if it is signed by enough of the role's keys.
    pub(crate) fn verify(self, signers: &Signers, keys: &Keys) -> Result<T, Error> {
        self.check(signers, keys)?;
        Ok(self.claims)
    }
}

impl Unverified<Root> {
    /// The root, if it is signed as its own keys demand (section 5.3.4).
    pub(crate) fn verify_by_itself(self) -> Result<Root, Error> {
        self.check(&self.claims.root, &self.claims.keys)?;
        Ok(self.claims)
    }
}

/// Reads what all files have, once for all kinds: who has signed, and what. `read` takes the rest.
fn read_file(
    bytes: &[u8],
    role: Role,
    limits: &Limits,
    read: &mut dyn FnMut(Common, Fields<'_, '_>) -> Result<(), Error>,
) -> Result<(Signatures, Vec<u8>), Error> {
    let json = Error::Json { role };
    let mut json_limits = modelseal::Limits::default();
    json_limits.json_values = limits.json_values;
    let value = Value::parse(bytes, &json_limits, Stage::Policy).map_err(|_| json)?;
    let file = Fields::of(&value, role, "signed")?;
    let value = file.required("signed")?;
    let signed = Fields::of(value, role, "signed")?;
    if signed.str("_type")? != role.type_name() {
        return Err(Error::Type { role });
    }
    check_spec_version(signed.str("spec_version")?, role)?;
    let common = Common {
        version: signed.positive("version")?,
        expires: signed.time("expires")?,
    };
    read(common, signed)?;
    let signatures = Signatures::read(file, role, limits)?;
    let message = canonical(value).ok_or(json)?;
    Ok((signatures, message))
}

/// `1.0` or `1.0.31`: the major version is ours (section 4.3).
fn check_spec_version(version: &str, role: Role) -> Result<(), Error> {
    let mut numbers = version.split('.');
    let is_number =
        |number: &str| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let ours = numbers.next() == Some("1");
    let rest: Vec<&str> = numbers.collect();
    if ours && matches!(rest.len(), 1 | 2) && rest.iter().all(|number| is_number(number)) {
        Ok(())
    } else {
        Err(Error::SpecVersion { role })
    }
}

/// Is metadata with this time of expiry still good (section 5.3.10)?
pub(crate) fn check_expiry(common: Common, now: UnixTime, role: Role) -> Result<(), Error> {
    let expires = common.expires;
    if now < expires {
        Ok(())
    } else {
        Err(Error::Expired { role, expires, now })
    }
}

/// Is it the version that was wanted?
pub(crate) fn check_version(common: Common, expected: u64, role: Role) -> Result<(), Error> {
    let found = common.version;
    if found == expected {
        Ok(())
    } else {
        Err(Error::Version {
            role,
            expected,
            found,
        })
    }
}
