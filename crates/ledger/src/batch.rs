//! Writing one batch: entries are appended, what is known is left out, parts are staged, the manifest makes it all real.
//!
//! Order of a commit: every part is written and synced, the batch's folder is synced, `batches/` is synced, and only then is the
//! manifest created, whole or not at all, if no other writer created that number. Killed anywhere before, there is a
//! folder that no manifest names; the next batch removes it.
//! Invariant: an unfinished batch changes nothing that a reader can see.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use entries::Entry;
use terms::{Entity, Instant, Key};

use crate::builder::Builder;
use crate::flush::{Flusher, Job, Written};
use crate::head::Link;
use crate::known::Known;
use crate::lock::WriterLock;
use crate::older::Older;
use crate::{Error, ImportedFile, Ledger, Manifest, Withdrawal, durable, format, manifest, part};

/// What is said about a batch when it is begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BatchMeta {
    /// When it is recorded: now, as the caller's clock says; not before the last batch.
    pub recorded_at: Instant,
    /// The version of the engine.
    pub engine: String,
    /// From where it comes: `salesforce export`, `api`, `demo`.
    pub source: String,
    /// The settings in force, by name.
    pub settings: BTreeMap<String, String>,
}

/// What is said about a batch when it is committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Commit {
    /// The files, in the order of the file numbers of the entries.
    pub files: Vec<ImportedFile>,
    /// How many rows were rejected.
    pub rejects: u64,
    /// Where the caller keeps the rejected rows.
    pub rejects_file: Option<String>,
    /// A moment by which something had happened, where the caller knows a later one than the entries' own times say.
    pub data_through: Option<Instant>,
    /// Whether people wrote it in Lockstep itself: it tells nothing of how far the records of other systems go.
    pub is_own: bool,
}

/// What came of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is in the ledger, durably; this is the hash of the new head.
    Committed {
        /// Its number.
        seq: u64,
        /// The hash of the head that it makes.
        hash: String,
    },
    /// It held nothing that was not known; the head is still this one.
    NothingNew {
        /// The number of the head's batch.
        seq: u64,
        /// The head's hash.
        hash: String,
    },
}

/// Parts are written before they are full where all that is in memory passes this.
const MAX_BYTES_OF_ALL: usize = 256 << 20;

/// A batch in the making. Dropped without a commit, it leaves nothing behind.
#[derive(Debug)]
pub struct BatchWriter<'a> {
    ledger: &'a mut Ledger,
    meta: BatchMeta,
    id: String,
    folder: PathBuf,
    kinds: Vec<Option<OfKind>>,
    flusher: Flusher,
    bytes: usize,
    max_rows: usize,
    pub(crate) withdraws: Vec<Withdrawal>,
    failed: bool,
    committed: bool,
    _lock: WriterLock,
}

#[derive(Debug)]
struct OfKind {
    known: Known,
    builder: Builder,
    parts: u32,
    entries: u64,
}

