//! When the target accounts of agreements were worked, read from the ledger by their domains.
//!
//! Not here: whether that is enough (`analyses::scorecard`). Invariant: what counts as worked is what counts as an attempt or a
//! contact everywhere.

use std::collections::{BTreeMap, HashMap};

use agreement::{ActivityKind, Direction};
use analyses::{InForce, Worked};
use entries::catalogue::{account, activity, lead, person};
use ledger::Filter;
use tallies::columns::{account as account_row, lead_cycle, opportunity};
use tallies::{Column, Extract, Facts, Grain, Test};
use terms::Entity;

use crate::failure::Failure;
use crate::known::Known;

/// A domain as both sides of a comparison have it.
fn plain(domain: &str) -> String {
    let lower = domain.trim().to_lowercase();
    lower.strip_prefix("www.").unwrap_or(&lower).to_owned()
}

/// Each target account of the agreements that promise to work them, in the order of domains.
pub fn worked(known: &Known, agreements: &[InForce]) -> Result<Vec<Worked>, Failure> {
    let promises = |force: &&InForce| force.agreement.clauses.iter().any(|c| c.kind.name == "target_accounts");
    let names = agreements.iter().filter(promises).flat_map(|force| &force.agreement.target_accounts);
    let mut all: BTreeMap<String, Worked> =
        names.map(|name| (plain(name), Worked { domain: name.clone(), ..Worked::default() })).collect();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let mut about = with_domain(known, &mut all)?;
    of_accounts(known, &all, &mut about)?;
    let mut subjects: Vec<u64> = about.keys().copied().collect();
    subjects.sort_unstable();
    if !subjects.is_empty() {
        for (domain, at) in tried(known, &about, subjects)? {
            if let Some(one) = all.get_mut(&domain) {
                one.at.push(at);
            }
        }
    }
    for one in all.values_mut() {
        one.at.sort_unstable();
        one.accounts.sort_unstable();
        one.accounts.dedup();
    }
    Ok(all.into_values().collect())
}

/// Records that have one of the domains, by their keys; accounts among them are noted.
fn with_domain(known: &Known, all: &mut BTreeMap<String, Worked>) -> Result<HashMap<u64, String>, Failure> {
    let mut about = HashMap::new();
    // an account that the facts have no row of cannot be shown as one
    let table = known.facts.extract(&Extract::of(Grain::Account, vec![], &[account_row::KEY]))?;
    let rows: std::collections::HashSet<i64> =
        (0..table.rows).filter_map(|row| table.number(account_row::KEY, row)).collect();
    for (entity, field) in
        [(Entity::Account, account::DOMAIN), (Entity::Lead, lead::MAIL_DOMAIN), (Entity::Person, person::MAIL_DOMAIN)]
    {
        let filter = Filter { fields: Some(vec![field]), ..Filter::default() };
        for item in known.head.entries(entity, filter)? {
            let (_, entry) = item?;
            let Some(domain) = entry.get(field).text().map(plain).filter(|_| !entry.deleted) else { continue };
            let Some(one) = all.get_mut(&domain) else { continue };
            one.is_known = true;
            if entity == Entity::Account && rows.contains(&entry.id.hash.cast_signed()) {
                one.accounts.push(entry.id.hash);
            }
            about.insert(entry.id.hash, domain);
        }
    }
    Ok(about)
}

/// Adds the leads and opportunities of the accounts, and all that belongs to the journeys of leads found so far.
fn of_accounts(known: &Known, all: &BTreeMap<String, Worked>, about: &mut HashMap<u64, String>) -> Result<(), Failure> {
    let one = |column: Column, key: u64| Test::Between(column, key.cast_signed(), key.cast_signed());
    for (grain, with, own) in [
        (Grain::LeadCycle, lead_cycle::ACCOUNT, lead_cycle::KEY),
        (Grain::Opportunity, opportunity::ACCOUNT, opportunity::KEY),
    ] {
        let keys: Vec<Test> = all.values().flat_map(|w| &w.accounts).map(|key| one(with, *key)).collect();
        if keys.is_empty() {
            continue;
        }
        let table = known.facts.extract(&Extract::of(grain, vec![Test::Any(keys)], &[with, own]))?;
        for row in 0..table.rows {
            let key = |column| table.number(column, row).map(i64::cast_unsigned);
            if let (Some(account), Some(own)) = (key(with), key(own))
                && let Some(domain) = about.get(&account).cloned()
            {
                about.insert(own, domain);
            }
        }
    }
    let together: Vec<(u64, String)> = about
        .iter()
        .filter_map(|(subject, domain)| Some((known.facts.journey_of(*subject)?, domain)))
        .flat_map(|(journey, domain)| known.facts.subjects_of(journey).into_iter().map(move |s| (s, domain.clone())))
        .collect();
    for (subject, domain) in together {
        about.entry(subject).or_insert(domain);
    }
    Ok(())
}

/// Attempts and contacts about these subjects: the domain, and the minute.
fn tried(known: &Known, about: &HashMap<u64, String>, subjects: Vec<u64>) -> Result<Vec<(String, i64)>, Failure> {
    use activity as f;
    let fields = vec![f::KIND, f::DIRECTION, f::OUTCOME, f::TWO_WAY, f::AUTOMATIC, f::DONE];
    let filter = Filter { about: subjects, fields: Some(fields), ..Filter::default() };
    let mut found: HashMap<u64, Option<(String, i64)>> = HashMap::new();
    for item in known.head.entries(Entity::Activity, filter)? {
        let (_, entry) = item?;
        let text = |field| entry.get(field).text().unwrap_or("");
        let (kind, direction) = (ActivityKind::parse(text(f::KIND)), Direction::parse(text(f::DIRECTION)));
        let automatic = entry.get(f::AUTOMATIC).flag() == Some(true);
        let spoke =
            entry.get(f::TWO_WAY).flag() == Some(true) || known.definitions.is_contact_outcome(text(f::OUTCOME));
        let is_attempt = known.definitions.is_attempt(kind, direction, automatic, entry.get(f::DONE).flag());
        let counts = !entry.deleted && (is_attempt || spoke && !automatic);
        let at = entry.valid_at.minutes().map(i64::from);
        let now = about.get(&entry.subject.hash).cloned().zip(at).filter(|_| counts);
        found.insert(entry.id.hash, now); // a later version of the same activity takes its place
    }
    Ok(found.into_values().flatten().collect())
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_domain_is_the_same_however_it_is_written() {
        assert_eq!(plain(" WWW.Fjord.Example "), "fjord.example");
        assert_eq!(plain("fjord.example"), "fjord.example");
    }
}
