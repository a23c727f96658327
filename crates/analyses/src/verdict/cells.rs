//! The factors of a stream's revenue, cell by cell: segment by lag, on both sides.
//!
//! Here: exact values and drawn ones, laid into the table that the split takes. Not here: the split. Invariant: the
//! product of a cell's factors is what the cell won; a rate without trials on one side takes the other side's value.

use stats::draws::Draws;

use super::follow::{self, Worth};
use super::late::Parts;
use super::numbers::{Closed, Cohort, Measured, Segment};

/// What one cell knows on one side; `None` where nothing was tried.
#[derive(Clone, Debug, Default)]
struct Values {
    n: f64,
    rates: Vec<Option<f64>>,
    /// Coverage, speed and persistence at each followed step.
    follow: Vec<Option<[f64; 3]>>,
    timing: Option<f64>,
    win: Option<f64>,
    priced: Option<f64>,
    list: Option<f64>,
    /// The share of the list price kept; where the end of the quarter is apart, before it.
    kept: Option<f64>,
}

/// What the money of a report consists of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Money {
    /// List price and discount.
    ListAndDiscount,
    /// Amount per win alone.
    Amount,
    /// No money: wins are counted.
    Wins,
}

/// The factors of a stream, in the order of the columns.
///
/// `alone`: there is no other stream. Where losses turn out not to be recorded in both periods, the share of a cohort's
/// opportunities that was won in the period stands for win rate and timing together.
pub fn columns(stream: &Measured, money: Money, alone: bool, has_late: bool) -> Vec<&'static str> {
    let own = stream.plan.grain == tallies::Grain::Opportunity && !alone;
    let (volume, mix) =
        if own { ("opportunities_without_a_lead", "opportunities_without_a_lead") } else { ("volume", "mix") };
    let mut out = vec![volume, mix];
    out.extend(stream.plan.steps.iter().map(|s| s.factor));
    out.extend(followed(stream).map(|k| FOLLOW_UP[k]));
    let has_win = stream.plan.closes || stream.plan.steps.iter().any(|s| s.to == terms::Stage::ClosedWon);
    out.push(if has_win { "timing" } else { "win_rate" });
    if stream.plan.closes {
        out.push("win_rate");
    }
    match money {
        Money::ListAndDiscount => out.extend(["not_explained", "list_price", "discount"]),
        Money::Amount => out.extend(["not_explained", "amount_per_win"]),
        Money::Wins => {}
    }
    if has_late {
        out.push("quarter_end_discount");
    }
    out
}

/// The factors that follow-up is, as places in [`FOLLOW_UP`].
fn followed(stream: &Measured) -> impl Iterator<Item = usize> {
    let follow = stream.plan.follow.as_ref().filter(|_| !stream.worth.is_empty());
    let is_one = follow.map_or([false; 3], |follow| [true, follow.speed, follow.persistence]);
    (0..FOLLOW_UP.len()).filter(move |k| is_one[*k])
}

/// All that follow-up can be.
pub const FOLLOW_UP: [&str; 3] = ["coverage", "speed", "persistence"];

/// The tables of both sides, row-major `[segments × lags, columns]`, with the lag of each row as its group.
pub struct Table {
    pub sides: [Vec<f64>; 2],
    pub columns: usize,
    pub groups: Vec<u32>,
}

/// How much prices vary, from the data.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    /// Squared relative standard deviation of one win's price, for each segment.
    pub price: Vec<f64>,
    /// The same over all segments.
    pub across: f64,
    /// For the kept share over all wins: its variance times their number. Wins count by their price, so it is the variance of
    /// one win's kept share times one and the squared deviation of prices (1 - discount), each side.
    pub kept: [f64; 2],
}

impl Spread {
    /// The same for the wins of one segment, whose prices vary less.
    fn kept_within(&self, side: usize, segment: usize) -> f64 {
        self.kept[side] * (1.0 + self.price[segment]) / (1.0 + self.across)
    }
}

