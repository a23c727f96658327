//! One lead: what can be done about it now, its clocks, its score as a sum of rules, and what happened to it with the row of each.

use axum::http::StatusCode;
use maud::{Markup, html};

use super::forms::{Wrong, own, summary};
use super::{clocks, listing, trouble};
use crate::access::may_do;
use crate::answer::{self, Answer};
use crate::app::App;
use crate::frame::{Framed, framed, live};
use crate::serve::{Asking, encoded};
use crate::source::{Doing, LeadAct, LeadPage, Listing, Reason, Recorded, Said, Text, Trouble, TroubleKind};

/// The lead that is asked for, for whoever may see it; the read is noted.
pub fn found(app: &App, asking: &Asking) -> Result<LeadPage, Trouble> {
    let id = asking.part("id");
    let lead = app.source.lead(id)?;
    if let Some(viewer) = &asking.viewer {
        // of somebody else's lead a rep learns no more than of none
        if !crate::scope::of(app, viewer)?.may_see(&lead.owner) {
            app.note(&viewer.user.name, "not_allowed", &format!("lead {id}"), &asking.client);
            return Err(Trouble {
                kind: TroubleKind::Missing,
                code: "unknown_lead".to_owned(),
                message: format!("`{id}`: no lead of yours has this id"),
                hint: None,
            });
        }
        app.note(&viewer.user.name, "read_lead", id, &asking.client);
    }
    Ok(lead)
}

pub fn page(app: &App, asking: &Asking) -> Answer {
    match found(app, asking) {
        Ok(lead) => drawn(app, asking, &lead, &Wrong::new()),
        Err(why) => trouble::page(app, asking, "/clocks", &why),
    }
}

/// What a form asks for.
fn of_form(asking: &Asking) -> Option<LeadAct> {
    // one button says both what was done and whether both sides spoke
    let word = asking.field("act");
    let (word, reached) = word.strip_suffix("_reached").map_or((word, false), |word| (word, true));
    let doing = Doing::parse(word)?;
    let (reason, words) = (asking.field("reason").to_owned(), asking.field("words").to_owned());
    Some(LeadAct { doing, reached, reason, words })
}

/// Does something about a lead, for whoever may see it and do that.
pub fn done(app: &App, asking: &Asking, act: &LeadAct) -> Result<Recorded, Trouble> {
    found(app, asking)?;
    let Some(viewer) = &asking.viewer else { return Err(not_yours()) };
    if !may_do(viewer.user.role, act.doing) {
        app.note(&viewer.user.name, "not_allowed", act.doing.word(), &asking.client);
        return Err(not_yours());
    }
    let id = asking.part("id");
    let recorded = app.source.act(id, act, &viewer.by())?;
    app.note(&viewer.user.name, act.doing.word(), &format!("lead {id}"), &asking.client);
    Ok(recorded)
}

fn not_yours() -> Trouble {
    Trouble {
        kind: TroubleKind::Asked,
        code: "not_yours".to_owned(),
        message: "your role does not do that: sales works leads, marketing appeals".to_owned(),
        hint: None,
    }
}

pub fn act(app: &App, asking: &Asking) -> Answer {
    let result = match of_form(asking) {
        Some(act) => done(app, asking, &act),
        None => Err(Trouble {
            kind: TroubleKind::Asked,
            code: "bad_act".to_owned(),
            message: "the form does not say what was done".to_owned(),
            hint: None,
        }),
    };
    match result {
        Ok(recorded) => {
            let shown = if recorded.is_shown { "shown" } else { "soon" };
            answer::onward(&format!("/leads/{}?done={shown}", encoded(asking.part("id"))))
        }
        Err(why) if why.kind == TroubleKind::Asked => match found(app, asking) {
            Ok(lead) => {
                let field = if asking.field("act") == Doing::TurnDown.word() { "reason" } else { "words" };
                let words = super::forms::told(&why);
                drawn(app, asking, &lead, &vec![(field, words)])
            }
            Err(why) => trouble::page(app, asking, "/clocks", &why),
        },
        Err(why) => trouble::page(app, asking, "/clocks", &why),
    }
}

