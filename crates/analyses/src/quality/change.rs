//! How the rate changed between the periods, and which parts of it can be told apart.
//!
//! Sources, reps and what each period adds to either are crossed; months are coefficients of their own, so that the
//! common change is what moved in these months, with its exact error. What moved for all alike can be leads, reps or
//! market: it is kept whole.
//!
//! Not here: any split of the common part. Invariant: the parts, the row not explained included, add up to the
//! counted difference.

use stats::crossed::{Cells, Factor, Fit, Model};
use stats::draws::matrix;
use stats::interval::Interval;
use stats::period_split::{PARTS, Period, period_split};

use super::blend::Blend;
use super::fixed::Fixed;
use super::levels::Estimate;
use super::posterior::{Level, draw, factor};
use super::read::{Cell, Fast, Reading};
use super::settings::{LEAST_DRAWS, LEAST_IN_MONTH, LEAST_IN_SOURCE, LINE, MOST_WORK};
use super::spread::{known, own};

/// What a source did against the rest.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drift {
    pub source: usize,
    /// In points of its rate.
    pub points: Estimate,
    /// Distance from no change, in standard deviations of its draws.
    pub deviations: f64,
}

/// The change, told apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Change {
    /// Counted rates.
    pub rates: [f64; 2],
    /// mix, allocation, follow-up, sources apart, reps apart, in common; on the scale of the rate.
    pub parts: [Option<Estimate>; PARTS],
    /// Counted difference less the parts.
    pub rest: f64,
    /// The common change as points of the rate, all of it given to leads; then the line.
    pub common: Estimate,
    /// The factor by which the odds moved for all alike.
    pub odds: Estimate,
    /// For each of `LINE`: what reps and market alone would do, and what is left for leads; in points.
    pub line: Vec<(f64, Estimate)>,
    pub drifts: Vec<Drift>,
    /// Chance of drifts this far apart if no source drifted; likewise reps.
    pub source_p: f64,
    pub rep_p: Option<f64>,
    pub draws: usize,
    pub has_fast: bool,
    pub has_reps: bool,
    pub has_months: bool,
}

/// A source with what is held fixed: rows of it share their log odds but for rep, period and follow-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Stratum {
    source: u32,
    segment: u32,
    unknown: bool,
}

/// Splits the change of the rate.
///
/// # Errors
/// Why the kernel could not: no convergence, too many levels.
pub fn change(reading: &Reading, seed: u64, draws: usize) -> Result<Change, String> {
    let cells: Vec<Cell> = reading.cells.iter().filter(|c| c.period.is_some()).copied().collect();
    let fitted = Fitted::new(reading, &cells).map_err(|e| e.to_string())?;
    let lower = factor(&fitted.fit.covariance, fitted.fit.beta.len())
        .ok_or("the periods' levels could not be told from the rest")?;
    fitted.change(&lower, seed, draws).map_err(|e| e.to_string())?.ok_or_else(|| "no finite draws".to_owned())
}

struct Fitted<'a> {
    cells: &'a [Cell],
    sources: &'a [super::read::Source],
    fit: Fit,
    fixed: Fixed,
    has_reps: bool,
    /// Columns of months, and the share of each period's rows in each.
    months: usize,
    weights: [Vec<f64>; 2],
    strata: Vec<Stratum>,
    units: usize,
    shape: [Shape; 2],
    source_p: f64,
    rep_p: Option<f64>,
}

/// What went in, and where, in one period.
struct Shape {
    mix: Vec<f64>,
    allocation: Vec<f64>,
    treated: Vec<f64>,
}

fn period(cell: &Cell) -> usize {
    cell.period.unwrap_or(0)
}

/// The column of each (period, month): by itself where each month has outcomes enough, else one for a period.
fn calendar(cells: &[Cell]) -> (Vec<u32>, usize) {
    let mut pairs: Vec<(usize, u32)> = cells.iter().map(|c| (period(c), c.month)).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let mut counts = vec![(0.0, 0.0); pairs.len()];
    let place = |c: &Cell| pairs.binary_search(&(period(c), c.month)).unwrap_or(0);
    for cell in cells {
        let slot = &mut counts[place(cell)];
        slot.0 += cell.y;
        slot.1 += cell.n - cell.y;
    }
    if counts.iter().all(|(y, not)| y.min(*not) >= LEAST_IN_MONTH) {
        (cells.iter().map(|c| place(c) as u32).collect(), pairs.len())
    } else {
        (cells.iter().map(|c| period(c) as u32).collect(), 2)
    }
}

