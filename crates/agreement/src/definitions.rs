//! The definitions that the fold reads.
//!
//! Here: one plain value with a default, its name and its hash; signed texts add the stages that they define by rules.
//! Invariant: the fold's result is a function of entries and this value; nothing that changes a fact is left out of
//! the hash.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use terms::{Instant, MINUTE_MS, Stage, When};

use crate::document::Agreement;
use crate::stages::Stretch;
use crate::{ActivityKind, Direction, free_mail};

/// Which activities count as an attempt to reach a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptRule {
    /// Of these kinds, when outbound and not known to be undone.
    pub outbound: Vec<ActivityKind>,
    /// Of these kinds also without a direction, when known to be done: tools that log tasks rarely say who reached out.
    pub undirected_done: Vec<ActivityKind>,
}

/// What begins a new cycle of a lead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CycleRule {
    /// Entering one of these stages ...
    pub reenter: Vec<Stage>,
    /// ... while the cycle before ended in one of these.
    pub after: Vec<Stage>,
}

/// While a version holds, clocks stand still in a stage as recorded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Wait {
    /// In lower case.
    pub stage: String,
    /// Since when it holds.
    pub from: Instant,
    /// Until when, where it holds no more.
    pub until: Option<Instant>,
}

/// What both teams hold to be true about stages, touches and activities.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Definitions {
    /// What they are called where a figure names them.
    pub name: String,
    /// How many days before a cycle began a touch still belongs to it. 90: about one quarter, the usual sales cycle.
    pub look_back_days: i32,
    /// Which activities are attempts.
    pub attempt: AttemptRule,
    /// An activity that was written down more than so many minutes after it is said to have happened counts on record from
    /// when it was written down.
    pub on_record_minutes: i32,
    /// Words of an outcome, lower case, that say that both sides spoke.
    pub contact_outcomes: Vec<String>,
    /// What begins a new cycle.
    pub cycle: CycleRule,
    /// Mail domains that say nothing about a company, lower case, sorted.
    pub free_mail: Vec<String>,
    /// Stages that signed texts define by rules, in the order of time ([`Definitions::by_rule`]).
    pub ruled: Vec<Stretch>,
    /// Stages as recorded in which signed texts let clocks stand still, sorted ([`Definitions::waits`]).
    pub waits: Vec<Wait>,
}

impl Default for Definitions {
    fn default() -> Self {
        use ActivityKind::{Call, Email, Meeting, Task};
        Definitions {
            name: "built-in definitions 1".to_owned(),
            look_back_days: 90,
            attempt: AttemptRule {
                outbound: vec![Call, Email, Meeting, Task],
                undirected_done: vec![Call, Email, Meeting, Task],
            },
            on_record_minutes: 60,
            contact_outcomes: ["answered", "connected", "replied", "reply"].map(str::to_owned).to_vec(),
            cycle: CycleRule {
                reenter: vec![Stage::Inquiry, Stage::Mql],
                after: vec![Stage::ClosedLost, Stage::Rejected, Stage::Recycled, Stage::Disqualified],
            },
            free_mail: free_mail::DOMAINS.map(str::to_owned).to_vec(),
            ruled: Vec::new(),
            waits: Vec::new(),
        }
    }
}

impl Definitions {
    /// What they are called where a figure names them.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A hash of everything that can change a fact; the name is part of it.
    pub fn hash(&self) -> u64 {
        let mut h = xxhash_rust::xxh3::Xxh3::new();
        let mut text = |part: &str| {
            h.update(&(part.len() as u64).to_le_bytes());
            h.update(part.as_bytes());
        };
        text(&self.name);
        text(&self.look_back_days.to_string());
        text(&self.on_record_minutes.to_string());
        for kinds in [&self.attempt.outbound, &self.attempt.undirected_done] {
            text(&kinds.iter().map(|k| k.word()).collect::<Vec<_>>().join(" "));
        }
        for stages in [&self.cycle.reenter, &self.cycle.after] {
            text(&stages.iter().map(|s| s.word()).collect::<Vec<_>>().join(" "));
        }
        for words in [&self.contact_outcomes, &self.free_mail] {
            text(&words.len().to_string());
            words.iter().for_each(|word| text(word));
        }
        text(&self.waits.len().to_string());
        for wait in &self.waits {
            text(&wait.stage);
            text(&format!("{} {:?}", wait.from.0, wait.until.map(|u| u.0)));
        }
        for ruled in &self.ruled {
            text(&format!("{} {} {} {:?}", ruled.version, ruled.text, ruled.from.0, ruled.until.map(|u| u.0)));
            text(&ruled.stages.iter().map(|s| s.word()).collect::<Vec<_>>().join(" "));
        }
        h.digest()
    }

