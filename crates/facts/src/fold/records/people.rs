//! Contacts, merged for identity; the fold needs none of their versions.

use entries::catalogue::person as f;
use identity::PersonRecord;
use journey::Source;
use rayon::prelude::*;
use terms::Entity;

use super::{Context, Version, buckets, merge, or};
use crate::Error;

/// All contacts.
pub(in crate::fold) fn people(c: &Context<'_>) -> Result<Vec<PersonRecord>, Error> {
    let fields = [f::PERSON, f::ACCOUNT, f::MAIL_DOMAIN];
    let parts = buckets(c, Entity::Person, &fields, |versions: &mut Vec<Version<PersonRecord>>, rows| {
        let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let (person, account) = (rows.keys("person"), rows.keys("account"));
        let domain = rows.codes("mail_domain", c.names);
        for row in 0..rows.len {
            let record = PersonRecord {
                key: ids.key(row),
                person: person.key(row),
                account: account.key(row),
                mail_domain: domain.get(row),
            };
            versions.push(Version {
                order: valid.get(row).order(),
                source: Source { batch: rows.seq, file: file.get(row).unwrap_or(0), line: line.get(row).unwrap_or(0) },
                deleted: deleted.get(row).unwrap_or(false),
                id: record.key,
                record,
            });
        }
    })?;
    let merged: Vec<Vec<PersonRecord>> = parts
        .into_par_iter()
        .map(|versions| {
            merge(versions, |r: &mut PersonRecord, e| {
                or(&mut r.person, e.person, 0);
                or(&mut r.account, e.account, 0);
                or(&mut r.mail_domain, e.mail_domain, 0);
            })
        })
        .collect();
    Ok(merged.into_iter().flatten().collect())
}
