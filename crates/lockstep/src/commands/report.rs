//! `lockstep report`: a question to the ledger, answered on one page.

use std::path::Path;

use analyses::{Against, PlanLine, Question};
use entries::catalogue::{lead, plan};
use ledger::{Filter, Head};
use report::{Refusal, Report, SCHEMA, Section};
use tallies::columns::opportunity;
use tallies::{Dim, Facts, Grain, Measure, Spec, Test};
use terms::{Currency, Entity, Period, PeriodUnit, When};

use crate::cli::{self, Format};
use crate::commands::linked::{self, Linked};
use crate::failure::Failure;
use crate::home::Home;
use crate::known::{Known, parse_period};
use crate::output::{self, Ended, Style};
use crate::serving::disputes;
use crate::timings::Timings;

/// Draws behind each interval.
const DRAWS: usize = 400;

impl Known {
    /// The plan in the ledger, the last version of each line.
    fn plan(&self) -> Result<Vec<PlanLine>, Failure> {
        let mut lines: std::collections::BTreeMap<u64, (i64, PlanLine)> = std::collections::BTreeMap::new();
        for item in self.head.entries(Entity::Plan, Filter::default())? {
            let (stamp, entry) = item?;
            let (first, last) = match entry.valid_at {
                When::Range(first, last) => (first, last),
                When::Day(day) => (day, self.settings.fiscal.period_of(PeriodUnit::Quarter, day).last),
                _ => continue,
            };
            let fiscal = self.settings.fiscal;
            let unit = [PeriodUnit::Month, PeriodUnit::Quarter, PeriodUnit::Year]
                .into_iter()
                .find(|u| fiscal.period_of(*u, first).first == first && fiscal.period_of(*u, first).last == last);
            let period = match unit {
                Some(unit) => fiscal.period_of(unit, first),
                None => Period { first, last, unit: None, fiscal },
            };
            let line = PlanLine {
                period,
                metric: entry.get(plan::METRIC).text().unwrap_or("new_bookings").to_owned(),
                segment: entry.get(plan::SEGMENT).text().map(str::to_owned),
                amount: entry.get(plan::AMOUNT).money().map(|m| m.minor),
                count: entry.get(plan::COUNT).int(),
            };
            let newer = lines.get(&entry.id.hash).is_none_or(|(seq, _)| *seq <= stamp.seq as i64);
            if newer {
                lines.insert(entry.id.hash, (stamp.seq as i64, line));
            }
        }
        Ok(lines.into_values().map(|(_, line)| line).collect())
    }

    fn against(&self, period: Period, asked: &[String]) -> Result<Against, Failure> {
        if let [what, second, ..] = asked
            && what != "plan"
        {
            return Err(Failure::new(
                "bad_against",
                format!("`{second}`: stands after `{what}`, which takes nothing more"),
            )
            .hint("write --against previous, --against year-ago, --against 2026Q2, or --against plan plan.csv"));
        }
        match asked.first().map(String::as_str) {
            None | Some("previous") => Ok(Against::Previous),
            Some("year-ago") => Ok(Against::YearAgo),
            Some("plan") => {
                let lines = self.plan()?;
                if lines.is_empty() {
                    return Err(Failure::new("no_plan", "the ledger holds no plan").hint(
                        "import one: a CSV with the columns period, metric, currency, amount (metric new_bookings), or name it: --against plan FILE",
                    ));
                }
                Ok(Against::Plan(lines))
            }
            Some(text) => {
                let other = parse_period(self.settings.fiscal, text)?;
                if other.first <= period.last && period.first <= other.last {
                    return Err(Failure::new(
                        "bad_against",
                        format!("`{text}`: shares days with {period}, which it is compared with"),
                    )
                    .hint("name a period that ends before the other begins"));
                }
                Ok(Against::Period(other))
            }
        }
    }
}

/// Said where two periods are not of one length.
fn of_two_lengths(period: Period, against: &Against) -> Option<String> {
    let Against::Period(other) = against else { return None };
    let (now, before) = (period.days(), other.days());
    let alike = (now - before).abs() * 10 <= now.max(before);
    (!alike).then(|| {
        format!("{period} has {now} days and {other} has {before}: counts and money of the longer one are larger for that alone.")
    })
}

