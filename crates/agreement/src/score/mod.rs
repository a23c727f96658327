//! What a lead's score comes to, line by line.
//!
//! Here: whether a condition holds, which rules fire, what fades and what a limit takes away. Not here: where values come from,
//! and how well a rule tells leads apart. Invariant: the lines of a score add up to it, always; nothing that happened after
//! the instant that is asked for counts.

mod holds;
mod machine;

pub use holds::{Columns, fits, holds};
pub use machine::{Machine, Mail, Mailing, machine};

use terms::Instant;

use crate::document::scoring::{Of, Rule, Scoring};

/// Columns that are written when or after sales has taken a lead: no rule may look at them.
pub const WRITTEN_LATER: [&str; 20] = [
    "stage",
    "stage_raw",
    "owner",
    "sdr",
    "team",
    "is_converted",
    "converted_at",
    "converted_account",
    "converted_person",
    "converted_opportunity",
    "opportunity",
    "reason",
    "handoff_at",
    "first_response_at",
    "won_at",
    "lost_at",
    "amount",
    "score",
    "late_attributes",
    "lane",
];

/// Why a line stands in a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The rule fired.
    Fired,
    /// The rule can add so much and no more.
    LimitOfRule(i64),
    /// Its group can add so much and no more.
    LimitOfGroup(i64),
}

/// One line of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line {
    /// The rule, by its place in the document; of a group's limit the first rule of the group.
    pub rule: usize,
    /// The touch that fired it, by its place among those given.
    pub touch: Option<usize>,
    /// Since when it counts.
    pub at: Instant,
    /// Why it stands here.
    pub why: Why,
    /// What the rule gives, before it fades.
    pub given: i64,
    /// What it is worth at the instant that is asked for.
    pub points: i64,
}

/// A score at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scored {
    /// All that counts, in the order of the document's rules, limits after what they limit.
    pub lines: Vec<Line>,
    /// The sum of the lines.
    pub total: i64,
    /// Rules without which no lead reaches the bar and which did not fire.
    pub missing: Vec<usize>,
    /// Whether the bar is reached; `None` where the document has none.
    pub reaches: Option<bool>,
}

/// What fired, rule by rule: of the lead, and each touch with its place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matches {
    /// Whether what is known of the lead fits.
    pub lead: Vec<bool>,
    /// The touches that fit, in any order.
    pub touches: Vec<Vec<(Instant, usize)>>,
}

impl Matches {
    /// None yet, of so many rules.
    pub fn none(rules: usize) -> Matches {
        Matches { lead: vec![false; rules], touches: vec![Vec::new(); rules] }
    }
}

/// The score of a lead at an instant. `lead`: what was known of it, and since when; `touches`: what it did, in any order.
pub fn score<L: Columns, T: Columns>(
    scoring: &Scoring,
    (since, lead): (Instant, &L),
    touches: &[(Instant, T)],
    at: Instant,
) -> Scored {
    let mut matches = Matches::none(scoring.rules.len());
    for (place, rule) in scoring.rules.iter().enumerate() {
        match rule.of {
            Of::Lead => matches.lead[place] = looks_back(rule) && holds(&rule.when, lead),
            Of::Touch => {
                let fits = touches.iter().enumerate().filter(|(_, (_, touch))| holds(&rule.when, touch));
                matches.touches[place] = fits.map(|(i, (then, _))| (*then, i)).collect();
            }
        }
    }
    add_up(scoring, since, &matches, at)
}

/// The score of what fired, for a lead that is known since an instant.
pub fn add_up(scoring: &Scoring, since: Instant, matches: &Matches, at: Instant) -> Scored {
    let mut out = Scored::default();
    if since > at {
        out.reaches = scoring.bar.map(|_| false);
        out.missing = (0..scoring.rules.len()).filter(|r| scoring.rules[*r].required).collect();
        return out;
    }
    for (place, rule) in scoring.rules.iter().enumerate() {
        let from = out.lines.len();
        if matches.lead.get(place) == Some(&true) {
            let (given, points) = (rule.points, rule.points);
            out.lines.push(Line { rule: place, touch: None, at: since, why: Why::Fired, given, points });
        }
        if let Some(touches) = matches.touches.get(place) {
            fired(place, rule, touches, at, &mut out.lines);
        }
        let sum: i64 = out.lines[from..].iter().map(|l| l.points).sum();
        if let Some(most) = rule.most.filter(|most| sum > *most) {
            let latest = out.lines[from..].iter().map(|l| l.at).max().unwrap_or(since);
            let points = most - sum;
            let why = Why::LimitOfRule(most);
            out.lines.push(Line { rule: place, touch: None, at: latest, why, given: points, points });
        }
        if rule.required && out.lines.len() == from {
            out.missing.push(place);
        }
    }
    for group in &scoring.groups {
        let of_group = |l: &&Line| scoring.rules[l.rule].group == group.name;
        let sum: i64 = out.lines.iter().filter(of_group).map(|l| l.points).sum();
        if let Some(first) = out.lines.iter().find(of_group).filter(|_| sum > group.most) {
            let latest = out.lines.iter().filter(of_group).map(|l| l.at).max().unwrap_or(since);
            let points = group.most - sum;
            let why = Why::LimitOfGroup(group.most);
            let line = Line { rule: first.rule, touch: None, at: latest, why, given: points, points };
            out.lines.push(line);
        }
    }
    out.total = out.lines.iter().map(|l| l.points).sum();
    out.reaches = scoring.bar.map(|bar| out.total >= bar && out.missing.is_empty());
    out
}

/// Whether a rule looks only at what is known before sales takes a lead.
pub fn looks_back(rule: &Rule) -> bool {
    rule.when.terms.iter().all(|t| !WRITTEN_LATER.contains(&t.column.as_str()))
}

fn fired(place: usize, rule: &Rule, touches: &[(Instant, usize)], at: Instant, lines: &mut Vec<Line>) {
    let mut found: Vec<(Instant, usize)> = touches.iter().copied().filter(|(then, _)| *then <= at).collect();
    found.sort_unstable();
    let counts = if rule.repeats { found.len() } else { 1 };
    for (then, touch) in found.into_iter().take(counts) {
        let points = faded(rule, then, at);
        lines.push(Line { rule: place, touch: Some(touch), at: then, why: Why::Fired, given: rule.points, points });
    }
}

/// What points are worth after some time: whole points, half of them gone after each half-life.
pub fn faded(rule: &Rule, then: Instant, at: Instant) -> i64 {
    let Some(half_life) = rule.half_life else { return rule.points };
    let minutes = (at.0 - then.0) as f64 / 60_000.0;
    (rule.points as f64 * (-minutes / half_life.by_the_clock() as f64).exp2()).round() as i64
}

#[cfg(test)]
mod tests;