/// The spread of prices in a stream, told apart by these segments of it.
pub fn spread(stream: &Measured, segments: &[Segment]) -> Spread {
    let variance = |closed: &mut dyn Iterator<Item = &Closed>| {
        let (mut squares, mut free) = (0.0, 0.0);
        for c in closed.filter(|c| c.priced >= 2.0) {
            squares += (c.log_squared - c.log * c.log / c.priced).max(0.0);
            free += c.priced - 1.0;
        }
        (squares, free)
    };
    let (squares, free) = variance(&mut segments.iter().flat_map(|s| s.closed.iter().flatten()));
    let overall = if free > 0.0 { squares / free } else { 0.0 };
    let relative = |v: f64| v.min(9.0).exp_m1();
    let price = segments
        .iter()
        .map(|s| {
            let (squares, free) = variance(&mut s.closed.iter().flatten());
            // a few degrees of freedom lean on the stream's own spread
            relative((squares + 5.0 * overall) / (free + 5.0))
        })
        .collect();
    let kept = [0, 1].map(|side| {
        let cells = &stream.weeks[side];
        let sums = |is_late: bool| {
            let of = cells.iter().filter(|c| c.2 == is_late);
            of.fold((0.0, 0.0), |(list, amount), c| (list + c.0, amount + c.1))
        };
        // each part of a quarter beside what it kept itself
        let ratios = [false, true].map(|is_late| ratio(sums(is_late).1, sums(is_late).0).unwrap_or(0.0));
        let list: f64 = cells.iter().map(|c| c.0).sum();
        let wins: f64 = stream.closed(side).listed;
        if list <= 0.0 || cells.len() < 4 {
            return 0.0;
        }
        let squares: f64 = cells.iter().map(|(l, a, late)| (a - ratios[usize::from(*late)] * l).powi(2)).sum();
        let m = cells.len() as f64;
        squares / (list * list) * m / (m - 2.0) * wins
    });
    let mut all = Closed::default();
    segments.iter().flat_map(|s| s.closed.iter().flatten()).for_each(|c| all.add(c));
    let (squares, free) = variance(&mut std::iter::once(&all));
    Spread { price, across: if free > 0.0 { relative(squares / free) } else { 0.0 }, kept }
}

/// The exact table; with the end of the quarter apart where it is given.
pub fn exact(stream: &Measured, money: Money, late: Option<&[Parts; 2]>) -> Table {
    let lags = stream.cells.first().map_or(0, |s| s.cohorts[0].len());
    let values = [0, 1].map(|side| {
        let mut out = Vec::new();
        for segment in &stream.cells {
            let worth = worth_in(&stream.worth, segment);
            for lag in 0..lags {
                let mut cell = exact_cell(stream, &worth, &segment.cohorts[side][lag], &segment.closed[side][lag]);
                cell.kept = cell.kept.map(|kept| kept / factor(late, side));
                out.push(cell);
            }
        }
        out
    });
    assemble(stream, money, values, lags, late.map(|parts| parts.map(|p| p.factor())))
}

/// What the end of the quarter does to the kept share; 1 where it is not apart.
fn factor(late: Option<&[Parts; 2]>, side: usize) -> f64 {
    late.map_or(1.0, |parts| parts[side].factor())
}

/// What each class is worth in a segment.
fn worth_in(worth: &[Worth], segment: &Segment) -> Vec<Worth> {
    let own = |place: usize| {
        let mut sum = [0.0; follow::CLASSES];
        segment.cohorts.iter().flatten().for_each(|cohort| follow::add(&mut sum, &cohort.followed[place][0]));
        sum
    };
    worth.iter().enumerate().map(|(place, worth)| worth.within(&own(place))).collect()
}

fn exact_cell(stream: &Measured, worth: &[Worth], cohort: &Cohort, closed: &Closed) -> Values {
    let reach = cohort.ultimate(&[]);
    let all = reach.last().copied().unwrap_or(0.0).max(of_closing(stream, closed));
    Values {
        n: cohort.n,
        rates: rates(&reach, all),
        follow: worth.iter().zip(&cohort.followed).map(|(w, [stood, _])| w.factors(stood)).collect(),
        timing: ratio(of_closing(stream, closed), all),
        win: ratio(closed.won, closed.won + closed.lost),
        ..prices(closed)
    }
}

