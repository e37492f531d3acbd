//! `modelseal inspect`: what a bundle claims, and whether a second reader reads the same.

use modelseal::{Error, Limits};
use serde_json::{Value, json};
use sigstore_protobuf_specs::dev::sigstore::bundle::v1::Bundle;

use crate::{
    args::{Format, Inspect},
    exit::{Failure, VERIFIED},
    input, print, show,
};

/// Runs `modelseal inspect`; the result is the exit code.
///
/// # Errors
/// If the bundle cannot be read.
pub fn run(inspect: &Inspect) -> Result<u8, Failure> {
    let limits = Limits::default();
    let bytes = input::bundle(&inspect.bundle, &limits)?;
    let mut claimed = claims(&bytes, &limits)?;
    let second = SecondReader::read(&bytes, &claimed, &limits);
    if let Some(object) = claimed.as_object_mut() {
        object.insert("secondReader".to_owned(), second.to_json());
    }
    match inspect.format {
        Format::Json => print::json(&claimed.to_string())?,
        Format::Text => print::text(&show::claims(&claimed))?,
    }
    Ok(VERIFIED)
}

fn claims(bytes: &[u8], limits: &Limits) -> Result<Value, Error> {
    let claimed = modelseal::inspect(bytes, limits)?;
    // The core wrote it: it is JSON.
    Ok(serde_json::from_str(&claimed.to_json()).unwrap_or_default())
}

/// What Sigstore's own definitions (`sigstore_protobuf_specs`) make of a bundle.
#[derive(Debug, Eq, PartialEq)]
enum SecondReader {
    /// The same as ours.
    Agrees,
    /// Something else.
    Disagrees,
    /// An error.
    Refuses(String),
    /// The public key as it was before v1.1.0, in `rawBytes`: Sigstore never had that field.
    UnknownForm,
}

impl SecondReader {
    /// Reads the bundle with the second reader, writes down what it understood, and reads that
    /// again: nothing may have changed.
    fn read(bytes: &[u8], claimed: &Value, limits: &Limits) -> Self {
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
        let again = claims(rewritten.to_string().as_bytes(), limits);
        let same_claims = again.is_ok_and(|again| again["claimed"] == claimed["claimed"]);
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
        json!({ "name": "sigstore_protobuf_specs", "status": status, "message": message })
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
