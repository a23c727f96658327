//! Meta: facebook_ads_basic_ad.csv, facebook_ads_campaign_history.csv, and facebook_ads_ad_history.csv, which joins them

use std::path::Path;

use super::SpendDay;
use crate::Error;
use crate::sheet::Sheet;
use crate::time::{FIRST_DAY, Moment, THROUGH};
use crate::trade::{CAMPAIGNS, Network};

const STATS: &str = "ad_id,date,account_id,impressions,inline_link_clicks,spend,reach";
const HISTORY: &str = "id,account_id,name,_fivetran_synced,updated_time";
const ADS: &str = "id,account_id,ad_set_id,campaign_id,creative_id,name,_fivetran_synced,updated_time";
const ACCOUNT: i64 = 1_700_252_000_001;

const fn ad(campaign: usize) -> i64 {
    6_215_700_000_001 + campaign as i64
}

const fn id(campaign: usize) -> i64 {
    6_215_300_000_001 + campaign as i64
}

pub fn create(folder: &Path) -> Result<[Sheet; 2], Error> {
    Ok([
        Sheet::plain(folder.join("facebook_ads_basic_ad.csv"), STATS)?,
        Sheet::plain(folder.join("facebook_ads_campaign_history.csv"), HISTORY)?,
    ])
}

pub fn day(sheet: &mut Sheet, day: &SpendDay) -> Result<(), Error> {
    sheet.whole(ad(day.campaign)).day(day.day).whole(ACCOUNT).whole(day.impressions).whole(day.clicks);
    sheet.cents(day.cents).whole(day.impressions * 2 / 3).end()
}

pub fn campaign(sheet: &mut Sheet, campaign: usize) -> Result<(), Error> {
    sheet.whole(id(campaign)).whole(ACCOUNT).text(CAMPAIGNS[campaign].name).moment(THROUGH);
    sheet.moment(Moment::midnight(FIRST_DAY)).end()
}

/// The one ad of each campaign.
pub fn ads(folder: &Path, any: bool) -> Result<Sheet, Error> {
    let mut sheet = Sheet::plain(folder.join("facebook_ads_ad_history.csv"), ADS)?;
    for (number, campaign) in CAMPAIGNS.iter().enumerate().filter(|(_, c)| any && c.network == Some(Network::Meta)) {
        sheet.whole(ad(number)).whole(ACCOUNT).whole(ad(number) + 1_000_000).whole(id(number));
        sheet.whole(ad(number) + 2_000_000).text(&format!("{} - Ad 1", campaign.name)).moment(THROUGH);
        sheet.moment(Moment::midnight(FIRST_DAY)).end()?;
    }
    Ok(sheet)
}
