use super::*;

const SMALL: &str = r#"
name = "A"
effective = 2026-10-01
[signers]
sales = ["s@a.com"]
marketing = ["m@a.com"]
"#;

fn with(more: &str) -> String {
    format!("{SMALL}{more}")
}

fn read(text: &str) -> Agreement {
    Agreement::parse(text, "a.toml").unwrap_or_else(|e| panic!("{e} | {} | {}\n{text}", e.place, e.hint))
}

fn wrong(text: &str) -> (usize, String, String, String) {
    let e = Agreement::parse(text, "a.toml").expect_err(text);
    (e.line, e.place, e.cause, e.hint)
}

#[test]
fn the_draft_can_be_signed_as_it_stands_and_uses_every_kind_of_clause() {
    let draft = read(DRAFT);
    for kind in &clauses::KINDS {
        assert!(draft.clauses.iter().any(|c| c.kind == kind), "{}", kind.name);
    }
    let day = Day::parse("2026-10-01").unwrap();
    assert_eq!(doubts(&draft, day), []);
    assert_eq!(draft.offices.len(), 2);
    let aloud = read_aloud(&draft);
    assert!(!aloud.contains('{') && !aloud.contains("  \n"), "{aloud}");
    assert!(
        aloud.contains("tries to reach a lead that was handed over within 4 working hours, for at least 90% of them")
    );
    assert!(aloud.contains("hands over at least 120 leads of segment Enterprise in every quarter"));
    assert!(aloud.contains("hands over leads with an implied value of at least 900,000 EUR in every quarter"));
    assert!(aloud.contains("+10 came to a webinar (engagement): each touch with kind = webinar, 30 in all at most, worth half after 60 days"));
}

/// Comments, spaces, the order of keys and tables, and how a value is written.
#[test]
fn what_changes_nothing_keeps_the_hash() {
    let a = with(
        "[sales]\nfirst_attempt = { within = \"4 working hours\", at_least = \"90%\" }\n[[office]]\nname = \"b\"\nzone = \"Europe/Berlin\"\nhours = \"Mon-Fri 09:00-17:00\"\ncountries = [\"DE\", \"AT\"]\nholidays = [2026-12-25, 2026-10-03]\n",
    );
    let b = "# other\n[[office]]\ncountries = [\"AT\",   \"DE\", \"AT\"]\nholidays = [2026-10-03, \"2026-12-25\"]\nhours = \"mon-fri  09:00-17:00\"\nzone = \"Europe/Berlin\"\nname = \"b\"\n\n[sales.first_attempt]\nat_least = 0.9 # nine of ten\nwithin = \"240 business minutes\"\n[signers]\nmarketing = \"m@a.com\"\nsales = \"s@a.com\"\n";
    let b = format!("effective = \"2026-10-01\"\nname = 'A'\n{b}");
    let (a, b) = (read(&a), read(&b));
    assert_eq!(changes(&a.lines, &b.lines), []);
    assert_eq!(a.hash(), b.hash());
    assert_eq!(a.hash().len(), 64);
}

