//! The agreement from its draft to both signatures, and what an administrator cannot do about it.

use std::path::Path;

use serde_json::Value;

use crate::program::{Place, Told};

/// A place with the draft in `a.toml` and a key of each team, registered.
fn signers() -> Place {
    let place = Place::new();
    let draft = place.run(&["agreement", "new"]).ended(0).out;
    // whenever this runs, it is not over
    std::fs::write(place.path("a.toml"), draft.replace("expires = 2027-06-30", "expires = 2199-12-31")).unwrap();
    for (party, role, file) in [("sales", "VP Sales", "s.key"), ("marketing", "VP Marketing", "m.key")] {
        let out = place.path(file).display().to_string();
        place.run(&["key", "new", "--party", party, "--role", role, "--out", &out]).ended(0);
    }
    place
}

fn file(place: &Place, name: &str) -> String {
    place.path(name).display().to_string()
}

fn register(place: &Place) {
    for key in ["s.key.pub", "m.key.pub"] {
        place.run(&["key", "register", &file(place, key)]).ended(0);
    }
}

fn act(place: &Place, what: &str, version: &str, key: &str, receipt: &str, more: &[&str]) -> Told {
    let (key, receipt) = (file(place, key), file(place, receipt));
    let mut args = vec!["agreement", what, version, "--key", &key, "--receipt", &receipt];
    args.extend(more);
    place.run(&args)
}

fn edited(place: &Place, from: &str, to: &str, name: &str) {
    let text = std::fs::read_to_string(place.path("a.toml")).unwrap();
    assert!(text.contains(from));
    std::fs::write(place.path(name), text.replace(from, to)).unwrap();
}

fn history(place: &Place) -> Vec<(bool, String)> {
    let told = place.json(&["agreement", "history"]);
    let versions = told["versions"].as_array().unwrap().iter();
    versions.map(|v| (v["in_force"].as_bool().unwrap(), v["state"].as_str().unwrap().to_owned())).collect()
}

#[test]
fn a_version_holds_once_both_have_signed_it_and_an_edit_is_another_version() {
    let place = signers();
    register(&place);
    let a = file(&place, "a.toml");
    let proposed = place.json(&["agreement", "propose", &a]);
    assert_eq!(proposed["version"], 1);
    assert_eq!(proposed["hash"], place.json(&["agreement", "check", &a])["hash"]);
    assert_eq!(history(&place), [(false, "waits for both signatures".to_owned())]);
    act(&place, "sign", "1", "s.key", "1.json", &[]).ended(0);
    assert_eq!(history(&place), [(false, "waits for the other side; signed by sales".to_owned())]);
    let twice = act(&place, "sign", "1", "s.key", "2.json", &[]).ended(2);
    assert!(twice.err.contains("sales has signed already"), "{}", twice.err);
    assert!(!place.path("2.json").exists());
    act(&place, "sign", &proposed["hash"].as_str().unwrap()[..8], "m.key", "2.json", &[]).ended(0);
    assert!(history(&place)[0].0);
    assert_eq!(place.json(&["agreement", "show"])["hash"], proposed["hash"]);
    // an edit is another version, and the first stays in force while it is not signed
    edited(&place, "4 working hours", "2 working hours", "b.toml");
    let b = file(&place, "b.toml");
    let told = place.run(&["agreement", "diff", "1", &b]).ended(0);
    assert!(
        told.out.starts_with("sales, first attempt, within: 4 working hours becomes 2 working hours\n1 difference;")
    );
    assert_eq!(place.json(&["agreement", "propose", &b])["version"], 2);
    act(&place, "sign", "2", "s.key", "3.json", &[]).ended(0);
    act(&place, "decline", "2", "m.key", "4.json", &["--because", "two hours are too few"]).ended(0);
    let states = history(&place);
    assert!(
        states[0].0 && states[1] == (false, "declined by marketing: two hours are too few".to_owned()),
        "{states:?}"
    );
    // it ends when both teams end it
    act(&place, "expire", "1", "s.key", "5.json", &[]).ended(0);
    assert!(history(&place)[0].0);
    act(&place, "expire", "1", "m.key", "6.json", &[]).ended(0);
    assert!(!history(&place)[0].0 && history(&place)[0].1.starts_with("ended by both on "));
    // comments are kept
    let text = place.run(&["agreement", "show", "1", "--text"]).ended(0).out;
    assert_eq!(text, std::fs::read_to_string(place.path("a.toml")).unwrap());
}

