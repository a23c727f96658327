//! From numbers to one of five verdicts, with the reasons. Computes nothing.
//!
//! Not here: sentences. Invariant: a claim that does not stand the search never holds, however strong it looks alone.

use super::Ask;
use super::measure::{Compared, Other, Reading};
use super::settings::{COVERED, LEFT, ORDINARY, STANDS, WORTH};

/// What a claim comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It stands, and so do its neighbours.
    Holds,
    /// It stands as made, and not everywhere it should.
    HoldsInPart,
    /// The difference is not there, or too small to be worth naming.
    DoesNotHold,
    /// It may be chance, or picked.
    NotProven,
    /// The evidence does not allow an answer.
    CannotTell,
}

impl Verdict {
    /// As a stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::HoldsInPart => "holds_in_part",
            Verdict::DoesNotHold => "does_not_hold",
            Verdict::NotProven => "not_proven",
            Verdict::CannotTell => "cannot_tell",
        }
    }

    /// As read.
    pub const fn word(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::HoldsInPart => "holds in part",
            Verdict::DoesNotHold => "does not hold",
            Verdict::NotProven => "not proven",
            Verdict::CannotTell => "cannot tell",
        }
    }
}

/// Why.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// The difference is on the other side.
    OtherSide,
    /// It is less than is worth naming.
    Small,
    /// It may be chance, also where the filter was fixed beforehand.
    Chance,
    /// A search finds one as strong too often.
    Searched,
    /// It stands after the search.
    Stands,
    /// It was saved before its window closed and stands by itself.
    Fixed,
    /// Only a part of the claim's cases is old enough.
    Young,
    /// A neighbour (its id and label) says otherwise.
    Neighbour(String, String),
    /// With both sides alike in this column, the direction is not known, or more than half of the difference goes.
    Alike(&'static str),
    /// Within these values of this column it is the other way round.
    Reversed(&'static str, Vec<String>),
    /// Many alternatives are as strong.
    Ordinary,
}

/// How one comparison stands to a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The same way, whole interval.
    With,
    /// The same way, by its estimate.
    Leans,
    /// The other way, by its estimate.
    LeansAway,
    /// The other way, whole interval.
    Against,
    /// Too few cases.
    TooFew,
}

/// How a comparison stands to a claim on this side.
pub fn standing(compared: &Compared, sign: f64) -> Standing {
    let Some(interval) = compared.interval.filter(|_| compared.is_enough()) else { return Standing::TooFew };
    let (lo, hi) = signed(interval.lo90, interval.hi90, sign);
    match compared.difference * sign {
        _ if lo > 0.0 => Standing::With,
        d if d > 0.0 => Standing::Leans,
        _ if hi < 0.0 => Standing::Against,
        _ => Standing::LeansAway,
    }
}

fn signed(lo: f64, hi: f64, sign: f64) -> (f64, f64) {
    if sign < 0.0 { (-hi, -lo) } else { (lo, hi) }
}

/// The verdict and its reasons, the deciding one first.
pub fn judge(ask: &Ask, reading: &Reading) -> (Verdict, Vec<Reason>) {
    let sign = ask.claim.side.sign();
    let compared = &reading.compared;
    let mut notes = Vec::new();
    if reading.search.rank_share > ORDINARY && !matches!(compared.other, Other::Number(_)) {
        notes.push(Reason::Ordinary);
    }
    let mut verdict = |verdict, mut reasons: Vec<Reason>| {
        reasons.append(&mut notes);
        (verdict, reasons)
    };
    // a number is meant as written; a difference from other cases must be worth naming
    let worth = if matches!(compared.other, Other::Number(_)) { 0.0 } else { WORTH * compared.other.rate() };
    let most = compared.interval.map_or(f64::INFINITY, |i| signed(i.lo90, i.hi90, sign).1);
    if most <= worth {
        let reason = if compared.difference * sign <= 0.0 { Reason::OtherSide } else { Reason::Small };
        return verdict(Verdict::DoesNotHold, vec![reason]);
    }
    if reading.search.naive_p > STANDS {
        return verdict(Verdict::NotProven, vec![Reason::Chance]);
    }
    let fixed = ask.was_fixed();
    if !fixed && reading.search.search_p > STANDS {
        return verdict(Verdict::NotProven, vec![Reason::Searched]);
    }
    let mut doubts = doubts(reading, sign);
    doubts.push(if fixed { Reason::Fixed } else { Reason::Stands });
    verdict(if doubts.len() > 1 { Verdict::HoldsInPart } else { Verdict::Holds }, doubts)
}

/// What speaks against a claim that stands by its p-value.
fn doubts(reading: &Reading, sign: f64) -> Vec<Reason> {
    let mut out = Vec::new();
    if reading.wait.covered.rate() < COVERED {
        out.push(Reason::Young);
    }
    for neighbour in &reading.neighbours {
        let standing = standing(&neighbour.compared, sign);
        // what only widens or narrows the claim must not turn around; the same days alone must show the direction
        let must_show = neighbour.id == "same_days" && standing == Standing::Leans;
        let away = standing == Standing::Against || (neighbour.is_close && standing == Standing::LeansAway);
        if away || must_show {
            out.push(Reason::Neighbour(neighbour.id.clone(), neighbour.label.clone()));
        }
    }
    for part in &reading.parts {
        if let Some((left, interval)) = part.alike
            && (signed(interval.lo90, interval.hi90, sign).0 <= 0.0
                || left * sign < LEFT * reading.compared.difference * sign)
        {
            out.push(Reason::Alike(part.column));
        }
        let reversed = part.strata.iter().filter(|s| standing(&s.compared, sign) == Standing::Against);
        let reversed: Vec<String> = reversed.map(|s| s.label.clone()).collect();
        if !reversed.is_empty() {
            out.push(Reason::Reversed(part.column, reversed));
        }
    }
    out
}
