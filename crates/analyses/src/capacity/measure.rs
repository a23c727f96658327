//! From leads to bands, worths, a decay and a habit; and the curves under drawn settings.

use stats::capacity::{self, Band, Habit, Knapsack, Point, Spread};
use stats::draws::Draws;
use stats::logistic::{Design, Factor, Trials, fit};

/// A lead that is old enough to have been won.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lead {
    /// Its score when it was handed over.
    pub points: i64,
    /// Weeks from then until it was first tried, if it was.
    pub waited: Option<f64>,
    /// How often it was tried.
    pub attempts: u32,
    /// What was won with it, in minor units; 0 where nothing was.
    pub won: f64,
}

/// A number that the model rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting {
    /// The number.
    pub value: f64,
    /// Where it comes from, in words.
    pub from: String,
}

/// What is known of the team.
#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    /// People who work leads in a usual week.
    pub reps: Setting,
    /// Leads that one of them can take on in a week.
    pub each: Setting,
    /// Minutes that one attempt takes.
    pub minutes: Setting,
    /// Cost of an hour, in minor units.
    pub hour: Setting,
    /// Share of worth that a week of waiting takes, as a rate, where it is given.
    pub decay: Option<f64>,
}

/// What is asked of the model.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// The team.
    pub team: Team,
    /// Over so many weeks the leads came.
    pub weeks: f64,
    /// The seed of the draws.
    pub seed: u64,
    /// How many draws.
    pub draws: usize,
}

/// Bands of the score at most; leads in each at least.
const BANDS: usize = 12;
const LEAST: u64 = 30;
/// Weeks of waiting beyond which more waiting is not told apart.
const LONGEST: f64 = 4.0;

/// A band: from which score on, its leads, those tried, those won of tried and of not tried, mean attempts, what waiting left.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// The lowest score in it.
    pub from: i64,
    /// Leads.
    pub n: u64,
    /// Tried, and won of those.
    pub tried: (u64, u64),
    /// Not tried, and won of those.
    pub others: (u64, u64),
    /// Attempts in all.
    pub attempts: u64,
    /// Waits of those tried, in weeks.
    waits: Vec<f64>,
}

/// What was measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// Best first.
    pub bands: Vec<Counted>,
    /// Mean of what a won lead brings, its standard error, and won leads.
    pub amount: (f64, f64, u64),
    /// Rate at which a week of waiting takes worth, its standard error; none where it was given.
    pub decay: (f64, Option<f64>),
    /// Of leads that had gone cold (waited longer than it takes to lose two thirds of their worth): tried after all.
    pub cold: (u64, u64),
    /// The model that this decides.
    pub habit: Habit,
    /// Hours of work that a lead takes on average.
    pub hours: f64,
}

/// Reads leads; none where too few were won or tried.
pub fn measure(leads: &[Lead], settings: &Settings) -> Option<Measured> {
    let bands = bands(leads);
    let won: Vec<f64> = leads.iter().map(|l| l.won).filter(|w| *w > 0.0).collect();
    let tried = leads.iter().filter(|l| l.waited.is_some()).count();
    if won.len() < 20 || tried < 100 || bands.len() < 2 {
        return None;
    }
    let mean = won.iter().sum::<f64>() / won.len() as f64;
    let spread = won.iter().map(|w| (w - mean).powi(2)).sum::<f64>() / (won.len() - 1) as f64;
    let amount = (mean, (spread / won.len() as f64).sqrt(), won.len() as u64);
    let decay = settings.team.decay.map_or_else(|| learned(leads, &bands), |given| (given, None));
    // two thirds of the worth are gone by then; where nothing is lost by waiting no lead goes cold
    let cold_after = if decay.0 > 0.0 { 1.0 / decay.0 } else { f64::INFINITY };
    let cold = leads.iter().fold((0, 0), |(tried, all), l| match l.waited {
        Some(w) if w > cold_after => (tried + 1, all + 1),
        None => (tried, all + 1),
        _ => (tried, all),
    });
    let habit = if 2 * cold.0 >= cold.1 { Habit::WorksCold } else { Habit::LetsGo };
    let attempts: u64 = bands.iter().map(|b| b.attempts).sum();
    let hours = (attempts as f64 / tried as f64).max(1.0) * settings.team.minutes.value / 60.0;
    Some(Measured { bands, amount, decay, cold, habit, hours })
}

/// Bands of the score with about as many leads each, best first.
fn bands(leads: &[Lead]) -> Vec<Counted> {
    let mut sorted: Vec<&Lead> = leads.iter().collect();
    sorted.sort_by_key(|l| std::cmp::Reverse(l.points));
    let each = (sorted.len() / BANDS).max(LEAST as usize);
    let mut out: Vec<Counted> = Vec::new();
    for group in sorted.chunk_by(|a, b| a.points == b.points) {
        if out.last().is_none_or(|last| last.n as usize >= each) {
            out.push(Counted::default());
        }
        let Some(band) = out.last_mut() else { continue };
        for lead in group {
            band.from = lead.points;
            band.n += 1;
            let won = u64::from(lead.won > 0.0);
            match lead.waited {
                Some(w) => {
                    band.tried = (band.tried.0 + 1, band.tried.1 + won);
                    band.waits.push(w);
                    band.attempts += u64::from(lead.attempts);
                }
                None => band.others = (band.others.0 + 1, band.others.1 + won),
            }
        }
    }
    if out.len() > 1
        && let Some(last) = out.pop_if(|last| last.n < LEAST)
        && let Some(before) = out.last_mut()
    {
        before.from = last.from;
        before.n += last.n;
        before.tried = (before.tried.0 + last.tried.0, before.tried.1 + last.tried.1);
        before.others = (before.others.0 + last.others.0, before.others.1 + last.others.1);
        before.attempts += last.attempts;
        before.waits.extend(last.waits);
    }
    out
}

