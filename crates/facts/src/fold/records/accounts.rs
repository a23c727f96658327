//! Accounts as they stand: for identity, for their own grain, and for what is joined from them.

use entries::catalogue::account as f;
use identity::AccountRecord;
use journey::Source;
use terms::Entity;

use super::Context;
use crate::Error;
use crate::fold::reference::{Standing, standing};
use crate::fold::texts::Texts;

/// An account as it stands, for its own grain and for what is joined from it.
pub(in crate::fold) struct Account {
    pub key: u64,
    pub industry: u32,
    pub country: u32,
    pub segment: u32,
    pub owner: u32,
    pub employees: Option<i64>,
    pub source: Source,
}

/// All accounts, in the order of their keys.
pub(in crate::fold) fn accounts(c: &Context<'_>) -> Result<(Vec<AccountRecord>, Vec<Account>), Error> {
    let mut out = (Vec::new(), Vec::new());
    for Standing { entry, seq } in standing(c.head, Entity::Account)? {
        let text = |field: usize, texts: &Texts| entry.get(field).text().map_or(0, |t| texts.code(t));
        let key = entry.id.hash;
        out.0.push(AccountRecord { key, domain: text(f::DOMAIN, c.names), name: text(f::NAME, c.names) });
        out.1.push(Account {
            key,
            industry: text(f::INDUSTRY, c.texts),
            country: text(f::COUNTRY, c.texts),
            segment: text(f::SEGMENT, c.texts),
            owner: c.reference.rep(entry.get(f::OWNER).key().map_or(0, |k| k.hash), c.texts).0,
            employees: entry.get(f::EMPLOYEES).int(),
            source: Source { batch: seq, file: entry.row.file, line: entry.row.line },
        });
    }
    Ok(out)
}
