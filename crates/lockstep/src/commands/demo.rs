//! `lockstep demo`: an invented company from its exports to its verdict, through the real importer.

use crate::cli::{self, Cli, Format};
use crate::failure::Failure;
use crate::home::Home;
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
    Ok(Ended::Done)
}
