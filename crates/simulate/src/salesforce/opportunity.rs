//! Opportunity.csv, as things stand at the end of the data.

use super::{Id, Links, Object, user};
use crate::Error;
use crate::journey::{Deal, STEPS};
use crate::sheet::Sheet;
use crate::time::{Day, Moment, THROUGH};
use crate::trade::{Employer, Source};

pub const HEADER: &str = "Id,IsDeleted,AccountId,Name,Description,StageName,StageSortOrder,Amount,Probability,ExpectedRevenue,CloseDate,Type,LeadSource,IsClosed,IsWon,ForecastCategory,ForecastCategoryName,CurrencyIsoCode,CampaignId,OwnerId,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,LastStageChangeDate,FiscalYear,FiscalQuarter,ContactId,List_Price__c,Discount__c";

/// An opportunity at one of its steps, or closed.
#[derive(Debug, Clone, Copy)]
pub struct State {
    pub at: Moment,
    pub stage: &'static str,
    /// Percent.
    pub probability: i64,
    pub forecast: &'static str,
    /// Tenths of a percent.
    pub discount: i64,
    /// Cents.
    pub amount: i64,
    /// Expected until it is decided.
    pub close_day: Day,
    pub closed: bool,
}

/// Number of the step from which the discount is agreed.
const AGREED: usize = 3;

/// The states the files know of, in time order; at least the first.
pub fn states(deal: &Deal) -> impl Iterator<Item = State> + '_ {
    let open = deal.steps.iter().zip(STEPS).enumerate().map(|(n, (at, (stage, probability, forecast)))| {
        let agreed = n >= AGREED;
        let guess = if agreed { deal.close_day } else { deal.created().day().plus(45) };
        let discount = if agreed { deal.discount } else { 0 };
        let amount = if agreed { deal.amount() } else { deal.list * 100 };
        State { at: *at, stage, probability, forecast, discount, amount, close_day: guess, closed: false }
    });
    let (stage, probability, forecast) =
        if deal.won { ("Closed Won", 100, "Closed") } else { ("Closed Lost", 0, "Omitted") };
    let closed = State {
        at: deal.close,
        stage,
        probability,
        forecast,
        discount: deal.discount,
        amount: deal.amount(),
        close_day: deal.close_day,
        closed: true,
    };
    open.chain([closed]).filter(|s| s.at <= THROUGH)
}

pub fn write(
    sheet: &mut Sheet,
    employer: &Employer,
    deal: &Deal,
    links: &Links,
    (source, campaign): (Option<Source>, Option<usize>),
    text: &mut String,
) -> Result<(), Error> {
    let Some(now) = states(deal).last() else { return Ok(()) };
    let owner = user(deal.owner(THROUGH));
    employer.name(text);
    text.push_str(" - New Business");
    sheet.id(Some(links.opportunity)).flag(false).id(Some(links.account)).text(text).none().text(now.stage);
    let order = if now.closed {
        if deal.won { 5 } else { 6 }
    } else {
        deal.steps.iter().filter(|t| **t <= THROUGH).count() as i64
    };
    sheet.whole(order).cents(now.amount).whole(now.probability).cents(now.amount * now.probability / 100);
    sheet.day(now.close_day).text("New Business").text(source.map_or("", Source::name));
    sheet.flag(now.closed).flag(now.closed && deal.won).text(now.forecast).text(forecast_name(now.forecast));
    sheet.text("USD").id(campaign.map(|c| Id(Object::Campaign, c as u64))).id(owner);
    sheet.moment(links.at).id(user(deal.owner(links.at))).moment(now.at).id(owner).moment(now.at).moment(now.at);
    let (year, month, _) = now.close_day.civil();
    sheet.whole(i64::from(year)).whole(i64::from((month - 1) / 3 + 1)).id(Some(links.contact));
    sheet.whole(deal.list).tenths(now.discount).end()
}

fn forecast_name(category: &str) -> &'static str {
    match category {
        "BestCase" => "Best Case",
        "Forecast" => "Commit",
        "Closed" => "Closed",
        "Omitted" => "Omitted",
        _ => "Pipeline",
    }
}
