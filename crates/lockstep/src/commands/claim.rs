//! `lockstep claim`: a claim that either team makes, checked; claims saved for later; where quoted numbers come from.

use std::path::Path;

use analyses::Answer;
use analyses::claims::{self, Against, Ask, Checked, Claim, Metric, Registered, Side, Verdict, quotes};
use desk::SavedClaim;
use report::{Provenance, Report, SCHEMA};
use terms::{FiscalYear, Instant, Team};

use crate::cli::{self, Format};
use crate::commands::report::drawn;
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::known::Known;
use crate::output::{self, Ended, Style};
use crate::timings::Timings;

/// A claim as it is written.
pub struct Written {
    pub filter: String,
    pub metric: String,
    pub side: Side,
    pub against: String,
}

impl Written {
    fn of(args: &cli::Claim) -> Result<Written, Failure> {
        let missing = |what: &str| {
            Failure::new("bad_claim", format!("the claim has no {what}")).hint(
                "write lockstep claim --where 'source = Webinar and created in 2026Q2' --metric win_rate --below rest",
            )
        };
        let (side, against) = match (&args.below, &args.above) {
            (Some(what), _) => (Side::Below, what),
            (None, Some(what)) => (Side::Above, what),
            (None, None) => return Err(missing("--below or --above")),
        };
        Ok(Written {
            filter: args.filter.clone().ok_or_else(|| missing("--where"))?,
            metric: args.metric.clone().ok_or_else(|| missing("--metric"))?,
            side,
            against: against.clone(),
        })
    }

    pub fn saved(saved: &SavedClaim) -> Result<Written, Failure> {
        let damaged = || Failure::new("damaged", format!("`{}`: the saved claim names no side", saved.name));
        Ok(Written {
            filter: saved.filter.clone(),
            metric: saved.metric.clone(),
            side: Side::parse(&saved.side).ok_or_else(damaged)?,
            against: saved.against.clone(),
        })
    }

    fn read(&self, fiscal: FiscalYear) -> Result<Claim, Failure> {
        let metric = Metric::parse(&self.metric).ok_or_else(|| {
            let words: Vec<&str> = Metric::ALL.iter().map(|m| m.word()).collect();
            Failure::new("bad_metric", format!("`{}`: is no metric", self.metric))
                .hint(format!("metrics are {}", words.join(", ")))
        })?;
        let against = Against::parse(&self.against).ok_or_else(|| {
            Failure::new("bad_comparison", format!("`{}`: is nothing to compare with", self.against))
                .hint("write rest, before, or a number between 0 and 1 like 20% or 0.2")
        })?;
        Ok(Claim { filter: claims::filter(&self.filter, fiscal)?, metric, side: self.side, against })
    }

    fn words(&self) -> String {
        format!("{} of {} {} {}", self.metric, self.filter, self.side.word(), self.against)
    }
}

const fn team(team: cli::Team) -> Team {
    match team {
        cli::Team::Sales => Team::Sales,
        cli::Team::Marketing => Team::Marketing,
    }
}

pub const fn said(team: Team) -> &'static str {
    match team {
        Team::Sales => "Sales",
        Team::Marketing => "Marketing",
    }
}

/// Runs the command.
pub fn run(args: &cli::Claim, home: &Path, style: Style) -> Result<Ended, Failure> {
    if let Some(words) = &args.quote {
        return quote(words, args, style);
    }
    match (args.what.as_deref(), args.name.as_deref()) {
        (Some("save"), Some(name)) => save(args, name, home, style),
        (Some("save"), None) => {
            Err(Failure::new("bad_claim", "a claim is saved under a name").hint("lockstep claim save NAME --where ..."))
        }
        (_, Some(extra)) => Err(Failure::new("bad_claim", format!("`{extra}`: one word too many"))
            .hint("a name stands after `save` alone; a filter stands in quotes after --where")),
        (Some("list"), None) => list(&Home::open_to_read(home)?, style),
        (what, None) => checked(args, what, &Home::open_to_read(home)?, style),
    }
}

/// Checks a claim, as it is written or as it was saved.
pub fn check<F: tallies::Facts>(
    known: &Known,
    written: &Written,
    saved: Option<&SavedClaim>,
    (seed, by): (u64, Option<Team>),
    facts: &F,
) -> Result<(Report, Verdict), Failure> {
    let mut ask = asked((seed, by), known, written.read(known.settings.fiscal)?);
    if let Some(saved) = saved {
        ask.registered = Some(Registered { at_minutes: i64::from(saved.at.minutes()), by: saved.team });
    }
    let Checked { verdict, answer, .. } = claims::check(&ask, facts)?;
    let window = ask.claim.filter.window.map_or_else(|| "all that is recorded".to_owned(), |w| w.period.to_string());
    let provenance = known.provenance(window, written.against.clone(), seed);
    let title = match saved {
        Some(saved) => format!("The claim {}: {}", saved.name, written.words()),
        None => format!("A claim: {}", written.words()),
    };
    Ok((page(analyses::plain(&title), answer, provenance), verdict))
}

