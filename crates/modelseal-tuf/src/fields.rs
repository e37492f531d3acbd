//! Members of objects whose names and types the standard fixes (section 4).

use alloc::string::String;

use modelseal::{
    UnixTime,
    parts::{Object, Value, from_rfc3339},
};

use crate::{error::Error, role::Role};

/// Reads members of an object.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'v, 'a> {
    object: &'v Object<'a>,
    role: Role,
}

impl<'v, 'a> Fields<'v, 'a> {
    /// The members of `value`, which is called `field`.
    pub(crate) fn of(value: &'v Value<'a>, role: Role, field: &'static str) -> Result<Self, Error> {
        let object = value.as_object().ok_or(Error::Field { role, field })?;
        Ok(Self { object, role })
    }

    pub(crate) const fn object(self) -> &'v Object<'a> {
        self.object
    }

    pub(crate) const fn invalid(self, field: &'static str) -> Error {
        let role = self.role;
        Error::Field { role, field }
    }

    pub(crate) fn optional(self, field: &str) -> Option<&'v Value<'a>> {
        self.object.find(field)
    }

    pub(crate) fn required(self, field: &'static str) -> Result<&'v Value<'a>, Error> {
        self.optional(field).ok_or(self.invalid(field))
    }

    pub(crate) fn fields(self, field: &'static str) -> Result<Self, Error> {
        Self::of(self.required(field)?, self.role, field)
    }

    pub(crate) fn str(self, field: &'static str) -> Result<&'v str, Error> {
        self.required(field)?.as_str().ok_or(self.invalid(field))
    }

    pub(crate) fn array(self, field: &'static str) -> Result<&'v [Value<'a>], Error> {
        match self.required(field)? {
            Value::Array(values) => Ok(values),
            _ => Err(self.invalid(field)),
        }
    }

    pub(crate) fn optional_bool(self, field: &'static str) -> Result<bool, Error> {
        match self.optional(field) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(*value),
            Some(_) => Err(self.invalid(field)),
        }
    }

    /// A whole number that may be missing.
    pub(crate) fn optional_number(self, field: &'static str) -> Result<Option<u64>, Error> {
        match self.optional(field) {
            None => Ok(None),
            Some(Value::Whole(number)) => Ok(Some(*number)),
            Some(_) => Err(self.invalid(field)),
        }
    }

    /// A whole number of at least one.
    pub(crate) fn positive(self, field: &'static str) -> Result<u64, Error> {
        let number = self.optional_number(field)?;
        number.filter(|n| *n > 0).ok_or(self.invalid(field))
    }

    /// A time in the one form that the standard has: `YYYY-MM-DDTHH:MM:SSZ`.
    pub(crate) fn time(self, field: &'static str) -> Result<UnixTime, Error> {
        let text = self.str(field)?;
        let time = from_rfc3339(text).filter(|_| text.len() == 20 && text.ends_with('Z'));
        time.ok_or(self.invalid(field))
    }

    /// The strings of an array.
    pub(crate) fn strings(
        self,
        field: &'static str,
        limit: usize,
    ) -> Result<alloc::vec::Vec<String>, Error> {
        let values = self.array(field)?;
        let strings = values.iter().map(|value| value.as_str().map(String::from));
        let strings: Option<alloc::vec::Vec<String>> = strings.collect();
        let strings = strings.filter(|strings| strings.len() <= limit);
        strings.ok_or(self.invalid(field))
    }
}
