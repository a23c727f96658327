//! An invented report that uses every variant there is. The company, its people and its figures do not exist.
#![allow(dead_code)]

use report::{
    Band, BandPoint, Cell, Certainty, Chart, Dot, DotWhisker, Evidence, Figure, Finding, Grain, Interval, NotKnown,
    Owner, Predicate, Provenance, Refusal, Report, SCHEMA, Section, Step, Table, TableRow, Unit, Value, Waterfall,
};
use terms::{Currency, Team};

pub const SALES: Owner = Owner::Team(Team::Sales);
pub const MARKETING: Owner = Owner::Team(Team::Marketing);

pub fn usd() -> Unit {
    Unit::Money(Currency::parse("USD").unwrap_or(Currency::UNKNOWN))
}

/// Limits of 50% between the value and the given limits of 90%.
pub fn limits(value: f64, lo90: f64, hi90: f64) -> Interval {
    Interval { lo90, lo50: value - (value - lo90) * 0.41, hi50: value + (hi90 - value) * 0.41, hi90 }
}

pub fn rows(n: u64) -> Option<Evidence> {
    let filter = vec![
        Predicate::Has("handoff_at".into()),
        Predicate::Not(Box::new(Predicate::Missing("source".into()))),
        Predicate::Any(vec![
            Predicate::Between("handoff_at".into(), 20_635, 20_726),
            Predicate::Is("reached_sql".into(), 1),
            Predicate::In("source".into(), vec![Some("webinar".into()), None]),
            Predicate::Before("handoff_at".into(), "first_attempt_at".into()),
        ]),
    ];
    Some(Evidence { grain: Grain::LeadCycle, filter, rows: n })
}

pub fn figure(id: &str, label: &str, unit: Unit, value: Value, certainty: Certainty, n: u64) -> Figure {
    Figure {
        id: id.into(),
        label: label.into(),
        unit,
        value,
        certainty,
        n,
        of: None,
        period: "2026Q3".into(),
        method: "order-free split, 1,000 re-runs".into(),
        evidence: rows(n),
    }
}

pub fn counted(id: &str, label: &str, unit: Unit, value: i64, n: u64) -> Figure {
    let f = figure(id, label, unit, Value::Whole(value), Certainty::Counted, n);
    Figure { method: "counted".into(), ..f }
}

pub fn estimated(id: &str, label: &str, unit: Unit, value: f64, lo: f64, hi: f64, n: u64) -> Figure {
    figure(id, label, unit, Value::Real(value), Certainty::Estimated(limits(value, lo, hi)), n)
}

pub fn rate(id: &str, label: &str, value: f64, lo: f64, hi: f64, n: u64) -> Figure {
    let f = estimated(id, label, Unit::Share, value, lo, hi, n);
    Figure { of: Some((value * n as f64).round() as u64), method: "share with its Jeffreys interval".into(), ..f }
}

pub fn few(id: &str, label: &str, of: u64, n: u64) -> Figure {
    Figure { of: Some(of), ..figure(id, label, Unit::Share, Value::Withheld, Certainty::Refused, n) }
}

pub fn step(name: &str, note: &str, thousands: (f64, f64, f64), owner: Owner, largest: Option<f64>) -> Step {
    let (v, lo, hi) = thousands;
    let id = format!("verdict.{}", name.to_lowercase().replace(' ', "_"));
    Step { figure: estimated(&id, name, usd(), v * 1e5, lo * 1e5, hi * 1e5, 2_318), note: note.into(), owner, largest }
}

pub fn waterfall(steps: Vec<Step>) -> Waterfall {
    let gap: i64 = steps.iter().map(|s| if let Value::Real(x) = s.figure.value { x as i64 } else { 0 }).sum();
    Waterfall {
        title: "New bookings from plan to actual, step by step".into(),
        from: Figure { evidence: None, ..counted("verdict.plan", "Plan", usd(), 420_000_000, 1) },
        steps,
        to: counted("verdict.actual", "Actual", usd(), 420_000_000 + gap, 110),
        gap: counted("verdict.gap", "Gap to plan", usd(), gap, 110),
    }
}

