//! Folders of facts: whole or not at all, and never an answer from bad bytes.

use lockstep_facts::{Made, Mapped, write};
use tallies::Grain;

use crate::random::{self, Draw};

fn folder() -> (tempfile::TempDir, std::path::PathBuf) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("facts");
    let tables: Vec<_> = Grain::ALL.iter().map(|g| random::table(&mut Draw(7), *g, 50)).collect();
    write(&folder, &Made { seq: 3, head: "abc".into(), ..Made::default() }, &tables, &[]).unwrap();
    (home, folder)
}

#[test]
fn what_is_written_is_read_back() {
    let (_home, folder) = folder();
    let mapped = Mapped::open(&folder).unwrap();
    assert_eq!(mapped.index().made.seq, 3);
    for grain in Grain::ALL {
        assert_eq!(mapped.table(grain).unwrap(), random::table(&mut Draw(7), grain, 50));
    }
}

#[test]
fn one_flipped_byte_anywhere_asks_for_a_rebuild() {
    let (_home, folder) = folder();
    let mut draw = Draw(11);
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "json") {
            continue;
        }
        let good = std::fs::read(&path).unwrap();
        let mut bad = good.clone();
        let at = draw.below(bad.len() as u64) as usize;
        bad[at] ^= 1 << draw.below(8);
        std::fs::write(&path, &bad).unwrap();
        let error = Mapped::open(&folder).expect_err(&format!("{} byte {at}", path.display()));
        assert!(error.wants_rebuild(), "{error}");
        std::fs::write(&path, good).unwrap();
    }
    Mapped::open(&folder).unwrap();
}

#[test]
fn a_missing_or_cut_file_and_another_format_ask_for_a_rebuild() {
    let (_home, folder) = folder();
    let column = folder.join("account.employees.col");
    let good = std::fs::read(&column).unwrap();
    for cut in [0, 10, 64, good.len() - 1] {
        std::fs::write(&column, &good[..cut]).unwrap();
        assert!(Mapped::open(&folder).unwrap_err().wants_rebuild(), "{cut}");
    }
    std::fs::remove_file(&column).unwrap();
    assert_eq!(Mapped::open(&folder).unwrap_err().code(), "damaged_facts");
    std::fs::write(&column, good).unwrap();
    let index = folder.join("index.json");
    let text = std::fs::read_to_string(&index).unwrap();
    let start = text.find("\"format\": ").unwrap();
    let end = start + text[start..].find(',').unwrap();
    let text = format!("{}\"format\": 999{}", &text[..start], &text[end..]);
    std::fs::write(&index, text).unwrap();
    assert_eq!(Mapped::open(&folder).unwrap_err().code(), "other_format");
    std::fs::remove_file(&index).unwrap();
    assert!(Mapped::open(&folder).unwrap_err().wants_rebuild());
}

#[test]
fn a_folder_is_replaced_whole_while_it_is_read() {
    let (_home, folder) = folder();
    let mapped = Mapped::open(&folder).unwrap();
    let before = mapped.table(Grain::Account).unwrap();
    write(&folder, &Made::default(), &[random::table(&mut Draw(8), Grain::Account, 9)], &[]).unwrap();
    assert_eq!(mapped.table(Grain::Account).unwrap(), before);
    assert_eq!(Mapped::open(&folder).unwrap().rows(Grain::Account), 9);
}
