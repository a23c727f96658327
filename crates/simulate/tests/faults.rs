//! The faults of the messy company are in its files, as often as the truth says.

#![allow(clippy::unwrap_used, clippy::panic)]

mod written;

use std::io::Read;

use lockstep_simulate::Company;
use written::{Written, company};

fn count(w: &Written, fault: &str, file: &str) -> u64 {
    w.truth.faults.iter().find(|f| f.fault == fault && f.file == file).unwrap_or_else(|| panic!("{fault}")).count
}

fn bytes(w: &Written, file: &str) -> Vec<u8> {
    std::fs::read(w.folder.path().join(file)).unwrap()
}

#[test]
fn rows_with_faults_are_counted() {
    let w = company(Company::Messy, 4_000, 1);
    let steady = company(Company::Steady, 4_000, 1);
    assert!(w.truth.faults.iter().all(|f| f.count > 0), "{:?}", w.truth.faults);
    assert_eq!(w.truth.realised, steady.truth.realised);

    let leads = w.table("salesforce/Lead.csv");
    let of = |fault| count(&w, fault, "salesforce/Lead.csv");
    let extra: u64 = ["duplicate_row", "duplicate_mail_other_case", "free_mail", "own_domain_test", "impossible_date"]
        .map(of)
        .iter()
        .sum();
    assert_eq!(leads.len() as u64, 4_000 + extra);
    let having =
        |f: &dyn Fn(&std::collections::BTreeMap<String, String>) -> bool| leads.iter().filter(|r| f(r)).count() as u64;
    assert_eq!(having(&|r| r["CreatedDate"].starts_with("2026-02-31")), of("impossible_date"));
    assert_eq!(having(&|r| r["Email"].ends_with("@gmail.com")), of("free_mail"));
    assert_eq!(having(&|r| r["Status"] == "Closed - Converted" && r["IsConverted"] == "0"), of("contradictory_status"));
    assert!(having(&|r| r["Description"].contains('\n')) >= of("quoted_newline"));

    let deals = w.table("salesforce/Opportunity.csv");
    let amounts = |start: &str| deals.iter().filter(|r| r["Amount"].starts_with(start)).count() as u64;
    assert_eq!(amounts("("), count(&w, "negative_in_parentheses", "salesforce/Opportunity.csv"));
    assert_eq!(amounts("tbd"), count(&w, "amount_text", "salesforce/Opportunity.csv"));
}

#[test]
fn files_are_encoded_packed_and_framed_as_said() {
    let w = company(Company::Messy, 1_200, 2);
    assert!(bytes(&w, "salesforce/Account.csv").starts_with(b"\xef\xbb\xbf"));
    let user = bytes(&w, "salesforce/User.csv");
    assert!(user.starts_with(b"\xff\xfe"));
    let units: Vec<u16> = user[2..].chunks(2).map(|c| u16::from_le_bytes([c[0], c[1]])).collect();
    assert!(String::from_utf16(&units).unwrap().starts_with("Id\tUsername\t"));
    assert!(String::from_utf8(bytes(&w, "salesforce/Contact.csv")).is_err());

    let mut tasks = String::new();
    flate2::read::GzDecoder::new(&bytes(&w, "salesforce/Task.csv.gz")[..]).read_to_string(&mut tasks).unwrap();
    assert!(tasks.starts_with("\"Id\",\"WhoId\""));
    let zip = bytes(&w, "hubspot/hubspot-export.zip");
    let archive = zip::ZipArchive::new(std::io::Cursor::new(zip)).unwrap();
    assert_eq!(archive.len() as u64, count(&w, "zipped", "hubspot/hubspot-export.zip"));

    let report = String::from_utf8(bytes(&w, "ads/Campaign report.csv")).unwrap();
    let totals = report.lines().filter(|l| l.starts_with("Total:")).count() as u64;
    assert_eq!(totals, count(&w, "totals_rows", "ads/Campaign report.csv"));
    assert!(report.contains(" --"));
    let footer = String::from_utf8(bytes(&w, "salesforce/report1791158400000.csv")).unwrap();
    assert!(footer.contains("Grand Totals ("));
}
