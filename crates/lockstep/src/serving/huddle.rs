//! What both teams speak about when they meet, from what the ledger holds.
//!
//! Invariant: the same for both, at most seven things, and each leads to what is behind it.

use agreement::book::Book;
use terms::{Entity, Instant, Key};
use web::{AgendaItem, Clocks, DisputeLine};

use crate::failure::Failure;
use crate::home::Home;

/// Things at most: more is no agenda.
const MOST: usize = 7;
/// Days before the end or the review of an agreement from which it is spoken of.
const SOON: i64 = 30;
/// Days without a new record from which that is spoken of.
const STALE: i64 = 7;
/// Decisions that are shown.
pub const SHOWN: usize = 12;

/// Under what the desk keeps what was decided.
pub fn thread() -> u64 {
    Key::of(Entity::Setting, "lockstep", "huddle").hash
}

fn item(what: String, team: &str, link: &str) -> AgendaItem {
    AgendaItem { what, team: team.to_owned(), link: link.to_owned() }
}

fn many(n: usize, one: &str, several: &str) -> String {
    if n == 1 { format!("One {one}") } else { format!("{} {several}", faces::format::count(n as i64)) }
}

/// What the records themselves ask of the teams: rows that could not be read, a version that waits for a signature.
pub fn records(home: &Home, book: &Book, now: Instant) -> Result<Vec<AgendaItem>, Failure> {
    let mut out = Vec::new();
    for version in &book.versions {
        use agreement::book::State;
        if version.declined.is_some() || !matches!(book.state(version.number, now), State::Proposed | State::Unknown) {
            continue;
        }
        for (party, _) in &version.agreement.signers {
            if version.signed.iter().all(|s| s.party != *party) {
                let what =
                    format!("Version {} of the agreement waits for the signature of {}.", version.number, party.word());
                out.push(item(what, party.word(), "/agreement"));
            }
        }
    }
    if let Some(version) = book.in_force(now) {
        let days = |day: terms::Day| i64::from(day.0) - i64::from(now.day().0);
        let (number, agreement) = (version.number, &version.agreement);
        if let Some(end) = agreement.expires.filter(|end| days(*end) <= SOON) {
            let what = format!("Version {number} of the agreement ends on {end}: after that no clock runs.");
            out.push(item(what, "leadership", "/agreement"));
        } else if let Some(review) = agreement.review.filter(|review| days(*review) <= SOON) {
            let what = format!("Version {number} of the agreement is to be looked at again on {review}.");
            out.push(item(what, "leadership", "/agreement"));
        }
    }
    if let Some(through) = home.ledger.head().data_through() {
        let old = (now.0 - through.0) / 86_400_000;
        if old >= STALE {
            let what = format!(
                "The newest record is of {}, {old} days ago: what happened since counts nowhere.",
                through.day()
            );
            out.push(item(what, "leadership", "/imports"));
        }
    }
    let standing: std::collections::BTreeSet<u64> = home.ledger.head().standing().map(|m| m.seq).collect();
    let open: u64 = home
        .desk
        .reject_counts()?
        .iter()
        .filter(|c| c.batch.parse().is_ok_and(|b| standing.contains(&b)))
        .map(|c| c.rejected - c.fixed)
        .sum();
    if open > 0 {
        let n = usize::try_from(open).unwrap_or(usize::MAX);
        let rows = many(n, "row of the exports could not be read", "rows of the exports could not be read");
        out.push(item(format!("{rows}: what they say counts nowhere."), "leadership", "/ledger/rejects"));
    }
    Ok(out)
}

