//! Every route for every role, and for nobody: who is let in is what the table of the documentation says.

use axum::http::StatusCode;
use desk::Role;
use web::Settings;

use crate::company::Company;

/// What each role is let in to, written out once more by hand: a route without a line here fails, and so does a changed one.
/// The letters are those of [`Role::ALL`]: admin, ceo, sales lead, marketing lead, revops, rep, marketer, mediator.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("GET", "/", "acsmroke"),
    ("GET", "/sign-in", "acsmroke-"),
    ("POST", "/sign-in", "acsmroke-"),
    ("POST", "/sign-out", "acsmroke"),
    ("GET", "/reports/{room}", "acsmroke"),
    ("GET", "/reports/{room}/export/{format}", "acsmroke"),
    ("GET", "/reports/{room}/rows/{figure}", "acsmrok"),
    ("GET", "/claims", "acsmroke"),
    ("POST", "/claims", "smok"),
    ("GET", "/clocks", "acsmrok"),
    ("GET", "/events", "acsmroke"),
    ("GET", "/leads", "acsmrok"),
    ("POST", "/leads/views", "acsmrok"),
    ("GET", "/leads/{id}", "acsmrok"),
    ("POST", "/leads/{id}", "smok"),
    ("GET", "/huddle", "acsmrok"),
    ("POST", "/huddle", "smok"),
    ("GET", "/disputes", "acsmroke"),
    ("POST", "/disputes/{name}", "csmke"),
    ("POST", "/reports/{room}/rows/{figure}", "sm"),
    ("GET", "/agreement", "acsmroke"),
    ("GET", "/agreement/new", "csmr"),
    ("POST", "/agreement/new", "csmr"),
    ("POST", "/agreement/{version}", "csm"),
    ("GET", "/agreement/{version}/receipts/{party}", "acsmroke"),
    ("GET", "/ledger", "acsmroke"),
    ("POST", "/ledger/verify", "acsmroke"),
    ("GET", "/ledger/rejects", "ar"),
    ("GET", "/ledger/rejects/{file}", "ar"),
    ("POST", "/ledger/rejects/{file}", "ar"),
    ("GET", "/imports", "ar"),
    ("POST", "/imports", "ar"),
    ("POST", "/imports/mapping", "ar"),
    ("GET", "/glossary", "acsmroke"),
    ("GET", "/me", "acsmroke"),
    ("POST", "/me/password", "acsmroke"),
    ("POST", "/me/tokens", "acsmroke"),
    ("GET", "/users", "a"),
    ("POST", "/users", "a"),
    ("GET", "/users/{user}", "a"),
    ("POST", "/users/{user}", "a"),
    ("POST", "/users/close", "a"),
    ("GET", "/audit", "a"),
    ("GET", "/settings", "ar"),
    ("POST", "/settings", "a"),
    ("GET", "/api", "acsmroke"),
    ("GET", "/api/v1/openapi.json", "acsmroke-"),
    ("GET", "/api/v1/reports/{room}", "acsmroke"),
    ("GET", "/api/v1/reports/{room}/rows/{figure}", "acsmrok"),
    ("GET", "/api/v1/claims", "acsmroke"),
    ("GET", "/api/v1/claim", "acsmroke"),
    ("GET", "/api/v1/clocks", "acsmrok"),
    ("GET", "/api/v1/leads", "acsmrok"),
    ("GET", "/api/v1/leads/{id}", "acsmrok"),
    ("POST", "/api/v1/leads/{id}/acts", "smok"),
    ("GET", "/api/v1/huddle", "acsmrok"),
    ("GET", "/api/v1/settings", "ar"),
    ("GET", "/api/v1/disputes", "acsmroke"),
    ("POST", "/api/v1/disputes/{name}/answers", "csmke"),
    ("GET", "/api/v1/imports", "ar"),
    ("POST", "/api/v1/claims", "smok"),
    ("POST", "/api/v1/reports/{room}/rows/{figure}/disputes", "sm"),
    ("POST", "/api/v1/agreement/checks", "csmr"),
    ("POST", "/api/v1/agreement/versions", "csmr"),
    ("POST", "/api/v1/agreement/versions/{version}/steps", "csm"),
    ("POST", "/api/v1/huddle/notes", "smok"),
    ("POST", "/api/v1/settings", "a"),
    ("POST", "/api/v1/imports", "ar"),
    ("POST", "/api/v1/entries", "ar"),
    ("GET", "/api/v1/agreement", "acsmroke"),
    ("GET", "/api/v1/ledger", "acsmroke"),
    ("POST", "/api/v1/ledger/checks", "acsmroke"),
    ("GET", "/api/v1/ledger/rejects", "ar"),
    ("GET", "/api/v1/ledger/rejects/{file}", "ar"),
    ("POST", "/api/v1/ledger/rejects/{file}", "ar"),
    ("GET", "/api/v1/reports/{room}/files/{format}", "acsmroke"),
    ("POST", "/api/v1/imports/mappings", "ar"),
    ("POST", "/api/v1/agreement/previews", "csmr"),
    ("GET", "/api/v1/agreement/versions/{version}", "acsmroke"),
    ("GET", "/api/v1/agreement/versions/{version}/receipts/{party}", "acsmroke"),
    ("GET", "/api/v1/glossary", "acsmroke"),
    ("GET", "/api/v1/me", "acsmroke"),
    ("POST", "/api/v1/me/password", "acsmroke"),
    ("GET", "/api/v1/tokens", "acsmroke"),
    ("POST", "/api/v1/tokens", "acsmroke"),
    ("POST", "/api/v1/tokens/end", "acsmroke"),
    ("GET", "/api/v1/views", "acsmrok"),
    ("POST", "/api/v1/views", "acsmrok"),
    ("POST", "/api/v1/views/drop", "acsmrok"),
    ("GET", "/api/v1/users", "a"),
    ("POST", "/api/v1/users", "a"),
    ("POST", "/api/v1/users/{user}", "a"),
    ("POST", "/api/v1/users/{user}/password", "a"),
    ("POST", "/api/v1/users/{user}/close", "a"),
    ("GET", "/api/v1/audit", "a"),
    ("GET", "/assets/{name}", "acsmroke-"),
    ("GET", "/health", "acsmroke-"),
    ("GET", "/ready", "acsmroke-"),
    ("GET", "/metrics", "acsmroke-"),
];

