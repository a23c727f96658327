//! The book of agreements: which versions were proposed, who signed, which is in force when.
//!
//! A pure fold of steps in the order of the ledger. Not here: the ledger, files, the time now. Invariant: a version is in
//! force only where a registered key of each team signed the same document, and never before its first day; a step that
//! does not count changes nothing and says why.

mod sign;
mod state;

use terms::{Day, Instant};

pub use sign::{Statement, hex, is_public, public, unhex};
pub use state::{Ending, State};

use crate::document::{Agreement, Party};

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// A key may sign for a role from here on.
    Register,
    /// A key may no more.
    Withdraw,
    /// A document is put forward.
    Propose,
    /// A role agrees to it.
    Sign,
    /// A role does not.
    Decline,
    /// A role wants it to end; it ends when both teams do.
    Expire,
}

impl Act {
    const ALL: [Act; 6] = [Act::Register, Act::Withdraw, Act::Propose, Act::Sign, Act::Decline, Act::Expire];

    /// Its word in the ledger.
    pub const fn word(self) -> &'static str {
        match self {
            Act::Register => "register",
            Act::Withdraw => "withdraw",
            Act::Propose => "propose",
            Act::Sign => "sign",
            Act::Decline => "decline",
            Act::Expire => "expire",
        }
    }

    /// The act of a word.
    pub fn parse(word: &str) -> Option<Act> {
        Act::ALL.into_iter().find(|act| act.word() == word)
    }
}

/// A step as it stands in the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The batch that holds it.
    pub batch: u64,
    /// When the ledger recorded it: what counts, because nobody can put it back.
    pub recorded: Instant,
    /// When it was signed, by the signer's clock: part of what is signed.
    pub at: Instant,
    /// What it does.
    pub act: Act,
    /// For whom.
    pub party: Option<Party>,
    /// In which role.
    pub role: String,
    /// The document's hash in hexadecimal.
    pub hash: String,
    /// The document, where it is proposed.
    pub text: String,
    /// The public half of the key in hexadecimal.
    pub public: String,
    /// The head that was signed with it.
    pub head: String,
    /// The number of that head's last batch.
    pub head_seq: u64,
    /// In hexadecimal.
    pub signature: String,
    /// Why it is declined.
    pub because: String,
}

/// A key that may sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its public half in hexadecimal.
    pub public: String,
    /// For whom.
    pub party: Party,
    /// In which role.
    pub role: String,
    /// Since when.
    pub since: Instant,
    /// Until when, if it was withdrawn.
    pub until: Option<Instant>,
}

/// A signature that counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// For whom.
    pub party: Party,
    /// In which role.
    pub role: String,
    /// When.
    pub at: Instant,
    /// The batch that holds it.
    pub batch: u64,
    /// The public half of the key.
    pub public: String,
}

/// A document that was proposed.
#[derive(Clone, Debug)]
pub struct Version {
    /// From 1, in the order in which documents were first proposed.
    pub number: usize,
    /// The hash of what it says.
    pub hash: String,
    /// As it was proposed, with its comments.
    pub text: String,
    /// As it reads.
    pub agreement: Agreement,
    /// When it was proposed, the last time.
    pub proposed: Instant,
    /// Who agreed since.
    pub signed: Vec<Signed>,
    /// Who declined it since, and why.
    pub declined: Option<(Signed, String)>,
    /// Who wants it to end.
    pub ending: Vec<Signed>,
    /// When both teams had signed.
    pub agreed: Option<Instant>,
    /// When both teams had ended it.
    pub ended: Option<Instant>,
}

/// A step that does not count, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idle {
    /// The batch that holds it.
    pub batch: u64,
    /// What it would do.
    pub act: Act,
    /// Why it does not.
    pub why: String,
}

/// All that was agreed so far.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// Keys, in the order of their registration.
    pub keys: Vec<Key>,
    /// Versions, in the order of their numbers.
    pub versions: Vec<Version>,
    /// Steps that do not count.
    pub idle: Vec<Idle>,
}

