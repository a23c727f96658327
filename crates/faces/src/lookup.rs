//! Finding figures by their id, and sentences with their `{figure.id}` placeholders filled.

use std::collections::BTreeMap;

use report::{Cell, Chart, DotWhisker, Figure, Report, Table};

use crate::format::{self, Sign};

/// All figures of a report by id, each with whether it is a change.
pub(crate) struct Lookup<'a> {
    figures: BTreeMap<&'a str, (&'a Figure, Sign)>,
}

/// A part of a sentence.
pub(crate) enum Piece<'s> {
    /// Words as they stand.
    Words(&'s str),
    /// A figure that was named by its id, as it reads in a sentence.
    Figure { id: &'s str, text: String },
    /// A name that no figure answers to.
    Unknown(&'s str),
}

impl<'a> Lookup<'a> {
    pub(crate) fn of(report: &'a Report) -> Lookup<'a> {
        let mut figures = BTreeMap::new();
        each(report, &mut |figure, sign, _| {
            figures.entry(figure.id.as_str()).or_insert((figure, sign));
        });
        Lookup { figures }
    }

    /// The figure as it reads in a sentence: the value, with its interval in brackets where it is estimated; the value
    /// alone where the name ends in `:value`.
    fn say<'s>(&self, name: &'s str) -> Piece<'s> {
        let (id, bare) = name.strip_suffix(":value").map_or((name, false), |id| (id, true));
        let Some((figure, sign)) = self.figures.get(id) else { return Piece::Unknown(name) };
        let value = format::value(figure, *sign);
        let text = match format::limits(figure) {
            Some(limits) if !bare => {
                format!("{value} (90% interval {})", format::interval(&limits, figure.unit, *sign))
            }
            _ => value,
        };
        Piece::Figure { id, text }
    }

    /// A sentence in its pieces.
    pub(crate) fn pieces<'s>(&self, sentence: &'s str) -> Vec<Piece<'s>> {
        let mut out = Vec::new();
        let mut rest = sentence;
        while let Some(open) = rest.find('{') {
            let Some(close) = rest.get(open..).and_then(|t| t.find('}')).map(|at| open + at) else { break };
            out.push(Piece::Words(rest.get(..open).unwrap_or("")));
            out.push(self.say(rest.get(open + 1..close).unwrap_or("")));
            rest = rest.get(close + 1..).unwrap_or("");
        }
        out.push(Piece::Words(rest));
        out
    }

    /// A sentence with its placeholders filled; an unknown one stays visible in square brackets.
    pub(crate) fn fill(&self, sentence: &str) -> String {
        let mut out = String::with_capacity(sentence.len() + 32);
        for piece in self.pieces(sentence) {
            match piece {
                Piece::Words(words) => out.push_str(words),
                Piece::Figure { text, .. } => out.push_str(&text),
                Piece::Unknown(name) => {
                    out.push('[');
                    out.push_str(name);
                    out.push(']');
                }
            }
        }
        out
    }
}

/// Whether the headline number is a change: it is where a waterfall has it as its gap or one of its steps.
pub(crate) fn headline_sign(report: &Report) -> Sign {
    let Some(figure) = &report.figure else { return Sign::Plain };
    let same = |f: &Figure| f.id == figure.id || (f.unit == figure.unit && f.value == figure.value);
    let change = report.sections.iter().flat_map(|s| &s.charts).any(|chart| match chart {
        Chart::Waterfall(w) => same(&w.gap) || w.steps.iter().any(|s| s.figure.id == figure.id),
        Chart::DotWhisker(_) | Chart::Band(_) => false,
    });
    if change { Sign::Change } else { Sign::Plain }
}

/// Whether the rows of a chart are changes: they are grouped by who can change them, or one of them is below zero.
pub(crate) fn dots_sign(chart: &DotWhisker) -> Sign {
    let below = |f: &Figure| format::raw(f).is_some_and(|x| x < 0.0) || format::limits(f).is_some_and(|i| i.lo90 < 0.0);
    if chart.rows.iter().any(|r| r.owner.is_some() || below(&r.figure)) { Sign::Change } else { Sign::Plain }
}