/// The agenda: disputes first, since facts hang on them, then what each side owes, then the records.
pub fn agenda(clocks: &Clocks, disputes: &[DisputeLine], records: Vec<AgendaItem>) -> Vec<AgendaItem> {
    let mut out = Vec::new();
    for dispute in disputes.iter().filter(|d| d.is_contested) {
        let waits = dispute.state == "maintained" || dispute.is_overdue;
        let other = if dispute.by == "sales" { "marketing" } else { "sales" };
        let about = if dispute.lead.is_empty() { dispute.figure.clone() } else { format!("lead {}", dispute.lead) };
        let what = match waits {
            true => format!("The dispute about {about} waits for a decision."),
            false => format!("The dispute about {about} waits for an answer until {} UTC.", dispute.due),
        };
        out.push(item(what, if waits { "leadership" } else { other }, "/disputes"));
    }
    // where many are in dispute, they are one thing
    if out.len() > 2 {
        let n = many(out.len(), "dispute waits", "disputes wait");
        out = vec![item(format!("{n} for an answer or a decision."), "leadership", "/disputes")];
    }
    let mut owed: Vec<(&str, &str, usize)> = Vec::new();
    for clock in &clocks.late {
        let (team, clause) = (&*clock.team, &*clock.clause);
        match owed.iter_mut().find(|(t, c, _)| *t == team && *c == clause) {
            Some((_, _, n)) => *n += 1,
            None => owed.push((team, clause, 1)),
        }
    }
    owed.sort_by_key(|(team, clause, n)| (std::cmp::Reverse(*n), *team, *clause));
    for (team, clause, n) in owed {
        let leads = many(n, "lead has", "leads have");
        let owed = match clause {
            "rejected leads" => "answer to its rejection",
            "recycled leads" => "outcome since it went back to nurture",
            other => other,
        };
        out.push(item(format!("{leads} no {owed} though its time is over."), team, "/clocks"));
    }
    let soon = clocks.running.iter().filter(|c| c.late_from.is_some_and(|at| at - clocks.as_of <= 8 * 60)).count();
    if soon > 0 {
        out.push(item(
            format!("{} due within eight hours of the clock.", many(soon, "clock is", "clocks are")),
            "sales",
            "/clocks",
        ));
    }
    out.extend(records);
    out.truncate(MOST);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use web::Clock;

    fn clock(team: &str, clause: &str, late_from: i64) -> Clock {
        Clock {
            lead: "L".into(),
            owner: "".into(),
            team: team.into(),
            clause: clause.into(),
            started: 0,
            late_from: Some(late_from),
            stands_still: false,
            loss: None,
        }
    }

    fn dispute(name: &str, state: &str) -> DisputeLine {
        DisputeLine {
            name: name.to_owned(),
            by: "marketing".to_owned(),
            about: String::new(),
            lead: name.to_owned(),
            owner: String::new(),
            figure: String::new(),
            opened: String::new(),
            due: "2026-10-12 06:11".to_owned(),
            is_overdue: false,
            state: state.to_owned(),
            is_contested: state != "conceded",
            said: Vec::new(),
        }
    }

    #[test]
    fn an_agenda_names_what_each_side_owes_and_never_more_than_seven_things() {
        let late = vec![
            clock("sales", "first attempt", 1),
            clock("sales", "first attempt", 2),
            clock("marketing", "rejected leads", 3),
        ];
        let clocks = Clocks::of(late.into_iter().chain([clock("sales", "disposition", 500)]), 100);
        let disputes = [dispute("A", "open"), dispute("B", "maintained"), dispute("C", "conceded")];
        let told: Vec<(String, String)> =
            agenda(&clocks, &disputes, vec![]).into_iter().map(|i| (i.team, i.what)).collect();
        let told: Vec<(&str, &str)> = told.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        assert_eq!(
            told,
            [
                ("sales", "The dispute about lead A waits for an answer until 2026-10-12 06:11 UTC."),
                ("leadership", "The dispute about lead B waits for a decision."),
                ("sales", "2 leads have no first attempt though its time is over."),
                ("marketing", "One lead has no answer to its rejection though its time is over."),
                ("sales", "One clock is due within eight hours of the clock."),
            ]
        );
        let many: Vec<DisputeLine> = (0..9).map(|n| dispute(&n.to_string(), "open")).collect();
        let records = (0..9).map(|n| item(n.to_string(), "leadership", "/")).collect();
        let told = agenda(&clocks, &many, records);
        assert_eq!((told.len(), told[0].what.as_str()), (7, "9 disputes wait for an answer or a decision."));
    }
}
