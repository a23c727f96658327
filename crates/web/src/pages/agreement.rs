//! The agreement: what is in force, what is proposed and what that changes, who has signed, signing, and the versions before.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::forms::{Field, Wrong, own, summary};
use super::trouble;
use crate::access::{Page, may_open, party};
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed};
use crate::passwords;
use crate::serve::{Asking, encoded};
use crate::session::Viewer;
use crate::source::{SignAct, Signing, Standing, Trouble, TroubleKind, VersionLine};

const PLACE: &str = "/agreement";

pub fn page(app: &App, asking: &Asking) -> Answer {
    drawn(app, asking, &Wrong::new(), StatusCode::OK)
}

fn drawn(app: &App, asking: &Asking, wrong: &Wrong, status: StatusCode) -> Answer {
    let all = match app.source.agreements() {
        Ok(all) => all,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    let of = |standing: Standing| all.iter().filter(move |v| v.standing == standing);
    let in_force = of(Standing::InForce).next();
    let open: Vec<&VersionLine> = of(Standing::Proposed).chain(of(Standing::Agreed)).collect();
    let past: Vec<&VersionLine> = of(Standing::Past).chain(of(Standing::Declined)).collect();
    let role = asking.viewer.as_ref().map(|v| v.user.role);
    let may_propose = may_open(Page::AgreementNew, role);
    let body = html! {
        (summary(wrong))
        @if let (Some(done), true) = (asking.asked("done"), wrong.is_empty()) {
            p.done role="status" {
                @match done {
                    "proposed" => { "Proposed. It holds when both teams have signed it." }
                    _ => { "Done, and in the ledger. Keep the receipt: it proves later that nothing before it was rewritten." }
                }
            }
        }
        p.lead {
            @match (in_force, open.first()) {
                (Some(v), None) => { "Version " (v.number) " is in force, signed by all." }
                (Some(v), Some(next)) => { "Version " (v.number) " is in force; version " (next.number) " is " @if next.standing == Standing::Agreed { "signed by all and begins later." } @else { "proposed." } }
                (None, Some(next)) => { "Nothing is in force yet; version " (next.number) " is proposed." }
                (None, None) => { "Nothing is agreed yet." }
            }
        }
        @if all.is_empty() {
            p.nothing.outside { "A first text can be drafted from the company's own history: " code { "lockstep agreement new --from-data agreement.toml" } }
        }
        @for v in open { (version(asking, "Proposed", v, wrong)) }
        @if let Some(v) = in_force { (version(asking, "In force", v, wrong)) }
        @for v in past { (version(asking, "Before", v, wrong)) }
    };
    let tools = html! { @if may_propose { a.btn href="/agreement/new" { "Propose a change" } } };
    let title = if wrong.is_empty() { "Agreement" } else { "Error: Agreement" };
    framed(app, asking, status, Framed { title, place: PLACE, tools, body })
}

fn version(asking: &Asking, title: &str, v: &VersionLine, wrong: &Wrong) -> Markup {
    let is_open = v.standing == Standing::InForce;
    html! {
        section.panel {
            h2 { (title) ": version " (v.number) }
            p.hint { (v.state) " Hash " code { (v.hash) } }
            table.rows role="table" {
                caption.vh { "Signatures of version " (v.number) }
                thead role="rowgroup" { tr role="row" { th scope="col" role="columnheader" { "Whose signature" } th scope="col" role="columnheader" { "Given" } } }
                tbody role="rowgroup" {
                    @for s in &v.signatures {
                        tr role="row" {
                            th scope="row" role="rowheader" { (s.party) }
                            td role="cell" data-label="Given" {
                                span {
                                    @if s.given.is_empty() { "not yet" }
                                    @else { (s.given) " · " a href={ "/agreement/" (v.number) "/receipts/" (encoded(&s.word)) } { "receipt" } }
                                }
                            }
                        }
                    }
                }
            }
            @if !v.changes.is_empty() {
                h3 { "What it changes" }
                ul.changes { @for change in &v.changes { li { (change) } } }
            }
            (signing(asking, v, wrong))
            details open[is_open] { summary { "The text" } pre.doc tabindex="0" role="region" aria-label={ "The text of version " (v.number) } { (v.text) } }
        }
    }
}

/// The form with which its reader signs, where they may and have not.
fn signing(asking: &Asking, v: &VersionLine, wrong: &Wrong) -> Markup {
    let own_party = asking.viewer.as_ref().and_then(|viewer| party(viewer.user.role));
    let Some(mine) = v.signatures.iter().find(|s| Some(s.word.as_str()) == own_party) else { return html! {} };
    let signs = v.standing == Standing::Proposed && mine.given.is_empty();
    let ends = v.standing == Standing::InForce;
    let is_asked = asking.part("version") == v.number.to_string();
    let none = Wrong::new();
    let wrong = if is_asked { wrong } else { &none };
    let id = |name: &str| format!("{name}-{}", v.number);
    let form = html! {
            form.sign method="post" action={ "/agreement/" (v.number) } {
                (own(asking))
                @if signs { h3 { "Sign for " (mine.party) } } @else { p.hint { "It ends when both teams have ended it." } }
                div.field {
                    label for=(id("role")) { "In which role" }
                    select id=(id("role")) name="role" { @for role in &mine.roles { option value=(role) selected[asking.field("role") == role] { (role) } } }
                }
                @if is_asked {
                    (Field { name: "password", label: "Your password again", hint: "It opens your own key, which signs: nobody else can.", kind: "password", value: "", complete: "current-password", wide: false }.draw(wrong))
                } @else {
                    div.field {
                        label for=(id("password")) { "Your password again" }
                        span.hint { "It opens your own key, which signs: nobody else can." }
                        input id=(id("password")) name="password" type="password" autocomplete="current-password";
                    }
                }
                @if signs {
                    div.field {
                        label for=(id("because")) { "Why, where you decline" }
                        input.wide id=(id("because")) name="because" type="text" maxlength="500" value=(if is_asked { asking.field("because") } else { "" }) autocomplete="off";
                    }
                    div.go.row {
                        button.primary type="submit" name="act" value="sign" { "Sign version " (v.number) }
                        button type="submit" name="act" value="decline" { "Decline it" }
                    }
                } @else {
                    div.go { button type="submit" name="act" value="expire" { "End version " (v.number) } }
                }
            }
    };
    html! {
        @if signs { (form) }
        @if ends { details open[is_asked] { summary { "End it before its last day" } (form) } }
    }
}

/// Signs, declines or ends a version with the password of whoever asks; gives the receipt. Guessing is slowed down.
pub fn signed(app: &App, asking: &Asking, viewer: &Viewer, signing: &Signing) -> Result<String, Trouble> {
    let refuse =
        |code: &str, message: String| Trouble { kind: TroubleKind::Asked, code: code.to_owned(), message, hint: None };
    let (name, now, version) = (&viewer.user.name, (app.now)(), asking.part("version"));
    let wait = app.throttle.wait(&asking.client, name, now);
    if wait > 0 {
        return Err(refuse(TOO_MANY, format!("too many tries: try again in {wait} seconds")));
    }
    if !passwords::verify(&signing.password, Some(&viewer.user.password)) {
        app.throttle.failed(&asking.client, name, now);
        app.note(name, "signature_refused", version, &asking.client);
        return Err(refuse("wrong_password", "this is not your password".to_owned()));
    }
    let receipt = app.source.sign(version, signing, &viewer.by())?;
    app.note(name, signing.act.word(), &format!("version {version}"), &asking.client);
    Ok(receipt)
}

/// The code of what was tried too often.
pub const TOO_MANY: &str = "too_many_tries";

/// Signs, declines or ends a version, by a form.
pub fn sign(app: &App, asking: &Asking) -> Answer {
    let Some(viewer) = &asking.viewer else { return answer::onward("/sign-in") };
    let again = |words: String, status| drawn(app, asking, &vec![("password", words)], status);
    let Some(act) = SignAct::parse(asking.field("act")) else {
        return again("The form does not say what to do.".to_owned(), StatusCode::UNPROCESSABLE_ENTITY);
    };
    let field = |name| asking.field(name).to_owned();
    let signing = Signing { act, role: field("role"), because: field("because"), password: field("password") };
    match signed(app, asking, viewer, &signing) {
        Ok(_) => answer::onward("/agreement?done=signed"),
        Err(why) if why.code == TOO_MANY => again(super::forms::told(&why), StatusCode::TOO_MANY_REQUESTS),
        Err(why) if why.kind == TroubleKind::Asked => again(super::forms::told(&why), StatusCode::UNPROCESSABLE_ENTITY),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}

/// The receipt of a signature, as a file.
pub fn receipt(app: &App, asking: &Asking) -> Answer {
    let (version, party) = (asking.part("version"), asking.part("party"));
    match app.source.receipt(version, party) {
        Ok(text) => {
            let word = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).take(20).collect::<String>();
            answer::file(&format!("receipt-{}-{}.json", word(version), word(party)), "application/json", text)
        }
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
