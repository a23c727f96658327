//! Any text as a date, in every order: a moment that reads back as itself, or none; never a panic.

#![no_main]

use import::values::{DateOrder, DateRule, Zone, parse_date};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let zones = ["UTC", "America/New_York", "Pacific/Kiritimati", "+05:45"];
    for zone in zones.iter().filter_map(|name| Zone::named(name).ok()) {
        for order in [None, Some(DateOrder::Ymd), Some(DateOrder::Dmy), Some(DateOrder::Mdy)] {
            for serial in [false, true] {
                let rule = DateRule { order, zone: zone.clone(), serial };
                let Ok(when) = parse_date(text, &rule) else { continue };
                let again = parse_date(&when.to_string(), &rule);
                let (year, ..) = when.first_day().map(|day| day.ymd()).unwrap_or_default();
                if (1..=9_999).contains(&year) {
                    assert_eq!(again, Ok(when), "{text}");
                }
            }
        }
    }
});
