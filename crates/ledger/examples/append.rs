//! How fast touches of six fields are appended, found unchanged, verified and read back.
//!
//! `cargo run --release -p lockstep-ledger --example append -- FOLDER 5000000`

extern crate lockstep_ledger as ledger;

use std::collections::BTreeMap;
use std::error::Error;
use std::time::Instant as Clock;

use entries::catalogue::touch;
use entries::{Entry, RowRef, Value};
use ledger::{BUCKETS, BatchMeta, Commit, Ledger, Verdict, columns};
use terms::{Entity, Instant, Key, When};

const KINDS: [&str; 5] = ["visit", "form", "email_open", "email_click", "ad_click"];
const CHANNELS: [&str; 7] = ["paid_search", "email", "webinar", "organic", "paid_social", "event", "partner"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().ok_or("give a folder that does not exist yet")?;
    let rows: u64 = arguments.next().unwrap_or_else(|| "2000000".to_owned()).parse()?;
    let mut ledger = Ledger::create(&folder)?;
    let (mut many, mut news) = (vec![Entry::new(Entity::Touch); 256], Vec::new());

    let clock = Clock::now();
    let mut entry = Entry::new(Entity::Touch);
    for n in 0..rows {
        fill(&mut entry, n);
        std::hint::black_box(entry.digest());
    }
    said("made and digested (not the ledger's work)", rows, clock);

    for round in ["appended and committed", "found unchanged by the next import"] {
        let clock = Clock::now();
        let settings = BTreeMap::new();
        let meta = BatchMeta { recorded_at: Instant(0), engine: "bench".into(), source: "bench".into(), settings };
        let mut batch = ledger.begin(meta)?;
        fill(&mut entry, 0);
        batch.append(&entry)?;
        println!("{:>9.3} s until the first entry was in", clock.elapsed().as_secs_f64());
        for first in (1..rows).step_by(many.len()) {
            let few = &mut many[..(rows - first).min(256) as usize];
            for (entry, n) in few.iter_mut().zip(first..) {
                fill(entry, n);
            }
            batch.append_all(few, &mut news)?;
        }
        println!("{:>9.3} s until all were appended", clock.elapsed().as_secs_f64());
        batch.commit(Commit::default())?;
        said(round, rows, clock);
        println!("          peak memory {}", peak());
    }
    let clock = Clock::now();
    match ledger.verify()? {
        Verdict::Verified(v) => println!("          {} bytes, {:.1} a row", v.bytes, v.bytes as f64 / rows as f64),
        Verdict::Broken(broken) => return Err(broken.to_string().into()),
    }
    said("verified", rows, clock);

    let names = ["subject", "valid_a", "kind", "channel", "campaign", "automatic"];
    let clock = Clock::now();
    let mut seen = 0;
    for bucket in 0..BUCKETS {
        for chunk in columns::scan(ledger.head(), Entity::Touch, Some(bucket), &names)? {
            seen += chunk?.rows.num_rows() as u64;
        }
    }
    said("read back by bucket, six columns", seen, clock);
    Ok(())
}

fn fill(entry: &mut Entry, n: u64) {
    let random = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(31).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    entry.reset(Entity::Touch);
    entry.id = Key { entity: Entity::Touch, hash: random };
    entry.subject = Key { entity: Entity::Lead, hash: (random % 1_000_003).wrapping_mul(0xd6e8_feb8_6659_fd93) };
    entry.valid_at = When::Instant(Instant(1_700_000_000_000 + (random >> 40) as i64 * 4_000));
    entry.row = RowRef { file: 0, line: n as u32 + 2 };
    entry.set(touch::KIND, Value::Text(KINDS[(random >> 8) as usize % 5].into()));
    entry.set(touch::CHANNEL, Value::Text(CHANNELS[(random >> 16) as usize % 7].into()));
    entry.set(touch::CAMPAIGN, Value::Key(Key { entity: Entity::Campaign, hash: (random >> 20) % 200 }));
    entry.set(touch::ASSET, Value::Text(if random & 1 == 0 { "ebook" } else { "pricing page" }.into()));
    entry.set(touch::RESPONDED, Value::Flag(random & 6 == 0));
    entry.set(touch::AUTOMATIC, Value::Flag(false));
}

fn said(what: &str, rows: u64, clock: Clock) {
    let seconds = clock.elapsed().as_secs_f64();
    println!("{seconds:>9.3} s {what}: {rows} rows, {:.2} million a second", rows as f64 / seconds / 1e6);
}

fn peak() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
    line.map_or_else(|| "unknown".to_owned(), |l| l.trim().to_owned())
}
