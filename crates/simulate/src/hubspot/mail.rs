//! email_event.csv with its opens and clicks, and the link scanners among them.

use std::fmt::Write as _;

use super::{HubSpot, PORTAL};
use crate::Error;
use crate::chance::Chance;
use crate::journey::Lead;
use crate::time::{Moment, THROUGH};

pub const EVENT: &str = "id,_fivetran_synced,app_id,caused_by_created,caused_by_id,created,email_campaign_id,obsoleted_by_created,obsoleted_by_id,portal_id,sent_by_created,sent_by_id,type,filtered_event,recipient";
pub const OPEN: &str = "id,_fivetran_synced,duration,browser,ip_address,location,user_agent";
pub const CLICK: &str = "id,_fivetran_synced,referer,browser,location,ip_address,url,user_agent";

const APP: i64 = 2286;
const PERSON: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)";
const SCANNER: &str = "LinkProtect-Scanner/2.1";
const PAGES: [&str; 6] = ["planning", "pricing", "stories", "benchmark", "webinar", "unsubscribe"];

/// What a row of the mail events says happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Sent,
    Open,
    Click,
}

/// The mail an event belongs to: when it was sent and the number of the sending.
#[derive(Debug, Clone, Copy)]
struct Sending {
    at: Moment,
    number: u64,
    campaign: i64,
}

impl HubSpot {
    /// A mail that was opened or clicked at a moment; `scanned` ones have all links clicked within seconds of delivery too.
    pub(super) fn mail(
        &mut self,
        lead: &Lead,
        chance: &mut Chance,
        at: Moment,
        (clicked, scanned): (bool, bool),
    ) -> Result<(), Error> {
        lead.person.mail(&lead.employer, &mut self.text);
        let sent = at.plus(-chance.between(300, 90_000)).max(lead.seen.plus(10)).min(at.plus(-1));
        let sending = Sending { at: sent, number: self.event.rows(), campaign: 7_001 + chance.below(24) as i64 };
        self.event(sending, Kind::Sent, sent, false)?;
        if scanned {
            self.bursts += 1;
            let filtered = chance.yes(0.5);
            for page in PAGES.iter().skip(chance.below(2) as usize) {
                let row = self.event(sending, Kind::Click, sent.plus(chance.between(1, 3)), filtered)?;
                self.click(row, page, SCANNER)?;
            }
        }
        let kind = if clicked { Kind::Click } else { Kind::Open };
        let row = self.event(sending, kind, at, false)?;
        if clicked {
            let page = *chance.pick(&PAGES[..5]);
            self.click(row, page, PERSON)
        } else {
            let id = uuid(row);
            let sheet = &mut self.open;
            sheet.text(&id).moment(THROUGH).whole(chance.between(1_000, 40_000)).text("Chrome").none().none();
            sheet.text(PERSON).end()
        }
    }

    fn event(&mut self, sending: Sending, kind: Kind, at: Moment, filtered: bool) -> Result<u64, Error> {
        let row = self.event.rows();
        let name = match kind {
            Kind::Sent => "SENT",
            Kind::Open => "OPEN",
            Kind::Click => "CLICK",
        };
        let sheet = &mut self.event;
        sheet.text(&uuid(row)).moment(THROUGH).whole(APP).none().none().moment(at).whole(sending.campaign);
        sheet.none().none().whole(PORTAL);
        if kind == Kind::Sent {
            sheet.none().none();
        } else {
            sheet.moment(sending.at).text(&uuid(sending.number));
        }
        sheet.text(name).word(filtered).text(&self.text).end()?;
        Ok(row)
    }

    fn click(&mut self, row: u64, page: &str, agent: &str) -> Result<(), Error> {
        let id = uuid(row);
        self.text.push('\n');
        let start = self.text.len();
        let _ = write!(self.text, "https://www.fernhill.example/{page}?utm_source=hubspot&utm_medium=email");
        let sheet = &mut self.click;
        sheet
            .text(&id)
            .moment(THROUGH)
            .none()
            .text("Chrome")
            .none()
            .none()
            .text(&self.text[start..])
            .text(agent)
            .end()?;
        self.text.truncate(start - 1);
        Ok(())
    }
}

/// An id of the tool's shape for the row of an event.
fn uuid(row: u64) -> String {
    let mixed = (row ^ 0x5bf0_3635).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!(
        "{:08x}-{:04x}-3{:03x}-8{:03x}-{row:012x}",
        mixed >> 32,
        mixed >> 16 & 0xffff,
        mixed >> 4 & 0xfff,
        mixed & 0xfff
    )
}
