//! What the faces print of the sample report, whole.

#![allow(clippy::unwrap_used, clippy::panic)]

mod sample;

use faces::TextStyle;
use lockstep_faces as faces;

fn at(columns: usize) -> String {
    faces::text(&sample::report(), &TextStyle { columns, ..TextStyle::default() })
}

#[test]
fn the_page_for_a_terminal_of_80_columns() {
    insta::assert_snapshot!(at(80));
}

#[test]
fn the_page_for_a_terminal_of_100_columns() {
    insta::assert_snapshot!(at(100));
}

#[test]
fn the_page_for_a_terminal_of_120_columns() {
    insta::assert_snapshot!(at(120));
}

#[test]
fn the_page_in_plain_ascii_marks_with_bold_and_dim() {
    insta::assert_snapshot!(faces::text(&sample::report(), &TextStyle { columns: 100, ascii: true, ansi: true }));
}

#[test]
fn the_report_as_markdown() {
    insta::assert_snapshot!(faces::markdown(&sample::report()));
}

#[test]
fn the_figures_as_csv() {
    insta::assert_snapshot!(faces::csv(&sample::report()));
}

/// Locks the shape of the JSON: a change of this snapshot is a change of the schema.
#[test]
fn the_report_as_json() {
    insta::assert_snapshot!(faces::json(&sample::report()));
}

/// One element of the page, a line each tag, without the style sheet.
fn part(html: &str, from: &str, to: &str) -> String {
    let begin = html.find(from).unwrap();
    let end = html[begin..].find(to).unwrap() + begin + to.len();
    html[begin..end].replace("><", ">\n<")
}

#[test]
fn the_waterfall_as_html() {
    insta::assert_snapshot!(part(&faces::html(&sample::report()), "<table class=\"chart waterfall\"", "</table>"));
}

#[test]
fn dots_and_whiskers_as_html() {
    let html = faces::html(&sample::report());
    let second = html.find("id=\"s-followup.speed\"").unwrap();
    insta::assert_snapshot!(part(&html[second..], "<table class=\"chart dots\"", "</table>"));
}

#[test]
fn the_band_as_html() {
    insta::assert_snapshot!(part(&faces::html(&sample::report()), "<figure class=\"series\"", "</figure>"));
}

#[test]
fn the_answer_as_html() {
    insta::assert_snapshot!(part(&faces::html(&sample::report()), "<section class=\"answer\"", "</section>"));
}

#[test]
fn a_table_and_a_refusal_as_html() {
    let html = faces::html(&sample::report());
    let table = html.find(">Hand-offs by source<").unwrap();
    let start = html[..table].rfind("<table").unwrap();
    insta::assert_snapshot!(part(&html[start..], "<table", "</table>"));
    insta::assert_snapshot!(part(&html, "<div class=\"refusal\"", "</dl>"));
}

#[test]
fn where_it_comes_from_as_html() {
    insta::assert_snapshot!(part(&faces::html(&sample::report()), "<footer", "</footer>"));
}
