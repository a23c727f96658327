//! A person's touches: the form that made them known, then forms, opens and clicks.

use super::contact::FIRST_CONTACT;
use super::{HubSpot, PORTAL};
use crate::Error;
use crate::chance::{Chance, Strand};
use crate::journey::Lead;
use crate::time::{Moment, THROUGH};
use crate::trade::Source;

pub const FORM: &str = "timestamp,form_id,contact_id,conversion_id,page_id,page_url,portal_id,title,_fivetran_synced";

/// Forms: id, page, title.
const FORMS: [(i64, &str, &str); 6] = [
    (301, "https://www.fernhill.example/demo", "Request a demo"),
    (302, "https://www.fernhill.example/guide-planning", "Download: Planning guide"),
    (303, "https://www.fernhill.example/benchmark", "Download: Benchmark report"),
    (304, "https://www.fernhill.example/webinar", "Webinar registration"),
    (305, "https://www.fernhill.example/newsletter", "Newsletter"),
    (306, "https://www.fernhill.example/contact", "Contact us"),
];
/// Days after creation until which touches go on, if nothing else ends them.
const TAIL: i64 = 45;
/// Share of mails whose links a scanner opens.
const SCANNED: f64 = 0.012;

impl HubSpot {
    pub(super) fn touch(&mut self, lead: &Lead) -> Result<(), Error> {
        let mut chance = Chance::new(self.seed, Strand::Touch, lead.number);
        let first = match lead.traits.source {
            Source::Webinar => 3,
            Source::Web => {
                if chance.yes(0.5) {
                    0
                } else {
                    5
                }
            }
            Source::Outbound | Source::TradeShow => 4,
            _ => 1 + chance.below(2) as usize,
        };
        self.form(lead, first, lead.seen)?;
        let end = lead.journey.deal.as_ref().map_or(lead.created.plus(TAIL * 86_400), |d| d.close);
        let span = end.0 - lead.seen.0;
        for _ in 0..chance.about(self.touches - 1.0) {
            // more at the beginning than at the end
            let early = chance.unit().min(chance.unit());
            let at = lead.seen.plus(60 + (span as f64 * early) as i64);
            let kind = chance.unit();
            if at > THROUGH {
                continue;
            }
            if kind < 0.2 {
                let form = 1 + chance.below(4) as usize;
                self.form(lead, form, at)?;
            } else {
                let scanned = chance.yes(SCANNED);
                self.mail(lead, &mut chance, at, (kind > 0.7, scanned))?;
            }
        }
        Ok(())
    }

    fn form(&mut self, lead: &Lead, form: usize, at: Moment) -> Result<(), Error> {
        let (id, page, title) = FORMS[form];
        let conversion = 900_000_001 + self.form.rows() as i64;
        let sheet = &mut self.form;
        sheet.moment(at).whole(id).whole(FIRST_CONTACT + lead.number as i64).whole(conversion).whole(id + 500);
        sheet.text(page).whole(PORTAL).text(title).moment(THROUGH).end()
    }
}
