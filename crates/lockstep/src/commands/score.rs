//! `lockstep score`: what a lead's score comes to, line by line.
//!
//! Not here: what a rule gives (`agreement::score`). Invariant: the lines that are shown add up to the score that is shown.

use std::path::Path;

use agreement::document::Agreement;
use agreement::document::scoring::{Of, Rule, Scoring};
use agreement::score::{Line, Scored, Why, looks_back, score};
use analyses::InForce;
use analyses::points::{self, Asked, Shown};
use report::{Report, SCHEMA};
use terms::{Day, Instant, Key};

use crate::agreements;
use crate::cli;
use crate::cli::Format;
use crate::commands::explain;
use crate::commands::report::drawn;
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::{self, Ended, Style};
use crate::scoring::{self, Lead, One, Touch, UNDATED, columns, leads, one, patterns, subjects};

/// Runs the command.
pub fn run(args: &cli::Score, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let known = Known::open(&home, None, None, style)?;
    if args.what == "fit" {
        return fit(args, (&home, &known), style);
    }
    if args.what == "junk" {
        return junk(args, (&home, &known), style);
    }
    let at = args.as_of.as_deref().map_or(Ok(known.as_of), instant)?;
    let force = version(&known, at, args.under.as_deref())?;
    let scoring = &force.agreement.scoring;
    has_rules(&force)?;
    if args.what == "rules" {
        let made = rules(&known, scoring, Some(&force), (args.outcome, args.machines), style)?;
        return print(made, (&home, &known), args, style);
    }
    let lead = explain::find(&known, &args.what)?;
    let (one, scored) = scored(&known, (lead, &subjects(&known, lead)), (at, args.machines), &force)?;
    let told = Told { lead: &args.what, at, force: &force, one: &one, scored: &scored, machines: args.machines };
    if style.json {
        output::print_json(&told.json())?
    } else {
        output::print(&told.text(style))?
    }
    Ok(Ended::Done)
}

