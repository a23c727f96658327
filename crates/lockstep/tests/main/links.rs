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
fn a_link_of_nothing_known_is_refused_and_the_nearest_ids_are_named() {
    let place = Place::imported("leaky", 600, 1);
    let (lead, opportunity) = apart(&place);
    let status = place.json(&["status"]);
    let wrong = lead.replace("lead:00QLk", "lead:00QLx");
    for (from, to, unknown) in [
        (wrong.as_str(), opportunity.as_str(), wrong.as_str()),
        (lead.as_str(), "opportunity:006NOTHING", "opportunity:006NOTHING"),
    ] {
        let told = place.run(&["link", from, to, "--json"]).ended(2);
        let error = &told.json()["error"];
        assert_eq!(error["code"], "unknown_record");
        assert!(error["message"].as_str().unwrap().contains(unknown), "{error}");
        assert!(error["hint"].as_str().unwrap().contains("nearest are"), "{error}");
    }
    let told = place.run(&["link", &wrong, &opportunity, "--json"]).json();
    let right = lead.get(..20).unwrap();
    assert!(told["error"]["hint"].as_str().unwrap().contains(right), "{right}: {told}");
    let other = place.run(&["link", right, &opportunity, "--system", "hubspot", "--json"]).ended(2).json();
    assert!(other["error"]["hint"].as_str().unwrap().contains("--system"), "{other}");
    let told = place.run(&["link", "lead", "opportunity:1", "--json"]).ended(2);
    assert_eq!(told.json()["error"]["code"], "bad_key");
    assert_eq!(place.json(&["status"]), status);
}
