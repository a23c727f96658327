//! Which touches fit what scoring rules ask.
//!
//! Invariant: of a touch the version recorded last stands, and one that its source deleted fits nothing; nothing that happened after
//! a lead's moment is read, where it has one.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use agreement::document::condition::Condition;
use agreement::document::scoring::{Of, Scoring};
use agreement::score::{Columns, Mail, Mailing, holds};
use entries::FieldId;
use entries::catalogue::{self, touch};
use facts::{Among, Sayings, said};
use hashbrown::{HashMap, HashSet};
use rayon::prelude::*;
use terms::{Entity, Instant, When};

use super::all::Leads;
use super::machines::Machines;
use super::one::{instant, is_trap};
use super::places::Places;
use super::values::Campaigns;
use crate::failure::Failure;
use crate::known::Known;

/// A touch that fits what rules ask.
#[derive(Clone, Copy, Debug)]
pub struct Fit {
    /// Of the lead at this place.
    pub place: u32,
    /// What is asked, by its number in [`Touched::rules`].
    pub asked: u16,
    pub at: Instant,
    pub id: u64,
}

/// Between two words of how many were read.
const STEP: u64 = 5_000_000;

/// Touches that fit the scoring rules of some texts.
#[derive(Debug, Default)]
pub struct Touched {
    /// By place and what is asked.
    pub fits: Vec<Fit>,
    /// Who asks: text and rule, for each condition.
    rules: Vec<Vec<(usize, usize)>>,
}

impl Touched {
    /// The rules of one text by what they ask.
    pub fn of_text(&self, text: usize) -> Vec<Vec<usize>> {
        let own = |rules: &Vec<(usize, usize)>| rules.iter().filter(|(t, _)| *t == text).map(|(_, r)| *r).collect();
        self.rules.iter().map(own).collect()
    }
}

/// Touches that fit the rules of texts: of all leads, or those about some subjects (sorted; empty for all). What is taken for a
/// machine's, by the traps of a text and otherwise, fits none of its rules, unless the leads ask for that too.
pub fn touched(
    known: &Known,
    texts: &[&Scoring],
    leads: &Leads,
    about: &[u64],
    tell: &(dyn Fn(u64) + Sync),
) -> Result<Touched, Failure> {
    // texts mostly ask the same with the same traps: that is looked for once
    let mut asked: Vec<(&Condition, &[String])> = Vec::new();
    let mut out = Touched::default();
    for (text, scoring) in texts.iter().enumerate() {
        for (rule, of) in scoring.rules.iter().enumerate().filter(|(_, rule)| rule.of == Of::Touch) {
            let this = (&of.when, &*scoring.traps);
            let number = asked.iter().position(|other| *other == this).unwrap_or_else(|| {
                asked.push(this);
                out.rules.push(Vec::new());
                asked.len() - 1
            });
            out.rules[number].push((text, rule));
        }
    }
    let traps: BTreeSet<&[String]> = asked.iter().map(|(_, traps)| *traps).collect();
    for same in &traps {
        let of_same = asked.iter().enumerate().filter(|(_, (_, traps))| traps == same).map(|(n, (when, _))| (n, *when));
        out.fits.extend(fitting(known, (of_same.collect(), same), leads, about, tell)?);
    }
    if traps.len() > 1 {
        out.fits.par_sort_unstable_by_key(|f| (f.place, f.asked, f.id, f.at));
    }
    Ok(out)
}

fn fitting(
    known: &Known,
    (asked, traps): (Vec<(usize, &Condition)>, &[String]),
    leads: &Leads,
    about: &[u64],
    tell: &(dyn Fn(u64) + Sync),
) -> Result<Vec<Fit>, Failure> {
    let terms = asked.iter().flat_map(|(_, when)| &when.terms);
    let columns = terms.filter_map(|t| catalogue::field(Entity::Touch, &t.column));
    let mut fields = vec![touch::KIND, touch::CAMPAIGN, touch::ASSET, touch::AUTOMATIC];
    for field in columns {
        if !fields.contains(&field) {
            fields.push(field);
        }
    }
    let (campaigns, sayings, read) = (known.campaigns()?, &Sayings::default(), &AtomicU64::new(0));
    let reading = Reading { known, campaigns, asked, fields, sayings, traps, leads, read, tell };
    // buckets apart, each by whoever is free; a few subjects lie in few of them
    let parts = if about.is_empty() {
        let buckets = (0..ledger::BUCKETS).into_par_iter();
        buckets.map(|bucket| reading.part(Among::Bucket(bucket))).collect::<Result<Vec<_>, _>>()?
    } else {
        vec![reading.part(Among::About(about))?]
    };
    let (mut fits, mut machines, mut none) = (Vec::new(), Machines::with(traps), HashSet::new());
    for part in parts {
        fits.push(part.fits);
        machines.add(part.machines);
        none.extend(part.gone);
    }
    none.extend(machines.found());
    fits.par_iter_mut().for_each(|fits| fits.retain(|f| !none.contains(&f.id)));
    let mut out = fits.concat();
    out.par_sort_unstable_by_key(|f| (f.place, f.asked, f.id, f.at));
    // a later version of a touch is the same touch
    out.dedup_by_key(|f| (f.place, f.asked, f.id));
    Ok(out)
}

