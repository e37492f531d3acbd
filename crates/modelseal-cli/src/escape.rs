//! Texts from a bundle or a file system are an attacker's: what they could do to a terminal, or
//! to a reader's eye, is shown as an escape.

use std::{borrow::Cow, fmt::Write as _};

/// Escapes what would not be seen as what it is, as in `\u{202e}`.
pub fn text(text: &str) -> Cow<'_, str> {
    replace(text, |out, character| {
        write!(out, "{}", character.escape_unicode())
    })
}

/// Escapes the same characters within JSON, where they can only stand in strings.
///
/// Serializers leave C1 controls and bidi marks as they are: right for a program, but JSON is
/// printed on terminals too.
pub fn json(json: &str) -> Cow<'_, str> {
    replace(json, |out, character| {
        let mut units = [0; 2];
        character
            .encode_utf16(&mut units)
            .iter()
            .try_for_each(|unit| write!(out, "\\u{unit:04x}"))
    })
}

fn replace(text: &str, escape: impl Fn(&mut String, char) -> std::fmt::Result) -> Cow<'_, str> {
    if !text.contains(is_deceptive) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_deceptive(character) {
            // Writing to a string cannot fail.
            let _ = escape(&mut out, character);
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

/// Controls, and what is invisible or reorders its surroundings.
fn is_deceptive(character: char) -> bool {
    // C0, DEL and C1: a terminal acts on them.
    character.is_control()
        || matches!(character,
            // Soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul and Khmer fillers.
            '\u{00ad}' | '\u{034f}' | '\u{061c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            // Mongolian separators, zero-width characters and marks of direction.
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            // Line and paragraph separators, bidi embeddings and overrides.
            | '\u{2028}'..='\u{202e}'
            // Invisible operators, bidi isolates, deprecated format characters.
            | '\u{2060}'..='\u{206f}'
            // Hangul filler, byte order mark, halfwidth filler, annotations.
            | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
            // Tags.
            | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays() {
        for plain in [
            "model.safetensors",
            "模型.bin",
            "naïve — é \\ \"'",
            "",
            "a b",
        ] {
            assert_eq!(text(plain), plain);
            assert_eq!(json(plain), plain);
        }
    }

    #[test]
    fn controls_are_shown() {
        assert_eq!(text("a\x1b[2Jb"), "a\\u{1b}[2Jb");
        assert_eq!(text("a\nb\r\t\0\x7f"), "a\\u{a}b\\u{d}\\u{9}\\u{0}\\u{7f}");
        assert_eq!(text("\u{9b}31m"), "\\u{9b}31m");
    }

    #[test]
    fn every_bidi_control_is_shown() {
        let bidi = ('\u{202a}'..='\u{202e}')
            .chain('\u{2066}'..='\u{2069}')
            .chain(['\u{200e}', '\u{200f}', '\u{061c}']);
        for character in bidi {
            let shown = format!("\\u{{{:x}}}", u32::from(character));
            assert_eq!(text(&character.to_string()), shown);
        }
    }

    #[test]
    fn escaped_json_means_the_same() {
        let plain = "\u{9b}31m \u{202e} \u{7f} \u{e0041}";
        let raw = serde_json::to_string(plain).unwrap();
        let escaped = json(&raw);
        assert_eq!(escaped, r#""\u009b31m \u202e \u007f \udb40\udc41""#);
        assert_eq!(serde_json::from_str::<String>(&escaped).unwrap(), plain);
    }
}
