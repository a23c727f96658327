//! The page: the score as a whole, then rule by rule.

use report::{Cell, Finding, Refusal, Table, Unit};
use stats::scorecard::{Total, area};

use super::evidence::{Band, Patterns, RuleSeen, Told, bands, surely_above, told};
use super::words;
use crate::Answer;
use crate::answer::empty_section;
use crate::figures::{About, cell, house, plain, row, slugs, text};

/// What is looked at.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The rules, in the order of the agreement.
    pub rules: &'a [RuleSeen],
    /// What fired, and what came of it.
    pub patterns: &'a Patterns,
    /// The score from which a lead is qualified.
    pub bar: Option<i64>,
    /// What a lead came to, such as `became an opportunity`.
    pub outcome: &'a str,
    /// Over which time, in words.
    pub period: &'a str,
    /// Leads that are not among them, and why.
    pub left_out: &'a [(String, u64)],
    /// What must be known to read it rightly.
    pub notes: &'a [String],
}

/// Bands of the score.
const BANDS: usize = 8;

/// How well the rules of a score tell leads apart.
pub fn evidence(asked: &Asked<'_>) -> Answer {
    let mut section = empty_section("score.rules", "What the score tells", words::METHOD);
    section.answer = words::CANNOT.to_owned();
    section.caveats = asked.notes.iter().map(|n| plain(n)).collect();
    section.caveats.push(words::ASSOCIATION.to_owned());
    let page = Page { asked, about: |method| About::new(asked.period, method) };
    section.tables.extend(page.left_out());
    let (n, k) = asked.patterns.all();
    if k < 10 || n - k < 10 {
        let [asked, had, needed] = words::TOO_FEW.map(str::to_owned);
        section.refusals.push(Refusal { code: "too_few".to_owned(), asked, had, needed });
        return Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() };
    }
    let told = told(asked.rules.len(), asked.patterns);
    let bands = bands(asked.patterns, BANDS);
    let monotone = bands.windows(2).all(|pair| !surely_above(&pair[0], &pair[1]));
    section.answer = words::answer(asked.outcome, bands.len(), monotone);
    section.tables.insert(0, page.whole());
    section.tables.insert(1, page.bands(&bands));
    let ids = slugs(asked.rules.iter().map(|r| r.name.as_str()));
    section.tables.insert(2, page.rules(&told, &ids));
    section.findings = page.findings(&told, &ids);
    Answer { headline: section.answer.clone(), sections: vec![section], ..Answer::default() }
}

struct Page<'a, F: Fn(&str) -> About> {
    asked: &'a Asked<'a>,
    about: F,
}

