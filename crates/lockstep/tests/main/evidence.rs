//! Every figure opens its rows, and the rows are those of the export.

use std::collections::{BTreeMap, HashMap};

use crate::exports::Sheet;
use crate::page::Page;
use crate::program::Place;

fn cents(text: &str) -> i64 {
    let plain: String = text.chars().filter(|c| c.is_ascii_digit() || *c == '.' || *c == '-').collect();
    (plain.parse::<f64>().unwrap() * 100.0).round() as i64
}

#[test]
fn every_figure_with_evidence_opens_as_many_rows_as_it_says_and_they_stand_in_the_export() {
    let place = Place::imported("leaky", 1_500, 1);
    let page = Page::read(&place.report(&[]));
    let mut asked: BTreeMap<&str, &str> = BTreeMap::new();
    for figure in page.figures.values() {
        if let Some((evidence, rows)) = &figure.evidence {
            assert!(
                *rows == figure.n || figure.of.is_some() || *rows > 0 || figure.value == Some(0.0),
                "{}",
                figure.id
            );
            asked.entry(evidence).or_insert(&figure.id);
        }
    }
    assert!(asked.len() > 100, "{}", asked.len());
    let mut sheets: HashMap<String, Sheet> = HashMap::new();
    let (mut leads, mut opportunities, mut again) = (0_u64, 0_u64, 0_u64);
    for id in asked.values() {
        let figure = page.figure(id);
        let rows = figure.evidence.as_ref().unwrap().1;
        let told = place.json(&["rows", id, "--limit", "1000000"]);
        let shown = told["shown"].as_array().unwrap();
        assert_eq!(shown.len() as u64, rows, "{id}");
        assert_eq!(told["rows"].as_u64().unwrap(), rows, "{id}");
        for row in shown {
            let file = row["file"].as_str().unwrap();
            let sheet = sheets.entry(file.to_owned()).or_insert_with(|| Sheet::read(&place.path(file)));
            let source = sheet.row(row["line"].as_u64().unwrap() as usize - 2);
            let value = |name: &str| row["values"][name].as_str().unwrap_or("");
            match told["grain"].as_str().unwrap() {
                "opportunity" => {
                    opportunities += 1;
                    assert_eq!(value("created_at"), &source["CreatedDate"][..16], "{id}");
                    if !value("closed_on").is_empty() {
                        assert_eq!(value("closed_on"), source["CloseDate"], "{id}");
                    }
                    if !value("amount").is_empty() {
                        assert_eq!(cents(value("amount")), cents(source["Amount"]), "{id}");
                    }
                }
                "lead_cycle" => {
                    leads += 1;
                    assert_eq!(value("source"), source["LeadSource"], "{id}");
                    // a lead that came back has a later cycle on the same row
                    assert!(value("created_at") >= &source["CreatedDate"][..16], "{id}");
                    again += u64::from(value("created_at") != &source["CreatedDate"][..16]);
                }
                other => panic!("{id}: rows of {other}"),
            }
        }
    }
    assert!(leads > 5_000 && opportunities > 300, "{leads} {opportunities}");
    assert!(again * 10 < leads, "{again} of {leads}");
}

#[test]
fn counted_totals_are_the_sum_of_their_rows() {
    let place = Place::imported("discounted", 1_500, 3);
    let page = Page::read(&place.report(&[]));
    for id in ["verdict.from", "verdict.to"] {
        let told = place.json(&["rows", id, "--limit", "100000"]);
        let sum: i64 =
            told["shown"].as_array().unwrap().iter().map(|r| cents(r["values"]["amount"].as_str().unwrap())).sum();
        assert_eq!(sum as f64, page.value(id), "{id}");
    }
}

#[test]
fn an_id_that_is_not_there_is_told_with_those_that_are_near() {
    let place = Place::imported("leaky", 3_000, 1);
    assert_eq!(place.run(&["rows", "verdict.gap", "--json"]).ended(2).json()["error"]["code"], "no_report");
    place.report(&[]);
    let told = place.run(&["rows", "win_rate", "--json"]).ended(2).json();
    assert_eq!(told["error"]["code"], "unknown_figure");
    assert!(told["error"]["hint"].as_str().unwrap().contains("verdict.win_rate"));
}

#[test]
fn every_lead_can_be_explained_step_by_step() {
    let place = Place::imported("leaky", 600, 1);
    let leads = Sheet::read(&place.path("exports/salesforce/Lead.csv"));
    for id in leads.cells("Id").into_iter().step_by(97) {
        let told = place.run(&["explain", id]).ended(0).out;
        assert!(told.lines().count() > 3, "{id}: {told}");
    }
}
