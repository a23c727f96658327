//! Which owners in the facts people mean who write a rep's name, mail or id; and which countries.
//!
//! Facts name an owner by the id in a list of reps; without such a list, by the number of a hash: of the id, or the random one that
//! the desk gave a name. Invariant: an owner is found by whatever the tools and the desk know of them, and nobody is guessed: a text
//! that means none of the owners in the facts stays what it is.

use std::collections::{BTreeSet, HashMap, HashSet};

use agreement::document::{Agreement, Whose};
use analyses::InForce;
use entries::catalogue::rep;
use ledger::Filter;
use tallies::columns::{lead_cycle, lead_turn};
use terms::{Entity, Key};

use crate::failure::Failure;
use crate::known::Known;

/// The owners in the facts, and what else they are called.
#[derive(Debug, Default)]
pub struct Reps {
    owners: HashSet<String>,
    /// Names and mails, in lower case, of those that have any.
    called: HashMap<String, BTreeSet<String>>,
    /// The name of an owner that facts know by a random number, because a file gave the name alone.
    names: HashMap<String, String>,
    /// Whose ids the ledger holds.
    systems: BTreeSet<String>,
    /// Countries of leads, by their name in lower case.
    countries: HashMap<String, BTreeSet<String>>,
}

/// A name as names are compared.
fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// How facts name a rep of whom there is no list.
fn hexed(key: Key) -> String {
    format!("{:016x}", key.hash)
}

impl Reps {
    /// Reads what the facts, the ledger and the desk say.
    ///
    /// # Errors
    /// Where the ledger or the desk cannot be read.
    pub fn read(known: &Known) -> Result<Reps, Failure> {
        let mut out = Reps::default();
        for column in [lead_cycle::OWNER, lead_turn::OWNER] {
            out.owners.extend(known.facts.dictionary(column).into_iter().flat_map(|d| d.texts.iter().cloned()));
        }
        for country in known.facts.dictionary(lead_cycle::COUNTRY).into_iter().flat_map(|d| &d.texts) {
            out.countries.entry(folded(country)).or_default().insert(country.clone());
        }
        let files = known.head.manifests().flat_map(|manifest| &manifest.files);
        let systems = files.filter_map(|file| file.count.mapping.split('-').next()).map(str::to_owned);
        out.systems = systems.filter(|name| !name.is_empty()).collect();
        let mut called: HashMap<String, BTreeSet<String>> = HashMap::new();
        let mut call = |name: &str, owner: &str| {
            called.entry(folded(name)).or_default().insert(owner.to_owned());
        };
        for (name, key) in known.desk.aliases(Entity::Rep)? {
            call(&name, &hexed(key));
            out.names.insert(hexed(key), name);
        }
        for item in known.head.entries(Entity::Rep, Filter::default())? {
            let (_, entry) = item?;
            let Some(person) = entry.get(rep::PERSON).key() else { continue };
            let Some(person) = known.desk.known_person(person)? else { continue };
            for name in [person.name, person.mail].into_iter().flatten() {
                call(&name, &entry.id_text);
            }
        }
        out.called = called;
        Ok(out)
    }

    /// The owners that a text means: an id, also of 18 characters, a name or a mail.
    pub fn meant(&self, text: &str) -> Vec<String> {
        let text = text.trim();
        // an id of 18 characters is one of 15 and three that say which of them are upper case
        let short = text.get(..15).filter(|_| text.len() == 18 && text.bytes().all(|b| b.is_ascii_alphanumeric()));
        let ids = || std::iter::once(text).chain(short);
        let mut out: BTreeSet<String> = ids().map(str::to_owned).collect();
        out.extend(self.called.get(&folded(text)).into_iter().flatten().cloned());
        out.extend(self.systems.iter().flat_map(|system| ids().map(|id| hexed(Key::of(Entity::Rep, system, id)))));
        out.into_iter().filter(|owner| self.owners.contains(owner)).collect()
    }

    /// What an owner in the facts is called where people read it: the id of a list, or the name that a file gave.
    pub fn called<'a>(&'a self, owner: &'a str) -> &'a str {
        self.names.get(owner).map_or(owner, String::as_str)
    }

    /// Some owners by whatever they are called: as facts and as pages have them too.
    pub fn all(&self, owners: &[String]) -> Vec<String> {
        let meant: Vec<String> = owners.iter().flat_map(|owner| self.meant(owner)).collect();
        let called = meant.iter().map(|owner| self.called(owner).to_owned());
        let all: BTreeSet<String> = owners.iter().cloned().chain(called).chain(meant.iter().cloned()).collect();
        all.into_iter().collect()
    }

    /// Names the reps and countries of an agreement's offices as facts do.
    pub fn name(&self, agreement: &mut Agreement) {
        let or_as_is = |text: &str, meant: Vec<String>| if meant.is_empty() { vec![text.to_owned()] } else { meant };
        for office in &mut agreement.offices {
            office.reps = office.reps.iter().flat_map(|rep| or_as_is(rep, self.meant(rep))).collect();
            let spelled = |name: &str| self.countries.get(&folded(name)).into_iter().flatten().cloned().collect();
            office.countries = office.countries.iter().flat_map(|name| or_as_is(name, spelled(name))).collect();
        }
    }

    /// What a reader must know of reps and countries by whose office no clock goes.
    pub fn notes(&self, agreements: &[InForce]) -> Vec<String> {
        let mut out = BTreeSet::new();
        for agreement in agreements.iter().map(|force| &force.agreement) {
            // whoever belongs to none follows the first office in any case
            for office in agreement.offices.iter().skip(1) {
                let is_country = |name: &String| self.countries.contains_key(&folded(name));
                let (names, what, has) = match agreement.clocks_follow {
                    Whose::Rep => (&office.reps, "rep", "no record names an owner so"),
                    Whose::Lead => (&office.countries, "country", "no lead is recorded with it"),
                };
                let is_known = |name: &&String| match agreement.clocks_follow {
                    Whose::Rep => self.owners.contains(*name),
                    Whose::Lead => is_country(name),
                };
                for name in names.iter().filter(|name| !is_known(name)) {
                    let of = &office.name;
                    out.insert(format!(
                        "The agreement names `{name}` as a {what} of the office {of}, and {has}: nobody's clocks go by it."
                    ));
                }
            }
        }
        out.into_iter().collect()
    }
}
