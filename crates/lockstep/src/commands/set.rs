//! `lockstep set`: show or change a setting.

use std::path::Path;

use desk::Desk;

use crate::cli;
use crate::failure::Failure;
use crate::home::{self, Home, SETTINGS};
use crate::output::{self, Ended, Style};

/// Sets a setting in an open desk; an empty value takes it away.
pub fn set(desk: &Desk, name: &str, value: &str) -> Result<(), Failure> {
    if value.trim().is_empty() && SETTINGS.iter().any(|(known, _)| *known == name) {
        desk.unset(name, home::now())?;
    } else {
        desk.set(name, &home::check_setting(name, value)?, home::now())?;
    }
    Ok(desk.flush()?)
}

/// Runs the command.
pub fn run(args: &cli::Set, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = match (&args.name, &args.value) {
        (Some(name), Some(value)) => {
            let kept = home::check_setting(name, value)?; // before a home is made for it
            let home = Home::open_or_create(home)?;
            set(&home.desk, name, &kept)?;
            home
        }
        _ => Home::open(home)?,
    };
    let all = home.desk.settings()?;
    if style.json {
        return output::print_json(&serde_json::json!(all)).map(|()| Ended::Done);
    }
    let rows: Vec<Vec<String>> = SETTINGS
        .iter()
        .filter(|(name, _)| args.name.as_deref().is_none_or(|n| n == *name))
        .map(|(name, expected)| {
            let value = all.get(*name).cloned().unwrap_or_else(|| "not set".to_owned());
            vec![(*name).to_owned(), value, (*expected).to_owned()]
        })
        .collect();
    if rows.is_empty() {
        let name = args.name.clone().unwrap_or_default();
        return Err(home::check_setting(&name, "").err().unwrap_or_else(|| Failure::new("unknown_setting", name)));
    }
    output::print(&faces::rows::table(&["setting", "value", "what it is"], &rows, style.columns()))?;
    Ok(Ended::Done)
}
