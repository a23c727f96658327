//! The marketing tool's files, in the shape a connector lands them in a warehouse.
//!
//! The same persons as the CRM's leads, known here by mail; touches before and after the lead.

mod contact;
mod mail;
mod touch;

use std::path::Path;

use crate::journey::Lead;
use crate::sheet::{Sheet, close_all};
use crate::trade::User;
use crate::{Error, Plan};

/// The marketing tool's sheets.
#[derive(Debug)]
pub struct HubSpot {
    contact: Sheet,
    company: Sheet,
    owner: Sheet,
    form: Sheet,
    event: Sheet,
    open: Sheet,
    click: Sheet,
    seed: u64,
    touches: f64,
    bursts: u64,
    text: String,
}

/// The account's number in the tool.
const PORTAL: i64 = 4_100_200;

impl HubSpot {
    /// Creates the files below `out/hubspot`, which must exist.
    pub fn create(out: &Path, plan: &Plan) -> Result<HubSpot, Error> {
        let sheet = |name: &str, header| Sheet::plain(out.join("hubspot").join(name), header);
        Ok(HubSpot {
            contact: sheet("contact_data.csv", contact::HEADER)?,
            company: sheet("company_data.csv", contact::COMPANY)?,
            owner: sheet("owner_data.csv", contact::OWNER)?,
            form: sheet("contact_form_submission.csv", touch::FORM)?,
            event: sheet("email_event.csv", mail::EVENT)?,
            open: sheet("email_event_open.csv", mail::OPEN)?,
            click: sheet("email_event_click.csv", mail::CLICK)?,
            seed: plan.seed,
            touches: plan.touches_per_lead,
            bursts: 0,
            text: String::new(),
        })
    }

    /// Writes the owners.
    pub fn owners(&mut self, users: &[User]) -> Result<(), Error> {
        users.iter().try_for_each(|user| contact::owner(&mut self.owner, user))
    }

    /// Writes the person of a lead and their touches.
    pub fn lead(&mut self, lead: &Lead) -> Result<(), Error> {
        contact::write(&mut self.contact, lead, &mut self.text)?;
        if lead.employer.number == lead.number {
            contact::company(&mut self.company, lead, &mut self.text)?;
        }
        self.touch(lead)
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.contact.rows()
            + self.company.rows()
            + self.form.rows()
            + self.event.rows()
            + self.open.rows()
            + self.click.rows()
    }

    /// Bursts of link-scanner clicks so far.
    pub const fn bursts(&self) -> u64 {
        self.bursts
    }

    /// Closes the files.
    pub fn close(self, root: &Path) -> Result<Vec<(String, u64)>, Error> {
        close_all([self.contact, self.company, self.owner, self.form, self.event, self.open, self.click], root)
    }
}
