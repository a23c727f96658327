//! How each clause is judged, and what is counted for it.
//!
//! A clock starts with what the other side did and stops at the first of its events; what stops none is a status flip alone.
//! Not here: whether it was kept. Invariant: a kind of clause that no fact can tell is a row that says why.

use agreement::document::clauses::{Clause, table_of};
use agreement::document::{Agreement, Span};
use tallies::columns::{self, lead_cycle as lead};
use tallies::{Apart, Column, Dim, Grain, Measure, Spans, Spec, Test, Width};
use terms::{Period, PeriodUnit, Team};

use super::courses::{Courses, Waited};
use super::measure::Shared;
use super::offices::{counted, followed};
use super::words;
use crate::columns::DAY;
use crate::figures::slug;
use crate::records::AGE_DAYS;
use crate::{Lay, Question, Requested, Worked};

/// One clause, how it is judged, and what is counted for it.
pub struct Row<'a> {
    pub clause: &'a Clause,
    pub way: Way,
    pub specs: Vec<Spec>,
}

/// How a clause is judged.
pub enum Way {
    /// By a clock from one time until the first of some others.
    Clock(Clock),
    /// By the tries before a lead is returned.
    Tries,
    /// By the leads handed over in each of these periods.
    Leads(Vec<Period>),
    /// By what the leads of each period are worth, by what their like came to before.
    Value(Vec<Period>),
    /// By the share of leads old enough to have become opportunities.
    Opportunities,
    /// By the share of leads with all of these recorded.
    Filled,
    /// By the leads that had all of these recorded when they were handed over.
    FilledThen(Shared),
    /// By the target accounts that were worked in each of these periods.
    Targets(Targets),
    /// By what was asked for, and when each was answered.
    Requests(Shared),
    /// By how many were given in each of these periods.
    Given(Vec<(Period, u64)>),
    /// It cannot be told, and why.
    Unknown(String),
}

/// Target accounts, and how many were worked in each period.
pub struct Targets {
    pub each: Vec<(Period, u64)>,
    /// How many there are.
    pub n: u64,
    /// How many of them no record is of.
    pub unknown: u64,
    /// Their account records.
    pub accounts: Vec<u64>,
}

/// A clock.
pub struct Clock {
    pub from: Column,
    /// Its span counts in working hours.
    pub is_working: bool,
    /// It stops at work that somebody wrote down, perhaps later.
    pub is_recorded_work: bool,
    /// What its leads are tested for besides.
    pub among: Vec<Test>,
    /// It stops at the first of these.
    pub events: Vec<Column>,
    /// For each office: when its time counts, for whom it counts otherwise, and how much of it there is.
    pub offices: Vec<(Spans, Apart, i64)>,
    /// The waits in which it stood still, where there are any.
    pub waited: Option<Waited>,
}

impl Row<'_> {
    /// The end of the ids of its figures.
    pub fn id(&self) -> String {
        let base = format!("{}.{}", table_of(self.clause.kind.by), self.clause.kind.name);
        self.clause.segment.as_ref().map_or(base.clone(), |segment| format!("{base}.{}", slug(segment)))
    }
}

/// What any stage after the hand-off says: somebody decided.
const DECIDED: [Column; 8] = [
    lead::SAL_AT,
    lead::REJECTED_AT,
    lead::RECYCLED_AT,
    lead::DISQUALIFIED_AT,
    lead::SQL_AT,
    lead::OPPORTUNITY_AT,
    lead::WON_AT,
    lead::EXIT_AT,
];

/// Minutes after which a first attempt was written down so long after that the record itself was made then: 30 days.
const LONG_AFTER: i64 = 30 * DAY;

/// Beyond every count.
const MOST: i64 = i32::MAX as i64;

