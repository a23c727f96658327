//! One self-contained page: no script, no outside address, no inline style; what is drawn is a table first.
//!
//! Here: the frame of the page and the order of a section. Not here: marks and charts (`marks`, `waterfall`, `dots`,
//! `band`), tables (`table`), what stands behind a figure (`evidence`). Invariant: every figure that is shown links to
//! its row under "Evidence", and every estimate stands beside its 90% interval.

mod band;
mod dots;
mod evidence;
mod marks;
mod table;
mod waterfall;

use std::cell::RefCell;
use std::collections::BTreeSet;

use maud::{DOCTYPE, Markup, PreEscaped, html as markup};
use report::{Chart, Figure, Finding, NotKnown, Provenance, Refusal, Report, Section};

use crate::format::{self, MINUS, Sign};
use crate::lookup::{Lookup, Piece, headline_sign};
use crate::words;

/// The style sheet that is set into every page.
pub const STYLE: &str = include_str!("style.css");

/// What stands between the header and the footer of a page that is served: the answer, the parts and where they come from.
///
/// `rows`: what stands before and after the id of a figure in the address that opens its rows; without it the command
/// stands there.
pub fn fragment(report: &Report, rows: Option<(&str, &str)>) -> String {
    let page = Page { lookup: Lookup::of(report), anchored: RefCell::default(), rows };
    markup! {
        (marks::patterns())
        (page.parts(report))
        (provenance(&report.provenance))
    }
    .into_string()
}

/// The report as one HTML file.
pub fn html(report: &Report) -> String {
    let page = Page { lookup: Lookup::of(report), anchored: RefCell::default(), rows: None };
    markup! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="referrer" content="no-referrer";
                title { (page.plain(&report.title)) " · Lockstep" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#answer" { "Skip to the answer" }
                (marks::patterns())
                (page.body(report))
            }
        }
    }
    .into_string()
}

/// What all parts of a page need.
struct Page<'a> {
    lookup: Lookup<'a>,
    /// Figures that have their evidence row already: an id stands once on a page.
    anchored: RefCell<BTreeSet<String>>,
    /// Where the rows of a figure are opened, on a page that is served.
    rows: Option<(&'a str, &'a str)>,
}

impl Page<'_> {
    fn body(&self, report: &Report) -> Markup {
        let p = &report.provenance;
        markup! {
            header.top {
                p.brand { (marks::brand()) "Lockstep" }
                p.asked { (p.asked()) }
            }
            main {
                h1 { (self.say(&report.title)) }
                (self.parts(report))
            }
            (provenance(p))
        }
    }

    fn parts(&self, report: &Report) -> Markup {
        markup! {
            (self.answer(report))
            @if report.sections.len() > 3 {
                nav.parts aria-label="Parts of this report" {
                    ul { @for s in &report.sections { li { a href={ "#s-" (s.id) } { (self.plain(&s.title)) } } } }
                }
            }
            @for s in &report.sections { (self.section(s, s.answer != report.headline)) }
        }
    }

    fn answer(&self, report: &Report) -> Markup {
        let sign = headline_sign(report);
        markup! {
            section.answer #answer aria-label="The answer" {
                div {
                    @if let Some(f) = &report.figure {
                        p.big {
                            (self.figure_link(f, &format::value(f, sign)))
                            " " small { (f.label) ", " (number(&format::certainty(f, sign))) }
                        }
                    }
                    p.say { (self.say(&report.headline)) }
                    @if let Some(f) = &report.figure { (self.evidence(&[f])) }
                }
                @if !report.how_sure.is_empty() {
                    div.known {
                        h2 { "How sure is this?" }
                        ul { @for line in &report.how_sure { li { (self.say(line)) } } }
                    }
                }
            }
        }
    }

    fn section(&self, s: &Section, with_answer: bool) -> Markup {
        markup! {
            section.panel id={ "s-" (s.id) } aria-labelledby={ "h-" (s.id) } {
                h2 id={ "h-" (s.id) } { (self.say(&s.title)) }
                @if with_answer && !s.answer.is_empty() { p.lede { (self.say(&s.answer)) } }
                (refusals(self, &s.refusals))
                @for chart in &s.charts {
                    div.block {
                        @match chart {
                            Chart::Waterfall(w) => { (waterfall::draw(self, w)) }
                            Chart::DotWhisker(d) => { (dots::draw(self, d)) }
                            Chart::Band(b) => { (band::draw(self, b)) }
                        }
                        (self.chart_evidence(chart))
                    }
                }
                @for t in &s.tables { div.block data-table=(t.id) { (table::draw(self, t)) (self.table_evidence(t)) } }
                div.lists {
                    (findings(self, &s.findings))
                    (caveats(self, &s.caveats))
                    (not_known(self, &s.not_known))
                }
                @if !s.method.is_empty() {
                    details.how {
                        summary { "How was this worked out?" }
                        @for part in s.method.split("\n\n") { p { (self.say(part)) } }
                    }
                }
            }
        }
    }

    /// A sentence with its figures filled in, each a link to its evidence.
    fn say(&self, sentence: &str) -> Markup {
        markup! {
            @for piece in self.lookup.pieces(sentence) {
                @match piece {
                    Piece::Words(words) => { (number(words)) }
                    Piece::Figure { id, text } => { a.fig href={ "#f-" (id) } { (number(&text)) } }
                    Piece::Unknown(name) => { "[" (name) "]" }
                }
            }
        }
    }

    /// A sentence for an attribute or the title of the window.
    fn plain(&self, sentence: &str) -> String {
        self.lookup.fill(sentence)
    }

    /// The text of a figure as a link to its evidence.
    fn figure_link(&self, figure: &Figure, text: &str) -> Markup {
        markup! { a.fig href={ "#f-" (figure.id) } { (number(text)) } }
    }
}

