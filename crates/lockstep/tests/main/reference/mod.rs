//! Data that none of us wrote, through the whole program; every fact was counted beforehand with another tool.
//!
//! Skipped, and said so, where the data is absent (`LOCKSTEP_DATA`).

mod ads;
mod education;
mod loans;
mod olist;
mod pipeline;
mod salesforce;

use crate::exports::reference;
use crate::program::{LEARNED, Place, Told};

/// A home with one folder of the reference data in it, and what the import told.
fn imported(folder: &str) -> Option<(Place, Told)> {
    let path = reference(folder)?;
    let place = Place::new();
    let told = place.run(&["import", path.to_str().unwrap(), "--recorded-at", LEARNED, "--json"]);
    assert!(told.code < 2, "{folder}: {}{}", told.out, told.err);
    for file in told.json()["files"].as_array().unwrap() {
        let count = &file["count"];
        if count.is_object() {
            let number = |key: &str| count[key].as_u64().unwrap();
            assert_eq!(number("rows"), number("used") + number("rejected") + number("ignored"), "{file}");
            assert_eq!(number("rejected"), 0, "{file}");
        } else {
            assert!(file["left_out"]["why"].is_string(), "{file}: nothing is left out without a reason");
        }
    }
    assert_eq!(place.json(&["verify"])["sound"], true);
    assert_eq!(place.json(&["status"])["complete"], true);
    Some((place, told))
}
