//! A report as text, Markdown, CSV, JSON and one HTML file; no arithmetic.
