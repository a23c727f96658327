//! What cannot be done is said in one line, with what to do, and ends with 2.

use serde_json::Value;

use crate::program::{Place, Told};

#[track_caller]
fn failed(told: Told, code: &str) -> Value {
    let told = told.ended(2).json();
    let error = &told["error"];
    assert_eq!(error["code"], code, "{error}");
    let message = error["message"].as_str().unwrap();
    assert!(!message.is_empty() && !message.contains('\n') && !message.ends_with('.'), "{message}");
    assert!(error["hint"].as_str().is_some_and(|h| h.len() > 5), "{error}");
    error.clone()
}

#[test]
fn a_folder_that_is_no_home_is_named() {
    let place = Place::new();
    for command in ["report", "status", "verify", "rejects", "contradictions", "set"] {
        let error = failed(place.run(&[command, "--json"]), "no_home");
        assert!(error["message"].as_str().unwrap().contains("`home`"), "{error}");
    }
    assert!(!place.path("home").exists(), "asking makes nothing");
    std::fs::create_dir(place.path("home")).unwrap();
    std::fs::write(place.path("home/letter.txt"), "dear").unwrap();
    failed(place.run(&["report", "--json"]), "no_home");
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let place = Place::new();
    let error = failed(place.run(&["import", "nowhere/at-all", "--json"]), "io");
    assert!(error["message"].as_str().unwrap().contains("`nowhere/at-all`"));
}

#[test]
fn a_home_of_a_newer_program_is_left_alone() {
    let place = Place::imported("tiny", 60, 1);
    let path = place.path("home/home.json");
    std::fs::write(&path, "{\"format\":99}").unwrap();
    for args in [vec!["report"], vec!["status"], vec!["rejects"], vec!["import", "exports"]] {
        let mut args = args;
        args.push("--json");
        let told = place.run(&args).ended(2).json();
        assert!(told["error"]["message"].as_str().unwrap().contains("99"), "{told}");
        assert!(!told["error"]["hint"].as_str().unwrap().is_empty());
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "{\"format\":99}");
}

#[test]
fn the_company_of_headers_has_nothing_to_report_and_says_so() {
    let place = Place::company("empty", 0, 1);
    let told = place.import("exports").ended(0).json();
    for file in told["files"].as_array().unwrap() {
        assert_eq!(file["count"]["used"], 0, "{file}");
        assert!(!file["mapping"].is_null(), "{file}");
    }
    assert_eq!((told["new"].as_bool(), told["batch"].as_u64()), (Some(false), Some(0)));
    failed(place.run(&["report", "--json"]), "empty_ledger");
    assert_eq!(place.json(&["status"])["complete"], true);
    let demo = Place::new();
    demo.run(&["demo", "--once", "--company", "empty"]).ended(0);
}

#[test]
fn an_empty_folder_puts_nothing_into_the_ledger() {
    let place = Place::new();
    std::fs::create_dir(place.path("exports")).unwrap();
    let told = place.import("exports");
    if told.code == 0 {
        let told = told.json();
        assert_eq!((told["new"].as_bool(), told["files"].as_array().map(Vec::len)), (Some(false), Some(0)));
        failed(place.run(&["report", "--json"]), "empty_ledger");
    } else {
        let error = told.ended(2).json();
        assert!(!error["error"]["hint"].as_str().unwrap().is_empty());
    }
}

#[test]
fn words_that_mean_nothing_are_answered_with_those_that_do() {
    let place = Place::imported("tiny", 60, 1);
    let cases: &[(&[&str], &str)] = &[
        (&["report", "--period", "2026Q9"], "bad_period"),
        (&["report", "--against", "yesterday"], "bad_period"),
        (&["report", "--at", "soon"], "bad_head"),
        (&["report", "--at", "7"], "unknown_head"),
        (&["report", "--as-if", "31 March"], "bad_day"),
        (&["import", "exports", "--currency", "dollars"], "bad_currency"),
        (&["explain", "nobody"], "unknown_lead"),
    ];
    for (args, code) in cases {
        let mut args = args.to_vec();
        args.push("--json");
        failed(place.run(&args), code);
    }
    for (args, named) in
        [(&["report", "weather", "--json"][..], "funnel"), (&["set", "colour", "blue", "--json"], "currency")]
    {
        let told = place.run(args).ended(2).json();
        assert!(told["error"]["hint"].as_str().unwrap().contains(named), "{told}");
    }
    // a dimension that is not there is a refusal, in the place of what was asked
    let page = crate::page::Page::read(&place.run(&["report", "--by", "mood", "--json"]).ended(1).out);
    assert!(page.said("refusals", "no_such_column")["needed"].as_str().unwrap().contains("source"));
}

#[test]
fn a_mistyped_command_line_ends_with_two() {
    let place = Place::new();
    for args in [&["improt"][..], &["import"], &["report", "--seed", "many"]] {
        let told = place.run(args).ended(2);
        assert!(told.out.is_empty() && !told.err.is_empty());
    }
    place.run(&["--help"]).ended(0);
    place.run(&["--version"]).ended(0);
}
