use std::collections::BTreeMap;

use report::{Certainty, Chart, Figure, Value, Waterfall};
use tallies::columns::{lead_cycle as lead, opportunity as opp};
use tallies::plain::Tables;
use tallies::{Data, Facts, Grain, Test};
use terms::{Currency, FiscalYear};

use super::*;
use crate::invented::World;
use crate::{Against, PlanLine, answer, placeholders};

pub(super) fn question() -> Question {
    let period = FiscalYear::default().parse_period("2026Q3").unwrap();
    Question { draws: 200, ..Question::new(period, World::AS_OF, Currency::parse("USD").unwrap()) }
}

pub(super) fn split_of(world: &World, seed: u64, question: &Question) -> split::Split {
    split_of_tables(&world.tables(seed), question)
}

pub(super) fn split_of_tables(tables: &Tables, question: &Question) -> split::Split {
    let lay = Lay::read(&tables.answer(&crate::lay::specs(question.fiscal)).unwrap());
    let tallies = tables.answer(&specs(question, &lay)).unwrap();
    split::split(question, &read::read(question, &lay, &tallies).unwrap())
}

pub(super) fn said(tables: &Tables, question: &Question) -> Answer {
    answer(question, &["verdict"], tables).unwrap()
}

fn waterfall(answer: &Answer) -> &Waterfall {
    answer
        .sections
        .iter()
        .flat_map(|s| &s.charts)
        .find_map(|c| if let Chart::Waterfall(w) = c { Some(w.as_ref()) } else { None })
        .unwrap()
}

fn whole(figure: &Figure) -> i64 {
    match figure.value {
        Value::Whole(n) => n,
        other => panic!("{}: {other:?}", figure.id),
    }
}

pub(super) fn refusals(answer: &Answer) -> Vec<&str> {
    answer.sections.iter().flat_map(|s| &s.refusals).map(|r| r.code.as_str()).collect()
}

fn worlds() -> Vec<(&'static str, World)> {
    let steady = World { per_quarter: 2_000, ..World::default() };
    vec![
        ("acceptance", World { acceptance: 0.6, ..steady }),
        ("mix", World { shifted: true, ..steady }),
        ("discount", World { discount: 0.265, late_discount: 0.49, ..steady }),
        ("quarter_end_discount", World { late_discount: 0.5, per_quarter: 12_000, ..steady }),
        ("timing", World { pace: 1.9, ..steady }),
        ("win_rate", World { win: 0.65, ..steady }),
        ("list_price", World { list: 0.7, ..steady }),
        ("mql_rate", World { mql: 0.6, ..steady }),
        ("opportunity_rate", World { opportunity: 0.6, ..steady }),
        ("volume", World { extra: 0.8, weak_mql: 0.4, weak_qualification: 0.3, ..steady }),
    ]
}

/// Measured: 7.9% over 120 seeds (timing 14%, the others 4 to 12%) and 8.6% over these 60. A largest part was named in 1
/// of 150 other seeds.
#[test]
fn a_steady_company_is_told_that_nothing_stands_out() {
    let seeds = 60;
    let (mut known, mut of, mut named) = (0, 0, 0);
    let mut by_factor: BTreeMap<&str, u32> = BTreeMap::new();
    for seed in 500..500 + seeds {
        let split = split_of(&World::default(), seed, &question());
        named += u32::from(judge::named(&split).is_some());
        for part in split.parts.iter().filter(|p| p.interval.is_some()) {
            of += 1;
            known += u32::from(part.direction_known());
            *by_factor.entry(part.factor).or_default() += u32::from(part.direction_known());
        }
    }
    let share = f64::from(known) / f64::from(of);
    println!("direction known in {share:.3} of {of}, named {named} of {seeds}, {by_factor:?}");
    assert!(share <= 0.13, "{share}");
    assert!(share >= 0.03, "intervals too wide: {share}");
    assert!(named <= 3, "{named} of {seeds}");
}

