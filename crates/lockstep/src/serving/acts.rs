//! What people do about a lead on its page: checked against what is known, and put where it cannot be lost.
//!
//! Invariant: what is done here stands in the ledger as one entry of its own; it changes no record of another system.

use agreement::document::Agreement;
use entries::catalogue::rep;
use ledger::Filter;
use tallies::columns::lead_cycle as lead;
use terms::{Entity, Instant, Key, Stage};
use web::{By, Doing, LeadAct, Reason};

use super::acted::Acted;
use super::{disputes, papers};
use crate::commands::explain;
use crate::failure::Failure;
use crate::known::Known;

/// The longest that can be said about a lead, in characters.
pub const LONGEST: usize = 500;

/// What was done, and how it is told to who did it.
pub struct Done {
    /// On their way to the ledger, in order.
    pub acted: Vec<Acted>,
    /// What was recorded, in words.
    pub what: String,
}

/// Why leads can be turned down: by the agreement in force, or by words that most have where it names none.
pub fn reasons(known: &Known, now: Instant) -> Result<Vec<Reason>, Failure> {
    let force = known.in_force(now, None)?.into_iter().rfind(|f| f.until.is_none_or(|u| now < u));
    let of = |a: &Agreement| -> Vec<Reason> {
        let one = |r: &agreement::document::Reason| Reason {
            name: r.name.clone(),
            then: r.then.word().to_owned(),
            means: r.means.clone().unwrap_or_default(),
        };
        a.reasons.iter().map(one).collect()
    };
    let agreed = force.map(|f| of(&f.agreement)).unwrap_or_default();
    if !agreed.is_empty() {
        return Ok(agreed);
    }
    let usual =
        [("not a fit", Stage::Rejected), ("too early", Stage::Recycled), ("will never buy", Stage::Disqualified)];
    Ok(usual
        .into_iter()
        .map(|(name, then)| Reason {
            name: name.to_owned(),
            then: then.word().to_owned(),
            means: "a usual word; the agreement in force names none".to_owned(),
        })
        .collect())
}

/// Where a lead stands, by the facts of its last cycle.
pub fn stage(known: &Known, key: Key) -> Result<Option<Stage>, Failure> {
    let table = papers::cycles(known, key)?;
    let last = (0..table.rows).max_by_key(|row| table.number(lead::CYCLE, *row));
    let number = last.and_then(|row| table.number(lead::STAGE, row));
    Ok(number.and_then(|n| Stage::from_number(u8::try_from(n).ok()?)))
}

/// The key of the rep whom the CRM knows by an id.
fn rep_of(known: &Known, owner: &str) -> Result<Option<Key>, Failure> {
    if owner.is_empty() {
        return Ok(None);
    }
    for item in known.head.entries(Entity::Rep, Filter::default())? {
        let (_, entry) = item?;
        if entry.id_text == owner && entry.get(rep::ACTIVE).flag().is_none_or(|active| active) {
            return Ok(Some(entry.id));
        }
    }
    Ok(None)
}

fn cannot(message: impl Into<String>) -> Failure {
    Failure::new("cannot_now", message)
}

/// What is said, in one line of at most so many characters.
pub fn words(text: &str) -> Result<String, Failure> {
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.chars().count() > LONGEST {
        let length = words.chars().count();
        return Err(Failure::new("too_long", format!("what is said has {length} characters, {LONGEST} at most")));
    }
    Ok(words)
}

