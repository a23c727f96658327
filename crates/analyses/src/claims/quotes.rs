//! Numbers that are quoted in sales and marketing, and where they come from.
//!
//! Here: what was stated, by whom, over how many firms, whether it was observed or tried, and how it is misquoted; and
//! what is wrong with a quote by itself. Not here: whether the numbers hold for this company, which a claim checks.
//! Invariant: what was not read in the original says so.

use report::{Cell, Finding, Refusal, Table};

use super::sections::empty;
use crate::Answer;
use crate::figures::{plain, row, text};

/// One number that is quoted.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// A stable id.
    pub id: &'static str,
    /// What it is called.
    pub title: &'static str,
    /// What was stated, as nearly as known.
    pub statement: &'static str,
    /// Who measured.
    pub by: &'static str,
    /// On how many firms or cases.
    pub cases: &'static str,
    /// Observed, surveyed or tried.
    pub kind: &'static str,
    /// How it is misquoted.
    pub misquoted: &'static str,
    /// How far we have seen the original.
    pub checked: &'static str,
    /// Numbers that point to it.
    numbers: &'static [&'static str],
    /// Beginnings of words that point to it.
    stems: &'static [&'static str],
    /// How many of the stems must be there beside a number.
    needs: usize,
}

const NOT_CHECKED: &str = "not checked against the original";

