//! The command `modelseal`.
fn main() {}
