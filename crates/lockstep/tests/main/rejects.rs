//! Rows that cannot be read: listed, exported, mended, read again.

use crate::exports::Sheet;
use crate::page::Page;
use crate::program::{Place, same};

#[test]
fn rejects_are_listed_exported_mended_and_read_again() {
    let place = Place::company("leaky", 600, 1);
    let path = place.path("exports/salesforce/Opportunity.csv");
    let sound = Sheet::read(&path);
    let mut broken = Sheet::read(&path);
    let (id, amount, close) = (broken.column("Id"), broken.column("Amount"), broken.column("CloseDate"));
    broken.rows[3][amount] = "ask, finance".to_owned();
    broken.rows[7][close] = "2026-02-30".to_owned();
    broken.write(&path);
    let told = place.import("exports").ended(1).json();
    let file = told["files"].as_array().unwrap().iter().find(|f| f["mapping"] == "salesforce-opportunity").unwrap();
    assert_eq!(file["count"]["rejected"], 2);

    let listed = place.run(&["rejects", "--json"]).ended(1).json();
    assert_eq!(listed["total"], 2);
    for (reject, (line, column, read)) in listed["rejects"]
        .as_array()
        .unwrap()
        .iter()
        .zip([(5, "Amount", "ask, finance"), (9, "CloseDate", "2026-02-30")])
    {
        assert_eq!(reject["line"], line);
        assert_eq!((reject["column"].as_str(), reject["read"].as_str()), (Some(column), Some(read)));
        assert!(reject["file"].as_str().unwrap().ends_with("Opportunity.csv"));
        assert!(!reject["expected"].as_str().unwrap().is_empty() && !reject["hint"].as_str().unwrap().is_empty());
    }

    place.run(&["rejects", "--export", "fixed"]).ended(0);
    let exported: Vec<_> = std::fs::read_dir(place.path("fixed")).unwrap().map(|e| e.unwrap().path()).collect();
    assert_eq!(exported.len(), 1);
    let mut mended = Sheet::read(&exported[0]);
    assert_eq!((&mended.header, &mended.rows), (&sound.header, &vec![broken.rows[3].clone(), broken.rows[7].clone()]));
    for row in &mut mended.rows {
        let was = sound.rows.iter().find(|r| r[id] == row[id]).unwrap();
        row.clone_from(was);
    }
    mended.write(&exported[0]);
    let told = place.import("fixed").ended(0).json();
    assert_eq!((told["batch"].as_u64(), told["files"][0]["count"]["used"].as_u64()), (Some(2), Some(2)));

    // the ledger now says what it would have said without the mistakes
    let direct = Place::imported("leaky", 600, 1);
    let (a, b) = (Page::read(&place.report(&[])), Page::read(&direct.report(&[])));
    same(&a.says(), &b.says(), "mended");
}

#[test]
fn rows_that_were_read_are_no_rejects() {
    let place = Place::imported("tiny", 60, 1);
    let told = place.run(&["rejects", "--json"]).ended(0).json();
    assert_eq!((told["total"].as_u64(), told["rejects"].as_array().map(Vec::len)), (Some(0), Some(0)));
}
