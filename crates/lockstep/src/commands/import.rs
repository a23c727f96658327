//! `lockstep import`: other people's files become one batch of the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use desk::SourceFile;
use entries::FileCount;
use import::{Catalogue, Mapping, Piece, Readers, Recognised};
use ledger::{BatchMeta, Commit, ImportedFile, Outcome};
use terms::{Currency, Instant};

use crate::cli;
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::importing::{Taker, Vault};
use crate::output::{self, Ended, Style};
use crate::progress::Line;

/// What became of one file.
pub struct Outlook {
    /// As it was given.
    pub name: String,
    /// What it was recognised as.
    pub mapping: Option<String>,
    /// Its accounts, where it was read.
    pub count: Option<FileCount>,
    /// Why it was not read.
    pub left_out: Option<LeftOut>,
}

/// Why a file was not read.
pub struct LeftOut {
    /// In words.
    pub why: String,
    hint: Option<String>,
    /// Whether the operator has something to do.
    pub open: bool,
}

/// What an import did.
pub struct Summary {
    /// File by file.
    pub files: Vec<Outlook>,
    warnings: Vec<import::Warning>,
    outcome: Option<Outcome>,
    dry_run: bool,
    seconds: f64,
}

/// Runs the command.
pub fn run(args: &cli::Import, home: &Path, style: Style) -> Result<Ended, Failure> {
    if args.dry_run && !home.join("home.json").exists() {
        // a dry run of a first import happens in a home that is thrown away
        let elsewhere = std::env::temp_dir().join(format!("lockstep-dry-run-{}", std::process::id()));
        let mut home = Home::open_or_create(&elsewhere)?;
        let done = import(args, &mut home, style);
        drop(home);
        let _ = std::fs::remove_dir_all(&elsewhere);
        let summary = done?;
        summary.print(style)?;
        return Ok(summary.ended());
    }
    let mut home = Home::open_or_create(home)?;
    let summary = import(args, &mut home, style)?;
    summary.print(style)?;
    Ok(summary.ended())
}

/// All mappings at hand: the built-in ones, the home's, and those named now (which the home keeps from here on). The
/// names of the company's own come with them.
fn catalogue(home: &Home, named: &[PathBuf], keep: bool) -> Result<(Catalogue, BTreeSet<String>), Failure> {
    let mut catalogue = Catalogue::builtin()?;
    let mut own = BTreeSet::new();
    let folder = home.mappings();
    let mut kept: Vec<PathBuf> = match std::fs::read_dir(&folder) {
        Ok(entries) => entries.filter_map(|e| e.ok().map(|e| e.path())).collect(),
        Err(_) => Vec::new(),
    };
    kept.retain(|p| p.extension().is_some_and(|e| e == "toml"));
    kept.sort();
    for path in kept.iter().chain(named) {
        let text = std::fs::read_to_string(path).map_err(|e| Failure::io(path, "read", &e))?;
        let mapping = Mapping::parse(&text, &path.display().to_string())?;
        if keep && named.contains(path) {
            std::fs::create_dir_all(&folder).map_err(|e| Failure::io(&folder, "make the folder", &e))?;
            let target = folder.join(format!("{}.toml", mapping.name().replace(['/', '\\'], "-")));
            std::fs::write(&target, &text).map_err(|e| Failure::io(&target, "write", &e))?;
        }
        own.insert(mapping.name().to_owned());
        catalogue.add(mapping);
    }
    Ok((catalogue, own))
}

fn settings(args: &cli::Import, home: &Home) -> Result<import::Settings, Failure> {
    let kept = home.settings()?;
    let time_zone = match &args.time_zone {
        Some(zone) => home::check_setting("time_zone", zone)?,
        None => kept.time_zone,
    };
    let currency = match &args.currency {
        Some(code) => Some(Currency::parse(code).ok_or_else(|| {
            Failure::new("bad_currency", format!("`{code}`: is not a currency code")).hint("three letters, such as USD")
        })?),
        None => kept.currency,
    };
    Ok(import::Settings {
        time_zone,
        currency,
        date_order: args.date_order.map(|order| match order {
            cli::DateOrder::Ymd => import::values::DateOrder::Ymd,
            cli::DateOrder::Dmy => import::values::DateOrder::Dmy,
            cli::DateOrder::Mdy => import::values::DateOrder::Mdy,
        }),
        decimal: args.decimal.map(|mark| match mark {
            cli::Decimal::Point => import::values::Decimal::Point,
            cli::Decimal::Comma => import::values::Decimal::Comma,
        }),
        fiscal: kept.fiscal,
        file: 0,
    })
}