    /// The same with stages that signed texts define by rules; the name says so.
    #[must_use]
    pub fn with_rules(mut self, ruled: Vec<Stretch>) -> Definitions {
        let said = |one: &Stretch| {
            let stages: Vec<&str> = one.stages.iter().map(|s| s.word()).collect();
            format!("{} by the rules of version {} of the agreement", stages.join(", "), one.version)
        };
        for one in &ruled {
            self.name = format!("{}; {}", self.name, said(one));
        }
        self.ruled = ruled;
        self
    }

    /// The same with stages as recorded in which a signed text lets clocks stand still while it holds.
    #[must_use]
    pub fn with_waits(mut self, agreement: &Agreement, from: Instant, until: Option<Instant>) -> Definitions {
        let stages = agreement.pauses.iter().flat_map(|pause| &pause.stages);
        self.waits.extend(stages.map(|stage| Wait { stage: stage.trim().to_lowercase(), from, until }));
        self.waits.sort_unstable();
        self
    }

    /// The stretches of time in which a stage as recorded is one in which clocks stand still, as places in
    /// [`Definitions::waits`].
    pub fn waits_in(&self, raw: &str) -> Range<usize> {
        if self.waits.is_empty() {
            return 0..0;
        }
        let raw = raw.trim().to_lowercase();
        self.waits.partition_point(|wait| wait.stage < raw)..self.waits.partition_point(|wait| wait.stage <= raw)
    }

    /// Whether any of these stretches holds at a time; where that is not known none does.
    pub fn waits(&self, within: &Range<usize>, at: When) -> bool {
        let Some(minutes) = at.minutes().filter(|_| !within.is_empty()) else { return false };
        let at = Instant(i64::from(minutes) * MINUTE_MS);
        let holds = |wait: &Wait| wait.from <= at && wait.until.is_none_or(|until| at < until);
        self.waits.get(within.clone()).is_some_and(|all| all.iter().any(holds))
    }

    /// The version by whose rule alone a stage is entered at an instant, where the CRM's word does not count. That somebody
    /// sent a lead back or turned it down counts always: a rule for these adds to what people decide.
    pub fn by_rule(&self, stage: Stage, at: Instant) -> Option<u32> {
        if stage.is_exit() {
            return None;
        }
        let one = self.ruled.iter().find(|one| one.holds(at) && one.stages.contains(&stage))?;
        Some(one.version)
    }

    /// Whether an activity is an attempt to reach the lead. `done` is `None` where the source does not say.
    pub fn is_attempt(&self, kind: ActivityKind, direction: Direction, automatic: bool, done: Option<bool>) -> bool {
        !automatic
            && match direction {
                Direction::Outbound => done != Some(false) && self.attempt.outbound.contains(&kind),
                Direction::Inbound => false,
                Direction::Unknown => done == Some(true) && self.attempt.undirected_done.contains(&kind),
            }
    }

    /// Whether an outcome as recorded says that both sides spoke: one of its words is in the list and none denies it
    /// (`not answered` does not).
    pub fn is_contact_outcome(&self, outcome: &str) -> bool {
        let lower = outcome.to_lowercase();
        let words = || lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        words().any(|w| self.contact_outcomes.iter().any(|c| c == w))
            && !words().any(|w| matches!(w, "no" | "not" | "un" | "non"))
    }

    /// Whether a mail domain says nothing about a company; in any case.
    pub fn is_free_mail(&self, domain: &str) -> bool {
        let lower = domain.trim().to_lowercase();
        self.free_mail.binary_search_by(|d| d.as_str().cmp(&lower)).is_ok()
    }

