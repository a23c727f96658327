//! The fold in words: what happened, and what it did to the facts, in the order of time.
//!
//! Here: the recorder that keeps the steps and turns each into text. Not here: any decision; the steps come from the
//! same code that makes the rows. Invariant: no text names a person: reps and campaigns appear by the caller's codes.

use agreement::Definitions;
use terms::When;

use crate::fold::{HandoffRule, Recorder, Step};
use crate::{Changed, Code, Event, Fold, JourneyFacts, JourneyInput, NO_MONEY, Source, What};

/// One step of a fold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When it happened; unknown for what has no time of its own.
    pub when: When,
    /// The lead, person or opportunity it is about.
    pub subject: u64,
    /// What happened: `outbound call`, `entered mql (as recorded: Qualified)`.
    pub what: String,
    /// What it did to the facts: `first attempt of cycle 0`.
    pub effect: String,
    /// From which row.
    pub source: Source,
}

/// Folds one journey and tells each step, by time; `text` gives the text of a code.
pub fn explain(
    input: &JourneyInput<'_>,
    definitions: &Definitions,
    as_if: Option<i32>,
    text: &dyn Fn(Code) -> Option<String>,
) -> (JourneyFacts, Vec<Told>) {
    let mut facts = JourneyFacts::default();
    let mut teller = Teller { text, told: Vec::new() };
    Fold::new(definitions, as_if).run_with(input, &mut facts, &mut teller);
    let mut told = teller.told;
    // the sort is stable: what follows from an event stays behind it
    told.sort_by_key(|t| t.when.order());
    (facts, told)
}

struct Teller<'t> {
    text: &'t dyn Fn(Code) -> Option<String>,
    told: Vec<Told>,
}

impl Recorder for Teller<'_> {
    fn event(&mut self, event: &Event, step: Step) {
        let (what, effect) = (self.what(event), effect(step, ""));
        self.told.push(Told { when: event.when(), subject: event.subject, what, effect, source: event.source });
    }

    fn conclusion(&mut self, subject: u64, when: When, source: Source, raw: Code, step: Step) {
        let raw = match step {
            Step::OpportunityOf { .. } => {
                (self.text)(raw).filter(|_| raw != 0).map_or_else(String::new, |t| format!(", linked by {t}"))
            }
            _ => self.raw(raw),
        };
        let effect = effect(step, &raw);
        self.told.push(Told { when, subject, what: "follows from the record".to_owned(), effect, source });
    }
}

impl Teller<'_> {
    fn raw(&self, code: Code) -> String {
        (self.text)(code).filter(|_| code != 0).map_or_else(String::new, |t| format!(" (as recorded: {t})"))
    }

    fn what(&self, event: &Event) -> String {
        let words = |parts: &[&str]| parts.iter().filter(|p| !p.is_empty()).copied().collect::<Vec<_>>().join(" ");
        match event.what {
            What::LeadSeen(_) => "a version of the lead".to_owned(),
            What::OpportunitySeen(_) => "a version of the opportunity".to_owned(),
            What::StageEntered { stage, raw, amount, .. } => {
                let stage = stage.map_or("a stage that is not ours", terms::Stage::word);
                let amount = if amount == NO_MONEY { String::new() } else { format!(", amount {amount} minor units") };
                format!("entered {stage}{}{amount}", self.raw(raw))
            }
            What::EnteredByRule { stage, version } => {
                format!("entered {} by the rule of version {version} of the agreement", stage.word())
            }
            What::Converted { .. } => "converted".to_owned(),
            What::FieldChanged { field, .. } => match field {
                Changed::Owner => "the owner changed",
                Changed::Amount => "the amount changed",
                Changed::CloseDate => "the close date changed",
                Changed::Other => "a field changed",
            }
            .to_owned(),
            What::Activity { kind, direction, contact, automatic, done, .. } => words(&[
                if automatic { "automatic" } else { "" },
                direction.word(),
                kind.word(),
                if done == Some(false) { "(not done)" } else { "" },
                if contact { "(both sides spoke)" } else { "" },
            ]),
            What::Touch { channel, automatic, .. } => {
                let channel = (self.text)(channel).filter(|_| channel != 0).unwrap_or_default();
                words(&["touch", &channel, if automatic { "(automatic)" } else { "" }])
            }
        }
    }
}

