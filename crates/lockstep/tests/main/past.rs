//! Past reports, as they were known then, as if nothing later had happened, and of other periods.

use crate::exports::{Sheet, truth};
use crate::page::Page;
use crate::program::{Place, same};

/// Opportunities of the third quarter whose amount was mended later.
fn grown(place: &Place) {
    std::fs::create_dir(place.path("later")).unwrap();
    let mut sheet = Sheet::read(&place.path("exports/salesforce/Opportunity.csv"));
    let (stage, amount, close) = (sheet.column("StageName"), sheet.column("Amount"), sheet.column("CloseDate"));
    let mut mended = 0;
    for row in &mut sheet.rows {
        if row[stage] == "Closed Won" && row[close].as_str() >= "2026-07-01" {
            row[amount] = "1000000.00".to_owned();
            mended += 1;
        }
    }
    assert!(mended > 5);
    sheet.write(&place.path("later/Opportunity.csv"));
    place.run(&["import", "later", "--recorded-at", "2026-11-01T00:00:00Z"]).ended(0);
}

#[test]
fn an_earlier_head_gives_the_first_report_byte_by_byte() {
    let place = Place::imported("leaky", 3_000, 1);
    let first = place.report(&[]);
    grown(&place);
    let now = place.report(&[]);
    assert_ne!(Page::read(&first).value("verdict.to"), Page::read(&now).value("verdict.to"));
    same(&place.report(&["--at", "1"]), &first, "report");
    same(&place.report(&["--at", "2026-10-31"]), &first, "learned by a day");
    same(&place.report(&["--at", "2"]), &now, "report");
    // and with no facts left to read it from
    std::fs::remove_dir_all(place.path("home/facts")).unwrap();
    same(&place.report(&["--at", "1"]), &first, "report");
    place.run(&["report", "--at", "3", "--json"]).ended(2);
    place.run(&["report", "--at", "2026-09-30", "--json"]).ended(2);
}

#[test]
fn a_head_built_on_another_is_the_head_built_at_once() {
    // facts of the second head are folded from those of the first where these are there
    let place = Place::imported("leaky", 1_500, 1);
    place.report(&[]);
    grown(&place);
    let bit_by_bit = place.report(&[]);
    std::fs::remove_dir_all(place.path("home/facts")).unwrap();
    same(&place.report(&[]), &bit_by_bit, "report");
}

#[test]
fn as_if_leaves_out_what_happened_later() {
    let place = Place::imported("leaky", 3_000, 1);
    let page = Page::read(&place.report(&["--as-if", "2026-06-30"]));
    assert_eq!(page.json["provenance"]["period"], "2026Q2");
    assert_eq!(page.json["provenance"]["as_if"], "2026-06-30");
    let truth = truth(&place.path("exports"));
    let periods = truth["realised"]["periods"].as_array().unwrap();
    let won = |name: &str| periods.iter().find(|p| p["period"] == name).unwrap()["won_cents"].as_f64().unwrap();
    assert_eq!(page.value("verdict.to"), won("2026Q2"));
    assert_eq!(page.value("verdict.from"), won("2026Q1"));
    let later = page.figures.keys().filter(|id| id.contains("2026q3")).count();
    assert_eq!(later, 0);
    // fewer leads than are known now
    let all = Page::read(&place.report(&[]));
    assert!(page.count("funnel.all.inquiry") < all.count("funnel.all.inquiry"));
}

#[test]
fn a_period_can_be_asked_for_in_every_way_it_is_written() {
    let place = Place::imported("leaky", 3_000, 1);
    let gap = |period: &str| Page::read(&place.report(&["--period", period])).value("verdict.gap");
    let quarter = gap("2026Q2");
    assert_eq!(gap("FY2026Q2"), quarter);
    let truth = truth(&place.path("exports"));
    let periods = truth["realised"]["periods"].as_array().unwrap();
    let won = |name: &str| periods.iter().find(|p| p["period"] == name).unwrap()["won_cents"].as_f64().unwrap();
    assert_eq!(quarter, won("2026Q2") - won("2026Q1"));
    let year = Page::read(&place.report(&["--period", "2026Q3", "--against", "year-ago"]));
    assert_eq!(year.value("verdict.gap"), won("2026Q3") - won("2025Q3"));
    let named = Page::read(&place.report(&["--period", "2026Q3", "--against", "2025Q3"]));
    assert_eq!(named.value("verdict.gap"), year.value("verdict.gap"));
    let days =
        Page::read(&place.report(&["--period", "2026-04-01..2026-06-30", "--against", "2026-01-01..2026-03-31"]));
    assert_eq!(days.value("verdict.gap"), quarter);
    let months: f64 = ["2026-07", "2026-08", "2026-09"]
        .iter()
        .map(|m| Page::read(&place.report(&["verdict", "--period", m])).value("verdict.to"))
        .sum();
    assert_eq!(months, won("2026Q3"));
}

#[test]
fn the_plan_of_a_period_is_the_other_side() {
    let place = Place::imported("leaky", 3_000, 1);
    let plan = Sheet::read(&place.path("exports/plan.csv"));
    let at = plan.cells("period").iter().position(|p| *p == "2026Q3").unwrap();
    let planned = plan.cells("amount")[at].parse::<f64>().unwrap() * 100.0;
    let page = Page::read(&place.report(&["--period", "2026Q3", "--against", "plan"]));
    assert_eq!(page.value("verdict.plan"), planned);
    assert_eq!(page.value("verdict.plan_gap"), page.value("verdict.to") - planned);
    // a plan by name becomes a batch of its own
    std::fs::write(place.path("ours.csv"), "period,metric,currency,amount\n2026Q3,new_bookings,USD,123456.00\n")
        .unwrap();
    let told = place.run(&["report", "--period", "2026Q3", "--against", "plan", "ours.csv", "--format", "json"]);
    assert!(told.code < 2, "{}", told.err);
    assert_eq!(Page::read(&told.out).value("verdict.plan"), 12_345_600.0);
    assert_eq!(place.json(&["status"])["batch"], 2);
    assert_eq!(
        Page::read(&place.report(&["--at", "1", "--period", "2026Q3", "--against", "plan"])).value("verdict.plan"),
        planned
    );
}

/// A scorecard and a preview made before more than ten thousand late entries are the same bytes afterwards with `--at`.
#[test]
fn a_scorecard_of_an_earlier_head_is_the_same_after_ten_thousand_late_entries() {
    let place = Place::imported("steady", 400, 3);
    let draft = place.run(&["agreement", "new", "--from-data"]).ended(0).out;
    std::fs::write(place.path("a.toml"), draft).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.run(&["agreement", "propose", &file]).ended(0);
    let made = |at: &[&str]| {
        let mut args = vec!["scorecard", "--period", "2026Q3", "--under", "1"];
        args.extend(at);
        place.report(&args)
    };
    let before = made(&[]);
    place.run(&["simulate", "--company", "gamed", "--leads", "1500", "--seed", "9", "--out", "late"]).ended(0);
    let told = place.run(&["import", "late", "--json"]).done().json();
    let entries: u64 = told["files"].as_array().unwrap().iter().filter_map(|f| f["count"]["used"].as_u64()).sum();
    assert!(entries > 10_000, "{entries}");
    assert_ne!(made(&[]), before);
    crate::program::same(&before, &made(&["--at", "2"]), "as it was known at batch 2");
}