    /// Whether entering `stage` after a cycle that ended in `exit` begins a new one.
    pub fn begins_cycle(&self, exit: Stage, stage: Stage) -> bool {
        self.cycle.after.contains(&exit) && self.cycle.reenter.contains(&stage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_without_a_direction_is_an_attempt_only_when_it_was_done() {
        let d = Definitions::default();
        assert!(d.is_attempt(ActivityKind::Task, Direction::Unknown, false, Some(true)));
        assert!(!d.is_attempt(ActivityKind::Task, Direction::Unknown, false, None));
        assert!(!d.is_attempt(ActivityKind::Task, Direction::Unknown, false, Some(false)));
    }

    #[test]
    fn what_a_machine_or_the_lead_did_and_what_was_not_done_is_no_attempt() {
        let d = Definitions::default();
        assert!(d.is_attempt(ActivityKind::Call, Direction::Outbound, false, None));
        assert!(!d.is_attempt(ActivityKind::Call, Direction::Outbound, true, Some(true)));
        assert!(!d.is_attempt(ActivityKind::Call, Direction::Inbound, false, Some(true)));
        assert!(!d.is_attempt(ActivityKind::Call, Direction::Outbound, false, Some(false)));
        assert!(!d.is_attempt(ActivityKind::Note, Direction::Outbound, false, Some(true)));
    }

    #[test]
    fn an_outcome_is_a_contact_by_its_words_unless_they_deny_it() {
        let d = Definitions::default();
        for yes in ["Connected", "call answered", "Reply", "replied - asked for a quote"] {
            assert!(d.is_contact_outcome(yes), "{yes}");
        }
        for no in ["Not answered", "no reply", "disconnected", "busy", ""] {
            assert!(!d.is_contact_outcome(no), "{no}");
        }
    }

    #[test]
    fn free_mail_domains_are_sorted_once_each_and_found_in_any_case() {
        let d = Definitions::default();
        assert!(d.free_mail.windows(2).all(|w| w[0] < w[1]));
        assert!(d.is_free_mail("GMail.com"));
        assert!(!d.is_free_mail("acme.com"));
    }

    #[test]
    fn any_changed_definition_changes_the_hash() {
        let base = Definitions::default();
        assert_eq!(base.hash(), Definitions::default().hash());
        let mut changed: [Definitions; 10] = std::array::from_fn(|_| base.clone());
        changed[0].look_back_days = 30;
        changed[1].attempt.outbound.pop();
        changed[2].attempt.undirected_done.pop();
        changed[3].cycle.after.pop();
        changed[4].contact_outcomes.push("met".to_owned());
        changed[5].free_mail.pop();
        let ruled =
            Stretch { version: 1, text: "a".to_owned(), from: Instant(0), until: None, stages: vec![Stage::Mql] };
        changed[6].ruled.push(ruled.clone());
        changed[7].ruled.push(Stretch { until: Some(Instant(9)), ..ruled.clone() });
        changed[8].ruled.push(Stretch { text: "b".to_owned(), ..ruled });
        changed[9].waits.push(Wait { stage: "on hold".to_owned(), from: Instant(0), until: None });
        let hashes: std::collections::BTreeSet<u64> = changed.iter().chain([&base]).map(Definitions::hash).collect();
        assert_eq!(hashes.len(), 11);
    }

    #[test]
    fn a_stage_goes_by_a_rule_only_while_the_version_with_it_holds() {
        let ruled = |version, from, until| Stretch {
            version,
            text: String::new(),
            from: Instant(from),
            until,
            stages: vec![Stage::Mql, Stage::Sql, Stage::Recycled],
        };
        let d = Definitions::default().with_rules(vec![ruled(1, 10, Some(Instant(20))), ruled(3, 20, None)]);
        let by = |stage, at| d.by_rule(stage, Instant(at));
        assert_eq!([9, 10, 19, 20].map(|at| by(Stage::Mql, at)), [None, Some(1), Some(1), Some(3)]);
        assert_eq!((by(Stage::Sal, 15), by(Stage::Recycled, 15)), (None, None));
        assert!(d.name().contains("mql, sql, recycled by the rules of version 3"), "{}", d.name());
    }

    #[test]
    fn clocks_stand_still_in_a_stage_only_while_a_version_that_says_so_holds() {
        let text = "name = \"t\"\neffective = 2026-01-01\n[signers]\nsales = [\"S\"]\nmarketing = [\"M\"]\n\
            [[pause]]\nreason = \"later\"\nstages = [\"On hold\", \"Later\"]\n";
        let agreement = Agreement::parse(text, "t").unwrap();
        let minute = |n: i64| Instant(n * MINUTE_MS);
        let d = Definitions::default().with_waits(&agreement, minute(10), Some(minute(20))).with_waits(
            &agreement,
            minute(30),
            None,
        );
        let at = |raw: &str, n| d.waits(&d.waits_in(raw), When::Instant(minute(n)));
        assert_eq!([9, 10, 19, 20, 30].map(|n| at(" on HOLD", n)), [false, true, true, false, true]);
        assert!(!at("hold", 15) && at("later", 15) && !d.waits(&d.waits_in("Later"), When::Unknown));
        assert!(Definitions::default().waits_in("On hold").is_empty());
    }

    #[test]
    fn a_new_cycle_needs_an_exit_before_it() {
        let d = Definitions::default();
        assert!(d.begins_cycle(Stage::Recycled, Stage::Mql));
        assert!(!d.begins_cycle(Stage::Recycled, Stage::Sal));
        assert!(!d.begins_cycle(Stage::Sal, Stage::Mql));
    }
}
