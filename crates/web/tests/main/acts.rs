//! What is done about leads and in disputes: who may, and what becomes of it.

use axum::http::StatusCode;
use desk::Role;
use web::Settings;

use crate::company::{Company, PASSWORD, was_done};

async fn did(company: &Company, role: Role, path: &str, fields: &[(&str, &str)]) -> (StatusCode, String) {
    let cookie = company.signed_in(role).await;
    let form = company.form(&cookie).await;
    let fields: Vec<(&str, &str)> = fields.iter().copied().chain([("form", form.as_str())]).collect();
    let answer = company.post(path, Some(&cookie), &fields).await;
    (answer.status, answer.header("location").to_owned() + &answer.text)
}

#[tokio::test]
async fn a_rep_logs_what_they_did_about_their_own_lead_alone() {
    let company = Company::new(Settings::default());
    let (status, to) = did(&company, Role::Rep, "/leads/00Qmine", &[("act", "call_reached")]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/leads/00Qmine?done=shown"));
    assert!(was_done("00Qmine call true  rep"));
    let (status, _) = did(&company, Role::Rep, "/leads/00Qother", &[("act", "call")]).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    assert!(!was_done("00Qother call false  rep"));
    let noted = company.desk.acts(50).unwrap();
    assert!(noted.iter().any(|a| a.act == "call" && a.subject == "lead 00Qmine" && a.user == "rep"));
}

#[tokio::test]
async fn what_cannot_be_done_is_said_beside_what_was_typed() {
    let company = Company::new(Settings::default());
    let typed = [("act", "turn_down"), ("reason", "<no>+budget"), ("words", "cannot")];
    let (status, page) = did(&company, Role::SalesLead, "/leads/00Qmine", &typed).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        page.contains("Error: Lead 00Qmine")
            && page.contains("value=\"cannot\"")
            && page.contains("There is a problem")
    );
    assert!(page.contains("&lt;no&gt; budget") && !page.contains("<no>") && !page.contains("<b>x"));
}

