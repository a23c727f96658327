//! The open score: rules in groups, each with its points; and the bar.
//!
//! Not here: what a score comes to (`evaluate`). Invariant: every point of a score comes from a rule that both teams can read.

use lined::Error;

use super::condition::Condition;
use super::offices::named;
use super::reader::Reader;
use super::span::Span;

/// What a rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Of {
    /// What is known of the lead: it fires once, from when that is known.
    Lead,
    /// What it did: a touch such as a form, a click, an event.
    Touch,
}

/// One rule.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// What it is called.
    pub name: String,
    /// Its group, such as fit or engagement.
    pub group: String,
    /// What it looks at.
    pub of: Of,
    /// When it fires.
    pub when: Condition,
    /// What it adds, or takes away.
    pub points: i64,
    /// Of touches: whether each one counts, or the first alone.
    pub repeats: bool,
    /// The most it can add in all, where it repeats.
    pub most: Option<i64>,
    /// After which time its points are worth half.
    pub half_life: Option<Span>,
    /// Whether no lead reaches the bar without it.
    pub required: bool,
}

/// A group of rules and the most they can add together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What it is called.
    pub name: String,
    /// The most.
    pub most: i64,
}

/// The scoring of a document.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Scoring {
    /// A lead is qualified from this score on.
    pub bar: Option<i64>,
    /// Groups with a limit.
    pub groups: Vec<Group>,
    /// In the order of the text.
    pub rules: Vec<Rule>,
    /// Links, pages and fields that no reader sees: whoever touches one is a machine. Parts of the content touched, lower case.
    pub traps: Vec<String>,
}

/// Reads `[scoring]`.
pub(super) fn read(root: &mut Reader<'_, '_>) -> Result<Scoring, Error> {
    let Some(mut table) = root.table("scoring")? else { return Ok(Scoring::default()) };
    let bar = table.whole("bar", 1)?;
    let groups = table.each("group", named("name", "engagement"), |group, name| {
        let most = group.whole("most", 1)?;
        Ok(Group { name: name.to_owned(), most: group.needed(most, "most", "60")? })
    })?;
    let traps = table.texts("traps")?.into_iter().map(|trap| trap.to_lowercase()).collect();
    let rules = table.each("rule", named("name", "asked for a demo"), rule)?;
    if bar.is_some() && rules.is_empty() {
        return Err(table.error("a bar without rules", "add a [[scoring.rule]], or remove the bar"));
    }
    table.done()?;
    Ok(Scoring { bar, groups, rules, traps })
}

fn rule(table: &mut Reader<'_, '_>, name: &str) -> Result<Rule, Error> {
    let group = table.text("group")?;
    let group = table.needed(group, "group", "\"fit\"")?;
    let of = table.checked("of", |of| match of {
        "lead" => Ok((Of::Lead, of.to_owned())),
        "touch" => Ok((Of::Touch, of.to_owned())),
        _ => Err((format!("`{of}` is nothing a rule looks at"), "write lead or touch".to_owned())),
    })?;
    let of = table.needed(of, "of", "\"lead\" (what is known of it) or \"touch\" (what it did)")?;
    let when = table.condition("when")?;
    let when = table.needed(when, "when", "\"title contains director\"")?;
    let points = table.whole("points", -1_000)?;
    let points = table.needed(points, "points", "10 (or -10)")?;
    if points == 0 || points > 1_000 {
        return Err(table.error("points of 0 or above 1,000", "write a whole number such as 10 or -10"));
    }
    let repeats = table.flag("repeats")?;
    let (most, half_life) = (table.whole("most", 1)?, table.span("half_life")?);
    let required = table.flag("required")?;
    if of == Of::Lead && (repeats || half_life.is_some()) {
        let hint = "remove repeats and half_life, or look at touches with of = \"touch\"";
        return Err(table.error("what is known of a lead neither repeats nor fades", hint));
    }
    if most.is_some() && !repeats {
        return Err(table.error("a limit on a rule that fires once", "add repeats = true, or remove most"));
    }
    Ok(Rule { name: name.to_owned(), group, of, when, points, repeats, most, half_life, required })
}
