//! Scores: line by line, rule by rule, and fitted to the own records.

use serde_json::Value;

use crate::page::Page;
use crate::program::Place;

const HEAD: &str = "name = \"Scoring\"\neffective = 2024-01-01\n[signers]\nsales = [\"VP Sales\"]\nmarketing = [\"VP Marketing\"]\n[scoring]\nbar = 30\n";

const RULES: &str = r#"
[[scoring.group]]
name = "engagement"
most = 45
[[scoring.rule]]
name = "large"
group = "fit"
of = "lead"
when = "employees >= 200"
points = 10
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
name = "form"
group = "engagement"
of = "touch"
when = "kind = form"
points = 20
[[scoring.rule]]
name = "never there"
group = "fit"
of = "lead"
when = "title contains zzz"
points = 20
[[scoring.rule]]
name = "from sales"
group = "fit"
of = "lead"
when = "stage = sql"
points = 20
"#;

fn propose(place: &Place, rules: &str) -> String {
    std::fs::write(place.path("a.toml"), format!("{HEAD}{rules}")).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.json(&["agreement", "propose", &file])["version"].to_string()
}

/// Ids of leads, as the exports have them.
fn ids(place: &Place) -> Vec<String> {
    let text = std::fs::read_to_string(place.path("exports/salesforce/Lead.csv")).unwrap();
    let mut lines = text.lines();
    let at = lines.next().unwrap().split(',').position(|h| h.trim_matches('"') == "Id").unwrap();
    lines.filter_map(|l| l.split(',').nth(at)).map(|id| id.trim_matches('"').to_owned()).collect()
}

fn sum(told: &Value) -> i64 {
    told["lines"].as_array().unwrap().iter().map(|l| l["points"].as_i64().unwrap()).sum()
}

#[test]
fn a_score_is_the_sum_of_its_lines_at_every_instant() {
    let place = Place::imported("steady", 600, 11);
    propose(&place, RULES);
    let ids = ids(&place);
    let (mut limited, mut faded) = (0, 0);
    for id in ids.iter().take(25) {
        let mut before: Option<i64> = None;
        for day in ["2024-06-30", "2025-12-31", "2026-09-30"] {
            let told = place.json(&["score", id, "--under", "1", "--as-of", day]);
            assert_eq!(told["score"].as_i64().unwrap(), sum(&told), "{told:#}");
            let lines = told["lines"].as_array().unwrap();
            for line in lines {
                assert!(line["at"].as_str().unwrap() < "2026-10-01", "{line}");
                assert!(line["at"].as_str().unwrap()[..10] <= *day, "{line} as of {day}");
                limited += usize::from(line["why"] != "fired");
                faded += usize::from(line["given"] != line["points"]);
            }
            assert!(lines.iter().all(|l| l["rule"] != "from sales" && l["rule"] != "never there"));
            assert_eq!(told["reaches"], told["score"].as_i64().unwrap() >= 30);
            before = told["score"].as_i64().or(before);
        }
        assert!(before.is_some());
    }
    assert!(limited + faded > 0, "no limit was met and nothing faded");
    // without a version in force it says which to ask for
    let told = place.run(&["score", &ids[0]]).ended(2);
    assert!(told.err.contains("--under"), "{}", told.err);
    let told = place.run(&["score", "nobody", "--under", "1"]).ended(2);
    assert!(told.err.contains("`nobody`"), "{}", told.err);
    let text = place.run(&["score", &ids[0], "--under", "1"]).ended(0).out;
    assert!(text.contains("looks at what sales writes after the hand-off"), "{text}");
}

#[test]
fn rules_are_held_against_what_became_of_leads() {
    let place = Place::imported("steady", 4_000, 11);
    propose(&place, RULES);
    let told = place.run(&["score", "rules", "--under", "1", "--format", "json"]).ended(0);
    let page = Page::read(&told.out);
    assert!(page.findings().contains(&"never_fires") && page.findings().contains(&"looks_at_sales"));
    let n = page.count("score.leads");
    assert_eq!(page.count("score.bar.reach") + page.count("score.bar.below"), n);
    let fired = page.count("score.rule.large");
    assert!(fired > 0 && fired < n);
    assert!(page.value("score.area") > 0.5);
}

