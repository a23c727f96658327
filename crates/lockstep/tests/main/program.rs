//! Runs the built program in a folder of its own. Nothing is read from the environment of whoever runs the tests.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// The instant at which every batch of these tests is learned, so that bytes can be compared.
pub const LEARNED: &str = "2026-10-05T06:10:00Z";

/// What a run came to.
pub struct Told {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Told {
    /// The data on stdout.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {} {}", self.out, self.err))
    }

    /// Held to an exit code.
    #[track_caller]
    pub fn ended(self, code: i32) -> Told {
        assert_eq!(self.code, code, "{}{}", self.out, self.err);
        self
    }

    /// Done, perhaps with rejects or refusals.
    pub fn done(self) -> Told {
        assert!(self.code < 2, "{}{}", self.out, self.err);
        self
    }
}

/// Runs the program in a folder.
pub fn lockstep(folder: &Path, args: &[&str]) -> Told {
    let output = Command::new(env!("CARGO_BIN_EXE_lockstep"))
        .current_dir(folder)
        .args(args)
        .env_remove("LOCKSTEP_HOME")
        .env_remove("LOCKSTEP_TIMINGS")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .output()
        .unwrap();
    Told {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder with a home in `home` and what the test puts beside it.
pub struct Place {
    folder: TempDir,
}

impl Place {
    /// An empty one.
    pub fn new() -> Place {
        Place { folder: TempDir::new().unwrap() }
    }

    /// One with the exports of an invented company in `exports`, not yet imported.
    pub fn company(name: &str, leads: u64, seed: u64) -> Place {
        let place = Place::new();
        place
            .run(&[
                "simulate",
                "--company",
                name,
                "--leads",
                &leads.to_string(),
                "--seed",
                &seed.to_string(),
                "--out",
                "exports",
            ])
            .ended(0);
        place
    }

    /// The same, imported as batch 1.
    pub fn imported(name: &str, leads: u64, seed: u64) -> Place {
        let place = Place::company(name, leads, seed);
        let code = place.import("exports").code;
        assert!(code < 2);
        place
    }

    /// A path in it.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a command here, on the home `home`.
    pub fn run(&self, args: &[&str]) -> Told {
        let mut all = vec!["--home", "home"];
        all.extend(args);
        lockstep(self.folder.path(), &all)
    }

    /// Runs a command that succeeds, and reads its data.
    #[track_caller]
    pub fn json(&self, args: &[&str]) -> Value {
        let mut all = args.to_vec();
        all.push("--json");
        let told = self.run(&all);
        assert!(told.code < 2, "{args:?}: {}{}", told.out, told.err);
        told.json()
    }

    /// Imports a file or folder, learned at the one instant.
    pub fn import(&self, path: &str) -> Told {
        self.run(&["import", path, "--recorded-at", LEARNED, "--json"])
    }

    /// The bytes of a report as data.
    #[track_caller]
    pub fn report(&self, args: &[&str]) -> String {
        let mut all = vec!["report", "--format", "json"];
        all.extend(args);
        let told = self.run(&all);
        assert!(told.code < 2, "{args:?}: {}{}", told.out, told.err);
        told.out
    }

    /// The hash of the head of the home in `home`, below this place.
    pub fn hash_of(&self, home: &str) -> String {
        let told = lockstep(self.folder.path(), &["--home", home, "status", "--json"]).ended(0).json();
        told["hash"].as_str().unwrap().to_owned()
    }

    /// A copy of this home in a place of its own; files beside it are not copied.
    pub fn copy_of_home(&self) -> Place {
        let other = Place::new();
        copy(&self.path("home"), &other.path("home"));
        other
    }
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// Every file below a folder, sorted, as its path below it.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else {
                found.push(path);
            }
        }
    }
    found.sort();
    found.into_iter().map(|p| p.strip_prefix(folder).unwrap().to_path_buf()).collect()
}

/// Turns one bit in the middle of a file.
pub fn flip(path: &Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(path, bytes).unwrap();
}

/// Held to be the same text; else the first line that differs is told.
#[track_caller]
pub fn same(a: &str, b: &str, of: &str) {
    if a != b {
        let at = a.lines().zip(b.lines()).position(|(a, b)| a != b).unwrap_or(a.lines().count().min(b.lines().count()));
        let line = |text: &str| text.lines().nth(at).unwrap_or("(nothing)").chars().take(300).collect::<String>();
        panic!("{of}: line {}:\n  {}\n  {}", at + 1, line(a), line(b));
    }
}
