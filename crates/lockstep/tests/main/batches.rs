//! What an import does to a ledger: once, again, and with more rows.

use crate::exports::Sheet;
use crate::program::{Place, files};

#[test]
fn the_same_folder_twice_is_one_batch() {
    let place = Place::company("leaky", 600, 1);
    let first = place.import("exports").ended(0).json();
    let before = files(&place.path("home/ledger"));
    let again = place.import("exports").ended(0).json();
    assert_eq!((first["new"].as_bool(), again["new"].as_bool()), (Some(true), Some(false)));
    assert_eq!((&first["batch"], &first["hash"]), (&again["batch"], &again["hash"]));
    for file in again["files"].as_array().unwrap() {
        assert_eq!(file["left_out"]["why"], "already in batch 1", "{file}");
    }
    assert_eq!(files(&place.path("home/ledger")), before);
    assert_eq!(place.json(&["status"])["batch"], 1);
}

#[test]
fn a_copy_of_the_folder_elsewhere_is_the_same_batch() {
    let place = Place::imported("leaky", 600, 1);
    crate::program::copy(&place.path("exports"), &place.path("copied"));
    let again = place.import("copied").ended(0).json();
    assert_eq!((again["new"].as_bool(), again["batch"].as_u64()), (Some(false), Some(1)));
}

#[test]
fn every_row_of_every_file_is_accounted_for() {
    let place = Place::company("leaky", 600, 1);
    let told = place.import("exports").ended(0).json();
    let mut read = 0;
    for file in told["files"].as_array().unwrap() {
        let name = file["file"].as_str().unwrap();
        let count = &file["count"];
        let number = |key: &str| count[key].as_u64().unwrap();
        assert_eq!(number("rows"), number("used") + number("rejected") + number("ignored"), "{name}");
        if name.ends_with(".csv") {
            let rows = Sheet::read(&place.path(name)).rows.len() as u64;
            assert_eq!(number("rows"), rows, "{name}");
            read += rows;
        }
        let reasons: u64 = count["ignored_by_reason"].as_object().unwrap().values().map(|n| n.as_u64().unwrap()).sum();
        assert_eq!(reasons, number("ignored"), "{name}: every ignored row has a reason");
    }
    let status = place.json(&["status"]);
    assert!(read > 10_000);
    let total =
        status["used"].as_u64().unwrap() + status["rejected"].as_u64().unwrap() + status["ignored"].as_u64().unwrap();
    assert_eq!((status["rows"].as_u64(), status["complete"].as_bool()), (Some(total), Some(true)));
}

#[test]
fn a_dry_run_changes_nothing_and_tells_what_an_import_would_do() {
    let place = Place::company("leaky", 600, 1);
    let dry = place.json(&["import", "exports", "--dry-run"]);
    assert!(!place.path("home").exists());
    assert_eq!((dry["dry_run"].as_bool(), dry["batch"].is_null()), (Some(true), true));
    let wet = place.import("exports").ended(0).json();
    assert_eq!(dry["files"], wet["files"]);
    // and on a home that is there
    let before = files(&place.path("home/ledger"));
    let status = place.json(&["status"]);
    std::fs::create_dir(place.path("grown")).unwrap();
    let mut leads = Sheet::read(&place.path("exports/salesforce/Lead.csv"));
    let id = leads.column("Id");
    let mut new = leads.rows[5].clone();
    new[id] = "00QLk0000000ZZZMAQ".to_owned();
    leads.rows.push(new);
    leads.write(&place.path("grown/Lead.csv"));
    let dry = place.json(&["import", "grown", "--dry-run"]);
    assert_eq!(dry["files"][0]["count"]["used"], 1);
    assert_eq!(place.json(&["status"]), status);
    assert_eq!(files(&place.path("home/ledger")), before);
}

#[test]
fn a_file_that_has_grown_adds_only_its_new_rows() {
    let place = Place::imported("leaky", 600, 1);
    let before = place.json(&["status"]);
    std::fs::create_dir(place.path("grown")).unwrap();
    let mut leads = Sheet::read(&place.path("exports/salesforce/Lead.csv"));
    let old = leads.rows.len() as u64;
    let (id, status) = (leads.column("Id"), leads.column("Status"));
    for n in 0..3 {
        let mut new = leads.rows[n].clone();
        new[id] = format!("00QLk0000000ZZ{n}MAQ");
        leads.rows.push(new);
    }
    let last = leads.rows.len() - 4;
    leads.rows[last][status] = "Working - Contacted".to_owned();
    leads.write(&place.path("grown/Lead.csv"));
    let told = place.import("grown").ended(0).json();
    assert_eq!(told["batch"], 2);
    let count = &told["files"][0]["count"];
    assert_eq!(count["rows"].as_u64().unwrap(), old + 3);
    assert_eq!(count["used"], 4, "three new rows and one that changed");
    assert_eq!(count["ignored_by_reason"]["unchanged"].as_u64().unwrap(), old - 1);
    let after = place.json(&["status"]);
    let leads = |status: &serde_json::Value| status["counts"]["lead"].as_u64().unwrap();
    assert_eq!(leads(&after), leads(&before) + 4);
    assert_eq!(after["counts"]["opportunity"], before["counts"]["opportunity"]);
}

