//! Opportunity.csv with money in every style and dates that contradict, and the marketing tool's own deals.

use std::path::Path;

use super::money::grouped;
use super::{Dialect, Faults, cell, column, recast, set};
use crate::Error;
use crate::messy::recast::{read, writer};
use crate::salesforce::{Id, Object};

const FILE: &str = "salesforce/Opportunity.csv";
const DEALS: &str = "hubspot/deal_data.csv";
const EXTRA: u64 = 900_000_000;

pub fn spoil(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let [mut dollars, mut early, mut text, mut dates, mut negative] = [0; 5];
    let [mut id, mut amount, mut close, mut won, mut name] = [0; 5];
    recast(&out.join(FILE), Dialect::QUOTED, |n, row, emit| {
        if n == 0 {
            [id, amount, close, won, name] =
                ["Id", "Amount", "CloseDate", "IsWon", "Name"].map(|name| column(row, name));
            return emit(row);
        }
        // well before the quarters in question, so that their revenue stays
        if early < 5 && cell(row, won) == "1" && cell(row, close) < "2025-09" {
            early += 1;
            set(row, close, "2024-09-16");
        }
        dollars += 1;
        let plain = cell(row, amount).to_owned();
        set(row, amount, format!("${}", grouped(&plain, ',', '.')));
        emit(row)?;
        let mut extra = |kind: u64, place: usize, value: &str| {
            let mut other = row.clone();
            set(&mut other, id, String::from_utf8_lossy(&Id(Object::Opportunity, EXTRA + n * 8 + kind).text()));
            set(&mut other, name, format!("Extra {n}"));
            set(&mut other, place, value);
            emit(&other)
        };
        if n % 400 == 50 {
            text += 1;
            extra(0, amount, "tbd, ask finance")?;
        }
        if n % 500 == 60 {
            dates += 1;
            extra(1, close, "2026-02-30")?;
        }
        if n % 600 == 70 {
            negative += 1;
            extra(2, amount, "(120.00)")?;
        }
        Ok(())
    })?;
    faults.rows("money_with_dollar_and_commas", FILE, dollars);
    faults.rows("won_before_created", FILE, early);
    faults.rows("amount_text", FILE, text);
    faults.rows("impossible_date", FILE, dates);
    faults.rows("negative_in_parentheses", FILE, negative);
    Ok(())
}

/// Every third opportunity again as the marketing tool knows it; a few with another amount.
pub fn hubspot(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let path = out.join(DEALS);
    let mut deals = writer(&path, Dialect::PLAIN)?;
    let header = "deal_id,is_deleted,deal_pipeline_id,deal_pipeline_stage_id,owner_id,portal_id,property_dealname,property_amount,property_closedate,property_createdate,property_hs_salesforceopportunityid";
    deals.write_record(header.split(',')).map_err(Error::csv(&path))?;
    let mut places = [0; 6];
    let mut differ = 0;
    read(&out.join(FILE), |n, row| {
        if n == 0 {
            places = ["Id", "Name", "Amount", "CloseDate", "CreatedDate", "StageName"].map(|c| column(row, c));
            return Ok(());
        }
        if n % 3 != 1 {
            return Ok(());
        }
        let [id, name, amount, close, created, stage] = places.map(|place| cell(row, place));
        let mut amount = amount.to_owned();
        if n % 150 == 1 {
            differ += 1;
            amount.insert(0, '1');
        }
        let stage = stage.to_lowercase().replace(' ', "");
        let number = (1_200_000_000 + n).to_string();
        let close = format!("{close} 12:00:00");
        deals.write_record([&number, "false", "default", &stage, "", "4100200", name, &amount, &close, created, id])
    })?;
    deals.flush().map_err(Error::io(&path))?;
    faults.rows("amount_differs_between_tools", DEALS, differ);
    Ok(())
}
