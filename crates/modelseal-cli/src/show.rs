//! Verdicts and claims as text for people.
//!
//! The text is made from the JSON that programs get: the two cannot say different things. Every
//! text that a bundle or a file system brought passes through [`crate::escape::text`].

mod artifact;
mod claims;
mod page;
mod roots;
mod signature;
mod verdict;

use serde::Deserialize;

use page::Page;

pub use artifact::show as artifact;
pub use claims::show as claims;
pub use roots::show as roots;
pub use verdict::show as verdict;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Model {
    name: Option<String>,
    root_digest: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Certificate {
    subject: String,
    not_before: String,
    not_after: String,
    sha256: String,
}

impl Model {
    fn show(&self, page: &mut Page) {
        if let Some(name) = &self.name {
            page.row("model", name);
        }
        if let Some(digest) = &self.root_digest {
            page.row("root digest", digest);
        }
    }
}

impl Certificate {
    fn describe(&self) -> String {
        // The leaf of a keyless signature has no subject.
        let comma = if self.subject.is_empty() { "" } else { ", " };
        format!("{}{comma}certificate sha256:{}", self.subject, self.sha256)
    }
}