impl<'a> Fitted<'a> {
    fn new(reading: &'a Reading, cells: &'a [Cell]) -> stats::Result<Fitted<'a>> {
        let fixed = Fixed::of(cells);
        let (month, months) = calendar(cells);
        let columns = months + fixed.columns();
        let (mut x, mut n, mut y) = (Vec::with_capacity(cells.len() * columns), Vec::new(), Vec::new());
        let mut weights = [vec![0.0; months], vec![0.0; months]];
        for (cell, month) in cells.iter().zip(&month) {
            x.extend((0..months).map(|m| f64::from(u8::from(m == *month as usize))));
            fixed.row(cell, &mut x);
            n.push(cell.n);
            y.push(cell.y);
            weights[period(cell)][*month as usize] += cell.n;
        }
        for weights in &mut weights {
            let all: f64 = weights.iter().sum();
            weights.iter_mut().for_each(|w| *w /= all.max(1.0));
        }
        let by_period = |level: fn(&Cell) -> u32| -> (Vec<u32>, Vec<u32>) {
            cells.iter().map(|c| (level(c), 2 * level(c) + period(c) as u32)).unzip()
        };
        let (source, source_period) = by_period(|c| c.source);
        let (rep, rep_period) = by_period(|c| c.rep);
        let has_reps = reading.plan.rep.is_ok() && reading.reps >= 2;
        let sources = reading.sources.len();
        let mut factors =
            vec![Factor { levels: &source, size: sources }, Factor { levels: &source_period, size: 2 * sources }];
        if has_reps {
            factors.push(Factor { levels: &rep, size: reading.reps });
            factors.push(Factor { levels: &rep_period, size: 2 * reading.reps });
        }
        let model = Model::new(&Cells { n: &n, y: &y, x: &x, columns, factors: &factors })?;
        let fit = model.fit()?;
        let source_p = model.test_spread(&fit, 1)?.p;
        let rep_p = if has_reps { Some(model.test_spread(&fit, 3)?.p) } else { None };
        let mut strata: Vec<Stratum> = cells.iter().map(|c| stratum(&fixed, c)).collect();
        strata.sort_unstable();
        strata.dedup();
        let units = if has_reps { reading.reps } else { 1 };
        let shape = shapes(&fixed, cells, &strata, units);
        Ok(Fitted {
            cells,
            sources: &reading.sources,
            fit,
            fixed,
            has_reps,
            months,
            weights,
            strata,
            units,
            shape,
            source_p,
            rep_p,
        })
    }

    /// Each level of a factor with its draws' law.
    fn levels(&self, place: usize, count: usize, level: fn(&Cell) -> u32) -> Vec<Level> {
        let eta = &self.fit.linear_predictor;
        let own_of = |size: usize, at: &dyn Fn(&Cell) -> usize| {
            own(&vec![0.0; size], self.cells.iter().enumerate().map(|(i, c)| (at(c), c.n, c.y, eta[i])))
        };
        let steady = own_of(count, &|c| level(c) as usize);
        let own = own_of(2 * count, &|c| 2 * level(c) as usize + period(c));
        let information = |i: usize| own[i].map_or(0.0, |o| o.information);
        let spreads = [known(&steady, self.fit.sigma[place]), known(&own, self.fit.sigma[place + 1])];
        let effect = |i: usize| self.fit.effects[place + 1][i];
        (0..count)
            .map(|i| {
                let both = [2 * i, 2 * i + 1];
                Level::new(self.fit.effects[place][i], both.map(effect), spreads, both.map(information))
            })
            .collect()
    }

    fn change(&self, lower: &[f64], seed: u64, draws: usize) -> stats::Result<Option<Change>> {
        let sources = self.levels(0, self.sources.len(), |c| c.source);
        let reps = if self.has_reps { self.levels(2, self.units, |c| c.rep) } else { vec![] };
        let flat =
            |levels: &[Level]| -> Vec<(f64, [f64; 2])> { levels.iter().map(|l| (l.steady, l.in_period)).collect() };
        let point = World::new(self, &self.fit.beta, &flat(&sources), &flat(&reps));
        let split = self.split(&point)?;
        let counted = self.counted();
        let modelled = [split.rate0, split.rate1];
        let owned: Vec<Option<Blend>> = (0..self.sources.len()).map(|s| self.blend(&point, Some(s as u32))).collect();
        let work = self.strata.len() * self.units;
        let wanted = draws.min((MOST_WORK / work.max(1)).max(LEAST_DRAWS)).max(20);
        let columns = PARTS + 1 + self.sources.len();
        let drawn = matrix(seed, wanted, columns, |draws, out| {
            let mut beta = vec![0.0; self.fit.beta.len()];
            draw(&self.fit.beta, lower, draws, &mut beta);
            let sources: Vec<(f64, [f64; 2])> = sources.iter().map(|l| l.draw(draws)).collect();
            let reps: Vec<(f64, [f64; 2])> = reps.iter().map(|l| l.draw(draws)).collect();
            let world = World::new(self, &beta, &sources, &reps);
            out[..PARTS].copy_from_slice(&self.split(&world)?.parts());
            out[PARTS] = world.shared[1] - world.shared[0];
            out[PARTS + 1..].copy_from_slice(&world.drifts);
            Ok(())
        })?;
        let column = |j: usize| drawn.iter().skip(j).step_by(columns).copied().collect::<Vec<f64>>();
        let interval = |j: usize| Interval::of_draws(&mut column(j));
        let mut parts = [None; PARTS];
        for (j, value) in split.parts().into_iter().enumerate() {
            parts[j] = interval(j).map(|interval| Estimate { value, interval });
        }
        let delta = point.shared[1] - point.shared[0];
        let Some(of_delta) = interval(PARTS) else { return Ok(None) };
        let all = self.blend(&point, None).unwrap_or_default();
        // the asked period's rows at the base's common level
        let at = |by: f64| all.rate(by - delta) - all.rate(-delta);
        let moved = |r: f64| Estimate { value: at(delta - r), interval: of_delta.map(|d| at(d - r)) };
        let drifts = (0..self.sources.len())
            .filter(|s| self.sources[*s].periods.iter().all(|(n, _)| *n >= LEAST_IN_SOURCE))
            .filter_map(|s| {
                let blend = owned[s].as_ref()?;
                let points = |by: f64| blend.rate(by - point.drifts[s]) - blend.rate(-point.drifts[s]);
                let value = point.drifts[s];
                let sd = deviation(&column(PARTS + 1 + s));
                Some(Drift {
                    source: s,
                    points: Estimate { value: points(value), interval: interval(PARTS + 1 + s)?.map(points) },
                    deviations: if sd > 0.0 { value / sd } else { 0.0 },
                })
            })
            .collect();
        Ok(Some(Change {
            rates: counted,
            parts,
            rest: (counted[1] - counted[0]) - (modelled[1] - modelled[0]),
            common: moved(0.0),
            odds: Estimate { value: delta.exp(), interval: of_delta.map(f64::exp) },
            line: LINE.iter().map(|odds| (at(odds.ln()), moved(odds.ln()))).collect(),
            drifts,
            source_p: self.source_p,
            rep_p: self.rep_p,
            draws: wanted,
            has_fast: self.fixed.fast,
            has_reps: self.has_reps,
            has_months: self.months > 2,
        }))
    }

    fn counted(&self) -> [f64; 2] {
        [0, 1].map(|t| {
            let own = self.cells.iter().filter(|c| period(c) == t);
            let (n, y) = own.fold((0.0, 0.0), |(n, y), c| (n + c.n, y + c.y));
            if n > 0.0 { y / n } else { 0.0 }
        })
    }

    fn split(&self, world: &World) -> stats::Result<stats::period_split::PeriodSplit> {
        let period = |t: usize| Period {
            mix: &self.shape[t].mix,
            allocation: &self.shape[t].allocation,
            treated: &self.shape[t].treated,
            stratum: &world.stratum[t],
            unit: &world.unit[t],
            shared: world.shared[t],
        };
        period_split(&world.base, world.effect, &period(0), &period(1))
    }

    /// The asked period's rows as the model sees them: of one source or of all.
    fn blend(&self, world: &World, source: Option<u32>) -> Option<Blend> {
        let shape = &self.shape[1];
        let mut rows = Vec::new();
        for (s, stratum) in self.strata.iter().enumerate() {
            if source.is_some_and(|only| only != stratum.source) {
                continue;
            }
            for r in 0..self.units {
                let at = s * self.units + r;
                let weight = shape.mix[s] * shape.allocation[at];
                let eta = world.base[s] + world.stratum[1][s] + world.unit[1][r] + world.shared[1];
                rows.push((eta, weight * (1.0 - shape.treated[at])));
                rows.push((eta + world.effect, weight * shape.treated[at]));
            }
        }
        let blend = Blend::of(rows.into_iter());
        (blend != Blend::default()).then_some(blend)
    }
}

