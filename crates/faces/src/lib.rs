//! A report as text, Markdown, CSV, JSON and one self-contained HTML page.
//!
//! Drawing only: the one place where numbers become words ([`mod@format`]) and values become marks. Not here: any arithmetic
//! beyond placing a mark on a scale. Invariant: every estimate is printed with its 90% interval or the word "counted",
//! and the same figure reads the same on every face.

pub mod format;
mod html;
mod lookup;
mod markdown;
pub mod rows;
mod scale;
mod table;
mod text;
mod words;
mod workbook;

pub use html::{STYLE, fragment, html};
pub use lookup::unresolved;
pub use markdown::markdown;
pub use table::{csv, csv_of_words, quoted as csv_cell};
pub use text::{TextStyle, text};
pub use workbook::{xlsx, xlsx_of_words};

/// The whole report as JSON, two-space indented, with a closing newline. The schema is [`report::SCHEMA`].
pub fn json(report: &report::Report) -> String {
    let mut out = serde_json::to_string_pretty(report).unwrap_or_default();
    out.push('\n');
    out
}