/// Asks for a claim under what is known.
fn asked((seed, by): (u64, Option<Team>), known: &Known, claim: Claim) -> Ask {
    let mut ask = Ask::new(claim, i64::from(known.as_of.minutes()), known.settings.fiscal);
    ask.seed = seed;
    ask.by = by;
    known.definitions.name().clone_into(&mut ask.definitions);
    ask
}

fn checked(args: &cli::Claim, name: Option<&str>, home: &Home, style: Style) -> Result<Ended, Failure> {
    let saved = match name {
        None => None,
        Some(name) => {
            if args.filter.is_some() || args.metric.is_some() || args.below.is_some() || args.above.is_some() {
                return Err(Failure::new("bad_claim", format!("`{name}`: a saved claim is checked as it was saved"))
                    .hint("leave out --where, --metric, --below and --above, or save another claim"));
            }
            Some(home.desk.claim(name)?.ok_or_else(|| unknown(home, name))?)
        }
    };
    let written = saved.as_ref().map_or_else(|| Written::of(args), Written::saved)?;
    let timings = Timings::start();
    let known = Known::open(home, args.at.as_deref(), args.as_if.as_deref(), style)?;
    let (report, verdict) =
        check(&known, &written, saved.as_ref(), (args.seed, args.by.map(team)), &timings.of(&known.facts))?;
    timings.ends("claim");
    if home.desk.is_read_only() {
        eprintln!(
            "note: this home cannot be written, so this report is not kept: `lockstep rows` opens the last kept one"
        );
    } else {
        let as_if = report.provenance.as_if.as_deref().unwrap_or("");
        let id = format!("claim {} {} {as_if}", known.head.seq(), written.words());
        home.desk.save_report(&id, &faces::json(&report), known.head.seq())?;
        home.desk.flush()?;
    }
    print(&report, args, style)?;
    Ok(if verdict == Verdict::CannotTell { Ended::WithRejects } else { Ended::Done })
}

pub fn unknown(home: &Home, name: &str) -> Failure {
    let names: Vec<String> = home.desk.claims().unwrap_or_default().into_iter().map(|c| c.name).collect();
    let near = analyses::nearest::nearest(name, names.iter().map(String::as_str));
    let hint = if near.is_empty() {
        "none is saved yet: lockstep claim save NAME --where ...".to_owned()
    } else {
        format!("nearest are {}", near.join(", "))
    };
    Failure::new("unknown_claim", format!("`{name}`: no claim of that name is saved")).hint(hint)
}

/// Keeps a claim that can be asked under a name, for a team; when, and the window that it speaks of.
pub fn keep(
    home: &Home,
    known: &Known,
    name: &str,
    written: Written,
    by: Team,
) -> Result<(Instant, Option<claims::Window>), Failure> {
    if ["save", "list"].contains(&name) || name.is_empty() {
        return Err(Failure::new("bad_claim", format!("`{name}`: is no name for a claim")).hint("choose another name"));
    }
    let ask = asked((SEED, Some(by)), known, written.read(known.settings.fiscal)?);
    let window = ask.claim.filter.window;
    let could = claims::check(&ask, &known.facts)?;
    let person = could.answer.sections.iter().flat_map(|s| &s.refusals).find(|r| r.code == "per_person");
    if let Some(refusal) = person {
        return Err(Failure::new("per_person", format!("not saved: {}", refusal.had)).hint(refusal.needed.clone()));
    }
    let at = home::now();
    let claim = SavedClaim {
        name: name.to_owned(),
        filter: written.filter,
        metric: ask.claim.metric.word().to_owned(),
        side: written.side.word().to_owned(),
        against: written.against,
        team: by,
        at,
    };
    if !home.desk.save_claim(&claim)? {
        return Err(Failure::new("claim_exists", format!("`{name}`: a claim of that name is saved already"))
            .hint("a saved claim is never changed: choose another name"));
    }
    home.desk.flush()?;
    Ok((at, window))
}

/// The seed with which a claim is tried before it is saved: what is kept is the claim, not its answer.
const SEED: u64 = 1;

