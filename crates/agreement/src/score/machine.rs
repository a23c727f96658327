//! Opens and clicks of mails that a machine made: scanners that follow every link before anybody reads.
//!
//! Here: four marks that no reader leaves. Not here: what the mail tool has marked itself. Invariant: nothing is removed; what is
//! taken for a machine's is named with the reason, and can be counted all the same.

use std::collections::BTreeSet;

use terms::Instant;

/// What happened to a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mailing {
    /// It was sent or delivered.
    Sent,
    /// It was opened.
    Open,
    /// A link in it was followed.
    Click,
}

impl Mailing {
    /// Of a touch's kind; `None` for all others.
    pub fn of(kind: &str) -> Option<Mailing> {
        match kind {
            "email_sent" | "email_delivered" => Some(Mailing::Sent),
            "email_open" => Some(Mailing::Open),
            "email_click" => Some(Mailing::Click),
            _ => None,
        }
    }
}

/// One event of one mailing to one person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mail {
    /// When.
    pub at: Instant,
    /// What.
    pub what: Mailing,
    /// Which mailing: the same number for events of one; 0 where that is not known.
    pub mailing: u64,
    /// Which link was followed: the same number for the same; 0 where that is not known.
    pub link: u64,
    /// It is a link that no reader sees.
    pub is_trap: bool,
}

/// Why an event is taken for a machine's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Machine {
    /// Within seconds of the sending.
    AtOnce,
    /// One of several clicks within seconds.
    Burst,
    /// One of many links, each followed once within a minute.
    EveryLink,
    /// Of somebody who followed a link that no reader sees.
    Trap,
}

impl Machine {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Machine::AtOnce => "within 5 seconds of the sending",
            Machine::Burst => "one of three clicks or more within 10 seconds",
            Machine::EveryLink => "one of five links or more, each followed once within a minute",
            Machine::Trap => "a hidden link was followed",
        }
    }
}

/// Milliseconds after the sending in which nobody has read anything.
const AT_ONCE: i64 = 5_000;
/// Clicks within so many milliseconds that no reader makes.
const BURST: i64 = 10_000;
const CLICKS: usize = 3;
/// Each of so many links once within so many milliseconds.
const LINKS: usize = 5;
const IN_TURN: i64 = 60_000;

/// For each event of one person, in any order: why it is taken for a machine's.
pub fn machine(mails: &[Mail]) -> Vec<Option<Machine>> {
    let mut order: Vec<usize> = (0..mails.len()).collect();
    order.sort_by_key(|i| (mails[*i].mailing, mails[*i].at, mails[*i].what != Mailing::Sent, *i));
    let mut out = vec![None; mails.len()];
    for one in order.chunk_by(|a, b| mails[*a].mailing == mails[*b].mailing) {
        let mut sent: Option<Instant> = None;
        for i in one {
            let mail = mails[*i];
            if mail.what == Mailing::Sent {
                sent = Some(mail.at);
            } else if sent.is_some_and(|sent| mail.at.0 - sent.0 <= AT_ONCE) {
                out[*i] = Some(Machine::AtOnce);
            }
        }
        let clicks: Vec<usize> = one.iter().copied().filter(|i| mails[*i].what == Mailing::Click).collect();
        for window in clicks.windows(CLICKS) {
            if mails[window[CLICKS - 1]].at.0 - mails[window[0]].at.0 <= BURST {
                window.iter().for_each(|i| out[*i] = out[*i].or(Some(Machine::Burst)));
            }
        }
        for window in clicks.windows(LINKS) {
            let links: BTreeSet<u64> = window.iter().map(|i| mails[*i].link).filter(|link| *link != 0).collect();
            if links.len() == LINKS && mails[window[LINKS - 1]].at.0 - mails[window[0]].at.0 <= IN_TURN {
                window.iter().for_each(|i| out[*i] = out[*i].or(Some(Machine::EveryLink)));
            }
        }
        let trapped: Vec<i64> = one.iter().map(|i| mails[*i]).filter(|m| m.is_trap).map(|m| m.at.0).collect();
        // where nobody knows which mailing it was, what happened within a minute of it is taken to be of the same
        let is_of = |mail: &Mail| {
            mail.mailing != 0 && !trapped.is_empty() || trapped.iter().any(|at| (at - mail.at.0).abs() <= IN_TURN)
        };
        for i in one.iter().filter(|i| mails[**i].what != Mailing::Sent && is_of(&mails[**i])) {
            out[*i] = out[*i].or(Some(Machine::Trap));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mails(text: &str) -> Vec<Mail> {
        text.split_whitespace()
            .map(|word| {
                let mut parts = word.split(':');
                let seconds: i64 = parts.next().unwrap().parse().unwrap();
                let what = match parts.next().unwrap() {
                    "sent" => Mailing::Sent,
                    "open" => Mailing::Open,
                    _ => Mailing::Click,
                };
                let mailing = parts.next().map_or(1, |n| n.parse().unwrap());
                let link = parts.next().map_or(0, |n| n.parse().unwrap());
                Mail { at: Instant(seconds * 1_000), what, mailing, link, is_trap: link == 99 }
            })
            .collect()
    }

    fn found(text: &str) -> Vec<usize> {
        machine(&mails(text)).iter().enumerate().filter(|(_, m)| m.is_some()).map(|(i, _)| i).collect()
    }

    #[test]
    fn what_no_reader_does_is_a_machine() {
        assert_eq!(found("0:sent 2:click 3:open 600:open 700:click"), [1, 2]);
        // a slow scanner: all links within ten seconds, minutes after
        assert_eq!(found("0:sent 300:click 303:click 309:click 900:click"), [1, 2, 3]);
        // two links one after the other, and three mails that are looked through
        assert_eq!(found("0:sent 300:click 303:click 900:click"), [0_usize; 0]);
        assert_eq!(found("300:click:1 303:click:2 306:click:3"), [0_usize; 0]);
        // of another sending, in any order
        assert_eq!(found("100:click:1 98:sent:2 97:sent:1"), [0]);
        // five links in turn within a minute, and four; a link that nobody sees tells of the whole mailing
        assert_eq!(
            found("0:click:1:1 12:click:1:2 24:click:1:3 36:click:1:4 48:click:1:5 900:click:1:1"),
            [0, 1, 2, 3, 4]
        );
        assert_eq!(found("0:click:1:1 12:click:1:2 24:click:1:3 36:click:1:4 48:click:1:1"), [0_usize; 0]);
        assert_eq!(found("0:sent:1 50:open:1 400:click:1:99 410:click:2:7"), [1, 2]);
        // without a mailing it tells of the minute around it alone
        assert_eq!(found("0:sent:0 50:open:0 400:click:0:99 410:click:0:7 461:click:0:8"), [2, 3]);
        assert_eq!(found(""), [0_usize; 0]);
    }
}