fn recorded_at(args: &cli::Import) -> Result<Instant, Failure> {
    match &args.recorded_at {
        None => Ok(home::now()),
        Some(text) => text.parse::<jiff::Timestamp>().map(|t| Instant(t.as_millisecond())).map_err(|e| {
            Failure::new("bad_instant", format!("`{text}`: {e}")).hint("write it like 2026-10-05T06:10:00Z")
        }),
    }
}

/// Imports into an open home.
pub fn import(args: &cli::Import, home: &mut Home, style: Style) -> Result<Summary, Failure> {
    import_watched(args, home, style, &mut |_, _| {})
}

/// The same; `watch` is told which file is read and how far.
pub fn import_watched(
    args: &cli::Import,
    home: &mut Home,
    style: Style,
    watch: &mut dyn FnMut(&str, import::Progress),
) -> Result<Summary, Failure> {
    let started = std::time::Instant::now();
    let (catalogue, own) = catalogue(home, &args.mapping, !args.dry_run)?;
    let settings = settings(args, home)?;
    let pieces = import::survey(&args.paths, &Readers { parquet: Some(crate::importing::parquet) })?;
    if pieces.is_empty() {
        let named: Vec<String> = args.paths.iter().map(|p| format!("`{}`", p.display())).collect();
        return Err(Failure::new("nothing_to_import", format!("{}: no file in it", named.join(", "))).hint(
            "looked for exports in it and in the folders below: CSV or other separated text, XLSX, JSON lines, Parquet, and \
             ZIP or GZIP of these; hidden files are passed over",
        ));
    }
    let desk = home.desk.clone();
    let recorded_at = recorded_at(args)?;
    let mut closed: Option<Instant> = None;
    let meta = BatchMeta {
        recorded_at,
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        source: "import".to_owned(),
        settings: desk.settings()?,
    };
    let before = home.ledger.head().clone();
    let mut writer = home.ledger.begin(meta)?;
    let batch = writer.seq().to_string();
    desk.drop_rejects(&batch)?; // of a batch that never came to be
    let mut files = Vec::new();
    let mut imported = Vec::new();
    let mut warnings = Vec::new();
    let mut vault = Vault { desk: desk.clone() };
    for piece in &pieces {
        let mapping = match chosen(piece, &catalogue, &own) {
            Ok(mapping) => mapping,
            Err(left_out) => {
                files.push(Outlook {
                    name: piece.name().to_owned(),
                    mapping: None,
                    count: None,
                    left_out: Some(left_out),
                });
                continue;
            }
        };
        // the same calendar, zone and currency: a file read otherwise is another reading
        let (content_hash, mapping_hash) =
            (format!("{:032x}", piece.content_hash()), format!("{:032x}", mapping.hash()));
        let mut outlook = Outlook {
            name: piece.name().to_owned(),
            mapping: Some(mapping.name().to_owned()),
            count: None,
            left_out: None,
        };
        if let Some(seq) = before.knows_file(&content_hash, &mapping_hash) {
            outlook.left_out = Some(LeftOut { why: format!("already in batch {seq}"), hint: None, open: false });
            files.push(outlook);
            continue;
        }
        let number = imported.len() as u32;
        let mut taker = Taker {
            writer: &mut writer,
            desk: desk.clone(),
            batch: batch.clone(),
            file: SourceFile {
                number,
                name: piece.name().to_owned(),
                mapping: mapping.name().to_owned(),
                header: import::Preview::of(piece, 0).map(|p| p.header).unwrap_or_default(),
            },
            held: Vec::new(),
            taken: 0,
            warnings: Vec::new(),
            recorded_at,
            closed: None,
        };
        let mut line = Line::start(&short(piece.name()), piece.bytes(), style.quiet || style.json);
        let settings = import::Settings { file: number, ..settings.clone() };
        let read = import::read(piece, mapping, &settings, &mut taker, &mut vault, &mut |p| {
            line.at(p.bytes, p.total_bytes, p.rows);
            watch(&short(piece.name()), p);
        });
        line.done();
        match read {
            Ok(count) => {
                taker.release()?;
                closed = closed.max(taker.closed);
                warnings.append(&mut taker.warnings);
                outlook.count = Some(count.clone());
                imported.push(ImportedFile { count, content_hash, mapping_hash });
            }
            Err(error) if taker.taken == 0 => {
                outlook.left_out = Some(LeftOut { why: error.to_string(), hint: error.hint(), open: true });
            }
            Err(error) => {
                // rows of it are in the batch already: the batch as a whole does not come to be
                writer.abort();
                let _ = desk.discard();
                let failure = Failure::from(error);
                return Err(match &failure.hint {
                    Some(_) => failure,
                    None => failure.hint("nothing was imported; mend the file or leave it out, and import again"),
                });
            }
        }
        files.push(outlook);
    }
    let outcome = if args.dry_run {
        writer.abort();
        desk.discard()?;
        None
    } else {
        desk.flush()?;
        let rejects = imported.iter().map(|f| f.count.rejected).sum();
        let commit = Commit {
            files: imported,
            rejects,
            rejects_file: (rejects > 0).then(|| "desk".to_owned()),
            data_through: closed,
            is_own: false,
        };
        match writer.commit(commit) {
            Ok(outcome) => {
                if let Outcome::Committed { seq, .. } = outcome {
                    let read = files.iter().filter(|f| f.count.is_some()).map(|f| f.name.as_str());
                    super::rejects::mark_fixed(&desk, read, seq)?;
                    desk.flush()?;
                }
                Some(outcome)
            }
            Err(error) => {
                desk.drop_rejects(&batch)?;
                return Err(error.into());
            }
        }
    };
    Ok(Summary { files, warnings, outcome, dry_run: args.dry_run, seconds: started.elapsed().as_secs_f64() })
}

