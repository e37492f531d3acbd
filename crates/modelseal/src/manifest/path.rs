//! Paths of a model: relative, canonical, in UTF-8, with `/` between components.

use crate::error::Error;

/// Checks the path of resource `index` (OMS 1.0 section 6.1: names are canonical).
///
/// What a path means on the host's file system is the host's check.
pub(crate) fn check(path: &str, index: usize) -> Result<(), Error> {
    if path.is_empty() {
        return Err(Error::PathEmpty { index });
    }
    if path.starts_with('/') {
        return Err(Error::PathAbsolute { index });
    }
    if path.contains('\0') {
        return Err(Error::PathNul { index });
    }
    for component in path.split('/') {
        match component {
            "" => return Err(Error::PathComponentEmpty { index }),
            "." | ".." => return Err(Error::PathComponentDot { index }),
            _ => {}
        }
    }
    Ok(())
}

/// Whether `path` is `root` or lies below it.
pub(crate) fn is_at_or_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
