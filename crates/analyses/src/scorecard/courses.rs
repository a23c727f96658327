//! Leads whose clocks do not go by one calendar all the time: they passed from one office to another, or waited as agreed.
//!
//! Not here: how such time is counted (`tallies`). Invariant: a lead that goes as its last office does, without waiting, is not
//! among them; a wait lasts no longer than the agreement allows in all.

use std::collections::{BTreeSet, HashMap};

use agreement::document::{Agreement, Pause, Whose};
use tallies::{Apart, Course, Spans};
use terms::Team;

use super::offices::{Followed, counted};
use crate::Turn;
use crate::columns::DAY;

/// Stretches of waiting, of all times.
#[derive(Clone, Debug, Default)]
pub struct Waited {
    pub n: u64,
    /// In these stages, as recorded.
    pub stages: BTreeSet<String>,
}

/// What leads do beside their clocks, under one version.
pub struct Courses<'q> {
    agreement: &'q Agreement,
    turns: &'q [Turn],
    window: (i64, i64),
    as_of: i64,
}

impl<'q> Courses<'q> {
    pub fn new(agreement: &'q Agreement, turns: &'q [Turn], window: (i64, i64), as_of: i64) -> Courses<'q> {
        Courses { agreement, turns, window, as_of }
    }

    /// The waits in which clocks of a team stood still; none where there are none.
    pub fn waited(&self, of: Team) -> Option<Waited> {
        let mut out = Waited::default();
        for turn in self.turns.iter().filter(|turn| turn.waits && self.pause(turn, of).is_some()) {
            out.n += 1;
            out.stages.extend(turn.name.as_deref().map(str::to_owned));
        }
        (out.n > 0).then_some(out)
    }

    /// The leads that go apart, among those that now follow the office at this place; with waits that a team's clocks stand
    /// still for, where one is given. `spans` are those of each office.
    pub fn apart(&self, followed: &[Followed<'_>], here: usize, spans: &[Spans], waits: Option<Team>) -> Apart {
        let mut limits = HashMap::new();
        let mut of = Vec::new();
        for own in self.turns.chunk_by(|a, b| a.lead == b.lead) {
            let legs = self.legs(followed, own);
            let last = legs.last().map_or(here, |leg| leg.1 as usize);
            if last != here {
                continue; // it follows another office now
            }
            let stills = waits.map_or_else(Vec::new, |team| self.stills(followed, &legs, here, own, team, &mut limits));
            if legs.len() > 1 || !stills.is_empty() {
                let legs = if legs.len() > 1 { legs } else { vec![] };
                of.extend(own.first().map(|turn| (turn.lead, Course { legs, stills })));
            }
        }
        Apart::new(spans.to_vec(), of)
    }

    /// From when on a lead followed which office; empty where it had one owner.
    fn legs(&self, followed: &[Followed<'_>], own: &[Turn]) -> Vec<(i64, u32)> {
        if self.agreement.clocks_follow != Whose::Rep {
            return vec![];
        }
        let mut legs: Vec<(i64, u32)> = Vec::new();
        for turn in own.iter().filter(|turn| !turn.waits) {
            let is_of = |f: &Followed<'_>| turn.name.as_ref().is_some_and(|name| f.names.iter().any(|n| **n == **name));
            let office = followed.iter().zip(0..).find(|(f, _)| is_of(f)).map_or(0, |(_, place)| place);
            if legs.last().is_none_or(|last| last.1 != office) {
                legs.push((turn.from.unwrap_or(i64::MIN), office));
            }
        }
        legs
    }

    fn pause(&self, turn: &Turn, of: Team) -> Option<&'q Pause> {
        let stage = turn.name.as_deref()?;
        let pauses = self.agreement.pauses.iter().filter(|pause| pause.clocks.is_none_or(|team| team == of));
        pauses.into_iter().find(|pause| pause.is_meant_by(stage))
    }

    /// When a team's clocks stood still for a lead.
    fn stills<'a>(
        &self,
        followed: &[Followed<'a>],
        legs: &[(i64, u32)],
        here: usize,
        own: &[Turn],
        team: Team,
        limits: &mut HashMap<(&'q str, usize), (Spans, i64)>,
    ) -> Vec<(i64, i64)> {
        let mut out: Vec<(i64, i64)> = Vec::new();
        let mut used: HashMap<&str, i64> = HashMap::new();
        for turn in own.iter().filter(|turn| turn.waits) {
            let (Some(from), Some(pause)) = (turn.from, self.pause(turn, team)) else { continue };
            let mut until = turn.until.unwrap_or(i64::MAX);
            if let Some(most) = pause.at_most {
                // in the hours of the office that it followed when it began to wait
                let office = legs.iter().rfind(|leg| leg.0 <= from).map_or(here, |leg| leg.1 as usize);
                let (spans, limit) = limits.entry((pause.reason.as_str(), office)).or_insert_with(|| {
                    let window = (self.window.0 - 366 * DAY, self.window.1);
                    counted(most, followed.get(office).and_then(|f| f.office), window, self.as_of)
                });
                let used = used.entry(&pause.reason).or_default();
                let end = if *used > *limit {
                    Some(from)
                } else {
                    Apart::default().late_from(0, spans, from, *limit - *used)
                };
                until = until.min(end.unwrap_or(i64::MAX));
                *used += spans.between(from, until);
            }
            match out.last_mut() {
                Some(last) if last.1 >= from => last.1 = last.1.max(until),
                _ if from < until => out.push((from, until)),
                _ => {}
            }
        }
        out
    }
}
