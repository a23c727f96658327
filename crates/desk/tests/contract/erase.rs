use terms::{Entity, Instant, Key};

use crate::rejects::{file, reject};
use crate::{Home, person};

/// Whether any file of the desk holds these bytes.
fn holds(home: &Home, text: &str) -> bool {
    std::fs::read_dir(home.file().parent().unwrap()).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    })
}

#[test]
fn nothing_of_a_forgotten_person_stays_in_the_files() {
    let home = Home::new();
    let desk = home.desk();
    let mut people = Vec::new();
    for n in 0..7_000 {
        people.push(
            person(&desk, &format!("mail{n}@one.example"), &format!("+4930{n:07}"), &format!("Given Family{n:05}")).key,
        );
    }
    person(&desk, "mail77@one.example", "+33123456789", "");
    desk.flush().unwrap();
    assert!(holds(&home, "mail77@one.example") && holds(&home, "+33123456789") && holds(&home, "Family00077"));
    let some: Vec<Key> = people.iter().skip(77).step_by(70).copied().collect();
    let done = desk.forget(&some, Instant(5)).unwrap();
    assert_eq!((done.known, done.overwritten), (some.len() as u64, true));
    for n in (77..7_000).step_by(70) {
        assert!(!holds(&home, &format!("mail{n}@one.example")), "{n}");
        assert!(!holds(&home, &format!("+4930{n:07}")), "{n}");
        assert!(!holds(&home, &format!("Family{n}\0")) && !holds(&home, &format!("Given Family{n:05}")), "{n}");
    }
    assert!(!holds(&home, "+33123456789"));
    assert!(holds(&home, "mail78@one.example"));
    assert_eq!(desk.people().unwrap(), 7_000 - some.len() as u64);
    assert_eq!(desk.known_person(some[0]).unwrap(), None);
    assert_eq!(desk.forgotten_at(some[0]).unwrap(), Some(Instant(5)));
    assert_eq!(desk.forgotten_at(people[78]).unwrap(), None);
    let again = person(&desk, "mail77@one.example", "", "");
    assert!(again.made && again.key != some[0]);
}

#[test]
fn rejects_that_name_a_forgotten_person_lose_their_content_and_keep_their_place() {
    let home = Home::new();
    let desk = home.desk();
    let ann = person(&desk, "ann@one.example", "+49 30 123456", "Ann Example").key;
    let rows = [
        reject(1, 2, &["1", "x", "mailto:Ann@One.example", "k"]),
        reject(1, 3, &["2", "Ann", "Example", "k"]),
        reject(1, 4, &["3", "ann  EXAMPLE", "", "k"]),
        reject(1, 5, &["4", "x", "(030) 12 34 56", "k"]),
        reject(1, 6, &["5", "Anna Example", "anna@one.example", "k"]),
    ];
    desk.keep_rejects("b1", &file(1), rows.to_vec()).unwrap();
    let done = desk.forget(&[ann], Instant(5)).unwrap();
    assert_eq!((done.known, done.rejects), (1, 3 + 1));
    let kept: Vec<_> = desk.rejects("b1").map(Result::unwrap).collect();
    let left: Vec<_> = kept.iter().map(|kept| (kept.reject.row.line, kept.erased, kept.reject.raw.len())).collect();
    assert_eq!(left, [(2, true, 0), (3, true, 0), (4, true, 0), (5, true, 0), (6, false, 4)]);
    let counts = desk.reject_counts().unwrap();
    assert_eq!((counts[0].rejected, counts[0].erased), (5, 4));
}

#[test]
fn a_rep_known_by_name_can_be_forgotten_too() {
    let home = Home::new();
    let desk = home.desk();
    let dana = desk.alias(Entity::Rep, "maven", "Dana Example").unwrap();
    assert_eq!(desk.forget(&[dana], Instant(5)).unwrap().known, 1);
    assert_eq!(desk.alias_name(dana).unwrap(), None);
    assert_eq!(desk.forgotten_at(dana).unwrap(), Some(Instant(5)));
    assert!(!holds(&home, "Dana Example"));
    assert_ne!(desk.alias(Entity::Rep, "maven", "Dana Example").unwrap(), dana);
}

#[test]
fn forgetting_whom_nobody_knows_leaves_no_mark() {
    let home = Home::new();
    let desk = home.desk();
    let stranger = Key::vault_person(42);
    assert_eq!(desk.forget(&[stranger, Key::vault_person(u64::MAX)], Instant(5)).unwrap().known, 0);
    assert_eq!(desk.forgotten_at(stranger).unwrap(), None);
}

#[test]
fn a_phone_shared_with_a_forgotten_person_is_the_others_alone_again() {
    let home = Home::new();
    let desk = home.desk();
    let ann = person(&desk, "ann@one.example", "+4930123456", "").key;
    let bob = person(&desk, "bob@one.example", "+4930123456", "").key;
    desk.forget(&[ann], Instant(5)).unwrap();
    assert_eq!(person(&desk, "", "+4930123456", "Bob").key, bob);
}