fn stratum(fixed: &Fixed, cell: &Cell) -> Stratum {
    let segment = if fixed.segments.contains(&cell.segment) { cell.segment } else { 0 };
    Stratum { source: cell.source, segment, unknown: fixed.unknown && cell.fast == Fast::Unknown }
}

/// Mix, allocation and follow-up in each period; where one is empty, the other's carries over.
fn shapes(fixed: &Fixed, cells: &[Cell], strata: &[Stratum], units: usize) -> [Shape; 2] {
    let pairs = strata.len() * units;
    let mut rows = [vec![0.0; pairs], vec![0.0; pairs]];
    let mut fast = [vec![0.0; pairs], vec![0.0; pairs]];
    for cell in cells {
        let place = strata.binary_search(&stratum(fixed, cell)).unwrap_or(0);
        let at = place * units + if units > 1 { cell.rep as usize } else { 0 };
        rows[period(cell)][at] += cell.n;
        if fixed.fast && cell.fast == Fast::Yes {
            fast[period(cell)][at] += cell.n;
        }
    }
    [0, 1].map(|t| {
        let all: f64 = rows[t].iter().sum();
        let mut out = Shape { mix: vec![0.0; strata.len()], allocation: vec![0.0; pairs], treated: vec![0.0; pairs] };
        for s in 0..strata.len() {
            let own = s * units..(s + 1) * units;
            let sum = |t: usize| rows[t][own.clone()].iter().sum::<f64>();
            out.mix[s] = if all > 0.0 { sum(t) / all } else { 0.0 };
            let from = if sum(t) > 0.0 { t } else { 1 - t };
            for at in own.clone() {
                out.allocation[at] = if sum(from) > 0.0 { rows[from][at] / sum(from) } else { 0.0 };
                let known = if rows[t][at] > 0.0 { t } else { 1 - t };
                out.treated[at] = if rows[known][at] > 0.0 { fast[known][at] / rows[known][at] } else { 0.0 };
            }
        }
        out
    })
}

