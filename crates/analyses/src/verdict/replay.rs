//! What would change it: the period once more, with one factor as it was in the base.
//!
//! Here: the numbers and their section. A replay is the sum of the cells' products with one factor taken from the
//! other side, less the sum as it is; it is no part of the split (parts add up, replays do not) and no experiment.
//! Invariant: where nothing but one factor differs, its replay is the difference turned around.

use report::{Section, Table};
use stats::interval::Interval;

use super::cells::Table as Cells;
use super::sections::{Context, empty};
use super::split::Split;
use super::words;
use crate::figures::{About, cell, row, text};

/// At most so many are told.
const TOLD: usize = 5;

/// What the asked side would have with one factor as in the base, less what it has.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Replay {
    /// In minor units, or in wins where there is no money.
    pub value: f64,
    pub interval: Option<Interval>,
}

/// Adds to each factor what taking its columns back to the base adds to the sum of products.
pub fn taken_back(tables: &[Cells], places: &[Vec<usize>], out: &mut [f64]) {
    for (table, places) in tables.iter().zip(places).filter(|(table, _)| table.columns > 0) {
        let [base, asked] = [0, 1].map(|side: usize| table.sides[side].chunks_exact(table.columns));
        for (before, now) in base.zip(asked) {
            let is: f64 = now.iter().product();
            for (factor, sum) in out.iter_mut().enumerate().filter(|(factor, _)| places.contains(factor)) {
                let taken = places.iter().zip(before.iter().zip(now));
                let would: f64 = taken.map(|(place, (b, n))| if *place == factor { b } else { n }).product();
                *sum += would - is;
            }
        }
    }
}

/// The factors worth taking back, the largest first: more than chance, and not what is outside the cells.
fn worth(split: &Split) -> Vec<usize> {
    let more = |place: &usize| {
        split.parts[*place].interval.is_some() && split.replays[*place].interval.is_some_and(|i| i.lo90 > 0.0)
    };
    let mut out: Vec<usize> = (0..split.replays.len()).filter(more).collect();
    out.sort_by(|a, b| split.replays[*b].value.total_cmp(&split.replays[*a].value).then(a.cmp(b)));
    out.truncate(TOLD);
    out
}

impl Context<'_> {
    /// The section.
    pub fn replays(&self) -> Section {
        let mut out = empty("verdict.replay", "What would change it", words::REPLAY_METHOD);
        let told = worth(self.split);
        let id = |place: usize| format!("verdict.replay.{}", self.split.parts[place].factor);
        let Some(first) = told.first() else {
            out.answer = words::no_replay(self.has_money(), &self.period, &self.base);
            return out;
        };
        let label = |place: usize| self.levels[place].label.clone();
        let named = words::lower_first(&label(*first));
        out.answer = words::replay(self.has_money(), &self.period, &self.base, &named, &id(*first));
        let about = About::new(self.both(), "replay of the cells with one factor as before");
        let rows = told.iter().map(|place| {
            let (replay, level) = (self.split.replays[*place], &self.levels[*place]);
            let figure = about.figure(
                &id(*place),
                &format!("With it as in {}", self.base),
                self.unit(),
                self.value(replay.value),
                Self::certainty(replay.interval),
                (level.n, None),
                level.evidence.clone(),
            );
            row(vec![text(label(*place)), text(words::owner(self.owner(*place))), cell(figure)])
        });
        let head = format!("{} would have been more by", words::won_words(self.has_money()).to_lowercase());
        out.tables.push(Table {
            id: "verdict.replays".to_owned(),
            title: format!("{} once more, with one factor as in {}", self.period, self.base),
            columns: vec!["factor".to_owned(), "who can change it".to_owned(), head],
            rows: rows.collect(),
            note: words::REPLAYS_NOTE.to_owned(),
        });
        out.caveats.push(words::NO_EXPERIMENT.to_owned());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(sides: [Vec<f64>; 2], columns: usize) -> Cells {
        let rows = sides[0].len() / columns;
        Cells { sides, columns, groups: vec![0; rows] }
    }

    #[test]
    fn where_one_factor_differs_its_replay_is_the_difference_turned_around() {
        let table = cells([vec![100.0, 0.5, 10.0, 40.0, 0.2, 30.0], vec![100.0, 0.4, 10.0, 40.0, 0.1, 30.0]], 3);
        let mut out = [0.0; 4];
        taken_back(&[table], &[vec![0, 1, 3]], &mut out);
        assert_eq!(out, [0.0, 220.0, 0.0, 0.0]);
    }

    #[test]
    fn columns_of_one_factor_are_taken_back_together_and_streams_add() {
        let one = cells([vec![10.0, 1.0, 2.0], vec![20.0, 0.5, 3.0]], 3);
        let other = cells([vec![4.0, 5.0], vec![4.0, 7.0]], 2);
        let mut out = [0.0; 2];
        taken_back(&[one, other], &[vec![0, 0, 1], vec![0, 1]], &mut out);
        // 10 x 1 x 3 - 30; 20 x 0.5 x 2 - 30 and 4 x 5 - 28
        assert_eq!(out, [0.0, -18.0]);
    }
}
