//! One pushed item becomes one entry: what programs send instead of an export.
//!
//! Here: the shape of an item, and what is wrong with one. Not here: where items come from and when they reach the ledger.
//! Invariant: an item's keys are those that an export of the same system would give, so that both tell of the same thing; what is
//! wrong is said of its field, and nothing is guessed.

use entries::{Entry, FieldDef, Kind, RowRef, Value, catalogue};
use serde_json::{Map, Value as Json};
use terms::{Currency, Day, Entity, Instant, Key, Stage, When};

use crate::values::{self, parse_money};
use crate::{Error, People, Seen, salesforce_id};

/// The longest text of a field, in bytes.
const LONGEST: usize = 4_000;

/// Why an item is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// Which part of it: `at`, `fields.amount`.
    pub part: String,
    /// What was read, cut at 200 characters.
    pub read: String,
    /// What was expected.
    pub expected: String,
}

/// The human of an item, as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Human {
    mail: String,
    mail_read: String,
    phone: String,
    phone_read: String,
    name: Option<String>,
}

/// An item that can be taken: all that is missing is who its human is.
#[derive(Clone, Debug)]
pub struct Item {
    entry: Entry,
    human: Option<Human>,
}

/// What no program may push: steps of agreements and disputes are taken by rules of their own, settings are the company's.
const CLOSED: [Entity; 4] = [Entity::Agreement, Entity::Dispute, Entity::Setting, Entity::Link];

/// What an item may be about, beside itself.
const SUBJECTS: [Entity; 4] = [Entity::Lead, Entity::Person, Entity::Opportunity, Entity::Account];

fn wrong(part: impl Into<String>, read: &Json, expected: impl Into<String>) -> Wrong {
    let read = match read {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    Wrong { part: part.into(), read: read.chars().take(200).collect(), expected: expected.into() }
}

fn text<'j>(of: &'j Map<String, Json>, part: &str) -> Result<Option<&'j str>, Wrong> {
    match of.get(part) {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) => {
            let text = text.trim();
            if text.len() > LONGEST {
                return Err(wrong(part, &Json::String(text.to_owned()), format!("a text of at most {LONGEST} bytes")));
            }
            Ok(Some(text).filter(|t| !t.is_empty()))
        }
        Some(other) => Err(wrong(part, other, "a text")),
    }
}

/// The key of what a system calls by an id.
fn key(entity: Entity, system: &str, id: &str) -> Key {
    // both lengths of a Salesforce id name the same record
    let id = if system == "salesforce" { salesforce_id(id) } else { id };
    Key::of(entity, system, id)
}

/// What a field's key names.
fn named(entity: Entity, field: &str) -> Option<Entity> {
    Some(match field {
        "owner" | "sdr" | "by" | "rep" | "manager" => Entity::Rep,
        "account" | "converted_account" => Entity::Account,
        "converted_person" => Entity::Person,
        "person" if entity == Entity::Opportunity => Entity::Person,
        "campaign" => Entity::Campaign,
        "converted_opportunity" | "opportunity" => Entity::Opportunity,
        "lead" => Entity::Lead,
        "parent" if entity == Entity::Account => Entity::Account,
        "parent" if entity == Entity::Campaign => Entity::Campaign,
        _ => return None,
    })
}

/// A day, a moment with its offset, or two days with a slash between.
fn when(part: &str, read: &Json) -> Result<When, Wrong> {
    let expected = "a day such as 2026-10-05, a moment such as 2026-10-05T10:30:00Z, or two days with / between";
    let Json::String(text) = read else { return Err(wrong(part, read, expected)) };
    let text = text.trim();
    if let Some((first, last)) = text.split_once('/') {
        return match (Day::parse(first), Day::parse(last)) {
            (Some(first), Some(last)) if first <= last => Ok(When::Range(first, last)),
            _ => Err(wrong(part, read, expected)),
        };
    }
    if let Some(day) = Day::parse(text) {
        return Ok(When::Day(day));
    }
    let moment = text.parse::<jiff::Timestamp>().map_err(|_| wrong(part, read, expected))?;
    Ok(When::Instant(Instant(moment.as_millisecond())))
}

fn money(part: &str, read: &Json, usual: Option<Currency>) -> Result<Value, Wrong> {
    let expected =
        "{ \"amount\": \"1250.00\", \"currency\": \"EUR\" }, with a point before cents and nothing between thousands";
    let bad = || wrong(part, read, expected);
    let (amount, currency) = match read {
        Json::Object(of) => {
            let amount = of.get("amount").ok_or_else(bad)?;
            let code = of.get("currency").and_then(Json::as_str);
            (amount, code.map(|code| Currency::parse(code).ok_or_else(bad)).transpose()?.or(usual))
        }
        other => (other, usual),
    };
    let amount = match amount {
        Json::String(text) => text.trim().to_owned(),
        Json::Number(number) => number.to_string(),
        _ => return Err(bad()),
    };
    if !amount.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-')) {
        return Err(bad());
    }
    let money = parse_money(&amount, Some(values::Decimal::Point), currency, None).map_err(|_| bad())?;
    Ok(Value::Money(money))
}

