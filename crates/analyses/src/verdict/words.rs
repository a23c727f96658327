//! Every sentence this room can say. Numbers are placeholders; people are named only as teams who can change a factor.

use report::Owner;

use super::follow::Follow;
use super::settings::SPEEDS;
use terms::{Stage, Team};

pub const METHOD: &str = "Won revenue of each period is cut into cells: where it came from, by how many periods earlier its \
lead (or opportunity) began. In each cell revenue is exactly a product: leads × share of the segment × the rates from stage to \
stage × the share that closed in the period × win rate × list price × (1 - discount), \
the last two weeks of a quarter apart where they have wins enough. The change of a sum of products is split \
by the Shapley value, which prefers no order of the factors; the parts add up to the counted difference to the cent. Rates of \
cohorts that are still open are completed by what their like did at the same age. Intervals come from seeded draws of counts \
(gamma), rates (beta) and mean prices (log-normal) on both sides. A split is an accounting of what moved; it does not say what \
made it move. See docs/methods/verdict.md.";

/// A factor's name, as its row is called.
pub fn label(factor: &str, collapsed: Option<(Stage, Stage)>) -> String {
    if let Some((from, to)) = collapsed {
        return format!("{} to {}", from.word(), to.word());
    }
    match factor {
        "volume" => "Volume",
        "mix" => "Mix",
        "mql_rate" => "Rate to mql",
        "coverage" => "Coverage (leads tried at all)",
        "speed" => "Speed of the first attempt",
        "persistence" => "Persistence (tried again)",
        "acceptance" => "Acceptance (mql to sal)",
        "qualification" => "Qualification (sal to sql)",
        "opportunity_rate" => "Rate from sql to opportunity",
        "win_rate" => "Win rate",
        "list_price" => "List price",
        "discount" => "Discount",
        "quarter_end_discount" => "Quarter-end discount",
        "amount_per_win" => "Amount per win (list_price and discount as one)",
        "timing" => "Timing",
        "opportunities_without_a_lead" => "Opportunities without a lead",
        _ => "Not explained",
    }
    .to_owned()
}

/// What a factor measures, one line.
pub fn meaning(factor: &str, of: &str) -> String {
    match factor {
        "volume" => format!("how many {of} began in a period"),
        "mix" => format!("where the {of} came from"),
        "timing" => "the share of each cohort that closed in the period, summed over cohorts".to_owned(),
        "coverage" => "the share of handed-off leads that was tried at all".to_owned(),
        "speed" => "how soon those tried were first tried; the share that was within the hour".to_owned(),
        "persistence" => "of those not reached at the first attempt, the share tried again".to_owned(),
        "win_rate" => "won, of those that closed in the period".to_owned(),
        "list_price" => "mean list price of what was won".to_owned(),
        "discount" => "the share of the list price that was given away".to_owned(),
        "quarter_end_discount" => "what the last two weeks gave away beyond the weeks before, over all wins".to_owned(),
        "amount_per_win" => "mean amount of what was won".to_owned(),
        "opportunities_without_a_lead" => "opportunities opened without a lead, their number and mix".to_owned(),
        "not_explained" => "counted, outside the cells: see what is not known".to_owned(),
        _ => format!("of the cohorts of {of} that the wins came from, completed where still open"),
    }
}

/// What the share of a follow-up factor is of, as its method.
pub fn of_followed(factor: &str, follow: Option<&Follow>) -> &'static str {
    match factor {
        "coverage" => "weighted by when the wins came; tried at all, of those that stood before the step",
        "speed" if follow.is_some_and(|f| f.edges == SPEEDS) => {
            "weighted by when the wins came; first tried within the hour, of those tried"
        }
        "speed" => "weighted by when the wins came; first tried within the day, of those tried",
        _ => "weighted by when the wins came; tried again, of those not reached at the first attempt",
    }
}

