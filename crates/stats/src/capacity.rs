//! What passing more or fewer arrivals to a team of limited size is worth, where waiting costs.
//!
//! Arrivals come in bands, best first; a bar passes the first few. Passed arrivals queue for `servers` alike servers.
//! Under [`Habit::WorksCold`] everybody is served in turn and an arrival is worth `e^(-decay * wait)` of its worth when
//! its turn comes (Erlang C); under [`Habit::LetsGo`] an arrival that has gone cold leaves the queue (Erlang A).
//! The best bar depends on that habit more than on anything else, so the caller has to measure it.
//!
//! Here: both queues, the worth of every bar ([`curve`]), the best one and the flat stretch around it, the bound of a
//! team that never lets anybody wait ([`knapsack`]) and its shadow price, and intervals over drawn settings.
//!
//! Not here: priorities in the queue, arrivals in bursts (both make waits differ from these), what the decay is; a
//! decay measured by comparing quick and slow answers is confounded.
//!
//! Invariant: no NaN; a queue that cannot keep up under [`Habit::WorksCold`] is worth nothing but its costs.
//!
//! Source: Gans, Koole and Mandelbaum, Telephone call centers (2003), sections 3 and 4.

use crate::error::{Error, Result, all_counts, all_finite};
use crate::interval::Interval;

/// Most servers: the recursion is linear in them.
const MOST_SERVERS: u32 = 1_000_000;
/// Most states of the queue that lets go, beyond the servers.
const MOST_WAITING: u32 = 10_000_000;

/// What happens to an arrival that waited long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Habit {
    /// It is served in its turn, for what it is still worth.
    WorksCold,
    /// It leaves the queue unserved.
    LetsGo,
}

/// The team and what its time costs. Rates are per one unit of time, the same for all.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Team {
    /// How many servers.
    pub servers: u32,
    /// Arrivals that one server can serve.
    pub each: f64,
    /// Rate at which waiting destroys worth.
    pub decay: f64,
    /// Cost of every arrival that is served, in the unit of worth; one that leaves the queue costs nothing.
    pub cost: f64,
}

/// A band of arrivals.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// Arrivals per unit of time.
    pub arrivals: f64,
    /// Expected worth of one that is served at once.
    pub worth: f64,
}

/// What the bar after the first bands gives.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Arrivals passed per unit of time.
    pub passed: f64,
    /// Passed arrivals over what the servers can do.
    pub utilisation: f64,
    /// Share of the worth left after waiting.
    pub kept: f64,
    /// Worth per unit of time, costs taken off.
    pub net: f64,
}

/// A queue in its steady state.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    /// Chance that an arrival waits.
    pub waits: f64,
    /// Share of worth kept ([`Habit::WorksCold`]) or of arrivals served ([`Habit::LetsGo`]).
    pub kept: f64,
    /// Mean number waiting; `None` where it grows without end.
    pub waiting: Option<f64>,
}

/// The queue of `arrivals` per unit of time at a team.
///
/// # Errors
/// Not finite; out of range (arrivals or decay below 0 or above 1e15, service not above 0, no server or over 10^6);
/// too many (a queue of over 10^7 states).
pub fn queue(arrivals: f64, team: &Team, habit: Habit) -> Result<Queue> {
    all_counts(&[arrivals], "arrivals")?;
    all_counts(&[team.decay], "decay")?;
    all_finite(&[team.each, team.cost], "team")?;
    if team.each <= 0.0 || team.each > 1e15 {
        return Err(Error::out_of_range("each", "above 0, and at most 1e15"));
    }
    if team.servers == 0 || team.servers > MOST_SERVERS {
        return Err(Error::out_of_range("servers", "1 to 1,000,000"));
    }
    if arrivals == 0.0 {
        return Ok(Queue { waits: 0.0, kept: 1.0, waiting: Some(0.0) });
    }
    match habit {
        Habit::WorksCold => Ok(works_cold(arrivals, team)),
        Habit::LetsGo if team.decay == 0.0 => Ok(works_cold(arrivals, team)),
        Habit::LetsGo => lets_go(arrivals, team),
    }
}