/// Effects as the split takes them. What periods add to sources (and to reps) has a mean of 0 in each period by the
/// model, since the months' coefficients take it up: drifts come centred, and what is common is theirs.
struct World {
    base: Vec<f64>,
    effect: f64,
    stratum: [Vec<f64>; 2],
    unit: [Vec<f64>; 2],
    shared: [f64; 2],
    /// Of each source against the rest, log odds.
    drifts: Vec<f64>,
}

impl World {
    fn new(of: &Fitted, beta: &[f64], sources: &[(f64, [f64; 2])], reps: &[(f64, [f64; 2])]) -> World {
        let (months, fixed) = beta.split_at(of.months);
        let shared = [0, 1].map(|t: usize| of.weights[t].iter().zip(months).map(|(w, b)| w * b).sum::<f64>());
        let probe = |stratum: &Stratum| {
            let fast = if stratum.unknown { Fast::Unknown } else { Fast::No };
            let cell = Cell {
                source: stratum.source,
                rep: 0,
                month: 0,
                period: None,
                fast,
                segment: stratum.segment,
                n: 0.0,
                y: 0.0,
            };
            of.fixed.others(&cell, fixed)
        };
        let base = of.strata.iter().map(|s| probe(s) + sources[s.source as usize].0).collect();
        let stratum = [0, 1].map(|t: usize| of.strata.iter().map(|s| sources[s.source as usize].1[t]).collect());
        let unit = [0, 1].map(
            |t: usize| {
                if reps.is_empty() { vec![0.0] } else { reps.iter().map(|r| r.0 + r.1[t]).collect() }
            },
        );
        let drifts = sources.iter().map(|s| s.1[1] - s.1[0]).collect();
        World { base, effect: of.fixed.effect(fixed), stratum, unit, shared, drifts }
    }
}

fn deviation(values: &[f64]) -> f64 {
    let n = values.len() as f64;
    if n < 2.0 {
        return 0.0;
    }
    let mean = values.iter().sum::<f64>() / n;
    (values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / (n - 1.0)).sqrt()
}
