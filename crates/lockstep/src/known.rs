//! What is known at a head of the ledger: its facts by the definitions in force, and the settings that shape a report.
//!
//! Invariant: what is known is a function of the head, the settings and the version of the agreement that is asked for.

use agreement::Definitions;
use agreement::document::Agreement;
use analyses::InForce;
use desk::Desk;
use facts::Mapped;
use ledger::{Head, HeadSpec};
use report::Provenance;
use terms::{Currency, Day, Entity, FiscalYear, Instant, Period, PeriodUnit};

use crate::agreements;
use crate::aside::Aside;
use crate::commands::status::Completeness;
use crate::failure::Failure;
use crate::home::{Home, Settings};
use crate::kept::Kept;
use crate::opening::{self, Opening};
use crate::output::Style;

/// A head with the facts of its journeys and the settings that shape a report.
pub struct Known {
    /// Which batches.
    pub head: Head,
    /// Their facts.
    pub facts: Mapped,
    /// The settings in force.
    pub settings: Settings,
    /// As if nothing had happened after this day.
    pub as_if: Option<Day>,
    /// Under this version of the agreement, where one was asked for.
    pub under: Option<String>,
    /// When ages and open cohorts are judged.
    pub as_of: Instant,
    /// In which definitions.
    pub definitions: Definitions,
    /// Where the facts are while this lasts, of a home that cannot be written.
    pub(crate) aside: Vec<Aside>,
    /// Where names of people are.
    pub desk: Desk,
    /// What was read of the head so far.
    pub kept: Kept,
}

fn head_spec(text: &str) -> Result<HeadSpec, Failure> {
    if let Ok(seq) = text.parse::<u64>() {
        return Ok(HeadSpec::Seq(seq));
    }
    if let Some(day) = Day::parse(text) {
        return Ok(HeadSpec::Date(Instant(day.plus(1).start().0 - 1)));
    }
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Ok(HeadSpec::Date(Instant(at.as_millisecond())));
    }
    Err(Failure::new("bad_head", format!("`{text}`: is no batch number and no day"))
        .hint("write --at 3 or --at 2026-07-01"))
}

/// The head of a batch number or a day.
pub fn head_at(home: &Home, at: &str) -> Result<Head, Failure> {
    let head = home.ledger.at(&head_spec(at)?)?;
    if head.seq() == 0 && home.ledger.head().seq() > 0 {
        return Err(Failure::new("nothing_then", format!("`{at}`: nothing had been imported by then"))
            .hint("lockstep status lists when each batch was recorded; --as-if DAY leaves out what happened later"));
    }
    Ok(head)
}

impl Known {
    /// What was known at a head, with its facts built where they are not there yet.
    pub fn open(home: &Home, at: Option<&str>, as_if: Option<&str>, style: Style) -> Result<Known, Failure> {
        Known::open_under(home, at, as_if, None, style)
    }

    /// The same as if a version of the agreement had always been in force, signed or not.
    pub fn open_under(
        home: &Home,
        at: Option<&str>,
        as_if: Option<&str>,
        under: Option<&str>,
        style: Style,
    ) -> Result<Known, Failure> {
        Known::open_telling(home, at, as_if, under, &telling(style))
    }

    /// The same, telling how far the making of facts has come.
    pub fn open_telling(
        home: &Home,
        at: Option<&str>,
        as_if: Option<&str>,
        under: Option<&str>,
        tell: &(dyn Fn(facts::Progress) + Sync),
    ) -> Result<Known, Failure> {
        let head = match at {
            None => home.ledger.head().clone(),
            Some(text) => head_at(home, text)?,
        };
        if head.seq() == 0 {
            return Err(Failure::new("empty_ledger", format!("`{}`: holds nothing at that head", home.root.display()))
                .hint("import something first: lockstep import PATH"));
        }
        let as_if = match as_if {
            None => None,
            Some(text) => Some(Day::parse(text).ok_or_else(|| {
                Failure::new("bad_day", format!("`{text}`: is no day")).hint("write it like 2026-06-30")
            })?),
        };
        let settings = home.settings()?;
        let through = head.data_through().unwrap_or(Instant(0));
        let as_of = match as_if {
            Some(day) => Instant(through.0.min(day.plus(1).start().0 - 1)),
            None => through,
        };
        let opening = Opening { home, head, settings, as_if, as_of, in_use: Vec::new(), tell };
        let held = held(&opening.head, under)?;
        opening.by(held, under)
    }

