//! Every sentence this room can say, in words that hold for both teams. Numbers are placeholders.

use report::Refusal;
use tallies::Column;
use tallies::columns::{lead_cycle as lead, opportunity as opp};
use terms::{Day, Stage, Team};

use super::Ask;
use super::claim::{Against, Side};
use super::cube::Count;
use super::judge::{Reason, Verdict};
use super::measure::{Compared, Measure, Other, Reading};
use super::metric::How;
use super::plan::Chosen;
use super::settings::{COVERED, FLOOR, LEAST_CASES, LEAST_OUTCOMES};
use crate::columns::{DAY, said};
use crate::figures::plain;

pub const METHOD: &str = "The rate of the claim has Wilson's 90% interval (Jeffreys' below 40 cases), a difference Newcombe's. \
Alone: the signed root of a likelihood ratio against the rest, one-sided. After the search: outcomes are dealt out anew among all \
cases, and it is counted how often the strongest of all filters that the claim could have been picked from is as strong as the \
claim. Those are every value, or all, of the columns named, in every run of months, with at least 30 cases. A claim saved before its window closes is tested alone. Every case is watched equally long. See docs/methods/claims.md.";

pub const HANDED_OFF: &str = "leads that were handed off";
pub const CLOSED: &str = "opportunities that closed";
pub const OPENED: &str = "opportunities";
pub const SAME_DAYS: &str = "against other cases of the same days alone";
pub const ANY_DAY: &str = "on all days";
pub const NUMBER: &str = "the number claimed";

pub const OBSERVED: &str = "Observed, not caused: cases on the two sides may differ in more than what the claim names. Only a \
randomised slice can tell what a change would do.";
pub const ONE_METRIC: &str = "The search covers filters and windows. That this metric and this side were chosen, and no other, is \
not corrected for.";
pub const BASE: &str = "A rate needs its base: {claim.cases} cases in the claim, {claim.all_cases} in all.";

pub fn leads_from(is_first: bool, stage: &str) -> String {
    if is_first { "leads".to_owned() } else { format!("leads that got to {stage}") }
}

pub const fn outcome(stage: Stage) -> &'static str {
    match stage {
        Stage::Mql => "marketing-qualified",
        Stage::Sal => "accepted by sales",
        Stage::Sql => "qualified by sales",
        Stage::Opportunity => "made an opportunity",
        _ => "won",
    }
}

pub fn any_value(column: &str) -> String {
    format!("with any {column}")
}

pub fn days(first: Day, last: Day) -> String {
    format!("{first} to {last}")
}

fn since(column: Column) -> &'static str {
    match column {
        c if c == lead::HANDOFF_AT => "the hand-off",
        c if c == lead::MQL_AT => "becoming mql",
        c if c == lead::SAL_AT => "the acceptance",
        c if c == lead::SQL_AT => "the qualification",
        c if c == lead::OPPORTUNITY_AT || c == opp::CREATED_AT => "the opportunity's opening",
        _ => "creation",
    }
}

/// The wait, as in `within 8 weeks of the hand-off`.
pub fn wait(how: &How, steps: u32) -> String {
    match how {
        How::Over(_) => "by the time they closed".to_owned(),
        How::Within { from, step, .. } => {
            let unit = if *step >= DAY { "week" } else { "hour" };
            format!("within {steps} {unit}{} of {}", if steps == 1 { "" } else { "s" }, since(*from))
        }
    }
}

/// One condition, as in `source is Webinar`.
pub fn condition(chosen: &Chosen) -> String {
    let values: Vec<String> = chosen.labels.iter().map(said).collect();
    let verb = if chosen.is { "is" } else { "is not" };
    format!("{} {verb} {}", chosen.column.name, values.join(" or "))
}

/// The cases of a claim, as in `leads whose source is Webinar, created in 2026Q3`.
pub fn subject(ask: &Ask, reading: &Reading) -> String {
    let conditions: Vec<String> = reading.plan.chosen.iter().map(condition).collect();
    let mut out = reading.plan.study.cases.clone();
    if !conditions.is_empty() {
        out.push_str(&format!(" whose {}", conditions.join(" and whose ")));
    }
    if let Some(window) = ask.claim.filter.window {
        out.push_str(&format!(", {} in {}", window.moment.word(), window.period));
    }
    out
}

