//! What is doubtful in a document that can be read: nothing here is wrong, and both should know it before they sign.

use std::collections::BTreeSet;

use terms::{Day, Stage, Team};

use super::condition::Condition;
use super::scoring::Rule;
use super::{Agreement, Unit, Whose};
use crate::stages::{BY_RULE, SCORE};

/// A doubt: a stable code, where, and what to think about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doubt {
    /// A stable word.
    pub code: &'static str,
    /// The place in the document.
    pub place: String,
    /// In one sentence.
    pub text: String,
}

/// Days before its end in which a document is said to expire soon.
const SOON: i32 = 30;

/// All doubts, on a day.
pub fn doubts(agreement: &Agreement, today: Day) -> Vec<Doubt> {
    let mut out = Vec::new();
    let mut doubt = |code, place: &str, text: String| out.push(Doubt { code, place: place.to_owned(), text });
    for team in [Team::Sales, Team::Marketing] {
        let (own, other) = match team {
            Team::Sales => ("sales", "marketing"),
            Team::Marketing => ("marketing", "sales"),
        };
        let clauses = |t: Team| agreement.clauses.iter().filter(move |c| c.kind.by == t);
        if clauses(team).next().is_none() {
            doubt("one_sided", own, format!("{own} owes nothing; the other side is bound alone"));
        } else if !clauses(team).any(|c| c.within.is_some()) && clauses(team.other()).any(|c| c.within.is_some()) {
            let text = format!("{own} has no clock and {other} has: the other side waits for nothing it could name");
            doubt("no_clock", own, text);
        }
    }
    if agreement.review.is_none() && agreement.expires.is_none() {
        doubt("no_review", "review", "no day on which both look at it again".to_owned());
    }
    if let Some(end) = agreement.expires {
        if end < today {
            doubt("expired", "expires", format!("it expired on {end}"));
        } else if end.0 - today.0 <= SOON {
            doubt("expires_soon", "expires", format!("it expires on {end}, in {} days", end.0 - today.0));
        }
    }
    let working = |u: Unit| matches!(u, Unit::WorkingMinutes | Unit::WorkingDays);
    let spans = agreement.clauses.iter().flat_map(|c| [c.within, c.over]).flatten();
    if agreement.offices.is_empty() && spans.clone().any(|s| working(s.unit)) {
        doubt("no_office", "office", "working hours without an [[office]]: nobody knows when they are".to_owned());
    }
    // whoever belongs to none follows the first
    for office in agreement.offices.iter().skip(1) {
        let text = match agreement.clocks_follow {
            Whose::Rep if office.reps.is_empty() => "clocks follow the rep, and it names no reps: it counts for nobody",
            Whose::Lead if office.countries.is_empty() => {
                "clocks follow the lead, and it names no countries: it counts for nobody"
            }
            _ => continue,
        };
        doubt("empty_office", &format!("office.{}", office.name), text.to_owned());
    }
    if agreement.reasons.is_empty() && agreement.clauses.iter().any(|c| c.kind.name == "disposition") {
        let text = "leads are turned down with a reason, and no [[reason]] is agreed".to_owned();
        doubt("no_reasons", "reason", text);
    }
    if agreement.target_accounts.is_empty() && agreement.clauses.iter().any(|c| c.kind.name == "target_accounts") {
        let text = "target accounts are promised, and target_accounts names none".to_owned();
        doubt("no_target_accounts", "target_accounts", text);
    }
    let has_money =
        agreement.targets.iter().any(|t| t.won.is_some()) || agreement.clauses.iter().any(|c| c.value.is_some());
    if has_money && agreement.currency.is_none() {
        doubt("no_currency", "currency", "money without a currency".to_owned());
    }
    for pause in agreement.pauses.iter().filter(|pause| pause.at_most.is_none()) {
        let text = "has no at_most: who puts a lead there and forgets it is never late".to_owned();
        doubt("endless_pause", &format!("pause.{}", pause.reason), text);
    }
    scoring(agreement, &mut doubt);
    stages(agreement, &mut doubt);
    out
}

/// Rules for stages that nothing can be judged by.
fn stages(agreement: &Agreement, doubt: &mut impl FnMut(&'static str, &str, String)) {
    for (stage, definition) in &agreement.definitions {
        let Some(when) = &definition.when else { continue };
        let place = format!("definitions.{}", stage.word());
        if !BY_RULE.contains(stage) {
            let why = match stage {
                Stage::Inquiry => "whoever came in is one",
                _ => "it is a record of its own in the CRM",
            };
            doubt(
                "rule_not_used",
                &place,
                format!("no rule decides who is an {}: {why}; leave out `when`", stage.word()),
            );
        } else if agreement.scoring.rules.is_empty() && when.terms.iter().any(|term| term.column == SCORE) {
            doubt("no_scoring", &place, "asks for the score, and no [[scoring.rule]] gives points".to_owned());
        }
    }
}

fn scoring(agreement: &Agreement, doubt: &mut impl FnMut(&'static str, &str, String)) {
    let scoring = &agreement.scoring;
    let Some(bar) = scoring.bar else { return };
    let most = |rule: &Rule| match (rule.points > 0, rule.repeats, rule.most) {
        (false, ..) => Some(0),
        (true, false, _) => Some(rule.points),
        (true, true, most) => most,
    };
    let mut reach = Some(0i64);
    for group in scoring.rules.iter().map(|r| r.group.as_str()).collect::<BTreeSet<_>>() {
        let sum = scoring.rules.iter().filter(|r| r.group == group).map(most).try_fold(0, |sum, m| Some(sum + m?));
        let limit = scoring.groups.iter().find(|g| g.name == group).map(|g| g.most);
        let here = match (sum, limit) {
            (Some(sum), Some(limit)) => Some(sum.min(limit)),
            (sum, limit) => sum.or(limit),
        };
        reach = reach.zip(here).map(|(a, b)| a + b);
    }
    if let Some(reach) = reach.filter(|reach| *reach < bar) {
        let text = format!("no lead can reach the bar of {bar}: all rules together give {reach}");
        doubt("bar_out_of_reach", "scoring.bar", text);
    }
    for group in scoring.groups.iter().filter(|g| scoring.rules.iter().all(|r| r.group != g.name)) {
        doubt("empty_group", &format!("scoring.group.{}", group.name), "no rule is in this group".to_owned());
    }
    for (n, rule) in scoring.rules.iter().enumerate() {
        let same = |other: &&Rule| other.of == rule.of && same_terms(&other.when, &rule.when);
        if let Some(other) = scoring.rules[..n].iter().find(same) {
            let text = format!("asks the same as `{}`: its points count twice", other.name);
            doubt("same_rule", &format!("scoring.rule.{}", rule.name), text);
        }
    }
}

fn same_terms(a: &Condition, b: &Condition) -> bool {
    a.terms.len() == b.terms.len() && a.terms.iter().all(|term| b.terms.contains(term))
}
