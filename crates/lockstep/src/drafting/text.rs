//! The draft as text.

use terms::Currency;

use super::terms_of::Share;
use super::{Draft, Hours, next_quarter};
use crate::known::Known;

/// The least that makes a document, for looking at the records under it.
pub const HEAD: &str =
    "name = \"draft\"\neffective = 2000-01-01\n[signers]\nsales = [\"VP Sales\"]\nmarketing = [\"VP Marketing\"]\n";

/// An office as a document has it.
pub fn office(hours: &Hours) -> String {
    format!("[[office]]\nname = \"main\"\nzone = \"{}\"\nhours = \"{}\"\n", hours.zone, hours.week)
}

/// A share of which the records are sure, in steps.
fn sure(share: &Share, step: f64) -> f64 {
    ((share.low / step + 1e-9).floor() * step).clamp(step, 0.95)
}

fn percent(share: f64) -> String {
    format!("{}%", (share * 100.0).round())
}

fn evidence(share: &Share) -> String {
    let rate = share.k as f64 / share.n.max(1) as f64;
    let count = |n: u64| faces::format::count(i64::try_from(n).unwrap_or(i64::MAX));
    format!("{} of {} so far, {}; surely {} or more", count(share.k), count(share.n), percent(rate), percent(share.low))
}

/// The whole draft.
pub fn of(draft: &Draft, known: &Known) -> String {
    let next = next_quarter(known);
    let after =
        (0..1).fold(next, |period, _| known.settings.fiscal.period_of(terms::PeriodUnit::Quarter, period.last.plus(1)));
    let mut out = format!(
        "# Drafted from the records of {} (ledger batch {}). Every term stands where the data already is, with its evidence beside it:\n\
# what both teams do today, not what they should do. Change it until both mean it; read it aloud before signing.\n\n\
name = \"Sales and marketing\"\n\
effective = {}          # the first day it holds\n\
review = {}             # both look at it again\n\
expires = {}            # and it ends here unless it is signed anew\n\
{}\n\
clocks_follow = \"rep\"\n\n\
[signers]                       # put in who may sign for whom\n\
sales = [\"VP Sales\"]\n\
marketing = [\"VP Marketing\"]\n\
leadership = [\"CEO\"]\n\n\n\
# What a stage is: as recorded in the CRM, until both say it otherwise.\n\n",
        draft.period,
        known.head.seq(),
        next.first,
        after.first,
        after.last,
        currency(known.currency()),
    );
    for (stage, means) in [
        ("inquiry", "anyone who left an address with us"),
        ("mql", "a lead that marketing hands over"),
        ("sal", "a lead that sales accepted to work"),
        ("sql", "a lead that sales found to be worth an opportunity"),
        ("opportunity", "a deal with an amount and a close date that both can see"),
        ("recycled", "a lead for which it is too early: marketing takes it back"),
        ("disqualified", "a lead that will never buy"),
    ] {
        out.push_str(&format!("[definitions.{stage}]\nmeans = \"{means}\"\n"));
        if let ("mql", Some((_, bar))) = (stage, &draft.rules) {
            let at = bar.at;
            out.push_str(&format!(
                "# when = \"score >= {at}\"   # by the bar instead of the CRM's word: without the first #; `lockstep agreement preview FILE` says what it changes\n"
            ));
        }
        out.push('\n');
    }
    out.push_str(&score(draft));
    out.push_str("\n# Who works when.\n\n");
    match draft.hours.learned {
        Some(n) => out.push_str(&format!(
            "# In these hours 95 of 100 first attempts were made ({} attempts). Put in your holidays.\n",
            faces::format::count(i64::try_from(n).unwrap_or(i64::MAX))
        )),
        None => out.push_str("# Too few attempts have a time: these are the usual hours, not learned ones.\n"),
    }
    out.push_str(&office(&draft.hours));
    out.push_str(&clauses(draft));
    out
}