/// What it is compared with.
pub fn other(ask: &Ask, reading: &Reading) -> String {
    match ask.claim.against {
        Against::Rest => format!("all other {}", reading.plan.study.cases),
        Against::Before => {
            let before = ask.claim.filter.window.map_or_else(String::new, |w| w.period.previous().to_string());
            format!("the same in {before}")
        }
        Against::Number(_) => NUMBER.to_owned(),
    }
}

pub fn as_read(ask: &Ask, reading: &Reading) -> String {
    let study = &reading.plan.study;
    format!(
        "Read as: of {}, the share {} {}, claimed to be {} that of {}. Alternatives are sought in {}.",
        subject(ask, reading),
        study.outcome,
        wait(&study.how, reading.wait.steps),
        ask.claim.side.word(),
        other(ask, reading),
        days(reading.ground.first, reading.ground.last),
    )
}

pub fn verdict(verdict: Verdict) -> String {
    match verdict {
        Verdict::NotProven => "The claim is not proven.".to_owned(),
        Verdict::CannotTell => "Cannot tell whether the claim holds.".to_owned(),
        other => format!("The claim {}.", other.word()),
    }
}

/// The first sentence: what the figures say, before what they are worth.
pub fn headline(ask: &Ask, reading: &Reading, verdict: Verdict) -> String {
    format!(
        "{} Of {}, {{claim.rate}} are {}, against {{claim.other}} of {}.",
        self::verdict(verdict),
        subject(ask, reading),
        reading.plan.study.outcome,
        other(ask, reading)
    )
}

pub fn reason(ask: &Ask, reading: &Reading, reason: &Reason) -> String {
    let side = ask.claim.side.word();
    match reason {
        Reason::OtherSide => format!("The rate is not {side}: the difference is {{claim.difference}}."),
        Reason::Small => "The difference of {claim.difference} is at most a tenth of what it is compared with: too little to be \
                          worth naming."
            .to_owned(),
        Reason::Chance => "A difference as large comes up by chance in {claim.alone} of re-runs where nothing is there, also if \
                           nobody chose the filter."
            .to_owned(),
        Reason::Searched if matches!(ask.claim.against, Against::Rest) => "Alone it would stand ({claim.alone}). But a search \
                           over {claim.alternatives} filters finds one as strong in {claim.searched} of re-runs where nothing \
                           is there."
            .to_owned(),
        Reason::Searched => "Alone it would stand ({claim.alone}). But it could have been picked from {claim.alternatives} \
                             filters, and among so many one as strong comes up in up to {claim.searched} of re-runs."
            .to_owned(),
        Reason::Stands if matches!(ask.claim.against, Against::Rest) => "A search over {claim.alternatives} filters finds one as \
                           strong in no more than {claim.searched} of re-runs where nothing is there."
            .to_owned(),
        Reason::Stands => "It stands also if it was picked from {claim.alternatives} filters (at most {claim.searched})."
            .to_owned(),
        Reason::Fixed => fixed(ask),
        Reason::Young => format!(
            "Only {{claim.old_enough}} of the claim's cases can be judged {} by now; those that got there early may differ from \
             the rest.",
            wait(&reading.plan.study.how, reading.wait.steps)
        ),
        Reason::Neighbour(id, label) => format!("{}: {{claim.near.{id}}}.", start(label)),
        Reason::Alike(column) => {
            format!("With both sides alike in {column}, {{claim.alike.{column}}} of the difference is left.")
        }
        Reason::Reversed(column, values) => {
            format!("Where {column} is {}, it is the other way round.", values.join(" or "))
        }
        Reason::Ordinary => "It is ordinary: {claim.as_strong} of all alternatives are at least as far on that side.".to_owned(),
    }
}

