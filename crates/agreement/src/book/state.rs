//! What a version is at an instant.

use terms::Instant;

use super::Book;

/// Why a version no longer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Its last day is over.
    Expired,
    /// Both teams ended it.
    Ended,
    /// Another version, by number, took its place.
    Superseded(usize),
}

/// What a version is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There was no such version yet.
    Unknown,
    /// It waits for signatures.
    Proposed,
    /// One side declined it.
    Declined,
    /// Both teams have signed; it holds from then on.
    Agreed {
        /// The first instant at which it holds.
        from: Instant,
    },
    /// It holds.
    InForce {
        /// Since when.
        since: Instant,
    },
    /// It holds no more.
    Over {
        /// Since when.
        since: Instant,
        /// Why.
        why: Ending,
    },
}

/// The state of a version at an instant.
pub(super) fn of(book: &Book, number: usize, at: Instant) -> State {
    let Some(version) = book.versions.iter().find(|v| v.number == number) else { return State::Unknown };
    let Some(from) = version.from().filter(|_| version.agreed.is_some_and(|agreed| agreed <= at)) else {
        return match &version.declined {
            Some((declined, _)) if declined.at <= at => State::Declined,
            _ if version.proposed <= at => State::Proposed,
            _ => State::Unknown,
        };
    };
    if at < from {
        return State::Agreed { from };
    }
    // whatever begins to hold later takes its place; of two at the same instant, what was agreed later, then proposed later
    let order = |v: &super::Version| v.from().map(|from| (from, v.agreed, v.number));
    let own = order(version);
    let next =
        book.versions.iter().filter(|v| order(v) > own).filter_map(|v| Some((v.from()?, v))).filter(|(f, _)| *f <= at);
    let next = next.min_by_key(|(f, v)| (*f, v.number));
    let by_itself = version.until().filter(|until| *until <= at);
    match (by_itself, next) {
        (Some(until), Some((begun, taken))) if begun < until => {
            State::Over { since: begun, why: Ending::Superseded(taken.number) }
        }
        (Some(until), _) => {
            let why = if version.ended == Some(until) { Ending::Ended } else { Ending::Expired };
            State::Over { since: until.max(from), why }
        }
        (None, Some((begun, taken))) => State::Over { since: begun, why: Ending::Superseded(taken.number) },
        (None, None) => State::InForce { since: from },
    }
}
