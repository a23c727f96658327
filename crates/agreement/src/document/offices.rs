//! Who works when: the calendars of a document, and which of them a clock follows.

use lined::Error;
use terms::Day;

use super::reader::Reader;
use crate::clock::{Calendar, Shift};

/// A calendar by its name.
#[derive(Clone, Debug)]
pub struct Office {
    /// What it is called.
    pub name: String,
    /// When it works.
    pub calendar: Calendar,
    /// Leads of these countries belong to it.
    pub countries: Vec<String>,
    /// Reps of these ids, as the CRM has them, work by it.
    pub reps: Vec<String>,
}

/// Whose office a clock follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Whose {
    /// The rep's who has the lead.
    #[default]
    Rep,
    /// The lead's country's.
    Lead,
}

/// Reads `[[office]]`; the first is the one of all that belong to none.
pub(super) fn read(root: &mut Reader<'_, '_>) -> Result<Vec<Office>, Error> {
    root.each("office", named("name", "berlin"), |table, name| {
        let zone = table.text("zone")?;
        let zone = table.needed(zone, "zone", "\"Europe/Berlin\"")?;
        // the week is read with the zone, so that both are right together
        let week = table.checked("hours", |week| match Calendar::parse(&zone, week) {
            Ok(calendar) => Ok((calendar, same_week(week))),
            Err(cause) => Err((cause.to_string(), "write such as \"Mon-Fri 09:00-17:30\"".to_owned())),
        })?;
        let calendar = table.needed(week, "hours", "\"Mon-Fri 09:00-17:30\"")?;
        let off = table.days("holidays", |_| Ok(((), "no work".to_owned())))?;
        let short = table.days("other_hours", |hours| {
            let shifts = hours.unwrap_or_default().split(',').map(Shift::parse).collect::<Result<Vec<Shift>, _>>();
            let hint = "write a table such as { 2026-12-24 = \"09:00-12:00\" }".to_owned();
            match shifts {
                Ok(shifts) => Ok((shifts, hours.unwrap_or_default().replace(' ', ""))),
                Err(cause) => Err((cause.to_string(), hint)),
            }
        })?;
        let days = off.into_iter().map(|(day, ())| (day, Vec::new())).chain(short);
        let days: Vec<(Day, Vec<Shift>)> = days.collect();
        let calendar = calendar.with_days(days).map_err(|cause| table.error(cause, "mend the hours of that day"))?;
        let (countries, reps) = (table.texts("countries")?, table.texts("reps")?);
        Ok(Office { name: name.to_owned(), calendar, countries, reps })
    })
}

/// Hours as they are written, without what changes nothing.
fn same_week(week: &str) -> String {
    let mut parts: Vec<String> =
        week.split(',').map(|p| p.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()).collect();
    parts.sort_unstable();
    parts.dedup();
    parts.join(", ")
}

/// What a member of a list is called: the text at a key, which it must have.
pub(super) fn named<'a>(
    key: &'static str,
    example: &'static str,
) -> impl Fn(usize, &mut lined::Table<'a>) -> Result<String, Error> {
    move |_, table| {
        let name = table.text(key)?.map(|n| n.trim().to_owned()).filter(|n| !n.is_empty());
        name.ok_or_else(|| table.error(format!("no {key}"), format!("add {key} = \"{example}\"")))
    }
}
