//! What records say against each other, both values with their rows, and the rule that decided.
//!
//! Here: two kinds. Within one version of a record ([`lead`], [`opportunity`]): a flag beside a stage, a win before the
//! creation. Between source systems ([`between_systems`]): the same field of what identity takes for one thing.
//! Invariant: values are texts without person data: a rep is a key, never a name.

use entries::RowRef;
use terms::{Currency, Key, Money, Stage, When};

/// What one source said about one field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Statement {
    /// The value as text.
    pub value: String,
    /// The batch's number in the order of the ledger.
    pub batch: u32,
    /// The row within the batch.
    pub row: RowRef,
}

/// Two values that cannot both be true.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Contradiction {
    /// About what.
    pub subject: Key,
    /// Which field, or which two fields.
    pub field: &'static str,
    /// What was said.
    pub a: Statement,
    /// What was said against it.
    pub b: Statement,
    /// Whether `a` was taken; otherwise `b` was.
    pub decided_a: bool,
    /// The rule that decided.
    pub rule: &'static str,
}

/// The value of one claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said<'a> {
    /// A text that names no person.
    Text(&'a str),
    /// A key that means the same in both systems (for a rep: the vault's).
    Key(Key),
    /// Money.
    Money(Money),
    /// A time.
    When(When),
    /// Yes or no.
    Flag(bool),
    /// A stage.
    Stage(Stage),
}

impl Said<'_> {
    fn text(self) -> String {
        match self {
            Said::Text(text) => text.to_owned(),
            Said::Key(key) => format!("{} {:016x}", key.entity.word(), key.hash),
            Said::Money(money) => minor_text(money),
            Said::When(when) => when.to_string(),
            Said::Flag(flag) => if flag { "yes" } else { "no" }.to_owned(),
            Said::Stage(stage) => stage.word().to_owned(),
        }
    }

    /// A day and an instant of that day do not contradict each other, nor do texts that differ in case and spaces.
    fn agrees(self, other: Said<'_>) -> bool {
        match (self, other) {
            (Said::When(a), Said::When(b)) => match (a, b) {
                (When::Unknown, _) | (_, When::Unknown) => true,
                (When::Instant(a), When::Instant(b)) => a == b,
                _ => a.first_day() <= b.last_day() && b.first_day() <= a.last_day(),
            },
            (Said::Text(a), Said::Text(b)) => crate::normalised(a) == crate::normalised(b),
            // a source that names no currency says nothing against one that does
            (Said::Money(a), Said::Money(b)) if [a.currency, b.currency].contains(&Currency::UNKNOWN) => {
                a.minor == b.minor
            }
            _ => self == other,
        }
    }
}

/// The amount with its decimals and currency: `1200.50 USD`.
fn minor_text(money: Money) -> String {
    let decimals = money.currency.decimals();
    let unit = 10u64.pow(decimals);
    let (sign, size) = (if money.minor < 0 { "-" } else { "" }, money.minor.unsigned_abs());
    let code = money.currency.code();
    if decimals == 0 {
        format!("{sign}{size} {code}")
    } else {
        format!("{sign}{}.{:0width$} {code}", size / unit, size % unit, width = decimals as usize)
    }
}

/// What one version of a record in one system says about one field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim<'a> {
    /// About what: the same key for records that are linked as one.
    pub subject: Key,
    /// Which field.
    pub field: &'static str,
    /// Which source system, numbered by the caller.
    pub system: u32,
    /// When the version was made.
    pub valid_at: When,
    /// What it says.
    pub value: Said<'a>,
    /// The batch's number in the order of the ledger.
    pub batch: u32,
    /// The row within the batch.
    pub row: RowRef,
}

impl Claim<'_> {
    fn statement(&self) -> Statement {
        Statement { value: self.value.text(), batch: self.batch, row: self.row }
    }

    /// An unknown time is older than any known one here: a version that says when it was made is worth more.
    fn age(&self) -> (bool, (i64, i64), u32, RowRef) {
        let known = !matches!(self.valid_at, When::Unknown);
        (known, if known { self.valid_at.order() } else { (0, 0) }, self.batch, self.row)
    }
}

