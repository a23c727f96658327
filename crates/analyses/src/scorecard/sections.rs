//! From what was found to a section: one for each version that held.
//!
//! Invariant: both teams' tables have the same columns and the same words; ids are unique in the report.

use agreement::document::Whose;
use agreement::document::clauses::{Clause, table_of, unit_word};
use report::{Cell, Certainty, Finding, NotKnown, Section, Table, Unit, Value};
use tallies::columns::{account, lead_cycle as lead, lead_turn};
use tallies::{Grain, Tally, Test};
use terms::{Instant, Team};

use super::clauses::{Clock, Row, Way};
use super::judge::{self, Standing, Sum};
use super::measure::{self, Found, Shared};
use super::plan::Plan;
use super::waits::waited;
use super::{empty, words};
use crate::Question;
use crate::evidence::from_tests;
use crate::figures::{About, cell, house, plain, row, text};

/// Both teams, in the order in which an agreement lists what they owe.
const TEAMS: [Team; 2] = [Team::Sales, Team::Marketing];

/// One row with what came of it.
struct Judged<'p> {
    row: &'p Row<'p>,
    id: String,
    found: Found,
    standing: Standing,
}

struct Context<'p> {
    plan: &'p Plan<'p>,
    id: String,
    period: String,
    currency: terms::Currency,
    rows: Vec<Judged<'p>>,
}

/// The section of one version.
pub fn section<'p>(question: &Question, plan: &'p Plan<'p>, tallies: &[Tally]) -> Section {
    let id = plan.id();
    let mut rest = tallies;
    let mut rows = Vec::new();
    for row in &plan.rows {
        let (own, others) = rest.split_at(row.specs.len().min(rest.len()));
        rest = others;
        let found = measure::found(row, own);
        let minor = 10_f64.powi(i32::try_from(question.currency.decimals()).unwrap_or(2));
        let standing = judge::standing(row.clause, &found, minor);
        rows.push(Judged { row, id: format!("{id}.{}", row.id()), found, standing });
    }
    let context = Context { plan, period: period(question, plan), currency: question.currency, id, rows };
    let mut out = empty(&context.id, &context.title());
    let any = TEAMS.iter().any(|team| context.sum(*team).judged() > 0);
    out.answer = words::answer(&context.period, plan.force.number, &context.id, any);
    out.tables.push(context.sums());
    out.tables.extend(TEAMS.map(|team| context.table(team)).into_iter().filter(|table| !table.rows.is_empty()));
    out.tables.extend(context.as_said());
    out.tables.extend(context.unmoved());
    out.tables.extend(context.not_judged());
    out.tables.extend(context.waits(rest));
    out.findings = context.findings();
    out.not_known = context.not_known();
    out.caveats = context.caveats(question);
    out
}

/// The part of the period that is judged, as a period where it is the whole one.
fn period(question: &Question, plan: &Plan<'_>) -> String {
    let (first, last) = days(plan);
    if (first, last) == (question.period.first, question.period.last) {
        question.period.to_string()
    } else {
        format!("{first}..{last}")
    }
}

fn days(plan: &Plan<'_>) -> (terms::Day, terms::Day) {
    let day = |minute: i64| Instant(minute * 60_000).day();
    (day(plan.window.0), day(plan.window.1))
}

/// What was promised, as short as it can be said.
fn promised(clause: &Clause, currency: Option<&str>) -> String {
    let share = clause.at_least.map(|s| s.to_string()).unwrap_or_default();
    let count = clause.count.map(|n| n.to_string()).unwrap_or_default();
    let per = clause.per.map(|unit| format!(" in each {}", unit_word(unit))).unwrap_or_default();
    if let Some(value) = clause.value {
        return format!("{value} {}{per}", currency.unwrap_or_default());
    }
    match (clause.within, clause.over) {
        (Some(within), _) => format!("{share} within {within}"),
        (_, Some(over)) if share.is_empty() => format!("{count} over {over}"),
        (_, Some(over)) => format!("{count} over {over}, {share}"),
        _ if !clause.fields.is_empty() => format!("{share} with {}", clause.fields.join(", ")),
        _ => format!("{}{per}", [share, count].concat()),
    }
}

