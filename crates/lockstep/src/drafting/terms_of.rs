//! Where each clause would stand by the records: spans that half of the leads already meet, shares that they already reach.

use std::collections::BTreeMap;

use analyses::placeholders::figures;
use entries::catalogue::lead as fields_of;
use report::{Certainty, Figure, Value};
use tallies::columns::lead_cycle as lead;
use tallies::{Dim, Facts, Grain, Measure, Spec, Test};
use terms::{Period, Stage};

use super::{Hours, text, under};
use crate::failure::Failure;
use crate::known::Known;

/// Spans that a clock may have, the shortest first.
struct Spans {
    pub clause: &'static str,
    pub table: &'static str,
    pub spans: [&'static str; 6],
}

/// The clauses that have a clock.
const CLOCKS: [Spans; 4] = [
    Spans {
        clause: "first_attempt",
        table: "sales",
        spans: [
            "1 working hour",
            "2 working hours",
            "4 working hours",
            "8 working hours",
            "16 working hours",
            "40 working hours",
        ],
    },
    Spans {
        clause: "disposition",
        table: "sales",
        spans: [
            "1 working day",
            "2 working days",
            "3 working days",
            "5 working days",
            "10 working days",
            "20 working days",
        ],
    },
    Spans {
        clause: "rejected_leads",
        table: "marketing",
        spans: [
            "1 working day",
            "2 working days",
            "3 working days",
            "5 working days",
            "10 working days",
            "20 working days",
        ],
    },
    Spans {
        clause: "recycled_leads",
        table: "marketing",
        spans: ["14 days", "30 days", "60 days", "90 days", "180 days", "365 days"],
    },
];

/// Columns that a lead may be handed over with.
const FIELDS: [(&str, tallies::Column); 6] = [
    ("source", lead::SOURCE),
    ("campaign", lead::CAMPAIGN),
    ("country", lead::COUNTRY),
    ("industry", lead::INDUSTRY),
    ("segment", lead::SEGMENT),
    ("product", lead::PRODUCT),
];

/// What a clause came to.
#[derive(Clone, Debug)]
pub struct Share {
    /// The term: a span, or what stands in its place.
    pub term: String,
    /// As promised, of so many.
    pub k: u64,
    pub n: u64,
    /// The lower end of its 90% interval.
    pub low: f64,
}

/// What each clause came to; none where no record tells.
#[derive(Clone, Debug, Default)]
pub struct Found {
    pub clocks: Vec<(&'static str, &'static str, Option<Share>)>,
    pub tries: Option<(Share, i64, i64)>,
    pub fields: Option<(Vec<&'static str>, Share)>,
    pub opportunities: Option<Share>,
    /// The least of leads in one of the quarters.
    pub leads: Option<u64>,
    /// Why leads were turned down and where they mostly stand then, the most frequent first.
    pub why: Vec<(String, Stage)>,
}

/// Looks at the records.
pub fn found(known: &Known, period: Period, hours: &Hours) -> Result<Found, Failure> {
    let office = text::office(hours);
    let fields = recorded(known)?;
    let tries = usual_tries(known, period)?;
    let documents: Vec<String> = (0..6)
        .map(|turn| {
            let mut sales: Vec<String> = Vec::new();
            let mut marketing: Vec<String> = Vec::new();
            for clock in &CLOCKS {
                let clause = format!("{} = {{ within = \"{}\", at_least = \"50%\" }}", clock.clause, clock.spans[turn]);
                if clock.table == "sales" { sales.push(clause) } else { marketing.push(clause) }
            }
            if let (0, Some((count, days))) = (turn, tries) {
                sales.push(format!("attempts = {{ count = {count}, over = \"{days} days\", at_least = \"50%\" }}"));
            }
            if turn == 0 {
                marketing.push("opportunity_rate = { at_least = \"50%\" }".to_owned());
                marketing.push("leads = { count = 1, per = \"quarter\" }".to_owned());
                if !fields.is_empty() {
                    let names: Vec<String> = fields.iter().map(|f| format!("\"{f}\"")).collect();
                    marketing.push(format!("completeness = {{ fields = [{}], at_least = \"50%\" }}", names.join(", ")));
                }
            }
            let (sales, marketing) = (sales.join("\n"), marketing.join("\n"));
            format!("{}{office}[sales]\n{sales}\n[marketing]\n{marketing}\n", text::HEAD)
        })
        .collect();
    let question = under(known, period, &documents)?;
    let answer = analyses::answer(&question, &["scorecard"], &known.facts)?;
    let all: Vec<&Figure> = answer.sections.iter().flat_map(figures).collect();
    let figure = |id: &str| all.iter().find(|f| f.id == id).copied();
    let share = |version: usize, clause: &str, term: String| {
        let found = figure(&format!("scorecard.v{version}.{clause}"))?;
        let low = if let Certainty::Estimated(i) = found.certainty { i.lo90 } else { return None };
        Some(Share { term, k: found.of?, n: found.n, low })
    };
    let clock = |clock: &Spans| {
        let of = |turn: usize| share(turn, &format!("{}.{}", clock.table, clock.clause), clock.spans[turn].to_owned());
        // the shortest that meets nine of ten of those that the longest meets
        let rate = |s: &Share| s.k as f64 / s.n.max(1) as f64;
        let longest = of(5)?;
        (0..6).filter_map(of).find(|s| rate(s) >= 0.9 * rate(&longest)).or(Some(longest))
    };
    let leads = figure("scorecard.v0.marketing.leads").and_then(|f| match f.value {
        Value::Whole(n) => u64::try_from(n).ok().filter(|n| *n > 0),
        _ => None,
    });
    Ok(Found {
        clocks: CLOCKS.iter().map(|c| (c.clause, c.table, clock(c))).collect(),
        tries: tries.and_then(|(count, days)| Some((share(0, "sales.attempts", String::new())?, count, days))),
        fields: share(0, "marketing.completeness", String::new()).map(|s| (fields, s)),
        opportunities: share(0, "marketing.opportunity_rate", String::new()),
        leads,
        why: reasons(known)?,
    })
}

/// Columns that four of five leads have.
fn recorded(known: &Known) -> Result<Vec<&'static str>, Failure> {
    let mut measures = vec![Measure::Count];
    measures.extend(FIELDS.map(|(_, column)| Measure::CountIf(vec![Test::Has(column)])));
    let spec = Spec {
        name: "draft.fields",
        grain: Grain::LeadCycle,
        filter: vec![Test::Has(lead::HANDOFF_AT)],
        dims: vec![],
        measures,
    };
    let tallies = known.facts.answer(&[spec])?;
    let Some(tally) = tallies.first() else { return Ok(vec![]) };
    let many = |place: usize| tally.int(0, 0) > 0 && 5 * tally.int(0, place + 1) >= 4 * tally.int(0, 0);
    Ok(FIELDS.iter().enumerate().filter(|(place, _)| many(*place)).map(|(_, (name, _))| *name).collect())
}

/// How often leads that never answered were tried before they were returned, and over how many days: medians.
fn usual_tries(known: &Known, period: Period) -> Result<Option<(i64, i64)>, Failure> {
    let (first, last) = (i64::from(period.first.0) * 1_440, (i64::from(period.last.0) + 1) * 1_440 - 1);
    let filter = vec![Test::Between(lead::RECYCLED_AT, first, last), Test::Missing(lead::FIRST_CONTACT_AT)];
    let spec = |name, dim| Spec {
        name,
        grain: Grain::LeadCycle,
        filter: filter.clone(),
        dims: vec![dim],
        measures: vec![Measure::Count],
    };
    let events = vec![lead::RECYCLED_AT];
    let as_of = i64::from(known.as_of.minutes());
    let days = Dim::Age { from: lead::FIRST_ATTEMPT_AT, events, as_of, bin: 1_440, bins: 366 };
    let tallies = known.facts.answer(&[spec("draft.tries", Dim::Value(lead::TRIES)), spec("draft.days", days)])?;
    let median = |tally: &tallies::Tally| {
        let cells = (0..tally.cells).filter_map(|c| Some((tally.label(c, 0).number()? as f64, tally.int(c, 0) as u64)));
        let found = stats::quantile::of_histogram(&cells.collect::<Vec<_>>(), &[0.5])?;
        found.first().map(|m| m.floor() as i64)
    };
    let [tries, days] = &tallies[..] else { return Ok(None) };
    Ok(median(tries).filter(|t| *t > 0).map(|t| (t, median(days).unwrap_or(1).max(1))))
}

/// The reasons that are recorded with where leads mostly stand that have them, the most frequent first.
fn reasons(known: &Known) -> Result<Vec<(String, Stage)>, Failure> {
    let ends = [Stage::Rejected, Stage::Recycled, Stage::Disqualified];
    let mut counts: BTreeMap<String, [u64; 3]> = BTreeMap::new();
    let fields = Some(vec![fields_of::REASON, fields_of::STAGE]);
    for item in known.head.entries(terms::Entity::Lead, ledger::Filter { fields, ..Default::default() })? {
        let (_, entry) = item?;
        let Some(why) = entry.get(fields_of::REASON).text().map(str::trim).filter(|w| !w.is_empty()) else { continue };
        let counts = counts.entry(why.to_owned()).or_default();
        if let Some(end) = ends.iter().position(|e| entry.get(fields_of::STAGE).stage() == Some(*e)) {
            counts[end] += 1;
        }
    }
    let mut all: Vec<(u64, String, Stage)> = counts
        .into_iter()
        .map(|(why, by)| {
            let most = (0..3).max_by_key(|e| (by[*e], std::cmp::Reverse(*e))).unwrap_or(0);
            (by.iter().sum(), why, ends[most])
        })
        .collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    Ok(all.into_iter().take(12).map(|(_, why, then)| (why, then)).collect())
}
