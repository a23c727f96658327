//! Ad spend, and a small company whose attribution can be counted by hand.

use super::imported;
use crate::books::spend;
use crate::page::Page;

fn of(place: &crate::program::Place) -> Vec<(u64, i64, String)> {
    spend(&place.path("home")).into_iter().map(|((_, currency), (rows, cents))| (rows, cents, currency)).collect()
}

/// Four totals rows below two campaigns: added up blindly they cost four times as much.
#[test]
fn a_totals_row_is_never_spent() {
    let Some((place, told)) = imported("export-formats/google-ads-ui") else { return };
    assert_eq!(of(&place), [(2, 256_593, "INR".to_owned())]);
    assert_eq!(told.json()["files"][0]["count"]["ignored_by_reason"]["totals row"], 4);
    // spend alone is nothing to explain revenue with
    let page = Page::read(&place.report(&[]));
    assert!(page.refusals().contains(&"no_rows") && page.refusals().contains(&"no_dates"));
}

#[test]
fn every_ad_of_the_social_campaigns_is_spent_once() {
    let Some((place, _)) = imported("kag-social-ads") else { return };
    let spent = of(&place);
    assert_eq!((spent.len(), spent[0].0), (1, 1_143));
    // 58,705.23 in all; each row is kept in whole cents
    assert!((spent[0].1 - 5_870_523).abs() <= 1_143 / 2, "{spent:?}");
    assert_eq!(place.json(&["status"])["counts"]["spend_day"], 1_143);
}

#[test]
fn the_playbook_has_its_conversions_revenue_and_spend() {
    let Some((place, _)) = imported("dbt-attribution-playbook") else { return };
    let status = place.json(&["status"]);
    for (entity, n) in [("opportunity", 21), ("touch", 90), ("spend_day", 42)] {
        assert_eq!(status["counts"][entity], n, "{entity}");
    }
    assert_eq!(of(&place).iter().map(|s| s.1).sum::<i64>(), 35_900, "312 and 47");
    let page = Page::read(&place.report(&["--period", "2020Q1"]));
    assert_eq!((page.value("verdict.to"), page.figure("verdict.to").n), (27_500.0, 21));
    page.said("refusals", "no_base_period");
}
