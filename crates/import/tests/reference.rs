//! Data that none of us wrote, read by the built-in mappings: every fact counted beforehand with another tool.
//!
//! The data lives outside the project (`LOCKSTEP_DATA`); where it is absent these tests say so and pass. The shapes
//! that no file at hand has are written in the tests themselves.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so")]
#![allow(clippy::inconsistent_digit_grouping, reason = "the last two digits are cents")]

extern crate lockstep_import as import;

#[path = "reference/ads.rs"]
mod ads;
#[path = "reference/connectors.rs"]
mod connectors;
#[path = "reference/education.rs"]
mod education;
#[path = "reference/hubspot.rs"]
mod hubspot;
#[path = "reference/loan_events.rs"]
mod loan_events;
#[path = "reference/mappings.rs"]
mod mappings;
#[path = "reference/maven.rs"]
mod maven;
#[path = "reference/memory.rs"]
mod memory;
#[path = "reference/olist.rs"]
mod olist;
#[path = "reference/playbook.rs"]
mod playbook;
#[path = "reference/salesforce.rs"]
mod salesforce;
#[path = "reference/suggested.rs"]
mod suggested;
