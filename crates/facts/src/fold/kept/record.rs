//! The records, each as a few numbers, and each number of theirs as a column.

use identity::normalise_into;
use terms::{Day, Entity, Instant, Key, When};
use xxhash_rust::xxh3::xxh3_64;

/// A record that is kept as columns of 64 bits. The first is its key, which is never 0.
pub(crate) trait Record: Copy + Send + Sync {
    /// The name of its files.
    const WORD: &'static str;
    /// How many columns it has.
    const WIDTH: usize;
    /// Its columns.
    fn cells(&self, out: &mut Vec<u64>);
    /// Of its columns.
    fn of(cell: impl Fn(usize) -> u64) -> Self;
    /// Its key.
    fn key(&self) -> u64;
}

/// The columns that records are looked for by; the first of each is its key.
pub(crate) mod at {
    pub const KEY: usize = 0;
    /// Of leads, contacts and opportunities.
    pub const PERSON: usize = 1;
    /// Of opportunities.
    pub const LEAD: usize = 2;
    /// Of opportunities.
    pub const BUYER: usize = 3;
    /// Of leads.
    pub const CONVERTED_PERSON: usize = 2;
    /// Of leads.
    pub const CONVERTED_OPPORTUNITY: usize = 3;
    /// Of leads.
    pub const DOMAIN: usize = 4;
    /// Of leads.
    pub const COMPANY: usize = 5;
    /// Of contacts.
    pub const CONTACT_DOMAIN: usize = 2;
    /// Of accounts.
    pub const ACCOUNT_DOMAIN: usize = 1;
    /// Of accounts.
    pub const NAME: usize = 2;
    /// Of wins.
    pub const WITH: usize = 1;
    /// Of links.
    pub const FROM: usize = 1;
    /// Of links.
    pub const TO: usize = 3;
}

