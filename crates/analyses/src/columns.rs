//! The fact columns a question may tell rows apart by, at both grains.
//!
//! Not here: the catalogue. Invariant: a column that names a person is never among them.

use tallies::columns::{self, lead_cycle as lead, opportunity as opp};
use tallies::{Column, Grain, Label, Test};
use terms::Stage;

/// What stands in a table for rows without a value.
pub const NOT_RECORDED: &str = "not recorded";

/// Columns that stand for persons: no rates per person, no ranking of people.
pub const PERSONAL: [&str; 3] = ["owner", "sdr", "first_rep"];

/// Columns to choose from where the question names none, in this order.
pub const DEFAULTS: [&str; 6] = ["source", "product", "segment", "industry", "country", "team"];

/// A code column of a grain by name.
pub fn dimension(grain: Grain, name: &str) -> Option<Column> {
    columns::column(grain, name).filter(|c| c.width == tallies::Width::Code && !PERSONAL.contains(&name))
}

/// The text of a label, `not recorded` where there is none.
pub fn said(label: &Label) -> String {
    match label {
        Label::Text(text) => crate::figures::plain(text),
        Label::Number(n) => n.to_string(),
        Label::Missing => NOT_RECORDED.to_owned(),
    }
}

/// The test that a code column has this label.
pub fn is(column: Column, label: &Label) -> Test {
    Test::In(column, vec![label.text().map(str::to_owned)])
}

/// When a lead entered a stage.
pub fn at(stage: Stage) -> Option<Column> {
    Some(match stage {
        Stage::Inquiry => lead::CREATED_AT,
        Stage::Mql => lead::MQL_AT,
        Stage::Sal => lead::SAL_AT,
        Stage::Sql => lead::SQL_AT,
        Stage::Opportunity => lead::OPPORTUNITY_AT,
        Stage::ClosedWon => lead::WON_AT,
        _ => return None,
    })
}

/// Whether a lead got at least as far as a stage.
pub fn reached(stage: Stage) -> Option<Column> {
    Some(match stage {
        Stage::Mql => lead::REACHED_MQL,
        Stage::Sal => lead::REACHED_SAL,
        Stage::Sql => lead::REACHED_SQL,
        Stage::Opportunity => lead::REACHED_OPPORTUNITY,
        Stage::ClosedWon => lead::REACHED_WON,
        _ => return None,
    })
}

/// The test that a lead got at least as far; every lead is at least an inquiry.
pub fn got_to(stage: Stage) -> Vec<Test> {
    reached(stage).map(|column| vec![Test::Is(column, 1)]).unwrap_or_default()
}

/// A lead was attempted before anything came of it: who tries after that is a part of the outcome.
pub fn tried() -> Vec<Test> {
    let after = |end| Test::Before(end, lead::FIRST_ATTEMPT_AT);
    let too_late = Test::Any(vec![after(lead::OPPORTUNITY_AT), after(lead::WON_AT)]);
    vec![Test::Has(lead::FIRST_ATTEMPT_AT), Test::Not(Box::new(too_late))]
}

/// What stands in the column `lane` of leads that were dealt out by lot, as it may be written.
pub const LOT: [&str; 3] = ["random", "Random", "RANDOM"];

/// A lead was dealt out by lot.
pub fn by_lot() -> Test {
    Test::In(lead::LANE, LOT.iter().map(|word| Some((*word).to_owned())).collect())
}

/// One of these columns has a value, as one test.
pub fn any(columns: &[Column]) -> Test {
    Test::Any(columns.iter().copied().map(Test::Has).collect())
}

/// All of these hold, as one test.
pub fn all(tests: Vec<Test>) -> Test {
    Test::Not(Box::new(Test::Any(tests.into_iter().map(|t| Test::Not(Box::new(t))).collect())))
}

/// A lead's win by its close day, or by the time of the win where it has no close day.
pub fn lead_won_between(first: i64, last: i64) -> Vec<Test> {
    vec![Test::Is(lead::REACHED_WON, 1), lead_closed_between(first, last)]
}

/// A lead's opportunity closed in these days without a win.
pub fn lead_lost_between(first: i64, last: i64) -> Vec<Test> {
    vec![
        Test::Not(Box::new(Test::Is(lead::REACHED_WON, 1))),
        Test::Has(lead::LOST_AT),
        Test::Any(vec![
            Test::Between(lead::CLOSED_ON, first, last),
            all(vec![Test::Missing(lead::CLOSED_ON), Test::Between(lead::LOST_AT, first * DAY, last * DAY + DAY - 1)]),
        ]),
    ]
}

fn lead_closed_between(first: i64, last: i64) -> Test {
    Test::Any(vec![
        Test::Between(lead::CLOSED_ON, first, last),
        all(vec![Test::Missing(lead::CLOSED_ON), Test::Between(lead::WON_AT, first * DAY, last * DAY + DAY - 1)]),
    ])
}

/// Minutes in a day.
pub const DAY: i64 = 1_440;

/// An opportunity was won in these days.
pub fn won_between(first: i64, last: i64) -> Test {
    Test::Between(opp::WON_ON, first, last)
}