/// A lead as of an instant, and what the rules of a version give it then.
fn scored(
    known: &Known,
    lead: (Key, &[u64]),
    (at, machines): (Instant, bool),
    force: &InForce,
) -> Result<(One, Scored), Failure> {
    let one = one(known, lead, &force.agreement.scoring, (at, machines))?;
    let campaigns = known.campaigns()?;
    let touches: Vec<(Instant, Touch<'_>)> =
        one.touches.iter().map(|t| (t.at, Touch { entry: &t.entry, campaigns })).collect();
    let known_of = Lead { records: &one.records, campaigns };
    let scored = score(&force.agreement.scoring, (one.since, &known_of), &touches, at);
    Ok((one, scored))
}

/// A score as lines of words, its sum, and what must be known to read it.
pub struct Lines {
    /// When, the rule, its group, its points, and why.
    pub lines: Vec<[String; 5]>,
    /// The sum, and how it stands to the bar.
    pub sum: String,
    pub notes: Vec<String>,
}

/// The score of a lead, to whose journey these subjects belong, as of what is known, by the version in force; `None` where none is, or it scores nothing.
pub fn lines(known: &Known, lead: (Key, &[u64])) -> Result<Option<Lines>, Failure> {
    let at = known.as_of;
    let held = known.in_force(at, None)?;
    let Some(force) = held.into_iter().rfind(|f| f.until.is_none_or(|until| at < until)) else { return Ok(None) };
    if force.agreement.scoring.rules.is_empty() {
        return Ok(None);
    }
    let (one, scored) = scored(known, lead, (at, false), &force)?;
    let told = Told { lead: "", at, force: &force, one: &one, scored: &scored, machines: false };
    let sum = format!("{} points by version {}: {}", scored.total, force.number, told.bar());
    Ok(Some(Lines { lines: told.cells(), sum, notes: told.notes() }))
}

/// What leads of the classes that seldom come to anything came to, as a page, and the rules for them.
fn junk(args: &cli::Score, (home, known): (&Home, &Known), style: Style) -> Result<Ended, Failure> {
    let text = scoring::junk(&known.definitions, &known.settings.own_domains, &args.competitor);
    let head = "name = \"junk\"\neffective = 2000-01-01\n[signers]\nsales = [\"S\"]\nmarketing = [\"M\"]\n[scoring]\n";
    let agreement = Agreement::parse(&format!("{head}{text}"), "junk")
        .map_err(|wrong| Failure::new("junk", format!("line {}: {}", wrong.line, wrong.cause)))?;
    if let Some(file) = &args.points_file {
        agreements::write_new(file, &text, false)?;
    }
    let mut made = rules(known, &agreement.scoring, None, (args.outcome, args.machines), style)?;
    made.title = "What leads that seldom come to anything came to here".to_owned();
    print(made, (home, known), args, style)
}

/// A page before it is drawn.
pub struct Made {
    pub answer: analyses::Answer,
    pub title: String,
    pub period: String,
}

fn has_rules(force: &InForce) -> Result<(), Failure> {
    if force.agreement.scoring.rules.is_empty() {
        let message = format!("version {} of the agreement has no scoring rules", force.number);
        return Err(Failure::new("no_rules", message).hint("see [[scoring.rule]] in docs/agreement.md"));
    }
    Ok(())
}

/// What each rule of the version in force tells, by whether leads came to an outcome.
///
/// # Errors
/// Where none is in force, it scores nothing, or the records cannot be read.
pub fn evidence(known: &Known, outcome: Option<cli::Outcome>, style: Style) -> Result<Made, Failure> {
    let force = version(known, known.as_of, None)?;
    has_rules(&force)?;
    rules(known, &force.agreement.scoring, Some(&force), (outcome, false), style)
}

/// What each rule tells.
fn rules(
    known: &Known,
    scoring: &Scoring,
    force: Option<&InForce>,
    (outcome, machines): (Option<cli::Outcome>, bool),
    style: Style,
) -> Result<Made, Failure> {
    let mut leads = leads(known, outcome)?;
    leads.machines = machines;
    let (seen, patterns) = patterns(known, scoring, &leads, style)?;
    let period = span(&leads.moments);
    let mut notes = vec![format!(
        "Leads are scored as of their {}. What is known of a lead is taken as recorded now: a field that was filled in later stands as if it had been known.",
        leads.moment
    )];
    if machines {
        notes.push("Touches that are taken for a machine's count as well, as asked.".to_owned());
    }
    if let Some(force) = force.filter(|f| f.is_asked) {
        notes.push(format!("Scored under version {} of the agreement, whatever was in force.", force.number));
    }
    let answer = points::evidence(&Asked {
        rules: &seen,
        patterns: &patterns,
        bar: scoring.bar,
        outcome: leads.outcome,
        period: &period,
        left_out: &leads.left_out,
        notes: &notes,
    });
    let title = force.map_or(String::new(), |f| format!("What the rules of version {} tell", f.number));
    Ok(Made { answer, title, period })
}

/// Points fitted to the own records, as a page and as rules.
fn fit(args: &cli::Score, (home, known): (&Home, &Known), style: Style) -> Result<Ended, Failure> {
    let mut leads = leads(known, args.outcome)?;
    leads.machines = args.machines;
    let columns = columns(known, &leads)?;
    let when: Vec<Option<i64>> = leads.moments.iter().map(|m| Some(*m).filter(|m| *m != UNDATED)).collect();
    let named =
        |names: &[String]| names.iter().find(|n| columns.iter().all(|c| !c.name.eq_ignore_ascii_case(n))).cloned();
    if let Some(unknown) = named(&args.with).or_else(|| named(&args.without)) {
        let all: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        return Err(Failure::new("unknown_column", format!("`{unknown}`: leads have no column of that name"))
            .hint(format!("columns are {}", all.join(", "))));
    }
    let fitted = points::card(&columns, &leads.good, &when, (&args.with, &args.without), args.seed);
    let period = span(&leads.moments);
    let mut notes = vec![format!(
        "Leads stand as of their {}; touches count until then. What is known of a lead is taken as recorded now: a field that was filled in later stands as if it had been known.",
        leads.moment
    )];
    notes.extend(leads.left_out.iter().filter(|(_, n)| *n > 0).map(|(why, n)| {
        format!("Not among them: {} leads {why}.", faces::format::count(i64::try_from(*n).unwrap_or(i64::MAX)))
    }));
    let shown = Shown { columns: &columns, outcome: leads.outcome, period: &period, notes: &notes };
    let (answer, rules) = points::page(&shown, &fitted);
    if let (Some(file), false) = (&args.points_file, rules.is_empty()) {
        let head = [
            format!(
                "Points for what a lead came to: that it {}. Fitted on leads of {period}, ledger batch {}.",
                leads.outcome,
                known.head.seq()
            ),
            "20 points double the odds. Put these below [scoring], set the bar, and read them aloud before signing."
                .to_owned(),
        ];
        agreements::write_new(file, &points::document(&rules, &head), false)?;
    }
    let title = "Points fitted to the own records".to_owned();
    print(Made { answer, title, period }, (home, known), args, style)
}

fn print(made: Made, (home, known): (&Home, &Known), args: &cli::Score, style: Style) -> Result<Ended, Failure> {
    page(made, (args.seed, args.format, args.width), (home, known), style)
}

/// What was made as a report.
pub fn report(made: Made, seed: u64, known: &Known) -> Report {
    let Made { answer, title, period } = made;
    Report {
        schema: SCHEMA,
        title,
        headline: answer.headline,
        how_sure: answer.how_sure,
        figure: answer.figure,
        sections: answer.sections,
        provenance: known.provenance(period, String::new(), seed),
    }
}

/// Prints what was made as a page; the desk keeps it, so that `rows` opens what stands on it.
pub fn page(
    made: Made,
    (seed, format, width): (u64, Option<Format>, Option<usize>),
    (home, known): (&Home, &Known),
    style: Style,
) -> Result<Ended, Failure> {
    let refused = made.answer.sections.iter().any(|s| !s.refusals.is_empty());
    let report = report(made, seed, known);
    let format = format.unwrap_or(if style.json { Format::Json } else { Format::Text });
    if !home.desk.is_read_only() {
        home.desk.save_report(&report.title, &faces::json(&report), known.head.seq())?;
        home.desk.flush()?;
    }
    output::print(&drawn(&report, format, style, width))?;
    Ok(if refused { Ended::WithRejects } else { Ended::Done })
}

/// From the first day to the last.
pub fn span(minutes: &[i64]) -> String {
    let day = |minute: &i64| Instant(minute * 60_000).day();
    match (minutes.iter().min(), minutes.iter().max()) {
        (Some(first), Some(last)) if *first != UNDATED => format!("{}..{}", day(first), day(last)),
        _ => "no time".to_owned(),
    }
}

/// The version in force at an instant, or the one asked for.
pub fn version(known: &Known, at: Instant, under: Option<&str>) -> Result<InForce, Failure> {
    let held = known.in_force(at, under)?;
    held.into_iter().rfind(|f| f.until.is_none_or(|until| at < until)).ok_or_else(|| {
        Failure::new("none_in_force", format!("no agreement was in force on {}", at.day()))
            .hint("see `lockstep agreement history`; --under VERSION scores by any version, signed or not")
    })
}

/// A day is meant until its end.
fn instant(text: &str) -> Result<Instant, Failure> {
    if let Some(day) = Day::parse(text) {
        return Ok(Instant(day.plus(1).start().0 - 1));
    }
    let at = text.parse::<jiff::Timestamp>();
    at.map(|at| Instant(at.as_millisecond())).map_err(|_| {
        Failure::new("bad_day", format!("`{text}`: is no day and no instant"))
            .hint("write it like 2026-06-30 or 2026-06-30T14:00:00Z")
    })
}

/// An instant to the minute.
fn minute(at: Instant) -> String {
    at.to_string().get(..16).unwrap_or("").replace('T', " ")
}

struct Told<'a> {
    lead: &'a str,
    at: Instant,
    force: &'a InForce,
    one: &'a One,
    scored: &'a Scored,
    machines: bool,
}

