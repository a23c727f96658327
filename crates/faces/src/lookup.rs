//! Finding figures by their id, and sentences with their `{figure.id}` placeholders filled.

use std::collections::BTreeMap;

use report::{Cell, Chart, Figure, Report};

use crate::format::{self, Sign};

/// All figures of a report by id, each with whether it is a change.
pub(crate) struct Lookup<'a> {
    figures: BTreeMap<&'a str, (&'a Figure, Sign)>,
}

impl<'a> Lookup<'a> {
    pub(crate) fn of(report: &'a Report) -> Lookup<'a> {
        let mut figures = BTreeMap::new();
        each(report, &mut |figure, sign| {
            figures.entry(figure.id.as_str()).or_insert((figure, sign));
        });
        Lookup { figures }
    }

    /// The figure as it reads in a sentence: the value, with its interval in brackets where it is estimated.
    fn say(&self, id: &str) -> Option<String> {
        let (id, bare) = id.strip_suffix(":value").map_or((id, false), |id| (id, true));
        let (figure, sign) = self.figures.get(id)?;
        let value = format::value(figure, *sign);
        Some(match format::limits(figure) {
            Some(limits) if !bare => {
                format!("{value} (90% interval {})", format::interval(&limits, figure.unit, *sign))
            }
            _ => value,
        })
    }

    /// A sentence with its placeholders filled; an unknown one stays visible in square brackets.
    pub(crate) fn fill(&self, sentence: &str) -> String {
        let mut out = String::with_capacity(sentence.len() + 32);
        let mut rest = sentence;
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let Some((id, tail)) = after.split_once('}') else {
                out.push('{');
                rest = after;
                continue;
            };
            match self.say(id) {
                Some(text) => out.push_str(&text),
                None => {
                    out.push('[');
                    out.push_str(id);
                    out.push(']');
                }
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// Every figure of a report in reading order, with whether it is a change.
pub(crate) fn each<'a>(report: &'a Report, see: &mut impl FnMut(&'a Figure, Sign)) {
    if let Some(figure) = &report.figure {
        see(figure, Sign::Change);
    }
    for section in &report.sections {
        for chart in &section.charts {
            match chart {
                Chart::Waterfall(w) => {
                    see(&w.from, Sign::Plain);
                    w.steps.iter().for_each(|s| see(&s.figure, Sign::Change));
                    see(&w.to, Sign::Plain);
                    see(&w.gap, Sign::Change);
                }
                Chart::DotWhisker(d) => {
                    let sign = if d.rows.iter().any(|r| r.owner.is_some()) { Sign::Change } else { Sign::Plain };
                    d.rows.iter().for_each(|r| see(&r.figure, sign));
                    d.reference.iter().for_each(|f| see(f, Sign::Plain));
                }
                Chart::Band(b) => {
                    b.points.iter().for_each(|p| see(&p.figure, Sign::Plain));
                    b.reference.iter().for_each(|f| see(f, Sign::Plain));
                }
            }
        }
        for table in &section.tables {
            for cell in table.rows.iter().flat_map(|r| &r.cells) {
                if let Cell::Figure(figure) = cell {
                    see(figure, Sign::Plain);
                }
            }
        }
    }
}

/// Placeholders in the report's sentences that name no figure of it.
pub fn unresolved(report: &Report) -> Vec<String> {
    let lookup = Lookup::of(report);
    let mut sentences: Vec<&str> = vec![&report.headline];
    sentences.extend(report.how_sure.iter().map(String::as_str));
    for s in &report.sections {
        sentences.extend([s.answer.as_str(), s.method.as_str()]);
        sentences.extend(s.findings.iter().map(|f| f.text.as_str()));
        sentences.extend(s.caveats.iter().map(String::as_str));
        sentences.extend(s.refusals.iter().flat_map(|r| [r.asked.as_str(), r.had.as_str(), r.needed.as_str()]));
        sentences.extend(s.not_known.iter().flat_map(|k| [k.text.as_str(), k.settle.as_str()]));
        sentences.extend(s.tables.iter().map(|t| t.note.as_str()));
        for chart in &s.charts {
            match chart {
                Chart::Waterfall(w) => sentences.extend(w.steps.iter().map(|s| s.note.as_str())),
                Chart::DotWhisker(d) => sentences.extend(d.rows.iter().map(|r| r.note.as_str())),
                Chart::Band(_) => {}
            }
        }
    }
    let mut missing = Vec::new();
    for sentence in sentences {
        for part in sentence.split('{').skip(1) {
            if let Some((id, _)) = part.split_once('}')
                && lookup.say(id).is_none()
            {
                missing.push(id.to_owned());
            }
        }
    }
    missing
}
