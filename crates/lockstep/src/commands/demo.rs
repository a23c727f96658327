//! `lockstep demo`: an invented company from its exports to its verdict, through the real importer.

use std::collections::BTreeMap;
use std::io::IsTerminal;
use std::path::Path;

use agreement::book::{self, Act, Statement};
use agreement::document::{Agreement, Party};
use desk::Role;
use tallies::columns::lead_cycle as lead;
use tallies::{Extract, Facts, Grain};
use terms::Instant;

use crate::agreements;
use crate::cli::{self, Cli, Format};
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::known::Known;
use crate::output::{self, Ended, Style};

/// Leads of a demo: with fewer, chance alone moves a quarter as much as what was planted.
const LEADS: u64 = 60_000;

/// Runs the command.
pub fn run(args: &cli::Demo, cli: &Cli, style: Style) -> Result<Ended, Failure> {
    let company = super::simulate::company(&args.company)?;
    // without a home named, the demo lives in a folder of its own that each run makes anew
    let named = cli.home.as_os_str() != "lockstep-home";
    let root = if named {
        cli.home.clone()
    } else {
        std::env::temp_dir().join(format!("lockstep-demo-{}-{}", company.name(), args.seed))
    };
    if root.exists() {
        if !root.join("demo.json").exists() {
            return Err(Failure::new("not_a_demo", format!("`{}`: is there and was not made by demo", root.display()))
                .hint("name a new folder with --home"));
        }
        std::fs::remove_dir_all(&root).map_err(|e| Failure::io(&root, "remove", &e))?;
    }
    std::fs::create_dir_all(&root).map_err(|e| Failure::io(&root, "make the folder", &e))?;
    let marker = root.join("demo.json");
    let text = serde_json::json!({ "company": company.name(), "seed": args.seed }).to_string();
    std::fs::write(&marker, text).map_err(|e| Failure::io(&marker, "write", &e))?;
    let exports = root.join("exports");
    let home = root.join("home");
    let page = matches!(args.format, Format::Text) && !style.json;
    if page {
        output::print(&format!(
            "An invented company: {}\n\n1. Its exports, as Salesforce, HubSpot and ad platforms write them: {}\n",
            company.describe(),
            exports.display()
        ))?;
    }
    let leads = match company.name() {
        "tiny" | "empty" => args.leads,
        _ => args.leads.or(Some(LEADS)),
    };
    super::simulate::write(company.name(), leads, args.seed, &exports, style)?;
    let mut opened = Home::open_or_create(&home)?;
    if company.name() != "empty" {
        agreed(&mut opened)?;
    }
    let import = cli::Import {
        paths: vec![exports.clone()],
        dry_run: false,
        mapping: Vec::new(),
        date_order: None,
        decimal: None,
        time_zone: None,
        currency: Some("USD".to_owned()),
        recorded_at: Some("2026-10-05T06:10:00Z".to_owned()),
    };
    let summary = super::import::import(&import, &mut opened, style)?;
    if page {
        output::print(&format!("\n2. Imported as one batch: {}\n\n{}", summary.line(), summary.to_text(style)))?;
        output::print("\n3. Its verdict\n\n")?;
    }
    drop(opened);
    let report = cli::Report {
        room: None,
        period: None,
        against: vec!["previous".to_owned()],
        by: Vec::new(),
        at: None,
        as_if: None,
        under: None,
        format: Some(if style.json { Format::Json } else { args.format }),
        seed: 1,
        width: None,
    };
    let ended = if company.name() == "empty" {
        super::report::run(&report, &home, style).or_else(|failure| {
            // nothing to report on is what this company is there to show
            output::print(&format!("{failure}\n")).map(|()| Ended::Done)
        })?
    } else {
        super::report::run(&report, &home, style)?
    };
    if page {
        let home = home.display();
        output::print(&format!(
            "\n4. What to try next\n\n  lockstep --home {home} rows verdict.win_rate        the rows behind a figure\n  lockstep --home {home} report --against year-ago\n  lockstep --home {home} report --format html > verdict.html\n  lockstep --home {home} rejects\n  lockstep --home {home} verify\n\nWith your own files:\n\n  lockstep import ~/Downloads/your-crm-export/      into ./lockstep-home\n  lockstep report\n  lockstep map some-other-file.csv                  a mapping for what is not recognised\n\n(From a checkout, write `cargo run --release --` in place of `lockstep`. The truth of this company stands in {}.)\n",
            exports.join("truth.json").display()
        ))?;
    }
    // refusals are part of what a demo shows: it is done
    let _ = ended;
    if args.serve || (page && !args.once && std::io::stdout().is_terminal()) {
        return pages(&home, args);
    }
    Ok(Ended::Done)
}

