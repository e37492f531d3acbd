//! A crate's sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use proc_macro2::{TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::{Attribute, Item};

/// One file.
pub(super) struct Source {
    /// The file.
    pub path: PathBuf,
    /// The module's path within its crate; empty for the root.
    pub module: Vec<String>,
    /// What it says.
    pub text: String,
    /// The parsed file.
    pub syntax: syn::File,
    /// Is all of it compiled for tests alone?
    pub is_test: bool,
    /// How many lines it has without its tests.
    pub lines: usize,
    /// Does it hold the keyword `unsafe`, tests included?
    pub has_unsafe: bool,
}

/// The crate in the folder `name`.
pub(super) fn load(repo: &Path, name: &str) -> Result<Vec<Source>> {
    let src = repo.join(name).join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files)?;
    let mut sources = Vec::new();
    for path in files {
        let text =
            fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        let module = module_path(path.strip_prefix(&src)?);
        let shown = path.strip_prefix(repo)?.to_path_buf();
        sources.push(parse(shown, module, &text)?);
    }
    let tests: Vec<Vec<String>> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        source.is_test = tests.iter().any(|test| source.module.starts_with(test));
    }
    Ok(sources)
}

/// Parses one file.
pub(super) fn parse(path: PathBuf, module: Vec<String>, text: &str) -> Result<Source> {
    let syntax =
        syn::parse_file(text).with_context(|| format!("cannot parse {}", path.display()))?;
    let tokens: TokenStream = text
        .parse()
        .ok()
        .with_context(|| format!("cannot read {}", path.display()))?;
    let not_counted: usize = syntax
        .items
        .iter()
        .filter(|item| is_test(item) || is_table(item))
        .map(item_lines)
        .sum();
    let lines = text.lines().count() - not_counted;
    Ok(Source {
        path,
        module,
        text: text.to_owned(),
        syntax,
        is_test: false,
        lines,
        has_unsafe: contains_unsafe(tokens),
    })
}

/// `unsafe` outside the one crate that may hold it.
pub(super) fn unsafe_code(name: &str, sources: &[Source]) -> Vec<String> {
    if name == "crates/modelseal-hash" {
        return Vec::new();
    }
    let found = sources
        .iter()
        .filter(|source| source.has_unsafe && !source.is_test);
    found
        .map(|source| {
            format!(
                "{} holds `unsafe`: only modelseal-hash may",
                source.path.display()
            )
        })
        .collect()
}

/// Is it only compiled for tests?
pub(super) fn is_test(item: &Item) -> bool {
    attributes(item).iter().any(|attribute| {
        let tokens = attribute
            .meta
            .require_list()
            .map(|list| list.tokens.to_string());
        attribute.path().is_ident("cfg") && tokens.is_ok_and(|tokens| tokens == "test")
    })
}

/// Is it a macro that is called, not defined? Such a call is a table: it is looked up, not read.
const fn is_table(item: &Item) -> bool {
    matches!(item, Item::Macro(item) if item.ident.is_none())
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::ExternCrate(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

fn item_lines(item: &Item) -> usize {
    let span = item.span();
    span.end().line + 1 - span.start().line
}

/// `#[cfg(test)] mod name;` within `source`.
fn test_modules(source: &Source) -> Vec<Vec<String>> {
    let modules = source.syntax.items.iter().filter(|item| is_test(item));
    let names = modules.filter_map(|item| match item {
        Item::Mod(item) if item.content.is_none() => Some(item.ident.to_string()),
        _ => None,
    });
    names
        .map(|name| [source.module.as_slice(), &[name]].concat())
        .collect()
}

fn contains_unsafe(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == "unsafe",
        TokenTree::Group(group) => contains_unsafe(group.stream()),
        _ => false,
    })
}

fn rust_files(dir: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    let entries = fs::read_dir(dir).with_context(|| format!("cannot list {}", dir.display()))?;
    let mut paths = Vec::new();
    for entry in entries {
        paths.push(entry?.path());
    }
    paths.sort();
    for path in paths {
        if path.is_dir() {
            rust_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    Ok(())
}

/// `a/b.rs` and `a/b/mod.rs` are the module `a::b`.
fn module_path(path: &Path) -> Vec<String> {
    let path = path.with_extension("");
    let mut module: Vec<String> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    if module
        .last()
        .is_some_and(|last| matches!(last.as_str(), "mod" | "lib" | "main"))
    {
        module.pop();
    }
    module
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        parse(PathBuf::from("x.rs"), vec!["x".to_owned()], text).expect("it parses")
    }

    #[test]
    fn lines_are_counted_without_tests() {
        let text = "fn a() {}\n\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\n";
        assert_eq!(source(text).lines, 2);
        assert_eq!(source("fn a() {}\n#[cfg(not(test))]\nmod b {}\n").lines, 3);
    }

    #[test]
    fn lines_are_counted_without_tables() {
        let table = "fn a() {}\ntable! {\n    a: 1;\n    b: 2;\n}\n";
        assert_eq!(source(table).lines, 1);
        let definition = "macro_rules! table {\n    () => {};\n}\n";
        assert_eq!(source(definition).lines, 3);
    }

    #[test]
    fn unsafe_is_found_in_code_and_not_in_words() {
        let held = source("fn a() { m!(unsafe { b() }) }");
        let named =
            source("//! unsafe\n#![forbid(unsafe_code)]\nfn a() -> &'static str { \"unsafe\" }");
        assert!(held.has_unsafe);
        assert!(!named.has_unsafe);
        assert_eq!(
            unsafe_code("crates/modelseal", &[held, named]),
            ["x.rs holds `unsafe`: only modelseal-hash may"]
        );
        let held = source("unsafe fn a() {}");
        assert!(unsafe_code("crates/modelseal-hash", &[held]).is_empty());
    }

    #[test]
    fn test_modules_in_files_of_their_own_are_known() {
        let parent = source("#[cfg(test)]\nmod tests;\nmod real;\n");
        assert_eq!(test_modules(&parent), [["x", "tests"]]);
    }
}
