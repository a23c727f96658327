//! What one team asked the other for, read from the ledger.
//!
//! Not here: whether it was answered in time (`analyses::scorecard`). Invariant: of a request the version recorded last stands.

use std::collections::HashMap;

use analyses::{InForce, Requested};
use entries::catalogue::request;
use ledger::Filter;
use terms::{Entity, Team, When};

use crate::failure::Failure;
use crate::known::Known;

/// What a request is of whom; `None` where its kind is neither word.
fn of(kind: &str) -> Option<Team> {
    match kind {
        "content" => Some(Team::Marketing),
        "customer_access" => Some(Team::Sales),
        _ => None,
    }
}

/// All requests, where an agreement says anything of them, in the order of time.
pub fn all(known: &Known, agreements: &[InForce]) -> Result<Vec<Requested>, Failure> {
    let of_requests = |force: &InForce| {
        force.agreement.clauses.iter().any(|c| matches!(c.kind.name, "content_requests" | "customer_access"))
    };
    if !agreements.iter().any(of_requests) {
        return Ok(Vec::new());
    }
    let minute = |when: When| when.minutes().map(i64::from);
    let mut found: HashMap<u64, Option<Requested>> = HashMap::new();
    for item in known.head.entries(Entity::Request, Filter::default())? {
        let (_, entry) = item?;
        let read = of(entry.get(request::KIND).text().unwrap_or("")).filter(|_| !entry.deleted).map(|of| Requested {
            of,
            asked: minute(entry.get(request::ASKED_AT).when()),
            answered: minute(entry.get(request::ANSWERED_AT).when()),
        });
        found.insert(entry.id.hash, read);
    }
    let mut out: Vec<Requested> = found.into_values().flatten().collect();
    out.sort_unstable();
    Ok(out)
}
