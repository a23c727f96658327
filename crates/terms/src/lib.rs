//! The words both teams agree on, as values.
//!
//! Here: keys, days, instants, periods, money, stages, teams. Not here: anything that reads a file or a clock,
//! and any sentence. Invariant: every value is plain data, ordered and hashable, and means the same on every machine.

mod key;
mod money;
mod period;
mod stage;
mod team;
mod time;

pub use key::{Entity, Key};
pub use money::{Currency, Money};
pub use period::{FiscalYear, Period, PeriodUnit};
pub use stage::Stage;
pub use team::Team;
pub use time::{Day, Instant, MINUTE_MS, When};
