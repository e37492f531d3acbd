//! Strict, bounded JSON (RFC 8259): no duplicate keys, no deep nesting, no trailing data.
//!
//! `serde_json` reads the text. What is added here is what its data model leaves open: a key that
//! stands twice is an error and nesting has a limit. Objects and arrays stay what they are: a
//! derived `Deserialize` would also take an array for an object.

use alloc::{borrow::Cow, vec::Vec};
use core::{cell::Cell, fmt};

use base64ct::{Base64, Encoding};
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::{
    error::{Error, Stage},
    limits::Limits,
};

/// A JSON value. Text without escapes borrows from the input.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Null,
    Bool(bool),
    /// A whole number of at least zero.
    Whole(u64),
    /// Any other number.
    Real(f64),
    String(Cow<'a, str>),
    Array(Vec<Value<'a>>),
    Object(Object<'a>),
}

impl<'a> Value<'a> {
    /// Reads all of `bytes`. `stage` is where an error is said to arise.
    pub(crate) fn parse(bytes: &'a [u8], limits: &Limits, stage: Stage) -> Result<Self, Error> {
        let reading = Reading {
            limits,
            stage,
            values_left: Cell::new(limits.json_values),
            failure: Cell::new(None),
        };
        let seed = ValueSeed {
            depth_left: limits.json_depth,
            reading: &reading,
        };
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let value = seed
            .deserialize(&mut reader)
            .and_then(|value| reader.end().map(|()| value));
        value.map_err(|error| {
            let (line, column) = (error.line(), error.column());
            reading.failure.take().unwrap_or(Error::JsonSyntax {
                stage,
                line,
                column,
            })
        })
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// An object's members, sorted by key; no key stands twice.
#[derive(Debug)]
pub(crate) struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// The member `key`; `null` counts as absent, as in the JSON form of Protocol Buffers.
    pub(crate) fn find(&self, key: &str) -> Option<&Value<'a>> {
        let at = self
            .0
            .binary_search_by(|(name, _)| name.as_ref().cmp(key))
            .ok()?;
        self.0
            .get(at)
            .map(|(_, value)| value)
            .filter(|value| !matches!(value, Value::Null))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_ref())
    }
}

/// Which document an object belongs to: its errors differ.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Document {
    Bundle,
    Manifest,
    Policy,
    Statement,
    TrustRoot,
}

/// Reads members of an object whose names and types a format fixes.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'v, 'a> {
    object: &'v Object<'a>,
    document: Document,
}

impl<'v, 'a> Fields<'v, 'a> {
    /// The fields of `value`, which stands in its document under the name `field`.
    pub(crate) fn of(
        value: &'v Value<'a>,
        document: Document,
        field: &'static str,
    ) -> Result<Self, Error> {
        let object = value.as_object().ok_or(document.wrong_type(field))?;
        Ok(Self { object, document })
    }

