//! Verdicts and claims as text for people.
//!
//! The text is made from the JSON that programs get: the two cannot say different things. Every
//! text that a bundle or a file system brought passes through [`crate::escape::text`].

mod claims;
mod page;
mod verdict;

use serde::Deserialize;

use page::Page;

pub use claims::show as claims;
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
        format!("{}, certificate sha256:{}", self.subject, self.sha256)
    }
}
