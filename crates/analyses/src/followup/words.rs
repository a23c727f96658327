//! Every sentence this room can say. Numbers are placeholders.

use super::judge::Case;
use super::specs::Class;

pub const METHOD: &str = "Leads first tried within 60 minutes of hand-off beside the others, by what came of them within 90 \
days. Only leads watched for all of the 90 days count; those with the outcome by the 60th minute are in neither group. Held \
alike: source, product, segment and country where recorded for 95%, whether mql by the hand-off, its 30-day block, four hours of \
the day and weekend, owner. \
Adjusted four ways: standardised, doubly robust, overlap weights, beside the crude difference. The instrument is the number of \
leads handed to the same owner in the 24 hours before, within owner and 30-day block and beside the usual arrivals of those hours of the week (two-stage least squares); it is never \
among what is held alike. See docs/methods/followup.md.";

/// The headline.
pub fn answer(case: Case, word: &str) -> String {
    match case {
        Case::NoTimeOfDay => {
            "Cannot tell what speed has to do with outcome: hand-offs have a day and no time.".to_owned()
        }
        Case::TooFew => "Cannot tell what speed has to do with outcome: too few leads to compare.".to_owned(),
        Case::NoOverlap => format!(
            "Cannot tell whether leads tried within the hour are {word} more often because of it: the two groups hardly \
hold leads of one kind."
        ),
        Case::AdjustedOnly | Case::Unchecked => format!(
            "Leads first tried within the hour are {word} at a rate that differs by {{followup.effect.doubly_robust}} from \
that of like leads. That is an association: whether speed is behind it is not known."
        ),
        Case::Confounded => format!(
            "Cannot tell what speed does: beside like leads the rate at which they are {word} differs by \
{{followup.effect.doubly_robust}}, by the load of arrivals {{followup.effect.load}}. That is confounded by something not \
recorded, unless load acts in other ways than through speed."
        ),
        Case::Agree => format!(
            "Leads first tried within the hour are {word} at a rate that differs by {{followup.effect.doubly_robust}} from \
that of like leads; where only the load of arrivals decided, by {{followup.effect.load}}. The two agree within noise."
        ),
    }
}

pub const APART: &str = "Compared are those watched for 90 days, less the last two lines. Left out are leads of \
which fewer than 5% (or more than 95%) are tried within the hour: there are no like leads to set beside them.";

/// The class that is left out where one alone is compared, in words.
pub fn left_out(only: Option<Class>) -> Option<(&'static str, Class)> {
    Some(match only? {
        Class::Qualified => (
            "left out: not yet mql at hand-off, of whom 5% at most (or 95% at least) are tried within the hour",
            Class::Later,
        ),
        Class::Later => (
            "left out: mql by the hand-off, of whom 5% at most (or 95% at least) are tried within the hour",
            Class::Qualified,
        ),
    })
}

/// Code and sentence of the finding.
pub fn finding(case: Case) -> Option<(&'static str, String)> {
    Some(match case {
        Case::Confounded => (
            "confounded",
            "The crude difference is {followup.effect.crude}, the adjusted one {followup.effect.doubly_robust} and that by \
the load of arrivals {followup.effect.load}. The last two differ by more than noise: leads tried fast differ from the others \
in something that is not recorded, or load acts on the outcome in another way than through speed."
                .to_owned(),
        ),
        Case::Agree => (
            "answers_agree",
            "The crude difference is {followup.effect.crude}, the adjusted one {followup.effect.doubly_robust} and that by \
the load of arrivals {followup.effect.load}."
                .to_owned(),
        ),
        Case::Unchecked => (
            "unchecked",
            "The crude difference is {followup.effect.crude}, the adjusted one {followup.effect.doubly_robust} and that by \
the load of arrivals {followup.effect.load}: too wide to check the others by."
                .to_owned(),
        ),
        Case::AdjustedOnly => (
            "adjusted_only",
            "The crude difference is {followup.effect.crude}, the adjusted one {followup.effect.doubly_robust}.".to_owned(),
        ),
        _ => return None,
    })
}

pub const E_VALUE: &str = "Something not recorded would explain the adjusted ratio away if it were tied to both speed and outcome \
by a ratio of {followup.e_value} or more; to bring the near end of its interval to no difference, {followup.e_value_bound}.";
pub const LANDMARK: &str = "Leads with the outcome by the 60th minute are in neither group; leads whose first attempt has a day \
and no time are counted apart.";
pub const AS_RECORDED: &str = "Source, product, segment, country and owner are taken as recorded now; one changed after the \
hand-off stands as changed. Hours are those of UTC.";
pub const CREATED: &str = "Hand-offs are not recorded for half of the leads: times run from the creation of the lead.";
pub const NO_OWNER: &str = "The owner is recorded for fewer than 95% of leads, or there are more than 300: it is not held alike, and the \
load is that of all arrivals.";
pub const LOAD: &str = "The answer by load holds for leads whose speed the load decided, and only if load acts on the outcome \
through the first attempt's speed alone. No number can show that.";
pub const SPEED_NOTE: &str = "An association, not an effect: reps choose whom to try first, and a lead tried late had to be still \
open.";
pub const SPEED: [&str; 6] = ["within 5 minutes", "within 1 hour", "within 1 day", "within 3 days", "later", "never"];

pub const NO_ACTIVITIES: [&str; 3] = [
    "how fast and how often leads were tried",
    "no activity with a time on any lead",
    "an export of activities with lead, time and kind: Task and Event of Salesforce, engagements of HubSpot, or a date of \
the first response on the lead",
];
pub const NO_TIME: [&str; 3] = [
    "what speed within the hour has to do with outcome",
    "hand-offs with a day and no time of day",
    "an export whose hand-off (or creation) has a time",
];
pub const TOO_FEW: [&str; 3] = [
    "what speed has to do with outcome",
    "fewer than 100 leads or 10 outcomes in one of the two groups, or none that could be modelled",
    "at least 100 leads and 10 outcomes in each group, watched for 90 days",
];
pub const NO_OVERLAP: [&str; 3] = [
    "what speed has to do with outcome among like leads",
    "more than half of the leads of a kind that is nearly always, or nearly never, tried within the hour",
    "a randomised slice of routing, so that leads of each kind are found in both groups",
];
/// What is not known, and what would settle it.
pub const WEAK: [&str; 2] = [
    "An answer by the load of arrivals: they hardly move how fast leads are tried (first-stage F below 10, or none).",
    "A longer record or a randomised slice of routing would settle whether speed is behind the difference.",
];
/// What is not known, and what would settle it.
pub const UNCHECKED: [&str; 2] = [
    "Whether something not recorded is behind the difference: the error of the answer by the load of arrivals is larger \
than the difference itself.",
    "A longer record or a randomised slice of routing would settle it.",
];
/// What is not known, and what would settle it.
pub const ATTEMPTS: [&str; 2] = [
    "Whether one more call raises or lowers the rate of outcomes: numbers of attempts follow the outcome. Reps stop \
calling when a lead is won or says no, and go on when it is silent.",
    "A randomised number of calls would settle it.",
];
