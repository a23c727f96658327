//! The loop of a lead through the whole program: what is done on pages and pushed by programs, until the ledger has it.

use std::time::Duration;

use serde_json::Value;

use crate::pages::{Answer, Serving};
use crate::program::{Place, lockstep};

fn demo(place: &Place) -> Serving {
    Serving::start(place, &["--home", "d", "demo", "--serve", "--leads", "600"])
}

/// Becomes somebody of the demo.
fn be(serving: &mut Serving, name: &str) {
    serving.cookie.clear();
    serving.sign_in(name, "look-around-2026");
}

fn cli(place: &Place, args: &[&str]) -> Value {
    let args: Vec<&str> = ["--home", "d/home", "--quiet"].into_iter().chain(args.iter().copied()).collect();
    lockstep(&place.path("."), &args).done().json()
}

/// A lead of the rep's own with a clock for its first attempt.
fn lead(serving: &Serving) -> String {
    let clocks = serving.get("/clocks?order=clock").2;
    let row =
        clocks.split("<tr").find(|row| row.contains("<span>first attempt</span>")).expect("no first attempt is open");
    row.split("href=\"/leads/").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_call_that_is_logged_stops_the_clock_and_moves_no_end_of_the_records() {
    let place = Place::new();
    let mut serving = demo(&place);
    be(&mut serving, "rep");
    let lead = lead(&serving);
    let through = cli(&place, &["status", "--json"])["data_through"].clone();
    let verdict = cli(&place, &["report", "verdict", "--json"]);
    let stands = |clause: &str| -> Vec<String> {
        let all = cli(&place, &["clocks", "--all", "--json", "--period", "2026Q3"]);
        let own =
            all["clocks"].as_array().unwrap().iter().filter(|c| c["lead"] == lead.as_str() && c["clause"] == clause);
        own.map(|c| c["stopped"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(stands("first_attempt"), [""]);
    let Answer(status, head, _) = serving.post(&format!("/leads/{lead}"), &[("act", "call"), ("words", "no answer")]);
    assert_eq!(status, 303, "{head}");
    assert!(head.contains("done=shown"), "{head}");
    let page = serving.get(&format!("/leads/{lead}")).2;
    assert!(page.contains("no answer") && page.contains("pages:1"), "{page}");
    assert!(!page.contains("first attempt, by"), "{page}");
    let queue = serving.get("/clocks?order=clock").2;
    let late = queue.split("<tr").find(|row| row.contains("<span>first attempt</span>") && row.contains(&lead));
    assert_eq!(late, None);
    // what people write here says nothing of how far the records of other systems go
    assert_eq!(cli(&place, &["status", "--json"])["data_through"], through);
    let after = cli(&place, &["report", "verdict", "--json"]);
    assert_eq!(after["provenance"]["as_of"], verdict["provenance"]["as_of"]);
    assert_eq!(after["headline"], verdict["headline"]);
    assert_eq!(serving.post(&format!("/leads/{lead}"), &[("act", "turn_down"), ("reason", "no such reason")]).0, 422);
    assert_eq!(serving.post(&format!("/leads/{lead}"), &[("act", "accept")]).0, 303);
    assert!(serving.get(&format!("/leads/{lead}")).2.contains("It is at SAL"));
    assert_eq!(serving.post(&format!("/leads/{lead}"), &[("act", "accept")]).0, 422);
    lockstep(&place.path("."), &["--home", "d/home", "verify"]).ended(0);
}

#[test]
fn a_rejection_that_is_appealed_is_contested_in_every_report_until_it_is_settled() {
    let place = Place::new();
    let mut serving = demo(&place);
    be(&mut serving, "rep");
    let lead = lead(&serving);
    let reject = [("act", "turn_down"), ("reason", "wrong kind of company"), ("words", "sells hardware")];
    assert_eq!(serving.post(&format!("/leads/{lead}"), &reject).0, 303);
    let report = || cli(&place, &["report", "funnel", "--json"]);
    let contested = |report: &Value| -> Option<String> {
        let sections = report["sections"].as_array().unwrap();
        let section = sections.iter().find(|s| s["id"] == "contested")?;
        Some(section["tables"][0]["rows"].to_string())
    };
    assert_eq!(contested(&report()), None);
    be(&mut serving, "marketer");
    assert_eq!(serving.post(&format!("/leads/{lead}"), &[("act", "appeal")]).0, 422);
    assert_eq!(serving.post(&format!("/leads/{lead}"), &[("act", "appeal"), ("words", "sells software")]).0, 303);
    let told = report();
    assert!(contested(&told).unwrap().contains("leads in dispute"), "{told}");
    // the page's figures are the command's
    let page: Value = serde_json::from_str(&serving.get("/reports/funnel/export/json").2).unwrap();
    assert_eq!(contested(&page), contested(&told));
    let disputes = serving.get("/disputes").2;
    let name = disputes.split("action=\"/disputes/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    // nobody answers themselves, and leadership waits for the other side
    assert_eq!(serving.post(&format!("/disputes/{name}"), &[("answer", "concede")]).0, 400);
    be(&mut serving, "ceo");
    assert_eq!(serving.post(&format!("/disputes/{name}"), &[("answer", "uphold")]).0, 400);
    be(&mut serving, "sales-lead");
    assert_eq!(serving.post(&format!("/disputes/{name}"), &[("answer", "concede"), ("words", "right")]).0, 303);
    assert_eq!(contested(&report()), None);
    assert!(serving.get(&format!("/leads/{lead}")).2.contains("It is at SAL"));
}

fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..300 {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("not within half a minute: {what}");
}

#[test]
fn what_programs_push_is_taken_once_and_one_human_can_be_forgotten_again() {
    let place = Place::imported("steady", 400, 5);
    place.run(&["user", "add", "boss", "--role", "admin"]).ended(0);
    let token = |write: bool| {
        let label = if write { "push" } else { "read" };
        let mut args = vec!["user", "token", "boss", "--label", label, "--json"];
        args.extend(write.then_some("--write"));
        place.run(&args).ended(0).json()["token"].as_str().unwrap().to_owned()
    };
    let (token, reads) = (token(true), token(false));
    let serving = Serving::start(&place, &["--home", "home", "serve"]);
    let leads = || place.json(&["status"])["counts"]["lead"].as_u64().unwrap();
    let before = leads();
    let body = r#"{"entries": [
        {"entity": "lead", "id": "P1", "person": {"mail": "Ann.Pushed@Example.com", "name": "Ann Pushed"}, "fields": {"source": "Partner", "created_at": "2026-09-01T10:00:00Z"}},
        {"entity": "lead", "id": "P2", "fields": {"created_at": "first of May"}},
        {"entity": "touch", "id": "T1", "subject": {"lead": "P1"}, "at": "2026-09-01T09:00:00Z", "fields": {"kind": "form"}}
    ]}"#;
    let push = |token: &str, key: &str, body: &str| {
        serving.called("POST", "/api/v1/entries", token, &format!("Idempotency-Key: {key}\r\n"), body)
    };
    assert_eq!(push(&reads, "a", body).0, 403);
    let Answer(status, _, told) = push(&token, "a", body);
    assert_eq!(status, 200, "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    assert_eq!((told["taken"].as_u64(), told["rejected"][0]["index"].as_u64()), (Some(2), Some(1)));
    assert_eq!(told["rejected"][0]["part"], "fields.created_at");
    let again = push(&token, "a", body);
    assert_eq!(serde_json::from_str::<Value>(&again.2).unwrap(), told);
    assert_eq!(push(&token, "a", "{\"entries\": []}").0, 400);
    assert_eq!(push(&token, "b", "no JSON").0, 400);
    wait_for("the ledger has what was pushed", || leads() > before);
    assert_eq!(leads(), before + 1);
    let explained = place.run(&["explain", "P1"]).ended(0).out;
    assert!(explained.contains("api:1") && explained.contains("api:2"), "{explained}");
    // and one human is forgotten
    let export = place.json(&["person", "export", "ann.pushed@example.com"]);
    assert_eq!(export["persons"][0]["name"], "Ann Pushed");
    assert_eq!(export["entries"].as_array().unwrap().len(), 2);
    let report = place.report(&["funnel"]);
    assert!(place.run(&["person", "erase", "P1"]).ended(2).err.contains("--yes"));
    let erased = place.run(&["person", "erase", "P1", "--yes", "--json"]).ended(0).json();
    assert_eq!((erased["known"].as_u64(), erased["records"].as_u64()), (Some(1), Some(1)));
    place.run(&["person", "export", "ann.pushed@example.com"]).ended(2);
    let left = place.json(&["person", "export", "P1"]);
    assert!(left["persons"][0]["name"].is_null() && left["persons"][0]["forgotten"].is_string());
    assert!(!std::fs::read(place.path("home/desk.sqlite")).unwrap().windows(10).any(|w| w == b"ann.pushed"));
    place.run(&["verify"]).ended(0);
    assert_eq!(place.report(&["funnel"]), report);
}

#[test]
fn files_are_sent_on_a_page_and_a_mapping_is_looked_over_and_kept() {
    let place = Place::imported("steady", 300, 4);
    let added = place.run(&["user", "add", "boss", "--role", "admin", "--json"]).ended(0).json();
    let mut serving = Serving::start(&place, &["--home", "home", "serve"]);
    serving.sign_in("boss", added["password"].as_str().unwrap());
    let leads = || place.json(&["status"])["counts"]["lead"].as_u64().unwrap();
    let before = leads();
    let state = || serving.get("/imports").2;
    let ended = || wait_for("the import ends", || !state().contains("Being read"));
    let odd = "Lead Ref;Created Date;Origin\nX-1;2026-09-01;Fair\nX-2;2026-09-02;Fair\n";
    let plan = "period,metric,currency,amount\n2026Q3,new_bookings,USD,9000000\n";
    assert_eq!(serving.send(&[("../odd.csv", odd), ("plan.csv", plan)]).0, 303);
    ended();
    let page = state();
    assert!(page.contains("How to read odd.csv") && page.contains("Batch 2 is in the ledger"), "{page}");
    assert_eq!(leads(), before);
    let text = page.split("name=\"mapping\"").nth(1).unwrap().split_once('>').unwrap().1;
    let text = text.split("</textarea>").next().unwrap().trim();
    let text = text.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let coded: String = text.bytes().map(|b| format!("%{b:02X}")).collect();
    assert_eq!(serving.post("/imports/mapping", &[("file", "odd.csv"), ("mapping", "nonsense")]).0, 422);
    assert_eq!(serving.post("/imports/mapping", &[("file", "odd.csv"), ("mapping", &coded)]).0, 303);
    ended();
    assert_eq!(leads(), before + 2, "{}", state());
    // the home keeps the mapping, and nothing of what was sent
    assert_eq!(serving.send(&[("later.csv", "Lead Ref;Created Date;Origin\nX-3;2026-09-03;Fair\n")]).0, 303);
    ended();
    assert_eq!(leads(), before + 3);
    let left: Vec<_> = std::fs::read_dir(place.path("home/uploads")).unwrap().flatten().map(|f| f.path()).collect();
    assert!(left.is_empty(), "{left:?}");
    place.run(&["verify"]).ended(0);
}
