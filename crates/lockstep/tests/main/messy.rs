//! The company whose exports have every fault: each is found, and none changes what is counted.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::exports::truth;
use crate::page::Page;
use crate::program::{LEARNED, Place};

const LEADS: u64 = 3_000;

fn faults(truth: &Value, name: &str) -> BTreeMap<String, u64> {
    let all = truth["faults"].as_array().unwrap().iter().filter(|f| f["fault"] == name);
    all.map(|f| (f["file"].as_str().unwrap().to_owned(), f["count"].as_u64().unwrap())).collect()
}

/// A company of seed 1, imported with the currency of the files that name none.
fn dollars(company: &str, leads: u64) -> Place {
    let place = Place::company(company, leads, 1);
    let told = place.run(&["import", "exports", "--recorded-at", LEARNED, "--currency", "USD", "--quiet"]);
    assert!(told.code < 2, "{}", told.err);
    place
}

#[test]
fn every_file_of_the_messy_company_is_accounted_for() {
    let place = Place::company("messy", LEADS, 1);
    let told = place.import("exports").ended(1).json();
    let truth = truth(&place.path("exports"));
    let files = told["files"].as_array().unwrap();
    assert!(files.len() >= 27);
    for file in files {
        let count = &file["count"];
        assert!(count.is_object(), "{file}: not read");
        let number = |key: &str| count[key].as_u64().unwrap();
        assert_eq!(number("rows"), number("used") + number("rejected") + number("ignored"), "{file}");
    }
    // rows as the truth counts them before faults, and what the faults add
    let rows_of = |end: &str| {
        let of = files.iter().find(|f| f["file"].as_str().unwrap().ends_with(end)).unwrap_or_else(|| panic!("{end}"));
        of["count"]["rows"].as_u64().unwrap()
    };
    let mut checked = 0;
    for pair in truth["rows"].as_array().unwrap() {
        let (path, written) = (pair[0].as_str().unwrap(), pair[1].as_u64().unwrap());
        let (end, added) = match path.rsplit('/').next().unwrap() {
            "Lead.csv" => (
                "salesforce/Lead.csv",
                faults(&truth, "duplicate_row")[path]
                    + faults(&truth, "duplicate_mail_other_case")[path]
                    + faults(&truth, "free_mail")[path]
                    + faults(&truth, "own_domain_test")[path]
                    + faults(&truth, "impossible_date")[path],
            ),
            "Opportunity.csv" => ("salesforce/Opportunity.csv", rows_of("salesforce/Opportunity.csv") - written),
            "OpportunityHistory.csv" => ("salesforce/OpportunityHistory.csv", faults(&truth, "repeated_header")[path]),
            "Task.csv" => ("salesforce/Task.csv.gz", 0),
            "google_ads_campaign_stats.csv" => {
                ("ads/Campaign report.csv", faults(&truth, "totals_rows")["ads/Campaign report.csv"])
            }
            "google_ads_campaign_history.csv" => continue,
            other => (other, 0),
        };
        assert_eq!(rows_of(end), written + added, "{path}");
        checked += 1;
    }
    assert!(checked >= 24, "{checked}");
}

#[test]
fn the_rows_that_cannot_be_read_are_those_that_were_broken() {
    let place = Place::imported("messy", LEADS, 1);
    let truth = truth(&place.path("exports"));
    let told = place.run(&["rejects", "--json", "--limit", "1000"]).ended(1).json();
    let mut found: BTreeMap<(String, String), u64> = BTreeMap::new();
    for reject in told["rejects"].as_array().unwrap() {
        let file = reject["file"].as_str().unwrap().strip_prefix("exports/").unwrap().to_owned();
        let read = reject["read"].as_str().unwrap();
        let kind = match reject["column"].as_str().unwrap() {
            "Amount" => "amount_text",
            column if column == read => "repeated_header",
            _ => "impossible_date",
        };
        *found.entry((kind.to_owned(), file)).or_default() += 1;
    }
    let mut planted = BTreeMap::new();
    for kind in ["impossible_date", "amount_text", "repeated_header"] {
        planted.extend(faults(&truth, kind).into_iter().map(|(file, n)| ((kind.to_owned(), file), n)));
    }
    assert_eq!(found, planted);
}

