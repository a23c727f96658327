//! What is counted for a claim: two calls to the facts.
//!
//! The first says what is recorded: the lay of the land, the values of the columns that the claim names, and how many
//! accounts the cases belong to. The second counts cases and outcomes by the dimensions that the claim could have been
//! picked from. Not here: numbers. Invariant: the specs and their answers stand in one order.

use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::{Column, Dim, Grain, Label, Measure, Spec, Tally, Test};
use terms::{Day, PeriodUnit};

use super::Ask;
use super::claim::{Against, Condition};
use super::metric::{How, Study};
use super::settings::{MONTHS, MOST_COLUMNS, MOST_PARTS, PER_ACCOUNT};
use crate::columns::{DAY, DEFAULTS, NOT_RECORDED, dimension};
use crate::nearest::nearest;
use crate::{Error, Lay, Question, lay, records};

/// The grains that claims are about.
const GRAINS: [Grain; 2] = [Grain::LeadCycle, Grain::Opportunity];

/// Some days, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub first: Day,
    pub last: Day,
}

/// The first call.
pub fn first(ask: &Ask) -> Vec<Spec> {
    let mut out = lay::specs(ask.fiscal);
    for grain in GRAINS {
        let account = account(grain);
        let measures = vec![Measure::Distinct(account), Measure::CountIf(vec![Test::Has(account)])];
        out.push(Spec { name: "claims.accounts", grain, filter: vec![], dims: vec![], measures });
        for condition in &ask.claim.filter.conditions {
            let dims = dimension(grain, &condition.column).map(|c| vec![Dim::Code(c)]).unwrap_or_default();
            out.push(Spec { name: "claims.values", grain, filter: vec![], dims, measures: vec![Measure::Count] });
        }
    }
    out
}

fn account(grain: Grain) -> Column {
    if grain == Grain::LeadCycle { lead::ACCOUNT } else { opp::ACCOUNT }
}

/// What the first call said besides the lay.
pub struct Known<'a> {
    rest: &'a [Tally],
    conditions: usize,
}

impl<'a> Known<'a> {
    /// The lay, and the rest.
    pub fn read(ask: &Ask, tallies: &'a [Tally]) -> (Lay, Known<'a>) {
        let of_lay = lay::specs(ask.fiscal).len().min(tallies.len());
        let (of_lay, rest) = tallies.split_at(of_lay);
        (Lay::read(of_lay), Known { rest, conditions: ask.claim.filter.conditions.len() })
    }

    fn at(&self, grain: Grain, place: usize) -> Option<&Tally> {
        let block = GRAINS.iter().position(|g| *g == grain)? * (1 + self.conditions);
        self.rest.get(block + place)
    }

    /// Whether cases of one account come often enough to be redrawn together.
    fn by_account(&self, grain: Grain) -> bool {
        self.at(grain, 0).is_some_and(|t| t.int(0, 0) > 0 && t.real(0, 1) >= PER_ACCOUNT * t.real(0, 0))
    }

    /// The condition with its values as recorded.
    fn resolved(&self, grain: Grain, place: usize, condition: &Condition) -> Result<Vec<Label>, Error> {
        let labels: &[Label] = self.at(grain, place + 1).and_then(|t| t.axes.first()).map_or(&[], |a| &a.labels);
        condition
            .values
            .iter()
            .map(|value| {
                let Some(value) = value else { return Ok(Label::Missing) };
                let texts = || labels.iter().filter_map(|l| l.text());
                let exact = texts().find(|t| t == value);
                let found = exact.or_else(|| texts().find(|t| t.to_lowercase() == value.to_lowercase()));
                if let Some(found) = found {
                    return Ok(Label::Text(found.to_owned()));
                }
                let near = nearest(value, texts());
                let hint = if near.is_empty() {
                    format!("no {} is recorded at all", condition.column)
                } else {
                    let near: Vec<String> = near.into_iter().map(|n| format!("`{n}`")).collect();
                    format!("nearest are {}; write `{NOT_RECORDED}` for those without one", near.join(", "))
                };
                Err(Error::value(&condition.column, value, hint))
            })
            .collect()
    }
}

/// One condition as it is counted.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub column: Column,
    pub is: bool,
    pub labels: Vec<Label>,
}

