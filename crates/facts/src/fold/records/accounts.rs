//! Accounts: what they are matched by, and what is joined from them.
//!
//! Invariant: one of each key, in the order of keys; a field that a later version leaves open is an earlier one's.

use entries::catalogue;
use journey::Source;
use rayon::prelude::*;
use terms::Entity;

use super::{Context, Met, Version, buckets, merge, or};
use crate::Error;
use crate::fold::kept::{self, domain_hash};

/// An account as it stands, for its own grain and for what is joined from it.
#[derive(Clone, Copy)]
pub(crate) struct Account {
    pub key: u64,
    pub domain: u64,
    pub name: u64,
    pub industry: u32,
    pub country: u32,
    pub segment: u32,
    pub owner: u32,
    pub employees: Option<i64>,
    pub source: Source,
}

impl Account {
    /// What it is matched by.
    pub const fn matched(&self) -> kept::Account {
        kept::Account { key: self.key, domain: self.domain, name: self.name }
    }
}

/// All accounts, in the order of their keys.
pub(crate) fn accounts(c: &Context<'_>) -> Result<Vec<Account>, Error> {
    use catalogue::account as f;
    let fields = [f::NAME, f::DOMAIN, f::INDUSTRY, f::COUNTRY, f::EMPLOYEES, f::OWNER, f::SEGMENT];
    let parts = buckets(c, Entity::Account, &fields, |versions: &mut Vec<Version<Account>>, rows| {
        let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let (industry, country, segment) =
            (rows.codes("industry", c.texts), rows.codes("country", c.texts), rows.codes("segment", c.texts));
        let (domain, name) = (rows.meanings("domain", domain_hash), rows.names("name"));
        let (owner, employees) = (rows.keys("owner"), rows.ints("employees"));
        let mut reps = Met::default();
        for row in 0..rows.len {
            let key = ids.key(row);
            if !c.wants(key) {
                continue;
            }
            let source = Source { batch: rows.seq, file: file.get(row).unwrap_or(0), line: line.get(row).unwrap_or(0) };
            let record = Account {
                key,
                domain: domain.get(row).unwrap_or(0),
                name: name.get(row).unwrap_or(0),
                industry: industry.get(row),
                country: country.get(row),
                segment: segment.get(row),
                owner: reps.of(owner.key(row), |k| c.reference.rep(k, c.texts)).0,
                employees: employees.get(row),
                source,
            };
            let deleted = deleted.get(row).unwrap_or(false);
            versions.push(Version { order: valid.get(row).order(), source, deleted, id: key, record });
        }
    })?;
    let merged: Vec<Vec<Account>> = parts
        .into_par_iter()
        .map(|versions| {
            merge(versions, |a: &mut Account, e| {
                or(&mut a.domain, e.domain, 0);
                or(&mut a.name, e.name, 0);
                or(&mut a.industry, e.industry, 0);
                or(&mut a.country, e.country, 0);
                or(&mut a.segment, e.segment, 0);
                or(&mut a.owner, e.owner, 0);
                or(&mut a.employees, e.employees, None);
            })
        })
        .collect();
    Ok(merged.into_iter().flatten().collect())
}
