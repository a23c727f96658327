//! A head: what was known when one batch had been recorded. It names that batch by its hash and reaches all before it.
//!
//! Invariant: a head never changes; batches that come later are not seen through it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use hashbrown::HashMap;
use parquet::arrow::arrow_reader::ArrowReaderMetadata;
use terms::{Entity, Instant};

use crate::index::Held;
use crate::manifest::GENESIS;
use crate::store::Store;
use crate::{Error, ImportedFile, Manifest, Part, Withdrawal};

/// Which head is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadSpec {
    /// The last batch.
    Latest,
    /// The batch with this number; 0 is the ledger before its first batch.
    Seq(u64),
    /// What was known at this instant: the batches recorded by then.
    Date(Instant),
    /// The batch whose hash begins with these hexadecimal digits (at least 6).
    Hash(String),
}

/// A manifest with the hash of its file.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) hash: String,
    pub(crate) manifest: Manifest,
}

/// What the ledger held at one point of its chain.
#[derive(Clone, Debug)]
pub struct Head {
    pub(crate) store: Store,
    pub(crate) links: Vec<Arc<Link>>,
    pub(crate) footers: Footers,
    pub(crate) derived: Derived,
}

/// What is derived of parts, shared by all heads of one opened ledger, each by its part's path and kind: a file of it is
/// looked over as a whole when it is first opened, and not each time.
#[derive(Clone, Debug, Default)]
pub(crate) struct Derived(Arc<Mutex<HashMap<OfPart, Arc<Held>>>>);

/// The path of a part, and what is derived of it.
type OfPart = (String, &'static str);

impl Derived {
    pub(crate) fn get(&self, part: &str, kind: &'static str) -> Option<Arc<Held>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(&(part.to_owned(), kind)).cloned()
    }

    pub(crate) fn put(&self, part: &str, kind: &'static str, held: Arc<Held>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert((part.to_owned(), kind), held);
    }
}

/// Parsed footers of parts, shared by all heads of one opened ledger. Parts never change, so neither do these.
#[derive(Clone, Debug, Default)]
pub(crate) struct Footers(Arc<Mutex<HashMap<String, ArrowReaderMetadata>>>);

impl Footers {
    pub(crate) fn get(&self, part: &str) -> Option<ArrowReaderMetadata> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(part).cloned()
    }

    pub(crate) fn put(&self, part: &str, footer: ArrowReaderMetadata) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(part.to_owned(), footer);
    }
}

impl Head {
    /// The number of its last batch, 0 where there is none.
    pub fn seq(&self) -> u64 {
        self.links.len() as u64
    }

    /// The BLAKE3 hash of its last manifest in hexadecimal, 64 zeros where there is none.
    pub fn hash(&self) -> &str {
        self.links.last().map_or(GENESIS, |link| &link.hash)
    }

    /// The manifests of its batches, first to last.
    pub fn manifests(&self) -> impl DoubleEndedIterator<Item = &Manifest> + ExactSizeIterator {
        self.links.iter().map(|link| &link.manifest)
    }

    /// The manifest of one of its batches.
    pub fn manifest(&self, seq: u64) -> Option<&Manifest> {
        let at = usize::try_from(seq).ok()?.checked_sub(1)?;
        self.links.get(at).map(|link| &link.manifest)
    }

    /// The batches that are withdrawn, each with the number of the batch that withdraws it, and why.
    pub fn withdrawn(&self) -> BTreeMap<u64, (u64, &Withdrawal)> {
        self.manifests().flat_map(|m| m.withdraws.iter().map(|w| (w.seq, (m.seq, w)))).collect()
    }

    /// The manifests of its batches that are not withdrawn, first to last.
    pub fn standing(&self) -> impl DoubleEndedIterator<Item = &Manifest> {
        let withdrawn = self.withdrawn();
        self.manifests().filter(move |m| !withdrawn.contains_key(&m.seq))
    }

