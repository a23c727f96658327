//! The suggested mapping as text, to be read, corrected and kept.
//!
//! Invariant: the text is TOML in the mapping format whatever the header holds; every guess says how sure it is.

use std::fmt::Write as _;

use entries::Kind;
use terms::Entity;

use super::fold;
use super::looks::Looks;
use super::place::{self, Spot};
use super::{Placed, Suggestion};

/// The complete mapping.
pub(super) fn mapping(suggestion: &Suggestion, placed: &[Spot], looks: &[Looks], file_name: &str) -> String {
    let mut out = String::new();
    let file_name = file_name.rsplit(['/', '\\', '!']).next().unwrap_or("");
    let name = name_of(file_name);
    let entity = suggestion.entity.entity;
    line(&mut out, "# Suggested from the header and a sample of the rows. Read every line before you use it.");
    line(&mut out, &format!("name = {}", quoted(&name)));
    line(
        &mut out,
        &format!("system = {}   # whose ids these are: the same name for every table of one tool", quoted(&name)),
    );
    line(&mut out, &format!("description = {}", quoted(&format!("{}: {}", entity.word(), one_line(file_name)))));
    recognise(&mut out, placed, suggestion, file_name);
    file(&mut out, suggestion, placed);
    line(&mut out, "\n[[entity]]");
    let other = suggestion.entity.runner_up.map_or(String::new(), |(e, c)| format!("; or {} ({c})", e.word()));
    line(
        &mut out,
        &format!("entity = {}   # confidence {}{other}", quoted(entity.word()), suggestion.entity.confidence),
    );
    head(&mut out, entity, placed, looks);
    line(&mut out, "[entity.set]");
    for spot in placed {
        term(&mut out, entity, spot, &looks[spot.index], suggestion);
    }
    person(&mut out, entity, placed);
    agent(&mut out, placed);
    not_placed(&mut out, entity, suggestion);
    values(&mut out, suggestion);
    out
}

fn recognise(out: &mut String, placed: &[Spot], suggestion: &Suggestion, file_name: &str) {
    let mut sure: Vec<&Spot> = placed.iter().collect();
    sure.sort_by(|a, b| b.placed.confidence.total_cmp(&a.placed.confidence).then(a.index.cmp(&b.index)));
    sure.truncate(6);
    sure.sort_by_key(|s| s.index);
    let mut headers: Vec<String> = sure.iter().map(|s| quoted(&s.placed.column)).collect();
    if headers.is_empty() {
        let others = suggestion.unplaced.iter().map(|(column, _)| column).filter(|c| place::unnameable(c).is_none());
        headers = others.take(6).map(|column| quoted(column)).collect();
    }
    line(out, "\n[recognise]");
    if headers.is_empty() {
        let stem: String = file_name.chars().filter(|c| c.is_ascii_alphanumeric() || "._- ".contains(*c)).collect();
        line(out, &format!("files = [{}]", quoted(&stem.to_lowercase())));
        line(out, "files_required = true   # no column has a name to recognise it by");
    } else {
        line(out, &format!("headers = [{}]   # a file with all of these is this table", headers.join(", ")));
    }
}

fn file(out: &mut String, suggestion: &Suggestion, placed: &[Spot]) {
    line(out, "\n[file]");
    if !suggestion.dates_needing_order.is_empty() {
        let columns = suggestion.dates_needing_order.iter().map(|c| format!("`{}`", one_line(c))).collect::<Vec<_>>();
        line(
            out,
            &format!(
                "# date_order = \"dmy\"   # or \"mdy\": every date of {} in the sample can be read both ways",
                columns.join(", ")
            ),
        );
    }
    if let Some(spot) = placed.iter().find(|s| s.placed.term == "currency") {
        line(out, &format!("currency_column = {}   {}", quoted(&spot.placed.column), beside(&spot.placed)));
    }
    let codes: Vec<&String> = suggestion.currencies.iter().filter(|c| c.len() == 3).collect();
    match (codes.as_slice(), suggestion.currencies.len()) {
        ([code], 1) => line(out, &format!("currency = {}   # seen in the cells", quoted(code))),
        (_, 0) => line(out, "# currency = \"USD\"   # none is shown in the cells: the home's setting counts"),
        _ => line(out, &format!("# currency = \"USD\"   # seen in the cells: {}", suggestion.currencies.join(", "))),
    }
    line(out, "# time_zone = \"UTC\"   # of times without a zone; the home's setting counts");
}

