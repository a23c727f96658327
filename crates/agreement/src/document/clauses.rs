//! What each side owes the other: one list of the kinds of clause there are, and the clauses of a document.
//!
//! Not here: whether a clause was kept. Invariant: a clause has exactly the keys that its kind needs, and none that it does
//! not know; both teams' kinds stand in one list.

use lined::Error;
use terms::{PeriodUnit, Team};

use super::reader::{Reader, Share};
use super::span::Span;

/// A kind of clause.
#[derive(Debug, PartialEq, Eq)]
pub struct Kind {
    /// Who owes it.
    pub by: Team,
    /// Its table below `[sales]` or `[marketing]`.
    pub name: &'static str,
    /// Keys it must have.
    pub needs: &'static [Key],
    /// Keys it may have.
    pub may: &'static [Key],
    /// Whether there may be several, one for each segment.
    pub by_segment: bool,
    /// Read aloud; `{within}`, `{at_least}` and so on are the keys.
    pub sentence: &'static str,
}

/// A key of a clause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A span of time, running from when the other side has done its part.
    Within,
    /// The share for which it must hold.
    AtLeast,
    /// How many.
    Count,
    /// Over which time.
    Over,
    /// In each week, month, quarter or year.
    Per,
    /// Money in the document's currency.
    Value,
    /// Columns.
    Fields,
}

impl Key {
    const fn word(self) -> &'static str {
        match self {
            Key::Within => "within",
            Key::AtLeast => "at_least",
            Key::Count => "count",
            Key::Over => "over",
            Key::Per => "per",
            Key::Value => "value",
            Key::Fields => "fields",
        }
    }

    const fn example(self) -> &'static str {
        match self {
            Key::Within => "\"4 working hours\"",
            Key::AtLeast => "\"90%\"",
            Key::Count => "5",
            Key::Over => "\"10 days\"",
            Key::Per => "\"quarter\"",
            Key::Value => "250000",
            Key::Fields => "[\"company\", \"country\"]",
        }
    }
}

const fn kind(
    by: Team,
    name: &'static str,
    needs: &'static [Key],
    may: &'static [Key],
    sentence: &'static str,
) -> Kind {
    Kind { by, name, needs, may, by_segment: false, sentence }
}

const fn each_segment(by: Team, name: &'static str, needs: &'static [Key], sentence: &'static str) -> Kind {
    Kind { by, name, needs, may: &[], by_segment: true, sentence }
}

use Key::{AtLeast, Count, Fields, Over, Per, Value, Within};

/// All kinds there are.
pub const KINDS: [Kind; 12] = [
    kind(
        Team::Sales,
        "first_attempt",
        &[Within, AtLeast],
        &[],
        "tries to reach a lead that was handed over within {within}, for at least {at_least} of them",
    ),
    kind(
        Team::Sales,
        "attempts",
        &[Count, Over],
        &[AtLeast],
        "tries a lead that does not answer at least {count} times over {over} before it is returned",
    ),
    kind(
        Team::Sales,
        "disposition",
        &[Within, AtLeast],
        &[],
        "accepts, rejects or returns a lead, with a reason, within {within}, for at least {at_least} of them",
    ),
    kind(
        Team::Sales,
        "target_accounts",
        &[AtLeast, Per],
        &[],
        "works at least {at_least} of the target accounts in every {per}",
    ),
    kind(
        Team::Sales,
        "customer_access",
        &[Count, Per],
        &[],
        "gives marketing {count} conversations with customers in every {per}",
    ),
    each_segment(Team::Marketing, "leads", &[Count, Per], "hands over at least {count} leads{segment} in every {per}"),
    each_segment(
        Team::Marketing,
        "lead_value",
        &[Value, Per],
        "hands over leads{segment} with an implied value of at least {value} in every {per}",
    ),
    each_segment(
        Team::Marketing,
        "opportunity_rate",
        &[AtLeast],
        "hands over leads{segment} of which at least {at_least} become opportunities",
    ),
    kind(
        Team::Marketing,
        "completeness",
        &[Fields, AtLeast],
        &[],
        "hands over leads with {fields} filled in, for at least {at_least} of them",
    ),
    kind(
        Team::Marketing,
        "rejected_leads",
        &[Within, AtLeast],
        &[],
        "answers a rejected lead within {within}, for at least {at_least} of them",
    ),
    kind(
        Team::Marketing,
        "recycled_leads",
        &[Within, AtLeast],
        &[],
        "brings a lead back that went back to nurture, or closes it for good, within {within}, for at least {at_least} of them",
    ),
    kind(
        Team::Marketing,
        "content_requests",
        &[Within, AtLeast],
        &[],
        "answers a request for content within {within}, for at least {at_least} of them",
    ),
];