/// What timing is a share of: closings where losses are recorded, else wins.
fn of_closing(stream: &Measured, closed: &Closed) -> f64 {
    if stream.plan.closes { closed.won + closed.lost } else { closed.won }
}

fn rates(reach: &[f64], all: f64) -> Vec<Option<f64>> {
    let last = reach.len().saturating_sub(1);
    (1..reach.len()).map(|i| ratio(if i == last { all } else { reach[i] }, reach[i - 1])).collect()
}

fn prices(closed: &Closed) -> Values {
    let kept = ratio(closed.listed_amount, closed.list);
    let mean = ratio(closed.amount, closed.priced);
    Values {
        priced: ratio(closed.priced, closed.won),
        list: mean.map(|m| kept.filter(|k| *k > 0.0).map_or(m, |k| m / k)),
        kept: mean.map(|_| kept.filter(|k| *k > 0.0).unwrap_or(1.0)),
        ..Values::default()
    }
}

fn ratio(k: f64, n: f64) -> Option<f64> {
    (n > 0.0).then(|| k / n)
}

/// One draw of the table. Cohorts that both sides share are drawn once.
pub fn drawn(
    stream: &Measured,
    money: Money,
    late: Option<&[Parts; 2]>,
    spread: &Spread,
    draws: &mut Draws,
    same: &[Option<usize>],
) -> Table {
    let lags = stream.cells.first().map_or(0, |s| s.cohorts[0].len());
    // the pace is common to all segments of a cohort
    let scales = [0, 1].map(|side| -> Vec<Vec<f64>> {
        stream.pace_spread[side]
            .iter()
            .map(|steps| steps.iter().map(|s| draws.mean(1.0, *s).unwrap_or(1.0)).collect())
            .collect()
    });
    let worth: Vec<Worth> = stream.worth.iter().map(|w| w.drawn(draws)).collect();
    let mut values = [Vec::new(), Vec::new()];
    // how far the kept share before the quarter's end is drawn from its value, weighted by list price
    let mut moved = [(0.0, 0.0); 2];
    for (i, segment) in stream.cells.iter().enumerate() {
        let worth = worth_in(&worth, segment);
        let mut cells: [Vec<Values>; 2] = [Vec::new(), Vec::new()];
        let mut shared: Vec<Option<Values>> = vec![None; lags];
        for (lag, scale) in scales[0].iter().enumerate().take(lags) {
            let cohort = &segment.cohorts[0][lag];
            let closing = of_closing(stream, &segment.closed[0][lag]);
            let other = same.iter().position(|s| *s == Some(lag));
            let there = other.map_or(0.0, |l| of_closing(stream, &segment.closed[1][l]));
            let (own, twin) = one_cohort((cohort, &worth), scale, closing, there, draws);
            cells[0].push(own);
            if let Some(l) = other {
                shared[l] = Some(twin);
            }
        }
        for (lag, shared) in shared.into_iter().enumerate() {
            let cohort = &segment.cohorts[1][lag];
            let closing = of_closing(stream, &segment.closed[1][lag]);
            cells[1]
                .push(shared.unwrap_or_else(|| one_cohort((cohort, &worth), &scales[1][lag], closing, 0.0, draws).0));
        }
        for (side, cells) in cells.iter_mut().enumerate() {
            let early = late.map_or(1.0, |parts| parts[side].early_share());
            for (cell, closed) in cells.iter_mut().zip(&segment.closed[side]) {
                let kept = spread.kept_within(side, i) / early;
                let ratio = close(cell, closed, spread.price[i], kept, draws);
                cell.kept = cell.kept.map(|kept| kept / factor(late, side));
                moved[side].0 += closed.list * ratio;
                moved[side].1 += closed.list;
            }
        }
        let [a, b] = cells;
        values[0].extend(a);
        values[1].extend(b);
    }
    let ends = late.map(|parts| {
        [0, 1].map(|side| {
            let (sum, list) = moved[side];
            let early = if list > 0.0 { sum / list } else { 1.0 };
            parts[side].drawn(early, spread, side, draws)
        })
    });
    assemble(stream, money, values, lags, ends)
}

