//! A thread that sorts, encodes and writes parts while the next entries are being appended.
//!
//! Invariant: at most one part is waited for and one is filled at any time, so memory is bounded; parts come back in
//! the order in which they were handed over.

use std::path::PathBuf;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use terms::{Entity, Instant};

use crate::builder::Builder;
use crate::part::{self, Census};
use crate::{Error, Head, Part};

/// One part to write.
#[derive(Debug)]
pub(crate) struct Job {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) entity: Entity,
    pub(crate) builder: Builder,
    pub(crate) until: Instant,
}

/// A part that was written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) entity: Entity,
    pub(crate) part: Part,
    pub(crate) census: Census,
}

/// The thread and the way to it.
#[derive(Debug)]
pub(crate) struct Flusher {
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<Result<Vec<Written>, Error>>>,
}

impl Flusher {
    /// On top of this head.
    pub(crate) fn start(head: Head) -> Flusher {
        let (jobs, work) = sync_channel::<Job>(0);
        let thread = std::thread::spawn(move || {
            let mut done = Vec::new();
            for job in work {
                let (part, census) = part::write(&head, &job.path, &job.name, job.entity, job.builder, job.until)?;
                done.push(Written { entity: job.entity, part, census });
            }
            Ok(done)
        });
        Flusher { jobs: Some(jobs), thread: Some(thread) }
    }

    /// Hands a part over, waiting until the one before is written.
    pub(crate) fn send(&mut self, job: Job) -> Result<(), Error> {
        let sent = self.jobs.as_ref().is_some_and(|jobs| jobs.send(job).is_ok());
        if sent {
            return Ok(());
        }
        // the thread has ended: it says why
        self.join().and(Err(Error::batch_failed()))
    }

    /// Waits for all parts.
    pub(crate) fn join(&mut self) -> Result<Vec<Written>, Error> {
        self.jobs = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(done)) => done,
            Some(Err(_)) | None => Err(Error::batch_failed()),
        }
    }
}

impl Drop for Flusher {
    fn drop(&mut self) {
        let _ = self.join(); // so that nothing is written after an abort has removed the folder
    }
}
