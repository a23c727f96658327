//! The page for a terminal: one that can be forwarded as it stands.

use report::{Cell, Certainty, Chart, Figure, Owner, Report, Section, Waterfall};
use terms::Team;

use crate::format::{self, Sign};
use crate::lookup::Lookup;
use crate::rows::{cut, table, width};

/// How the text is set.
#[derive(Clone, Copy, Debug)]
pub struct TextStyle {
    /// Terminal columns, at least 60.
    pub columns: usize,
    /// Plain ASCII marks instead of line drawing.
    pub ascii: bool,
    /// Bold and dim by ANSI sequences.
    pub ansi: bool,
}

impl Default for TextStyle {
    fn default() -> Self {
        TextStyle { columns: 100, ascii: false, ansi: false }
    }
}

/// The words for who can change a factor, the same on every face.
pub(crate) const fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Team(Team::Marketing) => "Marketing",
        Owner::Team(Team::Sales) => "Sales",
        Owner::Both => "Both",
        Owner::Others => "Both, with Finance",
        Owner::Unknown => "Not known",
    }
}

struct Page<'a> {
    out: String,
    style: TextStyle,
    lookup: Lookup<'a>,
}

/// The report as text.
pub fn text(report: &Report, style: &TextStyle) -> String {
    let style = TextStyle { columns: style.columns.clamp(60, 160), ..*style };
    let mut page = Page { out: String::new(), style, lookup: Lookup::of(report) };
    page.bold(&report.title);
    page.blank();
    if let Some(figure) = &report.figure {
        let value = format::value(figure, Sign::Change);
        let label = page.lookup.fill(&figure.label);
        page.bold(&format!("  {value}  {label} ({})", format::certainty(figure, Sign::Change)));
        page.blank();
    }
    page.para("  ", &report.headline);
    if !report.how_sure.is_empty() {
        page.blank();
        page.bold("How sure is this?");
        for line in &report.how_sure {
            page.para("  ", line);
        }
    }
    for section in &report.sections {
        page.section(section);
    }
    page.provenance(report);
    page.out
}