fn value(entity: Entity, def: &FieldDef, read: &Json, system: &str, usual: Option<Currency>) -> Result<Value, Wrong> {
    let part = format!("fields.{}", def.name);
    Ok(match def.kind {
        Kind::Code | Kind::Text => {
            let Json::String(text) = read else { return Err(wrong(part, read, "a text")) };
            if text.len() > LONGEST {
                return Err(wrong(part, read, format!("a text of at most {LONGEST} bytes")));
            }
            if text.trim().is_empty() { Value::None } else { Value::Text(text.trim().into()) }
        }
        Kind::Key => {
            let Some(of) = named(entity, def.name) else {
                return Err(wrong(part, read, "nothing: this is not given by a program"));
            };
            let Json::String(id) = read else {
                return Err(wrong(part, read, format!("the id of the {} as a text", of.word())));
            };
            if id.trim().is_empty() { Value::None } else { Value::Key(key(of, system, id.trim())) }
        }
        Kind::Int => Value::Int(read.as_i64().ok_or_else(|| wrong(part, read, "a whole number"))?),
        Kind::Real => {
            Value::Real(read.as_f64().filter(|x| x.is_finite()).ok_or_else(|| wrong(part, read, "a number"))?)
        }
        Kind::Money => money(&part, read, usual)?,
        Kind::When => Value::When(when(&part, read)?),
        Kind::Flag => Value::Flag(read.as_bool().ok_or_else(|| wrong(part, read, "true or false"))?),
        Kind::Stage => {
            let words: Vec<&str> = Stage::ALL.iter().map(|s| s.word()).collect();
            let stage = read.as_str().and_then(Stage::parse);
            Value::Stage(stage.ok_or_else(|| wrong(part, read, format!("one of {}", words.join(", "))))?)
        }
    })
}

fn human(of: &Map<String, Json>) -> Result<Option<Human>, Wrong> {
    let read = match of.get("person") {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::Object(read)) => read,
        Some(other) => return Err(wrong("person", other, "{ \"mail\": ..., \"phone\": ..., \"name\": ... }")),
    };
    let mut out = Human { name: text(read, "name")?.map(str::to_owned), ..Human::default() };
    if let Some(mail) = text(read, "mail")? {
        mail.clone_into(&mut out.mail_read);
        let mut buffer = String::new();
        let found = values::mail(mail, &mut buffer).map(str::to_owned);
        out.mail =
            found.ok_or_else(|| wrong("person.mail", &Json::String(mail.to_owned()), "a mail address, or none"))?;
    }
    if let Some(phone) = text(read, "phone")? {
        phone.clone_into(&mut out.phone_read);
        let mut buffer = String::new();
        let found = values::phone(phone, &mut buffer).map(str::to_owned);
        out.phone =
            found.ok_or_else(|| wrong("person.phone", &Json::String(phone.to_owned()), "7 to 15 digits, or none"))?;
    }
    if out.mail.is_empty() && out.phone.is_empty() {
        let expected = "a mail or a phone: a name alone tells nobody apart";
        return Err(wrong("person", &Json::Object(read.clone()), expected));
    }
    Ok(Some(out))
}

