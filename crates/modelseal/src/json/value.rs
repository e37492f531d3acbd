//! Values: no duplicate keys, no deep nesting, no trailing data.
//!
//! `serde_json` reads the bytes. What is added here is what its data model leaves open: a key that
//! appears twice is an error and nesting has a limit. Objects and arrays stay what they are: a
//! derived `Deserialize` would also take an array for an object.

use alloc::{borrow::Cow, vec::Vec};
use core::{cell::Cell, fmt};

use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::{
    error::{Error, Stage},
    limits::Limits,
};

/// A JSON value. A string without escapes borrows from the input.
#[derive(Debug)]
pub enum Value<'a> {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A whole number of at least zero.
    Whole(u64),
    /// A whole number below zero.
    Negative(i64),
    /// Any other number.
    Real(f64),
    /// A string, without its escapes.
    String(Cow<'a, str>),
    /// The values of an array, in order.
    Array(Vec<Value<'a>>),
    /// The members of an object.
    Object(Object<'a>),
    /// A value that was not read, see `Value::parse_around`.
    Raw(&'a str),
}

impl<'a> Value<'a> {
    /// Reads all of `bytes`. `stage` is where an error is said to arise.
    ///
    /// # Errors
    /// [`Error::JsonSyntax`], [`Error::JsonDuplicateKey`], [`Error::JsonDepth`] and
    /// [`Error::JsonValueCount`].
    pub fn parse(bytes: &'a [u8], limits: &Limits, stage: Stage) -> Result<Self, Error> {
        Self::read(bytes, limits, stage, None)
    }

    /// Reads all of `bytes` but the member `raw` of the top level: [`Value::Raw`] has its JSON.
    ///
    /// What is inside may break our rules, such as a number that is too large for a float: it is not
    /// ours to judge, unless it is read on its own later.
    pub(crate) fn parse_around(
        bytes: &'a [u8],
        limits: &Limits,
        stage: Stage,
        raw: &'static str,
    ) -> Result<Self, Error> {
        Self::read(bytes, limits, stage, Some(raw))
    }

    fn read(
        bytes: &'a [u8],
        limits: &Limits,
        stage: Stage,
        raw: Option<&'static str>,
    ) -> Result<Self, Error> {
        let reading = Reading {
            limits,
            stage,
            raw,
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

    /// The string that it is.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => Some(text),
            _ => None,
        }
    }

    /// The object that it is.
    pub fn as_object(&self) -> Option<&Object<'a>> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }
}

/// An object's members, sorted by key; no key appears twice.
#[derive(Debug)]
pub struct Object<'a>(Vec<(Cow<'a, str>, Value<'a>)>);

impl<'a> Object<'a> {
    /// The member `key`; `null` counts as absent, as in the JSON form of Protocol Buffers.
    pub fn find(&self, key: &str) -> Option<&Value<'a>> {
        let at = self
            .0
            .binary_search_by(|(name, _)| name.as_ref().cmp(key))
            .ok()?;
        self.0
            .get(at)
            .map(|(_, value)| value)
            .filter(|value| !matches!(value, Value::Null))
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| key.as_ref())
    }

    /// Every key and its value, sorted by code points: `null` too.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        self.0.iter().map(|(key, value)| (key.as_ref(), value))
    }

    /// The first key whose value is `null`.
    pub(super) fn null(&self) -> Option<&str> {
        let mut members = self.0.iter();
        let (key, _) = members.find(|(_, value)| matches!(value, Value::Null))?;
        Some(key)
    }
}

/// One document that is being read.
struct Reading<'l> {
    limits: &'l Limits,
    stage: Stage,
    /// The member of the top level that is not read.
    raw: Option<&'static str>,
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
        // No sentence: it is not read, and would link all sentences into every program that reads JSON.
        E::custom("")
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
        Ok(u64::try_from(value).map_or(Value::Negative(value), Value::Whole))
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
        let top = self.depth_left == self.reading.limits.json_depth;
        let raw = self.reading.raw.filter(|_| top);
        while let Some(key) = access.next_key_seed(KeySeed)? {
            let value = if raw == Some(&*key) {
                Value::Raw(access.next_value::<&'de RawValue>()?.get())
            } else {
                access.next_value_seed(seed)?
            };
            members.push((key, value));
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