#[tokio::test]
async fn no_side_does_the_work_of_the_other() {
    let company = Company::new(Settings::default());
    for (role, act) in [(Role::Marketer, "call"), (Role::Marketer, "accept"), (Role::SalesLead, "appeal")] {
        let (status, page) = did(&company, role, "/leads/00Qother", &[("act", act)]).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{act}");
        assert!(page.contains("Your role does not do that"), "{act}");
        assert!(!was_done(&format!("00Qother {act} false  {}", role.word())), "{act}");
    }
    let (status, _) = did(&company, Role::Marketer, "/leads/00Qother", &[("act", "appeal"), ("words", "why")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(was_done("00Qother appeal false  marketer"));
}

#[tokio::test]
async fn a_page_offers_what_its_reader_can_do() {
    let company = Company::new(Settings::default());
    let offers = |role: Role, id: &'static str| {
        let company = &company;
        async move {
            let cookie = company.signed_in(role).await;
            let text = company.get(&format!("/leads/{id}"), Some(&cookie)).await.text;
            ["value=\"call\"", "value=\"accept\"", "value=\"turn_down\"", "value=\"appeal\""].map(|v| text.contains(v))
        }
    };
    assert_eq!(offers(Role::SalesLead, "00Qmine").await, [true, true, true, false]);
    assert_eq!(offers(Role::Marketer, "00Qmine").await, [false, false, false, false]);
    assert_eq!(offers(Role::MarketingLead, "00Qother").await, [false, false, true, true]);
    assert_eq!(offers(Role::Ceo, "00Qother").await, [false; 4]);
}

#[tokio::test]
async fn disputes_are_answered_by_the_other_side_and_decided_by_neither() {
    let company = Company::new(Settings::default());
    let answer = |role, name: &'static str, answer: &'static str| {
        let company = &company;
        async move { did(company, role, &format!("/disputes/{name}"), &[("answer", answer)]).await.0 }
    };
    assert_eq!(answer(Role::SalesLead, "d-mine", "concede").await, StatusCode::SEE_OTHER);
    assert!(was_done("d-mine concede sales_lead"));
    assert_eq!(answer(Role::Ceo, "d-other", "uphold").await, StatusCode::SEE_OTHER);
    assert_eq!(answer(Role::SalesLead, "d-other", "uphold").await, StatusCode::BAD_REQUEST);
    assert_eq!(answer(Role::Marketer, "d-other", "concede").await, StatusCode::BAD_REQUEST);
    // who knows no persons decides about figures alone
    assert_eq!(answer(Role::Mediator, "d-other", "dismiss").await, StatusCode::BAD_REQUEST);
    assert_eq!(answer(Role::Mediator, "d-figure", "dismiss").await, StatusCode::SEE_OTHER);
    assert_eq!(answer(Role::Ceo, "none", "uphold").await, StatusCode::NOT_FOUND);
    assert_eq!(answer(Role::Ceo, "d-other", "nonsense").await, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn disputes_show_nobody_more_than_their_leads_do() {
    let company = Company::new(Settings::default());
    let seen = |role: Role| {
        let company = &company;
        async move {
            let cookie = company.signed_in(role).await;
            let page = company.get("/disputes", Some(&cookie)).await.text;
            let json = company.called("/api/v1/disputes", Some(&company.token(role))).await.text;
            let has = |words: &str| {
                assert_eq!(page.contains(words), json.contains(words), "{words}");
                page.contains(words)
            };
            [has("00Qmine"), has("00Qother"), has("verdict/verdict.gap")]
        }
    };
    assert_eq!(seen(Role::SalesLead).await, [true, true, true]);
    assert_eq!(seen(Role::Rep).await, [true, false, true]);
    assert_eq!(seen(Role::Mediator).await, [false, false, true]);
    let cookie = company.signed_in(Role::Mediator).await;
    let page = company.get("/disputes", Some(&cookie)).await.text;
    // what was said about a figure is theirs to read, once; about leads it is not
    assert_eq!(page.matches("too small").count(), 1);
}

#[tokio::test]
async fn lists_of_leads_hold_what_their_reader_may_see_and_go_on() {
    let company = Company::new(Settings::default());
    let rep = company.signed_in(Role::Rep).await;
    let text = company.get("/leads?owner=005other", Some(&rep)).await.text;
    assert!(text.contains("00Qmine") && !text.contains("00Qother") && text.contains("&lt;Web&gt;"));
    let json = company.called("/api/v1/leads?owner=005other", Some(&company.token(Role::Rep))).await.text;
    assert!(json.contains("00Qmine") && !json.contains("00Qother"));
    let lead = company.signed_in(Role::SalesLead).await;
    let first = company.get("/leads?where=source+%3D+x&stage=mql", Some(&lead)).await.text;
    assert!(first.contains("/leads?where=source%20%3D%20x&amp;stage=mql&amp;after=7.b"), "{first}");
    assert!(!company.get("/leads?after=7.b", Some(&lead)).await.text.contains("The next 50"));
    let file = company.get("/leads?stage=mql&as=csv", Some(&lead)).await;
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"lockstep-leads.csv\"");
    assert!(file.text.starts_with("Lead,Created (UTC),") && file.text.contains("'=HYPERLINK"), "{}", file.text);
    let wrong = company.get("/leads?where=nonsense", Some(&lead)).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"nonsense\""));
}

