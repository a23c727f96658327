//! Shows what import makes of files: recognition, counts, first rejects, warnings, rows a second.
//! A path that ends in `.toml` is a mapping to use beside the built-in ones.
//! `cargo run --release -p lockstep-import --example look -- PATH...`

use std::path::PathBuf;
use std::time::Instant;

use entries::{Entry, Reject};
use lockstep_import::{
    Catalogue, Error, Mapping, People, Readers, Recognised, Seen, Settings, Sink, Taken, Warning, read, recognise,
    survey,
};
use terms::{Entity, Key};

#[derive(Default)]
struct Counting {
    entries: u64,
    rejects: Vec<Reject>,
    warnings: Vec<String>,
}

impl Sink for Counting {
    fn entry(&mut self, _entry: &Entry) -> Result<Taken, Error> {
        self.entries += 1;
        Ok(Taken::Added)
    }
    fn reject(&mut self, reject: Reject) -> Result<(), Error> {
        self.rejects.push(reject);
        Ok(())
    }
    fn warn(&mut self, warning: Warning) -> Result<(), Error> {
        self.warnings.push(format!("{}: {}", warning.column, warning.message));
        Ok(())
    }
}

struct Nobody;

impl People for Nobody {
    fn person(&mut self, _seen: &Seen<'_>) -> Result<(Key, &'static str), Error> {
        Ok((Key::vault_person(1), "new"))
    }
    fn alias(&mut self, entity: Entity, _system: &str, _name: &str) -> Result<Key, Error> {
        Ok(Key { entity, hash: 1 })
    }
}

fn main() -> Result<(), Error> {
    let mut paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut catalogue = Catalogue::builtin()?;
    paths.retain(|path| {
        let own = path.extension().is_some_and(|end| end == "toml").then(|| std::fs::read_to_string(path));
        match own.and_then(Result::ok).map(|toml| Mapping::parse(&toml, &path.display().to_string())) {
            Some(Ok(mapping)) => catalogue.add(mapping),
            Some(Err(error)) => println!("{error}"),
            None => return true,
        }
        false
    });
    for piece in survey(&paths, &Readers::default())? {
        let mapping = match recognise(&piece, catalogue.mappings()) {
            Recognised::Mapping(mapping, why) => {
                println!("{}: {} ({why})", piece.name(), mapping.name());
                mapping
            }
            other => {
                let text: String = format!("{other:?}").chars().take(300).collect();
                println!("{}: {text}", piece.name());
                continue;
            }
        };
        let (mut sink, start) = (Counting::default(), Instant::now());
        match read(&piece, mapping, &Settings::default(), &mut sink, &mut Nobody, &mut |_| {}) {
            Ok(count) => {
                let per_row = start.elapsed().as_secs_f64() * 1e6 / count.rows.max(1) as f64;
                let ignored: Vec<_> = count.ignored.iter().map(|i| format!("{} {}", i.rows, i.reason)).collect();
                println!(
                    "  {} rows: {} used, {} rejected, ignored [{}]; {:?}; {per_row:.2} us a row",
                    count.rows,
                    count.used,
                    count.rejected,
                    ignored.join(", "),
                    count.entries
                );
            }
            Err(error) => println!("  {}: {error} ({})", error.code(), error.hint().unwrap_or_default()),
        }
        for reject in sink.rejects.iter().take(3) {
            println!(
                "  line {}: {}: read {:?}, expected {}",
                reject.row.line, reject.column, reject.read, reject.expected
            );
        }
        for warning in &sink.warnings {
            println!("  {warning}");
        }
    }
    Ok(())
}
