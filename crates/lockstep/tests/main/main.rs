//! The whole program as its users run it: exports in, verdicts out, exit codes and bytes looked at from outside.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests fail by them

mod acts;
mod agreement;
mod batches;
mod books;
mod claims;
mod demo;
mod evidence;
mod exports;
mod hubspot;
mod links;
mod lot;
mod messy;
mod neutral;
mod page;
mod pages;
mod past;
mod preview;
mod program;
mod readonly;
mod recovery;
mod reference;
mod refused;
mod rejects;
mod score;
mod scorecard;
mod stages;
mod tamper;
mod turns;
