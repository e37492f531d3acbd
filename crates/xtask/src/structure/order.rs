//! The order of a crate's modules: data passes from the first to the last, and no module names a later one.
//!
//! `lib.rs` states it, by the order of its `mod` items. rustfmt sorts these only between two blank lines, so
//! they stand in groups, and a comment above each group says what its modules are for.

use anyhow::{Context, Result};
use syn::Item;
use syn::spanned::Spanned;

use super::graph::{Edge, Graph};
use super::sources::{Source, is_test};

/// The modules of a crate's root, the lowest first.
#[derive(Debug)]
pub(super) struct Order {
    modules: Vec<Module>,
}

#[derive(Debug)]
struct Module {
    name: String,
    /// Only tests may name it, wherever it stands.
    for_tests: bool,
}

impl Order {
    /// The order that the root states, and what is wrong with how it states it.
    pub(super) fn read(sources: &[Source]) -> Result<(Self, Vec<String>)> {
        let root = sources
            .iter()
            .find(|source| source.module.is_empty())
            .context("a crate without a root")?;
        let mut modules = Vec::new();
        let mut violations = Vec::new();
        let mut last_line = None;
        for item in &root.syntax.items {
            let Item::Mod(module) = item else { continue };
            let span = item.span();
            let first_line = span.start().line;
            // What rustfmt keeps apart: a blank line, a comment or another item.
            let same_group = last_line.is_some_and(|last| last + 1 == first_line);
            let documented = module.attrs.iter().any(|a| a.path().is_ident("doc"));
            if !same_group && !documented && !comment_above(&root.text, first_line) {
                violations.push(format!(
                    "{}:{first_line}: the group of modules that begins with `{}` has no comment above it",
                    root.path.display(),
                    module.ident
                ));
            }
            last_line = Some(span.end().line);
            modules.push(Module {
                name: module.ident.to_string(),
                for_tests: is_test(item),
            });
        }
        Ok((Self { modules }, violations))
    }

    /// Every place where a module names a later one.
    pub(super) fn upward_edges(&self, sources: &[Source], edges: &[Edge]) -> Vec<String> {
        let mut violations = Vec::new();
        for edge in edges {
            let (source, target) = (&sources[edge.from], &sources[edge.to]);
            let (Some(own), Some(other)) = (source.module.first(), target.module.first()) else {
                continue;
            };
            let (Some(own), Some(other)) = (self.rank(own), self.rank(other)) else {
                continue;
            };
            let other_module = &self.modules[other];
            let allowed = other <= own || (other_module.for_tests && edge.named.in_test);
            if !allowed {
                violations.push(format!(
                    "{}:{}: `{}` names `{}`, which comes after it",
                    source.path.display(),
                    edge.named.line,
                    self.modules[own].name,
                    other_module.name
                ));
            }
        }
        violations.dedup();
        violations
    }

    fn rank(&self, module: &str) -> Option<usize> {
        self.modules.iter().position(|known| known.name == module)
    }
}

/// Every place that names something by way of the root, which itself needs all modules.
pub(super) fn by_way_of_the_root(
    sources: &[Source],
    graph: &Graph<'_>,
    edges: &[Edge],
) -> Vec<String> {
    let mut violations = Vec::new();
    for edge in edges {
        let source = &sources[edge.from];
        if !source.module.is_empty() && graph.is_from_root(&edge.named.path) {
            violations.push(format!(
                "{}:{}: `{}` is named by way of the crate's root: name its module, `{}`",
                source.path.display(),
                edge.named.line,
                edge.named.path.join("::"),
                sources[edge.to].module.join("::")
            ));
        }
    }
    violations
}

fn comment_above(text: &str, line: usize) -> bool {
    let above = line
        .checked_sub(2)
        .and_then(|index| text.lines().nth(index));
    above.is_some_and(|above| above.trim_start().starts_with("//"))
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::sources::parse;
    use super::*;

    const ROOT: &str = "// Values.\nmod error;\nmod json;\n\n// What comes in.\nmod bundle;\nmod keys;\n\n\
                        /// What goes out.\nmod verdict;\n#[cfg(test)]\nmod testing;\n\n\
                        pub use error::Error;\npub use verdict::{Outcome, Verdict};\n";

    fn source(path: &str, module: &[&str], text: &str) -> Source {
        let module = module.iter().map(|part| (*part).to_owned()).collect();
        parse(PathBuf::from(path), module, text).expect("it parses")
    }

    /// What is found in `text` as the module `module`, beside a root and its modules.
    fn found(module: &[&str], text: &str) -> Vec<String> {
        let mut sources = vec![source("lib.rs", &[], ROOT)];
        for name in ["error", "json", "bundle", "keys", "verdict", "testing"] {
            if module != [name] {
                sources.push(source(name, &[name], ""));
            }
        }
        sources.push(source("x.rs", module, text));
        let graph = Graph::new(&sources);
        let edges = graph.edges();
        let (order, wrong) = Order::read(&sources).expect("a root");
        assert!(wrong.is_empty(), "{wrong:?}");
        let mut violations = order.upward_edges(&sources, &edges);
        violations.extend(by_way_of_the_root(&sources, &graph, &edges));
        violations
    }

    #[test]
    fn a_module_may_name_those_before_it() {
        let text =
            "use crate::{error::Error, json::{Value, Fields}};\nfn a() -> crate::bundle::B { b() }";
        assert!(found(&["keys"], text).is_empty());
        assert!(
            found(
                &["bundle", "material"],
                "use super::{Content, super::json};"
            )
            .is_empty()
        );
    }

    #[test]
    fn an_upward_use_is_found() {
        assert_eq!(
            found(&["bundle"], "\nuse crate::{error::Error, keys::{Key}};"),
            ["x.rs:2: `bundle` names `keys`, which comes after it"]
        );
        assert_eq!(
            found(
                &["bundle", "material"],
                "fn a() { super::super::verdict::b() }"
            ),
            ["x.rs:1: `bundle` names `verdict`, which comes after it"]
        );
    }

    #[test]
    fn a_test_may_name_helpers_of_the_tests_and_nothing_else_above_it() {
        let test = |what: &str| format!("#[cfg(test)]\nmod tests {{ use crate::{what}; }}");
        assert!(found(&["json"], &test("testing::vectors")).is_empty());
        assert_eq!(
            found(&["json"], &test("verdict::Verdict")),
            ["x.rs:2: `json` names `verdict`, which comes after it"]
        );
        assert_eq!(
            found(&["json"], "use crate::testing::vectors;"),
            ["x.rs:1: `json` names `testing`, which comes after it"]
        );
    }

    #[test]
    fn what_the_root_hands_on_is_named_by_its_module() {
        assert_eq!(
            found(&["keys"], "fn a(_: crate::Error) {}"),
            ["x.rs:1: `Error` is named by way of the crate's root: name its module, `error`"]
        );
    }

    #[test]
    fn a_group_says_what_it_is() {
        let sources = [source(
            "lib.rs",
            &[],
            "mod a;\nmod b;\n\nmod c;\n\n// Good.\nmod d;\n",
        )];
        let (_, wrong) = Order::read(&sources).expect("a root");
        assert_eq!(
            wrong,
            [
                "lib.rs:1: the group of modules that begins with `a` has no comment above it",
                "lib.rs:4: the group of modules that begins with `c` has no comment above it",
            ]
        );
    }
}