    /// The same head as if a text had always been in force; `None` where no stage and no clock is another by it, so that the facts
    /// are the same.
    pub fn by(&self, home: &Home, agreement: &Agreement, style: Style) -> Result<Option<Known>, Failure> {
        let hash = agreement.hash();
        let number = self.book()?.versions.iter().find(|v| v.hash == hash).map_or(0, |version| version.number);
        let (from, agreement) = (Instant(i64::MIN), agreement.clone());
        let held = vec![InForce { number, from, until: None, agreement, is_asked: true }];
        if opening::definitions(&held) == self.definitions {
            return Ok(None);
        }
        let tell = telling(style);
        let (head, settings, as_if, as_of) = (self.head.clone(), self.settings.clone(), self.as_if, self.as_of);
        let in_use = vec![self.facts.folder().to_owned()];
        Opening { home, head, settings, as_if, as_of, in_use, tell: &tell }.by(held, None).map(Some)
    }

    /// The reporting currency.
    pub fn currency(&self) -> Currency {
        Currency::parse(&self.facts.index().made.currency).unwrap_or(Currency::UNKNOWN)
    }

    /// The period asked about: the one named, else the last full quarter.
    pub fn period(&self, asked: Option<&str>) -> Result<Period, Failure> {
        let fiscal = self.settings.fiscal;
        match asked {
            Some(text) => parse_period(fiscal, text),
            None => {
                let current = fiscal.period_of(PeriodUnit::Quarter, self.as_of.day());
                Ok(if self.as_of.day() >= current.last { current } else { current.previous() })
            }
        }
    }

    /// Where a report about some period comes from.
    pub fn provenance(&self, period: String, against: String, seed: u64) -> Provenance {
        let counts = [Entity::Lead, Entity::Opportunity, Entity::Activity, Entity::Touch, Entity::SpendDay]
            .into_iter()
            .filter(|e| self.head.count(*e) > 0)
            .map(|e| format!("{} {} entries", faces::format::count(self.head.count(e) as i64), e.word()))
            .collect();
        Provenance {
            head: self.head.seq(),
            head_hash: self.head.hash().to_owned(),
            data_through: self.head.data_through().map_or_else(|| "not known".to_owned(), |t| t.to_string()),
            as_of: self.as_of.to_string(),
            as_if: self.as_if.map(|d| d.to_string()),
            under: self.under.clone(),
            definitions: self.definitions.name().to_owned(),
            period,
            against,
            fiscal_start: self.settings.fiscal.start_month(),
            currency: self.currency().code().to_owned(),
            seed,
            counts,
            completeness: Completeness::of(&self.head).sentence(),
            engine: env!("CARGO_PKG_VERSION").to_owned(),
        }
    }
}

/// Tells how far the making of facts has come, where there are many.
fn telling(style: Style) -> impl Fn(facts::Progress) + Sync {
    let quiet = style.quiet || style.json;
    move |p| {
        if !quiet && p.entries > 2_000_000 {
            eprintln!("facts: {:?} of {} entries", p.stage, faces::format::count(p.entries as i64));
        }
    }
}

/// Versions of the agreement that held or hold, in the order of time, as the book of a head says it.
fn held(head: &Head, under: Option<&str>) -> Result<Vec<InForce>, Failure> {
    if head.count(Entity::Agreement) == 0 {
        return Ok(Vec::new());
    }
    agreements::in_force(&agreements::book(head)?, Instant(i64::MAX), under)
}

/// The period of a text.
pub fn parse_period(fiscal: FiscalYear, text: &str) -> Result<Period, Failure> {
    fiscal.parse_period(text).ok_or_else(|| {
        Failure::new("bad_period", format!("`{text}`: is no period"))
            .hint("write it like 2026Q3, 2026-07, 2026, FY2026Q3 or 2026-07-01..2026-09-30")
    })
}
