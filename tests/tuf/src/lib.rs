//! A client and a mirror, without a network between them.

mod cases;
pub mod published;
mod world;

pub use cases::{Case, cases};
pub use world::{NOW, Run, World, code};
