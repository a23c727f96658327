//! Lead.csv

use super::lead_history::{Change, status};
use super::{Id, Links, Object, user};
use crate::Error;
use crate::journey::{ExitKind, Lead};
use crate::sheet::Sheet;
use crate::time::THROUGH;
use crate::trade::{AUTOMATION, Segment};

pub const HEADER: &str = "Id,IsDeleted,MasterRecordId,FirstName,LastName,Title,Company,Street,City,Country,Phone,Email,Website,Description,LeadSource,Status,Industry,Rating,CurrencyIsoCode,NumberOfEmployees,OwnerId,HasOptedOutOfEmail,IsConverted,ConvertedDate,ConvertedAccountId,ConvertedContactId,ConvertedOpportunityId,IsUnreadByOwner,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,LastActivityDate,DoNotCall,Segment__c,Rejected_Reason__c";

/// Why sales turned a lead down.
const REASONS: [&str; 5] = ["No budget", "Wrong contact", "Student or private", "Not a fit", "Already a customer"];

pub fn write(
    sheet: &mut Sheet,
    lead: &Lead,
    last: Option<&Change>,
    links: Option<&Links>,
    text: &mut String,
) -> Result<(), Error> {
    let (employer, person) = (&lead.employer, &lead.person);
    sheet.id(Some(Id(Object::Lead, lead.number))).flag(false).id(None);
    sheet.text(person.first()).text(person.last()).text(person.title());
    employer.name(text);
    sheet.text(text).none().text(employer.place().0).text(employer.place().1);
    person.phone(text);
    sheet.text(text);
    person.mail(employer, text);
    sheet.text(text);
    employer.domain(text);
    sheet.text(text).none().text(lead.traits.source.name()).text(last.map_or(status::OPEN, |c| c.status.1));
    sheet.text(employer.industry()).text(rating(lead.traits.quality)).text("USD").whole(employer.employees as i64);
    sheet.id(user(last.map_or(AUTOMATION, |c| c.owned))).flag(false).flag(links.is_some());
    sheet.maybe_day(links.map(|l| l.at.day())).id(links.map(|l| l.account)).id(links.map(|l| l.contact));
    sheet.id(links.map(|l| l.opportunity)).flag(last.is_none()).moment(lead.created).id(user(AUTOMATION));
    let changed = last.map_or(lead.created, |c| c.at);
    sheet.moment(changed).id(user(last.map_or(AUTOMATION, |c| c.by))).moment(changed);
    let attempts = lead.journey.cycles().flat_map(|c| &c.followup.attempts);
    sheet.maybe_day(attempts.map(|a| a.at).filter(|at| *at <= THROUGH).last().map(|at| at.day()));
    sheet.flag(false).text(Segment::name(employer.segment)).text(reason(lead)).end()
}

fn rating(quality: f64) -> &'static str {
    match quality {
        q if q > 0.7 => "Hot",
        q if q > 0.35 => "Warm",
        _ => "Cold",
    }
}

/// The reason of the last cycle, if sales turned the lead down in the files' time.
fn reason(lead: &Lead) -> &'static str {
    let last = lead.journey.cycles().last().and_then(|c| c.exit);
    match last {
        Some(exit) if exit.at <= THROUGH && exit.kind != ExitKind::Recycled => {
            REASONS[(lead.number % REASONS.len() as u64) as usize]
        }
        _ => "",
    }
}
