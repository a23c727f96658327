//! A document read aloud, and a difference in words.

use std::fmt::Write;

use terms::{Stage, Team};

use super::clauses::money;
use super::lines::{part, parts};
use super::scoring::{Of, Rule};
use super::{Agreement, Change, Definition, Party, Pause, Target, Whose};

/// The whole document in sentences, one a line, under headings; both sides with the same weight.
pub fn read_aloud(agreement: &Agreement) -> String {
    let mut out = String::new();
    let currency = agreement.currency.map(|c| c.code().to_owned());
    let mut tell = |heading: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(out, "{heading}");
            lines.iter().for_each(|line| _ = writeln!(out, "  {line}"));
            out.push('\n');
        }
    };
    let mut head = vec![format!("holds from {}", agreement.effective)];
    head.extend(agreement.review.map(|day| format!("both look at it again on {day}")));
    head.extend(agreement.expires.map(|day| format!("holds until {day}")));
    head.push(format!("hash {}", agreement.hash()));
    tell(&agreement.name, head);
    tell("Who signs", agreement.signers.iter().map(|(party, who)| signer(*party, who)).collect());
    tell("What a stage is", agreement.definitions.iter().map(|(stage, d)| defined(*stage, d)).collect());
    let mut scoring: Vec<String> =
        agreement.scoring.bar.map(|bar| format!("a lead is qualified from {bar} points on")).into_iter().collect();
    scoring.extend(agreement.scoring.rules.iter().map(rule));
    scoring.extend(agreement.scoring.groups.iter().map(|g| format!("{} adds {} at most", g.name, g.most)));
    tell("How a lead is scored", scoring);
    let offices = agreement.offices.iter().map(|office| {
        let hours = agreement.lines.get(&format!("office.{}.hours", part(&office.name))).unwrap_or_default();
        let mut line = format!("{}: {hours} ({})", office.name, zone(office));
        if !office.countries.is_empty() {
            let _ = write!(line, "; leads of {}", office.countries.join(", "));
        }
        if !office.reps.is_empty() {
            let _ = write!(line, "; {} of its reps named", office.reps.len());
        }
        line
    });
    let mut offices: Vec<String> = offices.collect();
    if offices.len() > 1 {
        offices.push(match agreement.clocks_follow {
            Whose::Rep => "clocks follow the office of the rep who has the lead".to_owned(),
            Whose::Lead => "clocks follow the office of the lead's country".to_owned(),
        });
    }
    tell("Who works when", offices);
    tell("When clocks stand still", agreement.pauses.iter().map(pause).collect());
    let routes = agreement.routes.iter().map(|r| match &r.when {
        Some(when) => format!("{}: {when} goes to {}", r.name, r.to),
        None => format!("{}: all others go to {}", r.name, r.to),
    });
    tell("Who gets which lead", routes.collect());
    for team in [Team::Sales, Team::Marketing] {
        let owed = agreement.clauses.iter().filter(|c| c.kind.by == team);
        let heading = match team {
            Team::Sales => "What sales owes",
            Team::Marketing => "What marketing owes",
        };
        tell(heading, owed.map(|c| c.sentence(currency.as_deref())).collect());
    }
    tell("What is to be reached", agreement.targets.iter().map(|t| target(t, currency.as_deref())).collect());
    if !agreement.target_accounts.is_empty() {
        tell("Target accounts", vec![agreement.target_accounts.join(", ")]);
    }
    let reasons = agreement.reasons.iter().map(|r| {
        let means = r.means.as_ref().map(|m| format!(": {m}")).unwrap_or_default();
        format!("{} ({}){means}", r.name, r.then.word())
    });
    tell("Why a lead is turned down", reasons.collect());
    let discounts = agreement.discounts.iter().map(|d| format!("up to {}: {}", d.up_to, d.by));
    tell("Who may give how much away", discounts.collect());
    let meetings = agreement.meetings.iter().map(|m| {
        let who = if m.who.is_empty() { String::new() } else { format!(", with {}", m.who.join(", ")) };
        format!("{} every {}{who}", m.name, m.every)
    });
    tell("When both meet", meetings.collect());
    let decisions = agreement.decisions.iter().map(|d| {
        let because = d.because.as_ref().map(|b| format!(", because {b}")).unwrap_or_default();
        format!("{}: {} decides by {}{because}", d.what, d.by, d.until)
    });
    tell("What leadership decides", decisions.collect());
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn pause(pause: &Pause) -> String {
    let whose = match pause.clocks {
        Some(Team::Sales) => ", for sales",
        Some(Team::Marketing) => ", for marketing",
        None => "",
    };
    let most = pause.at_most.map(|most| format!(", {most} at most")).unwrap_or_default();
    format!("{}: while the CRM shows {}{whose}{most}", pause.reason, pause.stages.join(" or "))
}

fn zone(office: &super::Office) -> String {
    office.calendar.zone().iana_name().unwrap_or("UTC").to_owned()
}

fn signer(party: Party, who: &[String]) -> String {
    format!("{}: {}", party.word(), who.join(" or "))
}

fn defined(stage: Stage, definition: &Definition) -> String {
    let word = stage.word();
    match (&definition.means, &definition.when) {
        (Some(means), Some(when)) => format!("{word}: {means} ({when})"),
        (Some(means), None) => format!("{word}: {means} (as recorded in the CRM)"),
        (None, Some(when)) => format!("{word}: {when}"),
        (None, None) => format!("{word}: as recorded in the CRM"),
    }
}

fn rule(rule: &Rule) -> String {
    let mut line = format!("{:+} {} ({}): ", rule.points, rule.name, rule.group);
    line.push_str(match rule.of {
        Of::Lead => "",
        Of::Touch if rule.repeats => "each touch with ",
        Of::Touch => "a touch with ",
    });
    let _ = write!(line, "{}", rule.when);
    if let Some(most) = rule.most {
        let _ = write!(line, ", {most} in all at most");
    }
    if let Some(half) = rule.half_life {
        let _ = write!(line, ", worth half after {half}");
    }
    if rule.required {
        line.push_str("; without it no lead is qualified");
    }
    line
}

fn target(target: &Target, currency: Option<&str>) -> String {
    let mut what: Vec<String> = Vec::new();
    what.extend(target.won.map(|won| format!("won {} {}", money(won), currency.unwrap_or_default()).trim().to_owned()));
    what.extend(target.mqls.map(|n| format!("{n} qualified leads")));
    what.extend(target.opportunities.map(|n| format!("{n} opportunities")));
    let segment = target.segment.as_ref().map(|s| format!(", {s}")).unwrap_or_default();
    format!("{}{segment}: {}", target.period, what.join(", "))
}

/// One difference in words, such as `sales, first attempt, within: 4 working hours becomes 2 working hours`.
pub fn said(change: &Change) -> String {
    let words = |part: &str| if part.starts_with('"') { part.to_owned() } else { part.replace('_', " ") };
    let place = parts(&change.place).into_iter().map(words).collect::<Vec<_>>().join(", ");
    match (change.before.as_deref(), change.after.as_deref()) {
        (Some("yes"), None) => format!("{place}: is gone"),
        (None, Some("yes")) => format!("{place}: is new"),
        (Some(before), None) => format!("{place}: {before} is gone"),
        (None, Some(after)) => format!("{place}: {after} is new"),
        (Some(before), Some(after)) => format!("{place}: {before} becomes {after}"),
        (None, None) => place,
    }
}
