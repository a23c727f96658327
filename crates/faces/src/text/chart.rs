//! Charts for a terminal: one row an estimate, its numbers aligned, its mark on a shared scale.
//!
//! Invariant: numbers are never cut; names are, with an ellipsis, and marks give way where there is no room.

use report::{Band, DotWhisker, Figure, Waterfall};

use super::Page;
use crate::format::{self, Sign};
use crate::lookup::dots_sign;
use crate::rows::{cut, width};
use crate::scale::Scale;
use crate::words::{self, owner, young};

/// The head over the owners.
const WHO: &str = "who can change it";
/// A mark in fewer columns says nothing.
const LEAST_MARK: usize = 11;

/// One row of a chart.
struct Row<'r> {
    figure: &'r Figure,
    name: String,
    note: String,
    who: Option<&'static str>,
    sign: Sign,
    /// Whether it has a mark; totals would squeeze the scale.
    drawn: bool,
    /// Whether its id stands beside it.
    ids: bool,
}

impl<'r> Row<'r> {
    fn of(figure: &'r Figure, sign: Sign) -> Row<'r> {
        Row { figure, name: figure.label.clone(), note: String::new(), who: None, sign, drawn: true, ids: true }
    }
}

impl Page<'_> {
    pub(super) fn dots(&mut self, d: &DotWhisker) {
        let sign = dots_sign(d);
        let rows = d.rows.iter().map(|r| Row {
            note: crate::lookup::bare(&r.note),
            who: r.owner.map(owner),
            ..Row::of(&r.figure, sign)
        });
        self.marks(&d.title, &d.axis, &rows.collect::<Vec<_>>());
        self.reference(d.reference.as_ref());
    }

    pub(super) fn band(&mut self, b: &Band) {
        let rows = b.points.iter().map(|p| {
            let young = if young(&p.figure) { format!(" ({})", words::TOO_YOUNG) } else { String::new() };
            Row { name: format!("{}{young}", p.label), ids: false, ..Row::of(&p.figure, Sign::Plain) }
        });
        self.marks(&b.title, "period", &rows.collect::<Vec<_>>());
        self.reference(b.reference.as_ref());
        self.rows_behind(&b.points.iter().map(|p| p.figure.id.as_str()).collect::<Vec<_>>());
    }

    pub(super) fn waterfall(&mut self, w: &Waterfall) {
        let largest = words::largest(w);
        let total = |figure, sign| Row { drawn: false, ..Row::of(figure, sign) };
        let mut rows = vec![total(&w.from, Sign::Plain)];
        rows.extend(w.steps.iter().enumerate().map(|(i, s)| {
            let largest = largest.as_ref().filter(|(at, _)| *at == i).map(|(_, words)| words.as_str());
            let own = crate::lookup::bare(&s.note);
            let note: Vec<&str> = [own.as_str()].into_iter().chain(largest).filter(|n| !n.is_empty()).collect();
            Row { note: note.join("; "), who: Some(owner(s.owner)), ..Row::of(&s.figure, Sign::Change) }
        }));
        rows.extend([total(&w.gap, Sign::Change), total(&w.to, Sign::Plain)]);
        self.marks(&w.title, "factor", &rows);
    }

    /// What all rows of a chart are read against.
    fn reference(&mut self, figure: Option<&Figure>) {
        if let Some(f) = figure {
            let text =
                format!("{}: {} ({})", f.label, format::value(f, Sign::Plain), format::certainty(f, Sign::Plain));
            self.para("    ", &text);
            self.id(&f.id);
        }
    }

    /// One row an estimate: name, value, interval, mark on a shared scale, who can change it; its note and id below.
    fn marks(&mut self, title: &str, axis: &str, rows: &[Row<'_>]) {
        self.line(&format!("  {}", self.lookup.fill(title)));
        let scale = Scale::of(rows.iter().filter(|r| r.drawn).map(|r| r.figure));
        let values: Vec<String> = rows.iter().map(|r| format::value(r.figure, r.sign)).collect();
        let intervals: Vec<String> = rows.iter().map(|r| format::certainty(r.figure, r.sign)).collect();
        let widest = |texts: &[String], head: &str| texts.iter().map(|t| width(t)).fold(width(head), usize::max);
        let name_width = rows.iter().map(|r| width(&r.name)).max().unwrap_or(0).min(30).max(width(axis));
        let (value_width, interval_width) = (widest(&values, "estimate"), widest(&intervals, "90% interval"));
        let used = 4 + name_width + 2 + value_width + 2 + interval_width + 2;
        let owners = rows.iter().any(|r| r.who.is_some());
        let owner_width = rows.iter().filter_map(|r| r.who.map(width)).fold(width(WHO), usize::max);
        let room = self.style.columns.saturating_sub(used);
        // where the marks would have no room beside it, who can change it goes into the note
        let aside = owners && room >= owner_width + 2 + LEAST_MARK;
        let room = if aside { room - owner_width - 2 } else { room };
        let mark_width = if room < LEAST_MARK { 0 } else { room.min(33) };
        let pad = |text: &str, w: usize| format!("{text}{}", " ".repeat(w.saturating_sub(width(text))));
        let right = |text: &str, w: usize| format!("{}{text}", " ".repeat(w.saturating_sub(width(text))));
        let line = |name: &str, value: &str, interval: &str, mark: &str, who: &str| {
            let (name, value, interval) =
                (pad(name, name_width), right(value, value_width), right(interval, interval_width));
            format!("    {name}  {value}  {interval}  {}  {who}", pad(mark, mark_width))
        };
        self.line(&line(axis, "estimate", "90% interval", "", if aside { WHO } else { "" }));
        for (row, (value, interval)) in rows.iter().zip(values.iter().zip(&intervals)) {
            let drawn = if row.drawn { mark(&scale, row.figure, mark_width, self.style.ascii) } else { String::new() };
            let who = row.who.filter(|_| aside).unwrap_or("");
            self.line(&line(&cut(&row.name, name_width), value, interval, &drawn, who));
            let below = row.who.filter(|_| !aside).map(|who| format!("{WHO}: {who}"));
            let note: Vec<&str> =
                [row.note.as_str()].into_iter().chain(below.as_deref()).filter(|n| !n.is_empty()).collect();
            if !note.is_empty() {
                self.para("      ", &note.join("; "));
            }
            if row.ids {
                self.id(&row.figure.id);
            }
        }
    }
}

/// The mark of one estimate: 90% thin, 50% thick, a dot (open where the direction is not known), and a rule at zero.
fn mark(scale: &Scale, figure: &Figure, columns: usize, ascii: bool) -> String {
    if columns == 0 {
        return String::new();
    }
    let (thin, thick, known, unknown, zero) =
        if ascii { ('-', '=', 'o', '.', '|') } else { ('─', '━', '●', '○', '│') };
    let place = |x: f64| (scale.place(x) * columns.saturating_sub(1) as f64).round() as usize;
    let mut cells = vec![' '; columns];
    let mut put = |from: usize, to: usize, mark: char| {
        for cell in cells.iter_mut().take(to + 1).skip(from) {
            *cell = mark;
        }
    };
    put(place(0.0), place(0.0), zero);
    let limits = format::limits(figure);
    if let Some(i) = limits {
        put(place(i.lo90), place(i.hi90), thin);
        put(place(i.lo50), place(i.hi50), thick);
    }
    if let Some(x) = format::raw(figure) {
        let sure = limits.is_none_or(|i| i.direction_known());
        put(place(x), place(x), if sure { known } else { unknown });
    }
    cells.into_iter().collect()
}