impl Item {
    /// Reads an item. `received`: when it came, for records that do not say when they were last changed. `usual`: the
    /// currency of amounts that name none.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(item: &Json, received: Instant, usual: Option<Currency>) -> Result<Item, Wrong> {
        let Json::Object(of) = item else {
            return Err(wrong("", item, "an object with `entity`, `id` and `fields`"));
        };
        const PARTS: [&str; 8] = ["entity", "system", "id", "subject", "at", "deleted", "person", "fields"];
        if let Some((name, read)) = of.iter().find(|(name, _)| !PARTS.contains(&name.as_str())) {
            return Err(wrong(name.as_str(), read, format!("nothing: an item has {}", PARTS.join(", "))));
        }
        let word = text(of, "entity")?.unwrap_or("");
        let entity = Entity::parse(word).filter(|entity| !CLOSED.contains(entity)).ok_or_else(|| {
            let known: Vec<&str> = Entity::ALL.iter().filter(|e| !CLOSED.contains(e)).map(|e| e.word()).collect();
            wrong("entity", of.get("entity").unwrap_or(&Json::Null), format!("one of {}", known.join(", ")))
        })?;
        let system = text(of, "system")?.unwrap_or("api");
        let Some(id) = text(of, "id")? else {
            return Err(wrong("id", of.get("id").unwrap_or(&Json::Null), "the id that the system gives it"));
        };
        let mut entry = Entry::new(entity);
        entry.id = key(entity, system, id);
        entry.id_text = id.into();
        entry.subject = subject(of, entity, system)?.unwrap_or(entry.id);
        entry.deleted = match of.get("deleted") {
            None | Some(Json::Null) => false,
            Some(Json::Bool(deleted)) => *deleted,
            Some(other) => return Err(wrong("deleted", other, "true or false")),
        };
        let happens = !matches!(
            entity,
            Entity::Account
                | Entity::Person
                | Entity::Lead
                | Entity::Opportunity
                | Entity::Rep
                | Entity::Campaign
                | Entity::Product
        );
        entry.valid_at = match of.get("at") {
            None | Some(Json::Null) if happens => {
                return Err(wrong("at", &Json::Null, "when it happened: a day, or a moment with its offset"));
            }
            None | Some(Json::Null) => When::Instant(received),
            Some(at) => when("at", at)?,
        };
        match of.get("fields") {
            None | Some(Json::Null) => {}
            Some(Json::Object(fields)) => {
                for (name, read) in fields {
                    let Some(place) = catalogue::field(entity, name) else {
                        let known: Vec<&str> = catalogue::fields(entity).iter().map(|f| f.name).collect();
                        let expected = format!("one of the fields of {word}: {}", known.join(", "));
                        return Err(wrong(format!("fields.{name}"), read, expected));
                    };
                    if !read.is_null() {
                        let def = catalogue::fields(entity).get(place);
                        let read = def.map(|def| value(entity, def, read, system, usual)).transpose()?;
                        entry.set(place, read.unwrap_or_default());
                    }
                }
            }
            Some(other) => return Err(wrong("fields", other, "an object of fields")),
        }
        let human = human(of)?;
        if human.is_some() && !matches!(entity, Entity::Person | Entity::Lead | Entity::Rep) {
            return Err(wrong("person", &Json::Null, "no person: only a lead, a person or a rep is one"));
        }
        Ok(Item { entry, human })
    }

    /// The entry, once it is known who its human is.
    ///
    /// # Errors
    /// Where the vault cannot be asked.
    pub fn entry(self, row: RowRef, people: &mut dyn People) -> Result<Entry, Error> {
        let Item { mut entry, human } = self;
        entry.row = row;
        let Some(human) = human else { return Ok(entry) };
        let seen = Seen {
            mail: &human.mail,
            phone: &human.phone,
            name: human.name.as_deref(),
            mail_read: &human.mail_read,
            phone_read: &human.phone_read,
        };
        let (person, rule) = people.person(&seen)?;
        let mut put = |name: &str, value: Value| {
            if let Some(place) = catalogue::field(entry.entity, name) {
                entry.set(place, value);
            }
        };
        put("person", Value::Key(person));
        put("match_rule", Value::Text(rule.into()));
        let mut buffer = String::new();
        if let Some(domain) = values::mail_domain(&human.mail, &mut buffer) {
            put("mail_domain", Value::Text(domain.into()));
        }
        Ok(entry)
    }
}

