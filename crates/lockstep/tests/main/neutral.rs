//! Nobody is favoured: labels carry no weight, and no page blames.

use crate::exports::Sheet;
use crate::page::{Figure, Page};
use crate::program::{LEARNED, Place, lockstep};

const SOURCES: [&str; 8] =
    ["Web", "Organic Search", "Paid Search", "Paid Social", "Trade Show", "Webinar", "Partner Referral", "Outbound"];

/// Words that no page says (the house's word list), whole words.
const AVOIDED: &[&str] = &[
    "fault",
    "faults",
    "blame",
    "blames",
    "blamed",
    "fail",
    "fails",
    "failed",
    "garbage",
    "underperform",
    "underperforms",
    "underperformed",
    "underperforming",
    "winner",
    "winners",
    "loser",
    "losers",
    "significant",
    "significantly",
    "drive",
    "drives",
    "driver",
    "drivers",
    "leverage",
    "leverages",
    "insight",
    "insights",
    "ai-powered",
    "deal",
    "deals",
];

/// The exports with other labels in place of the sources, in every file that names them.
fn relabelled(place: &Place, to: &str, label: impl Fn(usize) -> String) {
    crate::program::copy(&place.path("exports"), &place.path(to));
    let mut renamed = 0;
    for file in ["Lead.csv", "Opportunity.csv", "Contact.csv"] {
        let path = place.path(to).join("salesforce").join(file);
        let mut sheet = Sheet::read(&path);
        let column = sheet.column("LeadSource");
        for row in &mut sheet.rows {
            if let Some(at) = SOURCES.iter().position(|s| *s == row[column]) {
                row[column] = label(at);
                renamed += 1;
            }
        }
        sheet.write(&path);
    }
    assert!(renamed > 1_000, "{renamed}");
}

fn page(place: &Place, exports: &str) -> Page {
    let home = format!("home of {exports}");
    let run = |args: &[&str]| lockstep(&place.path(""), &[&["--home", home.as_str()], args].concat());
    run(&["import", exports, "--recorded-at", LEARNED, "--quiet"]).ended(0);
    Page::read(&run(&["report", "--format", "json"]).done().out)
}

#[test]
fn permuting_the_labels_of_sources_changes_no_number_of_the_verdict() {
    let place = Place::company("shifted", 1_500, 1);
    let was = page(&place, "exports");
    // handed round by three, turned about, and names nobody has heard of, in another order of the alphabet
    relabelled(&place, "round", |at| SOURCES[(at + 3) % SOURCES.len()].to_owned());
    relabelled(&place, "about", |at| SOURCES[SOURCES.len() - 1 - at].to_owned());
    relabelled(&place, "new", |at| format!("label {}", (at * 5) % SOURCES.len()));
    for other in ["round", "about", "new"] {
        let now = page(&place, other);
        assert_eq!(now.json["headline"], was.json["headline"], "{other}");
        assert_eq!(now.json["how_sure"], was.json["how_sure"], "{other}");
        assert_eq!(now.parts(), was.parts(), "{other}");
        assert_eq!(now.findings(), was.findings(), "{other}");
        for id in ["verdict.from", "verdict.to", "verdict.gap"] {
            assert_eq!(now.figure(id), was.figure(id), "{other}");
        }
        for (id, figure) in was.figures.iter().filter(|(id, _)| id.starts_with("verdict.by_owner.")) {
            assert_eq!(now.figure(id), figure, "{other}");
        }
    }
    // what stands by source moves with its label, in every room
    let round = page(&place, "round");
    assert_eq!(round.value("funnel.by.paid_social.inquiry"), was.value("funnel.by.web.inquiry"));
    let slug = |at: usize| SOURCES[at % SOURCES.len()].to_lowercase().replace(' ', "_");
    let moved = |id: &str| -> String {
        let part = |part: &str| {
            let at = (0..SOURCES.len()).find(|at| slug(*at) == part);
            at.map_or_else(|| part.to_owned(), |at| slug(at + 3))
        };
        id.split('.').map(part).collect::<Vec<_>>().join(".")
    };
    assert_eq!(round.figures.len(), was.figures.len());
    let (mut same, mut by_source) = (0, 0);
    for (id, figure) in &was.figures {
        let now = round.figure(&moved(id));
        let parts = |f: &Figure| (f.value, f.interval, f.n, f.of, f.period.clone());
        assert_eq!(parts(now), parts(figure), "{id}");
        (same, by_source) = (same + usize::from(now.id == *id), by_source + usize::from(now.id != *id));
    }
    for room in ["verdict.", "quality.", "funnel."] {
        assert!(was.figures.keys().any(|id| id.starts_with(room)), "{room}");
    }
    assert!(same > 50 && by_source > 50, "{same} {by_source}");
}

