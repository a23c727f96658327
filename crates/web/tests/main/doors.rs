//! Signing in and out, passwords, users.

use axum::http::StatusCode;
use desk::Role;
use web::Settings;

use crate::company::{Company, PASSWORD, SLOW};

#[tokio::test]
async fn signing_in_begins_a_session_and_signing_out_ends_it() {
    let company = Company::new(Settings::default());
    let asked = company.get("/reports/verdict?period=2026Q3", None).await;
    assert_eq!(asked.header("location"), "/sign-in?to=%2Freports%2Fverdict%3Fperiod%3D2026Q3");
    let fields = [("name", " CEO "), ("password", PASSWORD), ("to", "/reports/verdict?period=2026Q3")];
    let answer = company.post("/sign-in", None, &fields).await;
    assert_eq!(answer.header("location"), "/reports/verdict?period=2026Q3");
    let cookie = answer.cookie().unwrap();
    assert!(answer.header("set-cookie").contains("HttpOnly; SameSite=Lax"));
    assert_eq!(company.get("/reports/verdict", Some(&cookie)).await.status, StatusCode::OK);
    let form = company.form(&cookie).await;
    let out = company.post("/sign-out", Some(&cookie), &[("form", &form)]).await;
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(company.get("/reports/verdict", Some(&cookie)).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_session_that_somebody_else_chose_is_not_taken_over() {
    let company = Company::new(Settings::default());
    let planted = format!("lockstep={}", "ab".repeat(32));
    let fields = [("name", "ceo"), ("password", PASSWORD)];
    let answer = company.post("/sign-in", Some(&planted), &fields).await;
    let fresh = answer.cookie().unwrap();
    assert_ne!(fresh, planted);
    assert_eq!(company.get("/me", Some(&planted)).await.status, StatusCode::SEE_OTHER);
    // signing in again ends the session before
    let again = company.post("/sign-in", Some(&fresh), &fields).await.cookie().unwrap();
    assert_eq!(company.get("/me", Some(&fresh)).await.status, StatusCode::SEE_OTHER);
    assert_eq!(company.get("/me", Some(&again)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refusal_does_not_say_what_was_wrong_and_guessing_is_slowed_down() {
    let company = Company::new(Settings::default());
    let wrong = company.post("/sign-in", None, &[("name", "ceo"), ("password", "not the password")]).await;
    let unknown = company.post("/sign-in", None, &[("name", "ceo2"), ("password", "not the password")]).await;
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(wrong.text.replace("ceo", ""), unknown.text.replace("ceo2", ""));
    for _ in 0..5 {
        company.post("/sign-in", None, &[("name", "ceo"), ("password", "guess")]).await;
    }
    let slowed = company.post("/sign-in", None, &[("name", "ceo"), ("password", PASSWORD)]).await;
    assert_eq!(slowed.status, StatusCode::TOO_MANY_REQUESTS);
    // nobody else is locked out by that
    company.signed_in(Role::Rep).await;
    let refused = company.desk.acts(50).unwrap().iter().filter(|a| a.act == "sign_in_refused").count();
    assert_eq!(refused, 7);
}

#[tokio::test]
async fn a_changed_password_ends_every_sign_in_of_the_old_one() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Ceo).await;
    let form = company.form(&cookie).await;
    let change = |old: &'static str, new: &'static str| {
        let (form, cookie, company) = (form.clone(), cookie.clone(), &company);
        async move {
            company.post("/me/password", Some(&cookie), &[("form", &form), ("old", old), ("new", new)]).await.status
        }
    };
    assert_eq!(change("wrong", "a wholly new one").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(change(PASSWORD, "short").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(change(PASSWORD, "a wholly new one").await, StatusCode::SEE_OTHER);
    assert_eq!(company.get("/me", Some(&cookie)).await.status, StatusCode::SEE_OTHER);
    let fields = [("name", "ceo"), ("password", "a wholly new one")];
    assert_eq!(company.post("/sign-in", None, &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_admin_adds_and_closes_users_and_what_was_typed_is_kept() {
    let company = Company::new(Settings::default());
    let admin = company.signed_in(Role::Admin).await;
    let form = company.form(&admin).await;
    let add = |fields: Vec<(&'static str, &'static str)>| {
        let (form, admin, company) = (form.clone(), admin.clone(), &company);
        async move {
            let mut all = vec![("form", form.as_str())];
            all.extend(fields);
            company.post("/users", Some(&admin), &all).await
        }
    };
    let wrong = add(vec![("name", "tomas b"), ("label", "Tomas"), ("role", "rep"), ("password", "short")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("<title>Error: Users") && wrong.text.contains("value=\"tomas b\""));
    assert_eq!(wrong.text.matches("aria-invalid").count(), 3);
    assert!(!wrong.text.contains("value=\"short\""));
    let good = vec![
        ("name", "Tomas"),
        ("label", "Tomas"),
        ("role", "rep"),
        ("owner", "005t"),
        ("password", "long enough to be taken"),
    ];
    assert_eq!(add(good.clone()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(add(good).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(company.desk.user("tomas").unwrap().unwrap().role, Role::Rep);
    let close = |name: &'static str| {
        let (form, admin, company) = (form.clone(), admin.clone(), &company);
        async move { company.post("/users/close", Some(&admin), &[("form", &form), ("name", name)]).await.status }
    };
    assert_eq!(close("tomas").await, StatusCode::SEE_OTHER);
    assert!(company.desk.user("tomas").unwrap().unwrap().closed_at.is_some());
    assert_eq!(close("admin").await, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = [("name", "tomas"), ("password", "long enough to be taken")];
    assert_eq!(company.post("/sign-in", None, &fields).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_claim_is_kept_for_the_team_of_whoever_keeps_it() {
    let company = Company::new(Settings::default());
    let path = "/claims?where=source+%3D+Webinar&metric=win_rate";
    for (role, offered) in [(Role::SalesLead, true), (Role::Rep, true), (Role::Ceo, false), (Role::Mediator, false)] {
        let cookie = company.signed_in(role).await;
        assert_eq!(company.get(path, Some(&cookie)).await.text.contains("Keep this claim"), offered, "{}", role.word());
    }
    let cookie = company.signed_in(Role::SalesLead).await;
    let form = company.form(&cookie).await;
    let keep = |name: &'static str| {
        let (form, cookie, company) = (form.clone(), cookie.clone(), &company);
        async move {
            let fields =
                [("form", form.as_str()), ("where", "source = Webinar"), ("metric", "win_rate"), ("name", name)];
            company.post("/claims", Some(&cookie), &fields).await
        }
    };
    assert_eq!(keep("webinars").await.header("location"), "/claims?claim=webinars");
    let taken = keep("taken").await;
    assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(taken.text.contains("value=\"taken\"") && taken.text.contains("value=\"source = Webinar\""));
    assert!(company.desk.acts(9).unwrap().iter().any(|a| a.act == "claim_saved" && a.subject == "webinars"));
}

/// More slow answers than a runtime has threads for: whether the service is alive is said all the same, and nobody is forgotten.
#[tokio::test]
async fn a_rush_waits_in_line_and_comes_to_its_end() {
    let company = std::sync::Arc::new(Company::new(Settings::default()));
    let cookie = company.signed_in(Role::SalesLead).await;
    SLOW.store(true, std::sync::atomic::Ordering::Relaxed);
    let rush: Vec<_> = (0..700)
        .map(|_| {
            let (company, cookie) = (company.clone(), cookie.clone());
            tokio::spawn(async move { company.get("/leads/00Qslow", Some(&cookie)).await.status })
        })
        .collect();
    let mut said = Vec::new();
    for path in ["/health", "/ready"] {
        tokio::task::yield_now().await;
        let answer = tokio::time::timeout(std::time::Duration::from_secs(30), company.get(path, None)).await;
        said.push((path, answer.map(|answer| answer.status).ok()));
    }
    SLOW.store(false, std::sync::atomic::Ordering::Relaxed);
    assert!(said.iter().all(|(_, status)| *status == Some(StatusCode::OK)), "{said:?}");
    for one in rush {
        assert_eq!(one.await.unwrap(), StatusCode::OK);
    }
}