impl<F: Fn(&str) -> About> Page<'_, F> {
    /// Leads, area, and what the bar lets through.
    fn whole(&self) -> Table {
        let (n, k) = self.asked.patterns.all();
        let (counted, share) = ((self.about)("counted"), (self.about)("of leads"));
        let totals: Vec<Total> = self
            .asked
            .patterns
            .by_points
            .iter()
            .map(|(points, (n, k))| Total { points: *points, n: *n as f64, k: *k as f64 })
            .collect();
        let found = area(&totals).ok();
        let about = (self.about)("area under the curve, DeLong");
        let (value, interval) = (found.map_or(f64::NAN, |f| f.0), found.map(|f| house(f.1)));
        let mut rows = vec![
            row(vec![text("leads looked at"), cell(counted.count("score.leads", "Leads", n, None)), Cell::Empty]),
            row(vec![
                text(format!("that {}", self.asked.outcome)),
                cell(counted.count("score.outcomes", "With the outcome", k, None)),
                cell(share.share("score.rate", "Rate", k, n, None)),
            ]),
            row(vec![
                text("pairs in which the one with the outcome had more points"),
                Cell::Empty,
                cell(about.estimated("score.area", "Area under the curve", Unit::Share, value, interval, n, None)),
            ]),
        ];
        if let Some([below, reach]) = self.asked.patterns.by_bar {
            for (what, id, (n, k)) in [("reach the bar", "reach", reach), ("stay below it", "below", below)] {
                let id = format!("score.bar.{id}");
                rows.push(row(vec![
                    text(what),
                    cell(counted.count(&id, what, n, None)),
                    cell(share.share(&format!("{id}.rate"), what, k, n, None)),
                ]));
            }
        }
        Table {
            id: "score.whole".to_owned(),
            title: "The score as a whole".to_owned(),
            columns: ["what", "leads", "had the outcome"].map(str::to_owned).to_vec(),
            rows,
            note: "0.5 of pairs is a coin.".to_owned(),
        }
    }

    fn bands(&self, bands: &[Band]) -> Table {
        let (counted, share) = ((self.about)("counted"), (self.about)("of leads"));
        let rows = bands.iter().enumerate().map(|(i, (from, to, n, k))| {
            let name = if from == to { from.to_string() } else { format!("{from} to {to}") };
            let id = format!("score.band.{i}");
            row(vec![
                text(&name),
                cell(counted.count(&id, &name, *n, None)),
                cell(share.share(&format!("{id}.rate"), &name, *k, *n, None)),
            ])
        });
        Table {
            id: "score.bands".to_owned(),
            title: "By points".to_owned(),
            columns: ["points", "leads", "had the outcome"].map(str::to_owned).to_vec(),
            rows: rows.collect(),
            note: String::new(),
        }
    }

    fn rules(&self, told: &[Told], ids: &[String]) -> Table {
        let (counted, share) = ((self.about)("counted"), (self.about)("of leads"));
        let (all, _) = self.asked.patterns.all();
        let rows = self.asked.rules.iter().zip(told).zip(ids).map(|((rule, told), id)| {
            let (id, name) = (format!("score.rule.{id}"), rule.name.as_str());
            let interval = told.difference.map(|d| house(d.1));
            let difference = (self.about)("difference of two rates, Newcombe").estimated(
                &format!("{id}.difference"),
                name,
                Unit::ShareDifference,
                told.difference.map_or(f64::NAN, |d| d.0),
                interval,
                all,
                None,
            );
            let odds = told.net.map(|(beta, i)| {
                let odds = stats::interval::Interval {
                    lo90: i.lo90.exp(),
                    lo50: i.lo50.exp(),
                    hi50: i.hi50.exp(),
                    hi90: i.hi90.exp(),
                };
                (beta.exp(), house(odds))
            });
            let net = (self.about)("logistic regression on all rules").estimated(
                &format!("{id}.net"),
                name,
                Unit::Number,
                odds.map_or(f64::NAN, |o| o.0),
                odds.map(|o| o.1),
                all,
                None,
            );
            let with = told.with.map_or((text(""), Cell::Empty), |(other, n)| {
                let other = self.asked.rules.get(other).map_or("", |r| r.name.as_str());
                let share = share.share(&format!("{id}.with"), name, n, told.fired.0, None);
                (text(other), cell(share))
            });
            row(vec![
                text(name),
                text(format!("{:+}", rule.points)),
                cell(counted.count(&id, name, told.fired.0, None)),
                cell(share.share(&format!("{id}.rate"), name, told.fired.1, told.fired.0, None)),
                cell(share.share(&format!("{id}.others"), name, told.others.1, told.others.0, None)),
                cell(difference),
                cell(net),
                with.0,
                with.1,
            ])
        });
        let heads = [
            "rule",
            "points",
            "fired for",
            "had the outcome",
            "of the others",
            "difference",
            "odds beside the other rules",
            "most often with",
            "of its leads",
        ];
        Table {
            id: "score.rules".to_owned(),
            title: "Rule by rule".to_owned(),
            columns: heads.map(str::to_owned).to_vec(),
            rows: rows.collect(),
            note: "Odds of 1: beside the other rules it tells nothing.".to_owned(),
        }
    }

    fn left_out(&self) -> Option<Table> {
        let counted = (self.about)("counted");
        let ids = slugs(self.asked.left_out.iter().map(|l| l.0.as_str()));
        let rows: Vec<_> = self
            .asked
            .left_out
            .iter()
            .zip(&ids)
            .filter(|((_, n), _)| *n > 0)
            .map(|((why, n), id)| {
                row(vec![text(why), cell(counted.count(&format!("score.left_out.{id}"), why, *n, None))])
            })
            .collect();
        (!rows.is_empty()).then(|| Table {
            id: "score.left_out".to_owned(),
            title: "Leads that are not looked at".to_owned(),
            columns: ["why", "leads"].map(str::to_owned).to_vec(),
            rows,
            note: String::new(),
        })
    }

    fn findings(&self, told: &[Told], ids: &[String]) -> Vec<Finding> {
        let mut out = Vec::new();
        let mut say = |code: &str, text: String| out.push(Finding { code: code.to_owned(), text, evidence: None });
        let surely = |x: &Option<(f64, stats::interval::Interval)>| {
            x.map_or(0, |(_, i)| i32::from(i.lo90 > 0.0) - i32::from(i.hi90 < 0.0))
        };
        for ((rule, told), id) in self.asked.rules.iter().zip(told).zip(ids) {
            let (name, id) = (plain(&rule.name), format!("score.rule.{id}"));
            let sign = rule.points.signum() as i32;
            match (told.fired.0, told.others.0) {
                (0, _) if rule.looks_at_sales => say("looks_at_sales", words::looks_at_sales(&name)),
                (0, _) => say("never_fires", words::never(&name)),
                (_, 0) => say("always_fires", words::always(&name)),
                _ if surely(&told.net) == -sign => say("takes_value", words::against(&name, &id, sign > 0)),
                _ if surely(&told.difference) == sign && told.net.is_some() && surely(&told.net) == 0 => {
                    say("said_already", words::alone_only(&name, &id));
                }
                _ => {}
            }
        }
        if let (Some(bar), Some(_)) = (self.asked.bar, self.asked.patterns.by_bar) {
            say("bar", words::bar(bar));
        }
        out
    }
}
