//! Who sells what to whom, and how often it works: the constants of the invented world.

mod campaign;
mod effort;
mod gate;
mod person;
mod price;
mod segment;
mod source;
mod staff;
mod when;
mod world;

pub use campaign::{CAMPAIGNS, Network, of_source};
pub use effort::{Effort, MOST_TRIES};
pub use gate::Gate;
pub use person::{Employer, Person};
pub use price::{DISCOUNT, list_mean, list_price};
pub use segment::{INDUSTRIES, Segment};
pub use source::{SHIFTED, Source};
pub(crate) use staff::zone;
pub use staff::{AE_SEATS, AUTOMATION, SDRS, User, staff};
pub use when::{DAY_OFF, HOUR, TO_MQL};
pub use world::{Slump, World};
