//! What each side promised, through the whole program: exports in, a version read under, shares out.

use crate::page::Page;
use crate::program::Place;

/// Two clauses on the work that follows a hand-off.
const AGREEMENT: &str = r#"
name = "Hand-offs"
effective = 2025-01-01

[signers]
sales = ["VP Sales"]
marketing = ["VP Marketing"]

[[office]]
name = "all"
zone = "America/New_York"
hours = "Mon-Fri 08:00-18:00"

[sales]
first_attempt = { within = "8 working hours", at_least = "70%" }
disposition = { within = "5 working days", at_least = "80%" }

[marketing]
opportunity_rate = { at_least = "5%" }
"#;

/// A company's scorecard of the third quarter under [`AGREEMENT`], not signed.
fn scorecard(company: &str) -> Page {
    let place = Place::imported(company, 4_000, 7);
    std::fs::write(place.path("a.toml"), AGREEMENT).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.run(&["agreement", "propose", &file]).ended(0);
    Page::read(&place.report(&["scorecard", "--period", "2026Q3", "--under", "1"]))
}

/// Tasks that never happened, dated to two minutes after the hand-off, and statuses that are flipped within seconds: by what
/// the tasks say nearly all leads were tried at once; on record the clocks are those of the company without them.
#[test]
fn made_up_tasks_move_no_clock() {
    let (honest, gamed) = (scorecard("steady"), scorecard("gamed"));
    let id = "scorecard.v1.sales.first_attempt";
    let (true_share, share) = (honest.value(id), gamed.value(id));
    assert_eq!(honest.figure(id).n, gamed.figure(id).n);
    let said = gamed.value(&format!("{id}.as_said"));
    assert!((share - true_share).abs() < 0.02, "{share} beside {true_share}");
    assert!(said > true_share + 0.05, "{said}");
    assert!(gamed.findings().contains(&"written_later"), "{:?}", gamed.findings());
    assert!(!honest.findings().contains(&"written_later"));
}

/// The same period without any version in force is refused when it is asked for, and left out of a whole report.
#[test]
fn what_was_never_signed_judges_nothing() {
    let place = Place::imported("steady", 300, 3);
    std::fs::write(place.path("a.toml"), AGREEMENT).unwrap();
    let file = place.path("a.toml").display().to_string();
    let whole = place.report(&["--period", "2026Q3"]);
    place.run(&["agreement", "propose", &file]).ended(0);
    let told = place.run(&["report", "scorecard", "--period", "2026Q3"]).ended(1);
    assert!(told.out.contains("no agreement was in force in 2026Q3"), "{}", told.out);
    let after = Page::read(&place.report(&["--period", "2026Q3"]));
    assert!(!after.json["sections"].to_string().contains("scorecard."));
    // what was proposed later changes nothing that was said before
    assert_eq!(place.report(&["--period", "2026Q3", "--at", "1"]), whole);
    let unknown = place.run(&["report", "scorecard", "--under", "2"]).ended(2);
    assert!(unknown.err.contains("agreement history"), "{}", unknown.err);
}

/// Drafted from its own records, an agreement reads well, asks for what is already done, and says what each term rests on;
/// where the records tell nothing a term is left out with the reason.
#[test]
fn a_draft_from_the_own_records_asks_for_what_is_done_already() {
    let place = Place::imported("steady", 4_000, 7);
    let text = place.run(&["agreement", "new", "--from-data"]).ended(0).out;
    std::fs::write(place.path("a.toml"), &text).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.run(&["agreement", "check", &file]).done();
    let clauses = ["first_attempt", "disposition", "opportunity_rate", "leads", "completeness"];
    for clause in clauses {
        let line = text.lines().find(|l| l.starts_with(clause)).unwrap_or_else(|| panic!("no {clause}:\n{text}"));
        let evidence = line.split_once("   # ").unwrap_or_else(|| panic!("no evidence: {line}")).1;
        assert!(evidence.chars().any(|c| c.is_ascii_digit()), "{line}");
    }
    assert!(text.contains("[[scoring.rule]]") && text.contains("\nbar = "));
    // the bar as the rule of mql, for whoever wants it
    let with_rule = text.replace("# when = \"score", "when = \"score");
    assert_ne!(with_rule, text);
    std::fs::write(place.path("rule.toml"), with_rule).unwrap();
    let preview = place.run(&["agreement", "preview", &place.path("rule.toml").display().to_string()]).ended(0).out;
    assert!(preview.contains("Stages that leads of the year reached"), "{preview}");
    place.run(&["agreement", "propose", &file]).ended(0);
    // over the four quarters that it was drafted from nothing is broken by it
    let page = Page::read(&place.report(&["scorecard", "--under", "1", "--period", "2025-10-01..2026-09-30"]));
    for team in ["sales", "marketing"] {
        assert_eq!(page.count(&format!("scorecard.v1.{team}.not_kept")), 0, "{team}");
        assert!(page.count(&format!("scorecard.v1.{team}.kept")) > 0, "{team}");
    }
    let tiny = Place::imported("tiny", 60, 1);
    let text = tiny.run(&["agreement", "new", "--from-data"]).ended(0).out;
    assert!(text.contains("usual hours, not learned ones"), "{text}");
    let empty = Place::new();
    assert_eq!(empty.run(&["agreement", "new", "--from-data"]).code, 2);
}

