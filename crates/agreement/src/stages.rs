//! Stages that a signed text defines by a rule: since when it holds, and when a lead enters one.
//!
//! Here: which versions define which stages ([`Ruled`]), what of it the fold needs ([`Stretch`]), and the walk along what
//! happened to one lead ([`entered`]). Not here: where values come from. Invariant: a lead enters a stage by a rule only at a
//! moment at which something happened to it, and only while the version with that rule held.

use serde::{Deserialize, Serialize};
use terms::{Instant, Stage};

use crate::document::Agreement;
use crate::document::condition::{Ask, Condition};
use crate::document::scoring::Scoring;

/// Stages that a rule can define. Who came in is an inquiry, and an opportunity is a record of its own.
pub const BY_RULE: [Stage; 5] = [Stage::Mql, Stage::Sal, Stage::Sql, Stage::Recycled, Stage::Disqualified];

/// The column of conditions that stands for the score by the rules of the same text.
pub const SCORE: &str = "score";

/// While a version holds, it says of some stages by a rule when a lead enters them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stretch {
    /// The version.
    pub version: u32,
    /// The hash of its text.
    pub text: String,
    /// Since when it holds.
    pub from: Instant,
    /// Until when, where it holds no more.
    pub until: Option<Instant>,
    /// The stages.
    pub stages: Vec<Stage>,
}

impl Stretch {
    /// Whether the version holds at an instant.
    pub fn holds(&self, at: Instant) -> bool {
        self.from <= at && self.until.is_none_or(|until| at < until)
    }
}

/// A stretch with its rules.
#[derive(Clone, Debug)]
pub struct Ruled {
    /// Which version, and while it holds.
    pub stretch: Stretch,
    /// The rules, in the order of the stretch's stages.
    pub rules: Vec<Condition>,
    /// How that version scores.
    pub scoring: Scoring,
}

impl Ruled {
    /// The rules of a version that holds from one instant until another; `None` where it has none.
    pub fn of(agreement: &Agreement, version: u32, from: Instant, until: Option<Instant>) -> Option<Ruled> {
        let (stages, rules): (Vec<Stage>, Vec<Condition>) = agreement
            .definitions
            .iter()
            .filter(|(stage, _)| BY_RULE.contains(stage))
            .filter_map(|(stage, definition)| Some((*stage, definition.when.clone()?)))
            .unzip();
        let stretch = Stretch { version, text: agreement.hash(), from, until, stages };
        (!rules.is_empty()).then(|| Ruled { stretch, rules, scoring: agreement.scoring.clone() })
    }

    /// Whether any of its rules asks for the score.
    pub fn asks_score(&self) -> bool {
        self.rules.iter().flat_map(|rule| &rule.terms).any(|term| term.column == SCORE)
    }
}

/// Whether a term asks for a score of so much at least: then no lead fulfils it without the rules that are required.
pub fn asks_for_more(ask: &Ask) -> bool {
    matches!(ask, Ask::AtLeast(_) | Ask::Above(_))
}

/// A lead enters a stage by a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Enters {
    /// The stage.
    pub stage: Stage,
    /// The version whose rule it is.
    pub version: u32,
    /// The moment at which it does, by its place among those given.
    pub moment: usize,
}

