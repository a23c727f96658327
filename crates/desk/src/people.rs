//! The people vault: which random number stands for the human behind a mail address or a phone number.
//!
//! Here: the rule by which a row's person is found or made, and what is kept of them. Not here: records (a lead, a
//! contact), which are the ledger's, and links that an operator draws between people, which are entries.
//! Invariant: the same evidence (a mail; or, without one, a phone with a name) is given the same person and the same
//! rule for ever, whatever came in between, so that a file imported again gives the same entries. For that reason the
//! rule says what the person is known **by** and not whether they were just made; [`Placed::made`] says that.

mod index;
mod known;

use std::borrow::Cow;

use rusqlite::OptionalExtension;
use terms::{Entity, Key};

use crate::store::Store;
use crate::{Desk, Error};
pub(crate) use index::{Index, SECRET, Secret};
pub(crate) use known::{Fresh, settle};
use known::{Holders, PHONES_APART};

/// From this many lookups on, a batch is large: all hashes are taken into memory once, instead of asking the file for
/// each row. A small import into a large vault never pays for reading all of it, and one that has passed this number
/// mostly goes on far beyond it.
const LARGE: u64 = 5_000;

/// What a row says of a person. The mail is lower case and bare, the phone digits with an optional leading `+`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen<'a> {
    /// The mail address, empty or `None` where there is none.
    pub mail: Option<&'a str>,
    /// The phone number, empty or `None` where there is none.
    pub phone: Option<&'a str>,
    /// The name as written; the first one given stays.
    pub name: Option<&'a str>,
}

/// By what a person is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rule {
    /// By the mail address.
    Mail,
    /// By the phone number: it was one person's alone, and no other mail spoke against it.
    Phone,
    /// By nothing shared: several people have that phone and there was no mail, so this one was made for the row's
    /// phone and name.
    New,
}

impl Rule {
    /// The word that goes into `match_rule`.
    pub const fn word(self) -> &'static str {
        match self {
            Rule::Mail => "mail",
            Rule::Phone => "phone",
            Rule::New => "new",
        }
    }

    pub(crate) const fn number(self) -> u8 {
        match self {
            Rule::Mail => 0,
            Rule::Phone => 1,
            Rule::New => 2,
        }
    }

    pub(crate) const fn from_number(number: u8) -> Rule {
        match number {
            0 => Rule::Mail,
            1 => Rule::Phone,
            _ => Rule::New,
        }
    }
}

/// Who a row's person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placed {
    /// The random key.
    pub key: Key,
    /// By what.
    pub rule: Rule,
    /// Whether the vault did not know them before this call.
    pub made: bool,
}

/// What the vault holds of one person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The random key that stands for them in the ledger.
    pub key: Key,
    /// The mail address.
    pub mail: Option<String>,
    /// The phone numbers, the first one seen first.
    pub phones: Vec<String>,
    /// The name as first written.
    pub name: Option<String>,
}

impl Desk {
    /// The person behind a row: by mail; else by phone, where exactly one person has it and no other mail speaks
    /// against it; else a new one. `None` where the row has neither mail nor phone. Joins or opens the batch.
    ///
    /// # Errors
    /// Where another process holds the write lock, or the file cannot be written. The batch is lost then.
    pub fn person(&self, seen: &Seen<'_>) -> Result<Option<Placed>, Error> {
        let mail = seen.mail.and_then(normal_mail);
        let phone = seen.phone.and_then(normal_phone);
        if mail.is_none() && phone.is_none() {
            return Ok(None);
        }
        let name = seen.name.map(str::trim).filter(|name| !name.is_empty());
        self.with(|store| {
            store.step(|store| {
                store.lookups += 1;
                if store.lookups > LARGE && store.index.is_none() {
                    store.widen()?;
                    store.index = Some(Index::load(&store.conn, &store.secret)?);
                }
                match (mail.as_deref(), phone.as_deref()) {
                    (Some(mail), phone) => with_mail(store, mail, phone, name).map(Some),
                    (None, Some(phone)) => with_phone(store, phone, name).map(Some),
                    (None, None) => Ok(None),
                }
            })
        })
    }

    /// What the vault holds of a person, `None` where it never knew them or has forgotten them.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn known_person(&self, person: Key) -> Result<Option<Person>, Error> {
        let Some(id) = number(person, Entity::Person) else { return Ok(None) };
        self.with(|store| find(store, id))
    }

    /// Who is known by a mail or a phone, in any spelling: of a mail one at most. Nobody is made.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn known_by(&self, mail_or_phone: &str) -> Result<Vec<Key>, Error> {
        let text = mail_or_phone.trim();
        let (ask, normal) = if text.contains('@') {
            ("SELECT person FROM mails WHERE mail = $1", normal_mail(text))
        } else {
            ("SELECT person FROM phones WHERE phone = $1 ORDER BY person", normal_phone(text))
        };
        let Some(normal) = normal else { return Ok(Vec::new()) };
        self.with(|store| {
            store.settle()?;
            let mut all = store.conn.prepare_cached(ask)?;
            let rows = all.query_map([normal], |row| row.get::<_, i64>(0))?;
            let ids = rows.collect::<Result<Vec<_>, _>>()?;
            Ok(ids.into_iter().map(|id| Key::vault_person(id as u64)).collect())
        })
    }

    /// How many people the vault knows.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub fn people(&self) -> Result<u64, Error> {
        let ask = "SELECT COUNT(*) FROM people";
        self.with(|store| {
            store.settle()?;
            Ok(store.conn.query_row(ask, [], |row| row.get::<_, i64>(0))? as u64)
        })
    }
}

