//! `lockstep rows`: the rows behind a figure, down to file and line.

use std::path::Path;

use report::{Evidence, Report};
use tallies::{Data, Extract, Facts, Grain, Width};
use terms::{Day, Instant, Stage};

use crate::cli;
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::{self, Ended, Style};

/// The evidence of a figure in a report's JSON, wherever the figure stands; and all figure ids.
fn find(value: &serde_json::Value, id: &str, ids: &mut Vec<String>) -> Option<Option<Evidence>> {
    match value {
        serde_json::Value::Object(map) => {
            if let (Some(serde_json::Value::String(here)), true) = (map.get("id"), map.contains_key("certainty")) {
                ids.push(here.clone());
                if here == id {
                    return Some(map.get("evidence").and_then(|e| serde_json::from_value(e.clone()).ok()));
                }
            }
            if let (Some(serde_json::Value::String(code)), true) = (map.get("code"), map.contains_key("evidence"))
                && code == id
            {
                return Some(map.get("evidence").and_then(|e| serde_json::from_value(e.clone()).ok()));
            }
            map.values().find_map(|v| find(v, id, ids))
        }
        serde_json::Value::Array(items) => items.iter().find_map(|v| find(v, id, ids)),
        _ => None,
    }
}

/// The evidence of a figure, or why there is none.
pub fn evidence(json: &serde_json::Value, figure: &str) -> Result<Evidence, Failure> {
    let mut ids = Vec::new();
    match find(json, figure, &mut ids) {
        None => {
            // the shortest that hold it are the nearest: those of the whole before those of its parts
            let mut near: Vec<&String> = ids.iter().filter(|i| i.contains(figure)).collect();
            near.sort_by_key(|id| id.len());
            near.truncate(8);
            let hint = if near.is_empty() {
                "ids stand in square brackets on the page; lockstep report --format csv lists them all".to_owned()
            } else {
                format!("did you mean {}", near.into_iter().cloned().collect::<Vec<_>>().join(", "))
            };
            Err(Failure::new("unknown_figure", format!("`{figure}`: no such figure in the last report")).hint(hint))
        }
        Some(None) => Err(Failure::new(
            "no_evidence",
            format!("`{figure}`: is worked out from other figures and has no rows of its own"),
        )
        .hint("ask for the figures it is made of")),
        Some(Some(evidence)) => Ok(evidence),
    }
}

/// Rows of facts, and where each was read.
pub struct Behind {
    /// What one row is about.
    pub grain: Grain,
    /// Columns that some row has, in words.
    pub shown: Vec<&'static str>,
    /// Of each row: file, line, batch, and its cells.
    pub rows: Vec<(String, u32, u32, Vec<String>)>,
}

/// Rows of some evidence: so many are left out first, at most so many are given.
pub fn behind(known: &Known, evidence: &Evidence, (skip, limit): (usize, usize)) -> Result<Behind, Failure> {
    let (grain, filter) = analyses::evidence::to_tests(evidence)?;
    let table = known.facts.extract(&Extract { skip, limit, ..Extract::all(grain, filter) })?;
    let file_name = |batch: u32, file: u32| -> String {
        known
            .head
            .manifest(u64::from(batch))
            .and_then(|m| m.files.get(file as usize))
            .map_or_else(|| format!("batch {batch}, file {file}"), |f| f.count.file.clone())
    };
    let shown: Vec<tallies::Column> =
        columns(grain).into_iter().filter(|c| (0..table.rows).any(|r| table.number(*c, r).is_some())).collect();
    let number = |name: &str, row: usize| {
        tallies::columns::column(grain, name).and_then(|c| table.number(c, row)).unwrap_or(0) as u32
    };
    let rows = (0..table.rows)
        .map(|row| {
            let batch = number("batch", row);
            let cells = shown.iter().map(|c| cell(&table, *c, row, known.currency())).collect();
            (file_name(batch, number("file", row)), number("line", row), batch, cells)
        })
        .collect();
    Ok(Behind { grain, shown: shown.iter().map(|c| c.name).collect(), rows })
}

