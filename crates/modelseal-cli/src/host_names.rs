//! Names that a host's file system would not keep apart, or could not hold.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

/// The first two names that fall together where case and normalisation do not count.
///
/// A file system that is case-insensitive, or normalises, gives one file for both.
pub fn fall_together<'a>(names: impl IntoIterator<Item = &'a str>) -> Option<(&'a str, &'a str)> {
    let mut seen = HashMap::new();
    names
        .into_iter()
        .find_map(|name| seen.insert(fold(name), name).map(|other| (other, name)))
}

/// Upper case catches what lower case does not (`ß` and `ss`, `ſ` and `s`), and the other way.
fn fold(name: &str) -> String {
    name.nfd()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
        .nfc()
        .collect()
}

/// Whether Windows would take `path` for another file, a device or a stream.
pub fn refused_on_windows(path: &str) -> bool {
    path.split('/').any(|component| {
        component.ends_with(['.', ' '])
            || component.contains(|c: char| c < ' ' || "\\:*?\"<>|".contains(c))
            || is_device(component)
    })
}

/// `NUL`, `com1.txt`: the name of a device, whatever follows the first dot.
fn is_device(component: &str) -> bool {
    const DEVICES: [&str; 6] = ["AUX", "CON", "CONIN$", "CONOUT$", "NUL", "PRN"];
    let stem = component
        .split('.')
        .next()
        .unwrap_or_default()
        .trim_end()
        .to_uppercase();
    let numbered = |prefix| {
        stem.strip_prefix(prefix).is_some_and(|rest| {
            let mut digits = rest.chars();
            // The superscripts count as digits there.
            matches!(
                (digits.next(), digits.next()),
                (Some('1'..='9' | '¹' | '²' | '³'), None)
            )
        })
    };
    DEVICES.contains(&stem.as_str()) || numbered("COM") || numbered("LPT")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_normalisation_fall_together() {
        for (one, other) in [
            ("Model.bin", "model.BIN"),
            ("caf\u{e9}", "cafe\u{301}"),
            ("CAF\u{c9}", "cafe\u{301}"),
            ("stra\u{df}e", "STRASSE"),
            ("\u{17f}", "s"),
            ("d/a", "D/A"),
        ] {
            assert_eq!(fall_together([one, "x", other]), Some((one, other)));
        }
    }

    #[test]
    fn other_names_stay_apart() {
        assert_eq!(fall_together(["a", "b", "a/b", "aa", "\u{e9}", "e"]), None);
        assert_eq!(fall_together([]), None);
    }

    #[test]
    fn windows_names() {
        for name in [
            "a\\b",
            "C:x",
            "f:stream",
            "a./b",
            "b ",
            "NUL",
            "nul.txt",
            "d/Com1",
            "LPT\u{b9}.a",
            "con .x",
            "a\u{1}",
            "q?",
            "CONIN$",
        ] {
            assert!(refused_on_windows(name), "{name}");
        }
        for name in [
            "a.b/c",
            "com",
            "com10",
            "console",
            "nulls.txt",
            ".git",
            "COM0",
            "a b",
        ] {
            assert!(!refused_on_windows(name), "{name}");
        }
    }
}
