//! Classes of leads that seldom come to anything, as rules: students, consultants, free mail, own staff, competitors, bounced mail.
//!
//! Not here: whether they do in these records (`analyses::points` holds them against it). Invariant: a class is a condition that
//! both teams can read, never a judgement kept elsewhere.

use agreement::Definitions;
use analyses::points::{Rule, document, quoted};

/// Words in a title or a company's name, by the class they stand for.
const WORDS: [(&str, &str, &[&str]); 4] = [
    ("student", "title", &["student", "internship", "trainee", "pupil"]),
    ("teaching", "title", &["professor", "lecturer", "teacher"]),
    ("consultant or agency", "title", &["consultant", "freelance", "advisor"]),
    ("consultant or agency", "company", &["consult", "agency", "freelance"]),
];

/// Points of each, to be changed before anybody signs.
const POINTS: i64 = -10;

/// The classes, as the rules of a document.
pub fn rules(definitions: &Definitions, own: &[String], competitors: &[String]) -> String {
    let rule = |name: String, of, when| Rule { name, of, when, points: POINTS, bin: 0, beside: None };
    let list = |all: &[String]| all.iter().map(|d| quoted(d)).collect::<Vec<_>>().join(", ");
    let mut out: Vec<Rule> = Vec::new();
    for (class, column, words) in WORDS {
        for word in words {
            out.push(rule(
                format!("{class}: {column} has {word}"),
                "lead",
                format!("{column} contains {}", quoted(word)),
            ));
        }
    }
    out.push(rule("free mail".to_owned(), "lead", format!("mail_domain in ({})", list(&definitions.free_mail))));
    if !own.is_empty() {
        out.push(rule("own staff".to_owned(), "lead", format!("mail_domain in ({})", list(own))));
    }
    if !competitors.is_empty() {
        out.push(rule("competitor".to_owned(), "lead", format!("mail_domain in ({})", list(competitors))));
    }
    out.push(rule("mail bounced".to_owned(), "touch", "kind = email_bounce".to_owned()));
    out.push(rule("unsubscribed".to_owned(), "touch", "kind = email_unsubscribe".to_owned()));
    document(&out, &[])
}
