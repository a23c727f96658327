//! What was planted is what is found, through the whole program. The full measurement is `cargo xtask recovery`.

use std::collections::BTreeMap;

use crate::exports::truth;
use crate::page::Page;
use crate::program::Place;

const SEEDS: u64 = 4;

/// Enough leads that each planted main effect is more than two of its standard errors.
const LEADS: u64 = 20_000;

struct Found {
    planted: Vec<(String, f64)>,
    parts: BTreeMap<String, (f64, [f64; 2])>,
    named: bool,
}

impl Found {
    fn of(company: &str, seed: u64) -> Found {
        let place = Place::company(company, LEADS, seed);
        // half of all rows are marketing touches, which take no part in the split
        for file in ["email_event.csv", "email_event_open.csv", "email_event_click.csv", "contact_form_submission.csv"]
        {
            std::fs::remove_file(place.path("exports/hubspot").join(file)).unwrap();
        }
        place.import("exports").ended(0);
        let page = Page::read(&place.report(&["verdict"]));
        let truth = truth(&place.path("exports"));
        let planted = truth["planted"].as_array().unwrap().iter();
        let mut planted: Vec<(String, f64)> = planted
            .map(|p| (p["factor"].as_str().unwrap().to_owned(), 100.0 * p["size_money"].as_f64().unwrap()))
            .collect();
        planted.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
        let parts = page.parts().into_iter();
        let parts = parts.filter_map(|(f, x)| Some((f.to_owned(), (x.value?, x.interval?)))).collect();
        Found { planted, parts, named: page.findings().contains(&"largest") }
    }

    fn largest(&self) -> &str {
        self.parts.iter().max_by(|a, b| a.1.0.abs().total_cmp(&b.1.0.abs())).unwrap().0
    }
}

/// A 90% interval is so many standard errors wide.
const WIDTH: f64 = 2.0 * 1.645;

/// The planted factor is the largest part in three of four; the sign and existence of the main one, and of those at least four of
/// their standard errors (at three, one interval of twelve includes zero by chance), are right in all.
fn recovers(company: &str) {
    let runs: Vec<Found> = (1..=SEEDS).map(|seed| Found::of(company, seed)).collect();
    let main = &runs[0].planted[0].0;
    let largest = runs.iter().filter(|r| r.largest() == main).count();
    assert!(
        largest >= 3,
        "{company}: {main} is largest in {largest}: {:?}",
        runs.iter().map(Found::largest).collect::<Vec<_>>()
    );
    for run in &runs {
        for (factor, size) in &run.planted {
            // speed is apart only where the records show that sooner came to more
            let Some((value, [lo, hi])) = run.parts.get(factor) else {
                assert!(factor != main && factor == "speed", "{company}: {factor} is not there");
                continue;
            };
            if factor != main && size.abs() < 4.0 * (hi - lo) / WIDTH {
                continue;
            }
            assert!(*value * size > 0.0 && lo * hi > 0.0, "{company} {factor}: {value} ({lo} to {hi}), planted {size}");
        }
    }
}

#[test]
fn the_change_of_the_leaky_company_is_found() {
    recovers("leaky");
}

#[test]
fn the_change_of_the_flooded_company_is_found() {
    recovers("flooded");
}

#[test]
fn the_change_of_the_discounted_company_is_found() {
    recovers("discounted");
}

#[test]
fn the_change_of_the_shifted_company_is_found() {
    recovers("shifted");
}

#[test]
fn the_change_of_the_slow_company_is_found() {
    recovers("slow");
}

#[test]
fn the_change_of_the_turnover_company_is_found() {
    recovers("turnover");
}

#[test]
fn where_nothing_changed_hardly_an_interval_excludes_zero_and_nothing_is_named() {
    let runs: Vec<Found> = (1..=SEEDS).map(|seed| Found::of("steady", seed)).collect();
    let parts: Vec<&(f64, [f64; 2])> = runs.iter().flat_map(|r| r.parts.values()).collect();
    assert!(parts.len() >= 40, "{}", parts.len());
    let excluded = parts.iter().filter(|p| p.1[0] * p.1[1] > 0.0).count();
    assert!(excluded * 100 <= 13 * parts.len(), "{excluded} of {}", parts.len());
    assert!(runs.iter().all(|r| !r.named && r.planted.is_empty()));
}
