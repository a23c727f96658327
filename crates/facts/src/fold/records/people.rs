//! Contacts, and recorded links. Invariant: links come in the order of recording, numbered from 1 on.

use entries::catalogue;
use identity::MEMBER;
use journey::Source;
use rayon::prelude::*;
use terms::Entity;

use super::{Context, Version, buckets, merge, or};
use crate::Error;
use crate::fold::kept::{Link, Person, domain_hash};
use crate::fold::read::key;

/// All contacts.
pub(crate) fn people(c: &Context<'_>) -> Result<Vec<Person>, Error> {
    use catalogue::person as f;
    let fields = [f::PERSON, f::ACCOUNT, f::MAIL_DOMAIN];
    let parts = buckets(c, Entity::Person, &fields, |versions: &mut Vec<Version<Person>>, rows| {
        let (ids, valid, deleted) = (rows.keys("id"), rows.valid(), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let (person, account) = (rows.keys("person"), rows.keys("account"));
        let domain = rows.meanings("mail_domain", domain_hash);
        for row in 0..rows.len {
            if !c.wants(ids.key(row)) {
                continue;
            }
            let record = Person {
                key: ids.key(row),
                person: person.key(row),
                account: account.key(row),
                domain: domain.get(row).unwrap_or(0),
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
    let merged: Vec<Vec<Person>> = parts
        .into_par_iter()
        .map(|versions| {
            merge(versions, |r: &mut Person, e| {
                or(&mut r.person, e.person, 0);
                or(&mut r.account, e.account, 0);
                or(&mut r.domain, e.domain, 0);
            })
        })
        .collect();
    Ok(merged.into_iter().flatten().collect())
}

/// All links and withdrawals, in the order of recording.
pub(crate) fn links(c: &Context<'_>) -> Result<Vec<Link>, Error> {
    use catalogue::link as f;
    let fields = [f::FROM, f::TO, f::RULE, f::WITHDRAWN];
    type Recorded = ((u32, u32, u32, u64), Link);
    let parts = buckets(c, Entity::Link, &fields, |links: &mut Vec<Recorded>, rows| {
        let (ids, deleted) = (rows.keys("id"), rows.flags("deleted"));
        let (file, line) = (rows.numbers("file"), rows.numbers("line"));
        let (from, from_kind) = (rows.keys("from"), rows.small("from_kind"));
        let (to, to_kind) = (rows.keys("to"), rows.small("to_kind"));
        let (member, withdrawn) = (rows.meanings("rule", |rule| rule == MEMBER), rows.flags("withdrawn"));
        for row in 0..rows.len {
            if let (Some(from), Some(to)) = (key(&from, &from_kind, row), key(&to, &to_kind, row)) {
                let at = (rows.seq, file.get(row).unwrap_or(0), line.get(row).unwrap_or(0), ids.key(row));
                let withdrawn = withdrawn.get(row).unwrap_or(false) || deleted.get(row).unwrap_or(false);
                let member = member.get(row).unwrap_or(false);
                links.push((at, Link { from, to, withdrawn, member, key: 0 }));
            }
        }
    })?;
    let mut all: Vec<Recorded> = parts.into_iter().flatten().collect();
    all.par_sort_unstable_by_key(|(at, l)| (*at, l.from, l.to, l.withdrawn, l.member));
    Ok(all.into_iter().zip(1u64..).map(|((_, link), key)| Link { key, ..link }).collect())
}