    /// Files of standing batches that may hold what was left out because a batch that is withdrawn now held it already,
    /// each with the number of its batch. They are not known any more, so that they can be imported again.
    pub fn leaned(&self) -> Vec<(u64, &str)> {
        let withdrawn = self.withdrawn();
        let leans = |m: &&Manifest| leans(&withdrawn, m.seq);
        let files = self.standing().filter(leans).flat_map(|m| m.files.iter().map(|f| (m.seq, f)));
        let again = |f: &ImportedFile| self.knows_file(&f.content_hash, &f.mapping_hash).is_some();
        files.filter(|(_, f)| !again(f)).map(|(seq, f)| (seq, f.count.file.as_str())).collect()
    }

    /// The parts that hold entries of this kind in batches that are not withdrawn, each with the number of its batch, first to last.
    pub fn parts(&self, entity: Entity) -> impl Iterator<Item = (u64, &Part)> {
        self.standing().flat_map(move |m| m.parts_of(entity).map(|part| (m.seq, part)))
    }

    /// When its last batch was recorded.
    pub fn recorded_at(&self) -> Option<Instant> {
        self.links.last().map(|link| link.manifest.recorded_at)
    }

    /// How many entries it has of this kind.
    pub fn count(&self, entity: Entity) -> u64 {
        self.standing().filter_map(|m| m.counts.get(entity.word())).sum()
    }

    /// How many entries it has of this kind by day, see [`Manifest::days`].
    pub fn days(&self, entity: Entity) -> BTreeMap<String, u64> {
        let mut days = BTreeMap::new();
        for (day, n) in self.standing().filter_map(|m| m.days.get(entity.word())).flatten() {
            *days.entry(day.clone()).or_insert(0) += n;
        }
        days
    }

    /// The last moment by which something is known to have happened. Not counted are plans, rates, links and settings,
    /// ranges of days, and what is said to happen after its batch was recorded. The default for `as_of`.
    pub fn data_through(&self) -> Option<Instant> {
        self.standing().filter_map(|m| m.data_through).max()
    }

    /// The same for one kind of entry, what people wrote in Lockstep itself included.
    pub fn data_through_of(&self, entity: Entity) -> Option<Instant> {
        self.standing().filter_map(|m| m.data_through_by_entity.get(entity.word())).max().copied()
    }

    /// The batch in which a file with this content was read by this mapping, the first if there are several. Not known are
    /// files of batches that are withdrawn, and those of which something may be missing since, see [`Head::leaned`].
    pub fn knows_file(&self, content_hash: &str, mapping_hash: &str) -> Option<u64> {
        let knows =
            |m: &&Manifest| m.files.iter().any(|f| f.content_hash == content_hash && f.mapping_hash == mapping_hash);
        let withdrawn = self.withdrawn();
        self.standing().filter(|m| !leans(&withdrawn, m.seq)).find(knows).map(|m| m.seq)
    }

    /// An earlier head.
    pub fn at(&self, spec: &HeadSpec) -> Result<Head, Error> {
        let upto = match spec {
            HeadSpec::Latest => self.links.len(),
            HeadSpec::Seq(seq) => usize::try_from(*seq)
                .ok()
                .filter(|n| *n <= self.links.len())
                .ok_or_else(|| Error::unknown_head(seq.to_string()))?,
            // recorded_at never falls along the chain
            HeadSpec::Date(at) => self.links.partition_point(|link| link.manifest.recorded_at <= *at),
            HeadSpec::Hash(digits) => self.position(digits)?,
        };
        Ok(Head { links: self.links[..upto].to_vec(), ..self.clone() })
    }

    fn position(&self, digits: &str) -> Result<usize, Error> {
        let wanted = digits.to_ascii_lowercase();
        let mut found = self.links.iter().enumerate().filter(|(_, link)| link.hash.starts_with(&wanted));
        match (found.next(), found.next()) {
            (Some((at, _)), None) if wanted.len() >= 6 => Ok(at + 1),
            (None, _) if wanted == GENESIS => Ok(0),
            _ => Err(Error::unknown_head(digits)),
        }
    }
}

/// Whether the batch was written while one before it stood that is withdrawn now.
fn leans(withdrawn: &BTreeMap<u64, (u64, &Withdrawal)>, seq: u64) -> bool {
    withdrawn.iter().any(|(gone, (by, _))| *gone < seq && seq < *by)
}