/// All that are known, oldest first.
pub const LIBRARY: [Entry; 11] = [
    Entry {
        id: "sales_contacts_80",
        title: "80% of sales are made on the fifth to twelfth contact",
        statement: "Shares of sales by the number of contacts, and of salespeople who stop after one, two or three.",
        by: "attributed to a National Sales Executive Association; neither such a body nor such a study is known",
        cases: "none known",
        kind: "no study known",
        misquoted: "as a finding at all; also as 80% of sales need five follow-up calls and 44% stop after one",
        checked: "no original was found by others who looked for it; not searched for again",
        numbers: &["80", "48", "44"],
        stems: &["contact", "follow", "call", "fifth", "five", "salespe", "give"],
        needs: 2,
    },
    Entry {
        id: "lead_response_2007",
        title: "The lead response study of 2007 (21 times, 100 times)",
        statement: "From five minutes to thirty, the odds of contacting a web lead by phone are 100 times lower and the odds of \
                    qualifying it 21 times lower.",
        by: "James Oldroyd, then at MIT Sloan, with InsideSales.com, which sells software for calling leads",
        cases: "6 firms, three years, about 15,000 web leads and 100,000 call attempts",
        kind: "observational: nobody was assigned a speed, and easy leads may have been called sooner",
        misquoted: "as 21 times more sales or conversions (it is odds of qualifying); as five against ten minutes; as a study of \
                    thousands of firms; as Harvard's. The survey of 495 firms of that year is another piece of work",
        checked: "known from its published summary; not checked against the original data",
        numbers: &["21", "100"],
        stems: &["minute", "qualif", "respon", "contact", "convert", "fast", "speed", "call", "lead", "mit"],
        needs: 1,
    },
    Entry {
        id: "short_life_2011",
        title: "The Short Life of Online Sales Leads (2011: 7 times, 60 times, 42 hours)",
        statement: "Firms that tried to reach a lead within an hour were nearly 7 times as likely to qualify it as those that tried \
                    an hour later, and more than 60 times as likely as those that waited a day or longer.",
        by: "James Oldroyd, Kristina McElheran and David Elkington, Harvard Business Review, March 2011",
        cases: "29 firms that sell to consumers and 13 that sell to businesses, 1.25 million leads; a separate audit of 2,241 \
                firms gives the 42 hours and the 37% within an hour",
        kind: "observational: nobody was assigned a speed",
        misquoted: "as 7 times more sales (it is qualifying: a conversation with a decision maker); as a study of firms that sell \
                    to businesses (13 of 42 are); mixed up with the 21 times of 2007",
        checked: NOT_CHECKED,
        numbers: &["7", "60", "42", "37"],
        stems: &["hour", "harvard", "hbr", "qualif", "respon", "oldroyd"],
        needs: 1,
    },
    Entry {
        id: "leads_never_convert_79",
        title: "79% of marketing leads never convert",
        statement: "79% of marketing leads never convert into sales; lack of nurturing is the common reason.",
        by: "attributed to MarketingSherpa",
        cases: "not known",
        kind: "not known; a share without its base, period or definition of a lead",
        misquoted: "as waste: that most inquiries do not become sales is what inquiries are",
        checked: NOT_CHECKED,
        numbers: &["79"],
        stems: &["lead", "convert", "nurtur"],
        needs: 1,
    },
    Entry {
        id: "first_to_respond_50",
        title: "35 to 50% of sales go to the vendor that responds first",
        statement: "35 to 50% of sales go to the vendor that responds first.",
        by: "attributed to InsideSales.com, which sells software for calling leads",
        cases: "not known",
        kind: "not known; at best observational",
        misquoted: "as half of all sales, whatever is sold",
        checked: NOT_CHECKED,
        numbers: &["35", "50", "35-50", "78"],
        stems: &["first", "vendor", "respon"],
        needs: 2,
    },
    Entry {
        id: "alignment_growth_20",
        title: "20% growth with aligned teams, a decline of 4% without",
        statement: "Best-in-class firms grew by 20% a year on average, laggards shrank by 4%.",
        by: "attributed to Aberdeen Group, about 2010",
        cases: "not known; a survey",
        kind: "survey, observational: classes were made by performance, and then found to perform differently",
        misquoted: "as what aligning the teams does; quoted also as 32% and minus 7%",
        checked: NOT_CHECKED,
        numbers: &["20", "32", "4", "7"],
        stems: &["align", "aberdeen", "declin"],
        needs: 1,
    },
    Entry {
        id: "journey_57",
        title: "57% (60%) of the purchase is done before sales is spoken to",
        statement: "Customers completed on average nearly 60% of a typical purchasing decision before a conversation with a \
                    supplier.",
        by: "Corporate Executive Board, in Harvard Business Review, 2012",
        cases: "more than 1,400 business customers, asked",
        kind: "survey: what buyers recall, averaged over very different purchases",
        misquoted: "as a point in time before which sales must not call; as a share of every purchase",
        checked: NOT_CHECKED,
        numbers: &["57", "60"],
        stems: &["purchas", "buy", "journey", "decision", "supplier"],
        needs: 1,
    },
    Entry {
        id: "journey_67",
        title: "67% of the buyer's journey is digital",
        statement: "67% of the buyer's journey is now done digitally.",
        by: "attributed to SiriusDecisions, 2013",
        cases: "not known",
        kind: "survey",
        misquoted: "as 67% of the journey done before sales is involved: done digitally is not done without sales",
        checked: NOT_CHECKED,
        numbers: &["67", "70"],
        stems: &["journey", "digital", "buy"],
        needs: 2,
    },
    Entry {
        id: "content_unused_60_70",
        title: "60 to 70% of content is unused",
        statement: "60 to 70% of the content made by firms that sell to businesses goes unused.",
        by: "attributed to SiriusDecisions, now Forrester",
        cases: "not known; its clients or a survey",
        kind: "survey or estimate; what counts as used differs from firm to firm",
        misquoted: "as wasted, as not used by sales alone, or raised to 80 and 90%, which others are said to have found",
        checked: NOT_CHECKED,
        numbers: &["60", "65", "70", "60-70", "80", "90"],
        stems: &["content", "unused", "never"],
        needs: 2,
    },
    Entry {
        id: "alignment_208",
        title: "208% more revenue from marketing with aligned teams",
        statement: "Firms with aligned sales and marketing had 208% higher revenue from marketing than firms with disjointed teams.",
        by: "attributed to MarketingProfs, mostly by way of infographics",
        cases: "not known",
        kind: "not known; at best a survey of what firms say of themselves",
        misquoted: "as what aligning the teams does to revenue: firms that do well also say that they are aligned, and it is revenue \
                    from marketing and not revenue",
        checked: NOT_CHECKED,
        numbers: &["208"],
        stems: &[],
        needs: 0,
    },
    Entry {
        id: "retention_36_38",
        title: "36% higher retention and 38% higher win rates with aligned teams",
        statement: "Organisations with tightly aligned sales and marketing have 36% higher customer retention and 38% higher win \
                    rates.",
        by: "attributed to MarketingProfs",
        cases: "not known",
        kind: "not known; at best a survey of what firms say of themselves",
        misquoted: "as what aligning the teams does",
        checked: NOT_CHECKED,
        numbers: &["36", "38"],
        stems: &["align", "retention", "win"],
        needs: 2,
    },
];

/// Entries named at most.
const MOST: usize = 3;

