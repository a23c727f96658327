//! From the ledger to facts: entries become records and events, events are routed to their journeys, journeys are folded.
//!
//! Here: reading columns ([`read`]), numbering texts ([`texts`]), what is joined by key ([`reference`]), records
//! ([`records`]) and what is kept of them for the next time ([`kept`]), who is whom ([`linking`], [`prepare`]), what happened ([`happenings`]), what signed rules say of stages ([`entered`]), routing and folding ([`route`]), the rows ([`rows`]), spend
//! and accounts ([`series`]), and the driver ([`build`]). Not here: the rules of the fold (journey) and of linking
//! (identity). Invariant: facts do not depend on the order of import beyond what "recorded later" means, nor on threads.

mod build;
mod currency;
mod entered;
mod gather;
mod happenings;
mod kept;
mod linking;
mod money;
mod owners;
mod prepare;
pub(crate) mod read;
mod recode;
mod records;
mod reference;
mod route;
mod rows;
mod series;
pub(crate) mod texts;
mod update;

pub use build::{Options, Progress, Stage, build, build_within, folder_of, open_or_build, standing};
pub use entered::{Entered, entered_of};
pub use gather::{Gathered, gather};
