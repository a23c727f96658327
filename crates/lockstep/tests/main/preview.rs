//! A proposal that says otherwise what a stage is and when a clock stands still, replayed through the whole program.

use serde_json::Value;

use crate::page::Page;
use crate::program::Place;

const TEXT: &str = r#"
name = "Preview"
effective = 2027-01-01
[signers]
sales = ["VP Sales"]
marketing = ["VP Marketing"]
[sales]
first_attempt = { within = "4 working hours", at_least = "90%" }
[[office]]
name = "berlin"
zone = "Europe/Berlin"
hours = "Mon-Fri 09:00-17:00"
"#;

const PAUSE: &str = r#"
[[pause]]
reason = "asked to be called later"
stages = ["On hold"]
clocks = "sales"
at_most = "1 working day"
"#;

const RULE: &str = "[definitions.sql]\nwhen = \"employees >= 200\"\n";

/// Forty leads handed over at 09:00 in Berlin, on hold from 10:00 until 14:00, tried at 15:00. Every second company is large; the
/// CRM has the first ten as SQL.
fn exports(place: &Place) {
    std::fs::create_dir_all(place.path("exports")).unwrap();
    let write = |name: &str, text: String| std::fs::write(place.path("exports").join(name), text).unwrap();
    let mut leads =
        "Id,CreatedDate,LastModifiedDate,Status,Company,Email,LeadSource,IsConverted,NumberOfEmployees\n".to_owned();
    let mut history = "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n".to_owned();
    let mut tasks = "Id,WhoId,TaskSubtype,Direction,Status,CreatedDate,CompletedDateTime\n".to_owned();
    for n in 0..40 {
        let (id, size) = (format!("00Q000000000{n:03}"), if n % 2 == 0 { 300 } else { 50 });
        let mail = format!("x@c{n}-inc.example");
        leads += &format!("{id},2026-07-01T09:00:00Z,2026-07-20T09:00:00Z,Open,C {n},{mail},Web,false,{size}\n");
        let mut step = |k: usize, from: &str, to: &str, at: &str| {
            history += &format!("01700000{n:03}{k:04},{id},Status,{from},{to},2026-07-{at}:00Z\n");
        };
        step(1, "New", "MQL", "07T07:00");
        step(2, "MQL", "On hold", "07T08:00");
        step(3, "On hold", "MQL", "07T12:00");
        if n < 10 {
            step(4, "MQL", "SQL", "09T09:00");
        }
        let at = "2026-07-07T13:00:00Z";
        tasks += &format!("00T000000000{n:03},{id},Call,Outbound,Completed,{at},{at}\n");
    }
    // the quarter is over
    leads += "00Q00000000000z,2026-10-05T09:00:00Z,2026-10-05T09:00:00Z,Open,Z,z@z-inc.example,Web,false,10\n";
    write("Lead.csv", leads);
    write("LeadHistory.csv", history);
    write("Task.csv", tasks);
}

/// How the first attempt would have stood by a text.
fn stands(page: &Page) -> String {
    let tables = page.json["sections"][0]["tables"].as_array().unwrap();
    let clauses = tables.iter().find(|t| t["id"] == "preview.clauses").unwrap();
    let rows = clauses["rows"].as_array().unwrap().iter();
    let row = rows.map(Value::to_string).find(|row| row.contains("first attempt")).unwrap();
    ["not kept", "cannot be told", "kept"].into_iter().find(|word| row.contains(word)).unwrap_or(&row).to_owned()
}

#[test]
fn stages_and_clocks_are_replayed_by_the_proposal() {
    let place = Place::new();
    exports(&place);
    place.run(&["import", "exports", "--recorded-at", "2026-10-06T00:00:00Z"]).ended(0);
    let write = |name: &str, text: &str| {
        std::fs::write(place.path(name), text).unwrap();
        place.path(name).display().to_string()
    };
    let preview = |file: &str| Page::read(&place.run(&["agreement", "preview", file, "--format", "json"]).ended(0).out);
    let plain = preview(&write("plain.toml", TEXT));
    let paused = preview(&write("paused.toml", &format!("{TEXT}{PAUSE}")));
    assert_eq!([stands(&plain), stands(&paused)], ["not kept", "kept"]);
    // as recorded both say the same of stages, so nothing is told of them by the plain text
    assert!(!plain.says().contains("Stages that leads of the year reached"), "{}", plain.says());

    let file = write("ruled.toml", &format!("{TEXT}{RULE}"));
    let ruled = preview(&file);
    let of = |stage: &str| {
        ["today", "proposed", "left", "new"].map(|what| ruled.count(&format!("preview.stage.{stage}.{what}")))
    };
    assert_eq!(of("sql"), [10, 20, 5, 15]);
    assert_eq!(of("mql"), [40, 40, 0, 0]);
    let listed = place.run(&["agreement", "preview", &file, "--list"]).ended(0).out;
    // who is sql is sal at least: nobody else of either is listed
    let lines = |stage: &str| {
        let of_stage = listed.lines().filter(|line| line.ends_with(stage));
        let mut lines: Vec<String> = of_stage.map(|line| line.replace("00Q000000000", "")).collect();
        lines.sort();
        lines
    };
    assert_eq!(lines("sal"), lines("sql").iter().map(|line| line.replace("sql", "sal")).collect::<Vec<_>>());
    assert_eq!(listed.lines().count(), 1 + lines("sal").len() + lines("sql").len());
    let line = |n: usize, what: &str| format!("{n:03},2026-07-07T07:00:00Z,{what} sql");
    let expected = (0..40).filter_map(|n| match (n % 2 == 0, n < 10) {
        (true, false) => Some(line(n, "newly")),
        (false, true) => Some(line(n, "no longer")),
        _ => None,
    });
    assert_eq!(lines("sql"), expected.collect::<Vec<_>>());
    // proposed, it has a number, and a report by that number says the same of the same year
    place.run(&["agreement", "propose", &file]).ended(0);
    assert_eq!(preview("1").count("preview.stage.sql.proposed"), 20);
    let funnel = Page::read(&place.report(&["funnel", "--under", "1", "--period", "2025-10-01..2026-09-30"]));
    assert_eq!(funnel.count("funnel.all.sql"), 20);
}
