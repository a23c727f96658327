//! What every answer carries, and what nobody can do with a request.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use desk::Role;
use web::Settings;

use crate::company::{Company, post};

#[tokio::test]
async fn every_answer_is_guarded_and_nothing_outside_is_addressed() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Admin).await;
    let paths = ["/sign-in", "/reports/verdict", "/claims", "/clocks", "/agreement", "/ledger", "/users", "/nowhere"];
    for path in paths {
        let answer = company.get(path, Some(&cookie)).await;
        let policy = answer.header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert!(!answer.header("x-request-id").is_empty(), "{path}");
        for bad in [" style=\"", "<style", "http://", "https://", " onclick"] {
            assert!(!answer.text.contains(bad), "{path}: {bad}");
        }
        // one script, ours
        let scripts = if path == "/nowhere" { 0 } else { 1 };
        assert_eq!(answer.text.matches("<script").count(), scripts, "{path}");
        assert_eq!(answer.text.matches("<script src=\"/assets/script-").count(), scripts, "{path}");
    }
    let page = company.get("/sign-in", None).await.text;
    let style = page.split("href=\"").find(|part| part.starts_with("/assets/")).unwrap().split('"').next().unwrap();
    let asset = company.get(style, None).await;
    assert!(asset.header("cache-control").contains("immutable") && asset.text.contains("--alert"));
    for path in ["/assets/..%2F..%2Fetc%2Fpasswd", "/assets/../Cargo.toml", "/assets/style.css"] {
        assert_eq!(company.get(path, None).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn over_tls_the_cookie_stays_there() {
    let company = Company::new(Settings { secure: true, ..Settings::default() });
    let fields = [("name", "ceo"), ("password", crate::company::PASSWORD)];
    let answer = company.post("/sign-in", None, &fields).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-lockstep=") && cookie.ends_with("; Secure"), "{cookie}");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn a_form_of_another_site_or_another_sign_in_changes_nothing() {
    let company = Company::new(Settings::default());
    let (admin, other) = (company.signed_in(Role::Admin).await, company.signed_in(Role::Admin).await);
    let (form, of_other) = (company.form(&admin).await, company.form(&other).await);
    let close = |form: &str| [("form", form.to_owned()), ("name", "ceo".to_owned())];
    for token in ["", of_other.as_str(), &form[..63]] {
        let fields = close(token);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
        assert_eq!(company.post("/users/close", Some(&admin), &fields).await.status, StatusCode::FORBIDDEN);
    }
    let fields = close(&form);
    let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
    for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "http://evil.example")] {
        let mut request = post("/users/close", Some(&admin), &fields);
        request.headers_mut().insert(header::HOST, "lockstep.example".parse().unwrap());
        request.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(company.ask(request).await.status, StatusCode::FORBIDDEN, "{name}");
    }
    assert!(company.desk.user("ceo").unwrap().unwrap().closed_at.is_none());
    assert_eq!(company.post("/users/close", Some(&admin), &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_is_asked_is_never_taken_for_markup_and_trouble_is_a_page() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Revops).await;
    for (path, status) in [
        ("/reports/verdict?period=never", StatusCode::BAD_REQUEST),
        ("/reports/verdict?period=broken", StatusCode::SERVICE_UNAVAILABLE),
        ("/reports/%3Cscript%3E", StatusCode::NOT_FOUND),
        ("/reports/verdict/rows/unknown", StatusCode::NOT_FOUND),
        ("/reports/verdict/export/exe", StatusCode::NOT_FOUND),
        ("/claims?where=nonsense&metric=%3Cb%3E", StatusCode::UNPROCESSABLE_ENTITY),
        ("/leads/%3Cb%3E", StatusCode::NOT_FOUND),
        ("/clocks?owner=%22%3E%3Cb%3E", StatusCode::BAD_REQUEST),
    ] {
        let answer = company.get(path, Some(&cookie)).await;
        assert_eq!(answer.status, status, "{path}");
        assert!(!answer.text.contains("<b>") && answer.text.matches("<script").count() == 1, "{path}");
        assert!(answer.text.contains("aria-label=\"All pages\""), "{path}: without its frame");
    }
    let broken = company.get("/reports/verdict?period=panics", Some(&cookie)).await;
    assert_eq!(broken.status, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(company.get("/reports/verdict", Some(&cookie)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_form_without_end_is_not_read_and_a_wrong_method_is_refused() {
    let company = Company::new(Settings::default());
    let request = Request::post("/sign-in").body(Body::from("x".repeat(70_000))).unwrap();
    assert_eq!(company.ask(request).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let request = Request::delete("/sign-in").body(Body::empty()).unwrap();
    assert_eq!(company.ask(request).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_saved_file_says_what_it_is() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Mediator).await;
    for (format, kind) in
        [("csv", "text/csv"), ("json", "application/json"), ("md", "text/markdown"), ("html", "text/html")]
    {
        let answer = company.get(&format!("/reports/funnel/export/{format}"), Some(&cookie)).await;
        assert!(answer.header("content-type").starts_with(kind));
        let name = format!("attachment; filename=\"lockstep-funnel-2026Q3.{format}\"");
        assert_eq!(answer.header("content-disposition"), name);
    }
    assert!(company.desk.acts(9).unwrap().iter().any(|a| a.user == "mediator" && a.act == "exported"));
}

#[tokio::test]
async fn live_updates_say_a_number_and_nothing_else() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Mediator).await;
    let answer = company.get("/events", Some(&cookie)).await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.text, "retry: 3000\ndata: 7.0\n\n");
    let page = company.get("/disputes", Some(&cookie)).await.text;
    assert!(page.contains("data-seen=\"7.0\"") && page.contains("data-live"));
    let report = company.get("/reports/verdict", Some(&cookie)).await.text;
    assert!(report.contains("data-seen=\"7.0\"") && !report.contains("data-live"));
}

#[tokio::test]
async fn every_form_can_be_sent_without_script() {
    let company = Company::new(Settings::default());
    for role in Role::ALL {
        let cookie = company.signed_in(role).await;
        for (verb, path) in web::routes() {
            if verb != "GET" || path.contains("{party}") || path.starts_with("/api/") || path.contains("/export/") {
                continue;
            }
            let path = path.replace("{room}", "verdict").replace("{figure}", "verdict.gap").replace("{id}", "00Qmine");
            let answer = company.get(&path, Some(&cookie)).await;
            for form in answer.text.split("<form").skip(1) {
                let form = form.split("</form>").next().unwrap();
                let is_dialog = form.starts_with(" method=\"dialog\"");
                assert!(form.contains("type=\"submit\""), "{path}: {form}");
                assert!(is_dialog || form.contains(" action=\"/"), "{path}: {form}");
                assert!(!form.contains(" onsubmit") && !form.contains("javascript:"), "{path}: {form}");
            }
            // what is hidden until a script shows it is a hint at most
            for hidden in answer.text.split("data-script").skip(1) {
                let hidden = hidden.split("</p>").next().unwrap();
                assert!(!hidden.contains("<a") && !hidden.contains("<input") && !hidden.contains("<button"), "{path}");
            }
        }
    }
}
