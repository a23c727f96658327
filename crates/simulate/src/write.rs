//! From a plan to files: one pass over the leads.

use std::fs;
use std::path::Path;

use crate::ads::Ads;
use crate::chance::{Chance, Strand};
use crate::hubspot::HubSpot;
use crate::journey::{Deal, Leads, direct_deals};
use crate::salesforce::Salesforce;
use crate::time::{CURRENT, Quarter, THROUGH};
use crate::trade::{Employer, Person, World, staff};
use crate::truth::{Calendar, Expected, Realised, Rep, Truth, direct_per_quarter, planted, rates};
use crate::{Company, Error, Plan, messy, targets};

/// Progress is told every so many leads.
const TELL_EVERY: u64 = 2_000;

/// Writes the files of a plan below `out` (created if missing) and `truth.json` beside them.
///
/// Leads stream through: memory does not grow with their number, but for 24 bytes for each
/// opportunity without a lead. `progress` hears the rows written so far.
pub fn write(plan: &Plan, out: &Path, progress: &mut dyn FnMut(u64)) -> Result<Truth, Error> {
    for folder in ["salesforce", "hubspot", "ads"] {
        let path = out.join(folder);
        fs::create_dir_all(&path).map_err(Error::io(&path))?;
    }
    let world = World::of(plan.company);
    let any = plan.base_leads() > 0;
    let mut salesforce = Salesforce::create(out, plan, world)?;
    let mut hubspot = HubSpot::create(out, plan)?;
    let mut ads = Ads::new(plan, &world);
    let mut realised = Realised::new();
    if any {
        let users = staff(world.new_seats);
        salesforce.users(&users)?;
        hubspot.owners(&users)?;
    }

    let mut leads = 0;
    for lead in Leads::new(plan, world) {
        salesforce.lead(&lead)?;
        hubspot.lead(&lead)?;
        ads.lead(&lead);
        realised.lead(&lead);
        leads += 1;
        if leads % TELL_EVERY == 0 {
            progress(salesforce.rows() + hubspot.rows());
        }
    }
    let direct = direct_deals(plan.seed, direct_per_quarter(plan.base_leads() as f64));
    for (n, (segment, created)) in (0..).zip(direct) {
        let deal = Deal::direct(&world, plan.seed, n, (segment, created));
        let number = leads + n;
        let mut chance = Chance::new(plan.seed, Strand::Person, number);
        let employer = Employer::draw(number, segment, &mut chance);
        let person = Person::draw(number, &mut chance);
        salesforce.direct(&deal, &employer, &person)?;
        realised.deal(&deal, None);
    }
    realised.finish();
    realised.scanner_bursts = hubspot.bursts();
    progress(salesforce.rows() + hubspot.rows());

    let steady = Expected::of(&World::STEADY, plan.base_leads());
    let gaming = (plan.company == Company::Gamed).then(|| salesforce.gaming());
    let mut rows = salesforce.close(out, any)?;
    rows.extend(hubspot.close(out)?);
    rows.extend(ads.write(out, any)?);
    rows.extend(targets::write(out, &steady, any)?);

    let mut truth = truth(plan, &world, &steady, realised);
    (truth.gaming, truth.rows) = (gaming, rows);
    if plan.company == Company::Messy {
        truth.faults = messy::spoil(out)?;
    }
    let path = out.join("truth.json");
    let text = serde_json::to_string_pretty(&truth).map_err(Error::json(&path))?;
    fs::write(&path, text + "\n").map_err(Error::io(&path))?;
    Ok(truth)
}

fn truth(plan: &Plan, world: &World, steady: &Expected, realised: Realised) -> Truth {
    let leads = plan.base_leads();
    let here = if *world == World::STEADY { steady.clone() } else { Expected::of(world, leads) };
    let (rates, cells) = rates(world, leads);
    let (planted, side_effects) = planted(plan.company, leads, (steady, &here), &rates);
    let through = String::from_utf8_lossy(&THROUGH.text()).replace(' ', "T") + "Z";
    Truth {
        company: plan.company,
        describe: plan.company.describe(),
        seed: plan.seed,
        leads,
        currency: "USD",
        data_through: through,
        period: Quarter(CURRENT).name(),
        against: Quarter(CURRENT - 1).name(),
        planted,
        side_effects,
        rates,
        cells,
        expected_won: [steady.won[CURRENT], here.won[CURRENT]],
        speed: if world.picky { here.speed() } else { None },
        gaming: None,
        calendar: Calendar::new(),
        reps: if leads > 0 { Rep::list(&staff(world.new_seats)) } else { Vec::new() },
        realised,
        rows: Vec::new(),
        faults: Vec::new(),
    }
}