/// A stricter bar passes fewer leads; what it drops is listed lead by lead; the document in force changes nothing.
#[test]
fn a_proposal_is_replayed_on_the_year_before() {
    let place = Place::imported("steady", 4_000, 7);
    let text = place.run(&["agreement", "new", "--from-data"]).ended(0).out;
    let write = |name: &str, text: &str| {
        std::fs::write(place.path(name), text).unwrap();
        place.path(name).display().to_string()
    };
    let preview = |file: &str| Page::read(&place.run(&["agreement", "preview", file, "--format", "json"]).ended(0).out);
    let bar = text.lines().find(|l| l.starts_with("bar = ")).unwrap();
    let [loose, strict] = ["bar = 1", "bar = 20"].map(|to| text.replacen(bar, to, 1));
    let (loose, strict) = (write("loose.toml", &loose), write("strict.toml", &strict));
    let (a, b) = (preview(&loose), preview(&strict));
    assert!(a.count("preview.proposed.passed") > b.count("preview.proposed.passed"));
    assert_eq!(a.count("preview.today.passed"), b.count("preview.today.passed"));
    let all = |p: &Page| ["both", "dropped", "new", "neither"].map(|g| p.count(&format!("preview.{g}.leads")));
    let groups = all(&b);
    assert_eq!(groups.iter().sum::<u64>(), all(&a).iter().sum::<u64>());
    // a rule for mql goes before the bar: by the score it is the same, and what it asks besides counts too
    let by_rule = |rule: &str| {
        let text = text.replacen(bar, "bar = 1", 1);
        let text = text.replacen("[definitions.mql]\n", &format!("[definitions.mql]\nwhen = \"{rule}\"\n"), 1);
        preview(&write("rule.toml", &text)).count("preview.proposed.passed")
    };
    let passed = b.count("preview.proposed.passed");
    assert_eq!(by_rule("score >= 20"), passed);
    let small = by_rule("score >= 20 and employees < 300");
    assert!(0 < small && small < passed, "{small} of {passed}");
    // what sales writes is not known when a lead is handed over: then the bar decides
    assert_eq!(by_rule("stage = mql"), a.count("preview.proposed.passed"));
    let listed = place.run(&["agreement", "preview", &strict, "--list"]).ended(0).out;
    let count = |what: &str| listed.lines().filter(|l| l.ends_with(what)).count() as u64;
    assert_eq!([count("no longer qualified"), count("newly qualified")], [groups[1], groups[2]]);
    let said = place.run(&["agreement", "preview", &strict]).ended(0).out;
    assert!(said.contains("A replay, not an experiment"), "{said}");
    // stricter than the proposal by nothing: proposed twice it is itself
    assert!(b.json["sections"][0]["tables"].to_string().contains("not promised"));
}

/// The clocks one by one add up to what the scorecard counts, and name each lead as its source does.
#[test]
fn clocks_are_listed_one_by_one() {
    let place = Place::imported("steady", 2_000, 7);
    std::fs::write(place.path("a.toml"), AGREEMENT).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.run(&["agreement", "propose", &file]).ended(0);
    let page = Page::read(&place.report(&["scorecard", "--period", "2026Q3", "--under", "1"]));
    let figure = page.figure("scorecard.v1.sales.first_attempt");
    let args = ["clocks", "--period", "2026Q3", "--under", "1", "--clause", "first_attempt", "--csv"];
    let late = place.run(&args).ended(0).out;
    let rows: Vec<&str> = late.lines().skip(1).collect();
    assert_eq!(rows.len() as u64, figure.n - figure.of.unwrap());
    assert!(rows.iter().all(|r| r.starts_with("sales,first attempt,00Q") && r.contains(",late,")), "{}", rows[0]);
    let running = place.json(&["clocks", "--period", "2026Q3", "--under", "1", "--running"]);
    let running = running["clocks"].as_array().unwrap();
    assert!(running.iter().all(|c| c["stopped"] == "" && c["stands"] == "running"));
    let told = place.run(&["clocks", "--period", "2026Q3"]).ended(2);
    assert!(told.err.contains("--under"), "{}", told.err);
}