/// The numbers of a text, as written without signs: `60-70%` gives `60-70`, `60` and `70`.
fn numbers(text: &str) -> Vec<String> {
    let low = text.to_lowercase().replace(['–', '—'], "-").replace(" to ", "-");
    let words = low.split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '.' | ','));
    let mut out: Vec<String> = Vec::new();
    for word in words {
        let word = word.trim_matches(|c: char| !c.is_ascii_digit()).replace(',', "");
        out.extend(word.split('-').filter(|p| !p.is_empty()).map(str::to_owned));
        if word.contains('-') {
            out.push(word);
        }
    }
    out
}

fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

/// The entries that a quote is likely about, the likeliest first.
pub fn find(quote: &str) -> Vec<&'static Entry> {
    let (numbers, words) = (numbers(quote), words(quote));
    let mut found: Vec<(usize, usize, &Entry)> = Vec::new();
    for (place, entry) in LIBRARY.iter().enumerate() {
        let stems = entry.stems.iter().filter(|s| words.iter().any(|w| w.starts_with(**s))).count();
        let named = entry.numbers.iter().filter(|n| numbers.iter().any(|x| x == **n)).count();
        if named > 0 && stems >= entry.needs {
            found.push((usize::MAX - (2 * named + stems), place, entry));
        }
    }
    found.sort_by_key(|f| (f.0, f.1));
    found.into_iter().take(MOST).map(|f| f.2).collect()
}

/// The percent that stands nearest after (or just before) a word.
fn percent_of(text: &str, word: &str) -> Option<f64> {
    let low = text.to_lowercase();
    let at = low.find(word)?;
    let percent = |part: &str| -> Option<f64> {
        let part = part.replace(" percent", "%");
        let end = part.find('%')?;
        let digits = part.get(..end)?.trim_end();
        let start = digits.rfind(|c: char| !c.is_ascii_digit() && c != '.').map_or(0, |i| i + 1);
        digits.get(start..)?.parse().ok()
    };
    let clause = low.get(at..)?.split([';', '.']).next()?;
    let clause = clause.split(" and ").next().unwrap_or(clause);
    percent(clause).or_else(|| {
        let before = low.get(..at)?;
        let last = before.rsplit([',', ';']).next()?;
        percent(last.rsplit(" and ").next().unwrap_or(last))
    })
}

/// Sourced and influenced shares that add up to more than all.
pub fn overlap(quote: &str) -> Option<(f64, f64)> {
    let (sourced, influenced) = (percent_of(quote, "sourced")?, percent_of(quote, "influenced")?);
    (sourced + influenced > 100.0).then_some((sourced, influenced))
}

/// Whether a percent stands there without what it is a share of: no `of 2,390` and no `31 of 400`.
pub fn lacks_base(quote: &str) -> bool {
    let words: Vec<&str> = quote.split_whitespace().collect();
    let has_percent = quote.contains('%') || words.iter().any(|w| w.to_lowercase().starts_with("percent"));
    let is_count = |w: &str| {
        let digits = w.trim_matches(|c: char| !c.is_ascii_digit());
        !w.contains('%') && !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit() || c == ',')
    };
    let based = words.windows(2).any(|w| matches!(w[0].to_lowercase().as_str(), "of" | "n" | "=") && is_count(w[1]));
    has_percent && !based && !quote.to_lowercase().contains("n=")
}

/// What is known about a quote.
pub fn answer(quote: &str) -> Answer {
    let found = find(quote);
    let mut section = empty("quote", "Where the number comes from");
    section.method = METHOD.to_owned();
    section.answer = match found.as_slice() {
        [] => "No source of this number is known here.".to_owned(),
        [one] => format!("Likely: {}.", one.title),
        [first, ..] => format!("Likeliest: {}. Others that it may be follow.", first.title),
    };
    for entry in &found {
        section.tables.push(table(entry));
    }
    if let Some((sourced, influenced)) = overlap(quote) {
        section.findings.push(finding(
            "parts_overlap",
            format!(
                "Sourced {sourced}% and influenced {influenced}% add up to more than 100%: sourced is created by, influenced is \
                 touched by, and the same opportunity can be both. The two overlap and cannot be added or set against the other \
                 team's share."
            ),
        ));
    }
    if lacks_base(quote) {
        section.findings.push(finding(
            "rate_without_base",
            "A percent stands there without its base: of how many, which ones, and in which period is not said."
                .to_owned(),
        ));
    }
    if found.is_empty() && section.findings.is_empty() {
        section.refusals.push(Refusal {
            code: "quote_not_known".to_owned(),
            asked: format!("where `{}` comes from", plain(quote)),
            had: format!("{} entries about other numbers", LIBRARY.len()),
            needed: "who measured it, on how many firms, and whether it was observed or tried; until then it is a number without a \
                     source"
                .to_owned(),
        });
    }
    if !found.is_empty() {
        section.caveats.push(OTHER_FIRMS.to_owned());
    }
    let how_sure = found.first().map(|e| vec![format!("{}. {}.", start(e.kind), start(e.checked))]).unwrap_or_default();
    Answer { headline: section.answer.clone(), how_sure, figure: None, sections: vec![section] }
}