/// Measured at 1,500 leads a quarter with 15 seeds each: 13 to 15 of 15 come out largest, 11 to 15 are named, none wrongly;
/// at 2,500 with 10 seeds each: 10 of 10 for all nine.
#[test]
fn what_was_planted_comes_out_largest() {
    for (factor, world) in worlds() {
        let (mut first, mut wrong) = (0, Vec::new());
        for seed in 2_000..2_010 {
            let split = split_of(&world, seed, &Question { draws: 100, ..question() });
            let top = split.parts.iter().max_by(|a, b| a.value.abs().total_cmp(&b.value.abs())).unwrap();
            if top.factor == factor {
                first += 1;
            }
            wrong.extend(judge::named(&split).map(|p| split.parts[p].factor).filter(|f| *f != factor));
        }
        println!("{factor}: {first} of 10, named wrongly {wrong:?}");
        assert!(first >= 9, "{factor}: {first} of 10");
        assert!(wrong.is_empty(), "{factor}: {wrong:?}");
    }
}

#[test]
fn many_weak_leads_are_more_volume_and_lower_rates() {
    let (_, world) = worlds().pop().unwrap();
    for seed in 0..5 {
        let split = split_of(&world, seed, &question());
        let part = |f: &str| split.parts.iter().find(|p| p.factor == f).unwrap();
        assert!(part("volume").value > 0.0 && part("volume").direction_known());
        assert!(part("mql_rate").value < 0.0 && part("mql_rate").direction_known());
        assert!(part("qualification").value < 0.0);
    }
}

#[test]
fn the_parts_add_up_to_the_cent_and_the_groups_too() {
    for (i, (_, world)) in worlds().into_iter().enumerate() {
        let world = World { per_quarter: 500, ..world };
        let answer = said(&world.tables(i as u64), &question());
        let w = waterfall(&answer);
        let sum: i64 = w.steps.iter().map(|s| whole(&s.figure)).sum();
        assert_eq!(sum, whole(&w.gap));
        assert_eq!(whole(&w.to) - whole(&w.from), whole(&w.gap));
        let groups: i64 = answer.sections[1]
            .charts
            .iter()
            .flat_map(|c| if let Chart::DotWhisker(d) = c { d.rows.iter().collect() } else { vec![] })
            .map(|d| whole(&d.figure))
            .sum();
        assert_eq!(groups, sum);
    }
}

#[test]
fn the_totals_are_what_a_plain_sum_over_the_rows_gives() {
    let tables = World::default().tables(4);
    let answer = said(&tables, &question());
    let opps = tables.tables.iter().find(|t| t.grain == Grain::Opportunity).unwrap();
    let sum: i64 = (0..opps.rows)
        .filter(|r| opps.number(opp::WON_ON, *r).is_some_and(|d| question().period.holds(terms::Day(d as i32))))
        .filter_map(|r| opps.number(opp::AMOUNT, r))
        .sum();
    assert_eq!(whole(&waterfall(&answer).to), sum);
}

#[test]
fn nothing_is_left_unexplained_where_every_win_has_its_dates() {
    let split = split_of(&World::default(), 9, &question());
    let rest = split.parts.last().unwrap();
    // only wins from cohorts older than the lags reach back could be outside
    assert_eq!((rest.factor, rest.value), ("not_explained", 0.0));
}

#[test]
fn wins_without_an_amount_are_not_explained_and_still_add_up() {
    let mut tables = World::default().tables(9);
    for table in &mut tables.tables {
        let (amount, close) = match table.grain {
            Grain::LeadCycle => (lead::AMOUNT, lead::CLOSED_ON),
            _ => (opp::AMOUNT, opp::CLOSED_ON),
        };
        for row in 0..table.rows {
            let day = table.number(close, row);
            if day.is_some_and(|d| d >= 20_700 && d % 3 == 0) {
                table.set(amount, row, i64::MIN);
            }
        }
    }
    let answer = said(&tables, &question());
    let w = waterfall(&answer);
    let sum: i64 = w.steps.iter().map(|s| whole(&s.figure)).sum();
    assert_eq!(sum, whole(&w.gap));
    let rest = &w.steps.last().unwrap().figure;
    assert_eq!(rest.id, "verdict.not_explained");
    assert!(whole(rest) < 0, "{rest:?}");
}

