//! The report as Markdown: for a wiki, a ticket, a mail.

use std::fmt::Write;

use report::{Cell, Chart, Figure, Report};

use crate::format::{self, Sign};
use crate::lookup::{Lookup, dots_sign, headline_sign};
use crate::words::{self, owner, young};

/// The report as Markdown (tables as GitHub writes them).
pub fn markdown(report: &Report) -> String {
    let lookup = Lookup::of(report);
    let mut out = format!("# {}\n\n", escape(&report.title));
    if let Some(f) = &report.figure {
        let _ = writeln!(
            out,
            "**{}** {} ({})\n",
            format::value(f, headline_sign(report)),
            escape(&f.label),
            format::certainty(f, headline_sign(report))
        );
    }
    let _ = writeln!(out, "{}\n", escape(&lookup.fill(&report.headline)));
    for line in &report.how_sure {
        let _ = writeln!(out, "> {}", escape(&lookup.fill(line)));
    }
    let mut told = "";
    for section in &report.sections {
        // the headline and a method that several sections share are said once
        let answer = if section.answer == report.headline { "" } else { &section.answer };
        let _ = writeln!(out, "\n## {}\n\n{}\n", escape(&section.title), escape(&lookup.fill(answer)));
        for chart in &section.charts {
            chart_table(&mut out, chart, &lookup);
        }
        for table in &section.tables {
            let _ = writeln!(out, "**{}**\n", escape(&lookup.fill(&table.title)));
            let head: Vec<String> = table.columns.iter().map(|c| escape(c)).collect();
            row(&mut out, &head);
            row(&mut out, &vec!["---".to_owned(); head.len()]);
            for r in &table.rows {
                row(&mut out, &r.cells.iter().map(|c| cell(c, &lookup)).collect::<Vec<_>>());
            }
            let _ = writeln!(out, "\n{}\n", escape(&lookup.fill(&table.note)));
        }
        let refusals: Vec<String> = section.refusals.iter().map(words::refusal).collect();
        let unknown: Vec<String> = section.not_known.iter().map(|k| format!("{} {}", k.text, k.settle)).collect();
        let findings: Vec<String> = section.findings.iter().map(|f| f.text.clone()).collect();
        for (title, items) in [
            ("What was found", &findings),
            ("Read it with this in mind", &section.caveats),
            ("What cannot be told", &refusals),
            ("What is not known", &unknown),
        ] {
            if !items.is_empty() {
                let _ = writeln!(out, "**{title}**\n");
                for item in items {
                    let _ = writeln!(out, "- {}", escape(&lookup.fill(item)));
                }
                out.push('\n');
            }
        }
        if !section.method.is_empty() && section.method != told {
            told = &section.method;
            let _ = writeln!(out, "*How:* {}\n", escape(&lookup.fill(&section.method)));
        }
    }
    let p = &report.provenance;
    let as_if = p.as_if.as_ref().map_or(String::new(), |day| format!(", as if nothing had happened after {day}"));
    let _ = writeln!(
        out,
        "---\n\nData through {}, judged as of {}{as_if}. Ledger batch {}, hash `{}`. {}. {}. Definitions: {}. Period {}. Money in {}. Seed {}. Lockstep {}. Intervals are 90%.",
        p.data_through,
        p.as_of,
        p.head,
        p.head_hash,
        p.counts.join(", "),
        p.completeness,
        p.definitions,
        p.asked(),
        p.currency,
        p.seed,
        p.engine
    );
    out
}

/// One row of a chart.
struct Line<'a> {
    name: &'a str,
    figure: &'a Figure,
    sign: Sign,
    note: String,
    who: &'static str,
}

impl<'a> Line<'a> {
    fn of(figure: &'a Figure, sign: Sign) -> Line<'a> {
        Line { name: &figure.label, figure, sign, note: String::new(), who: "" }
    }
}

fn chart_table(out: &mut String, chart: &Chart, lookup: &Lookup<'_>) {
    let (title, axis, lines, reference) = match chart {
        Chart::Waterfall(w) => {
            let largest = words::largest(w);
            let mut lines = vec![Line::of(&w.from, Sign::Plain)];
            lines.extend(w.steps.iter().enumerate().map(|(i, s)| {
                let largest = largest.as_ref().filter(|(at, _)| *at == i).map(|(_, words)| words.as_str());
                let own = crate::lookup::bare(&s.note);
                let note: Vec<&str> = [own.as_str()].into_iter().chain(largest).filter(|t| !t.is_empty()).collect();
                Line { note: note.join("; "), who: owner(s.owner), ..Line::of(&s.figure, Sign::Change) }
            }));
            lines.extend([Line::of(&w.gap, Sign::Change), Line::of(&w.to, Sign::Plain)]);
            (&w.title, "Factor", lines, None)
        }
        Chart::DotWhisker(d) => {
            let sign = dots_sign(d);
            let lines = d.rows.iter().map(|r| {
                let who = r.owner.map_or("", owner);
                Line { note: crate::lookup::bare(&r.note), who, ..Line::of(&r.figure, sign) }
            });
            (&d.title, d.axis.as_str(), lines.collect(), d.reference.as_ref())
        }
        Chart::Band(b) => {
            let lines = b.points.iter().map(|p| {
                let note = if young(&p.figure) { words::TOO_YOUNG.to_owned() } else { String::new() };
                Line { name: &p.label, note, ..Line::of(&p.figure, Sign::Plain) }
            });
            (&b.title, "Period", lines.collect(), b.reference.as_ref())
        }
    };
    let _ = writeln!(out, "**{}**\n", escape(&lookup.fill(title)));
    let head = [axis, "Estimate", "90% interval", "Cases", "Who can change it", "Note", "Id"];
    row(out, &head.map(escape));
    row(out, &vec!["---".to_owned(); head.len()]);
    for line in lines.into_iter().chain(reference.map(|f| Line::of(f, Sign::Plain))) {
        let (f, sign) = (line.figure, line.sign);
        let cases = format::count(i64::try_from(f.n).unwrap_or(i64::MAX));
        let note = escape(&lookup.fill(&line.note));
        let (value, certainty) = (format::value(f, sign), format::certainty(f, sign));
        row(out, &[escape(line.name), value, certainty, cases, line.who.to_owned(), note, format!("`{}`", f.id)]);
    }
    out.push('\n');
}

fn row(out: &mut String, cells: &[String]) {
    let _ = writeln!(out, "| {} |", cells.join(" | "));
}

fn cell(cell: &Cell, lookup: &Lookup<'_>) -> String {
    match cell {
        Cell::Text(text) => escape(&lookup.fill(text)),
        Cell::Empty => String::new(),
        Cell::Figure(f) => match format::limits(f) {
            Some(i) => format!("{} ({})", format::value(f, Sign::Plain), format::interval(&i, f.unit, Sign::Plain)),
            None => format::value(f, Sign::Plain),
        },
    }
}

/// Text that Markdown would read as markup is made plain.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '|' | '*' | '_' | '`' | '<' | '>' | '#' | '[' | ']' | '\\') {
            out.push('\\');
        }
        out.push(if c == '\n' { ' ' } else { c });
    }
    out
}