/// Runs the command.
pub fn run(args: &cli::Rows, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let Some(saved) = home.desk.latest_report()? else {
        return Err(Failure::new("no_report", "no report was made in this home yet").hint("lockstep report"));
    };
    let bad = |e: serde_json::Error| {
        Failure::new("damaged", format!("the kept report: {e}")).hint("make it again: lockstep report")
    };
    let json: serde_json::Value = serde_json::from_str(&saved.json).map_err(bad)?;
    let report: Report = serde_json::from_value(json.clone()).map_err(bad)?;
    let evidence = evidence(&json, &args.figure)?;
    let at = report.provenance.head.to_string();
    let (as_if, under) = (report.provenance.as_if.as_deref(), report.provenance.under.as_deref());
    let known = Known::open_under(&home, Some(&at), as_if, under, style)?;
    let found = behind(&known, &evidence, (0, args.limit))?;
    if style.json {
        let data: Vec<serde_json::Value> = found
            .rows
            .iter()
            .map(|(file, line, batch, cells)| {
                let values: std::collections::BTreeMap<&str, &String> =
                    found.shown.iter().copied().zip(cells).collect();
                serde_json::json!({ "file": file, "line": line, "batch": batch, "values": values })
            })
            .collect();
        output::print_json(
            &serde_json::json!({ "figure": args.figure, "grain": found.grain.word(), "rows": evidence.rows, "shown": data }),
        )?;
        return Ok(Ended::Done);
    }
    let mut head = vec!["file and line"];
    head.extend(&found.shown);
    let rows: Vec<Vec<String>> = found
        .rows
        .into_iter()
        .map(|(file, line, _, cells)| {
            let place = format!("{}:{line}", file.rsplit('/').next().unwrap_or(&file));
            std::iter::once(place).chain(cells).collect()
        })
        .collect();
    let mut text = faces::rows::table(&head, &rows, style.columns().max(120));
    text.push_str(&format!(
        "\n{} of {} {} rows shown. The line is the one of the export as it was imported.\n",
        rows.len(),
        faces::format::count(evidence.rows as i64),
        found.grain.word()
    ));
    output::print(&text)?;
    Ok(Ended::Done)
}

/// The columns worth showing first, in this order.
fn columns(grain: Grain) -> Vec<tallies::Column> {
    let names: &[&str] = match grain {
        Grain::LeadCycle => &[
            "source",
            "segment",
            "stage_raw",
            "created_at",
            "mql_at",
            "sal_at",
            "sql_at",
            "opportunity_at",
            "won_at",
            "exit_at",
            "amount",
        ],
        Grain::Opportunity => {
            &["stage_raw", "source", "product", "created_at", "closed_on", "amount", "list_price", "link_rule"]
        }
        Grain::Account => &["industry", "country", "leads", "opportunities", "won", "amount"],
        Grain::SpendDay => &["platform", "campaign", "day", "last_day", "cost"],
        Grain::LeadTurn => &["waits", "from_at", "until_at", "owner", "stage_raw"],
    };
    names.iter().filter_map(|n| tallies::columns::column(grain, n)).collect()
}

fn cell(table: &tallies::Table, column: tallies::Column, row: usize, currency: terms::Currency) -> String {
    if let Some(Data::Code(..)) = table.data(column) {
        return table.text(column, row).unwrap_or("").to_owned();
    }
    let Some(n) = table.number(column, row) else { return String::new() };
    match column.width {
        Width::Minutes => {
            let text = Instant(n * terms::MINUTE_MS).to_string();
            text.strip_suffix(":00Z").map_or(text.clone(), |t| t.replace('T', " "))
        }
        Width::Days => Day(n as i32).to_string(),
        Width::Money => faces::format::money_exact(n, currency, faces::format::Sign::Plain),
        Width::Small if column.name == "stage" => {
            Stage::from_number(n as u8).map_or_else(|| n.to_string(), |s| s.word().to_owned())
        }
        Width::Small | Width::Count | Width::Key | Width::Number | Width::Code => n.to_string(),
    }
}
