//! What becomes of a lead, from the first sight of it to the last, without regard to what the exports may know.
//!
//! Draws only; writes nothing. Journeys run past the end of the data; the writers cut them there.

mod cycle;
mod deal;
mod followup;
mod lead;
mod stream;

pub use cycle::{Cycle, ExitKind, Traits};
pub use deal::{Deal, STEPS};
pub use followup::{Followup, Outcome};
pub use lead::{Journey, Lead};
pub use stream::{Days, Leads, direct_deals};