/// A cohort as drawn, once for its own closings and once for those of the other side.
fn one_cohort(
    (cohort, worth): (&Cohort, &[Worth]),
    scale: &[f64],
    own: f64,
    other: f64,
    draws: &mut Draws,
) -> (Values, Values) {
    let reach = cohort.ultimate(scale);
    let steps = reach.len() - 1;
    let all = reach[steps].max(own + other);
    let n = gamma(cohort.n, draws);
    let mut out = Values { n, rates: Vec::with_capacity(steps), ..Values::default() };
    for (i, rate) in rates(&reach, all).into_iter().enumerate() {
        out.rates.push(rate.map(|r| {
            let decided = cohort.decided(i).max(1.0);
            beta(r.clamp(0.0, 1.0) * decided, (1.0 - r).max(0.0) * decided, draws)
        }));
    }
    for (worth, [stood, _]) in worth.iter().zip(&cohort.followed) {
        out.follow.push(worth.factors(&follow::drawn(stood, draws)));
    }
    let (g, h, rest) = (gamma(own, draws), gamma(other, draws), gamma((all - own - other).max(0.0), draws));
    let sum = g + h + rest;
    let twin = Values { timing: (all > 0.0).then(|| if sum > 0.0 { h / sum } else { 0.0 }), ..out.clone() };
    out.timing = (all > 0.0).then(|| if sum > 0.0 { g / sum } else { 0.0 });
    (out, twin)
}

/// Draws what closed in a cell; returns how far its kept share was drawn from its value, as a ratio.
fn close(cell: &mut Values, closed: &Closed, price: f64, kept: f64, draws: &mut Draws) -> f64 {
    if closed.won + closed.lost > 0.0 {
        cell.win = Some(beta(closed.won, closed.lost, draws));
    }
    let exact = prices(closed);
    let wins = closed.priced.max(1.0);
    cell.priced = exact.priced;
    cell.list = exact.list.map(|list| around(list, price / wins, draws));
    cell.kept = exact.kept.map(|k| around(k, kept / closed.listed.max(1.0) / (k * k).max(1e-9), draws));
    cell.kept.zip(exact.kept).map_or(1.0, |(drawn, value)| if value > 0.0 { drawn / value } else { 1.0 })
}

/// A positive number with this mean and this squared relative deviation, log-normal.
pub(super) fn around(mean: f64, relative_squared: f64, draws: &mut Draws) -> f64 {
    if mean <= 0.0 || relative_squared <= 0.0 {
        return mean;
    }
    let variance = relative_squared.ln_1p();
    let centre = mean * (-variance / 2.0).exp();
    draws.mean(centre, variance.sqrt() * centre).unwrap_or(mean)
}

/// A count's mean with mean and variance `k`: no half is added, because many sparse cells are summed and each half
/// would add up to a bias; what was never seen stays 0.
pub(super) fn gamma(k: f64, draws: &mut Draws) -> f64 {
    if k < 0.5 { k.max(0.0) } else { draws.count(k - 0.5).unwrap_or(k) }
}

/// A rate's mean with mean `p = hits / n` and variance `p (1 - p) / (n - 1)`, which is on average that of the rate: a beta
/// with these parameters has `p (1 - p) / (n + 1)`, too little by half in a cell of three.
fn beta(hits: f64, misses: f64, draws: &mut Draws) -> f64 {
    let (a, b) = (gamma(hits, draws), gamma(misses, draws));
    if a + b <= 0.0 {
        return 0.0;
    }
    let (n, drawn) = (hits + misses, a / (a + b));
    if n < 2.0 {
        return drawn;
    }
    let mean = hits / n;
    (mean + (drawn - mean) * ((n + 1.0) / (n - 1.0)).sqrt()).clamp(0.0, 1.0)
}