const METHOD: &str = "A quote is looked up by its numbers and words in a small library kept with Lockstep. What was not read in the \
original says so.";

const OTHER_FIRMS: &str = "A number from other firms says nothing certain about this one. A claim on the own records does: lockstep \
claim --where FILTER --metric METRIC --below rest.";

fn start(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn finding(code: &str, text: String) -> Finding {
    Finding { code: code.to_owned(), text, evidence: None }
}

fn table(entry: &Entry) -> Table {
    let rows = [
        ("stated", entry.statement),
        ("who measured", entry.by),
        ("on how many", entry.cases),
        ("how", entry.kind),
        ("often misquoted", entry.misquoted),
        ("checked", entry.checked),
    ];
    Table {
        id: format!("quote.{}", entry.id),
        title: entry.title.to_owned(),
        columns: vec![String::new(), String::new()],
        rows: rows.into_iter().map(|(what, words)| row(vec![text(what), Cell::Text(words.to_owned())])).collect(),
        note: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(quote: &str) -> Vec<&'static str> {
        find(quote).into_iter().map(|e| e.id).collect()
    }

    #[test]
    fn quotes_lead_to_their_source() {
        assert_eq!(
            ids("You are 21x more likely to convert a lead if you call within 5 minutes")[0],
            "lead_response_2007"
        );
        assert_eq!(ids("21 times better odds at MIT")[0], "lead_response_2007");
        assert_eq!(ids("responding within an hour makes you 7x as likely to qualify (HBR)")[0], "short_life_2011");
        assert_eq!(ids("aligned companies make 208% more revenue"), ["alignment_208"]);
        assert_eq!(ids("60-70% of content goes unused")[0], "content_unused_60_70");
        assert_eq!(ids("60 to 70 percent of B2B content is never used")[0], "content_unused_60_70");
        assert_eq!(ids("79% of leads never convert")[0], "leads_never_convert_79");
        assert_eq!(ids("80% of sales need five follow-up calls")[0], "sales_contacts_80");
        assert_eq!(ids("57% of the purchase decision is over before you call")[0], "journey_57");
    }

    #[test]
    fn an_unknown_quote_is_a_refusal_and_says_what_is_missing() {
        assert_eq!(ids("our webinar leads are 12% better"), Vec::<&str>::new());
        let page = answer("seven of ten dentists");
        assert_eq!(page.sections[0].refusals[0].code, "quote_not_known");
        assert!(ids("2080% growth").is_empty() && ids("").is_empty());
    }

    #[test]
    fn shares_that_overlap_are_named() {
        assert_eq!(overlap("marketing sourced 60% and influenced 70%"), Some((60.0, 70.0)));
        assert_eq!(overlap("60% sourced and 70% influenced"), Some((60.0, 70.0)));
        assert_eq!(overlap("60 percent sourced, 45.5 percent influenced"), Some((60.0, 45.5)));
        assert_eq!(overlap("marketing sourced 30% and influenced 60%"), None);
        assert_eq!(overlap("marketing influenced 170%"), None);
        let page = answer("marketing sourced 60% and influenced 70%");
        let codes: Vec<&str> = page.sections[0].findings.iter().map(|f| f.code.as_str()).collect();
        assert_eq!(codes, ["parts_overlap", "rate_without_base"]);
    }

    #[test]
    fn a_percent_without_its_base_is_named() {
        assert!(lacks_base("97% of leads were called"));
        assert!(lacks_base("win rates are up 12 percent"));
        assert!(!lacks_base("2,318 of 2,390 leads (97%), July to September"));
        assert!(!lacks_base("97% (n=2390)"));
        assert!(!lacks_base("21x more likely"));
    }

    #[test]
    fn every_entry_says_who_how_many_how_and_whether_it_was_checked() {
        for (i, entry) in LIBRARY.iter().enumerate() {
            for part in [entry.statement, entry.by, entry.cases, entry.kind, entry.misquoted, entry.checked] {
                assert!(!part.is_empty() && !part.contains("  "), "{}: {part:?}", entry.id);
            }
            assert!(LIBRARY.iter().skip(i + 1).all(|e| e.id != entry.id));
        }
    }
}