fn head(out: &mut String, entity: Entity, placed: &[Spot], looks: &[Looks]) {
    let find = |term: &str| placed.iter().find(|s| s.placed.term == term);
    match find("id") {
        Some(spot) => line(out, &format!("id = [{}]   {}", quoted(&spot.placed.column), beside(&spot.placed))),
        None if entity == Entity::SpendDay => {
            let parts: Vec<String> = ["campaign", "campaign_name", "audience", "valid_at"]
                .iter()
                .filter_map(|term| find(term))
                .map(|s| quoted(&s.placed.column))
                .collect();
            if !parts.is_empty() {
                line(out, &format!("id = [{}]   # one row each", parts.join(", ")));
            }
        }
        None => line(
            out,
            "# id = [\"...\"]   # no column is named like an id: the key is made of the row's content unless you name the column that tells rows apart",
        ),
    }
    if let Some(spot) = find("subject") {
        line(
            out,
            &format!("subject = {}   {}", subject(&spot.placed.column, &looks[spot.index]), beside(&spot.placed)),
        );
    } else if matches!(entity, Entity::StageChange | Entity::Activity | Entity::Touch) {
        line(
            out,
            "# subject = { column = \"...\", key = \"lead\" }   # not found: the lead, person or opportunity it is about",
        );
    }
    let times: Vec<&Spot> = ["valid_at", "created_at", "won_at"].iter().filter_map(|term| find(term)).collect();
    if let Some(first) = times.first() {
        let columns: Vec<String> = times.iter().map(|s| quoted(&s.placed.column)).collect();
        line(out, &format!("valid_at = [{}]   {}", columns.join(", "), beside(&first.placed)));
    } else {
        line(out, "# valid_at = [\"...\"]   # no column says when: the rows have no time");
    }
    if let Some(spot) = find("deleted") {
        line(out, &format!("deleted = {}   {}", quoted(&spot.placed.column), beside(&spot.placed)));
    }
}

fn subject(column: &str, looks: &Looks) -> String {
    let words = format!(" {} ", fold::words(column));
    let is = |any: &[&str]| any.iter().any(|w| words.contains(&format!(" {w} ")));
    if looks.mails > 0.3 {
        return format!("{{ person = {{ mail = {} }} }}", quoted(column));
    }
    let key = match () {
        () if is(&["who", "what", "related", "parent", "record"]) => "salesforce",
        () if is(&["opportunity", "deal"]) => "opportunity",
        () if is(&["contact", "person", "customer", "user", "visitor", "recipient"]) => "person",
        () => "lead",
    };
    format!("{{ column = {}, key = {} }}", quoted(column), quoted(key))
}

/// The line of one placed column, where it is a field of the entity.
fn term(out: &mut String, entity: Entity, spot: &Spot, looks: &Looks, suggestion: &Suggestion) {
    let placed = &spot.placed;
    let (term, column) = (placed.term.as_str(), quoted(&placed.column));
    let Some(kind) = place::kind(entity, term) else { return };
    let has_map = suggestion.values.iter().any(|v| v.map == term);
    let words = fold::words(&placed.column);
    let source = match (kind, term) {
        (Kind::Stage, _) => format!("{{ column = {column}, map = {} }}", quoted(term)),
        (Kind::Key, _) => key_source(term, &column, looks),
        (Kind::Flag, _) if has_map => format!("{{ column = {column}, map = {}, else = \"\" }}", quoted(term)),
        (_, "kind") if has_map => format!("{{ column = {column}, map = \"kind\", else = \"task\" }}"),
        (_, "direction") if has_map => format!("{{ column = {column}, map = \"direction\", else = \"\" }}"),
        (_, "discount" | "probability") if looks.above_one && looks.percents < 0.5 => {
            format!("{{ column = {column}, scale = 0.01 }}")
        }
        (_, "domain") => format!("{{ web_domain = {column} }}"),
        (_, "duration_seconds") if words.contains("minut") => format!("{{ column = {column}, scale = 60 }}"),
        (Kind::Money, _) if words.contains("micros") => format!("{{ column = {column}, scale = 0.000001 }}"),
        _ => column.clone(),
    };
    line(out, &format!("{term} = {source}   {}", beside(placed)));
    match term {
        "stage" => line(out, &format!("stage_raw = {column}")),
        "from_stage" => line(out, &format!("from_raw = {column}")),
        _ => {}
    }
}

