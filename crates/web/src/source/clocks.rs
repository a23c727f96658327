//! Open clocks, as the queue shows them.
//!
//! Invariant: of very many clocks those that a page shows are found once, and not by each reader.

use std::cmp::Ordering;
use std::sync::Arc;

use serde::Serialize;

/// A clock of one lead.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Clock {
    /// The id of the lead in the CRM.
    pub lead: Arc<str>,
    /// As which owner the CRM has it; empty where it names none.
    pub owner: Arc<str>,
    /// `sales` or `marketing`.
    pub team: Arc<str>,
    /// The clause in words.
    pub clause: Arc<str>,
    /// Minutes of 1970 at which it started.
    pub started: i64,
    /// The first minute that is too late; none where that lies more than a quarter ahead, or it stands still and nobody knows until
    /// when.
    pub late_from: Option<i64>,
    /// Whether it stood still at the newest record, as agreed.
    pub stands_still: bool,
    /// What another hour of waiting loses, for a lead that nobody has tried yet, where the records tell it.
    pub loss: Option<Arc<Loss>>,
}

/// What another hour of waiting loses: an estimate from what became of leads like it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Loss {
    /// Chance of the outcome where it is tried now.
    pub chance: f64,
    /// The same in words.
    pub like: String,
    /// Lost by an hour more, in minor units of the reporting currency.
    pub by_hour: f64,
    /// Its 90% interval.
    pub low: f64,
    /// The interval's upper end.
    pub high: f64,
    /// The same in words.
    pub words: String,
}

/// The clocks that still run, and those that ran out with nothing done yet.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Clocks {
    /// Nothing was done and the time is over, the last to run out first.
    pub late: Vec<Clock>,
    /// The time still runs, the next first.
    pub running: Vec<Clock>,
    /// As of which minute of 1970 clocks stand: now, where the records are fresh enough to tell; else the newest record.
    pub as_of: i64,
    /// Until when the records of other systems go, in minutes of 1970.
    pub records_to: i64,
    /// In force then, in words; `None` where no agreement is.
    pub agreement: Option<String>,
    /// From what the losses were learned, or why there are none: a sentence.
    pub learned: String,
    /// Where the next part of them begins, where this is a part; empty at the end.
    pub next: String,
    /// What a page shows of them.
    #[serde(skip)]
    pub first: First,
}

/// The first clocks of each group of the queue, and how many there are in all.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct First {
    /// Of leads that nobody has tried: what another hour loses, the most first.
    pub waiting: (Vec<Clock>, usize),
    /// All others: late ones, then those that run.
    pub others: (Vec<Clock>, usize),
    /// Those that run out within an hour.
    pub soon: usize,
}

impl Clocks {
    /// Clocks that a page shows of a group.
    pub const SHOWN: usize = 50;

    /// Clocks as of a minute, put in their order.
    pub fn of(clocks: impl IntoIterator<Item = Clock>, as_of: i64) -> Clocks {
        let is_late = |c: &Clock| c.late_from.is_some_and(|at| at <= as_of);
        let (mut late, mut running): (Vec<Clock>, Vec<Clock>) = clocks.into_iter().partition(is_late);
        let due = |c: &Clock| c.late_from.unwrap_or(i64::MAX);
        let names = |a: &Clock, b: &Clock| a.lead.cmp(&b.lead).then_with(|| a.clause.cmp(&b.clause));
        late.sort_by(|a, b| due(b).cmp(&due(a)).then_with(|| names(a, b)));
        running.sort_by(|a, b| due(a).cmp(&due(b)).then_with(|| names(a, b)));
        let all = || late.iter().chain(&running);
        let mut waiting: Vec<&Clock> = all().filter(|c| c.loss.is_some()).collect();
        let in_all = waiting.len();
        if in_all > Clocks::SHOWN {
            // of very many the others are not put in order
            waiting.select_nth_unstable_by(Clocks::SHOWN, |a, b| most_first(a, b));
            waiting.truncate(Clocks::SHOWN);
        }
        waiting.sort_by(|a, b| most_first(a, b));
        let others = all().filter(|c| c.loss.is_none());
        let first = First {
            waiting: (waiting.into_iter().cloned().collect(), in_all),
            others: (others.take(Clocks::SHOWN).cloned().collect(), late.len() + running.len() - in_all),
            soon: running.iter().filter(|c| c.late_from.is_some_and(|at| at - as_of <= 60)).count(),
        };
        Clocks { late, running, as_of, first, ..Clocks::default() }
    }

