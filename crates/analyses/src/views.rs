//! One question, three views: what Sales sees, what Marketing sees, and what the records say about both.
//!
//! Here: for each side the two shares that it usually points to, this period beside the base, in the same words and layout; and how
//! the rate at which leads become opportunities moved with follow-up held as it was. Not here: why revenue moved (`verdict`).
//! Invariant: what is true for both sides is counted over the same leads; neither side's share is coloured, ranked or left out.

use report::{Section, Table, Unit};
use tallies::columns::lead_cycle as lead;
use tallies::{Column, Facts, Grain, Measure, Spec, Test};
use terms::Period;

use crate::answer::empty_section;
use crate::columns::DAY;
use crate::evidence::from_tests;
use crate::figures::{About, cell, house, row, text};
use crate::{Error, Lay, Question, lay};

/// Days from the hand-off within which an opportunity counts, and for which a lead must have been watched.
const HORIZON: i64 = 30 * DAY;
/// Leads of each period below which nothing is said: a rate of fewer has no width worth reading.
const LEAST: u64 = 30;

const METHOD: &str = "Leads by the day on which they were handed over, or created where hand-offs are not recorded for half of them. A rate counts \
     opportunities within 30 days, over leads that were watched for 30 days, so that young ones do not weigh. Held equal: the change \
     of the rate within leads tried in 24 hours and within the others, weighted as in the base; its interval is that of the four \
     binomial rates.";

/// Leads of a period that are old enough, tried within 24 hours or not.
struct Half {
    period: Period,
    all: u64,
    turned_down: u64,
    /// Leads and opportunities of those tried within 24 hours, and of the others.
    tried: (u64, u64),
    others: (u64, u64),
}

impl Half {
    fn rate(&self) -> (u64, u64) {
        (self.tried.1 + self.others.1, self.tried.0 + self.others.0)
    }
}

struct Plan {
    start: Column,
    latest: i64,
}

impl Plan {
    fn among(&self, period: Period) -> Test {
        let minute = |day: terms::Day| i64::from(day.0) * DAY;
        Test::Between(self.start, minute(period.first), minute(period.last.plus(1)) - 1)
    }

    fn old(&self) -> Test {
        Test::Between(self.start, i64::from(i32::MIN) + 1, self.latest)
    }

    fn came(&self) -> Test {
        Test::Elapsed(self.start, lead::OPPORTUNITY_AT, i64::from(i32::MIN), HORIZON)
    }

    fn in_a_day(&self) -> Test {
        Test::Elapsed(self.start, lead::FIRST_ATTEMPT_AT, i64::from(i32::MIN), DAY)
    }

    fn turned_down(&self) -> Test {
        Test::Any(
            [lead::REJECTED_AT, lead::DISQUALIFIED_AT]
                .map(|at| Test::Elapsed(self.start, at, i64::from(i32::MIN), HORIZON))
                .to_vec(),
        )
    }

    fn spec(&self, period: Period) -> Spec {
        let late = Test::Not(Box::new(self.in_a_day()));
        Spec {
            name: "views",
            grain: Grain::LeadCycle,
            filter: vec![self.among(period), self.old()],
            dims: vec![],
            measures: vec![
                Measure::Count,
                Measure::CountIf(vec![self.turned_down()]),
                Measure::CountIf(vec![self.in_a_day()]),
                Measure::CountIf(vec![self.in_a_day(), self.came()]),
                Measure::CountIf(vec![late.clone()]),
                Measure::CountIf(vec![late, self.came()]),
            ],
        }
    }
}

