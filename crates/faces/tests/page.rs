//! The rules of the HTML page, read off its elements.

#![allow(clippy::unwrap_used, clippy::panic)]

mod markup;
mod sample;

use std::collections::BTreeSet;

use lockstep_faces as faces;
use markup::{Element, elements};
use report::{Certainty, Finding, Unit};

fn page() -> String {
    faces::html(&sample::report())
}

fn all() -> Vec<Element> {
    elements(&page())
}

#[test]
fn nothing_is_fetched_run_or_styled_in_place() {
    let html = page();
    for forbidden in ["style=", "http", "<script", "src=", "javascript:", "@import", "onclick", "//"] {
        assert!(!html.contains(forbidden), "{forbidden}");
    }
    // the only address in the sheet is the hatch within the page
    assert_eq!(html.matches("url(").count(), html.matches("url(#young)").count());
}

#[test]
fn every_link_leads_to_an_element_of_the_page_and_every_id_is_unique() {
    let all = all();
    let ids: Vec<&str> = all.iter().filter_map(|e| e.get("id")).collect();
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len());
    for link in all.iter().filter(|e| e.tag == "a") {
        let target = link.get("href").unwrap().strip_prefix('#').unwrap();
        assert!(unique.contains(target), "{target}");
    }
    for e in &all {
        if let Some(by) = e.get("aria-labelledby") {
            assert!(unique.contains(by), "{by}");
        }
    }
}

#[test]
fn every_figure_of_the_report_has_its_row_of_evidence() {
    let all = all();
    let csv = faces::csv(&sample::report());
    for id in csv.lines().skip(1).map(|l| l.split(',').next().unwrap()) {
        let row = all.iter().find(|e| e.get("id") == Some(&format!("f-{id}"))).unwrap();
        assert!(row.words().contains(id), "{id}");
    }
}

#[test]
fn every_estimate_stands_beside_its_interval_or_the_word_counted() {
    let all = all();
    let said = |words: &str| words.contains(" to ") || words.contains("counted") || words.contains("cannot tell");
    let intervals: Vec<&Element> = all.iter().filter(|e| e.tag == "td" && e.has_class("iv")).collect();
    assert!(intervals.len() > 25);
    assert!(intervals.iter().all(|e| said(&e.words())));
    // each row with an estimate has such a cell
    for row in all.iter().filter(|e| e.tag == "tr" && e.inner.contains("<td class=\"num v\"")) {
        assert!(row.inner.contains("<td class=\"num iv\""), "{}", row.words());
    }
    // in tables the interval stands in the cell itself; what has none is counted, and the note says so
    let bare = all.iter().filter(|e| e.tag == "td" && e.has_class("f") && !e.inner.contains("<small>"));
    assert!(bare.map(|e| e.words()).eq(["214", "388", "41", "946"]));
    assert!(page().contains("Numbers without an interval are counted."));
}

#[test]
fn heads_have_a_scope_and_pictures_are_said_or_silent() {
    for e in all() {
        let hidden = e.around.iter().any(|a| a.starts_with("tr.axis"));
        if e.tag == "th" && !hidden {
            assert!(e.get("scope").is_some(), "{}", e.words());
        }
        let nested = e.around.iter().any(|a| a.starts_with("svg"));
        if e.tag == "svg" && !nested {
            let silent = e.get("aria-hidden") == Some("true");
            let said = e.get("role") == Some("img") && e.get("aria-label").is_some_and(|l| l.len() > 20);
            assert!(silent || said, "{e:?}");
        }
    }
}

#[test]
fn a_mark_is_said_with_its_name_its_estimate_and_its_interval() {
    let all = all();
    let said = all.iter().filter_map(|e| e.get("aria-label")).find(|l| l.starts_with("Win rate")).unwrap();
    assert_eq!(said, "Win rate: \u{2212}$71k, 90% interval \u{2212}$168k to +$22k");
}

#[test]
fn a_direction_that_is_not_known_is_an_outline_and_said_in_words() {
    let html = page();
    let all = elements(&html);
    let rows = all.iter().filter(|e| e.tag == "tr" && e.around.iter().any(|a| a.contains("waterfall")));
    let mut outlines = 0;
    for row in rows {
        let outline = row.inner.contains("bar unknown");
        assert_eq!(outline, row.words().contains("direction not known"), "{}", row.words());
        outlines += usize::from(outline);
    }
    assert_eq!(outlines, 3);
}

#[test]
fn what_is_too_young_is_hollow_on_hatched_ground() {
    let all = all();
    let in_area = |e: &&Element| e.around.iter().any(|a| a == "svg.area");
    assert_eq!(all.iter().filter(in_area).filter(|e| e.tag == "circle" && e.has_class("open")).count(), 3);
    assert_eq!(all.iter().filter(in_area).filter(|e| e.tag == "rect" && e.has_class("young")).count(), 1);
    assert_eq!(all.iter().filter(in_area).filter(|e| e.tag == "path" && e.has_class("dashed")).count(), 3);
}