#[test]
fn renaming_the_segments_changes_no_number() {
    let tables = World::default().tables(11);
    let mut renamed = tables.clone();
    let other = ["Zeta", "Alpha", "Mu", "Beta", "Omega", "Eta"];
    for table in &mut renamed.tables {
        for data in &mut table.columns {
            if let Data::Code(_, dictionary) = data {
                for text in &mut dictionary.texts {
                    if let Some(i) = crate::invented::SOURCES.iter().position(|s| s == text) {
                        *text = other[i].to_owned();
                    }
                }
            }
        }
    }
    let (a, b) = (said(&tables, &question()), said(&renamed, &question()));
    assert_eq!(waterfall(&a).steps, waterfall(&b).steps);
    assert_eq!(a.headline, b.headline);
    assert_eq!(a.sections[1], b.sections[1]);
}

#[test]
fn swapping_the_teams_swaps_labels_and_nothing_else() {
    let tables = World { acceptance: 0.6, ..World::default() }.tables(12);
    let q = question();
    let swapped = Question { owners: q.owners.swapped(), ..q.clone() };
    let (a, b) = (said(&tables, &q), said(&tables, &swapped));
    let json = |answer: &Answer| serde_json::to_string(&answer.sections).unwrap();
    let swap = |text: String| {
        text.replace("marketing", "\u{1}")
            .replace("Marketing", "\u{2}")
            .replace("sales", "marketing")
            .replace("Sales", "Marketing")
            .replace('\u{1}', "sales")
            .replace('\u{2}', "Sales")
    };
    assert_ne!(json(&a), json(&b));
    assert_eq!(swap(json(&a)), json(&b));
    assert_eq!(a.headline, b.headline);
}

#[test]
fn the_same_question_gives_the_same_bytes() {
    let tables = World::default().tables(13);
    let json = || serde_json::to_string(&said(&tables, &question()).sections).unwrap();
    assert_eq!(json(), json());
}

#[test]
fn every_figure_with_evidence_counts_the_rows_it_points_to() {
    for q in [question(), Question { by: vec!["segment".into()], ..question() }] {
        let tables = World::default().tables(14);
        let answer = said(&tables, &q);
        let checked = crate::tests::evidence_holds(&answer, &tables);
        assert!(checked > 20, "{checked}");
    }
}

#[test]
fn every_placeholder_has_its_figure_and_every_id_is_unique() {
    let mut questions = vec![question(), Question { orders: true, ..question() }];
    questions.push(Question { against: Against::YearAgo, ..question() });
    for q in questions {
        for world in [World::default(), World { discount: 0.1, late_discount: 0.5, ..World::default() }] {
            let answer = answer(&q, &[], &world.tables(15)).unwrap();
            crate::tests::complete(&answer);
        }
    }
}

#[test]
fn a_late_discount_is_found_and_shown() {
    let tables = World { discount: 0.1, late_discount: 0.5, ..World::default() }.tables(16);
    let answer = said(&tables, &question());
    let finding = answer.sections[0].findings.iter().find(|f| f.code == "late_discount").unwrap();
    assert!(finding.text.contains("more was given away"), "{}", finding.text);
    let steady = said(&World::default().tables(16), &question());
    assert!(steady.sections[0].findings.iter().all(|f| f.code != "late_discount"));
}

