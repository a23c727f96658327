use std::collections::HashMap;

use lockstep_desk::{Desk, Placed, Rule, Seen};
use terms::{Entity, Key};

use crate::{Home, person};

#[test]
fn a_person_is_known_again_by_mail_whatever_its_case() {
    let home = Home::new();
    let desk = home.desk();
    let first = person(&desk, "ann@one.example", "", "Ann");
    assert_eq!((first.rule, first.made, first.key.entity), (Rule::Mail, true, Entity::Person));
    let again = person(&desk, " Ann@One.example ", "+4930111", "Ann B");
    assert_eq!((again.key, again.rule, again.made), (first.key, Rule::Mail, false));
    desk.flush().unwrap();
    let known = home.desk().known_person(first.key).unwrap().unwrap();
    assert_eq!(known.mail.as_deref(), Some("ann@one.example"));
    assert_eq!(known.phones, ["+4930111"]);
    assert_eq!(known.name.as_deref(), Some("Ann"));
}

#[test]
fn a_phone_tells_who_it_is_only_where_one_person_has_it_and_no_other_mail_speaks_against_it() {
    let home = Home::new();
    let desk = home.desk();
    let ann = person(&desk, "", "+49 30 111-222", "Ann");
    assert_eq!((ann.rule, ann.made), (Rule::Phone, true));
    let with_mail = person(&desk, "ann@one.example", "+4930111222", "");
    assert_eq!((with_mail.key, with_mail.rule, with_mail.made), (ann.key, Rule::Phone, false));
    let other_mail = person(&desk, "bob@one.example", "+4930111222", "Bob");
    assert_ne!(other_mail.key, ann.key);
    let shared = person(&desk, "", "+4930111222", "Cleo");
    assert_eq!((shared.rule, shared.made), (Rule::New, true));
    assert!(shared.key != ann.key && shared.key != other_mail.key);
    assert_eq!(desk.people().unwrap(), 3);
}

#[test]
fn a_row_without_mail_and_phone_has_no_person() {
    let home = Home::new();
    let desk = home.desk();
    let nobody = Seen { mail: Some("  "), phone: Some("+"), name: Some("Ann") };
    assert_eq!(desk.person(&nobody).unwrap(), None);
    assert_eq!(desk.people().unwrap(), 0);
}

#[test]
fn numbers_are_random_fit_a_signed_column_and_say_nothing_of_the_mail() {
    let (one, two) = (Home::new(), Home::new());
    let keys: Vec<Key> =
        [&one, &two].iter().map(|home| person(&home.desk(), "ann@one.example", "", "Ann").key).collect();
    assert_ne!(keys[0], keys[1]);
    assert!(keys.iter().all(|key| i64::try_from(key.hash).is_ok()));
}

/// Rows that meet each other in every way: few mails, few phones, few names, any of them missing.
fn rows(seed: u64, count: usize) -> Vec<(String, String, String)> {
    let mut state = seed;
    let mut roll = |sides: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % sides
    };
    let mut all = Vec::new();
    while all.len() < count {
        let some = |n: u64, text: String| if n < 3 { String::new() } else { text };
        let mail = {
            let n = roll(60);
            some(n / 8, format!("m{n}@one.example"))
        };
        let phone = {
            let n = roll(40);
            some(n / 4, format!("+4930{n:06}"))
        };
        let name = {
            let n = roll(6);
            some(n + 2, format!("Name {n}"))
        };
        if !(mail.is_empty() && phone.is_empty()) {
            all.push((mail, phone, name));
        }
    }
    all
}

fn place(desk: &Desk, rows: &[(String, String, String)]) -> Vec<Placed> {
    rows.iter().map(|(mail, phone, name)| person(desk, mail, phone, name)).collect()
}

/// Who is whom, with the keys replaced by the order in which they first come.
fn shape(placed: &[Placed]) -> Vec<(usize, Rule, bool)> {
    let mut order = HashMap::new();
    placed
        .iter()
        .map(|placed| {
            let next = order.len();
            (*order.entry(placed.key).or_insert(next), placed.rule, placed.made)
        })
        .collect()
}

#[test]
fn a_large_batch_places_people_as_a_small_one_does() {
    for seed in 1..=8 {
        let (small, large) = (Home::new(), Home::new());
        let (small, busy) = (small.desk(), large.desk());
        for _ in 0..=5_000 {
            person(&busy, "busy@two.example", "", "");
        }
        let rows = rows(seed, 400);
        let expected = place(&small, &rows);
        assert_eq!(shape(&place(&busy, &rows)), shape(&expected), "seed {seed}");
        assert_eq!(busy.people().unwrap(), small.people().unwrap() + 1);
        let details = |desk: &Desk, keys: &[Placed]| -> Vec<_> {
            let people = keys.iter().map(|placed| desk.known_person(placed.key).unwrap().unwrap());
            people.map(|person| (person.mail, person.phones, person.name)).collect()
        };
        let again = place(&busy, &rows);
        assert_eq!(details(&busy, &again), details(&small, &place(&small, &rows)), "seed {seed}");
    }
}

#[test]
fn the_same_rows_again_have_the_same_people_by_the_same_rules() {
    for seed in 11..=18 {
        let home = Home::new();
        let rows = rows(seed, 300);
        let desk = home.desk();
        let answers = |placed: Vec<Placed>| placed.iter().map(|p| (p.key, p.rule)).collect::<Vec<_>>();
        let first = answers(place(&desk, &rows));
        desk.flush().unwrap();
        drop(desk);
        let desk = home.desk();
        assert_eq!(answers(place(&desk, &rows)), first, "from the file, seed {seed}");
        for _ in 0..=5_000 {
            person(&desk, "busy@two.example", "", "");
        }
        assert_eq!(answers(place(&desk, &rows)), first, "from memory, seed {seed}");
    }
}

#[test]
fn a_dry_run_leaves_nobody_behind() {
    let home = Home::new();
    let desk = home.desk();
    person(&desk, "kept@one.example", "", "");
    desk.flush().unwrap();
    for n in 0..6_000 {
        person(&desk, &format!("m{n}@one.example"), "", "");
    }
    desk.alias(Entity::Rep, "salesforce", "Dana").unwrap();
    desk.discard().unwrap();
    assert_eq!(desk.people().unwrap(), 1);
    assert!(person(&desk, "m1@one.example", "", "").made);
    assert!(!person(&desk, "kept@one.example", "", "").made);
}

#[test]
fn one_name_of_one_system_is_one_alias() {
    let home = Home::new();
    let desk = home.desk();
    let alias = |system, name| desk.alias(Entity::Rep, system, name).unwrap();
    let dana = alias("maven", "Dana  Ågren");
    assert_eq!(alias("maven", " dana ågren "), dana);
    assert_eq!(alias("maven", " dana ågren "), dana);
    assert_ne!(alias("maven", "Dan Ågren"), dana);
    assert_ne!(alias("salesforce", "Dana  Ågren"), dana);
    assert_ne!(desk.alias(Entity::Account, "maven", "Dana  Ågren").unwrap(), dana);
    desk.flush().unwrap();
    let again = home.desk();
    assert_eq!(again.alias(Entity::Rep, "maven", "DANA ÅGREN").unwrap(), dana);
    assert_eq!(again.alias_name(dana).unwrap().as_deref(), Some("Dana  Ågren"));
    assert_eq!(again.alias_name(Key { entity: Entity::Account, ..dana }).unwrap(), None);
}
