//! `lockstep verify`: was anything in the ledger changed?

use std::path::Path;

use ledger::{Ledger, Verdict};

use crate::failure::Failure;
use crate::output::{self, Ended, Style};

/// Runs the command.
pub fn run(home: &Path, style: Style) -> Result<Ended, Failure> {
    let folder = home.join("ledger");
    if !home.join("home.json").exists() && !crate::home::begun(&folder) {
        return Err(Failure::new("no_home", format!("`{}`: is no home of Lockstep", home.display()))
            .hint("name the home with --home"));
    }
    if home.join("home.json").exists() {
        crate::home::check_format(home)?;
    }
    match Ledger::verify_folder(&folder)? {
        Verdict::Verified(sound) => {
            if style.json {
                output::print_json(&serde_json::json!({
                    "sound": true, "batches": sound.batches, "files": sound.files, "bytes": sound.bytes,
                    "head": sound.head,
                }))?;
            } else {
                let n = |x: u64| faces::format::count(x as i64);
                output::print(&format!(
                    "The ledger is sound: {} batches, {} files, {} bytes, head {}\n",
                    n(sound.batches), n(sound.files), n(sound.bytes), sound.head
                ))?;
            }
            Ok(Ended::Done)
        }
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
