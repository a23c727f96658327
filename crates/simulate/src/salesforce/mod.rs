//! The CRM's files, in the shape of a full Data Export.
//!
//! Every cell is quoted, datetimes are UTC without a zone, booleans 0 and 1, an empty lookup is
//! `000000000000000AAA`. Columns are a subset of the standard ones in export order, with
//! `Rejected_Reason__c` and `Segment__c` on Lead and `List_Price__c` and `Discount__c` on Opportunity.

mod account;
mod activity;
mod campaign;
mod game;
mod id;
mod lead;
mod lead_history;
mod opportunity;
mod opportunity_history;
mod user;

use std::path::Path;

pub use id::{Id, Object};

use crate::journey::{Deal, Lead};
use crate::sheet::{Sheet, close_all};
use crate::time::{Moment, THROUGH};
use crate::trade::{Employer, Person, User, World};
use crate::truth::Gaming;
use crate::{Error, Plan};

/// The CRM's sheets.
#[derive(Debug)]
pub struct Salesforce {
    account: Sheet,
    contact: Sheet,
    lead: Sheet,
    lead_history: Sheet,
    opportunity: Sheet,
    opportunity_history: Sheet,
    opportunity_field_history: Sheet,
    task: Sheet,
    event: Sheet,
    campaign: Sheet,
    campaign_member: Sheet,
    user: Sheet,
    members: campaign::Members,
    world: World,
    seed: u64,
    /// Mean activities of a contacted lead beyond the attempts.
    idle: f64,
    /// Field history rows so far, over both files.
    histories: u64,
    /// Opportunities so far.
    opportunities: u64,
    game: game::Game,
    text: String,
}

/// Share of leads that is contacted, and attempts per lead: what the activity knob stands on.
const CONTACTED: f64 = 0.39;
const ATTEMPTS: f64 = 1.0;

impl Salesforce {
    /// Creates the files below `out/salesforce`, which must exist.
    pub fn create(out: &Path, plan: &Plan, world: World) -> Result<Salesforce, Error> {
        let sheet = |name: &str, header| Sheet::quoted(out.join("salesforce").join(name), header);
        Ok(Salesforce {
            account: sheet("Account.csv", account::ACCOUNT)?,
            contact: sheet("Contact.csv", account::CONTACT)?,
            lead: sheet("Lead.csv", lead::HEADER)?,
            lead_history: sheet("LeadHistory.csv", lead_history::HEADER)?,
            opportunity: sheet("Opportunity.csv", opportunity::HEADER)?,
            opportunity_history: sheet("OpportunityHistory.csv", opportunity_history::HEADER)?,
            opportunity_field_history: sheet("OpportunityFieldHistory.csv", opportunity_history::FIELD_HEADER)?,
            task: sheet("Task.csv", activity::TASK)?,
            event: sheet("Event.csv", activity::EVENT)?,
            campaign: sheet("Campaign.csv", campaign::HEADER)?,
            campaign_member: sheet("CampaignMember.csv", campaign::MEMBER)?,
            user: sheet("User.csv", user::HEADER)?,
            members: campaign::Members::default(),
            world,
            seed: plan.seed,
            idle: ((plan.activities_per_lead - ATTEMPTS) / CONTACTED).max(0.0),
            histories: 0,
            opportunities: 0,
            game: game::Game::default(),
            text: String::new(),
        })
    }

    /// Writes the users.
    pub fn users(&mut self, users: &[User]) -> Result<(), Error> {
        users.iter().try_for_each(|user| user::write(&mut self.user, user))
    }

    /// Writes a lead and all that hangs on it.
    pub fn lead(&mut self, lead: &Lead) -> Result<(), Error> {
        let links = self.converted(lead.journey.deal.as_ref(), &lead.employer, &lead.person);
        let past = lead_history::past(lead, &self.world, self.seed);
        for change in &past {
            lead_history::write(&mut self.lead_history, &mut self.histories, lead, change)?;
        }
        lead::write(&mut self.lead, lead, past.last(), links.as_ref(), &mut self.text)?;
        self.activities(lead, links.as_ref())?;
        self.game(lead, links.as_ref())?;
        campaign::member(&mut self.campaign_member, &mut self.members, lead, links.as_ref())?;
        if let (Some(deal), Some(links)) = (&lead.journey.deal, &links) {
            let own = lead.employer.number == lead.number;
            self.deal(deal, links, (&lead.employer, &lead.person), Some(lead), own)?;
        }
        Ok(())
    }

    /// Writes an opportunity without a lead.
    pub fn direct(&mut self, deal: &Deal, employer: &Employer, person: &Person) -> Result<(), Error> {
        match self.converted(Some(deal), employer, person) {
            Some(links) => self.deal(deal, &links, (employer, person), None, true),
            None => Ok(()),
        }
    }

    /// The ids an opportunity in the files has.
    fn converted(&mut self, deal: Option<&Deal>, employer: &Employer, person: &Person) -> Option<Links> {
        let at = deal.map(Deal::created).filter(|at| *at <= THROUGH)?;
        let number = self.opportunities;
        self.opportunities += 1;
        Some(Links {
            at,
            account: Id(Object::Account, employer.number),
            contact: Id(Object::Contact, person.number),
            opportunity: Id(Object::Opportunity, number),
        })
    }

    fn deal(
        &mut self,
        deal: &Deal,
        links: &Links,
        (employer, person): (&Employer, &Person),
        lead: Option<&Lead>,
        new_account: bool,
    ) -> Result<(), Error> {
        let source = lead.map(|l| l.traits.source);
        if new_account {
            account::write(&mut self.account, employer, deal, links, source, &mut self.text)?;
        }
        account::contact(&mut self.contact, (employer, person), deal, links, source, &mut self.text)?;
        let campaign = lead.map(|l| l.campaign);
        opportunity::write(&mut self.opportunity, employer, deal, links, (source, campaign), &mut self.text)?;
        opportunity_history::write(&mut self.opportunity_history, deal, links)?;
        opportunity_history::fields(&mut self.opportunity_field_history, &mut self.histories, deal, links)?;
        self.deal_activities(deal, links)
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.lead.rows()
            + self.lead_history.rows()
            + self.task.rows()
            + self.event.rows()
            + self.campaign_member.rows()
            + self.opportunity.rows()
            + self.opportunity_history.rows()
            + self.opportunity_field_history.rows()
    }

    /// Made-up activity so far.
    pub fn gaming(&self) -> Gaming {
        self.game.count()
    }

    /// Writes the campaigns, whose counts are known only now, and closes the files.
    pub fn close(mut self, root: &Path, any: bool) -> Result<Vec<(String, u64)>, Error> {
        if any {
            campaign::write(&mut self.campaign, &self.members)?;
        }
        let sheets = [
            self.account,
            self.contact,
            self.lead,
            self.lead_history,
            self.opportunity,
            self.opportunity_history,
            self.opportunity_field_history,
            self.task,
            self.event,
            self.campaign,
            self.campaign_member,
            self.user,
        ];
        close_all(sheets, root)
    }
}

/// What a conversion made.
#[derive(Debug, Clone, Copy)]
struct Links {
    at: Moment,
    account: Id,
    contact: Id,
    opportunity: Id,
}

const fn user(number: usize) -> Option<Id> {
    Some(Id(Object::User, number as u64))
}
