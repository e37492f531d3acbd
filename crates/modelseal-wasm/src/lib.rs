//! modelseal for JavaScript.
