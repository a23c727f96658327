//! The smaller parts of a document: signers, definitions, pauses, routes, targets, reasons, discounts, meetings, decisions.

use lined::Error;
use terms::{Day, FiscalYear, Stage, Team};

use super::condition::Condition;
use super::offices::named;
use super::reader::{Reader, Share};
use super::span::Span;

/// Who signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// Sales.
    Sales,
    /// Marketing.
    Marketing,
    /// Leadership, for its own clauses.
    Leadership,
}

impl Party {
    /// All of them.
    pub const ALL: [Party; 3] = [Party::Sales, Party::Marketing, Party::Leadership];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Party::Sales => "sales",
            Party::Marketing => "marketing",
            Party::Leadership => "leadership",
        }
    }
}

/// What a stage is.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// In words.
    pub means: Option<String>,
    /// The rule; `None`: as recorded in the CRM.
    pub when: Option<Condition>,
}

/// When clocks stand still: while the CRM shows a lead in one of these stages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Why.
    pub reason: String,
    /// Stages as the CRM records them; capitals do not matter.
    pub stages: Vec<String>,
    /// Whose clocks; `None`: those of both.
    pub clocks: Option<Team>,
    /// So much of it at most, for one lead in all.
    pub at_most: Option<Span>,
}

impl Pause {
    /// Whether it is meant by a stage as recorded.
    pub fn is_meant_by(&self, raw: &str) -> bool {
        let raw = raw.trim().to_lowercase();
        self.stages.iter().any(|stage| stage.to_lowercase() == raw)
    }
}

/// Who gets a lead.
#[derive(Clone, Debug, PartialEq)]
pub struct Route {
    /// What it is called.
    pub name: String,
    /// Which leads; `None`: all others.
    pub when: Option<Condition>,
    /// A team, queue or rep.
    pub to: String,
}

/// What is to be reached in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// As it is written, such as `2026Q4` or `2026-10`.
    pub period: String,
    /// For which segment; `None` for all.
    pub segment: Option<String>,
    /// Won revenue, in units of the currency.
    pub won: Option<f64>,
    /// Qualified leads.
    pub mqls: Option<i64>,
    /// Opportunities.
    pub opportunities: Option<i64>,
}

/// Why a lead is turned down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// As it is written in the CRM.
    pub name: String,
    /// What it means.
    pub means: Option<String>,
    /// Where the lead goes: rejected, recycled or disqualified.
    pub then: Stage,
}

/// Who may give how much away.
#[derive(Clone, Debug, PartialEq)]
pub struct Approval {
    /// Up to this share of the list price.
    pub up_to: Share,
    /// Whose word it needs.
    pub by: String,
}

/// When both meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// What it is called.
    pub name: String,
    /// How often.
    pub every: Span,
    /// Who comes.
    pub who: Vec<String>,
}

/// What leadership decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What.
    pub what: String,
    /// Who decides.
    pub by: String,
    /// Until when.
    pub until: Day,
    /// Why it is theirs.
    pub because: Option<String>,
}

pub(super) fn signers(root: &mut Reader<'_, '_>) -> Result<Vec<(Party, Vec<String>)>, Error> {
    let table = root.table("signers")?;
    let Some(mut table) = table else {
        return Err(
            root.error("no [signers]", "add [signers] with sales = [\"VP Sales\"] and marketing = [\"VP Marketing\"]")
        );
    };
    let mut out = Vec::new();
    for party in Party::ALL {
        let who = table.texts(party.word())?;
        if who.is_empty() && party != Party::Leadership {
            let (cause, word) = (format!("nobody may sign for {}", party.word()), party.word());
            return Err(table.error(cause, format!("add {word} = [\"a role\"]")));
        }
        if !who.is_empty() {
            out.push((party, who));
        }
    }
    let for_both = out.iter().find_map(|(party, who)| {
        let other = out.iter().find(|(p, w)| p > party && *p != Party::Leadership && w.iter().any(|x| who.contains(x)));
        other.and_then(|(_, w)| w.iter().find(|x| who.contains(x)))
    });
    if let Some(both) = for_both {
        return Err(table.error(format!("`{both}` may sign for both teams"), "give each team signers of its own"));
    }
    table.done()?;
    Ok(out)
}

/// Stages that a document defines.
const DEFINED: [Stage; 7] =
    [Stage::Inquiry, Stage::Mql, Stage::Sal, Stage::Sql, Stage::Opportunity, Stage::Recycled, Stage::Disqualified];

pub(super) fn definitions(root: &mut Reader<'_, '_>) -> Result<Vec<(Stage, Definition)>, Error> {
    let mut out = Vec::new();
    if let Some(mut all) = root.table("definitions")? {
        for stage in DEFINED {
            if let Some(mut table) = all.table(stage.word())? {
                let (means, when) = (table.text("means")?, table.condition("when")?);
                if means.is_none() && when.is_none() {
                    let hint = "add means = \"...\" (as recorded in the CRM) or when = \"score >= 60\"";
                    return Err(table.error("a definition that says nothing", hint));
                }
                table.done()?;
                out.push((stage, Definition { means, when }));
            }
        }
        all.done()?;
    }
    Ok(out)
}

