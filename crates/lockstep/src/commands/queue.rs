//! `lockstep queue`: open clocks in the order in which to work them, as the page *Follow-up* has them.
//!
//! Not here: what waiting loses (`analyses::waiting`), and which clocks were late when (`lockstep clocks`).

use std::path::Path;

use crate::cli::{self, Order};
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::known::Known;
use crate::output::{self, Ended, Style};
use crate::serving::clocks;

/// Runs the command.
pub fn run(args: &cli::Queue, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let known = Known::open(&home, None, None, style)?;
    let open = clocks::open(&known)?;
    let by_any_name = |owner: &String| Ok::<_, Failure>(known.reps()?.all(std::slice::from_ref(owner)));
    let owners = args.owner.as_ref().map(by_any_name).transpose()?;
    let found = open.at(open.as_of(home::now()), owners.as_deref());
    if style.json {
        output::print_json(&serde_json::to_value(&found).map_err(|e| Failure::new("json", e.to_string()))?)?;
        return Ok(Ended::Done);
    }
    let list = web::queue(&found, args.order == Order::Value);
    let rows = list.words();
    if args.csv {
        output::print(&faces::csv_of_words(&list.heads, &rows))?;
        return Ok(Ended::Done);
    }
    let count = |n: usize| faces::format::count(i64::try_from(n).unwrap_or(i64::MAX));
    let Some(agreement) = &found.agreement else {
        output::print("No agreement is in force, so no clock runs. See `lockstep agreement history`.\n")?;
        return Ok(Ended::Done);
    };
    let mut out =
        format!("{} late, {} running, by {agreement}\n\n", count(found.late.len()), count(found.running.len()));
    let shown = rows.get(..args.limit).unwrap_or(&rows);
    if !shown.is_empty() {
        let heads: Vec<&str> = list.heads.iter().map(String::as_str).collect();
        out.push_str(&faces::rows::table(&heads, shown, style.columns().max(110)));
    }
    if shown.len() < rows.len() {
        out.push_str(&format!("{} more; --csv lists all\n", count(rows.len() - shown.len())));
    }
    out.push_str(&format!("\n{}\n", found.learned));
    output::print(&out)?;
    Ok(Ended::Done)
}
