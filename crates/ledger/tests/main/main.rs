//! What the ledger promises, tried from outside: one binary, so that the heavy crates are linked once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // all of this crate is tests

extern crate lockstep_ledger as ledger;

mod batches;
mod company;
mod concurrency;
mod crash;
mod index;
mod old_formats;
mod parquet_of_others;
mod reading;
mod round_trip;
mod tamper;
mod withdrawal;