fn letter(role: Role) -> char {
    match role {
        Role::Admin => 'a',
        Role::Ceo => 'c',
        Role::SalesLead => 's',
        Role::MarketingLead => 'm',
        Role::Revops => 'r',
        Role::Rep => 'o',
        Role::Marketer => 'k',
        Role::Mediator => 'e',
    }
}

fn filled(path: &str) -> String {
    path.replace("{room}", "verdict")
        .replace("{format}", "csv")
        .replace("{figure}", "verdict.gap")
        .replace("{id}", "00Qmine")
        .replace("{user}", "ceo")
        .replace("{file}", "3.12")
        .replace("{name}", "style.css")
        .replace("{version}", "1")
        .replace("{party}", "sales")
}

#[tokio::test]
async fn every_route_lets_in_exactly_the_roles_of_the_table() {
    let company = Company::new(Settings::default());
    let routes: Vec<(&str, &str)> = web::routes();
    assert_eq!(routes.len(), EXPECTED.len(), "a route has no line in this table, or a line has no route");
    let mut sessions = Vec::new();
    for role in Role::ALL {
        let cookie = company.signed_in(role).await;
        sessions.push((role, company.form(&cookie).await, cookie));
    }
    for (method, path, roles) in EXPECTED {
        assert!(routes.contains(&(method, path)), "{method} {path}: is no route");
        for (role, form, cookie) in &mut sessions {
            let role = *role;
            if company.get("/me", Some(cookie)).await.status != StatusCode::OK {
                // the route before ended it
                *cookie = company.signed_in(role).await;
                *form = company.form(cookie).await;
            }
            let answer = match *method {
                "POST" if path.starts_with("/api/") => {
                    company.pushed(&filled(path), Some(&company.token(role)), None, "").await
                }
                _ if path.starts_with("/api/") => company.called(&filled(path), Some(&company.token(role))).await,
                "POST" if *path == "/imports" => company.sent(Some(cookie), form, &[]).await,
                "POST" => company.post(&filled(path), Some(cookie), &[("form", form)]).await,
                _ => company.get(&filled(path), Some(cookie)).await,
            };
            let is_in = answer.status != StatusCode::FORBIDDEN || *path == "/metrics";
            assert_eq!(is_in, roles.contains(letter(role)), "{method} {path} as {}: {}", role.word(), answer.status);
            assert!(!answer.status.is_server_error(), "{method} {path} as {}: {}", role.word(), answer.text);
        }
        let answer = match *method {
            "POST" => company.post(&filled(path), None, &[]).await,
            _ => company.get(&filled(path), None).await,
        };
        let is_sign_in = path.starts_with("/sign-in");
        let to_sign_in = answer.header("location").starts_with("/sign-in")
            || answer.status == StatusCode::UNAUTHORIZED && !is_sign_in;
        assert_eq!(!to_sign_in, roles.contains('-'), "{method} {path} as nobody: {}", answer.status);
    }
}

#[tokio::test]
async fn the_menu_offers_what_the_role_may_open_and_nothing_else() {
    let company = Company::new(Settings::default());
    for role in Role::ALL {
        let cookie = company.signed_in(role).await;
        let text = company.get("/glossary", Some(&cookie)).await.text;
        let links: Vec<&str> = text
            .split("href=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .filter(|l| l.starts_with('/'))
            .collect();
        assert!(links.len() > 8);
        for link in links {
            let answer = company.get(link, Some(&cookie)).await;
            assert!(answer.status.is_success(), "{} as {}: {}", link, role.word(), answer.status);
        }
        let offers_clocks = text.contains("href=\"/clocks\"");
        assert_eq!(offers_clocks, role != Role::Mediator, "{}", role.word());
    }
}

/// The table of who sees what: a rep sees the leads of their own alone, and of another's no more than of none.
#[tokio::test]
async fn a_rep_sees_leads_of_their_own_alone() {
    let company = Company::new(Settings::default());
    let rep = company.signed_in(Role::Rep).await;
    let clocks = company.get("/clocks?owner=005other", Some(&rep)).await.text;
    assert!(clocks.contains("00Qmine") && !clocks.contains("00Qother"));
    assert_eq!(company.get("/leads/00Qmine", Some(&rep)).await.status, StatusCode::OK);
    let other = company.get("/leads/00Qother", Some(&rep)).await;
    let none = company.get("/leads/00Qnone", Some(&rep)).await;
    assert_eq!((other.status, none.status), (StatusCode::NOT_FOUND, StatusCode::NOT_FOUND));
    let lead = company.signed_in(Role::SalesLead).await;
    assert_eq!(company.get("/leads/00Qother", Some(&lead)).await.status, StatusCode::OK);
    let acts = company.desk.acts(50).unwrap();
    let of = |user: &str, act: &str| acts.iter().any(|a| a.user == user && a.act == act);
    assert!(of("rep", "not_allowed") && of("rep", "read_lead") && of("sales_lead", "read_lead"));
}