#[test]
fn what_two_sources_or_fields_say_differently_is_listed_with_both_values() {
    let place = dollars("messy", LEADS);
    let truth = truth(&place.path("exports"));
    let told = place.json(&["contradictions", "--limit", "100000"]);
    let all = told["contradictions"].as_array().unwrap();
    assert_eq!(told["total"].as_u64().unwrap() as usize, all.len());
    let count =
        |about: &str, field: &str| all.iter().filter(|c| c["about"] == about && c["field"] == field).count() as u64;
    assert_eq!(count("opportunity", "amount"), faults(&truth, "amount_differs_between_tools")["hubspot/deal_data.csv"]);
    assert_eq!(count("lead", "stage, is_converted"), faults(&truth, "contradictory_status")["salesforce/Lead.csv"]);
    assert_eq!(
        count("opportunity", "closed_at, created_at"),
        faults(&truth, "won_before_created")["salesforce/Opportunity.csv"]
    );
    for c in all {
        let (a, b) = (&c["a"], &c["b"]);
        assert_ne!(a["value"], b["value"], "{c}");
        assert!(
            a["where"].as_str().unwrap().contains(".csv:") && b["where"].as_str().unwrap().contains(".csv:"),
            "{c}"
        );
        assert!(!c["rule"].as_str().unwrap().is_empty(), "{c}");
    }
    for c in all.iter().filter(|c| c["field"] == "amount") {
        let files: Vec<&str> =
            [&c["a"], &c["b"]].iter().map(|s| s["where"].as_str().unwrap().split(':').next().unwrap()).collect();
        assert!(files.contains(&"Opportunity.csv") && files.contains(&"deal_data.csv"), "{c}");
    }
}

/// The money of a company is what it sold: no fault of a file doubles it, and no second tool that knows the same.
#[test]
fn leads_wins_and_money_are_not_counted_twice() {
    let place = Place::imported("messy", LEADS, 1);
    let truth = truth(&place.path("exports"));
    let page = Page::read(&place.report(&[]));
    let realised = &truth["realised"];
    let periods = realised["periods"].as_array().unwrap();
    // a lead stands in Salesforce and in HubSpot, and the broken ones and the tests come on top
    let sum = |key: &str| periods.iter().map(|p| p[key].as_u64().unwrap()).sum::<u64>();
    let leads = page.count("funnel.all.inquiry");
    let cycles = sum("leads");
    assert!((cycles..cycles + cycles / 20).contains(&leads), "{leads} of {cycles}");
    for (name, total) in [("2026Q2", "verdict.from"), ("2026Q3", "verdict.to")] {
        let period = periods.iter().find(|p| p["period"] == name).unwrap();
        let (won, cents) = (period["won"].as_u64().unwrap(), period["won_cents"].as_f64().unwrap());
        // rejects are missing and some amounts differ between tools; nothing comes twice
        let missing = 4;
        assert!(
            page.figure(total).n <= won && page.figure(total).n + missing >= won,
            "{name}: {} of {won}",
            page.figure(total).n
        );
        assert!(page.value(total) < cents * 1.05, "{name}: {} of {cents}", page.value(total));
    }
}

/// Totals rows, thousands commas, decimal commas and a preamble: the same spend as from the clean files.
#[test]
fn spend_is_that_of_the_clean_files_to_the_cent() {
    let (messy, steady) = (dollars("messy", 600), dollars("steady", 600));
    let spent = crate::books::spend(&messy.path("home"));
    assert_eq!(spent.len(), 3, "{spent:?}");
    assert_eq!(spent, crate::books::spend(&steady.path("home")));
    // and that is what the files say, added up here
    let sum = |file: &str, column: &str, cents: f64| -> i64 {
        let sheet = crate::exports::Sheet::read(&steady.path("exports/ads").join(file));
        sheet.cells(column).iter().map(|c| (c.parse::<f64>().unwrap() * cents).round() as i64).sum()
    };
    let by_hand = sum("google_ads_campaign_stats.csv", "cost_micros", 1e-4)
        + sum("linkedin_ad_analytics_by_campaign.csv", "cost_in_usd", 100.0)
        + sum("facebook_ads_basic_ad.csv", "spend", 100.0);
    assert_eq!(spent.values().map(|s| s.1).sum::<i64>(), by_hand);
}
