use super::*;
use crate::document::DRAFT;

const HEAD: &str = "ee";

fn head_of(_: u64) -> Option<String> {
    Some(HEAD.to_owned())
}

fn day(text: &str) -> Instant {
    Day::parse(text).unwrap().start()
}

const SECRETS: [(Party, &str, [u8; 32]); 3] = [
    (Party::Sales, "VP Sales", [1; 32]),
    (Party::Marketing, "VP Marketing", [2; 32]),
    (Party::Leadership, "CEO", [3; 32]),
];

/// A document that holds from a day on.
fn text(bar: u32, effective: &str, expires: &str) -> String {
    DRAFT
        .replace("bar = 60", &format!("bar = {bar}"))
        .replace("effective = 2026-10-01", &format!("effective = {effective}"))
        .replace("expires = 2027-06-30", &format!("expires = {expires}"))
}

fn empty(act: Act, at: &str) -> Step {
    Step {
        batch: 1,
        recorded: day(at),
        at: day(at),
        act,
        party: None,
        role: String::new(),
        hash: String::new(),
        text: String::new(),
        public: String::new(),
        head: HEAD.to_owned(),
        head_seq: 1,
        signature: String::new(),
        because: String::new(),
    }
}

fn propose(text: &str, at: &str) -> Step {
    let hash = Agreement::parse(text, "t").unwrap().hash();
    Step { hash, text: text.to_owned(), ..empty(Act::Propose, at) }
}

fn register(who: usize) -> Step {
    let (party, role, secret) = SECRETS[who];
    Step { party: Some(party), role: role.to_owned(), public: public(&secret), ..empty(Act::Register, "2026-01-01") }
}

fn act(act: Act, who: usize, text: &str, at: &str) -> Step {
    let (party, role, secret) = SECRETS[who];
    let mut step = Step { party: Some(party), role: role.to_owned(), public: public(&secret), ..empty(act, at) };
    step.hash = Agreement::parse(text, "t").unwrap().hash();
    step.signature = step.statement().unwrap().sign(&secret);
    step
}

fn book(steps: Vec<Step>) -> Book {
    let all: Vec<Step> = (0..3).map(register).chain(steps).collect();
    Book::of(&all, &head_of)
}

fn whys(book: &Book) -> Vec<&str> {
    book.idle.iter().map(|i| i.why.as_str()).collect()
}

/// The issue's own words: judged by the version in force at each instant.
#[test]
fn each_instant_has_the_version_that_was_in_force_then() {
    let (first, second) = (text(60, "2026-01-01", "2026-12-31"), text(70, "2026-07-01", "2026-12-31"));
    let book = book(vec![
        propose(&first, "2026-01-10"),
        act(Act::Sign, 0, &first, "2026-01-11"),
        act(Act::Sign, 1, &first, "2026-01-15"),
        propose(&second, "2026-06-01"),
        act(Act::Sign, 1, &second, "2026-06-02"),
        act(Act::Sign, 0, &second, "2026-06-03"),
    ]);
    assert_eq!(whys(&book), [""; 0]);
    let at = |text: &str| book.in_force(day(text)).map(|v| v.number);
    assert_eq!(at("2026-01-11"), None);
    assert_eq!(at("2026-01-14"), None);
    assert_eq!(at("2026-01-15"), Some(1));
    assert_eq!(at("2026-06-30"), Some(1));
    assert_eq!(at("2026-07-01"), Some(2));
    assert_eq!(at("2026-12-31"), Some(2));
    assert_eq!(at("2027-01-01"), None);
    assert_eq!(book.state(1, day("2026-01-12")), State::Proposed);
    assert_eq!(book.state(1, day("2026-01-01")), State::Unknown);
    assert_eq!(book.state(2, day("2026-06-10")), State::Agreed { from: day("2026-07-01") });
    assert_eq!(book.state(1, day("2026-08-01")), State::Over { since: day("2026-07-01"), why: Ending::Superseded(2) });
    assert_eq!(book.state(2, day("2027-02-01")), State::Over { since: day("2027-01-01"), why: Ending::Expired });
    assert_eq!(book.state(3, day("2027-02-01")), State::Unknown);
}

#[test]
fn one_side_alone_and_leadership_are_not_both() {
    let document = text(60, "2026-01-01", "2026-12-31");
    let with = |who: &[usize]| {
        let mut steps = vec![propose(&document, "2026-01-10")];
        steps.extend(who.iter().map(|w| act(Act::Sign, *w, &document, "2026-01-11")));
        book(steps).in_force(day("2026-02-01")).is_some()
    };
    assert!(!with(&[0]) && !with(&[1]) && !with(&[0, 2]) && !with(&[1, 2]) && !with(&[0, 0]));
    assert!(with(&[0, 1]) && with(&[1, 0]) && with(&[2, 1, 0]));
}

