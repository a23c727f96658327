use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use lockstep_desk::{Desk, Seen};
use terms::Instant;

use crate::{Home, person};

const CHILD: &str = "LOCKSTEP_DESK_OF_CHILD";

/// Another process that has one batch open: people `child0@` to `child6999@`, not flushed yet.
struct Other {
    child: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Other {
    /// Runs this test binary again with nothing but the test of the given name, which then is the child.
    fn start(home: &Home, test: &str) -> Other {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([test, "--exact", "--nocapture", "--test-threads=1"])
            .env(CHILD, home.file())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let orders = child.stdin.take().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        let mut other = Other { child, orders, answers };
        other.wait_for("batch is open");
        other
    }

    fn wait_for(&mut self, answer: &str) {
        let mut line = String::new();
        while !line.contains(answer) {
            line.clear();
            assert!(self.answers.read_line(&mut line).unwrap() > 0, "the other process ended before `{answer}`");
        }
    }
}

/// What the child does; whether this process is one.
fn is_child() -> bool {
    let Some(file) = std::env::var_os(CHILD) else { return false };
    let desk = Desk::open(file).unwrap();
    for n in 0..7_000 {
        person(&desk, &format!("child{n}@one.example"), "", "");
    }
    println!("\nbatch is open");
    let mut order = String::new();
    std::io::stdin().read_line(&mut order).unwrap();
    desk.flush().unwrap();
    println!("\nflushed");
    true
}

#[test]
fn two_processes_make_one_person_once_and_the_second_writer_is_told_to_wait() {
    if is_child() {
        return;
    }
    let home = Home::new();
    let desk = Desk::open_waiting(home.file(), Duration::from_millis(50)).unwrap();
    // a large batch of our own first, so that our memory is older than what the other process writes
    for _ in 0..=5_000 {
        person(&desk, "ours@one.example", "", "");
    }
    desk.flush().unwrap();
    let mut other =
        Other::start(&home, "processes::two_processes_make_one_person_once_and_the_second_writer_is_told_to_wait");
    let seen = Seen { mail: Some("child6@one.example"), ..Seen::default() };
    assert_eq!(desk.person(&seen).unwrap_err().code(), "locked");
    assert_eq!(desk.set("currency", "EUR", Instant(1)).unwrap_err().code(), "locked");
    assert_eq!(desk.people().unwrap(), 1, "reading goes on, and sees what is durable");
    writeln!(other.orders, "flush").unwrap();
    other.wait_for("flushed");
    assert!(other.child.wait().unwrap().success());
    assert!(!desk.person(&seen).unwrap().unwrap().made);
    assert!(desk.set("currency", "EUR", Instant(1)).unwrap());
    desk.flush().unwrap();
    assert_eq!(desk.people().unwrap(), 7_001);
}

#[test]
fn a_process_killed_before_its_flush_leaves_nothing() {
    if is_child() {
        return;
    }
    let home = Home::new();
    let kept = {
        let desk = home.desk();
        let kept = person(&desk, "kept@one.example", "", "").key;
        desk.flush().unwrap();
        kept
    };
    let mut other = Other::start(&home, "processes::a_process_killed_before_its_flush_leaves_nothing");
    other.child.kill().unwrap();
    other.child.wait().unwrap();
    let desk = home.desk();
    assert_eq!(desk.people().unwrap(), 1);
    assert_eq!(person(&desk, "kept@one.example", "", "").key, kept);
    assert!(person(&desk, "child1@one.example", "", "").made);
}
