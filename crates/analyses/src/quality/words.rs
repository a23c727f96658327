//! Every sentence this room can say. Numbers are placeholders; nobody is named, no rep stands alone.

use terms::Stage;

pub const METHOD: &str = "Rows are cells of source, rep, month and follow-up within the hour. The log odds of the outcome are \
a sum: a fixed part, and one random effect for each source, rep and month, all crossed (Laplace approximation, the objective of \
glmer). A source's rate is what all rows would have come to from it, with the reps, months and follow-up as they were. Two periods \
are told apart with effects of each source and rep in each period and a coefficient for each month; the change of the rate is \
split over six parts by the Shapley value. Adding a constant to every source and taking it from every rep changes nothing that was \
observed, so what moved for all alike is one part and stays whole. Associations among what is recorded, not an experiment. See \
docs/methods/quality.md.";

/// What is held fixed where sources are told.
pub fn same(has_reps: bool, has_fast: bool) -> &'static str {
    match (has_reps, has_fast) {
        (true, true) => "At the same reps, months and follow-up",
        (true, false) => "At the same reps and months",
        (false, true) => "At the same months and follow-up (reps are not held fixed)",
        (false, false) => "At the same months (reps are not held fixed)",
    }
}

/// What is held fixed where reps are told.
fn net(by: &str, has_fast: bool) -> String {
    if has_fast { format!("net of {by}, month and follow-up") } else { format!("net of {by} and month") }
}

/// What counts as success, as the end of a sentence.
pub fn outcome(stage: Stage, days: Option<i64>) -> String {
    match (stage, days) {
        (Stage::ClosedWon, Some(days)) => format!("won within {days} days"),
        (Stage::Opportunity, Some(days)) => format!("an opportunity within {days} days"),
        (other, Some(days)) => format!("{} within {days} days", other.word()),
        (_, None) => "won, of those that closed".to_owned(),
    }
}

pub fn sources_differ(same: &str, by: &str, p: f64) -> String {
    format!(
        "{same}, the rate differs by {by} beyond chance: one standard deviation moves it by {{quality.source_spread}}. {}",
        by_chance("a spread this large would come about without any difference", "quality.source_spread.p", p)
    )
}

/// How often something would come about by chance; a share that would print as nothing is said in words.
fn by_chance(what: &str, id: &str, p: f64) -> String {
    let mut what = what.to_owned();
    what.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    if p < 0.001 {
        format!("{what} in fewer than one case in a thousand.")
    } else {
        format!("{what} in {{{id}}} of cases.")
    }
}

pub fn sources_alike(same: &str, by: &str) -> String {
    format!(
        "{same}, no difference by {by} stands out from chance: a spread this large comes about without any difference in \
         {{quality.source_spread.p}} of cases."
    )
}

pub fn noise(by: &str, has_fast: bool) -> String {
    format!(
        "The league table of reps is noise: {}, a spread of skill this large comes about in {{quality.rep_spread.p}} of cases when \
         all reps are equally skilled. The spread is {{quality.rep_spread}} (one standard deviation of the rate); raw rates lie \
         {{quality.rep_spread.raw}} apart, and chance with what each was given makes {{quality.rep_spread.by_chance}}.",
        net(by, has_fast)
    )
}

pub fn skill(by: &str, has_fast: bool, p: f64) -> String {
    format!(
        "Reps differ beyond chance: {}, one standard deviation of skill moves the rate by \
         {{quality.rep_spread}}. {} It is a spread; nobody's own rate is shown or ordered.",
        net(by, has_fast),
        by_chance("a spread this large would come about among equally skilled reps", "quality.rep_spread.p", p)
    )
}

pub fn moved(rows: &str, outcome: &str, period: &str, base: &str) -> String {
    let mut outcome = outcome.to_owned();
    outcome.get_mut(..1).into_iter().for_each(str::make_ascii_uppercase);
    format!(
        "{outcome}: {{quality.to}} of the {rows} of {period} against {{quality.from}} of those of {base}, a difference of \
         {{quality.gap}}."
    )
}

