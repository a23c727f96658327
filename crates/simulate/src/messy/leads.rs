//! Lead.csv: duplicates, tests, free mail, contradictions, line breaks, impossible dates.

use std::path::Path;

use super::{Dialect, Faults, cell, column, recast, set};
use crate::Error;
use crate::salesforce::{Id, Object};

const FILE: &str = "salesforce/Lead.csv";
/// Numbers of extra leads start here.
const EXTRA: u64 = 900_000_000;

pub fn spoil(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let [mut breaks, mut same, mut case, mut free, mut own, mut status, mut dates] = [0; 7];
    let mut at = At::default();
    recast(&out.join(FILE), Dialect::QUOTED, |n, row, emit| {
        if n == 0 {
            at = At::of(row);
            return emit(row);
        }
        if n % 7 == 0 {
            breaks += 1;
            set(row, at.description, "Asked for a call back,\nthen wrote \"next quarter\"");
        }
        if n % 250 == 31 && cell(row, at.converted) == "0" {
            status += 1;
            set(row, at.status, "Closed - Converted");
        }
        emit(row)?;
        if n % 300 == 5 {
            same += 1;
            emit(row)?;
        }
        let extra = |kind: u64| String::from_utf8_lossy(&Id(Object::Lead, EXTRA + n * 8 + kind).text()).into_owned();
        let mut fresh = row.clone();
        at.untouched(&mut fresh);
        if n % 150 == 9 {
            case += 1;
            let mut other = fresh.clone();
            set(&mut other, at.id, extra(0));
            set(&mut other, at.mail, cell(row, at.mail).to_uppercase());
            emit(&other)?;
        }
        if n % 200 == 17 {
            free += 1;
            let mut other = fresh.clone();
            set(&mut other, at.id, extra(1));
            set(&mut other, at.mail, format!("no.such.person.{n:09}@gmail.com"));
            emit(&other)?;
        }
        if n % 500 == 23 {
            own += 1;
            let mut other = fresh.clone();
            set(&mut other, at.id, extra(2));
            set(&mut other, at.mail, format!("test+{n}@fernhill.example"));
            set(&mut other, at.company, "TEST please ignore");
            emit(&other)?;
        }
        if n % 800 == 40 {
            dates += 1;
            set(&mut fresh, at.id, extra(3));
            set(&mut fresh, at.mail, format!("impossible.{n}@example.org"));
            set(&mut fresh, at.created, "2026-02-31 10:00:00");
            emit(&fresh)?;
        }
        Ok(())
    })?;
    for (fault, count) in [
        ("quoted_newline", breaks),
        ("duplicate_row", same),
        ("duplicate_mail_other_case", case),
        ("free_mail", free),
        ("own_domain_test", own),
        ("contradictory_status", status),
        ("impossible_date", dates),
    ] {
        faults.rows(fault, FILE, count);
    }
    Ok(())
}

/// Places of the columns that are changed.
#[derive(Debug, Default)]
struct At {
    id: usize,
    mail: usize,
    company: usize,
    description: usize,
    status: usize,
    converted: usize,
    created: usize,
    blank: Vec<usize>,
    lookups: Vec<usize>,
}

impl At {
    fn of(header: &[String]) -> At {
        let at = |name| column(header, name);
        At {
            id: at("Id"),
            mail: at("Email"),
            company: at("Company"),
            description: at("Description"),
            status: at("Status"),
            converted: at("IsConverted"),
            created: at("CreatedDate"),
            blank: vec![at("ConvertedDate"), at("LastActivityDate"), at("Rejected_Reason__c")],
            lookups: vec![at("ConvertedAccountId"), at("ConvertedContactId"), at("ConvertedOpportunityId")],
        }
    }

    /// Makes a row that of a lead nobody has worked.
    fn untouched(&self, row: &mut [String]) {
        set(row, self.status, "Open - Not Contacted");
        set(row, self.converted, "0");
        self.blank.iter().for_each(|place| set(row, *place, ""));
        self.lookups.iter().for_each(|place| set(row, *place, "000000000000000AAA"));
    }
}
