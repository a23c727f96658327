//! A ledger: a folder with a format, a chain of manifests, and the batches they name.
//!
//! Invariant: opening reads and never writes; what is opened is the chain as it stood then, until `refresh`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::head::{Derived, Footers, Link};
use crate::manifest::{self, GENESIS};
use crate::store::Store;
use crate::{BatchMeta, BatchWriter, Error, Head, HeadSpec, Verdict, durable, format, verify};

/// The append-only ledger in one folder.
#[derive(Clone, Debug)]
pub struct Ledger {
    head: Head,
}

impl Ledger {
    /// Makes a new, empty ledger in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// `exists_already` where there is a ledger.
    pub fn create(root: impl AsRef<Path>) -> Result<Ledger, Error> {
        let root = root.as_ref();
        for folder in [root.to_owned(), root.join("manifests"), root.join("batches")] {
            durable::folder(&folder)?;
        }
        let staged = root.join(format!("{}.{}.new", format::FILE, std::process::id()));
        if !durable::create_whole(&staged, &root.join(format::FILE), &format::bytes(format::PLAIN))? {
            return Err(Error::exists_already(root));
        }
        Ledger::open(root)
    }

    /// Opens the ledger in a folder.
    ///
    /// # Errors
    /// `not_a_ledger`, `newer_format`, `damaged` where the chain does not hold together.
    pub fn open(root: impl AsRef<Path>) -> Result<Ledger, Error> {
        let root = root.as_ref();
        if !root.is_dir() {
            return Err(Error::not_a_ledger(root));
        }
        let store = Store::local(root)?;
        let found = store.get(format::FILE)?.ok_or_else(|| Error::not_a_ledger(root))?;
        format::read(&store.path(format::FILE), &found)?;
        let links = chain(&store, Vec::new())?;
        Ok(Ledger { head: Head { store, links, footers: Footers::default(), derived: Derived::default() } })
    }

    /// The same ledger, with a folder for what is derived from its parts so that little has to be read to find a few
    /// things in them. The folder is disposable; without it every answer is the same, and comes later.
    #[must_use]
    pub fn with_index(mut self, folder: impl Into<PathBuf>) -> Ledger {
        self.head.store.index = Some(folder.into());
        self
    }

    /// The folder it is in.
    pub fn root(&self) -> PathBuf {
        self.head.store.path("")
    }

    /// The latest head as of when the ledger was opened, refreshed, or written to by this handle.
    pub fn head(&self) -> &Head {
        &self.head
    }

    /// An earlier head.
    ///
    /// # Errors
    /// `unknown_head` where there is no such batch.
    pub fn at(&self, spec: &HeadSpec) -> Result<Head, Error> {
        self.head.at(spec)
    }

    /// The manifests, first to last.
    pub fn manifests(&self) -> impl DoubleEndedIterator<Item = &crate::Manifest> + ExactSizeIterator {
        self.head.manifests()
    }

    /// The batch in which a file with this content was read by this mapping.
    pub fn knows_file(&self, content_hash: &str, mapping_hash: &str) -> Option<u64> {
        self.head.knows_file(content_hash, mapping_hash)
    }

    /// Reads the batches that other writers have added since.
    pub fn refresh(&mut self) -> Result<(), Error> {
        let known = std::mem::take(&mut self.head.links);
        self.head.links = chain(&self.head.store, known)?;
        Ok(())
    }

    /// Starts a batch on top of the latest head. Leftovers of imports that were killed are removed.
    ///
    /// # Errors
    /// `ledger_busy` where another writer is at work, `clock_behind` where the instant is before the last batch's.
    pub fn begin(&mut self, meta: BatchMeta) -> Result<BatchWriter<'_>, Error> {
        BatchWriter::begin(self, meta)
    }

    /// Reads every byte and says whether it is what was written, or what is the first that is not.
    pub fn verify(&self) -> Result<Verdict, Error> {
        verify::verify(&self.head.store)
    }

    /// The latest head, and verification, of a folder that may be too damaged to be opened.
    pub fn verify_folder(root: impl AsRef<Path>) -> Result<Verdict, Error> {
        let root = root.as_ref();
        if !root.is_dir() {
            return Err(Error::not_a_ledger(root));
        }
        verify::verify(&Store::local(root)?)
    }

    pub(crate) fn push(&mut self, link: Link) {
        self.head.links.push(Arc::new(link));
    }
}

/// The chain from what is known on, checked link by link.
fn chain(store: &Store, mut links: Vec<Arc<Link>>) -> Result<Vec<Arc<Link>>, Error> {
    let known = links.len();
    let names = store.files_in("manifests")?;
    for (at, name) in names.iter().enumerate().skip(known) {
        let seq = at as u64 + 1;
        let expected = manifest::file_name(seq);
        if *name != expected {
            return Err(Error::damaged(&store.path(&format!("manifests/{expected}")), "it is not there"));
        }
        let link = link(store, seq, links.last().map_or(GENESIS, |l| &l.hash))?;
        links.push(Arc::new(link));
    }
    Ok(links)
}

/// One manifest, if it is whole and follows on the one with this hash.
pub(crate) fn link(store: &Store, seq: u64, previous: &str) -> Result<Link, Error> {
    let name = format!("manifests/{}", manifest::file_name(seq));
    let path = store.path(&name);
    let bytes = store.get(&name)?.ok_or_else(|| Error::damaged(&path, "it is not there"))?;
    let manifest = manifest::read(&bytes, &path)?;
    if manifest.seq != seq {
        return Err(Error::damaged(&path, format!("it says that it is manifest {}", manifest.seq)));
    }
    if manifest.withdraws.iter().any(|w| w.seq == 0 || w.seq >= seq) {
        return Err(Error::damaged(&path, "it withdraws a batch that is not before it"));
    }
    if manifest.previous != previous {
        return Err(Error::damaged(&path, "it does not follow on the manifest before it, which is not what it was"));
    }
    Ok(Link { hash: blake3::hash(&bytes).to_hex().to_string(), manifest })
}
