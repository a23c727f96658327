//! Which leads follow which office's working hours, and which pass from one to another or wait.
//!
//! Invariant: every lead belongs to exactly one office; the first takes those that belong to none.

use agreement::document::{Agreement, Counted, Office, Span, Whose};
use tallies::columns::lead_cycle as lead;
use tallies::{Spans, Test};
use terms::Day;

/// An office, and the tests of the leads that follow it.
pub struct Followed<'a> {
    pub office: Option<&'a Office>,
    /// Its reps or countries; of the first all that belong to none.
    pub names: Vec<String>,
    pub tests: Vec<Test>,
}

/// The offices that any lead can follow.
pub fn followed(agreement: &Agreement) -> Vec<Followed<'_>> {
    let column = if agreement.clocks_follow == Whose::Rep { lead::OWNER } else { lead::COUNTRY };
    let own = |office: &Office| {
        let names = if agreement.clocks_follow == Whose::Rep { &office.reps } else { &office.countries };
        names.iter().map(|n| Some(n.clone())).collect::<Vec<_>>()
    };
    let Some(first) = agreement.offices.first() else {
        return vec![Followed { office: None, names: vec![], tests: vec![] }];
    };
    let mut taken = own(first);
    let mut out = Vec::new();
    let mut elsewhere = Vec::new();
    for office in agreement.offices.iter().skip(1) {
        let names: Vec<_> = own(office).into_iter().filter(|n| !taken.contains(n)).collect();
        if !names.is_empty() {
            taken.extend(names.clone());
            elsewhere.extend(names.clone());
            let own = names.iter().flatten().cloned().collect();
            out.push(Followed { office: Some(office), names: own, tests: vec![Test::In(column, names)] });
        }
    }
    let rest = if elsewhere.is_empty() { vec![] } else { vec![Test::Not(Box::new(Test::In(column, elsewhere)))] };
    out.insert(0, Followed { office: Some(first), names: vec![], tests: rest });
    out
}

/// For so many days ahead it is known when a clock that runs will be late.
const AHEAD: i32 = 100;

/// When a span counts in an office, over what was observed and a quarter ahead, and its limit.
pub fn counted(span: Span, office: Option<&Office>, window: (i64, i64), as_of: i64) -> (Spans, i64) {
    let day = |minute: i64| Day(i32::try_from(minute.div_euclid(1_440)).unwrap_or_default());
    let Counted { stretches, limit } =
        span.counted(office, day(window.0).plus(-2), day(as_of.max(window.1)).plus(AHEAD));
    (Spans::new(stretches), limit)
}
