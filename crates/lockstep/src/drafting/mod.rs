//! A first agreement drafted from the company's own records: every term stands where the data already is, with its evidence in
//! a comment.
//!
//! Not here: judging a clause (`analyses::scorecard`), fitting points (`analyses::points`). Invariant: what is drafted is a
//! document that reads well, and a term without evidence is left out with the reason.

mod hours;
mod terms_of;
mod text;

use agreement::document::Agreement;
use analyses::{InForce, Question};
use terms::{Instant, Period, PeriodUnit};

use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::Style;
use crate::scoring;

pub use hours::Hours;
pub use terms_of::Found;

/// What a draft is made of.
pub struct Draft {
    /// Over which time the records were looked at.
    pub period: Period,
    /// When the office works.
    pub hours: Hours,
    /// What each clause came to, by its name.
    pub found: Found,
    /// Rules of the score, as text; none where none could be fitted.
    pub rules: Option<(String, Bar)>,
}

/// Where the bar stands, and what it parts.
pub struct Bar {
    pub at: i64,
    pub reach: (u64, u64),
    pub below: (u64, u64),
    pub outcome: &'static str,
}

/// Drafts an agreement from what a home holds.
pub fn draft(home: &Home, style: Style) -> Result<String, Failure> {
    let known = Known::open(home, None, None, style)?;
    if known.head.data_through().is_none() {
        return Err(Failure::new("no_dates", "nothing in the ledger has a date, so there is no year to draft from")
            .hint("start from the general draft: lockstep agreement new"));
    }
    let period = year(&known)?;
    let hours = hours::of(&known, period)?;
    let found = terms_of::found(&known, period, &hours)?;
    let rules = rules(&known, style)?;
    let draft = Draft { period, hours, found, rules };
    let text = text::of(&draft, &known);
    // what cannot be read would be worse than no draft
    Agreement::parse(&text, "draft")
        .map_err(|wrong| Failure::new("draft", format!("line {} of the draft: {}", wrong.line, wrong.cause)))?;
    Ok(text)
}

/// The last four full quarters.
pub fn year(known: &Known) -> Result<Period, Failure> {
    let last = known.period(None)?;
    let fiscal = known.settings.fiscal;
    let first = (0..3).fold(last, |period, _| period.previous());
    let text = format!("{}..{}", first.first, last.last);
    fiscal.parse_period(&text).ok_or_else(|| Failure::new("bad_period", format!("`{text}`: is no period")))
}

/// The day on which the quarter after the data begins.
pub fn next_quarter(known: &Known) -> Period {
    let fiscal = known.settings.fiscal;
    let now = fiscal.period_of(PeriodUnit::Quarter, known.as_of.day());
    fiscal.period_of(PeriodUnit::Quarter, now.last.plus(1))
}

/// A question about the period under several documents at once, none of which needs to hold.
pub fn under(known: &Known, period: Period, documents: &[String]) -> Result<Question, Failure> {
    let mut question = Question::new(period, i64::from(known.as_of.minutes()), known.currency());
    question.fiscal = known.settings.fiscal;
    for (number, text) in documents.iter().enumerate() {
        let agreement = Agreement::parse(text, "draft")
            .map_err(|wrong| Failure::new("draft", format!("line {}: {}", wrong.line, wrong.cause)))?;
        let from = Instant(i64::MIN);
        question.agreements.push(InForce { number, from, until: None, agreement, is_asked: true });
    }
    Ok(question)
}

/// Fitted rules, and the bar that four of five leads with the outcome reach, or 1: no bar can be lower.
fn rules(known: &Known, style: Style) -> Result<Option<(String, Bar)>, Failure> {
    let leads = scoring::leads(known, None)?;
    let columns = scoring::columns(known, &leads)?;
    let when: Vec<Option<i64>> = leads.moments.iter().map(|m| Some(*m).filter(|m| *m != scoring::UNDATED)).collect();
    let Ok(fitted) = analyses::points::card(&columns, &leads.good, &when, (&[], &[]), 1) else { return Ok(None) };
    let shown =
        analyses::points::Shown { columns: &columns, outcome: leads.outcome, period: "the records", notes: &[] };
    let (_, rules) = analyses::points::page(&shown, &Ok(fitted));
    if rules.is_empty() {
        return Ok(None);
    }
    let text = analyses::points::document(&rules, &[]);
    let document = format!("{}[scoring]\n{text}", text::HEAD);
    let agreement = Agreement::parse(&document, "draft")
        .map_err(|wrong| Failure::new("draft", format!("line {}: {}", wrong.line, wrong.cause)))?;
    let (_, patterns) = scoring::patterns(known, &agreement.scoring, &leads, style)?;
    let good: u64 = patterns.by_points.values().map(|c| c.1).sum();
    let mut reached = 0;
    let mut at = 1;
    for (points, (_, k)) in patterns.by_points.iter().rev() {
        at = (*points).max(1);
        reached += k;
        if 5 * reached >= 4 * good || *points <= 1 {
            break;
        }
    }
    let sum = |is_in: &dyn Fn(i64) -> bool| {
        let cells = patterns.by_points.iter().filter(|(points, _)| is_in(**points));
        cells.fold((0, 0), |(n, k), (_, c)| (n + c.0, k + c.1))
    };
    let (reach, below) = (sum(&|p| p >= at), sum(&|p| p < at));
    Ok(Some((text, Bar { at, reach, below, outcome: leads.outcome })))
}