/// The mapping of a piece, or why there is none. The company's own come before the built-in ones: who wrote one means it.
fn chosen<'c>(piece: &Piece, catalogue: &'c Catalogue, own: &BTreeSet<String>) -> Result<&'c Mapping, LeftOut> {
    if let Some(problem) = piece.problem() {
        return Err(LeftOut { why: problem.to_string(), hint: problem.hint(), open: true });
    }
    let all = catalogue.mappings();
    let first_own = all.iter().position(|m| own.contains(m.name())).unwrap_or(all.len());
    let recognised = match import::recognise(piece, all.get(first_own..).unwrap_or_default()) {
        Recognised::Unknown { .. } => import::recognise(piece, all),
        found => found,
    };
    match recognised {
        Recognised::Mapping(mapping, _) => Ok(mapping),
        Recognised::Unknown { closest, .. } => {
            let near = closest.first().map_or(String::new(), |c| match c.missing.as_slice() {
                [] => format!("; closest is `{}`, which a table with {} is not", c.mapping, c.forbidden.join(", ")),
                missing => format!("; closest is `{}`, which also asks for {}", c.mapping, missing.join(", ")),
            });
            Err(LeftOut {
                why: format!("not recognised{near}"),
                hint: Some(format!(
                    "lockstep map {} > mapping.toml, then import with --mapping mapping.toml",
                    piece.path().display()
                )),
                open: true,
            })
        }
        Recognised::Ambiguous { mappings } => Err(LeftOut {
            why: format!("several mappings fit: {}", mappings.join(", ")),
            hint: Some("raise `priority` in the one that is meant, in the home's mappings folder".to_owned()),
            open: true,
        }),
        Recognised::NotData { reason } => {
            // a note beside the exports is nobody's work; a table that cannot be read is
            let open = reason != "text, not a table";
            Err(LeftOut { why: format!("no table: {reason}"), hint: None, open })
        }
    }
}

/// The name of a file without its folders.
pub fn short(name: &str) -> String {
    name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned()
}

impl Summary {
    /// Whether something is left for the operator to do.
    pub fn ended(&self) -> Ended {
        let open = self
            .files
            .iter()
            .any(|f| f.left_out.as_ref().is_some_and(|l| l.open) || f.count.as_ref().is_some_and(|c| c.rejected > 0));
        if open { Ended::WithRejects } else { Ended::Done }
    }

    /// One line on the whole, for other commands.
    pub fn line(&self) -> String {
        let counts = self.files.iter().filter_map(|f| f.count.as_ref());
        let (mut rows, mut used, mut rejected, mut ignored) = (0u64, 0u64, 0u64, 0u64);
        for c in counts {
            rows += c.rows;
            used += c.used;
            rejected += c.rejected;
            ignored += c.ignored_rows();
        }
        let n = |x: u64| faces::format::count(x as i64);
        format!(
            "{} rows read = {} used + {} rejected + {} ignored, in {:.1} s",
            n(rows),
            n(used),
            n(rejected),
            n(ignored),
            self.seconds
        )
    }

    fn print(&self, style: Style) -> Result<(), Failure> {
        if style.json { output::print_json(&self.to_json()) } else { output::print(&self.to_text(style)) }
    }

