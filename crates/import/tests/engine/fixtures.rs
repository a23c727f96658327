//! Our own small files, each with its faults -> what import makes of them, as snapshots.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use lockstep_import::{Mapping, Readers, Recognised, Settings, read, recognise, survey};

use crate::taking::{Kept, Known, show};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/import")
}

fn story(file: &str, mapping: &str) -> String {
    let toml = std::fs::read_to_string(folder().join(mapping)).unwrap();
    let mapping = Mapping::parse(&toml, mapping).unwrap();
    let pieces = survey(&[folder().join(file)], &Readers::default()).unwrap();
    let [piece] = pieces.as_slice() else { panic!("{} pieces", pieces.len()) };
    let mappings = [mapping];
    let Recognised::Mapping(mapping, _) = recognise(piece, &mappings) else {
        panic!("{:?}", recognise(piece, &mappings))
    };
    let (mut kept, mut people) = (Kept::default(), Known::default());
    let count = read(piece, mapping, &Settings::default(), &mut kept, &mut people, &mut |_| {}).unwrap();
    assert!(count.is_complete());
    let mut out = String::new();
    for entry in &kept.entries {
        let _ = writeln!(out, "{}", show(entry));
    }
    for reject in &kept.rejects {
        let _ = writeln!(
            out,
            "reject line {} `{}`: read {:?}, expected {}; {}; {:?}",
            reject.row.line, reject.column, reject.read, reject.expected, reject.hint, reject.raw
        );
    }
    for warning in &kept.warnings {
        let _ = writeln!(out, "warning `{}`: {}", warning.column, warning.message);
    }
    for (mail, phone, name) in &people.people {
        let _ = writeln!(out, "person {mail:?} {phone:?} {name:?}");
    }
    for (name, n) in &people.aliases {
        let _ = writeln!(out, "alias {n} {name:?}");
    }
    let ignored: Vec<String> = count.ignored.iter().map(|i| format!("{} {}", i.rows, i.reason)).collect();
    let _ = writeln!(
        out,
        "{} rows: {} used, {} rejected, ignored {ignored:?}, entries {:?}",
        count.rows, count.used, count.rejected, count.entries
    );
    out
}

#[test]
fn a_report_with_a_preamble_keeps_its_range_and_sums_no_totals() {
    insta::assert_snapshot!(story("ads-report.csv", "ads-report.toml"));
}

#[test]
fn a_german_report_in_windows_1252_is_read_to_the_cent_and_the_minute() {
    insta::assert_snapshot!(story("chancen.csv", "chancen.toml"));
}

#[test]
fn a_wide_file_of_leads_feeds_leads_stages_and_the_vault() {
    insta::assert_snapshot!(story("leads-wide.csv", "leads-wide.toml"));
}

#[test]
fn touches_without_ids_are_told_apart() {
    insta::assert_snapshot!(story("touches.jsonl", "touches.toml"));
}

#[test]
fn json_lines_and_an_array_give_the_same_entries() {
    let keys = |file| {
        let story = story(file, "touches.toml");
        let entries: Vec<String> = story.lines().filter(|l| l.starts_with("  ")).map(str::to_owned).collect();
        entries
    };
    assert_eq!(keys("touches.jsonl"), keys("touches.json"));
}

#[test]
fn spend_over_ranges_has_the_currency_of_its_column() {
    insta::assert_snapshot!(story("spend-ranges.csv", "spend-ranges.toml"));
}
