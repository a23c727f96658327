//! Imports that somebody begins on a page: one at a time, beside what readers see.
//!
//! Invariant: what was sent is removed when the ledger has it, and kept as long as a file of it waits for a mapping, until the
//! next import.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use import::Mapping;
use web::{ImportState, Listing, Reading, Text, UnknownFile};

use super::{STYLE, Serving, log};
use crate::cli;
use crate::commands::import::{Summary, import_watched, short};
use crate::commands::map;
use crate::failure::Failure;
use crate::home::Home;

/// The import under way, or the last one.
#[derive(Default)]
pub struct Uploads {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    state: ImportState,
    /// Files that wait for a mapping.
    kept: Option<PathBuf>,
}

/// So often at most whoever follows an import is told how far it is.
const TELL: std::time::Duration = std::time::Duration::from_secs(1);

fn runs() -> Failure {
    Failure::new("import_runs", "an import is under way: wait for it to end")
}

impl Uploads {
    fn with<T>(&self, act: impl FnOnce(&mut Inner) -> T) -> T {
        act(&mut self.inner.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// How far it is.
    pub fn state(&self) -> ImportState {
        self.with(|inner| inner.state.clone())
    }

    /// Removes what a program before left: files that were cut off, or that waited for a mapping.
    pub fn clean(root: &Path) {
        let _ = std::fs::remove_dir_all(root.join("uploads"));
    }

    /// A new folder for files.
    pub fn folder(&self, root: &Path) -> Result<PathBuf, Failure> {
        if self.with(|inner| inner.state.running.is_some()) {
            return Err(runs());
        }
        let all = root.join("uploads");
        let name: String = desk::secret()?.iter().take(6).map(|b| format!("{b:02x}")).collect();
        let folder = all.join(name);
        std::fs::create_dir_all(&folder).map_err(|e| Failure::io(&folder, "make the folder", &e))?;
        #[cfg(unix)]
        {
            let owner = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            std::fs::set_permissions(&all, owner).map_err(|e| Failure::io(&all, "protect", &e))?;
        }
        Ok(folder)
    }

    /// The folder whose files wait for a mapping, and the mapping as a file.
    pub fn with_mapping(&self, text: &str) -> Result<(PathBuf, PathBuf), Failure> {
        let none = || Failure::new("no_upload", "no file waits for a mapping");
        let folder = self.with(|inner| inner.kept.clone()).ok_or_else(none)?;
        let text = text.replace("\r\n", "\n");
        let read = Mapping::parse(&text, "the mapping");
        read.map_err(|e| Failure { code: "mapping".to_owned(), message: e.to_string(), hint: e.hint() })?;
        // beside the folder: within, it would be taken for an export
        let file = folder.with_extension("toml");
        std::fs::write(&file, text).map_err(|e| Failure::io(&file, "write", &e))?;
        Ok((folder, file))
    }
}

/// Begins an import of a folder, which goes on by itself.
pub fn begin(serving: &Serving, mut home: Home, folder: PathBuf, mapping: Option<PathBuf>) -> Result<(), Failure> {
    let (uploads, holding, now) = (serving.uploads.clone(), serving.holding.clone(), serving.now());
    let first = uploads.with(|inner| {
        let first = inner.state.running.is_none();
        if first {
            inner.state = ImportState { running: Some(Reading::default()), ..ImportState::default() };
            let before = inner.kept.take().filter(|before| *before != folder);
            before.map(std::fs::remove_dir_all);
        }
        first
    });
    if !first {
        let _ = std::fs::remove_dir_all(&folder);
        return Err(runs());
    }
    let last = home.ledger.head().recorded_at().map_or(now, |last| last.max(now));
    let args = cli::Import {
        paths: vec![folder.clone()],
        dry_run: false,
        mapping: mapping.into_iter().collect(),
        date_order: None,
        decimal: None,
        time_zone: None,
        currency: None,
        recorded_at: Some(last.to_string()),
    };
    std::thread::spawn(move || {
        let began = std::time::Instant::now();
        let mut told = began;
        let watched = uploads.clone();
        let done = import_watched(&args, &mut home, STYLE, &mut |file, p| {
            let seconds = began.elapsed().as_secs();
            let left = match p.bytes {
                0 => 0,
                bytes => seconds.saturating_mul(p.total_bytes.saturating_sub(bytes)) / bytes,
            };
            let reading =
                Reading { file: file.to_owned(), rows: p.rows, bytes: p.bytes, total: p.total_bytes, seconds, left };
            watched.with(|inner| inner.state.running = Some(reading));
            if told.elapsed() >= TELL {
                told = std::time::Instant::now();
                holding.tick();
            }
        });
        let (state, keeps) = match done.and_then(|summary| ended(&summary, &folder)) {
            Ok(state) => {
                let keeps = !state.unknown.is_empty();
                (state, keeps)
            }
            Err(failure) => {
                log(&failure);
                let hint = failure.hint.map_or(String::new(), |hint| format!(" To mend it: {hint}."));
                let failed = format!("{}.{hint}", failure.message.replace(&folder.display().to_string(), ""));
                (ImportState { failed, ..ImportState::default() }, false)
            }
        };
        if !keeps {
            let _ = std::fs::remove_dir_all(&folder);
            let _ = std::fs::remove_file(folder.with_extension("toml"));
        }
        uploads.with(|inner| {
            inner.state = state;
            inner.kept = keeps.then_some(folder);
        });
        holding.tick();
    });
    Ok(())
}

/// What came of an import, as its page says it.
fn ended(summary: &Summary, folder: &Path) -> Result<ImportState, Failure> {
    let count = |n: u64| faces::format::count(i64::try_from(n).unwrap_or(i64::MAX));
    let mut rows = Vec::new();
    let mut open = Vec::new();
    for file in &summary.files {
        let mut cells = vec![short(&file.name), file.mapping.clone().unwrap_or_default()];
        match &file.count {
            Some(c) => cells.extend([c.rows, c.used, c.rejected, c.ignored_rows()].map(count)),
            None => cells.extend([const { String::new() }; 4]),
        }
        let why = file.left_out.as_ref().map_or(String::new(), |left| left.why.clone());
        if file.left_out.as_ref().is_some_and(|left| left.open && file.mapping.is_none()) {
            open.push((file.name.clone(), why.clone()));
        }
        cells.push(why);
        rows.push(cells.into_iter().map(Text::from).collect());
    }
    let mut unknown = Vec::new();
    if !open.is_empty() {
        let suggested = map::suggestions(&[folder.to_owned()])?;
        for (file, why) in open {
            if let Some((_, mapping)) = suggested.iter().find(|(name, _)| *name == file) {
                unknown.push(UnknownFile { file: short(&file), why, mapping: mapping.clone() });
            }
        }
    }
    let heads = ["File", "Recognised as", "Rows", "Used", "Rejected", "Ignored", "Left out because"];
    Ok(ImportState {
        running: None,
        files: Listing {
            title: "Files of the last import".to_owned(),
            heads: heads.map(str::to_owned).to_vec(),
            rows,
            note: String::new(),
        },
        done: match summary.batch() {
            Some(batch) => format!("{}. Batch {batch} is in the ledger.", summary.line()),
            None => format!("{}. Nothing new: the ledger stays as it was.", summary.line()),
        },
        failed: String::new(),
        unknown,
    })
}
