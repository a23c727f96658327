//! The report as Markdown: for a wiki, a ticket, a mail.

use std::fmt::Write;

use report::{Cell, Certainty, Chart, Figure, Report};

use crate::format::{self, Sign};
use crate::lookup::Lookup;
use crate::text::owner;

/// The report as Markdown (tables as GitHub writes them).
pub fn markdown(report: &Report) -> String {
    let lookup = Lookup::of(report);
    let mut out = format!("# {}\n\n", escape(&report.title));
    if let Some(f) = &report.figure {
        let _ = writeln!(
            out,
            "**{}** {} ({})\n",
            format::value(f, Sign::Change),
            escape(&lookup.fill(&f.label)),
            format::certainty(f, Sign::Change)
        );
    }
    let _ = writeln!(out, "{}\n", escape(&lookup.fill(&report.headline)));
    for line in &report.how_sure {
        let _ = writeln!(out, "> {}", escape(&lookup.fill(line)));
    }
    for section in &report.sections {
        let _ = writeln!(out, "\n## {}\n\n{}\n", escape(&section.title), escape(&lookup.fill(&section.answer)));
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
        let refusals: Vec<String> = section
            .refusals
            .iter()
            .map(|r| format!("Cannot tell: {}. There is: {}. Needed: {}.", r.asked, r.had, r.needed))
            .collect();
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
        if !section.method.is_empty() {
            let _ = writeln!(out, "*How:* {}\n", escape(&lookup.fill(&section.method)));
        }
    }
    let p = &report.provenance;
    let _ = writeln!(
        out,
        "---\n\nData through {}, as of {}. Ledger batch {}, hash `{}`. {}. {} Definitions: {}. Period {} against {}. Money in {}. Seed {}. Lockstep {}. Intervals are 90%.",
        p.data_through, p.as_of, p.head, p.head_hash, p.counts.join(", "), p.completeness, p.definitions, p.period, p.against, p.currency, p.seed, p.engine
    );
    out
}

fn chart_table(out: &mut String, chart: &Chart, lookup: &Lookup<'_>) {
    let (title, axis, rows): (&str, &str, Vec<(String, &Figure, Sign, String, String)>) = match chart {
        Chart::Waterfall(w) => {
            let mut rows = vec![(w.from.label.clone(), &w.from, Sign::Plain, String::new(), String::new())];
            rows.extend(w.steps.iter().map(|s| {
                (s.figure.label.clone(), &s.figure, Sign::Change, s.note.clone(), owner(s.owner).to_owned())
            }));
            rows.push((w.gap.label.clone(), &w.gap, Sign::Change, String::new(), String::new()));
            rows.push((w.to.label.clone(), &w.to, Sign::Plain, String::new(), String::new()));
            (&w.title, "Factor", rows)
        }
        Chart::DotWhisker(d) => {
            let sign = if d.rows.iter().any(|r| r.owner.is_some()) { Sign::Change } else { Sign::Plain };
            let rows = d
                .rows
                .iter()
                .map(|r| {
                    let who = r.owner.map_or(String::new(), |o| owner(o).to_owned());
                    (r.figure.label.clone(), &r.figure, sign, r.note.clone(), who)
                })
                .collect();
            (&d.title, d.axis.as_str(), rows)
        }
        Chart::Band(b) => {
            let rows = b
                .points
                .iter()
                .map(|p| {
                    let young = matches!(p.figure.certainty, Certainty::Projected(_));
                    let note = if young { "too young: projected" } else { "" };
                    (p.label.clone(), &p.figure, Sign::Plain, note.to_owned(), String::new())
                })
                .collect();
            (&b.title, "Period", rows)
        }
    };
    let _ = writeln!(out, "**{}**\n", escape(&lookup.fill(title)));
    row(out, &[escape(axis), "Estimate".into(), "90% interval".into(), "n".into(), "Who can change it".into(), "Note".into()]);
    row(out, &vec!["---".to_owned(); 6]);
    for (name, figure, sign, note, who) in rows {
        row(
            out,
            &[
                escape(&name),
                format::value(figure, sign),
                format::certainty(figure, sign),
                format::count(figure.n as i64),
                who,
                escape(&lookup.fill(&note)),
            ],
        );
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
