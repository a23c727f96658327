//! Settings of the company by name (`fiscal_year_start`, `currency`, `time_zone`, `own_domains`), with every change.
//!
//! Not here: what a setting may be; whoever reads it decides that. Invariant: a change is never altered or removed.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, params};
use terms::Instant;

use crate::store::Store;
use crate::{Desk, Error};

/// One change of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// When it was made, as the caller said.
    pub at: Instant,
    /// What it was set to, `None` where it was withdrawn.
    pub value: Option<String>,
}

impl Desk {
    /// Sets a setting. Whether that changed anything.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn set(&self, name: &str, value: &str, at: Instant) -> Result<bool, Error> {
        self.with(|store| change(store, name, Some(value), at))
    }

    /// Withdraws a setting. Whether that changed anything.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn unset(&self, name: &str, at: Instant) -> Result<bool, Error> {
        self.with(|store| change(store, name, None, at))
    }

    /// What a setting is now.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn setting(&self, name: &str) -> Result<Option<String>, Error> {
        self.with(|store| current(store, name))
    }

    /// All settings that are set now, by name.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn settings(&self) -> Result<BTreeMap<String, String>, Error> {
        self.with(|store| {
            let mut all = store.conn.prepare_cached("SELECT name, setting FROM setting_changes ORDER BY change")?;
            let mut settings = BTreeMap::new();
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                let name = row.get(0)?;
                match row.get::<_, Option<String>>(1)? {
                    Some(value) => settings.insert(name, value),
                    None => settings.remove(&name),
                };
            }
            Ok(settings)
        })
    }

    /// What a setting was at an instant: the last change made by then.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn setting_at(&self, name: &str, at: Instant) -> Result<Option<String>, Error> {
        let history = self.setting_history(name)?;
        let last = history.into_iter().filter(|change| change.at <= at).max_by_key(|change| change.at);
        Ok(last.and_then(|change| change.value))
    }

    /// Every change of a setting, in the order in which they were made.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn setting_history(&self, name: &str) -> Result<Vec<Change>, Error> {
        let ask = "SELECT at, setting FROM setting_changes WHERE name = $1 ORDER BY change";
        self.with(|store| {
            let mut changes = store.conn.prepare_cached(ask)?;
            let rows = changes.query_map([name], |row| Ok(Change { at: Instant(row.get(0)?), value: row.get(1)? }))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }
}

fn current(store: &Store, name: &str) -> Result<Option<String>, Error> {
    let ask = "SELECT setting FROM setting_changes WHERE name = $1 ORDER BY change DESC LIMIT 1";
    let last: Option<Option<String>> =
        store.conn.prepare_cached(ask)?.query_row([name], |row| row.get(0)).optional()?;
    Ok(last.flatten())
}

fn change(store: &mut Store, name: &str, value: Option<&str>, at: Instant) -> Result<bool, Error> {
    store.write(|store| {
        if current(store, name)?.as_deref() == value {
            return Ok(false);
        }
        let put = "INSERT INTO setting_changes (name, setting, at) VALUES ($1, $2, $3)";
        store.conn.prepare_cached(put)?.execute(params![name, value, at.0])?;
        Ok(true)
    })
}