/// What is counted.
#[derive(Clone, Debug)]
pub struct Plan {
    pub study: Study,
    pub chosen: Vec<Chosen>,
    /// The columns of the alternatives: the claim's, then others.
    pub columns: Vec<Column>,
    /// Other columns by which the claim is looked at in parts.
    pub parts: Vec<Column>,
    /// The time of all alternatives, in pieces; windows are made of whole pieces.
    pub spans: Vec<Span>,
    /// The claim's window as far as anything is recorded, in pieces.
    pub window: Option<std::ops::Range<usize>>,
    /// The window that it is compared with, in pieces.
    pub before: Option<std::ops::Range<usize>>,
    /// Whether cases are redrawn by account.
    pub by_account: bool,
    pub as_of: i64,
}

impl Plan {
    /// The plan for a claim.
    ///
    /// # Errors
    /// `analyses.value` for a value that is not recorded, `analyses.claim` for a column that this grain does not have.
    pub fn of(ask: &Ask, study: Study, lay: &Lay, known: &Known<'_>) -> Result<Plan, Error> {
        let grain = study.grain;
        let mut chosen = Vec::new();
        for (place, condition) in ask.claim.filter.conditions.iter().enumerate() {
            let Some(column) = dimension(grain, &condition.column) else {
                let usual = DEFAULTS.join(", ");
                let expected = format!("a column of the grain {}", grain.word());
                return Err(Error::claim(1, &condition.column, &expected, &format!("one of {usual}")));
            };
            chosen.push(Chosen { column, is: condition.is, labels: known.resolved(grain, place, condition)? });
        }
        if chosen.len() > MOST_COLUMNS {
            let hint = "with more conditions there are more ways to pick a claim than cases to test it with";
            return Err(Error::claim(
                1,
                &ask.claim.filter.conditions[MOST_COLUMNS].column,
                "at most three columns",
                hint,
            ));
        }
        let others: Vec<Column> = recorded(lay, grain).filter(|c| chosen.iter().all(|x| x.column != *c)).collect();
        let source = others.iter().copied().find(|c| c.name == "source");
        let second = ["segment", "product"].iter().find_map(|n| others.iter().copied().find(|c| c.name == *n));
        let mut columns: Vec<Column> = chosen.iter().map(|c| c.column).collect();
        columns.extend(source.into_iter().chain(second));
        columns.truncate(MOST_COLUMNS);
        let parts = others.into_iter().take(MOST_PARTS).collect();
        let by_account = known.by_account(grain);
        let mut out = Plan {
            study,
            chosen,
            columns,
            parts,
            spans: vec![],
            window: None,
            before: None,
            by_account,
            as_of: ask.as_of_minutes,
        };
        out.lay_out(ask, lay);
        Ok(out)
    }

    /// Cuts the time of the alternatives at month ends and at the ends of the windows.
    fn lay_out(&mut self, ask: &Ask, lay: &Lay) {
        let today = Day(i32::try_from(ask.as_of_minutes.div_euclid(DAY)).unwrap_or(i32::MAX));
        let of_grain = if self.study.grain == Grain::LeadCycle { lay.lead_months } else { lay.opportunity_months };
        let Some((begun, _)) = of_grain.or(lay.lead_months) else { return };
        let month = |index: i32| ask.fiscal.period(PeriodUnit::Month, index);
        let last = ask.fiscal.index(PeriodUnit::Month, today);
        let window = ask.claim.filter.window.map(|w| w.period);
        let before = window.filter(|_| ask.claim.against == Against::Before).map(|w| w.previous());
        let asked = before.or(window).map_or(i32::MAX, |p| ask.fiscal.index(PeriodUnit::Month, p.first));
        let from = begun.max((last - MONTHS + 1).min(asked)).min(last);
        let start = month(from).first;
        let mut cuts: Vec<Day> = (from..=last).map(|m| month(m).first).collect();
        for period in window.iter().chain(&before) {
            cuts.extend([period.first, period.last.plus(1)]);
        }
        cuts.retain(|d| *d >= start && *d <= today);
        cuts.push(today.plus(1));
        cuts.sort_unstable();
        cuts.dedup();
        self.spans = cuts.windows(2).map(|w| Span { first: w[0], last: w[1].plus(-1) }).collect();
        let pieces = |period: terms::Period| {
            let from = self.spans.iter().position(|s| s.first >= period.first).unwrap_or(self.spans.len());
            let to = self.spans.iter().rposition(|s| s.last <= period.last).map_or(0, |p| p + 1);
            from..to.max(from)
        };
        (self.window, self.before) = (window.map(pieces), before.map(pieces));
    }

