//! What the rules of one text or several come to for all leads at their moment.
//!
//! Not here: what a rule gives (`agreement::score`), one lead line by line (`one`). Invariant: nothing that is known only later fires.

use std::ops::Range;

use agreement::document::Agreement;
use agreement::document::condition::{Ask, Condition, Term};
use agreement::document::scoring::{Of, Scoring};
use agreement::score::{Matches, WRITTEN_LATER, Why, add_up, fits, looks_back};
use agreement::stages::{SCORE, asks_for_more};
use analyses::points::{MOST_RULES, Patterns, RuleSeen};
use rayon::prelude::*;
use terms::{Instant, Stage};

use super::all::Leads;
use super::asked::{Asked, Values, values};
use super::touches::{Fit, touched};
use crate::failure::Failure;
use crate::known::Known;
use crate::output::Style;
use crate::timings::Timings;

/// What a lead's rules came to at its moment.
#[derive(Clone, Copy, Debug)]
pub struct Own {
    /// A bit for each rule that fired.
    pub fired: u128,
    /// The score.
    pub points: i64,
    /// Whether the bar is reached, where there is one.
    pub reaches: Option<bool>,
    /// Whether the rule that was asked for besides holds.
    pub holds: bool,
}

/// Whether each text says of each lead at its moment that it is qualified: by its rule for mql, else by its bar; `None` where it has
/// neither. A rule that asks for what sales writes is none here: at that moment nothing of it is known.
pub fn qualified(
    known: &Known,
    agreements: &[&Agreement],
    leads: &Leads,
    style: Style,
) -> Result<Vec<Option<Vec<bool>>>, Failure> {
    let texts: Vec<Text<'_>> = agreements.iter().map(|agreement| text(agreement)).collect();
    let says = |(scoring, rule): &Text<'_>| rule.is_some() || scoring.bar.is_some();
    let asked: Vec<Text<'_>> = texts.iter().copied().filter(says).collect();
    let mut all = scored_by(known, &asked, leads, style)?.into_iter();
    let is_in = |(_, rule): &Text<'_>, own: &Own| if rule.is_some() { own.holds } else { own.reaches == Some(true) };
    let of = |text: &Text<'_>| {
        let own = if says(text) { all.next() } else { None };
        own.map(|own| own.iter().map(|own| is_in(text, own)).collect())
    };
    Ok(texts.iter().map(of).collect())
}

/// What leads are scored by: rules, and one more that holds or does not.
type Text<'a> = (&'a Scoring, Option<&'a Condition>);

/// The scoring of an agreement and its rule for mql, where that asks for nothing that sales writes.
fn text(agreement: &Agreement) -> Text<'_> {
    let rule = agreement.definitions.iter().find(|(stage, _)| *stage == Stage::Mql).and_then(|(_, d)| d.when.as_ref());
    let is_later = |term: &Term| term.column != SCORE && WRITTEN_LATER.contains(&term.column.as_str());
    (&agreement.scoring, rule.filter(|rule| !rule.terms.iter().any(is_later)))
}

/// What the rules came to for each lead at its moment.
pub fn scored(known: &Known, scoring: &Scoring, leads: &Leads, style: Style) -> Result<Vec<Own>, Failure> {
    Ok(scored_by(known, &[(scoring, None)], leads, style)?.pop().unwrap_or_default())
}

