//! The wiring of an import: entries go to the ledger's batch, persons and rejects to the desk.
//!
//! Invariant: the desk is flushed before the ledger's manifest is made, so that no entry names a person whom the vault
//! does not know; a batch that does not come to be leaves nothing behind.

use desk::{Desk, SourceFile};
use entries::catalogue::{lead, opportunity};
use entries::{Entry, Reject};
use import::{People, Seen, Sink, Taken, Warning};
use ledger::BatchWriter;
use terms::{Entity, Instant, Key, When};

/// Rejects held before they are written to the desk.
const HELD: usize = 1_000;

fn outside(code: &'static str, message: String, hint: Option<String>) -> import::Error {
    import::Error::outside(code, message, hint)
}

/// Where entries and rejects of one file go.
pub struct Taker<'w, 'l> {
    /// The batch under way.
    pub writer: &'w mut BatchWriter<'l>,
    /// Where rejects are kept.
    pub desk: Desk,
    /// The batch's number, as the desk names it.
    pub batch: String,
    /// The file under way.
    pub file: SourceFile,
    /// Rejects not yet written.
    pub held: Vec<Reject>,
    /// How many entries and rejects were taken from this file.
    pub taken: u64,
    /// What the operator should know.
    pub warnings: Vec<Warning>,
    /// When the batch is recorded: what closes later is only planned.
    pub recorded_at: Instant,
    /// The last closing by then: records may have no time of their own, and a closing has happened.
    pub closed: Option<Instant>,
}

/// When an opportunity closed, or a lead was won, at the latest.
fn closing(entry: &Entry) -> Option<Instant> {
    let day = match entry.entity {
        Entity::Opportunity => {
            let says = entry.get(opportunity::STAGE).stage().is_some_and(terms::Stage::is_closed);
            let closed = entry.get(opportunity::IS_CLOSED).flag().unwrap_or(says);
            closed.then(|| entry.get(opportunity::CLOSED_AT).when())?
        }
        Entity::Lead => entry.get(lead::WON_AT).when(),
        _ => return None,
    };
    match day {
        When::Instant(at) => Some(at),
        other => other.last_day().map(|day| Instant(day.plus(1).start().0 - 1)),
    }
}

impl Taker<'_, '_> {
    /// Writes what is held.
    pub fn release(&mut self) -> Result<(), desk::Error> {
        if !self.held.is_empty() {
            self.desk.keep_rejects(&self.batch, &self.file, self.held.drain(..))?;
        }
        Ok(())
    }
}

impl Sink for Taker<'_, '_> {
    fn expect(&mut self, id: Key) {
        self.writer.expect(id);
    }

    fn entry(&mut self, entry: &Entry) -> Result<Taken, import::Error> {
        self.taken += 1;
        if let Some(at) = closing(entry)
            && Instant(at.0 - 86_399_999) <= self.recorded_at
        {
            self.closed = self.closed.max(Some(at.min(self.recorded_at)));
        }
        match self.writer.append(entry) {
            Ok(true) => Ok(Taken::Added),
            Ok(false) => Ok(Taken::Unchanged),
            Err(e) => Err(outside(e.code(), e.to_string(), e.hint())),
        }
    }

    fn reject(&mut self, reject: Reject) -> Result<(), import::Error> {
        self.taken += 1;
        self.held.push(reject);
        if self.held.len() >= HELD {
            self.release().map_err(|e| outside(e.code(), e.to_string(), e.hint()))?;
        }
        Ok(())
    }

    fn warn(&mut self, warning: Warning) -> Result<(), import::Error> {
        self.warnings.push(warning);
        Ok(())
    }
}

/// The vault, as import asks for it.
pub struct Vault {
    /// Where people are kept.
    pub desk: Desk,
}

impl People for Vault {
    fn person(&mut self, seen: &Seen<'_>) -> Result<(Key, &'static str), import::Error> {
        let text = |t| if str::is_empty(t) { None } else { Some(t) };
        let asked = desk::Seen { mail: text(seen.mail), phone: text(seen.phone), name: seen.name };
        match self.desk.person(&asked) {
            Ok(Some(placed)) => Ok((placed.key, placed.rule.word())),
            Ok(None) => Err(outside("no_evidence", "a person was asked for without mail or phone".to_owned(), None)),
            Err(e) => Err(outside(e.code(), e.to_string(), e.hint())),
        }
    }

    fn alias(&mut self, entity: Entity, system: &str, name: &str) -> Result<Key, import::Error> {
        self.desk.alias(entity, system, name).map_err(|e| outside(e.code(), e.to_string(), e.hint()))
    }
}

/// A Parquet file as import reads tables.
pub fn parquet(path: &std::path::Path) -> Result<Box<dyn import::Rows + Send>, import::Error> {
    struct Foreign {
        rows: ledger::foreign::ParquetRows,
        cells: Vec<String>,
    }
    impl import::Rows for Foreign {
        fn header(&self) -> &[String] {
            self.rows.header()
        }
        fn next(&mut self, row: &mut import::Row) -> Result<bool, import::Error> {
            let more = self.rows.next(&mut self.cells).map_err(|e| outside(e.code(), e.to_string(), e.hint()))?;
            if more {
                self.cells.iter().for_each(|cell| row.push(cell));
            }
            Ok(more)
        }
    }
    let rows = ledger::foreign::parquet_rows(path).map_err(|e| outside(e.code(), e.to_string(), e.hint()))?;
    Ok(Box::new(Foreign { rows, cells: Vec::new() }))
}
