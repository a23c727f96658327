//! How each opportunity stands: open, won or lost, since when, for how much.
//!
//! Invariants: a flag decides over a stage and the contradiction is kept; what happened after the record was made
//! decides over the record; a close date counts only once it has come.

use terms::Stage;

use super::recorder::{Recorder, Step};
use super::{Cycle, Lead, Opportunity, Order, Scratch, Span};
use crate::{Changed, Code, NO_TIME, OpportunityFact, What};

/// The last stage in an opportunity's history.
#[derive(Clone, Copy)]
struct History {
    order: Order,
    stage: Stage,
    raw: Code,
    span: Span,
}

pub(super) fn settle<R: Recorder>(scratch: &mut Scratch, recorder: &mut R) {
    if scratch.opportunities.is_empty() {
        return;
    }
    let mut opportunities = std::mem::take(&mut scratch.opportunities);
    for opportunity in &mut opportunities {
        let link = super::find(&scratch.opportunity_links, opportunity.key, |l| l.opportunity);
        opportunity.link = link.and_then(|i| scratch.opportunity_links.get(i)).copied().unwrap_or_default();
        opportunity.contradicted = opportunity.link.contradicted;
        opportunity.lead = scratch.lead_at(opportunity.link.lead).map(|i| i as u32);
        let history = follow(opportunity, scratch, recorder);
        decide(opportunity, history);
        let step = Step::Outcome(opportunity.outcome);
        recorder.conclusion(
            opportunity.key,
            opportunity.closed.when(),
            opportunity.source,
            opportunity.stage_raw,
            step,
        );
        if opportunity.contradicted {
            let when = opportunity.closed.when();
            recorder.conclusion(opportunity.key, when, opportunity.source, 0, Step::Contradicted);
        }
    }
    scratch.opportunities = opportunities;
}

/// Walks its history: later values of fields, and the last stage.
fn follow<R: Recorder>(o: &mut Opportunity, scratch: &Scratch, recorder: &mut R) -> Option<History> {
    let mut history: Option<History> = None;
    o.created = Span::of(o.record.created_at);
    let key = o.key;
    let mut changed = [false; 3];
    for event in scratch.events.iter().filter(|e| e.subject == key) {
        let is_later = o.is_ahead || event.order() > o.seen_at;
        match event.what {
            What::StageEntered { stage, raw, amount, .. } => {
                let span = Span::of_event(event);
                let Some(stage) = stage else {
                    recorder.event(event, Step::NoStage);
                    continue;
                };
                if !span.is_known() {
                    recorder.event(event, Step::Undated);
                    continue;
                }
                if !o.created.is_known() {
                    o.created = span;
                }
                // a reopened one closes anew, one closed twice the same way closed the first time
                let since = history.filter(|h| h.stage == stage).map_or(span, |h| h.span);
                history = Some(History { order: event.order(), stage, raw, span: since });
                if is_later && amount != crate::NO_MONEY {
                    o.record.amount = amount;
                    changed[1] = true;
                }
                recorder.event(event, Step::OpportunityStage(stage));
            }
            What::FieldChanged { field, new, .. } => {
                let taken = is_later && set(o, field, new, &mut changed);
                recorder.event(event, if taken { Step::FieldTaken } else { Step::FieldKnown });
            }
            _ => {}
        }
    }
    if o.is_ahead {
        for event in scratch.later.iter().filter(|e| e.subject == key) {
            if let What::FieldChanged { field, old, .. } = event.what
                && !changed.get(field as usize).copied().unwrap_or(true)
            {
                set(o, field, old, &mut changed);
            }
        }
    }
    history
}

fn set(o: &mut Opportunity, field: Changed, value: i64, changed: &mut [bool; 3]) -> bool {
    match field {
        Changed::Owner => o.record.owner = Code::try_from(value).unwrap_or(0),
        Changed::Amount => o.record.amount = value,
        Changed::CloseDate => {
            o.record.closed_at = i32::try_from(value).map_or(terms::When::Unknown, |d| terms::When::Day(terms::Day(d)));
        }
        Changed::Other => return false,
    }
    if let Some(slot) = changed.get_mut(field as usize) {
        *slot = true;
    }
    true
}

fn outcome_of(stage: Stage) -> Stage {
    match stage {
        Stage::ClosedWon => Stage::ClosedWon,
        stage if stage.is_exit() => Stage::ClosedLost,
        _ => Stage::Opportunity,
    }
}

