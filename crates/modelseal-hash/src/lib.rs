//! Streaming digests.
