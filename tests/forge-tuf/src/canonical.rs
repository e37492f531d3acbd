//! OLPC canonical JSON, written apart from the client's.

use serde_json::Value;

/// The bytes that a signature is over.
pub fn canonical(value: &Value) -> Vec<u8> {
    let text = match value {
        Value::Array(values) => {
            let values: Vec<Vec<u8>> = values.iter().map(canonical).collect();
            return [b"[", values.join(&b","[..]).as_slice(), b"]"].concat();
        }
        Value::Object(object) => {
            let mut members: Vec<_> = object.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.as_bytes().cmp(b.as_bytes()));
            let members = members.into_iter().map(|(name, value)| {
                [string(name).into_bytes(), b":".into(), canonical(value)].concat()
            });
            let members: Vec<Vec<u8>> = members.collect();
            return [b"{", members.join(&b","[..]).as_slice(), b"}"].concat();
        }
        Value::String(text) => string(text),
        other => other.to_string(),
    };
    text.into_bytes()
}

fn string(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