fn works_cold(arrivals: f64, team: &Team) -> Queue {
    let load = arrivals / team.each;
    let servers = f64::from(team.servers);
    let spare = servers * team.each - arrivals;
    if spare <= 0.0 {
        let kept = if team.decay == 0.0 { servers / load } else { 0.0 };
        return Queue { waits: 1.0, kept, waiting: None };
    }
    let blocked = blocking(load, team.servers);
    let use_ = load / servers;
    let waits = blocked / (1.0 - use_ * (1.0 - blocked));
    let kept = 1.0 - waits + waits * spare / (spare + team.decay);
    Queue { waits, kept, waiting: Some(waits * arrivals / spare) }
}

/// Erlang's B: the chance that all servers are busy where nobody waits.
fn blocking(load: f64, servers: u32) -> f64 {
    (1..=servers).fold(1.0, |b, n| load * b / (f64::from(n) + load * b))
}

/// The queue is a birth-death chain; states are weighed against the one in which all servers are busy and none waits.
fn lets_go(arrivals: f64, team: &Team) -> Result<Queue> {
    let serving = f64::from(team.servers) * team.each;
    // all states in which a server is free, weighed together
    let mut free = 1.0 / blocking(arrivals / team.each, team.servers) - 1.0;
    let (mut weight, mut waiting, mut busy) = (1.0, 0.0, 1.0);
    for n in 1..=MOST_WAITING {
        let n = f64::from(n);
        let ratio = arrivals / (serving + n * team.decay);
        weight *= ratio;
        busy += weight;
        waiting += n * weight;
        // what is left is below a series of this ratio
        if ratio < 1.0 && n * weight * ratio / (1.0 - ratio).powi(2) <= 1e-17 * waiting {
            let total = free + busy;
            let waiting = waiting / total;
            let kept = (1.0 - team.decay * waiting / arrivals).clamp(0.0, 1.0);
            return Ok(Queue { waits: busy / total, kept, waiting: Some(waiting) });
        }
        if busy > 1e200 {
            // relative weights are all that counts
            (free, weight, waiting, busy) = (free / busy, weight / busy, waiting / busy, 1.0);
        }
    }
    Err(Error::too_many("states of the queue", MOST_WAITING as usize + 1, MOST_WAITING as usize))
}

/// What every bar gives: point `i` passes the bands `0..=i`.
///
/// # Errors
/// As [`queue`]; too few (no band).
pub fn curve(bands: &[Band], team: &Team, habit: Habit) -> Result<Vec<Point>> {
    if bands.is_empty() {
        return Err(Error::too_few("bands", 0, 1));
    }
    let room = f64::from(team.servers) * team.each;
    let (mut passed, mut worth) = (0.0, 0.0);
    let mut points = Vec::with_capacity(bands.len());
    for band in bands {
        all_counts(&[band.arrivals], "arrivals")?;
        all_finite(&[band.worth], "worth")?;
        passed += band.arrivals;
        worth += band.arrivals * band.worth;
        let kept = queue(passed, team, habit)?.kept;
        let served = if habit == Habit::WorksCold { passed } else { passed * kept };
        let net = worth * kept - team.cost * served;
        all_finite(&[net], "worth")?;
        points.push(Point { passed, utilisation: passed / room, kept, net });
    }
    Ok(points)
}

/// The best bar (the first of equals): its place in the curve. `None` for an empty curve.
pub fn best(points: &[Point]) -> Option<usize> {
    (0..points.len()).reduce(|best, i| if points[i].net > points[best].net { i } else { best })
}

