//! Which file of a crate needs which other one.

use std::collections::{BTreeMap, HashMap};

use syn::Item;

use super::paths::{self, Named};
use super::sources::Source;

/// One file that names something which another file defines.
#[derive(Clone, Debug)]
pub(super) struct Edge {
    /// Its place among the sources.
    pub from: usize,
    /// The place of the file that defines what is named.
    pub to: usize,
    /// The path as it is written, and where.
    pub named: Named,
}

/// The files of one crate, and what each hands on.
pub(super) struct Graph<'sources> {
    sources: &'sources [Source],
    /// A module's path, and its file.
    files: HashMap<&'sources [String], usize>,
    /// What a module takes from elsewhere, and where it is: others may name it there.
    imports: HashMap<(usize, String), Vec<String>>,
}

impl<'sources> Graph<'sources> {
    /// Of all sources of a crate.
    pub(super) fn new(sources: &'sources [Source]) -> Self {
        let files = sources
            .iter()
            .enumerate()
            .map(|(index, source)| (source.module.as_slice(), index))
            .collect();
        let mut graph = Self {
            sources,
            files,
            imports: HashMap::new(),
        };
        for (index, source) in sources.iter().enumerate() {
            for item in &source.syntax.items {
                let Item::Use(item) = item else { continue };
                for path in paths::use_paths(&item.tree) {
                    let full = graph.full_path(source, &path);
                    if let (Some(full), Some(name)) = (full, path.last()) {
                        graph.imports.insert((index, name.clone()), full);
                    }
                }
            }
        }
        graph
    }

    /// Every edge between two files, in the order of the sources.
    pub(super) fn edges(&self) -> Vec<Edge> {
        let mut edges = Vec::new();
        for (from, source) in self.sources.iter().enumerate() {
            for named in paths::named(source) {
                if let Some(to) = self.definition(&named.path)
                    && to != from
                {
                    edges.push(Edge { from, to, named });
                }
            }
        }
        edges
    }

    /// Does the root hand on what this path names, rather than define it?
    pub(super) fn is_from_root(&self, path: &[String]) -> bool {
        let [name] = path else { return false };
        let root = self.files.get(&[] as &[String]);
        root.is_some_and(|root| self.imports.contains_key(&(*root, name.clone())))
    }

    /// Files that need one another, each group once. A module and those inside it are one thing.
    pub(super) fn circles(&self, edges: &[Edge]) -> Vec<Vec<usize>> {
        let mut next: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for edge in edges {
            let (from, to) = (&self.sources[edge.from], &self.sources[edge.to]);
            if !from.module.starts_with(&to.module) && !to.module.starts_with(&from.module) {
                next.entry(edge.from).or_default().push(edge.to);
            }
        }
        circles(&next)
    }

    /// The file that defines what a path names, by way of all that hands it on.
    fn definition(&self, path: &[String]) -> Option<usize> {
        let mut path = path.to_vec();
        // Two modules may hand on one another's names: no more steps than there are files.
        for _ in 0..=self.sources.len() {
            let (file, rest) = self.longest(&path)?;
            let Some((name, after)) = rest.split_first() else {
                return Some(file);
            };
            match self.imports.get(&(file, name.clone())) {
                Some(full) if !path.starts_with(full) => path = [full.as_slice(), after].concat(),
                _ => return Some(file),
            }
        }
        None
    }

    /// The innermost module of a path that has a file, and what comes after it.
    fn longest<'path>(&self, path: &'path [String]) -> Option<(usize, &'path [String])> {
        (0..=path.len()).rev().find_map(|length| {
            let (module, rest) = path.split_at(length);
            Some((*self.files.get(module)?, rest))
        })
    }

    /// A `use` path from the root. Where it begins with a name, that may be a module inside this one.
    fn full_path(&self, source: &Source, path: &[String]) -> Option<Vec<String>> {
        paths::from_root(&source.module, path).or_else(|| {
            let inner = [source.module.as_slice(), &path[..1]].concat();
            let known = self.files.contains_key(inner.as_slice());
            known.then(|| [source.module.as_slice(), path].concat())
        })
    }
}

