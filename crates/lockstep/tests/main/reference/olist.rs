//! Olist: marketing-qualified leads and the sellers they became. Real, without money.

use super::imported;
use crate::exports::{Sheet, reference};
use crate::page::Page;

const FOLDER: &str = "olist-marketing-funnel";

#[test]
fn leads_wins_and_rates_by_origin_are_those_counted_elsewhere() {
    let Some((place, _)) = imported(FOLDER) else { return };
    let page = Page::read(&place.report(&[]));
    assert_eq!((page.count("funnel.all.mql"), page.count("funnel.all.closed_won")), (8_000, 842));
    assert!((page.value("funnel.all.rate") - 0.10525).abs() < 1e-12);
    let rows = [
        ("organic_search", 2296, 271, 11.803),
        ("paid_search", 1586, 195, 12.295),
        ("social", 1350, 75, 5.556),
        ("unknown", 1099, 179, 16.288),
        ("direct_traffic", 499, 56, 11.222),
        ("email", 493, 15, 3.043),
        ("referral", 284, 24, 8.451),
        ("display", 118, 6, 5.085),
        ("not_recorded", 60, 14, 23.333),
    ];
    for (origin, leads, won, percent) in rows {
        let rate = page.figure(&format!("funnel.by.{origin}.rate"));
        assert_eq!((rate.n, rate.of), (leads, Some(won)), "{origin}");
        assert!((rate.value.unwrap() * 100.0 - percent).abs() < 0.0006, "{origin}");
        assert_eq!(page.count(&format!("funnel.by.{origin}.mql")), leads);
        assert_eq!(page.count(&format!("funnel.by.{origin}.closed_won")), won);
    }
    for (origin, leads, won) in [("other", 150, 4), ("other_publicities", 65, 3)] {
        let rate = page.figure(&format!("funnel.by.{origin}.rate"));
        assert_eq!((rate.n, rate.of, rate.value), (leads, Some(won), None), "{origin}: too few events for a percent");
    }
}

/// Somebody else's table of the same data (its label of the blank origin is not ours).
#[test]
fn the_table_of_a_third_party_agrees() {
    let Some((place, _)) = imported(FOLDER) else { return };
    let page = Page::read(&place.report(&["funnel"]));
    let theirs = Sheet::read(&reference(FOLDER).unwrap().join("third-party-results/Lead_Volume_Conversion_Source.csv"));
    let mut agreed = 0;
    for at in 0..theirs.rows.len() {
        let row = theirs.row(at);
        let Some(rate) = page.figures.get(&format!("funnel.by.{}.rate", row["channel"].trim())) else { continue };
        assert_eq!(rate.n, row["leads"].parse::<f64>().unwrap() as u64, "{row:?}");
        let theirs: f64 = row["conversion_rate"].trim_end_matches('%').parse().unwrap();
        let ours = rate.of.unwrap() as f64 / rate.n as f64;
        assert!((ours - theirs).abs() < 0.006 || (ours * 100.0 - theirs).abs() < 0.6, "{row:?} {ours}");
        agreed += 1;
    }
    assert!(agreed >= 9, "{agreed}");
}

#[test]
fn the_traps_of_this_data_are_named() {
    let Some((place, _)) = imported(FOLDER) else { return };
    let page = Page::read(&place.report(&[]));
    assert_eq!(page.count("funnel.won_early"), 1);
    assert_eq!(page.said("findings", "wins_before_creation")["evidence"]["rows"], 1);
    let missing = page.said("findings", "missing_wins")["text"].as_str().unwrap();
    assert!(missing.contains("2017-12-04"), "the week of the first win: {missing}");
    let gaps: Vec<_> = page.findings().into_iter().filter(|c| *c == "attribution_gap").collect();
    assert_eq!(gaps.len(), 2, "unknown and not recorded");
    page.said("refusals", "rep_only_when_won");
    // what sales wrote down after the contact is kept apart, by name
    let late = page.caveats().into_iter().find(|c| c.contains("after sales contact")).unwrap();
    for column in ["business_segment", "lead_behaviour_profile", "declared_monthly_revenue", "lead_type"] {
        assert!(late.contains(column), "{column}: {late}");
    }
    let early = place.json(&["rows", "funnel.won_early"]);
    assert_eq!(early["shown"].as_array().unwrap().len(), 1);
}

