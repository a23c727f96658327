//! The book of agreements as the ledger holds it: reading steps, writing one.
//!
//! Not here: which steps count (`agreement::book`). Invariant: a step is written only if it counts at that moment.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::Path;

use agreement::book::{Act, Book, Step, Version};
use agreement::document::Party;
use analyses::InForce;
use entries::catalogue::agreement as field;
use entries::{Entry, Value};
use ledger::{BatchMeta, Commit, Filter, Head, HeadSpec, Outcome};
use terms::{Entity, Instant, Key, When};

use crate::failure::Failure;
use crate::home::{self, Home};

/// The party of a word.
pub fn party(word: &str) -> Option<Party> {
    Party::ALL.into_iter().find(|party| party.word() == word)
}

/// All steps up to a head, in the order of its batches.
fn steps(head: &Head) -> Result<Vec<Step>, Failure> {
    let mut out = Vec::new();
    for item in head.entries(Entity::Agreement, Filter::default())? {
        let (stamp, entry) = item?;
        let text = |f| entry.get(f).text().unwrap_or_default().to_owned();
        let number = |f| entry.get(f).int().unwrap_or_default();
        let Some(act) = Act::parse(&text(field::ACT)) else { continue };
        out.push(Step {
            batch: stamp.seq,
            recorded: stamp.recorded_at,
            at: Instant(number(field::SIGNED_AT)),
            act,
            party: party(&text(field::PARTY)),
            role: text(field::ROLE),
            hash: text(field::HASH),
            text: text(field::TEXT),
            public: text(field::PUBLIC_KEY),
            head: text(field::HEAD),
            head_seq: u64::try_from(number(field::HEAD_SEQ)).unwrap_or_default(),
            signature: text(field::SIGNATURE),
            because: text(field::BECAUSE),
        });
    }
    Ok(out)
}

/// The hash of the head whose last batch has a number.
pub fn hash_of(head: &Head, seq: u64) -> Option<String> {
    if seq > head.seq() {
        return None;
    }
    head.at(&HeadSpec::Seq(seq)).ok().map(|head| head.hash().to_owned())
}

/// The book up to a head.
pub fn book(head: &Head) -> Result<Book, Failure> {
    Ok(Book::of(&steps(head)?, &|seq| hash_of(head, seq)))
}

/// The version that a number, or the beginning of a hash, names.
pub fn find<'b>(book: &'b Book, named: &str) -> Result<&'b Version, Failure> {
    book.version(named).ok_or_else(|| {
        let failure = Failure::new("unknown_version", format!("`{named}`: is neither a file nor one version"));
        failure.hint("see `lockstep agreement history`; a hash needs its first 6 digits at least")
    })
}

/// The versions that were in force until an instant, as a book tells; or the one asked for, as if it always had been.
pub fn in_force(book: &Book, until: Instant, under: Option<&str>) -> Result<Vec<InForce>, Failure> {
    let of = |version: &Version, from, until, is_asked| InForce {
        number: version.number,
        from,
        until,
        agreement: version.agreement.clone(),
        is_asked,
    };
    Ok(match under {
        Some(named) => vec![of(find(book, named)?, Instant(i64::MIN), None, true)],
        None => book.held(until).into_iter().map(|(version, from, until)| of(version, from, until, false)).collect(),
    })
}

/// A step as of now, with the head of the ledger, not yet signed.
pub fn step(home: &Home, act: Act) -> Step {
    let (head, now) = (home.ledger.head(), home::now());
    Step {
        batch: head.seq() + 1,
        recorded: now,
        at: now,
        act,
        party: None,
        role: String::new(),
        hash: String::new(),
        text: String::new(),
        public: String::new(),
        head: head.hash().to_owned(),
        head_seq: head.seq(),
        signature: String::new(),
        because: String::new(),
    }
}

