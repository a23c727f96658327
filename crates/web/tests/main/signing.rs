//! Proposing and signing an agreement on pages.

use axum::http::StatusCode;
use desk::Role;
use web::Settings;

use crate::company::{Company, PASSWORD, was_done};

#[tokio::test]
async fn a_signature_needs_the_signers_own_password_again() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::SalesLead).await;
    let form = company.form(&cookie).await;
    let sign = |password: &'static str, form: String| {
        let (company, cookie) = (&company, cookie.clone());
        async move {
            let fields = [("form", form.as_str()), ("act", "sign"), ("role", "VP"), ("password", password)];
            company.post("/agreement/1", Some(&cookie), &fields).await
        }
    };
    let refused = sign("not it", form.clone()).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("This is not your password") && !refused.text.contains("not it"));
    assert!(!was_done("signed 1 as VP by sales_lead"));
    assert_eq!(sign(PASSWORD, "no form".to_owned()).await.status, StatusCode::FORBIDDEN);
    let signed = sign(PASSWORD, form).await;
    assert_eq!(signed.header("location"), "/agreement?done=signed");
    assert!(was_done("signed 1 as VP by sales_lead"));
    let acts = company.desk.acts(50).unwrap();
    assert!(acts.iter().any(|a| a.act == "signature_refused") && acts.iter().any(|a| a.act == "sign"));
}

#[tokio::test]
async fn guessing_the_password_of_a_signature_is_slowed_down() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Ceo).await;
    let form = company.form(&cookie).await;
    let mut last = StatusCode::OK;
    for _ in 0..8 {
        let fields = [("form", form.as_str()), ("act", "sign"), ("role", "CEO"), ("password", "guess")];
        last = company.post("/agreement/1", Some(&cookie), &fields).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn who_has_not_signed_is_offered_to_and_nobody_else() {
    let company = Company::new(Settings::default());
    for (role, offered) in [
        (Role::SalesLead, true),
        (Role::MarketingLead, false), // has signed
        (Role::Ceo, false),           // the version asks for no signature of leadership
        (Role::Rep, false),
    ] {
        let cookie = company.signed_in(role).await;
        let text = company.get("/agreement", Some(&cookie)).await.text;
        assert_eq!(text.contains("value=\"sign\""), offered, "{}", role.word());
        assert!(text.contains("&lt;b&gt;four hours") && text.contains("/agreement/1/receipts/marketing"));
    }
    let cookie = company.signed_in(Role::Mediator).await;
    let receipt = company.get("/agreement/1/receipts/sales", Some(&cookie)).await;
    assert_eq!(receipt.header("content-disposition"), "attachment; filename=\"receipt-1-sales.json\"");
    let none = company.get("/agreement/..%2F..%2Fdesk/receipts/sales", Some(&cookie)).await;
    assert_eq!(none.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_text_is_checked_replayed_and_proposed_and_stays_as_typed() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Revops).await;
    let form = company.form(&cookie).await;
    let text = company.get("/agreement/new", Some(&cookie)).await.text;
    assert!(text.contains("name = &quot;&lt;x&gt;&quot;") || text.contains("name = \"&lt;x&gt;\""));
    assert_eq!(company.get("/agreement/new?from=9", Some(&cookie)).await.status, StatusCode::NOT_FOUND);
    let send = |act: &'static str, text: &'static str| {
        let (company, cookie, form) = (&company, cookie.clone(), form.clone());
        async move {
            let fields = [("form", form.as_str()), ("act", act), ("text", text)];
            company.post("/agreement/new", Some(&cookie), &fields).await
        }
    };
    let checked = send("check", "fine").await;
    assert!(checked.text.contains("a &lt;change&gt;") && checked.text.contains("fine</textarea>"));
    assert!(send("preview", "fine").await.text.contains("It did"));
    let wrong = send("propose", "wrong").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("wrong</textarea>") && wrong.text.contains("Error: Propose a change"));
    assert!(!was_done("proposed by revops"));
    assert_eq!(send("propose", "fine").await.header("location"), "/agreement?done=proposed");
    assert!(was_done("proposed by revops"));
}