/// How much of its odds a lead loses by a week of waiting, at the same score: a logistic regression of the win on the wait.
fn learned(leads: &[Lead], bands: &[Counted]) -> (f64, Option<f64>) {
    let band = |points: i64| bands.iter().position(|b| points >= b.from).unwrap_or(bands.len() - 1) as u32;
    let tried: Vec<(f64, u32, f64)> = leads
        .iter()
        .filter_map(|l| Some((l.waited?.min(LONGEST), band(l.points), f64::from(u8::from(l.won > 0.0)))))
        .collect();
    let waits: Vec<f64> = tried.iter().map(|t| t.0).collect();
    let index: Vec<u32> = tried.iter().map(|t| t.1).collect();
    let won: Vec<f64> = tried.iter().map(|t| t.2).collect();
    let factor = Factor { index: &index, levels: bands.len() };
    let fitted = Design::new(waits.len(), &[&waits], &[factor])
        .and_then(|design| fit(&design, Trials { n: None, k: &won }, 0.0, None));
    match fitted {
        Ok(fitted) if !fitted.dropped[1] => (-fitted.coefficients[1], fitted.standard_errors().get(1).copied()),
        _ => (0.0, None),
    }
}

impl Measured {
    /// Worth of a lead of each band that is tried at once, above that of one that is never tried, in minor units.
    fn worths(&self, decay: f64, rate: &mut dyn FnMut(u64, u64) -> f64, amount: f64) -> Vec<f64> {
        // hardly any lead is won that nobody tries: one rate for all of them, not a shaky one for each band
        let untried = self.bands.iter().fold((0, 0), |(n, k), b| (n + b.others.0, k + b.others.1));
        let others = if untried.0 >= LEAST { rate(untried.1, untried.0) } else { 0.0 };
        self.bands
            .iter()
            .map(|band| {
                let left = band.waits.iter().map(|w| (-decay * w.min(LONGEST)).exp()).sum::<f64>();
                let left = if band.waits.is_empty() { 1.0 } else { (left / band.waits.len() as f64).max(0.05) };
                let tried = if band.tried.0 > 0 { rate(band.tried.1, band.tried.0) } else { 0.0 };
                ((tried / left).min(1.0) - others).max(0.0) * amount
            })
            .collect()
    }

    fn kernel(&self, worths: &[f64], weeks: f64) -> Vec<Band> {
        let bands = self.bands.iter().zip(worths);
        bands.map(|(band, worth)| Band { arrivals: band.n as f64 / weeks, worth: *worth }).collect()
    }
}

/// What every bar gives.
#[derive(Clone, Debug)]
pub struct Curves {
    /// By the numbers as they were measured, for both habits: the one that was measured first.
    pub points: Vec<Point>,
    /// Under the other habit.
    pub other: Vec<Point>,
    /// The best bar under each.
    pub best: usize,
    /// First and last bar that give nearly as much.
    pub flat: (usize, usize),
    /// Intervals of what every bar gives.
    pub spread: Spread,
    /// The bound of a team that lets nobody wait, and the worth of one more hour.
    pub bound: Knapsack,
    /// Interval of the worth of one more hour.
    pub price: Option<stats::interval::Interval>,
}

/// Nearly as much: within this share of the best.
const WITHIN: f64 = 0.02;

/// The curves; none where no bar gives anything.
pub fn curves(measured: &Measured, settings: &Settings) -> Option<Curves> {
    let team = |decay: f64| capacity::Team {
        servers: (settings.team.reps.value.round().max(1.0)) as u32,
        each: settings.team.each.value,
        decay,
        cost: measured.hours * settings.team.hour.value,
    };
    let each: Vec<f64> = measured
        .bands
        .iter()
        .map(|b| (b.attempts as f64 / b.tried.0.max(1) as f64).max(1.0) * settings.team.minutes.value / 60.0)
        .collect();
    // the hours of the team are those of the leads that it can take on
    let hours = settings.team.reps.value * settings.team.each.value * measured.hours;
    let other = if measured.habit == Habit::WorksCold { Habit::LetsGo } else { Habit::WorksCold };
    let decay = measured.decay.0.max(0.0);
    let worths = measured.worths(decay, &mut |k, n| k as f64 / n as f64, measured.amount.0);
    let bands = measured.kernel(&worths, settings.weeks);
    let points = capacity::curve(&bands, &team(decay), measured.habit).ok()?;
    let others = capacity::curve(&bands, &team(decay), other).ok()?;
    let mut all = Vec::with_capacity(settings.draws);
    let mut prices = Vec::with_capacity(settings.draws);
    for draw in 0..settings.draws {
        let mut draws = Draws::stream(settings.seed, draw as u64);
        let decay = (measured.decay.0 + measured.decay.1.unwrap_or(0.0) * draws.normal()).max(0.0);
        let amount = draws.mean(measured.amount.0, measured.amount.1).ok()?;
        let worths = measured.worths(decay, &mut |k, n| draws.rate(k as f64, n as f64).unwrap_or(0.0), amount);
        let bands = measured.kernel(&worths, settings.weeks);
        all.push(capacity::curve(&bands, &team(decay), measured.habit).ok()?);
        prices.push(capacity::knapsack(&bands, &each, hours).ok()?.price);
    }
    let best = capacity::best(&points)?;
    let flat = capacity::flat(&points, WITHIN)?;
    let bound = capacity::knapsack(&bands, &each, hours).ok()?;
    let price = stats::interval::Interval::of_draws(&mut prices);
    Some(Curves { points, other: others, best, flat, spread: capacity::spread(&all).ok()?, bound, price })
}