/// Every value of the draft is changed on its own: each must change the hash, or no longer be readable.
#[test]
fn whatever_a_document_says_is_in_its_hash() {
    let whole = read(DRAFT).hash();
    let mut tried = 0;
    for (number, line) in DRAFT.lines().enumerate() {
        let code = line.split(" #").next().unwrap_or_default();
        if line.starts_with('#') || !code.contains('=') {
            continue;
        }
        let digits: Vec<usize> = code.char_indices().filter(|(_, c)| c.is_ascii_digit()).map(|(i, _)| i).collect();
        let start = code.find('=').unwrap_or(0);
        let quoted = code[start..].find('"').map(|i| start + i + 1);
        for at in digits.into_iter().filter(|i| *i > start).chain(quoted) {
            let old = line.as_bytes()[at] as char;
            let new = if old.is_ascii_digit() {
                char::from(b'0' + (old as u8 - b'0' + 1) % 10)
            } else if old == 'z' {
                'y'
            } else {
                'z'
            };
            let changed: String = DRAFT
                .lines()
                .enumerate()
                .map(
                    |(n, l)| {
                        if n == number { format!("{}{new}{}\n", &l[..at], &l[at + 1..]) } else { format!("{l}\n") }
                    },
                )
                .collect();
            if let Ok(changed) = Agreement::parse(&changed, "a.toml") {
                assert_ne!(changed.hash(), whole, "line {}: {line}", number + 1);
                tried += 1;
            }
        }
    }
    assert!(tried > 120, "{tried}");
    // and without any one line
    for number in 0..DRAFT.lines().count() {
        let less: String =
            DRAFT.lines().enumerate().filter(|(n, _)| *n != number).map(|(_, l)| format!("{l}\n")).collect();
        let line = DRAFT.lines().nth(number).unwrap();
        if let (Ok(less), true) = (Agreement::parse(&less, "a.toml"), line.contains('=') && !line.starts_with('#')) {
            // the first value of these is what no word means
            if !line.starts_with("clocks_follow") {
                assert_ne!(less.hash(), whole, "{line}");
            }
        }
    }
}