fn drawn(app: &App, asking: &Asking, lead: &LeadPage, wrong: &Wrong) -> Answer {
    let rows = lead
        .lines
        .iter()
        .map(|l| [&l.when, &l.what, &l.effect, &l.place].map(|text| Text::from(text.clone())).to_vec())
        .collect();
    let history = Listing {
        title: "What happened".to_owned(),
        heads: ["When (UTC)", "What happened", "What it did to the facts", "Row"].map(str::to_owned).to_vec(),
        rows,
        note: "The row is that of the export as it was imported: file and line. What was done here stands as `pages`."
            .to_owned(),
    };
    let body = html! {
        (summary(wrong))
        @if let (Some(done), true) = (asking.asked("done"), wrong.is_empty()) {
            p.done role="status" {
                @if done == "shown" { "Recorded, and shown below." }
                @else { "Recorded: it is on the disk. This page shows it within seconds; open it again." }
            }
        }
        (stands(app, lead))
        (forms(asking, lead, wrong))
        @if !lead.disputes.is_empty() || !lead.said.is_empty() {
            section.panel {
                h2 { "What was said" }
                @for dispute in &lead.disputes { (super::disputes::one(asking, dispute, false)) }
                (said(&lead.said))
            }
        }
        @if let Some(score) = &lead.score { section.panel { h2 { "Its score, rule by rule" } (listing::draw(score)) } }
        section.panel { h2 { "What happened" } (listing::draw(&history)) }
    };
    let body = live(wrong.is_empty(), &body);
    let title = format!("Lead {}", lead.id);
    let (title, status) = match wrong.is_empty() {
        true => (title, StatusCode::OK),
        false => (format!("Error: {title}"), StatusCode::UNPROCESSABLE_ENTITY),
    };
    framed(app, asking, status, Framed { title: &title, place: "/clocks", tools: html! {}, body })
}

/// Where it stands, and its clocks.
fn stands(app: &App, lead: &LeadPage) -> Markup {
    let (as_of, is_now) = app.source.clocks(None).map_or((0, false), |c| (c.as_of, c.records_to < c.as_of));
    html! {
        p.lead {
            @if lead.stage.is_empty() { "Where it stands is not recorded" } @else { "It is " (stage_words(&lead.stage)) }
            @if lead.owner.is_empty() { ", and nobody owns it." } @else { ", owned by " (lead.owner) "." }
        }
        @if lead.clocks.is_empty() {
            p.nothing.outside { "No clock runs for it: what the agreement asks was done, or nothing is asked." }
        } @else {
            dl.counts {
                @for clock in &lead.clocks {
                    div { dt { (clock.clause) ", by " (super::clocks::team(&clock.team)) } dd { (clocks::stands(clock, as_of, is_now)) } }
                }
            }
        }
        @if !lead.waiting.is_empty() {
            p.done { "On its way to the ledger: " (lead.waiting.join("; ")) "." }
        }
    }
}

/// A stage in words.
pub fn stage_words(word: &str) -> String {
    match word {
        "mql" | "sal" | "sql" => format!("at {}", word.to_uppercase()),
        "inquiry" => "an inquiry".to_owned(),
        "opportunity" => "an open opportunity".to_owned(),
        other => other.replace('_', " "),
    }
}

fn is_turned_down(stage: &str) -> bool {
    matches!(stage, "rejected" | "recycled" | "disqualified")
}