fn key_source(term: &str, column: &str, looks: &Looks) -> String {
    let (key, is_person_of_ours) = match term {
        "owner" | "rep" | "by" | "sdr" | "manager" => ("rep", true),
        "account" | "converted_account" => ("account", false),
        "person" | "converted_person" => ("person", false),
        "lead" => ("lead", false),
        "opportunity" | "converted_opportunity" => ("opportunity", false),
        "campaign" => ("campaign", false),
        "parent" => ("account", false),
        other => (other, false),
    };
    // reps known by anything but an id are known by a name or a mail: the vault gives an alias
    if is_person_of_ours && !looks_like_ids(looks) {
        return format!("{{ column = {column}, key = \"rep\", alias = true }}");
    }
    format!("{{ column = {column}, key = {} }}", quoted(key))
}

fn looks_like_ids(looks: &Looks) -> bool {
    let with_digit =
        looks.values.keys().filter(|v| v.bytes().any(|b| b.is_ascii_digit()) && !v.contains('@') && !v.contains(' '));
    !looks.values.is_empty() && with_digit.count() * 5 >= looks.values.len() * 4
}

fn person(out: &mut String, entity: Entity, placed: &[Spot]) {
    let parts: Vec<&Placed> = placed.iter().map(|s| &s.placed).filter(|p| p.term.starts_with("person.")).collect();
    if parts.is_empty() {
        return;
    }
    let inner: Vec<String> =
        parts.iter().map(|p| format!("{} = {}", p.term.trim_start_matches("person."), quoted(&p.column))).collect();
    let least = parts.iter().map(|p| p.confidence).fold(1.0, f64::min);
    line(
        out,
        &format!(
            "person = {{ person = {{ {} }} }}   # confidence {least}: names, mails and phones go to the vault",
            inner.join(", ")
        ),
    );
    if let Some(mail) = parts.iter().find(|p| p.term == "person.mail").filter(|_| has_domain(entity)) {
        let column = quoted(&mail.column);
        line(
            out,
            &format!(
                "mail_domain = {{ mail_domain = {column} }}   # the company's part of the address is no person's data"
            ),
        );
    }
}

/// What the program that made a touch says of itself: those without a reader are marked, the text itself is not kept.
fn agent(out: &mut String, placed: &[Spot]) {
    let Some(spot) = placed.iter().find(|s| s.placed.term == "agent") else { return };
    let source = format!("{{ agent = {} }}", quoted(&spot.placed.column));
    if placed.iter().all(|s| s.placed.term != "automatic") {
        line(out, &format!("automatic = {source}   {}", beside(&spot.placed)));
    }
    line(out, &format!("reason = {source}"));
}

/// Whether the domain of a mail address is kept beside what goes to the vault.
fn has_domain(entity: Entity) -> bool {
    matches!(entity, Entity::Lead | Entity::Person)
}

fn not_placed(out: &mut String, entity: Entity, suggestion: &Suggestion) {
    if suggestion.unplaced.is_empty() {
        return;
    }
    if entity == Entity::Lead {
        line(out, "# attributes = { rest = [\"...\"] }        # columns known when the lead came in");
        line(out, "# late_attributes = { rest = [\"...\"] }   # columns that sales fills in later: never for scoring");
    }
    line(out, "# not placed:");
    for (column, why) in &suggestion.unplaced {
        line(out, &format!("#   {}: {}", quoted(&cut(column)), one_line(why)));
    }
}

/// The start of a name that is too long to be one: a file that is no table has such.
fn cut(name: &str) -> String {
    const LONGEST: usize = 120;
    let mut start: String = name.chars().take(LONGEST).collect();
    if start.len() < name.len() {
        start.push_str("...");
    }
    start
}

fn values(out: &mut String, suggestion: &Suggestion) {
    for map in &suggestion.values {
        line(out, &format!("\n[values.{}]   # of `{}`", map.map, one_line(&map.column)));
        for (value, guess) in &map.values {
            match guess {
                Some(word) => line(out, &format!("{} = {}", quoted(value), quoted(word))),
                None => line(out, &format!("# {} = \"\"   # no guess: stays as recorded", quoted(value))),
            }
        }
    }
}

fn beside(placed: &Placed) -> String {
    format!("# confidence {}: {}", placed.confidence, one_line(&placed.why))
}

fn line(out: &mut String, text: &str) {
    let _ = writeln!(out, "{text}");
}

/// A name for the mapping: the file's, without ending, dates and numbers.
fn name_of(file_name: &str) -> String {
    let stem = file_name.split('.').next().unwrap_or("");
    let words = fold::words(stem);
    let kept: Vec<&str> =
        words.split(' ').filter(|w| !w.is_empty() && !w.bytes().all(|b| b.is_ascii_digit())).collect();
    if kept.is_empty() { "table".to_owned() } else { kept.join("-") }
}

/// Text that cannot end a comment.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A TOML string.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(out, "\\u{:04X}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}