impl<'a> BatchWriter<'a> {
    pub(crate) fn begin(ledger: &'a mut Ledger, meta: BatchMeta) -> Result<BatchWriter<'a>, Error> {
        let lock = WriterLock::take(&ledger.root())?;
        ledger.refresh()?;
        if let Some(last) = ledger.head().recorded_at().filter(|last| *last > meta.recorded_at) {
            return Err(Error::clock_behind(meta.recorded_at, last));
        }
        remove_leftovers(ledger)?;
        // the same imports make the same ids: nothing here is random or of this machine
        let seq = ledger.head().seq() + 1;
        let seed = format!("{}\n{}\n{}", ledger.head().hash(), meta.recorded_at.0, meta.source);
        let id = format!("{seq:08}-{}", &blake3::hash(seed.as_bytes()).to_hex()[..12]);
        let folder = ledger.head().store.path(&format!("batches/{id}"));
        durable::folder(&folder)?;
        Ok(BatchWriter {
            kinds: Entity::ALL.iter().map(|_| None).collect(),
            flusher: Flusher::start(ledger.head().clone()),
            ledger,
            meta,
            id,
            folder,
            bytes: 0,
            max_rows: part::MAX_ROWS,
            withdraws: Vec::new(),
            failed: false,
            committed: false,
            _lock: lock,
        })
    }

    /// The number that the batch will have.
    pub fn seq(&self) -> u64 {
        self.ledger.head().seq() + 1
    }

    /// The head on top of which the batch is written.
    pub(crate) fn head(&self) -> &crate::Head {
        self.ledger.head()
    }

    /// Appends an entry; `false` where it is unchanged, that is, known already or in this batch already.
    ///
    /// # Errors
    /// `key_collision`, `wrong_kind`, or what writing a part may give; the batch cannot be committed after any of them.
    pub fn append(&mut self, entry: &Entry) -> Result<bool, Error> {
        let appended = self.try_append(entry);
        self.failed |= appended.is_err();
        appended
    }

    /// Appends many; `news` is given one answer for each, as of [`BatchWriter::append`]. Faster than one by one, since what is known
    /// of them is fetched from memory together.
    ///
    /// # Errors
    /// As of [`BatchWriter::append`].
    pub fn append_all(&mut self, entries: &[Entry], news: &mut Vec<bool>) -> Result<(), Error> {
        news.clear();
        for few in entries.chunks(64) {
            let warm = |e: &Entry| self.kinds[e.entity as usize].as_ref().map_or(0, |kind| kind.known.warm(e.id.hash));
            std::hint::black_box(few.iter().map(warm).fold(0, |all, one| all ^ one));
            for entry in few {
                news.push(self.append(entry)?);
            }
        }
        Ok(())
    }

    /// An entry of this key is about to be appended: what is known of it is fetched from memory while the caller does
    /// something else. Changes nothing.
    pub fn expect(&self, id: Key) {
        if let Some(kind) = &self.kinds[id.entity as usize] {
            std::hint::black_box(kind.known.warm(id.hash));
        }
    }

    fn try_append(&mut self, entry: &Entry) -> Result<bool, Error> {
        if self.failed {
            return Err(Error::batch_failed());
        }
        let entity = entry.entity;
        if entry.id.entity != entity {
            let cause = format!(
                "the key of {} `{}` was given to an entry of another kind",
                entry.id.entity.word(),
                entry.id_text
            );
            return Err(Error::wrong_kind(entity, "id", cause));
        }
        let slot = &mut self.kinds[entity as usize];
        let of_kind = match slot {
            Some(of_kind) => of_kind,
            None => slot.insert(OfKind {
                known: Known::new(Older::open(self.ledger.head(), entity)?),
                builder: Builder::new(entity),
                parts: 0,
                entries: 0,
            }),
        };
        let digest = entry.digest();
        of_kind.known.recall(entry.id.hash)?;
        let news = of_kind
            .known
            .see(entry.id.hash, digest, &entry.id_text, entry.valid_at.order())
            .map_err(|_| Error::key_collision(entity, &entry.id_text))?;
        if !news {
            return Ok(false);
        }
        let before = of_kind.builder.bytes();
        of_kind.builder.push(entry, digest)?;
        of_kind.entries += 1;
        self.bytes += of_kind.builder.bytes() - before;
        if of_kind.builder.rows() >= self.max_rows || of_kind.builder.bytes() >= part::MAX_BYTES {
            self.flush(entity)?;
        } else if self.bytes >= MAX_BYTES_OF_ALL {
            self.flush_largest()?;
        }
        Ok(true)
    }

    /// How many entries of this kind are new in this batch so far.
    pub fn entries(&self, entity: Entity) -> u64 {
        self.kinds[entity as usize].as_ref().map_or(0, |k| k.entries)
    }

    fn flush_largest(&mut self) -> Result<(), Error> {
        let bytes = |entity: &Entity| self.kinds[*entity as usize].as_ref().map_or(0, |k| k.builder.bytes());
        match Entity::ALL.into_iter().max_by_key(bytes) {
            Some(largest) => self.flush(largest),
            None => Ok(()),
        }
    }

    fn flush(&mut self, entity: Entity) -> Result<(), Error> {
        let Some(of_kind) = &mut self.kinds[entity as usize] else { return Ok(()) };
        if of_kind.builder.rows() == 0 {
            return Ok(());
        }
        let builder = std::mem::replace(&mut of_kind.builder, Builder::new(entity));
        self.bytes -= builder.bytes();
        of_kind.parts += 1;
        let file = format!("{}-{:04}.parquet", entity.word(), of_kind.parts);
        self.flusher.send(Job {
            path: self.folder.join(&file),
            name: format!("batches/{}/{file}", self.id),
            entity,
            builder,
            until: self.meta.recorded_at,
        })
    }

    /// Makes the batch part of the ledger, durably, unless it holds nothing new: no entry, and no file with rejects
    /// that was not known.
    ///
    /// # Errors
    /// `lost_race` where another writer made the next batch meanwhile; what writing may give, such as `disk_full`. The
    /// ledger is then as it was.
    pub fn commit(mut self, commit: Commit) -> Result<Outcome, Error> {
        if self.failed {
            return Err(Error::batch_failed());
        }
        for entity in Entity::ALL {
            self.flush(entity)?;
        }
        let written = self.flusher.join()?;
        let head = self.ledger.head();
        let unknown = |f: &ImportedFile| head.knows_file(&f.content_hash, &f.mapping_hash).is_none();
        if written.is_empty()
            && self.withdraws.is_empty()
            && !commit.files.iter().any(|f| f.count.rejected > 0 && unknown(f))
        {
            return Ok(Outcome::NothingNew { seq: head.seq(), hash: head.hash().to_owned() });
        }
        durable::sync_folder(&self.folder)?;
        durable::sync_folder(&head.store.path("batches"))?;

        let manifest = self.manifest(commit, written);
        let seq = manifest.seq;
        let name = format!("manifests/{}", manifest::file_name(seq));
        let path = head.store.path(&name);
        let bytes = manifest::bytes(&manifest, &path)?;
        let created = durable::create_whole(&self.folder.join("manifest.new"), &path, &bytes);
        // from here on the parts may be named by a manifest: they are left alone unless it is certain that none does
        self.committed = !matches!(created, Ok(false)) && path.exists();
        if !created? {
            return Err(Error::lost_race(seq));
        }
        let hash = blake3::hash(&bytes).to_hex().to_string();
        self.ledger.push(Link { hash: hash.clone(), manifest });
        Ok(Outcome::Committed { seq, hash })
    }

    /// Drops the batch; the ledger is as it was.
    pub fn abort(self) {}

    fn manifest(&self, commit: Commit, written: Vec<Written>) -> Manifest {
        let head = self.ledger.head();
        let mut counts = BTreeMap::new();
        let mut days = BTreeMap::<String, BTreeMap<String, u64>>::new();
        let mut through = BTreeMap::<String, Instant>::new();
        let mut parts: Vec<(Entity, crate::Part)> = Vec::new();
        for Written { entity, part, census } in written {
            *counts.entry(entity.word().to_owned()).or_insert(0) += part.rows;
            let of_entity = days.entry(entity.word().to_owned()).or_default();
            for (day, n) in census.days {
                *of_entity.entry(day.map_or_else(|| "unknown".to_owned(), |d| d.to_string())).or_insert(0) += n;
            }
            if let Some(last) = census.through {
                let known = through.entry(entity.word().to_owned()).or_insert(last);
                *known = last.max(*known);
            }
            parts.push((entity, part));
        }
        parts.sort_by_key(|(entity, _)| *entity); // stable: parts of one entity stay in the order they were filled
        let happens = |entity: &Entity| {
            use Entity::{Agreement, Dispute, Link, Plan, Rate, Request, Setting};
            !matches!(entity, Plan | Rate | Link | Setting | Agreement | Dispute | Request)
        };
        let computed = Entity::ALL.iter().filter(|e| happens(e)).filter_map(|e| through.get(e.word())).max().copied();
        Manifest {
            format: if self.withdraws.is_empty() { format::PLAIN } else { format::FORMAT },
            seq: head.seq() + 1,
            previous: head.hash().to_owned(),
            id: self.id.clone(),
            recorded_at: self.meta.recorded_at,
            engine: self.meta.engine.clone(),
            source: self.meta.source.clone(),
            settings: self.meta.settings.clone(),
            files: commit.files,
            rejects: commit.rejects,
            rejects_file: commit.rejects_file,
            counts,
            days,
            data_through: if commit.is_own { None } else { commit.data_through.max(computed) },
            data_through_by_entity: through,
            parts: parts.into_iter().map(|(_, part)| part).collect(),
            withdraws: self.withdraws.clone(),
        }
    }
}

impl Drop for BatchWriter<'_> {
    fn drop(&mut self) {
        if !self.committed {
            let _ = self.flusher.join();
            let _ = fs::remove_dir_all(&self.folder); // if it stays, the next batch removes it
            if let Some(index) = &self.ledger.head().store.index {
                let _ = fs::remove_dir_all(index.join(&self.id));
            }
        }
    }
}

