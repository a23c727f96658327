//! Stages that the agreement defines by rules, through the whole program: signed texts and exports in, journeys and reports out.

use serde_json::Value;

use crate::program::Place;

const TEXT: &str = r#"
name = "Stages"
effective = 2020-01-01
[signers]
sales = ["VP Sales"]
marketing = ["VP Marketing"]
[definitions.mql]
when = "score >= 30"
[scoring]
bar = 30
[[scoring.rule]]
name = "form"
group = "engagement"
of = "touch"
when = "kind = form"
points = 20
[[scoring.rule]]
name = "clicked"
group = "engagement"
of = "touch"
when = "kind = email_click"
points = 10
repeats = true
most = 30
half_life = "30 days"
[[scoring.rule]]
name = "large"
group = "fit"
of = "lead"
when = "employees >= 200"
points = 10
"#;

/// Signs texts, each under the next number.
fn signed(place: &Place, texts: &[String]) {
    for (party, role, key) in [("sales", "VP Sales", "s.key"), ("marketing", "VP Marketing", "m.key")] {
        let key = place.path(key).display().to_string();
        place.run(&["key", "new", "--party", party, "--role", role, "--out", &key]).ended(0);
        place.run(&["key", "register", &format!("{key}.pub")]).ended(0);
    }
    for (n, text) in texts.iter().enumerate() {
        let (file, number) = (place.path("text.toml"), (n + 1).to_string());
        std::fs::write(&file, text).unwrap();
        place.run(&["agreement", "propose", &file.display().to_string()]).ended(0);
        for key in ["s.key", "m.key"] {
            let receipt = place.path(&format!("{number}{key}.json")).display().to_string();
            let key = place.path(key).display().to_string();
            place.run(&["agreement", "sign", &number, "--key", &key, "--receipt", &receipt]).ended(0);
        }
    }
}

/// When, what, what it did and where of each step of a lead, as one line.
fn steps(place: &Place, lead: &str) -> Vec<String> {
    let told = place.json(&["explain", lead]);
    let text = |step: &Value, name: &str| step[name].as_str().unwrap().to_owned();
    let line = |s: &Value| ["when", "what", "effect", "where"].map(|name| text(s, name)).join(" | ");
    told["steps"].as_array().unwrap().iter().map(line).collect()
}

fn mql(place: &Place, lead: &str) -> Vec<String> {
    steps(place, lead).into_iter().filter(|s| s.contains("entered mql")).collect()
}