#[tokio::test]
async fn a_huddle_is_the_same_for_both_teams_and_keeps_what_they_decide() {
    let company = Company::new(Settings::default());
    let (sales, marketing) = (company.signed_in(Role::SalesLead).await, company.signed_in(Role::MarketingLead).await);
    let agenda =
        |text: String| text.split("id=\"agenda\"").nth(1).unwrap().split("</section>").next().unwrap().to_owned();
    let one = agenda(company.get("/huddle", Some(&sales)).await.text);
    assert_eq!(one, agenda(company.get("/huddle", Some(&marketing)).await.text));
    assert!(one.contains("Three &lt;clocks&gt; are late."));
    let (status, to) = did(&company, Role::MarketingLead, "/huddle", &[("words", "call+webinar+leads+first")]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/huddle?done=1"));
    assert!(was_done("decided call webinar leads first marketing_lead"));
    assert_eq!(did(&company, Role::SalesLead, "/huddle", &[]).await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn settings_are_changed_by_an_admin_and_what_is_wrong_is_said() {
    let company = Company::new(Settings::default());
    let revops = company.signed_in(Role::Revops).await;
    let text = company.get("/settings", Some(&revops)).await.text;
    assert!(text.contains("US&lt;D&gt;") && !text.contains("action=\"/settings\""));
    let (status, _) = did(&company, Role::Admin, "/settings", &[("name", "currency"), ("value", "EUR")]).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    assert!(was_done("set currency EUR"));
    assert!(company.desk.acts(9).unwrap().iter().any(|a| a.act == "set" && a.subject == "currency EUR"));
    let (status, page) = did(&company, Role::Admin, "/settings", &[("name", "currency"), ("value", "nonsense")]).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.contains("value=\"nonsense\"") && page.contains("Error: Settings"));
}

#[tokio::test]
async fn a_figure_is_disputed_by_the_lead_of_a_team() {
    let company = Company::new(Settings::default());
    let place = "/reports/verdict/rows/verdict.gap?period=2026Q3";
    let (status, to) = did(&company, Role::MarketingLead, place, &[("words", "counted twice")]).await;
    assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, "/disputes?done=1"));
    assert!(was_done("verdict.gap marketing_lead"));
    assert_eq!(did(&company, Role::MarketingLead, place, &[]).await.0, StatusCode::BAD_REQUEST);
    assert_eq!(did(&company, Role::Rep, place, &[("words", "x")]).await.0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn programs_do_what_pages_do_and_a_token_that_reads_alone_does_not() {
    let company = Company::new(Settings::default());
    let (token, reads) = (company.token(Role::Rep), company.fresh_token(Role::Rep, false));
    let body = "{\"act\": \"email\", \"reached\": true}";
    let done = company.pushed("/api/v1/leads/00Qmine/acts", Some(&token), None, body).await;
    assert_eq!((done.status, done.text.contains("is_shown")), (StatusCode::OK, true));
    assert!(was_done("00Qmine email true  rep"));
    let refused = company.pushed("/api/v1/leads/00Qmine/acts", Some(&reads), None, body).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.text.contains("reads_only"));
    // what changes nothing may be asked by a token that reads alone, however it is sent
    let checked = company.pushed("/api/v1/ledger/checks", Some(&reads), None, "{}").await;
    assert_ne!(checked.status, StatusCode::FORBIDDEN, "{}", checked.text);
    let other = company.pushed("/api/v1/leads/00Qother/acts", Some(&token), None, body).await;
    assert_eq!(other.status, StatusCode::NOT_FOUND);
    for bad in ["", "[]", "{\"act\": 7}", "{\"act\": \"dance\"}", "{\"act\": \"call\", \"reached\": 1}"] {
        let answer = company.pushed("/api/v1/leads/00Qmine/acts", Some(&token), None, bad).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{bad}");
        assert!(answer.text.contains("bad_body"), "{bad}");
    }
    let answered = "{\"answer\": \"maintain\", \"words\": \"we tried\"}";
    let lead = company.token(Role::SalesLead);
    let done = company.pushed("/api/v1/disputes/d-mine/answers", Some(&lead), None, answered).await;
    assert_eq!(done.status, StatusCode::OK);
    assert!(was_done("d-mine maintain sales_lead"));
}

#[tokio::test]
async fn entries_are_pushed_by_who_mends_records() {
    let company = Company::new(Settings::default());
    let token = company.token(Role::Revops);
    let answer = company.pushed("/api/v1/entries", Some(&token), Some(" k1 "), "{\"entries\":[]}").await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("\"taken\":1") && answer.text.contains("\"index\":1"));
    assert!(was_done("14 bytes Some(\"k1\") revops"));
    let long = "k".repeat(201);
    assert_eq!(
        company.pushed("/api/v1/entries", Some(&token), Some(&long), "{}").await.status,
        StatusCode::BAD_REQUEST
    );
    let large = " ".repeat((16 << 20) + 1);
    let answer = company.pushed("/api/v1/entries", Some(&token), None, &large).await;
    assert_eq!((answer.status, answer.text.contains("too_long")), (StatusCode::PAYLOAD_TOO_LARGE, true));
    let nobody = company.pushed("/api/v1/entries", None, None, "{}").await;
    assert_eq!(nobody.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_rep_and_who_manages_them_see_whose_leads_are_and_nobody_else_does() {
    let company = Company::new(Settings::default());
    let set = |name: &str, owner: &str, manager: &str| {
        let user = company.desk.user(name).unwrap().unwrap();
        let user = desk::User { owner: owner.to_owned(), manager: manager.to_owned(), ..user };
        assert!(company.desk.change_user(&user).unwrap());
    };
    let sees = async |role: Role| {
        let cookie = company.signed_in(role).await;
        let mut seen = Vec::new();
        for path in ["/clocks", "/leads", "/api/v1/clocks", "/api/v1/leads", "/leads?as=csv"] {
            let text = match path.starts_with("/api/") {
                true => company.called(path, Some(&company.token(role))).await.text,
                false => company.get(path, Some(&cookie)).await.text,
            };
            seen.push((text.contains("005rep"), text.contains("005other"), text.contains("00Qother")));
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "{}: {seen:?}", role.word());
        seen[0]
    };
    // by the table: those who lead sales all, a rep their own, others leads without whose they are
    assert_eq!(sees(Role::SalesLead).await, (true, true, true));
    for role in [Role::Ceo, Role::MarketingLead, Role::Marketer, Role::Revops, Role::Admin] {
        assert_eq!(sees(role).await, (false, false, true), "{}", role.word());
    }
    // a rep sees no lead of another; their own owner is not told apart on a page where all is theirs
    let rep = company.signed_in(Role::Rep).await;
    assert!(!company.get("/clocks", Some(&rep)).await.text.contains("00Qother"));
    // by the CRM's line: who is above the other rep sees their leads
    set("rep", "005head", "");
    assert_eq!(sees(Role::Rep).await, (false, true, true));
    // as an admin set it
    set("rep", "005rep", "marketing_lead");
    assert_eq!(sees(Role::MarketingLead).await, (true, false, true));
    let lead = company.signed_in(Role::MarketingLead).await;
    assert!(company.get("/clocks?owner=005rep", Some(&lead)).await.text.contains("00Qmine"));
    let refused = company.get("/clocks?owner=005other", Some(&lead)).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.text.contains("per_person"));
    let refused = company.called("/api/v1/leads?owner=005other", Some(&company.token(Role::Revops))).await;
    assert!(refused.status == StatusCode::BAD_REQUEST && refused.text.contains("per_person"));
}

#[tokio::test]
async fn views_of_leads_are_kept_for_oneself_and_lead_nowhere_else() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Marketer).await;
    let form = company.form(&cookie).await;
    let post = async |fields: &[(&str, &str)]| {
        let mut all = vec![("form", form.as_str())];
        all.extend(fields);
        company.post("/leads/views", Some(&cookie), &all).await
    };
    let query = "stage%3Dmql%26where%3Dsource%20%3D%20Web%26as%3Dcsv%26evil%3D//x";
    let kept = post(&[("name", " My <b>MQLs</b> "), ("query", query)]).await;
    assert_eq!(kept.header("location"), "/leads?where=source%20%3D%20Web&stage=mql");
    let page = company.get("/leads", Some(&cookie)).await.text;
    assert!(
        page.contains("My &lt;b&gt;MQLs&lt;/b&gt;") && page.contains("/leads?where=source%20%3D%20Web&amp;stage=mql")
    );
    let other = company.signed_in(Role::Ceo).await;
    assert!(!company.get("/leads", Some(&other)).await.text.contains("MQLs&lt;"));
    for bad in [
        [("name", ""), ("query", "stage%3Dmql")],
        [("name", "x"), ("query", "")],
        [("name", "x"), ("query", "evil%3D1")],
    ] {
        assert_eq!(post(&bad).await.status, StatusCode::BAD_REQUEST);
    }
    assert_eq!(post(&[("drop", "My <b>MQLs</b>")]).await.status, StatusCode::SEE_OTHER);
    assert!(company.desk.views("marketer").unwrap().is_empty());
}