fn assemble(stream: &Measured, money: Money, values: [Vec<Values>; 2], lags: usize, ends: Option<[f64; 2]>) -> Table {
    let [mut a, mut b] = values;
    let mut sums = [vec![0.0; lags], vec![0.0; lags]];
    for (side, cells) in [&a, &b].into_iter().enumerate() {
        for (i, cell) in cells.iter().enumerate() {
            sums[side][i % lags.max(1)] += cell.n;
        }
    }
    let kept = [(0, &a), (1, &b)].map(|(side, cells)| kept_in_all(stream, cells, side, lags));
    let common = ratio(kept[1], kept[0]).filter(|r| *r > 0.0).unwrap_or(1.0);
    let mut table = Table { sides: [Vec::new(), Vec::new()], columns: 0, groups: Vec::new() };
    for (i, (x, y)) in a.iter_mut().zip(&mut b).enumerate() {
        let lag = i % lags.max(1);
        carry(x, y, common);
        let mut mix = [ratio(x.n, sums[0][lag]), ratio(y.n, sums[1][lag])];
        carry_one(&mut mix);
        for (side, cell) in [&*x, &*y].into_iter().enumerate() {
            let row = &mut table.sides[side];
            let start = row.len();
            row.extend([sums[side][lag], mix[side].unwrap_or(0.0)]);
            row.extend(rates_left(stream, cell));
            row.extend(followed(stream).map(|k| cell.follow.iter().flatten().map(|f| f[k]).product::<f64>()));
            row.push(cell.timing.unwrap_or(0.0));
            if stream.plan.closes {
                row.push(cell.win.unwrap_or(0.0));
            }
            let (priced, list, kept) = (cell.priced.unwrap_or(0.0), cell.list.unwrap_or(0.0), cell.kept.unwrap_or(0.0));
            match money {
                Money::ListAndDiscount => row.extend([priced, list, kept]),
                Money::Amount => row.extend([priced, list * kept]),
                Money::Wins => {}
            }
            row.extend(ends.map(|ends| ends[side]));
            table.columns = row.len() - start;
        }
        table.groups.push(lag as u32);
    }
    table
}

/// The rates of the steps without what follow-up makes of them.
fn rates_left(stream: &Measured, cell: &Values) -> Vec<f64> {
    let mut out: Vec<f64> = cell.rates.iter().map(|r| r.unwrap_or(0.0)).collect();
    let places = stream.plan.follow.iter().flat_map(|f| &f.steps);
    for (factors, place) in cell.follow.iter().zip(places) {
        if let Some(factors) = factors {
            out[*place] /= factors.iter().product::<f64>();
        }
    }
    out
}

/// The share of the list price that was kept on a side, over all cells.
fn kept_in_all(stream: &Measured, cells: &[Values], side: usize, lags: usize) -> f64 {
    let list = |i: usize| stream.cells[i / lags.max(1)].closed[side][i % lags.max(1)].list;
    let all = cells.iter().enumerate().filter_map(|(i, cell)| Some((cell.kept? * list(i), list(i))));
    let (kept, list) = all.fold((0.0, 0.0), |(kept, sum), (k, l)| (kept + k, sum + l));
    ratio(kept, list).unwrap_or(0.0)
}

/// What was not tried on one side takes the other side's value; the kept share with the change that all cells have in
/// common, because what is given away is decided for all.
fn carry(x: &mut Values, y: &mut Values, common: f64) {
    fn both<T: Copy>(a: &mut Option<T>, b: &mut Option<T>) {
        *a = a.or(*b);
        *b = b.or(*a);
    }
    for (a, b) in x.follow.iter_mut().zip(&mut y.follow) {
        both(a, b);
    }
    for (a, b) in x.rates.iter_mut().zip(&mut y.rates) {
        both(a, b);
    }
    both(&mut x.timing, &mut y.timing);
    both(&mut x.win, &mut y.win);
    both(&mut x.priced, &mut y.priced);
    both(&mut x.list, &mut y.list);
    (x.kept, y.kept) = (x.kept.or(y.kept.map(|k| k / common)), y.kept.or(x.kept.map(|k| k * common)));
}

fn carry_one(pair: &mut [Option<f64>; 2]) {
    let [a, b] = *pair;
    *pair = [a.or(b), b.or(a)];
}