/// Every figure of a report in reading order, with whether it is a change and the id of its section (empty for the
/// headline number).
pub(crate) fn each<'a>(report: &'a Report, see: &mut impl FnMut(&'a Figure, Sign, &'a str)) {
    if let Some(figure) = &report.figure {
        see(figure, headline_sign(report), "");
    }
    for section in &report.sections {
        for chart in &section.charts {
            of_chart(chart, &mut |figure, sign| see(figure, sign, &section.id));
        }
        for table in &section.tables {
            of_table(table).for_each(|figure| see(figure, Sign::Plain, &section.id));
        }
    }
}

/// Every figure of a chart, with whether it is a change.
pub(crate) fn of_chart<'a>(chart: &'a Chart, see: &mut impl FnMut(&'a Figure, Sign)) {
    match chart {
        Chart::Waterfall(w) => {
            see(&w.from, Sign::Plain);
            w.steps.iter().for_each(|s| see(&s.figure, Sign::Change));
            see(&w.gap, Sign::Change);
            see(&w.to, Sign::Plain);
        }
        Chart::DotWhisker(d) => {
            let sign = dots_sign(d);
            d.rows.iter().for_each(|r| see(&r.figure, sign));
            d.reference.iter().for_each(|f| see(f, Sign::Plain));
        }
        Chart::Band(b) => {
            b.points.iter().for_each(|p| see(&p.figure, Sign::Plain));
            b.reference.iter().for_each(|f| see(f, Sign::Plain));
        }
    }
}

/// Every figure of a table.
pub(crate) fn of_table(table: &Table) -> impl Iterator<Item = &Figure> {
    table.rows.iter().flat_map(|r| &r.cells).filter_map(|cell| match cell {
        Cell::Figure(figure) => Some(figure.as_ref()),
        Cell::Text(_) | Cell::Empty => None,
    })
}

/// Placeholders in the report's sentences that name no figure of it.
pub fn unresolved(report: &Report) -> Vec<String> {
    let lookup = Lookup::of(report);
    let mut missing = Vec::new();
    for sentence in sentences(report) {
        for piece in lookup.pieces(sentence) {
            if let Piece::Unknown(name) = piece {
                missing.push(name.to_owned());
            }
        }
    }
    missing
}

/// Every text of a report in which a face fills placeholders.
fn sentences(report: &Report) -> Vec<&str> {
    let mut all: Vec<&str> = vec![&report.title, &report.headline];
    all.extend(report.how_sure.iter().map(String::as_str));
    for s in &report.sections {
        all.extend([s.title.as_str(), s.answer.as_str(), s.method.as_str()]);
        all.extend(s.findings.iter().map(|f| f.text.as_str()));
        all.extend(s.caveats.iter().map(String::as_str));
        all.extend(s.refusals.iter().flat_map(|r| [r.asked.as_str(), r.had.as_str(), r.needed.as_str()]));
        all.extend(s.not_known.iter().flat_map(|k| [k.text.as_str(), k.settle.as_str()]));
        for t in &s.tables {
            all.extend([t.title.as_str(), t.note.as_str()]);
            all.extend(t.rows.iter().flat_map(|r| &r.cells).filter_map(|c| match c {
                Cell::Text(text) => Some(text.as_str()),
                Cell::Figure(_) | Cell::Empty => None,
            }));
        }
        for chart in &s.charts {
            match chart {
                Chart::Waterfall(w) => {
                    all.push(&w.title);
                    all.extend(w.steps.iter().map(|s| s.note.as_str()));
                }
                Chart::DotWhisker(d) => {
                    all.push(&d.title);
                    all.extend(d.rows.iter().map(|r| r.note.as_str()));
                }
                Chart::Band(b) => all.push(&b.title),
            }
        }
    }
    all
}

/// A note with its figures' values alone: their intervals stand in the table beside it.
pub(crate) fn bare(note: &str) -> String {
    note.replace(":value}", "}").replace('}', ":value}")
}