/// Runs the command.
pub fn run(args: &cli::Report, home: &Path, style: Style) -> Result<Ended, Failure> {
    let mut home = Home::open_to_read(home)?;
    if let ["plan", file] = args.against.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        // a plan named here is imported like any other file, so that the report is a function of the ledger
        let import = cli::Import {
            paths: vec![file.into()],
            dry_run: false,
            mapping: Vec::new(),
            date_order: None,
            decimal: None,
            time_zone: None,
            currency: None,
            recorded_at: None,
        };
        let summary = super::import::import(&import, &mut home, Style { quiet: true, ..style })?;
        if summary.ended() == Ended::WithRejects {
            return Err(Failure::new("bad_plan", format!("`{file}`: not every row of the plan could be read")).hint(
                "lockstep rejects shows them; the columns are period, metric, segment, currency, amount, count",
            ));
        }
    }
    let format = args.format.unwrap_or(if style.json { Format::Json } else { Format::Text });
    let (report, seq) = make(args, &home, style)?;
    let json = faces::json(&report);
    if home.desk.is_read_only() {
        eprintln!(
            "note: this home cannot be written, so this report is not kept: `lockstep rows` opens the last kept one"
        );
    } else {
        home.desk.save_report(&id(&report), &json, seq)?;
        home.desk.flush()?;
    }
    output::print(&drawn(&report, format, style, args.width))?;
    let refused = report.sections.iter().any(|s| !s.refusals.is_empty());
    Ok(if refused { Ended::WithRejects } else { Ended::Done })
}

/// The id under which a report is kept: its question.
fn id(report: &Report) -> String {
    let p = &report.provenance;
    format!("{} {} {} {}", p.head, p.period, p.against, p.as_if.as_deref().unwrap_or(""))
}

/// A report in one of the faces.
pub fn drawn(report: &Report, format: Format, style: Style, width: Option<usize>) -> String {
    match format {
        Format::Text => {
            let columns = width.unwrap_or_else(|| style.columns());
            faces::text(report, &faces::TextStyle { columns, ascii: false, ansi: style.ansi() })
        }
        Format::Markdown => faces::markdown(report),
        Format::Csv => faces::csv(report),
        Format::Json => faces::json(report),
        Format::Html => faces::html(report),
    }
}

/// Leads looked at for columns that were written after sales contact.
const LOOKED_AT: usize = 2_000;

/// Names the columns that are kept apart because sales wrote them after contact.
fn late_columns(head: &Head) -> Result<Option<String>, Failure> {
    let mut names = std::collections::BTreeSet::new();
    for item in head.entries(Entity::Lead, Filter::default())?.take(LOOKED_AT) {
        let (_, entry) = item?;
        let text = entry.get(lead::LATE_ATTRIBUTES).text().unwrap_or("");
        names.extend(text.lines().filter_map(|l| l.split_once('=')).map(|(name, _)| name.to_owned()));
    }
    Ok((!names.is_empty()).then(|| {
        let names: Vec<String> = names.into_iter().collect();
        format!(
            "These columns were written after sales contact and say what sales found, not what was known before: {}. They are kept apart and never used to score a lead or to explain a win.",
            names.join(", ")
        )
    }))
}

/// Currencies of won opportunities that have no rate to the reporting currency.
fn unconverted(known: &Known) -> Result<Vec<String>, Failure> {
    let spec = Spec {
        name: "report.not_converted",
        grain: Grain::Opportunity,
        filter: vec![Test::Is(opportunity::NOT_CONVERTED, 1), Test::Has(opportunity::WON_ON)],
        dims: vec![Dim::Code(opportunity::CURRENCY)],
        measures: vec![Measure::Count],
    };
    let tallies = known.facts.answer(&[spec])?;
    let Some(tally) = tallies.first() else { return Ok(Vec::new()) };
    Ok((0..tally.cells).map(|cell| tally.label(cell, 0).text().unwrap_or("no currency").to_owned()).collect())
}

/// A missing rate is a refusal: money of two currencies is never added up.
fn refuse_money(answer: &mut analyses::Answer, from: &[String], to: Currency) {
    let pairs: Vec<String> = from.iter().map(|f| format!("{f} to {}", to.code())).collect();
    let refusal = Refusal {
        code: "missing_rate".to_owned(),
        asked: format!("how won revenue moved, in {}", to.code()),
        had: format!("won opportunities recorded in {} that no rate converts", from.join(", ")),
        needed: format!("a rate for {}: import a CSV with the columns date, from, to, rate", pairs.join(" and ")),
    };
    answer.headline =
        format!("Cannot tell how won revenue moved in {}: there is no rate for {}.", to.code(), pairs.join(" and "));
    answer.how_sure.clear();
    answer.figure = None;
    answer.sections.insert(
        0,
        Section {
            id: "verdict.waterfall".to_owned(),
            title: "Why it moved".to_owned(),
            answer: answer.headline.clone(),
            findings: Vec::new(),
            charts: Vec::new(),
            tables: Vec::new(),
            caveats: Vec::new(),
            refusals: vec![refusal],
            not_known: Vec::new(),
            method: String::new(),
        },
    );
}

