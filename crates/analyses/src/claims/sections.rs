//! The sections of a claim's page. Not here: their sentences. Invariant: what the figures say comes before what they are
//! worth.

use report::{Finding, NotKnown, Refusal, Section};
use stats::inverse::normal_quantile;

use super::judge::{Reason, Verdict, judge};
use super::measure::{Other, Reading};
use super::tables::Page;
use super::{Ask, Checked, words};
use crate::Answer;

/// The page of a claim that cannot be answered.
pub fn refused(ask: &Ask, refusal: Refusal) -> Checked {
    let mut section = empty("claim.verdict", "The claim");
    section.answer = format!("Cannot tell {}. There is: {}.", refusal.asked, refusal.had);
    section.caveats.extend(words::saved(ask));
    section.refusals.push(refusal);
    let answer = Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() };
    Checked { verdict: Verdict::CannotTell, alone: None, searched: None, answer }
}

/// The page of a claim.
pub fn said(ask: &Ask, reading: &Reading) -> Checked {
    let (verdict, reasons) = judge(ask, reading);
    let page = Page { ask, reading };
    let mut first = empty("claim.verdict", "The claim");
    first.answer = words::headline(ask, reading, verdict);
    first.findings.push(finding(verdict.code(), words::verdict(verdict)));
    first.findings.push(finding("as_read", words::as_read(ask, reading)));
    first.findings.extend(reasons.iter().map(|r| finding(code(r), words::reason(ask, reading, r))));
    first.findings.push(finding("both_teams", words::both(ask, reading, verdict)));
    first.findings.push(finding("base", words::BASE.to_owned()));
    if !ask.agreed {
        first.findings.push(finding("definition_not_in_force", words::definitions(ask)));
    }
    first.charts.push(page.chart());
    first.tables.push(page.numbers());
    first.caveats = caveats(ask, reading);
    if let Some([text, settle]) = words::settle(verdict, needed(reading)) {
        first.not_known.push(NotKnown { text, settle, evidence: None });
    }
    let headline = first.answer.clone();
    let how_sure: Vec<String> = reasons.iter().take(3).map(|r| words::reason(ask, reading, r)).collect();

    let mut search = empty("claim.search", "Whether it was picked");
    let decided = reasons.iter().find(|r| matches!(r, Reason::Searched | Reason::Stands | Reason::Fixed));
    search.answer = decided.map_or_else(
        || "Alone: {claim.alone}. After a search over {claim.alternatives} filters: {claim.searched}.".to_owned(),
        |r| words::reason(ask, reading, r),
    );
    search.tables.push(page.search());
    search.caveats.push(words::ONE_METRIC.to_owned());
    if reading.search.ways > 1.0 {
        search.caveats.push(words::SEVERAL_WAYS.to_owned());
    }
    if reading.search.by_account {
        search.caveats.push(words::by_account(reading.search.alone > 0.2));
    }
    let mut sections = vec![first, search];
    if !reading.neighbours.is_empty() {
        let mut near = empty("claim.neighbours", "How the answer moves");
        near.answer =
            "The same claim on neighbouring filters: wider, narrower, and without one of its conditions.".to_owned();
        let (chart, table) = page.neighbours();
        near.charts.push(chart);
        near.tables.push(table);
        near.tables.extend(page.siblings());
        sections.push(near);
    } else if let Some(siblings) = page.siblings() {
        let mut near = empty("claim.neighbours", "How the answer moves");
        near.answer = "The same with each other value.".to_owned();
        near.tables.push(siblings);
        sections.push(near);
    }
    if !reading.parts.is_empty() {
        let mut parts = empty("claim.parts", "In parts");
        parts.answer = "The claim within each value of other columns, and with both sides alike in them.".to_owned();
        parts.tables.extend(reading.parts.iter().map(|p| page.part(p)));
        sections.push(parts);
    }
    let figure = Some(page.headline());
    let (alone, searched) = (Some(reading.search.naive_p), Some(reading.search.search_p));
    Checked { verdict, alone, searched, answer: Answer { headline, how_sure, figure, sections } }
}

fn caveats(ask: &Ask, reading: &Reading) -> Vec<String> {
    let mut out: Vec<String> = words::saved(ask).into_iter().collect();
    out.extend(words::equal_age(reading));
    if ask.agreed {
        out.push(words::definitions(ask));
    }
    out.extend(reading.wins_from.map(words::wins_from));
    if reading.undated > 0 {
        out.push(words::UNDATED.to_owned());
    }
    out.push(words::OBSERVED.to_owned());
    out
}

/// Cases in the claim with which a difference as large as the observed one would be seen in four of five re-runs, tested
/// alone at one in twenty.
fn needed(reading: &Reading) -> Option<u64> {
    let c = &reading.compared;
    let Other::Cases(other, _) = &c.other else { return None };
    let (p, q) = (c.inside.rate(), other.rate());
    let reach = normal_quantile(0.95)? + normal_quantile(0.8)?;
    let ratio = c.inside.n as f64 / other.n.max(1) as f64;
    let n = reach * reach * (p * (1.0 - p) + ratio * q * (1.0 - q)) / (c.difference * c.difference);
    (1.0..1e7).contains(&n).then(|| (n / 10.0).ceil() as u64 * 10)
}

fn code(reason: &Reason) -> &'static str {
    match reason {
        Reason::OtherSide => "other_side",
        Reason::Small => "too_small",
        Reason::Chance => "chance",
        Reason::Searched => "picked",
        Reason::Stands => "stands_the_search",
        Reason::Fixed => "saved_before_the_close",
        Reason::Young => "partly_too_young",
        Reason::Neighbour(..) => "neighbour_differs",
        Reason::Alike(_) => "not_when_alike",
        Reason::Reversed(..) => "reversed_within",
        Reason::Ordinary => "ordinary",
    }
}

fn finding(code: &str, text: String) -> Finding {
    Finding { code: code.to_owned(), text, evidence: None }
}

/// A section with nothing in it yet.
pub fn empty(id: &str, title: &str) -> Section {
    crate::answer::empty_section(id, title, words::METHOD)
}
