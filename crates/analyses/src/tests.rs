//! Claims about the crate as a whole.

use std::collections::BTreeSet;

use report::{Certainty, Provenance, Report, SCHEMA, Value};

use crate::{Answer, Question, ROOMS, answer, placeholders};

/// Panics unless every placeholder resolves and every figure's id is unique in the report.
pub fn complete(answer: &Answer) {
    let report = Report {
        schema: SCHEMA,
        title: String::new(),
        headline: answer.headline.clone(),
        how_sure: answer.how_sure.clone(),
        figure: None,
        sections: answer.sections.clone(),
        provenance: Provenance {
            head: 0,
            head_hash: String::new(),
            data_through: String::new(),
            as_of: String::new(),
            as_if: None,
            under: None,
            definitions: String::new(),
            period: String::new(),
            against: String::new(),
            fiscal_start: 1,
            currency: String::new(),
            seed: 1,
            counts: vec![],
            completeness: String::new(),
            engine: String::new(),
        },
    };
    assert_eq!(placeholders::placeholders_resolve(&report), Vec::<String>::new());
    let mut seen = BTreeSet::new();
    for figure in answer.sections.iter().flat_map(placeholders::figures) {
        assert!(seen.insert(figure.id.clone()), "{} twice", figure.id);
        assert!(!figure.period.is_empty() && !figure.method.is_empty(), "{}", figure.id);
    }
}

/// An answer as lines: every sentence, and every figure with its value, certainty and n.
pub fn outline(answer: &Answer) -> String {
    let mut out = vec![answer.headline.clone()];
    out.extend(answer.how_sure.iter().cloned());
    for section in &answer.sections {
        out.push(format!("\n## {} | {}", section.id, section.title));
        out.push(section.answer.clone());
        out.extend(section.findings.iter().map(|f| format!("found {}: {}", f.code, f.text)));
        out.extend(section.caveats.iter().map(|c| format!("caveat: {c}")));
        out.extend(
            section.refusals.iter().map(|r| format!("refused {}: {} | {} | {}", r.code, r.asked, r.had, r.needed)),
        );
        out.extend(section.not_known.iter().map(|n| format!("not known: {} | {}", n.text, n.settle)));
        for f in placeholders::figures(section) {
            let value = match f.value {
                Value::Whole(n) => n.to_string(),
                Value::Real(x) => format!("{x:.5}"),
                Value::Withheld => "withheld".to_owned(),
            };
            let sure = match f.certainty {
                Certainty::Counted => "counted".to_owned(),
                Certainty::Estimated(i) => format!("estimated {:.5} to {:.5}", i.lo90, i.hi90),
                Certainty::Projected(i) => format!("projected {:.5} to {:.5}", i.lo90, i.hi90),
                Certainty::Refused => "refused".to_owned(),
            };
            let of = f.of.map_or(String::new(), |k| format!("{k} of "));
            out.push(format!("{} = {value}, {sure}, {of}{} | {} | {}", f.id, f.n, f.period, f.method));
        }
    }
    out.join("\n")
}

/// Panics unless every figure's evidence is as many rows as it says; returns how many were checked.
pub fn evidence_holds(answer: &Answer, tables: &tallies::plain::Tables) -> usize {
    use tallies::Facts;
    let mut checked = 0;
    for figure in answer.sections.iter().flat_map(placeholders::figures) {
        let Some(evidence) = &figure.evidence else { continue };
        let (grain, filter) = crate::evidence::to_tests(evidence).unwrap();
        let spec = tallies::Spec { name: "t", grain, filter, dims: vec![], measures: vec![tallies::Measure::Count] };
        let rows = tables.answer(&[spec]).unwrap()[0].int(0, 0);
        assert_eq!(rows as u64, evidence.rows, "{}", figure.id);
        checked += 1;
    }
    checked
}

/// Words that blame or sell (the house's list, with their common forms).
const AVOIDED: [&str; 20] = [
    "fault",
    "blame",
    "fail",
    "failed",
    "fails",
    "garbage",
    "underperform",
    "winner",
    "winners",
    "loser",
    "losers",
    "significant",
    "significantly",
    "drive",
    "driver",
    "drives",
    "leverage",
    "insight",
    "ai-powered",
    "worst",
];

#[test]
fn no_sentence_blames() {
    let files = [
        ("verdict", include_str!("verdict/words.rs")),
        ("quality", include_str!("quality/words.rs")),
        ("followup", include_str!("followup/words.rs")),
        ("funnel", include_str!("funnel/words.rs")),
        ("claims", include_str!("claims/words.rs")),
        ("quotes", include_str!("claims/quotes.rs")),
    ];
    for (file, text) in files {
        for (n, line) in text.lines().enumerate() {
            let low = line.to_ascii_lowercase();
            let words = low.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
            for word in words {
                assert!(!AVOIDED.contains(&word), "{file} {}: {word}", n + 1);
            }
            assert!(!line.contains("deal ") && !low.contains("deals"), "{file} {}: say opportunity", n + 1);
        }
    }
}

#[test]
fn rooms_have_names_and_an_unknown_one_is_an_error() {
    assert_eq!(ROOMS.map(|r| r.name), ["verdict", "scorecard", "quality", "followup", "funnel"]);
    let q = Question::new(terms::FiscalYear::default().parse_period("2026Q3").unwrap(), 0, terms::Currency::UNKNOWN);
    let error = answer(&q, &["weather"], &tallies::plain::Tables::default()).unwrap_err();
    assert_eq!(
        (error.code(), error.hint().as_deref()),
        ("analyses.room", Some("the rooms are verdict, scorecard, quality, followup, funnel"))
    );
    complete(&answer(&q, &[], &tallies::plain::Tables::default()).unwrap());
}

#[test]
fn facts_are_asked_twice_at_most() {
    struct Counting(tallies::plain::Tables, std::cell::Cell<u32>);
    impl tallies::Facts for Counting {
        type Error = std::convert::Infallible;
        fn answer(&self, specs: &[tallies::Spec]) -> Result<Vec<tallies::Tally>, Self::Error> {
            self.1.set(self.1.get() + 1);
            self.0.answer(specs)
        }
        fn extract(&self, extract: &tallies::Extract) -> Result<tallies::Table, Self::Error> {
            self.0.extract(extract)
        }
    }
    let world = crate::invented::World { per_quarter: 200, ..Default::default() };
    let facts = Counting(world.tables(1), std::cell::Cell::new(0));
    let q = Question::new(
        terms::FiscalYear::default().parse_period("2026Q3").unwrap(),
        crate::invented::World::AS_OF,
        terms::Currency::UNKNOWN,
    );
    answer(&q, &[], &facts).unwrap();
    assert_eq!(facts.1.get(), 2);
}
