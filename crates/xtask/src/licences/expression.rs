//! SPDX licence expressions, as manifests have them.

/// Licences that ask for no more than their own text.
const LICENCES: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Can an SPDX expression be met with the licences above?
pub(super) fn is_allowed(expression: &str) -> bool {
    is_met_by(expression, &LICENCES)
}

/// Can an SPDX expression be met with these licences? `/` is an older way to write OR.
pub(super) fn is_met_by(expression: &str, licences: &[&str]) -> bool {
    let spaced = expression
        .replace('(', " ( ")
        .replace(')', " ) ")
        .replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    any(&mut rest, licences) == Some(true) && rest.is_empty()
}

fn any(words: &mut &[&str], licences: &[&str]) -> Option<bool> {
    let mut allowed = all(words, licences)?;
    while words.first() == Some(&"OR") {
        *words = &words[1..];
        // Both sides are read, whatever the first one said.
        let next = all(words, licences)?;
        allowed = allowed || next;
    }
    Some(allowed)
}

fn all(words: &mut &[&str], licences: &[&str]) -> Option<bool> {
    let mut allowed = one(words, licences)?;
    while words.first() == Some(&"AND") {
        *words = &words[1..];
        let next = one(words, licences)?;
        allowed = allowed && next;
    }
    Some(allowed)
}

fn one(words: &mut &[&str], licences: &[&str]) -> Option<bool> {
    let (first, rest) = words.split_first()?;
    *words = rest;
    if *first == "(" {
        let allowed = any(words, licences)?;
        let (close, rest) = words.split_first()?;
        *words = rest;
        return (*close == ")").then_some(allowed);
    }
    let mut name = (*first).to_owned();
    if let ["WITH", exception, rest @ ..] = *words {
        name = format!("{name} WITH {exception}");
        *words = rest;
    }
    Some(licences.contains(&name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licence_expressions() {
        for allowed in [
            "MIT",
            "MIT/Apache-2.0",
            "GPL-3.0 OR MIT",
            "(MIT OR Apache-2.0) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception OR GPL-2.0",
        ] {
            assert!(is_allowed(allowed), "{allowed}");
        }
        for refused in [
            "GPL-3.0",
            "MIT AND GPL-3.0",
            "MIT OR",
            "(MIT",
            "MIT WITH x",
            "",
            "MIT MIT",
        ] {
            assert!(!is_allowed(refused), "{refused}");
        }
    }
}
