//! Facts beside their oracles.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests")]

mod build;
mod company;
mod random;
mod said;
mod scan;
mod store;
mod updates;
