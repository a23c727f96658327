//! LinkedIn: linkedin_ad_analytics_by_campaign.csv and linkedin_campaign_history.csv

use std::path::Path;

use super::SpendDay;
use crate::Error;
use crate::sheet::Sheet;
use crate::time::{FIRST_DAY, Moment};
use crate::trade::CAMPAIGNS;

const STATS: &str = "campaign_id,day,clicks,cost_in_local_currency,cost_in_usd,external_website_conversions,impressions,landing_page_clicks,likes,one_click_leads,shares,total_engagements,video_views";
const HISTORY: &str = "id,last_modified_time,account_id,campaign_group_id,created_time,name,version_tag";

const fn id(campaign: usize) -> i64 {
    148_000_001 + campaign as i64
}

pub fn create(folder: &Path) -> Result<[Sheet; 2], Error> {
    Ok([
        Sheet::plain(folder.join("linkedin_ad_analytics_by_campaign.csv"), STATS)?,
        Sheet::plain(folder.join("linkedin_campaign_history.csv"), HISTORY)?,
    ])
}

pub fn day(sheet: &mut Sheet, day: &SpendDay) -> Result<(), Error> {
    sheet.whole(id(day.campaign)).moment(Moment::midnight(day.day)).whole(day.clicks).cents(day.cents);
    sheet.cents(day.cents).whole(day.conversions).whole(day.impressions).whole(day.clicks).whole(day.clicks / 9);
    sheet.whole(0).whole(day.clicks / 30).whole(day.clicks + day.clicks / 9).whole(0).end()
}

pub fn campaign(sheet: &mut Sheet, campaign: usize) -> Result<(), Error> {
    let from = Moment::midnight(FIRST_DAY);
    sheet.whole(id(campaign)).moment(from).whole(507_500_001).whole(600_200_001).moment(from);
    sheet.text(CAMPAIGNS[campaign].name).whole(1).end()
}
