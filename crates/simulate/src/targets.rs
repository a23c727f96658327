//! plan.csv: the bookings both teams planned, which is what the steady world is expected to win.

use std::path::Path;

use crate::Error;
use crate::sheet::{Sheet, close_all};
use crate::time::Quarter;
use crate::truth::Expected;

/// Writes the plan; rows only if there are `any` leads.
pub fn write(out: &Path, steady: &Expected, any: bool) -> Result<Vec<(String, u64)>, Error> {
    let mut sheet = Sheet::plain(out.join("plan.csv"), "period,metric,currency,amount")?;
    for quarter in Quarter::all().filter(|_| any) {
        let dollars = steady.won[quarter.0].round() as i64;
        sheet.text(&quarter.name()).text("new_bookings").text("USD").cents(dollars * 100).end()?;
    }
    close_all([sheet], out)
}
