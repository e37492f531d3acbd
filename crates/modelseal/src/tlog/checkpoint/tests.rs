//! Notes against a plain reading of C2SP signed-note and tlog-checkpoint.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::string_slice
)]

use std::{format, string::String, vec::Vec};

use base64ct::{Base64, Encoding};
use proptest::prelude::*;

use super::Checkpoint;

/// Origin, size, root, and the signatures: name, hint, octets.
type Parts = (String, u64, Vec<u8>, Vec<(String, Vec<u8>, Vec<u8>)>);

/// Line by line, with the rules in the order of the two texts.
fn reference(text: &str) -> Option<Parts> {
    // A note is text and signatures, divided by the last blank line.
    let blank = text.rfind("\n\n")?;
    let (note, signatures) = (&text[..=blank], &text[blank + 2..]);
    if text
        .chars()
        .any(|c| c != '\n' && (c < ' ' || ('\u{7f}'..='\u{9f}').contains(&c)))
    {
        return None;
    }
    let mut lines: Vec<&str> = note.split('\n').collect();
    // The text ends with a line feed, so that nothing follows it.
    if lines.pop() != Some("") || lines.iter().any(|line| line.is_empty()) || lines.len() < 3 {
        return None;
    }
    let size: u64 = lines[1].parse().ok()?;
    if format!("{size}") != lines[1] {
        return None;
    }
    let root = Base64::decode_vec(lines[2])
        .ok()
        .filter(|root| root.len() == 32)?;
    let mut read = Vec::new();
    let mut lines_of = signatures.split('\n').collect::<Vec<_>>();
    if lines_of.pop() != Some("") || lines_of.is_empty() {
        return None;
    }
    for line in lines_of {
        let words: Vec<&str> = line.split(' ').collect();
        let [dash, name, encoded] = words.as_slice() else {
            return None;
        };
        let strange = |c: char| c.is_whitespace() || c == '+';
        if *dash != "\u{2014}" || name.is_empty() || name.chars().any(strange) {
            return None;
        }
        let octets = Base64::decode_vec(encoded)
            .ok()
            .filter(|octets| octets.len() >= 4)?;
        read.push(((*name).into(), octets[..4].to_vec(), octets[4..].to_vec()));
    }
    Some((lines[0].into(), size, root, read))
}

fn parts(checkpoint: &Checkpoint<'_>) -> Parts {
    let signatures = checkpoint.signatures.iter();
    (
        checkpoint.origin.into(),
        checkpoint.size,
        checkpoint.root.to_vec(),
        signatures
            .map(|signature| {
                let hint = signature.hint.to_vec();
                (signature.name.into(), hint, signature.signature.clone())
            })
            .collect(),
    )
}

fn whole() -> impl Strategy<Value = String> {
    let line = "[ -~]{1,20}";
    let signature = ("[a-z.]{1,12}", prop::collection::vec(any::<u8>(), 4..80));
    (
        line,
        prop_oneof![0..100_u64, any::<u64>()],
        any::<[u8; 32]>(),
        prop::collection::vec(line, 0..3),
        prop::collection::vec(signature, 1..4),
    )
        .prop_map(|(origin, size, root, more, signatures)| {
            let mut text = format!("{origin}\n{size}\n{}\n", Base64::encode_string(&root));
            more.iter()
                .for_each(|line| text.push_str(&format!("{line}\n")));
            text.push('\n');
            for (name, octets) in signatures {
                text.push_str(&format!(
                    "\u{2014} {name} {}\n",
                    Base64::encode_string(&octets)
                ));
            }
            text
        })
}

/// What is put in place of one character of a whole note.
const PIECES: [&str; 14] = [
    "",
    "\n",
    "\n\n",
    " ",
    "\r\n",
    "\t",
    "0",
    "+",
    "-",
    "=",
    "\u{2014} ",
    "\u{a0}",
    "A",
    "\u{0}",
];

proptest! {
    #[test]
    fn whole_notes_are_read(text in whole()) {
        let checkpoint = Checkpoint::parse(&text);
        prop_assert!(checkpoint.is_some());
        prop_assert_eq!(checkpoint.as_ref().map(parts), reference(&text));
        // What is signed is everything before the blank line.
        let signed = checkpoint.map(|checkpoint| checkpoint.note);
        prop_assert_eq!(signed, text.rfind("\n\n").map(|blank| &text[..=blank]));
    }

    #[test]
    fn changed_notes_are_read_as_the_texts_say(
        text in whole(),
        at: prop::sample::Index,
        piece in prop::sample::select(&PIECES[..]),
        replaces: bool,
    ) {
        let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
        let at = places[at.index(places.len())];
        let (before, mut after) = text.split_at(at);
        if replaces {
            let mut characters = after.chars();
            characters.next();
            after = characters.as_str();
        }
        let changed = format!("{before}{piece}{after}");
        prop_assert_eq!(Checkpoint::parse(&changed).as_ref().map(parts), reference(&changed));
    }

    #[test]
    fn other_texts_are_read_as_the_texts_say(text in "(\u{2014} |[a=+0-9 ]{0,4}|\n){0,12}") {
        prop_assert_eq!(Checkpoint::parse(&text).as_ref().map(parts), reference(&text));
    }
}
