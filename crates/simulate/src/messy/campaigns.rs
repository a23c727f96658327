//! Campaign and spend files: an interface download with totals, comma decimals, a column named twice, money in thousands.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::money::{grouped, in_thousands};
use super::recast::{read, writer};
use super::{Dialect, Faults, cell, column, recast, set};
use crate::Error;

/// Replaces the Google files by a download from the interface, with preamble and totals.
pub fn google(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let [stats, history] =
        ["google_ads_campaign_stats.csv", "google_ads_campaign_history.csv"].map(|f| out.join("ads").join(f));
    let mut names = BTreeMap::new();
    read(&history, |_, row| {
        names.insert(cell(row, 0).to_owned(), cell(row, 2).to_owned());
        Ok(())
    })?;
    let file = "ads/Campaign report.csv";
    let path = out.join(file);
    let mut report = writer(&path, Dialect::PLAIN)?;
    let mut lines = vec![
        vec!["Campaign report"],
        vec!["October 1, 2024 - September 30, 2026"],
        vec![
            "Day",
            "Campaign status",
            "Campaign",
            "Budget",
            "Campaign type",
            "Currency code",
            "Impr.",
            "Clicks",
            "CTR",
            "Cost",
            "Conversions",
        ],
    ];
    for line in lines.drain(..) {
        report.write_record(&line).map_err(Error::csv(&path))?;
    }
    let mut places = [0; 6];
    let mut sums = [0_i64; 4];
    read(&stats, |n, row| {
        if n == 0 {
            places = ["date", "id", "impressions", "clicks", "cost_micros", "conversions"].map(|c| column(row, c));
            return Ok(());
        }
        let [day, id, impressions, clicks, micros, conversions] = places.map(|place| cell(row, place));
        let numbers = [impressions, clicks, micros, conversions].map(|c| c.parse::<i64>().unwrap_or(0));
        sums.iter_mut().zip(numbers).for_each(|(sum, n)| *sum += n);
        let name = names.get(id).map_or("", String::as_str);
        let mut line = vec![day.to_owned(), "Enabled".into(), name.into(), " --".into(), "Search".into()];
        line.extend(figures(numbers));
        report.write_record(line)
    })?;
    let totals = ["Total: Campaigns", "Total: Account", "Total: Search"];
    for total in totals {
        let mut line: Vec<String> = [total, " --", " --", " --", " --"].map(Into::into).to_vec();
        line.extend(figures(sums));
        report.write_record(line).map_err(Error::csv(&path))?;
    }
    report.flush().map_err(Error::io(&path))?;
    for old in [stats, history] {
        fs::remove_file(&old).map_err(Error::io(&old))?;
    }
    faults.rows("preamble_lines", file, 2);
    faults.rows("totals_rows", file, totals.len() as u64);
    faults.whole("missing_as_dashes", file);
    Ok(())
}

/// Currency, impressions, clicks, rate, cost and conversions as the interface writes them.
fn figures([impressions, clicks, micros, conversions]: [i64; 4]) -> [String; 6] {
    let whole = |n: i64| grouped(&n.to_string(), ',', '.').trim_end_matches(".00").to_owned();
    let rate = clicks * 10_000 / impressions.max(1);
    let cents = micros / 10_000;
    let cost = grouped(&format!("{}.{:02}", cents / 100, cents % 100), ',', '.');
    let rate = format!("{}.{:02}%", rate / 100, rate % 100);
    ["USD".into(), whole(impressions), whole(clicks), rate, cost, format!("{conversions}.00")]
}

/// Semicolons and `1.117,10` in the Meta file, `$342.09K` in the plan.
pub fn meta(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let file = "ads/facebook_ads_basic_ad.csv";
    let mut spend = 0;
    recast(&out.join(file), Dialect::SEMICOLON, |n, row, emit| {
        if n == 0 {
            spend = column(row, "spend");
        } else {
            let german = grouped(cell(row, spend), '.', ',');
            set(row, spend, german);
        }
        emit(row)
    })?;
    faults.whole("semicolon_delimited", file);
    faults.whole("comma_decimals", file);

    let plan = "plan.csv";
    let mut rows = 0;
    recast(&out.join(plan), Dialect::PLAIN, |n, row, emit| {
        if n > 0 {
            rows += 1;
            let short = in_thousands(cell(row, 3));
            set(row, 3, short);
        }
        emit(row)
    })?;
    faults.rows("money_in_thousands", plan, rows);
    Ok(())
}

/// A second column called `Name` in the campaigns.
pub fn names(out: &Path, faults: &mut Faults) -> Result<(), Error> {
    let file = "salesforce/Campaign.csv";
    recast(&out.join(file), Dialect::QUOTED, |n, row, emit| {
        row.push(if n == 0 { "Name".into() } else { format!("Old name {n}") });
        emit(row)
    })?;
    faults.whole("duplicate_column_name", file);
    Ok(())
}