/// The same by each text: the ledger is read once for all.
fn scored_by(known: &Known, texts: &[Text<'_>], leads: &Leads, style: Style) -> Result<Vec<Vec<Own>>, Failure> {
    if let Some(rules) = texts.iter().map(|(scoring, _)| scoring.rules.len()).find(|rules| *rules > MOST_RULES) {
        let message = format!("{rules} rules; at most {MOST_RULES} can be told apart");
        return Err(Failure::new("too_many_rules", message));
    }
    let timings = Timings::start();
    let campaigns = known.campaigns()?;
    let tell = |read| {
        if !style.quiet && !style.json {
            eprintln!("score: {} touches read", faces::format::count(read as i64));
        }
    };
    let scorings: Vec<&Scoring> = texts.iter().map(|(scoring, _)| *scoring).collect();
    let (values, touched) =
        rayon::join(|| values(known, texts, leads, campaigns), || touched(known, &scorings, leads, &[], &tell));
    let (values, touched) = (values?, touched?);
    timings.ends("what rules ask for");
    let threads = rayon::current_num_threads().max(1);
    let each = leads.keys.len().div_ceil(threads).max(1);
    let by = |n: usize| {
        let fitting = touched.of_text(n);
        let parts = (0..threads).into_par_iter().map(|part| {
            let places = (part * each).min(leads.keys.len())..((part + 1) * each).min(leads.keys.len());
            Some(of_places(*texts.get(n)?, leads, &values, (&touched.fits, &fitting), places))
        });
        parts.flatten().collect::<Vec<_>>().concat()
    };
    let own = (0..texts.len()).map(by).collect();
    timings.ends("scores");
    Ok(own)
}

/// What the rules came to for the leads at some places.
fn of_places(
    (scoring, rule): Text<'_>,
    leads: &Leads,
    values: &Values,
    (touches, fitting): (&[Fit], &[Vec<usize>]),
    places: Range<usize>,
) -> Vec<Own> {
    let rules = &scoring.rules;
    let (of_score, besides): (Vec<&Term>, Vec<&Term>) =
        rule.into_iter().flat_map(|rule| &rule.terms).partition(|term| term.column == SCORE);
    let mut besides: Vec<Asked<'_>> = besides.iter().map(|t| Asked::of(&t.column, &t.ask, values)).collect();
    // a text is held against each term once, however many leads have it
    let mut terms: Vec<(usize, Vec<Asked<'_>>)> = rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| rule.of == Of::Lead && looks_back(rule))
        .map(|(r, rule)| (r, rule.when.terms.iter().map(|term| Asked::of(&term.column, &term.ask, values)).collect()))
        .collect();
    let mut out = Vec::with_capacity(places.len());
    let mut at = touches.partition_point(|t| (t.place as usize) < places.start);
    let mut matches = Matches::none(rules.len());
    for place in places {
        let moment = Instant(leads.moments[place] * 60_000 + 59_999);
        matches.touches.iter_mut().for_each(Vec::clear);
        for (r, asked) in &mut terms {
            matches.lead[*r] = asked.iter_mut().all(|term| term.fits(values, place));
        }
        while let Some(touch) = touches.get(at).filter(|t| t.place as usize == place) {
            for rule in fitting.get(usize::from(touch.asked)).into_iter().flatten() {
                matches.touches[*rule].push((touch.at, 0));
            }
            at += 1;
        }
        let scored = add_up(scoring, Instant(i64::MIN), &matches, moment);
        let fired = scored.lines.iter().filter(|l| l.why == Why::Fired).fold(0_u128, |mask, l| mask | 1 << l.rule);
        let asks = |ask: &Ask| {
            fits(ask, Some(&scored.total.to_string())) && (scored.missing.is_empty() || !asks_for_more(ask))
        };
        let holds = rule.is_some()
            && besides.iter_mut().all(|term| term.fits(values, place))
            && of_score.iter().all(|term| asks(&term.ask));
        out.push(Own { fired, points: scored.total, reaches: scored.reaches, holds });
    }
    out
}

/// Which rules fired for leads, and what became of them.
pub fn patterns(
    known: &Known,
    scoring: &Scoring,
    leads: &Leads,
    style: Style,
) -> Result<(Vec<RuleSeen>, Patterns), Failure> {
    let seen = scoring
        .rules
        .iter()
        .map(|r| RuleSeen {
            name: r.name.clone(),
            group: r.group.clone(),
            points: r.points,
            looks_at_sales: r.of == Of::Lead && !looks_back(r),
        })
        .collect();
    let mut out = Patterns::default();
    for (own, good) in scored(known, scoring, leads, style)?.into_iter().zip(&leads.good) {
        out.add(own.fired, own.points, own.reaches, *good);
    }
    Ok((seen, out))
}