/// Three target accounts: one with leads, one with an opportunity alone, one that nobody has heard of.
#[test]
fn target_accounts_are_found_by_their_domains_and_worked_by_what_sales_did() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("exports")).unwrap();
    let write = |name: &str, text: &str| std::fs::write(place.path("exports").join(name), text).unwrap();
    write(
        "Lead.csv",
        "Id,CreatedDate,LastModifiedDate,Status,Company,Email,LeadSource,IsConverted\n\
         00Q00000000000a,2026-06-01T09:00:00Z,2026-06-01T09:00:00Z,New,A,one@a-inc.example,Web,false\n\
         00Q00000000000z,2026-10-05T09:00:00Z,2026-10-05T09:00:00Z,New,Z,z@z-inc.example,Web,false\n",
    );
    write(
        "Account.csv",
        "Id,Name,Website,CreatedDate,LastModifiedDate,Industry,AccountSource\n\
         00100000000000b,B,https://www.b-inc.example/home,2026-05-01T09:00:00Z,2026-05-01T09:00:00Z,Technology,Web\n",
    );
    write(
        "Opportunity.csv",
        "Id,AccountId,Name,StageName,Amount,CloseDate,CreatedDate,IsClosed,IsWon\n\
         00600000000000b,00100000000000b,B one,Proposal,1000,2026-12-01,2026-06-10T09:00:00Z,false,false\n",
    );
    write(
        "Task.csv",
        "Id,WhoId,WhatId,Subject,ActivityDate,Status,Type,IsClosed,CreatedDate,TaskSubtype,CallType,CallDisposition,CompletedDateTime\n\
         00T00000000000a,00Q00000000000a,,Call,2026-07-10,Completed,Call,true,2026-07-10T10:00:00Z,Call,Outbound,No Answer,2026-07-10T10:00:00Z\n\
         00T00000000000b,,00600000000000b,Call,2026-07-20,Completed,Call,true,2026-07-20T10:00:00Z,Call,Outbound,No Answer,2026-07-20T10:00:00Z\n\
         00T00000000000c,,00100000000000b,Call,2026-08-20,Completed,Call,true,2026-08-20T10:00:00Z,Call,Outbound,No Answer,2026-08-20T10:00:00Z\n\
         00T00000000000d,00Q00000000000a,,Call,2026-08-21,Completed,Call,true,2026-08-21T10:00:00Z,Call,Outbound,No Answer,2026-08-21T10:00:00Z\n\
         00T00000000000e,00Q00000000000a,,Call,2026-09-21,Not Started,Call,false,2026-09-21T10:00:00Z,Call,Outbound,,\n\
         00T00000000000f,,00100000000000b,Call,2026-09-22,Completed,Call,true,2026-09-22T10:00:00Z,Call,Outbound,No Answer,2026-09-22T10:00:00Z\n\
         00T00000000000g,00Q00000000000z,,Call,2026-10-06,Completed,Call,true,2026-10-06T10:00:00Z,Call,Outbound,No Answer,2026-10-06T10:00:00Z\n",
    );
    place.run(&["import", "exports", "--recorded-at", "2026-10-08T06:00:00Z"]).done();
    let text = AGREEMENT
        .replace(
            "[signers]",
            "target_accounts = [\"a-inc.example\", \"WWW.b-inc.example\", \"nobody.example\"]\n[signers]",
        )
        .replace("[marketing]", "target_accounts = { at_least = \"60%\", per = \"month\" }\n\n[marketing]");
    std::fs::write(place.path("a.toml"), text).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.run(&["agreement", "propose", &file]).ended(0);
    let page = Page::read(&place.report(&["scorecard", "--period", "2026Q3", "--under", "1"]));
    let figure = page.figure("scorecard.v1.sales.target_accounts");
    // July and August two of three, September one: a task that was not done is no work
    assert_eq!((figure.n, figure.of), (3, Some(1)), "{}", page.json);
    assert!(page.findings().contains(&"not_kept"));
    // and the account record opens to its line
    let rows = place.run(&["rows", "scorecard.v1.sales.target_accounts.all"]).done().out;
    assert!(rows.contains("Account.csv:2") || rows.contains("Account.csv"), "{rows}");
}

