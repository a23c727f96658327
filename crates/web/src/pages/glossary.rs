//! The words of these pages.

use axum::http::StatusCode;
use maud::html;

use crate::answer::Answer;
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::serve::Asking;

/// Each word with what it means, in the order of the alphabet.
pub const WORDS: [(&str, &str); 22] = [
    ("Acceptance", "The share of qualified leads that sales took on to work."),
    (
        "Agreement",
        "The text that both teams sign: definitions, scoring, clocks, what each owes the other. A program can run it.",
    ),
    ("Claim", "What either team says of some leads, checked beside all leads, the rest and chance."),
    (
        "Clock",
        "How long a step may take by the agreement, in the working hours of the office. Each late clock has one responsible side.",
    ),
    ("Counted", "Taken from the rows one by one; it has no interval."),
    ("Coverage", "The share of handed-off leads that were tried at all."),
    ("Direction not known", "The 90% interval includes zero: the data cannot say whether it helped or hurt."),
    ("Factor", "A part of a difference in an accounting of what moved. It is no proof of a cause."),
    ("Figure", "A number with its unit, cases, interval or the word counted, method, period, and the rows behind it."),
    ("Head", "The newest batch of the ledger, and the hash that stands for everything up to it."),
    ("Inquiry", "A lead as it came in, before anybody qualified it."),
    ("Interval", "Where the true value lies in 90 of 100 such cases. All intervals here are 90%."),
    ("Lead quality", "What leads come to at the same follow-up and the same rep."),
    ("Ledger", "All that was observed, in the order in which it was learned, never rewritten."),
    ("Mix", "Which kinds of leads came, apart from how many and from how well each kind did."),
    ("MQL", "A lead that marketing hands to sales as qualified."),
    ("Not explained", "What is left of a difference after all factors. A normal row."),
    ("Persistence", "Whether leads that were not reached were tried again."),
    ("Projected", "Young leads have not come to all they will: how many more is estimated from how older ones grew."),
    ("Refusal", "The data does not allow an answer; it is said what there is and what would be needed."),
    ("SAL, SQL", "A lead that sales accepted; one that sales qualified."),
    ("Timing", "Money that came into a period or went out of it because deals closed earlier or later."),
];

pub fn page(app: &App, asking: &Asking) -> Answer {
    let body = html! {
        section.panel {
            dl.glossary { @for (word, means) in WORDS { dt { (word) } dd { (means) } } }
            p.note {
                "Words of likelihood are fixed: almost certainly from 95%, probably from 75%, more likely than not from 55%, about even from 45%, and so on down. "
                "How each report is worked out stands at the end of each of its parts."
            }
        }
    };
    framed(app, asking, StatusCode::OK, Framed { title: "Glossary", place: "/glossary", tools: html! {}, body })
}

#[cfg(test)]
mod tests {
    use super::WORDS;

    #[test]
    fn words_stand_in_the_order_of_the_alphabet() {
        let lower: Vec<String> = WORDS.iter().map(|w| w.0.to_lowercase()).collect();
        assert!(lower.is_sorted(), "{lower:?}");
    }
}
