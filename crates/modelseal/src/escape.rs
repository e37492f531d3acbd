//! Strings from a bundle or a file system are an attacker's: what they could do to a terminal, or to a
//! reader's eye, is shown as an escape. `tests/escapes.json` has cases that every surface tests.

use alloc::{borrow::Cow, string::String};
use core::fmt::Write as _;

/// Escapes what would not be seen as what it is, as in `\u{202e}`. The backslash is doubled, so that no
/// name can look like the escape of another.
///
/// ```
/// assert_eq!(modelseal::escape_text("a\u{202e}b"), r"a\u{202e}b");
/// assert_eq!(modelseal::escape_text(r"a\u{202e}b"), r"a\\u{202e}b");
/// ```
pub fn escape_text(text: &str) -> Cow<'_, str> {
    let escape = |out: &mut String, character| match character {
        '\\' => out.push_str("\\\\"),
        // Writing to a string cannot fail.
        _ => drop(write!(out, "{}", char::escape_unicode(character))),
    };
    replace(
        text,
        |character| character == '\\' || is_deceptive(character),
        escape,
    )
}

/// Escapes all but printable ASCII, where two strings look alike and must be told apart.
///
/// ```
/// assert_eq!(modelseal::escape_non_ascii("caf\u{e9}"), r"caf\u{e9}");
/// ```
pub fn escape_non_ascii(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(character),
            // Writing to a string cannot fail.
            _ => drop(write!(out, "{}", char::escape_unicode(character))),
        }
    }
    out
}

/// Escapes what [`escape_text`] does, but not the backslash, within JSON, where they are always in strings.
///
/// Serialisers leave C1 controls and bidi marks as they are: right for a program, but JSON is printed
/// on terminals too.
pub fn escape_json(json: &str) -> Cow<'_, str> {
    let escape = |out: &mut String, character: char| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(out, "\\u{unit:04x}");
        }
    };
    replace(json, is_deceptive, escape)
}

fn replace(
    text: &str,
    is_escaped: impl Fn(char) -> bool,
    escape: impl Fn(&mut String, char),
) -> Cow<'_, str> {
    if !text.contains(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if is_escaped(character) {
            escape(&mut out, character);
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Controls, spaces other than the plain one, and what is invisible or reorders its surroundings.
fn is_deceptive(character: char) -> bool {
    // C0, DEL and C1: a terminal acts on them.
    character.is_control()
        || matches!(character,
            // No-break space, soft hyphen, combining grapheme joiner, Arabic letter mark.
            '\u{00a0}' | '\u{00ad}' | '\u{034f}' | '\u{061c}'
            // Hangul fillers, Ogham space, Khmer inherent vowels, Mongolian separators.
            | '\u{115f}' | '\u{1160}' | '\u{1680}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
            // Spaces of other widths, zero-width characters and marks of direction.
            | '\u{2000}'..='\u{200f}'
            // Line and paragraph separators, bidi embeddings and overrides, narrow space.
            | '\u{2028}'..='\u{202f}'
            // Mathematical space, invisible operators, bidi isolates, deprecated format characters.
            | '\u{205f}'..='\u{206f}'
            // Blank braille pattern, ideographic space, Hangul filler.
            | '\u{2800}' | '\u{3000}' | '\u{3164}'
            // Variation selectors, byte order mark, halfwidth filler, annotations.
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            // Musical and shorthand format controls.
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            // Tags and further variation selectors.
            | '\u{e0000}'..='\u{e0fff}')
}
