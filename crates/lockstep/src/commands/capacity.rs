//! `lockstep capacity`: where the bar should stand, given how many people there are to work leads.
//!
//! Not here: the model (`analyses::capacity`). Invariant: every setting of the page says whether it was measured or given.

use std::path::Path;

use analyses::capacity::{Asked, Lead, Setting, Settings, Team, page};
use entries::catalogue::activity;
use ledger::Filter;
use tallies::columns::lead_cycle as lead;
use tallies::{Dim, Facts, Grain, Measure, Spec, Test};
use terms::{Entity, PeriodUnit};

use crate::cli::{self, Outcome};
use crate::commands::score::{self, Made};
use crate::failure::Failure;
use crate::home::Home;
use crate::known::Known;
use crate::output::{Ended, Style};
use crate::scoring;

/// Weeks of leads that are looked at, and of work that the team is measured by.
const WEEKS: i64 = 52;
const WEEKS_OF_WORK: i64 = 26;
/// Minutes in a week.
const WEEK: i64 = 7 * 1_440;
/// Draws behind each interval.
const DRAWS: usize = 400;
/// Minutes of an attempt where no call says how long it took.
const MINUTES: f64 = 15.0;
/// Calls from which their length can be told.
const LEAST_CALLS: u64 = 50;

/// Runs the command.
pub fn run(args: &cli::Capacity, home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let known = Known::open_under(&home, None, None, args.under.as_deref(), style)?;
    let made = make(&known, args, style)?;
    score::page(made, (args.seed, args.format, args.width), (&home, &known), style)
}

/// Refuses settings that are no numbers that count.
fn check(args: &cli::Capacity) -> Result<(), Failure> {
    for (name, given) in
        [("reps", args.reps), ("leads-per-rep", args.leads_per_rep), ("minutes-per-attempt", args.minutes_per_attempt)]
    {
        if given.is_some_and(|n| !n.is_finite() || n <= 0.0 || n > 1e6) {
            return Err(Failure::new(
                "bad_number",
                format!("`{name}`: expected a number above 0, and at most a million"),
            ));
        }
    }
    for (name, given) in [("cost-per-hour", args.cost_per_hour), ("decay", args.decay)] {
        if given.is_some_and(|n| !n.is_finite() || !(0.0..=1e6).contains(&n)) {
            return Err(Failure::new("bad_number", format!("`{name}`: expected a number, 0 or more")));
        }
    }
    Ok(())
}

/// Where the bar should stand, at what is known.
///
/// # Errors
/// Where a setting is no number that counts, no agreement is in force, or the records cannot be read.
pub fn make(known: &Known, args: &cli::Capacity, style: Style) -> Result<Made, Failure> {
    check(args)?;
    let force = score::version(known, known.as_of, args.under.as_deref())?;
    let all = scoring::leads(known, Some(Outcome::Won))?;
    let own = scoring::scored(known, &force.agreement.scoring, &all, style)?;
    let last = all.moments.iter().max().copied().unwrap_or(0);
    let first = last - WEEKS * WEEK;
    let places: Vec<usize> =
        (0..own.len()).filter(|p| all.moments[*p] > first && all.moments[*p] != scoring::UNDATED).collect();
    let leads: Vec<Lead> = places
        .iter()
        .map(|p| Lead {
            points: own[*p].points,
            waited: all.waited[*p].map(|minutes| minutes as f64 / WEEK as f64),
            attempts: all.attempts[*p],
            won: all.won[*p] as f64,
        })
        .collect();
    let moments: Vec<i64> = places.iter().map(|p| all.moments[*p]).collect();
    let weeks = moments.iter().min().map_or(1.0, |first| ((last - first) as f64 / WEEK as f64).max(1.0));
    let settings = Settings { team: team(known, args)?, weeks, seed: args.seed, draws: DRAWS };
    let period = score::span(&moments);
    let mut notes = vec![format!(
        "Leads as of their {}, scored under version {} of the agreement; the last 52 weeks of those that are old enough to have been won.",
        all.moment, force.number
    )];
    notes.extend(all.left_out.iter().filter(|(_, n)| *n > 0).map(|(why, n)| {
        format!("Not among them: {} leads {why}.", faces::format::count(i64::try_from(*n).unwrap_or(i64::MAX)))
    }));
    let asked = Asked {
        leads: &leads,
        settings: &settings,
        bar: force.agreement.scoring.bar,
        currency: known.currency(),
        period: &period,
        notes: &notes,
    };
    let answer = page(&asked);
    Ok(Made { answer, title: "Where the bar should stand".to_owned(), period })
}

