//! Answers to programs: JSON, one envelope, a document that says what is there.

use std::collections::BTreeSet;

use axum::http::StatusCode;
use desk::Role;
use serde_json::Value;
use web::Settings;

use crate::company::{Company, OWNER, PASSWORD, report, was_done};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

#[tokio::test]
async fn the_document_is_locked_and_names_every_route() {
    let company = Company::new(Settings::default());
    let answer = company.called("/api/v1/openapi.json", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    let document = json(&answer.text);
    let told: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, verbs)| verbs.as_object().unwrap().keys().map(|v| (v.to_uppercase(), path.clone())))
        .collect();
    let routes: BTreeSet<(String, String)> = web::routes()
        .into_iter()
        .filter(|r| r.1.starts_with("/api/"))
        .map(|(verb, path)| (verb.to_owned(), path.to_owned()))
        .collect();
    assert_eq!(told, routes);
    insta::assert_json_snapshot!("openapi", document);
}

#[tokio::test]
async fn programs_get_what_pages_show_and_trouble_in_one_envelope() {
    let company = Company::new(Settings::default());
    let token = company.token(Role::Revops);
    let answer = company.called("/api/v1/reports/verdict", Some(&token)).await;
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(json(&answer.text), serde_json::to_value(report()).unwrap());
    for (path, status, code) in [
        ("/api/v1/reports/nothing", 404, "unknown_room"),
        ("/api/v1/reports/verdict?period=never", 400, "unknown"),
        ("/api/v1/reports/verdict?period=broken", 503, "unknown"),
        ("/api/v1/reports/verdict/rows/unknown", 404, "unknown"),
        ("/api/v1/claim", 400, "bad_claim"),
        ("/api/v1/claim?where=nonsense", 400, "unknown"),
        ("/api/v1/leads/00Qnone", 404, "unknown"),
        ("/api/v1/nothing", 404, "unknown_address"),
    ] {
        let answer = company.called(path, Some(&token)).await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        let error = &json(&answer.text)["error"];
        assert_eq!(error["code"], code, "{path}");
        assert!(error["message"].is_string() && error.get("hint").is_some(), "{path}");
    }
}