fn decide(o: &mut Opportunity, history: Option<History>) {
    let r = &o.record;
    let by_stage = r.stage.map(outcome_of);
    let is_closed_stage = by_stage.is_some_and(|s| s != Stage::Opportunity);
    let by_record = match (r.is_closed, r.is_won) {
        (_, Some(true)) => Stage::ClosedWon,
        (Some(false), _) => Stage::Opportunity,
        (Some(true), Some(false)) => Stage::ClosedLost,
        (Some(true), None) if by_stage == Some(Stage::ClosedWon) => Stage::ClosedWon,
        (Some(true), None) => Stage::ClosedLost,
        (None, Some(false)) if is_closed_stage => Stage::ClosedLost,
        (None, Some(false)) => Stage::Opportunity,
        (None, None) => by_stage.unwrap_or(Stage::Opportunity),
    };
    let flags_differ = |stage: Stage| {
        r.is_won.is_some_and(|won| won != (stage == Stage::ClosedWon))
            || r.is_closed.is_some_and(|closed| closed != (stage != Stage::Opportunity))
    };
    o.contradicted |=
        !o.is_ahead && (by_stage.is_some_and(flags_differ) || (r.is_won, r.is_closed) == (Some(true), Some(false)));

    let closed_at = if o.closes_later { Span::NONE } else { Span::of(r.closed_at) };
    let history =
        history.filter(|h| o.is_ahead || h.order > o.stage_at).map(|h| (outcome_of(h.stage), h)).or_else(|| {
            // the record knows how, the history since when
            history
                .map(|h| (outcome_of(h.stage), h))
                .filter(|(stage, _)| *stage == by_record && *stage != Stage::Opportunity && !closed_at.is_known())
        });
    (o.outcome, o.closed, o.stage_raw) = match history {
        Some((Stage::Opportunity, h)) => (Stage::Opportunity, Span::NONE, h.raw),
        Some((outcome, h)) => (outcome, h.span, if h.raw == 0 { r.stage_raw } else { h.raw }),
        None if by_record == Stage::Opportunity => (by_record, Span::NONE, if o.is_ahead { 0 } else { r.stage_raw }),
        // closed in the record, and the close date is still to come: it was open then
        None if o.closes_later || (o.is_ahead && !closed_at.is_known()) => (Stage::Opportunity, Span::NONE, 0),
        None => (by_record, closed_at, r.stage_raw),
    };
    o.contradicted |= o.closed.is_before(o.created);
}

impl Opportunity {
    /// Its row.
    pub(super) fn row(&self, journey: u64, leads: &[Lead], cycles: &[Cycle]) -> OpportunityFact {
        let r = &self.record;
        let lead = self.lead.and_then(|i| leads.get(i as usize));
        let cycle = self.cycle.and_then(|i| cycles.get(i as usize));
        let own_or = |own: Code, of: fn(&Lead) -> Code| if own != 0 { own } else { lead.map_or(0, of) };
        let when = |stage: Stage| if self.outcome == stage { self.closed.day() } else { NO_TIME };
        let is_open = self.outcome == Stage::Opportunity;
        OpportunityFact {
            key: self.key,
            journey,
            lead: lead.map_or(0, |l| l.key),
            members: if lead.is_some() { self.link.members.max(1) as i32 } else { 0 },
            link_rule: if lead.is_some() { self.link.lead_rule } else { 0 },
            account: self.link.account,
            account_rule: self.link.account_rule,
            source: own_or(r.source, |l| l.record.source),
            campaign: own_or(r.campaign, |l| l.record.campaign),
            segment: own_or(r.segment, |l| l.record.segment),
            industry: own_or(r.industry, |l| l.record.industry),
            country: own_or(r.country, |l| l.record.country),
            product: r.product,
            owner: r.owner,
            team: r.team,
            kind: r.kind,
            reason: r.reason,
            stage: self.outcome as u8,
            stage_raw: self.stage_raw,
            lead_created_at: cycle.map_or(NO_TIME, |c| c.row.created_at),
            created_at: self.created.first,
            closed_on: self.closed.day(),
            expected_on: if is_open { Span::of(r.closed_at).day() } else { NO_TIME },
            won_on: when(Stage::ClosedWon),
            lost_on: when(Stage::ClosedLost),
            amount: r.amount,
            list_price: r.list_price,
            currency: r.currency,
            not_converted: r.not_converted,
            has_lead: u8::from(lead.is_some()),
            contradicted: u8::from(self.contradicted),
            product_unmatched: r.product_unmatched,
            batch: self.source.batch,
            file: self.source.file,
            line: self.source.line,
        }
    }
}