/// When a lead enters stages by rules: at the moments (in order) at which something happened to it and the rule of the version
/// in force holds, where it did not hold since the lead last entered. `holds` says of a rule, by the places of its stretch and
/// of itself, whether it holds at an instant.
///
/// What fades may fall under a bar between two moments: so it is asked for the instant before a moment too.
pub fn entered(
    ruled: &[Ruled],
    moments: &[Instant],
    mut holds: impl FnMut(usize, usize, Instant) -> bool,
) -> Vec<Enters> {
    let mut out = Vec::new();
    for stage in BY_RULE {
        let mut inside = false;
        for (place, one) in ruled.iter().enumerate() {
            let Some(rule) = one.stretch.stages.iter().position(|s| *s == stage) else { continue };
            let from = moments.partition_point(|at| *at < one.stretch.from);
            for (moment, at) in moments.iter().enumerate().skip(from).take_while(|(_, at)| one.stretch.holds(**at)) {
                inside = inside && holds(place, rule, Instant(at.0 - 1));
                if holds(place, rule, *at) {
                    if !inside {
                        out.push(Enters { stage, version: one.stretch.version, moment });
                    }
                    inside = true;
                } else {
                    inside = false;
                }
            }
        }
    }
    out.sort_by_key(|e| (e.moment, e.stage));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ruled(version: u32, from: i64, until: Option<i64>, stages: &[Stage]) -> Ruled {
        let stretch = Stretch {
            version,
            text: format!("{version}"),
            from: Instant(from),
            until: until.map(Instant),
            stages: stages.to_vec(),
        };
        let rules = stages.iter().map(|_| Condition::parse("score >= 1").unwrap()).collect();
        Ruled { stretch, rules, scoring: Scoring::default() }
    }

    fn moments(at: &[i64]) -> Vec<Instant> {
        at.iter().copied().map(Instant).collect()
    }

    #[test]
    fn a_lead_enters_when_something_happens_and_the_rule_of_the_version_in_force_holds() {
        let all = [ruled(1, 100, Some(200), &[Stage::Mql]), ruled(2, 200, None, &[Stage::Mql])];
        // it scores 50 from 110 on: too little for version 1, enough for version 2
        let entered = entered(&all, &moments(&[90, 110, 150, 210, 220]), |place, _, at| place == 1 && at.0 >= 110);
        assert_eq!(entered, [Enters { stage: Stage::Mql, version: 2, moment: 3 }]);
    }

    #[test]
    fn nothing_is_entered_before_the_first_version_nor_by_the_beginning_of_one() {
        let all = [ruled(1, 100, None, &[Stage::Mql])];
        assert!(entered(&all, &moments(&[10, 99]), |_, _, _| true).is_empty());
    }

    #[test]
    fn who_stays_over_the_bar_enters_once_and_who_fell_under_it_in_between_again() {
        let all = [ruled(1, 0, Some(55), &[Stage::Mql]), ruled(2, 55, None, &[Stage::Mql])];
        let stays = entered(&all, &moments(&[10, 20, 60]), |_, _, _| true);
        assert_eq!(stays.iter().map(|e| e.moment).collect::<Vec<_>>(), [0]);
        // faded by 59, and over the bar again at 60
        let faded = entered(&all, &moments(&[10, 20, 60]), |_, _, at| at.0 <= 30 || at.0 >= 60);
        assert_eq!(faded.iter().map(|e| (e.moment, e.version)).collect::<Vec<_>>(), [(0, 1), (2, 2)]);
    }

    #[test]
    fn stages_are_entered_each_by_its_own_rule_in_the_order_of_moments() {
        let all = [ruled(1, 0, None, &[Stage::Sql, Stage::Mql])];
        let entered = entered(&all, &moments(&[10, 20]), |_, rule, at| rule == 1 || at.0 >= 20);
        let seen: Vec<(usize, Stage)> = entered.iter().map(|e| (e.moment, e.stage)).collect();
        assert_eq!(seen, [(0, Stage::Mql), (1, Stage::Sql)]);
    }

    #[test]
    fn a_text_without_rules_and_rules_for_what_no_rule_can_define_are_none() {
        let mut agreement = Agreement::parse(crate::document::DRAFT, "draft").unwrap();
        let of = |a: &Agreement| Ruled::of(a, 1, Instant(0), None).map(|r| r.stretch.stages);
        assert_eq!(of(&agreement), Some(vec![Stage::Mql]));
        for (stage, definition) in &mut agreement.definitions {
            let moved = definition.when.take();
            if *stage == Stage::Opportunity {
                definition.when = moved.or(Condition::parse("budget is known").ok());
            }
        }
        assert_eq!(of(&agreement), None);
    }
}