fn effect(step: Step, raw: &str) -> String {
    match step {
        Step::Version => "its fields are taken where they are given".to_owned(),
        Step::Deleted => "deleted: it counts nowhere".to_owned(),
        Step::Superseded => "a later version of it stands".to_owned(),
        Step::Later => "had not happened yet".to_owned(),
        Step::Orphan => "its record is not here: it counts nowhere".to_owned(),
        Step::CycleBegins(n) => format!("cycle {n} begins"),
        Step::Entered(n, stage, true) => format!("first {} of cycle {n}", stage.word()),
        Step::Entered(n, stage, false) => format!("{} again in cycle {n}: the first time stays", stage.word()),
        Step::Exits(n, stage) => format!("cycle {n} ends as {}", stage.word()),
        Step::Resumes(n) => format!("cycle {n} goes on"),
        Step::NoStage => "no stage of ours: it changes nothing".to_owned(),
        Step::ByRule(version) => {
            format!(
                "version {version} of the agreement defines this stage by a rule: as recorded it does not count{raw}"
            )
        }
        Step::OpportunityStage(stage) => format!("the opportunity reached {}", stage.word()),
        Step::Passes => "clocks follow the office of its new owner from here on".to_owned(),
        Step::Waits => "clocks stand still from here on, as far as an agreement allows".to_owned(),
        Step::WaitEnds => "clocks go on".to_owned(),
        Step::FieldTaken => "later than the record: taken".to_owned(),
        Step::FieldKnown => "the record knows it already".to_owned(),
        Step::Converted(n) => format!("cycle {n} reached opportunity by conversion"),
        Step::FlagOverStage => format!("the stage{raw} says converted and the flag says not: the flag decides"),
        Step::OpportunityOf { cycle, primary: true, .. } => format!("its money counts in cycle {cycle}{raw}"),
        Step::OpportunityOf { cycle, primary: false, .. } => {
            format!("belongs to cycle {cycle}, whose money is another opportunity's{raw}")
        }
        Step::NoLead => "has no lead here".to_owned(),
        Step::Outcome(stage) => format!("stands as {}{raw}", stage.word()),
        Step::Handoff(n, HandoffRule::Recorded) => format!("hand-off of cycle {n}, as recorded"),
        Step::Handoff(n, HandoffRule::Stage(stage)) => format!("hand-off of cycle {n} taken from {}", stage.word()),
        Step::Handoff(n, HandoffRule::Created) => format!("hand-off of cycle {n} taken from its creation"),
        Step::NoHandoff(n, version) => {
            format!("no hand-off of cycle {n}: by the rule of version {version} of the agreement it was not qualified")
        }
        Step::Won(n) => format!("cycle {n} is won"),
        Step::WonWith(n) => {
            format!("cycle {n} is no win of its own: an opportunity of its company or buying group is that win")
        }
        Step::WonBeforeCreated(n) => format!("the win is dated before cycle {n} began: both dates are kept"),
        Step::Contradicted => "marked as contradicted".to_owned(),
        Step::Attempt(n, true) => format!("first attempt of cycle {n} so far"),
        Step::Attempt(n, false) => format!("an attempt in cycle {n}"),
        Step::FirstContact(n) => format!("first contact of cycle {n}"),
        Step::WrittenLater(minutes) => {
            let after = match minutes {
                ..=2_880 => format!("up to {} hours", minutes / 60),
                2_881..86_400 => format!("up to {} days", minutes / 1_440),
                _ => "59 days or more".to_owned(),
            };
            format!("written down {after} after it is said to have happened: on record from then")
        }
        Step::ResponseAsAttempt(n) => format!("a recorded response stands in for the first attempt of cycle {n}"),
        Step::NoAttempt => "neither an attempt nor a contact".to_owned(),
        Step::Undated => "has no time: it belongs to no cycle".to_owned(),
        Step::Touch(n) => format!("a touch of cycle {n}"),
        Step::TouchBefore(n) => format!("a touch before cycle {n}, within the look-back"),
        Step::MachineTouch(n) => format!("a machine's touch in cycle {n}"),
        Step::Outside => "falls in no cycle".to_owned(),
    }
}
