//! OpportunityHistory.csv and OpportunityFieldHistory.csv

use super::opportunity::{State, states};
use super::{Id, Links, Object, user};
use crate::Error;
use crate::journey::Deal;
use crate::sheet::{Sheet, money};
use crate::time::{Moment, PLANTED};

pub const HEADER: &str = "Id,OpportunityId,CreatedById,CreatedDate,StageName,Amount,ExpectedRevenue,CloseDate,Probability,FromForecastCategory,ForecastCategory,FromOpportunityStageName,CurrencyIsoCode,SystemModstamp,IsDeleted,PrevAmount,PrevCloseDate";
pub const FIELD_HEADER: &str = "Id,IsDeleted,OpportunityId,CreatedById,CreatedDate,Field,OldValue,NewValue";

pub fn write(sheet: &mut Sheet, deal: &Deal, links: &Links) -> Result<(), Error> {
    let mut before: Option<State> = None;
    for now in states(deal) {
        let id = Id(Object::OpportunityHistory, sheet.rows());
        sheet.id(Some(id)).id(Some(links.opportunity)).id(user(deal.owner(now.at))).moment(now.at).text(now.stage);
        sheet.cents(now.amount).cents(now.amount * now.probability / 100).day(now.close_day).whole(now.probability);
        sheet.text(before.map_or("", |b| b.forecast)).text(now.forecast).text(before.map_or("", |b| b.stage));
        sheet.text("USD").moment(now.at).flag(false);
        match before {
            Some(b) => sheet.cents(b.amount).day(b.close_day),
            None => sheet.none().none(),
        };
        sheet.end()?;
        before = Some(now);
    }
    Ok(())
}

pub fn fields(sheet: &mut Sheet, histories: &mut u64, deal: &Deal, links: &Links) -> Result<(), Error> {
    let mut row = |at: Moment, field: &str, old: &str, new: &str| {
        let id = Id(Object::FieldHistory, *histories);
        *histories += 1;
        sheet.id(Some(id)).flag(false).id(Some(links.opportunity)).id(user(deal.owner(at))).moment(at);
        sheet.text(field).text(old).text(new).end()
    };
    row(links.at, "created", "", "")?;
    let mut moves = deal.successor && links.at < PLANTED;
    let mut before: Option<State> = None;
    let text = |at| String::from_utf8_lossy(&Id(Object::User, deal.owner(at) as u64).text()).into_owned();
    let (leaver, successor) = (text(PLANTED.plus(-1)), text(PLANTED));
    for now in states(deal) {
        if moves && now.at >= PLANTED {
            row(PLANTED, "Owner", &leaver, &successor)?;
            moves = false;
        }
        if let Some(b) = before {
            row(now.at, "StageName", b.stage, now.stage)?;
            if b.amount != now.amount {
                row(now.at, "Amount", &money(b.amount), &money(now.amount))?;
                let tenths = |n: i64| format!("{}.{}", n / 10, n % 10);
                row(now.at, "Discount__c", &tenths(b.discount), &tenths(now.discount))?;
            }
            if b.close_day != now.close_day {
                row(now.at, "CloseDate", &b.close_day.to_string(), &now.close_day.to_string())?;
            }
        }
        before = Some(now);
    }
    if moves { row(PLANTED, "Owner", &leaver, &successor) } else { Ok(()) }
}
