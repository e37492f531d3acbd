//! Wrong use of the command line, in the sentences that the npm command has too.

use std::error::Error as _;

use clap::{
    Error,
    error::{ContextKind, ContextValue, ErrorKind},
};

/// The sentence, and the usage lines below it.
pub struct Usage {
    /// What is wrong.
    pub sentence: String,
    /// How to use the command; may be empty.
    pub lines: String,
}

impl Usage {
    /// What clap found in these arguments.
    pub fn of(error: &Error, arguments: &[String]) -> Self {
        let lines = match error.get(ContextKind::Usage) {
            Some(ContextValue::StyledStr(usage)) => usage.ansi().to_string(),
            _ => String::new(),
        };
        let sentence = sentence(error, arguments).unwrap_or_else(|| first_line(error));
        Self { sentence, lines }
    }
}

fn sentence(error: &Error, arguments: &[String]) -> Option<String> {
    let context = |kind| error.get(kind).map(strings).filter(|all| !all.is_empty());
    let one = |kind| context(kind)?.into_iter().next();
    let argument = || one(ContextKind::InvalidArg);
    Some(match error.kind() {
        ErrorKind::MissingRequiredArgument => {
            let names: Vec<_> = context(ContextKind::InvalidArg)?;
            let mut names: Vec<_> = names.iter().map(|name| alternatives(name)).collect();
            names.sort();
            format!("missing: {}", names.join(", "))
        }
        ErrorKind::UnknownArgument => match argument()? {
            option if option.starts_with('-') => format!("unknown option `{option}`"),
            value => format!("unexpected argument `{value}`"),
        },
        ErrorKind::InvalidSubcommand => {
            format!("unknown command `{}`", one(ContextKind::InvalidSubcommand)?)
        }
        ErrorKind::InvalidValue => {
            let name = name(&argument()?);
            match (
                one(ContextKind::InvalidValue),
                context(ContextKind::ValidValue),
            ) {
                (Some(value), Some(valid)) if !value.is_empty() => {
                    format!("{name} must be {}, not `{value}`", valid.join(" or "))
                }
                _ => format!("{name} needs a value"),
            }
        }
        ErrorKind::ValueValidation => {
            let (name, why) = (name(&argument()?), error.source()?.to_string());
            match one(ContextKind::InvalidValue) {
                Some(value) if !value.is_empty() => format!("{name}: `{value}` is {why}"),
                _ => format!("{name} is {why}"),
            }
        }
        ErrorKind::ArgumentConflict => {
            let mut names: Vec<_> = context(ContextKind::PriorArg)?;
            names.push(argument()?);
            let mut names: Vec<_> = names.iter().map(|argument| name(argument)).collect();
            // Of a group clap names all members.
            if names.len() > 2 {
                names.retain(|name| is_given(name, arguments));
            }
            names.sort();
            names.dedup();
            match names.as_slice() {
                [one] => format!("{one} was given more than once"),
                several => format!("{} cannot be combined", several.join(" and ")),
            }
        }
        _ => return None,
    })
}

/// Is this option among the arguments, in either spelling?
fn is_given(name: &str, arguments: &[String]) -> bool {
    let mut arguments = arguments.iter().map(|argument| {
        let option = argument.split('=').next().unwrap_or_default();
        option.replace('_', "-")
    });
    arguments.any(|option| option == name)
}

fn strings(value: &ContextValue) -> Vec<String> {
    match value {
        ContextValue::String(one) => vec![one.clone()],
        ContextValue::Strings(all) => all.clone(),
        ContextValue::StyledStr(one) => vec![one.to_string()],
        _ => Vec::new(),
    }
}

/// `--signature <BUNDLE>` without its value, `<MODEL>` without its brackets.
fn name(argument: &str) -> String {
    let name = argument.split_whitespace().next().unwrap_or_default();
    name.trim_matches(['<', '>', '[', ']', '.']).to_owned()
}

/// `<--one <A>|--other <B>>`: any of several.
fn alternatives(argument: &str) -> String {
    let inner = argument
        .strip_prefix('<')
        .and_then(|rest| rest.strip_suffix('>'));
    let several = inner.filter(|inner| inner.starts_with("--"));
    let names: Vec<_> = several.unwrap_or(argument).split("|--").collect();
    let names: Vec<_> = names
        .iter()
        .enumerate()
        .map(|(index, part)| match index {
            0 => name(part),
            _ => format!("--{}", name(part)),
        })
        .collect();
    names.join(" or ")
}

fn first_line(error: &Error) -> String {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    line.strip_prefix("error: ").unwrap_or(line).to_owned()
}

#[cfg(test)]
mod tests {
    use crate::args::Cli;

    use super::*;

    /// The sentence on these words, which are not a command.
    fn sentence_on(words: &str) -> String {
        let words = words
            .split(' ')
            .map(|word| word.trim_matches('\'').to_owned());
        let words: Vec<_> = words.collect();
        let error = Cli::read_from(&words).expect_err("wrong use");
        Usage::of(&error, &words).sentence
    }

    #[test]
    fn each_mistake_has_its_sentence() {
        let key = "modelseal verify key m --signature s --public-key k";
        for (words, expected) in [
            (
                "modelseal verify key".to_owned(),
                "missing: --public-key, --signature, MODEL",
            ),
            (
                "modelseal verify certificate m --signature s".to_owned(),
                "missing: --certificate-chain or --anchor-digest",
            ),
            (format!("{key} --foo"), "unknown option `--foo`"),
            (format!("{key} other"), "unexpected argument `other`"),
            ("modelseal check".to_owned(), "unknown command `check`"),
            ("modelseal verify it".to_owned(), "unknown command `it`"),
            (
                format!("{key} --format xml"),
                "--format must be text or json, not `xml`",
            ),
            (format!("{key} --format"), "--format needs a value"),
            (
                format!("{key} --at noon"),
                "--at: `noon` is not a time as in 2026-01-31T12:00:00Z (RFC 3339)",
            ),
            (
                format!("{key} --deny sha256:0"),
                "--deny: `sha256:0` is not `sha256:` and 64 lower-case hex digits",
            ),
            (
                format!("{key} --model-name ''"),
                "--model-name is an empty string, which names nothing",
            ),
            (
                format!("{key} --signature t"),
                "--signature was given more than once",
            ),
            (
                "modelseal verify artifact a --bundle b --report-only --public-key k".to_owned(),
                "--public-key and --report-only cannot be combined",
            ),
            (
                "modelseal verify sigstore m --signature s --report-only --identity=x".to_owned(),
                "--identity and --report-only cannot be combined",
            ),
            (
                "modelseal verify preset someone m --signature s".to_owned(),
                "NAME must be ibm-granite or nvidia-agent-capabilities, not `someone`",
            ),
        ] {
            assert_eq!(sentence_on(&words), expected, "{words}");
        }
    }
}