impl Page<'_> {
    fn line(&mut self, text: &str) {
        self.out.push_str(text.trim_end());
        self.out.push('\n');
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn bold(&mut self, text: &str) {
        if self.style.ansi {
            self.line(&format!("\u{1b}[1m{text}\u{1b}[0m"));
        } else {
            self.line(text);
        }
    }

    /// A paragraph, wrapped; `lead` stands before the first line and as many spaces before the others.
    fn para(&mut self, lead: &str, sentence: &str) {
        let filled = self.lookup.fill(sentence);
        let room = self.style.columns.saturating_sub(width(lead)).clamp(30, 88);
        let mut current = String::new();
        let mut first = true;
        let mut lines = Vec::new();
        for word in filled.split(' ').filter(|w| !w.is_empty()) {
            if !current.is_empty() && width(&current) + 1 + width(word) > room {
                lines.push(std::mem::take(&mut current));
            }
            if !current.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
        for text in lines {
            let before = if first { lead.to_owned() } else { " ".repeat(width(lead)) };
            first = false;
            self.line(&format!("{before}{text}"));
        }
    }

    fn section(&mut self, section: &Section) {
        self.blank();
        let rule = if self.style.ascii { "-" } else { "─" };
        self.line(&rule.repeat(self.style.columns.min(100)));
        self.bold(&section.title);
        if !section.answer.is_empty() {
            self.para("  ", &section.answer);
        }
        for chart in &section.charts {
            self.blank();
            match chart {
                Chart::Waterfall(w) => self.waterfall(w),
                Chart::DotWhisker(d) => {
                    let rows: Vec<_> =
                        d.rows.iter().map(|r| (&r.figure, r.note.as_str(), r.owner.map(owner))).collect();
                    let sign = if d.rows.iter().any(|r| r.owner.is_some()) { Sign::Change } else { Sign::Plain };
                    self.whiskers(&d.title, &d.axis, &rows, sign);
                    if let Some(reference) = &d.reference {
                        let text = format!("{}: {}", reference.label, format::value(reference, Sign::Plain));
                        self.para("  ", &text);
                    }
                }
                Chart::Band(b) => {
                    let rows: Vec<_> = b.points.iter().map(|p| (&p.figure, "", None)).collect();
                    let names: Vec<String> = b
                        .points
                        .iter()
                        .map(|p| {
                            let young = matches!(p.figure.certainty, Certainty::Projected(_));
                            if young { format!("{} (too young: projected)", p.label) } else { p.label.clone() }
                        })
                        .collect();
                    self.marks(&b.title, "period", &rows, &names, Sign::Plain);
                }
            }
        }
        for t in &section.tables {
            self.blank();
            self.line(&format!("  {}", self.lookup.fill(&t.title)));
            let head: Vec<&str> = t.columns.iter().map(String::as_str).collect();
            let rows: Vec<Vec<String>> =
                t.rows.iter().map(|r| r.cells.iter().map(|c| self.cell(c)).collect()).collect();
            for line in table(&head, &rows, self.style.columns.saturating_sub(4)).lines() {
                self.line(&format!("    {line}"));
            }
            if !t.note.is_empty() {
                self.para("    ", &t.note);
            }
        }
        self.list("What was found", section.findings.iter().map(|f| f.text.clone()).collect());
        self.list("Read it with this in mind", section.caveats.clone());
        let refusals = section
            .refusals
            .iter()
            .map(|r| format!("Cannot tell: {}. There is: {}. Needed: {}.", stop(&r.asked), stop(&r.had), stop(&r.needed)))
            .collect();
        self.list("What cannot be told", refusals);
        let unknown = section.not_known.iter().map(|k| format!("{} {}", k.text, k.settle)).collect();
        self.list("What is not known", unknown);
        if !section.method.is_empty() {
            self.blank();
            self.para("  How: ", &section.method);
        }
    }

    fn list(&mut self, title: &str, items: Vec<String>) {
        if items.is_empty() {
            return;
        }
        self.blank();
        self.line(&format!("  {title}"));
        for item in items {
            self.para("  - ", &item);
        }
    }

    fn cell(&self, cell: &Cell) -> String {
        match cell {
            Cell::Text(text) => self.lookup.fill(text),
            Cell::Empty => String::new(),
            Cell::Figure(f) => {
                let value = format::value(f, Sign::Plain);
                match f.certainty {
                    Certainty::Counted | Certainty::Refused => value,
                    Certainty::Estimated(i) => format!("{value} ({})", format::interval(&i, f.unit, Sign::Plain)),
                    Certainty::Projected(i) => {
                        format!("{value} ({}, projected)", format::interval(&i, f.unit, Sign::Plain))
                    }
                }
            }
        }
    }

    fn waterfall(&mut self, w: &Waterfall) {
        let rows: Vec<_> = w.steps.iter().map(|s| (&s.figure, s.note.as_str(), Some(owner(s.owner)))).collect();
        self.para("  ", &format!("{}: {} ({})", w.from.label, format::value(&w.from, Sign::Plain), format::certainty(&w.from, Sign::Plain)));
        self.whiskers(&w.title, "factor", &rows, Sign::Change);
        for (label, figure, sign) in [("Gap", &w.gap, Sign::Change), ("", &w.to, Sign::Plain)] {
            let name = if label.is_empty() { figure.label.clone() } else { format!("{label}: {}", figure.label) };
            self.para("  ", &format!("{name}: {} ({})", format::value(figure, sign), format::certainty(figure, sign)));
        }
    }

    fn whiskers(&mut self, title: &str, axis: &str, rows: &[(&Figure, &str, Option<&str>)], sign: Sign) {
        let names: Vec<String> = rows.iter().map(|(f, _, _)| f.label.clone()).collect();
        self.marks(title, axis, rows, &names, sign);
    }

    /// One row an estimate: name, value, interval, mark on a shared scale, who can change it; its note and id below.
    fn marks(&mut self, title: &str, axis: &str, rows: &[(&Figure, &str, Option<&str>)], names: &[String], sign: Sign) {
        self.line(&format!("  {}", self.lookup.fill(title)));
        let scale = Scale::of(rows.iter().map(|(f, _, _)| *f));
        let name_width = names.iter().map(|n| width(n)).max().unwrap_or(0).clamp(width(axis), 30);
        let values: Vec<String> = rows.iter().map(|(f, _, _)| format::value(f, sign)).collect();
        let intervals: Vec<String> = rows.iter().map(|(f, _, _)| format::certainty(f, sign)).collect();
        let value_width = values.iter().map(|v| width(v)).max().unwrap_or(0).max(8);
        let interval_width = intervals.iter().map(|v| width(v)).max().unwrap_or(0).max(12);
        let owner_width = rows.iter().filter_map(|(_, _, o)| o.map(width)).max().unwrap_or(0);
        let used = 4 + name_width + value_width + interval_width + owner_width + 8;
        let mark_width = self.style.columns.saturating_sub(used).min(33);
        let mark_width = if mark_width < 11 { 0 } else { mark_width };
        let pad = |text: &str, w: usize| format!("{text}{}", " ".repeat(w.saturating_sub(width(text))));
        let right = |text: &str, w: usize| format!("{}{text}", " ".repeat(w.saturating_sub(width(text))));
        let who = if owner_width > 0 { "who can change it" } else { "" };
        let head = format!(
            "    {}  {}  {}  {}  {who}",
            pad(axis, name_width),
            right("estimate", value_width),
            right("90% interval", interval_width),
            " ".repeat(mark_width)
        );
        self.line(&head);
        for (i, (figure, note, who)) in rows.iter().enumerate() {
            let name = cut(names.get(i).map_or("", String::as_str), name_width);
            let mark = scale.draw(figure, mark_width, self.style.ascii);
            self.line(&format!(
                "    {}  {}  {}  {}  {}",
                pad(&name, name_width),
                right(values.get(i).map_or("", String::as_str), value_width),
                right(intervals.get(i).map_or("", String::as_str), interval_width),
                mark,
                who.unwrap_or("")
            ));
            if !note.is_empty() {
                let note = self.lookup.fill(note);
                self.para("      ", &format!("{note} [{}]", figure.id));
            }
        }
    }

    fn provenance(&mut self, report: &Report) {
        let p = &report.provenance;
        self.blank();
        let rule = if self.style.ascii { "-" } else { "─" };
        self.line(&rule.repeat(self.style.columns.min(100)));
        let hash: String = p.head_hash.chars().take(12).collect();
        let as_if = p.as_if.as_ref().map_or(String::new(), |d| format!(", as if nothing had happened after {d}"));
        self.para("", &format!("Data through {}, judged as of {}{as_if}. Ledger batch {}, hash {hash}.", p.data_through, p.as_of, p.head));
        self.para("", &format!("{}. {}", p.counts.join(", "), p.completeness));
        self.para(
            "",
            &format!(
                "Definitions: {}. Period {} against {}. Fiscal year from month {}. Money in {}. Seed {}. Lockstep {}.",
                p.definitions, p.period, p.against, p.fiscal_start, p.currency, p.seed, p.engine
            ),
        );
        self.para("", "Intervals are 90%. Rows behind a figure: lockstep rows FIGURE, by the id in square brackets. Same inputs give the same page for every reader.");
    }
}

fn stop(sentence: &str) -> &str {
    sentence.trim_end_matches('.')
}

/// A shared scale for marks.
struct Scale {
    lo: f64,
    hi: f64,
}

impl Scale {
    fn of<'a>(figures: impl Iterator<Item = &'a Figure>) -> Scale {
        let (mut lo, mut hi) = (0.0f64, 0.0f64);
        for figure in figures {
            let value = format::raw(figure);
            let limits = format::limits(figure);
            for x in value.into_iter().chain(limits.iter().flat_map(|i| [i.lo90, i.hi90])).filter(|x| x.is_finite()) {
                lo = lo.min(x);
                hi = hi.max(x);
            }
        }
        Scale { lo, hi: if hi > lo { hi } else { lo + 1.0 } }
    }

    fn place(&self, x: f64, columns: usize) -> usize {
        let share = ((x - self.lo) / (self.hi - self.lo)).clamp(0.0, 1.0);
        (share * columns.saturating_sub(1) as f64).round() as usize
    }

    fn draw(&self, figure: &Figure, columns: usize, ascii: bool) -> String {
        if columns == 0 {
            return String::new();
        }
        let (thin, thick, known, unknown, zero) =
            if ascii { ('-', '=', 'o', '.', '|') } else { ('─', '━', '●', '○', '│') };
        let mut cells = vec![' '; columns];
        let mut put = |from: usize, to: usize, mark: char| {
            for cell in cells.iter_mut().take(to + 1).skip(from) {
                *cell = mark;
            }
        };
        let at_zero = self.place(0.0, columns);
        put(at_zero, at_zero, zero);
        let limits = format::limits(figure);
        if let Some(i) = limits {
            put(self.place(i.lo90, columns), self.place(i.hi90, columns), thin);
            put(self.place(i.lo50, columns), self.place(i.hi50, columns), thick);
        }
        if let Some(x) = format::raw(figure) {
            let sure = limits.is_none_or(|i| i.direction_known());
            let at = self.place(x, columns);
            put(at, at, if sure { known } else { unknown });
        }
        cells.into_iter().collect()
    }
}
