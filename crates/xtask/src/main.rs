//! Set-up, build and test commands.
fn main() {}