/// Points fitted to the own records are a document again; scored by it, leads stand in the order in which the card puts them.
#[test]
fn fitted_points_are_rules_of_an_agreement() {
    let place = Place::imported("steady", 4_000, 11);
    let file = place.path("points.toml").display().to_string();
    let told = place.run(&["score", "fit", "--points-file", &file, "--format", "json"]).ended(0);
    let page = Page::read(&told.out);
    let held = page.figure("score.fit.later.area");
    assert!(held.value.unwrap() > 0.55 && held.n > 500, "{held:?}");
    assert!(page.value("score.fit.halves.calibration") < 0.05);
    // who got far is named and not fitted on
    let refused = page.json["sections"][0]["tables"].to_string();
    assert!(refused.contains("stage_raw") && refused.contains("written by sales"));
    let points = std::fs::read_to_string(&file).unwrap();
    assert!(!points.contains("stage_raw") && !points.contains("owner"));
    let version = propose(&place, &points);
    let told = place.run(&["score", "rules", "--under", &version, "--format", "json"]).ended(0);
    let scored = Page::read(&told.out);
    assert!(scored.value("score.area") > held.interval.unwrap()[0], "{}", scored.value("score.area"));
    // every rule that was written fires
    assert!(!scored.findings().contains(&"never_fires"), "{:?}", scored.findings());
    // a file that is there is not written over
    let told = place.run(&["score", "fit", "--points-file", &file]).ended(2);
    assert!(told.err.contains("is there already"), "{}", told.err);
    let told = place.run(&["score", "fit", "--with", "nothing of the kind"]).ended(2);
    assert!(told.err.contains("columns are"), "{}", told.err);
}

#[test]
fn a_hundred_leads_give_wide_intervals_and_say_so() {
    let place = Place::imported("steady", 150, 11);
    let told = place.run(&["score", "fit", "--format", "json"]).done();
    let page = Page::read(&told.out);
    if page.json["sections"][0]["refusals"].as_array().unwrap().is_empty() {
        let said = page.json["sections"][0]["caveats"].to_string();
        assert!(said.contains("Fewer than 1,000 leads"), "{said}");
        let [lo, hi] = page.figure("score.fit.halves.area").interval.unwrap();
        assert!(hi - lo > 0.1, "{lo} {hi}");
    }
    let none = Place::imported("empty", 10, 1);
    let told = none.run(&["score", "fit"]);
    assert!(told.code > 0, "{}", told.out);
}

#[test]
fn the_bar_stands_on_what_the_team_can_do() {
    let place = Place::imported("steady", 6_000, 11);
    propose(&place, RULES);
    let told = place.run(&["capacity", "--under", "1", "--format", "json"]).ended(0);
    let page = Page::read(&told.out);
    assert!(page.value("capacity.setting.reps") >= 1.0);
    assert!(page.json["sections"][0]["caveats"].to_string().contains("not drawn by lot"));
    assert!(page.figure("capacity.best.net").interval.is_some());
    // more people never give less
    let told = place
        .run(&[
            "capacity",
            "--under",
            "1",
            "--format",
            "json",
            "--reps",
            "500",
            "--decay",
            "0.5",
            "--cost-per-hour",
            "40",
        ])
        .ended(0);
    let many = Page::read(&told.out);
    assert_eq!(many.value("capacity.setting.reps"), 500.0);
    assert!(many.value("capacity.price") == 0.0);
    for (option, given) in [("--reps", "0"), ("--decay=-1", ""), ("--leads-per-rep", "inf")] {
        let mut args = vec!["capacity", "--under", "1", option];
        args.extend(Some(given).filter(|g| !g.is_empty()));
        let told = place.run(&args).ended(2);
        assert!(told.err.contains("expected a number"), "{}", told.err);
    }
    let told = place.run(&["capacity"]).ended(2);
    assert!(told.err.contains("--under"), "{}", told.err);
}

#[test]
fn a_goal_is_worked_back_to_leads() {
    let place = Place::imported("steady", 6_000, 11);
    let told = place.run(&["goal", "2400000", "--format", "json"]).ended(0);
    let page = Page::read(&told.out);
    for what in ["customers", "opportunities", "leads", "worth", "spend"] {
        let figure = page.figure(&format!("goal.all.{what}"));
        let [lo, hi] = figure.interval.unwrap();
        assert!(lo < figure.value.unwrap() && figure.value.unwrap() < hi, "{figure:?}");
    }
    assert!(page.value("goal.all.leads") > page.value("goal.all.opportunities"));
    assert!(place.run(&["goal", "0"]).ended(2).err.contains("above 0"));
    assert!(place.run(&["goal", "5", "--by", "owner"]).ended(2).err.contains("owner"));
    let tiny = Place::imported("tiny", 60, 1);
    assert!(tiny.run(&["goal", "5"]).ended(1).out.contains("Cannot tell what it takes"));
}