/// Removes the folders of batches that no manifest names. Called with the writers' lock, so nobody is at work in them.
fn remove_leftovers(ledger: &Ledger) -> Result<(), Error> {
    let folder = ledger.head().store.path("batches");
    let named: BTreeSet<&str> = ledger.manifests().map(|m| m.id.as_str()).collect();
    for found in fs::read_dir(&folder).map_err(|e| Error::io("list", &folder, e))? {
        let found = found.map_err(|e| Error::io("list", &folder, e))?;
        if found.file_name().to_str().is_some_and(|name| !named.contains(name)) {
            let path = found.path();
            let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
            removed.map_err(|e| Error::io("remove", &path, e))?;
        }
    }
    // what is derived of a batch that does not exist is in nobody's way
    let derived = ledger.head().store.index.as_ref().and_then(|index| fs::read_dir(index).ok());
    for found in derived.into_iter().flatten().flatten() {
        if found.file_name().to_str().is_some_and(|name| !named.contains(name)) {
            let _ = fs::remove_dir_all(found.path());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Filter, Verdict};

    fn meta() -> BatchMeta {
        let settings = BTreeMap::new();
        BatchMeta { recorded_at: Instant(0), engine: String::new(), source: String::new(), settings }
    }

    #[test]
    fn a_batch_of_many_parts_reads_as_one() {
        let folder = tempfile::tempdir().unwrap();
        let mut ledger = Ledger::create(folder.path()).unwrap();
        for round in 0..2 {
            let mut batch = ledger.begin(meta()).unwrap();
            batch.max_rows = 100;
            for n in 0..1_050u64 {
                let mut entry = Entry::new(Entity::Touch);
                entry.id.hash = n << 40;
                entry.subject = Key { entity: Entity::Lead, hash: n << 54 };
                assert_eq!(batch.append(&entry).unwrap(), round == 0);
            }
            batch.commit(Commit::default()).unwrap();
        }
        let head = Ledger::open(folder.path()).unwrap().head().clone();
        assert_eq!((head.seq(), head.parts(Entity::Touch).count(), head.count(Entity::Touch)), (1, 11, 1_050));
        let mut ids: Vec<u64> =
            head.entries(Entity::Touch, Filter::default()).unwrap().map(|e| e.unwrap().1.id.hash >> 40).collect();
        ids.sort_unstable();
        assert!(ids.into_iter().eq(0..1_050));
        assert!(matches!(ledger.verify().unwrap(), Verdict::Verified(_)));
    }
}
