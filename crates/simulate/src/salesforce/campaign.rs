//! Campaign.csv and CampaignMember.csv

use super::{Id, Links, Object, user};
use crate::Error;
use crate::journey::Lead;
use crate::sheet::Sheet;
use crate::time::{CURRENT, FIRST_DAY, Moment, Quarter, THROUGH};
use crate::trade::{AUTOMATION, CAMPAIGNS};

pub const HEADER: &str = "Id,IsDeleted,Name,ParentId,Type,Status,StartDate,EndDate,CurrencyIsoCode,BudgetedCost,ActualCost,IsActive,Description,NumberOfLeads,NumberOfConvertedLeads,NumberOfContacts,NumberOfOpportunities,NumberOfWonOpportunities,AmountAllOpportunities,AmountWonOpportunities,OwnerId,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp";
pub const MEMBER: &str = "Id,IsDeleted,CampaignId,LeadId,ContactId,Status,HasResponded,IsPrimary,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,FirstRespondedDate,CurrencyIsoCode";

/// What a campaign's counters say.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    leads: i64,
    converted: i64,
    won: i64,
    cents: i64,
    won_cents: i64,
}

/// The counters of all campaigns.
#[derive(Debug, Default)]
pub struct Members([Count; CAMPAIGNS.len()]);

pub fn member(sheet: &mut Sheet, members: &mut Members, lead: &Lead, links: Option<&Links>) -> Result<(), Error> {
    let count = &mut members.0[lead.campaign];
    count.leads += 1;
    if let (Some(deal), Some(_)) = (&lead.journey.deal, links) {
        count.converted += 1;
        count.cents += deal.amount();
        if deal.won && deal.close <= THROUGH {
            count.won += 1;
            count.won_cents += deal.amount();
        }
    }
    let by = user(AUTOMATION);
    let status = match CAMPAIGNS[lead.campaign].kind {
        "Webinar" | "Trade Show" => "Attended",
        _ => "Responded",
    };
    sheet.id(Some(Id(Object::CampaignMember, lead.number))).flag(false);
    sheet.id(Some(Id(Object::Campaign, lead.campaign as u64))).id(Some(Id(Object::Lead, lead.number)));
    sheet.id(links.map(|l| l.contact)).text(status).flag(true).flag(true).moment(lead.created).id(by);
    sheet.moment(lead.created).id(by).moment(lead.created).day(lead.created.day()).text("USD").end()
}

pub fn write(sheet: &mut Sheet, members: &Members) -> Result<(), Error> {
    let start = Moment::midnight(FIRST_DAY.plus(-10));
    for (number, (campaign, count)) in CAMPAIGNS.iter().zip(&members.0).enumerate() {
        let owner = user(7 + number % 2);
        let cost = count.leads * campaign.cost;
        sheet.id(Some(Id(Object::Campaign, number as u64))).flag(false).text(campaign.name).id(None);
        sheet.text(campaign.kind).text("In Progress").day(FIRST_DAY).day(Quarter(CURRENT).last()).text("USD");
        sheet.cents(cost).cents(cost).flag(true).none().whole(count.leads).whole(count.converted);
        sheet.whole(count.converted).whole(count.converted).whole(count.won).cents(count.cents).cents(count.won_cents);
        sheet.id(owner).moment(start).id(owner).moment(THROUGH).id(owner).moment(THROUGH).end()?;
    }
    Ok(())
}