#[test]
fn against_a_plan_the_way_leads_over_the_period_before_and_adds_up() {
    let q = question();
    let line = PlanLine {
        period: q.period,
        metric: "new_bookings".into(),
        segment: None,
        amount: Some(100_000_000),
        count: None,
    };
    let planned = Question { against: Against::Plan(vec![line]), ..q.clone() };
    let tables = World::default().tables(17);
    let (answer, before) = (said(&tables, &planned), said(&tables, &q));
    crate::tests::complete(&answer);
    let (w, usual) = (waterfall(&answer), waterfall(&before));
    assert_eq!((whole(&w.from), w.from.id.as_str(), whole(&w.to)), (100_000_000, "verdict.plan", whole(&usual.to)));
    assert_eq!((whole(&w.gap), w.gap.certainty), (whole(&usual.to) - 100_000_000, Certainty::Counted));
    assert_eq!(w.steps.iter().map(|s| whole(&s.figure)).sum::<i64>(), whole(&w.gap));
    assert_eq!(whole(&w.steps[0].figure), whole(&usual.from) - 100_000_000);
    assert_eq!(w.steps[1..], usual.steps[..]);
    assert_eq!(answer.figure.as_ref().unwrap().id, "verdict.plan_gap");
    assert!(answer.headline.contains("{verdict.plan}"), "{}", answer.headline);
    let empty = said(&tables, &Question { against: Against::Plan(vec![]), ..q });
    assert!(empty.sections[0].caveats.iter().any(|c| c == words::NO_PLAN_LINE));
    assert_eq!(waterfall(&empty).steps, usual.steps);
}

#[test]
fn reversals_are_found() {
    // every source's rate falls while a better source takes over
    let mut tables = World { per_quarter: 600, ..World::default() }.tables(18);
    let table = tables.tables.iter_mut().find(|t| t.grain == Grain::LeadCycle).unwrap();
    let mut dice = crate::invented::Dice::new(7);
    for row in 0..table.rows {
        let now = table.number(lead::CREATED_AT, row).is_some_and(|t| t >= i64::from(World::PLANTED.0) * 1_440);
        let good = dice.unit() < if now { 0.9 } else { 0.2 };
        table.set_text(lead::SOURCE, row, if good { "Good" } else { "Poor" });
        let rate = match (good, now) {
            (true, false) => 0.8,
            (true, true) => 0.7,
            (false, false) => 0.3,
            (false, true) => 0.15,
        };
        let mql = dice.unit() < rate;
        let created = table.number(lead::CREATED_AT, row).unwrap();
        table.set(lead::REACHED_MQL, row, i64::from(mql));
        table.set(lead::MQL_AT, row, if mql { created + 1 } else { i64::from(i32::MIN) });
    }
    let answer = said(&tables, &question());
    let finding = answer.sections[0].findings.iter().find(|f| f.code == "reversal").unwrap();
    assert!(finding.text.contains("{verdict.mql_rate.before}"), "{}", finding.text);
}

#[test]
fn without_amounts_wins_are_split_and_the_field_is_named() {
    let tables = World { amounts: false, ..World::default() }.tables(19);
    let answer = said(&tables, &question());
    assert!(refusals(&answer).contains(&"no_amount"));
    let w = waterfall(&answer);
    assert_eq!(w.gap.unit, Unit::Count);
    let sum: f64 = w
        .steps
        .iter()
        .map(|s| match s.figure.value {
            Value::Real(x) => x,
            other => panic!("{other:?}"),
        })
        .sum();
    assert!((sum - whole(&w.gap) as f64).abs() < 1e-9);
}

#[test]
fn without_list_prices_price_and_discount_are_one_row() {
    let answer = said(&World { lists: false, ..World::default() }.tables(20), &question());
    assert!(refusals(&answer).contains(&"no_list_price"));
    let ids: Vec<&str> = waterfall(&answer).steps.iter().map(|s| s.figure.id.as_str()).collect();
    assert!(ids.contains(&"verdict.amount_per_win") && !ids.contains(&"verdict.discount"), "{ids:?}");
}

#[test]
fn without_recorded_losses_the_win_rate_is_of_cohorts_and_says_so() {
    let world = World { losses: false, ..World::default() };
    let answer = said(&world.tables(21), &question());
    assert!(answer.sections[0].caveats.iter().any(|c| c == words::NO_LOSSES));
    let sum: i64 = waterfall(&answer).steps.iter().map(|s| whole(&s.figure)).sum();
    assert_eq!(sum, whole(&waterfall(&answer).gap));
}