impl Book {
    /// From the steps of a ledger in their order. `head_of` gives the hash of the head whose last batch has a number.
    pub fn of(steps: &[Step], head_of: &dyn Fn(u64) -> Option<String>) -> Book {
        let mut book = Book::default();
        for step in steps {
            if let Err(why) = book.take(step, head_of) {
                book.idle.push(Idle { batch: step.batch, act: step.act, why });
            }
        }
        book
    }

    /// The version that a number, or the beginning of a hash, names.
    pub fn version(&self, named: &str) -> Option<&Version> {
        let number = named.parse::<usize>().ok().and_then(|n| self.versions.iter().find(|v| v.number == n));
        number.or_else(|| {
            let mut all = self.versions.iter().filter(|v| named.len() >= 6 && v.hash.starts_with(named));
            all.next().filter(|_| all.next().is_none())
        })
    }

    /// Takes a step, or says why it does not count.
    ///
    /// # Errors
    /// Why it does not count; nothing is changed then.
    pub fn take(&mut self, step: &Step, head_of: &dyn Fn(u64) -> Option<String>) -> Result<(), String> {
        match step.act {
            Act::Register => self.register(step),
            Act::Withdraw => {
                let key = self.keys.iter_mut().find(|k| k.public == step.public && k.until.is_none());
                key.ok_or_else(|| "no such key may sign".to_owned())?.until = Some(step.recorded);
                Ok(())
            }
            Act::Propose => self.propose(step),
            Act::Sign | Act::Decline | Act::Expire => self.signed(step, head_of),
        }
    }

    fn register(&mut self, step: &Step) -> Result<(), String> {
        let party = step.party.ok_or("for neither party")?;
        if step.role.trim().is_empty() {
            return Err("for no role".to_owned());
        }
        if !is_public(&step.public) {
            return Err("no public key that can be used".to_owned());
        }
        // one key for two teams would let one person sign for both
        if let Some(known) = self.keys.iter().find(|k| k.public == step.public) {
            let until = if known.until.is_some() { ", and was withdrawn" } else { "" };
            return Err(format!("that key is the one of {} of {}{until}", known.role, known.party.word()));
        }
        self.keys.push(Key {
            public: step.public.clone(),
            party,
            role: step.role.clone(),
            since: step.recorded,
            until: None,
        });
        Ok(())
    }

    fn propose(&mut self, step: &Step) -> Result<(), String> {
        let agreement =
            Agreement::parse(&step.text, "proposal").map_err(|e| format!("line {}: {}", e.line, e.cause))?;
        if agreement.hash() != step.hash {
            return Err("the text is not that of its hash".to_owned());
        }
        if let Some(version) = self.versions.iter_mut().find(|v| v.hash == step.hash) {
            if version.declined.is_none() {
                return Err(format!("version {} says the same", version.number));
            }
            (version.declined, version.proposed, version.text) = (None, step.recorded, step.text.clone());
            version.signed.clear();
            return Ok(());
        }
        self.versions.push(Version {
            number: self.versions.len() + 1,
            hash: step.hash.clone(),
            text: step.text.clone(),
            agreement,
            proposed: step.recorded,
            signed: Vec::new(),
            declined: None,
            ending: Vec::new(),
            agreed: None,
            ended: None,
        });
        Ok(())
    }

