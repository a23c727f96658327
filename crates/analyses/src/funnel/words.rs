//! Every sentence this room can say. Numbers are placeholders.

pub const METHOD: &str = "Counts of leads (or opportunities) that got at least as far as each recorded stage. A rate with at \
least five events has a 90% and a 50% Jeffreys interval; with fewer, the count is shown and no percent. A cohort is all that \
began in one period. It is mature when less than 2% of its expected total is still to come; a younger one is completed step by \
step by what became of others at the same age: Aalen-Johansen where exits are recorded, else a mixture cure model (Weibull or \
log-logistic, the likelier). The interval of a completed rate combines estimation and chance, and the projected share is printed. \
See docs/methods/funnel.md.";

/// What the rows of a funnel are called, by its first stage.
pub fn rows(first: &str) -> String {
    match first {
        "inquiry" => "leads".to_owned(),
        "opportunity" => "opportunities".to_owned(),
        stage => format!("leads (from {stage} on)"),
    }
}

pub fn answer(first: &str, last: &str, dated: bool) -> String {
    let (rows, so_far) = (rows(first), if dated { " so far" } else { "" });
    let end = if last == "closed_won" { "won" } else { last };
    format!("Of {{funnel.all.{first}}} {rows}, {{funnel.all.{last}}} are {end}{so_far} ({{funnel.all.rate}}).")
}

pub fn no_wins(first: &str) -> String {
    format!("There are {{funnel.all.{first}}} {} and no recorded win.", rows(first))
}

pub const NO_ROWS: [&str; 3] =
    ["how far leads get", "neither leads nor opportunities", "an export of leads or of opportunities"];
pub const NO_DATES: [&str; 3] = [
    "rates by cohort and time to win",
    "no date of creation on any lead",
    "a date of creation, and a date of the win, on each lead",
];
pub const NO_WIN_DATES: [&str; 3] = ["time to win", "fewer than five wins with a date", "a date on each win"];
pub fn unlinked(opportunities: u64, link_field: &str) -> [String; 3] {
    [
        "how many leads become opportunities and wins".to_owned(),
        format!("leads and {opportunities} opportunities, and none of these says which lead it came from"),
        crate::figures::plain(link_field),
    ]
}
pub const PER_REP: [&str; 3] = [
    "win rates by rep",
    "the rep is recorded only for leads that were won, so every rep would seem to win all",
    "the rep on every lead, won or not; and even then rates are shown by team, never to rank people",
];
pub const PERSON: [&str; 3] = [
    "rates by rep",
    "columns that name persons",
    "nothing: people are not ranked here. Ask by source, segment, product, team or campaign",
];
pub fn no_column(name: &str) -> [String; 3] {
    [
        format!("rates by `{}`", crate::figures::plain(name)),
        "no such column of words at this grain; the usual one is used".to_owned(),
        "one of source, source_detail, channel, campaign, segment, industry, country, product, team".to_owned(),
    ]
}
pub const AT_BOUNDARY: [&str; 3] = [
    "what young cohorts will come to",
    "too short a record: nothing in it bounds how many will win in the end",
    "a longer record, or the date at which leads were given up (an exit)",
];
pub const NO_EXITS: &str = "Exits are not recorded, so a lead that has not won may still win: young cohorts are completed by a \
model of time to win, whose tail lies in part beyond the record.";
pub const SAME_PACE: &str = "Completing a young cohort assumes that it goes on as others did at the same age.";
pub const UNDATED: &str = "{funnel.undated} of them have no date of creation and are in no cohort.";
pub const CUT: &str = "Cohorts from before the first whole month with wins show counts and no percent, and teach the projection \
nothing.";

pub fn stage_missing(stage: &str) -> String {
    format!("The stage {stage} is not recorded and is skipped.")
}

pub const WON_EARLY: &str = "Wins dated before their lead was created: {funnel.won_early}. They keep their date and count as won on \
the first day; one of the two dates is wrong in the source.";

pub fn missing_wins(of: &str, first_month: &str, first_win: &str) -> String {
    format!(
        "Records of {of} begin in {first_month} and wins only from the week of {first_win}: longer than 95 of 100 wins take \
         ({{funnel.usual_days}}). Wins of the {{funnel.leads_before}} {of} from before are most likely missing from the \
         records; their low rates say nothing about these {of}."
    )
}

pub fn attribution_gap(name: &str, slug: &str) -> String {
    format!(
        "Leads whose source is `{name}` are won more often ({{funnel.by.{slug}.rate}}) than all others \
         ({{funnel.gap.{slug}.others}}). That is a gap in attribution and no channel: where they came from was not recorded."
    )
}

pub const BUNCHING: &str = "Opportunities that close in the last month of a quarter are won more often ({funnel.closing.last}) than \
those that close in the first two ({funnel.closing.other}): a window of weeks cannot be compared without regard to the quarter.";
pub const BUNCHING_COUNT: &str = "More than a third of the wins close in the last month of a quarter ({funnel.closing.share}): a \
window of weeks cannot be compared without regard to the quarter.";

pub fn first_closings(quarter: &str, day: &str) -> String {
    format!(
        "Closings are recorded only from the week of {day}, though opportunities were opened before: {quarter} holds a part of a \
         quarter's closings. Compared with it, the next quarter seems to have grown."
    )
}

pub fn product_unmatched(names: &str) -> String {
    format!(
        "{{funnel.unmatched.products}} opportunities name a product that is not in the product list ({names}); they have no list \
         price. One spelling for both joins them."
    )
}

pub const ACCOUNT_UNMATCHED: &str =
    "{funnel.unmatched.accounts} opportunities name an account that matches none in the account list, or name none.";

pub const QUEUE_ANSWER: &str = "From the hand-off to the first attempt it takes {funnel.attempt.p50} for half of the leads that \
were attempted, and {funnel.attempt.p95} for 95 of 100.";
pub const ONLY_ATTEMPTED: &str =
    "Only leads with an attempt have a wait; what became of the others is a question for the follow-up.";
pub const WAIT_ANSWER: &str = "From the beginning to the win it takes {funnel.wait.p50} for half of the wins, and {funnel.wait.p90} for nine of ten.";
pub const WAIT_CAVEAT: &str = "Only wins have a wait; of young cohorts only the quick ones are in. Wins dated before the beginning count as day 0.";
