//! What belongs to no journey: spend by row, and accounts with what their leads and opportunities came to.

use entries::catalogue;
use tallies::columns::{account, lead_cycle, opportunity, spend_day};
use tallies::{Column, Data, Grain, Table};
use terms::{Entity, Stage};

use super::records::{Account, Context};
use super::reference::{ByKey, standing};
use crate::Error;

fn set_code(table: &mut Table, column: Column, row: usize, code: u32) {
    if let Some(Data::Code(codes, _)) = table.data_mut(column)
        && let Some(slot) = codes.get_mut(row)
    {
        *slot = code;
    }
}

/// All rows of spend, in the order of their keys; codes are those of the build.
pub(super) fn spend(c: &Context<'_>, as_if: Option<i32>) -> Result<Table, Error> {
    use catalogue::spend_day as f;
    let mut rows = standing(c.head, Entity::SpendDay)?;
    let through = as_if.map(|minutes| minutes.div_euclid(1_440));
    rows.retain(|s| through.is_none_or(|day| s.entry.valid_at.first_day().is_none_or(|d| d.0 <= day)));
    let mut table = Table::new(Grain::SpendDay, rows.len());
    for (row, s) in rows.iter().enumerate() {
        let e = &s.entry;
        let code = |field: usize| e.get(field).text().map_or(0, |t| c.texts.code(t));
        let campaign = match e.get(f::CAMPAIGN).key() {
            Some(key) if c.reference.campaigns.contains_key(&key.hash) => c.reference.campaign(key.hash, c.texts),
            Some(key) => match code(f::CAMPAIGN_NAME) {
                0 => c.reference.campaign(key.hash, c.texts),
                named => named,
            },
            None => code(f::CAMPAIGN_NAME),
        };
        for (column, code) in [
            (spend_day::PLATFORM, code(f::PLATFORM)),
            (spend_day::CHANNEL, code(f::CHANNEL)),
            (spend_day::CAMPAIGN, campaign),
            (spend_day::AUDIENCE, code(f::AUDIENCE)),
        ] {
            set_code(&mut table, column, row, code);
        }
        let mut set = |column: Column, value: Option<i64>| {
            if let Some(value) = value {
                table.set(column, row, value);
            }
        };
        set(spend_day::KEY, Some(e.id.hash as i64));
        set(spend_day::DAY, e.valid_at.first_day().map(|d| i64::from(d.0)));
        set(spend_day::LAST_DAY, e.valid_at.last_day().map(|d| i64::from(d.0)));
        let cost = e.get(f::COST).money();
        let converted = cost.map(|m| c.rates.convert(m, e.valid_at.first_day()));
        set(spend_day::COST, converted.flatten());
        set(spend_day::NOT_CONVERTED, Some(i64::from(converted == Some(None))));
        set(spend_day::IMPRESSIONS, e.get(f::IMPRESSIONS).int());
        set(spend_day::CLICKS, e.get(f::CLICKS).int());
        let thousandths = |x: Option<f64>| x.filter(|x| x.is_finite()).map(|x| (x * 1_000.0).round() as i64);
        set(spend_day::CONVERSIONS, thousandths(e.get(f::CONVERSIONS).real()));
        set(spend_day::RESULTS, thousandths(e.get(f::RESULTS).real()));
        set(spend_day::BATCH, Some(i64::from(s.seq)));
        set(spend_day::FILE, Some(i64::from(e.row.file)));
        set(spend_day::LINE, Some(i64::from(e.row.line)));
    }
    Ok(table)
}

#[derive(Clone, Copy, Default)]
struct Sums {
    leads: i32,
    opportunities: i32,
    won: i32,
    amount: Option<i64>,
    first: Option<i64>,
}

/// What accounts are summed up from: account and creation of each lead cycle; account, creation, whether won, and amount
/// of each opportunity. Missing values as in the columns.
#[derive(Default)]
pub(super) struct OfAccounts {
    pub leads: Vec<(u64, i32)>,
    pub opportunities: Vec<(u64, i32, bool, i64)>,
}

impl OfAccounts {
    /// Those of some rows.
    pub fn add(&mut self, table: &Table) {
        let number = |c: Column, row: usize| table.number(c, row);
        let time = |n: Option<i64>| n.map_or(i32::MIN, |n| n as i32);
        for row in 0..table.rows {
            if table.grain == Grain::LeadCycle {
                if let Some(key) = number(lead_cycle::ACCOUNT, row) {
                    self.leads.push((key as u64, time(number(lead_cycle::CREATED_AT, row))));
                }
            } else if let Some(key) = number(opportunity::ACCOUNT, row) {
                let won = number(opportunity::STAGE, row) == Some(Stage::ClosedWon as i64);
                let amount = number(opportunity::AMOUNT, row).unwrap_or(i64::MIN);
                self.opportunities.push((key as u64, time(number(opportunity::CREATED_AT, row)), won, amount));
            }
        }
    }
}

/// All accounts, in the order of their keys; codes are those of the build, final already in `accounts`.
pub(super) fn accounts(accounts: &[Account], of: &OfAccounts) -> Table {
    let places: ByKey<u32> = accounts.iter().zip(0u32..).map(|(a, i)| (a.key, i)).collect();
    let mut sums = vec![Sums::default(); accounts.len()];
    let mut add = |key: u64, at: i32, f: &mut dyn FnMut(&mut Sums)| {
        if let Some(slot) = places.get(&key).and_then(|p| sums.get_mut(*p as usize)) {
            if at != i32::MIN {
                slot.first = Some(slot.first.map_or(i64::from(at), |first| first.min(i64::from(at))));
            }
            f(slot);
        }
    };
    for (key, at) in &of.leads {
        add(*key, *at, &mut |s| s.leads += 1);
    }
    for (key, at, won, amount) in &of.opportunities {
        add(*key, *at, &mut |s| {
            s.opportunities += 1;
            s.won += i32::from(*won);
            if *won && *amount != i64::MIN {
                s.amount = Some(s.amount.unwrap_or(0).saturating_add(*amount));
            }
        });
    }
    let mut table = Table::new(Grain::Account, accounts.len());
    for (row, (a, s)) in accounts.iter().zip(&sums).enumerate() {
        for (column, code) in [
            (account::INDUSTRY, a.industry),
            (account::COUNTRY, a.country),
            (account::SEGMENT, a.segment),
            (account::OWNER, a.owner),
        ] {
            set_code(&mut table, column, row, code);
        }
        let missing = i64::from(i32::MIN);
        for (column, value) in [
            (account::KEY, a.key as i64),
            (account::EMPLOYEES, a.employees.filter(|n| i32::try_from(*n).is_ok()).unwrap_or(missing)),
            (account::LEADS, i64::from(s.leads)),
            (account::OPPORTUNITIES, i64::from(s.opportunities)),
            (account::WON, i64::from(s.won)),
            (account::AMOUNT, s.amount.unwrap_or(i64::MIN)),
            (account::FIRST_AT, s.first.unwrap_or(missing)),
            (account::BATCH, i64::from(a.source.batch)),
            (account::FILE, i64::from(a.source.file)),
            (account::LINE, i64::from(a.source.line)),
        ] {
            table.set(column, row, value);
        }
    }
    table
}