#[test]
fn an_edit_voids_what_was_signed() {
    let (before, after) = (text(60, "2026-01-01", "2026-12-31"), text(61, "2026-01-01", "2026-12-31"));
    let book = book(vec![
        propose(&before, "2026-01-10"),
        act(Act::Sign, 0, &before, "2026-01-11"),
        propose(&after, "2026-01-12"),
        act(Act::Sign, 1, &after, "2026-01-13"),
    ]);
    assert!(book.in_force(day("2026-02-01")).is_none());
    assert_eq!(book.versions.iter().map(|v| v.signed.len()).collect::<Vec<_>>(), [1, 1]);
    // a comment is no edit
    let commented = format!("# another comment\n{before}");
    let mut again = book.clone();
    assert_eq!(again.take(&propose(&commented, "2026-01-14"), &head_of), Err("version 1 says the same".to_owned()));
}

#[test]
fn declined_is_declined_until_it_is_proposed_again_and_both_end_what_both_agreed() {
    let document = text(60, "2026-01-01", "2026-12-31");
    let mut steps = vec![
        propose(&document, "2026-01-10"),
        act(Act::Sign, 0, &document, "2026-01-11"),
        act(Act::Decline, 1, &document, "2026-01-12"),
        act(Act::Sign, 1, &document, "2026-01-13"),
    ];
    let declined = book(steps.clone());
    assert_eq!(whys(&declined), ["it was declined; it can be proposed again"]);
    assert_eq!(declined.state(1, day("2026-01-14")), State::Declined);
    steps.extend([
        propose(&document, "2026-01-20"),
        act(Act::Sign, 1, &document, "2026-01-21"),
        act(Act::Sign, 0, &document, "2026-01-22"),
        act(Act::Decline, 0, &document, "2026-02-01"),
        act(Act::Expire, 0, &document, "2026-02-02"),
        act(Act::Expire, 0, &document, "2026-02-03"),
    ]);
    let agreed = book(steps.clone());
    assert_eq!(whys(&agreed)[1..], ["both teams have signed it; it can be ended", "sales has ended it already"]);
    assert!(agreed.in_force(day("2026-02-04")).is_some());
    steps.push(act(Act::Expire, 1, &document, "2026-02-05"));
    let ended = book(steps);
    assert_eq!(ended.state(1, day("2026-02-05")), State::Over { since: day("2026-02-05"), why: Ending::Ended });
    assert!(ended.in_force(day("2026-02-04")).is_some());
}

#[test]
fn a_step_that_does_not_count_says_why_and_changes_nothing() {
    let document = text(60, "2026-01-01", "2026-12-31");
    let good = act(Act::Sign, 0, &document, "2026-01-11");
    let changed = |change: &dyn Fn(&mut Step)| {
        let mut step = good.clone();
        change(&mut step);
        step
    };
    let withdrawn = Step { public: public(&SECRETS[0].2), ..empty(Act::Withdraw, "2026-01-10") };
    let mut stranger = act(Act::Sign, 0, &document, "2026-01-11");
    stranger.public = public(&[9; 32]);
    stranger.signature = stranger.statement().unwrap().sign(&[9; 32]);
    for (steps, why) in [
        (vec![changed(&|s| s.signature = "00".repeat(64))], "the signature is not that of its key"),
        (vec![changed(&|s| s.at = day("2026-01-12"))], "the signature is not that of its key"),
        (vec![changed(&|s| s.role = "CEO".to_owned())], "its key is the one of VP Sales of sales"),
        (vec![changed(&|s| s.party = Some(Party::Marketing))], "its key is the one of VP Sales of sales"),
        (vec![stranger], "its key may not sign: it is not registered, or was withdrawn"),
        (vec![withdrawn, good.clone()], "its key may not sign: it is not registered, or was withdrawn"),
        (vec![good.clone(), good.clone()], "sales has signed already"),
        (vec![act(Act::Sign, 0, &text(99, "2026-01-01", "2026-12-31"), "2026-01-11")], "no such document was proposed"),
        (
            vec![Step { party: Some(Party::Marketing), role: "CMO".to_owned(), ..register(0) }],
            "that key is the one of VP Sales of sales",
        ),
        (
            vec![Step { text: "name = 1".to_owned(), ..propose(&document, "2026-01-12") }],
            "line 1: a integer where a text is expected",
        ),
        (
            vec![Step { hash: "ab".to_owned(), ..propose(&text(61, "2026-01-01", "2026-12-31"), "2026-01-12") }],
            "the text is not that of its hash",
        ),
    ] {
        let all: Vec<Step> = std::iter::once(propose(&document, "2026-01-10")).chain(steps).collect();
        assert_eq!(whys(&book(all)), [why]);
    }
    // a ledger that was rewritten before the signature
    let all: Vec<Step> = (0..3).map(register).chain([propose(&document, "2026-01-10"), good]).collect();
    let book = Book::of(&all, &|_| Some("another".to_owned()));
    assert_eq!(whys(&book), ["it was signed with another ledger: batch 1 has another hash"]);
    assert_eq!(book.version("1").map(|v| v.signed.len()), Some(0));
    let hash = book.versions[0].hash.clone();
    assert!(book.version(&hash[..8]).is_some() && book.version("2").is_none() && book.version("zzzzzz").is_none());
}
