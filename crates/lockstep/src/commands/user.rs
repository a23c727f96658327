//! `lockstep user`: who may sign in to the pages.

use std::io::{IsTerminal, Read};
use std::path::Path;

use desk::{Desk, Role, Token, User};
use terms::Instant;

use crate::cli::{self, UserWhat};
use crate::failure::Failure;
use crate::home::{self, Home};
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::UserArgs, home: &Path, style: Style) -> Result<Ended, Failure> {
    match &args.what {
        UserWhat::List => return list(&Home::open_to_read(home)?.desk, style),
        UserWhat::Add { name, role, label, owner } => {
            let home = Home::open(home)?;
            let role = parsed(role)?;
            let (password, made_up) = password()?;
            add(&home.desk, name, (role, label.as_deref().unwrap_or(name), owner), &password)?;
            told(name, "may sign in", made_up.then_some(&password), style)?;
        }
        UserWhat::Password { name } => {
            let home = Home::open(home)?;
            let (password, made_up) = password()?;
            let hash = hashed(&password)?;
            if !home.desk.set_password(&name.to_lowercase(), &hash)? {
                return Err(unknown(name));
            }
            told(name, "has another password; the sign-ins before it ended", made_up.then_some(&password), style)?;
        }
        UserWhat::Token { name, label, days, write } => {
            return token(&Home::open(home)?.desk, name, label, (*days, *write), style);
        }
        UserWhat::Tokens => return tokens(&Home::open_to_read(home)?.desk, style),
        UserWhat::Revoke { name, label } => {
            if !Home::open(home)?.desk.end_token(&name.to_lowercase(), label)? {
                return Err(Failure::new("unknown_token", format!("`{label}`: `{name}` has no token of that label"))
                    .hint("see `lockstep user tokens`"));
            }
            told(name, &format!("has no token `{label}` any more"), None, style)?;
        }
        UserWhat::Change { name, role, label, owner, manager } => {
            let home = Home::open(home)?;
            let known = |name: &str| home.desk.user(&name.to_lowercase()).map(|u| u.filter(|u| u.closed_at.is_none()));
            let mut user = known(name)?.ok_or_else(|| unknown(name))?;
            if let Some(word) = role {
                user.role = parsed(word)?;
            }
            if let Some(manager) = manager.as_deref().filter(|m| !m.is_empty()) {
                known(manager)?.ok_or_else(|| unknown(manager))?;
            }
            let set = |kept: &mut String, given: &Option<String>| given.iter().for_each(|given| kept.clone_from(given));
            set(&mut user.label, label);
            set(&mut user.owner, owner);
            set(&mut user.manager, &manager.as_ref().map(|m| m.to_lowercase()));
            if user.role == Role::Rep && user.owner.is_empty() {
                return Err(no_owner(&user.name));
            }
            home.desk.change_user(&user)?;
            told(name, "is changed", None, style)?;
        }
        UserWhat::Close { name } => {
            let home = Home::open(home)?;
            if !home.desk.close_user(&name.to_lowercase(), home::now())? {
                return Err(unknown(name));
            }
            told(name, "is closed", None, style)?;
        }
    }
    Ok(Ended::Done)
}

/// Adds a user.
pub fn add(desk: &Desk, name: &str, (role, label, owner): (Role, &str, &str), password: &str) -> Result<(), Failure> {
    let name = name.trim().to_lowercase();
    if name.is_empty() || name.chars().count() > 100 || name.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(Failure::new("bad_name", format!("`{name}`: is no name to sign in with"))
            .hint("give a name of at most 100 characters without spaces, such as a mail address"));
    }
    if role == Role::Rep && owner.is_empty() {
        return Err(no_owner(&name));
    }
    let user = User {
        name: name.clone(),
        label: label.to_owned(),
        role,
        owner: owner.to_owned(),
        manager: String::new(),
        password: hashed(password)?,
        made_at: home::now(),
        closed_at: None,
    };
    if desk.add_user(&user)? {
        Ok(())
    } else {
        Err(Failure::new("name_taken", format!("`{name}`: there is a user of that name"))
            .hint("choose another name; that of a closed user stays taken"))
    }
}

fn parsed(word: &str) -> Result<Role, Failure> {
    Role::parse(word).ok_or_else(|| {
        let words: Vec<&str> = Role::ALL.iter().map(|r| r.word()).collect();
        Failure::new("bad_role", format!("`{word}`: is no role")).hint(format!("roles are {}", words.join(", ")))
    })
}

fn no_owner(name: &str) -> Failure {
    Failure::new("no_owner", format!("`{name}`: a rep sees their own leads, and owns none"))
        .hint("add --owner with the id that the CRM gives the owner of their leads")
}