fn start(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn fixed(ask: &Ask) -> String {
    let day = ask.registered.map_or_else(String::new, |r| r.day().to_string());
    format!(
        "It was saved on {day}, before its window closed, and is tested without the search correction ({{claim.alone}})."
    )
}

/// A sentence that both teams can say, whoever made the claim.
pub fn both(ask: &Ask, reading: &Reading, verdict: Verdict) -> String {
    let side = if ask.claim.side == Side::Below { "less" } else { "more" };
    let (subject, other) = (subject(ask, reading), other(ask, reading));
    let outcome = reading.plan.study.outcome;
    let often = match ask.claim.against {
        Against::Number(_) => format!("are {outcome} {side} often than {{claim.other}}"),
        _ => format!("are {outcome} {side} often than {other}"),
    };
    match verdict {
        Verdict::Holds => format!("Both teams can say: {subject} {often}. Why is not shown here."),
        Verdict::HoldsInPart => {
            format!("Both teams can say: {subject} {often}, with the exceptions named. Why is not shown here.")
        }
        Verdict::DoesNotHold => format!("Neither team can say that {subject} {often}."),
        Verdict::NotProven | Verdict::CannotTell => {
            format!("Neither team can say yet whether {subject} {often}. Not proven is not the same as untrue.")
        }
    }
}

pub fn saved(ask: &Ask) -> Option<String> {
    let team = |team: Team| if team == Team::Sales { "Sales" } else { "Marketing" };
    match (ask.registered, ask.by) {
        (Some(r), _) if ask.was_fixed() => {
            Some(format!("Saved by {} on {}, before its window closed.", team(r.by), r.day()))
        }
        (Some(r), _) => Some(format!(
            "Saved by {} on {}, when its outcome could be known already: tested with the search correction.",
            team(r.by),
            r.day()
        )),
        (None, by) => by.map(|by| format!("Made by {}.", team(by))),
    }
}

pub fn definitions(ask: &Ask) -> String {
    if ask.agreed {
        return format!("Stages are counted by {}, signed by both teams.", plain(&ask.definitions));
    }
    format!(
        "No agreement is signed, so no definition is in force: stages are those that the CRM recorded, read by {}.",
        plain(&ask.definitions)
    )
}

pub fn equal_age(reading: &Reading) -> Option<String> {
    let How::Within { .. } = reading.plan.study.how else { return None };
    let learned = if reading.wait.share < 1.0 {
        " Of all outcomes that are seen to come, {claim.within} come by then."
    } else {
        ""
    };
    Some(format!(
        "Every case is judged {}; younger cases are left out on both sides.{learned}",
        wait(&reading.plan.study.how, reading.wait.steps)
    ))
}

pub fn by_account(alone: bool) -> String {
    let alone = if alone {
        " Accounts of a size that no other has keep their outcomes, which makes the test weaker."
    } else {
        ""
    };
    format!(
        "Leads of one account may resemble each other, so whole accounts are dealt out anew. Intervals treat cases as \
         independent and may be too narrow.{alone}"
    )
}

pub const SEVERAL_WAYS: &str = "A set of values can be chosen in {claim.ways} ways: the p-value after the search is multiplied by \
that.";
pub const UNDATED: &str = "Cases with an outcome and no date of it are left out: {claim.undated}.";

pub fn wins_from(day: Day) -> String {
    format!("Wins before {day} are most likely missing from the records: alternatives are sought from then on.")
}

pub fn settle(verdict: Verdict, needed: Option<u64>) -> Option<[String; 2]> {
    let about = needed
        .map_or_else(String::new, |n| format!(", with about {n} cases if the difference is as large as it looks"));
    match verdict {
        Verdict::NotProven => Some([
            "Whether the claim is true.".to_owned(),
            format!(
                "Save it now for a period that has not closed (`lockstep claim save`): then it is tested alone and not as one of \
                 many{about}."
            ),
        ]),
        _ => None,
    }
}

fn refusal(code: &str, metric: &str, had: String, needed: impl Into<String>) -> Refusal {
    Refusal { code: code.to_owned(), asked: format!("whether the claim on {metric} holds"), had, needed: needed.into() }
}

pub fn person(column: &str) -> Refusal {
    Refusal {
        code: "per_person".to_owned(),
        asked: "whether a claim about a person holds".to_owned(),
        had: format!("a filter on `{column}`, a column that names persons"),
        needed:
            "nothing: processes are judged here and people are not. Ask by source, segment, product, team or campaign"
                .to_owned(),
    }
}

pub fn closed_is_for_wins(metric: &str) -> Refusal {
    refusal(
        "closed_window",
        metric,
        "a window of close days, which only a win rate has".to_owned(),
        "a window of created or handed off",
    )
}

pub fn no_leads(metric: &str) -> Refusal {
    refusal(
        "no_leads",
        metric,
        "no leads".to_owned(),
        "an export of leads; win_rate can be asked of opportunities alone",
    )
}

pub fn unlinked(metric: &str, opportunities: u64) -> Refusal {
    let had = format!("leads and {opportunities} opportunities, and none of these says which lead it came from");
    refusal("leads_not_linked", metric, had, "the lead or contact of each opportunity; win_rate can be asked without")
}

pub fn no_stage(metric: &str, stage: &str) -> Refusal {
    let had = format!("no recorded step to the stage {stage}");
    refusal("stage_not_recorded", metric, had, "a history of stages, or dates of them, in the export")
}

pub fn no_dates(metric: &str, stage: &str) -> Refusal {
    let had = format!("no date of reaching {stage}, so that young cases cannot be told from old ones");
    refusal("no_dates", metric, had, "the date at which each lead got there")
}

pub fn no_activities(metric: &str) -> Refusal {
    refusal(
        "no_activities",
        metric,
        "no attempts or contacts on record".to_owned(),
        "an export of calls, mails and meetings",
    )
}

pub fn no_closings(won: u64, lost: u64) -> Refusal {
    let had = format!("{won} won and {lost} lost opportunities with a close day");
    refusal("no_closings", metric_of_wins(), had, "both wins and losses with their close day")
}

const fn metric_of_wins() -> &'static str {
    "win_rate"
}