macro_rules! record {
    ($(#[$doc:meta])* $name:ident $word:literal $width:literal { $($field:ident: $type:ty = $at:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) struct $name { $(pub $field: $type,)* }

        impl Record for $name {
            const WORD: &'static str = $word;
            const WIDTH: usize = $width;
            fn cells(&self, out: &mut Vec<u64>) {
                $(<$type as Cell>::put(self.$field, out);)*
            }
            fn of(cell: impl Fn(usize) -> u64) -> Self {
                $name { $($field: <$type as Cell>::take(&cell, $at),)* }
            }
            fn key(&self) -> u64 {
                self.key
            }
        }

    };
}

trait Cell: Sized {
    fn put(value: Self, out: &mut Vec<u64>);
    fn take(cell: &impl Fn(usize) -> u64, at: usize) -> Self;
}

impl Cell for u64 {
    fn put(value: u64, out: &mut Vec<u64>) {
        out.push(value);
    }
    fn take(cell: &impl Fn(usize) -> u64, at: usize) -> u64 {
        cell(at)
    }
}

impl Cell for u32 {
    fn put(value: u32, out: &mut Vec<u64>) {
        out.push(u64::from(value));
    }
    fn take(cell: &impl Fn(usize) -> u64, at: usize) -> u32 {
        cell(at) as u32
    }
}

impl Cell for bool {
    fn put(value: bool, out: &mut Vec<u64>) {
        out.push(u64::from(value));
    }
    fn take(cell: &impl Fn(usize) -> u64, at: usize) -> bool {
        cell(at) != 0
    }
}

impl Cell for Option<bool> {
    fn put(value: Option<bool>, out: &mut Vec<u64>) {
        out.push(value.map_or(0, |flag| 1 + u64::from(flag)));
    }
    fn take(cell: &impl Fn(usize) -> u64, at: usize) -> Option<bool> {
        cell(at).checked_sub(1).map(|flag| flag != 0)
    }
}

/// Two cells.
impl Cell for When {
    fn put(value: When, out: &mut Vec<u64>) {
        let (kind, a, b) = match value {
            When::Unknown => (0, 0, 0),
            When::Instant(at) => (1u64, at.0, 0),
            When::Day(day) => (2, i64::from(day.0), 0),
            When::Range(first, last) => (3, i64::from(first.0), last.0),
        };
        out.extend([a as u64, kind << 32 | u64::from(b as u32)]);
    }
    fn take(cell: &impl Fn(usize) -> u64, at: usize) -> When {
        let (a, rest) = (cell(at) as i64, cell(at + 1));
        match rest >> 32 {
            1 => When::Instant(Instant(a)),
            2 => When::Day(Day(a as i32)),
            3 => When::Range(Day(a as i32), Day(rest as u32 as i32)),
            _ => When::Unknown,
        }
    }
}

/// Two cells.
impl Cell for Key {
    fn put(value: Key, out: &mut Vec<u64>) {
        out.extend([value.hash, u64::from(value.entity as u8)]);
    }
    fn take(cell: &impl Fn(usize) -> u64, at: usize) -> Key {
        let entity = Entity::from_number(cell(at + 1) as u8).unwrap_or(Entity::Setting);
        Key { entity, hash: cell(at) }
    }
}

record! {
    /// A lead.
    Lead "lead" 13 {
        key: u64 = 0, person: u64 = 1, converted_person: u64 = 2, converted_opportunity: u64 = 3, domain: u64 = 4,
        company: u64 = 5, account: u64 = 6, converted_account: u64 = 7, created: When = 8, converted: When = 10, system: u32 = 12,
    }
}
record! {
    /// A contact.
    Person "person" 4 { key: u64 = 0, person: u64 = 1, domain: u64 = 2, account: u64 = 3, }
}
record! {
    /// An opportunity.
    Opportunity "opportunity" 9 {
        key: u64 = 0, person: u64 = 1, lead: u64 = 2, company: u64 = 3, account: u64 = 4, created: When = 5, system: u32 = 7,
        won: Option<bool> = 8,
    }
}
record! {
    /// What an account is matched by.
    Account "account" 3 { key: u64 = 0, domain: u64 = 1, name: u64 = 2, }
}
record! {
    /// A recorded link or its withdrawal; its key is its place in the order of recording, from 1 on.
    Link "link" 7 { key: u64 = 0, from: Key = 1, to: Key = 3, withdrawn: bool = 5, member: bool = 6, }
}
record! {
    /// A won opportunity without a lead, as linking found it: the account it is with, and what stands for it.
    Win "win" 3 { key: u64 = 0, account: u64 = 1, counted_as: u64 = 2, }
}

impl From<&identity::Win> for Win {
    fn from(win: &identity::Win) -> Win {
        Win { key: win.opportunity, account: win.account, counted_as: win.counted_as }
    }
}

impl From<Win> for identity::Win {
    fn from(win: Win) -> identity::Win {
        identity::Win { opportunity: win.key, account: win.account, counted_as: win.counted_as }
    }
}

/// What stands for a domain; 0 for one without anything in it.
pub(crate) fn domain_hash(text: &str) -> u64 {
    if text.trim().is_empty() { 0 } else { xxh3_64(text.as_bytes()).max(1) }
}

/// What stands for a name once it is normalised; 0 for one without anything in it.
pub(crate) fn name_hash(text: &str, buffer: &mut String) -> u64 {
    normalise_into(text, buffer);
    if buffer.is_empty() { 0 } else { xxh3_64(buffer.as_bytes()).max(1) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_comes_back_from_its_cells() {
        let key = |hash| Key { entity: Entity::Opportunity, hash };
        for when in [
            When::Unknown,
            When::Instant(Instant(-5)),
            When::Day(Day(-3)),
            When::Range(Day(-9), Day(-2)),
            When::Range(Day(4), Day(7)),
        ] {
            let lead = Lead {
                key: 1,
                person: 2,
                converted_person: 3,
                converted_opportunity: 4,
                domain: 5,
                company: 6,
                account: 7,
                converted_account: 8,
                created: when,
                converted: when,
                system: 9,
            };
            let mut cells = Vec::new();
            lead.cells(&mut cells);
            assert_eq!((cells.len(), Lead::of(|n| cells[n])), (Lead::WIDTH, lead));
            let opportunity =
                Opportunity { key: 1, person: 2, lead: 3, company: 4, account: 5, created: when, system: 6, won: None };
            for won in [None, Some(false), Some(true)] {
                let opportunity = Opportunity { won, ..opportunity };
                cells.clear();
                opportunity.cells(&mut cells);
                assert_eq!((cells.len(), Opportunity::of(|n| cells[n])), (Opportunity::WIDTH, opportunity));
            }
        }
        let link = Link { key: 4, from: key(1), to: key(2), withdrawn: true, member: true };
        let mut cells = Vec::new();
        link.cells(&mut cells);
        assert_eq!((cells.len(), Link::of(|n| cells[n])), (Link::WIDTH, link));
        let win = Win { key: 4, account: 5, counted_as: 6 };
        cells.clear();
        win.cells(&mut cells);
        assert_eq!((cells.len(), Win::of(|n| cells[n])), (Win::WIDTH, win));
    }
}