#[tokio::test]
async fn a_token_is_made_on_ones_own_page_shown_once_and_ended_there_or_by_an_admin() {
    let company = Company::new(Settings::default());
    let (rep, admin) = (company.signed_in(Role::Rep).await, company.signed_in(Role::Admin).await);
    let forms = (company.form(&rep).await, company.form(&admin).await);
    let make = async |label: &str, password: &str| {
        let fields =
            [("form", forms.0.as_str()), ("do", "make"), ("label", label), ("scope", "write"), ("password", password)];
        company.post("/me/tokens", Some(&rep), &fields).await
    };
    let refused = make("<b>nightly</b>", "a guess").await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("This is not your password"));
    assert!(refused.text.contains("value=\"&lt;b&gt;nightly&lt;/b&gt;\""), "what was typed stays");
    assert_eq!(make("", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let made = make("<b>nightly</b>", PASSWORD).await;
    let token =
        made.text.split("lockstep_").nth(1).and_then(|t| t.split('<').next()).map(|t| format!("lockstep_{t}")).unwrap();
    assert_eq!(company.called("/api/v1/me", Some(&token)).await.status, StatusCode::OK);
    let me = company.get("/me", Some(&rep)).await.text;
    assert!(me.contains("&lt;b&gt;nightly&lt;/b&gt;") && me.contains("read and write") && !me.contains(&token));
    assert!(company.get("/users/rep", Some(&admin)).await.text.contains("&lt;b&gt;nightly"));
    let end = [("form", forms.1.as_str()), ("do", "end"), ("token", "<b>nightly</b>")];
    assert_eq!(company.post("/users/rep", Some(&admin), &end).await.status, StatusCode::SEE_OTHER);
    assert_eq!(company.called("/api/v1/me", Some(&token)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn anybody_signed_in_checks_the_ledger_and_holds_it_against_a_receipt() {
    let company = Company::new(Settings::default());
    let (status, page) = did(&company, Role::Mediator, "/ledger/verify", &[("receipt", "")]).await;
    assert!(status == StatusCode::OK && page.contains("every byte of 7 batches"), "{page}");
    let (status, page) = did(&company, Role::SalesLead, "/ledger/verify", &[("receipt", "{}")]).await;
    assert!(status == StatusCode::OK && page.contains("Nothing was &lt;rewritten&gt;"), "{page}");
    let (status, page) = did(&company, Role::SalesLead, "/ledger/verify", &[("receipt", "no <receipt>")]).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("no &lt;receipt&gt;"), "{page}");
    let noted = company.desk.acts(50).unwrap();
    assert!(noted.iter().any(|a| (a.act.as_str(), a.subject.as_str()) == ("verified", "sound")));
    let (status, _) = did(&company, Role::Marketer, "/ledger/verify", &[("receipt", &"x".repeat(70_000))]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn an_admin_changes_what_others_are_and_not_their_own_role() {
    let company = Company::new(Settings::default());
    let (admin, rep) = (company.signed_in(Role::Admin).await, company.signed_in(Role::Rep).await);
    let form = company.form(&admin).await;
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let mut all = vec![("form", form.as_str())];
        all.extend(fields);
        company.post(path, Some(&admin), &all).await
    };
    let change = |role: &'static str, owner: &'static str, manager: &'static str| {
        [("do", "change"), ("label", "Ana"), ("role", role), ("owner", owner), ("manager", manager)]
    };
    let refused = post("/users/rep", &change("rep", "", "")).await;
    assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.text.contains("say as which owner"));
    assert_eq!(post("/users/rep", &change("rep", "005", "nobody")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post("/users/rep", &change("rep", "005", "rep")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(post("/users/rep", &change("rep", "005", "sales_lead")).await.status, StatusCode::SEE_OTHER);
    let user = company.desk.user("rep").unwrap().unwrap();
    assert_eq!((user.label.as_str(), user.owner.as_str(), user.manager.as_str()), ("Ana", "005", "sales_lead"));
    assert_eq!(company.get("/me", Some(&rep)).await.status, StatusCode::OK);
    assert_eq!(post("/users/rep", &change("marketer", "", "")).await.status, StatusCode::SEE_OTHER);
    assert_eq!(company.get("/me", Some(&rep)).await.header("location"), "/sign-in?to=%2Fme");
    let own = post("/users/admin", &change("ceo", "", "")).await;
    assert!(own.status == StatusCode::UNPROCESSABLE_ENTITY && own.text.contains("their own role"));
    assert_eq!(post("/users/nobody", &change("ceo", "", "")).await.status, StatusCode::NOT_FOUND);
    // another password ends what was signed in by the old one
    let ceo = company.signed_in(Role::Ceo).await;
    assert_eq!(
        post("/users/ceo", &[("do", "password"), ("password", "short")]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    let given = [("do", "password"), ("password", "another password of the test")];
    assert_eq!(post("/users/ceo", &given).await.status, StatusCode::SEE_OTHER);
    assert!(company.get("/me", Some(&ceo)).await.header("location").starts_with("/sign-in"));
    assert_eq!(post("/users/admin", &given).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn every_list_is_had_as_csv_and_as_a_workbook() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Admin).await;
    let lists = [
        ("/clocks", "clocks"),
        ("/leads", "leads"),
        ("/disputes", "disputes"),
        ("/claims", "claims"),
        ("/ledger", "batches"),
        ("/ledger/rejects", "rejects"),
        ("/audit", "audit"),
        ("/reports/verdict/rows/verdict.gap", "rows"),
    ];
    for (path, name) in lists {
        for kind in ["csv", "xlsx"] {
            let answer = company.get(&format!("{path}?as={kind}"), Some(&cookie)).await;
            let expected = format!("attachment; filename=\"lockstep-{name}.{kind}\"");
            assert_eq!(
                (answer.status, answer.header("content-disposition")),
                (StatusCode::OK, expected.as_str()),
                "{path}"
            );
        }
        assert!(company.get(path, Some(&cookie)).await.status == StatusCode::OK);
    }
    assert!(company.desk.acts(100).unwrap().iter().any(|a| a.act == "exported" && a.subject.contains("/audit")));
}
