//! Which versions are judged over which time, and what is counted for each.
//!
//! Invariant: the specs of a plan come in the order in which they are read.

use tallies::Spec;
use terms::Instant;

use super::clauses::{self, Row};
use super::waits::{self, Wait};
use crate::question::InForce;
use crate::{Lay, Question};

/// One version, and the part of the period in which it held.
pub struct Plan<'a> {
    pub force: &'a InForce,
    /// First and last minute that are judged by it.
    pub window: (i64, i64),
    pub rows: Vec<Row<'a>>,
    pub waits: Vec<Wait>,
}

impl Plan<'_> {
    /// Everything that is counted for it.
    pub fn specs(&self) -> Vec<Spec> {
        let rows = self.rows.iter().flat_map(|row| row.specs.iter());
        rows.chain(self.waits.iter().flat_map(|wait| wait.specs.iter())).cloned().collect()
    }

    /// The start of the ids of its figures.
    pub fn id(&self) -> String {
        format!("scorecard.v{}", self.force.number)
    }
}

/// The versions that held in some part of the period, in order.
pub fn plans<'a>(question: &'a Question, lay: &Lay) -> Vec<Plan<'a>> {
    let minute = |at: Instant| i64::from(at.minutes());
    let period = (minute(question.period.first.start()), minute(question.period.last.plus(1).start()) - 1);
    let mut out = Vec::new();
    for force in &question.agreements {
        let from = period.0.max(minute(force.from));
        let until = force.until.map_or(period.1, |until| period.1.min(minute(until) - 1)).min(question.as_of_minutes);
        if from <= until {
            let window = (from, until);
            let rows = clauses::rows(question, lay, &force.agreement, window);
            let waits = waits::waits(question, lay, &force.agreement, window);
            out.push(Plan { force, window, rows, waits });
        }
    }
    out
}
