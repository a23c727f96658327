//! A small company written by hand, as entries.

use entries::catalogue::{
    account, activity, campaign, lead, link, opportunity, person, product, rate, rep, spend_day, stage_change, touch,
};
use entries::{Entry, RowRef, Value};
use ledger::{BatchMeta, Commit, Ledger, Outcome};
use terms::{Currency, Day, Entity, Instant, Key, Money, Stage, When};

pub fn key(entity: Entity, id: &str) -> Key {
    Key::of(entity, "crm", id)
}

pub fn at(text: &str) -> When {
    let (day, time) = text.split_once(' ').unwrap_or((text, ""));
    let day = Day::parse(day).unwrap();
    if time.is_empty() {
        return When::Day(day);
    }
    let (h, m) = time.split_once(':').unwrap();
    When::Instant(Instant(day.start().0 + (h.parse::<i64>().unwrap() * 60 + m.parse::<i64>().unwrap()) * 60_000))
}

pub fn minutes(text: &str) -> i64 {
    i64::from(at(text).minutes().unwrap())
}

pub fn day(text: &str) -> i64 {
    i64::from(Day::parse(text).unwrap().0)
}

pub fn money(minor: i64, currency: &str) -> Value {
    Value::Money(Money::new(minor, Currency::parse(currency).unwrap()))
}

pub fn text(text: &str) -> Value {
    Value::Text(text.into())
}

pub fn entry(entity: Entity, id: &str, valid: &str) -> Entry {
    let mut e = Entry::new(entity);
    e.id = key(entity, id);
    e.id_text = id.into();
    e.subject = e.id;
    e.valid_at = if valid.is_empty() { When::Unknown } else { at(valid) };
    e
}

pub fn about(mut e: Entry, subject: Key) -> Entry {
    e.subject = subject;
    e
}

fn deleted(mut e: Entry) -> Entry {
    e.deleted = true;
    e
}