/// What a part of this sign says, as the start of a sentence.
pub fn moved(factor: &str, up: bool, of: &str, collapsed: Option<(Stage, Stage)>, base: &str) -> String {
    if let Some((from, to)) = collapsed {
        let share = if up { "larger" } else { "smaller" };
        return format!("A {share} share of {} came to {} than in {base}", from.word(), to.word());
    }
    match (factor, up) {
        ("volume", true) => format!("More {of} began than in {base}"),
        ("volume", false) => format!("Fewer {of} began than in {base}"),
        ("mix", true) => format!("The {of} came more from where more is won than in {base}"),
        ("mix", false) => format!("The {of} came more from where less is won than in {base}"),
        ("mql_rate", true) => format!("A larger share of leads became mql than in {base}"),
        ("mql_rate", false) => format!("A smaller share of leads became mql than in {base}"),
        ("coverage", true) => format!("A larger share of the leads was tried at all than in {base}"),
        ("coverage", false) => format!("A smaller share of the leads was tried at all than in {base}"),
        ("speed", true) => format!("Leads were tried sooner than in {base}"),
        ("speed", false) => format!("Leads were tried later than in {base}"),
        ("persistence", true) => format!("More of those not reached at first were tried again than in {base}"),
        ("persistence", false) => format!("Fewer of those not reached at first were tried again than in {base}"),
        ("acceptance", true) => format!("More of the mql were accepted as sal than in {base}"),
        ("acceptance", false) => format!("Fewer of the mql were accepted as sal than in {base}"),
        ("qualification", true) => format!("A larger share of sal became sql than in {base}"),
        ("qualification", false) => format!("A smaller share of sal became sql than in {base}"),
        ("opportunity_rate", true) => format!("A larger share of sql became opportunities than in {base}"),
        ("opportunity_rate", false) => format!("A smaller share of sql became opportunities than in {base}"),
        ("win_rate", true) => format!("A larger share of the opportunities that closed was won than in {base}"),
        ("win_rate", false) => format!("A smaller share of the opportunities that closed was won than in {base}"),
        ("list_price", true) => format!("What was won had higher list prices than in {base}"),
        ("list_price", false) => format!("What was won had lower list prices than in {base}"),
        ("discount", true) => format!("Less of the list price was given away than in {base}"),
        ("discount", false) => format!("More of the list price was given away than in {base}"),
        ("quarter_end_discount", true) => format!("Less was given away at the end of the quarter than in {base}"),
        ("quarter_end_discount", false) => format!("More was given away at the end of the quarter than in {base}"),
        ("amount_per_win", true) => format!("A win brought more than in {base}"),
        ("amount_per_win", false) => format!("A win brought less than in {base}"),
        ("timing", true) => format!("More of what began closed within the period than in {base}"),
        ("timing", false) => format!("Less of what began closed within the period than in {base}"),
        ("opportunities_without_a_lead", true) => format!("More came of opportunities without a lead than in {base}"),
        ("opportunities_without_a_lead", false) => format!("Less came of opportunities without a lead than in {base}"),
        _ => format!("Part of the difference from {base} lies outside the cells"),
    }
}

/// A team, or who else.
pub fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Team(Team::Marketing) => "Marketing",
        Owner::Team(Team::Sales) => "Sales",
        Owner::Both => "Both teams",
        Owner::Others => "Both teams with finance",
        Owner::Unknown => "Not known",
    }
}

pub fn won_words(has_money: bool) -> &'static str {
    if has_money { "Won revenue" } else { "The number of wins" }
}

pub fn compared(has_money: bool, period: &str, base: &str) -> String {
    format!(
        "{} in {period} was {{verdict.to}} against {{verdict.from}} in {base}: a difference of {{verdict.gap}}.",
        won_words(has_money)
    )
}

pub fn named(moved: &str, factor: &str, likely: &str) -> String {
    format!("{moved}: {{verdict.{factor}}}, {likely} the largest part that chance alone does not make.")
}

pub fn found(moved: &str, factor: &str) -> String {
    format!("{moved}: {{verdict.{factor}}}.")
}

