//! What stands on each page.
//!
//! Not here: who may open it (`access`). Invariant: a page computes nothing; it asks the source, or the desk, and lays out.

pub mod agreement;
pub mod claims;
pub mod clocks;
pub mod disputes;
pub mod forms;
pub mod glossary;
mod guide;
pub mod huddle;
pub mod imports;
pub mod lead;
pub mod leads;
pub mod ledger;
mod listing;
mod me;
mod probes;
mod proposal;
pub mod rejects;
pub mod reports;
mod settings;
mod sign_in;
pub mod trouble;
pub mod users;

pub use self::forms::sentence;
pub use self::me::of;
use crate::access::Page;
use crate::answer::{self, Answer};
use crate::api;
use crate::app::App;
use crate::serve::Asking;

/// The answer to a request that may be answered.
pub fn answer(app: &App, asking: &Asking) -> Answer {
    match asking.page {
        Page::Home => answer::onward(home(asking)),
        Page::SignIn => sign_in::form(app, asking),
        Page::SignInPost => sign_in::sign_in(app, asking),
        Page::SignOut => sign_in::sign_out(app, asking),
        Page::Report => reports::page(app, asking),
        Page::Export => reports::export(app, asking),
        Page::Rows => reports::rows(app, asking),
        Page::Claims => claims::page(app, asking),
        Page::ClaimPost => claims::save(app, asking),
        Page::Clocks => clocks::page(app, asking),
        Page::Events => crate::events::answer(app),
        Page::Lead => lead::page(app, asking),
        Page::Leads => leads::page(app, asking),
        Page::ViewPost => leads::view(app, asking),
        Page::LeadPost => lead::act(app, asking),
        Page::Huddle => huddle::page(app, asking),
        Page::HuddlePost => huddle::decide(app, asking),
        Page::Imports => imports::page(app, asking),
        Page::ImportPost => imports::begin(app, asking),
        Page::MappingPost => imports::with_mapping(app, asking),
        Page::Settings => settings::page(app, asking),
        Page::SettingPost => settings::set(app, asking),
        Page::Disputes => disputes::page(app, asking),
        Page::DisputePost => disputes::answer(app, asking),
        Page::FigurePost => disputes::figure(app, asking),
        Page::Agreement => agreement::page(app, asking),
        Page::AgreementPost => agreement::sign(app, asking),
        Page::AgreementNew => proposal::form(app, asking),
        Page::AgreementNewPost => proposal::act(app, asking),
        Page::Receipt => agreement::receipt(app, asking),
        Page::Ledger => ledger::page(app, asking),
        Page::VerifyPost => ledger::verify(app, asking),
        Page::Rejects => rejects::page(app, asking),
        Page::RejectFile => rejects::file(app, asking),
        Page::MendPost => rejects::mend(app, asking),
        Page::Glossary => glossary::page(app, asking),
        Page::Me => me::page(app, asking),
        Page::PasswordPost => me::change(app, asking),
        Page::TokenPost => me::tokens(app, asking),
        Page::Users => users::page(app, asking),
        Page::UserPost => users::add(app, asking),
        Page::User => users::one(app, asking),
        Page::UserChange => users::change(app, asking),
        Page::ClosePost => users::close(app, asking),
        Page::Audit => users::audit(app, asking),
        Page::Api(what) => api::answer(app, asking, what),
        Page::ApiGuide => guide::page(app, asking),
        Page::Asset => probes::asset(asking),
        Page::Health => probes::health(),
        Page::Ready => probes::ready(app),
        Page::Metrics => probes::metrics(app, asking),
    }
}

/// Where somebody begins: who works leads with the clocks, all others with the verdict.
fn home(asking: &Asking) -> &'static str {
    match asking.viewer.as_ref().map(|v| v.user.role) {
        Some(desk::Role::Rep) => "/clocks",
        Some(desk::Role::Admin) => "/ledger",
        _ => "/reports/verdict",
    }
}
