//! What is not covered: what is git's, what the signer recorded, and the signature's own file.

use alloc::string::String;

use super::EntryKind;
use crate::manifest::path;

/// Why the signature skips a path.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd, serde::Serialize)]
#[non_exhaustive]
#[serde(rename_all = "kebab-case")]
pub enum IgnoreBasis {
    /// The signer recorded it in `ignore_paths`.
    Recorded,
    /// It belongs to git.
    GitDefault,
    /// It is the signature's own file.
    SignatureFile,
}

/// What is git's at the top level of every model, and not signed, recorded or not (OMS 1.0 section
/// 6.2).
const GIT: [Git; 4] = [
    Git {
        name: ".git",
        // A submodule or a worktree has a file that names the folder.
        is_file: true,
        is_folder: true,
    },
    Git {
        name: ".gitattributes",
        is_file: true,
        is_folder: false,
    },
    Git {
        name: ".github",
        is_file: false,
        is_folder: true,
    },
    Git {
        name: ".gitignore",
        is_file: true,
        is_folder: false,
    },
];

/// A name that git uses, and what it is to git. Anything else of that name is not git's: a folder
/// `.gitignore` could hold anything.
struct Git {
    name: &'static str,
    is_file: bool,
    is_folder: bool,
}

impl Git {
    fn owns(&self, path: &str, kind: EntryKind) -> bool {
        match kind {
            // What lies below is in a folder.
            _ if path != self.name => self.is_folder,
            EntryKind::Directory => self.is_folder,
            EntryKind::File | EntryKind::FollowedLink => self.is_file,
            EntryKind::NotUtf8 | EntryKind::Special | EntryKind::Symlink => false,
        }
    }
}

/// The rule under which the signature skips `path`, if there is one.
///
/// Asked only of paths that the manifest does not list: what is listed is always hashed.
pub(super) fn ignore_rule<'r>(
    path: &str,
    kind: EntryKind,
    recorded: &'r [String],
    signature_path: Option<&'r str>,
) -> Option<(&'r str, IgnoreBasis)> {
    if let Some(own) = signature_path.filter(|own| *own == path) {
        return Some((own, IgnoreBasis::SignatureFile));
    }
    let git = GIT.iter().find(|git| path::is_at_or_below(path, git.name));
    if let Some(git) = git.filter(|git| git.owns(path, kind)) {
        return Some((git.name, IgnoreBasis::GitDefault));
    }
    // Signers record git's names on top: that makes nothing else of that name theirs.
    let mut rules = find_above(path, recorded);
    let rule = rules.find(|rule| git.is_none_or(|git| *rule != git.name))?;
    Some((rule, IgnoreBasis::Recorded))
}

/// Those of the `sorted` paths that `path` is, or lies below; the shortest first.
///
/// Looks each folder above `path` up, so that many rules and many files stay affordable.
pub(super) fn find_above<'r>(path: &str, sorted: &'r [String]) -> impl Iterator<Item = &'r str> {
    let ends = path
        .match_indices('/')
        .map(|(end, _)| end)
        .chain([path.len()]);
    ends.filter_map(|end| path.get(..end)).filter_map(|above| {
        let at = sorted
            .binary_search_by(|rule| rule.as_str().cmp(above))
            .ok()?;
        sorted.get(at).map(String::as_str)
    })
}
