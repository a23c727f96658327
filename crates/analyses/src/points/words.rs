//! Every sentence of this page. Numbers are placeholders.

pub const METHOD: &str = "Leads handed over (or all, from their creation, where hand-offs are not recorded for half), old enough that \
95 of 100 outcomes would have come, scored as of that moment: what happened later counts nowhere. A rule's difference is that of two rates, \
with Newcombe's interval; its odds net of the others are those of a logistic regression on all rules at once. The area under the curve \
is the chance that a lead with the outcome has more points than one without (DeLong's interval). See docs/methods/scoring.md.";

pub const ASSOCIATION: &str =
    "A rule tells leads apart; it does not say that more of what it looks at would bring more outcomes.";

/// The answer.
pub fn answer(outcome: &str, bands: usize, monotone: bool) -> String {
    if bands < 2 {
        return format!(
            "The rules give every lead the same points: they tell none that {outcome} from one that did not."
        );
    }
    let order = if monotone {
        "and each band of points comes to more than the one before"
    } else {
        "but not every band of points comes to more than the one before"
    };
    format!("A lead that {outcome} had more points than one that did not in {{score.area}} of pairs, {order}.")
}

pub const CANNOT: &str = "Cannot tell how well the rules tell leads apart: too few leads with and without the outcome.";

pub const TOO_FEW: [&str; 3] = [
    "how well the rules tell leads apart",
    "fewer than ten leads with the outcome, or without it, that are old enough",
    "more leads that were followed to an outcome; ten of each are the least that a difference can be told from",
];

pub fn never(name: &str) -> String {
    format!("`{name}` fired for no lead: no record holds what it looks for, or it is written otherwise there.")
}

pub fn looks_at_sales(name: &str) -> String {
    format!(
        "`{name}` looks at what sales writes after the hand-off, so it never fires: it would score what it should foretell."
    )
}

pub fn always(name: &str) -> String {
    format!("`{name}` fired for every lead: it adds the same to all and tells none apart.")
}

/// Points that go against what came of leads.
pub fn against(name: &str, id: &str, adds: bool) -> String {
    let does = if adds { "adds points" } else { "takes points away" };
    let came = if adds { "fewer" } else { "more" };
    format!(
        "`{name}` {does}, and {came} of its leads had the outcome: {{{id}.rate}} beside {{{id}.others}}. Beside the other rules too: it takes value from the score."
    )
}

/// Points that the records do not bear out.
pub fn alone_only(name: &str, id: &str) -> String {
    format!(
        "`{name}` goes with {{{id}.difference}} by itself, and beside the other rules nothing of that can be told: it says what they say already."
    )
}

pub fn bar(at: i64) -> String {
    format!(
        "At the bar of {at}, {{score.bar.reach}} of {{score.leads}} leads pass: {{score.bar.reach.rate}} of them had the outcome, and {{score.bar.below.rate}} of the others."
    )
}

pub const FIT_METHOD: &str = "Weights of evidence in bins; from 1,000 leads on columns come in while the Bayesian information criterion falls, below \
that all under a ridge; logistic regression, points in whole numbers, two parameters from total to chance. Quality is measured on leads that the card \
was not fitted on: the latest 30% by the card of the 70% before where times are known, and halves. Columns that sales writes are refused by name, by \
changes after the hand-off, and by how well they tell the outcome alone. See docs/methods/scoring.md.";

pub const CANNOT_FIT: &str =
    "Cannot fit points: too few leads with and without the outcome, or no column that was known in time.";

pub fn no_card(good: usize, bad: usize) -> [String; 3] {
    [
        "points fitted to the own records".to_owned(),
        format!("{good} leads with the outcome and {bad} without it, old enough, and the columns that were known in time"),
        "ten leads of each at the least, and a column that tells them apart; with a hundred leads the intervals are wide".to_owned(),
    ]
}

pub const NO_RULE: &str = "No column that was known in time tells leads apart: the card has no rule.";
pub const UNCHECKED: &str =
    "Points were fitted; too few leads are left to check them on leads that they have not seen.";
pub const RIDGE: &str = "Fewer than 1,000 leads: all columns entered together under a ridge, because a choice among them would be a choice among accidents.";

pub fn fitted_later(outcome: &str) -> String {
    format!(
        "On the latest leads, which the card had not seen, one that {outcome} had more points than one that did not in \
{{score.fit.later.area}} of pairs."
    )
}

pub fn fitted_halves(outcome: &str) -> String {
    format!(
        "On leads that the card had not seen, one that {outcome} had more points than one that did not in \
{{score.fit.halves.area}} of pairs. Times are not recorded, so whether it holds for later leads is not known."
    )
}

/// Why a column is refused.
pub fn refused(why: &super::columns::Refused) -> String {
    use super::columns::Refused as R;
    match why {
        R::WrittenBySales => "written by sales after the hand-off, by its name or its mapping".to_owned(),
        R::ChangedAfter(n) => format!("changed after the hand-off for {n} leads"),
        R::TellsOutcome => {
            "tells the outcome by itself as nothing known before does: most likely written after it".to_owned()
        }
        R::OwnValues => "nearly every lead has a value of its own".to_owned(),
        R::SaysNothing => "hardly recorded, or the same for nearly all".to_owned(),
        R::Asked => "left out as asked".to_owned(),
    }
}
