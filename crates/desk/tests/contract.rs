//! The desk's contract, on a file of its own each. Written against the public API alone, so that another store can
//! be held to it as well.

#![allow(clippy::unwrap_used)] // all of this file is tests, helpers included

#[path = "contract/erase.rs"]
mod erase;
#[path = "contract/file.rs"]
mod file;
#[path = "contract/papers.rs"]
mod papers;
#[path = "contract/people.rs"]
mod people;
#[path = "contract/processes.rs"]
mod processes;
#[path = "contract/rejects.rs"]
mod rejects;

use std::path::PathBuf;

use lockstep_desk::{Desk, Placed, Seen};

/// A folder with a desk in it, gone afterwards.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Home {
        Home { folder: tempfile::tempdir().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("desk.sqlite")
    }

    fn desk(&self) -> Desk {
        Desk::open(self.file()).unwrap()
    }
}

/// A row's person; an empty text is none.
fn person(desk: &Desk, mail: &str, phone: &str, name: &str) -> Placed {
    desk.person(&Seen { mail: Some(mail), phone: Some(phone), name: Some(name) }).unwrap().unwrap()
}
