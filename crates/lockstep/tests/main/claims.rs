//! Claims by their users' hands: made, saved, looked up, and opened down to the rows.

use crate::page::Page;
use crate::program::{Place, lockstep};

const WHERE: &str = "source = webinar and created in 2025-01-01..2026-09-30";

/// A text page without its line breaks.
fn flat(page: &str) -> String {
    page.split_whitespace().collect::<Vec<&str>>().join(" ")
}

#[test]
fn a_claim_is_checked_on_every_face_and_its_figures_open_their_rows() {
    let place = Place::imported("steady", 6_000, 1);
    let claim = |more: &[&str]| {
        let mut all = vec!["claim", "--where", WHERE, "--metric", "mql_rate", "--above", "rest"];
        all.extend(more);
        place.run(&all)
    };
    let text = flat(&claim(&[]).ended(0).out);
    for part in
        ["The claim", "Whether it was picked", "How the answer moves", "In parts", "Both teams can say", "[claim.rate]"]
    {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert!(text.contains("whose source is Webinar, created in 2025-01-01..2026-09-30"));
    assert!(claim(&["--format", "html"]).ended(0).out.contains("claim.difference"));
    assert!(claim(&["--format", "markdown"]).ended(0).out.contains("# A claim: mql"));
    assert!(claim(&["--format", "csv"]).ended(0).out.contains("claim.searched"));
    let json = claim(&["--json"]).ended(0).out;
    assert_eq!(json, claim(&["--json"]).ended(0).out, "same home, same seed");
    let page = Page::read(&json);
    let (rate, other, base) = (page.figure("claim.rate"), page.figure("claim.other"), page.figure("claim.base"));
    assert_eq!(rate.n + other.n, base.n);
    assert_eq!(rate.of.unwrap() + other.of.unwrap(), base.of.unwrap());
    // webinar leads are planted to become marketing-qualified more often
    assert!(page.value("claim.difference") > 0.05);
    assert!(page.json["headline"].as_str().unwrap().starts_with("The claim holds"), "{}", page.json["headline"]);
    assert!(page.value("claim.searched") <= 0.05);

    // every figure with evidence opens as many rows as it says
    let mut opened = 0;
    for figure in page.figures.values().filter(|f| f.evidence.is_some()).take(25) {
        let rows = figure.evidence.as_ref().unwrap().1;
        let told = place.json(&["rows", &figure.id, "--limit", "1000000"]);
        assert_eq!(told["shown"].as_array().unwrap().len() as u64, rows, "{}", figure.id);
        opened += 1;
    }
    assert_eq!(opened, 25);
    let told = place.json(&["rows", "claim.rate", "--limit", "1000000"]);
    for row in told["shown"].as_array().unwrap() {
        assert_eq!(row["values"]["source"], "Webinar");
        let created = row["values"]["created_at"].as_str().unwrap();
        assert!(("2025-01-01".."2026-10-01").contains(&created), "{created}");
    }
}

#[test]
fn bad_claims_end_with_what_was_read_and_expected() {
    let place = Place::imported("steady", 400, 1);
    let told = |args: &[&str]| {
        let mut all = vec!["claim"];
        all.extend(args);
        place.run(&all)
    };
    let bad = |filter: &str| told(&["--where", filter, "--metric", "conversion", "--below", "rest"]).ended(2).err;
    let error = bad("sorce = Webinar");
    assert!(
        error.contains("character 1: read `sorce = Webinar`, expected a column") && error.contains("source"),
        "{error}"
    );
    let error = bad("source = Webinarr");
    assert!(error.contains("`Webinarr`: no source of that name") && error.contains("nearest are `Webinar`"), "{error}");
    let error = told(&["--where", WHERE, "--metric", "charm", "--below", "rest"]).ended(2).err;
    assert!(error.contains("`charm`: is no metric") && error.contains("win_rate"), "{error}");
    assert!(
        told(&["--where", WHERE, "--metric", "win_rate", "--below", "2"]).ended(2).err.contains("nothing to compare")
    );
    assert!(told(&["--where", WHERE, "--metric", "win_rate"]).ended(2).err.contains("no --below or --above"));
    assert!(
        told(&["--where", "source = Web", "--metric", "win_rate", "--below", "before"]).ended(2).err.contains("window")
    );
    assert!(told(&["nobody"]).ended(2).err.contains("no claim of that name"));
    // never about a person, and a window nothing was recorded in
    let told = flat(&told(&["--where", "owner = 005", "--metric", "win_rate", "--below", "rest"]).ended(1).out);
    assert!(told.contains("people are not"), "{told}");
}

#[test]
fn a_claim_is_saved_once_listed_and_checked_as_it_was_saved() {
    let place = Place::imported("steady", 3_000, 1);
    let save = |name: &str, filter: &str, by: &str| {
        place.run(&["claim", "save", name, "--where", filter, "--metric", "conversion", "--below", "rest", "--by", by])
    };
    assert!(place.run(&["claim", "list"]).ended(0).out.contains("No claim is saved"));
    assert!(
        save("late", "source = webinar and created in 2026Q2", "sales")
            .ended(0)
            .out
            .contains("with the search correction")
    );
    let early = save("early", "source = Webinar and created in 2150Q1", "marketing").ended(0).out;
    assert!(early.contains("without the search correction"), "{early}");
    assert!(save("late", "source = Web", "marketing").ended(2).err.contains("saved already"));
    assert!(save("lost", "source = Webbinar", "sales").ended(2).err.contains("no source of that name"));
    assert!(save("person", "owner = 005", "sales").ended(2).err.contains("names persons"));
    let all = place.json(&["claim", "list"]);
    let names: Vec<&str> = all.as_array().unwrap().iter().map(|c| c["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["late", "early"]);
    assert_eq!(
        (&all[0]["before_its_period_closed"], &all[1]["before_its_period_closed"]),
        (&false.into(), &true.into())
    );
    let told = flat(&place.run(&["claim", "late"]).ended(0).out);
    assert!(told.contains("Saved by Sales on") && told.contains("the search correction"), "{told}");
    // a period that has not come yet cannot be told
    assert!(place.run(&["claim", "early"]).ended(1).out.contains("Cannot tell"));
    assert!(place.run(&["claim", "lat"]).ended(2).err.contains("nearest are late"));
    assert!(place.run(&["claim", "late", "--metric", "win_rate"]).ended(2).err.contains("as it was saved"));
}

#[test]
fn who_makes_a_claim_changes_a_label_and_nothing_else() {
    let place = Place::imported("steady", 1_500, 2);
    let by = |team: &str| {
        let args =
            ["claim", "--where", "source = Web", "--metric", "mql_rate", "--above", "rest", "--json", "--by", team];
        place.run(&args).ended(0).out
    };
    let (sales, marketing) = (by("sales"), by("marketing"));
    assert_ne!(sales, marketing);
    assert_eq!(sales.replace("Made by Sales.", "Made by Marketing."), marketing);
}

#[test]
fn a_quoted_number_is_traced_without_a_home() {
    let place = Place::new();
    let quote = |words: &str| lockstep(&place.path(""), &["claim", "--quote", words]);
    let told = flat(&quote("you are 21x more likely to convert within 5 minutes").ended(0).out);
    for part in ["2007", "6 firms", "observational", "not checked against the original"] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(quote("aligned teams make 208% more revenue").ended(0).out.contains("MarketingProfs"));
    let told = flat(&quote("marketing sourced 60% and influenced 70%").ended(0).out);
    assert!(told.contains("more than 100%") && told.contains("without its base"), "{told}");
    let told = quote("seven of ten dentists").ended(1).out;
    assert!(told.contains("No source of this number is known here"), "{told}");
    assert!(!place.path("lockstep-home").exists());
}