pub fn verdict_steps() -> Vec<Step> {
    vec![
        step("Lead volume", "72 fewer than agreed (3%)", (-96.0, -131.0, -62.0), MARKETING, Some(0.04)),
        step("Lead quality", "fit and source mix, follow-up held equal", (-88.0, -156.0, -24.0), MARKETING, Some(0.09)),
        step(
            "Follow-up",
            "{followup.late} of sales-ready leads called late or never",
            (-143.0, -201.0, -88.0),
            SALES,
            Some(0.8),
        ),
        step("Win rate", "after the first meeting, 47 decided opportunities", (-71.0, -168.0, 22.0), SALES, Some(0.05)),
        step("Price and discount", "average discount 14%, plan 10%", (-58.0, -74.0, -43.0), Owner::Others, Some(0.01)),
        step("Cycle time", "6 opportunities slipped past 30 September", (-37.0, -90.0, 12.0), Owner::Both, Some(0.01)),
        step("Deal size", "more seats an order than planned", (49.0, 18.0, 83.0), Owner::Both, None),
        step("Not explained", "left over after the factors above", (32.0, -40.0, 104.0), Owner::Unknown, None),
    ]
}

fn verdict() -> Section {
    let group = |id: &str, label: &str, v: f64, lo: f64, hi: f64, owner: Owner| Dot {
        figure: estimated(id, label, usd(), v * 1e5, lo * 1e5, hi * 1e5, 2_318),
        note: String::new(),
        owner: Some(owner),
    };
    Section {
        id: "verdict.waterfall".into(),
        title: "What moved between plan and actual".into(),
        answer: "Of the gap of {verdict.gap}, follow-up makes up about {verdict.follow-up}.".into(),
        findings: vec![
            Finding {
                code: "wins_before_creation".into(),
                text: "4 opportunities were won on a day before they were created; they count on the day they were won.".into(),
                evidence: rows(4),
            },
            Finding {
                code: "overlap".into(),
                text: "The first two groups' intervals overlap. The data cannot say which group is larger.".into(),
                evidence: None,
            },
        ],
        charts: vec![
            Chart::Waterfall(Box::new(waterfall(verdict_steps()))),
            Chart::DotWhisker(DotWhisker {
                title: "Grouped by who can change it. Not a score: most factors need both teams to act".into(),
                axis: "Group".into(),
                rows: vec![
                    group("verdict.by_marketing", "Marketing can change", -184.0, -262.0, -107.0, MARKETING),
                    group("verdict.by_sales", "Sales can change", -214.0, -324.0, -101.0, SALES),
                    group("verdict.by_both", "Needs both, or Finance", -46.0, -118.0, 27.0, Owner::Both),
                    group("verdict.by_nobody", "Not explained", 32.0, -40.0, 104.0, Owner::Unknown),
                ],
                reference: None,
            }),
        ],
        tables: vec![],
        caveats: vec![
            "This is a split of what moved, an accounting. Only a randomised slice can tell what follow-up would have earned.".into(),
            "Discount is measured against list price, which 11 opportunities lack.".into(),
        ],
        refusals: vec![],
        not_known: vec![
            NotKnown {
                text: "Whether win rate helped or hurt.".into(),
                settle: "47 opportunities were decided in the quarter; about 160 would be needed to tell.".into(),
                evidence: rows(47),
            },
            NotKnown {
                text: "Why 11 opportunities were discounted above 20%.".into(),
                settle: "The approval reason is empty. Finance can fill it in; it is worth up to {verdict.price_and_discount:value}.".into(),
                evidence: rows(11),
            },
        ],
        method: "The gap is split by Shapley values over all orders of the steps, so no order is favoured and the parts sum to the cent.\n\nIntervals come from 1,000 re-runs of the data by account. Cohorts too young to judge are projected by a cure model.".into(),
    }
}

