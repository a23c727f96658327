//! `lockstep agreement`: the document that both teams sign.
//!
//! Not here: what a document means (`agreement::document`), which signatures count (`agreement::book`).

use std::io::Read;
use std::path::{Path, PathBuf};

use agreement::book::{Act, Book, Ending, State, Version};
use agreement::document::{self, Agreement, DRAFT};

use crate::agreements;
use crate::cli::{self, AgreementWhat};
use crate::commands::{key, preview};
use crate::drafting;
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::Agreement, home: &Path, style: Style) -> Result<Ended, Failure> {
    match &args.what {
        AgreementWhat::New { from_data: false } => output::print(DRAFT).map(|()| Ended::Done),
        AgreementWhat::New { from_data: true } => {
            let home = Home::open_to_read(home)?;
            output::print(&drafting::draft(&home, style)?).map(|()| Ended::Done)
        }
        AgreementWhat::Check { document } => check(&named(document, home)?.1, style),
        AgreementWhat::Show { document, text } => {
            let (source, agreement) = match document {
                Some(document) => named(document, home)?,
                None => in_force(home)?,
            };
            if *text { output::print(&source).map(|()| Ended::Done) } else { show(&agreement, style) }
        }
        AgreementWhat::Diff { before, after } => diff(&named(before, home)?.1, &named(after, home)?.1, style),
        AgreementWhat::Preview(args) => {
            let (_, proposal) = named(&args.document, home)?;
            preview::run(proposal, args, &Home::open_to_read(home)?, style)
        }
        AgreementWhat::Propose { file } => propose(file, home, style),
        AgreementWhat::Sign(sign) => act(Act::Sign, sign, "", home, style),
        AgreementWhat::Decline { sign, because } => act(Act::Decline, sign, because.trim(), home, style),
        AgreementWhat::Expire(sign) => act(Act::Expire, sign, "", home, style),
        AgreementWhat::History => history(home, style),
        AgreementWhat::Receipt { which, party } => {
            let of = agreements::party(party).ok_or_else(|| {
                Failure::new("bad_party", format!("`{party}`: is no party")).hint("sales, marketing or leadership")
            })?;
            output::print(&agreements::receipt_again(Home::open_to_read(home)?.ledger.head(), which, of)?)?;
            Ok(Ended::Done)
        }
    }
}

/// A file that is there, standard input, or a version of the home.
fn named(document: &str, home: &Path) -> Result<(String, Agreement), Failure> {
    let path = Path::new(document);
    let is_name = document.chars().all(|c| c.is_ascii_hexdigit());
    if document == "-" || path.exists() || !is_name {
        return read(path);
    }
    let home = Home::open_to_read(home)?;
    let book = agreements::book(home.ledger.head())?;
    let version = agreements::find(&book, document)?;
    Ok((version.text.clone(), version.agreement.clone()))
}

fn in_force(home: &Path) -> Result<(String, Agreement), Failure> {
    let home = Home::open_to_read(home)?;
    let book = agreements::book(home.ledger.head())?;
    let version = book.in_force(home::now()).ok_or_else(|| {
        Failure::new("none_in_force", "no agreement is in force").hint("see `lockstep agreement history`")
    })?;
    Ok((version.text.clone(), version.agreement.clone()))
}

