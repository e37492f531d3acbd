//! The core's modules, which data passes from the bottom of this list to its top.

use std::collections::{BTreeSet, HashMap};

use proc_macro2::{TokenStream, TokenTree};
use syn::visit::{self, Visit};
use syn::{Item, ItemUse, UseTree};

use super::sources::{Source, is_test};

/// The lowest first: a module may name those before it.
const ORDER: [&str; 25] = [
    "time",
    "limits",
    "error",
    "clock",
    "json",
    "pem",
    "keys",
    "bundle",
    "content",
    "x509",
    "trust",
    "timestamp",
    "tlog",
    "evidence",
    "signer",
    "policy",
    "envelope",
    "statement",
    "attestation",
    "artifact",
    "manifest",
    "audit",
    "verdict",
    "describe",
    // Helpers of the tests.
    "testing",
];

/// Every place in the core where a module names one above itself.
pub fn upward_edges(sources: &[Source]) -> Vec<String> {
    let exported = exports(sources);
    let mut violations = Vec::new();
    for source in sources {
        let Some(own) = source.module.first() else {
            continue;
        };
        let Some(rank) = rank(own) else {
            violations.push(format!(
                "{}: the module `{own}` has no place in the order of crates/xtask/src/structure/modules.rs",
                source.path.display()
            ));
            continue;
        };
        let mut finder = Finder {
            module: source.module.clone(),
            found: BTreeSet::new(),
        };
        finder.visit_file(&source.syntax);
        for (line, name) in finder.found {
            // `crate::Error` is the module `error`, by way of the root.
            let target = exported.get(&name).unwrap_or(&name);
            let upward = self::rank(target).is_none_or(|target| target > rank);
            if target != own && upward {
                violations.push(format!(
                    "{}:{line}: `{own}` names `{target}`, which is above it",
                    source.path.display()
                ));
            }
        }
    }
    violations
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|name| *name == module)
}

/// What the root exports, and the module each name comes from.
fn exports(sources: &[Source]) -> HashMap<String, String> {
    let root = sources.iter().filter(|source| source.module.is_empty());
    let mut exported = HashMap::new();
    for item in root.flat_map(|source| &source.syntax.items) {
        let Item::Use(item) = item else { continue };
        let mut paths = Vec::new();
        use_paths(&item.tree, &mut Vec::new(), &mut paths);
        for path in paths {
            if let [module, .., name] = path.as_slice() {
                exported.insert(name.clone(), module.clone());
            }
        }
    }
    exported
}

/// Collects the modules under the root that a file names, with the line.
struct Finder {
    module: Vec<String>,
    found: BTreeSet<(usize, String)>,
}

impl Finder {
    fn see(&mut self, line: usize, segments: &[String]) {
        let (mut base, mut rest) = match segments.split_first() {
            Some((first, rest)) if first == "crate" => (Vec::new(), rest),
            Some((first, rest)) if first == "self" => (self.module.clone(), rest),
            Some((first, _)) if first == "super" => (self.module.clone(), segments),
            _ => return,
        };
        while let Some((first, after)) = rest.split_first()
            && first == "super"
        {
            base.pop();
            rest = after;
        }
        base.extend_from_slice(rest);
        if let Some(name) = base.first() {
            self.found.insert((line, name.clone()));
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
        if is_test(item) {
            return;
        }
        match item {
            Item::Mod(inner) if inner.content.is_some() => {
                self.module.push(inner.ident.to_string());
                visit::visit_item(self, item);
                self.module.pop();
            }
            _ => visit::visit_item(self, item),
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let mut paths = Vec::new();
        use_paths(&item.tree, &mut Vec::new(), &mut paths);
        for path in paths {
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

    // Links in documentation bind nothing.
    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}
}

fn use_paths(tree: &UseTree, prefix: &mut Vec<String>, paths: &mut Vec<Vec<String>>) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(path.ident.to_string());
            use_paths(&path.tree, prefix, paths);
            prefix.pop();
        }
        UseTree::Name(name) => paths.push([prefix.as_slice(), &[name.ident.to_string()]].concat()),
        UseTree::Rename(name) => {
            paths.push([prefix.as_slice(), &[name.ident.to_string()]].concat())
        }
        UseTree::Glob(_) => paths.push(prefix.clone()),
        UseTree::Group(group) => {
            for tree in &group.items {
                use_paths(tree, prefix, paths);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::sources::parse;
    use super::*;

    /// What is found in `text` as the module `module`, beside a root that exports `Verdict` and `Error`.
    fn found(module: &[&str], text: &str) -> Vec<String> {
        let module = module.iter().map(|part| (*part).to_owned()).collect();
        let root = "pub use error::Error;\npub use verdict::{Outcome, Verdict};";
        upward_edges(&[
            parse(PathBuf::from("lib.rs"), Vec::new(), root).expect("it parses"),
            parse(PathBuf::from("x.rs"), module, text).expect("it parses"),
        ])
    }

    #[test]
    fn a_module_may_name_those_below_it() {
        let text = "use crate::{Error, json::{Value, Fields}};\nfn a() -> crate::limits::Limits { todo() }";
        assert!(found(&["bundle"], text).is_empty());
        assert!(
            found(
                &["manifest", "shard"],
                "use super::{Content, path};\nuse crate::statement::S;"
            )
            .is_empty()
        );
    }

    #[test]
    fn an_upward_use_is_found() {
        assert_eq!(
            found(
                &["bundle"],
                "\nuse crate::{error::Error, envelope::{Envelope}};"
            ),
            ["x.rs:2: `bundle` names `envelope`, which is above it"]
        );
    }

    #[test]
    fn an_upward_path_is_found() {
        assert_eq!(
            found(&["json"], "fn a() { crate::manifest::path::check() }"),
            ["x.rs:1: `json` names `manifest`, which is above it"]
        );
    }

    #[test]
    fn an_upward_edge_by_way_of_the_root_is_found() {
        assert_eq!(
            found(&["audit"], "fn a(_: crate::Verdict) {}"),
            ["x.rs:1: `audit` names `verdict`, which is above it"]
        );
    }

    #[test]
    fn an_upward_edge_by_way_of_super_is_found() {
        assert_eq!(
            found(&["keys"], "use super::x509::Anchors;"),
            ["x.rs:1: `keys` names `x509`, which is above it"]
        );
        assert_eq!(
            found(&["keys", "rsa"], "fn a() { super::super::audit::b() }"),
            ["x.rs:1: `keys` names `audit`, which is above it"]
        );
        assert_eq!(
            found(&["keys"], "mod inner { use super::super::audit::B; }"),
            ["x.rs:1: `keys` names `audit`, which is above it"]
        );
    }

    #[test]
    fn an_upward_edge_in_a_macro_is_found() {
        assert_eq!(
            found(&["time"], "fn a() { write!(f, \"{}\", crate::error::b()) }"),
            ["x.rs:1: `time` names `error`, which is above it"]
        );
    }

    #[test]
    fn tests_and_links_bind_nothing() {
        let text = "/// See [`a`](crate::verdict::Verdict).\nfn a() {}\n\
                    #[cfg(test)]\nmod tests { use crate::verdict::Verdict; }";
        assert!(found(&["json"], text).is_empty());
    }

    #[test]
    fn a_module_without_a_place_is_found() {
        assert_eq!(
            found(&["helpers"], ""),
            [
                "x.rs: the module `helpers` has no place in the order of crates/xtask/src/structure/modules.rs"
            ]
        );
    }
}