/// When both teams of the invented company signed: before what it did is judged by it.
const SIGNED: &str = "2025-12-10T15:00:00Z";

/// Makes a key for each team, proposes the text and signs it for both.
fn agreed(home: &mut Home) -> Result<(), Failure> {
    const TEXT: &str = include_str!("demo.toml");
    let bad = |what: &str| Failure::new("demo_agreement", format!("the agreement of the demo: {what}"));
    let agreement = Agreement::parse(TEXT, "demo.toml").map_err(|wrong| bad(&wrong.to_string()))?;
    let at = SIGNED.parse::<jiff::Timestamp>().map_err(|e| bad(&e.to_string()))?;
    let at = Instant(at.as_millisecond());
    let step = |home: &Home, act: Act, minutes: i64| {
        let mut step = agreements::step(home, act);
        (step.recorded, step.at) = (Instant(at.0 + minutes * 60_000), Instant(at.0 + minutes * 60_000));
        step
    };
    let signers = [(Party::Sales, "VP Sales"), (Party::Marketing, "VP Marketing")];
    let mut keys = Vec::new();
    for (n, (party, role)) in signers.into_iter().enumerate() {
        let secret = desk::secret()?;
        let mut register = step(home, Act::Register, n as i64);
        (register.party, register.role, register.public) = (Some(party), role.to_owned(), book::public(&secret));
        agreements::take(home, &register)?;
        keys.push((party, role, secret));
    }
    let mut propose = step(home, Act::Propose, 5);
    (propose.hash, propose.text) = (agreement.hash(), TEXT.to_owned());
    agreements::take(home, &propose)?;
    for (n, (party, role, secret)) in keys.into_iter().enumerate() {
        let mut sign = step(home, Act::Sign, 10 + n as i64);
        (sign.party, sign.role, sign.hash) = (Some(party), role.to_owned(), agreement.hash());
        sign.public = book::public(&secret);
        let statement = Statement {
            act: Act::Sign,
            hash: sign.hash.clone(),
            party,
            role: sign.role.clone(),
            head: sign.head.clone(),
            head_seq: sign.head_seq,
            at: sign.at,
        };
        sign.signature = statement.sign(&secret);
        agreements::take(home, &sign)?;
    }
    Ok(())
}

/// The password of every user of a demo, which stands on its page of sign-in.
const PASSWORD: &str = "look-around-2026";

/// Serves the pages of the invented company, with one user for each role.
fn pages(root: &Path, args: &cli::Demo) -> Result<Ended, Failure> {
    let home = Home::open(root)?;
    let owner = owner(&home)?;
    let mut shown = Vec::new();
    for role in Role::ALL {
        let name = role.word().replace('_', "-");
        let label = called(role);
        let own = if role == Role::Rep { owner.as_str() } else { "" };
        super::user::add(&home.desk, &name, (role, label, own), PASSWORD)?;
        shown.push((name, label.to_owned(), PASSWORD.to_owned()));
    }
    let settings =
        web::Settings { company: "An invented company".to_owned(), shown_sign_ins: shown, ..web::Settings::default() };
    // the company lives on from its last record
    let last = home.ledger.head().recorded_at().max(home.ledger.head().data_through());
    let ahead = last.map_or(0, |last| last.0 + 60_000 - home::now().0);
    let said = "\n5. Its pages; names and password stand on the first one\n\n";
    super::serve::serve(home, settings, (&args.listen, None), said, ahead)
}

fn called(role: Role) -> &'static str {
    match role {
        Role::Admin => "Administrator",
        Role::Ceo => "Chief executive",
        Role::SalesLead => "VP Sales",
        Role::MarketingLead => "VP Marketing",
        Role::Revops => "Revenue operations",
        Role::Rep => "A rep",
        Role::Marketer => "A marketer",
        Role::Mediator => "A mediator",
    }
}

/// The owner with the most leads: the rep of the demo.
fn owner(home: &Home) -> Result<String, Failure> {
    let known = Known::open(home, None, None, Style { json: false, quiet: true })?;
    let all = Extract::of(Grain::LeadCycle, Vec::new(), &[lead::OWNER]);
    let table = known.facts.extract(&all)?;
    let mut leads: BTreeMap<&str, usize> = BTreeMap::new();
    for row in 0..table.rows {
        if let Some(owner) = table.text(lead::OWNER, row) {
            *leads.entry(owner).or_default() += 1;
        }
    }
    Ok(leads.into_iter().max_by_key(|(_, n)| *n).map_or("nobody", |(owner, _)| owner).to_owned())
}
