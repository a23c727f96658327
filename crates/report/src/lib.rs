//! The one serialisable value that rooms fill and faces draw.
//!
//! Here: [`Report`], its sections, findings, figures with their interval, tables, charts, refusals, caveats and
//! evidence. Not here: formatting (faces), arithmetic (stats, analyses). Invariant: every figure says its unit, its n,
//! whether it was counted or estimated and how surely, by what method, for which period, and where its rows are.
//! The JSON schema is versioned by [`SCHEMA`]; a new kind of figure or chart is a variant, and every face stops
//! compiling until it can draw it.

mod chart;
mod evidence;
mod figure;
mod section;

pub use chart::{Band, BandPoint, Chart, Dot, DotWhisker, Step, Waterfall};
pub use evidence::{Evidence, Grain, Predicate};
pub use figure::{Certainty, Figure, Interval, Owner, Unit, Value};
pub use section::{Cell, Finding, NotKnown, Provenance, Refusal, Report, SCHEMA, Section, Table, TableRow};
