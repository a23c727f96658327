//! Agreements on pages: proposing, checking, signing, declining and ending them, and the receipts.
//!
//! Here: a user's signing key, which is made with the first signature and sealed by the user's password. Not here: which steps
//! count (`agreement::book`). Invariant: whoever signs has just given their own password; nobody else can, not even who runs
//! the machine.

use agreement::book::{self, Act, Step};
use agreement::document::{self, Agreement, DRAFT, Party};
use desk::SigningKey;
use terms::Instant;
use web::{By, CheckedText, SignAct, Signing};

use crate::agreements;
use crate::failure::Failure;
use crate::home::Home;

/// The party that a user signs for.
fn party_of(by: &By) -> Option<Party> {
    match by.role {
        desk::Role::SalesLead => Some(Party::Sales),
        desk::Role::MarketingLead => Some(Party::Marketing),
        desk::Role::Ceo => Some(Party::Leadership),
        _ => None,
    }
}

/// A text that reads, or what is wrong with it and where.
fn read(text: &str) -> Result<Agreement, Failure> {
    // a form sends other line ends than a file has
    Agreement::parse(&lines(text), "the text").map_err(|wrong| {
        let place = if wrong.place.is_empty() { String::new() } else { format!("[{}] ", wrong.place) };
        Failure::new("agreement", format!("line {}: {place}{}", wrong.line, wrong.cause)).hint(wrong.hint)
    })
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// The text from which the next version is written: the newest that is not declined, else the draft.
pub fn text(home: &Home, version: Option<&str>) -> Result<String, Failure> {
    let book = agreements::book(home.ledger.head())?;
    if let Some(named) = version {
        return Ok(agreements::find(&book, named)?.text.clone());
    }
    let newest = book.versions.iter().rev().find(|v| v.declined.is_none());
    Ok(newest.map_or_else(|| DRAFT.to_owned(), |v| v.text.clone()))
}

/// What a text would change.
pub fn check(home: &Home, text: &str, now: Instant) -> Result<CheckedText, Failure> {
    let agreement = read(text)?;
    let book = agreements::book(home.ledger.head())?;
    let before = book.in_force(now);
    let changes = match before {
        Some(before) => {
            document::changes(&before.agreement.lines, &agreement.lines).iter().map(document::said).collect()
        }
        None => Vec::new(),
    };
    Ok(CheckedText {
        hash: agreement.hash(),
        before: before.map(|v| v.number),
        changes,
        doubts: document::doubts(&agreement, now.day())
            .into_iter()
            .map(|d| format!("{}: {}", d.place, d.text))
            .collect(),
        read_aloud: document::read_aloud(&agreement),
    })
}

/// The text of a proposal as it reads.
pub fn proposal(text: &str) -> Result<Agreement, Failure> {
    read(text)
}

fn step(home: &Home, act: Act, now: Instant) -> Step {
    let mut step = agreements::step(home, act);
    // a clock that was set back since the last batch stops nobody
    let now = home.ledger.head().recorded_at().map_or(now, |last| last.max(now));
    (step.at, step.recorded) = (now, now);
    step
}

/// Proposes a text; gives its number.
pub fn propose(home: &mut Home, text: &str, now: Instant) -> Result<usize, Failure> {
    let agreement = read(text)?;
    let mut step = step(home, Act::Propose, now);
    (step.hash, step.text) = (agreement.hash(), lines(text));
    let (_, _, book) = agreements::take(home, &step)?;
    Ok(book.versions.iter().find(|v| v.hash == step.hash).map_or(0, |v| v.number))
}

/// Signs, declines or ends a version with the user's own key; gives the receipt.
pub fn sign(home: &mut Home, version: &str, act: &Signing, by: &By, now: Instant) -> Result<String, Failure> {
    let party = party_of(by).ok_or_else(|| Failure::new("no_side", "your role signs for no party"))?;
    let book = agreements::book(home.ledger.head())?;
    let version = agreements::find(&book, version)?.clone();
    let roles = version.agreement.signers.iter().find(|(of, _)| *of == party).map(|(_, roles)| roles.clone());
    let roles = roles.unwrap_or_default();
    if !roles.contains(&act.role) {
        let names = if roles.is_empty() { "nobody".to_owned() } else { roles.join(", ") };
        let message =
            format!("`{}`: version {} does not let that role sign for {}", act.role, version.number, party.word());
        return Err(Failure::new("not_taken", message).hint(format!("it lets sign: {names}")));
    }
    let act_of = match act.act {
        SignAct::Sign => Act::Sign,
        SignAct::Decline => Act::Decline,
        SignAct::Expire => Act::Expire,
    };
    if act_of == Act::Decline && act.because.trim().is_empty() {
        return Err(Failure::new("no_words", "whoever declines says why: the other side reads it"));
    }
    let (public, secret) = own_key(home, &book, (party, &act.role), &act.password, by, now)?;
    let mut step = step(home, act_of, now);
    (step.party, step.role, step.public) = (Some(party), act.role.clone(), public);
    (step.hash, step.because) = (version.hash.clone(), super::acts::words(&act.because)?);
    step.signature = step.statement().map(|s| s.sign(&secret)).unwrap_or_default();
    let (seq, head, _) = agreements::take(home, &step)?;
    Ok(format!("{:#}\n", agreements::receipt(&step, version.number, (seq, &head))))
}

/// A user's key for a party and a role: the one there is, or a new one that is registered now.
fn own_key(
    home: &mut Home,
    book: &book::Book,
    (party, role): (Party, &str),
    password: &str,
    by: &By,
    now: Instant,
) -> Result<(String, [u8; 32]), Failure> {
    if let Some(kept) = home.desk.signing_key(&by.user)? {
        let holds = book
            .keys
            .iter()
            .any(|k| k.public == kept.public && k.until.is_none() && k.party == party && k.role == role);
        let secret = web::unseal(&kept.salt, &kept.sealed, password).and_then(|s| <[u8; 32]>::try_from(s).ok());
        if let (true, Some(secret)) = (holds, secret) {
            return Ok((kept.public, secret));
        }
        // another role, or a password that somebody else set since: the old key signs no more
        if book.keys.iter().any(|k| k.public == kept.public && k.until.is_none()) {
            let mut away = step(home, Act::Withdraw, now);
            away.public = kept.public;
            agreements::take(home, &away)?;
        }
    }
    let secret = desk::secret()?;
    let public = book::public(&secret);
    let (salt, sealed) = web::seal(&secret, password).map_err(|why| Failure::new("seal", why))?;
    home.desk.keep_signing_key(&SigningKey {
        user: by.user.clone(),
        party: party.word().to_owned(),
        role: role.to_owned(),
        public: public.clone(),
        salt,
        sealed,
        made_at: now,
    })?;
    let mut register = step(home, Act::Register, now);
    (register.party, register.role, register.public) = (Some(party), role.to_owned(), public.clone());
    agreements::take(home, &register)?;
    Ok((public, secret))
}