/// Text whose negative numbers do not break after their minus.
fn number(text: &str) -> Markup {
    markup! {
        @for (i, word) in text.split(' ').enumerate() {
            @if i > 0 { " " }
            @if word.contains(MINUS) { span.n { (word) } } @else { (word) }
        }
    }
}

/// The name, value and interval of a figure, said in full: for marks that are read aloud.
fn aloud(name: &str, figure: &Figure, sign: Sign) -> String {
    let value = format::value(figure, sign);
    match format::limits(figure) {
        Some(i) => {
            let interval = format::interval(&i, figure.unit, sign);
            let young = if words::young(figure) { ", projected" } else { "" };
            format!("{name}: {value}, 90% interval {interval}{young}")
        }
        None => format!("{name}: {value}, {}", format::certainty(figure, sign)),
    }
}

fn refusals(page: &Page<'_>, all: &[Refusal]) -> Markup {
    markup! {
        @for r in all {
            div.refusal {
                h3 { "Cannot tell: " (page.say(words::stop(&r.asked))) }
                dl {
                    div { dt { "There is" } dd { (page.say(&r.had)) } }
                    div { dt { "Needed" } dd { (page.say(&r.needed)) } }
                }
            }
        }
    }
}

fn findings(page: &Page<'_>, all: &[Finding]) -> Markup {
    let items = all.iter().map(|f| markup! { (page.say(&f.text)) (evidence::rows(f.evidence.as_ref())) });
    list("What was found", "found", items.collect())
}

fn caveats(page: &Page<'_>, all: &[String]) -> Markup {
    list("Read it with this in mind", "mind", all.iter().map(|c| page.say(c)).collect())
}

fn not_known(page: &Page<'_>, all: &[NotKnown]) -> Markup {
    let items = all.iter().map(|k| {
        markup! {
            (page.say(&k.text))
            @if !k.settle.is_empty() { small { (page.say(&k.settle)) } }
            (evidence::rows(k.evidence.as_ref()))
        }
    });
    list("What is not known", "open", items.collect())
}

fn list(title: &str, kind: &str, items: Vec<Markup>) -> Markup {
    markup! {
        @if !items.is_empty() {
            div class={ "list " (kind) } {
                h3 { (title) }
                ul { @for item in &items { li { span { (item) } } } }
            }
        }
    }
}

fn provenance(p: &Provenance) -> Markup {
    let hash: String = p.head_hash.chars().take(12).collect();
    let counts = p.counts.join(", ");
    markup! {
        footer.prov aria-label="Where this comes from" {
            span { "Data through " (p.data_through) }
            span { "Judged as of " (p.as_of) }
            @if let Some(day) = &p.as_if { span { "As if nothing had happened after " (day) } }
            @if !counts.is_empty() { span { (counts) } }
            @if !p.completeness.is_empty() { span { (p.completeness) } }
            span { "Definitions: " (p.definitions) }
            span { "Fiscal year from month " (p.fiscal_start) }
            span { "Money in " (p.currency) }
            span { "Ledger batch " (p.head) ", hash " code { (hash) } }
            span { "Seed " (p.seed) }
            span { "Lockstep " (p.engine) }
            span { "Intervals are 90%" }
            span { "Same inputs give the same page for every reader" }
            span.short { "Printed in short: methods, rows and some tables stand on the page alone" }
        }
    }
}