fn with_mail(store: &mut Store, mail: &str, phone: Option<&str>, name: Option<&str>) -> Result<Placed, Error> {
    if let Some(found) = known::by_mail(store, mail)? {
        if let Some(name) = name
            && !found.named
        {
            known::give_name(store, found.id, name)?;
            known::note_named(store, mail);
        }
        if let Some(phone) = phone {
            match known::by_phone(store, phone)? {
                // One more holder of a phone that is shared already would change no answer.
                Holders::Several => {}
                Holders::One { id, .. } if id == found.id => {}
                Holders::None | Holders::One { .. } => known::give_phone(store, found.id, phone)?,
            }
        }
        return Ok(placed(found.id, found.rule, false));
    }
    let held = phone.map_or(Ok(Holders::None), |phone| known::by_phone(store, phone))?;
    if let Holders::One { id, mailed: false } = held
        && known::give_mail(store, id, mail, name.is_some())?
    {
        if let Some(name) = name {
            known::give_name(store, id, name)?;
        }
        return Ok(placed(id, Rule::Phone, false));
    }
    let id = known::make(store, Some(mail), phone, name, held)?;
    Ok(placed(id, Rule::Mail, true))
}

fn with_phone(store: &mut Store, phone: &str, name: Option<&str>) -> Result<Placed, Error> {
    let sight = store.secret.sight(phone, &folded(name.unwrap_or("")));
    if let Some((id, rule)) = known::by_sight(store, sight)? {
        return Ok(placed(id, rule, false));
    }
    let held = known::by_phone(store, phone)?;
    let (id, rule, made) = match held {
        Holders::One { id, .. } => {
            if let Some(name) = name {
                known::give_name(store, id, name)?;
            }
            (id, Rule::Phone, false)
        }
        Holders::None => (known::make(store, None, Some(phone), name, held)?, Rule::Phone, true),
        Holders::Several => (known::make(store, None, Some(phone), name, held)?, Rule::New, true),
    };
    known::keep_sight(store, sight, id, rule)?;
    Ok(placed(id, rule, made))
}

pub(crate) fn find(store: &mut Store, id: i64) -> Result<Option<Person>, Error> {
    store.settle()?;
    let ask = "SELECT mail, phones, name FROM people WHERE id = $1";
    let found = store.conn.prepare_cached(ask)?.query_row([id], |row| {
        let phones: Option<String> = row.get(1)?;
        let phones = phones.iter().flat_map(|all| all.split(PHONES_APART)).map(str::to_owned).collect();
        Ok(Person { key: Key::vault_person(id as u64), mail: row.get(0)?, phones, name: row.get(2)? })
    });
    Ok(found.optional()?)
}

/// The vault's number of a key of this kind, where it can be one.
pub(crate) fn number(key: Key, entity: Entity) -> Option<i64> {
    if key.entity == entity { i64::try_from(key.hash).ok() } else { None }
}

/// A name as it is compared: without outer and double spaces, in lower case.
pub(crate) fn folded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !text.is_empty() {
            text.push(' ');
        }
        text.extend(word.chars().flat_map(char::to_lowercase));
    }
    text
}

fn placed(id: i64, rule: Rule, made: bool) -> Placed {
    Placed { key: Key::vault_person(id as u64), rule, made }
}

/// Import hands over clean values; what is not yet clean must not become a second person.
fn normal_mail(mail: &str) -> Option<Cow<'_, str>> {
    let mail = mail.trim();
    let clean = mail.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase());
    (!mail.is_empty()).then(|| if clean { Cow::Borrowed(mail) } else { Cow::Owned(mail.to_lowercase()) })
}

fn normal_phone(phone: &str) -> Option<Cow<'_, str>> {
    let phone = phone.trim();
    let plus = phone.starts_with('+');
    if phone.bytes().skip(usize::from(plus)).all(|byte| byte.is_ascii_digit()) {
        return (phone.len() > usize::from(plus)).then_some(Cow::Borrowed(phone));
    }
    let digits = phone.chars().filter(char::is_ascii_digit);
    let text: String = plus.then_some('+').into_iter().chain(digits).collect();
    (text.len() > usize::from(plus)).then_some(Cow::Owned(text))
}
