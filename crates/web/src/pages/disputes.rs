//! Disputes: what is contested, who is to answer until when, and who decides.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::forms::{Wrong, own};
use super::{lead, listing, reports, trouble};
use crate::access::may_answer;
use crate::answer::{self, Answer as Page};
use crate::app::App;
use crate::frame::{Framed, framed, live};
use crate::serve::{Asking, encoded};
use crate::source::{Answer, DisputeLine, Listing, Recorded, Text, Trouble, TroubleKind};

const PLACE: &str = "/disputes";

/// The disputes that somebody may see: a rep those of their own leads, who knows no persons those without what was said.
pub fn found(app: &App, asking: &Asking) -> Result<Vec<DisputeLine>, Trouble> {
    let mut all = app.source.disputes()?;
    let Some(viewer) = &asking.viewer else { return Ok(Vec::new()) };
    let scope = crate::scope::of(app, viewer)?;
    all.retain(|d| d.lead.is_empty() || scope.may_see(&d.owner));
    if viewer.user.role == desk::Role::Mediator {
        for dispute in &mut all {
            dispute.lead.clear();
            dispute.owner.clear();
            if dispute.figure.is_empty() {
                dispute.said.clear();
            }
        }
    }
    Ok(all)
}

pub fn page(app: &App, asking: &Asking) -> Page {
    let all = match found(app, asking) {
        Ok(all) => all,
        Err(why) => return trouble::page(app, asking, PLACE, &why),
    };
    if let Some(file) = listing::as_file(app, asking, "disputes", &listed(&all)) {
        return file;
    }
    let (open, closed): (Vec<_>, Vec<_>) = all.iter().partition(|d| d.is_contested);
    let body = html! {
        @if asking.asked("done").is_some() { p.done role="status" { "Recorded." } }
        p.lead {
            @match open.len() { 0 => { "Nothing is contested." } 1 => { "One fact is contested." } n => { (n) " facts are contested." } }
        }
        @if all.is_empty() {
            p.nothing.outside { "Marketing appeals a lead that was turned down on the page of the lead; either lead of a team disputes a figure on the page of its rows." }
        }
        @if !open.is_empty() { section.panel { h2 { "Contested" } @for d in &open { (one(asking, d, true)) } } }
        @if !closed.is_empty() { section.panel { h2 { "Settled" } @for d in &closed { (one(asking, d, true)) } } }
    };
    let body = live(true, &body);
    framed(app, asking, StatusCode::OK, Framed { title: "Disputes", place: PLACE, tools: listing::saves(asking), body })
}

/// Disputes as a list of words.
fn listed(all: &[DisputeLine]) -> Listing {
    let row = |d: &DisputeLine| {
        let about = if d.figure.is_empty() { d.about.as_str() } else { d.figure.as_str() };
        [d.opened.as_str(), &d.by, about, &d.lead, &d.state, &d.due].map(Text::from).to_vec()
    };
    Listing {
        title: "Disputes".to_owned(),
        heads: ["Opened (UTC)", "By", "About", "Lead", "State", "Answer due"].map(str::to_owned).to_vec(),
        rows: all.iter().map(row).collect(),
        note: String::new(),
    }
}

/// One dispute, with what its reader can do about it.
pub fn one(asking: &Asking, d: &DisputeLine, with_lead: bool) -> Markup {
    let by = if d.by == "sales" { "Sales" } else { "Marketing" };
    let stands = match (d.state.as_str(), d.is_overdue) {
        ("open", false) => format!("the other side answers until {} UTC", d.due),
        ("open", true) => format!("the other side did not answer until {} UTC; leadership decides", d.due),
        ("maintained", _) => "the other side stands by it; leadership decides".to_owned(),
        ("conceded", _) => "the other side agreed".to_owned(),
        ("upheld", _) => format!("decided for {by}"),
        ("dismissed", _) => format!("decided against {by}"),
        _ => "taken back".to_owned(),
    };
    let answers: Vec<Answer> = Answer::ALL.into_iter().filter(|a| can(asking, d, *a)).collect();
    html! {
        article.dispute {
            p {
                b { (by) } " disputes "
                @if d.figure.is_empty() { (d.about) } @else { code { (d.figure) } }
                @if with_lead && !d.lead.is_empty() { " · " a href={ "/leads/" (encoded(&d.lead)) } { (d.lead) } }
            }
            p.hint { "Since " (d.opened) " UTC; " (stands) "." }
            (lead::said(&d.said))
            @if !answers.is_empty() {
                form method="post" action={ "/disputes/" (encoded(&d.name)) } {
                    (own(asking))
                    div.field {
                        label for={ "w-" (d.name) } { "In a sentence" }
                        input.wide id={ "w-" (d.name) } name="words" type="text" maxlength="500" autocomplete="off";
                    }
                    div.go.row { @for a in answers { button type="submit" name="answer" value=(a.word()) { (button(a)) } } }
                }
            }
        }
    }
}

