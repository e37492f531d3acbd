//! Makes the signed fixtures of the tests.
fn main() {}