/// The bars around the best one that give at least `1 - within` of it, first and last; a bar outside may be as good
/// again, but not without passing a worse one. `None` where even the best bar gives nothing.
pub fn flat(points: &[Point], within: f64) -> Option<(usize, usize)> {
    let best = best(points)?;
    let enough = points[best].net * (1.0 - within);
    if points[best].net <= 0.0 || !(0.0..1.0).contains(&within) {
        return None;
    }
    let first = points[..best].iter().rposition(|p| p.net < enough).map_or(0, |i| i + 1);
    let last = points[best..].iter().position(|p| p.net < enough).map_or(points.len() - 1, |i| best + i - 1);
    Some((first, last))
}

/// The bound of a team that never lets anybody wait.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knapsack {
    /// Worth per unit of time of the best use of the hours; no queue can give more.
    pub bound: f64,
    /// Worth of one more hour: that of the band at which the hours ran out, 0 where they did not.
    pub price: f64,
    /// Hours used.
    pub used: f64,
    /// How many whole bands fit, by worth an hour.
    pub whole: usize,
}

/// Fills `hours` with bands by worth an hour; `each` is the hours that one arrival of a band takes. Bands that are worth
/// nothing are left out.
///
/// # Errors
/// Shape; not finite; out of range (hours or arrivals below 0, an arrival that takes no time).
pub fn knapsack(bands: &[Band], each: &[f64], hours: f64) -> Result<Knapsack> {
    if bands.len() != each.len() {
        return Err(Error::shape("each", each.len(), bands.len()));
    }
    all_counts(&[hours], "hours")?;
    all_counts(each, "each")?;
    for band in bands {
        all_counts(&[band.arrivals], "arrivals")?;
        all_finite(&[band.worth], "worth")?;
    }
    if each.iter().any(|h| *h <= 0.0) {
        return Err(Error::out_of_range("each", "above 0"));
    }
    let an_hour = |i: &usize| bands[*i].worth / each[*i];
    let mut order: Vec<usize> = (0..bands.len()).filter(|i| bands[*i].worth > 0.0).collect();
    order.sort_by(|a, b| an_hour(b).total_cmp(&an_hour(a)));
    let mut filled = Knapsack { bound: 0.0, price: 0.0, used: 0.0, whole: 0 };
    for i in order {
        let needed = bands[i].arrivals * each[i];
        let left = hours - filled.used;
        if needed > left {
            filled.bound += left * an_hour(&i);
            filled.price = an_hour(&i);
            filled.used = hours;
            break;
        }
        filled.bound += needed * an_hour(&i);
        filled.used += needed;
        filled.whole += 1;
    }
    all_finite(&[filled.bound, filled.price], "worth")?;
    Ok(filled)
}

/// What drawn settings say together.
#[derive(Clone, Debug)]
pub struct Spread {
    /// Interval of the net worth of every bar.
    pub net: Vec<Interval>,
    /// Interval of the best bar, as places in the curve.
    pub best: Interval,
    /// Share of the draws in which every bar is the best one; adds to 1.
    pub share_best: Vec<f64>,
}

/// Gathers curves of the same bars under drawn settings.
///
/// # Errors
/// Too few (no curve, or curves without points); shape (curves of different lengths).
pub fn spread(curves: &[Vec<Point>]) -> Result<Spread> {
    let bars = curves.first().map_or(0, Vec::len);
    if bars == 0 {
        return Err(Error::too_few("curves", 0, 1));
    }
    if let Some(odd) = curves.iter().find(|c| c.len() != bars) {
        return Err(Error::shape("curve", odd.len(), bars));
    }
    let net: Vec<f64> = curves.iter().flatten().map(|p| p.net).collect();
    let mut places: Vec<f64> = Vec::with_capacity(curves.len());
    let mut share_best = vec![0.0; bars];
    for at in curves.iter().filter_map(|c| best(c)) {
        places.push(at as f64);
        share_best[at] += 1.0 / curves.len() as f64;
    }
    let best = Interval::of_draws(&mut places).ok_or(Error::not_finite("curve"))?;
    Ok(Spread { net: Interval::of_columns(&net, bars)?, best, share_best })
}