fn score(draft: &Draft) -> String {
    let Some((rules, bar)) = &draft.rules else {
        return "# No score: no column that was known in time tells leads apart, or too few have come to anything.\n"
            .to_owned();
    };
    let rate = |c: (u64, u64)| percent(c.1 as f64 / c.0.max(1) as f64);
    let count = |n: u64| faces::format::count(i64::try_from(n).unwrap_or(i64::MAX));
    format!(
        "# How a lead is scored: fitted to the records; 20 points double the odds that it {}.\n\n[scoring]\n\
bar = {}          # {} of {} that did reach it: {} of {} leads from here on did, {} of {} below\n{rules}\n",
        bar.outcome,
        bar.at,
        count(bar.reach.1),
        count(bar.reach.1 + bar.below.1),
        rate(bar.reach),
        count(bar.reach.0),
        rate(bar.below),
        count(bar.below.0),
    )
}

fn clauses(draft: &Draft) -> String {
    let found = &draft.found;
    let mut sales = Vec::new();
    let mut marketing = Vec::new();
    for (clause, table, share) in &found.clocks {
        let to = if *table == "sales" { &mut sales } else { &mut marketing };
        to.push(match share {
            Some(share) => format!(
                "{clause} = {{ within = \"{}\", at_least = \"{}\" }}   # {}",
                share.term,
                percent(sure(share, 0.05)),
                evidence(share)
            ),
            None => format!("# no {clause}: the records do not tell"),
        });
    }
    sales.push(match &found.tries {
        Some((share, count, days)) => {
            let days = if *days == 1 { "1 day".to_owned() } else { format!("{days} days") };
            format!(
                "attempts = {{ count = {count}, over = \"{days}\", at_least = \"{}\" }}   # before a lead that does not answer is returned; {}",
                percent(sure(share, 0.05)),
                evidence(share)
            )
        }
        None => "# no attempts: no lead that never answered is recorded as tried and then returned".to_owned(),
    });
    marketing.push(match &found.opportunities {
        Some(share) => {
            format!("opportunity_rate = {{ at_least = \"{}\" }}   # {}", percent(sure(share, 0.01)), evidence(share))
        }
        None => "# no opportunity_rate: no opportunity is tied to a lead by time".to_owned(),
    });
    marketing.push(match found.leads {
        Some(n) => {
            let of = draft.period;
            format!("leads = {{ count = {n}, per = \"quarter\" }}   # the least of the four quarters {of}")
        }
        None => "# no leads: in one of the four quarters none was handed over, or no hand-off has a time".to_owned(),
    });
    marketing.push(match &found.fields {
        Some((fields, share)) => {
            let names: Vec<String> = fields.iter().map(|f| format!("\"{f}\"")).collect();
            format!(
                "completeness = {{ fields = [{}], at_least = \"{}\" }}   # {}",
                names.join(", "),
                percent(sure(share, 0.05)),
                evidence(share)
            )
        }
        None => "# no completeness: no column is recorded for four of five leads".to_owned(),
    });
    let mut out = format!("\n\n# What sales owes.\n\n[sales]\n{}\n\n\n", sales.join("\n"));
    out.push_str(&format!("# What marketing owes, with the same weight.\n\n[marketing]\n{}\n", marketing.join("\n")));
    if !found.why.is_empty() {
        out.push_str("\n\n# Why a lead is turned down, as the CRM has it, and where most of them stand then.\n");
    }
    for (why, then) in &found.why {
        let why = why.replace('\\', "\\\\").replace('"', "\\\"");
        out.push_str(&format!("\n[[reason]]\nname = \"{why}\"\nthen = \"{}\"\n", then.word()));
    }
    out
}

/// The line of the currency: a comment where no file says one.
fn currency(of: Currency) -> String {
    match of {
        Currency::UNKNOWN => "# currency = \"EUR\"     # of all amounts: no file says which".to_owned(),
        known => format!("currency = \"{}\"", known.code()),
    }
}