    /// The clocks after a place, at most so many, late ones first; where the next begin stands in `next`. A place is the one of a
    /// clock: what runs out or comes meanwhile moves nothing. `None` where it is no place.
    pub fn part(&self, after: &str, most: usize) -> Option<Clocks> {
        let due = |c: &Clock| c.late_from.unwrap_or(i64::MAX);
        let (late_from, running_from) = match after {
            "" => (0, 0),
            _ => {
                let mut parts = after.splitn(4, '.');
                let (group, at) = (parts.next()?, parts.next()?.parse::<i64>().ok()?);
                let (clause, lead) = (parts.next()?, parts.next()?);
                let is_before = |c: &Clock| (&*c.lead, &*c.clause) <= (lead, clause);
                match group {
                    "l" => (self.late.partition_point(|c| due(c) > at || due(c) == at && is_before(c)), 0),
                    "r" => {
                        let passed = self.running.partition_point(|c| due(c) < at || due(c) == at && is_before(c));
                        (self.late.len(), passed)
                    }
                    _ => return None,
                }
            }
        };
        let late: Vec<Clock> = self.late.iter().skip(late_from).take(most).cloned().collect();
        let left = most - late.len();
        let running: Vec<Clock> = self.running.iter().skip(running_from).take(left).cloned().collect();
        let is_end = late_from + late.len() >= self.late.len() && running_from + running.len() >= self.running.len();
        let place = |group: &str, c: &Clock| format!("{group}.{}.{}.{}", due(c), c.clause, c.lead);
        let last = running.last().map(|c| place("r", c)).or_else(|| late.last().map(|c| place("l", c)));
        Some(Clocks {
            late,
            running,
            as_of: self.as_of,
            records_to: self.records_to,
            agreement: self.agreement.clone(),
            learned: self.learned.clone(),
            next: last.filter(|_| !is_end).unwrap_or_default(),
            first: First::default(),
        })
    }

    /// All of them in the order of the queue: by what waiting loses where that is asked for and known of any.
    pub fn ordered(&self, by_value: bool) -> Vec<&Clock> {
        let mut all: Vec<&Clock> = self.late.iter().chain(&self.running).collect();
        if by_value && self.first.waiting.1 > 0 {
            all.sort_by(|a, b| b.loss.is_some().cmp(&a.loss.is_some()).then_with(|| most_first(a, b)));
        }
        all
    }
}

/// What is lost by an hour more, the most first; where that is the same, the last to come. Clocks without are left as they are.
fn most_first(a: &Clock, b: &Clock) -> Ordering {
    match (&a.loss, &b.loss) {
        (Some(one), Some(other)) => {
            other.by_hour.total_cmp(&one.by_hour).then(b.started.cmp(&a.started)).then_with(|| a.lead.cmp(&b.lead))
        }
        _ => Ordering::Equal,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn clock(n: usize, late_from: i64, by_hour: Option<f64>) -> Clock {
        let loss = by_hour.map(|by_hour| {
            let (like, words) = (String::new(), String::new());
            Arc::new(Loss { chance: 0.1, like, by_hour, low: 0.0, high: by_hour, words })
        });
        let lead = format!("L{n:03}").into();
        Clock {
            lead,
            owner: "".into(),
            team: "sales".into(),
            clause: "x".into(),
            started: 0,
            late_from: Some(late_from),
            stands_still: false,
            loss,
        }
    }

    /// Parts put together are the whole, in its order, however large they are and whatever ran out between two of them.
    #[test]
    fn parts_put_together_are_the_whole() {
        let all = |as_of| Clocks::of((0..97).map(|i| clock(i, (i as i64 * 37) % 20, None)), as_of);
        let whole = all(10);
        for most in [1, 7, 96, 97, 500] {
            let (mut after, mut late, mut running) = (String::new(), Vec::new(), Vec::new());
            loop {
                let part = whole.part(&after, most).unwrap();
                assert!(part.late.len() + part.running.len() <= most);
                late.extend(part.late);
                running.extend(part.running);
                after = part.next;
                if after.is_empty() {
                    break;
                }
            }
            assert_eq!((&late, &running), (&whole.late, &whole.running), "{most}");
        }
        let half = whole.part("", 60).unwrap();
        let seen: BTreeSet<Arc<str>> = half.late.iter().chain(&half.running).map(|c| c.lead.clone()).collect();
        let rest = all(12).part(&half.next, 500).unwrap();
        assert!(rest.running.iter().all(|c| !seen.contains(&c.lead)));
        assert!(["x.1.c.L", "l.x.c.L", "l", "l.1.c"].iter().all(|place| whole.part(place, 5).is_none()));
    }

    /// The first fifty by value are those of all put in order, and the counts are those of all.
    #[test]
    fn the_first_ones_are_the_first_of_all() {
        let all =
            |n: usize| (0..n).map(|i| clock(i, (i as i64 * 37) % 200, (i % 3 > 0).then_some(((i * 71) % 97) as f64)));
        for n in [0, 7, 70, 400] {
            let clocks = Clocks::of(all(n), 100);
            assert_eq!(clocks.late.len() + clocks.running.len(), n);
            let by_value: Vec<Clock> = clocks.ordered(true).into_iter().cloned().collect();
            let in_all = clocks.first.waiting.1;
            assert_eq!(in_all, all(n).filter(|c| c.loss.is_some()).count());
            assert_eq!(clocks.first.waiting.0[..], by_value[..in_all.min(Clocks::SHOWN)]);
            assert_eq!(clocks.first.others.0[..], by_value[in_all..(in_all + Clocks::SHOWN).min(n)]);
            assert!(clocks.late.is_sorted_by_key(|c| std::cmp::Reverse(c.late_from)));
            assert!(clocks.running.is_sorted_by_key(|c| c.late_from));
            assert_eq!(
                clocks.first.soon,
                all(n).filter(|c| c.late_from.is_some_and(|at| at > 100 && at <= 160)).count()
            );
        }
    }
}
