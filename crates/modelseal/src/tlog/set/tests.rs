//! The promise's JSON against a library that canonicalizes JSON.

use std::{string::String, vec::Vec};

use base64ct::{Base64, Encoding};
use proptest::prelude::*;
use serde_json::json;

use super::signed_text;
use crate::bundle::LogEntry;

/// Beyond this JSON's numbers are no longer exact (RFC 8785 section 3.2.2.3), and no log is.
const EXACT: u64 = 1 << 53;

proptest! {
    #[test]
    fn a_promise_is_canonical_json(
        body: Vec<u8>,
        log_id: Vec<u8>,
        integrated_time in 0..EXACT,
        log_index in 0..EXACT,
    ) {
        let hex: String = log_id.iter().map(|octet| std::format!("{octet:02x}")).collect();
        let reference = serde_json_canonicalizer::to_string(&json!({
            "logIndex": log_index,
            "logID": hex,
            "integratedTime": integrated_time,
            "body": Base64::encode_string(&body),
        }))?;
        let entry = LogEntry {
            log_index,
            log_id,
            kind: "hashedrekord".into(),
            version: "0.0.1".into(),
            integrated_time,
            promise: None,
            proof: None,
            body,
        };
        prop_assert_eq!(signed_text(&entry), reference);
    }
}
