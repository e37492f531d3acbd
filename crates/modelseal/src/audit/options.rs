//! What the caller asks of an audit, and what the host can see.

use alloc::{string::String, vec::Vec};

/// What the caller asks of an audit, and what the host can see. To change something, start from the
/// default:
///
/// ```
/// let mut options = modelseal::AuditOptions::default();
/// options.ignore_paths.push("notes".into());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AuditOptions {
    /// Paths relative to the model that the caller skips, with everything below them.
    /// What the manifest lists is checked all the same.
    pub ignore_paths: Vec<String>,
    /// Whether the caller allows files that the signature does not cover.
    pub ignore_unsigned: bool,
    /// Whether the caller allows symlinks. The signer must have allowed them too.
    pub allow_symlinks: bool,
    /// Whether the caller accepts files whose check was resumed from a saved state, so that their
    /// first bytes were not hashed again. They are listed in any case.
    pub accept_resumed: bool,
    /// Whether the host announces the whole model.
    pub complete: bool,
    /// Whether the host can tell a symlink from a file. A browser cannot.
    pub symlinks_observable: bool,
    /// Where the links lead that the host announces as [`EntryKind::FollowedLink`](crate::EntryKind::FollowedLink). Without it there
    /// are none.
    pub link_targets: Option<LinkTargets>,
    /// The path of the signature's own file, where it lies inside the model.
    pub signature_path: Option<String>,
    /// The name of the file, where the model is a single file and no folder.
    pub single_file: Option<String>,
}

impl Default for AuditOptions {
    /// A whole folder, as strictly as it goes.
    fn default() -> Self {
        Self {
            ignore_paths: Vec::new(),
            ignore_unsigned: false,
            allow_symlinks: false,
            accept_resumed: false,
            complete: true,
            symlinks_observable: true,
            link_targets: None,
            signature_path: None,
            single_file: None,
        }
    }
}

/// Where followed links lead.
#[derive(Clone, Copy, Debug, Eq, PartialEq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LinkTargets {
    /// A folder that the caller chose.
    Folder,
    /// The `blobs` of the cache of Hugging Face's tools, in which the model lies.
    HuggingFaceCache,
}
