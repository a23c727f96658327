//! Disputes of facts: who says that one is wrong, what the other side answers, who decides.
//!
//! A pure fold of steps in the order of the ledger. Not here: what was said in words, the time now. Invariant: a side never
//! answers itself; a dispute is contested until the other side concedes, it is withdrawn, or somebody who is neither side
//! rules; a step that does not count changes nothing and says why.

use terms::{Instant, Key, Team};

/// How long the other side has to answer before somebody who is neither may rule without it: seven days.
pub const ANSWER_WITHIN_MS: i64 = 7 * 24 * 3_600_000;

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A side says that a fact is wrong.
    Open,
    /// The other side says so too.
    Concede,
    /// The other side stands by the fact.
    Maintain,
    /// Somebody who is neither side decides: whether the one who opened it is right.
    Rule(bool),
    /// The side that opened it takes it back.
    Withdraw,
}

impl Act {
    /// Its word in the ledger; a ruling has its outcome beside it.
    pub const fn word(self) -> &'static str {
        match self {
            Act::Open => "open",
            Act::Concede => "concede",
            Act::Maintain => "maintain",
            Act::Rule(_) => "rule",
            Act::Withdraw => "withdraw",
        }
    }

    /// The act of a word, with the outcome of a ruling.
    pub fn parse(word: &str, outcome: &str) -> Option<Act> {
        Some(match (word, outcome) {
            ("open", _) => Act::Open,
            ("concede", _) => Act::Concede,
            ("maintain", _) => Act::Maintain,
            ("rule", "upheld") => Act::Rule(true),
            ("rule", "dismissed") => Act::Rule(false),
            ("withdraw", _) => Act::Withdraw,
            _ => return None,
        })
    }
}

/// A step as it stands in the ledger. `None` as its side: of neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which dispute.
    pub dispute: String,
    /// When.
    pub at: Instant,
    /// What it does.
    pub act: Act,
    /// For which side.
    pub side: Option<Team>,
    /// In which role.
    pub role: String,
    /// `disposition`, `fact` or `figure`, where it opens one.
    pub about: String,
    /// Which one.
    pub which: String,
    /// The lead, or itself where it is about a figure.
    pub subject: Key,
    /// Until when the other side may answer, where it opens one.
    pub due: Option<Instant>,
}

/// Where a dispute stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The other side has not answered yet.
    Open,
    /// The other side stands by the fact: somebody who is neither decides.
    Maintained,
    /// The other side agrees that the fact is wrong.
    Conceded,
    /// Decided for the side that opened it.
    Upheld,
    /// Decided against it.
    Dismissed,
    /// Taken back.
    Withdrawn,
}

impl State {
    /// Whether the fact is still in doubt.
    pub const fn is_contested(self) -> bool {
        matches!(self, State::Open | State::Maintained)
    }

    /// Whether the fact turned out to be wrong.
    pub const fn is_wrong(self) -> bool {
        matches!(self, State::Conceded | State::Upheld)
    }

    /// Its word in tables and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            State::Open => "open",
            State::Maintained => "maintained",
            State::Conceded => "conceded",
            State::Upheld => "upheld",
            State::Dismissed => "dismissed",
            State::Withdrawn => "withdrawn",
        }
    }
}

/// A dispute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dispute {
    /// Its name.
    pub name: String,
    /// By which side.
    pub by: Team,
    /// In which role.
    pub role: String,
    /// `disposition`, `fact` or `figure`.
    pub about: String,
    /// Which one.
    pub which: String,
    /// The lead, or itself where it is about a figure.
    pub subject: Key,
    /// When it was opened.
    pub opened: Instant,
    /// Until when the other side may answer.
    pub due: Instant,
    /// When its state was last changed.
    pub changed: Instant,
    /// Where it stands.
    pub state: State,
}

impl Dispute {
    /// Whether the time to answer is over without one.
    pub fn is_overdue(&self, now: Instant) -> bool {
        self.state == State::Open && now >= self.due
    }

