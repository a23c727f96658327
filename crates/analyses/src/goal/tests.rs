use report::{Certainty, Value};
use tallies::columns::{lead_cycle as lead, opportunity as opp, spend_day};
use tallies::plain::Tables;
use tallies::{Grain, Table};
use terms::{Currency, FiscalYear};

use super::*;
use crate::placeholders;
use crate::tests::complete;

const AS_OF: i64 = 20_731 * 1_440 - 1;

/// Two segments over two years: of Small, one lead in four makes an opportunity and one in five of these a customer of 1,000.00; of
/// Large, one in two, one in four, 8,000.00. Every win takes 30 days.
fn tables() -> Tables {
    let n = 8_000;
    let mut leads = Table::new(Grain::LeadCycle, n);
    for i in 0..n {
        let large = i % 4 == 0;
        let at = AS_OF - (i as i64 * 730 * 1_440) / n as i64;
        let turn = i / 4;
        let (made, won) = if large { (turn % 2 == 0, turn % 8 == 0) } else { (turn % 4 == 0, turn % 20 == 0) };
        leads.set(lead::KEY, i, i as i64 + 1);
        leads.set_text(lead::SEGMENT, i, if large { "Large" } else { "Small" });
        leads.set(lead::CREATED_AT, i, at - 60);
        leads.set(lead::HANDOFF_AT, i, at);
        let seen = |yes: bool, days: i64| i64::from(yes && at + days * 1_440 <= AS_OF);
        leads.set(lead::REACHED_OPPORTUNITY, i, seen(made, 10));
        leads.set(lead::REACHED_WON, i, seen(won, 30));
        if seen(won, 30) == 1 {
            leads.set(lead::WON_AT, i, at + 30 * 1_440);
            leads.set(lead::AMOUNT, i, if large { 800_000 } else { 100_000 });
        }
    }
    let mut spend = Table::new(Grain::SpendDay, 800);
    for i in 0..800 {
        spend.set(spend_day::DAY, i, 20_730 - i as i64);
        spend.set(spend_day::COST, i, 50_000);
    }
    Tables { tables: vec![leads, spend] }
}

fn asked(goal: f64) -> Asked {
    let (fiscal, currency) = (FiscalYear::default(), Currency::parse("EUR").unwrap());
    Asked { goal, by: None, as_of: AS_OF, fiscal, currency, seed: 1, draws: 400 }
}

fn figure(answer: &Answer, id: &str) -> (f64, [f64; 2]) {
    let found = placeholders::figures(&answer.sections[0]).find(|f| f.id == id).unwrap_or_else(|| panic!("no {id}"));
    let Certainty::Estimated(i) = found.certainty else { panic!("{id} has no interval") };
    let Value::Real(value) = found.value else { panic!() };
    (value, [i.lo90, i.hi90])
}

/// A lead is worth 50.00 or 1,000.00; with three Small for each Large, Large brings 1,000 of each 1,150.
#[test]
fn a_goal_is_worked_back_by_the_rates_of_each_segment() {
    let goal = 115_000_000.0;
    let answer = answer(&asked(goal), &tables()).unwrap();
    complete(&answer);
    let near = |id: &str, wanted: f64, within: f64| {
        let (value, [lo, hi]) = figure(&answer, id);
        assert!((value / wanted - 1.0).abs() < within, "{id}: {value} beside {wanted}");
        assert!(lo <= wanted * (1.0 + 1e-9) && wanted * (1.0 - 1e-9) <= hi, "{id}: {lo} {hi} without {wanted}");
    };
    near("goal.large.worth", 100_000.0, 0.03);
    near("goal.small.worth", 5_000.0, 0.05);
    near("goal.large.amount", 800_000.0, 1e-6);
    near("goal.large.leads", 1_000.0, 0.03);
    near("goal.small.leads", 3_000.0, 0.05);
    near("goal.all.leads", 4_000.0, 0.04);
    let (leads, _) = figure(&answer, "goal.all.leads");
    let (spend, _) = figure(&answer, "goal.all.spend");
    // 500.00 a day for 11 leads a day
    assert!((spend / leads - 50_000.0 * 365.0 / 4_000.0).abs() < 60.0, "{}", spend / leads);
    // twice the goal takes twice as much
    let twice = super::answer(&asked(2.0 * goal), &tables()).unwrap();
    assert!((figure(&twice, "goal.all.leads").0 / leads - 2.0).abs() < 1e-9);
}

#[test]
fn too_few_wins_and_columns_that_are_not_there() {
    let few = Tables { tables: vec![Table::new(Grain::LeadCycle, 3)] };
    let refused = answer(&asked(1e6), &few).unwrap();
    assert_eq!(refused.sections[0].refusals[0].code, "too_few");
    let unknown = Asked { by: Some("owner".to_owned()), ..asked(1e6) };
    assert_eq!(answer(&unknown, &tables()).unwrap_err().code(), "analyses.column");
}

/// Wins of opportunities, and of leads that no opportunity records; each once, and of the last year alone.
#[test]
fn what_was_won_in_a_year_counts_each_win_once() {
    let mut tables = tables();
    let of_leads = |days: i64| {
        (0..8_000_i64)
            .filter(|i| if i % 4 == 0 { (i / 4) % 8 == 0 } else { (i / 4) % 20 == 0 })
            .filter_map(|i| {
                let day = (AS_OF - (i * 730 * 1_440) / 8_000 + 30 * 1_440).div_euclid(1_440);
                (day > 20_730 - days && day <= 20_730).then_some(if i % 4 == 0 { 800_000 } else { 100_000 })
            })
            .sum::<i64>()
    };
    assert_eq!(won_in_year(&tables, 20_730).unwrap(), of_leads(365));
    // an opportunity of the first lead that was won, one without a lead, and one that was won too long ago
    let mut opportunities = Table::new(Grain::Opportunity, 3);
    for (row, (day, amount)) in [(20_700, 555), (20_366, 7_000), (20_365, 90_000)].into_iter().enumerate() {
        opportunities.set(opp::KEY, row, row as i64 + 1);
        opportunities.set(opp::WON_ON, row, day);
        opportunities.set(opp::AMOUNT, row, amount);
    }
    let first =
        (0..8_000).find(|i| i % 4 == 0 && (i / 4) % 8 == 0 && AS_OF - (i * 730 * 1_440) / 8_000 + 30 * 1_440 <= AS_OF);
    tables.tables[0].set(lead::OPPORTUNITY, first.unwrap() as usize, 1);
    tables.tables.push(opportunities);
    assert_eq!(won_in_year(&tables, 20_730).unwrap(), of_leads(365) - 800_000 + 7_555);
}