/// The groups of nodes each of which reaches all others of its group (Tarjan), if there is more than one.
pub(super) fn circles(next: &BTreeMap<usize, Vec<usize>>) -> Vec<Vec<usize>> {
    let mut search = Search {
        next,
        numbers: HashMap::new(),
        stack: Vec::new(),
        found: Vec::new(),
    };
    for node in next.keys() {
        if !search.numbers.contains_key(node) {
            search.visit(*node);
        }
    }
    search.found.sort();
    search.found
}

struct Search<'next> {
    next: &'next BTreeMap<usize, Vec<usize>>,
    /// When a node was first seen; `None` once its group is known.
    numbers: HashMap<usize, Option<usize>>,
    stack: Vec<usize>,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    /// The earliest node on the stack that `node` reaches.
    fn visit(&mut self, node: usize) -> usize {
        let number = self.numbers.len();
        self.numbers.insert(node, Some(number));
        self.stack.push(node);
        let mut earliest = number;
        for next in self.next.get(&node).into_iter().flatten() {
            let reached = match self.numbers.get(next) {
                None => self.visit(*next),
                Some(Some(number)) => *number,
                Some(None) => continue,
            };
            earliest = earliest.min(reached);
        }
        if earliest == number {
            let start = self.stack.iter().rposition(|other| *other == node);
            let mut group = self.stack.split_off(start.unwrap_or_default());
            for member in &group {
                self.numbers.insert(*member, None);
            }
            if group.len() > 1 {
                group.sort_unstable();
                self.found.push(group);
            }
        }
        earliest
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::sources::parse;
    use super::*;

    fn sources(files: &[(&str, &str)]) -> Vec<Source> {
        files
            .iter()
            .map(|(module, text)| {
                let module: Vec<String> = module
                    .split("::")
                    .filter(|part| !part.is_empty())
                    .map(str::to_owned)
                    .collect();
                parse(PathBuf::from(module.join("/")), module, text).expect("it parses")
            })
            .collect()
    }

    /// The circles among files, by name.
    fn found(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        let sources = sources(files);
        let graph = Graph::new(&sources);
        let circles = graph.circles(&graph.edges());
        circles
            .into_iter()
            .map(|circle| {
                let names = circle
                    .into_iter()
                    .map(|file| sources[file].module.join("::"));
                names.collect()
            })
            .collect()
    }

    #[test]
    fn files_that_need_one_another_are_found() {
        assert_eq!(
            found(&[
                ("a", "use crate::b::B;"),
                ("b", "use super::c::C;"),
                ("c", "fn c() { crate::a::d() }"),
                ("d", "use crate::a::A;"),
            ]),
            [["a", "b", "c"]]
        );
    }

    #[test]
    fn a_circle_by_way_of_a_parent_is_found() {
        assert_eq!(
            found(&[
                ("x", "mod a; mod b; pub use a::A; use b::B;"),
                ("x::a", "use super::B;"),
                ("x::b", "use super::{A, Other};"),
            ]),
            [["x::a", "x::b"]]
        );
    }

    #[test]
    fn a_parent_and_its_child_are_none() {
        let files = [
            ("x", "mod a; use a::A; fn f() {} pub struct B;"),
            ("x::a", "use super::{B, f};"),
        ];
        assert!(found(&files).is_empty());
    }

    #[test]
    fn tests_count_like_code() {
        assert_eq!(
            found(&[
                ("a", "#[cfg(test)] mod tests { use crate::b::B; }"),
                ("b", "use crate::a::A;"),
            ]),
            [["a", "b"]]
        );
    }

    #[test]
    fn names_that_lead_in_a_ring_end() {
        let files = [("a", "pub use crate::b::X;"), ("b", "pub use crate::a::X;")];
        assert_eq!(found(&files).len(), 0);
    }
}