/// Two leads of one human, one lead that was won, one opportunity without a lead, a contact, an account, money in two
/// currencies, spend, and everything that happened to them.
pub fn entries() -> Vec<Entry> {
    let l = |id: &str| key(Entity::Lead, id);
    let vault = Key::vault_person(77);
    let mut all = vec![
        entry(Entity::Campaign, "c1", "2025-01-01").with(campaign::NAME, text("Spring webinar")),
        entry(Entity::Rep, "r1", "2025-01-01").with(rep::TEAM, text("North")),
        entry(Entity::Product, "p1", "2025-01-01")
            .with(product::NAME, text("Basic"))
            .with(product::LIST_PRICE, money(150_000, "USD")),
        entry(Entity::Rate, "e1", "2026-01-01")
            .with(rate::FROM, text("EUR"))
            .with(rate::TO, text("USD"))
            .with(rate::RATE, Value::Real(1.1)),
        entry(Entity::Rate, "e2", "2026-03-01")
            .with(rate::FROM, text("EUR"))
            .with(rate::TO, text("USD"))
            .with(rate::RATE, Value::Real(1.2)),
        entry(Entity::Account, "a1", "2026-01-01")
            .with(account::NAME, text("Acme Ltd"))
            .with(account::DOMAIN, text("acme.com"))
            .with(account::INDUSTRY, text("Steel"))
            .with(account::COUNTRY, text("NO")),
        // a lead that became an opportunity that was won
        entry(Entity::Lead, "l1", "2026-01-05 09:00")
            .with(lead::SOURCE, text("Web"))
            .with(lead::SEGMENT, text("Mid"))
            .with(lead::STAGE, Value::Stage(Stage::Inquiry))
            .with(lead::MAIL_DOMAIN, text("acme.com"))
            .with(lead::PERSON, Value::Key(vault))
            .with(lead::OWNER, Value::Key(key(Entity::Rep, "r1")))
            .with(lead::CAMPAIGN, Value::Key(key(Entity::Campaign, "c1")))
            .with(lead::CREATED_AT, Value::When(at("2026-01-05 09:00"))),
        entry(Entity::Lead, "l1", "2026-02-10 12:00")
            .with(lead::SOURCE, text("Web"))
            .with(lead::STAGE, Value::Stage(Stage::Opportunity))
            .with(lead::STAGE_RAW, text("Converted"))
            .with(lead::IS_CONVERTED, Value::Flag(true))
            .with(lead::CONVERTED_AT, Value::When(at("2026-02-10 12:00")))
            .with(lead::CONVERTED_OPPORTUNITY, Value::Key(key(Entity::Opportunity, "o1")))
            .with(lead::CONVERTED_PERSON, Value::Key(key(Entity::Person, "k1")))
            .with(lead::CREATED_AT, Value::When(at("2026-01-05 09:00"))),
        entry(Entity::Person, "k1", "2026-02-10 12:00")
            .with(person::PERSON, Value::Key(vault))
            .with(person::ACCOUNT, Value::Key(key(Entity::Account, "a1"))),
        // a second lead that nobody worked, of nobody known
        entry(Entity::Lead, "l2", "2026-01-07")
            .with(lead::SOURCE, text("Ads"))
            .with(lead::STAGE, Value::Stage(Stage::Inquiry))
            .with(lead::CREATED_AT, Value::When(at("2026-01-07"))),
        // one that was deleted again
        entry(Entity::Lead, "l3", "2026-01-08").with(lead::SOURCE, text("Ads")),
        deleted(entry(Entity::Lead, "l3", "2026-01-09")),
        entry(Entity::Opportunity, "o1", "2026-03-20")
            .with(opportunity::ACCOUNT, Value::Key(key(Entity::Account, "a1")))
            .with(opportunity::STAGE, Value::Stage(Stage::ClosedWon))
            .with(opportunity::IS_CLOSED, Value::Flag(true))
            .with(opportunity::IS_WON, Value::Flag(true))
            .with(opportunity::AMOUNT, money(100_000, "EUR"))
            .with(opportunity::PRODUCT, text("Basic"))
            .with(opportunity::CREATED_AT, Value::When(at("2026-02-10 12:00")))
            .with(opportunity::CLOSED_AT, Value::When(at("2026-03-20"))),
        // an opportunity without a lead, in a currency without a rate, of a product that is not in the list
        entry(Entity::Opportunity, "o2", "2026-03-01")
            .with(opportunity::STAGE, Value::Stage(Stage::Opportunity))
            .with(opportunity::AMOUNT, money(5_000, "GBP"))
            .with(opportunity::PRODUCT, text("Luxury"))
            .with(opportunity::COMPANY, text("Nobody knows"))
            .with(opportunity::CREATED_AT, Value::When(at("2026-02-20")))
            .with(opportunity::CLOSED_AT, Value::When(at("2026-06-30"))),
        entry(Entity::SpendDay, "s1", "2026-01-04")
            .with(spend_day::PLATFORM, text("google_ads"))
            .with(spend_day::CAMPAIGN, Value::Key(key(Entity::Campaign, "c1")))
            .with(spend_day::COST, money(2_000, "USD"))
            .with(spend_day::CLICKS, Value::Int(12))
            .with(spend_day::CONVERSIONS, Value::Real(1.5)),
    ];
    let stages = [
        ("2026-01-05 09:00", Stage::Inquiry),
        ("2026-01-12 10:00", Stage::Mql),
        ("2026-01-13 08:00", Stage::Sal),
        ("2026-01-20 16:00", Stage::Sql),
    ];
    for (i, (when, stage)) in stages.into_iter().enumerate() {
        all.push(
            about(entry(Entity::StageChange, &format!("h{i}"), when), l("l1"))
                .with(stage_change::STAGE, Value::Stage(stage)),
        );
    }
    for (id, when, subject, channel) in [
        ("t1", "2026-01-04 20:00", l("l1"), "paid_search"),
        ("t2", "2026-01-06 20:00", vault, "email"),
        ("t3", "2026-02-01 20:00", key(Entity::Person, "k1"), "email"),
        ("t4", "2026-01-06 21:00", l("l2"), "social"),
        ("t5", "2026-01-06 21:00", Key::vault_person(5), "social"),
    ] {
        all.push(
            about(entry(Entity::Touch, id, when), subject)
                .with(touch::CHANNEL, text(channel))
                .with(touch::CAMPAIGN, Value::Key(key(Entity::Campaign, "c1"))),
        );
    }
    for (id, when, subject, outcome) in [
        ("x1", "2026-01-12 11:30", l("l1"), "no answer"),
        ("x2", "2026-01-13 09:00", key(Entity::Person, "k1"), "connected"),
        // it names nothing: a link ties it to the second lead
        ("x3", "2026-01-14 09:00", key(Entity::Activity, "x3"), ""),
    ] {
        all.push(
            about(entry(Entity::Activity, id, when), subject)
                .with(activity::KIND, text("call"))
                .with(activity::DIRECTION, text("outbound"))
                .with(activity::OUTCOME, text(outcome))
                .with(activity::DONE, Value::Flag(true))
                .with(activity::REP, Value::Key(key(Entity::Rep, "r1"))),
        );
    }
    all.push(
        about(entry(Entity::Link, "k", "2026-01-14"), key(Entity::Activity, "x3"))
            .with(link::FROM, Value::Key(key(Entity::Activity, "x3")))
            .with(link::TO, Value::Key(l("l2"))),
    );
    for (line, e) in all.iter_mut().enumerate() {
        e.row = RowRef { file: 0, line: line as u32 + 2 };
    }
    all
}

/// Appends a batch to a ledger, which is made if it is not there.
pub fn append(root: &std::path::Path, recorded: i64, all: &[Entry]) -> Ledger {
    let mut ledger = if root.join("format.json").exists() { Ledger::open(root) } else { Ledger::create(root) }.unwrap();
    let meta = BatchMeta {
        recorded_at: Instant(recorded),
        engine: "test".into(),
        source: "test".into(),
        settings: Default::default(),
    };
    let mut batch = ledger.begin(meta).unwrap();
    for e in all {
        batch.append(e).unwrap();
    }
    assert!(matches!(batch.commit(Commit::default()).unwrap(), Outcome::Committed { .. }));
    ledger
}

/// One of many leads that nothing else is known of.
pub fn filler(n: usize) -> Entry {
    entry(Entity::Lead, &format!("filler {n}"), "2026-01-03")
        .with(lead::SOURCE, text(["Web", "Ads", "Fair"][n % 3]))
        .with(lead::CREATED_AT, Value::When(at("2026-01-03")))
}
