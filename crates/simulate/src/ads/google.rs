//! Google Ads: google_ads_campaign_stats.csv (cost in micros) and google_ads_campaign_history.csv

use std::path::Path;

use super::SpendDay;
use crate::Error;
use crate::sheet::Sheet;
use crate::time::{FIRST_DAY, Moment, THROUGH};
use crate::trade::CAMPAIGNS;

const STATS: &str = "_fivetran_id,customer_id,date,_fivetran_synced,ad_network_type,base_campaign,clicks,conversions,conversions_value,cost_micros,device,id,impressions,interaction_event_types,interactions,view_through_conversions";
const HISTORY: &str = "id,updated_at,name,customer_id,advertising_channel_type,advertising_channel_subtype,start_date,end_date,serving_status,status,tracking_url_template";
const CUSTOMER: i64 = 2_121_450_001;

const fn id(campaign: usize) -> i64 {
    9_900_000_001 + campaign as i64
}

pub fn create(folder: &Path) -> Result<[Sheet; 2], Error> {
    Ok([
        Sheet::plain(folder.join("google_ads_campaign_stats.csv"), STATS)?,
        Sheet::plain(folder.join("google_ads_campaign_history.csv"), HISTORY)?,
    ])
}

pub fn day(sheet: &mut Sheet, day: &SpendDay) -> Result<(), Error> {
    let id = id(day.campaign);
    sheet.text(&format!("g{id:x}{:x}", day.day.0)).whole(CUSTOMER).day(day.day).moment(THROUGH).text("SEARCH");
    sheet.text(&format!("customers/{CUSTOMER}/campaigns/{id}")).whole(day.clicks).whole(day.conversions).whole(0);
    sheet.whole(day.cents * 10_000).text("DESKTOP").whole(id).whole(day.impressions).text("[CLICK]");
    sheet.whole(day.clicks).whole(0).end()
}

pub fn campaign(sheet: &mut Sheet, campaign: usize) -> Result<(), Error> {
    sheet.whole(id(campaign)).moment(Moment::midnight(FIRST_DAY)).text(CAMPAIGNS[campaign].name).whole(CUSTOMER);
    sheet.text("SEARCH").text("UNSPECIFIED").day(FIRST_DAY).text("2037-12-30").text("SERVING").text("ENABLED");
    sheet.none().end()
}
