//! Leads, agreements, claims, the ledger and rejects, as pages lay them out.

use std::collections::BTreeSet;

use agreement::book::{Book, State};
use agreement::document::{self, Party};
use tallies::columns::lead_cycle as lead;
use tallies::{Extract, Facts, Grain, Table, Test};
use terms::Entity;
use web::{LeadPage, LedgerPage, Line, Listing, Paged, SavedLine, Signature, Standing, Text, VersionLine};

use crate::commands::agreement::said as state_in_words;
use crate::commands::status::Completeness;
use crate::commands::{claim, explain, score};
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;

fn count(n: u64) -> String {
    faces::format::count(i64::try_from(n).unwrap_or(i64::MAX))
}

fn cells<const N: usize>(cells: [String; N]) -> Vec<Text> {
    cells.into_iter().map(Text::from).collect()
}

/// A moment to the minute, as pages show it.
pub fn minute(at: terms::Instant) -> String {
    let text = at.to_string();
    text.get(..16).unwrap_or(&text).replace('T', " ")
}

/// The rows of a lead, one for each of its cycles; none where it has none.
pub fn cycles(known: &Known, key: terms::Key) -> Result<Table, Failure> {
    let hash = key.hash as i64;
    // rows are sorted by journey
    let journey = known.facts.journey_of(key.hash).map(|j| Test::Between(lead::JOURNEY, j as i64, j as i64));
    let filter = journey.into_iter().chain([Test::Between(lead::KEY, hash, hash)]).collect();
    Ok(known.facts.extract(&Extract::all(Grain::LeadCycle, filter))?)
}

/// As which owner the CRM has a lead, by its key; empty where it names none.
pub fn owner(known: &Known, key: terms::Key) -> Result<String, Failure> {
    if key.entity != Entity::Lead {
        return Ok(String::new());
    }
    let table = cycles(known, key)?;
    let owner = (0..table.rows).find_map(|row| table.text(lead::OWNER, row)).unwrap_or("");
    Ok(known.reps()?.called(owner).to_owned())
}

/// A lead by its id, and its key.
pub fn lead(known: &Known, id: &str) -> Result<(LeadPage, terms::Key), Failure> {
    let subject = explain::find(known, id)?;
    let told = explain::tell(known, subject)?;
    let filter = vec![Test::Between(lead::JOURNEY, told.journey as i64, told.journey as i64)];
    let table = known.facts.extract(&Extract::all(Grain::LeadCycle, filter))?;
    let is_own = |r: &usize| table.number(lead::KEY, *r) == Some(subject.hash as i64);
    let own = (0..table.rows).filter(is_own).max_by_key(|r| table.number(lead::CYCLE, *r));
    let stage = own.and_then(|r| table.number(lead::STAGE, r)).and_then(|n| u8::try_from(n).ok());
    let owner = own.or((table.rows > 0).then_some(0)).and_then(|r| table.text(lead::OWNER, r)).unwrap_or("");
    let owner = known.reps()?.called(owner).to_owned();
    let score = score::lines(known, (subject, &told.subjects))?.map(|score| Listing {
        title: "Its score".to_owned(),
        heads: ["Since (UTC)", "Rule", "Group", "Points", "Because"].map(str::to_owned).to_vec(),
        rows: score.lines.into_iter().map(cells).collect(),
        note: std::iter::once(score.sum).chain(score.notes).collect::<Vec<_>>().join(". ") + ".",
    });
    let lines = told
        .steps
        .into_iter()
        .map(|[when, what, effect, place]| Line { when: explain::readable(&when), what, effect, place })
        .collect();
    let stage = stage.and_then(terms::Stage::from_number).map_or("", terms::Stage::word).to_owned();
    Ok((LeadPage { id: id.to_owned(), owner, stage, lines, score, ..LeadPage::default() }, subject))
}

