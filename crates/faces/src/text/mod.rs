//! The page for a terminal: one that can be forwarded as it stands.

mod chart;

use report::{Cell, Chart, Report, Section, Table};

use crate::format::{self, Sign};
use crate::lookup::{Lookup, headline_sign, of_table};
use crate::rows::{fits, fits_cut, table, tame, width};
use crate::words::{self, young};

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
        let sign = headline_sign(report);
        let value = format::value(figure, sign);
        page.bold(&format!("  {value}  {} ({})", figure.label, format::certainty(figure, sign)));
        page.id(&figure.id);
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
    let mut told = "";
    for section in &report.sections {
        // the headline and a method that several sections share are said once
        page.section(section, section.answer != report.headline, section.method != told);
        told = &section.method;
    }
    page.provenance(report);
    page.out
}

impl Page<'_> {
    /// One line; what comes from someone's file cannot steer the terminal.
    fn line(&mut self, text: &str) {
        self.styled("", text, "");
    }

    fn styled(&mut self, before: &str, text: &str, after: &str) {
        let (before, after) = if self.style.ansi { (before, after) } else { ("", "") };
        self.out.push_str(before);
        self.out.push_str(tame(text).trim_end());
        self.out.push_str(after);
        self.out.push('\n');
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn bold(&mut self, text: &str) {
        self.styled("\u{1b}[1m", text, "\u{1b}[0m");
    }

    /// The id of a figure at the end of the last line, or below it where there is no room.
    fn id(&mut self, id: &str) {
        let last = self.out.trim_end_matches('\n').rsplit('\n').next().unwrap_or("");
        let bold = if last.contains('\u{1b}') { 8 } else { 0 };
        let fits = width(last).saturating_sub(bold) + width(id) + 4 <= self.style.columns;
        if fits && self.out.ends_with('\n') {
            self.out.pop();
            self.out.push_str("  ");
        } else {
            self.out.push_str("      ");
        }
        self.styled("\u{1b}[2m", &format!("[{id}]"), "\u{1b}[0m");
    }

    /// A paragraph, wrapped; `lead` stands before the first line and as many spaces before the others.
    fn para(&mut self, lead: &str, sentence: &str) {
        let filled = self.lookup.fill(sentence);
        let room = self.style.columns.saturating_sub(width(lead)).clamp(30, 88);
        let mut current = String::new();
        let mut first = true;
        let mut lines = Vec::new();
        for word in filled.split([' ', '\n', '\t']).filter(|w| !w.is_empty()) {
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

    fn section(&mut self, section: &Section, with_answer: bool, with_method: bool) {
        self.blank();
        let rule = if self.style.ascii { "-" } else { "─" };
        self.line(&rule.repeat(self.style.columns.min(100)));
        self.bold(&section.title);
        if with_answer && !section.answer.is_empty() {
            self.para("  ", &section.answer);
        }
        for chart in &section.charts {
            self.blank();
            match chart {
                Chart::Waterfall(w) => self.waterfall(w),
                Chart::DotWhisker(d) => self.dots(d),
                Chart::Band(b) => self.band(b),
            }
        }
        for t in &section.tables {
            self.blank();
            self.line(&format!("  {}", self.lookup.fill(&t.title)));
            self.table(t);
            if !t.note.is_empty() {
                self.para("    ", &t.note);
            }
        }
        self.list("What was found", section.findings.iter().map(|f| f.text.clone()).collect());
        self.list("Read it with this in mind", section.caveats.clone());
        let refusals = section.refusals.iter().map(words::refusal).collect();
        self.list("What cannot be told", refusals);
        let unknown = section.not_known.iter().map(|k| format!("{} {}", k.text, k.settle)).collect();
        self.list("What is not known", unknown);
        if with_method && !section.method.is_empty() {
            self.blank();
            for (i, part) in section.method.split("\n\n").enumerate() {
                self.para(if i == 0 { "  How: " } else { "       " }, part);
            }
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

    /// A table with each interval behind its value, or below it where that is too wide.
    fn table(&mut self, t: &Table) {
        let room = self.style.columns.saturating_sub(4);
        let head: Vec<&str> = t.columns.iter().map(String::as_str).collect();
        let cells = |of: &dyn Fn(&Cell) -> String| -> Vec<Vec<String>> {
            t.rows.iter().map(|r| r.cells.iter().map(of).collect()).collect()
        };
        let one_line = cells(&|c| match (self.value(c), limits(c)) {
            (value, limits) if limits.is_empty() => value,
            (value, limits) => format!("{value} ({limits})"),
        });
        let two_lines: Vec<Vec<String>> = cells(&|c| self.value(c))
            .into_iter()
            .zip(cells(&limits))
            .flat_map(|(v, l)| [Some(v), l.iter().any(|c| !c.is_empty()).then_some(l)])
            .flatten()
            .collect();
        let rows =
            if !fits(&head, &one_line, room) && fits_cut(&head, &two_lines, room) { two_lines } else { one_line };
        for line in table(&head, &rows, room).lines() {
            self.line(&format!("    {line}"));
        }
        self.rows_behind(&of_table(t).map(|f| f.id.as_str()).collect::<Vec<_>>());
    }

    /// The ids of many figures in one line.
    fn rows_behind(&mut self, ids: &[&str]) {
        if let Some(first) = ids.first() {
            let more = ids.len() - 1;
            let more = if more > 0 { format!(", and {more} more by their ids in the CSV") } else { String::new() };
            self.para("    ", &format!("Rows behind these figures: [{first}]{more}"));
        }
    }

    fn value(&self, cell: &Cell) -> String {
        match cell {
            Cell::Text(text) => self.lookup.fill(text),
            Cell::Empty => String::new(),
            Cell::Figure(f) => format::value(f, Sign::Plain),
        }
    }

    fn provenance(&mut self, report: &Report) {
        let p = &report.provenance;
        self.blank();
        let rule = if self.style.ascii { "-" } else { "─" };
        self.line(&rule.repeat(self.style.columns.min(100)));
        let hash: String = p.head_hash.chars().take(12).collect();
        let as_if = p.as_if.as_ref().map_or(String::new(), |d| format!(", as if nothing had happened after {d}"));
        self.para(
            "",
            &format!(
                "Data through {}, judged as of {}{as_if}. Ledger batch {}, hash {hash}.",
                p.data_through, p.as_of, p.head
            ),
        );
        self.para("", &format!("{}. {}.", p.counts.join(", "), p.completeness.trim_end_matches('.')));
        self.para(
            "",
            &format!(
                "Definitions: {}. Period {}. Fiscal year from month {}. Money in {}. Seed {}. Lockstep {}.",
                p.definitions,
                p.asked(),
                p.fiscal_start,
                p.currency,
                p.seed,
                p.engine
            ),
        );
        self.para("", "Intervals are 90%. Rows behind a figure: lockstep rows FIGURE, by the id in square brackets. Same inputs give the same page for every reader.");
    }
}

/// The interval in a cell of a table, and whether it is a projection.
fn limits(cell: &Cell) -> String {
    let Cell::Figure(f) = cell else { return String::new() };
    let projected = if young(f) { ", projected" } else { "" };
    format::limits(f).map_or(String::new(), |i| format!("{}{projected}", format::interval(&i, f.unit, Sign::Plain)))
}
