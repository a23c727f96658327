//! A report downloaded from the CRM's interface: labels for columns, short ids, month-first dates, footer lines.
//! It says again what Opportunity.csv says of the won ones.

use std::path::Path;

use super::money::grouped;
use super::recast::{read, writer};
use super::{Dialect, Faults, cell, column};
use crate::Error;

const FILE: &str = "salesforce/report1791158400000.csv";

pub fn write(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let path = out.join(FILE);
    let mut report = writer(&path, Dialect::QUOTED)?;
    let header = ["Opportunity ID", "Opportunity Name", "Stage", "Amount Currency", "Amount", "Close Date"];
    report.write_record(header).map_err(Error::csv(&path))?;
    let mut places = [0; 5];
    let mut records = 0_u64;
    read(&out.join("salesforce/Opportunity.csv"), |n, row| {
        if n == 0 {
            places = ["Id", "Name", "StageName", "Amount", "CloseDate"].map(|c| column(row, c));
            return Ok(());
        }
        let [id, name, stage, amount, close] = places.map(|place| cell(row, place));
        if stage != "Closed Won" || close < "2026-01-01" {
            return Ok(());
        }
        records += 1;
        let trim = |part: &str| part.trim_start_matches('0').to_owned();
        let close = format!("{}/{}/{}", trim(&close[5..7]), trim(&close[8..10]), &close[..4]);
        let short = &id[..15.min(id.len())];
        report.write_record([short, name, stage, "USD", &grouped(amount, ',', '.'), &close])
    })?;
    let footer = [
        "",
        "",
        "Won opportunities this year",
        &format!("Grand Totals ({records} records)"),
        "Confidential Information - Do Not Distribute",
        "Copyright (c) 2000-2026 salesforce.com, inc. All rights reserved.",
    ];
    for line in footer {
        report.write_record([line]).map_err(Error::csv(&path))?;
    }
    report.flush().map_err(Error::io(&path))?;
    faults.rows("report_footer_lines", FILE, footer.len() as u64);
    faults.rows("same_row_in_two_files", FILE, records);
    Ok(())
}
