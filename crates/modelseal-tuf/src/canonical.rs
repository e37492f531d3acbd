//! OLPC canonical JSON: the bytes that signatures and key ids are over (section 4.2.1).
//!
//! Keys are sorted by code points, without white space, and only `\` and `"` are escaped. Numbers are whole.

use alloc::{string::String, vec::Vec};
use core::fmt::Write as _;

use modelseal::parts::{Object, Value};

/// The canonical form; `None` for a value that has a number which is not whole.
pub(crate) fn canonical(value: &Value<'_>) -> Option<Vec<u8>> {
    let mut text = String::new();
    write(&mut text, value)?;
    Some(text.into_bytes())
}

/// The canonical form of an object with these members alone.
pub(crate) fn canonical_of(object: &Object<'_>, names: &[&str]) -> Option<Vec<u8>> {
    let mut text = String::new();
    let members = object.members();
    write_members(&mut text, members.filter(|(name, _)| names.contains(name)))?;
    Some(text.into_bytes())
}

// How deep it goes is bounded by what read the value.
fn write(text: &mut String, value: &Value<'_>) -> Option<()> {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(true) => text.push_str("true"),
        Value::Bool(false) => text.push_str("false"),
        Value::Whole(number) => write!(text, "{number}").ok()?,
        Value::Negative(number) => write!(text, "{number}").ok()?,
        Value::Real(_) | Value::Raw(_) => return None,
        Value::String(string) => write_string(text, string),
        Value::Array(values) => {
            text.push('[');
            for (index, value) in values.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write(text, value)?;
            }
            text.push(']');
        }
        Value::Object(object) => write_members(text, object.members())?,
    }
    Some(())
}

fn write_members<'v, 'a: 'v>(
    text: &mut String,
    members: impl Iterator<Item = (&'v str, &'v Value<'a>)>,
) -> Option<()> {
    text.push('{');
    for (index, (name, value)) in members.enumerate() {
        if index > 0 {
            text.push(',');
        }
        write_string(text, name);
        text.push(':');
        write(text, value)?;
    }
    text.push('}');
    Some(())
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        if matches!(character, '"' | '\\') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use modelseal::{Limits, Stage};
    use std::string::String;

    use super::*;

    fn form(json: &str) -> Option<String> {
        let value = Value::parse(json.as_bytes(), &Limits::default(), Stage::Policy).unwrap();
        canonical(&value).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn one_form_of_each_value() {
        for (json, expected) in [
            (r#"{ "b": 1, "a": -2, "": [] }"#, r#"{"":[],"a":-2,"b":1}"#),
            (r#"[true, false, null]"#, "[true,false,null]"),
            ("18446744073709551615", "18446744073709551615"),
            ("-9223372036854775808", "-9223372036854775808"),
            // Control characters and others stay as they are.
            (r#""\u0001\n\"\\\u00e9/""#, "\"\u{1}\n\\\"\\\\\u{e9}/\""),
            // By code points: in UTF-16 the second would come first.
            (
                "{\"\u{10000}\": 1, \"\u{ff5e}\": 2}",
                "{\"\u{ff5e}\":2,\"\u{10000}\":1}",
            ),
        ] {
            assert_eq!(form(json).as_deref(), Some(expected), "{json}");
        }
    }

    #[test]
    fn numbers_that_are_not_whole_have_none() {
        for json in ["1.0", "1e3", "-0", "18446744073709551616", "[[0.5]]"] {
            assert_eq!(form(json), None, "{json}");
        }
    }
}