    /// Refuses members other than `known`.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Error> {
        if self.object.keys().all(|key| known.contains(&key)) {
            Ok(self)
        } else {
            Err(self.document.unknown_field())
        }
    }

    pub(crate) fn optional(self, field: &str) -> Option<&'v Value<'a>> {
        self.object.find(field)
    }

    pub(crate) fn required(self, field: &'static str) -> Result<&'v Value<'a>, Error> {
        self.optional(field).ok_or(self.document.missing(field))
    }

    pub(crate) fn optional_str(self, field: &'static str) -> Result<Option<&'v str>, Error> {
        self.optional(field)
            .map(|value| value.as_str().ok_or(self.document.wrong_type(field)))
            .transpose()
    }

    pub(crate) fn str(self, field: &'static str) -> Result<&'v str, Error> {
        self.optional_str(field)?
            .ok_or(self.document.missing(field))
    }

    pub(crate) fn optional_bool(self, field: &'static str) -> Result<Option<bool>, Error> {
        match self.optional(field) {
            None => Ok(None),
            Some(Value::Bool(value)) => Ok(Some(*value)),
            Some(_) => Err(self.document.wrong_type(field)),
        }
    }

    /// A whole number of at least zero, written as a number or as a text (ProtoJSON, int64). Its
    /// writers leave zero out.
    pub(crate) fn int64(self, field: &'static str) -> Result<u64, Error> {
        let number = match self.optional(field) {
            None => Some(0),
            Some(Value::Whole(number)) => Some(*number),
            Some(Value::String(text)) => decimal(text),
            Some(_) => None,
        };
        number
            .filter(|number| i64::try_from(*number).is_ok())
            .ok_or(self.document.number(field))
    }

    pub(crate) fn optional_bytes(self, field: &'static str) -> Result<Option<Vec<u8>>, Error> {
        self.optional(field)
            .map(|value| self.document.bytes_of(value, field))
            .transpose()
    }

    pub(crate) fn bytes(self, field: &'static str) -> Result<Vec<u8>, Error> {
        self.optional_bytes(field)?
            .ok_or(self.document.missing(field))
    }

    pub(crate) fn optional_array(self, field: &'static str) -> Result<&'v [Value<'a>], Error> {
        match self.optional(field) {
            None => Ok(&[]),
            Some(Value::Array(values)) => Ok(values),
            Some(_) => Err(self.document.wrong_type(field)),
        }
    }

    pub(crate) fn array(self, field: &'static str) -> Result<&'v [Value<'a>], Error> {
        self.required(field)?;
        self.optional_array(field)
    }

    pub(crate) fn optional_fields(self, field: &'static str) -> Result<Option<Self>, Error> {
        self.optional(field)
            .map(|value| Self::of(value, self.document, field))
            .transpose()
    }

    pub(crate) fn fields(self, field: &'static str) -> Result<Self, Error> {
        Self::of(self.required(field)?, self.document, field)
    }
}

impl Document {
    /// Base64 (RFC 4648 section 4), with padding, without line breaks, canonical in its last bits.
    pub(crate) fn bytes_of(self, value: &Value<'_>, field: &'static str) -> Result<Vec<u8>, Error> {
        let text = value.as_str().ok_or(self.wrong_type(field))?;
        Base64::decode_vec(text).map_err(|_| self.base64(field))
    }

    fn missing(self, field: &'static str) -> Error {
        match self {
            Self::Bundle => Error::BundleFieldMissing { field },
            Self::Manifest => Error::ManifestFieldMissing { field },
            Self::Policy => Error::PolicyInvalid { field },
            Self::Statement => Error::StatementFieldMissing { field },
            Self::TrustRoot => Error::TrustRootInvalid { field },
        }
    }

    pub(crate) fn wrong_type(self, field: &'static str) -> Error {
        match self {
            Self::Bundle => Error::BundleFieldType { field },
            Self::Manifest => Error::ManifestFieldType { field },
            Self::Policy => Error::PolicyInvalid { field },
            Self::Statement => Error::StatementFieldType { field },
            Self::TrustRoot => Error::TrustRootInvalid { field },
        }
    }

    fn unknown_field(self) -> Error {
        match self {
            Self::Policy => Error::PolicyInvalid {
                field: "an unknown field",
            },
            // In-toto and OMS let statements and predicates carry further fields.
            Self::Bundle | Self::Manifest | Self::Statement => Error::BundleFieldUnknown,
            Self::TrustRoot => Error::TrustRootInvalid {
                field: "an unknown field",
            },
        }
    }

    fn number(self, field: &'static str) -> Error {
        match self {
            Self::Bundle => Error::BundleNumberInvalid { field },
            _ => self.wrong_type(field),
        }
    }

    fn base64(self, field: &'static str) -> Error {
        match self {
            Self::Bundle => Error::Base64Invalid { field },
            _ => self.wrong_type(field),
        }
    }
}

/// Digits without a sign, and without a zero in front.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let padded = text.starts_with('0') && text != "0";
    (digits && !padded).then(|| text.parse().ok())?
}

/// One text that is being read.
struct Reading<'l> {
    limits: &'l Limits,
    stage: Stage,
    values_left: Cell<usize>,
    /// What `serde_json`'s own error type could not carry.
    failure: Cell<Option<Error>>,
}

#[derive(Clone, Copy)]
struct ValueSeed<'r> {
    depth_left: usize,
    reading: &'r Reading<'r>,
}

impl ValueSeed<'_> {
    fn nested<E: serde::de::Error>(self) -> Result<Self, E> {
        let Reading { limits, stage, .. } = *self.reading;
        let too_deep = || {
            self.fail(Error::JsonDepth {
                stage,
                limit: limits.json_depth,
            })
        };
        let depth_left = self.depth_left.checked_sub(1).ok_or_else(too_deep)?;
        Ok(Self { depth_left, ..self })
    }

    fn count<E: serde::de::Error>(self) -> Result<(), E> {
        let Reading { limits, stage, .. } = *self.reading;
        let too_many = || {
            self.fail(Error::JsonValueCount {
                stage,
                limit: limits.json_values,
            })
        };
        let left = self
            .reading
            .values_left
            .get()
            .checked_sub(1)
            .ok_or_else(too_many)?;
        self.reading.values_left.set(left);
        Ok(())
    }

    fn fail<E: serde::de::Error>(self, error: Error) -> E {
        self.reading.failure.set(Some(error));
        E::custom(error)
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value<'de>, E> {
        Ok(Value::Whole(value))
    }

    fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Value<'de>, E> {
        // `serde_json` gives whole numbers of at least zero to `visit_u64`; a negative one is not
        // read anywhere, so that its magnitude does not matter.
        Ok(u64::try_from(value).map_or(Value::Real(-1.0), Value::Whole))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value<'de>, E> {
        Ok(Value::Real(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Value<'de>, E> {
        Ok(Value::String(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value<'de>, E> {
        Ok(Value::String(Cow::Owned(text.into())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        let seed = self.nested()?;
        let mut values = Vec::new();
        while let Some(value) = access.next_element_seed(seed)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value<'de>, A::Error> {
        let seed = self.nested()?;
        let mut members = Vec::new();
        while let Some(key) = access.next_key_seed(KeySeed)? {
            members.push((key, access.next_value_seed(seed)?));
        }
        // Sorting finds duplicates without a second look-up structure.
        members.sort_unstable_by(|(a, _): &(Cow<'_, str>, _), (b, _)| a.cmp(b));
        if members
            .windows(2)
            .any(|pair| matches!(pair, [(a, _), (b, _)] if a == b))
        {
            return Err(self.fail(Error::JsonDuplicateKey {
                stage: self.reading.stage,
            }));
        }
        members.shrink_to_fit();
        Ok(Value::Object(Object(members)))
    }
}

/// Reads an object's key, borrowed where it has no escapes.
struct KeySeed;

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for KeySeed {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.into()))
    }
}
