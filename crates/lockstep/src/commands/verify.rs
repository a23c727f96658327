//! `lockstep verify`: was anything in the ledger changed?

use std::path::Path;

use agreement::book::{Act, Statement};
use ledger::{Ledger, Verdict, Verified};
use serde_json::Value;
use terms::Instant;

use crate::agreements::{hash_of, party};
use crate::cli;
use crate::failure::Failure;
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(args: &cli::Verify, home: &Path, style: Style) -> Result<Ended, Failure> {
    let folder = home.join("ledger");
    if !home.join("home.json").exists() && !crate::home::begun(&folder) {
        return Err(Failure::new("no_home", format!("`{}`: is no home of Lockstep", home.display()))
            .hint("name the home with --home"));
    }
    if home.join("home.json").exists() {
        crate::home::check_format(home)?;
    }
    let sound = sound(&folder)?;
    let receipt = args.against.as_deref().map(|path| against_file(path, &folder)).transpose()?;
    if style.json {
        output::print_json(&serde_json::json!({
            "sound": true, "batches": sound.batches, "files": sound.files, "bytes": sound.bytes,
            "head": sound.head, "receipt": receipt,
        }))?;
    } else {
        let n = |x: u64| faces::format::count(x as i64);
        output::print(&format!(
            "The ledger is sound: {} batches, {} files, {} bytes, head {}\n",
            n(sound.batches),
            n(sound.files),
            n(sound.bytes),
            sound.head
        ))?;
        if let Some(receipt) = &receipt {
            output::print(&format!("{receipt}\n"))?;
        }
    }
    Ok(Ended::Done)
}

/// Reads every byte of a ledger; fails where one is not what it was when it was written, and says which.
pub fn sound(folder: &Path) -> Result<Verified, Failure> {
    match Ledger::verify_folder(folder)? {
        Verdict::Verified(sound) => Ok(sound),
        Verdict::Broken(broken) => Err(Failure::new("ledger_broken", {
            let place = broken.at.as_ref().map_or(String::new(), |w| {
                let what = if w.holds.is_empty() { String::new() } else { format!(" ({})", w.holds.join("; ")) };
                format!(", bytes {} to {}{what}", w.from, w.to)
            });
            format!("`{}` of batch {}{place}: {}", broken.file, broken.seq, broken.why)
        })
        .hint("restore that file from a backup; batches before it are sound, and nothing is read from this ledger until it is")),
    }
}

/// The same with a receipt that stands in a file.
fn against_file(path: &Path, folder: &Path) -> Result<String, Failure> {
    let text = std::fs::read_to_string(path).map_err(|cause| Failure::io(path, "read", &cause))?;
    against(&path.display().to_string(), &text, folder)
}

/// Holds the ledger against a receipt: the batches it names are still those, and its signature is that of its key. Gives
/// what that proves.
pub fn against(name: &str, text: &str, folder: &Path) -> Result<String, Failure> {
    let bad = |what: &str| {
        Failure::new("bad_receipt", format!("`{name}`: {what}"))
            .hint("a receipt is the file that a signature left, unchanged")
    };
    let told: Value = serde_json::from_str(text).map_err(|cause| bad(&format!("is no receipt: {cause}")))?;
    let word = |at: &str| told.pointer(at).and_then(Value::as_str).ok_or_else(|| bad(&format!("has no {at}")));
    let number = |at: &str| told.pointer(at).and_then(Value::as_u64).ok_or_else(|| bad(&format!("has no {at}")));
    let (public, signature) = (word("/public_key")?, word("/signature")?);
    let statement = Statement {
        act: Act::parse(word("/act")?).ok_or_else(|| bad("names no act"))?,
        hash: word("/hash")?.to_owned(),
        party: party(word("/party")?).ok_or_else(|| bad("names no party"))?,
        role: word("/role")?.to_owned(),
        head: word("/head/hash")?.to_owned(),
        head_seq: number("/head/seq")?,
        at: Instant(number("/signed_at")? as i64),
    };
    if !statement.is_signed(public, signature) {
        return Err(bad("its signature is not that of its key: the receipt was changed"));
    }
    let ledger = Ledger::open(folder)?;
    let head = ledger.head();
    for (seq, hash) in [(statement.head_seq, statement.head.as_str()), (number("/batch/seq")?, word("/batch/hash")?)] {
        match hash_of(head, seq) {
            Some(here) if here == hash => {}
            Some(_) => {
                return Err(Failure::new(
                    "ledger_rewritten",
                    format!("batch {seq} is not the one that was signed: something up to it was rewritten since"),
                )
                .hint("the receipt and a backup from its day show what; whoever runs the home can explain it"));
            }
            None => {
                return Err(Failure::new(
                    "ledger_rewritten",
                    format!("the ledger ends at batch {}, and batch {seq} was signed: its end was cut off", head.seq()),
                )
                .hint("restore the ledger from a backup"));
            }
        }
    }
    let what = if statement.act == Act::Sign { "signature" } else { "statement" };
    Ok(format!(
        "Nothing up to batch {} was rewritten since the {what} of {} on {}",
        number("/batch/seq")?,
        statement.role,
        statement.at.day()
    ))
}