#[test]
fn only_a_registered_key_signs_and_only_for_its_role() {
    let place = signers();
    let a = file(&place, "a.toml");
    place.run(&["agreement", "propose", &a]).ended(0);
    let unknown = act(&place, "sign", "1", "s.key", "1.json", &[]).ended(2);
    assert!(unknown.err.contains("not registered"), "{}", unknown.err);
    register(&place);
    let public = act(&place, "sign", "1", "s.key.pub", "1.json", &[]).ended(2);
    assert!(public.err.contains("the public half alone"));
    // a role that the document does not name
    let other = file(&place, "o.key");
    place.run(&["key", "new", "--party", "sales", "--role", "Intern", "--out", &other]).ended(0);
    place.run(&["key", "register", &format!("{other}.pub")]).ended(0);
    let intern = act(&place, "sign", "1", "o.key", "1.json", &[]).ended(2);
    assert!(intern.err.contains("does not let Intern sign for sales"), "{}", intern.err);
    // a file that was changed to another role
    let changed = std::fs::read_to_string(place.path("o.key")).unwrap().replace("Intern", "VP Sales");
    std::fs::write(place.path("c.key"), changed).unwrap();
    assert!(act(&place, "sign", "1", "c.key", "1.json", &[]).ended(2).err.contains("its key is the one of Intern"));
    // a key that was withdrawn
    let keys = place.json(&["key", "list"]);
    let sales = keys["keys"].as_array().unwrap().iter().find(|k| k["role"] == "VP Sales").unwrap();
    place.run(&["key", "withdraw", &sales["public"].as_str().unwrap()[..10]]).ended(0);
    assert!(act(&place, "sign", "1", "s.key", "1.json", &[]).ended(2).err.contains("was withdrawn"));
    assert!(!place.path("1.json").exists());
    // nothing of it is overwritten or lost
    assert_eq!(place.run(&["key", "new", "--party", "sales", "--role", "VP Sales", "--out", &other]).code, 2);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(place.path("s.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0);
    }
    // the secret half is in its file and nowhere else
    let text = std::fs::read_to_string(place.path("s.key")).unwrap();
    let secret = text.lines().last().unwrap().split('"').nth(1).unwrap().to_owned();
    assert_eq!(secret.len(), 64);
    holds_nowhere(&place.path("home"), secret.as_bytes());
}

fn holds_nowhere(folder: &Path, what: &[u8]) {
    for item in std::fs::read_dir(folder).unwrap() {
        let path = item.unwrap().path();
        if path.is_dir() {
            holds_nowhere(&path, what);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(what.len()).any(|w| w == what), "{}", path.display());
        }
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for item in std::fs::read_dir(from).unwrap() {
        let path = item.unwrap().path();
        let there = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &there) } else { std::fs::copy(&path, &there).map(|_| ()).unwrap() }
    }
}

/// An administrator has every file of the home, and still cannot rewrite what was before a signature.
#[test]
fn a_receipt_proves_that_nothing_before_it_was_rewritten() {
    let place = signers();
    register(&place);
    let (a, receipt) = (file(&place, "a.toml"), file(&place, "1.json"));
    place.run(&["agreement", "propose", &a]).ended(0);
    copy(&place.path("home"), &place.path("before"));
    act(&place, "sign", "1", "s.key", "1.json", &[]).ended(0);
    let sound = place.run(&["verify", "--against", &receipt]).ended(0);
    assert!(sound.out.contains("Nothing up to batch 4 was rewritten since the signature of VP Sales"), "{}", sound.out);
    // later batches change nothing about it
    edited(&place, "bar = 60", "bar = 65", "b.toml");
    place.run(&["agreement", "propose", &file(&place, "b.toml")]).ended(0);
    place.run(&["verify", "--against", &receipt]).ended(0);
    // the signature is taken out: the ledger is sound by itself, and the receipt says that its end was cut off
    std::fs::rename(place.path("home"), place.path("whole")).unwrap();
    std::fs::rename(place.path("before"), place.path("home")).unwrap();
    place.run(&["verify"]).ended(0);
    let cut = place.run(&["verify", "--against", &receipt]).ended(2);
    assert!(cut.err.contains("its end was cut off") && cut.err.contains("[ledger_rewritten]"), "{}", cut.err);
    // written anew with another document in its place
    place.run(&["agreement", "propose", &file(&place, "b.toml")]).ended(0);
    let other = place.run(&["verify", "--against", &receipt]).ended(2);
    assert!(other.err.contains("batch 4 is not the one that was signed"), "{}", other.err);
    // a receipt that was changed proves nothing
    let told: Value = serde_json::from_str(&std::fs::read_to_string(place.path("1.json")).unwrap()).unwrap();
    let mut forged = told.clone();
    forged["hash"] = "00".repeat(32).into();
    for bad in [forged.to_string(), "{}".to_owned(), "no".to_owned()] {
        std::fs::write(place.path("f.json"), bad).unwrap();
        let told = place.run(&["verify", "--against", &file(&place, "f.json")]).ended(2);
        assert!(told.err.contains("[bad_receipt]"), "{}", told.err);
    }
}

