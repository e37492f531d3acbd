//! What the native test files share.
