//! What kind of thing an entry is about, and the key of one such thing.

use serde::{Deserialize, Serialize};

/// The kinds of things the ledger observes. The number is part of the ledger's format: append only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Entity {
    /// A company that buys or may buy.
    Account = 0,
    /// A person at an account (a CRM contact, or a person known by mail or phone alone).
    Person = 1,
    /// A lead record.
    Lead = 2,
    /// An opportunity.
    Opportunity = 3,
    /// A lead or an opportunity entered a stage.
    StageChange = 4,
    /// A field of a lead or an opportunity changed (amount, close date, owner, ...).
    FieldChange = 5,
    /// A sales action: call, email, meeting, note, task.
    Activity = 6,
    /// A marketing touchpoint.
    Touch = 7,
    /// A campaign.
    Campaign = 8,
    /// What one campaign cost on one day (or over one range of days).
    SpendDay = 9,
    /// Somebody on one of the two teams.
    Rep = 10,
    /// A product and its list price.
    Product = 11,
    /// What was planned for a period.
    Plan = 12,
    /// A currency rate.
    Rate = 13,
    /// A recorded link between two things, or its withdrawal.
    Link = 14,
    /// A setting of the company: fiscal year, reporting currency, time zone.
    Setting = 15,
    /// A step of the agreement between the teams: a key, a proposal, a signature.
    Agreement = 16,
    /// A step of a dispute about a fact: opened, answered, decided.
    Dispute = 17,
    /// What one team asked the other for: content, a conversation with a customer.
    Request = 18,
}

impl Entity {
    /// All entities, in the order of their numbers.
    pub const ALL: [Entity; 19] = [
        Entity::Account,
        Entity::Person,
        Entity::Lead,
        Entity::Opportunity,
        Entity::StageChange,
        Entity::FieldChange,
        Entity::Activity,
        Entity::Touch,
        Entity::Campaign,
        Entity::SpendDay,
        Entity::Rep,
        Entity::Product,
        Entity::Plan,
        Entity::Rate,
        Entity::Link,
        Entity::Setting,
        Entity::Agreement,
        Entity::Dispute,
        Entity::Request,
    ];

    /// The glossary's word, as used in tables, files and JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Entity::Account => "account",
            Entity::Person => "person",
            Entity::Lead => "lead",
            Entity::Opportunity => "opportunity",
            Entity::StageChange => "stage_change",
            Entity::FieldChange => "field_change",
            Entity::Activity => "activity",
            Entity::Touch => "touch",
            Entity::Campaign => "campaign",
            Entity::SpendDay => "spend_day",
            Entity::Rep => "rep",
            Entity::Product => "product",
            Entity::Plan => "plan",
            Entity::Rate => "rate",
            Entity::Link => "link",
            Entity::Setting => "setting",
            Entity::Agreement => "agreement",
            Entity::Dispute => "dispute",
            Entity::Request => "request",
        }
    }

    /// The entity of a glossary word.
    pub fn parse(word: &str) -> Option<Entity> {
        Entity::ALL.into_iter().find(|e| e.word() == word)
    }

    /// The entity with this number in the ledger's format.
    pub fn from_number(number: u8) -> Option<Entity> {
        Entity::ALL.get(usize::from(number)).copied()
    }
}

/// The key of one thing: its kind and a 64-bit hash of `system`, kind and the id that the system gave it.
///
/// The system's own id is kept beside it on the thing's own entries. A person known by mail or phone alone has a
/// random hash given by the vault, never one made from the mail. Two ids share a hash with probability about
/// n²/2⁶⁵ (3e-7 at five million things); the ledger refuses a batch in which two ids of one kind collide.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Key {
    /// What kind of thing.
    pub entity: Entity,
    /// The hash that stands for it.
    pub hash: u64,
}

impl Key {
    /// The key of the thing that `system` calls `id`.
    pub fn of(entity: Entity, system: &str, id: &str) -> Key {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        hasher.update(system.as_bytes());
        hasher.update(&[0x1f, entity as u8, 0x1f]);
        hasher.update(id.as_bytes());
        Key { entity, hash: hasher.digest() }
    }

    /// A person that the vault knows by this random number.
    pub const fn vault_person(number: u64) -> Key {
        Key { entity: Entity::Person, hash: number }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_id_in_two_systems_or_of_two_kinds_is_two_keys() {
        let a = Key::of(Entity::Lead, "salesforce", "00Q1");
        assert_ne!(a.hash, Key::of(Entity::Lead, "hubspot", "00Q1").hash);
        assert_ne!(a.hash, Key::of(Entity::Person, "salesforce", "00Q1").hash);
        assert_eq!(a, Key::of(Entity::Lead, "salesforce", "00Q1"));
    }

    #[test]
    fn words_and_numbers_lead_back_to_their_entity() {
        for entity in Entity::ALL {
            assert_eq!(Entity::parse(entity.word()), Some(entity));
            assert_eq!(Entity::from_number(entity as u8), Some(entity));
        }
        assert_eq!(Entity::from_number(Entity::ALL.len() as u8), None);
    }
}