#[test]
fn steps_of_an_agreement_are_neither_imported_nor_withdrawn_and_move_no_figure() {
    let place = Place::imported("tiny", 60, 1);
    let figures = |place: &Place| crate::page::Page::read(&place.report(&["funnel"])).count("funnel.all.inquiry");
    let before = figures(&place);
    let signed = signers();
    for name in ["a.toml", "s.key", "s.key.pub", "m.key", "m.key.pub"] {
        std::fs::copy(signed.path(name), place.path(name)).unwrap();
    }
    register(&place);
    place.run(&["agreement", "propose", &file(&place, "a.toml")]).ended(0);
    act(&place, "sign", "1", "s.key", "1.json", &[]).ended(0);
    assert_eq!(figures(&place), before);
    let batch = place.json(&["status"])["batch"].as_u64().unwrap().to_string();
    let told = place.run(&["withdraw", &batch, "--reason", "x"]).ended(2);
    assert!(told.err.contains("[signed]"), "{}", told.err);
    let mapping = "name = \"x-y\"\nsystem = \"x\"\n[recognise]\nheaders = [\"act\"]\n[[entity]]\nentity = \"agreement\"\nid = [\"act\"]\n";
    std::fs::write(place.path("m.toml"), mapping).unwrap();
    std::fs::write(place.path("x.csv"), "act\nsign\n").unwrap();
    let forged = place.run(&["import", &file(&place, "x.csv"), "--mapping", &file(&place, "m.toml")]).ended(2);
    assert!(forged.err.contains("agreements are not imported"), "{}", forged.err);
}

#[test]
fn a_document_is_checked_with_line_place_and_fix() {
    let place = signers();
    edited(&place, "within = \"4 working hours\"", "within = \"soon\"", "b.toml");
    let line = std::fs::read_to_string(place.path("b.toml")).unwrap();
    let line = line.lines().position(|l| l.contains("\"soon\"")).unwrap() + 1;
    let told = place.run(&["agreement", "check", &file(&place, "b.toml")]).ended(2);
    assert!(told.err.contains(&format!("b.toml:{line}`: [sales.first_attempt.within] `soon` is no span of time")));
    assert!(told.err.contains("hint: write such as \"4 working hours\""));
    edited(&place, "bar = 60", "bar = 600", "c.toml");
    let doubts = place.run(&["agreement", "check", &file(&place, "c.toml")]).ended(1);
    assert!(doubts.out.contains("no lead can reach the bar of 600: all rules together give 100"));
    std::fs::write(place.path("d.toml"), b"name = \"a\"\n# \xff\n").unwrap();
    assert!(place.run(&["agreement", "check", &file(&place, "d.toml")]).ended(2).err.contains("d.toml:2`: not UTF-8"));
    assert!(place.run(&["agreement", "show"]).ended(2).err.contains("no_home"));
}

/// The example in the handbook is the draft.
#[test]
fn the_handbook_shows_the_whole_draft() {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/agreement.md");
    let book = std::fs::read_to_string(book).unwrap();
    let draft = Place::new().run(&["agreement", "new"]).ended(0).out;
    assert!(book.contains(&format!("```toml\n{draft}```")), "docs/agreement.md: the example is not the draft");
}
