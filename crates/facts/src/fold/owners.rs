//! Who a change of owner names, as records of leads and opportunities name the same rep.
//!
//! Invariant: a rep has one name in facts, whether a record or a change says who it is.

use std::collections::HashMap;

use terms::{Entity, Key};

use super::records::Context;
use super::reference::id_text;

/// The codes of reps by what changes say.
pub(super) struct Owners<'a> {
    c: &'a Context<'a>,
    /// The system of a batch's file, by its number among those met.
    files: Vec<((u32, u32), usize)>,
    /// Systems met, and by text the code of the rep.
    systems: Vec<(String, HashMap<String, u32>)>,
}

impl<'a> Owners<'a> {
    pub const fn new(c: &'a Context<'a>) -> Owners<'a> {
        Owners { c, files: Vec::new(), systems: Vec::new() }
    }

    /// The code of the rep that a row of a file names; 0 for nobody.
    pub fn code(&mut self, file: (u32, u32), text: &str) -> u32 {
        let text = text.trim();
        if text.is_empty() {
            return 0;
        }
        let system = self.system(file);
        let c = self.c;
        let Some((name, known)) = self.systems.get_mut(system) else { return 0 };
        if let Some(code) = known.get(text) {
            return *code;
        }
        let code = code(c, name, text);
        known.insert(text.to_owned(), code);
        code
    }

    fn system(&mut self, file: (u32, u32)) -> usize {
        if let Some((_, system)) = self.files.iter().rev().find(|(at, _)| *at == file) {
            return *system;
        }
        let files = self.c.head.manifest(u64::from(file.0)).map(|m| &m.files);
        let mapping = files.and_then(|f| f.get(file.1 as usize)).map_or("", |f| f.count.mapping.as_str());
        let name = mapping.split('-').next().unwrap_or("");
        let place = self.systems.iter().position(|(known, _)| known == name).unwrap_or_else(|| {
            self.systems.push((name.to_owned(), HashMap::new()));
            self.systems.len() - 1
        });
        self.files.push((file, place));
        place
    }
}

fn code(c: &Context<'_>, system: &str, text: &str) -> u32 {
    // an id of 18 characters is one of 15 and three that say which of them are upper case
    let short = text.get(..15).filter(|_| text.len() == 18 && text.bytes().all(|b| b.is_ascii_alphanumeric()));
    let mut ids = [Some(text), short].into_iter().flatten();
    let key = |id: &str| Key::of(Entity::Rep, system, id).hash;
    let known = ids.clone().find_map(|id| {
        let by_text = c.reference.rep_ids.get(id).copied();
        by_text.or_else(|| c.reference.reps.get(&key(id)).map(|rep| rep.0))
    });
    match known {
        Some(code) => code,
        // as a record names a rep of whom there is no list
        None if !system.is_empty() => ids.next_back().map_or(0, |id| c.texts.code(&id_text("", key(id)))),
        None => c.texts.code(text),
    }
}