    /// Takes a later step, or says why it does not count.
    ///
    /// # Errors
    /// Why it does not count; nothing is changed then.
    pub fn take(&mut self, step: &Step) -> Result<(), String> {
        let own = step.side == Some(self.by);
        let state = match step.act {
            Act::Open => return Err("it is open already".to_owned()),
            _ if !self.state.is_contested() => return Err(format!("it was {} already", self.state.word())),
            Act::Concede | Act::Maintain if own || step.side.is_none() => {
                return Err("the other side answers".to_owned());
            }
            Act::Concede => State::Conceded,
            Act::Maintain if self.state == State::Maintained => return Err("it was answered already".to_owned()),
            Act::Maintain => State::Maintained,
            Act::Rule(_) if step.side.is_some() => return Err("who is of either side does not rule".to_owned()),
            Act::Rule(_) if self.state == State::Open && !self.is_overdue(step.at) => {
                return Err("the other side has still time to answer".to_owned());
            }
            Act::Rule(true) => State::Upheld,
            Act::Rule(false) => State::Dismissed,
            Act::Withdraw if !own => return Err("the side that opened it takes it back".to_owned()),
            Act::Withdraw => State::Withdrawn,
        };
        (self.state, self.changed) = (state, step.at);
        Ok(())
    }
}

/// All disputes of a ledger's steps, in the order in which they were opened; steps that do not count are passed over.
pub fn disputes(steps: &[Step]) -> Vec<Dispute> {
    let mut out: Vec<Dispute> = Vec::new();
    for step in steps {
        if let Some(known) = out.iter_mut().find(|d| d.name == step.dispute) {
            let _ = known.take(step);
        } else if let (Act::Open, Some(by)) = (step.act, step.side) {
            out.push(Dispute {
                name: step.dispute.clone(),
                by,
                role: step.role.clone(),
                about: step.about.clone(),
                which: step.which.clone(),
                subject: step.subject,
                opened: step.at,
                due: step.due.unwrap_or(Instant(step.at.0 + ANSWER_WITHIN_MS)),
                changed: step.at,
                state: State::Open,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use terms::Entity;

    fn step(act: Act, side: Option<Team>, at: i64) -> Step {
        Step {
            dispute: "d1".to_owned(),
            at: Instant(at),
            act,
            side,
            role: "marketer".to_owned(),
            about: "disposition".to_owned(),
            which: "no budget".to_owned(),
            subject: Key { entity: Entity::Lead, hash: 7 },
            due: None,
        }
    }

    fn after(later: &[Step]) -> (State, Vec<bool>) {
        let mut all = disputes(&[step(Act::Open, Some(Team::Marketing), 0)]);
        let dispute = all.first_mut().unwrap();
        let taken = later.iter().map(|s| dispute.take(s).is_ok()).collect();
        (dispute.state, taken)
    }

    const SALES: Option<Team> = Some(Team::Sales);
    const MARKETING: Option<Team> = Some(Team::Marketing);

    #[test]
    fn the_other_side_answers_and_nobody_answers_twice() {
        assert_eq!(after(&[step(Act::Concede, MARKETING, 1)]), (State::Open, vec![false]));
        let twice = [step(Act::Concede, SALES, 1), step(Act::Maintain, SALES, 2)];
        assert_eq!(after(&twice), (State::Conceded, vec![true, false]));
        // who stood by it may come round later
        let round = [step(Act::Maintain, SALES, 1), step(Act::Concede, SALES, 2)];
        assert_eq!(after(&round), (State::Conceded, vec![true, true]));
        assert_eq!(after(&[step(Act::Withdraw, SALES, 1)]).0, State::Open);
        assert_eq!(after(&[step(Act::Withdraw, MARKETING, 1)]).0, State::Withdrawn);
    }

    #[test]
    fn who_is_neither_rules_once_the_other_side_answered_or_its_time_is_over() {
        assert_eq!(after(&[step(Act::Rule(true), None, 1)]), (State::Open, vec![false]));
        assert_eq!(after(&[step(Act::Rule(true), None, ANSWER_WITHIN_MS)]).0, State::Upheld);
        let ruled = |right| after(&[step(Act::Maintain, SALES, 1), step(Act::Rule(right), None, 2)]).0;
        assert_eq!((ruled(true), ruled(false)), (State::Upheld, State::Dismissed));
        let side = [step(Act::Maintain, SALES, 1), step(Act::Rule(true), MARKETING, 2)];
        assert_eq!(after(&side), (State::Maintained, vec![true, false]));
    }

    #[test]
    fn a_step_of_no_dispute_or_of_no_side_opens_none() {
        assert!(disputes(&[step(Act::Concede, SALES, 1), step(Act::Open, None, 2)]).is_empty());
        for act in [Act::Open, Act::Concede, Act::Maintain, Act::Rule(true), Act::Rule(false), Act::Withdraw] {
            let outcome = if act == Act::Rule(false) { "dismissed" } else { "upheld" };
            assert_eq!(Act::parse(act.word(), outcome), Some(act));
        }
        assert_eq!(Act::parse("rule", ""), None);
    }
}