/// Whether leads are told from reps: where a slice was dealt out by lot it says so itself.
fn told(by_lot: bool, else_said: &'static str) -> &'static str {
    if by_lot { "How much of it leads and market did, the slice dealt out by lot tells." } else { else_said }
}

pub fn common(rows: &str, has_reps: bool, by_lot: bool) -> String {
    let (alike, who, by) = if has_reps {
        ("sources and reps", "reps had stayed exactly as skilled and the market as it was", "skill and market alone")
    } else {
        ("sources", "nothing else had moved", "everything else alone")
    };
    let told = told(by_lot, "Whether that is leads, reps or market cannot be told from these data.");
    format!(
        "{{quality.common}} of it moved for all {alike} alike. {told} If {who}, the {rows} themselves moved the rate by {{quality.line.as_before}}. That reading turns around if {by} \
         moved it by more than that, the same way: the reversal point, odds times {{quality.reversal.odds}}."
    )
}

pub fn no_common(has_reps: bool, by_lot: bool) -> String {
    let alike = if has_reps { "sources and reps" } else { "sources" };
    let told = told(by_lot, "Whether leads, reps and market moved against one another cannot be told.");
    format!("No change that is common to all {alike} stands out from chance: {{quality.common}}. {told}")
}

pub fn tried(rows: &str, period: &str, base: &str) -> String {
    format!(
        "Tried before anything came of them: {{quality.tried.after}} of the {rows} of {period}, {{quality.tried.before}} of those \
         of {base}. The rest are in no rate here."
    )
}

pub fn source_drift(name: &str, id: &str, up: bool) -> String {
    let direction = if up { "rose" } else { "fell" };
    format!("{name} {direction} against the rest: {{quality.drift.{id}}}.")
}

pub fn no_drift(by: &str) -> String {
    format!("No single {by} moved against the rest beyond chance.")
}

pub const REPS_MOVED: &str = "Reps moved against one another: {quality.rep_drift} of the difference.";

/// A part's name and what it measures.
pub fn part(place: usize, rows: &str) -> (&'static str, String) {
    match place {
        0 => ("Mix", format!("other {rows} came in")),
        1 => ("Allocation", format!("other reps got the {rows}")),
        2 => ("Follow-up", "more or fewer were attempted within the hour".to_owned()),
        3 => ("Sources against one another", "some sources moved and others did not".to_owned()),
        4 => ("Reps against one another", "some reps moved and others did not".to_owned()),
        5 => ("In common", "leads, reps or market: moved for all alike, not separable".to_owned()),
        _ => ("Not explained", "counted, outside the model".to_owned()),
    }
}

/// The steps of the line, as rows.
pub const LINE: [(&str, &str); 5] = [
    ("less_30", "odds \u{2212}30%"),
    ("less_15", "odds \u{2212}15%"),
    ("as_before", "as before"),
    ("more_15", "odds +15%"),
    ("more_30", "odds +30%"),
];

pub const LINE_TITLE: &str =
    "What is left for leads of the common change, by what reps and market did by themselves (points)";
pub const NOT_SEPARABLE: [&str; 2] = [
    "How the common change divides into leads, reps and market.",
    "A tenth of the leads routed at random to an unchanged procedure in both periods would tell; 4,000 leads make it sharp.",
];
pub const BY_LOT: &str =
    "Leads dealt out by lot (lane `random`) are told by themselves; they are in no other figure here.";
pub const LOT_ODDS: &str = "What leads and market did, as a factor of the odds";
pub const LOT_REST: &str = "Left for reps and procedure, likewise";
pub const LOT_EVEN: &str = "Chance of a mix of sources this uneven by lot";
pub const MARKET: [&str; 2] = [
    "How what the slice dealt out by lot shows divides into leads and market.",
    "Nothing in the company's own records; a market that others measure, or leads of another market worked alike.",
];

/// What the slice tells; `Some(true)` where it stands out upwards.
pub fn lot(outcome: &str, leads: Option<bool>, rest: Option<bool>) -> String {
    let leads = match leads {
        Some(true) => "what came in got better, whoever works it",
        Some(false) => "what came in got worse, whoever works it",
        None => "no change of what came in stands out from chance",
    };
    let rest = match rest {
        Some(true) => "is for the better, by those who work the others and how",
        Some(false) => "is for the worse, by those who work the others and how",
        None => "does not stand out from chance: who works the others, and how, need have changed nothing",
    };
    format!(
        "In the slice dealt out by lot and worked as before the odds ({outcome}) moved by a factor of {{quality.lot.odds}}: {leads}. \
         What is left of the common change, a factor of {{quality.lot.rest}}, {rest}."
    )
}

const ASKED_LOT: &str = "leads apart from reps by the slice dealt out by lot";
pub fn refuse_lot_few(totals: [(u64, u64); 2]) -> [String; 3] {
    let [(n0, y0), (n1, y1)] = totals;
    [
        ASKED_LOT.to_owned(),
        format!("{n0} such leads with {y0} outcomes before and {n1} with {y1} now"),
        "20 outcomes and 20 leads without one in each period; 4,000 leads make it sharp".to_owned(),
    ]
}
pub fn refuse_uneven(by: &str) -> [String; 3] {
    [
        ASKED_LOT.to_owned(),
        format!("a slice whose leads are by {by} so unlike the others that they were not dealt out by lot"),
        "leads drawn by lot at the hand-off, before anybody looks at them".to_owned(),
    ]
}
pub fn refuse_lot_changed(shares: [u64; 2]) -> [String; 3] {
    [
        ASKED_LOT.to_owned(),
        format!(
            "a slice of which {}% were tried within the hour before and {}% now: its procedure did not stay as it was",
            shares[0], shares[1]
        ),
        "the same procedure in both periods for the leads of the slice".to_owned(),
    ]
}
pub const SCORE: [&str; 2] = [
    "Whether reps work the leads that they chose themselves.",
    "Random routing of a slice; what is recorded holds source, month and follow-up fixed alone.",
];

pub const REFUSE_DATES: [&str; 3] =
    ["whether leads or reps moved a rate", "neither leads nor opportunities with a date", "a date for each"];
pub const REFUSE_OUTCOME: [&str; 3] = [
    "whether leads or reps moved a rate",
    "no dated wins, opportunities or sql (or, among opportunities, no losses)",
    "the dates of wins, or closed opportunities with both ends",
];
pub const REFUSE_SOURCE: [&str; 3] = [
    "rates by source at the same reps",
    "no column of 2 to 60 values that is recorded for half of the rows",
    "a source, product or segment for each; --by names the column",
];
pub const REFUSE_NO_REP: [&str; 3] = [
    "how far skill differs, and quality at the same reps",
    "no column that names the rep for half of the rows",
    "the owner of each, whatever became of it",
];
pub const REFUSE_ONLY_WON: [&str; 3] = [
    "any rate per rep, how far skill differs, and quality at the same reps",
    "the rep is known for what was won and for little else",
    "the rep of every row, whatever became of it",
];
pub const REFUSE_HELD: [&str; 3] = [
    "how far skill differs, and quality at the same reps",
    "somebody holds many rows of which nothing came, or every one: who owns a row is a part of what became of it",
    "the hand-off of each lead, or the rep who tried first",
];
pub const REFUSE_FEW_REPS: [&str; 3] = [
    "how far skill differs",
    "fewer than five reps with 30 rows each",
    "five: with fewer, a spread would tell of single persons",
];
pub const REFUSE_PERSON: [&str; 3] = [
    "rates per person",
    "reps are told apart in the model, and shown as one spread",
    "a column that does not name a person (team, source, product)",
];

pub fn refuse_disconnected(groups: usize, by: &str, largest: u64) -> [String; 3] {
    [
        format!("rates by {by} at the same reps"),
        format!("{groups} groups of {by} and rep that share nothing; the largest holds {largest}% of the rows"),
        format!("rows of one group's {by} with a rep of another: a few dozen across each divide connect them"),
    ]
}

pub fn refuse_few(had: u64, of: u64, outcome: &str) -> [String; 3] {
    [
        "rates by source at the same reps".to_owned(),
        format!("{had} of {of} rows ({outcome})"),
        "30 that did and 30 that did not".to_owned(),
    ]
}

pub fn refuse_young(told: u64, period: &str, oldest: &str) -> [String; 3] {
    [
        format!("how the rate changed in {period}"),
        format!("{told}% of its rows are old enough; the next day that tells more is in the future"),
        format!("half of them at an age at which outcomes have come: from about {oldest} on"),
    ]
}

pub fn refuse_few_in_period(counts: [(u64, u64); 2], period: &str, base: &str) -> [String; 3] {
    let [(n0, y0), (n1, y1)] = counts;
    [
        format!("how the rate changed in {period}"),
        format!("{y0} of {n0} in {base} and {y1} of {n1} in {period}"),
        "20 that did and 20 that did not in each".to_owned(),
    ]
}

pub fn not_computable(why: &str) -> [String; 3] {
    [
        "what reps, sources and months share in the rate".to_owned(),
        why.to_owned(),
        "rows that meet: more outcomes, or sources and reps that are crossed".to_owned(),
    ]
}

pub fn apart(groups: usize, rows: u64) -> String {
    let word = if groups == 1 { "group" } else { "groups" };
    format!(
        "{rows} rows in {groups} smaller {word} of sources and reps share nothing with the others and are left out: rows across \
         the divide would connect them."
    )
}

pub fn without_rep(rows: u64) -> String {
    format!("{rows} rows without a rep are left out.")
}

pub fn young(days: i64) -> String {
    format!("Rows younger than {days} days are left out: all that are told had {days} days.")
}

pub fn missing_wins(first: &str) -> String {
    format!("Rows from before {first} are left out: their wins are most likely missing from the records.")
}

pub const MONTHS_POOLED: &str =
    "Single months have too few outcomes to be held fixed within a period; each period is one.";
pub const BY_HANDOFF: &str =
    "Leads are counted from their hand-off to sales, in its month; those that never became mql are in no rate here.";
pub const WORKED: &str = "Leads that nobody tried before something came of them are in no rate here: they say nothing of leads or reps. How many were tried is \
in the table.";
pub const BY_CLOSE: &str =
    "Opportunities are counted in the month in which they closed; those still open are in no rate.";
pub const FAST_HELD: &str = "Follow-up within the hour is held fixed, not judged here.";
