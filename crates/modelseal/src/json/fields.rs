//! Members of objects whose names and types a format fixes.

use alloc::vec::Vec;

use base64ct::{Base64, Encoding};

use super::value::{Object, Value};
use crate::{
    decimal::decimal,
    error::{Error, FieldName},
};

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
    /// The name of the object in its document.
    name: &'static str,
}

/// The name of a document's outermost object.
pub(crate) const TOP_LEVEL: &str = "the top level";

impl<'v, 'a> Fields<'v, 'a> {
    /// The fields of `value`, which has the name `field` in its document.
    ///
    /// A policy has no member that is `null`: it would read like "any".
    pub(crate) fn of(
        value: &'v Value<'a>,
        document: Document,
        field: &'static str,
    ) -> Result<Self, Error> {
        let object = value.as_object().ok_or(document.wrong_type(field))?;
        let fields = Self {
            object,
            document,
            name: field,
        };
        match (document, object.null()) {
            (Document::Policy, Some(key)) => Err(Error::PolicyFieldNull {
                field: fields.full_name(key),
            }),
            _ => Ok(fields),
        }
    }

    fn full_name(self, key: &str) -> FieldName {
        if self.name == TOP_LEVEL {
            FieldName::new(key)
        } else {
            FieldName::inside(self.name, key)
        }
    }

    /// Refuses members other than `known`.
    pub(crate) fn only(self, known: &[&str]) -> Result<Self, Error> {
        match self.object.keys().find(|key| !known.contains(key)) {
            None => Ok(self),
            Some(key) => Err(self.document.unknown_field(self.full_name(key))),
        }
    }

    /// The names of all members.
    pub(crate) fn keys(self) -> impl Iterator<Item = &'v str> {
        self.object.keys()
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

    /// A whole number of at least zero, written as a number or as a string (ProtoJSON, int64). Its
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

    pub(crate) fn bytes(self, field: &'static str) -> Result<Vec<u8>, Error> {
        self.document.bytes_of(self.required(field)?, field)
    }

    /// Bytes of at most `limit`, which is asked before anything is decoded.
    pub(crate) fn bytes_up_to(
        self,
        field: &'static str,
        limit: usize,
        too_large: Error,
    ) -> Result<Vec<u8>, Error> {
        let value = self.required(field)?;
        self.document.bytes_up_to(value, field, limit, too_large)
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

    /// Base64 of at most `limit` bytes, which is asked before anything is decoded.
    pub(crate) fn bytes_up_to(
        self,
        value: &Value<'_>,
        field: &'static str,
        limit: usize,
        too_large: Error,
    ) -> Result<Vec<u8>, Error> {
        let length = value.as_str().map_or(0, str::len);
        if length > limit.div_ceil(3).saturating_mul(4) {
            return Err(too_large);
        }
        let bytes = self.bytes_of(value, field)?;
        if bytes.len() > limit {
            return Err(too_large);
        }
        Ok(bytes)
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

    fn unknown_field(self, field: FieldName) -> Error {
        match self {
            Self::Policy => Error::PolicyFieldUnknown { field },
            // In-toto and OMS let statements and predicates carry further fields, and so do newer
            // trust roots.
            Self::Bundle | Self::Manifest | Self::Statement | Self::TrustRoot => {
                Error::BundleFieldUnknown { field }
            }
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
