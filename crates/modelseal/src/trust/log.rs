//! A log of a trust root: its key, its id, and the time for which it counts.

use alloc::{string::String, vec::Vec};

use super::{Ignored, window};
use crate::{error::Error, json::Fields, keys::LogKey, time::Window};

/// A transparency log, or a log of certificates (`TransparencyLogInstance`).
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) uri: String,
    /// `logId.keyId`: what entries and SCTs name the log by.
    pub(crate) id: Vec<u8>,
    /// `checkpointKeyId` where it is there, else the log's id: its first four octets are the key
    /// hint of checkpoints.
    pub(crate) checkpoint_id: Vec<u8>,
    pub(crate) key: LogKey,
    pub(crate) window: Window,
}

impl Log {
    pub(super) fn read(
        fields: Fields<'_, '_>,
        list: &'static str,
    ) -> Result<Result<Self, Ignored>, Error> {
        let uri = fields.optional_str("baseUrl")?.unwrap_or_default();
        let public_key = fields.fields("publicKey")?;
        // A root without this start is unusable, even where the key is not understood.
        let window = window(public_key.optional_fields("validFor")?)?;
        let details = public_key.str("keyDetails")?;
        let ignored = |reason: &str| Ignored {
            list,
            uri: uri.into(),
            reason: reason.into(),
        };
        // RFC 6962 section 2.1 and both versions of Rekor have SHA-256 alone.
        let hash = fields.optional_str("hashAlgorithm")?.unwrap_or("SHA2_256");
        if hash != "SHA2_256" {
            return Ok(Err(ignored(hash)));
        }
        let key = match LogKey::read(details, &public_key.bytes("rawBytes")?) {
            Ok(key) => key,
            Err(Error::KeyUnsupported { .. }) => return Ok(Err(ignored(details))),
            Err(_) => {
                return Err(Error::TrustRootInvalid {
                    field: "publicKey.rawBytes",
                });
            }
        };
        let id = fields.fields("logId")?.bytes("keyId")?;
        let checkpoint_id = match fields.optional_fields("checkpointKeyId")? {
            Some(id) => id.bytes("keyId")?,
            None => id.clone(),
        };
        if id.len() < 4 || checkpoint_id.len() < 4 {
            return Err(Error::TrustRootInvalid { field: "logId" });
        }
        Ok(Ok(Self {
            uri: uri.into(),
            id,
            checkpoint_id,
            key,
            window,
        }))
    }
}