fn read(file: &Path) -> Result<(String, Agreement), Failure> {
    let most = document::MOST_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let (origin, done) = if file == Path::new("-") {
        ("standard input".to_owned(), std::io::stdin().lock().take(most).read_to_end(&mut bytes))
    } else {
        let opened = std::fs::File::open(file);
        (file.display().to_string(), opened.and_then(|opened| opened.take(most).read_to_end(&mut bytes)))
    };
    done.map_err(|cause| Failure::io(file, "read", &cause))?;
    let text = String::from_utf8(bytes).map_err(|cause| {
        let line = cause.as_bytes()[..cause.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count() + 1;
        Failure::new("agreement", format!("`{origin}:{line}`: not UTF-8")).hint("save the file as UTF-8")
    })?;
    // a byte order mark is no part of the text
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
    let agreement = Agreement::parse(&text, &origin).map_err(|wrong| {
        let place = if wrong.place.is_empty() { String::new() } else { format!("[{}] ", wrong.place) };
        let message = format!("`{}:{}`: {place}{}", wrong.origin, wrong.line, wrong.cause);
        Failure::new("agreement", message).hint(wrong.hint)
    })?;
    Ok((text, agreement))
}

fn check(agreement: &Agreement, style: Style) -> Result<Ended, Failure> {
    let doubts = document::doubts(agreement, home::now().day());
    let ended = if doubts.is_empty() { Ended::Done } else { Ended::WithRejects };
    if style.json {
        let doubts: Vec<serde_json::Value> =
            doubts.iter().map(|d| serde_json::json!({ "code": d.code, "place": d.place, "text": d.text })).collect();
        let name = &agreement.name;
        output::print_json(&serde_json::json!({ "name": name, "hash": agreement.hash(), "doubts": doubts }))?;
        return Ok(ended);
    }
    let mut out = format!("{} reads well; its hash is {}\n", agreement.name, agreement.hash());
    for doubt in &doubts {
        out.push_str(&format!("  {}: {}\n", doubt.place, doubt.text));
    }
    if doubts.is_empty() {
        out.push_str("Nothing in it is doubtful.\n");
    }
    output::print(&out)?;
    Ok(ended)
}

fn show(agreement: &Agreement, style: Style) -> Result<Ended, Failure> {
    if style.json {
        let says: serde_json::Map<String, serde_json::Value> =
            agreement.lines.iter().map(|(place, value)| (place.to_owned(), value.into())).collect();
        let name = &agreement.name;
        output::print_json(&serde_json::json!({ "name": name, "hash": agreement.hash(), "says": says }))?;
    } else {
        output::print(&document::read_aloud(agreement))?;
    }
    Ok(Ended::Done)
}

fn diff(before: &Agreement, after: &Agreement, style: Style) -> Result<Ended, Failure> {
    let changes = document::changes(&before.lines, &after.lines);
    if style.json {
        let changes: Vec<serde_json::Value> = changes
            .iter()
            .map(|c| serde_json::json!({ "place": c.place, "before": c.before, "after": c.after }))
            .collect();
        let hashes = [before.hash(), after.hash()];
        output::print_json(&serde_json::json!({ "hashes": hashes, "changes": changes }))?;
        return Ok(Ended::Done);
    }
    if changes.is_empty() {
        output::print(&format!("Both say the same; their hash is {}\n", before.hash()))?;
        return Ok(Ended::Done);
    }
    let mut out: String = changes.iter().map(|change| document::said(change) + "\n").collect();
    let differences = if changes.len() == 1 { "difference" } else { "differences" };
    out.push_str(&format!("{} {differences}; signatures under one do not hold for the other\n", changes.len()));
    output::print(&out)?;
    Ok(Ended::Done)
}

fn propose(file: &Path, home: &Path, style: Style) -> Result<Ended, Failure> {
    let (text, agreement) = read(file)?;
    let doubts = document::doubts(&agreement, home::now().day());
    let mut home = Home::open_or_create(home)?;
    let mut step = agreements::step(&home, Act::Propose);
    (step.hash, step.text) = (agreement.hash(), text);
    let (seq, _, book) = agreements::take(&mut home, &step)?;
    let number = book.versions.iter().find(|v| v.hash == step.hash).map_or(0, |v| v.number);
    if style.json {
        output::print_json(&serde_json::json!({ "batch": seq, "version": number, "hash": step.hash }))?;
        return Ok(Ended::Done);
    }
    let mut out = format!("Version {number} is proposed, in batch {seq}; its hash is {}\n", step.hash);
    for doubt in &doubts {
        out.push_str(&format!("  {}: {}\n", doubt.place, doubt.text));
    }
    out.push_str(&format!("It holds when both teams have signed it: lockstep agreement sign {number} --key FILE\n"));
    output::print(&out)?;
    Ok(Ended::Done)
}

/// Signs, declines or ends a version, and leaves the receipt.
fn act(act: Act, sign: &cli::Sign, because: &str, home: &Path, style: Style) -> Result<Ended, Failure> {
    let key = key::read(&sign.key)?;
    let Some(secret) = key.secret else {
        return Err(Failure::new("key_file", format!("`{}`: holds the public half alone", sign.key.display()))
            .hint("sign with the file that `lockstep key new` made for you, not with its .pub"));
    };
    if act == Act::Decline && because.is_empty() {
        return Err(Failure::new("no_reason", "`--because`: read nothing, expected why it is declined")
            .hint("the other side reads it: --because 'four hours are too few on Mondays'"));
    }
    let mut home = Home::open(home)?;
    let book = agreements::book(home.ledger.head())?;
    let version = agreements::find(&book, &sign.which)?;
    let number = version.number;
    let receipt = sign.receipt.clone().unwrap_or_else(|| {
        let word = if act == Act::Sign { String::new() } else { format!("{}-", act.word()) };
        PathBuf::from(format!("receipt-{word}{number}-{}.json", key.party.word()))
    });
    if receipt.exists() {
        return Err(Failure::new("exists", format!("`{}`: is there already", receipt.display()))
            .hint("name another file with --receipt"));
    }
    let mut step = agreements::step(&home, act);
    (step.party, step.role, step.public) = (Some(key.party), key.role.clone(), key.public.clone());
    (step.hash, step.because) = (version.hash.clone(), because.to_owned());
    step.signature = step.statement().map(|statement| statement.sign(&secret)).unwrap_or_default();
    let (seq, head, book) = agreements::take(&mut home, &step)?;
    let told = agreements::receipt(&step, number, (seq, &head));
    agreements::write_new(&receipt, &format!("{told:#}\n"), false)?;
    if style.json {
        return output::print_json(&told).map(|()| Ended::Done);
    }
    let what = match act {
        Act::Decline => "declined",
        Act::Expire => "ended",
        _ => "signed",
    };
    let state =
        book.versions.iter().find(|v| v.number == number).map(|v| said(&book, v, home::now())).unwrap_or_default();
    output::print(&format!(
        "{} of {} has {what} version {number}, in batch {seq}: {state}\nThe receipt is in {}. Both sides keep a copy; `lockstep verify --against {}` proves later that nothing before it was rewritten.\n",
        key.role,
        key.party.word(),
        receipt.display(),
        receipt.display()
    ))?;
    Ok(Ended::Done)
}

/// What a version is now, in words.
pub fn said(book: &Book, version: &Version, now: terms::Instant) -> String {
    let by =
        |signed: &[agreement::book::Signed]| signed.iter().map(|s| s.party.word()).collect::<Vec<_>>().join(" and ");
    match book.state(version.number, now) {
        State::Unknown | State::Proposed if version.signed.is_empty() => "waits for both signatures".to_owned(),
        State::Unknown | State::Proposed => format!("waits for the other side; signed by {}", by(&version.signed)),
        State::Declined => {
            let (who, why) = version.declined.as_ref().map_or(("", ""), |(s, why)| (s.party.word(), why.as_str()));
            format!("declined by {who}: {why}")
        }
        State::Agreed { from } => format!("signed by both, holds from {}", from.day()),
        State::InForce { since } => {
            let mut out = format!("in force since {}", since.day());
            if !version.ending.is_empty() {
                out.push_str(&format!("; {} has ended it, the other side has not", by(&version.ending)));
            }
            out
        }
        State::Over { since, why } => match why {
            Ending::Expired => format!("expired on {}", since.day()),
            Ending::Ended => format!("ended by both on {}", since.day()),
            Ending::Superseded(next) => format!("replaced by version {next} on {}", since.day()),
        },
    }
}

fn history(home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let book = agreements::book(home.ledger.head())?;
    let today = home::now().day();
    let soon = |v: &Version| document::doubts(&v.agreement, today).into_iter().find(|d| d.code == "expires_soon");
    if style.json {
        let signed = |all: &[agreement::book::Signed]| -> Vec<serde_json::Value> {
            all.iter()
                .map(|s| {
                    serde_json::json!({ "party": s.party.word(), "role": s.role, "at": s.at.to_string(),
                        "batch": s.batch, "public_key": s.public })
                })
                .collect()
        };
        let versions: Vec<serde_json::Value> = book
            .versions
            .iter()
            .map(|v| {
                serde_json::json!({ "version": v.number, "hash": v.hash, "name": v.agreement.name,
                    "proposed": v.proposed.to_string(), "effective": v.agreement.effective.to_string(),
                    "in_force": matches!(book.state(v.number, home::now()), State::InForce { .. }),
                    "state": said(&book, v, home::now()), "signed": signed(&v.signed), "ending": signed(&v.ending) })
            })
            .collect();
        let idle: Vec<serde_json::Value> = book
            .idle
            .iter()
            .map(|i| serde_json::json!({ "batch": i.batch, "act": i.act.word(), "why": i.why }))
            .collect();
        output::print_json(&serde_json::json!({ "versions": versions, "not_counted": idle }))?;
    } else if book.versions.is_empty() {
        output::print("No agreement was proposed yet. Start with `lockstep agreement new`.\n")?;
    } else {
        let rows: Vec<Vec<String>> = book
            .versions
            .iter()
            .map(|v| {
                let roles = v.signed.iter().map(|s| format!("{} ({})", s.role, s.at.day())).collect::<Vec<_>>();
                let (number, hash) = (v.number.to_string(), v.hash[..12].to_owned());
                vec![number, hash, v.agreement.effective.to_string(), said(&book, v, home::now()), roles.join(", ")]
            })
            .collect();
        let mut out =
            faces::rows::table(&["version", "hash", "effective", "state", "signed by"], &rows, style.columns());
        for version in &book.versions {
            let is_in_force = matches!(book.state(version.number, home::now()), State::InForce { .. });
            if let Some(doubt) = soon(version).filter(|_| is_in_force) {
                out.push_str(&format!("Version {}: {}\n", version.number, doubt.text));
            }
        }
        for idle in &book.idle {
            out.push_str(&format!("Batch {} does not count ({}): {}\n", idle.batch, idle.act.word(), idle.why));
        }
        output::print(&out)?;
    }
    Ok(if book.idle.is_empty() { Ended::Done } else { Ended::WithRejects })
}
