//! What errors tell of the input: values of a fixed size, safe to show anywhere.

use core::fmt;

/// The name of an unknown member, from the input: shortened, and with `?` for everything but
/// letters, digits and `$._-`, so that it is safe to show anywhere.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct FieldName {
    bytes: [u8; Self::LENGTH],
    length: u8,
}

impl FieldName {
    /// No name.
    pub const EMPTY: Self = Self {
        bytes: [0; Self::LENGTH],
        length: 0,
    };

    /// Bytes that are kept of a name. The longest name that a policy knows has 35.
    const LENGTH: usize = 39;

    pub(crate) fn new(name: &str) -> Self {
        Self::of(name.chars())
    }

    /// The name of a member inside another one.
    pub(crate) fn inside(outer: &str, name: &str) -> Self {
        Self::of(outer.chars().chain(['.']).chain(name.chars()))
    }

    fn of(characters: impl Iterator<Item = char>) -> Self {
        let mut name = Self::EMPTY;
        for (byte, character) in name.bytes.iter_mut().zip(characters) {
            let safe = character.is_ascii_alphanumeric() || "$._-".contains(character);
            *byte = u8::try_from(character)
                .ok()
                .filter(|_| safe)
                .unwrap_or(b'?');
            name.length = name.length.saturating_add(1);
        }
        name
    }
}

impl fmt::Debug for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for FieldName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.bytes.get(..usize::from(self.length));
        f.write_str(
            name.and_then(|name| core::str::from_utf8(name).ok())
                .unwrap_or_default(),
        )
    }
}

/// The algorithms by which an artifact's digest would do.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
#[non_exhaustive]
pub struct DigestNames {
    /// SHA-256.
    pub sha256: bool,
    /// SHA-384.
    pub sha384: bool,
    /// SHA-512.
    pub sha512: bool,
}

impl DigestNames {
    /// SHA-256 alone.
    pub(crate) const SHA256: Self = Self {
        sha256: true,
        ..Self::NONE
    };

    /// None of them.
    pub const NONE: Self = Self {
        sha256: false,
        sha384: false,
        sha512: false,
    };
}

impl fmt::Display for DigestNames {
    /// Such as `sha384 or sha512`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = [
            (self.sha256, "sha256"),
            (self.sha384, "sha384"),
            (self.sha512, "sha512"),
        ];
        let mut names = names
            .into_iter()
            .filter_map(|(is_in, name)| is_in.then_some(name));
        f.write_str(names.next().unwrap_or("another algorithm"))?;
        names.try_for_each(|name| write!(f, " or {name}"))
    }
}
