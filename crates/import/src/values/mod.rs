//! Text of one cell -> a value: dates, numbers, money, flags, mails, phones, domains.
//!
//! Pure functions: the same text and rule give the same value. Not here: which column holds what.
//! Invariant: nothing is guessed. What has two readings is said to have two.

mod agent;
mod contact;
mod cursor;
mod date;
mod flag;
mod money;
mod number;
mod shape;
mod zone;

pub use agent::known_machine;
pub use contact::{mail, mail_domain, phone, web_domain};
pub use date::{DateFault, DateOrder, DateRule, parse_date};
pub(crate) use date::{Hint, order_evidence, resolve};
pub use flag::parse_flag;
pub use money::{AmountFault, parse_money};
pub(crate) use money::{amount_evidence, is_currency};
pub(crate) use number::Evidence;
pub use number::{Decimal, Number, NumberFault, parse_number};
pub(crate) use shape::read_shape;
pub use zone::Zone;
