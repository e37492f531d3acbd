//! Verdicts and claims as pages for people.
//!
//! Every page is held to `tests/cli-output`, which the npm command prints byte for byte. All strings
//! pass through [`modelseal::escape_text`] in one place, [`page`].

mod page;

mod signature;

mod verdict;

mod artifact;

mod claims;

mod roots;

pub use artifact::show as artifact;
pub use claims::{SECOND_READER, SecondReader, show as claims};
pub use roots::{show as roots, validity};
pub use verdict::show as verdict;
