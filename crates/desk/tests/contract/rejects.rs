use entries::{Reject, RowRef};
use lockstep_desk::SourceFile;
use terms::Instant;

use crate::Home;

pub fn file(number: u32) -> SourceFile {
    SourceFile {
        number,
        name: format!("export.zip!Lead{number}.csv"),
        mapping: "salesforce-lead".to_owned(),
        header: ["Id", "Name", "E-Mail", "Amount"].map(str::to_owned).to_vec(),
    }
}

pub fn reject(file: u32, line: u32, cells: &[&str]) -> Reject {
    Reject {
        row: RowRef { file, line },
        column: "Amount".to_owned(),
        read: cells.last().copied().unwrap_or("").to_owned(),
        expected: "a number like 12500.00".to_owned(),
        hint: "write it without letters".to_owned(),
        raw: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    }
}

#[test]
fn rejects_come_back_whole_and_in_order_over_many_pages() {
    let home = Home::new();
    let desk = home.desk();
    let odd = ["1", "a \"quoted\"\nname", "tab\tcomma,;", "12,5k ü \u{1f}"];
    let all: Vec<Reject> = (2..2_702).map(|line| reject(1, line, &odd)).collect();
    assert_eq!(desk.keep_rejects("b1", &file(1), all[..100].to_vec()).unwrap(), 100);
    assert_eq!(desk.keep_rejects("b2", &file(1), vec![reject(1, 9, &["x"])]).unwrap(), 1);
    assert_eq!(desk.keep_rejects("b1", &file(1), all[100..].to_vec()).unwrap(), 2_600);
    let kept: Vec<Reject> = home.desk().rejects("b1").map(|kept| kept.unwrap().reject).collect();
    assert_eq!(kept, all);
    assert_eq!(desk.rejects("none").count(), 0);
}

#[test]
fn counts_are_by_batch_and_file_and_tell_what_was_fixed() {
    let home = Home::new();
    let desk = home.desk();
    desk.keep_rejects("b1", &file(2), vec![reject(2, 5, &["1"]), reject(2, 6, &["2"])]).unwrap();
    desk.keep_rejects("b1", &file(1), vec![reject(1, 5, &["3"])]).unwrap();
    let ids: Vec<u64> = desk.rejects("b1").map(|kept| kept.unwrap().id).collect();
    assert_eq!(desk.mark_fixed(&ids[..1], "b7", Instant(70)).unwrap(), 1);
    assert_eq!(desk.mark_fixed(&ids[..2], "b8", Instant(80)).unwrap(), 1);
    assert_eq!(desk.mark_fixed(&[999], "b8", Instant(80)).unwrap(), 0);
    let counts: Vec<_> = desk.reject_counts().unwrap().into_iter().map(|c| (c.file, c.rejected, c.fixed)).collect();
    assert_eq!(counts, [(file(1), 1, 0), (file(2), 2, 2)]);
    let fixed: Vec<_> = desk.rejects("b1").map(|kept| kept.unwrap().fixed).collect();
    assert_eq!(fixed, [Some(("b7".to_owned(), Instant(70))), Some(("b8".to_owned(), Instant(80))), None]);
    assert_eq!((desk.reopen_fixed("b8").unwrap(), desk.reopen_fixed("b8").unwrap()), (1, 0));
    let fixed: Vec<_> = desk.rejects("b1").map(|kept| kept.unwrap().fixed).collect();
    assert_eq!(fixed, [Some(("b7".to_owned(), Instant(70))), None, None]);
    assert_eq!(desk.drop_rejects("b1").unwrap(), 3);
    assert_eq!(desk.reject_counts().unwrap(), []);
}

#[test]
fn rejects_of_a_discarded_batch_are_gone_with_it() {
    let home = Home::new();
    let desk = home.desk();
    crate::person(&desk, "ann@one.example", "", "Ann");
    desk.keep_rejects("b1", &file(1), vec![reject(1, 5, &["1"])]).unwrap();
    desk.discard().unwrap();
    assert_eq!(desk.rejects("b1").count(), 0);
}