/// What is read, and by what it is judged.
struct Reading<'a> {
    known: &'a Known,
    campaigns: &'a Campaigns,
    /// What rules ask, by its number.
    asked: Vec<(usize, &'a Condition)>,
    /// Fields of a touch: its kind, campaign, content and mark, then those that rules ask for.
    fields: Vec<FieldId>,
    sayings: &'a Sayings,
    traps: &'a [String],
    leads: &'a Leads,
    /// How many were read.
    read: &'a AtomicU64,
    tell: &'a (dyn Fn(u64) + Sync),
}

/// The places of the first fields; the campaign, the first of keys, lies between them.
const KIND: usize = 0;
const ASSET: usize = 2;
const AUTOMATIC: usize = 3;

/// Of one part of the ledger.
struct Part<'a> {
    fits: Vec<Fit>,
    machines: Machines<'a>,
    gone: HashSet<u64>,
}

/// What touches that say the same have in common.
struct Alike {
    /// What they fit, of all that is asked.
    fits: Vec<u16>,
    mailing: Option<Mailing>,
    is_trap: bool,
    is_marked: bool,
}

/// What a touch says, for a condition.
struct Saying<'a> {
    reading: &'a Reading<'a>,
    says: &'a [u32],
}

impl Columns for Saying<'_> {
    fn value(&self, column: &str) -> Option<Cow<'_, str>> {
        let field = catalogue::field(Entity::Touch, column)?;
        let place = self.reading.fields.iter().position(|f| *f == field)?;
        self.reading.sayings.text(*self.says.get(place)?).map(Cow::Owned)
    }
}

impl<'a> Reading<'a> {
    /// Touches of one part.
    fn part(&self, among: Among<'_>) -> Result<Part<'a>, Failure> {
        let leads = self.leads;
        let mut out = Part { fits: Vec::new(), machines: Machines::with(self.traps), gone: HashSet::new() };
        let mut alike: HashMap<Vec<u32>, Alike> = HashMap::new();
        let mut places = Places::of(self.known, leads);
        let named = |key: u64| self.campaigns.of_hash(key).map(str::to_owned);
        let here = said(&self.known.head, Entity::Touch, among, &self.fields, (self.sayings, &named), |touch| {
            if touch.deleted {
                out.gone.insert(touch.id);
                return;
            }
            let (Some(at), Some(place)) = (instant(touch.when), places.find(touch.subject)) else { return };
            if leads.moments.get(place).is_some_and(|moment| i64::from(at.minutes()) > *moment) {
                return;
            }
            let one = alike.entry_ref(touch.says).or_insert_with(|| self.alike(touch.says));
            if one.is_marked && !leads.machines {
                return;
            }
            if !leads.machines {
                let mailing = touch.keys.first().copied().unwrap_or(0);
                let link = u64::from(touch.says.get(ASSET).copied().unwrap_or(0));
                let mail = one.mailing.filter(|_| matches!(touch.when, When::Instant(_)));
                let mail = mail.map(|what| Mail { at, what, mailing, link, is_trap: one.is_trap });
                out.machines.note(place, touch.id, mail, one.is_trap);
            }
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            out.fits.extend(one.fits.iter().map(|asked| Fit { place, asked: *asked, at, id: touch.id }));
        })?;
        let before = self.read.fetch_add(here, Ordering::Relaxed);
        if before / STEP != (before + here) / STEP {
            (self.tell)(before + here);
        }
        Ok(out)
    }

    fn alike(&self, says: &[u32]) -> Alike {
        let text = |place: usize| says.get(place).and_then(|n| self.sayings.text(*n)).unwrap_or_default();
        let saying = Saying { reading: self, says };
        let fits = self.asked.iter().filter(|(_, when)| holds(when, &saying));
        Alike {
            fits: fits.filter_map(|(n, _)| u16::try_from(*n).ok()).collect(),
            mailing: Mailing::of(&text(KIND)),
            is_trap: is_trap(&text(ASSET), self.traps),
            is_marked: text(AUTOMATIC) == "true",
        }
    }
}
