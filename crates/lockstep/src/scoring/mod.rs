//! What a score looks at, read from the ledger: what is known of a lead, and what it did; and the stages that rules over it
//! define.
//!
//! Not here: what the rules come to (`agreement::score`), and how well they tell leads apart (`analyses::points`).
//! Invariant: columns that sales writes are never handed out.

mod all;
mod asked;
mod columns;
mod filled;
mod junk;
mod machines;
mod one;
mod places;
mod records;
mod scored;
mod stages;
mod touches;
mod values;

pub use all::{Leads, UNDATED, leads, leads_of};
pub use columns::columns;
pub use filled::complete;
pub use junk::rules as junk;
pub use one::{One, one, subjects};
pub use scored::{patterns, qualified, scored};
pub use stages::entered;
pub use values::{Campaigns, Lead, Touch};
