//! Disputes as the ledger and the inbox hold them.
//!
//! Not here: which steps count (`agreement::dispute`). Invariant: a step is taken in only if it counts at that moment.

use agreement::dispute::{self, ANSWER_WITHIN_MS, Act, Dispute, State, Step};
use analyses::Contested;
use desk::{Desk, Inbox};
use entries::Entry;
use entries::catalogue::dispute as field;
use ledger::{Filter, Head};
use terms::{Entity, Instant, Key, Team, When};
use web::{Answer, By, DisputeLine, Said};

use super::acted::Acted;
use super::sweep::PAGES;
use crate::failure::Failure;

/// A dispute, and the id of the lead it is about.
pub struct Known {
    pub dispute: Dispute,
    pub lead: String,
}

const fn said(team: Option<Team>) -> &'static str {
    match team {
        Some(Team::Sales) => "sales",
        Some(Team::Marketing) => "marketing",
        None => "leadership",
    }
}

fn step(entry: &Entry) -> Option<(Step, String)> {
    let text = |f| entry.get(f).text().unwrap_or_default().to_owned();
    let (When::Instant(at), side) = (entry.valid_at, text(field::PARTY)) else { return None };
    let due = match entry.get(field::DUE).when() {
        When::Instant(due) => Some(due),
        _ => None,
    };
    let step = Step {
        dispute: text(field::DISPUTE),
        at,
        act: Act::parse(&text(field::ACT), &text(field::OUTCOME))?,
        side: [Team::Sales, Team::Marketing].into_iter().find(|team| said(Some(*team)) == side),
        role: text(field::ROLE),
        about: text(field::ABOUT),
        which: text(field::WHICH),
        subject: entry.subject,
        due,
    };
    Some((step, text(field::LEAD)))
}

/// The steps that a head holds, each with the id of its lead.
pub fn steps(head: &Head) -> Result<Vec<(Step, String)>, Failure> {
    let mut out = Vec::new();
    for item in head.entries(Entity::Dispute, Filter::default())? {
        out.extend(step(&item?.1));
    }
    Ok(out)
}

/// All disputes in the order in which they were opened: those of the ledger, and where an inbox is given what waits in it.
pub fn all(of_head: &[(Step, String)], inbox: Option<&Inbox>) -> Result<Vec<Known>, Failure> {
    let mut steps = of_head.to_vec();
    if let Some(inbox) = inbox {
        for parcel in inbox.waiting(usize::MAX)?.iter().filter(|p| p.source == PAGES) {
            for line in parcel.body.lines() {
                let acted = serde_json::from_str::<Acted>(line).ok().and_then(|acted| acted.entry().ok());
                steps.extend(acted.filter(|e| e.entity == Entity::Dispute).and_then(|e| step(&e)));
            }
        }
    }
    // one that is in the ledger and has not left the inbox yet is the same step
    let mut seen = std::collections::HashSet::new();
    steps.retain(|(s, _)| seen.insert((s.dispute.clone(), s.act.word(), s.at)));
    steps.sort_by_key(|(s, _)| s.at);
    let (only, leads): (Vec<Step>, Vec<String>) = steps.into_iter().unzip();
    let lead_of = |name: &str| {
        let opened = only.iter().zip(&leads).find(|(s, _)| s.dispute == name && s.act == Act::Open);
        opened.map_or(String::new(), |(_, lead)| lead.clone())
    };
    Ok(dispute::disputes(&only).into_iter().map(|d| Known { lead: lead_of(&d.name), dispute: d }).collect())
}

/// What is contested at a head, as reports about a period count it.
pub fn contested(of_head: &[(Step, String)], period: &str) -> Result<Contested, Failure> {
    let mut out = Contested::default();
    for known in all(of_head, None)?.into_iter().filter(|k| k.dispute.state.is_contested()) {
        match known.dispute.about.as_str() {
            // a figure of another period is another figure
            "figure" => {
                if let Some((figure, of)) = known.dispute.which.split_once(" for ")
                    && of == period
                {
                    out.figures.push(figure.to_owned());
                }
            }
            _ => out.leads.push(known.dispute.subject.hash),
        }
    }
    Ok(out)
}