/// Writes a step that counts; gives the number of its batch and the hash of the head it makes.
pub fn take(home: &mut Home, step: &Step) -> Result<(u64, String, Book), Failure> {
    let mut book = book(home.ledger.head())?;
    let head = home.ledger.head().clone();
    book.take(step, &|seq| hash_of(&head, seq))
        .map_err(|why| Failure::new("not_taken", format!("`{}`: {why}", step.act.word())))?;
    let text = |text: &str| if text.is_empty() { Value::None } else { Value::Text(text.into()) };
    let mut entry = Entry::new(Entity::Agreement)
        .with(field::ACT, text(step.act.word()))
        .with(field::PARTY, text(step.party.map_or("", Party::word)))
        .with(field::ROLE, text(&step.role))
        .with(field::HASH, text(&step.hash))
        .with(field::TEXT, text(&step.text))
        .with(field::PUBLIC_KEY, text(&step.public))
        .with(field::HEAD, text(&step.head))
        .with(field::HEAD_SEQ, Value::Int(step.head_seq as i64))
        .with(field::SIGNED_AT, Value::Int(step.at.0))
        .with(field::SIGNATURE, text(&step.signature))
        .with(field::BECAUSE, text(&step.because));
    // every step is a thing of its own
    let id = format!("{}|{}|{}|{}", step.act.word(), step.hash, step.public, step.at.0);
    entry.id = Key::of(Entity::Agreement, "lockstep", &id);
    entry.id_text = id.into();
    entry.subject = entry.id;
    entry.valid_at = When::Instant(step.at);
    let meta = BatchMeta {
        recorded_at: step.recorded,
        engine: env!("CARGO_PKG_VERSION").to_owned(),
        source: "agreement".to_owned(),
        settings: home.desk.settings()?,
    };
    let mut writer = home.ledger.begin(meta)?;
    writer.append(&entry)?;
    let Outcome::Committed { seq, .. } = writer.commit(Commit::default())? else {
        return Err(Failure::new("nothing_new", "that step stands in the ledger already"));
    };
    let hash = hash_of(home.ledger.head(), seq).unwrap_or_default();
    Ok((seq, hash, book))
}

/// What proves a step to whoever took it: what was signed, and where it stands in the ledger.
pub fn receipt(step: &Step, version: usize, (seq, head): (u64, &str)) -> serde_json::Value {
    serde_json::json!({
        "receipt": 1, "act": step.act.word(), "version": version, "hash": step.hash,
        "party": step.party.map_or("", Party::word), "role": step.role, "public_key": step.public,
        "head": { "seq": step.head_seq, "hash": step.head }, "signed_at": step.at.0,
        "signature": step.signature, "batch": { "seq": seq, "hash": head },
    })
}

/// The receipt of the last step that a party took about a version, as the ledger holds it.
pub fn receipt_again(head: &Head, named: &str, of: Party) -> Result<String, Failure> {
    let book = book(head)?;
    let version = find(&book, named)?;
    let is_one = |s: &&Step| {
        let signs = matches!(s.act, Act::Sign | Act::Decline | Act::Expire);
        signs && s.party == Some(of) && s.hash == version.hash
    };
    let all = steps(head)?;
    let step = all.iter().rev().find(is_one).ok_or_else(|| {
        let message = format!("`{}`: that party has not signed version {}", of.word(), version.number);
        Failure::new("unknown_version", message)
    })?;
    let hash = hash_of(head, step.batch).unwrap_or_default();
    Ok(format!("{:#}\n", receipt(step, version.number, (step.batch, &hash))))
}

/// Writes a new file; one that is there already is left as it is. `secret`: for its owner alone.
pub fn write_new(path: &Path, text: &str, secret: bool) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let written =
        options.open(path).and_then(|mut file| file.write_all(text.as_bytes()).and_then(|()| file.sync_all()));
    written.map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::new("exists", format!("`{}`: is there already", path.display()))
            .hint("name another file, or move that one away"),
        _ => Failure::io(path, "write", &cause),
    })
}
