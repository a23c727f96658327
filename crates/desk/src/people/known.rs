//! What the vault knows and learns: the same questions asked of memory where a batch is large, else of the file.
//!
//! Invariant: whatever is written to the file is noted in memory by the same function.

use rusqlite::{Connection, OptionalExtension, params};

use super::Rule;
use crate::Error;
use crate::store::Store;

/// The person of a mail.
pub(crate) struct Found {
    pub id: i64,
    pub rule: Rule,
    pub named: bool,
}

/// Who has a phone.
#[derive(Clone, Copy)]
pub(crate) enum Holders {
    None,
    One { id: i64, mailed: bool },
    Several,
}

pub(super) fn by_mail(store: &Store, mail: &str) -> Result<Option<Found>, Error> {
    if let Some(index) = &store.index {
        return Ok(index.mail(&store.secret, mail));
    }
    let ask = "SELECT p.id, p.mail_rule, p.name IS NOT NULL
         FROM mails m JOIN people p ON p.id = m.person WHERE m.mail = $1";
    let found = store.conn.prepare_cached(ask)?.query_row([mail], |row| {
        Ok(Found { id: row.get(0)?, rule: Rule::from_number(row.get(1)?), named: row.get(2)? })
    });
    Ok(found.optional()?)
}

pub(super) fn by_phone(store: &Store, phone: &str) -> Result<Holders, Error> {
    if let Some(index) = &store.index {
        return Ok(index.phone(&store.secret, phone));
    }
    let ask =
        "SELECT p.id, p.mail IS NOT NULL FROM phones h JOIN people p ON p.id = h.person WHERE h.phone = $1 LIMIT 2";
    let mut ask = store.conn.prepare_cached(ask)?;
    let mut rows = ask.query([phone])?;
    let Some(row) = rows.next()? else { return Ok(Holders::None) };
    let one = Holders::One { id: row.get(0)?, mailed: row.get(1)? };
    Ok(if rows.next()?.is_some() { Holders::Several } else { one })
}

pub(super) fn by_sight(store: &Store, sight: i64) -> Result<Option<(i64, Rule)>, Error> {
    if let Some(index) = &store.index {
        return Ok(index.sight(sight));
    }
    let ask = "SELECT person, rule FROM sights WHERE sight = $1";
    let found =
        store.conn.prepare_cached(ask)?.query_row([sight], |row| Ok((row.get(0)?, Rule::from_number(row.get(1)?))));
    Ok(found.optional()?)
}

/// A new person under a random number.
pub(super) fn make(
    store: &mut Store,
    mail: Option<&str>,
    phone: Option<&str>,
    name: Option<&str>,
    held: Holders,
) -> Result<i64, Error> {
    let id = store.dice.roll()?;
    store.fresh.push(Fresh { id, mail: mail.map(Box::from), phone: phone.map(Box::from), name: name.map(Box::from) });
    let Some(index) = &mut store.index else {
        store.settle()?;
        return Ok(id);
    };
    if let Some(mail) = mail {
        index.note_mail(&store.secret, mail, &Found { id, rule: Rule::Mail, named: name.is_some() });
    }
    if let Some(phone) = phone
        && !matches!(held, Holders::Several)
    {
        index.note_holder(&store.secret, phone, id, mail.is_some());
    }
    if store.fresh.len() >= SETTLED {
        store.settle()?;
    }
    Ok(id)
}

/// Gives a mail to a person who was known by phone alone; whether they had none.
pub(super) fn give_mail(store: &mut Store, id: i64, mail: &str, named: bool) -> Result<bool, Error> {
    // Asked of the file even where memory says that there is no mail: they may have got one by another phone.
    store.settle()?;
    let put = "UPDATE people SET mail = $1, mail_rule = $2 WHERE id = $3 AND mail IS NULL";
    if store.conn.prepare_cached(put)?.execute(params![mail, Rule::Phone.number(), id])? == 0 {
        return Ok(false);
    }
    store.conn.prepare_cached(PUT_MAIL)?.execute(params![mail, id])?;
    if let Some(index) = &mut store.index {
        index.note_mail(&store.secret, mail, &Found { id, rule: Rule::Phone, named });
    }
    Ok(true)
}