/// A table of requests, as a team keeps it in a sheet; a later version of it answers one.
#[test]
fn requests_of_a_sheet_are_imported_and_judged() {
    let place = Place::imported("steady", 300, 3);
    let sheet = |rows: &str| {
        std::fs::write(place.path("requests.csv"), format!("Request ID,Request Type,Requested At,Answered At\n{rows}"))
            .unwrap();
    };
    let fixed = "r1,Case study,2026-07-06T09:00:00Z,2026-07-06T15:00:00Z\nr2,Customer interview,2026-07-07T09:00:00Z,2026-07-20T09:00:00Z\n";
    sheet(&format!("{fixed}r3,Sales deck,2026-07-08T14:00:00Z,\nr4,Something else,2026-07-08T14:00:00Z,\n"));
    let import = |at: &str| place.run(&["import", "requests.csv", "--recorded-at", at]).done();
    assert!(import("2026-10-06T06:00:00Z").out.contains("requests"));
    let text = AGREEMENT
        .replace("[marketing]", "customer_access = { count = 1, per = \"quarter\" }\n\n[marketing]\ncontent_requests = { within = \"2 working days\", at_least = \"60%\" }");
    std::fs::write(place.path("a.toml"), text).unwrap();
    let file = place.path("a.toml").display().to_string();
    place.run(&["agreement", "propose", &file]).ended(0);
    let page = || Page::read(&place.report(&["scorecard", "--period", "2026Q3", "--under", "1"]));
    let content = |page: &Page| {
        let figure = page.figure("scorecard.v1.marketing.content_requests");
        (figure.of, figure.n)
    };
    assert_eq!(content(&page()), (Some(1), 2), "one was answered, one never");
    assert_eq!(page().count("scorecard.v1.sales.customer_access"), 1);
    // the last agreement step was recorded now, so what is learned after it is too
    sheet(&format!("{fixed}r3,Sales deck,2026-07-08T14:00:00Z,2026-07-09T14:00:00Z\n"));
    import("2199-01-01T00:00:00Z");
    assert_eq!(content(&page()), (Some(2), 2), "a later version of the sheet answers it");
}

/// Of fields that reports do not keep: what was there at the hand-off counts, what sales filled in later does not.
#[test]
fn completeness_is_judged_at_the_hand_off_for_any_column() {
    let place = Place::new();
    std::fs::create_dir_all(place.path("exports")).unwrap();
    let write = |name: &str, text: String| std::fs::write(place.path("exports").join(name), text).unwrap();
    let lead = |n: usize, title: &str, changed: &str| {
        format!("00Q{n:012},2026-07-01T09:00:00Z,{changed},Open,C {n},p{n}@c{n}.example,Web,false,{title}\n")
    };
    let head = "Id,CreatedDate,LastModifiedDate,Status,Company,Email,LeadSource,IsConverted,Title\n";
    let rows = |title: &dyn Fn(usize) -> &'static str, changed: &str| -> String {
        (10..40).map(|n| lead(n, title(n), changed)).collect()
    };
    // at first twenty of thirty have a title; ten get one after they were handed over on the 7th
    write("Lead.csv", format!("{head}{}", rows(&|n| if n < 30 { "Director" } else { "" }, "2026-07-02T09:00:00Z")));
    let history = |n: usize| format!("017{n:012},00Q{n:012},Status,New,MQL,2026-07-07T14:00:00Z\n");
    let all: String = (10..40).map(history).collect();
    write("LeadHistory.csv", format!("Id,LeadId,Field,OldValue,NewValue,CreatedDate\n{all}"));
    place.run(&["import", "exports", "--recorded-at", "2026-07-20T00:00:00Z"]).ended(0);
    write("Lead.csv", format!("{head}{}", rows(&|_| "Director", "2026-07-15T09:00:00Z")));
    place.run(&["import", "exports", "--recorded-at", "2026-07-21T00:00:00Z"]).ended(0);
    let text = "name = \"C\"\neffective = 2026-01-01\n[signers]\nsales = [\"VP Sales\"]\nmarketing = [\"VP Marketing\"]\n\
        [marketing]\ncompleteness = { fields = [\"company\", \"title\"], at_least = \"60%\" }\n";
    let delivered = |text: &str, number: &str| {
        std::fs::write(place.path("a.toml"), text).unwrap();
        place.run(&["agreement", "propose", &place.path("a.toml").display().to_string()]).ended(0);
        place.report(&["scorecard", "--under", number, "--period", "2026Q3"])
    };
    let told = crate::page::Page::read(&delivered(text, "1"));
    let figure = told.figure("scorecard.v1.marketing.completeness");
    assert_eq!((figure.of, figure.n), (Some(20), 30));
    let told = delivered(&text.replace("title", "Shoe size"), "2");
    assert!(
        told.contains("no lead has ever had these fields, or they are written otherwise in the CRM: Shoe size"),
        "{told}"
    );
}