#[test]
fn refuses_without_dates_without_wins_and_by_person() {
    let q = question();
    let empty = said(&Tables::default(), &q);
    assert_eq!(refusals(&empty), ["no_dates"]);
    let few = World { per_quarter: 8, ..World::default() }.tables(22);
    let answer = said(&few, &q);
    assert!(matches!(refusals(&answer)[..], ["too_few_wins" | "no_base_period"]), "{:?}", refusals(&answer));
    assert!(placeholders::figures(&answer.sections[0]).any(|f| f.id == "verdict.wins.after"));
    let tables = World::default().tables(23);
    let by = |name: &str| Question { by: vec![name.to_owned()], ..question() };
    assert!(refusals(&said(&tables, &by("owner"))).contains(&"per_person"));
    assert!(refusals(&said(&tables, &by("weather"))).contains(&"no_such_column"));
    let before = FiscalYear::default().parse_period("2024Q4").unwrap();
    let first = Question { period: before, ..question() };
    assert_eq!(refusals(&said(&tables, &first)), ["no_base_period"]);
}

#[test]
fn an_unfinished_period_and_missing_stages_are_said() {
    let mut tables = World::default().tables(24);
    let table = tables.tables.iter_mut().find(|t| t.grain == Grain::LeadCycle).unwrap();
    for row in 0..table.rows {
        // no sal is ever recorded: whoever got further has it implied
        let further = table.number(lead::REACHED_SQL, row) == Some(1);
        table.set(lead::REACHED_SAL, row, i64::from(further));
        table.set(lead::SAL_AT, row, i64::from(i32::MIN));
    }
    let q = question();
    let early = Question { as_of_minutes: (i64::from(q.period.first.0) + 60) * 1_440, ..q };
    let answer = said(&tables, &early);
    let caveats = &answer.sections[0].caveats;
    assert!(caveats.iter().any(|c| c == words::PERIOD_NOT_OVER));
    assert!(caveats.iter().any(|c| c.contains("sal is not recorded")), "{caveats:?}");
    let step = waterfall(&answer).steps.iter().find(|s| s.figure.id == "verdict.qualification").unwrap();
    assert_eq!(step.figure.label, "mql to sql");
    let filter = [Test::Has(lead::SAL_AT)];
    assert_eq!(crate::evidence::from_tests(Grain::LeadCycle, &filter, 0).filter.len(), 1);
}

#[test]
fn the_open_opportunities_are_forecast_near_what_came() {
    // as of the end of June, what was open then; by October 4 nearly all of it is decided
    let tables = World::default().tables(25);
    let until = i64::from(World::PLANTED.0) * 1_440 - 1;
    let mut then = tables.clone();
    let mut came = 0;
    for table in then.tables.iter_mut().filter(|t| t.grain == Grain::Opportunity) {
        for row in 0..table.rows {
            let open = table.number(opp::CREATED_AT, row).is_some_and(|c| c <= until);
            let later = table.number(opp::CLOSED_ON, row).is_none_or(|d| d >= i64::from(World::PLANTED.0));
            came += i64::from(open && later && table.number(opp::WON_ON, row).is_some());
            if later {
                for column in [opp::CLOSED_ON, opp::WON_ON, opp::LOST_ON] {
                    table.set(column, row, i64::from(i32::MIN));
                }
            }
            if !open {
                table.set(opp::CREATED_AT, row, i64::from(i32::MIN));
            }
        }
    }
    let period = FiscalYear::default().parse_period("2026Q2").unwrap();
    let q = Question { period, as_of_minutes: until, ..question() };
    let answer = said(&then, &q);
    let figure = answer.sections.iter().flat_map(placeholders::figures).find(|f| f.id == "verdict.open.later").unwrap();
    let Certainty::Projected(i) = figure.certainty else { panic!("{figure:?}") };
    println!("forecast {:?} {i:?} came {came}", figure.value);
    assert!(i.lo90 <= came as f64 && came as f64 <= i.hi90 * 1.1, "{i:?} {came}");
}

