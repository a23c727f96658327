//! HubSpot exports of deals with, and without, their contacts.

use crate::page::Page;
use crate::program::Place;

const CONTACTS: &str = "Record ID,First Name,Last Name,Email,Lifecycle Stage,Create Date,Last Modified Date,Company Name,Associated Company IDs\n\
    101,Jane,Doe,jane@acme.com,customer,2026-01-05 09:00,2026-05-01 09:00,Acme,7\n\
    102,Bo,Li,bo@acme.com,customer,2026-01-06 09:00,2026-05-01 09:00,Acme,7\n\
    103,Cy,Ray,cy@zen.io,lead,2026-01-07 09:00,2026-05-01 09:00,Zen,8\n\
    104,Di,Fox,di@orb.net,customer,2026-01-08 09:00,2026-05-01 09:00,,\n";

fn deals(columns: &str, rows: [&str; 3]) -> String {
    let [one, two, three] = rows;
    format!(
        "Record ID,Deal Name,Deal Stage,Amount,Close Date,Create Date,Currency,{columns}\n\
         9001,Big,Closed Won,1000,2026-04-20 10:00,2026-02-01 09:00,USD,{one}\n\
         9002,Mid,Closed Lost,500,2026-04-25 10:00,2026-02-02 09:00,USD,{two}\n\
         9003,Far,Contract Sent,700,2026-09-20 10:00,2026-02-03 09:00,USD,{three}\n"
    )
}

fn imported(deals: &str) -> Place {
    imported_with(CONTACTS, deals)
}

fn imported_with(contacts: &str, deals: &str) -> Place {
    let place = Place::new();
    std::fs::create_dir(place.path("hs")).unwrap();
    std::fs::write(place.path("hs/all-contacts.csv"), contacts).unwrap();
    std::fs::write(place.path("hs/all-deals.csv"), deals).unwrap();
    let told = place.import("hs");
    assert!(told.code < 2, "{}{}", told.out, told.err);
    place
}

/// Opportunities as rows of the facts: lead or nothing, by deal.
fn explained(place: &Place, id: &str) -> String {
    place.run(&["explain", id]).ended(0).out
}

fn notes(place: &Place) -> String {
    let page = Page::read(&place.report(&["--period", "2026Q2"]));
    page.json.to_string()
}

#[test]
fn several_contacts_in_one_cell_are_one_primary_lead_and_members() {
    for cell in ["101;102", "\"101,102\"", "101; 102"] {
        let place = imported(&deals("Associated Contact IDs", [cell, "103", "104"]));
        let story = explained(&place, "9001");
        assert!(story.contains("its money counts in cycle 0"), "{cell}: {story}");
        assert!(story.contains("1 cycles, 1 opportunities"), "{cell}: {story}");
        // contact 101 is the primary one; 102 is of the buying group, and says customer itself
        assert!(explained(&place, "102").contains("no win of its own"), "{cell}: {}", explained(&place, "102"));
        for (contact, deal) in [("101", "9001"), ("103", "9002"), ("104", "9003")] {
            assert!(explained(&place, contact).contains("1 cycles, 1 opportunities"), "{cell}: {contact}");
            assert!(explained(&place, deal).contains("1 cycles, 1 opportunities"), "{cell}: {deal}");
        }
    }
}

#[test]
fn contacts_given_by_name_and_mail_link_as_ids_do() {
    let column = "Associated Contact,Associated Company (Primary)";
    let place = imported(&deals(
        column,
        ["Jane Doe (jane@acme.com);Bo Li (bo@acme.com),Acme", "Cy Ray (cy@zen.io),Zen", "Di Fox (di@orb.net),"],
    ));
    for deal in ["9001", "9002", "9003"] {
        assert!(explained(&place, deal).contains("1 cycles, 1 opportunities"), "{deal}");
    }
    assert!(explained(&place, "102").contains("no win of its own"));
    let names = std::process::Command::new("grep")
        .args(["-rlE", "jane@acme|Jane Doe"])
        .arg(place.path("home/ledger"))
        .output()
        .unwrap();
    assert!(names.stdout.is_empty(), "a name in the ledger: {}", String::from_utf8_lossy(&names.stdout));
}

#[test]
fn deals_without_their_contacts_are_refused_as_unlinked() {
    let place = imported_with(&CONTACTS.replace("customer", "lead"), &deals("Deal Type", ["new", "new", "new"]));
    for room in ["verdict", "funnel"] {
        let page = Page::read(&place.report(&[room, "--period", "2026Q2"])).json;
        let list = |value: &serde_json::Value| value.as_array().cloned().unwrap_or_default();
        let refusals: Vec<serde_json::Value> =
            list(&page["sections"]).iter().flat_map(|s| list(&s["refusals"])).collect();
        let refusal = refusals.iter().find(|r| r["code"] == "leads_not_linked").unwrap_or_else(|| panic!("{page:#}"));
        assert!(refusal["needed"].as_str().unwrap().contains("`Associated Contact IDs`"), "{refusal}");
        assert!(refusal["had"].as_str().unwrap().contains("3 opportunities"), "{refusal}");
    }
}

#[test]
fn customers_beside_won_deals_that_nothing_ties_to_them_are_named() {
    let place = imported(&deals("Deal Type", ["new", "new", "new"]));
    let notes = notes(&place);
    assert!(notes.contains("None of 3 opportunities have a lead"), "{notes}");
    assert!(notes.contains("Associated Contact IDs"), "{notes}");
}

#[test]
fn a_customer_and_the_won_deal_of_the_same_company_are_one_win() {
    let place = imported(&deals("Associated Company IDs", ["7;8", "8", "8"]));
    for contact in ["101", "102"] {
        assert!(explained(&place, contact).contains("no win of its own"), "{contact}");
    }
    assert!(explained(&place, "104").contains("is won"), "nothing ties this contact to a deal");
    let notes = notes(&place);
    assert!(notes.contains("1 leads say of themselves that they were won, and 1 won opportunities"), "{notes}");
}
