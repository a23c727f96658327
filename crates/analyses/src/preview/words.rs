//! Every sentence of this page. Numbers are placeholders.

pub const METHOD: &str = "A replay of the year: each lead is qualified or not by both agreements (by the rule for mql, else by the bar), at its hand-off. Leads that are passed are taken as \
worked as often as those passed today were; what comes of worked and of unworked leads are the rates of the same kind of lead, by draws (Jeffreys), the amount \
by its mean. Clauses are judged on the same year by both, each by its own stages and pauses. See docs/methods/scoring.md.";

pub fn answer(has_bar: bool) -> String {
    if has_bar {
        "A replay, not an experiment: over the year the proposal would have passed {preview.proposed.passed} leads to sales where today \
{preview.today.passed} pass; by the rates at which like leads were won that is {preview.change.won}."
            .to_owned()
    } else {
        "The proposal has neither a bar nor a rule for mql: it changes which leads are passed for none. Its clauses stand below beside those of today.".to_owned()
    }
}

pub const CANNOT_REPLAY: &str =
    "Cannot replay the proposal: no lead of the last four quarters is old enough to have come to anything.";
pub const NO_LEADS: [&str; 3] = [
    "what the proposal would have passed to sales, and what would have come of it",
    "no lead with a time in the last four full quarters that is old enough",
    "leads with a time of hand-off or creation over a year",
];

pub const SURE: &str = "The interval leaves zero out: at these rates the proposal changes what is won.";
pub const UNSURE: &str =
    "The interval holds zero: whether more or less would have been won cannot be told from these leads.";

pub const CANNOT: [(&str, &str); 3] = [
    (
        "How sales and marketing would have acted under it: sources, spend and effort are taken as they were.",
        "a quarter in which it is in force, or a part of the leads dealt out by lot (`lane`)",
    ),
    (
        "What leads are worth that nobody has worked: those that only the proposal passes were worked less, and not by lot.",
        "working a few of them, drawn by lot",
    ),
    (
        "Whether a change of load changes how well leads are worked: coverage is taken as today's.",
        "`lockstep capacity --under` the proposal, which counts waiting",
    ),
];

pub const STAGES: &str = "Until the data ends, not at the hand-off alone. A stage defined by a rule is judged at each moment of a lead, any other is as recorded.";

pub const NEW_UNKNOWN: &str = "Fewer than 30 of the leads that only the proposal passes were ever tried: what they would come to rests on hardly anything.";

pub const AS_RECORDED: &str =
    "Today no agreement with a bar or a rule for mql is in force: qualified are those that the CRM has as mql.";