/// Answers a question.
pub fn make(args: &cli::Report, home: &Home, style: Style) -> Result<(Report, u64), Failure> {
    let timings = Timings::start();
    let (at, as_if, under) = (args.at.as_deref(), args.as_if.as_deref(), args.under.as_deref());
    let known = Known::open_under(home, at, as_if, under, style)?;
    timings.ends("facts");
    Ok((make_within(&known, args, &timings)?, known.head.seq()))
}

/// Answers a question to what is known, without a look at the clock.
pub fn make_of(known: &Known, args: &cli::Report) -> Result<Report, Failure> {
    make_within(known, args, &Timings::start())
}

fn make_within(known: &Known, args: &cli::Report, timings: &Timings) -> Result<Report, Failure> {
    let period = known.period(args.period.as_deref())?;
    if let [_, _, third, ..] = args.by.as_slice() {
        return Err(
            Failure::new("bad_by", format!("`{third}`: is one dimension too many")).hint("give --by once or twice")
        );
    }
    let mut question = Question::new(period, i64::from(known.as_of.minutes()), known.currency());
    question.against = known.against(period, &args.against)?;
    question.batch_notes.extend(of_two_lengths(period, &question.against));
    question.by.clone_from(&args.by);
    question.seed = args.seed;
    question.draws = DRAWS;
    question.fiscal = known.settings.fiscal;
    question.batch_notes.extend(late_columns(&known.head)?);
    question.link_field = linked::missing(&known.head).to_owned();
    question.batch_notes.extend(Linked::of(&known.facts)?.notes(&question.link_field));
    question.agreements = known.in_force(known.as_of, args.under.as_deref())?;
    if matches!(args.room.as_deref(), None | Some("scorecard")) {
        question.worked = crate::targets::worked(known, &question.agreements)?;
        question.requests = crate::requests::all(known, &question.agreements)?;
        question.turns = crate::turns::all(known, &question.agreements)?;
        question.complete = crate::scoring::complete(known, &question.agreements)?;
        if question.agreements.iter().any(|force| force.agreement.offices.len() > 1) {
            question.batch_notes.extend(known.reps()?.notes(&question.agreements));
        }
    }
    let no_rate = unconverted(known)?;
    // these two speak of leads and clocks, not of money
    let refuses = !no_rate.is_empty() && !matches!(args.room.as_deref(), Some("funnel" | "scorecard"));
    let rooms: Vec<&str> = if refuses { vec!["funnel"] } else { args.room.as_deref().into_iter().collect() };
    let mut answer = analyses::answer(&question, &rooms, &timings.of(&known.facts))?;
    // both sides and what the records say, before what would change it
    if matches!(args.room.as_deref(), None | Some("verdict"))
        && let Some(place) = answer.sections.iter().position(|s| s.id == "verdict.owners")
    {
        let views = analyses::views(&question, &timings.of(&known.facts))?;
        answer.sections.splice(place + 1..place + 1, views);
    }
    // what is in dispute is said with the first of all rooms, and with each that speaks of revenue or of leads
    if !matches!(args.room.as_deref(), Some("scorecard" | "followup")) {
        let contested = disputes::contested(known.dispute_steps()?, &question.period.to_string())?;
        answer.sections.extend(analyses::contested(&question, &contested, &known.facts)?);
    }
    timings.ends("rooms");
    if refuses {
        refuse_money(&mut answer, &no_rate, question.currency);
    }
    Ok(Report {
        schema: SCHEMA,
        title: match (known.head.data_through(), args.room.as_deref()) {
            (None, _) => "What can be told without any dates".to_owned(),
            (Some(_), Some("funnel")) => "How far leads get, and how fast".to_owned(),
            (Some(_), Some("scorecard")) => {
                format!("What each side promised for {}, and what came of it", question.period)
            }
            (Some(_), _) => format!("Why {} moved against {}", question.period, question.against_words()),
        },
        headline: answer.headline,
        how_sure: answer.how_sure,
        figure: answer.figure,
        sections: answer.sections,
        provenance: known.provenance(question.period.to_string(), question.against_words(), question.seed),
    })
}
