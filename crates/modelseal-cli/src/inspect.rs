//! `modelseal inspect`: what a bundle claims, and on request whether a second reader reads the same.

use modelseal::{Limits, report::Claimed};
use serde_json::{Value, json};
use sigstore_protobuf_specs::dev::sigstore::bundle::v1::Bundle;

use crate::{
    args::{Format, Inspect},
    exit::{Failure, VERIFIED},
    input, print,
    show::{self, SECOND_READER, SecondReader},
};

/// Runs `modelseal inspect`; the result is the exit code.
///
/// # Errors
/// If the bundle cannot be read.
pub fn run(inspect: &Inspect) -> Result<u8, Failure> {
    let limits = Limits::default();
    let bytes = input::bundle(&inspect.bundle, &limits)?;
    let claimed = modelseal::inspect(&bytes, &limits)
        .map_err(|error| Failure::in_file(error, &inspect.bundle))?;
    let second = inspect
        .second_reader
        .then(|| SecondReader::read(&bytes, &claimed, &limits));
    match inspect.format {
        Format::Json => print::json(&with_second_reader(&claimed, second.as_ref()))?,
        Format::Text => print::text(&show::claims(&claimed, second.as_ref()))?,
    }
    Ok(VERIFIED)
}

/// The claims in JSON, with what the second reader makes of them where it was asked.
fn with_second_reader(claimed: &Claimed, second: Option<&SecondReader>) -> String {
    let json = claimed.to_json();
    match (second, json.strip_suffix('}')) {
        (Some(second), Some(claimed)) => {
            format!("{claimed},\"secondReader\":{}}}", second.to_json())
        }
        _ => json,
    }
}

impl SecondReader {
    /// Reads the bundle with the second reader, writes down what it understood, and reads that
    /// again: nothing may have changed.
    fn read(bytes: &[u8], claimed: &Claimed, limits: &Limits) -> Self {
        let own: Value = serde_json::from_slice(bytes).unwrap_or_default();
        let rewritten = match serde_json::from_slice::<Bundle>(bytes).and_then(serde_json::to_value)
        {
            Ok(rewritten) => rewritten,
            Err(_)
                if own
                    .pointer("/verificationMaterial/publicKey/rawBytes")
                    .is_some() =>
            {
                return Self::UnknownForm;
            }
            Err(error) => return Self::Refuses(error.to_string()),
        };
        let content = |bundle: &Value| {
            ["dsseEnvelope", "messageSignature"].map(|name| without_defaults(&bundle[name]))
        };
        let again = modelseal::inspect(rewritten.to_string().as_bytes(), limits);
        let claims = |claimed: &Claimed| serde_json::to_value(&claimed.claimed).unwrap_or_default();
        let same_claims = again.is_ok_and(|again| claims(&again) == claims(claimed));
        if same_claims && content(&own) == content(&rewritten) {
            Self::Agrees
        } else {
            Self::Disagrees
        }
    }

    fn to_json(&self) -> Value {
        let (status, message) = match self {
            Self::Agrees => ("agrees", None),
            Self::Disagrees => ("disagrees", None),
            Self::Refuses(message) => ("refuses", Some(message)),
            Self::UnknownForm => ("unknown-form", None),
        };
        json!({ "name": SECOND_READER, "status": status, "message": message })
    }
}

/// Protobuf's JSON may leave out what has its default value, or write null.
fn without_defaults(value: &Value) -> Value {
    let is_default = |value: &Value| match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    };
    match value {
        Value::Array(items) => items.iter().map(without_defaults).collect(),
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !is_default(value))
            .map(|(name, value)| (name.clone(), without_defaults(value)))
            .collect(),
        other => other.clone(),
    }
}
