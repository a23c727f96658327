//! Task.csv and Event.csv: what sales did.
//!
//! As in the CRM itself, the activities of a converted lead hang on its contact and opportunity.

use super::{Id, Links, Object, Salesforce, user};
use crate::Error;
use crate::chance::{Chance, Strand};
use crate::journey::{Cycle, Deal, Lead, Outcome};
use crate::sheet::Sheet;
use crate::time::{Moment, THROUGH, at_work};
use crate::trade::zone;

pub const TASK: &str = "Id,WhoId,WhatId,WhoCount,WhatCount,Subject,ActivityDate,Status,Priority,OwnerId,Description,CurrencyIsoCode,Type,IsDeleted,AccountId,IsClosed,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp,IsArchived,CallDurationInSeconds,CallType,CallDisposition,TaskSubtype,CompletedDateTime";
pub const EVENT: &str = "Id,WhoId,WhatId,WhoCount,WhatCount,Subject,Location,IsAllDayEvent,ActivityDateTime,ActivityDate,DurationInMinutes,Description,AccountId,OwnerId,CurrencyIsoCode,Type,ShowAs,IsDeleted,CreatedDate,CreatedById,LastModifiedDate,LastModifiedById,SystemModstamp";

/// A finished task as it is written.
#[derive(Debug, Clone, Copy)]
pub struct Task {
    /// When it says it was done.
    pub done: Moment,
    /// When it was logged.
    pub logged: Moment,
    pub owner: usize,
    pub outcome: Outcome,
}

/// Whom an activity hangs on.
#[derive(Debug, Clone, Copy)]
pub struct About {
    who: Id,
    what: Option<Id>,
    account: Option<Id>,
}

impl About {
    pub fn of(lead: &Lead, links: Option<&Links>) -> About {
        match links {
            Some(l) => About { who: l.contact, what: Some(l.opportunity), account: Some(l.account) },
            None => About { who: Id(Object::Lead, lead.number), what: None, account: None },
        }
    }
}

pub fn task(sheet: &mut Sheet, about: &About, task: &Task) -> Result<(), Error> {
    let (subject, disposition, seconds) = match task.outcome {
        Outcome::NoAnswer => ("Call: no answer", "No Answer", 0),
        Outcome::Voicemail => ("Call: voicemail", "Left Voicemail", 35),
        Outcome::Connected => ("Call: connected", "Connected", 180 + task.done.0 % 600),
        Outcome::Sent => ("Email: follow-up", "", 0),
        Outcome::Replied => ("Email: reply received", "", 0),
    };
    let call = task.outcome.is_call();
    let owner = user(task.owner);
    sheet.id(Some(Id(Object::Task, sheet.rows()))).id(Some(about.who)).id(about.what).whole(1);
    sheet.flag(about.what.is_some()).text(subject).day(zone(task.owner).local_day(task.done)).text("Completed");
    sheet.text("Normal").id(owner).none().text("USD").text(if call { "Call" } else { "Email" }).flag(false);
    sheet.id(about.account).flag(true).moment(task.logged).id(owner).moment(task.logged).id(owner);
    sheet.moment(task.logged).flag(false);
    if call {
        sheet.whole(seconds).text("Outbound").text(disposition);
    } else {
        sheet.none().none().none();
    }
    sheet.text(if call { "Call" } else { "Email" }).moment(task.done).end()
}

fn event(sheet: &mut Sheet, about: &About, subject: &str, at: Moment, owner: usize) -> Result<(), Error> {
    let id = user(owner);
    sheet.id(Some(Id(Object::Event, sheet.rows()))).id(Some(about.who)).id(about.what).whole(1);
    sheet.flag(about.what.is_some()).text(subject).text("Online").flag(false).moment(at);
    sheet.day(zone(owner).local_day(at)).whole(30).none().id(about.account).id(id).text("USD").text("Meeting");
    sheet.text("Busy").flag(false);
    let booked = at.plus(-3600);
    sheet.moment(booked).id(id).moment(at).id(id).moment(at).end()
}

/// Seconds from a mail to its reply.
const REPLY_AFTER: i64 = 600;

/// Outcomes of activities that decide nothing.
const IDLE: [Outcome; 6] =
    [Outcome::Sent, Outcome::Sent, Outcome::Connected, Outcome::Replied, Outcome::Voicemail, Outcome::NoAnswer];

impl Salesforce {
    pub(super) fn activities(&mut self, lead: &Lead, links: Option<&Links>) -> Result<(), Error> {
        let about = About::of(lead, links);
        for cycle in lead.journey.cycles() {
            for attempt in cycle.followup.attempts.iter().filter(|a| a.at <= THROUGH) {
                let done = Task { done: attempt.at, logged: attempt.at, owner: cycle.sdr, outcome: attempt.outcome };
                if attempt.outcome == Outcome::Replied {
                    // a reply answers a mail
                    let sent = attempt.at.plus(-REPLY_AFTER).max(cycle.handoff.unwrap_or(attempt.at));
                    let mail = Task { done: sent, logged: sent, owner: cycle.sdr, outcome: Outcome::Sent };
                    task(&mut self.task, &about, &mail)?;
                }
                task(&mut self.task, &about, &done)?;
            }
            if let Some(at) = cycle.meeting.filter(|at| *at <= THROUGH) {
                event(&mut self.event, &about, "Discovery meeting", at, cycle.sdr)?;
            }
        }
        let last = lead.journey.second.as_ref().unwrap_or(&lead.journey.first);
        self.idle(lead, last, &about)
    }

    /// Activities after contact was made, up to the end of the cycle or the opportunity.
    fn idle(&mut self, lead: &Lead, cycle: &Cycle, about: &About) -> Result<(), Error> {
        let Some(from) = cycle.followup.contact() else { return Ok(()) };
        let deal = lead.journey.deal.as_ref();
        let to = deal.map(|d| d.close).or(cycle.exit.map(|e| e.at)).unwrap_or(from).max(from.plus(86_400));
        let mut chance = Chance::new(self.seed, Strand::Activity, lead.number);
        for _ in 0..chance.about(self.idle) {
            let near = from.plus(((to.0 - from.0) as f64 * chance.unit()) as i64);
            let owner = deal.filter(|d| near >= d.created()).map_or(cycle.sdr, |d| d.owner(near));
            let at = at_work(zone(owner), near, chance.unit(), from);
            let outcome = *chance.pick(&IDLE);
            if at <= THROUGH {
                task(&mut self.task, about, &Task { done: at, logged: at, owner, outcome })?;
            }
        }
        Ok(())
    }

    pub(super) fn deal_activities(&mut self, deal: &Deal, links: &Links) -> Result<(), Error> {
        let about = About { who: links.contact, what: Some(links.opportunity), account: Some(links.account) };
        for (at, subject) in deal.steps.iter().zip(["", "Demo", "Proposal review", "Negotiation call"]).skip(1) {
            if *at <= THROUGH {
                event(&mut self.event, &about, subject, *at, deal.owner(*at))?;
            }
        }
        Ok(())
    }
}