#[test]
fn without_money_wins_are_split_and_nobody_is_told_a_rate_by_rep() {
    let Some((place, _)) = imported(FOLDER) else { return };
    // wins by month, as counted elsewhere
    let months = [
        ("2018-01", 73),
        ("2018-02", 113),
        ("2018-03", 147),
        ("2018-04", 207),
        ("2018-05", 122),
        ("2018-06", 57),
        ("2018-07", 37),
        ("2018-08", 33),
        ("2018-09", 23),
        ("2018-10", 21),
    ];
    for pair in months.windows(2) {
        let page = Page::read(&place.report(&["verdict", "--period", pair[1].0]));
        assert_eq!((page.count("verdict.from"), page.count("verdict.to")), (pair[0].1, pair[1].1), "{}", pair[1].0);
        page.said("refusals", "no_amount");
        let sum: f64 = page.parts().iter().map(|(_, f)| f.value.unwrap()).sum();
        assert!((sum - page.value("verdict.gap")).abs() < 1e-9, "{}", pair[1].0);
    }
    for person in ["owner", "sdr"] {
        let page = Page::read(&place.report(&["funnel", "--by", person]));
        page.said("refusals", "per_person");
        assert!(page.figures.keys().all(|id| !id.contains("4b339f95") && !id.contains("4ef15afb")));
    }
}

#[test]
fn quality_is_told_by_origin_and_never_by_a_rep_who_is_known_for_wins_alone() {
    let Some((place, _)) = imported(FOLDER) else { return };
    let page = Page::read(&place.report(&["quality", "--period", "2018Q2"]));
    page.said("refusals", "rep_only_when_won");
    page.said("findings", "sources_differ");
    assert!(page.figures.keys().all(|id| !id.contains(".rep")), "{:?}", page.figures.keys());
    // what was counted elsewhere lies inside: the model draws single origins towards the rest, not away from themselves
    let all = page.value("quality.all");
    for origin in ["direct_traffic", "email", "organic_search", "paid_search", "social", "unknown"] {
        let (model, counted) =
            (page.value(&format!("quality.source.{origin}")), page.value(&format!("quality.source.{origin}.counted")));
        assert!(
            (model - all) * (counted - all) > 0.0 && (model - all).abs() < (counted - all).abs() + 0.005,
            "{origin}"
        );
    }
    assert!(page.caveats().iter().any(|c| c.contains("2018-01-01")), "wins before that are missing");
}

#[test]
fn cohorts_are_those_counted_elsewhere_and_the_early_ones_show_no_percent() {
    let Some((place, _)) = imported(FOLDER) else { return };
    let page = Page::read(&place.report(&["funnel"]));
    for (cohort, leads, won) in
        [("2017q2", 4, 0), ("2017q3", 937, 18), ("2017q4", 1061, 43), ("2018q1", 3343, 468), ("2018q2", 2655, 313)]
    {
        assert_eq!(page.count(&format!("funnel.cohort.{cohort}.n")), leads, "{cohort}");
        let rate = page.figure(&format!("funnel.cohort.{cohort}.step_1"));
        assert_eq!(rate.of, Some(won), "{cohort}");
        assert_eq!(rate.value.is_none(), cohort.starts_with("2017"), "{cohort}");
    }
    // first contact to win, in whole days: median 14, 90th percentile 161.9
    assert!((page.value("funnel.wait.p50") - 14.0).abs() <= 1.0);
    assert!((page.value("funnel.wait.p90") - 161.9).abs() <= 2.0);
}