/// A name can hold whatever a place is parted by.
#[test]
fn no_two_documents_that_differ_have_the_same_lines() {
    let reason = |name: &str| with(&format!("[[reason]]\nname = {name:?}\nthen = \"recycled\"\n"));
    let two = |a: &str, b: &str| format!("{}[[reason]]\nname = {b:?}\nthen = \"recycled\"\n", reason(a));
    let documents =
        [reason("a"), reason("a.then"), two("a", "a.then"), reason("\"a\""), reason("a.\"then"), two("a", "b")];
    let hashes: std::collections::BTreeSet<String> = documents.iter().map(|text| read(text).hash()).collect();
    assert_eq!(hashes.len(), documents.len());
    let (a, b) = (read(&reason("a")), read(&two("a", "e.g. \"no\"")));
    let words: Vec<String> = changes(&a.lines, &b.lines).iter().map(said).collect();
    assert_eq!(words[0], r#"reason, "e.g. \"no\"": is new"#);
    assert_eq!(words[1], r#"reason, "e.g. \"no\"", then: recycled is new"#);
    for (units, said) in [(5.0, "5"), (1_234_567.5, "1,234,567.50"), (900.0, "900"), (1_000.0, "1,000")] {
        assert_eq!(clauses::money(units), said);
    }
}

#[test]
fn mistakes_name_their_line_their_clause_and_the_fix() {
    for (more, line, place, cause, hint) in [
        (
            "[sales]\nfirst_atempt = { within = \"4 hours\" }\n",
            8,
            "sales.first_atempt",
            "`first_atempt` is not known",
            "known here: attempts",
        ),
        (
            "[sales]\nfirst_attempt = { within = \"4 hours\" }\n",
            8,
            "sales.first_attempt",
            "first_attempt of sales has no at_least",
            "add at_least",
        ),
        (
            "[sales]\nfirst_attempt = { within = \"soon\", at_least = 0.9 }\n",
            8,
            "sales.first_attempt.within",
            "`soon` is no span",
            "write such as",
        ),
        (
            "[sales]\nfirst_attempt = { within = \"4 hours\", at_least = 90 }\n",
            8,
            "sales.first_attempt.at_least",
            "no share",
            "write \"90%\"",
        ),
        (
            "[sales]\nattempts = { count = 0, over = \"10 days\" }\n",
            8,
            "sales.attempts.count",
            "less than 1",
            "write a larger",
        ),
        (
            "[sales]\nattempts = { count = 5, over = \"10 days\", within = \"1 day\" }\n",
            8,
            "sales.attempts.within",
            "`within` is not known",
            "known here: at_least, count, over",
        ),
        (
            "[marketing]\nleads = { count = 5, per = \"fortnight\" }\n",
            8,
            "marketing.leads.per",
            "`fortnight` is no period",
            "write week",
        ),
        (
            "[[marketing.leads]]\ncount = 5\nper = \"month\"\n[[marketing.leads]]\ncount = 6\nper = \"month\"\n",
            10,
            "marketing.leads[2]",
            "`all` is here twice",
            "give each",
        ),
        ("[scoring]\nbar = 60\n", 7, "scoring", "a bar without rules", "add a [[scoring.rule]]"),
        (
            "[[scoring.rule]]\nname = \"a\"\ngroup = \"fit\"\nof = \"lead\"\nwhen = \"title cont director\"\npoints = 5\n",
            11,
            "scoring.rule[1].when",
            "no condition: one of =",
            "write such as",
        ),
        (
            "[[scoring.rule]]\nname = \"a\"\ngroup = \"fit\"\nof = \"lead\"\nwhen = \"title is known\"\npoints = 5\nrepeats = true\n",
            7,
            "scoring.rule[1]",
            "what is known of a lead neither",
            "remove repeats",
        ),
        (
            "[[office]]\nname = \"b\"\nzone = \"Europe/Berlln\"\nhours = \"Mon-Fri 09:00-17:00\"\n",
            10,
            "office[1].hours",
            "`Europe/Berlln`: no time zone",
            "write such as",
        ),
        (
            "[[office]]\nname = \"b\"\nzone = \"UTC\"\nhours = \"Mon-Fri 9-17\"\n",
            10,
            "office[1].hours",
            "`9-17`: no working hours",
            "write such as",
        ),
        (
            "[[office]]\nname = \"b\"\nzone = \"UTC\"\nhours = \"Mon-Fri 09:00-17:00\"\nholidays = [\"Christmas\"]\n",
            11,
            "office[1].holidays[1]",
            "`Christmas` is no day",
            "write such as",
        ),
        (
            "[[route]]\nname = \"a\"\nto = \"x\"\n[[route]]\nname = \"b\"\nto = \"y\"\n",
            10,
            "route[2]",
            "never reached: `a`",
            "put it before",
        ),
        ("[[target]]\nperiod = \"2026Q5\"\nwon = 1\n", 8, "target[1].period", "`2026Q5` is no period", "write 2026Q4"),
        ("[[reason]]\nname = \"a\"\nthen = \"won\"\n", 9, "reason[1].then", "`won` is not where", "write rejected"),
        ("[definitions.mql]\n", 7, "definitions.mql", "a definition that says nothing", "add means"),
        ("[definitions.won]\nmeans = \"x\"\n", 7, "definitions.won", "`won` is not known", "known here"),
        ("currency = \"EURO\"\n", 7, "signers.currency", "`currency` is not known", "known here"),
    ] {
        let (l, p, c, h) = wrong(&with(more));
        assert!(l == line && p == place && c.starts_with(cause) && h.starts_with(hint), "{more}: {l} {p} | {c} | {h}");
    }
    let (line, _, cause, _) = wrong("name = \"A\"\n");
    assert_eq!((line, cause.as_str()), (1, "no effective"));
    let both = SMALL.replace("m@a.com", "s@a.com");
    assert_eq!(wrong(&both).2, "`s@a.com` may sign for both teams");
    let nobody = SMALL.replace("[\"m@a.com\"]", "[]");
    assert_eq!(wrong(&nobody).2, "nobody may sign for marketing");
    let late = SMALL.replace("[signers]", "review = 2026-09-01\n[signers]");
    assert!(wrong(&late).2.starts_with("reviewed or expired before"));
}

#[test]
fn a_difference_is_said_in_words() {
    let clauses = |hours: u32| {
        with(&format!("[sales]\nfirst_attempt = {{ within = \"{hours} working hours\", at_least = \"90%\" }}\n"))
    };
    let more = format!("{}[[reason]]\nname = \"too early\"\nthen = \"recycled\"\n", clauses(2));
    let (a, b) = (read(&clauses(4)), read(&more));
    let words: Vec<String> = changes(&a.lines, &b.lines).iter().map(said).collect();
    assert_eq!(
        words,
        [
            "reason, too early: is new",
            "reason, too early, then: recycled is new",
            "sales, first attempt, within: 4 working hours becomes 2 working hours"
        ]
    );
    assert_ne!(a.hash(), b.hash());
}

#[test]
fn what_is_doubtful_is_said_for_both_sides_alike() {
    let codes = |text: &str, day: &str| -> Vec<(&'static str, String)> {
        doubts(&read(text), Day::parse(day).unwrap()).into_iter().map(|d| (d.code, d.place)).collect()
    };
    let has = |text: &str, code: &str| codes(text, "2026-10-01").iter().any(|(c, _)| *c == code);
    for (own, other, clause, plain) in [
        (
            "sales",
            "marketing",
            "rejected_leads = { within = \"3 days\", at_least = 0.9 }",
            "customer_access = { count = 1, per = \"month\" }",
        ),
        (
            "marketing",
            "sales",
            "first_attempt = { within = \"3 days\", at_least = 0.9 }",
            "opportunity_rate = { at_least = 0.1 }",
        ),
    ] {
        let text = with(&format!("[{own}]\n{plain}\n[{other}]\n{clause}\n"));
        assert!(codes(&text, "2026-10-01").contains(&("no_clock", own.to_owned())), "{text}");
        let alone = with(&format!("[{other}]\n{clause}\n"));
        assert!(codes(&alone, "2026-10-01").contains(&("one_sided", own.to_owned())), "{alone}");
    }
    assert!(has(SMALL, "no_review"));
    let ends = SMALL.replace("[signers]", "expires = 2026-12-31\n[signers]");
    assert!(!has(&ends, "expires_soon"));
    assert!(codes(&ends, "2026-12-10").contains(&("expires_soon", "expires".to_owned())));
    assert!(codes(&ends, "2027-01-01").contains(&("expired", "expires".to_owned())));
    let hours = with("[sales]\ndisposition = { within = \"4 working hours\", at_least = 0.9 }\n");
    assert!(has(&hours, "no_office") && has(&hours, "no_reasons"));
    // an office that nobody follows: of whom clocks follow it names none
    let office = |name: &str, of: &str| {
        format!("[[office]]\nname = \"{name}\"\nzone = \"UTC\"\nhours = \"Mon-Fri 09:00-17:00\"\n{of}\n")
    };
    let followed = |whose: &str, of: &str| {
        let text = with(&format!("{}{}", office("a", ""), office("b", of)));
        has(&text.replace("[signers]", &format!("clocks_follow = \"{whose}\"\n[signers]")), "empty_office")
    };
    let (rep, country) = ("reps = [\"r\"]", "countries = [\"US\"]");
    assert!(followed("rep", country) && !followed("rep", rep));
    assert!(followed("lead", rep) && !followed("lead", country));
    let rule = |name: &str, points: i64| {
        format!(
            "[[scoring.rule]]\nname = \"{name}\"\ngroup = \"fit\"\nof = \"lead\"\nwhen = \"title is known\"\npoints = {points}\n"
        )
    };
    let low = with(&format!("[scoring]\nbar = 60\n{}{}", rule("a", 20), rule("b", 30)));
    assert!(has(&low, "bar_out_of_reach") && has(&low, "same_rule"));
    let high = with(&format!("[scoring]\nbar = 50\n{}{}", rule("a", 20), rule("b", 30)));
    assert!(!has(&high, "bar_out_of_reach"));
    let capped = with(&format!(
        "[scoring]\nbar = 50\n[[scoring.group]]\nname = \"fit\"\nmost = 40\n{}{}",
        rule("a", 20),
        rule("b", 30)
    ));
    assert!(has(&capped, "bar_out_of_reach"));
}

#[test]
fn no_text_stops_the_reader() {
    let mut dice = 1u64;
    let mut next = move || {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize
    };
    let bytes = DRAFT.as_bytes();
    for _ in 0..400 {
        let mut text = bytes.to_vec();
        for _ in 0..=next() % 4 {
            let (at, with) = (next() % text.len(), b"\"'=[]{}\n#09az-. \xff"[next() % 17]);
            text[at] = with;
        }
        if let Err(error) = Agreement::parse(&String::from_utf8_lossy(&text), "a.toml") {
            assert!(!error.cause.is_empty() && !error.hint.is_empty() && error.line >= 1);
        }
    }
}