/// All versions, the newest first.
pub fn agreements(book: &Book, now: terms::Instant) -> Vec<VersionLine> {
    let party = |party: Party| match party {
        Party::Sales => "Sales",
        Party::Marketing => "Marketing",
        Party::Leadership => "Leadership",
    };
    let line = |v: &agreement::book::Version| {
        let standing = match book.state(v.number, now) {
            State::Unknown | State::Proposed => Standing::Proposed,
            State::Declined => Standing::Declined,
            State::Agreed { .. } => Standing::Agreed,
            State::InForce { .. } => Standing::InForce,
            State::Over { .. } => Standing::Past,
        };
        let given = |of: Party| {
            let signed = v.signed.iter().find(|s| s.party == of);
            signed.map_or(String::new(), |s| format!("by the {}, {}", s.role, s.at.day()))
        };
        let signatures = v.agreement.signers.iter().map(|(of, roles)| Signature {
            party: party(*of).to_owned(),
            word: of.word().to_owned(),
            roles: roles.clone(),
            given: given(*of),
        });
        let said = state_in_words(book, v, now);
        let mut state: String = said.chars().take(1).flat_map(char::to_uppercase).collect();
        state.extend(said.chars().skip(1));
        VersionLine {
            number: v.number,
            standing,
            state: format!("{state}."),
            hash: v.hash.chars().take(12).collect(),
            signatures: signatures.collect(),
            text: document::read_aloud(&v.agreement),
            changes: match book.in_force(now).filter(|_| matches!(standing, Standing::Proposed | Standing::Agreed)) {
                Some(before) => {
                    document::changes(&before.agreement.lines, &v.agreement.lines).iter().map(document::said).collect()
                }
                None => Vec::new(),
            },
        }
    };
    book.versions.iter().rev().map(line).collect()
}

/// Claims that either team saved, the newest first.
pub fn claims(home: &Home) -> Result<Vec<SavedLine>, Failure> {
    let fiscal = home.settings()?.fiscal;
    let line = |c: desk::SavedClaim| SavedLine {
        team: claim::said(c.team).to_owned(),
        words: format!("{} of {} is {} {}", c.metric.replace('_', " "), c.filter, c.side, c.against),
        saved: c.at.day().to_string(),
        is_early: claim::is_early(&c, fiscal),
        name: c.name,
    };
    Ok(home.desk.claims()?.into_iter().rev().map(line).collect())
}

/// Said of a place that no page gave, or that is none any more.
pub fn bad_cursor(after: &str, what: &str) -> Failure {
    Failure::new("bad_cursor", format!("`{after}`: {what}")).hint("leave `after` out to begin with the first")
}

/// How many rows of a list were shown before a place, `BATCH.ROWS`, that a page of this batch gave.
pub fn passed(after: &str, head: u64) -> Result<usize, Failure> {
    if after.is_empty() {
        return Ok(0);
    }
    let bad = |what| bad_cursor(after, what);
    let (batch, shown) = after.split_once('.').ok_or_else(|| bad("is not where a page of rows ended"))?;
    match (batch.parse::<u64>(), shown.parse::<u32>()) {
        (Ok(batch), Ok(shown)) if batch == head => Ok(shown as usize),
        (Ok(_), Ok(_)) => Err(bad("the records moved on since that page")),
        _ => Err(bad("is not where a page of rows ended")),
    }
}

/// Batches on a page.
const BATCHES: usize = 200;

