//! From a split and its findings to the sections of a report.
//!
//! Invariant: every placeholder of a sentence has its figure in a chart or table of the same report.

pub(super) use crate::answer::empty_section as empty;

use report::{Certainty, Chart, Figure, Finding, NotKnown, Owner, Refusal, Section, Step, Unit, Value, Waterfall};
use stats::interval::Interval as Spread;
use tallies::Test;

use super::cells::Money;
use super::judge::{Case, judge, late_discount, named};
use super::levels::{Level, levels, of, projected, wins_of};
use super::numbers::Reading;
use super::planned::planned;
use super::settings::SPEEDS;
use super::split::Split;
use super::words;
use crate::chance::probability_words;
use crate::columns::won_between;
use crate::evidence::from_tests;
use crate::figures::{About, house};
use crate::{Answer, Question};

/// A refusal from its three sentences.
pub fn refusal(code: &str, [asked, had, needed]: [&str; 3]) -> Refusal {
    Refusal { code: code.to_owned(), asked: asked.to_owned(), had: had.to_owned(), needed: needed.to_owned() }
}

/// What stays the same through one answer.
pub struct Context<'a> {
    pub question: &'a Question,
    pub reading: &'a Reading,
    pub split: &'a Split,
    pub levels: Vec<Level>,
    pub period: String,
    pub base: String,
    /// What was planned, where the question is against a plan that says so.
    pub planned: Option<i64>,
}

