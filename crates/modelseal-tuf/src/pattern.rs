//! Which targets a delegation is for (section 4.5, PATHPATTERN and path_hash_prefixes).

use alloc::{string::String, vec::Vec};

use modelseal_hash::Hex;
use sha2::{Digest, Sha256};

use crate::{error::Error, fields::Fields};

/// The targets that a role is trusted with.
#[derive(Clone, Debug)]
pub(crate) enum Targets {
    Patterns(Vec<String>),
    /// The first digits of the SHA-256 of the path.
    HashPrefixes(Vec<String>),
}

impl Targets {
    /// Reads `paths` or `path_hash_prefixes`: one of the two.
    pub(crate) fn read(fields: Fields<'_, '_>) -> Result<Self, Error> {
        let (paths, prefixes) = ("paths", "path_hash_prefixes");
        match (fields.optional(paths), fields.optional(prefixes)) {
            (Some(_), None) => fields.strings(paths, usize::MAX).map(Self::Patterns),
            (None, Some(_)) => fields.strings(prefixes, usize::MAX).map(Self::HashPrefixes),
            _ => Err(fields.invalid(paths)),
        }
    }

    pub(crate) fn contains(&self, path: &str) -> bool {
        match self {
            Self::Patterns(patterns) => patterns.iter().any(|pattern| matches(pattern, path)),
            Self::HashPrefixes(prefixes) => {
                let hash = alloc::format!("{}", Hex(&Sha256::digest(path)));
                prefixes.iter().any(|prefix| hash.starts_with(prefix))
            }
        }
    }
}

/// Does a Unix shell's pattern fit a path? `*` and `?` stand for no `/`.
fn matches(pattern: &str, path: &str) -> bool {
    let (mut patterns, mut segments) = (pattern.split('/'), path.split('/'));
    loop {
        match (patterns.next(), segments.next()) {
            (None, None) => return true,
            (Some(pattern), Some(segment)) if segment_matches(pattern, segment) => {}
            _ => return false,
        }
    }
}

/// One part of a pattern.
enum Part {
    /// `*`.
    Any,
    /// `?`.
    One,
    Character(char),
    /// `[…]` and `[!…]`.
    Set {
        ranges: Vec<(char, char)>,
        negated: bool,
    },
}

impl Part {
    fn takes(&self, character: char) -> bool {
        match self {
            Self::Any => false,
            Self::One => true,
            Self::Character(own) => *own == character,
            Self::Set { ranges, negated } => {
                let mut ranges = ranges.iter();
                ranges.any(|(low, high)| (*low..=*high).contains(&character)) != *negated
            }
        }
    }
}

/// Without backtracking over more than the last `*`: as many steps as both lengths multiplied, at most.
fn segment_matches(pattern: &str, segment: &str) -> bool {
    let parts = parts(pattern);
    let characters: Vec<char> = segment.chars().collect();
    let (mut part, mut at) = (0_usize, 0_usize);
    let mut last_any: Option<(usize, usize)> = None;
    loop {
        let fits = match (parts.get(part), characters.get(at)) {
            (None, None) => return true,
            (Some(Part::Any), _) => {
                part = part.saturating_add(1);
                last_any = Some((part, at));
                continue;
            }
            (Some(part), Some(character)) => part.takes(*character),
            _ => false,
        };
        if fits {
            part = part.saturating_add(1);
            at = at.saturating_add(1);
            continue;
        }
        // The last `*` takes one character more.
        match last_any {
            Some((after, start)) if start < characters.len() => {
                (part, at) = (after, start.saturating_add(1));
                last_any = Some((after, at));
            }
            _ => return false,
        }
    }
}

fn parts(pattern: &str) -> Vec<Part> {
    let characters: Vec<char> = pattern.chars().collect();
    let mut parts = Vec::new();
    let mut rest = characters.as_slice();
    while let [first, after @ ..] = rest {
        rest = after;
        parts.push(match first {
            '*' => Part::Any,
            '?' => Part::One,
            '[' => match set(after) {
                Some((part, after)) => {
                    rest = after;
                    part
                }
                // Without an end it stands for itself.
                None => Part::Character('['),
            },
            other => Part::Character(*other),
        });
    }
    parts
}

/// The set after a `[`, and what comes after its `]`.
fn set(characters: &[char]) -> Option<(Part, &[char])> {
    let (negated, mut rest) = match characters {
        ['!', after @ ..] => (true, after),
        all => (false, all),
    };
    let mut ranges = Vec::new();
    loop {
        match rest {
            [']', after @ ..] if !ranges.is_empty() => {
                return Some((Part::Set { ranges, negated }, after));
            }
            [low, '-', high, after @ ..] if *high != ']' => {
                ranges.push((*low, *high));
                rest = after;
            }
            [one, after @ ..] => {
                ranges.push((*one, *one));
                rest = after;
            }
            [] => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_a_shell() {
        for (pattern, path, expected) in [
            ("*", "a", true),
            ("*", "", true),
            ("*", "a/b", false),
            ("a/*", "a/b", true),
            ("a/*", "a/b/c", false),
            ("a/*/c", "a/b/c", true),
            ("*.tgz", "file.tgz", true),
            ("*.tgz", "file.txt", false),
            ("foo-?.tgz", "foo-1.tgz", true),
            ("foo-?.tgz", "foo-12.tgz", false),
            ("foo-?.tgz", "foo-.tgz", false),
            ("*a*b", "xaxxb", true),
            ("*a*b", "xaxxbc", false),
            ("a**b", "ab", true),
            ("a", "A", false),
            ("", "", true),
            ("", "a", false),
            ("[ab]c", "bc", true),
            ("[!ab]c", "bc", false),
            ("[!ab]c", "xc", true),
            ("[a-c]", "b", true),
            ("[a-c]", "d", false),
            ("[]]", "]", true),
            ("[", "[", true),
            ("[a", "[a", true),
            ("\u{e9}?", "\u{e9}\u{e9}", true),
        ] {
            assert_eq!(matches(pattern, path), expected, "{pattern} {path}");
        }
    }

    /// A pattern with many stars takes time that grows with the product of the lengths, and no more.
    #[test]
    fn many_stars_end_soon() {
        let (pattern, path) = ("*a".repeat(200), "a".repeat(5_000) + "b");
        assert!(!matches(&pattern, &path));
    }
}
