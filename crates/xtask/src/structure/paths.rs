//! The paths that a file names, written from the crate's root.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, ItemUse, UseTree};

use super::sources::{Source, is_test};

/// A path of the crate's own that a file names.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(super) struct Named {
    /// The line that names it.
    pub line: usize,
    /// The path below the crate's root: modules, then the item.
    pub path: Vec<String>,
    /// Is it named in a test?
    pub in_test: bool,
}

/// Everything of its own crate that `source` names by `crate`, `self` or `super`, its tests included.
pub(super) fn named(source: &Source) -> BTreeSet<Named> {
    let mut finder = Finder {
        module: source.module.clone(),
        in_test: source.is_test,
        found: BTreeSet::new(),
    };
    finder.visit_file(&source.syntax);
    finder.found
}

struct Finder {
    module: Vec<String>,
    in_test: bool,
    found: BTreeSet<Named>,
}

impl Finder {
    fn see(&mut self, line: usize, segments: &[String]) {
        if let Some(path) = from_root(&self.module, segments)
            && !path.is_empty()
        {
            self.found.insert(Named {
                line,
                path,
                in_test: self.in_test,
            });
        }
    }

    fn see_tokens(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.see_tokens(group.stream()),
                TokenTree::Ident(ident) if ident == "crate" || ident == "super" => {
                    let mut segments = Vec::new();
                    for token in &tokens[index..] {
                        match token {
                            TokenTree::Ident(ident) => segments.push(ident.to_string()),
                            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
                            _ => break,
                        }
                    }
                    self.see(ident.span().start().line, &segments);
                }
                _ => {}
            }
        }
    }
}

impl<'ast> Visit<'ast> for Finder {
    fn visit_item(&mut self, item: &'ast Item) {
        let outside = self.in_test;
        self.in_test |= is_test(item);
        match item {
            Item::Mod(inner) if inner.content.is_some() => {
                self.module.push(inner.ident.to_string());
                visit::visit_item(self, item);
                self.module.pop();
            }
            _ => visit::visit_item(self, item),
        }
        self.in_test = outside;
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        for path in use_paths(&item.tree) {
            self.see(item.use_token.span.start().line, &path);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path
            .segments
            .iter()
            .map(|segment| segment.ident.to_string())
            .collect();
        if let Some(first) = path.segments.first() {
            self.see(first.ident.span().start().line, &segments);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast syn::Macro) {
        self.see_tokens(item.tokens.clone());
    }

    // Links in the documentation are not dependencies.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

/// A path as the module `module` writes it, from the crate's root. `None` for other crates' paths.
pub(super) fn from_root(module: &[String], segments: &[String]) -> Option<Vec<String>> {
    let (mut base, mut rest) = match segments.split_first() {
        Some((first, rest)) if first == "crate" => (Vec::new(), rest),
        Some((first, rest)) if first == "self" => (module.to_vec(), rest),
        Some((first, _)) if first == "super" => (module.to_vec(), segments),
        _ => return None,
    };
    while let Some((first, after)) = rest.split_first()
        && first == "super"
    {
        base.pop();
        rest = after;
    }
    base.extend_from_slice(rest);
    Some(base)
}

/// Every path of a `use`; a glob is the path before its star.
pub(super) fn use_paths(tree: &UseTree) -> Vec<Vec<String>> {
    let mut paths = Vec::new();
    collect(tree, &mut Vec::new(), &mut paths);
    paths
}

fn collect(tree: &UseTree, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    let mut push = |name: String| match name.as_str() {
        // `use a::b::{self}` names `a::b`.
        "self" if !prefix.is_empty() => paths.push(prefix.clone()),
        _ => paths.push([prefix.as_slice(), &[name]].concat()),
    };
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            collect(&path.tree, prefix, paths);
            prefix.pop();
        }
        UseTree::Name(name) => push(name.ident.to_string()),
        UseTree::Rename(name) => push(name.ident.to_string()),
        UseTree::Glob(_) => paths.push(prefix.clone()),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, prefix, paths);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::sources::parse;
    use super::*;

    /// The paths in `text`, as the module `a::b` says them; those of tests are marked.
    fn found(text: &str) -> Vec<String> {
        let module = ["a", "b"].map(str::to_owned).to_vec();
        let source = parse(PathBuf::from("x.rs"), module, text).expect("it parses");
        let shown = named(&source).into_iter().map(|named| {
            let mark = if named.in_test { " (test)" } else { "" };
            format!("{} {}{mark}", named.line, named.path.join("::"))
        });
        shown.collect()
    }

    #[test]
    fn uses_are_found() {
        assert_eq!(
            found("use crate::{error::Error, json::{self, Value}};"),
            ["1 error::Error", "1 json", "1 json::Value"]
        );
        assert_eq!(found("use super::c;\nuse std::fmt;"), ["1 a::c"]);
        assert_eq!(found("use super::super::d::*;"), ["1 d"]);
        assert_eq!(
            found("mod inner { use super::super::c::D; }"),
            ["1 a::c::D"]
        );
    }

    #[test]
    fn paths_are_found_in_code_and_in_macros() {
        assert_eq!(found("fn a() { crate::c::d() }"), ["1 c::d"]);
        assert_eq!(
            found("fn a() { write!(f, \"{}\", super::c::d()) }"),
            ["1 a::c::d"]
        );
    }

    #[test]
    fn tests_are_marked_and_links_left_alone() {
        let text = "/// See [`a`](crate::verdict::Verdict).\nfn a() {}\n\
                    #[cfg(test)]\nmod tests { use crate::verdict::Verdict; }";
        assert_eq!(found(text), ["4 verdict::Verdict (test)"]);
    }
}
