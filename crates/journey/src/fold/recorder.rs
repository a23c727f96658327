//! What the fold tells about itself while it runs.
//!
//! Here: one small value for each step, and the recorder that keeps nothing. The fold is one code path: the figures
//! and their explanation cannot differ. Texts are made in `explain`.

use terms::{Stage, When};

use crate::{Code, Event, Source};

/// Why the fold did what it did; codes and keys are as in the events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// A version of a lead or an opportunity record was read.
    Version,
    /// A version says that the thing was deleted.
    Deleted,
    /// An event that a later version of itself corrects or deletes.
    Superseded,
    /// It happened after the moment as of which is folded.
    Later,
    /// It is about a lead or an opportunity that is not there.
    Orphan,
    /// A cycle begins.
    CycleBegins(i32),
    /// The stage was entered in this cycle, for the first time or again.
    Entered(i32, Stage, bool),
    /// The cycle ends with this stage.
    Exits(i32, Stage),
    /// The cycle that had ended goes on.
    Resumes(i32),
    /// The stage as recorded has no place among ours.
    NoStage,
    /// The stage goes by the rule of this version of the agreement: what is recorded of it does not count.
    ByRule(u32),
    /// The opportunity's history reached this stage.
    OpportunityStage(Stage),
    /// Somebody else has the lead from here on.
    Passes,
    /// Clocks of the lead stand still from here on, as an agreement allows.
    Waits,
    /// They go on.
    WaitEnds,
    /// A field took this event's value, because it is later than the record.
    FieldTaken,
    /// A field changed, and the record knows it already.
    FieldKnown,
    /// The lead was converted in this cycle.
    Converted(i32),
    /// The stage says converted and the flag says not: the flag decides.
    FlagOverStage,
    /// The opportunity belongs to this cycle of this lead.
    OpportunityOf {
        /// The lead.
        lead: u64,
        /// Its cycle.
        cycle: i32,
        /// Its money counts in the cycle.
        primary: bool,
    },
    /// The opportunity has no lead here.
    NoLead,
    /// The opportunity stands open, won or lost.
    Outcome(Stage),
    /// The sales clock of this cycle starts, by this rule.
    Handoff(i32, HandoffRule),
    /// The lead was never qualified by the rule of this version of the agreement, so this cycle has no hand-off.
    NoHandoff(i32, u32),
    /// The win counts in this cycle.
    Won(i32),
    /// The win that the lead itself records is that of an opportunity of others.
    WonWith(i32),
    /// The win is dated before the cycle began.
    WonBeforeCreated(i32),
    /// Sources or fields contradict each other about this.
    Contradicted,
    /// An attempt in this cycle; whether it is the first after the hand-off.
    Attempt(i32, bool),
    /// A contact in this cycle, the first after the hand-off.
    FirstContact(i32),
    /// It was written down so many minutes after it is said to have happened, and is on record from then.
    WrittenLater(i32),
    /// A response that the source recorded stands in for a missing first attempt.
    ResponseAsAttempt(i32),
    /// An activity that is neither attempt nor contact.
    NoAttempt,
    /// An attempt or a contact without a time.
    Undated,
    /// A touch in this cycle.
    Touch(i32),
    /// A touch before this cycle, within the look-back.
    TouchBefore(i32),
    /// A touch taken for a machine's.
    MachineTouch(i32),
    /// It falls in no cycle.
    Outside,
}

/// What the hand-off was taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandoffRule {
    /// The source records it.
    Recorded,
    /// The lead entered this stage.
    Stage(Stage),
    /// Nothing but the creation is known.
    Created,
}

/// Takes the steps of a fold.
pub trait Recorder {
    /// One step, with the event that caused it.
    fn event(&mut self, event: &Event, step: Step);
    /// One step that follows from a record as a whole.
    fn conclusion(&mut self, subject: u64, at: When, source: Source, raw: Code, step: Step);
}

/// Keeps nothing, costs nothing.
pub(crate) struct Silent;

impl Recorder for Silent {
    #[inline(always)]
    fn event(&mut self, _: &Event, _: Step) {}
    #[inline(always)]
    fn conclusion(&mut self, _: u64, _: When, _: Source, _: Code, _: Step) {}
}
