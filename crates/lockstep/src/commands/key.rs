//! `lockstep key`: the keys that sign agreements.
//!
//! Invariant: the secret half never leaves the file of whoever signs.

use std::path::{Path, PathBuf};

use agreement::book::{self, Act};
use agreement::document::Party;
use lined::Document;

use crate::agreements::{self, party};
use crate::cli::{self, KeyWhat};
use crate::failure::Failure;
use crate::home::Home;
use crate::output::{self, Ended, Style};

/// A key as its file tells it.
pub struct KeyFile {
    pub party: Party,
    pub role: String,
    pub public: String,
    /// `None` in a file with the public half alone.
    pub secret: Option<[u8; 32]>,
}

/// Reads a key file.
pub fn read(path: &Path) -> Result<KeyFile, Failure> {
    let text = std::fs::read_to_string(path).map_err(|cause| Failure::io(path, "read", &cause))?;
    let origin = path.display().to_string();
    let read = || {
        let document = Document::parse(&text, &origin, "`lockstep key new --help`")?;
        let mut root = document.root();
        let needed = |value: Option<String>, key: &str, root: &lined::Table<'_>| {
            value.ok_or_else(|| root.error(format!("no {key}"), "make a key with `lockstep key new`"))
        };
        let word = root.text("party")?;
        let word = needed(word, "party", &root)?;
        let party = party(&word)
            .ok_or_else(|| root.error(format!("`{word}` is no party"), "use sales, marketing or leadership"))?;
        let role = root.text("role")?;
        let role = needed(role, "role", &root)?;
        let public = root.text("public")?;
        let public = needed(public, "public", &root)?.to_lowercase();
        let secret = match root.take("secret") {
            None => None,
            Some(node) => Some(book::unhex::<32>(&node.text()?).ok_or_else(|| {
                node.error("no secret of 64 hexadecimal digits", "restore the file, or make a new key")
            })?),
        };
        if secret.is_some_and(|secret| book::public(&secret) != public) {
            return Err(root.error("public and secret are not of one key", "restore the file, or make a new key"));
        }
        root.done()?;
        Ok(KeyFile { party, role, public, secret })
    };
    read().map_err(|wrong: lined::Error| Failure::new("key_file", wrong.to_string()).hint(wrong.hint))
}

fn pub_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".pub");
    name.into()
}

/// Runs the command.
pub fn run(args: &cli::KeyArgs, home: &Path, style: Style) -> Result<Ended, Failure> {
    match &args.what {
        KeyWhat::New { party: word, role, out } => new(word, role.trim(), out, style),
        KeyWhat::Register { file } => register(file, home, style),
        KeyWhat::Withdraw { public } => withdraw(public, home, style),
        KeyWhat::List => list(home, style),
    }
}

fn new(word: &str, role: &str, out: &Path, style: Style) -> Result<Ended, Failure> {
    let party = party(word).ok_or_else(|| {
        Failure::new("bad_party", format!("`{word}`: is no party")).hint("use sales, marketing or leadership")
    })?;
    if role.is_empty() || role.contains(['"', '\\']) || role.chars().any(char::is_control) {
        return Err(Failure::new("bad_role", format!("`{role}`: is no role")).hint("write such as --role 'VP Sales'"));
    }
    let secret = desk::secret()?;
    let public = book::public(&secret);
    let half = format!("party = \"{}\"\nrole = \"{role}\"\npublic = \"{public}\"\n", party.word());
    let whole = format!(
        "# The key of {role} ({}). Keep it to yourself: whoever has this file can sign in your name.\n{half}secret = \"{}\"\n",
        party.word(),
        book::hex(&secret)
    );
    let shown = pub_of(out);
    if shown.exists() {
        return Err(
            Failure::new("exists", format!("`{}`: is there already", shown.display())).hint("name another file")
        );
    }
    agreements::write_new(out, &whole, true)?;
    agreements::write_new(&shown, &half, false)?;
    if style.json {
        output::print_json(&serde_json::json!({ "public": public, "party": party.word(), "role": role }))?;
    } else {
        output::print(&format!(
            "{} holds the key: keep it, and a copy of it, where nobody else reads.\n{} holds its public half, {public}\nNext: whoever runs the home does `lockstep key register {}`; compare the digits.\n",
            out.display(),
            shown.display(),
            shown.display()
        ))?;
    }
    Ok(Ended::Done)
}

fn register(file: &Path, home: &Path, style: Style) -> Result<Ended, Failure> {
    let key = read(file)?;
    let mut home = Home::open_or_create(home)?;
    let mut step = agreements::step(&home, Act::Register);
    (step.party, step.role, step.public) = (Some(key.party), key.role.clone(), key.public.clone());
    let (seq, ..) = agreements::take(&mut home, &step)?;
    if style.json {
        output::print_json(&serde_json::json!({ "batch": seq, "public": key.public }))?;
    } else {
        output::print(&format!(
            "{} of {} signs with {} from now on, in batch {seq}.\n",
            key.role,
            key.party.word(),
            key.public
        ))?;
    }
    Ok(Ended::Done)
}

fn withdraw(public: &str, home: &Path, style: Style) -> Result<Ended, Failure> {
    let mut home = Home::open(home)?;
    let known = agreements::book(home.ledger.head())?;
    let mut fits = known.keys.iter().filter(|k| k.until.is_none() && public.len() >= 6 && k.public.starts_with(public));
    let (Some(key), None) = (fits.next(), fits.next()) else {
        return Err(Failure::new("unknown_key", format!("`{public}`: is not the beginning of one key that may sign"))
            .hint("see `lockstep key list`"));
    };
    let mut step = agreements::step(&home, Act::Withdraw);
    step.public.clone_from(&key.public);
    let (seq, ..) = agreements::take(&mut home, &step)?;
    if style.json {
        output::print_json(&serde_json::json!({ "batch": seq, "public": key.public }))?;
    } else {
        let told =
            format!("{} of {} may sign no more, in batch {seq}; what it signed stays.\n", key.role, key.party.word());
        output::print(&told)?;
    }
    Ok(Ended::Done)
}

fn list(home: &Path, style: Style) -> Result<Ended, Failure> {
    let home = Home::open_to_read(home)?;
    let known = agreements::book(home.ledger.head())?;
    if style.json {
        let keys: Vec<serde_json::Value> = known
            .keys
            .iter()
            .map(|k| {
                serde_json::json!({ "party": k.party.word(), "role": k.role, "public": k.public,
                    "since": k.since.to_string(), "until": k.until.map(|u| u.to_string()) })
            })
            .collect();
        return output::print_json(&serde_json::json!({ "keys": keys })).map(|()| Ended::Done);
    }
    if known.keys.is_empty() {
        return output::print("No key is registered. Make one with `lockstep key new`.\n").map(|()| Ended::Done);
    }
    let rows: Vec<Vec<String>> = known
        .keys
        .iter()
        .map(|k| {
            let until = k.until.map_or_else(|| "may sign".to_owned(), |u| format!("until {u}"));
            vec![k.party.word().to_owned(), k.role.clone(), k.public.clone(), k.since.to_string(), until]
        })
        .collect();
    output::print(&faces::rows::table(&["party", "role", "key", "since", "state"], &rows, style.columns()))?;
    Ok(Ended::Done)
}
