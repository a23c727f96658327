//! The same questions to DuckDB: every cell of every tally of a report, and the table of lead cycles, must be the same.
//!
//! Needs `LOCKSTEP_DUCKDB`: the path of a Python that has `duckdb` and `numpy`. `benches/peer.py` does the asking.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // tests fail by them

use std::path::Path;
use std::process::Command;

fn answers(what: &str) {
    let Ok(python) = std::env::var("LOCKSTEP_DUCKDB") else {
        println!("skipped: LOCKSTEP_DUCKDB names no Python with duckdb and numpy");
        return;
    };
    let work = tempfile::tempdir().unwrap();
    let peer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../benches/peer.py");
    let ran = Command::new(python)
        .arg(peer)
        .args(["--lockstep", env!("CARGO_BIN_EXE_lockstep"), "--leads", "3000", "--runs", "1", "--check"])
        .args(["--only", what, "--dir"])
        .arg(work.path())
        .output()
        .unwrap();
    let (said, wrong) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}\n{wrong}");
    assert!(said.contains(": equal"), "nothing was compared: {said}");
}

#[test]
fn every_row_of_every_file_is_read() {
    answers("import");
}

#[test]
fn every_tally_of_a_report_is_what_duckdb_counts() {
    answers("import,tallies");
}

#[test]
fn the_lead_cycles_are_those_of_the_sql() {
    answers("import,fold");
}