    fn signed(&mut self, step: &Step, head_of: &dyn Fn(u64) -> Option<String>) -> Result<(), String> {
        let party = step.party.ok_or("for neither party")?;
        let holds = |k: &&Key| k.public == step.public && k.until.is_none() && k.since <= step.recorded;
        let key = self.keys.iter().find(holds).ok_or("its key may not sign: it is not registered, or was withdrawn")?;
        if key.party != party || key.role != step.role {
            return Err(format!("its key is the one of {} of {}", key.role, key.party.word()));
        }
        let statement = step.statement().ok_or("for neither party")?;
        if !statement.is_signed(&step.public, &step.signature) {
            return Err("the signature is not that of its key".to_owned());
        }
        if head_of(step.head_seq).as_deref() != Some(step.head.as_str()) {
            return Err(format!("it was signed with another ledger: batch {} has another hash", step.head_seq));
        }
        let version = self.versions.iter_mut().find(|v| v.hash == step.hash).ok_or("no such document was proposed")?;
        let may = version.agreement.signers.iter().any(|(p, roles)| *p == party && roles.contains(&step.role));
        if !may {
            return Err(format!("the document does not let {} sign for {}", step.role, party.word()));
        }
        let here = Signed {
            party,
            role: step.role.clone(),
            at: step.recorded,
            batch: step.batch,
            public: step.public.clone(),
        };
        match step.act {
            Act::Sign if version.declined.is_some() => Err("it was declined; it can be proposed again".to_owned()),
            Act::Sign if version.signed.iter().any(|s| s.party == party) => {
                Err(format!("{} has signed already", party.word()))
            }
            Act::Sign => {
                version.signed.push(here);
                if version.agreed.is_none() && both(&version.signed) {
                    version.agreed = Some(step.recorded);
                }
                Ok(())
            }
            Act::Decline if version.agreed.is_some() => Err("both teams have signed it; it can be ended".to_owned()),
            Act::Decline => {
                version.declined = Some((here, step.because.clone()));
                version.signed.clear();
                Ok(())
            }
            _ if version.agreed.is_none() => Err("it is not agreed, so it cannot be ended".to_owned()),
            _ if version.ending.iter().any(|s| s.party == party) => {
                Err(format!("{} has ended it already", party.word()))
            }
            _ => {
                version.ending.push(here);
                if version.ended.is_none() && both(&version.ending) {
                    version.ended = Some(step.recorded);
                }
                Ok(())
            }
        }
    }

    /// What a version is at an instant, as far as this book tells; a day begins in UTC.
    pub fn state(&self, number: usize, at: Instant) -> State {
        state::of(self, number, at)
    }

    /// Which versions were in force until an instant, since when and until when each, in order.
    pub fn held(&self, until: Instant) -> Vec<(&Version, Instant, Option<Instant>)> {
        let stretch = |version: &'_ Version| match self.state(version.number, until) {
            State::InForce { since } => Some((since, None)),
            State::Over { since: over, .. } => version.from().map(|from| (from, Some(over))),
            _ => None,
        };
        let mut out: Vec<_> = self.versions.iter().filter_map(|v| stretch(v).map(|(from, to)| (v, from, to))).collect();
        out.retain(|(_, from, to)| to.is_none_or(|to| *from < to));
        out.sort_by_key(|(version, from, _)| (*from, version.number));
        out
    }

    /// The version in force at an instant.
    pub fn in_force(&self, at: Instant) -> Option<&Version> {
        self.versions.iter().find(|v| matches!(self.state(v.number, at), State::InForce { .. }))
    }
}

impl Step {
    /// What is signed by it; `None` where it is for neither party.
    pub fn statement(&self) -> Option<Statement> {
        Some(Statement {
            act: self.act,
            hash: self.hash.clone(),
            party: self.party?,
            role: self.role.clone(),
            head: self.head.clone(),
            head_seq: self.head_seq,
            at: self.at,
        })
    }
}

impl Version {
    /// The first instant at which it may hold: both teams have signed and its first day has begun.
    pub fn from(&self) -> Option<Instant> {
        self.agreed.map(|agreed| agreed.max(self.agreement.effective.start()))
    }

    /// The first instant at which it holds no more by itself: ended by both teams, or after its last day.
    pub fn until(&self) -> Option<Instant> {
        let expires = self.agreement.expires.map(|day: Day| day.plus(1).start());
        [self.ended, expires].into_iter().flatten().min()
    }
}

/// Whether both teams are among them.
fn both(signed: &[Signed]) -> bool {
    [Party::Sales, Party::Marketing].iter().all(|party| signed.iter().any(|s| s.party == *party))
}

#[cfg(test)]
mod tests;