pub fn no_days(metric: &str) -> Refusal {
    refusal(
        "no_days",
        metric,
        "no cases with a date".to_owned(),
        "a date of creation, hand-off or closing on each case",
    )
}

pub fn outside(metric: &str, first: Day, last: Day, wins_missing: bool) -> Refusal {
    let wins = if wins_missing { "; earlier wins are most likely missing from the records" } else { "" };
    let had = format!("cases from {first} to {last}{wins}");
    refusal("outside_the_records", metric, had, "a window, and a period before it where asked, within these days")
}

pub fn too_few(measure: &Measure<'_>, compared: &Compared) -> Refusal {
    let metric = measure.ask.claim.metric.word();
    let covered = measure.wait.covered;
    let judged = wait(&measure.plan.study.how, measure.wait.steps);
    let outside = match &compared.other {
        Other::Cases(count, _) => format!(" and {} cases to compare with", count.n),
        Other::Number(_) => String::new(),
    };
    let had = if covered.n >= LEAST_CASES && covered.rate() < COVERED {
        format!("{} cases in the claim, of which {} can be judged {judged} by now{outside}", covered.n, covered.k)
    } else {
        format!("{} cases in the claim that can be judged {judged}{outside}", compared.inside.n)
    };
    let mut needed = format!("{LEAST_CASES} on each side");
    if let (How::Within { step, .. }, Some(w)) = (&measure.plan.study.how, measure.ask.claim.filter.window) {
        let days = i64::from(measure.wait.steps) * step / DAY + 1;
        let ready = w.period.last.plus(i32::try_from(days).unwrap_or(0));
        if i64::from(ready.0) * DAY > measure.plan.as_of {
            needed.push_str(&format!("; a window until {} can be judged with data through {ready}", w.period.last));
        }
    }
    refusal("too_few_cases", metric, had, needed)
}

pub fn too_few_outcomes(metric: &str, base: Count, outcome: &str) -> Refusal {
    let had = format!("{} cases, {} of them {outcome}", base.n, base.k);
    refusal(
        "too_few_outcomes",
        metric,
        had,
        format!("at least {LEAST_OUTCOMES} that are {outcome} and {LEAST_OUTCOMES} that are not"),
    )
}

pub fn outcome_undated(metric: &str, undated: u64, outcome: &str) -> Refusal {
    let had = format!("{undated} cases that are {outcome} and have no date of it");
    refusal(
        "outcome_undated",
        metric,
        had,
        "the date at which they got there: without it young and old cases look alike",
    )
}

pub fn too_many(metric: &str, cause: &str) -> Refusal {
    refusal(
        "too_many_alternatives",
        metric,
        format!("more alternatives than can be searched ({cause})"),
        "a column with fewer values",
    )
}

/// Said of the floor in the table of the search.
pub fn search_note(columns: &[&str], by_account: bool) -> String {
    let by = if by_account { ", whole accounts together" } else { "" };
    format!(
        "Alternatives: every value, or all, of {}, in every run of months, with at least {FLOOR} cases. \
         Outcomes are dealt out anew{by}.",
        if columns.is_empty() { "nothing but time".to_owned() } else { columns.join(", ") }
    )
}
