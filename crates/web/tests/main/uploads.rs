//! Files that are sent: by whom, under which names, and what is not taken.

use axum::http::StatusCode;
use desk::Role;
use web::Settings;

use crate::company::{Company, was_done};

#[tokio::test]
async fn files_arrive_whole_under_names_that_lead_nowhere_else() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Revops).await;
    let form = company.form(&cookie).await;
    let files = [("../../desk.sqlite", "a,b\n1,2\n"), ("C:\\x\\Lead.csv", "one"), ("Lead.csv", "two")];
    let answer = company.sent(Some(&cookie), &form, &files).await;
    assert_eq!((answer.status, answer.header("location")), (StatusCode::SEE_OTHER, "/imports"), "{}", answer.text);
    assert!(was_done("imported 3-Lead.csv=two;Lead.csv=one;desk.sqlite=a,b\n1,2\n"));
    assert!(company.desk.acts(9).unwrap().iter().any(|a| a.act == "imported" && a.subject == "3 files"));
}

#[tokio::test]
async fn nothing_is_taken_from_who_may_not_or_with_a_form_of_somebody_else() {
    let company = Company::new(Settings::default());
    let (admin, rep) = (company.signed_in(Role::Admin).await, company.signed_in(Role::Rep).await);
    let (form, of_rep) = (company.form(&admin).await, company.form(&rep).await);
    let file = [("evil.csv", "evil")];
    assert_eq!(company.sent(Some(&admin), &of_rep, &file).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.sent(Some(&admin), "", &file).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.sent(Some(&rep), &of_rep, &file).await.status, StatusCode::FORBIDDEN);
    assert_eq!(company.sent(None, &form, &file).await.header("location"), "/sign-in");
    assert_eq!(company.post("/imports", Some(&admin), &[("form", &form)]).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(company.sent(Some(&admin), &form, &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!was_done("imported evil.csv=evil"));
}

#[tokio::test]
async fn a_mapping_is_looked_over_on_the_page_and_stays_as_typed_where_it_is_wrong() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Admin).await;
    let form = company.form(&cookie).await;
    let page = company.get("/imports", Some(&cookie)).await.text;
    assert!(page.contains("&lt;odd&gt;.csv") && page.contains("Done &lt;well&gt;.") && page.contains("name = "));
    let fields = [("form", form.as_str()), ("file", "%3Codd%3E.csv"), ("mapping", "wrong")];
    let wrong = company.post("/imports/mapping", Some(&cookie), &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("wrong</textarea>") && wrong.text.contains("Error: Imports"));
    let fields = [("form", form.as_str()), ("file", "odd.csv"), ("mapping", "fine")];
    assert_eq!(company.post("/imports/mapping", Some(&cookie), &fields).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn rows_are_mended_where_they_stand_and_what_was_left_is_not_sent() {
    let company = Company::new(Settings::default());
    let cookie = company.signed_in(Role::Revops).await;
    let form = company.form(&cookie).await;
    let page = company.get("/ledger/rejects/3.12", Some(&cookie)).await.text;
    assert!(page.contains("Line 12") && page.contains("&lt;31.13.26&gt;") && page.contains("write it like 2026-12-31"));
    assert_eq!(company.get("/ledger/rejects/3.13", Some(&cookie)).await.status, StatusCode::NOT_FOUND);
    let post = async |value: &str| {
        let fields = [("form", form.as_str()), ("c-7-0", "L1"), ("c-7-1", value), ("c-8-0", "not of this file")];
        company.post("/ledger/rejects/3.12", Some(&cookie), &fields).await
    };
    let same = post("%3C31.13.26%3E").await;
    assert!(same.status == StatusCode::UNPROCESSABLE_ENTITY && same.text.contains("No row was changed"));
    assert_eq!(post("2026-12-31").await.header("location"), "/imports");
    assert!(was_done("mended [Mended { id: 7, cells: [(1, \"2026-12-31\")] }]"));
    let token = company.token(Role::Revops);
    let path = "/api/v1/ledger/rejects/3.12";
    let sent = company.pushed(path, Some(&token), None, r#"{"rows":[{"id":7,"cells":{"1":"2026-12-30"}}]}"#).await;
    assert_eq!((sent.status, sent.text.as_str()), (StatusCode::OK, "{\"rows\":1}\n"));
    for bad in
        ["{}", r#"{"rows":[{"id":8,"cells":{"1":"x"}}]}"#, r#"{"rows":[{"id":7,"cells":{"x":"y"}}]}"#, r#"{"rows":[]}"#]
    {
        assert_eq!(company.pushed(path, Some(&token), None, bad).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
}