fn hashed(password: &str) -> Result<String, Failure> {
    web::hash_password(password).map_err(|why| Failure::new("bad_password", why))
}

/// The password from standard input, or one that is made up.
fn password() -> Result<(String, bool), Failure> {
    if std::io::stdin().is_terminal() {
        return made_up().map(|password| (password, true));
    }
    let mut text = String::new();
    let read = std::io::stdin().take(4_096).read_to_string(&mut text);
    read.map_err(|cause| Failure::new("io", format!("standard input: could not read: {cause}")))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => made_up().map(|password| (password, true)),
        given => Ok((given.to_owned(), false)),
    }
}

/// Twenty-four digits of chance in groups: 96 bits.
pub fn made_up() -> Result<String, Failure> {
    let digits: String = desk::secret()?.iter().take(12).map(|b| format!("{b:02x}")).collect();
    let groups: Vec<&str> = (0..4).filter_map(|i| digits.get(6 * i..6 * i + 6)).collect();
    Ok(groups.join("-"))
}

fn told(name: &str, what: &str, password: Option<&String>, style: Style) -> Result<(), Failure> {
    if style.json {
        return output::print_json(&serde_json::json!({ "user": name, "password": password }));
    }
    let shown = password.map_or(String::new(), |p| format!("Password, shown this once: {p}\n"));
    output::print(&format!("`{name}` {what}.\n{shown}"))
}

fn unknown(name: &str) -> Failure {
    Failure::new("unknown_user", format!("`{name}`: no open user has this name")).hint("see `lockstep user list`")
}

fn list(desk: &Desk, style: Style) -> Result<Ended, Failure> {
    let all = desk.users()?;
    if style.json {
        let all: Vec<serde_json::Value> = all
            .iter()
            .map(|a| {
                serde_json::json!({ "name": a.name, "label": a.label, "role": a.role.word(), "owner": a.owner,
                    "made": a.made_at.to_string(), "closed": a.closed_at.map(|at| at.to_string()) })
            })
            .collect();
        output::print_json(&serde_json::json!(all))?;
    } else if all.is_empty() {
        output::print("Nobody may sign in yet. Begin with `lockstep user add NAME --role admin`.\n")?;
    } else {
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|a| {
                let closed = a.closed_at.map_or(String::new(), |at| at.day().to_string());
                vec![
                    a.name.clone(),
                    a.label.clone(),
                    a.role.word().to_owned(),
                    a.owner.clone(),
                    a.made_at.day().to_string(),
                    closed,
                ]
            })
            .collect();
        output::print(&faces::rows::table(
            &["name", "called", "role", "owner", "since", "closed"],
            &rows,
            style.columns(),
        ))?;
    }
    Ok(Ended::Done)
}

/// Makes a token.
fn token(desk: &Desk, name: &str, label: &str, (days, may_write): (u16, bool), style: Style) -> Result<Ended, Failure> {
    let name = name.to_lowercase();
    if desk.user(&name)?.is_none_or(|user| user.closed_at.is_some()) {
        return Err(unknown(&name));
    }
    let now = home::now();
    let ends_at = Instant(now.0 + i64::from(days) * 86_400_000);
    let (text, hash) = web::fresh_token()?;
    let token = Token { user: name.clone(), label: label.to_owned(), made_at: now, ends_at, may_write };
    if !desk.add_token(&hash, &token)? {
        return Err(Failure::new("label_taken", format!("`{label}`: `{name}` has a token of that label"))
            .hint("choose another label, or end that one: lockstep user revoke"));
    }
    if style.json {
        output::print_json(
            &serde_json::json!({ "user": name, "label": label, "token": text, "ends": ends_at.to_string() }),
        )?;
    } else {
        output::print(&format!("Token of `{name}` until {}, shown this once: {text}\n", ends_at.day()))?;
    }
    Ok(Ended::Done)
}

fn tokens(desk: &Desk, style: Style) -> Result<Ended, Failure> {
    let all = desk.tokens()?;
    if style.json {
        let all: Vec<serde_json::Value> = all
            .iter()
            .map(|t| {
                serde_json::json!({ "user": t.user, "label": t.label, "made": t.made_at.to_string(), "ends": t.ends_at.to_string() })
            })
            .collect();
        output::print_json(&serde_json::json!(all))?;
    } else if all.is_empty() {
        output::print("There are no tokens.\n")?;
    } else {
        let rows: Vec<Vec<String>> = all
            .iter()
            .map(|t| vec![t.user.clone(), t.label.clone(), t.made_at.day().to_string(), t.ends_at.day().to_string()])
            .collect();
        output::print(&faces::rows::table(&["user", "label", "made", "ends"], &rows, style.columns()))?;
    }
    Ok(Ended::Done)
}