#[tokio::test]
async fn a_token_is_no_cookie_and_a_cookie_is_no_token() {
    let company = Company::new(Settings::default());
    let (token, cookie) = (company.token(Role::Rep), company.signed_in(Role::Rep).await);
    assert_eq!(company.get("/api/v1/clocks", Some(&cookie)).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(company.called("/clocks", Some(&token)).await.status, StatusCode::SEE_OTHER);
    let refused = company.called("/api/v1/clocks", Some("lockstep_0")).await;
    assert_eq!((refused.status, refused.header("www-authenticate")), (StatusCode::UNAUTHORIZED, "Bearer"));
    // what a rep may see is the same by either door
    let clocks = json(&company.called("/api/v1/clocks?owner=005other", Some(&token)).await.text);
    assert_eq!(clocks["late"].as_array().unwrap().len(), 1);
    assert_eq!(clocks["late"][0]["lead"], "00Qmine");
    assert_eq!(company.called("/api/v1/leads/00Qother", Some(&token)).await.status, StatusCode::NOT_FOUND);
    assert!(company.desk.end_token("rep", "test true").unwrap());
    assert_eq!(company.called("/api/v1/clocks", Some(&token)).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn programs_do_every_act_of_a_page() {
    let company = Company::new(Settings::default());
    let send =
        async |role: Role, path: &str, body: &str| company.pushed(path, Some(&company.token(role)), None, body).await;
    let kept =
        send(Role::SalesLead, "/api/v1/claims", r#"{"name":"c","where":"source = x","metric":"win_rate"}"#).await;
    assert_eq!((kept.status, json(&kept.text)["name"].as_str()), (StatusCode::OK, Some("c")), "{}", kept.text);
    let taken = send(Role::SalesLead, "/api/v1/claims", r#"{"name":"taken","where":"source = x"}"#).await;
    assert_eq!(taken.status, StatusCode::BAD_REQUEST);
    let checked = send(Role::Revops, "/api/v1/agreement/checks", r#"{"text":"fine"}"#).await;
    assert!(checked.status == StatusCode::OK && checked.text.contains("a <change>"), "{}", checked.text);
    let proposed = send(Role::Ceo, "/api/v1/agreement/versions", r#"{"text":"fine"}"#).await;
    assert!(proposed.status == StatusCode::OK && was_done("proposed by ceo"), "{}", proposed.text);
    assert_eq!(
        send(Role::Ceo, "/api/v1/agreement/versions", r#"{"text":"wrong"}"#).await.status,
        StatusCode::BAD_REQUEST
    );
    let set = send(Role::Admin, "/api/v1/settings", r#"{"name":"currency","value":"EUR"}"#).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.text);
    let heard =
        send(Role::Rep, "/api/v1/huddle/notes", r#"{"kind":"debrief","lead":"00Qmine","words":"too dear"}"#).await;
    assert!(heard.status == StatusCode::OK && was_done("debrief too dear rep00Qmine"), "{}", heard.text);
    for (body, role) in [
        (r#"{"kind":"debrief","lead":"00Qother","words":"x"}"#, Role::Rep),
        (r#"{"words":"a decision"}"#, Role::Rep),
        (r#"{"kind":"gossip","words":"x"}"#, Role::SalesLead),
        (r#"{"words":["x"]}"#, Role::SalesLead),
        ("[]", Role::SalesLead),
    ] {
        assert_eq!(send(role, "/api/v1/huddle/notes", body).await.status, StatusCode::BAD_REQUEST, "{body}");
    }
    let disputed = send(Role::MarketingLead, "/api/v1/reports/verdict/rows/verdict.gap/disputes", r#"{"words":"no"}"#);
    assert_eq!(disputed.await.status, StatusCode::OK);
}

#[tokio::test]
async fn programs_keep_users_tokens_and_views_as_pages_do() {
    let company = Company::new(Settings::default());
    let send = async |role: Role, path: &str, body: &str| {
        let answer = company.pushed(path, Some(&company.token(role)), None, body).await;
        (answer.status.as_u16(), json(&answer.text))
    };
    let get = async |role: Role, path: &str| json(&company.called(path, Some(&company.token(role))).await.text);
    // users
    let ana = r#"{"name":"Ana","label":"Ana","role":"rep","owner":"005ana","password":"a long password"}"#;
    assert_eq!(send(Role::Admin, "/api/v1/users", ana).await.0, 200);
    let (status, again) = send(Role::Admin, "/api/v1/users", ana).await;
    assert_eq!((status, again["error"]["code"].as_str()), (400, Some("bad_fields")));
    let (status, wrong) = send(Role::Admin, "/api/v1/users", r#"{"name":"b c","role":"king"}"#).await;
    let said = wrong["error"]["message"].as_str().unwrap();
    assert!(
        status == 400 && ["name", "label", "role", "password"].iter().all(|f| said.contains(&format!("`{f}`"))),
        "{said}"
    );
    let (status, changed) = send(Role::Admin, "/api/v1/users/ana", r#"{"manager":"sales_lead"}"#).await;
    assert_eq!(
        (status, &changed["owner"], &changed["manager"]),
        (200, &Value::from("005ana"), &Value::from("sales_lead"))
    );
    assert_eq!(send(Role::Admin, "/api/v1/users/ana/password", r#"{"password":"short"}"#).await.0, 400);
    assert_eq!(send(Role::Admin, "/api/v1/users/ana/password", r#"{"password":"another long one"}"#).await.0, 200);
    assert_eq!(send(Role::Admin, "/api/v1/users/admin/close", "{}").await.0, 400);
    assert_eq!(send(Role::Admin, "/api/v1/users/ana/close", "{}").await.0, 200);
    assert_eq!(send(Role::Admin, "/api/v1/users/ana/close", "{}").await.0, 404);
    let users = get(Role::Admin, "/api/v1/users").await;
    let ana = users.as_array().unwrap().iter().find(|u| u["name"] == "ana").unwrap();
    assert!(ana["closed"].is_string() && ana.get("password").is_none());
    assert_eq!(get(Role::Rep, "/api/v1/me").await["owner"], OWNER);
    // tokens: with one's own password, of one's own scope, ended by oneself or an admin
    let make = |scope: &str, password: &str| {
        format!(r#"{{"label":"{scope}ing","scope":"{scope}","days":3,"password":"{password}"}}"#)
    };
    assert_eq!(send(Role::Rep, "/api/v1/tokens", &make("read", "a guess")).await.0, 400);
    assert_eq!(send(Role::Rep, "/api/v1/tokens", r#"{"label":"x","days":4000}"#).await.0, 400);
    let (status, made) = send(Role::Rep, "/api/v1/tokens", &make("read", PASSWORD)).await;
    assert_eq!((status, made["is"]["writes"].as_bool()), (200, Some(false)), "{made}");
    let token = made["token"].as_str().unwrap();
    assert_eq!(company.called("/api/v1/me", Some(token)).await.status, StatusCode::OK);
    assert_eq!(company.pushed("/api/v1/views", Some(token), None, "{}").await.status, StatusCode::FORBIDDEN);
    assert_eq!(send(Role::Rep, "/api/v1/tokens", &make("read", PASSWORD)).await.0, 400, "a name stands once");
    assert!(get(Role::Rep, "/api/v1/tokens").await.as_array().unwrap().iter().all(|t| t["user"] == "rep"));
    assert_eq!(send(Role::Marketer, "/api/v1/tokens/end", r#"{"user":"rep","label":"reading"}"#).await.0, 400);
    assert_eq!(send(Role::Marketer, "/api/v1/tokens/end", r#"{"label":"reading"}"#).await.0, 404);
    assert_eq!(send(Role::Admin, "/api/v1/tokens/end", r#"{"user":"rep","label":"reading"}"#).await.0, 200);
    assert_eq!(company.called("/api/v1/me", Some(token)).await.status, StatusCode::UNAUTHORIZED);
    // views are one's own
    let view = r#"{"name":"mine","query":"stage=mql&evil=1"}"#;
    assert_eq!(send(Role::Marketer, "/api/v1/views", view).await.1["query"], "stage=mql");
    assert_eq!(send(Role::Marketer, "/api/v1/views", r#"{"name":"mine"}"#).await.0, 400);
    assert_eq!(get(Role::Ceo, "/api/v1/views").await, Value::Array(Vec::new()));
    assert_eq!(send(Role::Ceo, "/api/v1/views/drop", r#"{"name":"mine"}"#).await.0, 404);
    assert_eq!(send(Role::Marketer, "/api/v1/views/drop", r#"{"name":"mine"}"#).await.0, 200);
    // one's own password ends with too many guesses
    assert_eq!(send(Role::Ceo, "/api/v1/me/password", r#"{"old":"x","new":"y"}"#).await.0, 400);
    let change = format!(r#"{{"old":"{PASSWORD}","new":"{PASSWORD}"}}"#);
    assert_eq!(send(Role::Ceo, "/api/v1/me/password", &change).await.0, 200);
    let mut last = 0;
    for _ in 0..12 {
        last = send(Role::Ceo, "/api/v1/me/password", r#"{"old":"x","new":"y"}"#).await.0;
    }
    assert_eq!(last, 429);
    // the log, from the newest on
    let log = get(Role::Admin, "/api/v1/audit").await;
    let acts: Vec<&str> = log["acts"].as_array().unwrap().iter().map(|a| a["act"].as_str().unwrap()).collect();
    for act in
        ["user_added", "user_changed", "password_set", "user_closed", "token_made", "token_ended", "password_changed"]
    {
        assert!(acts.contains(&act), "{act}");
    }
    assert_eq!(
        company.called("/api/v1/audit?after=x", Some(&company.token(Role::Admin))).await.status,
        StatusCode::BAD_REQUEST
    );
    let end = get(Role::Admin, "/api/v1/audit?after=1").await;
    assert_eq!((end["acts"].as_array().unwrap().len(), end["next"].as_str()), (0, Some("")));
}

#[tokio::test]
async fn programs_get_files_receipts_texts_and_words() {
    let company = Company::new(Settings::default());
    let token = company.token(Role::SalesLead);
    let file = company.called("/api/v1/reports/verdict/files/csv", Some(&token)).await;
    assert_eq!((file.status, file.header("content-type")), (StatusCode::OK, "text/csv; charset=utf-8"));
    let cookie = company.signed_in(Role::SalesLead).await;
    assert_eq!(file.text, company.get("/reports/verdict/export/csv", Some(&cookie)).await.text);
    let none = company.called("/api/v1/reports/verdict/files/pdf", Some(&token)).await;
    assert_eq!(
        (none.status, json(&none.text)["error"]["code"].as_str()),
        (StatusCode::NOT_FOUND, Some("unknown_format"))
    );
    let text = json(&company.called("/api/v1/agreement/versions/1", Some(&token)).await.text);
    assert!(text["text"].is_string(), "{text}");
    let preview = company.pushed("/api/v1/agreement/previews", Some(&token), None, r#"{"text":"fine"}"#).await;
    assert!(preview.status == StatusCode::OK && json(&preview.text)["headline"].is_string(), "{}", preview.text);
    assert!(json(&company.called("/api/v1/glossary", Some(&token)).await.text).as_array().unwrap().len() > 20);
}

/// Whoever sees no leads is not told of fewer than five of them, by any door; whoever may open the rows is.
#[tokio::test]
async fn groups_of_fewer_than_five_are_kept_from_who_sees_no_leads() {
    let company = Company::new(Settings::default());
    for (role, sees) in [(Role::Mediator, false), (Role::Ceo, true)] {
        let (token, cookie) = (company.token(role), company.signed_in(role).await);
        let mut doors = Vec::new();
        for path in ["/reports/verdict?period=few", "/claims?where=few"] {
            doors.push(company.get(path, Some(&cookie)).await.text);
        }
        for word in ["html", "csv", "md", "json"] {
            doors.push(company.get(&format!("/reports/verdict/export/{word}?period=few"), Some(&cookie)).await.text);
        }
        for path in [
            "/api/v1/reports/verdict?period=few",
            "/api/v1/claim?where=few",
            "/api/v1/reports/verdict/files/md?period=few",
        ] {
            doors.push(company.called(path, Some(&token)).await.text);
        }
        for (n, text) in doors.iter().enumerate() {
            let told = ["3 leads came", ">3</a>", "\"value\":3", "\"value\": 3", ",3,"];
            let tells = told.iter().any(|t| text.contains(t));
            assert_eq!(tells, sees, "door {n} as {}: {text}", role.word());
        }
    }
}

#[tokio::test]
async fn a_program_signs_with_the_signers_own_password_alone_and_guessing_is_slowed_down() {
    let company = Company::new(Settings::default());
    let token = company.token(Role::SalesLead);
    let path = "/api/v1/agreement/versions/1/steps";
    let body = |password: &str| format!(r#"{{"act":"sign","role":"VP Sales","password":"{password}"}}"#);
    let without = company.pushed(path, Some(&token), None, r#"{"act":"sign","role":"VP Sales"}"#).await;
    assert_eq!(json(&without.text)["error"]["code"], "wrong_password");
    let signed = company.pushed(path, Some(&token), None, &body(PASSWORD)).await;
    assert_eq!(signed.status, StatusCode::OK, "{}", signed.text);
    assert_eq!(company.pushed(path, Some(&token), None, r#"{"act":"erase"}"#).await.status, StatusCode::BAD_REQUEST);
    let mut last = signed.status;
    for n in 0..12 {
        last = company.pushed(path, Some(&token), None, &body(&format!("guess {n}"))).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(company.pushed(path, Some(&token), None, &body(PASSWORD)).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn ids_of_others_and_of_nothing_open_nothing() {
    let company = Company::new(Settings::default());
    let strange = [
        "00Qother",
        "0",
        "-1",
        "%00",
        "..%2F..%2Fdesk.sqlite",
        "%F0%9F%92%A3",
        "a'%20OR%20'1'%3D'1",
        "18446744073709551616",
    ];
    // every part of every address, by the role that sees least there: a rep, else whoever may
    for (verb, path) in web::routes() {
        for part in path.split('/').filter(|p| p.starts_with('{')) {
            for id in strange {
                let asked = path.replace(part, id).replace("{room}", "verdict").replace("{figure}", "verdict.gap");
                let asked = asked.replace("{format}", "csv").replace("{party}", "sales").replace("{version}", "1");
                for role in [Role::Rep, Role::Mediator, Role::Admin] {
                    let answer = match (verb, path.starts_with("/api/")) {
                        ("POST", true) => company.pushed(&asked, Some(&company.token(role)), None, "{}").await,
                        ("POST", false) => {
                            let cookie = company.signed_in(role).await;
                            let form = company.form(&cookie).await;
                            company.post(&asked, Some(&cookie), &[("form", &form)]).await
                        }
                        (_, true) => company.called(&asked, Some(&company.token(role))).await,
                        _ => company.get(&asked, Some(&company.signed_in(role).await)).await,
                    };
                    let status = answer.status;
                    assert!(!status.is_server_error(), "{verb} {asked} as {}: {status}", role.word());
                    // of somebody else's lead a rep learns as much as of none; nobody finds what is not there
                    if part == "{id}" && (role != Role::Admin || id != "00Qother") {
                        assert!(status.is_client_error(), "{verb} {asked} as {}: {status}", role.word());
                    }
                    if ["{user}", "{room}", "{format}"].contains(&part) {
                        assert!(status.is_client_error(), "{verb} {asked} as {}: {status}", role.word());
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn short_lists_go_on_where_the_page_before_ended() {
    let company = Company::new(Settings::default());
    let asks = company.token(Role::Rep);
    for n in 0..620_u64 {
        let label = format!("sync {n:03} & more");
        let ends_at = terms::Instant(2_000_000);
        let token =
            desk::Token { user: "rep".to_owned(), label, made_at: terms::Instant(0), ends_at, may_write: false };
        assert!(company.desk.add_token(&web::fresh_token().unwrap().1, &token).unwrap());
    }
    let (mut seen, mut path, mut pages) = (BTreeSet::new(), "/api/v1/tokens".to_owned(), 0);
    loop {
        let answer = company.called(&path, Some(&asks)).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
        pages += 1;
        for line in json(&answer.text).as_array().unwrap() {
            assert!(seen.insert(line["label"].as_str().unwrap().to_owned()), "{line} came twice");
        }
        let link = answer.header("link");
        let Some(next) = link.strip_prefix('<').and_then(|l| l.strip_suffix(">; rel=\"next\"")) else { break };
        path = format!("/api/v1/tokens{next}");
    }
    assert_eq!((pages, seen.len()), (2, 621));
    let bad = company.called("/api/v1/tokens?after=nobody", Some(&asks)).await;
    assert_eq!((bad.status, bad.text.contains("bad_cursor")), (StatusCode::BAD_REQUEST, true));
}