/// Where nothing changed, what the segments seem to have moved by is chance, and most of it is taken out. Measured: 46%
/// of it is left over these seeds.
#[test]
fn the_ranking_takes_most_of_the_chance_out_and_adds_up() {
    let (mut counted, mut left, mut told) = (0.0, 0.0, 0);
    for seed in 700..720 {
        let tables = World::default().tables(seed);
        let lay = Lay::read(&tables.answer(&crate::lay::specs(question().fiscal)).unwrap());
        let reading = read::read(&question(), &lay, &tables.answer(&specs(&question(), &lay)).unwrap()).unwrap();
        let ranking = ranking::rank(&question(), &reading.streams[0], Money::ListAndDiscount).unwrap();
        let all: f64 = ranking.places.iter().map(|p| p.counted).sum();
        let sum: f64 = ranking.places.iter().map(|p| p.part).sum::<f64>() + ranking.chance;
        assert!((all - sum).abs() < 1e-6 * all.abs().max(1.0));
        counted += ranking.places.iter().map(|p| p.counted.abs()).sum::<f64>();
        left += ranking.places.iter().map(|p| p.part.abs()).sum::<f64>();
        told += u32::from(ranking.places[0].is_told());
    }
    println!("left {:.2}, told in {told} of 20", left / counted);
    assert!(told <= 3, "{told} of 20");
    assert!(left < 0.6 * counted, "{left} of {counted}");
}

#[test]
fn a_leaky_company_as_a_report() {
    let q = Question { draws: 100, ..question() };
    let answer = said(&World { acceptance: 0.6, ..World::default() }.tables(26), &q);
    insta::assert_snapshot!(crate::tests::outline(&answer));
}

#[test]
fn leads_that_no_opportunity_came_from_are_no_factor() {
    unlinked(false);
}

/// Tools without lead records mark contacts as customers, without a day and without money.
#[test]
fn nor_are_those_that_call_themselves_won_without_a_date() {
    unlinked(true);
}

fn unlinked(customers: bool) {
    let steady = World { per_quarter: 2_000, ..World::default() };
    let mut tables = steady.tables(5);
    assert!(!refusals(&said(&tables, &question())).contains(&"leads_not_linked"));
    for table in &mut tables.tables {
        for row in 0..table.rows {
            if table.grain == Grain::Opportunity {
                table.set(opp::HAS_LEAD, row, 0);
                table.set(opp::LEAD, row, 0);
            } else if table.grain == Grain::LeadCycle {
                table.set(lead::OPPORTUNITY, row, 0);
                if !customers {
                    table.set(lead::REACHED_WON, row, 0);
                }
                for column in [lead::WON_AT, lead::LOST_AT, lead::CLOSED_ON] {
                    table.set(column, row, i64::from(i32::MIN));
                }
            }
        }
    }
    let question = Question { link_field: "the contacts of each deal".to_owned(), ..question() };
    let answer = said(&tables, &question);
    assert!(refusals(&answer).contains(&"leads_not_linked"), "{:?}", refusals(&answer));
    let steps: Vec<&str> = waterfall(&answer).steps.iter().map(|s| s.figure.id.as_str()).collect();
    assert!(steps.contains(&"verdict.win_rate"), "{steps:?}");
    for factor in ["verdict.mql_rate", "verdict.opportunity_rate", "verdict.opportunities_without_a_lead"] {
        assert!(!steps.contains(&factor), "{steps:?}");
    }
    let volume = waterfall(&answer).steps.iter().find(|s| s.figure.id == "verdict.volume").unwrap();
    assert!(volume.note.contains("opportunities began"), "{}", volume.note);
    assert!(answer.sections.iter().flat_map(|s| &s.refusals).any(|r| r.needed == "the contacts of each deal"));
}
