//! The signed entry timestamp (SET): a log's promise to include an entry, and the time of it.
//!
//! ```text
//! {"body":"eyJhcGlWZXJzaW9uIjoi…","integratedTime":1758585600,"logID":"c0d23d6a…","logIndex":42}
//! ```

use alloc::{format, string::String};

use base64ct::{Base64, Encoding};
use modelseal_hash::Hex;

use crate::bundle::LogEntry;

/// What the log signed: the canonical JSON (RFC 8785) of four fields. None of them needs escapes.
pub(super) fn signed_text(entry: &LogEntry) -> String {
    format!(
        r#"{{"body":"{}","integratedTime":{},"logID":"{}","logIndex":{}}}"#,
        Base64::encode_string(&entry.body),
        entry.integrated_time,
        Hex(&entry.log_id),
        entry.log_index,
    )
}

#[cfg(test)]
mod tests;