/// Saves a claim that can be asked: its columns and values are known, whatever it will come to.
fn save(args: &cli::Claim, name: &str, home: &Path, style: Style) -> Result<Ended, Failure> {
    let by = args.by.map(team).ok_or_else(|| {
        Failure::new("bad_claim", "the claim says not whose it is").hint("add --by sales or --by marketing")
    })?;
    let written = Written::of(args)?;
    let home = Home::open(home)?;
    let known = Known::open(&home, None, None, style)?;
    let (at, window) = keep(&home, &known, name, written, by)?;
    let registered = Registered { at_minutes: i64::from(at.minutes()), by };
    let early = registered.is_before_the_close_of(window.as_ref());
    if style.json {
        output::print_json(
            &serde_json::json!({ "saved": name, "by": said(by), "at": at.to_string(), "before_its_period_closed": early }),
        )?;
        return Ok(Ended::Done);
    }
    let then = match window {
        Some(w) if early => {
            format!("Its period {} is still open: it will be tested without the search correction.", w.period)
        }
        Some(w) => format!("Its period {} has closed: it is tested with the search correction.", w.period),
        None => "It names no period: it is tested with the search correction.".to_owned(),
    };
    output::print(&format!("Saved `{name}` by {}. {then}\nlockstep claim {name} checks it.\n", said(by)))?;
    Ok(Ended::Done)
}

/// Whether a claim was saved before its period closed.
pub fn is_early(c: &SavedClaim, fiscal: FiscalYear) -> bool {
    let window = claims::filter(&c.filter, fiscal).ok().and_then(|f| f.window);
    Registered { at_minutes: i64::from(c.at.minutes()), by: c.team }.is_before_the_close_of(window.as_ref())
}

fn list(home: &Home, style: Style) -> Result<Ended, Failure> {
    let fiscal = home.settings()?.fiscal;
    let all = home.desk.claims()?;
    let early = |c: &SavedClaim| is_early(c, fiscal);
    if style.json {
        let all: Vec<serde_json::Value> = all
            .iter()
            .map(|c| {
                serde_json::json!({
                    "name": c.name, "where": c.filter, "metric": c.metric, "side": c.side, "against": c.against,
                    "by": said(c.team), "at": c.at.to_string(), "before_its_period_closed": early(c),
                })
            })
            .collect();
        return output::print_json(&serde_json::json!(all)).map(|()| Ended::Done);
    }
    if all.is_empty() {
        return output::print("No claim is saved.\n").map(|()| Ended::Done);
    }
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|c| {
            let claim = format!("{} {} {}", c.metric, c.side, c.against);
            let when = if early(c) { "yes" } else { "no" };
            vec![
                c.name.clone(),
                said(c.team).to_owned(),
                c.filter.clone(),
                claim,
                c.at.day().to_string(),
                when.to_owned(),
            ]
        })
        .collect();
    let head = ["claim", "by", "of", "claimed", "saved", "before its period closed"];
    output::print(&faces::rows::table(&head, &rows, style.columns()))?;
    Ok(Ended::Done)
}

/// Where a quoted number comes from. Nothing of a ledger is read.
fn quote(words: &str, args: &cli::Claim, style: Style) -> Result<Ended, Failure> {
    let answer = quotes::answer(words);
    let refused = answer.sections.iter().any(|s| !s.refusals.is_empty());
    let nothing = || "nothing".to_owned();
    let provenance = Provenance {
        head: 0,
        head_hash: "none".to_owned(),
        data_through: "nothing: no ledger is read".to_owned(),
        as_of: "no day".to_owned(),
        as_if: None,
        under: None,
        definitions: "none".to_owned(),
        period: nothing(),
        against: nothing(),
        fiscal_start: 1,
        currency: "none".to_owned(),
        seed: args.seed,
        counts: vec!["No rows".to_owned()],
        completeness: "Nothing was read".to_owned(),
        engine: env!("CARGO_PKG_VERSION").to_owned(),
    };
    print(&page(format!("Quoted: {}", analyses::plain(words)), answer, provenance), args, style)?;
    Ok(if refused { Ended::WithRejects } else { Ended::Done })
}

fn page(title: String, answer: Answer, provenance: Provenance) -> Report {
    Report {
        schema: SCHEMA,
        title,
        headline: answer.headline,
        how_sure: answer.how_sure,
        figure: answer.figure,
        sections: answer.sections,
        provenance,
    }
}

fn print(report: &Report, args: &cli::Claim, style: Style) -> Result<(), Failure> {
    let format = args.format.unwrap_or(if style.json { Format::Json } else { Format::Text });
    output::print(&drawn(report, format, style, args.width))
}
