//! One self-contained page.

use report::Report;

/// The report as one HTML file.
pub fn html(report: &Report) -> String {
    let _ = report;
    String::new()
}
