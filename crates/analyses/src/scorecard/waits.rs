//! How long leads wait: for the system until they are handed over, for a human after that.
//!
//! Invariant: a wait is shown in working hours and by the clock, over the same leads.

use agreement::document::{Agreement, Span, Unit};
use stats::quantile::of_histogram;
use tallies::columns::lead_cycle as lead;
use tallies::{Apart, Dim, Grain, Measure, Spans, Spec, Tally, Test};

use super::courses::Courses;
use super::offices::{counted, followed};
use crate::{Lay, Question};

/// One wait, and what is counted for it: for each office its hours, then the clock.
pub struct Wait {
    pub name: &'static str,
    pub title: &'static str,
    pub specs: Vec<Spec>,
}

/// A wait as it was: how many, and its P50 and P95 in working minutes and in minutes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Waited {
    pub n: u64,
    pub worked: [f64; 2],
    pub by_the_clock: [f64; 2],
}

/// Any number of working minutes.
const MINUTE: Span = Span { amount: 1, unit: Unit::WorkingMinutes };

/// Steps in which waits are told apart: minutes up to four hours, tens of minutes up to two days of work, then hours.
fn edges() -> Vec<i64> {
    (1..=240).chain((250..=2_400).step_by(10)).chain((2_460..=60_000).step_by(60)).collect()
}

/// The waits that are recorded.
pub fn waits(question: &Question, lay: &Lay, agreement: &Agreement, window: (i64, i64)) -> Vec<Wait> {
    if lay.handed == 0 {
        return vec![];
    }
    let all = [
        ("routing", "created to handed over", lead::CREATED_AT, lead::HANDOFF_AT, true),
        ("ttfa", "handed over to first attempt (TTFA)", lead::HANDOFF_AT, lead::FIRST_ATTEMPT_AT, lay.attempts > 0),
        ("on_record", "handed over to first work on record", lead::HANDOFF_AT, lead::ON_RECORD_AT, lay.attempts > 0),
        ("ttfc", "handed over to first contact (TTFC)", lead::HANDOFF_AT, lead::FIRST_CONTACT_AT, lay.contacts > 0),
        ("ttfq", "handed over to qualified (TTFQ)", lead::HANDOFF_AT, lead::SQL_AT, lay.timed[3] > 0),
    ];
    let as_of = question.as_of_minutes;
    // a lead may have been created long before its hand-off
    let far = (window.0 - 366 * 1_440, window.1);
    let offices = followed(agreement);
    let calendars: Vec<Spans> = offices.iter().map(|f| counted(MINUTE, f.office, far, as_of).0).collect();
    // who waits, waits: what an agreement allows makes it no shorter
    let courses = Courses::new(agreement, &question.turns, window, as_of);
    let mut out = Vec::new();
    for (name, title, from, until, is_recorded) in all {
        if !is_recorded {
            continue;
        }
        let mut among = vec![Test::Between(lead::HANDOFF_AT, window.0, window.1), Test::Has(from), Test::Has(until)];
        if [lead::FIRST_ATTEMPT_AT, lead::ON_RECORD_AT].contains(&until) {
            among.push(Test::Not(Box::new(Test::Is(lead::FIRST_IS_DAY, 1))));
        }
        let spec = |spans, apart, tests: Vec<Test>| Spec {
            name: "scorecard.wait",
            grain: Grain::LeadCycle,
            filter: [among.clone(), tests].concat(),
            dims: vec![Dim::Worked { from, events: vec![until], as_of, spans, apart, edges: edges() }],
            measures: vec![Measure::Count],
        };
        let mut specs: Vec<Spec> = offices
            .iter()
            .zip(&calendars)
            .enumerate()
            .map(|(n, (f, spans))| spec(spans.clone(), courses.apart(&offices, n, &calendars, None), f.tests.clone()))
            .collect();
        specs.push(spec(counted(MINUTE, None, far, as_of).0, Apart::default(), vec![]));
        out.push(Wait { name, title, specs });
    }
    out
}

/// From the answers of one wait.
pub fn waited(tallies: &[Tally]) -> Option<Waited> {
    let (clock, offices) = tallies.split_last()?;
    let edges = edges();
    let histogram = |tallies: &[Tally]| -> Vec<(f64, u64)> {
        let cells = tallies.iter().flat_map(|t| (0..t.cells).map(move |cell| (t, cell)));
        cells
            .filter_map(|(t, cell)| {
                let place = usize::try_from(t.label(cell, 0).number()?).ok()?;
                let minutes = place.checked_sub(1).and_then(|p| edges.get(p)).copied().unwrap_or(0);
                Some((minutes as f64, u64::try_from(t.int(cell, 0)).unwrap_or(0)))
            })
            .collect()
    };
    let quantiles = |h: &[(f64, u64)]| <[f64; 2]>::try_from(of_histogram(h, &[0.5, 0.95])?).ok();
    let (worked, clock) = (histogram(offices), histogram(std::slice::from_ref(clock)));
    let n = worked.iter().map(|(_, n)| n).sum();
    Some(Waited { n, worked: quantiles(&worked)?, by_the_clock: quantiles(&clock)? })
}