/// All clauses of an agreement, in its order.
pub fn rows<'a>(question: &Question, lay: &Lay, agreement: &'a Agreement, window: (i64, i64)) -> Vec<Row<'a>> {
    let courses = Courses::new(agreement, &question.turns, window, question.as_of_minutes);
    let context = Context { question, lay, agreement, window, courses };
    agreement.clauses.iter().map(|clause| context.row(clause)).collect()
}

struct Context<'q> {
    question: &'q Question,
    lay: &'q Lay,
    agreement: &'q Agreement,
    window: (i64, i64),
    courses: Courses<'q>,
}

impl Context<'_> {
    fn row<'a>(&self, clause: &'a Clause) -> Row<'a> {
        let (way, specs) = self.way(clause).unwrap_or_else(|why| (Way::Unknown(why), vec![]));
        Row { clause, way, specs }
    }

    /// How it is judged, or why it cannot be.
    fn way(&self, clause: &Clause) -> Result<(Way, Vec<Spec>), String> {
        let needs = |has: bool, why: &str| if has { Ok(()) } else { Err(why.to_owned()) };
        let handed = || needs(self.lay.handed > 0, words::NO_HANDOFFS);
        let within = clause.within.ok_or_else(|| words::NO_SPAN.to_owned());
        match clause.kind.name {
            "first_attempt" => {
                handed()?;
                needs(self.lay.attempts > 0, words::NO_ATTEMPTS)?;
                let within = within?;
                let hours = self.lay.attempts > self.lay.day_attempts || within.is_in_days();
                needs(hours, words::DAYS_ALONE)?;
                // an attempt known by its day alone cannot be early or late by hours
                let among = if within.is_in_days() {
                    vec![]
                } else {
                    vec![Test::Not(Box::new(Test::Is(lead::FIRST_IS_DAY, 1)))]
                };
                let said = [lead::FIRST_ATTEMPT_AT, lead::FIRST_CONTACT_AT];
                Ok(self.clock(Team::Sales, lead::HANDOFF_AT, &[lead::ON_RECORD_AT], &said, within, among))
            }
            "disposition" => {
                handed()?;
                needs(self.lay.timed[2] > 0 || self.lay.exits > 0, words::NO_DECISIONS)?;
                Ok(self.clock(Team::Sales, lead::HANDOFF_AT, &DECIDED, &DECIDED, within?, vec![]))
            }
            "rejected_leads" => {
                let answers = [lead::RECYCLED_AT, lead::DISQUALIFIED_AT];
                Ok(self.clock(Team::Marketing, lead::REJECTED_AT, &answers, &answers, within?, vec![]))
            }
            "recycled_leads" => {
                let ends = [lead::RETURNED_AT, lead::DISQUALIFIED_AT];
                Ok(self.clock(Team::Marketing, lead::RECYCLED_AT, &ends, &ends, within?, vec![]))
            }
            "attempts" => {
                needs(self.lay.attempts > 0, words::NO_ATTEMPTS)?;
                let over = clause.over.ok_or_else(|| words::NO_SPAN.to_owned())?;
                Ok((Way::Tries, self.tries(clause.count.unwrap_or(1), over)))
            }
            "leads" => {
                handed()?;
                let unit = clause.per.unwrap_or(PeriodUnit::Quarter);
                let (periods, specs) = (self.whole(unit), self.leads(self.segment(clause)?, unit));
                needs(!periods.is_empty(), words::NO_WHOLE_PERIOD)?;
                Ok((Way::Leads(periods), specs))
            }
            "lead_value" => {
                handed()?;
                let own = self.agreement.currency.is_none_or(|c| c == self.question.currency);
                needs(own, words::OTHER_CURRENCY)?;
                needs(self.lay.timed[5] > 0 && self.lay.won_with_amount > 0, words::NO_AMOUNTS)?;
                let unit = clause.per.unwrap_or(PeriodUnit::Quarter);
                let (periods, specs) = (self.whole(unit), self.values(self.segment(clause)?, unit));
                needs(!periods.is_empty(), words::NO_WHOLE_PERIOD)?;
                Ok((Way::Value(periods), specs))
            }
            "opportunity_rate" => {
                handed()?;
                needs(self.lay.timed[4] > 0, words::NO_OPPORTUNITY_TIMES)?;
                Ok((Way::Opportunities, self.opportunities(self.segment(clause)?)))
            }
            "target_accounts" => Ok((Way::Targets(self.targets(clause.per.unwrap_or(PeriodUnit::Quarter))?), vec![])),
            "content_requests" => {
                let shared = self.requests(Team::Marketing, within?)?;
                Ok((Way::Requests(shared), vec![]))
            }
            "customer_access" => {
                Ok((Way::Given(self.given(Team::Sales, clause.per.unwrap_or(PeriodUnit::Quarter))?), vec![]))
            }
            "completeness" => {
                handed()?;
                match self.filled(&clause.fields) {
                    Some(spec) => Ok((Way::Filled, vec![spec])),
                    None => Ok((Way::FilledThen(self.filled_then(&clause.fields)?), vec![])),
                }
            }
            _ => Err(words::NO_RECORD.to_owned()),
        }
    }

    /// What was asked of a team in the time that is judged, and whether it was answered within a span of the first office's hours.
    fn requests(&self, of: Team, within: Span) -> Result<Shared, String> {
        let all = self.asked_of(of)?;
        let as_of = self.question.as_of_minutes;
        let (spans, limit) = counted(within, self.agreement.offices.first(), self.window, as_of);
        let mut out = Shared { left_out: all.iter().filter(|r| r.asked.is_none()).count() as u64, ..Shared::default() };
        let (mut k, mut n) = (0, 0);
        let asked = all.iter().filter_map(|r| Some((r.asked?, r.answered.filter(|at| *at <= as_of))));
        for (asked, answered) in asked.filter(|(asked, _)| (self.window.0..=self.window.1).contains(asked)) {
            let until = answered.unwrap_or(as_of).max(asked);
            let (late, late_by_clock) = (spans.between(asked, until) > limit, until - asked > within.by_the_clock());
            // what was not answered and is not late has time left
            if answered.is_some() || late {
                out.n += 1;
                out.k += u64::from(!late);
            } else {
                out.open += 1;
            }
            if answered.is_some() || late_by_clock {
                n += 1;
                k += u64::from(!late_by_clock);
            }
        }
        out.by_the_clock = within.is_working().then_some((k, n));
        Ok(out)
    }

    /// How many a team gave in each whole period.
    fn given(&self, of: Team, unit: PeriodUnit) -> Result<Vec<(Period, u64)>, String> {
        let all = self.asked_of(of)?;
        let periods = self.whole(unit);
        if periods.is_empty() {
            return Err(words::NO_WHOLE_PERIOD.to_owned());
        }
        let minute = |day: terms::Day| i64::from(day.start().minutes());
        let within = |period: &Period, at: i64| minute(period.first) <= at && at < minute(period.last.plus(1));
        let count = |period: &Period| all.iter().filter(|r| r.answered.is_some_and(|at| within(period, at))).count();
        Ok(periods.into_iter().map(|period| (period, count(&period) as u64)).collect())
    }

    fn asked_of(&self, of: Team) -> Result<Vec<Requested>, String> {
        let all: Vec<Requested> = self.question.requests.iter().copied().filter(|r| r.of == of).collect();
        match (all.is_empty(), of) {
            (false, _) => Ok(all),
            (true, Team::Marketing) => Err(words::NO_REQUESTS.to_owned()),
            (true, Team::Sales) => Err(words::NO_CONVERSATIONS.to_owned()),
        }
    }

    /// The target accounts of the agreement, and how many were worked in each whole period.
    fn targets(&self, unit: PeriodUnit) -> Result<Targets, String> {
        let names = &self.agreement.target_accounts;
        let is_named = |worked: &&Worked| names.iter().any(|name| name.eq_ignore_ascii_case(&worked.domain));
        let all: Vec<&Worked> = self.question.worked.iter().filter(is_named).collect();
        let periods = self.whole(unit);
        if names.is_empty() {
            return Err(words::NO_TARGETS.to_owned());
        }
        if all.iter().all(|worked| !worked.is_known) {
            return Err(words::NO_TARGET_KNOWN.to_owned());
        }
        if periods.is_empty() {
            return Err(words::NO_WHOLE_PERIOD.to_owned());
        }
        let within = |worked: &&&Worked, period: &Period| {
            let minute = |day: terms::Day| i64::from(day.start().minutes());
            let (from, until) = (minute(period.first), minute(period.last.plus(1)));
            worked.at.iter().any(|at| (from..until).contains(at))
        };
        let count = |period: &Period| all.iter().filter(|worked| within(worked, period)).count() as u64;
        let mut accounts: Vec<u64> = all.iter().flat_map(|worked| worked.accounts.iter().copied()).collect();
        accounts.sort_unstable();
        accounts.dedup();
        Ok(Targets {
            each: periods.iter().map(|period| (*period, count(period))).collect(),
            n: all.len() as u64,
            unknown: all.iter().filter(|worked| !worked.is_known).count() as u64,
            accounts,
        })
    }

    fn spec(&self, name: &'static str, filter: Vec<Test>, dims: Vec<Dim>, measures: Vec<Measure>) -> Spec {
        Spec { name, grain: Grain::LeadCycle, filter, dims, measures }
    }

    fn inside(&self, column: Column) -> Test {
        Test::Between(column, self.window.0, self.window.1)
    }

    /// For each office: late by its hours, due by its hours, late and due by the clock, late by what tasks say of
    /// themselves; and late and due by its hours had no lead waited, where any did. Then how many of the clock's leads there are, how many are left out, how many were tried, and how many of
    /// those were written down long after.
    fn clock(
        &self,
        of: Team,
        from: Column,
        events: &[Column],
        said: &[Column],
        within: Span,
        among: Vec<Test>,
    ) -> (Way, Vec<Spec>) {
        let as_of = self.question.as_of_minutes;
        let bin = within.by_the_clock() + 1;
        let age = |events: &[Column]| Dim::Age { from, events: events.to_vec(), as_of, bin, bins: 2 };
        let (mut specs, mut offices) = (Vec::new(), Vec::new());
        let all = followed(self.agreement);
        let counted: Vec<(Spans, i64)> = all.iter().map(|f| counted(within, f.office, self.window, as_of)).collect();
        let calendars: Vec<Spans> = counted.iter().map(|c| c.0.clone()).collect();
        let waited = self.courses.waited(of);
        for (n, (followed, (spans, limit))) in all.iter().zip(counted).enumerate() {
            let apart = self.courses.apart(&all, n, &calendars, Some(of));
            let worked = |events: &[Column], apart: &Apart| Dim::Worked {
                from,
                events: events.to_vec(),
                as_of,
                spans: spans.clone(),
                apart: apart.clone(),
                edges: vec![limit + 1],
            };
            let mut dims =
                vec![worked(events, &apart), worked(&[], &apart), age(events), age(&[]), worked(said, &apart)];
            if waited.is_some() {
                let unmoved = self.courses.apart(&all, n, &calendars, None);
                dims.extend([worked(events, &unmoved), worked(&[], &unmoved)]);
            }
            let filter = [vec![self.inside(from)], followed.tests.clone(), among.clone()].concat();
            specs.push(self.spec("scorecard.clock", filter, dims, vec![Measure::Count]));
            offices.push((spans, apart, limit));
        }
        let left_out = Test::Any(among.iter().map(|t| Test::Not(Box::new(t.clone()))).collect());
        let long_after = Test::Elapsed(lead::FIRST_ATTEMPT_AT, lead::ON_RECORD_AT, LONG_AFTER, MOST);
        let measures = vec![
            Measure::Count,
            Measure::CountIf(vec![left_out]),
            Measure::CountIf(vec![Test::Has(lead::FIRST_ATTEMPT_AT)]),
            Measure::CountIf(vec![long_after]),
        ];
        specs.push(self.spec("scorecard.clock_all", vec![self.inside(from)], vec![], measures));
        let is_recorded_work = events != said;
        let events = events.to_vec();
        let is_working = within.is_working();
        (Way::Clock(Clock { from, is_working, is_recorded_work, among, events, offices, waited }), specs)
    }

    /// For each office: whether so much time lay between the first attempt and the return.
    fn tries(&self, count: i64, over: Span) -> Vec<Spec> {
        let as_of = self.question.as_of_minutes;
        let answered = Test::Not(Box::new(Test::Before(lead::FIRST_CONTACT_AT, lead::RECYCLED_AT)));
        let silent = Test::Any(vec![Test::Missing(lead::FIRST_CONTACT_AT), answered]);
        let mut specs = Vec::new();
        let all = followed(self.agreement);
        let window = (self.window.0 - 366 * DAY, self.window.1);
        let counted: Vec<(Spans, i64)> = all.iter().map(|f| counted(over, f.office, window, as_of)).collect();
        let calendars: Vec<Spans> = counted.iter().map(|c| c.0.clone()).collect();
        for (n, (followed, (spans, limit))) in all.iter().zip(counted).enumerate() {
            // days over which was tried: that a lead was put off between two tries makes them no fewer
            let apart = self.courses.apart(&all, n, &calendars, None);
            let dims = vec![Dim::Worked {
                from: lead::FIRST_ATTEMPT_AT,
                events: vec![lead::RECYCLED_AT],
                as_of,
                spans,
                apart,
                edges: vec![limit],
            }];
            let filter = [vec![self.inside(lead::RECYCLED_AT), silent.clone()], followed.tests.clone()].concat();
            let enough = Measure::CountIf(vec![Test::Between(lead::TRIES, count, MOST)]);
            specs.push(self.spec("scorecard.tries", filter, dims, vec![Measure::Count, enough]));
        }
        specs
    }

    /// The leads of a clause's segment; an error where none was ever recorded.
    fn segment(&self, clause: &Clause) -> Result<Vec<Test>, String> {
        let Some(segment) = &clause.segment else { return Ok(vec![]) };
        let recorded = self.lay.filled.iter().any(|(name, leads, _)| *name == "segment" && *leads > 0);
        if !recorded {
            return Err(words::no_segments(segment));
        }
        Ok(vec![Test::In(lead::SEGMENT, vec![Some(segment.clone())])])
    }

    /// Leads handed over in each period; and how many of the segment there ever were.
    fn leads(&self, segment: Vec<Test>, unit: PeriodUnit) -> Vec<Spec> {
        let period = Dim::Period(lead::HANDOFF_AT, unit, self.question.fiscal);
        let filter = [vec![self.inside(lead::HANDOFF_AT)], segment.clone()].concat();
        vec![
            self.spec("scorecard.leads", filter, vec![period], vec![Measure::Count]),
            self.spec("scorecard.leads_ever", segment, vec![], vec![Measure::Count]),
        ]
    }

    /// Periods that lie in the window as a whole.
    fn whole(&self, unit: PeriodUnit) -> Vec<Period> {
        let fiscal = self.question.fiscal;
        let day = |minute: i64| terms::Day(i32::try_from(minute.div_euclid(DAY)).unwrap_or_default());
        let (first, last) = (fiscal.index(unit, day(self.window.0)), fiscal.index(unit, day(self.window.1)));
        let whole = |period: &Period| {
            i64::from(period.first.0) * DAY >= self.window.0
                && (i64::from(period.last.0) + 1) * DAY - 1 <= self.window.1
        };
        (first..=last).map(|index| fiscal.period(unit, index)).filter(whole).collect()
    }

    /// How long a win takes; leads of the year before by their age, with what was won of them; then those of each period.
    fn values(&self, segment: Vec<Test>, unit: PeriodUnit) -> Vec<Spec> {
        let (from, as_of) = (lead::HANDOFF_AT, self.question.as_of_minutes);
        let age = |events: Vec<Column>| Dim::Age { from, events, as_of, bin: DAY, bins: AGE_DAYS };
        let won = vec![Test::Is(lead::REACHED_WON, 1), Test::Has(lead::AMOUNT)];
        let came = vec![Test::Has(from), Test::Has(lead::WON_AT)];
        let before = Test::Between(from, self.window.0 - 365 * DAY, self.window.0 - 1);
        let history = [vec![before], segment.clone()].concat();
        let measures = vec![
            Measure::Count,
            Measure::CountIf(won.clone()),
            Measure::SumIf(lead::AMOUNT, won.clone()),
            Measure::SumSquared(lead::AMOUNT, won),
        ];
        let mut out = vec![
            self.spec("scorecard.win_waits", came, vec![age(vec![lead::WON_AT])], vec![Measure::Count]),
            self.spec("scorecard.worth", history, vec![age(vec![])], measures),
        ];
        out.extend(self.leads(segment, unit));
        out
    }

    /// How long an opportunity takes; then the leads of the window by their age.
    fn opportunities(&self, segment: Vec<Test>) -> Vec<Spec> {
        let (from, as_of) = (lead::HANDOFF_AT, self.question.as_of_minutes);
        let age = |events: Vec<Column>| Dim::Age { from, events, as_of, bin: DAY, bins: AGE_DAYS };
        let came = vec![Test::Has(from), Test::Has(lead::OPPORTUNITY_AT)];
        let filter = [vec![self.inside(from)], segment].concat();
        let reached = Measure::CountIf(vec![Test::Is(lead::REACHED_OPPORTUNITY, 1)]);
        vec![
            self.spec("scorecard.waits", came, vec![age(vec![lead::OPPORTUNITY_AT])], vec![Measure::Count]),
            self.spec("scorecard.rate", filter, vec![age(vec![])], vec![Measure::Count, reached]),
        ]
    }

    /// The leads with all of these as recorded now, where facts keep them all.
    fn filled(&self, fields: &[String]) -> Option<Spec> {
        let columns = fields.iter().map(|field| kept(field)).collect::<Option<Vec<Column>>>()?;
        let all = Measure::CountIf(columns.into_iter().map(Test::Has).collect());
        Some(self.spec("scorecard.filled", vec![self.inside(lead::HANDOFF_AT)], vec![], vec![Measure::Count, all]))
    }

    /// The same of columns that facts do not keep, as they were at the hand-off.
    fn filled_then(&self, fields: &[String]) -> Result<Shared, String> {
        let found = self.question.complete.iter().find(|one| one.fields == fields);
        let found = found.ok_or_else(|| words::fields_not_read(fields))?;
        if !found.unknown.is_empty() {
            return Err(words::fields_unknown(&found.unknown));
        }
        let mut out = Shared::default();
        for (_, is_filled) in found.handed.iter().filter(|(at, _)| (self.window.0..=self.window.1).contains(at)) {
            out.n += 1;
            out.k += u64::from(*is_filled);
        }
        Ok(out)
    }
}

/// The column of facts of this name that can be filled in.
fn kept(field: &str) -> Option<Column> {
    columns::column(Grain::LeadCycle, field).filter(|c| matches!(c.width, Width::Code | Width::Money))
}

/// Whether facts keep a column that a clause on completeness asks for.
pub fn is_kept(field: &str) -> bool {
    kept(field).is_some()
}
