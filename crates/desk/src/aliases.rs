//! Aliases: a random key for a thing that a source knows only by a person's name, such as a rep.
//!
//! Invariant: one name (outer and double spaces aside, in any case) of one system is one alias, and the name is
//! nowhere but here.

use std::collections::HashMap;

use rusqlite::{OptionalExtension, params};
use terms::{Entity, Key};

use crate::people::folded;
use crate::store::Store;
use crate::{Desk, Error};

/// Names kept in memory as they are written, since a file of opportunities repeats a few reps on every row. A bound,
/// in case a column is taken for names that is none.
const REMEMBERED: usize = 100_000;

#[derive(Default)]
pub(crate) struct AliasMemory {
    text: String,
    known: HashMap<String, i64>,
}

impl Desk {
    /// The random key of what `system` knows by this name alone. Joins or opens the batch.
    ///
    /// # Errors
    /// Where another process holds the write lock, or the file cannot be written. The batch is lost then.
    pub fn alias(&self, entity: Entity, system: &str, name: &str) -> Result<Key, Error> {
        self.with(|store| {
            store.step(|store| {
                let memory = &mut store.aliases;
                memory.text.clear();
                memory.text.extend([entity.word(), "\u{1f}", system, "\u{1f}", name]);
                if let Some(number) = memory.known.get(&memory.text) {
                    return Ok(Key { entity, hash: *number as u64 });
                }
                let number = find_or_make(store, entity, system, name)?;
                let memory = &mut store.aliases;
                if memory.known.len() < REMEMBERED {
                    memory.known.insert(memory.text.clone(), number);
                }
                Ok(Key { entity, hash: number as u64 })
            })
        })
    }

    /// The name behind an alias as it was first written, `None` where there is none or it was forgotten.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn alias_name(&self, alias: Key) -> Result<Option<String>, Error> {
        let Ok(number) = i64::try_from(alias.hash) else { return Ok(None) };
        let ask = "SELECT name FROM aliases WHERE number = $1 AND entity = $2";
        self.with(|store| {
            let found =
                store.conn.prepare_cached(ask)?.query_row(params![number, alias.entity as u8], |row| row.get(0));
            Ok(found.optional()?)
        })
    }

    /// All names of a kind that are known by an alias, each with its key.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn aliases(&self, entity: Entity) -> Result<Vec<(String, Key)>, Error> {
        let ask = "SELECT name, number FROM aliases WHERE entity = $1 ORDER BY number";
        self.with(|store| {
            store.settle()?;
            let mut all = store.conn.prepare_cached(ask)?;
            let rows = all.query_map([entity as u8], |row| Ok((row.get(0)?, row.get::<_, i64>(1)?)))?;
            let of = |row: Result<(String, i64), _>| row.map(|(name, n)| (name, Key { entity, hash: n as u64 }));
            Ok(rows.map(of).collect::<Result<Vec<_>, _>>()?)
        })
    }
}

fn find_or_make(store: &mut Store, entity: Entity, system: &str, name: &str) -> Result<i64, Error> {
    let folded = folded(name);
    let ask = "SELECT number FROM aliases WHERE entity = $1 AND system = $2 AND folded = $3";
    let known = store.conn.prepare_cached(ask)?.query_row(params![entity as u8, system, folded], |row| row.get(0));
    if let Some(number) = known.optional()? {
        return Ok(number);
    }
    let number = store.dice.roll()?;
    let put = "INSERT INTO aliases (entity, system, folded, name, number) VALUES ($1, $2, $3, $4, $5)";
    store.conn.prepare_cached(put)?.execute(params![entity as u8, system, folded, name.trim(), number])?;
    Ok(number)
}