/// The section; `None` where the records do not hold both sides: attempts, opportunities and enough leads in both periods.
///
/// # Errors
/// `analyses.facts` where the facts could not be read.
pub fn section<F: Facts>(question: &Question, facts: &F) -> Result<Option<Section>, Error> {
    let lay = Lay::read(&facts.answer(&lay::specs(question.fiscal)).map_err(Error::facts)?);
    if lay.attempts == 0 || lay.timed[4] == 0 {
        return Ok(None);
    }
    let start = if 2 * lay.handed >= lay.leads { lead::HANDOFF_AT } else { lead::CREATED_AT };
    let plan = Plan { start, latest: question.as_of_minutes - HORIZON };
    let periods = [question.base(), question.period];
    let tallies = facts.answer(&periods.map(|p| plan.spec(p))).map_err(Error::facts)?;
    let [base, now] = tallies.as_slice() else { return Ok(None) };
    let half = |tally: &tallies::Tally, period: Period| {
        let of = |measure: usize| u64::try_from(tally.total(measure)).unwrap_or(0);
        Half { period, all: of(0), turned_down: of(1), tried: (of(2), of(3)), others: (of(4), of(5)) }
    };
    let halves = [half(base, periods[0]), half(now, periods[1])];
    if halves.iter().any(|h| h.all < LEAST) {
        return Ok(None);
    }
    Ok(Some(said(&plan, &halves)))
}

fn said(plan: &Plan, halves: &[Half; 2]) -> Section {
    let mut section =
        empty_section("views", "One question, three views: did the leads fall short, or the follow-up?", METHOD);
    let word = if plan.start == lead::HANDOFF_AT { "handed over" } else { "created" };
    let rows = [sales(plan, halves, word), marketing(plan, halves, word), data(plan, halves)].concat();
    section.tables.push(Table {
        id: "views.table".to_owned(),
        title: "The same leads, seen from three sides".to_owned(),
        columns: vec![
            "seen by".to_owned(),
            "what".to_owned(),
            halves[0].period.to_string(),
            halves[1].period.to_string(),
        ],
        rows,
        note: "24 hours are those of the clock, nights and weekends too; the scorecard counts working hours. Who was tried early is not \
               by lot: leads that looked better may have been tried first."
            .to_owned(),
    });
    let held = held(halves);
    let moved = match held {
        Some((_, interval)) if interval.lo90 > 0.0 || interval.hi90 < 0.0 => {
            "With follow-up held as it was, the rate would differ by {views.data.held}: that much is not follow-up."
        }
        Some(_) => "With follow-up held as it was, whether the rate would differ is not known: {views.data.held}.",
        None => {
            "Whether the rate would differ with follow-up held as it was cannot be told: too few leads on one side."
        }
    };
    section.answer = format!(
        "Of leads {word} in {}, {{views.sales.rate.now}} became an opportunity within 30 days, against {{views.sales.rate.base}} in {}; \
         {{views.marketing.late.now}} were not tried within 24 hours, against {{views.marketing.late.base}}. Each side is right about what it counts. {moved}",
        halves[1].period, halves[0].period
    );
    section
}

const SIDES: [&str; 2] = ["base", "now"];

/// A share of both periods, as cells: the base, then now.
fn shares(
    plan: &Plan,
    halves: &[Half; 2],
    (id, label): (&str, &str),
    of: &dyn Fn(&Half) -> (u64, u64),
    tests: &[Test],
) -> Vec<report::Cell> {
    let pairs = halves.iter().zip(SIDES);
    pairs
        .map(|(half, side)| {
            let (k, n) = of(half);
            let mut all = vec![plan.among(half.period), plan.old()];
            all.extend_from_slice(tests);
            let evidence = from_tests(Grain::LeadCycle, &all, k);
            let about = About::new(half.period.to_string(), "counted over leads that were watched for 30 days");
            cell(about.share(&format!("views.{id}.{side}"), label, k, n, Some(evidence)))
        })
        .collect()
}

fn line(by: &str, words: &str, cells: Vec<report::Cell>) -> report::TableRow {
    row([text(by), text(words)].into_iter().chain(cells).collect())
}

fn sales(plan: &Plan, halves: &[Half; 2], word: &str) -> Vec<report::TableRow> {
    let rate = shares(plan, halves, ("sales.rate", "opportunity within 30 days"), &Half::rate, &[plan.came()]);
    let down = shares(
        plan,
        halves,
        ("sales.turned_down", "turned down within 30 days"),
        &|h| (h.turned_down, h.all),
        &[plan.turned_down()],
    );
    vec![
        line("Sales", &format!("leads {word} that became an opportunity within 30 days"), rate),
        line("Sales", "turned down within 30 days", down),
    ]
}

