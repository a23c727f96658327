//! Moments, days, quarters, zones and working hours of the invented world.
//!
//! Everything is integer seconds and days, so no machine disagrees. No clock is read: the world
//! begins on 2024-10-01 and nothing happens after [`THROUGH`].

mod day;
mod hours;
mod moment;
mod quarter;
mod zone;

pub use day::Day;
pub use hours::{HOLIDAYS, add_working, at_work, working_between};
pub use moment::{Moment, THROUGH};
pub use quarter::{CURRENT, FIRST_DAY, PLANTED, QUARTERS, Quarter};
pub use zone::Zone;
