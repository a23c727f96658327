//! The engine as others use it: files in, entries, rejects and counts out.

#![allow(clippy::unwrap_used, clippy::panic)] // tests fail by them, also outside of `#[test]` functions

#[path = "engine/archives.rs"]
mod archives;
#[path = "engine/corpora.rs"]
mod corpora;
#[path = "engine/dialects.rs"]
mod dialects;
#[path = "engine/fixtures.rs"]
mod fixtures;
#[path = "engine/hostile.rs"]
mod hostile;
#[path = "engine/mappings.rs"]
mod mappings;
#[path = "engine/rows.rs"]
mod rows;
#[path = "engine/taking.rs"]
mod taking;