fn marketing(plan: &Plan, halves: &[Half; 2], word: &str) -> Vec<report::TableRow> {
    let late = Test::Not(Box::new(plan.in_a_day()));
    let delivered = halves.iter().zip(SIDES).map(|(half, side)| {
        let tests = [plan.among(half.period), plan.old()];
        let about = About::new(half.period.to_string(), "counted");
        let evidence = from_tests(Grain::LeadCycle, &tests, half.all);
        cell(about.count(&format!("views.marketing.leads.{side}"), "leads", half.all, Some(evidence)))
    });
    vec![
        line("Marketing", &format!("leads {word}, watched for 30 days since"), delivered.collect()),
        line(
            "Marketing",
            "not tried within 24 hours, or not at all",
            shares(plan, halves, ("marketing.late", "not tried within 24 hours"), &|h| (h.others.0, h.all), &[late]),
        ),
    ]
}

fn data(plan: &Plan, halves: &[Half; 2]) -> Vec<report::TableRow> {
    let late = Test::Not(Box::new(plan.in_a_day()));
    let mut rows = vec![
        line(
            "The data",
            "opportunities of leads tried within 24 hours",
            shares(
                plan,
                halves,
                ("data.tried", "opportunity, tried within 24 hours"),
                &|h| (h.tried.1, h.tried.0),
                &[plan.in_a_day(), plan.came()],
            ),
        ),
        line(
            "The data",
            "opportunities of leads tried later or never",
            shares(
                plan,
                halves,
                ("data.others", "opportunity, tried later or never"),
                &|h| (h.others.1, h.others.0),
                &[late, plan.came()],
            ),
        ),
    ];
    let about = About::new(
        format!("{} against {}", halves[1].period, halves[0].period),
        "rates within each class, weighted as in the base",
    );
    let n = halves[0].all + halves[1].all;
    let unit = Unit::ShareDifference;
    let figure = match held(halves) {
        Some((value, interval)) => about.estimated(
            "views.data.held",
            "Change with follow-up held",
            unit,
            value,
            Some(house(interval)),
            n,
            None,
        ),
        None => about.withheld("views.data.held", "Change with follow-up held", unit, n, None),
    };
    rows.push(line(
        "The data",
        "change of the rate with follow-up held as it was",
        vec![report::Cell::Empty, cell(figure)],
    ));
    rows
}

