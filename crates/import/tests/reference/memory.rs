//! A ledger and a vault in memory, and the way from a file to them.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::LazyLock;

use entries::{Entry, FileCount, Reject, catalogue};
use import::{
    Catalogue, Error, Mapping, People, Piece, Readers, Recognised, Seen, Settings, Sink, Taken, Warning, read,
    recognise, survey,
};
use terms::{Currency, Entity, Key};

/// The built-in mappings.
pub static BUILTIN: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::builtin().unwrap());

/// Keeps everything.
#[derive(Default)]
pub struct Memory {
    pub entries: Vec<Entry>,
    pub rejects: Vec<Reject>,
    pub warnings: Vec<Warning>,
    pub people: BTreeMap<String, u64>,
    pub aliases: BTreeMap<String, u64>,
}

#[derive(Default)]
struct Kept(Vec<Entry>, Vec<Reject>, Vec<Warning>);

impl Sink for Kept {
    fn entry(&mut self, entry: &Entry) -> Result<Taken, Error> {
        self.0.push(entry.clone());
        Ok(Taken::Added)
    }
    fn reject(&mut self, reject: Reject) -> Result<(), Error> {
        self.1.push(reject);
        Ok(())
    }
    fn warn(&mut self, warning: Warning) -> Result<(), Error> {
        self.2.push(warning);
        Ok(())
    }
}

#[derive(Default)]
struct Vault {
    people: BTreeMap<String, u64>,
    aliases: BTreeMap<String, u64>,
}

impl People for Vault {
    fn person(&mut self, seen: &Seen<'_>) -> Result<(Key, &'static str), Error> {
        let (known, rule) = if seen.mail.is_empty() { (seen.phone, "phone") } else { (seen.mail, "mail") };
        let next = self.people.len() as u64 + 1;
        let is_new = !self.people.contains_key(known);
        let number = *self.people.entry(known.to_owned()).or_insert(next);
        Ok((Key::vault_person(number), if is_new { "new" } else { rule }))
    }
    fn alias(&mut self, entity: Entity, system: &str, name: &str) -> Result<Key, Error> {
        let next = self.aliases.len() as u64 + 1;
        let number = *self.aliases.entry(format!("{system}/{name}")).or_insert(next);
        Ok(Key { entity, hash: number })
    }
}

/// Where the reference data is, `None` (and a line saying so) where there is none.
pub fn data(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("LOCKSTEP_DATA")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: no reference data");
    None
}

/// The piece of one file of the reference data.
pub fn piece(path: &str) -> Option<Piece> {
    let path = data(path)?;
    survey(&[path], &Readers::default()).unwrap().into_iter().next()
}

/// The mapping that a piece is recognised by.
pub fn mapping_of(piece: &Piece) -> &'static Mapping {
    match recognise(piece, BUILTIN.mappings()) {
        Recognised::Mapping(mapping, _) => mapping,
        other => panic!("{}: {other:?}", piece.name()),
    }
}

/// Reads a piece with the mapping that it is recognised by.
pub fn import(piece: &Piece) -> (FileCount, Memory) {
    import_with(piece, &Settings::default())
}

/// The same, with the home's settings.
pub fn import_with(piece: &Piece, settings: &Settings) -> (FileCount, Memory) {
    try_import(piece, settings).unwrap_or_else(|e| panic!("{}: {e} ({:?})", piece.name(), e.hint()))
}

/// The same, where an error is expected.
pub fn try_import(piece: &Piece, settings: &Settings) -> Result<(FileCount, Memory), Error> {
    import_by(piece, mapping_of(piece), settings)
}

/// Reads a piece by this mapping.
pub fn import_by(piece: &Piece, mapping: &Mapping, settings: &Settings) -> Result<(FileCount, Memory), Error> {
    let (mut sink, mut vault) = (Kept::default(), Vault::default());
    let count = read(piece, mapping, settings, &mut sink, &mut vault, &mut |_| {})?;
    assert!(count.is_complete(), "{count:?}");
    assert_eq!(count.rejected, sink.1.len() as u64);
    let made: u64 = count.entries.iter().map(|(_, n)| n).sum();
    assert_eq!(made, sink.0.len() as u64, "{count:?}");
    let Kept(entries, rejects, warnings) = sink;
    let Vault { people, aliases } = vault;
    Ok((count, Memory { entries, rejects, warnings, people, aliases }))
}

/// Reads text as a file of this name.
pub fn import_text(name: &str, text: &str) -> (FileCount, Memory) {
    import(&Piece::from_bytes(name, text.as_bytes()))
}

impl Memory {
    /// The entries of one kind.
    pub fn of(&self, entity: Entity) -> Vec<&Entry> {
        self.entries.iter().filter(|e| e.entity == entity).collect()
    }

    /// How many of one kind.
    pub fn count(&self, entity: Entity) -> usize {
        self.of(entity).len()
    }

    /// How many different ids of one kind.
    pub fn distinct(&self, entity: Entity) -> usize {
        self.of(entity).iter().map(|e| e.id).collect::<std::collections::BTreeSet<_>>().len()
    }

    /// The sum of a money field of one kind, in minor units; all must be of one currency.
    pub fn sum(&self, entity: Entity, field: usize) -> (i64, Currency) {
        let money: Vec<_> = self.of(entity).iter().filter_map(|e| e.get(field).money()).collect();
        let currency = money.first().map_or(Currency::UNKNOWN, |m| m.currency);
        assert!(money.iter().all(|m| m.currency == currency), "more than one currency");
        (money.iter().map(|m| m.minor).sum(), currency)
    }

    /// How often each text of a field occurs; empty where there is none.
    pub fn texts(&self, entity: Entity, field: usize) -> BTreeMap<String, usize> {
        let mut counts = BTreeMap::new();
        for entry in self.of(entity) {
            *counts.entry(entry.get(field).text().unwrap_or("").to_owned()).or_default() += 1;
        }
        counts
    }

    /// Every text of every entry, and the ids.
    pub fn all_texts(&self) -> Vec<String> {
        let mut all = Vec::new();
        for entry in &self.entries {
            all.push(entry.id_text.to_string());
            for n in 0..catalogue::fields(entry.entity).len() {
                all.extend(entry.get(n).text().map(str::to_owned));
            }
        }
        all
    }

    /// No text of an entry holds any of these.
    pub fn assert_silent_about(&self, secrets: &[&str]) {
        for text in self.all_texts() {
            for secret in secrets {
                assert!(!text.to_lowercase().contains(&secret.to_lowercase()), "`{text}` holds `{secret}`");
            }
        }
    }
}
