//! The ad platforms' files, in the shape connectors land them: a row a day and campaign.
//!
//! Spend follows the paid leads: two fifths of it the leads of the day, the rest their usual number.

mod google;
mod linkedin;
mod meta;

use std::path::Path;

use crate::chance::{Chance, Strand};
use crate::journey::Lead;
use crate::sheet::{Sheet, close_all};
use crate::time::{CURRENT, Day, FIRST_DAY, Moment, QUARTERS, Quarter};
use crate::trade::{CAMPAIGNS, Network, World, of_source};
use crate::{Error, Plan};

/// Paid leads by day and campaign.
#[derive(Debug)]
pub struct Ads {
    seed: u64,
    /// Usual leads a day, before and after the planted change, by campaign.
    usual: Vec<[f64; 2]>,
    leads: Vec<Vec<u32>>,
}

/// What a campaign did on a day.
#[derive(Debug, Clone, Copy)]
struct SpendDay {
    day: Day,
    /// Place in [`CAMPAIGNS`].
    campaign: usize,
    cents: i64,
    clicks: i64,
    impressions: i64,
    conversions: i64,
}

impl Ads {
    /// Nothing counted yet.
    pub fn new(plan: &Plan, world: &World) -> Ads {
        let per_day = plan.base_leads() as f64 / QUARTERS as f64 / 91.25;
        let usual = CAMPAIGNS.iter().map(|c| {
            let [before, after] = [Moment(0), crate::time::PLANTED]
                .map(|at| world.mix(at)[c.source as usize] * per_day / of_source(c.source).len() as f64);
            [before, after * (1.0 + world.extra)]
        });
        let days = (Quarter(CURRENT).last().0 - FIRST_DAY.0) as usize + 1;
        Ads { seed: plan.seed, usual: usual.collect(), leads: vec![vec![0; days]; CAMPAIGNS.len()] }
    }

    /// Counts a lead.
    pub fn lead(&mut self, lead: &Lead) {
        let day = (lead.created.day().0 - FIRST_DAY.0) as usize;
        self.leads[lead.campaign][day] += 1;
    }

    fn days(&self, network: Network) -> impl Iterator<Item = SpendDay> + '_ {
        let campaigns = CAMPAIGNS.iter().enumerate().filter(move |(_, c)| c.network == Some(network));
        campaigns.flat_map(move |(number, campaign)| {
            let mut chance = Chance::new(self.seed, Strand::Spend, number as u64);
            self.leads[number].iter().enumerate().map(move |(n, leads)| {
                let day = FIRST_DAY.plus(n as i32);
                let usual = self.usual[number][usize::from(Moment::midnight(day) >= crate::time::PLANTED)];
                let noise = 0.85 + 0.3 * chance.unit();
                let paid_for = usual * 0.6 + f64::from(*leads) * 0.4;
                let cents = (campaign.cost as f64 * paid_for * noise) as i64;
                let clicks = (cents / chance.between(260, 420)).max(i64::from(*leads));
                let impressions = clicks * chance.between(28, 70);
                SpendDay { day, campaign: number, cents, clicks, impressions, conversions: i64::from(*leads) }
            })
        })
    }

    /// Writes the files below `out/ads`, which must exist; rows only if there are `any` leads.
    pub fn write(&self, out: &Path, any: bool) -> Result<Vec<(String, u64)>, Error> {
        let folder = out.join("ads");
        let mut sheets = Vec::new();
        for (network, create) in [
            (Network::Google, google::create as fn(&Path) -> Result<[Sheet; 2], Error>),
            (Network::LinkedIn, linkedin::create),
            (Network::Meta, meta::create),
        ] {
            let [mut stats, mut history] = create(&folder)?;
            if any {
                for day in self.days(network) {
                    match network {
                        Network::Google => google::day(&mut stats, &day)?,
                        Network::LinkedIn => linkedin::day(&mut stats, &day)?,
                        Network::Meta => meta::day(&mut stats, &day)?,
                    }
                }
                for (number, _) in CAMPAIGNS.iter().enumerate().filter(|(_, c)| c.network == Some(network)) {
                    match network {
                        Network::Google => google::campaign(&mut history, number)?,
                        Network::LinkedIn => linkedin::campaign(&mut history, number)?,
                        Network::Meta => meta::campaign(&mut history, number)?,
                    }
                }
            }
            sheets.extend([stats, history]);
        }
        sheets.push(meta::ads(&folder, any)?);
        close_all(sheets, out)
    }
}
