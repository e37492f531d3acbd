//! JSON changed at one place.

use base64ct::{Base64, Base64Url, Encoding};
use serde_json::{Value, json};

use crate::der;
use crate::random::Random;

/// Where something stands in a JSON text: member names and indices.
pub(crate) type Place = Vec<Step>;

/// A step to a value inside.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Of an object.
    Member(String),
    /// Of an array.
    Index(usize),
}

/// Every place, the whole left out.
pub(crate) fn places(value: &Value) -> Vec<Place> {
    let mut places = Vec::new();
    walk(value, &mut Vec::new(), &mut places);
    places
}

fn walk(value: &Value, here: &mut Place, places: &mut Vec<Place>) {
    let mut visit = |step, inner| {
        here.push(step);
        places.push(here.clone());
        walk(inner, here, places);
        here.pop();
    };
    match value {
        Value::Object(members) => members
            .iter()
            .for_each(|(name, inner)| visit(Step::Member(name.clone()), inner)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(index, inner)| visit(Step::Index(index), inner)),
        _ => {}
    }
}

/// The value at a place.
pub(crate) fn at<'a>(value: &'a mut Value, place: &[Step]) -> Option<&'a mut Value> {
    place.iter().try_fold(value, |value, step| match step {
        Step::Member(name) => value.get_mut(name),
        Step::Index(index) => value.get_mut(index),
    })
}

/// Changes one place.
pub(crate) fn mutate(value: &mut Value, random: &mut Random) {
    let places = places(value);
    if places.is_empty() {
        return;
    }
    let place = random.pick(&places).clone();
    match random.below(8) {
        0 => remove(value, &place),
        1 => add(value, &place, random),
        2 | 3 => {
            let other = random.pick(&places).clone();
            let moved = at(value, &other).cloned();
            if let (Some(here), Some(moved)) = (at(value, &place), moved) {
                *here = moved;
            }
        }
        _ => {
            if let Some(here) = at(value, &place) {
                change(here, random);
            }
        }
    }
}

/// Takes the value at one place of another text that has the same place.
pub(crate) fn swap(value: &mut Value, other: &Value, random: &mut Random) {
    let mut other = other.clone();
    let places: Vec<Place> = places(value)
        .into_iter()
        .filter(|place| at(&mut other, place).is_some())
        .collect();
    if places.is_empty() {
        return;
    }
    let place = random.pick(&places);
    if let (Some(here), Some(there)) = (at(value, place), at(&mut other, place)) {
        *here = there.take();
    }
}

fn remove(value: &mut Value, place: &[Step]) {
    let Some((last, above)) = place.split_last() else {
        return;
    };
    match (at(value, above), last) {
        (Some(Value::Object(members)), Step::Member(name)) => drop(members.remove(name)),
        (Some(Value::Array(items)), Step::Index(index)) => drop(items.remove(*index)),
        _ => {}
    }
}

/// A copy of an item, or one more member.
fn add(value: &mut Value, place: &[Step], random: &mut Random) {
    let Some((last, above)) = place.split_last() else {
        return;
    };
    match (at(value, above), last) {
        (Some(Value::Object(members)), Step::Member(name)) => {
            let copy = members[name].clone();
            let name = match random.below(3) {
                0 => name.to_uppercase(),
                1 => snake(name),
                _ => "unknown".into(),
            };
            members.insert(name, copy);
        }
        (Some(Value::Array(items)), Step::Index(index)) => {
            items.insert(*index, items[*index].clone());
        }
        _ => {}
    }
}

/// ProtoJSON's other spelling of a name.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

fn change(value: &mut Value, random: &mut Random) {
    *value = match (&value, random.below(10)) {
        (_, 0) => Value::Null,
        (_, 1) => json!([value]),
        (_, 2) => json!({}),
        (_, 3) => json!(0),
        (Value::String(text), _) => change_text(text, random),
        (Value::Array(items), _) => {
            let mut items = items.clone();
            match random.below(4) {
                0 => items.clear(),
                1 => items.reverse(),
                2 => drop(items.pop()),
                _ if items.is_empty() => items.push(json!("")),
                _ => {
                    let at = random.below(items.len());
                    change(&mut items[at], random);
                }
            }
            items.into()
        }
        (Value::Object(_), _) => {
            mutate(value, random);
            return;
        }
        (Value::Number(number), _) => json!(number.to_string()),
        _ => json!(""),
    };
}

fn change_text(text: &str, random: &mut Random) -> Value {
    if let Ok(number) = text.parse::<i64>() {
        return change_number(number, random);
    }
    match Base64::decode_vec(text) {
        Ok(bytes) if bytes.len() > 3 => change_base64(text, &bytes, random),
        _ => change_lines(text, random).into(),
    }
}

/// Times and indices move.
fn change_number(number: i64, random: &mut Random) -> Value {
    let by = *random.pick(&[1, -1, 2, 60, -60, 600, -600, 86_400, -86_400, 1 << 40]);
    match random.below(10) {
        0 => json!(number),
        1 => json!(number as f64 + 0.5),
        2 => json!(format!("+{number}")),
        3 => json!(format!("0{number}")),
        4 => json!("9223372036854775808"),
        5 => json!((-number).to_string()),
        _ => json!((number + by).to_string()),
    }
}

fn change_base64(text: &str, bytes: &[u8], random: &mut Random) -> Value {
    let bytes = match random.below(12) {
        0 => return Base64Url::encode_string(bytes).into(),
        1 => return text.trim_end_matches('=').into(),
        2 => return format!("{}\n{}", &text[..4], &text[4..]).into(),
        3 => return format!("{text}====").into(),
        4 => bytes[..bytes.len() - 1].to_vec(),
        5 => [bytes, &[0]].concat(),
        6 => der::flip(bytes, random),
        _ => der::mutate(bytes, random),
    };
    Base64::encode_string(&bytes).into()
}

/// Checkpoints are lines; other texts are one.
pub(crate) fn change_lines(text: &str, random: &mut Random) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let at = random.below(lines.len());
    let other = random.below(lines.len());
    match random.below(10) {
        0 => drop(lines.remove(at)),
        1 => lines.insert(at, lines[other].clone()),
        2 => lines.swap(at, other),
        3 => lines.insert(at, String::new()),
        4 => lines[at].push(*random.pick(&[' ', '\r', '=', 'A', '\u{2014}', '0'])),
        5 => lines[at].insert(0, *random.pick(&[' ', '0', '+', '-', '\u{2014}', '\t'])),
        6 => drop(lines[at].pop()),
        7 => return text.to_uppercase(),
        _ => {
            let bytes = der::flip(lines[at].as_bytes(), random);
            lines[at] = String::from_utf8_lossy(&bytes).into_owned();
        }
    }
    lines.join("\n")
}