/// What its reader can do now.
fn forms(asking: &Asking, lead: &LeadPage, wrong: &Wrong) -> Markup {
    let Some(viewer) = &asking.viewer else { return html! {} };
    let role = viewer.user.role;
    let place = format!("/leads/{}", encoded(&lead.id));
    let is_sales = may_do(role, Doing::Call);
    let is_marketing = may_do(role, Doing::Appeal);
    let is_closed = lead.stage == "closed_won";
    let open = lead.disputes.iter().any(|d| d.is_contested);
    let reasons: Vec<&Reason> = lead
        .reasons
        .iter()
        .filter(|r| r.then != lead.stage && (is_sales || lead.stage == "rejected" && r.then != "rejected"))
        .collect();
    let typed = asking.field("words");
    html! {
        @if is_sales {
            section.panel #log {
                h2 { "Log what you did" }
                p.hint { "It stops the clock of the first attempt now, and stays in the ledger. One tap; a sentence where it helps." }
                form method="post" action=(place) {
                    (own(asking))
                    (sentence("said", "What was said, if anything", typed, wrong))
                    div.go.row {
                        button.primary type="submit" name="act" value="call" { "Called, nobody there" }
                        button type="submit" name="act" value="call_reached" { "Called, both spoke" }
                        button type="submit" name="act" value="email" { "Wrote a mail" }
                        button type="submit" name="act" value="meeting_reached" { "Met" }
                    }
                }
            }
        }
        @if (is_sales || is_marketing && lead.stage == "rejected") && !is_closed {
            section.panel {
                h2 { @if is_sales { "Take it or turn it down" } @else { "Answer the rejection" } }
                @if is_sales && !matches!(lead.stage.as_str(), "sal" | "sql" | "opportunity") {
                    form method="post" action=(place) {
                        (own(asking))
                        div.go { button.primary type="submit" name="act" value="accept" { "Accept it" } }
                    }
                }
                form method="post" action=(place) {
                    (own(asking))
                    fieldset.field {
                        legend { "Why it is turned down" }
                        span.hint { "The reasons of the agreement; each says where the lead goes." }
                        @if let Some((_, words)) = wrong.iter().find(|(name, _)| *name == "reason") {
                            span.wrong id="reason-wrong" { span.vh { "Error: " } (words) }
                        }
                        @for (n, reason) in reasons.iter().enumerate() {
                            @let id = if n == 0 { "reason".to_owned() } else { format!("reason-{n}") };
                            div.choice {
                                input type="radio" id=(id) name="reason" value=(reason.name) checked[asking.field("reason") == reason.name];
                                label for=(id) { (reason.name) " " small { "→ " (reason.then) @if !reason.means.is_empty() { ": " (reason.means) } } }
                            }
                        }
                    }
                    (sentence("why", "In a sentence, for the other team", typed, wrong))
                    div.go { button type="submit" name="act" value="turn_down" { "Turn it down" } }
                }
            }
        }
        @if is_marketing && is_turned_down(&lead.stage) && !open {
            section.panel {
                h2 { "Appeal" }
                p.hint { "Sales answers within seven days; where it stands by its word, leadership decides. The verdict shows what is contested until then." }
                form method="post" action=(place) {
                    (own(asking))
                    (sentence("words", "Why it was turned down wrongly", typed, wrong))
                    div.go { button type="submit" name="act" value="appeal" { "Appeal it" } }
                }
            }
        }
    }
}

/// A sentence for what was done.
pub fn sentence(id: &'static str, label: &str, value: &str, wrong: &Wrong) -> Markup {
    let said = wrong.iter().find(|(name, _)| *name == id).map(|(_, words)| words);
    let wrong_id = format!("{id}-wrong");
    html! {
        div.field {
            label for=(id) { (label) }
            @if let Some(words) = said { span.wrong id=(wrong_id) { span.vh { "Error: " } (words) } }
            input.wide id=(id) name="words" type="text" maxlength="500" value=(value) autocomplete="off"
                aria-invalid=[said.map(|_| "true")] aria-describedby=[said.map(|_| wrong_id.as_str())];
        }
    }
}

/// What was said, in order.
pub fn said(all: &[Said]) -> Markup {
    html! {
        @if !all.is_empty() {
            ul.said {
                @for one in all { li { b { (one.act) } " " small { (one.user) ", " (one.when) " UTC" } br; (one.words) } }
            }
        }
    }
}
