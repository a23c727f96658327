//! Leads that pass from one office to another, and wait as agreed, through the whole program.

use serde_json::Value;

use crate::program::Place;

const TEXT: &str = r#"
name = "Turns"
effective = 2026-01-01
clocks_follow = "rep"
[signers]
sales = ["VP Sales"]
marketing = ["VP Marketing"]
[sales]
first_attempt = { within = "4 working hours", at_least = "90%" }
[[office]]
name = "berlin"
zone = "Europe/Berlin"
hours = "Mon-Fri 09:00-17:00"
[[office]]
name = "boston"
zone = "America/New_York"
hours = "Mon-Fri 09:00-17:00"
reps = ["00500000000000B"]
[[pause]]
reason = "asked to be called later"
stages = ["On hold"]
clocks = "sales"
at_most = "1 working day"
"#;

/// Leads handed over on Tuesday 2026-07-07 at 16:00 in Berlin, 10:00 in Boston, by becoming MQL.
fn exports(place: &Place) {
    std::fs::create_dir_all(place.path("exports")).unwrap();
    let write = |name: &str, text: String| std::fs::write(place.path("exports").join(name), text).unwrap();
    let (mut leads, mut tasks) = (Vec::new(), Vec::new());
    for (name, owner, tried) in [
        // always in Berlin: an hour on Tuesday, so that four are over on Wednesday at 12:00
        ("a", "00500000000000A", "2026-07-08T10:01:00Z"),
        // to Boston on Wednesday at 11:00 in Berlin, after three hours: the fourth is worked in Boston from 15:00 on
        ("b", "00500000000000B", "2026-07-08T13:59:00Z"),
        // on hold on Wednesday from 09:00 until 13:00 in Berlin: then it has three hours left
        ("c", "00500000000000A", "2026-07-08T13:59:00Z"),
        // never tried
        ("d", "00500000000000B", ""),
        // handed over on Monday 20 July at 09:00 in Berlin, on hold since 10:00
        ("e", "00500000000000A", ""),
    ] {
        leads.push(format!(
            "00Q00000000000{name},2026-07-01T09:00:00Z,2026-07-20T09:00:00Z,Open,C {name},{name}@{name}-inc.example,Web,false,{owner}"
        ));
        if !tried.is_empty() {
            tasks.push(format!("00T00000000000{name},00Q00000000000{name},Call,Outbound,Completed,{tried},{tried}"));
        }
    }
    let head = "Id,CreatedDate,LastModifiedDate,Status,Company,Email,LeadSource,IsConverted,OwnerId\n";
    write("Lead.csv", format!("{head}{}\n", leads.join("\n")));
    let history = [
        "a,Status,New,MQL,2026-07-07T14:00:00Z",
        "b,Status,New,MQL,2026-07-07T14:00:00Z",
        "b,Owner,00500000000000AAAQ,00500000000000BAAQ,2026-07-08T09:00:00Z",
        "c,Status,New,MQL,2026-07-07T14:00:00Z",
        "c,Status,MQL,On hold,2026-07-08T07:00:00Z",
        "c,Status,On hold,MQL,2026-07-08T11:00:00Z",
        "d,Status,New,MQL,2026-07-07T14:00:00Z",
        "d,Owner,00500000000000A,00500000000000B,2026-07-20T08:00:00Z",
        "d,Status,MQL,On hold,2026-07-07T14:00:00Z",
        "e,Status,New,MQL,2026-07-20T07:00:00Z",
        "e,Status,MQL,On hold,2026-07-20T08:00:00Z",
    ];
    let rows = history.iter().zip(10..).map(|(row, n)| format!("0170000000000{n},00Q00000000000{row}\n"));
    write("LeadHistory.csv", format!("Id,LeadId,Field,OldValue,NewValue,CreatedDate\n{}", rows.collect::<String>()));
    // a list of reps: records name their owner by fifteen characters, the history by eighteen
    let user = |name: &str| format!("00500000000000{name},{name}@us.example,Standard,{name} {name}\n");
    write("User.csv", format!("Id,Username,UserType,Name\n{}{}", user("A"), user("B")));
    let head = "Id,WhoId,TaskSubtype,Direction,Status,CreatedDate,CompletedDateTime\n";
    write("Task.csv", format!("{head}{}\n", tasks.join("\n")));
}

/// Of each lead when its clock is late, and how it stands.
fn clocks(place: &Place) -> Vec<String> {
    let told = place.json(&["clocks", "--under", "1", "--all", "--period", "2026Q3"]);
    let text = |row: &Value, name: &str| row[name].as_str().unwrap_or("").to_owned();
    let rows = told["clocks"].as_array().unwrap().iter();
    let mut out: Vec<String> = rows
        .map(|row| ["lead", "late_from", "stands"].map(|name| text(row, name)).join(" "))
        .map(|line| line.replace("00Q00000000000", ""))
        .collect();
    out.sort();
    out
}