fn followup() -> Section {
    let row = |id: &str, label: &str, v: f64, lo: f64, hi: f64, n: u64| Dot {
        figure: rate(id, label, v / 100.0, lo / 100.0, hi / 100.0, n),
        note: String::new(),
        owner: None,
    };
    let weeks = [
        ("6 Jul", 13.8, 2.3),
        ("13 Jul", 13.1, 2.3),
        ("20 Jul", 13.4, 2.4),
        ("27 Jul", 12.4, 2.4),
        ("3 Aug", 12.6, 2.5),
        ("10 Aug", 11.6, 2.5),
        ("17 Aug", 11.0, 2.5),
        ("24 Aug", 11.4, 2.6),
        ("31 Aug", 10.4, 2.6),
        ("7 Sep", 10.7, 2.7),
        ("14 Sep", 10.2, 3.7),
        ("21 Sep", 10.6, 4.7),
        ("28 Sep", 10.1, 5.7),
    ];
    let points = weeks.iter().enumerate().map(|(i, (label, v, half))| {
        let f = rate(&format!("followup.week_{i}"), label, v / 100.0, (v - half) / 100.0, (v + half) / 100.0, 74);
        let certainty = match f.certainty {
            Certainty::Estimated(l) if i > 9 => Certainty::Projected(l),
            other => other,
        };
        BandPoint { label: (*label).into(), figure: Figure { certainty, ..f } }
    });
    Section {
        id: "followup.speed".into(),
        title: "Follow-up speed and what became of the lead".into(),
        answer: "Leads called within four hours became opportunities more often; matching on score removes part of what reps choose, not all.".into(),
        findings: vec![],
        charts: vec![
            Chart::DotWhisker(DotWhisker {
                title: "Share that became an opportunity, by time to first call".into(),
                axis: "First call after".into(),
                rows: vec![
                    row("followup.h1", "under 1 hour", 15.1, 12.1, 18.6, 312),
                    row("followup.h4", "1 to 4 hours", 11.5, 9.0, 14.5, 343),
                    row("followup.h24", "4 to 24 hours", 9.2, 6.1, 13.6, 148),
                    row("followup.d3", "1 to 3 days", 7.4, 3.9, 13.8, 71),
                    Dot { figure: few("followup.never", "later or never", 3, 41), note: "too few for a rate".into(), owner: None },
                ],
                reference: Some(rate("followup.all", "all sales-ready leads", 0.116, 0.101, 0.132, 946)),
            }),
            Chart::Band(Band {
                title: "Sales-ready leads that became opportunities, by week of hand-off".into(),
                points: points.collect(),
                reference: Some(Figure { evidence: None, ..figure("followup.agreed", "agreed rate", Unit::Share, Value::Real(0.12), Certainty::Counted, 1) }),
            }),
        ],
        tables: vec![by_source()],
        caveats: vec!["Weeks after 7 September are too young to count, so they are projected from how older weeks grew.".into()],
        refusals: vec![],
        not_known: vec![NotKnown {
            text: "What 214 open leads of September will become.".into(),
            settle: "The median time to opportunity is 23 days. Check again on 24 October.".into(),
            evidence: rows(214),
        }],
        method: "Leads are compared within bands of score and source. The clock counts business hours of the agreement.".into(),
    }
}