    /// The number of the batch that it made, if it made one.
    pub fn batch(&self) -> Option<u64> {
        match self.outcome {
            Some(Outcome::Committed { seq, .. }) => Some(seq),
            _ => None,
        }
    }

    /// The tables of a terminal.
    pub fn to_text(&self, style: Style) -> String {
        let n = |x: u64| faces::format::count(x as i64);
        let mut out = String::new();
        let mut rows = Vec::new();
        for file in &self.files {
            let cells = match (&file.count, &file.left_out) {
                (Some(c), _) => [n(c.rows), n(c.used), n(c.rejected), n(c.ignored_rows())],
                (None, _) => Default::default(),
            };
            let mut row = vec![short(&file.name), file.mapping.clone().unwrap_or_default()];
            row.extend(cells);
            rows.push(row);
        }
        let head = ["file", "recognised as", "rows", "used", "rejected", "ignored"];
        out.push_str(&faces::rows::table(&head, &rows, style.columns()));
        let mut made: BTreeMap<&str, u64> = BTreeMap::new();
        for (entity, count) in self.files.iter().filter_map(|f| f.count.as_ref()).flat_map(|c| &c.entries) {
            *made.entry(entity).or_default() += count;
        }
        let made: Vec<String> = made.iter().map(|(entity, count)| format!("{} {entity}", n(*count))).collect();
        out.push_str(&format!("\nEntries: {}\n", if made.is_empty() { "none".to_owned() } else { made.join(", ") }));
        let mut reasons: BTreeMap<&str, u64> = BTreeMap::new();
        for ignored in self.files.iter().filter_map(|f| f.count.as_ref()).flat_map(|c| &c.ignored) {
            *reasons.entry(&ignored.reason).or_default() += ignored.rows;
        }
        if !reasons.is_empty() {
            out.push_str("\nIgnored, by reason\n");
            for (reason, rows) in reasons {
                out.push_str(&format!("  {}  {reason}\n", n(rows)));
            }
        }
        for file in &self.files {
            if let Some(left) = &file.left_out {
                out.push_str(&format!("\n{}: {}\n", short(&file.name), left.why));
                if let Some(hint) = &left.hint {
                    out.push_str(&format!("  hint: {hint}\n"));
                }
            }
        }
        for warning in &self.warnings {
            out.push_str(&format!("\n{}: {}\n", short(&warning.file), warning.message));
        }
        out.push_str(&format!("\n{}\n", self.line()));
        out.push_str(&match &self.outcome {
            None if self.dry_run => "Dry run: nothing was changed.\n".to_owned(),
            None => String::new(),
            Some(Outcome::Committed { seq, hash }) => {
                format!("Batch {seq} is in the ledger, hash {}.\n", hash.chars().take(12).collect::<String>())
            }
            Some(Outcome::NothingNew { seq, .. }) => format!("Nothing new: the ledger stays at batch {seq}.\n"),
        });
        if self.files.iter().any(|f| f.count.as_ref().is_some_and(|c| c.rejected > 0)) && !self.dry_run {
            out.push_str("Rows that could not be read: lockstep rejects\n");
        }
        out
    }

    fn to_json(&self) -> serde_json::Value {
        let files: Vec<serde_json::Value> = self
            .files
            .iter()
            .map(|f| {
                let count = f.count.as_ref().map(|c| {
                    serde_json::json!({
                        "rows": c.rows, "used": c.used, "rejected": c.rejected, "ignored": c.ignored_rows(),
                        "ignored_by_reason": c.ignored.iter().map(|i| (i.reason.clone(), i.rows)).collect::<BTreeMap<_, _>>(),
                        "entries": c.entries.iter().cloned().collect::<BTreeMap<_, _>>(),
                    })
                });
                let left = f.left_out.as_ref().map(|l| serde_json::json!({ "why": l.why, "hint": l.hint }));
                serde_json::json!({ "file": f.name, "mapping": f.mapping, "count": count, "left_out": left })
            })
            .collect();
        let (batch, hash, new) = match &self.outcome {
            None => (None, None, false),
            Some(Outcome::Committed { seq, hash }) => (Some(*seq), Some(hash.clone()), true),
            Some(Outcome::NothingNew { seq, hash }) => (Some(*seq), Some(hash.clone()), false),
        };
        serde_json::json!({
            "dry_run": self.dry_run, "batch": batch, "hash": hash, "new": new, "files": files,
            "warnings": self.warnings.iter().map(|w| w.message.clone()).collect::<Vec<_>>(),
        })
    }
}
