//! What is asked: a period, what it is compared with, and on which calendar.
//!
//! Not here: which rows answer it. Invariant: a report is a function of the facts and this value.

use agreement::document::Agreement;
use report::Owner;
use terms::{Currency, FiscalYear, Instant, Period, PeriodUnit, Team};

/// What a period is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Against {
    /// The period just before.
    Previous,
    /// The same period a year before.
    YearAgo,
    /// This period.
    Period(Period),
    /// What was planned.
    Plan(Vec<PlanLine>),
}

/// One line of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanLine {
    /// The period it is for.
    pub period: Period,
    /// `new_bookings`, `leads`, ...
    pub metric: String,
    /// For which segment, `None` for all.
    pub segment: Option<String>,
    /// Planned money in minor units of the reporting currency.
    pub amount: Option<i64>,
    /// Planned count.
    pub count: Option<i64>,
}

/// Who can change what a factor measures: a label, never a judgement.
#[derive(Clone, Debug, PartialEq)]
pub struct Owners {
    of: Vec<(String, Owner)>,
}

impl Default for Owners {
    /// How the work is usually divided; `docs/methods/verdict.md` says why.
    fn default() -> Owners {
        let (marketing, sales) = (Owner::Team(Team::Marketing), Owner::Team(Team::Sales));
        let of = [
            ("volume", marketing),
            ("mix", marketing),
            ("mql_rate", marketing),
            ("coverage", sales),
            ("speed", sales),
            ("persistence", sales),
            ("acceptance", Owner::Both),
            ("qualification", Owner::Both),
            ("opportunity_rate", Owner::Both),
            ("timing", Owner::Both),
            ("win_rate", sales),
            ("list_price", Owner::Others),
            ("discount", Owner::Others),
            ("quarter_end_discount", Owner::Others),
            ("amount_per_win", Owner::Others),
            ("opportunities_without_a_lead", Owner::Both),
            ("source_drift", marketing),
            ("rep_allocation", sales),
            ("rep_drift", sales),
            ("follow_up", sales),
        ];
        Owners { of: of.into_iter().map(|(factor, owner)| (factor.to_owned(), owner)).collect() }
    }
}

impl Owners {
    /// Who can change this factor.
    pub fn of(&self, factor: &str) -> Owner {
        self.of.iter().find(|(f, _)| f == factor).map_or(Owner::Unknown, |(_, owner)| *owner)
    }

    /// The same with the two teams' labels swapped.
    pub fn swapped(&self) -> Owners {
        let swap = |owner: &Owner| match owner {
            Owner::Team(team) => Owner::Team(team.other()),
            other => *other,
        };
        Owners { of: self.of.iter().map(|(f, o)| (f.clone(), swap(o))).collect() }
    }
}

/// An agreement, and when it was in force.
#[derive(Clone, Debug)]
pub struct InForce {
    /// Its version.
    pub number: usize,
    /// Since when.
    pub from: Instant,
    /// Until when, where it holds no more.
    pub until: Option<Instant>,
    /// What it says.
    pub agreement: Agreement,
    /// The period is read under it because that was asked, whatever was in force.
    pub is_asked: bool,
}

impl PartialEq for InForce {
    fn eq(&self, other: &InForce) -> bool {
        let key = |f: &InForce| (f.number, f.from, f.until, f.is_asked, f.agreement.hash());
        key(self) == key(other)
    }
}

/// A question to the facts.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The period asked about.
    pub period: Period,
    /// What it is compared with.
    pub against: Against,
    /// Fact columns to tell rows apart by, at most two; empty for each room's own choice.
    pub by: Vec<String>,
    /// The width of a cohort.
    pub cohorts: PeriodUnit,
    /// Until when anything was observed, in minutes since 1970.
    pub as_of_minutes: i64,
    /// The fiscal calendar.
    pub fiscal: FiscalYear,
    /// The reporting currency.
    pub currency: Currency,
    /// The seed of the draws.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
    /// Who can change which factor.
    pub owners: Owners,
    /// Whether the range over all orders of a step-by-step waterfall is asked for.
    pub orders: bool,
    /// What the batches say that a reader must know, in words.
    pub batch_notes: Vec<String>,
    /// The field that would say which lead each opportunity came from, in the words of the tool that it is exported from.
    pub link_field: String,
    /// Agreements that were in force until now, in order.
    pub agreements: Vec<InForce>,
    /// When target accounts of those agreements were worked.
    pub worked: Vec<Worked>,
    /// What one team asked the other for.
    pub requests: Vec<Requested>,
    /// Who had leads in turn, and when they waited, where those agreements make a difference of it.
    pub turns: std::sync::Arc<[Turn]>,
    /// Which leads had what clauses on completeness ask for when they were handed over, of columns that facts do not keep.
    pub complete: Vec<Complete>,
}

/// Which hand-offs had some columns filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Complete {
    /// The columns, as the clause has them.
    pub fields: Vec<String>,
    /// Those of them that no lead has ever had.
    pub unknown: Vec<String>,
    /// Of each hand-off its minute, and whether all were filled in by then.
    pub handed: Vec<(i64, bool)>,
}

/// A stretch in which somebody had a lead, or in which it waited; times in minutes since 1970.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Turn {
    /// The lead's key.
    pub lead: u64,
    /// Whether it waited.
    pub waits: bool,
    /// Since when; none from the beginning.
    pub from: Option<i64>,
    /// Until when; none while it lasts.
    pub until: Option<i64>,
    /// Who had it, by the source's id; or the stage in which it waited, as recorded.
    pub name: Option<std::sync::Arc<str>>,
}

/// Something that one team asked the other for; times in minutes since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requested {
    /// Of whom: marketing is asked for content, sales for conversations with customers.
    pub of: Team,
    /// When, where that is known.
    pub asked: Option<i64>,
    /// When it was answered, if it was.
    pub answered: Option<i64>,
}

/// When a target account was worked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worked {
    /// Its domain, as agreements write it.
    pub domain: String,
    /// Its account records, by their keys; a domain can have none, and several.
    pub accounts: Vec<u64>,
    /// Whether any record is of it: an account, a lead or a contact.
    pub is_known: bool,
    /// When it was tried or spoken to, in minutes since 1970, in order.
    pub at: Vec<i64>,
}

impl Question {
    /// A question about a period against the one before, with 400 draws and quarterly cohorts.
    pub fn new(period: Period, as_of_minutes: i64, currency: Currency) -> Question {
        Question {
            period,
            against: Against::Previous,
            by: Vec::new(),
            cohorts: PeriodUnit::Quarter,
            as_of_minutes,
            fiscal: period.fiscal,
            currency,
            seed: 1,
            draws: 400,
            owners: Owners::default(),
            orders: false,
            batch_notes: Vec::new(),
            link_field: "a column that names the lead or contact of each opportunity, mapped to `lead` or `person`"
                .to_owned(),
            agreements: Vec::new(),
            worked: Vec::new(),
            turns: std::sync::Arc::default(),
            complete: Vec::new(),
            requests: Vec::new(),
        }
    }

    /// The period whose actual figures the asked one is compared with; against a plan, the period before.
    pub fn base(&self) -> Period {
        match &self.against {
            Against::Previous | Against::Plan(_) => self.period.previous(),
            Against::YearAgo => self.period.year_ago(),
            Against::Period(period) => *period,
        }
    }

    /// How the comparison is named in a report.
    pub fn against_words(&self) -> String {
        match &self.against {
            Against::Plan(_) => "plan".to_owned(),
            _ => self.base().to_string(),
        }
    }
}