/// Checks an act about a lead and makes what is to be recorded of it.
pub fn act(known: &Known, id: &str, act: &LeadAct, by: &By, now: Instant) -> Result<Done, Failure> {
    let key = explain::find(known, id)?;
    if key.entity != Entity::Lead {
        return Err(cannot(format!("`{id}`: is no lead")).hint("open the lead that it came from"));
    }
    let said = words(&act.words)?;
    let at = stage(known, key)?;
    let moved = |to: Stage, told: String, reason: Option<&str>| -> Result<Done, Failure> {
        let acted = Acted::new(Entity::StageChange, key, now, &told, &said)?
            .with("stage", to.word())
            .with_key("by", rep_of(known, &by.owner)?);
        let acted = reason.into_iter().fold(acted, |acted, reason| acted.with("reason", reason));
        let acted = at.into_iter().fold(acted, |acted, from| acted.with("from_stage", from.word()));
        Ok(Done { acted: vec![acted], what: told })
    };
    match act.doing {
        Doing::Call | Doing::Email | Doing::Meeting => {
            let told = match (act.doing, act.reached) {
                (Doing::Call, true) => "called, and both spoke",
                (Doing::Call, false) => "called, nobody there",
                (Doing::Email, true) => "wrote, and got an answer",
                (Doing::Email, false) => "wrote",
                (_, true) => "met",
                (_, false) => "went to a meeting to which the other side did not come",
            };
            let acted = Acted::new(Entity::Activity, key, now, told, &said)?
                .with("kind", act.doing.word())
                .with("direction", "outbound")
                .with("two_way", act.reached)
                .with("automatic", false)
                .with("done", true)
                .with("logged_at", now.0)
                .with_key("rep", rep_of(known, &by.owner)?);
            Ok(Done { acted: vec![acted], what: told.to_owned() })
        }
        Doing::Accept => match at {
            Some(Stage::Sal | Stage::Sql | Stage::Opportunity | Stage::ClosedWon) => {
                Err(cannot(format!("`{id}`: sales has accepted it already")))
            }
            _ => moved(Stage::Sal, "accepted".to_owned(), None),
        },
        Doing::TurnDown => {
            let all = reasons(known, now)?;
            let Some(reason) = all.iter().find(|r| r.name == act.reason) else {
                let names: Vec<&str> = all.iter().map(|r| r.name.as_str()).collect();
                return Err(Failure::new("no_reason", "a lead is turned down for one of the reasons of the agreement")
                    .hint(format!("one of: {}", names.join("; "))));
            };
            let to = Stage::parse(&reason.then).unwrap_or(Stage::Rejected);
            if by.team() == Some(terms::Team::Marketing)
                && !(at == Some(Stage::Rejected) && matches!(to, Stage::Recycled | Stage::Disqualified))
            {
                return Err(cannot("marketing answers a rejected lead: it goes back to nurture, or is out for good"));
            }
            if at == Some(to) || matches!(at, Some(Stage::ClosedWon)) {
                return Err(cannot(format!("`{id}`: is {} already", at.map_or("", Stage::word).replace('_', " "))));
            }
            moved(to, format!("{}: {}", to.word(), reason.name), Some(&reason.name))
        }
        Doing::Appeal => {
            if !matches!(at, Some(Stage::Rejected | Stage::Disqualified | Stage::Recycled)) {
                return Err(cannot(format!("`{id}`: is not turned down, so there is nothing to appeal")));
            }
            if said.is_empty() {
                return Err(Failure::new(
                    "no_words",
                    "an appeal says in a sentence why the lead was turned down wrongly",
                ));
            }
            let which = turned_down(known, key)?;
            let acted = disputes::open((Some(key), id), ("disposition", &which), &said, by, now)?;
            Ok(Done { acted: vec![acted], what: "appealed".to_owned() })
        }
    }
}

/// Why a lead was turned down last, as far as that was recorded.
fn turned_down(known: &Known, key: Key) -> Result<String, Failure> {
    use entries::catalogue::{lead as record, stage_change};
    let of = |entity| known.head.entries(entity, Filter { subject: Some(key), ..Filter::default() });
    let mut out: (i64, String) = (i64::MIN, String::new());
    for item in of(Entity::StageChange)? {
        let (_, entry) = item?;
        if let Some(reason) = entry.get(stage_change::REASON).text()
            && entry.valid_at.order().0 >= out.0
        {
            out = (entry.valid_at.order().0, reason.to_owned());
        }
    }
    if out.1.is_empty() {
        for item in of(Entity::Lead)? {
            let (_, entry) = item?;
            if let Some(reason) = entry.get(record::REASON).text().or_else(|| entry.get(record::STAGE_RAW).text()) {
                reason.clone_into(&mut out.1);
            }
        }
    }
    Ok(if out.1.is_empty() { "no reason recorded".to_owned() } else { out.1 })
}
