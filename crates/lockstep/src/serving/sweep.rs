//! From the inbox to the ledger: what waits becomes one batch.
//!
//! Invariant: a parcel leaves the inbox only after the batch that holds it is in the ledger; what is taken twice, because the
//! program was ended between the two, is known by its id and changes nothing.

use desk::{Inbox, Parcel};
use entries::{Entry, FileCount, Ignored, RowRef};
use import::Item;
use ledger::{BatchMeta, Commit, ImportedFile, Outcome};
use terms::{Currency, Instant};

use super::acted::Acted;
use crate::failure::Failure;
use crate::home::Home;
use crate::importing::Vault;

/// The name of the source of what is done on pages, in the ledger and as the place of its rows.
pub const PAGES: &str = "pages";
/// And of what programs push.
pub const API: &str = "api";

/// Bytes of a batch at most.
const MOST_BYTES: usize = 8 << 20;

/// Takes what waits to the ledger, as one batch of one source; more may wait still. The number of its batch, where it holds
/// anything new.
///
/// # Errors
/// Where the ledger is being written by another process, or cannot be; all waits on then.
pub fn sweep(home: &mut Home, inbox: &Inbox, now: Instant) -> Result<Option<u64>, Failure> {
    let mut parcels = inbox.waiting(MOST_BYTES)?;
    let Some(source) = parcels.first().map(|p| p.source.clone()) else { return Ok(None) };
    let others = parcels.iter().position(|p| p.source != source).unwrap_or(parcels.len());
    parcels.truncate(others);
    let usual = home.settings()?.currency;
    let meta = BatchMeta {
        // a clock that was set back since the last batch stops nobody from being heard
        recorded_at: home.ledger.head().recorded_at().map_or(now, |last| last.max(now)),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        source: source.clone(),
        settings: home.desk.settings()?,
    };
    let desk = home.desk.clone();
    let mut vault = Vault { desk: desk.clone() };
    let mut writer = home.ledger.begin(meta)?;
    let mut refused = None;
    let (mut line, mut used, mut content) = (0u32, 0u64, blake3::Hasher::new());
    let mut made: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
    'all: for parcel in &parcels {
        for text in parcel.body.lines() {
            line += 1;
            content.update(text.as_bytes()).update(b"\n");
            let taken = entry_of(parcel, text, line, usual, &mut vault).and_then(|(entry, note)| {
                if let Some(note) = note {
                    desk.keep_note(&note)?;
                }
                Ok((writer.append(&entry)?, entry.entity))
            });
            match taken {
                Ok((true, entity)) => {
                    used += 1;
                    *made.entry(entity.word().to_owned()).or_default() += 1;
                }
                Ok((false, _)) => {}
                Err(failure) => {
                    refused = Some((parcel.number, failure));
                    break 'all;
                }
            }
        }
    }
    if let Some((number, failure)) = refused {
        writer.abort();
        desk.discard()?;
        // what is wrong with one parcel keeps no other from the ledger; a full disk is wrong with none
        if matches!(failure.code.as_str(), "damaged" | "key_collision" | "wrong_kind") {
            inbox.set_aside(number, &failure.message)?;
        }
        return Err(failure);
    }
    let rows = u64::from(line);
    let ignored =
        if used < rows { vec![Ignored { reason: "unchanged".to_owned(), rows: rows - used }] } else { Vec::new() };
    let count = FileCount {
        file: source.clone(),
        mapping: "items".to_owned(),
        rows,
        used,
        rejected: 0,
        ignored,
        entries: made.into_iter().collect(),
    };
    let content_hash = content.finalize().to_hex().to_string();
    let files = vec![ImportedFile { count, content_hash, mapping_hash: "items".to_owned() }];
    // persons before the entries that name them
    desk.flush()?;
    let outcome = writer.commit(Commit { files, is_own: source == PAGES, ..Commit::default() })?;
    let numbers: Vec<i64> = parcels.iter().map(|p| p.number).collect();
    inbox.done(&numbers, now)?;
    Ok(match outcome {
        Outcome::Committed { seq, .. } => Some(seq),
        Outcome::NothingNew { .. } => None,
    })
}

/// The entry of a line, and what was said about it.
fn entry_of(
    parcel: &Parcel,
    text: &str,
    line: u32,
    usual: Option<Currency>,
    vault: &mut Vault,
) -> Result<(Entry, Option<desk::Note>), Failure> {
    let damaged = |what: String| Failure::new("damaged", format!("parcel {} of the inbox: {what}", parcel.number));
    let row = RowRef { file: 0, line };
    if parcel.source == PAGES {
        let acted: Acted = serde_json::from_str(text).map_err(|e| damaged(e.to_string()))?;
        let mut entry = acted.entry()?;
        entry.row = row;
        return Ok((entry, acted.note(&parcel.sender)?));
    }
    let json = serde_json::from_str(text).map_err(|e| damaged(e.to_string()))?;
    // it was read once before it was taken in
    let item = Item::read(&json, parcel.received, usual).map_err(|w| damaged(format!("{}: {}", w.part, w.expected)))?;
    Ok((item.entry(row, vault)?, None))
}