    /// The test that the moment lies in these pieces.
    pub fn during(&self, pieces: &std::ops::Range<usize>) -> Test {
        let first = self.spans.get(pieces.start).map_or(0, |s| i64::from(s.first.0));
        let last = pieces.end.checked_sub(1).and_then(|p| self.spans.get(p)).map_or(-1, |s| i64::from(s.last.0));
        if self.in_days() {
            Test::Between(self.study.moment, first, last)
        } else {
            Test::Between(self.study.moment, first * DAY, last * DAY + DAY - 1)
        }
    }

    fn in_days(&self) -> bool {
        self.study.moment.width == tallies::Width::Days
    }

    /// Cases and outcomes by some columns and by the pieces of time.
    fn cells(&self, name: &'static str, by: &[Column], with_account: bool) -> Spec {
        let scale = if self.in_days() { 1 } else { DAY };
        let mut cuts: Vec<i64> = self.spans.iter().map(|s| i64::from(s.first.0) * scale).collect();
        cuts.extend(self.spans.last().map(|s| (i64::from(s.last.0) + 1) * scale));
        let mut dims: Vec<Dim> = by.iter().copied().map(Dim::Code).collect();
        dims.push(Dim::Bins(self.study.moment, cuts));
        let mut measures = vec![Measure::Count];
        match &self.study.how {
            How::Over(won) => measures.push(Measure::CountIf(won.clone())),
            How::Within { from, events, step, waits, .. } => {
                let as_of = self.as_of;
                // the longest wait ends first
                let seen = waits.iter().rev().map(|w| as_of - i64::from(*w) * step + 1).collect();
                let (from, events, bin) = (*from, events.clone(), *step);
                let bins = waits.last().copied().unwrap_or(1) + 1;
                dims.push(Dim::Bins(from, seen));
                dims.push(Dim::Outcome { from, events: events.clone(), as_of });
                dims.push(Dim::Age { from, events, as_of, bin, bins });
            }
        }
        if with_account {
            dims.push(Dim::Value(account(self.study.grain)));
        }
        let mut filter = self.study.rows();
        filter.push(self.during(&(0..self.spans.len())));
        Spec { name, grain: self.study.grain, filter, dims, measures }
    }

    /// The columns of one part: the claim's and the other one.
    pub fn part(&self, column: Column) -> Vec<Column> {
        self.chosen.iter().map(|c| c.column).chain([column]).collect()
    }

    /// The second call: the cells, the parts, cases whose outcome has no date, and where the records begin.
    pub fn second(&self, ask: &Ask) -> Vec<Spec> {
        let mut out = vec![self.cells("claims.cells", &self.columns, self.by_account)];
        out.extend(self.parts.iter().map(|c| self.cells("claims.parts", &self.part(*c), false)));
        let grain = self.study.grain;
        let mut filter = self.study.case.clone();
        match &self.study.how {
            How::Within { undated, .. } if !undated.is_empty() => filter.extend(undated.clone()),
            _ => filter.push(Test::Any(vec![])),
        }
        out.push(Spec { name: "claims.undated", grain, filter, dims: vec![], measures: vec![Measure::Count] });
        let (created, won) = match grain {
            Grain::LeadCycle => (lead::CREATED_AT, lead::WON_AT),
            _ => (opp::CREATED_AT, opp::WON_ON),
        };
        if ask.claim.metric.is_win() {
            out.extend(records::specs(&question(ask), grain, created, &[won]));
        }
        out
    }
}

/// The question that the rules about records are asked with.
pub fn question(ask: &Ask) -> Question {
    let today = Day(i32::try_from(ask.as_of_minutes.div_euclid(DAY)).unwrap_or(i32::MAX));
    let period = ask.fiscal.period_of(PeriodUnit::Month, today);
    Question::new(period, ask.as_of_minutes, terms::Currency::UNKNOWN)
}

/// The usual columns, where they are recorded.
fn recorded(lay: &Lay, grain: Grain) -> impl Iterator<Item = Column> + '_ {
    DEFAULTS.iter().filter(move |name| lay.recorded(grain, name)).filter_map(move |name| dimension(grain, name))
}