/// Fields that systems disagree on now: the latest version of each system is compared with the latest of all, which wins.
pub fn between_systems(claims: &[Claim<'_>]) -> Vec<Contradiction> {
    let mut sorted: Vec<&Claim<'_>> = claims.iter().collect();
    sorted.sort_by_key(|c| (c.subject, c.field, c.system, c.age()));
    let mut out = Vec::new();
    for field in sorted.chunk_by(|a, b| (a.subject, a.field) == (b.subject, b.field)) {
        let latest: Vec<&Claim<'_>> =
            field.chunk_by(|a, b| a.system == b.system).filter_map(|system| system.last().copied()).collect();
        let Some(winner) = latest.iter().max_by_key(|c| (c.age(), c.system)) else { continue };
        for other in latest.iter().filter(|c| c.system != winner.system && !c.value.agrees(winner.value)) {
            out.push(Contradiction {
                subject: winner.subject,
                field: winner.field,
                a: winner.statement(),
                b: other.statement(),
                decided_a: true,
                rule: "the later version wins",
            });
        }
    }
    out
}

/// What one version of a lead says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeadSays<'a> {
    /// The lead.
    pub subject: Key,
    /// Its stage in our words.
    pub stage: Option<Stage>,
    /// Its stage as recorded.
    pub stage_raw: &'a str,
    /// Whether it was converted.
    pub is_converted: Option<bool>,
    /// When it was first known.
    pub created_at: When,
    /// When it was won.
    pub won_at: When,
    /// The batch's number in the order of the ledger.
    pub batch: u32,
    /// The row within the batch.
    pub row: RowRef,
}

/// Whether a lead's stage says converted beside a flag that says not. The fold decides by the same test.
pub fn stage_claims_conversion(stage: Option<Stage>, is_converted: Option<bool>) -> bool {
    is_converted == Some(false) && matches!(stage, Some(Stage::Opportunity | Stage::ClosedWon))
}

/// The contradictions within one version of a lead.
pub fn lead(says: &LeadSays<'_>) -> Vec<Contradiction> {
    let statement = |value: String| Statement { value, batch: says.batch, row: says.row };
    let mut out = Vec::new();
    if stage_claims_conversion(says.stage, says.is_converted) {
        out.push(Contradiction {
            subject: says.subject,
            field: "stage, is_converted",
            a: statement(if says.stage_raw.is_empty() { word(says.stage) } else { says.stage_raw.to_owned() }),
            b: statement("no".to_owned()),
            decided_a: false,
            rule: "the flag decides over the stage",
        });
    }
    if is_before(says.won_at, says.created_at) {
        out.push(Contradiction {
            subject: says.subject,
            field: "won_at, created_at",
            a: statement(says.won_at.to_string()),
            b: statement(says.created_at.to_string()),
            decided_a: true,
            rule: "both dates are kept, and the win is marked as dated before the creation",
        });
    }
    out
}

/// What one version of an opportunity says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpportunitySays<'a> {
    /// The opportunity.
    pub subject: Key,
    /// Its stage in our words.
    pub stage: Option<Stage>,
    /// Its stage as recorded.
    pub stage_raw: &'a str,
    /// Whether it is closed.
    pub is_closed: Option<bool>,
    /// Whether it is won.
    pub is_won: Option<bool>,
    /// When it was opened.
    pub created_at: When,
    /// When it closed, or is expected to.
    pub closed_at: When,
    /// The batch's number in the order of the ledger.
    pub batch: u32,
    /// The row within the batch.
    pub row: RowRef,
}

/// The contradictions within one version of an opportunity.
pub fn opportunity(says: &OpportunitySays<'_>) -> Vec<Contradiction> {
    let statement = |value: String| Statement { value, batch: says.batch, row: says.row };
    let stage = || statement(if says.stage_raw.is_empty() { word(says.stage) } else { says.stage_raw.to_owned() });
    let flag = |flag: bool| statement(if flag { "yes" } else { "no" }.to_owned());
    let mut out = Vec::new();
    let against = |field, says_flag: Option<bool>, stage_says: bool| {
        let said = says_flag.filter(|f| says.stage.is_some() && *f != stage_says)?;
        Some(Contradiction {
            subject: says.subject,
            field,
            a: stage(),
            b: flag(said),
            decided_a: false,
            rule: "the flag decides over the stage",
        })
    };
    out.extend(against("stage, is_won", says.is_won, says.stage == Some(Stage::ClosedWon)));
    out.extend(against("stage, is_closed", says.is_closed, says.stage.is_some_and(Stage::is_closed)));
    let closed = says.is_closed.unwrap_or_else(|| says.stage.is_some_and(Stage::is_closed));
    if closed && is_before(says.closed_at, says.created_at) {
        out.push(Contradiction {
            subject: says.subject,
            field: "closed_at, created_at",
            a: statement(says.closed_at.to_string()),
            b: statement(says.created_at.to_string()),
            decided_a: true,
            rule: "both dates are kept",
        });
    }
    out
}

fn word(stage: Option<Stage>) -> String {
    stage.map_or("", Stage::word).to_owned()
}

/// Whether one is over before the other can have begun. Two instants by the millisecond, else by the day.
fn is_before(a: When, b: When) -> bool {
    match (a, b) {
        (When::Instant(a), When::Instant(b)) => a < b,
        _ => matches!((a.last_day(), b.first_day()), (Some(a), Some(b)) if a < b),
    }
}