/// A dispute as pages show it; `owner` is the owner of its lead.
pub fn line(known: &Known, owner: String, desk: &Desk, now: Instant) -> Result<DisputeLine, Failure> {
    let d = &known.dispute;
    let about = match d.about.as_str() {
        "figure" => format!("the figure {}", d.which),
        _ => format!("that this lead was turned down: {}", d.which),
    };
    let when = |at: Instant| super::papers::minute(at);
    let notes = desk.notes(thread(&d.name))?;
    let said = notes.into_iter().map(|n| Said { when: when(n.at), user: n.user, act: n.act, words: n.words }).collect();
    Ok(DisputeLine {
        name: d.name.clone(),
        by: said_by(d.by).to_owned(),
        about,
        lead: known.lead.clone(),
        owner,
        figure: if d.about == "figure" { d.which.clone() } else { String::new() },
        opened: when(d.opened),
        due: when(d.due),
        is_overdue: d.is_overdue(now),
        state: d.state.word().to_owned(),
        is_contested: d.state.is_contested(),
        said,
    })
}

const fn said_by(team: Team) -> &'static str {
    said(Some(team))
}

/// Under what the desk keeps what was said in a dispute.
pub fn thread(name: &str) -> u64 {
    Key::of(Entity::Dispute, "lockstep", name).hash
}

/// A new dispute of a side about a lead, or about a figure where no lead is named.
pub fn open(
    (subject, lead): (Option<Key>, &str),
    (about, which): (&str, &str),
    words: &str,
    by: &By,
    at: Instant,
) -> Result<Acted, Failure> {
    let side = by.team().ok_or_else(|| Failure::new("no_side", "only who speaks for a team disputes a fact"))?;
    let name: String = desk::secret()?.iter().take(6).map(|b| format!("{b:02x}")).collect();
    let subject = subject.unwrap_or_else(|| Key::of(Entity::Dispute, "lockstep", &name));
    let told = if about == "figure" { "disputed the figure" } else { "appealed" };
    let acted = Acted::new(Entity::Dispute, subject, at, told, words)?
        .about(thread(&name))
        .with("dispute", name)
        .with("act", Act::Open.word())
        .with("about", about)
        .with("which", which)
        .with("party", said(Some(side)))
        .with("role", by.role.word())
        .with("due", at.0 + ANSWER_WITHIN_MS);
    Ok(if lead.is_empty() { acted } else { acted.with("lead", lead) })
}

/// A step of a dispute that counts, and where the dispute stands after it.
pub fn answer(known: &Known, answer: Answer, words: &str, by: &By, at: Instant) -> Result<(Acted, State), Failure> {
    let (act, told) = match answer {
        Answer::Concede => (Act::Concede, "conceded"),
        Answer::Maintain => (Act::Maintain, "stood by it"),
        Answer::Uphold => (Act::Rule(true), "ruled for it"),
        Answer::Dismiss => (Act::Rule(false), "ruled against it"),
        Answer::Withdraw => (Act::Withdraw, "took it back"),
    };
    let mut dispute = known.dispute.clone();
    let step = Step {
        dispute: dispute.name.clone(),
        at,
        act,
        side: by.team(),
        role: by.role.word().to_owned(),
        about: dispute.about.clone(),
        which: dispute.which.clone(),
        subject: dispute.subject,
        due: None,
    };
    dispute.take(&step).map_err(|why| Failure::new("not_taken", format!("`{}`: {why}", answer.word())))?;
    let acted = Acted::new(Entity::Dispute, dispute.subject, at, told, words)?
        .about(thread(&dispute.name))
        .with("dispute", dispute.name.clone())
        .with("act", act.word())
        .with("party", said(by.team()))
        .with("role", by.role.word());
    let acted = match act {
        Act::Rule(right) => acted.with("outcome", if right { "upheld" } else { "dismissed" }),
        _ => acted,
    };
    Ok((acted, dispute.state))
}
