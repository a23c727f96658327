//! Kills an import at any moment: what was acknowledged is there, once, and the ledger verifies.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use ledger::{Commit, Ledger};
use terms::Entity;

use crate::company::{all, lead_named, meta, touch_number, verified};

const ROOT: &str = "LOCKSTEP_TEST_CRASH_ROOT";
const TOUCHES: u64 = 3_000;
const LEADS: u64 = 20;

/// The child: batch after batch, each acknowledged on stdout once it is committed.
fn import_until_killed(root: &Path) {
    let mut ledger = Ledger::open(root).unwrap();
    loop {
        let seq = ledger.head().seq();
        let mut batch = ledger.begin(meta(seq as i64)).unwrap();
        for n in 0..TOUCHES {
            batch.append(&touch_number(seq * TOUCHES + n)).unwrap();
        }
        for n in 0..LEADS {
            batch.append(&lead_named(&format!("L{n}"), seq as i64, n as u32)).unwrap();
        }
        batch.commit(Commit::default()).unwrap();
        println!("acknowledged {}", seq + 1);
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn an_import_killed_at_any_moment_loses_nothing_and_doubles_nothing() {
    if let Some(root) = std::env::var_os(ROOT) {
        return import_until_killed(Path::new(&root));
    }
    let folder = tempfile::tempdir().unwrap();
    Ledger::create(folder.path()).unwrap();
    let mut last = 0;
    for trial in 0..30u64 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["crash::an_import_killed_at_any_moment_loses_nothing_and_doubles_nothing", "--exact", "--nocapture"])
            .env(ROOT, folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut said = String::new();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        // every other child lives until its first batch is acknowledged, however slow the machine
        while trial % 2 == 0 && !said.contains("acknowledged") && output.read_line(&mut said).unwrap() > 0 {}
        std::thread::sleep(Duration::from_millis(trial * 7919 % 83));
        child.kill().unwrap();
        output.read_to_string(&mut said).unwrap();
        child.wait().unwrap();
        let acknowledged =
            said.lines().filter_map(|l| l.rsplit_once("acknowledged ")?.1.parse().ok()).max().unwrap_or(last);

        let verified = verified(folder.path());
        assert!(verified.batches >= acknowledged, "trial {trial}: {acknowledged} acknowledged, {verified:?}");
        let ledger = Ledger::open(folder.path()).unwrap();
        last = ledger.head().seq();
        assert_eq!(ledger.head().count(Entity::Touch), last * TOUCHES);
        assert_eq!(ledger.head().count(Entity::Lead), last * LEADS);
    }
    assert!(last > 0, "no trial lived long enough to commit a batch");
    let ledger = Ledger::open(folder.path()).unwrap();
    let touches = all(&ledger, Entity::Touch);
    let ids: BTreeSet<u64> = touches.iter().map(|t| t.id.hash).collect();
    assert_eq!((touches.len() as u64, ids.len() as u64), (last * TOUCHES, last * TOUCHES));
    // the next import clears away what the killed ones have left
    let mut ledger = ledger;
    ledger.begin(meta(1_000_000)).unwrap().abort();
    assert_eq!(std::fs::read_dir(folder.path().join("batches")).unwrap().count() as u64, last);
}