fn by_source() -> Table {
    let line = |name: &str, k: &str, leads: i64, r: Figure, wait: f64, late: (f64, f64, f64)| TableRow {
        cells: vec![
            Cell::Text(name.into()),
            Cell::Figure(Box::new(counted(
                &format!("followup.leads_{k}"),
                &format!("Leads from {name}"),
                Unit::Count,
                leads,
                leads as u64,
            ))),
            Cell::Figure(Box::new(r)),
            Cell::Figure(Box::new(estimated(
                &format!("followup.wait_{k}"),
                &format!("Median wait, {name}"),
                Unit::Minutes,
                wait,
                wait * 0.7,
                wait * 1.5,
                leads as u64,
            ))),
            Cell::Figure(Box::new(estimated(
                &format!("followup.diff_{k}"),
                &format!("Against last year, {name}"),
                Unit::ShareDifference,
                late.0,
                late.1,
                late.2,
                leads as u64,
            ))),
        ],
    };
    Table {
        id: "followup.by_source".into(),
        title: "Hand-offs by source".into(),
        columns: ["Source", "Leads", "Became an opportunity", "Median wait", "Against last year"]
            .map(String::from)
            .into(),
        rows: vec![
            line(
                "Webinar",
                "webinar",
                214,
                rate("followup.rate_webinar", "Rate, Webinar", 0.07, 0.045, 0.103, 214),
                130.0,
                (-0.031, -0.061, -0.002),
            ),
            line(
                "Paid search",
                "search",
                388,
                rate("followup.rate_search", "Rate, Paid search", 0.124, 0.098, 0.153, 388),
                47.0,
                (-0.012, -0.04, 0.016),
            ),
            line(
                "Referral from a customer's own newsletter",
                "referral",
                41,
                few("followup.rate_referral", "Rate, Referral", 3, 41),
                2_950.0,
                (0.02, -0.05, 0.09),
            ),
            TableRow {
                cells: vec![
                    Cell::Text("All".into()),
                    Cell::Figure(Box::new(counted("followup.leads", "Sales-ready leads", Unit::Count, 946, 946))),
                    Cell::Figure(Box::new(Figure {
                        of: Some(293),
                        ..figure(
                            "followup.late",
                            "Called late or never",
                            Unit::Share,
                            Value::Real(0.31),
                            Certainty::Counted,
                            946,
                        )
                    })),
                    Cell::Figure(Box::new(estimated(
                        "followup.cycle",
                        "Days to opportunity",
                        Unit::Days,
                        23.0,
                        19.5,
                        27.0,
                        110,
                    ))),
                    Cell::Empty,
                ],
            },
        ],
        note: "Referral has too few events for a rate.".into(),
    }
}

fn price() -> Section {
    Section {
        id: "price.requests".into(),
        title: "What price requests did".into(),
        answer: String::new(),
        findings: vec![],
        charts: vec![],
        tables: vec![],
        caveats: vec![],
        refusals: vec![Refusal {
            code: "no_list_price".into(),
            asked: "how much was given away by policy".into(),
            had: "a list price on 36 of 110 opportunities".into(),
            needed: "a list price on at least 88; the field `list_price` of the CRM export".into(),
        }],
        not_known: vec![],
        method: String::new(),
    }
}

pub fn provenance() -> Provenance {
    Provenance {
        head: 41,
        head_hash: "9f2c41d07be85a3361c8aa0f".into(),
        data_through: "2026-10-04T23:59:00Z".into(),
        as_of: "2026-10-04T23:59:00Z".into(),
        as_if: Some("2026-09-30".into()),
        under: None,
        definitions: "Agreement 7, signed by both".into(),
        period: "2026Q3".into(),
        against: "plan".into(),
        fiscal_start: 1,
        currency: "USD".into(),
        seed: 7,
        counts: vec!["2,318 leads".into(), "946 sales-ready".into(), "110 opportunities".into()],
        completeness: "All 41,207 rows read are accounted for: 40,951 used, 190 rejected, 66 ignored".into(),
        engine: "0.1.0".into(),
    }
}

/// A report with everything in it.
pub fn report() -> Report {
    Report {
        schema: SCHEMA,
        title: "Why 2026Q3 missed plan".into(),
        headline: "Late and missing follow-up is probably the largest single factor, about {verdict.follow-up:value}. Fewer and weaker leads together come to about {verdict.by_marketing}.".into(),
        how_sure: vec![
            "The {verdict.gap} is counted from signed orders. The factors are estimates, shown with 90% intervals.".into(),
            "Five of eight factors have a known direction; three could be zero. Follow-up is the largest in 8 of 10 re-runs of the data.".into(),
        ],
        figure: Some(counted("verdict.gap", "against a plan of $4.2M new bookings", usd(), -41_200_000, 110)),
        sections: vec![verdict(), followup(), price()],
        provenance: provenance(),
    }
}

/// A report of one section.
pub fn of(section: Section) -> Report {
    Report { figure: None, headline: "Nothing to say.".into(), how_sure: vec![], sections: vec![section], ..report() }
}

/// A section of one chart.
pub fn with_chart(chart: Chart) -> Section {
    Section { charts: vec![chart], answer: String::new(), ..price_without_refusal() }
}

/// A section with nothing in it.
pub fn price_without_refusal() -> Section {
    Section { refusals: vec![], ..price() }
}

/// A section that only refuses.
pub fn refusal_only() -> Section {
    price()
}