pub const LEVELS_NOTE: &str = "Counts and rates up to the opportunity are of the cohorts that the wins came from, weighted by how \
many came from each, so that they move as their part does. Cases needed are given where the direction is not known.";
pub const NONE_NAMED: &str =
    "The data cannot tell which part is the largest: the parts with a known direction are listed below.";
pub const NONE_KNOWN: &str = "No part of the difference stands out from chance.";
pub const BY_CHANCE: &str =
    "A difference of this size comes about by chance alone often enough that its direction as a whole is not known.";
pub const NOT_BY_CHANCE: &str = "A difference of this size rarely comes about by chance alone.";

pub fn still_to_come(of: &str) -> String {
    format!(
        "Of the {of} that these cohorts come to in the end, {{verdict.projected.after}} are still to come and projected."
    )
}

pub fn rests_on(draws: usize) -> String {
    format!(
        "It rests on {{verdict.wins.before}} wins before and {{verdict.wins.after}} now; the 90% intervals come from {draws} \
         seeded draws of both sides."
    )
}

pub fn compared_with_plan(period: &str, base: &str) -> String {
    format!(
        "Won revenue in {period} was {{verdict.to}} against a plan of {{verdict.plan}}: a difference of {{verdict.plan_gap}}. \
         In {base} it was {{verdict.from}}; of the difference since then, {{verdict.gap}}, the parts are known."
    )
}

pub fn planned(period: &str) -> String {
    format!("Planned for {period}")
}

pub fn base_against_plan(base: &str) -> String {
    format!("{base} against this plan")
}

pub const BASE_AGAINST_PLAN: &str =
    "what the period before brought beyond this plan or short of it; the parts below lead on from there";
pub const PLAN_HAS_TOTALS: &str = "The plan holds totals and no rates, so what it expected of each factor is not known; the parts are of the difference from the \
     period before.";
pub const NO_PLAN_LINE: &str =
    "The plan has no line for won revenue in this period; what is split is the difference from the period before.";

pub fn segments(by: &str, within: Option<&str>) -> String {
    let counted = format!("What began and what was won by {by} is counted and in the order of the alphabet.");
    match within {
        Some(within) => format!("{counted} The split also tells the values of {within} apart within each of them."),
        None => counted,
    }
}

/// The segments most likely to hold the largest part, each with the id of the figure that says how likely.
pub fn likeliest(named: &[(String, String)], is_told: bool) -> String {
    let each: Vec<String> = named
        .iter()
        .map(|(name, figure)| format!("{} ({{{figure}}} of the draws)", crate::figures::plain(name)))
        .collect();
    let start = if is_told {
        "The largest part of the difference most likely lies in"
    } else {
        "Which of them holds the largest part of the difference cannot be told; most often it is"
    };
    format!("{start} {}.", each.join(", then "))
}

pub const CHANCE: &str = "chance";
pub const OUTSIDE: &str = "elsewhere (without a lead, or not explained)";
pub const RANKED_NOTE: &str = "The difference is counted. Without chance: each rate's change and that of the mean amount are drawn \
toward what all segments have in common, the more so the fewer cases they rest on; what that takes away is the row chance. How often \
a segment comes out largest in the draws says how far it can be told from the others; below one half it cannot.";

pub const CANNOT_RANK: &str = "The intervals of the two largest groups overlap: the data cannot rank them.";
pub const OWNERS_ANSWER: &str = "The same parts, put together by who can change what they measure. A large sum is no statement about how well a team works.";

pub fn replay(has_money: bool, period: &str, base: &str, label: &str, id: &str) -> String {
    format!(
        "A replay, not an experiment: {period} once more with one factor as it was in {base} and all else as it came. With {label} \
         alone taken back, {} would have been larger by {{{id}}}.",
        won_words(has_money).to_lowercase()
    )
}