fn team(known: &Known, args: &cli::Capacity) -> Result<Team, Failure> {
    let as_of = i64::from(known.as_of.minutes());
    let spec = Spec {
        name: "capacity.work",
        grain: Grain::LeadCycle,
        filter: vec![
            Test::Between(lead::FIRST_ATTEMPT_AT, as_of - WEEKS_OF_WORK * WEEK, as_of),
            Test::Has(lead::FIRST_REP),
        ],
        dims: vec![
            Dim::Period(lead::FIRST_ATTEMPT_AT, PeriodUnit::Week, known.settings.fiscal),
            Dim::Code(lead::FIRST_REP),
        ],
        measures: vec![Measure::Count],
    };
    let tallies = known.facts.answer(&[spec])?;
    let cells: Vec<(i64, f64)> = tallies
        .iter()
        .flat_map(|t| (0..t.cells).map(move |c| (t.label(c, 0).number().unwrap_or(0), t.int(c, 0) as f64)))
        .collect();
    let mut weeks: Vec<i64> = cells.iter().map(|c| c.0).collect();
    weeks.dedup();
    let mut counts: Vec<f64> = cells.iter().map(|c| c.1).collect();
    let busy = stats::quantile::quantiles(&mut counts, &[0.9]).and_then(|q| q.first().copied());
    let given = |value: f64| Setting { value, from: "given".to_owned() };
    let reps = match (args.reps, weeks.len()) {
        (Some(n), _) => given(n),
        (None, 0) => Setting { value: 1.0, from: "no attempt names who made it: taken as one; give --reps".to_owned() },
        (None, n) => Setting {
            value: cells.len() as f64 / n as f64,
            from: format!("mean of those with a first attempt in each of the last {n} weeks"),
        },
    };
    let each = match (args.leads_per_rep, busy) {
        (Some(n), _) => given(n),
        (None, Some(n)) => Setting {
            value: n.max(1.0),
            from: "P90 of leads first tried by one in a week: what a full week holds".to_owned(),
        },
        (None, None) => Setting { value: 20.0, from: "not measured: taken as 20; give --leads-per-rep".to_owned() },
    };
    let minutes = args.minutes_per_attempt.map_or_else(|| minutes(known), |n| Ok(given(n)))?;
    let minor = 10_f64.powi(i32::try_from(known.currency().decimals()).unwrap_or(2));
    let hour = args.cost_per_hour.map_or_else(
        || Setting { value: 0.0, from: "not given: hours cost nothing here".to_owned() },
        |n| given(n * minor),
    );
    Ok(Team { reps, each, minutes, hour, decay: args.decay })
}

/// How long an attempt takes, by the calls that say so.
fn minutes(known: &Known) -> Result<Setting, Failure> {
    let (mut n, mut seconds) = (0_u64, 0_i64);
    let filter = Filter { fields: Some(vec![activity::DURATION_SECONDS]), ..Filter::default() };
    for item in known.head.entries(Entity::Activity, filter)? {
        let (_, entry) = item?;
        if let Some(took) = entry.get(activity::DURATION_SECONDS).int().filter(|s| (1..=14_400).contains(s)) {
            (n, seconds) = (n + 1, seconds + took);
        }
    }
    if n < LEAST_CALLS {
        let from = format!("too few calls say how long they took: taken as {MINUTES}; give --minutes-per-attempt");
        return Ok(Setting { value: MINUTES, from });
    }
    let from = format!(
        "mean of {} calls that say how long they took; what is done around a call is not in it",
        faces::format::count(n as i64)
    );
    Ok(Setting { value: seconds as f64 / n as f64 / 60.0, from })
}