pub(super) fn pauses(root: &mut Reader<'_, '_>) -> Result<Vec<Pause>, Error> {
    let mut taken: Vec<String> = Vec::new();
    root.each("pause", named("reason", "asked to be called later"), |table, reason| {
        let stages = table.texts("stages")?;
        if stages.is_empty() {
            let hint = "add stages = [\"On hold\"]: the stages in which the CRM shows such leads";
            return Err(table.error("a pause that nothing shows", hint));
        }
        for stage in stages.iter().map(|stage| stage.to_lowercase()) {
            if taken.contains(&stage) {
                return Err(table.error(format!("`{stage}` is a pause twice"), "name it in one [[pause]] alone"));
            }
            taken.push(stage);
        }
        let clocks = table.checked("clocks", |whose| match whose {
            "sales" => Ok((Team::Sales, whose.to_owned())),
            "marketing" => Ok((Team::Marketing, whose.to_owned())),
            _ => Err((
                format!("`{whose}` has no clocks"),
                "write sales or marketing, or leave it out for both".to_owned(),
            )),
        })?;
        Ok(Pause { reason: reason.to_owned(), stages, clocks, at_most: table.span("at_most")? })
    })
}

pub(super) fn routes(root: &mut Reader<'_, '_>) -> Result<Vec<Route>, Error> {
    // the order decides, so it is part of what is said
    let mut rest: Option<String> = None;
    root.each(
        "route",
        |number, table| {
            let name = named("name", "enterprise")(number, table)?;
            Ok(format!("{} {name}", number + 1))
        },
        |table, _| {
            let name = table.text("name")?.unwrap_or_default();
            let (when, to) = (table.condition("when")?, table.text("to")?);
            let to = table.needed(to, "to", "\"Enterprise team\"")?;
            if let Some(before) = &rest {
                return Err(
                    table.error(format!("never reached: `{before}` takes all leads before it"), "put it before")
                );
            }
            if when.is_none() {
                rest = Some(name.clone());
            }
            Ok(Route { name, when, to })
        },
    )
}

pub(super) fn targets(root: &mut Reader<'_, '_>) -> Result<Vec<Target>, Error> {
    let name = |number: usize, table: &mut lined::Table<'_>| {
        let period = named("period", "2026Q4")(number, table)?;
        Ok(format!("{period} {}", table.text("segment")?.unwrap_or("all".to_owned())))
    };
    root.each("target", name, |table, _| {
        let period = table.checked("period", |text| match FiscalYear::default().parse_period(text) {
            Some(_) => Ok((text.to_owned(), text.to_owned())),
            None => Err((format!("`{text}` is no period"), "write 2026Q4, 2026-10 or 2026".to_owned())),
        })?;
        let target = Target {
            period: period.unwrap_or_default(),
            segment: table.text("segment")?.filter(|s| s != "all"),
            won: table.number("won")?,
            mqls: table.whole("mqls", 1)?,
            opportunities: table.whole("opportunities", 1)?,
        };
        if target.won.is_none() && target.mqls.is_none() && target.opportunities.is_none() {
            return Err(table.error("a target of nothing", "add won, mqls or opportunities"));
        }
        Ok(target)
    })
}

pub(super) fn reasons(root: &mut Reader<'_, '_>) -> Result<Vec<Reason>, Error> {
    root.each("reason", named("name", "no budget"), |table, name| {
        let means = table.text("means")?;
        let then = table.checked("then", |word| match Stage::parse(word) {
            Some(s @ (Stage::Rejected | Stage::Recycled | Stage::Disqualified)) => Ok((s, word.to_owned())),
            _ => Err((
                format!("`{word}` is not where a lead goes"),
                "write rejected, recycled or disqualified".to_owned(),
            )),
        })?;
        Ok(Reason { name: name.to_owned(), means, then: table.needed(then, "then", "\"recycled\"")? })
    })
}

pub(super) fn discounts(root: &mut Reader<'_, '_>) -> Result<Vec<Approval>, Error> {
    let mut out = root.each("discount", named("by", "VP Sales"), |table, by| {
        let up_to = table.share("up_to")?;
        Ok(Approval { up_to: table.needed(up_to, "up_to", "\"15%\"")?, by: by.to_owned() })
    })?;
    out.sort_by(|a, b| a.up_to.0.total_cmp(&b.up_to.0));
    Ok(out)
}

pub(super) fn meetings(root: &mut Reader<'_, '_>) -> Result<Vec<Meeting>, Error> {
    root.each("meeting", named("name", "weekly huddle"), |table, name| {
        let every = table.span("every")?;
        let every = table.needed(every, "every", "\"1 week\"")?;
        Ok(Meeting { name: name.to_owned(), every, who: table.texts("who")? })
    })
}

pub(super) fn decisions(root: &mut Reader<'_, '_>) -> Result<Vec<Decision>, Error> {
    root.each("decision", named("what", "whether list prices rise"), |table, what| {
        let (by, until) = (table.text("by")?, table.day("until")?);
        let by = table.needed(by, "by", "\"CEO\"")?;
        let until = table.needed(until, "until", "2026-12-15")?;
        Ok(Decision { what: what.to_owned(), by, until, because: table.text("because")? })
    })
}