impl Told<'_> {
    fn scoring(&self) -> &Scoring {
        &self.force.agreement.scoring
    }

    fn rule(&self, line: &Line) -> &Rule {
        &self.scoring().rules[line.rule]
    }

    /// Why a line stands here, in words.
    fn because(&self, line: &Line) -> String {
        let rule = self.rule(line);
        match (line.why, line.touch.and_then(|t| self.one.touches.get(t))) {
            (Why::LimitOfRule(most), _) => format!("{} adds {most} at most", rule.name),
            (Why::LimitOfGroup(most), _) => format!("{} adds {most} at most", rule.group),
            (Why::Fired, Some(touch)) if line.given != line.points => {
                let half = rule.half_life.map(|h| h.to_string()).unwrap_or_default();
                format!("{}; {} then, half after {half}", touch.place, line.given)
            }
            (Why::Fired, Some(touch)) => touch.place.clone(),
            (Why::Fired, None) => "as recorded of the lead".to_owned(),
        }
    }

    fn bar(&self) -> String {
        let Some(bar) = self.scoring().bar else { return "no bar is agreed".to_owned() };
        let missing: Vec<&str> = self.scored.missing.iter().map(|r| self.scoring().rules[*r].name.as_str()).collect();
        match self.scored.reaches {
            Some(true) => format!("it reaches the bar of {bar}"),
            _ if self.scored.total >= bar => {
                format!("it does not reach the bar of {bar}: it needs {}", missing.join(", "))
            }
            _ => format!("it does not reach the bar of {bar}"),
        }
    }

    /// What must be known to read it rightly.
    fn notes(&self) -> Vec<String> {
        let mut out = Vec::new();
        let machine: u64 = self.one.machine.values().sum();
        if machine > 0 {
            let why: Vec<String> = self.one.machine.iter().map(|(why, n)| format!("{why}: {n}")).collect();
            out.push(format!("{machine} touches were taken for a machine's and count nowhere ({})", why.join("; ")));
        }
        if let Some(when) = self.one.younger.first() {
            out.push(format!(
                "the record of this lead was last changed on {when}, after this instant: what it says may be younger"
            ));
        }
        for rule in self.scoring().rules.iter().filter(|r| r.of == Of::Lead && !looks_back(r)) {
            out.push(format!("`{}` looks at what sales writes after the hand-off, so it never fires", rule.name));
        }
        if self.machines {
            out.push("touches that are taken for a machine's count as well, as asked".to_owned());
        }
        if self.force.is_asked {
            out.push(format!("scored under version {}, whatever was in force", self.force.number));
        }
        out
    }

    fn cells(&self) -> Vec<[String; 5]> {
        let points = |n: i64| if n > 0 { format!("+{n}") } else { n.to_string() };
        let cells = |line: &Line| {
            let rule = self.rule(line);
            let name = if line.why == Why::Fired { rule.name.clone() } else { "limit".to_owned() };
            [minute(line.at), name, rule.group.clone(), points(line.points), self.because(line)]
        };
        self.scored.lines.iter().map(cells).collect()
    }

    fn text(&self, style: Style) -> String {
        let rows: Vec<Vec<String>> = self.cells().into_iter().map(Vec::from).collect();
        let mut out = format!(
            "{}: {} points as of {}, under version {}; {}\n\n",
            self.lead,
            self.scored.total,
            minute(self.at),
            self.force.number,
            self.bar()
        );
        if rows.is_empty() {
            out.push_str("No rule fired.\n");
        } else {
            let heads = ["since (UTC)", "rule", "group", "points", "because"];
            out.push_str(&faces::rows::table(&heads, &rows, style.columns()));
        }
        for note in self.notes() {
            out.push_str(&format!("note: {note}\n"));
        }
        out
    }

    fn json(&self) -> serde_json::Value {
        let lines: Vec<serde_json::Value> = self
            .scored
            .lines
            .iter()
            .map(|line| {
                let rule = self.rule(line);
                let why = match line.why {
                    Why::Fired => "fired",
                    Why::LimitOfRule(_) => "limit_of_rule",
                    Why::LimitOfGroup(_) => "limit_of_group",
                };
                serde_json::json!({ "rule": rule.name, "group": rule.group, "why": why, "at": line.at.to_string(),
                    "given": line.given, "points": line.points, "because": self.because(line) })
            })
            .collect();
        let missing: Vec<&str> = self.scored.missing.iter().map(|r| self.scoring().rules[*r].name.as_str()).collect();
        serde_json::json!({ "lead": self.lead, "as_of": self.at.to_string(), "version": self.force.number,
            "score": self.scored.total, "bar": self.scoring().bar, "reaches": self.scored.reaches,
            "missing": missing, "lines": lines, "machine_touches": self.one.machine, "notes": self.notes() })
    }
}