/// What a clause for all segments is called.
const ALL: &str = "all";

/// The table of a team's clauses.
pub const fn table_of(team: Team) -> &'static str {
    match team {
        Team::Sales => "sales",
        Team::Marketing => "marketing",
    }
}

/// One clause of a document.
#[derive(Clone, Debug, PartialEq)]
pub struct Clause {
    /// What it is.
    pub kind: &'static Kind,
    /// For which segment; `None` for all.
    pub segment: Option<String>,
    /// Running from when the other side has done its part.
    pub within: Option<Span>,
    /// The share for which it must hold.
    pub at_least: Option<Share>,
    /// How many.
    pub count: Option<i64>,
    /// Over which time.
    pub over: Option<Span>,
    /// In each such period.
    pub per: Option<PeriodUnit>,
    /// In units of the document's currency.
    pub value: Option<f64>,
    /// Columns.
    pub fields: Vec<String>,
}

impl Clause {
    /// Read aloud, without who owes it.
    pub fn sentence(&self, currency: Option<&str>) -> String {
        let segment = self.segment.as_ref().map(|s| format!(" of segment {s}")).unwrap_or_default();
        let shown = |value: Option<String>| value.unwrap_or_default();
        let per = self.per.map(unit_word).unwrap_or_default();
        let value = self.value.map(|v| format!("{} {}", money(v), currency.unwrap_or_default()).trim().to_owned());
        self.kind
            .sentence
            .replace("{segment}", &segment)
            .replace("{within}", &shown(self.within.map(|s| s.to_string())))
            .replace("{at_least}", &shown(self.at_least.map(|s| s.to_string())))
            .replace("{count}", &shown(self.count.map(|n| n.to_string())))
            .replace("{over}", &shown(self.over.map(|s| s.to_string())))
            .replace("{per}", per)
            .replace("{value}", &shown(value))
            .replace("{fields}", &self.fields.join(", "))
    }
}

/// Money with its thousands apart.
pub(super) fn money(units: f64) -> String {
    let cents = (units * 100.0).round();
    let (whole, rest) = ((cents / 100.0).trunc(), (cents % 100.0).round());
    let digits = format!("{whole:.0}");
    let mut out = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if rest > 0.0 { format!("{out}.{rest:02.0}") } else { out }
}

/// A period's word.
pub const fn unit_word(unit: PeriodUnit) -> &'static str {
    match unit {
        PeriodUnit::Week => "week",
        PeriodUnit::Month => "month",
        PeriodUnit::Quarter => "quarter",
        PeriodUnit::Year => "year",
    }
}

/// Reads the clauses of a team.
pub(super) fn read(root: &mut Reader<'_, '_>, team: Team) -> Result<Vec<Clause>, Error> {
    let Some(mut table) = root.table(table_of(team))? else { return Ok(Vec::new()) };
    let mut out = Vec::new();
    for kind in KINDS.iter().filter(|k| k.by == team) {
        if kind.by_segment {
            let name = |_: usize, table: &mut lined::Table<'_>| Ok(table.text("segment")?.unwrap_or(ALL.to_owned()));
            out.extend(table.each(kind.name, name, |clause, _| one(kind, clause))?);
        } else if let Some(mut clause) = table.table(kind.name)? {
            out.push(one(kind, &mut clause)?);
            clause.done()?;
        }
    }
    table.done()?;
    Ok(out)
}

fn one(kind: &'static Kind, table: &mut Reader<'_, '_>) -> Result<Clause, Error> {
    let knows = |key: Key| kind.needs.contains(&key) || kind.may.contains(&key);
    let clause = Clause {
        kind,
        segment: if kind.by_segment { table.text("segment")?.filter(|s| s != ALL) } else { None },
        within: if knows(Within) { table.span("within")? } else { None },
        at_least: if knows(AtLeast) { table.share("at_least")? } else { None },
        count: if knows(Count) { table.whole("count", 1)? } else { None },
        over: if knows(Over) { table.span("over")? } else { None },
        per: if knows(Per) { table.unit("per")? } else { None },
        value: if knows(Value) { table.number("value")? } else { None },
        fields: if knows(Fields) { table.texts("fields")? } else { Vec::new() },
    };
    for key in kind.needs {
        if !table.has(key.word()) {
            return Err(table.error(
                format!("{} of {} has no {}", kind.name, table_of(kind.by), key.word()),
                format!("add {} = {}", key.word(), key.example()),
            ));
        }
    }
    Ok(clause)
}
