//! The rows of accounts whose leads, opportunities or own records changed.
//!
//! Invariant: an account's row is summed up from all rows that are with it, those that stay and those that are new.

use journey::{OpportunityLink, Source};
use tallies::columns::{account, lead_cycle, opportunity};
use tallies::{Grain, Table};

use super::overlay::{Row, each_row};
use crate::fold::kept::Keys;
use crate::fold::records::Account;
use crate::fold::series;
use crate::fold::texts::Texts;
use crate::store::Mapped;

/// The accounts that opportunities are with: those whose own records changed as they are now, unless they are gone,
/// others as the earlier rows have them.
pub(super) fn of_links(
    previous: &Mapped,
    links: &[(u32, OpportunityLink)],
    touched: impl Iterator<Item = u64>,
    now: &[Account],
    texts: &Texts,
) -> Vec<Account> {
    let keys = Keys::of(links.iter().map(|(_, l)| l.account));
    earlier(previous, &keys, &Keys::of(touched), texts).chain(now.iter().copied()).collect()
}

fn earlier<'a>(
    previous: &'a Mapped,
    keys: &'a Keys,
    but: &'a Keys,
    texts: &'a Texts,
) -> impl Iterator<Item = Account> + 'a {
    let code = |row: &Row<'_>, column| texts.code(row.text(previous, column));
    let number = |row: &Row<'_>, column| row.count(column).unwrap_or(0) as u32;
    each_row(previous, Grain::Account)
        .filter(|row| keys.has(row.key(account::KEY)) && !but.has(row.key(account::KEY)))
        .map(move |row| Account {
            key: row.key(account::KEY),
            domain: 0,
            name: 0,
            industry: code(&row, account::INDUSTRY),
            country: code(&row, account::COUNTRY),
            segment: code(&row, account::SEGMENT),
            owner: code(&row, account::OWNER),
            employees: row.count(account::EMPLOYEES).filter(|n| *n != i64::from(i32::MIN)),
            source: Source {
                batch: number(&row, account::BATCH),
                file: number(&row, account::FILE),
                line: number(&row, account::LINE),
            },
        })
}

/// The new rows, and the accounts that they are of or that have none any more. `changed`: the journeys whose rows are
/// replaced; `touched`: accounts whose own records changed, `now` those of them that stand.
pub(super) fn rows(
    previous: &Mapped,
    changed: &Keys,
    leads: &Table,
    opportunities: &Table,
    touched: impl Iterator<Item = u64>,
    now: &[Account],
    texts: &Texts,
) -> (Table, Keys) {
    let mut of = series::OfAccounts::default();
    of.add(leads);
    of.add(opportunities);
    let mut keys: Vec<u64> = touched.collect();
    let gone: Vec<u64> = keys.clone();
    keys.extend(of.leads.iter().map(|l| l.0).chain(of.opportunities.iter().map(|o| o.0)));
    for (grain, journey, with) in [
        (Grain::LeadCycle, lead_cycle::JOURNEY, lead_cycle::ACCOUNT),
        (Grain::Opportunity, opportunity::JOURNEY, opportunity::ACCOUNT),
    ] {
        let replaced = each_row(previous, grain).filter(|row| changed.has(row.key(journey)));
        keys.extend(replaced.map(|row| row.key(with)));
    }
    let keys = Keys::of(keys);
    let time = |row: &Row<'_>, column| row.count(column).map_or(i32::MIN, |n| n as i32);
    let stays = |row: &Row<'_>, journey| !changed.has(row.key(journey));
    of.leads.extend(
        each_row(previous, Grain::LeadCycle)
            .filter(|row| keys.has(row.key(lead_cycle::ACCOUNT)) && stays(row, lead_cycle::JOURNEY))
            .map(|row| (row.key(lead_cycle::ACCOUNT), time(&row, lead_cycle::CREATED_AT))),
    );
    of.opportunities.extend(
        each_row(previous, Grain::Opportunity)
            .filter(|row| keys.has(row.key(opportunity::ACCOUNT)) && stays(row, opportunity::JOURNEY))
            .map(|row| {
                let won = row.count(opportunity::STAGE) == Some(terms::Stage::ClosedWon as i64);
                let amount = row.count(opportunity::AMOUNT).unwrap_or(i64::MIN);
                (row.key(opportunity::ACCOUNT), time(&row, opportunity::CREATED_AT), won, amount)
            }),
    );
    let mut all: Vec<Account> = earlier(previous, &keys, &Keys::of(gone), texts).chain(now.iter().copied()).collect();
    all.sort_unstable_by_key(|a| a.key);
    (series::accounts(&all, &of), keys)
}
