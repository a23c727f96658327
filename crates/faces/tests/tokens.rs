//! The colours of the style sheet against the contrast they must have, in both themes.

#![allow(clippy::unwrap_used, clippy::panic)]

const STYLE: &str = include_str!("../src/html/style.css");

/// The light and the dark colour of a token.
fn token(name: &str) -> (String, String) {
    let from = STYLE.find(&format!("--{name}:light-dark(")).unwrap_or_else(|| panic!("no token {name}"));
    let inner = &STYLE[from..][STYLE[from..].find('(').unwrap() + 1..];
    let (light, dark) = inner[..inner.find(')').unwrap()].split_once(',').unwrap();
    (light.to_owned(), dark.to_owned())
}

fn luminance(hex: &str) -> f64 {
    let channel = |i: usize| {
        let c = f64::from(u8::from_str_radix(&hex[1 + 2 * i..3 + 2 * i], 16).unwrap()) / 255.0;
        if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(1) + 0.0722 * channel(2)
}

fn contrast(a: &str, b: &str) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// WCAG 2.2: 4.5 for words (1.4.3), 3 for marks and edges (1.4.11), on every ground they stand on.
#[test]
fn words_and_marks_have_their_contrast_on_every_ground_in_both_themes() {
    for (name, least) in
        [("ink", 7.0), ("ink2", 4.5), ("ink3", 4.5), ("ctl", 3.0), ("iv", 3.0), ("sales", 4.5), ("mkt", 4.5)]
    {
        for ground in ["surface", "bg", "sunk"] {
            let (colour, ground) = (token(name), token(ground));
            let (light, dark) = (contrast(&colour.0, &ground.0), contrast(&colour.1, &ground.1));
            assert!(light >= least && dark >= least, "{name}: {light:.2} light, {dark:.2} dark");
        }
    }
}

#[test]
fn neither_team_is_louder_than_the_other() {
    let (sales, marketing) = (token("sales"), token("mkt"));
    assert!(contrast(&sales.0, &marketing.0) < 1.2 && contrast(&sales.1, &marketing.1) < 1.2);
}

#[test]
fn every_variable_that_is_used_is_defined() {
    for used in STYLE.split("var(--").skip(1) {
        let name = used.split(')').next().unwrap();
        assert!(STYLE.contains(&format!("--{name}:")), "{name}");
    }
}

/// An A4 page is narrower than a phone's breakpoint in CSS pixels: without `screen` the phone layout would print.
#[test]
fn the_phone_layout_is_for_screens_only() {
    assert_eq!(STYLE.matches("max-width:820px").count(), STYLE.matches("screen and (max-width:820px)").count());
    assert!(STYLE.contains("@media print"));
}