/// A label in the middle of a sentence.
pub fn lower_first(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

pub fn no_replay(has_money: bool, period: &str, base: &str) -> String {
    format!(
        "Taken back to where it was in {base}, no single factor would have made {} of {period} larger by more than chance.",
        won_words(has_money).to_lowercase()
    )
}

pub const REPLAY_METHOD: &str = "Sum over segments and cohorts of the product of all factors, with one factor's values from the period before, less the sum as it is; \
intervals from the draws of the split.";
pub const REPLAYS_NOTE: &str = "Each line stands alone: two together bring more or less than their sum, and they do not add up to the difference. Only those are \
listed whose 90% interval is above zero, five at most.";
pub const NO_EXPERIMENT: &str = "A replay assumes that nothing else moves with the factor: the same leads, prices and people as in the period itself.";

pub const REFUSE_NO_DATES: [&str; 3] = [
    "why won revenue moved between two periods",
    "leads or opportunities without any date of creation",
    "a date of creation and a close date on leads or opportunities",
];
pub const ASKED_SPLIT: &str = "which factors moved won revenue";
pub const NEED_WINS: &str = "at least 5 wins in each of the two periods";
pub const REFUSE_NO_AMOUNT: [&str; 3] = [
    "how much money each factor moved",
    "wins without an amount (the field `amount` of the opportunity is empty)",
    "`amount` on won opportunities; until then the number of wins is split",
];
pub const REFUSE_NO_LIST: [&str; 3] = [
    "list price and discount as two factors",
    "too few won opportunities with a list price (the field `list_price` is empty)",
    "`list_price` on at least four in five won opportunities, or a product list with prices; until then both are one row, \
     amount per win",
];
pub const REFUSE_PERSON: [&str; 3] = [
    "figures for each rep",
    "columns that name persons",
    "nothing: people are not ranked here. Ask by source, segment, product, team or campaign",
];
pub fn refuse_unlinked(opportunities: u64, link_field: &str) -> [String; 3] {
    [
        "what leads contributed to won revenue: their number, their mix and their rates".to_owned(),
        format!("leads and {opportunities} opportunities, and none of these says which lead it came from"),
        crate::figures::plain(link_field),
    ]
}
pub fn refuse_column(name: &str) -> [String; 3] {
    [
        format!("figures by `{}`", crate::figures::plain(name)),
        "no such column of words at this grain; the usual one is used".to_owned(),
        "one of source, source_detail, channel, campaign, segment, industry, country, product, team".to_owned(),
    ]
}

/// No records of what began after a day that the period goes beyond.
pub fn records_end(of: &str, day: &str) -> String {
    format!(
        "Records of {of} end by {day}, before the period does: volume and timing carry that the records end there, not that fewer {of} began."
    )
}

pub const NO_LOSSES: &str = "Lost opportunities are not recorded with a close date, so the win rate is the share of a cohort \
that is won in the end, completed by a model of time to win; how long that takes is in timing.";
pub const PERIOD_NOT_OVER: &str =
    "The period is not over: it holds what was won until the data ends, and is compared with a whole period.";
pub const NOT_CONVERTED: &str = "Some wins have money in a currency without a rate; their amount is not in the totals and shows \
as not explained.";
pub fn collapsed(stage: &str) -> String {
    format!("The stage {stage} is not recorded: its rate is inside the neighbouring one, named by both ends.")
}
pub fn missing_wins(first_win: &str) -> String {
    format!(
        "Wins from before the week of {first_win} are most likely missing from the records: cohorts that began before then seem to \
         have won less, and the parts win rate and timing carry that."
    )
}
pub const NO_OLDER: &str = "The records do not reach back far enough for cohorts older than three periods; wins from them count as not explained.";

pub fn not_known(label: &str, factor: &str) -> String {
    format!("{label}: direction not known, {{verdict.{factor}}}.")
}

pub fn settle(factor: &str, near: bool) -> String {
    if near {
        format!(
            "It rests on {{verdict.{factor}.n}} cases; a change of this size would show with about {{verdict.{factor}.needed}}."
        )
    } else {
        format!(
            "It rests on {{verdict.{factor}.n}} cases; a change this small needs more than a hundred times as many."
        )
    }
}

pub const APART_BUT_FOLLOWED: [&str; 2] = [
    "Lead quality and rep skill inside the rates are not told apart here. The rows of follow-up move what leads of the same \
     segment and the same follow-up came to; a follow-up that goes to the better leads would show in them too.",
    "A random tenth of leads worked by an unchanged procedure in both periods, or leads dealt to reps at random, tells them apart.",
];
pub const BY_DAY: &str = "how soon those tried were first tried; the share that was within the day";
pub const BESIDE_FOLLOW_UP: &str = "; its part leaves out what follow-up made of it";
pub const AT_USUAL: &str = "Rates from the hand-off on are at the follow-up that both periods together had: what changed in it is in \
the rows of follow-up. Their levels are as counted.";
pub const REFUSE_FOLLOW_UP: [&str; 3] = [
    "coverage, speed and persistence of follow-up as factors of their own",
    "no calls, mails or meetings on the leads, or on hardly any of them in one of the two periods",
    "the activities (tasks, events, engagements) of both periods with their times and their leads; until then they are inside the rates",
];
pub const REFUSE_SPEED: [&str; 3] = [
    "speed of follow-up as a factor of its own",
    "leads that were tried sooner did not come to more than those tried later, or some later ones to more than sooner ones: how soon says \
     nothing here about what an attempt brings",
    "leads dealt out so that how soon they are tried is left to chance, for a share of them; until then speed is inside the rates",
];
pub const APART: [&str; 2] = [
    "Lead quality, follow-up and rep skill inside the rates are not told apart here: a rate moves when any of them does.",
    "A random tenth of leads worked by an unchanged procedure in both periods, or leads dealt to reps at random, tells them apart.",
];
pub const CONTRADICTED: [&str; 2] = [
    "Sources contradict each other about {verdict.contradicted} of the wins, {verdict.contradicted_amount} of the amount.",
    "The list of contradictions shows both values and the rule that decided.",
];
pub const NOT_EXPLAINED: [&str; 2] = [
    "{verdict.not_explained} of the difference lies outside the cells: wins without amount, without a date of creation, or from \
     cohorts older than the records.",
    "Amount and creation date on every won opportunity.",
];
pub const STILL_OPEN: [&str; 2] = [
    "What the open opportunities will bring: {verdict.open.later} more wins are expected of {verdict.open.count} open ones.",
    "Time. The forecast follows what became of opportunities of the same age.",
];
pub const OPEN_ANSWER: &str = "Of {verdict.open.count} open opportunities {verdict.open.later} are expected to be won in the end, \
{verdict.open.next} of them within a quarter.";
pub const OPEN_METHOD: &str = "Aalen-Johansen by age in weeks; the next quarter with month-of-quarter factors where four quarters \
of closings exist. The interval combines estimation and chance.";
pub const NO_CALENDAR: &str = "Fewer than four quarters of closings: the forecast of the next quarter does not know yet that wins \
bunch at the end of a quarter.";
pub const MONEY_AT_MEAN: &str = "Money is expected wins times the mean amount of this period's wins.";

pub fn reversal(factor: &str, up: bool, by: &str) -> String {
    let (over, within) = if up { ("rose", "fell") } else { ("fell", "rose") };
    format!(
        "Over all, the rate {over} ({{verdict.{factor}.before}} before, {{verdict.{factor}.after}} now), yet within every {by} \
         with at least 30 cases in both periods it {within}: the mix moved the total."
    )
}

pub fn late_discount(more: bool, base: &str) -> String {
    let word = if more { "more" } else { "less" };
    format!(
        "In the last two weeks of the period {word} was given away than before in the same period: {{verdict.discount.late.after}} \
         against {{verdict.discount.early.after}} of the list price. In {base} it was {{verdict.discount.late.before}} against \
         {{verdict.discount.early.before}}."
    )
}

pub fn before_and_now(factor: &str) -> String {
    format!("{{verdict.{factor}.before}} before, {{verdict.{factor}.after}} now")
}
