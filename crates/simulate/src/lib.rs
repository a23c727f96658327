//! Invented companies whose truth is written down.
//!
//! [`write()`] writes a company's files as real tools export them (a CRM, a marketing tool, three ad
//! platforms, a plan), so that the demo and the recovery tests go through the real importer, and
//! `truth.json` with what was planted and how large its effect is expected to be.
//!
//! Deliberately not here: reading the files back, and any judgement of them. The invariant: the
//! same company, leads, seed and knobs give the same bytes on any machine.

mod ads;
mod chance;
mod company;
mod error;
mod hubspot;
mod journey;
mod messy;
mod plan;
mod salesforce;
mod sheet;
mod targets;
mod time;
mod trade;
mod truth;
mod write;

pub use company::Company;
pub use error::Error;
pub use plan::Plan;
pub use truth::{Calendar, Cell, Fault, Gaming, Period, Planted, Rates, Realised, Rep, Share, Speed, Truth};
pub use write::write;