#[test]
fn a_clock_follows_its_lead_from_office_to_office_and_stands_still_as_agreed() {
    let place = Place::new();
    exports(&place);
    place.run(&["import", "exports", "--recorded-at", "2026-07-21T00:00:00Z"]).ended(0);
    std::fs::write(place.path("a.toml"), TEXT).unwrap();
    place.run(&["agreement", "propose", &place.path("a.toml").display().to_string()]).ended(0);
    let all = [
        "a 2026-07-08T10:01:00Z late",
        "b 2026-07-08T14:01:00Z in time",
        "c 2026-07-08T14:01:00Z in time",
        // one working day of Berlin at most: on Thursday at 09:00 its clock goes on, for four hours
        "d 2026-07-09T11:02:00Z late",
        // three of its four hours are left after that working day at most
        "e 2026-07-22T10:02:00Z stands still",
    ];
    assert_eq!(clocks(&place), all);
    let told: Value =
        serde_json::from_str(&place.report(&["scorecard", "--under", "1", "--period", "2026Q3"])).unwrap();
    let told = told.to_string();
    assert!(told.contains("Clocks that stood still as agreed") && told.contains("without_waits"), "{told}");
    let shown = place.run(&["rows", "scorecard.v1.sales.first_attempt.waited"]).ended(0);
    assert_eq!(shown.out.matches("On hold").count(), 3, "{}", shown.out);
    let steps = place.json(&["explain", "00Q00000000000b", "--under", "1"]).to_string();
    assert!(steps.contains("clocks follow the office of its new owner from here on"), "{steps}");
    let steps = place.json(&["explain", "00Q00000000000c", "--under", "1"]).to_string();
    assert!(steps.contains("clocks stand still from here on") && steps.contains("clocks go on"), "{steps}");
}

/// A rep is meant by an id of either length, by a name or mail of the list of reps, by an id of whom there is no list, and by the name
/// by which alone a tool knows them.
#[test]
fn an_office_has_the_reps_that_both_teams_call_by_their_names() {
    let stands = |place: &Place, rep: &str| {
        let text = TEXT.replace("00500000000000B", rep);
        std::fs::write(place.path("a.toml"), text).unwrap();
        place.run(&["agreement", "propose", &place.path("a.toml").display().to_string()]).ended(0);
        clocks(place).into_iter().find(|line| line.starts_with('b')).unwrap()
    };
    let import = |place: &Place| place.run(&["import", "exports", "--recorded-at", "2026-07-21T00:00:00Z"]).ended(0);
    let passed = "b 2026-07-08T14:01:00Z in time";
    for rep in ["00500000000000BAAQ", "b  b", "B@us.example"] {
        let place = Place::new();
        exports(&place);
        import(&place);
        assert_eq!(stands(&place, rep), passed, "{rep}");
    }
    let place = Place::new();
    exports(&place);
    std::fs::remove_file(place.path("exports/User.csv")).unwrap();
    import(&place);
    assert_eq!(stands(&place, "00500000000000BAAQ"), passed);
    // a list that names owners alone, and no history of them: in Boston from 10:00 on, four hours
    let named = Place::new();
    exports(&named);
    std::fs::remove_file(named.path("exports/User.csv")).unwrap();
    let leads = std::fs::read_to_string(named.path("exports/Lead.csv")).unwrap();
    let leads =
        leads.replace("OwnerId", "Lead Owner").replace("00500000000000B", "Jo March").replace("00500000000000A", "Ann");
    std::fs::write(named.path("exports/Lead.csv"), leads).unwrap();
    std::fs::remove_file(named.path("exports/LeadHistory.csv")).unwrap();
    let history = "Id,LeadId,Field,OldValue,NewValue,CreatedDate\n\
                   017000000000010,00Q00000000000b,Status,New,MQL,2026-07-07T14:00:00Z\n";
    std::fs::write(named.path("exports/LeadHistory.csv"), history).unwrap();
    import(&named);
    assert_eq!(stands(&named, "jo  march"), "b 2026-07-07T18:01:00Z late");
    let queue = named.run(&["queue", "--owner", "Jo March", "--json"]).ended(0).out;
    assert!(queue.contains("late"), "{queue}");
    // whom no record names is said, and counts in the first office
    let place = Place::new();
    exports(&place);
    import(&place);
    assert_eq!(stands(&place, "Nobody"), "b 2026-07-08T10:01:00Z late");
    let told = place.report(&["scorecard", "--under", "1", "--period", "2026Q3"]);
    assert!(told.contains("The agreement names `Nobody` as a rep of the office boston"), "{told}");
}

/// Countries are those of the records, in any case; one that no lead has is said.
#[test]
fn an_office_has_the_leads_of_its_countries() {
    let place = Place::new();
    exports(&place);
    let leads = std::fs::read_to_string(place.path("exports/Lead.csv")).unwrap();
    let with_country = |line: &str| {
        let country = if line.starts_with("Id,") {
            "Country"
        } else if line.contains("C b") {
            "us"
        } else {
            "DE"
        };
        format!("{line},{country}\n")
    };
    std::fs::write(place.path("exports/Lead.csv"), leads.lines().map(with_country).collect::<String>()).unwrap();
    place.run(&["import", "exports", "--recorded-at", "2026-07-21T00:00:00Z"]).ended(0);
    let text =
        TEXT.replace("\"rep\"", "\"lead\"").replace("reps = [\"00500000000000B\"]", "countries = [\"US\", \"CA\"]");
    std::fs::write(place.path("a.toml"), text).unwrap();
    place.run(&["agreement", "propose", &place.path("a.toml").display().to_string()]).ended(0);
    // in Boston from 10:00 on, four hours; all others in Berlin
    let found = clocks(&place);
    assert_eq!(found[1], "b 2026-07-07T18:01:00Z late");
    assert_eq!(found[0], "a 2026-07-08T10:01:00Z late");
    let told = place.report(&["scorecard", "--under", "1", "--period", "2026Q3"]);
    assert!(told.contains("`CA` as a country of the office boston") && !told.contains("`US` as"), "{told}");
}