/// What the ledger holds, with the batches before one.
pub fn ledger(home: &Home, after: &str) -> Result<LedgerPage, Failure> {
    let before = match after {
        "" => u64::MAX,
        _ => after.parse().map_err(|_| bad_cursor(after, "is not where a page of batches ended"))?,
    };
    let head = home.ledger.head();
    let through =
        |at: Option<terms::Instant>| at.map_or_else(|| "not known".to_owned(), |t| explain::readable(&t.to_string()));
    let entries = Entity::ALL
        .into_iter()
        .filter(|e| head.count(*e) > 0)
        .map(|e| cells([e.word().replace('_', " "), count(head.count(e)), through(head.data_through_of(e))]))
        .collect();
    let withdrawn = head.withdrawn();
    let mut shown: Vec<_> = head.manifests().rev().filter(|m| m.seq < before).take(BATCHES + 1).collect();
    let is_more = shown.len() > BATCHES;
    shown.truncate(BATCHES);
    let next = shown.last().filter(|_| is_more).map_or(String::new(), |m| m.seq.to_string());
    let batches = shown
        .into_iter()
        .map(|m| {
            let state =
                withdrawn.get(&m.seq).map_or(String::new(), |(by, w)| format!("withdrawn by batch {by}: {}", w.reason));
            let entries: u64 = m.counts.values().sum();
            let recorded = explain::readable(&m.recorded_at.to_string());
            let mut line = cells([
                m.seq.to_string(),
                recorded,
                m.source.clone(),
                count(m.files.len() as u64),
                count(entries),
                count(m.rejects),
                state,
            ]);
            if let Some(first) = line.first_mut().filter(|_| m.seq != head.seq()) {
                first.link = Some(format!("/reports/verdict?at={}", m.seq));
            }
            line
        })
        .collect();
    Ok(LedgerPage {
        next,
        head: head.seq(),
        hash: head.hash().to_owned(),
        through: through(head.data_through()),
        completeness: Completeness::of(head).sentence(),
        entries: Listing {
            title: "What was observed".to_owned(),
            heads: ["Entries", "How many", "Last happened (UTC)"].map(str::to_owned).to_vec(),
            rows: entries,
            note: String::new(),
        },
        batches: Listing {
            title: "Batches".to_owned(),
            heads: ["Batch", "Recorded (UTC)", "From", "Files", "Entries", "Rejects", "State"]
                .map(str::to_owned)
                .to_vec(),
            rows: batches,
            note: String::new(),
        },
    })
}

/// Rejects on a page.
const SHOWN: usize = 500;

/// Rows that could not be read and were not mended since, those after a place: `BATCH.NUMBER` of the last before.
pub fn rejects(home: &Home, after: &str) -> Result<Paged, Failure> {
    let standing: BTreeSet<u64> = home.ledger.head().standing().map(|m| m.seq).collect();
    let counts = home.desk.reject_counts()?;
    let open = counts.iter().filter(|c| c.batch.parse().is_ok_and(|b| standing.contains(&b)) && c.rejected > c.fixed);
    let total: u64 = open.clone().map(|c| c.rejected - c.fixed).sum();
    let batches: BTreeSet<u64> = open.filter_map(|c| c.batch.parse().ok()).collect();
    let (from, passed) = match after {
        "" => (0, 0),
        _ => after
            .split_once('.')
            .and_then(|(b, id)| Some((b.parse().ok()?, id.parse().ok()?)))
            .ok_or_else(|| bad_cursor(after, "is not where a page of rejects ended"))?,
    };
    let (mut rows, mut last, mut next) = (Vec::new(), String::new(), String::new());
    'all: for batch in batches.range(from..) {
        let name = batch.to_string();
        for kept in home.desk.rejects(&name) {
            let kept = kept?;
            if kept.fixed.is_some() || *batch == from && kept.id <= passed {
                continue;
            }
            if rows.len() >= SHOWN {
                next = last;
                break 'all;
            }
            last = format!("{batch}.{}", kept.id);
            let r = &kept.reject;
            let file =
                counts.iter().find(|c| c.batch == name && c.file.number == r.row.file).map_or("", |c| &c.file.name);
            let short = file.rsplit('/').next().unwrap_or(file);
            let place = format!("{short}:{}", r.row.line);
            let mut line =
                cells([place, r.column.clone(), faces::rows::cut(&r.read, 60), r.expected.clone(), r.hint.clone()]);
            if let Some(first) = line.first_mut().filter(|_| !kept.erased) {
                first.link = Some(format!("/ledger/rejects/{batch}.{}", r.row.file));
            }
            rows.push(line);
        }
    }
    let note = if rows.is_empty() {
        "None: every row that was read is used, mended since, or ignored with a reason.".to_owned()
    } else {
        format!(
            "{} of {}. A row is mended where it stands: open it. Many at once: lockstep rejects --export fixed/, mend the rows, lockstep import fixed/",
            count(rows.len() as u64),
            count(total)
        )
    };
    let list = Listing {
        title: "Rows that could not be read".to_owned(),
        heads: ["Where", "Column", "Read", "Expected", "Hint"].map(str::to_owned).to_vec(),
        rows,
        note,
    };
    Ok(Paged { list, next })
}