/// Gives a name to a person who has none.
pub(super) fn give_name(store: &mut Store, id: i64, name: &str) -> Result<(), Error> {
    store.settle()?;
    let put = "UPDATE people SET name = $1 WHERE id = $2 AND name IS NULL";
    store.conn.prepare_cached(put)?.execute(params![name, id])?;
    Ok(())
}

/// The person of this mail has a name now.
pub(super) fn note_named(store: &mut Store, mail: &str) {
    if let Some(index) = &mut store.index
        && let Some(found) = index.mail(&store.secret, mail)
    {
        index.note_mail(&store.secret, mail, &Found { named: true, ..found });
    }
}

/// Gives one more phone to a person who has a mail.
pub(super) fn give_phone(store: &mut Store, id: i64, phone: &str) -> Result<(), Error> {
    store.settle()?;
    let put = "UPDATE people SET phones = CASE WHEN phones IS NULL THEN $1 ELSE phones || $2 || $1 END WHERE id = $3";
    store.conn.prepare_cached(put)?.execute(params![phone, PHONES_APART, id])?;
    store.conn.prepare_cached(PUT_PHONE)?.execute(params![phone, id])?;
    if let Some(index) = &mut store.index {
        index.note_holder(&store.secret, phone, id, true);
    }
    Ok(())
}

pub(super) fn keep_sight(store: &mut Store, sight: i64, id: i64, rule: Rule) -> Result<(), Error> {
    let put = "INSERT INTO sights (sight, person, rule) VALUES ($1, $2, $3)";
    store.conn.prepare_cached(put)?.execute(params![sight, id, rule.number()])?;
    if let Some(index) = &mut store.index {
        index.note_sight(sight, id, rule);
    }
    Ok(())
}

/// A person made in this batch who is not in the file yet.
pub(crate) struct Fresh {
    id: i64,
    mail: Option<Box<str>>,
    phone: Option<Box<str>>,
    name: Option<Box<str>>,
}

/// So many fresh people are written together (about 40 MB of memory). Each table takes them in the order of its key,
/// so that neighbours are written while their page is at hand: twice as fast as in the order of arrival.
const SETTLED: usize = 250_000;

/// Stands between the phones of one person; no phone holds it.
pub(super) const PHONES_APART: &str = " ";

const PUT_PERSON: &str = "INSERT INTO people (id, mail, phones, name, mail_rule) VALUES ($1, $2, $3, $4, $5)";
const PUT_MAIL: &str = "INSERT INTO mails (mail, person) VALUES ($1, $2)";
const PUT_PHONE: &str = "INSERT INTO phones (phone, person) VALUES ($1, $2)";

/// Writes fresh people into the file. Part of the open batch: not durable before it is flushed.
pub(crate) fn settle(conn: &Connection, fresh: &mut Vec<Fresh>) -> Result<(), Error> {
    fresh.sort_unstable_by_key(|person| person.id);
    let mut put = conn.prepare_cached(PUT_PERSON)?;
    for person in fresh.iter() {
        put.execute(params![person.id, person.mail, person.phone, person.name, Rule::Mail.number()])?;
    }
    let mut put = conn.prepare_cached(PUT_MAIL)?;
    fresh.sort_unstable_by(|a, b| a.mail.cmp(&b.mail));
    for person in fresh.iter().filter(|person| person.mail.is_some()) {
        put.execute(params![person.mail, person.id])?;
    }
    let mut put = conn.prepare_cached(PUT_PHONE)?;
    fresh.sort_unstable_by(|a, b| (&a.phone, a.id).cmp(&(&b.phone, b.id)));
    for person in fresh.iter().filter(|person| person.phone.is_some()) {
        put.execute(params![person.phone, person.id])?;
    }
    fresh.clear();
    Ok(())
}
