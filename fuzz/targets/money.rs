//! Any text as a number and as an amount: finite, of one reading, or none; never a panic.

#![no_main]

use import::values::{Decimal, parse_money, parse_number};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let read = [None, Some(Decimal::Point), Some(Decimal::Comma)].map(|style| {
        if let Ok(money) = parse_money(text, style, None, None) {
            assert_eq!(money.currency.code().len(), 3, "{text}");
        }
        let number = parse_number(text, style).ok();
        if let Some(number) = number {
            assert!(number.real().is_finite(), "{text}");
        }
        number.map(|number| number.real())
    });
    if let [Some(free), Some(point), Some(comma)] = read {
        assert!(free == point || free == comma, "{text}: {free}, {point}, {comma}");
    }
});
