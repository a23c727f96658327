//! Links between records: recorded, withdrawn, and the facts as they were.

use crate::exports::Sheet;
use crate::page::Page;
use crate::program::{Place, same};

/// A lead that never converted and a won opportunity that no lead became.
fn apart(place: &Place) -> (String, String) {
    let leads = Sheet::read(&place.path("exports/salesforce/Lead.csv"));
    let opportunities = Sheet::read(&place.path("exports/salesforce/Opportunity.csv"));
    let converted = leads.cells("ConvertedOpportunityId");
    let lead = (0..leads.rows.len()).find(|i| !converted[*i].starts_with("006")).unwrap();
    let free = |i: &usize| {
        !converted.contains(&opportunities.cells("Id")[*i]) && opportunities.cells("StageName")[*i] == "Closed Won"
    };
    let opportunity = (0..opportunities.rows.len()).find(free).unwrap();
    (format!("lead:{}", leads.cells("Id")[lead]), format!("opportunity:{}", opportunities.cells("Id")[opportunity]))
}

#[test]
fn a_link_that_is_withdrawn_leaves_the_report_as_it_was() {
    let place = Place::imported("leaky", 1_500, 1);
    let (lead, opportunity) = apart(&place);
    let before = Page::read(&place.report(&[]));
    place.run(&["link", &lead, &opportunity]).ended(0);
    let linked = Page::read(&place.report(&[]));
    place.run(&["link", &lead, &opportunity, "--withdraw"]).ended(0);
    let after = Page::read(&place.report(&[]));
    assert_eq!(linked.count("funnel.all.closed_won"), before.count("funnel.all.closed_won") + 1);
    assert_eq!(linked.count("funnel.all.inquiry"), before.count("funnel.all.inquiry"));
    for total in ["verdict.from", "verdict.to", "verdict.gap"] {
        assert_eq!(linked.value(total), before.value(total), "money is counted once, with or without a lead");
    }
    same(&after.says(), &before.says(), "withdrawn");
    // the same from nothing but the ledger
    std::fs::remove_dir_all(place.path("home/facts")).unwrap();
    same(&Page::read(&place.report(&[])).says(), &before.says(), "report");
    assert_eq!(place.json(&["status"])["batch"], 3);
}

#[test]
fn a_link_of_nothing_known_changes_nothing() {
    let place = Place::imported("leaky", 600, 1);
    let before = Page::read(&place.report(&[]));
    place.run(&["link", "lead:00QNOBODY", "opportunity:006NOTHING"]);
    same(&Page::read(&place.report(&[])).says(), &before.says(), "report");
    let told = place.run(&["link", "lead", "opportunity:1", "--json"]).ended(2);
    assert_eq!(told.json()["error"]["code"], "bad_key");
}
