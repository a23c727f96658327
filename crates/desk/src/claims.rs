//! Claims that either team saved, with when and by which team.
//!
//! Not here: what a claim means, and whether it holds. Invariant: a saved claim is never altered or removed, since a claim
//! that was fixed before its period closed is worth more than one that was picked afterwards.

use rusqlite::{OptionalExtension, Row, params};
use terms::{Instant, Team};

use crate::error::Kind;
use crate::{Desk, Error};

/// A claim as it was saved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedClaim {
    /// Its name.
    pub name: String,
    /// The filter as written.
    pub filter: String,
    /// The metric's word.
    pub metric: String,
    /// `below` or `above`.
    pub side: String,
    /// What it is compared with, as written.
    pub against: String,
    /// By which team.
    pub team: Team,
    /// When, as the caller said.
    pub at: Instant,
}

const COLUMNS: &str = "name, filter, metric, side, against, team, at";

impl Desk {
    /// Saves a claim. Whether it was: a name that is taken stays as it is.
    ///
    /// # Errors
    /// Where the file cannot be written.
    pub fn save_claim(&self, claim: &SavedClaim) -> Result<bool, Error> {
        let put =
            format!("INSERT INTO claims ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name) DO NOTHING");
        let c = claim;
        self.with(|store| {
            store.write(|store| {
                let values = params![c.name, c.filter, c.metric, c.side, c.against, word(c.team), c.at.0];
                Ok(store.conn.prepare_cached(&put)?.execute(values)? > 0)
            })
        })
    }

    /// A claim by its name.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn claim(&self, name: &str) -> Result<Option<SavedClaim>, Error> {
        let ask = format!("SELECT {COLUMNS} FROM claims WHERE name = $1");
        let found = self.with(|store| Ok(store.conn.prepare_cached(&ask)?.query_row([name], read).optional()?))?;
        found.map(known).transpose()
    }

    /// All claims, in the order in which they were saved.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn claims(&self) -> Result<Vec<SavedClaim>, Error> {
        let ask = format!("SELECT {COLUMNS} FROM claims ORDER BY at, name");
        let all = self.with(|store| {
            let mut all = store.conn.prepare_cached(&ask)?;
            let rows = all.query_map([], read)?;
            Ok(rows.collect::<Result<Vec<_>, _>>()?)
        })?;
        all.into_iter().map(known).collect()
    }
}

const fn word(team: Team) -> &'static str {
    match team {
        Team::Marketing => "marketing",
        Team::Sales => "sales",
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<(SavedClaim, String)> {
    let claim = SavedClaim {
        name: row.get(0)?,
        filter: row.get(1)?,
        metric: row.get(2)?,
        side: row.get(3)?,
        against: row.get(4)?,
        team: Team::Sales,
        at: Instant(row.get(6)?),
    };
    Ok((claim, row.get(5)?))
}

fn known((claim, team): (SavedClaim, String)) -> Result<SavedClaim, Error> {
    let team = [Team::Marketing, Team::Sales].into_iter().find(|t| word(*t) == team);
    team.map(|team| SavedClaim { team, ..claim })
        .ok_or_else(|| Kind::Corrupt("a saved claim names no team".to_owned()).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn claim(name: &str, team: Team, at: i64) -> SavedClaim {
        SavedClaim {
            name: name.to_owned(),
            filter: "source = Webinar and created in 2026Q3".to_owned(),
            metric: "conversion".to_owned(),
            side: "below".to_owned(),
            against: "rest".to_owned(),
            team,
            at: Instant(at),
        }
    }

    #[test]
    fn a_claim_is_kept_as_it_was_saved_first() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("desk.sqlite");
        let desk = Desk::open(&path).unwrap();
        let (first, second) = (claim("webinars", Team::Sales, 7), claim("partners", Team::Marketing, 5));
        assert!(desk.save_claim(&first).unwrap() && desk.save_claim(&second).unwrap());
        assert!(!desk.save_claim(&claim("webinars", Team::Marketing, 1)).unwrap());
        drop(desk);
        let desk = Desk::open(&path).unwrap();
        assert_eq!(desk.claim("webinars").unwrap().unwrap(), first);
        assert_eq!(desk.claims().unwrap(), [second, first]);
        assert_eq!(desk.claim("nobody's").unwrap(), None);
    }

    #[test]
    fn a_desk_of_the_first_format_gains_the_table_and_keeps_what_it_held() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("desk.sqlite");
        let desk = Desk::open(&path).unwrap();
        desk.set("currency", "EUR", Instant(1)).unwrap();
        desk.with(|store| {
            Ok(store.conn.execute_batch(
                "DROP TABLE claims; DROP TABLE users; DROP TABLE sessions; DROP TABLE audit; DROP TABLE tokens; \
                 DROP TABLE notes; DROP TABLE signing_keys; DROP TABLE views; PRAGMA user_version = 1",
            )?)
        })
        .unwrap();
        drop(desk);
        let desk = Desk::open(&path).unwrap();
        assert_eq!(desk.setting("currency").unwrap().as_deref(), Some("EUR"));
        assert!(desk.save_claim(&claim("webinars", Team::Sales, 7)).unwrap());
    }
}
