//! Values by their names.

use alloc::{borrow::ToOwned, string::String, vec::Vec};

/// Values by their names, sorted. It is made of an object's members, which are sorted and distinct.
#[derive(Clone, Debug)]
pub(crate) struct Table<T>(Vec<(String, T)>);

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> Table<T> {
    /// Adds a value whose name comes after all others.
    pub(crate) fn push(&mut self, name: &str, value: T) {
        self.0.push((name.to_owned(), value));
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        let at = self
            .0
            .binary_search_by(|(own, _)| own.as_str().cmp(name))
            .ok()?;
        self.0.get(at).map(|(_, value)| value)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &T)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}