/// Whom or what it is about; `None` where that is itself.
fn subject(of: &Map<String, Json>, entity: Entity, system: &str) -> Result<Option<Key>, Wrong> {
    let needs = matches!(entity, Entity::StageChange | Entity::FieldChange | Entity::Activity | Entity::Touch);
    let words: Vec<&str> = SUBJECTS.iter().map(|e| e.word()).collect();
    let expected = format!("one of {} with its id, such as {{ \"lead\": \"00Q...\" }}", words.join(", "));
    match of.get("subject") {
        None | Some(Json::Null) if needs => Err(wrong("subject", &Json::Null, expected)),
        None | Some(Json::Null) => Ok(None),
        Some(read) if !needs => Err(wrong("subject", read, "nothing: this is about itself")),
        Some(read @ Json::Object(one)) => {
            let mut all = one.iter();
            let (Some((word, Json::String(id))), None) = (all.next(), all.next()) else {
                return Err(wrong("subject", read, expected));
            };
            let about = Entity::parse(word).filter(|e| SUBJECTS.contains(e)).filter(|_| !id.trim().is_empty());
            about.map(|about| Some(key(about, system, id.trim()))).ok_or_else(|| wrong("subject", read, expected))
        }
        Some(other) => Err(wrong("subject", other, expected)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use entries::catalogue::{activity, lead, opportunity};
    use serde_json::json;

    struct Nobody;
    impl People for Nobody {
        fn person(&mut self, seen: &Seen<'_>) -> Result<(Key, &'static str), Error> {
            assert_eq!((seen.mail, seen.phone, seen.name), ("ann@example.com", "", Some("Ann")));
            Ok((Key::vault_person(77), "new"))
        }
        fn alias(&mut self, _: Entity, _: &str, _: &str) -> Result<Key, Error> {
            unreachable!("items name reps by their id")
        }
    }

    fn read(item: Json) -> Result<Entry, Wrong> {
        let item = Item::read(&item, Instant(1_000), Currency::parse("EUR"))?;
        Ok(item.entry(RowRef { file: 0, line: 3 }, &mut Nobody).unwrap())
    }

    #[test]
    fn an_item_gives_the_keys_and_values_of_an_export() {
        let call = read(json!({
            "entity": "activity", "system": "salesforce", "id": "00T1", "subject": { "lead": "00Q5g00000AbCdEEAV" },
            "at": "2026-10-05T10:00:00+02:00",
            "fields": { "kind": "call", "two_way": true, "rep": "0051", "duration_seconds": 90, "outcome": " " },
        }))
        .unwrap();
        assert_eq!(call.subject, Key::of(Entity::Lead, "salesforce", "00Q5g00000AbCdE"));
        assert_eq!(
            call.valid_at,
            When::Instant(
                "2026-10-05T08:00:00Z".parse::<jiff::Timestamp>().map(|t| Instant(t.as_millisecond())).unwrap()
            )
        );
        assert_eq!(call.get(activity::REP).key(), Some(Key::of(Entity::Rep, "salesforce", "0051")));
        assert_eq!(
            (call.get(activity::TWO_WAY).flag(), call.get(activity::DURATION_SECONDS).int()),
            (Some(true), Some(90))
        );
        assert!(call.get(activity::OUTCOME).is_none());
        let lead = read(json!({
            "entity": "lead", "id": "L1", "person": { "mail": " Ann@Example.com", "name": "Ann" },
            "fields": { "stage": "mql", "created_at": "2026-10-01", "score": 3 },
        }))
        .unwrap();
        assert_eq!((lead.id, lead.subject), (Key::of(Entity::Lead, "api", "L1"), lead.id));
        assert_eq!(lead.get(lead::PERSON).key(), Some(Key::vault_person(77)));
        assert_eq!(lead.get(lead::MAIL_DOMAIN).text(), Some("example.com"));
        assert_eq!((lead.get(lead::STAGE).stage(), lead.valid_at), (Some(Stage::Mql), When::Instant(Instant(1_000))));
        let deal = |amount: Json| read(json!({ "entity": "opportunity", "id": "O1", "fields": { "amount": amount } }));
        let minor = |amount: Json| {
            deal(amount).unwrap().get(opportunity::AMOUNT).money().map(|m| (m.minor, m.currency.code().to_owned()))
        };
        assert_eq!(minor(json!({ "amount": "1250.5", "currency": "usd" })), Some((125_050, "USD".to_owned())));
        assert_eq!(minor(json!(-12.34)), Some((-1_234, "EUR".to_owned())));
        assert_eq!(minor(json!({ "amount": 900, "currency": "JPY" })), Some((900, "JPY".to_owned())));
        assert!(deal(json!("1,250")).is_err() && deal(json!({ "amount": 1, "currency": "no" })).is_err());
    }

    #[test]
    fn what_is_wrong_is_said_of_its_part() {
        let part = |item: Json| read(item).unwrap_err().part;
        assert_eq!(part(json!(7)), "");
        assert_eq!(part(json!({ "entity": "agreement", "id": "1" })), "entity");
        assert_eq!(part(json!({ "entity": "lead" })), "id");
        assert_eq!(part(json!({ "entity": "lead", "id": "1", "mail": "x" })), "mail");
        assert_eq!(part(json!({ "entity": "activity", "id": "1", "at": "2026-01-01" })), "subject");
        assert_eq!(
            part(json!({ "entity": "activity", "id": "1", "subject": { "rep": "1" }, "at": "2026-01-01" })),
            "subject"
        );
        assert_eq!(part(json!({ "entity": "activity", "id": "1", "subject": { "lead": "1" } })), "at");
        assert_eq!(part(json!({ "entity": "touch", "id": "1", "subject": { "lead": "1" }, "at": "05.10.2026" })), "at");
        assert_eq!(part(json!({ "entity": "lead", "id": "1", "fields": { "nome": "x" } })), "fields.nome");
        assert_eq!(part(json!({ "entity": "lead", "id": "1", "fields": { "stage": "SQO" } })), "fields.stage");
        assert_eq!(part(json!({ "entity": "lead", "id": "1", "fields": { "person": "x" } })), "fields.person");
        assert_eq!(part(json!({ "entity": "lead", "id": "1", "person": { "name": "Ann" } })), "person");
        assert_eq!(part(json!({ "entity": "lead", "id": "1", "person": { "mail": "nobody" } })), "person.mail");
        assert_eq!(part(json!({ "entity": "lead", "id": "x".repeat(5_000) })), "id");
    }
}