impl Context<'_> {
    fn title(&self) -> String {
        let force = self.plan.force;
        let name = plain(&force.agreement.name);
        if force.is_asked {
            format!("{name}, read under version {}", force.number)
        } else {
            format!("{name}, version {}", force.number)
        }
    }

    fn about(&self, method: &str) -> About {
        About::new(self.period.clone(), method)
    }

    fn sum(&self, team: Team) -> Sum {
        let standings: Vec<(Team, Standing)> = self.rows.iter().map(|r| (r.row.clause.kind.by, r.standing)).collect();
        judge::sum(&standings, team)
    }

    /// How many clauses of each side stand which way.
    fn sums(&self) -> Table {
        let about = self.about("clauses counted");
        let rows = TEAMS.map(|team| {
            let (sum, word) = (self.sum(team), table_of(team));
            let count = |name: &str, n: u64| cell(about.count(&format!("{}.{word}.{name}", self.id), name, n, None));
            row(vec![
                text(word),
                count("judged", sum.judged()),
                count("kept", sum.kept),
                count("not_kept", sum.not_kept),
                count("open", sum.open),
                count("nothing", sum.nothing),
                count("unknown", sum.unknown),
            ])
        });
        let heads = ["by", "judged", "kept", "not kept", "data cannot say", "nothing due", "cannot be told"];
        Table {
            id: format!("{}.sums", self.id),
            title: "Clauses by how they stand".to_owned(),
            columns: heads.map(str::to_owned).to_vec(),
            rows: rows.to_vec(),
            note: "Clauses are not of equal weight: read them one by one below.".to_owned(),
        }
    }

    /// What a team owes: promised, delivered, of how many, and how it stands.
    fn table(&self, team: Team) -> Table {
        let currency = self.plan.force.agreement.currency.map(|c| c.code().to_owned());
        let rows = self.rows.iter().filter(|r| r.row.clause.kind.by == team).map(|judged| {
            let clause = judged.row.clause;
            let name = clause.kind.name.replace('_', " ");
            let segment = clause.segment.as_ref().map(|s| format!(", {s}")).unwrap_or_default();
            let why = if let Found::Unknown(why) = &judged.found { Some(why.as_str()) } else { None };
            let [delivered, all, clock] = self.cells(judged);
            let stands = words::standing(judged.standing, why);
            row(vec![
                text(format!("{name}{segment}")),
                text(promised(clause, currency.as_deref())),
                delivered,
                all,
                clock,
                text(stands),
            ])
        });
        let heads = ["clause", "promised", "delivered", "in all", "by the clock", "stands"];
        Table {
            id: format!("{}.{}", self.id, table_of(team)),
            title: format!("What {} owes", table_of(team)),
            columns: heads.map(str::to_owned).to_vec(),
            rows: rows.collect(),
            note: "Delivered: of those whose time is over. By the clock: the same without regard to working hours."
                .to_owned(),
        }
    }

    fn cells(&self, judged: &Judged<'_>) -> [Cell; 3] {
        let id = &judged.id;
        let label = judged.row.clause.kind.name.replace('_', " ");
        match &judged.found {
            Found::Share(s) if s.n + s.open > 0 => {
                let delivered = self.about("of those whose time is over").share(id, &label, s.k, s.n, None);
                let all = s.n + s.open;
                let all = self.about("counted").count(&format!("{id}.all"), &label, all, self.rows_of(judged, all));
                let clock = match (&judged.row.way, s.by_the_clock) {
                    (Way::Clock(clock), Some((k, n))) if clock.is_working && n > 0 => {
                        cell(self.about("by the clock").share(&format!("{id}.clock"), &label, k, n, None))
                    }
                    (Way::Requests(_), Some((k, n))) if n > 0 => {
                        cell(self.about("by the clock").share(&format!("{id}.clock"), &label, k, n, None))
                    }
                    _ => Cell::Empty,
                };
                [cell(delivered), cell(all), clock]
            }
            Found::Periods(each) if !each.is_empty() => {
                let (least, all) = (each.iter().map(|e| e.1).min().unwrap_or(0), each.iter().map(|e| e.1).sum());
                let delivered = self.about("the least of all periods").count(id, &label, least, None);
                let all = self.about("counted").count(&format!("{id}.all"), &label, all, self.rows_of(judged, all));
                [cell(delivered), cell(all), Cell::Empty]
            }
            Found::Value(worth) if !worth.each.is_empty() => {
                let (least, interval) = worth.least().map_or((f64::NAN, None), |(value, i)| (value, Some(house(i))));
                let about = self.about("the least of all periods, by what their like came to");
                let unit = Unit::Money(self.currency);
                let delivered = about.estimated(id, &label, unit, least, interval, worth.learned.0, None);
                let all = worth.each.iter().map(|e| e.1).sum();
                let all = self.about("counted").count(&format!("{id}.all"), &label, all, self.rows_of(judged, all));
                [cell(delivered), cell(all), Cell::Empty]
            }
            Found::Accounts(each, n) if !each.is_empty() => {
                let least = each.iter().map(|e| e.1).min().unwrap_or(0);
                let share = Value::Real(least as f64 / (*n).max(1) as f64);
                let about = self.about("the least of all periods");
                let of = (*n, Some(least));
                let delivered = about.figure(id, &label, Unit::Share, share, Certainty::Counted, of, None);
                let all = self.about("counted");
                let all =
                    all.counted(&format!("{id}.all"), &label, Unit::Count, *n as i64, *n, self.rows_of(judged, *n));
                [cell(delivered), cell(all), Cell::Empty]
            }
            _ => [Cell::Empty, Cell::Empty, Cell::Empty],
        }
    }

    /// The leads that a clause is about.
    fn rows_of(&self, judged: &Judged<'_>, rows: u64) -> Option<report::Evidence> {
        let inside = |column| Test::Between(column, self.plan.window.0, self.plan.window.1);
        let tests = match &judged.row.way {
            Way::Clock(clock) => [vec![inside(clock.from)], clock.among.clone()].concat(),
            Way::Filled | Way::FilledThen(_) => vec![inside(lead::HANDOFF_AT)],
            // as they were counted
            Way::Opportunities => judged.row.specs.last()?.filter.clone(),
            Way::Leads(periods) | Way::Value(periods) => {
                let (first, last) = (periods.first()?.first, periods.last()?.last);
                let minute = |day: terms::Day| i64::from(day.start().minutes());
                let whole = Test::Between(lead::HANDOFF_AT, minute(first), minute(last.plus(1)) - 1);
                let segment = judged.row.clause.segment.clone().map(|s| Test::In(lead::SEGMENT, vec![Some(s)]));
                std::iter::once(whole).chain(segment).collect()
            }
            Way::Tries => {
                let mut tests = judged.row.specs.first()?.filter.clone();
                tests.truncate(2); // without the office
                tests
            }
            Way::Targets(targets) => {
                let one = |key: &u64| Test::Between(account::KEY, key.cast_signed(), key.cast_signed());
                let any = Test::Any(targets.accounts.iter().map(one).collect());
                let rows = targets.accounts.len() as u64;
                return (rows > 0).then(|| from_tests(Grain::Account, &[any], rows));
            }
            // requests are no rows of facts
            Way::Requests(_) | Way::Given(_) | Way::Unknown(_) => return None,
        };
        Some(from_tests(Grain::LeadCycle, &tests, rows))
    }

    /// What is not judged, where there is any.
    fn not_judged(&self) -> Option<Table> {
        let about = self.about("counted");
        let mut rows = Vec::new();
        for judged in &self.rows {
            let Found::Share(Shared { open, left_out, usual_days, .. }) = &judged.found else { continue };
            if open + left_out == 0 {
                continue;
            }
            let name = judged.row.clause.kind.name.replace('_', " ");
            let count = |what: &str, n: u64| cell(about.count(&format!("{}.{what}", judged.id), &name, n, None));
            let days = usual_days.map_or(Cell::Empty, |days| {
                let id = format!("{}.usual_days", judged.id);
                let n = (open + left_out, None);
                cell(about.figure(&id, &name, Unit::Days, Value::Real(days), Certainty::Counted, n, None))
            });
            rows.push(row(vec![text(name.clone()), count("open", *open), count("left_out", *left_out), days]));
        }
        (!rows.is_empty()).then(|| Table {
            id: format!("{}.not_judged", self.id),
            title: "Leads that are not judged".to_owned(),
            columns: ["clause", "time still running", "day without a time", "old enough after"]
                .map(str::to_owned)
                .to_vec(),
            rows,
            note: "A lead counts once its time is over. For opportunities that is when 95 of 100 have come.".to_owned(),
        })
    }

    /// Clocks by what tasks say of themselves, where that differs.
    fn as_said(&self) -> Option<Table> {
        let mut rows = Vec::new();
        for judged in &self.rows {
            let Found::Share(Shared { k, n, as_said: Some(said), .. }) = judged.found else { continue };
            if said == k {
                continue;
            }
            let name = judged.row.clause.kind.name.replace('_', " ");
            let of = |what: &str, k: u64| {
                cell(self.about("of those whose time is over").share(
                    &format!("{}.{what}", judged.id),
                    &name,
                    k,
                    n,
                    None,
                ))
            };
            let differ = said.saturating_sub(k);
            let differ = self.about("counted").count(&format!("{}.written_later", judged.id), &name, differ, None);
            rows.push(row(vec![text(name.clone()), of("on_record", k), of("as_said", said), cell(differ)]));
        }
        (!rows.is_empty()).then(|| Table {
            id: format!("{}.on_record", self.id),
            title: "When work was written down".to_owned(),
            columns: ["clause", "on record in time", "in time as tasks say", "leads that differ"]
                .map(str::to_owned)
                .to_vec(),
            rows,
            note: words::ON_RECORD.to_owned(),
        })
    }

    /// Clocks that stood still as agreed, beside what they came to had they not.
    fn unmoved(&self) -> Option<Table> {
        let mut rows = Vec::new();
        for judged in &self.rows {
            let (Way::Clock(Clock { waited: Some(waited), .. }), Found::Share(shared)) =
                (&judged.row.way, &judged.found)
            else {
                continue;
            };
            let Shared { k, n, unmoved: Some(unmoved), .. } = shared else { continue };
            let name = judged.row.clause.kind.name.replace('_', " ");
            let share = |what: &str, (k, n): (u64, u64)| {
                let about = self.about("of those whose time is over");
                cell(about.share(&format!("{}.{what}", judged.id), &name, k, n, None))
            };
            let stages = waited.stages.iter().cloned().map(Some).collect();
            let tests = [Test::Is(lead_turn::WAITS, 1), Test::In(lead_turn::STAGE_RAW, stages)];
            let (id, evidence) = (format!("{}.waited", judged.id), Some(from_tests(Grain::LeadTurn, &tests, waited.n)));
            let waited = self.about("counted, of all times").count(&id, &name, waited.n, evidence);
            let (with, without) = (share("with_waits", (*k, *n)), share("without_waits", *unmoved));
            rows.push(row(vec![text(name.clone()), with, without, cell(waited)]));
        }
        (!rows.is_empty()).then(|| Table {
            id: format!("{}.waited", self.id),
            title: "Clocks that stood still as agreed".to_owned(),
            columns: ["clause", "as agreed", "had none stood still", "stretches of waiting"]
                .map(str::to_owned)
                .to_vec(),
            rows,
            note: words::WAITED.to_owned(),
        })
    }

    fn waits(&self, tallies: &[Tally]) -> Option<Table> {
        let mut rest = tallies;
        let mut rows = Vec::new();
        let mut before = None;
        for wait in &self.plan.waits {
            let (own, others) = rest.split_at(wait.specs.len().min(rest.len()));
            rest = others;
            let Some(waited) = waited(own).filter(|w| w.n > 0) else { continue };
            // said once where work was on record at once
            if wait.name == "on_record" && before == Some(waited) {
                continue;
            }
            before = Some(waited);
            let id = format!("{}.wait.{}", self.id, wait.name);
            let tests = wait.specs.last().map(|s| s.filter.clone()).unwrap_or_default();
            let evidence = Some(from_tests(Grain::LeadCycle, &tests, waited.n));
            let mut cells = vec![
                text(wait.title),
                cell(self.about("counted").count(&format!("{id}.n"), wait.title, waited.n, evidence)),
            ];
            let values = [("worked", waited.worked), ("clock", waited.by_the_clock)];
            for (kind, [middle, late]) in values {
                for (name, minutes) in [("p50", middle), ("p95", late)] {
                    let (id, n) = (format!("{id}.{kind}.{name}"), (waited.n, None));
                    let value = Value::Real(minutes);
                    let about = self.about("quantile");
                    cells.push(cell(about.figure(&id, wait.title, Unit::Minutes, value, Certainty::Counted, n, None)));
                }
            }
            rows.push(row(cells));
        }
        let heads = ["wait", "leads", "P50, working", "P95, working", "P50, by the clock", "P95, by the clock"];
        (!rows.is_empty()).then(|| Table {
            id: format!("{}.waits", self.id),
            title: "How long leads waited".to_owned(),
            columns: heads.map(str::to_owned).to_vec(),
            rows,
            note: words::WAITS.to_owned(),
        })
    }

    fn findings(&self) -> Vec<Finding> {
        let mut out = Vec::new();
        let mut say = |code: &str, text: String| out.push(Finding { code: code.to_owned(), text, evidence: None });
        let currency = self.plan.force.agreement.currency.map(|c| c.code().to_owned());
        for judged in &self.rows {
            let clause = judged.row.clause;
            let sentence = plain(&clause.sentence(currency.as_deref()));
            let (team, id) = (table_of(clause.kind.by), judged.id.as_str());
            match (judged.standing, &judged.found) {
                (Standing::NotKept, Found::Periods(_) | Found::Value(_) | Found::Accounts(..)) => {
                    say("not_kept", words::not_kept_in(team, &sentence, id))
                }
                (Standing::NotKept, _) => say("not_kept", words::not_kept(team, &sentence, id)),
                (Standing::Open, _) => say("cannot_say", words::open(team, &sentence, id)),
                _ => {}
            }
            if let Found::Share(shared) = &judged.found
                && judge::written_later(shared)
            {
                say("written_later", words::written_later(id));
            }
            if let (Way::Clock(clock), Found::Share(shared), Some(within)) =
                (&judged.row.way, &judged.found, clause.within)
                && clock.is_working
                && judge::hours_matter(shared)
            {
                let by_the_clock = within.to_string().replace("working ", "");
                let text = words::hours_matter(&within.to_string(), &by_the_clock, id, &format!("{id}.clock"));
                say("working_hours_matter", text);
            }
        }
        out
    }

    fn not_known(&self) -> Vec<NotKnown> {
        let unknown = self.rows.iter().filter_map(|judged| {
            let Found::Unknown(why) = &judged.found else { return None };
            let clause = judged.row.clause;
            let (team, name) = (table_of(clause.kind.by), clause.kind.name.replace('_', " "));
            Some(NotKnown {
                text: plain(&format!("Whether {team} kept its clause on {name}: {why}.")),
                settle: words::settle(clause.kind.name).to_owned(),
                evidence: None,
            })
        });
        unknown.collect()
    }

    fn caveats(&self, question: &Question) -> Vec<String> {
        let mut out = Vec::new();
        let force = self.plan.force;
        if force.is_asked {
            out.push(words::under(force.number));
        } else if self.period != question.period.to_string() {
            let (first, last) = days(self.plan);
            out.push(words::held(&first.to_string(), &last.to_string()));
        }
        out.extend(self.rows.iter().filter_map(|r| match &r.row.way {
            Way::Targets(targets) if targets.unknown > 0 => Some(words::targets_unknown(targets.unknown, targets.n)),
            _ => None,
        }));
        if self.rows.iter().any(|r| matches!(&r.found, Found::Share(shared) if shared.is_as_said)) {
            out.push(words::AS_SAID.to_owned());
        }
        if self.rows.iter().any(|r| matches!(&r.row.way, Way::Clock(clock) if clock.is_working)) {
            match force.agreement.offices.len() {
                0 => out.push(words::NO_OFFICE.to_owned()),
                1 => {}
                _ if force.agreement.clocks_follow == Whose::Rep => out.push(words::OFFICES_OF_REPS.to_owned()),
                _ => out.push(words::OFFICES_OF_LEADS.to_owned()),
            }
        }
        out
    }
}
