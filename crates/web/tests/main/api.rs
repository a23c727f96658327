//! Answers to programs: JSON, one envelope, a document that says what is there.

use axum::http::StatusCode;
use desk::Role;
use serde_json::Value;
use web::Settings;

use crate::company::{Company, report};

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"))
}

#[tokio::test]
async fn the_document_is_locked_and_names_every_route() {
    let company = Company::new(Settings::default());
    let answer = company.called("/api/v1/openapi.json", None).await;
    assert_eq!(answer.status, StatusCode::OK);
    let document = json(&answer.text);
    let told: Vec<&String> = document["paths"].as_object().unwrap().keys().collect();
    let routes: Vec<&str> = web::routes().into_iter().map(|r| r.1).filter(|p| p.starts_with("/api/")).collect();
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
