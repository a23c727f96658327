//! A company that deals a slice of its leads out by lot: the exports say so in a column of their own.

use crate::page::Page;
use crate::program::Place;

const MAPPING: &str = r#"
name = "crm-with-lot"
system = "crm"
[recognise]
headers = ["Lead", "Created", "Routing Lane"]
[file]
currency = "USD"
[[entity]]
entity = "lead"
id = ["Lead"]
valid_at = ["Created"]
[entity.set]
created_at = "Created"
source = "Source"
owner = { column = "Owner", key = "rep" }
won_at = "Won"
lane = { column = "Routing Lane", map = "lanes" }
stage = { column = "Status", map = "stages" }
[values.lanes]
"Random tenth" = "random"
"Territory" = "territory"
[values.stages]
"Won" = "closed_won"
"Open" = "inquiry"
"#;

/// 9,000 leads of two quarters and of the half year after: one in three is dealt out by lot. From July on fewer of the
/// others are won, of the slice as many as before.
fn leads() -> String {
    let mut out = String::from("Lead,Created,Source,Owner,Routing Lane,Status,Won\n");
    let mut state = 11u64;
    let mut unit = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / (1u64 << 31) as f64
    };
    for i in 0..9_000 {
        let (month, day) = (4 + (i * 9 / 9_000), 1 + i % 28);
        let (year, month) = if month > 12 { (2027, month - 12) } else { (2026, month) };
        let by_lot = unit() < 0.33;
        let source = ["Web", "Webinar", "Referral"][(unit() * 3.0) as usize];
        let usual = match source {
            "Referral" => 0.4,
            "Web" => 0.25,
            _ => 0.3,
        };
        let later = year == 2026 && month >= 7 && !by_lot;
        let won = unit() < if later { 0.6 * usual } else { usual };
        let owner = if by_lot { "lot".to_owned() } else { format!("r{}", (unit() * 8.0) as usize) };
        let lane = if by_lot { "Random tenth" } else { "Territory" };
        let date = format!("{year}-{month:02}-{day:02} 10:00");
        let at = if won { format!("{year}-{month:02}-{day:02} 15:00") } else { String::new() };
        let status = if won { "Won" } else { "Open" };
        out.push_str(&format!("L{i},{date},{source},{owner},{lane},{status},{at}\n"));
    }
    out
}

#[test]
fn the_slice_is_read_from_a_column_and_tells_leads_from_reps() {
    let place = Place::new();
    std::fs::write(place.path("leads.csv"), leads()).unwrap();
    std::fs::write(place.path("lot.toml"), MAPPING).unwrap();
    place.run(&["import", "leads.csv", "--mapping", "lot.toml"]).ended(0);
    let page = Page::read(&place.report(&["quality", "--period", "2026Q3", "--as-if", "2026-12-31"]));
    assert!(page.findings().contains(&"by_lot"), "{:?} {:?}", page.findings(), page.refusals());
    let (odds, rest) = (page.value("quality.lot.odds"), page.value("quality.lot.rest"));
    assert!((0.75..1.3).contains(&odds), "{odds}");
    assert!(rest < 0.75, "{rest}");
    // the rows of the slice can be opened
    let shown = place.json(&["rows", "quality.lot.to", "--limit", "5"]);
    assert_eq!(shown["shown"].as_array().unwrap().len(), 5);
    // and the slice is in no other figure
    let n = |id: &str| page.figure(id).n;
    assert_eq!(n("quality.from") + n("quality.lot.from"), 3_000);
    assert!(n("quality.lot.from") > 800);
}