#[test]
fn a_folder_with_no_file_is_not_done_and_says_what_was_looked_for() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("empty/below")).unwrap();
    std::fs::write(place.path("empty/below/.hidden.csv"), "a,b\n1,2\n").unwrap();
    let error = &place.run(&["import", "empty", "--json"]).ended(2).json()["error"];
    assert_eq!(error["code"], "nothing_to_import");
    assert!(error["message"].as_str().unwrap().contains("`empty`"), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("CSV"), "{error}");
}

#[test]
fn a_withdrawn_batch_counts_no_more_and_can_be_imported_again() {
    let place = Place::imported("leaky", 600, 1);
    let before = place.json(&["report"]);
    let more = Place::company("leaky", 400, 2);
    crate::program::copy(&more.path("exports"), &place.path("wrong"));
    let wrong = place.import("wrong").ended(0).json();
    assert_eq!(wrong["batch"], 2);
    let mixed = place.json(&["report"]);
    assert_ne!(mixed["sections"], before["sections"]);

    let told = place.run(&["withdraw", "2", "--reason", "another company's  exports"]).ended(0).out;
    assert!(told.contains("Batch 2 is withdrawn, in batch 3"), "{told}");
    let after = place.json(&["report"]);
    assert_eq!(after["sections"], before["sections"]);
    assert!(after["provenance"]["completeness"].as_str().unwrap().contains("withdrawn and not counted: batch 2"));
    assert_eq!(place.json(&["report", "--at", "2"])["sections"], mixed["sections"]);
    let status = place.json(&["status"]);
    assert_eq!(status["withdrawn"][0]["reason"], "another company's exports");
    place.run(&["verify"]).ended(0);

    // what was withdrawn is not known any more, and the rest still is
    assert_eq!(place.json(&["import", "exports", "--recorded-at", "2099-01-01T00:00:00Z"])["new"], false);
    let again = place.json(&["import", "wrong", "--recorded-at", "2099-01-01T00:00:00Z"]);
    assert_eq!((again["new"].as_bool(), again["batch"].as_u64()), (Some(true), Some(4)));
    assert_eq!(place.json(&["report"])["sections"], mixed["sections"]);
}

#[test]
fn withdrawing_what_later_imports_leaned_on_names_their_files() {
    let place = Place::imported("tiny", 60, 1);
    let grown = place.path("exports/salesforce/Lead.csv");
    let text = std::fs::read_to_string(&grown).unwrap();
    let (header, row) = (text.lines().next().unwrap(), text.lines().nth(1).unwrap());
    std::fs::create_dir(place.path("later")).unwrap();
    let id = row.split(',').next().unwrap();
    let new = row.replacen(id, "\"00QZZ0000099999\"", 1);
    std::fs::write(place.path("later/Lead.csv"), format!("{header}\n{row}\n{new}\n")).unwrap();
    assert_eq!(place.import("later").json()["batch"], 2);
    let told = place.run(&["withdraw", "1", "--reason", "test data"]).ended(0).out;
    assert!(told.contains("Lead.csv (batch 2)"), "{told}");
    assert_eq!(place.json(&["status"])["counts"]["lead"], 1);
}

#[test]
fn what_cannot_be_withdrawn_is_an_error_that_says_what_to_do() {
    let place = Place::imported("tiny", 60, 1);
    for (batch, reason, code) in [("7", "x", "unknown_batch"), ("1", "  ", "no_reason")] {
        let told = place.run(&["withdraw", batch, "--reason", reason]).ended(2);
        assert!(told.err.contains(code) && told.err.contains("hint:"), "{}", told.err);
    }
    place.run(&["withdraw", "1", "--reason", "test data"]).ended(0);
    let told = place.run(&["withdraw", "1", "--reason", "again"]).ended(2);
    assert!(told.err.contains("withdrawn_already"), "{}", told.err);
    // nothing is left: reports say so rather than fail on data
    let told = place.run(&["report"]);
    assert!(told.code != 101 && !told.err.contains("panicked"), "{}", told.err);
}