/// Half of the scanners' clicks are not marked by the mail tool: they are found by their seconds, and can be counted all the same.
#[test]
fn clicks_of_scanners_earn_no_points() {
    let place = Place::imported("steady", 4_000, 11);
    propose(
        &place,
        "[[scoring.rule]]\nname = \"clicked\"\ngroup = \"engagement\"\nof = \"touch\"\nwhen = \"kind = email_click\"\npoints = 10\n",
    );
    let fired = |more: &[&str]| {
        let mut args = vec!["score", "rules", "--under", "1", "--format", "json"];
        args.extend(more);
        Page::read(&place.run(&args).ended(0).out).count("score.rule.clicked")
    };
    let (people, all) = (fired(&[]), fired(&["--machines"]));
    assert!(people > 100 && people < all, "{people} of {all}");
    // a lead with a scanner says so, and why
    let told = ids(&place)
        .iter()
        .take(400)
        .map(|id| place.json(&["score", id, "--under", "1"]))
        .find(|told| told["machine_touches"].to_string().contains("seconds"));
    let told = told.expect("no lead of the first 400 has an unmarked scanner");
    assert!(told["notes"].to_string().contains("taken for a machine's"));
    let id = told["lead"].as_str().unwrap();
    let with = place.json(&["score", id, "--under", "1", "--machines"]);
    assert_eq!(with["machine_touches"], serde_json::json!({}));
}

#[test]
fn classes_that_seldom_come_to_anything_are_held_against_the_records() {
    let place = Place::imported("steady", 4_000, 11);
    let file = place.path("junk.toml").display().to_string();
    let told = place
        .run(&["score", "junk", "--competitor", "rival.example", "--points-file", &file, "--format", "json"])
        .ended(0);
    let page = Page::read(&told.out);
    let n = page.count("score.leads");
    let free = page.figure("score.rule.free_mail");
    assert!(free.n < n, "{free:?}");
    assert!(page.findings().contains(&"never_fires"), "nobody comes from the competitor");
    let text = std::fs::read_to_string(&file).unwrap();
    propose(&place, &text);
    place.run(&["score", "rules", "--under", "1"]).ended(0);
}

/// A list of visits with what the programs say of themselves, read by the mapping that `map` suggests; and a page that nobody sees.
#[test]
fn what_programs_say_of_themselves_and_hidden_pages_tell_machines() {
    let place = Place::new();
    let write = |name: &str, text: &str| std::fs::write(place.path(name), text).unwrap();
    write(
        "leads.csv",
        "Lead ID,Email,Company Name,Lead Source,Lead Status,Date Created\nL-1,a@a-inc.example,A,Web,New,2026-03-01\nL-2,b@b-inc.example,B,Web,New,2026-03-01\nL-3,c@c-inc.example,C,Web,New,2026-03-01\n",
    );
    write(
        "visits.csv",
        "Visit ID,Lead ID,Timestamp,Event Type,Page URL,User Agent\n\
         1,L-1,2026-03-02 09:00:00,visit,/pricing,Mozilla/5.0 (Windows NT 10.0) Chrome/126.0\n\
         2,L-2,2026-03-02 09:00:00,visit,/pricing,Mozilla/5.0 (compatible; AhrefsBot/7.0)\n\
         3,L-3,2026-03-02 09:00:00,visit,/pricing,Mozilla/5.0 (Windows NT 10.0) Chrome/126.0\n\
         4,L-3,2026-03-02 09:01:00,visit,https://x.example/Do-Not-Follow?a=1,Mozilla/5.0 (Windows NT 10.0) Chrome/126.0\n",
    );
    for name in ["leads", "visits"] {
        let suggested = place.run(&["map", &format!("{name}.csv")]).ended(0).out;
        // both tables are of one tool, as the suggestion asks to be told
        write(&format!("{name}.toml"), &suggested.replace("system = \"visits\"", "system = \"leads\""));
        place.run(&["import", &format!("{name}.csv"), "--mapping", &format!("{name}.toml")]).ended(0);
    }
    let text = format!(
        "{}traps = [\"/do-not-follow\"]\n[[scoring.rule]]\nname = \"visited\"\ngroup = \"engagement\"\nof = \"touch\"\nwhen = \"kind = visit\"\npoints = 10\nrepeats = true\n",
        HEAD
    );
    write("a.toml", &text);
    place.run(&["agreement", "propose", &place.path("a.toml").display().to_string()]).ended(0);
    let score = |lead: &str, more: &[&str]| {
        let mut args = vec!["score", lead, "--under", "1", "--as-of", "2026-03-03"];
        args.extend(more);
        let told = place.json(&args);
        (told["score"].as_i64().unwrap(), told["machine_touches"].to_string())
    };
    assert_eq!(score("L-1", &[]), (10, "{}".to_owned()));
    assert_eq!(score("L-2", &[]), (0, "{\"its program says that it is a crawler\":1}".to_owned()));
    assert_eq!(score("L-3", &[]), (10, "{\"a hidden link was followed\":1}".to_owned()));
    // nothing is removed
    assert_eq!(["L-2", "L-3"].map(|lead| score(lead, &["--machines"]).0), [10, 20]);
}
