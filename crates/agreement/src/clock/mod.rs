//! Clocks in working hours: when something is due, and how much working time has passed.
//!
//! A [`Calendar`] says when an office works, by its own wall clock; [`Hours`] are its working spans as instants; a
//! [`Run`] is one clock that may pass from one calendar to another (a lead is reassigned) and stand still (a pause).
//!
//! Not here: what starts and stops a clock, whose it is, and the time now. Invariant: a deadline and the time elapsed
//! agree: `elapsed(deadline(t)) == t`, and before that instant less has elapsed. The zone rules are those compiled in, so
//! every machine agrees.

mod calendar;
mod hours;
mod run;

pub use calendar::{Calendar, CalendarError, Shift};
pub use hours::Hours;
pub use run::Run;