const fn button(answer: Answer) -> &'static str {
    match answer {
        Answer::Concede => "They are right",
        Answer::Maintain => "Stand by it",
        Answer::Uphold => "Decide for it",
        Answer::Dismiss => "Decide against it",
        Answer::Withdraw => "Take it back",
    }
}

/// Whether an answer would count now, as far as a page can tell: the source asks again.
fn can(asking: &Asking, d: &DisputeLine, answer: Answer) -> bool {
    let Some(viewer) = &asking.viewer else { return false };
    let is_own = viewer.by().team().is_some_and(|team| crate::source::team_word(team) == d.by);
    let stands = match answer {
        Answer::Concede => !is_own,
        Answer::Maintain => !is_own && d.state == "open",
        Answer::Withdraw => is_own,
        Answer::Uphold | Answer::Dismiss => d.state == "maintained" || d.is_overdue,
    };
    d.is_contested && stands && may_answer(viewer.user.role, answer, !d.figure.is_empty())
}

/// Answers a dispute, for whoever may.
pub fn answered(app: &App, asking: &Asking, word: &str, words: &str) -> Result<Recorded, Trouble> {
    let refuse = |kind, code: &str, message: String| Trouble { kind, code: code.to_owned(), message, hint: None };
    let name = asking.part("name");
    let answer = Answer::parse(word).ok_or_else(|| {
        let all: Vec<&str> = Answer::ALL.iter().map(|a| a.word()).collect();
        refuse(TroubleKind::Asked, "bad_answer", format!("`{word}`: is none of {}", all.join(", ")))
    })?;
    let known = found(app, asking)?.into_iter().find(|d| d.name == name);
    let missing = || refuse(TroubleKind::Missing, "unknown_dispute", format!("`{name}`: no dispute has this name"));
    let known = known.ok_or_else(missing)?;
    let viewer = asking.viewer.as_ref().ok_or_else(missing)?;
    if !may_answer(viewer.user.role, answer, !known.figure.is_empty()) {
        app.note(&viewer.user.name, "not_allowed", answer.word(), &asking.client);
        return Err(refuse(TroubleKind::Asked, "not_yours", "your role does not answer this so".to_owned()));
    }
    let recorded = app.source.answer_dispute(name, answer, words, &viewer.by())?;
    app.note(&viewer.user.name, answer.word(), &format!("dispute {name}"), &asking.client);
    Ok(recorded)
}

pub fn answer(app: &App, asking: &Asking) -> Page {
    match answered(app, asking, asking.field("answer"), asking.field("words")) {
        Ok(_) => answer::onward("/disputes?done=1"),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}

/// The form with which the lead of a team disputes a figure.
pub fn of_figure(asking: &Asking, place: &str) -> Markup {
    let may = asking.viewer.as_ref().is_some_and(|v| may_answer(v.user.role, Answer::Concede, true));
    html! {
        @if may {
            section.panel {
                h2 { "Dispute this figure" }
                p.hint { "The other side answers within seven days; where it stands by the figure, leadership decides. The report says that it is contested until then." }
                form method="post" action=(place) {
                    (own(asking))
                    (lead::sentence("words", "What is wrong with it", "", &Wrong::new()))
                    div.go { button type="submit" { "Dispute it" } }
                }
            }
        }
    }
}

/// Disputes a figure, for whoever may.
pub fn figure_disputed(app: &App, asking: &Asking, words: &str) -> Result<Recorded, Trouble> {
    let asked = reports::asked(asking)?;
    let viewer = asking.viewer.as_ref().ok_or_else(|| Trouble {
        kind: TroubleKind::Asked,
        code: "not_yours".to_owned(),
        message: "nobody is signed in".to_owned(),
        hint: None,
    })?;
    let recorded = app.source.dispute_figure(&asked, asking.part("figure"), words, &viewer.by())?;
    app.note(&viewer.user.name, "disputed", &recorded.what, &asking.client);
    Ok(recorded)
}

/// Disputes a figure, by a form.
pub fn figure(app: &App, asking: &Asking) -> Page {
    match figure_disputed(app, asking, asking.field("words")) {
        Ok(_) => answer::onward("/disputes?done=1"),
        Err(why) => trouble::page(app, asking, PLACE, &why),
    }
}
