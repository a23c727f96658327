//! contact_data.csv, company_data.csv, owner_data.csv

use super::PORTAL;
use crate::Error;
use crate::journey::Lead;
use crate::sheet::Sheet;
use crate::time::{Moment, THROUGH};
use crate::trade::{CAMPAIGNS, Network, Source, User};

pub const HEADER: &str = "id,_fivetran_deleted,_fivetran_synced,property_email,property_firstname,property_lastname,property_company,property_jobtitle,property_createdate,property_lifecyclestage,property_hs_lifecyclestage_marketingqualifiedlead_date,property_hs_analytics_source,property_hs_analytics_source_data_1,property_first_conversion_date,property_hubspot_owner_id";
pub const COMPANY: &str = "id,is_deleted,_fivetran_synced,property_name,property_domain,property_createdate,property_industry,property_city,property_country,property_numberofemployees";
pub const OWNER: &str = "owner_id,_fivetran_synced,created_at,portal_id,type,updated_at,email,first_name,last_name,is_active,active_user_id";

/// Ids of this tool start here, so that no tool's ids look like another's.
pub const FIRST_CONTACT: i64 = 70_000_001;
const FIRST_COMPANY: i64 = 2_000_000_001;
const FIRST_OWNER: i64 = 44_000_001;

pub fn write(sheet: &mut Sheet, lead: &Lead, text: &mut String) -> Result<(), Error> {
    let (employer, person) = (&lead.employer, &lead.person);
    sheet.whole(FIRST_CONTACT + lead.number as i64).word(false).moment(THROUGH);
    person.mail(employer, text);
    sheet.text(text).text(person.first()).text(person.last());
    employer.name(text);
    sheet.text(text).text(person.title()).moment(lead.seen).text(stage(lead));
    let known = |at: Option<Moment>| at.filter(|at| *at <= THROUGH);
    let cycle = &lead.journey.first;
    sheet.maybe_moment(known(cycle.mql)).text(analytics(lead)).text(CAMPAIGNS[lead.campaign].name).moment(lead.seen);
    match known(cycle.handoff) {
        Some(_) => sheet.whole(FIRST_OWNER + cycle.sdr as i64),
        None => sheet.none(),
    };
    sheet.end()
}

/// The furthest lifecycle stage, as the tool's own values.
fn stage(lead: &Lead) -> &'static str {
    let known = |at: Option<Moment>| at.is_some_and(|at| at <= THROUGH);
    let deal = lead.journey.deal.as_ref();
    let any = |f: fn(&crate::journey::Cycle) -> Option<Moment>| lead.journey.cycles().any(|c| known(f(c)));
    if known(deal.filter(|d| d.won).map(|d| d.close)) {
        "customer"
    } else if known(deal.map(|d| d.created())) {
        "opportunity"
    } else if any(|c| c.sql) {
        "salesqualifiedlead"
    } else if any(|c| c.mql) {
        "marketingqualifiedlead"
    } else {
        "lead"
    }
}

fn analytics(lead: &Lead) -> &'static str {
    match (lead.traits.source, CAMPAIGNS[lead.campaign].network) {
        (_, Some(Network::Google)) => "PAID_SEARCH",
        (_, Some(_)) => "PAID_SOCIAL",
        (Source::OrganicSearch, _) => "ORGANIC_SEARCH",
        (Source::Web, _) => "DIRECT_TRAFFIC",
        (Source::Webinar, _) => "EMAIL_MARKETING",
        (Source::PartnerReferral, _) => "REFERRALS",
        _ => "OFFLINE",
    }
}

pub fn company(sheet: &mut Sheet, lead: &Lead, text: &mut String) -> Result<(), Error> {
    let employer = &lead.employer;
    sheet.whole(FIRST_COMPANY + employer.number as i64).word(false).moment(THROUGH);
    employer.name(text);
    sheet.text(text);
    employer.domain(text);
    sheet.text(text).moment(lead.seen).text(employer.industry()).text(employer.place().0).text(employer.place().1);
    sheet.whole(employer.employees as i64).end()
}

pub fn owner(sheet: &mut Sheet, user: &User) -> Result<(), Error> {
    let came = Moment::midnight(user.came);
    let id = FIRST_OWNER + user.number as i64;
    sheet.whole(id).moment(THROUGH).moment(came).whole(PORTAL).text("PERSON").moment(came).text(&user.mail());
    sheet.text(user.first).text(user.last).word(user.left.is_none()).whole(id - 30_000_000).end()
}
