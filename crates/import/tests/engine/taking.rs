//! A sink and a people's knower in memory.

use std::collections::{BTreeMap, HashMap};

use entries::{Entry, FileCount, Reject, Value, catalogue};
use lockstep_import::{Error, Mapping, People, Piece, Seen, Settings, Sink, Taken, Warning, read};
use terms::{Entity, Key};

/// Keeps everything; an entry whose latest version is the same is unchanged.
#[derive(Default)]
pub struct Kept {
    pub entries: Vec<Entry>,
    pub rejects: Vec<Reject>,
    pub warnings: Vec<Warning>,
    latest: HashMap<Key, u64>,
}

impl Sink for Kept {
    fn entry(&mut self, entry: &Entry) -> Result<Taken, Error> {
        if self.latest.insert(entry.id, entry.digest()) == Some(entry.digest()) {
            return Ok(Taken::Unchanged);
        }
        self.entries.push(entry.clone());
        Ok(Taken::Added)
    }
    fn reject(&mut self, reject: Reject) -> Result<(), Error> {
        self.rejects.push(reject);
        Ok(())
    }
    fn warn(&mut self, warning: Warning) -> Result<(), Error> {
        self.warnings.push(warning);
        Ok(())
    }
}

/// Numbers people in the order in which they come.
#[derive(Default)]
pub struct Known {
    pub people: Vec<(String, String, String)>,
    pub aliases: BTreeMap<String, u64>,
}

impl People for Known {
    fn person(&mut self, seen: &Seen<'_>) -> Result<(Key, &'static str), Error> {
        let same = |known: &(String, String, String)| {
            (!seen.mail.is_empty() && known.0 == seen.mail) || (!seen.phone.is_empty() && known.1 == seen.phone)
        };
        let (n, rule) = match self.people.iter().position(same) {
            Some(n) if !seen.mail.is_empty() && self.people[n].0 == seen.mail => (n, "mail"),
            Some(n) => (n, "phone"),
            None => {
                let name = seen.name.unwrap_or("").to_owned();
                self.people.push((seen.mail.into(), seen.phone.into(), name));
                (self.people.len() - 1, "new")
            }
        };
        Ok((Key::vault_person(n as u64 + 1), rule))
    }
    fn alias(&mut self, entity: Entity, _system: &str, name: &str) -> Result<Key, Error> {
        let next = self.aliases.len() as u64 + 1;
        Ok(Key { entity, hash: *self.aliases.entry(name.to_owned()).or_insert(next) })
    }
}

pub fn read_into(piece: &Piece, mapping: &Mapping, settings: &Settings, kept: &mut Kept) -> Result<FileCount, Error> {
    let mut people = Known::default();
    let count = read(piece, mapping, settings, kept, &mut people, &mut |_| {})?;
    assert!(count.is_complete());
    Ok(count)
}

/// Reads text by a mapping.
pub fn read_text(text: &[u8], mapping: &str) -> Result<(Kept, FileCount), Error> {
    let mapping = Mapping::parse(mapping, "test.toml").unwrap();
    let mut kept = Kept::default();
    let count = read_into(&Piece::from_bytes("test.csv", text), &mapping, &Settings::default(), &mut kept)?;
    Ok((kept, count))
}

/// An entry as lines, for comparing.
pub fn show(entry: &Entry) -> String {
    let id = if entry.id_text.is_empty() { "-" } else { entry.id_text.as_str() };
    let own = Key::of(entry.entity, "t", &entry.id_text);
    let mut out = format!("{} {id} line {} at {}", entry.entity.word(), entry.row.line, entry.valid_at);
    if entry.subject != entry.id && entry.subject != own {
        out += &format!(" about {}", entry.subject.entity.word());
    }
    if entry.deleted {
        out += " deleted";
    }
    for (def, value) in catalogue::fields(entry.entity).iter().zip(entry.values()) {
        let text = match value {
            Value::None => continue,
            Value::Text(text) => format!("{text:?}"),
            Value::Key(key) => format!("{}:{:x}", key.entity.word(), key.hash),
            Value::Int(n) => n.to_string(),
            Value::Real(x) => format!("{x:?}"),
            Value::Money(money) => format!("{} {}", money.minor, money.currency.code()),
            Value::When(when) => when.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Stage(stage) => stage.word().to_owned(),
        };
        out += &format!("\n  {} = {text}", def.name);
    }
    out
}
