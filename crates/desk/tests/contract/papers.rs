use lockstep_desk::{Change, KEPT_REPORTS, Remembered, SavedReport};
use terms::Instant;

use crate::Home;

#[test]
fn a_setting_keeps_every_change_with_its_instant() {
    let home = Home::new();
    let desk = home.desk();
    assert_eq!(desk.setting("currency").unwrap(), None);
    assert!(desk.set("currency", "USD", Instant(10)).unwrap());
    assert!(!desk.set("currency", "USD", Instant(20)).unwrap());
    assert!(desk.set("currency", "EUR", Instant(30)).unwrap());
    assert!(desk.set("time_zone", "Europe/Berlin", Instant(31)).unwrap());
    assert!(desk.unset("time_zone", Instant(40)).unwrap());
    assert!(!desk.unset("time_zone", Instant(41)).unwrap());
    let desk = home.desk();
    assert_eq!(desk.setting("currency").unwrap().as_deref(), Some("EUR"));
    assert_eq!(desk.settings().unwrap().into_iter().collect::<Vec<_>>(), [("currency".to_owned(), "EUR".to_owned())]);
    let change = |at, value: &str| Change { at: Instant(at), value: Some(value.to_owned()) };
    assert_eq!(desk.setting_history("currency").unwrap(), [change(10, "USD"), change(30, "EUR")]);
    let at = |ms| desk.setting_at("currency", Instant(ms)).unwrap();
    assert_eq!((at(9), at(29).as_deref(), at(30).as_deref()), (None, Some("USD"), Some("EUR")));
    assert_eq!(desk.setting_at("time_zone", Instant(50)).unwrap(), None);
}

fn used(signature: &str, source: &str, name: &str, at: i64) -> Remembered {
    Remembered {
        signature: signature.to_owned(),
        source: source.to_owned(),
        name: name.to_owned(),
        toml: format!("name = \"{name}\"\n"),
        at: Instant(at),
    }
}

#[test]
fn the_mapping_used_last_for_a_header_of_a_source_is_recalled() {
    let home = Home::new();
    let desk = home.desk();
    desk.remember(&used("id,mail", "crm", "first", 1)).unwrap();
    desk.remember(&used("id,mail", "ads", "other", 2)).unwrap();
    desk.remember(&used("id,mail", "crm", "second", 3)).unwrap();
    let desk = home.desk();
    assert_eq!(desk.recall("id,mail", "crm").unwrap(), Some(used("id,mail", "crm", "second", 3)));
    assert_eq!(desk.recall("id", "crm").unwrap(), None);
    let all = [used("id,mail", "ads", "other", 2), used("id,mail", "crm", "second", 3)];
    assert_eq!(desk.remembered().unwrap(), all);
    assert!(desk.unremember("id,mail", "ads").unwrap());
    assert!(!desk.unremember("id,mail", "ads").unwrap());
}

#[test]
fn the_newest_reports_are_kept_byte_for_byte() {
    let home = Home::new();
    let desk = home.desk();
    assert_eq!(desk.latest_report().unwrap(), None);
    let last = KEPT_REPORTS + 5;
    for n in 1..=last {
        desk.save_report(&format!("r{n}"), &format!("{{\"n\": {n} }}\n"), u64::from(n)).unwrap();
    }
    let report = |n: u32| SavedReport { id: format!("r{n}"), seq: u64::from(n), json: format!("{{\"n\": {n} }}\n") };
    assert_eq!(desk.latest_report().unwrap(), Some(report(last)));
    assert_eq!(desk.report("r5").unwrap(), None);
    assert_eq!(desk.report("r6").unwrap(), Some(report(6)));
    desk.save_report("r6", "{}", 99).unwrap();
    let desk = home.desk();
    assert_eq!(desk.latest_report().unwrap().map(|report| (report.id, report.seq)), Some(("r6".to_owned(), 99)));
    let ids = desk.reports().unwrap();
    assert_eq!((ids.len(), ids[1].0.clone()), (KEPT_REPORTS as usize, format!("r{last}")));
}