#[test]
fn names_and_sentences_cannot_become_markup() {
    let hostile = "<script>x</script> & \"quoted\" <b style='x'>";
    let mut report = sample::report();
    report.title = hostile.into();
    report.sections[0].findings.push(Finding { code: "x".into(), text: hostile.into(), evidence: None });
    if let Some(report::Chart::Waterfall(w)) = report.sections[0].charts.first_mut() {
        w.steps[0].figure.label = hostile.into();
        w.steps[0].figure.id = "a\"><script>".into();
    }
    let html = faces::html(&report);
    assert!(!html.contains("<script") && !html.contains("<b "));
    elements(&html);
}

#[test]
fn no_number_of_the_page_carries_an_ascii_hyphen_or_breaks_after_its_minus() {
    let body = page();
    let body = &body[body.find("<main>").unwrap()..];
    let words = markup::words(body);
    assert!(!words.contains("$-") && !words.contains("-$"));
    assert!(!words.contains("$\u{2212}"));
    for e in elements(body.split("</html>").next().unwrap().trim_end_matches("</body>")) {
        if e.tag == "p" && e.inner.contains('\u{2212}') {
            let outside = e.inner.replace("<span class=\"n\">\u{2212}", "");
            assert!(!outside.contains('\u{2212}'), "{}", e.inner);
        }
    }
}

#[test]
fn the_page_says_no_avoided_word() {
    let html = page();
    let words = markup::words(&html[html.find("<body>").unwrap()..]).to_lowercase();
    let avoided =
        ["fault", "blame", "garbage", "underperform", "winner", "loser", "significant", "leverage", "insight"];
    for word in words.split(|c: char| !c.is_alphanumeric()) {
        assert!(!avoided.contains(&word), "{word}");
    }
    assert!(!words.contains('!'));
}

#[test]
fn the_sample_resolves_and_an_unknown_name_stays_visible() {
    let mut report = sample::report();
    assert_eq!(faces::unresolved(&report), Vec::<String>::new());
    report.headline = "See {no.such} and {verdict.gap} and an open {brace".into();
    assert_eq!(faces::unresolved(&report), ["no.such"]);
    let text = faces::text(&report, &faces::TextStyle::default());
    assert!(text.contains("See [no.such] and \u{2212}$412k and an open {brace"));
    assert!(markup::words(&faces::html(&report)).contains("See [no.such] and \u{2212}$412k and an open {brace"));
}

#[test]
fn the_same_figure_reads_the_same_on_every_face() {
    let report = sample::report();
    let text = faces::text(&report, &faces::TextStyle { columns: 120, ..faces::TextStyle::default() });
    let (markdown, html) = (faces::markdown(&report), markup::words(&page()));
    for s in sample::verdict_steps() {
        let f = s.figure;
        let Certainty::Estimated(i) = f.certainty else { unreachable!() };
        let value = faces::format::value(&f, faces::format::Sign::Change);
        let interval = faces::format::interval(&i, f.unit, faces::format::Sign::Change);
        for face in [&text, &markdown, &html] {
            assert!(face.contains(&value) && face.contains(&interval), "{}", f.label);
        }
        assert!(matches!(f.unit, Unit::Money(_)));
    }
}

#[test]
fn the_teams_swapped_swap_their_names_and_nothing_else() {
    let swapped = |r: &report::Report| {
        let json = faces::json(r);
        let json = json
            .replace("\"team\": \"sales\"", "\"team\": \"?\"")
            .replace("\"team\": \"marketing\"", "\"team\": \"sales\"");
        serde_json::from_str::<report::Report>(&json.replace("\"team\": \"?\"", "\"team\": \"marketing\"")).unwrap()
    };
    let report = sample::report();
    let other = swapped(&report);
    assert!(report != other);
    assert!(swapped(&other) == report);
    let back = |t: &str, a: &str, b: &str| t.replace(a, "\u{1}").replace(b, a).replace('\u{1}', b);
    assert!(back(&faces::markdown(&other), "| Sales |", "| Marketing |") == faces::markdown(&report));
    let owner = |html: &str| back(html, "</svg>Sales</span>", "</svg>Marketing</span>");
    let mark = |html: &str| {
        let square = "<rect class=\"sales\" x=\"0.5\" y=\"0.5\" width=\"9\" height=\"9\" rx=\"1.5\"></rect>";
        let circle = "<circle class=\"mkt\" cx=\"5\" cy=\"5\" r=\"4.7\"></circle>";
        back(html, square, circle)
    };
    assert!(mark(&owner(&faces::html(&other))) == faces::html(&report));
}
