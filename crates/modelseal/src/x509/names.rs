//! Names: their text, their well-formedness, and whether two of them are the same.

use alloc::{format, string::String};

use const_oid::db::{
    rfc3280::EMAIL_ADDRESS,
    rfc4519::{
        COMMON_NAME, COUNTRY_NAME, DOMAIN_COMPONENT, LOCALITY_NAME, ORGANIZATION_NAME,
        ORGANIZATIONAL_UNIT_NAME, SERIAL_NUMBER, ST, STREET, UID,
    },
};

use super::name::{Attribute, GeneralName, Name};

/// A distinguished name as a string (RFC 4514 section 2): last part first.
pub(super) fn to_text(name: &Name) -> String {
    let mut text = String::new();
    let mut separator = "";
    for part in name.parts().iter().rev() {
        for attribute in part {
            text.push_str(separator);
            push_attribute(&mut text, attribute);
            separator = "+";
        }
        separator = ",";
    }
    text
}

/// The e-mail addresses in a distinguished name (section 4.1.2.6).
pub(super) fn email_addresses(name: &Name) -> impl Iterator<Item = &Attribute> {
    name.attributes()
        .filter(|attribute| attribute.oid == EMAIL_ADDRESS)
}

/// Is a subject's alternative name well-formed (section 4.2.1.6)?
pub(super) fn is_well_formed(name: &GeneralName) -> bool {
    match name {
        GeneralName::Dns(name) => is_host(name.strip_prefix("*.").unwrap_or(name)),
        GeneralName::Mailbox(mailbox) => is_mailbox(mailbox),
        GeneralName::Address(octets) => matches!(octets.len(), 4 | 16),
        // A scheme and something after it (RFC 3986 section 4.3).
        GeneralName::Uri(uri) => {
            uri.bytes().all(|byte| byte.is_ascii_graphic())
                && uri
                    .split_once(':')
                    .is_some_and(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty())
        }
        GeneralName::Directory(name) => !name.is_empty(),
        GeneralName::EdiParty | GeneralName::Other(..) | GeneralName::RegisteredId => true,
    }
}

/// Is it a mailbox with one `@`? Quoted local parts, which may have more, are not read.
pub(super) fn is_mailbox(mailbox: &str) -> bool {
    mailbox.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && local.bytes().all(|byte| byte.is_ascii_graphic()) && is_host(host)
    })
}

/// Is it a name in the preferred syntax (RFC 1034 section 3.5, RFC 1123 section 2.1), and no
/// address in numbers?
pub(super) fn is_host(host: &str) -> bool {
    let label = |label: &str| {
        matches!(label.len(), 1..=63)
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let numeric = |label: &str| label.bytes().all(|byte| byte.is_ascii_digit());
    host.len() <= 253 && host.split('.').all(label) && !host.rsplit('.').next().is_some_and(numeric)
}

/// How two names compare, where not every string type is understood.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Comparison {
    Different,
    Same,
    /// Not equal octet by octet, and of a type whose strings are not prepared here.
    Undecided,
}

/// Does `name` lie in the subtree below `base` (section 4.2.1.10, directoryName)?
pub(super) fn is_below(name: &Name, base: &Name) -> Comparison {
    let (name, base) = (name.parts(), base.parts());
    if name.len() < base.len() {
        return Comparison::Different;
    }
    all(name
        .iter()
        .zip(base)
        .map(|(part, base)| compare_parts(part, base)))
}

fn compare_parts(a: &[Attribute], b: &[Attribute]) -> Comparison {
    if a.len() != b.len() {
        return Comparison::Different;
    }
    all(a
        .iter()
        .map(|a| any(b.iter().map(|b| compare_attributes(a, b)))))
}

/// Section 7.1, for strings in ASCII: neither case nor the amount of white space matters.
fn compare_attributes(a: &Attribute, b: &Attribute) -> Comparison {
    if a.oid != b.oid {
        return Comparison::Different;
    }
    if a == b {
        return Comparison::Same;
    }
    match (a.text(), b.text()) {
        (Some(a), Some(b)) if a.is_ascii() && b.is_ascii() => {
            let mut words = (a.split_ascii_whitespace(), b.split_ascii_whitespace());
            loop {
                match (words.0.next(), words.1.next()) {
                    (None, None) => return Comparison::Same,
                    (Some(a), Some(b)) if a.eq_ignore_ascii_case(b) => {}
                    _ => return Comparison::Different,
                }
            }
        }
        _ => Comparison::Undecided,
    }
}

fn all(mut comparisons: impl Iterator<Item = Comparison>) -> Comparison {
    comparisons
        .try_fold(Comparison::Same, |all, next| match next {
            Comparison::Different => None,
            Comparison::Same => Some(all),
            Comparison::Undecided => Some(Comparison::Undecided),
        })
        .unwrap_or(Comparison::Different)
}

fn any(comparisons: impl Iterator<Item = Comparison>) -> Comparison {
    comparisons.fold(Comparison::Different, |any, next| match (any, next) {
        (Comparison::Same, _) | (_, Comparison::Same) => Comparison::Same,
        (Comparison::Undecided, _) | (_, Comparison::Undecided) => Comparison::Undecided,
        _ => Comparison::Different,
    })
}

/// RFC 4514 section 2.3 and 2.4.
fn push_attribute(text: &mut String, attribute: &Attribute) {
    let key = match attribute.oid {
        COMMON_NAME => "CN",
        COUNTRY_NAME => "C",
        DOMAIN_COMPONENT => "DC",
        EMAIL_ADDRESS => "emailAddress",
        LOCALITY_NAME => "L",
        ORGANIZATIONAL_UNIT_NAME => "OU",
        ORGANIZATION_NAME => "O",
        SERIAL_NUMBER => "serialNumber",
        ST => "ST",
        STREET => "STREET",
        UID => "UID",
        _ => "",
    };
    if let (Some(value), false) = (attribute.text(), key.is_empty()) {
        text.push_str(key);
        text.push('=');
        push_value(text, value);
    } else {
        // Section 2.4: what has no name or is not a string is written in hex.
        text.push_str(&format!("{}=#", attribute.oid));
        for octet in attribute.encoded() {
            text.push_str(&format!("{octet:02x}"));
        }
    }
}

/// RFC 4514 section 2.4: what has a meaning in the string is escaped, and what cannot be seen.
fn push_value(text: &mut String, value: &str) {
    let mut characters = value.chars().enumerate().peekable();
    while let Some((position, character)) = characters.next() {
        let edge = position == 0 || characters.peek().is_none();
        match character {
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => text.push('\\'),
            '#' if position == 0 => text.push('\\'),
            ' ' if edge => text.push('\\'),
            '\0'..='\x1f' | '\x7f' => {
                text.push_str(&format!("\\{:02x}", u32::from(character)));
                continue;
            }
            _ => {}
        }
        text.push(character);
    }
}

fn is_scheme(scheme: &str) -> bool {
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}