/// The change of the rate within both classes, weighted as in the base, with its interval; none where a class is too small.
fn held(halves: &[Half; 2]) -> Option<(f64, stats::interval::Interval)> {
    let [base, now] = halves;
    let classes = [(base.tried, now.tried), (base.others, now.others)];
    if classes.iter().any(|(b, n)| b.0 < LEAST || n.0 < LEAST) {
        return None;
    }
    let (mut value, mut variance) = (0.0, 0.0);
    for (b, n) in classes {
        let weight = b.0 as f64 / base.all as f64;
        // half a success and half a failure more (Agresti and Caffo), so that a rate of 0 has a width
        let rate = |(n, k): (u64, u64)| ((k as f64 + 0.5) / (n as f64 + 1.0), n as f64 + 1.0);
        let ((p, np), (q, nq)) = (rate(b), rate(n));
        value += weight * (n.1 as f64 / n.0 as f64 - b.1 as f64 / b.0 as f64);
        variance += weight * weight * (p * (1.0 - p) / np + q * (1.0 - q) / nq);
    }
    stats::interval::Interval::normal(value, variance.sqrt()).map(|interval| (value, interval))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Answer;
    use crate::invented::Dice;
    use report::{Cell, Value};
    use tallies::Table as Rows;
    use tallies::plain::Tables;
    use terms::{Currency, Day, FiscalYear};

    /// Leads of two quarters: a share tried within 24 hours, and rates of those and the others.
    fn company(n: usize, tried: [f64; 2], rates: [[f64; 2]; 2], seed: u64) -> Tables {
        with(n, tried, rates, seed, true)
    }

    fn with(n: usize, tried: [f64; 2], rates: [[f64; 2]; 2], seed: u64, attempts: bool) -> Tables {
        let mut dice = Dice::new(seed);
        let mut table = Rows::new(Grain::LeadCycle, 2 * n);
        for i in 0..2 * n {
            let side = i / n;
            let first = Day::parse(["2026-04-01", "2026-07-01"][side]).unwrap();
            let at = (i64::from(first.0) + (dice.unit() * 89.0) as i64) * DAY + 600;
            let early = dice.unit() < tried[side];
            table.set(lead::KEY, i, i as i64 + 1);
            table.set(lead::CREATED_AT, i, at);
            table.set(lead::HANDOFF_AT, i, at);
            if attempts && (early || dice.unit() < 0.5) {
                table.set(lead::FIRST_ATTEMPT_AT, i, at + if early { 60 } else { 3 * DAY });
            }
            if dice.unit() < rates[side][usize::from(!early)] {
                table.set(lead::OPPORTUNITY_AT, i, at + 5 * DAY);
                table.set(lead::REACHED_OPPORTUNITY, i, 1);
            } else if dice.unit() < 0.3 {
                table.set(lead::REJECTED_AT, i, at + 4 * DAY);
            }
        }
        Tables { tables: vec![table] }
    }

    fn told(tables: &Tables) -> Option<Section> {
        let period = FiscalYear::default().parse_period("2026Q3").unwrap();
        let as_of = i64::from(Day::parse("2026-12-01").unwrap().0) * DAY;
        section(&Question::new(period, as_of, Currency::UNKNOWN), tables).unwrap()
    }

    fn held_of(section: &Section) -> (f64, bool) {
        let figures = crate::placeholders::figures(section).find(|f| f.id == "views.data.held").unwrap();
        let Value::Real(value) = figures.value else { panic!("no number") };
        let report::Certainty::Estimated(interval) = figures.certainty else { panic!("no interval") };
        (value, interval.lo90 > 0.0 || interval.hi90 < 0.0)
    }

    #[test]
    fn where_follow_up_alone_changed_nothing_remains_with_it_held() {
        let rates = [[0.3, 0.1], [0.3, 0.1]];
        let section = told(&company(6_000, [0.8, 0.3], rates, 1)).unwrap();
        let (value, is_known) = held_of(&section);
        assert!(value.abs() < 0.02 && !is_known, "{value}");
        assert!(section.answer.contains("is not known"));
        // and where the leads alone did, all of it does
        let section = told(&company(6_000, [0.6, 0.6], [[0.3, 0.1], [0.2, 0.05]], 2)).unwrap();
        let (value, is_known) = held_of(&section);
        assert!((value + 0.08).abs() < 0.025 && is_known, "{value}");
    }

    #[test]
    fn the_interval_of_what_remains_covers_it() {
        let covered = (0..200).filter(|seed| {
            let section = told(&company(600, [0.7, 0.4], [[0.3, 0.1], [0.3, 0.1]], 100 + seed)).unwrap();
            !held_of(&section).1
        });
        // 180 of 200 are expected, and fewer than 168 hardly ever
        assert!(covered.count() >= 168);
    }

    #[test]
    fn both_sides_have_the_same_shape_and_every_placeholder_its_figure() {
        let section = told(&company(300, [0.7, 0.4], [[0.3, 0.1], [0.3, 0.1]], 5)).unwrap();
        let rows = &section.tables[0].rows;
        let of = |side: &str| rows.iter().filter(|r| matches!(&r.cells[0], Cell::Text(t) if t == side)).count();
        assert_eq!([of("Sales"), of("Marketing"), of("The data")], [2, 2, 3]);
        assert_eq!(rows.iter().flat_map(|r| &r.cells).filter(|c| matches!(c, Cell::Figure(_))).count(), 13);
        crate::tests::complete(&Answer { sections: vec![section], ..Answer::default() });
    }

    #[test]
    fn without_attempts_or_with_few_leads_nothing_is_said() {
        assert!(told(&company(20, [0.7, 0.4], [[0.3, 0.1], [0.3, 0.1]], 5)).is_none());
        let tables = with(300, [0.7, 0.4], [[0.3, 0.1], [0.3, 0.1]], 5, false);
        assert!(told(&tables).is_none());
    }
}