/// Exports of five leads; the second version begins in 2030, after the records of the first.
fn exports(place: &Place) {
    std::fs::create_dir_all(place.path("exports")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(place.path("exports").join(name), text).unwrap();
    write(
        "Lead.csv",
        "Id,CreatedDate,LastModifiedDate,Status,Company,Email,LeadSource,IsConverted\n\
         00Q00000000000a,2199-03-01T09:00:00Z,2199-03-01T09:00:00Z,New,A,a@a-inc.example,Web,false\n\
         00Q00000000000b,2199-05-01T09:00:00Z,2199-05-01T09:00:00Z,New,B,b@b-inc.example,Web,false\n\
         00Q00000000000c,2200-03-01T09:00:00Z,2200-03-01T09:00:00Z,New,C,c@c-inc.example,Web,false\n\
         00Q00000000000d,2020-01-01T09:00:00Z,2020-01-01T09:00:00Z,New,D,d@d-inc.example,Web,false\n\
         00Q00000000000e,2199-06-01T09:00:00Z,2199-06-01T09:00:00Z,New,E,e@e-inc.example,Web,false\n",
    );
    write(
        "LeadHistory.csv",
        "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n\
         01700000000000a,00Q00000000000a,Status,New,MQL,2199-03-01T12:00:00Z\n\
         01700000000000b,00Q00000000000b,Status,New,MQL,2199-05-03T12:00:00Z\n\
         01700000000000d,00Q00000000000d,Status,New,MQL,2020-01-05T12:00:00Z\n\
         01700000000000e,00Q00000000000e,Status,New,SAL,2199-06-05T12:00:00Z\n",
    );
    write(
        "CampaignMember.csv",
        "Id,CampaignId,LeadId,Status,FirstRespondedDate,HasResponded\n\
         00v00000000000a,70100000000000a,00Q00000000000a,Downloaded,2199-03-02T10:00:00Z,true\n\
         00v00000000000b,70100000000000a,00Q00000000000a,Clicked,2199-03-03T10:00:00Z,true\n\
         00v00000000000c,70100000000000a,00Q00000000000b,Downloaded,2199-05-02T10:00:00Z,true\n\
         00v00000000000d,70100000000000a,00Q00000000000b,Clicked,2200-02-01T10:00:00Z,true\n\
         00v00000000000e,70100000000000a,00Q00000000000c,Downloaded,2200-03-02T10:00:00Z,true\n",
    );
}

#[test]
fn each_lead_is_judged_by_the_rule_of_the_version_that_was_in_force_then() {
    let place = Place::new();
    let second =
        TEXT.replace("2020-01-01", "2200-01-01").replace("score >= 30", "score >= 20").replace("bar = 30", "bar = 20");
    signed(&place, &[TEXT.to_owned(), second]);
    exports(&place);
    place.run(&["import", "exports", "--recorded-at", "2201-01-01T00:00:00Z"]).ended(0);

    let by =
        |version: u32| format!("entered mql by the rule of version {version} of the agreement | first mql of cycle 0");
    let not = "version 1 of the agreement defines this stage by a rule: as recorded it does not count";
    // the CRM said so a day before it had done enough
    assert_eq!(
        mql(&place, "00Q00000000000a"),
        [
            format!("2199-03-01T12:00:00Z | entered mql (as recorded: MQL) | {not} | LeadHistory.csv:2"),
            format!("2199-03-03T10:00:00Z | {} | CampaignMember.csv:3", by(1)),
        ]
    );
    // 20 points are too few in 2199 and enough in 2200, from the next thing it does
    assert_eq!(
        mql(&place, "00Q00000000000b"),
        [
            format!("2199-05-03T12:00:00Z | entered mql (as recorded: MQL) | {not} | LeadHistory.csv:3"),
            format!("2200-02-01T10:00:00Z | {} | CampaignMember.csv:5", by(2)),
        ]
    );
    assert_eq!(mql(&place, "00Q00000000000c"), [format!("2200-03-02T10:00:00Z | {} | CampaignMember.csv:6", by(2))]);
    // before anything was signed the CRM's word counts, and so it does for a stage without a rule
    let recorded = "entered mql (as recorded: MQL) | first mql of cycle 0";
    assert_eq!(mql(&place, "00Q00000000000d"), [format!("2020-01-05T12:00:00Z | {recorded} | LeadHistory.csv:4")]);
    assert!(steps(&place, "00Q00000000000e").iter().any(|s| s.contains("first sal of cycle 0")));

    let told: Value = serde_json::from_str(&place.report(&["funnel"])).unwrap();
    let named = told["provenance"]["definitions"].as_str().unwrap();
    assert!(named.contains("version 1") && named.contains("version 2"), "{named}");
    // as if the second had always been in force: the form of May 2199 is enough
    let told = place.report(&["funnel", "--under", "2"]);
    assert!(told.contains("mql by the rules of version 2") && !told.contains("rules of version 1"));
}

#[test]
fn a_report_reads_the_same_after_late_touches_moved_stages() {
    let place = Place::new();
    signed(&place, &[TEXT.to_owned()]);
    exports(&place);
    let batch = place.json(&["import", "exports", "--recorded-at", "2201-01-01T00:00:00Z"])["batch"].to_string();
    let before = place.report(&["funnel", "--period", "2200"]);
    assert!(mql(&place, "00Q00000000000c").is_empty(), "20 points are under the bar");
    std::fs::create_dir_all(place.path("late")).unwrap();
    std::fs::write(
        place.path("late/CampaignMember.csv"),
        "Id,CampaignId,LeadId,Status,FirstRespondedDate,HasResponded\n\
         00v00000000000f,70100000000000a,00Q00000000000c,Clicked,2200-03-03T10:00:00Z,true\n",
    )
    .unwrap();
    place.run(&["import", "late", "--recorded-at", "2201-02-01T00:00:00Z"]).ended(0);
    assert_eq!(mql(&place, "00Q00000000000c").len(), 1);
    assert_ne!(place.report(&["funnel", "--period", "2200"]), before);
    assert_eq!(place.report(&["funnel", "--period", "2200", "--at", &batch]), before);
    // what its source deletes later fits no rule any more
    std::fs::write(
        place.path("late/CampaignMember.csv"),
        "Id,CampaignId,LeadId,Status,FirstRespondedDate,HasResponded,IsDeleted\n\
         00v00000000000f,70100000000000a,00Q00000000000c,Clicked,2200-03-03T10:00:00Z,true,true\n",
    )
    .unwrap();
    place.run(&["import", "late", "--recorded-at", "2201-03-01T00:00:00Z"]).ended(0);
    assert!(mql(&place, "00Q00000000000c").is_empty());
}

#[test]
fn the_moment_at_which_a_lead_enters_is_the_one_at_which_its_score_reaches_the_bar() {
    let place = Place::imported("steady", 400, 21);
    // no decay: between two moments a score stays as it is
    std::fs::write(place.path("a.toml"), TEXT.replace("half_life = \"30 days\"\n", "")).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.run(&["agreement", "propose", &file]).ended(0);
    let rows = place.run(&["report", "funnel", "--under", "1", "--format", "csv"]).ended(0).out;
    assert!(rows.contains("mql"), "{rows}");
    let text = std::fs::read_to_string(place.path("exports/salesforce/Lead.csv")).unwrap();
    let mut lines = text.lines();
    let id = lines.next().unwrap().split(',').position(|h| h.trim_matches('"') == "Id").unwrap();
    let ids: Vec<String> =
        lines.filter_map(|l| l.split(',').nth(id)).map(|id| id.trim_matches('"').to_owned()).step_by(20).collect();
    let points =
        |lead: &str, at: &str| place.json(&["score", lead, "--under", "1", "--as-of", at])["score"].as_i64().unwrap();
    let (mut entered, mut never, mut at_once) = (0, 0, 0);
    for lead in &ids {
        let told = place.json(&["explain", lead, "--under", "1"]);
        let told = told["steps"].as_array().unwrap();
        let whens = |what: &str| -> Vec<&str> {
            let has = |s: &&Value| ["what", "effect"].iter().any(|name| s[name].as_str().unwrap().starts_with(what));
            told.iter().filter(has).map(|s| s["when"].as_str().unwrap()).collect()
        };
        let (moments, begins) = (whens("entered mql by the rule"), whens("cycle 0 begins"));
        match moments[..] {
            [] => {
                never += 1;
                assert!(points(lead, "2026-12-31") < 30, "{lead} has reached the bar");
            }
            // what marketing knew of it before it was a lead counts from the moment it is one
            [at] if begins == [at] => {
                at_once += 1;
                assert!(points(lead, at) >= 30, "{lead} at {at}");
            }
            [at] => {
                entered += 1;
                assert!(points(lead, at) >= 30, "{lead} at {at}");
                let before: jiff::Timestamp = at.parse().unwrap();
                let before = before - jiff::SignedDuration::from_secs(1);
                assert!(points(lead, &before.to_string()) < 30, "{lead} before {at}");
            }
            _ => panic!("{lead} enters twice: {moments:?}"),
        }
    }
    assert!(entered >= 2 && never >= 5 && at_once >= 2, "{entered} {never} {at_once}");
}

/// Moves the last lines of a CSV file into another folder, under the same first line.
fn moved(place: &Place, from: &str, into: &str, lines: usize) {
    let text = std::fs::read_to_string(place.path(from)).unwrap();
    let all: Vec<&str> = text.lines().collect();
    let (first, last) = all.split_at(all.len() - lines);
    std::fs::create_dir_all(place.path(into)).unwrap();
    let name = place.path(from).file_name().unwrap().to_owned();
    std::fs::write(place.path(into).join(name), format!("{}\n{}\n", all[0], last.join("\n"))).unwrap();
    std::fs::write(place.path(from), first.join("\n") + "\n").unwrap();
}

#[test]
fn stages_brought_up_to_date_after_an_import_are_those_of_a_home_that_never_knew_better() {
    let told: Vec<String> = [true, false]
        .into_iter()
        .map(|asked_before| {
            let place = Place::company("steady", 500, 8);
            moved(&place, "exports/salesforce/Lead.csv", "late", 40);
            moved(&place, "exports/salesforce/CampaignMember.csv", "late", 150);
            moved(&place, "exports/hubspot/contact_form_submission.csv", "late", 60);
            let file = place.path("a.toml").display().to_string();
            std::fs::write(&file, TEXT).unwrap();
            assert!(place.import("exports").code < 2);
            place.run(&["agreement", "propose", &file]).ended(0);
            if asked_before {
                place.report(&["funnel", "--under", "1"]);
            }
            place.run(&["import", "late", "--recorded-at", "2199-01-01T00:00:00Z"]).done();
            let report = place.report(&["funnel", "--under", "1"]);
            // batches are recorded when the agreement is proposed: their times and hashes differ
            let mut report: Value = serde_json::from_str(&report).unwrap();
            report["provenance"] = Value::Null;
            report.to_string()
        })
        .collect();
    assert!(told[0].contains("funnel.all.mql"));
    assert_eq!(told[0], told[1]);
}

#[test]
fn a_rule_for_what_no_rule_can_define_is_doubtful_and_changes_nothing() {
    let place = Place::imported("steady", 100, 3);
    let plain: Value = serde_json::from_str(&place.report(&["funnel"])).unwrap();
    let text = TEXT
        .replace("[definitions.mql]\nwhen = \"score >= 30\"", "[definitions.opportunity]\nwhen = \"budget is known\"");
    std::fs::write(place.path("a.toml"), text).unwrap();
    let file = place.path("a.toml").display().to_string();
    let checked = place.run(&["agreement", "check", &file]).ended(1).out;
    assert!(checked.contains("no rule decides who is an opportunity"), "{checked}");
    place.run(&["agreement", "propose", &file]).ended(0);
    let told: Value = serde_json::from_str(&place.report(&["funnel", "--under", "1"])).unwrap();
    assert_eq!(
        (&told["headline"], &told["provenance"]["definitions"]),
        (&plain["headline"], &plain["provenance"]["definitions"])
    );
}