impl<'a> Context<'a> {
    pub fn new(question: &'a Question, reading: &'a Reading, split: &'a Split) -> Context<'a> {
        let levels = levels(question, reading, split);
        let (period, base) = (question.period.to_string(), question.base().to_string());
        let planned = planned(question).flatten().filter(|_| split.money != Money::Wins);
        Context { question, reading, split, levels, period, base, planned }
    }

    pub(super) fn has_money(&self) -> bool {
        self.split.money != Money::Wins
    }

    pub(super) fn unit(&self) -> Unit {
        if self.has_money() { Unit::Money(self.question.currency) } else { Unit::Count }
    }

    pub(super) fn both(&self) -> String {
        format!("{} against {}", self.period, self.base)
    }

    /// A part or a sum of parts, in the unit of the split.
    pub(super) fn value(&self, value: f64) -> Value {
        if self.has_money() { Value::Whole(value.round() as i64) } else { Value::Real(value) }
    }

    pub(super) fn certainty(interval: Option<Spread>) -> Certainty {
        interval.map_or(Certainty::Counted, |i| Certainty::Estimated(house(i)))
    }

    pub(super) fn total(&self, side: usize) -> Figure {
        let (id, label) = [("verdict.from", "before"), ("verdict.to", "now")][side];
        let period = if side == 0 { &self.base } else { &self.period };
        let wins = self.reading.totals[side].wins.max(0) as u64;
        let label = format!("{} in {period}, {label}", words::won_words(self.has_money()));
        About::new(period.clone(), "counted by close day").counted(
            id,
            &label,
            self.unit(),
            self.split.totals[side],
            wins,
            wins_of(self.reading, side),
        )
    }

    /// The counted difference.
    pub fn gap(&self) -> Figure {
        let n = self.reading.totals.iter().map(|t| t.wins.max(0) as u64).sum();
        let evidence = self.levels.iter().find(|l| l.factor == "not_explained").and_then(|l| l.evidence.clone());
        About::new(self.both(), "counted").counted(
            "verdict.gap",
            "Difference",
            self.unit(),
            self.split.gap(),
            n,
            evidence,
        )
    }

    /// Who can change a part; a rate over several steps belongs to both teams.
    pub(super) fn owner(&self, place: usize) -> Owner {
        let factor = self.split.parts[place].factor;
        // without leads, what began are opportunities: both teams open them
        let of_opportunities =
            matches!(factor, "volume" | "mix") && self.reading.streams.first().map_or("leads", of) != "leads";
        if self.levels[place].collapsed.is_some() || of_opportunities {
            Owner::Both
        } else {
            self.question.owners.of(factor)
        }
    }

    /// Whether a factor is a rate of which follow-up was taken out.
    fn is_beside_follow_up(&self, factor: &str) -> bool {
        let Some(stream) = self.reading.streams.first().filter(|s| !s.worth.is_empty()) else { return false };
        let steps = stream.plan.follow.iter().flat_map(|f| &f.steps);
        steps.filter_map(|place| stream.plan.steps.get(*place)).any(|step| step.factor == factor)
    }

    pub(super) fn moved(&self, place: usize) -> String {
        let (part, level) = (&self.split.parts[place], &self.levels[place]);
        let of = self.reading.streams.first().map_or("leads", of);
        words::moved(part.factor, part.value > 0.0, of, level.collapsed, &self.base)
    }

    pub(super) fn step(&self, place: usize) -> Step {
        let (part, level) = (&self.split.parts[place], &self.levels[place]);
        let of = self.reading.streams.first().map_or("leads", of);
        let method =
            if part.factor == "not_explained" { "counted: what is outside the cells" } else { "order-free split" };
        let figure = About::new(self.both(), method).figure(
            &format!("verdict.{}", part.factor),
            &level.label,
            self.unit(),
            self.value(part.value),
            Self::certainty(part.interval),
            (level.n, None),
            level.evidence.clone(),
        );
        let mut note = words::meaning(part.factor, of);
        let follow = self.reading.streams.first().and_then(|s| s.plan.follow.as_ref());
        if part.factor == "speed" && follow.is_some_and(|f| f.edges != SPEEDS) {
            note = words::BY_DAY.to_owned();
        }
        if level.before.is_some() && level.after.is_some() {
            note = format!("{note}: {}", words::before_and_now(part.factor));
        }
        if self.is_beside_follow_up(part.factor) {
            note.push_str(words::BESIDE_FOLLOW_UP);
        }
        let largest = (named(self.split) == Some(place)).then_some(part.largest);
        Step { figure, note, owner: self.owner(place), largest }
    }

    pub(super) fn sentence(&self, case: &Case) -> Finding {
        let (code, words, evidence) = match case {
            Case::Largest { place } => {
                let part = &self.split.parts[*place];
                let likely = probability_words(part.largest);
                (
                    "largest",
                    words::named(&self.moved(*place), part.factor, likely),
                    self.levels[*place].evidence.clone(),
                )
            }
            Case::Known { place } => {
                let part = &self.split.parts[*place];
                (
                    "direction_known",
                    words::found(&self.moved(*place), part.factor),
                    self.levels[*place].evidence.clone(),
                )
            }
            Case::Reversal { factor, up } => {
                let by = self.reading.streams.first().and_then(|s| s.plan.column).map_or("segment", |c| c.name);
                let evidence = self.levels.iter().find(|l| l.factor == *factor).and_then(|l| l.evidence.clone());
                ("reversal", words::reversal(factor, *up, by), evidence)
            }
            Case::LateDiscount { more } => {
                let last = i64::from(self.question.period.last.0);
                let late = won_between(last - super::settings::LAST_DAYS + 1, last);
                let rows = late_discount(self.reading, self.split).map_or(0, |(parts, _)| parts[1].late.wins as u64);
                let listed = [late, Test::Has(tallies::columns::opportunity::AMOUNT), listed()];
                let evidence = from_tests(tallies::Grain::Opportunity, &listed, rows);
                ("late_discount", words::late_discount(*more, &self.base), Some(evidence))
            }
        };
        Finding { code: code.to_owned(), text: words, evidence }
    }

    /// The main section.
    pub fn main(&self) -> Section {
        let mut out = empty("verdict.waterfall", "Why it moved", words::METHOD);
        let cases = judge(self.reading, self.split);
        out.answer = self.answer();
        out.findings = cases.iter().map(|case| self.sentence(case)).collect();
        let steps = (0..self.split.parts.len()).map(|place| self.step(place)).collect();
        let title = if self.has_money() { "What moved won revenue" } else { "What moved the number of wins" };
        match self.planned {
            Some(planned) => self.way_from_plan(planned, steps, &mut out),
            None => out.charts.push(Chart::Waterfall(Box::new(Waterfall {
                title: title.to_owned(),
                from: self.total(0),
                steps,
                to: self.total(1),
                gap: self.gap(),
            }))),
        }
        out.tables.push(self.levels_table());
        if let Some((parts, _)) = late_discount(self.reading, self.split) {
            out.tables.push(self.discount_table(&parts));
        }
        if let Some(table) = self.orders_table() {
            out.tables.push(table);
        }
        self.unknowns(&mut out);
        out
    }

    /// The first sentences.
    pub fn answer(&self) -> String {
        let compared = match self.planned {
            Some(_) => words::compared_with_plan(&self.period, &self.base),
            None => words::compared(self.has_money(), &self.period, &self.base),
        };
        let said = match named(self.split) {
            Some(place) => {
                let part = &self.split.parts[place];
                words::named(&self.moved(place), part.factor, probability_words(part.largest))
            }
            None if self.split.parts.iter().any(|p| p.direction_known()) => words::NONE_NAMED.to_owned(),
            None => words::NONE_KNOWN.to_owned(),
        };
        format!("{compared} {said}")
    }

    /// How sure the answer is.
    pub fn how_sure(&self) -> Vec<String> {
        let all: Vec<usize> = (0..self.split.parts.len()).collect();
        let known = self.split.sum_interval(&all).is_some_and(|i| i.lo90 > 0.0 || i.hi90 < 0.0);
        let chance = if known { words::NOT_BY_CHANCE } else { words::BY_CHANCE };
        let mut out = vec![chance.to_owned(), words::rests_on(self.question.draws)];
        if projected(self.reading, 1).is_some() {
            let closes = self.reading.streams.first().is_some_and(|s| s.plan.closes);
            out.push(words::still_to_come(if closes { "opportunities" } else { "wins" }));
        }
        out.push(crate::EXPLAINED.to_owned());
        out
    }

    pub(super) fn unknowns(&self, out: &mut Section) {
        for (place, part) in self.split.parts.iter().enumerate() {
            if part.interval.is_some() && !part.direction_known() && part.value != 0.0 {
                let level = &self.levels[place];
                let near = self.times_needed(place).is_some();
                out.not_known.push(NotKnown {
                    text: words::not_known(&level.label, part.factor),
                    settle: words::settle(part.factor, near),
                    evidence: level.evidence.clone(),
                });
            }
        }
        let add = |out: &mut Section, [text, settle]: [&str; 2]| {
            out.not_known.push(NotKnown { text: text.to_owned(), settle: settle.to_owned(), evidence: None });
        };
        let is_followed = self.reading.streams.first().is_some_and(|s| !s.worth.is_empty());
        add(out, if is_followed { words::APART_BUT_FOLLOWED } else { words::APART });
        if self.split.parts.last().is_some_and(|p| p.value != 0.0) {
            add(out, words::NOT_EXPLAINED);
        }
        let contradicted: i64 = self.reading.totals.iter().map(|t| t.contradicted).sum();
        if contradicted > 0 {
            out.tables.push(self.contradicted_table(contradicted));
            add(out, words::CONTRADICTED);
        }
    }

    /// The answer of the room around its sections.
    pub fn said(&self, sections: Vec<Section>) -> Answer {
        let figure = self.planned.map_or_else(|| self.gap(), |planned| self.plan_gap(planned));
        Answer { headline: self.answer(), how_sure: self.how_sure(), figure: Some(figure), sections }
    }
}

fn listed() -> Test {
    Test::Between(tallies::columns::opportunity::LIST_PRICE, 1, i64::MAX)
}

pub fn absolute(i: Spread) -> Spread {
    let (lo, hi) = (i.lo90.abs().min(i.hi90.abs()), i.lo90.abs().max(i.hi90.abs()));
    let lo = if i.lo90 <= 0.0 && i.hi90 >= 0.0 { 0.0 } else { lo };
    Spread { lo90: lo, lo50: lo, hi50: hi, hi90: hi }
}
