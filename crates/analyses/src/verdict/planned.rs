//! Against a plan: from what was planned to the base period, and from there on to what was won.
//!
//! A plan holds totals and no rates, so its own factors are not known. Counted are the plan, the base period and the
//! actual; the way from the base to the actual is the split.
//!
//! Not here: the split. Invariant: the first step and the parts add up to the difference from the plan, to the cent.

use report::{Certainty, Chart, Figure, Owner, Section, Step, Table, Waterfall};

use super::levels::wins_of;
use super::sections::Context;
use super::words;
use crate::figures::{About, cell, row, text};
use crate::{Against, Question};

/// What was planned to be won in the period, where the question is against a plan: a line for all segments, else the sum
/// over segments; lines of parts of the period add up. `Some(None)`: the plan has no such line.
pub fn planned(question: &Question) -> Option<Option<i64>> {
    let Against::Plan(lines) = &question.against else { return None };
    let metrics = ["new_bookings", "bookings", "won_revenue", "revenue", "won_amount", "closed_won"];
    let inside = |line: &&crate::PlanLine| {
        metrics.contains(&line.metric.as_str())
            && question.period.first <= line.period.first
            && line.period.last <= question.period.last
            && line.amount.is_some()
    };
    let sum = |whole: bool| {
        let mut found = lines.iter().filter(inside).filter(|l| l.segment.is_none() == whole).peekable();
        found.peek()?;
        Some(found.filter_map(|l| l.amount).sum::<i64>())
    };
    Some(sum(true).or_else(|| sum(false)))
}

impl Context<'_> {
    /// The difference from the plan, counted.
    pub(super) fn plan_gap(&self, planned: i64) -> Figure {
        let n = self.reading.totals[1].wins.max(0) as u64;
        let gap = self.split.totals[1].saturating_sub(planned);
        let evidence = wins_of(self.reading, 1);
        let about = About::new(self.period.clone(), "counted");
        about.counted("verdict.plan_gap", "Difference from the plan", self.unit(), gap, n, evidence)
    }

    /// The waterfall from the plan, and the period before beside it.
    pub(super) fn way_from_plan(&self, planned: i64, steps: Vec<Step>, out: &mut Section) {
        let about = About::new(self.period.clone(), "planned");
        let plan = about.counted("verdict.plan", &words::planned(&self.period), self.unit(), planned, 1, None);
        let base = About::new(self.both(), "counted: the base less the plan").figure(
            "verdict.base_against_plan",
            &words::base_against_plan(&self.base),
            self.unit(),
            self.value(self.split.totals[0].saturating_sub(planned) as f64),
            Certainty::Counted,
            (self.reading.totals[0].wins.max(0) as u64, None),
            wins_of(self.reading, 0),
        );
        let first =
            Step { figure: base, note: words::BASE_AGAINST_PLAN.to_owned(), owner: Owner::Unknown, largest: None };
        out.charts.push(Chart::Waterfall(Box::new(Waterfall {
            title: "From the plan to what was won".to_owned(),
            from: plan,
            steps: std::iter::once(first).chain(steps).collect(),
            to: self.total(1),
            gap: self.plan_gap(planned),
        })));
        out.tables.push(Table {
            id: "verdict.base".to_owned(),
            title: "The period before".to_owned(),
            columns: ["period", "won", "difference to now"].map(str::to_owned).to_vec(),
            rows: vec![row(vec![text(self.base.clone()), cell(self.total(0)), cell(self.gap())])],
            note: words::PLAN_HAS_TOTALS.to_owned(),
        });
    }
}
