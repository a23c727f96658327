//! Every nasty input of the fuzz corpora: no panic, and results within bounds.

use std::path::Path;

use lockstep_import::values::{DateOrder, DateRule, Decimal, Zone, parse_date, parse_money, parse_number};
use lockstep_import::{Mapping, Piece, Preview, Recognised, Settings, recognise};

use crate::taking::{Kept, read_into};

fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpora").join(name);
    let mut files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|item| item.unwrap().path()).collect();
    files.sort();
    assert!(files.len() >= 20, "{} inputs in {}", files.len(), folder.display());
    files.into_iter().map(|path| (path.display().to_string(), std::fs::read(&path).unwrap())).collect()
}

const ANY: &str = r#"
name = "any"
system = "any"
[recognise]
files = ["*"]
files_required = true
[[entity]]
entity = "opportunity"
valid_at = ["date"]
[entity.set]
product = "a|id|b|c1"
amount = "amount|b"
created_at = "date"
"#;

#[test]
fn every_nasty_table_is_read_or_refused() {
    let mappings = [Mapping::parse(ANY, "any.toml").unwrap()];
    for (name, bytes) in corpus("csv") {
        let piece = Piece::from_bytes(&name, &bytes);
        assert_eq!(piece.bytes(), bytes.len() as u64, "{name}");
        let preview = Preview::of(&piece, 1_000);
        assert_eq!(preview.is_err() && piece.problem().is_some(), piece.problem().is_some(), "{name}");
        let Recognised::Mapping(mapping, _) = recognise(&piece, &mappings) else { continue };
        let mut kept = Kept::default();
        match read_into(&piece, mapping, &Settings::default(), &mut kept) {
            Ok(count) => {
                assert!(count.rows <= bytes.len() as u64 + 1, "{name}");
                assert_eq!(count.rejected, kept.rejects.len() as u64, "{name}");
                for reject in &kept.rejects {
                    assert!(reject.read.chars().count() <= 200 && reject.row.line >= 1, "{name}");
                    assert!(!reject.expected.is_empty() && !reject.hint.is_empty(), "{name}");
                }
            }
            Err(error) => assert!(!error.code().is_empty() && !error.to_string().contains('\n'), "{name}: {error}"),
        }
    }
}

#[test]
fn every_nasty_mapping_is_read_or_refused_with_its_line() {
    let mut refused = 0;
    for (name, bytes) in corpus("mapping") {
        if let Err(error) = Mapping::parse(&String::from_utf8_lossy(&bytes), "m.toml") {
            refused += 1;
            assert_eq!(error.code(), "mapping", "{name}: {error}");
            assert!(error.to_string().starts_with("`m.toml:") && error.hint().is_some(), "{name}: {error}");
        }
    }
    assert!(refused >= 20, "{refused}");
}

#[test]
fn every_nasty_date_is_a_day_of_the_calendar_or_none() {
    for (name, bytes) in corpus("dates") {
        let text = String::from_utf8_lossy(&bytes);
        for order in [None, Some(DateOrder::Dmy), Some(DateOrder::Mdy), Some(DateOrder::Ymd)] {
            for serial in [false, true] {
                let rule = DateRule { order, zone: Zone::named("America/New_York").unwrap(), serial };
                if let Ok(when) = parse_date(&text, &rule) {
                    let (year, ..) = when.first_day().unwrap().ymd();
                    assert!((0..=10_000).contains(&year) || text.len() >= 13, "{name}: {text} {when}");
                }
            }
        }
    }
}

#[test]
fn every_nasty_amount_is_exact_or_none() {
    for (name, bytes) in corpus("money") {
        let text = String::from_utf8_lossy(&bytes);
        for style in [None, Some(Decimal::Point), Some(Decimal::Comma)] {
            if let Ok(number) = parse_number(&text, style) {
                assert!(number.real().is_finite(), "{name}: {text}");
            }
            if let Ok(money) = parse_money(&text, style, None, None) {
                assert!(money.currency.code().len() == 3, "{name}: {text}");
            }
        }
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig { cases: 512, failure_persistence: None, ..Default::default() })]

    #[test]
    fn no_text_makes_a_reader_panic(text in "\\PC{0,40}", bytes in proptest::collection::vec(proptest::prelude::any::<u8>(), 0..400)) {
        let rule = DateRule { order: None, zone: Zone::utc(), serial: true };
        let _ = parse_date(&text, &rule);
        let _ = parse_money(&text, None, None, None);
        let _ = Mapping::parse(&text, "m.toml");
        let _ = Preview::of(&Piece::from_bytes("t", &bytes), 100);
        let any = Mapping::parse(ANY, "any.toml").unwrap();
        for bytes in [&bytes[..], text.as_bytes()] {
            // complete counts are asserted where it is read
            let _ = read_into(&Piece::from_bytes("t", bytes), &any, &Settings::default(), &mut Kept::default());
        }
    }

    #[test]
    fn every_day_is_read_in_every_shape(n in -700_000i32..2_900_000, seconds in 0i64..86_400) {
        let day = terms::Day(n);
        let (y, m, d) = day.ymd();
        if y >= 1 {
            let (h, min, s) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
            let at = |text: String, order| {
                let rule = DateRule { order, zone: Zone::utc(), serial: false };
                parse_date(&text, &rule).map(|when| when.to_string())
            };
            let want = Ok(day.to_string());
            proptest::prop_assert_eq!(at(format!("{y:04}-{m:02}-{d:02}"), None), want.clone());
            proptest::prop_assert_eq!(at(format!("{d}/{m}/{y:04}"), Some(DateOrder::Dmy)), want.clone());
            proptest::prop_assert_eq!(at(format!("{m:02}-{d:02}-{y:04}"), Some(DateOrder::Mdy)), want);
            let full = format!("{y:04}-{m:02}-{d:02}T{h:02}:{min:02}:{s:02}");
            proptest::prop_assert_eq!(at(format!("{full}Z"), None), Ok(format!("{full}Z")));
        }
    }

    #[test]
    fn an_amount_written_in_any_style_is_the_same_amount(minor in -10_000_000_000i64..10_000_000_000) {
        let usd = terms::Currency::parse("USD");
        let (sign, whole, cents) = (if minor < 0 { "-" } else { "" }, minor.abs() / 100, minor.abs() % 100);
        let mut grouped = String::new();
        let digits = whole.to_string();
        for (n, c) in digits.chars().enumerate() {
            if n > 0 && (digits.len() - n) % 3 == 0 {
                grouped.push(',');
            }
            grouped.push(c);
        }
        let german = grouped.replace(',', ".");
        for (text, style) in [
            (format!("{sign}{whole}.{cents:02}"), None),
            (format!("{sign}${grouped}.{cents:02}"), None),
            (format!("{sign}{german},{cents:02} USD"), None),
            (format!("USD {sign}{whole},{cents:02}"), Some(Decimal::Comma)),
        ] {
            let read = parse_money(&text, style, usd, None).map(|money| money.minor);
            proptest::prop_assert_eq!(read, Ok(minor), "{}", text);
        }
    }
}
