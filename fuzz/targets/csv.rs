//! Any bytes as a table: recognised, previewed, read and counted in full, or refused with a code; never a panic.

#![no_main]

use std::collections::HashMap;
use std::sync::OnceLock;

use entries::{Entry, Reject};
use import::{Catalogue, Error, Mapping, People, Piece, Preview, Recognised, Seen, Settings, Sink, Taken};
use libfuzzer_sys::fuzz_target;
use terms::{Entity, Key};

/// Fits any header, so that what the built-in mappings do not know is read all the same.
const ANY: &str = r#"
name = "any"
system = "any"
[recognise]
files = ["*"]
files_required = true
priority = -9
[[entity]]
entity = "opportunity"
valid_at = ["date"]
[entity.set]
product = "a|id|b|c1"
amount = "amount|b"
created_at = "date"
"#;

#[derive(Default)]
struct Kept {
    latest: HashMap<Key, u64>,
    rejects: u64,
}

impl Sink for Kept {
    fn entry(&mut self, entry: &Entry) -> Result<Taken, Error> {
        let same = self.latest.insert(entry.id, entry.digest()) == Some(entry.digest());
        Ok(if same { Taken::Unchanged } else { Taken::Added })
    }

    fn reject(&mut self, reject: Reject) -> Result<(), Error> {
        assert!(reject.read.chars().count() <= 200 && reject.row.line >= 1);
        assert!(!reject.expected.is_empty() && !reject.hint.is_empty());
        self.rejects += 1;
        Ok(())
    }
}

#[derive(Default)]
struct Known {
    people: HashMap<String, u64>,
}

impl Known {
    fn number(&mut self, text: &str) -> u64 {
        let next = self.people.len() as u64 + 1;
        *self.people.entry(text.to_owned()).or_insert(next)
    }
}

impl People for Known {
    fn person(&mut self, seen: &Seen<'_>) -> Result<(Key, &'static str), Error> {
        let evidence = if seen.mail.is_empty() { seen.phone } else { seen.mail };
        assert!(!evidence.is_empty(), "a person was asked for without mail or phone");
        Ok((Key::vault_person(self.number(evidence)), "mail"))
    }

    fn alias(&mut self, entity: Entity, _system: &str, name: &str) -> Result<Key, Error> {
        Ok(Key { entity, hash: self.number(name) })
    }
}

fn mappings() -> &'static [Mapping] {
    static ALL: OnceLock<Catalogue> = OnceLock::new();
    let all = ALL.get_or_init(|| {
        let mut all = Catalogue::builtin().expect("the built-in mappings are sound");
        all.add(Mapping::parse(ANY, "any.toml").expect("the mapping above is sound"));
        all
    });
    all.mappings()
}

fuzz_target!(|bytes: &[u8]| {
    let piece = Piece::from_bytes("table.csv", bytes);
    if let Ok(preview) = Preview::of(&piece, 100) {
        let _ = import::suggest::suggest(&preview.header, &preview.rows, "table.csv");
    }
    let Recognised::Mapping(mapping, _) = import::recognise(&piece, mappings()) else { return };
    let mut kept = Kept::default();
    match import::read(&piece, mapping, &Settings::default(), &mut kept, &mut Known::default(), &mut |_| {}) {
        Ok(count) => {
            assert!(count.is_complete(), "rows read = used + rejected + ignored");
            assert!(count.rows <= bytes.len() as u64 + 1);
            assert_eq!(count.rejected, kept.rejects);
        }
        Err(error) => assert!(!error.code().is_empty() && !error.to_string().contains('\n'), "{error}"),
    }
});
