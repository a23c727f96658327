//! What each rule tells, from counts of leads by the rules that fired for them. Judges nothing.

use std::collections::BTreeMap;

use stats::binomial::{difference_interval, jeffreys_interval};
use stats::interval::Interval;
use stats::logistic::{Design, Trials, fit};

/// Rules that can be told apart in one go.
pub const MOST_RULES: usize = 128;

/// One rule as it was looked at.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSeen {
    /// What it is called.
    pub name: String,
    /// Its group.
    pub group: String,
    /// What it adds or takes away.
    pub points: i64,
    /// It looks at what sales writes, and so never fires.
    pub looks_at_sales: bool,
}

/// Leads by the rules that fired for them, and by their points: how many, and how many had the outcome.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Patterns {
    /// A bit for each rule that fired.
    pub by_rules: BTreeMap<u128, (u64, u64)>,
    /// By the score.
    pub by_points: BTreeMap<i64, (u64, u64)>,
    /// By whether the bar was reached, where there is one: not, reached.
    pub by_bar: Option<[(u64, u64); 2]>,
}

impl Patterns {
    /// Adds a lead.
    pub fn add(&mut self, fired: u128, points: i64, reaches: Option<bool>, good: bool) {
        let count = |cell: &mut (u64, u64)| {
            cell.0 += 1;
            cell.1 += u64::from(good);
        };
        count(self.by_rules.entry(fired).or_default());
        count(self.by_points.entry(points).or_default());
        if let Some(reaches) = reaches {
            count(&mut self.by_bar.get_or_insert_default()[usize::from(reaches)]);
        }
    }

    /// All leads, and those with the outcome.
    pub fn all(&self) -> (u64, u64) {
        self.by_rules.values().fold((0, 0), |(n, k), c| (n + c.0, k + c.1))
    }
}

/// What a rule tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Leads for which it fired, and those of them with the outcome.
    pub fired: (u64, u64),
    /// The same of all others.
    pub others: (u64, u64),
    /// The difference of the two rates.
    pub difference: Option<(f64, Interval)>,
    /// Log-odds of the outcome net of the other rules, and its interval.
    pub net: Option<(f64, Interval)>,
    /// The rule that most often fires with it, and for how many of its leads.
    pub with: Option<(usize, u64)>,
}

/// Leads with and without a rule from which a difference can be told.
const LEAST: u64 = 10;

/// What each rule tells.
pub fn told(rules: usize, patterns: &Patterns) -> Vec<Told> {
    let all = patterns.all();
    let bit = |mask: u128, rule: usize| mask >> rule & 1 == 1;
    let of = |is_of: &dyn Fn(u128) -> bool| {
        let cells = patterns.by_rules.iter().filter(|(mask, _)| is_of(**mask));
        cells.fold((0, 0), |(n, k), (_, c)| (n + c.0, k + c.1))
    };
    let net = net(rules, patterns);
    (0..rules)
        .map(|rule| {
            let fired = of(&|mask| bit(mask, rule));
            let others = (all.0 - fired.0, all.1 - fired.1);
            let rate = |c: (u64, u64)| c.1 as f64 / c.0 as f64;
            let enough = fired.0 >= LEAST && others.0 >= LEAST;
            let difference = enough.then(|| {
                let interval = difference_interval(fired.1 as f64, fired.0 as f64, others.1 as f64, others.0 as f64)?;
                Some((rate(fired) - rate(others), interval))
            });
            let with = (0..rules)
                .filter(|other| *other != rule && fired.0 > 0)
                .map(|other| (other, of(&|mask| bit(mask, rule) && bit(mask, other)).0))
                // one that fires for all comes with every other
                .filter(|(other, n)| *n > 0 && of(&|mask| bit(mask, *other)).0 < all.0)
                .max_by_key(|(other, n)| (*n, std::cmp::Reverse(*other)));
            Told { fired, others, difference: difference.flatten(), net: net[rule], with }
        })
        .collect()
}

/// Log-odds of each rule beside all others, where the counts allow it.
fn net(rules: usize, patterns: &Patterns) -> Vec<Option<(f64, Interval)>> {
    let cells: Vec<(u128, (u64, u64))> = patterns.by_rules.iter().map(|(m, c)| (*m, *c)).collect();
    let fired = |rule: usize| cells.iter().filter(|c| c.0 >> rule & 1 == 1).map(|c| c.1.0).sum::<u64>();
    let all: u64 = cells.iter().map(|c| c.1.0).sum();
    let told: Vec<usize> = (0..rules).filter(|r| fired(*r) >= LEAST && all - fired(*r) >= LEAST).collect();
    let columns: Vec<Vec<f64>> = told.iter().map(|r| cells.iter().map(|c| (c.0 >> r & 1) as f64).collect()).collect();
    let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    let n: Vec<f64> = cells.iter().map(|c| c.1.0 as f64).collect();
    let k: Vec<f64> = cells.iter().map(|c| c.1.1 as f64).collect();
    let mut out = vec![None; rules];
    let fitted = Design::new(cells.len(), &slices, &[])
        .and_then(|design| fit(&design, Trials { n: Some(&n), k: &k }, 0.0, None));
    let Ok(fitted) = fitted else { return out };
    let errors = fitted.standard_errors();
    for (place, rule) in told.iter().enumerate() {
        let column = place + 1;
        let known = !fitted.dropped[column] && !fitted.separated && errors[column] > 0.0;
        let interval = Interval::normal(fitted.coefficients[column], errors[column]);
        out[*rule] = interval.filter(|_| known).map(|interval| (fitted.coefficients[column], interval));
    }
    out
}

/// A stretch of scores: from, to, leads, those with the outcome.
pub type Band = (i64, i64, u64, u64);

/// Bands of the score with about as many leads each.
pub fn bands(patterns: &Patterns, most: usize) -> Vec<Band> {
    let all = patterns.all().0;
    let each = (all as f64 / most as f64).ceil().max(1.0) as u64;
    let mut out: Vec<Band> = Vec::new();
    for (points, (n, k)) in &patterns.by_points {
        match out.last_mut() {
            Some(last) if last.2 < each => (last.1, last.2, last.3) = (*points, last.2 + n, last.3 + k),
            _ => out.push((*points, *points, *n, *k)),
        }
    }
    // a last band of few leads joins the one before
    if out.len() > 1
        && let Some(last) = out.pop_if(|last| last.2 * 4 < each)
        && let Some(before) = out.last_mut()
    {
        (before.1, before.2, before.3) = (last.1, before.2 + last.2, before.3 + last.3);
    }
    out
}

/// Whether the rate of one band is surely above that of another.
pub fn surely_above(a: &Band, b: &Band) -> bool {
    let interval = |band: &Band| jeffreys_interval(band.3 as f64, band.2 as f64);
    matches!((interval(a), interval(b)), (Some(a), Some(b)) if a.lo90 > b.hi90)
}