#[test]
fn handing_round_the_keys_of_reps_changes_no_number_of_any_room() {
    let place = Place::company("shifted", 1_500, 3);
    let was = page(&place, "exports");
    // each rep gets the key of the next one, wherever a key stands
    crate::program::copy(&place.path("exports"), &place.path("swapped"));
    let folder = place.path("swapped/salesforce");
    let users: Vec<String> = Sheet::read(&folder.join("User.csv")).cells("Id").into_iter().map(str::to_owned).collect();
    let mut renamed = 0;
    for file in crate::program::files(&folder) {
        let mut sheet = Sheet::read(&folder.join(&file));
        for cell in sheet.rows.iter_mut().flatten() {
            if let Some(at) = users.iter().position(|key| key == cell) {
                cell.clone_from(&users[(at + 1) % users.len()]);
                renamed += 1;
            }
        }
        sheet.write(&folder.join(&file));
    }
    assert!(renamed > 1_000, "{renamed}");
    let now = page(&place, "swapped");
    assert_eq!(now.json["headline"], was.json["headline"]);
    assert_eq!((now.findings(), now.refusals()), (was.findings(), was.refusals()));
    assert_eq!(now.figures.len(), was.figures.len());
    for (id, figure) in &was.figures {
        let parts = |f: &Figure| (f.value, f.interval, f.n, f.of, f.period.clone());
        assert_eq!(parts(now.figure(id)), parts(figure), "{id}");
    }
}

#[test]
fn no_page_uses_a_word_that_blames_or_sells() {
    for company in ["leaky", "turnover", "messy", "tiny"] {
        let place = Place::imported(company, 600, 1);
        for args in [
            &["report", "--format", "text"][..],
            &["report", "--format", "markdown"],
            &["report", "--format", "html"],
            &["report", "--against", "year-ago"],
            &["status"],
            &["rejects"],
            &["contradictions"],
            &["verify"],
            &["claim", "--where", "source = Web", "--metric", "conversion", "--below", "rest"],
            &["claim", "--where", "created in 2026Q2", "--metric", "coverage", "--above", "before"],
            &["claim", "--quote", "21x more likely within 5 minutes, 208% and 60-70% of content unused"],
            &["claim", "--help"],
            &["--help"],
            &["report", "--help"],
        ] {
            let told = place.run(args);
            let text = format!("{}{}", told.out, told.err).to_lowercase();
            let text = without_style(&text);
            for word in text.split(|c: char| !c.is_alphanumeric() && c != '-' && c != '_') {
                assert!(!AVOIDED.contains(&word), "{company} {args:?} says {word}");
            }
            let said: Vec<&str> = text.lines().filter(|l| l.contains('!')).collect();
            assert!(args.contains(&"html") || said.is_empty(), "{company} {args:?}: {said:?}");
        }
    }
}

/// A page without its style sheet, script and tags, which nobody reads.
fn without_style(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = if rest.starts_with("<style") {
            "</style>"
        } else if rest.starts_with("<script") {
            "</script>"
        } else {
            ">"
        };
        match rest.find(end) {
            Some(to) => rest = &rest[to + end.len()..],
            None => return out + rest,
        }
        out.push(' ');
    }
    out + rest
}

#[test]
fn both_teams_are_told_in_the_same_words() {
    let place = Place::imported("leaky", 3_000, 1);
    let text = place.run(&["report", "--width", "200"]).done().out;
    // the groups stand in the order of the funnel, whatever their sums
    for company in ["flooded", "turnover"] {
        let other = Place::imported(company, 3_000, 2);
        let groups = |page: &Page| -> Vec<String> {
            let all = page.json["sections"].as_array().unwrap().iter().find(|s| s["id"] == "verdict.owners").unwrap();
            let rows = all["charts"][0].to_string();
            let mut found: Vec<(usize, String)> = ["marketing", "both_teams", "sales"]
                .iter()
                .filter_map(|g| Some((rows.find(&format!("\"verdict.by_owner.{g}\""))?, (*g).to_owned())))
                .collect();
            found.sort();
            found.into_iter().map(|f| f.1).collect()
        };
        assert_eq!(groups(&Page::read(&other.report(&[]))), groups(&Page::read(&place.report(&[]))), "{company}");
    }
    assert!(text.contains("Grouped by who can change it"));
}
