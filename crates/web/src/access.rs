//! Every route, and who may use it: the one table.
//!
//! Not here: what a page shows to whom within itself (a rep sees clocks and leads of their own; `pages`). Invariant: the
//! router is built from this table alone.

use desk::Role;

use crate::source::{Answer, Doing};

/// What a route answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    Home,
    SignIn,
    SignInPost,
    SignOut,
    Report,
    Export,
    Rows,
    Claims,
    ClaimPost,
    Clocks,
    Events,
    Lead,
    LeadPost,
    Leads,
    ViewPost,
    Disputes,
    DisputePost,
    FigurePost,
    Huddle,
    HuddlePost,
    Settings,
    SettingPost,
    Imports,
    ImportPost,
    MappingPost,
    Agreement,
    AgreementPost,
    AgreementNew,
    AgreementNewPost,
    Receipt,
    Ledger,
    VerifyPost,
    Rejects,
    RejectFile,
    MendPost,
    Glossary,
    Me,
    PasswordPost,
    TokenPost,
    Users,
    UserPost,
    User,
    UserChange,
    ClosePost,
    Audit,
    Api(Api),
    ApiGuide,
    Asset,
    Health,
    Ready,
    Metrics,
}

/// What a program asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Api {
    Report,
    Rows,
    Claims,
    Claim,
    Clocks,
    Lead,
    Leads,
    Act,
    Disputes,
    Answer,
    Huddle,
    Settings,
    Imports,
    Agreement,
    Ledger,
    Rejects,
    RejectFile,
    Mend,
    Entries,
    ClaimKeep,
    FigureDispute,
    Check,
    Propose,
    Sign,
    Decide,
    Set,
    Import,
    Mapping,
    Preview,
    Version,
    Receipt,
    File,
    Glossary,
    Me,
    Password,
    Tokens,
    TokenMake,
    TokenEnd,
    Views,
    ViewKeep,
    ViewDrop,
    Users,
    UserAdd,
    UserChange,
    UserPassword,
    UserClose,
    Audit,
    Verify,
    Document,
}

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Nobody needs to be signed in.
    Everyone,
    /// Whoever is signed in.
    SignedIn,
    /// These roles.
    Only(&'static [Role]),
}

impl Who {
    /// Whether somebody of a role may; `None` for nobody signed in.
    pub fn may(self, role: Option<Role>) -> bool {
        match (self, role) {
            (Who::Everyone, _) => true,
            (Who::SignedIn, role) => role.is_some(),
            (Who::Only(roles), Some(role)) => roles.contains(&role),
            (Who::Only(_), None) => false,
        }
    }
}

/// A route.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// Whether it is a `POST`; a `GET` otherwise.
    pub posts: bool,
    /// The path, with `{parts}`.
    pub path: &'static str,
    /// What answers.
    pub page: Page,
    /// Who may use it.
    pub who: Who,
}

impl Route {
    /// Whether it changes anything; some questions are posted because they are long.
    pub fn changes(&self) -> bool {
        self.posts && !matches!(self.page, Page::Api(Api::Check | Api::Preview | Api::Verify))
    }
}

/// Those who may see rows and leads: all but the mediator, who reads aggregates alone.
const ROWS: Who =
    Who::Only(&[Role::Admin, Role::Ceo, Role::SalesLead, Role::MarketingLead, Role::Revops, Role::Rep, Role::Marketer]);
/// Those who speak for a team: a claim is kept with whose it is.
const TEAMS: Who = Who::Only(&[Role::SalesLead, Role::MarketingLead, Role::Rep, Role::Marketer]);
/// Those who mend records; rejects show rows as they were, names and all.
const RECORDS: Who = Who::Only(&[Role::Admin, Role::Revops]);
/// Those who answer a dispute for a team, and those who decide one.
const DISPUTES: Who = Who::Only(&[Role::Ceo, Role::SalesLead, Role::MarketingLead, Role::Marketer, Role::Mediator]);
/// Those who speak for a team as a whole.
const LEADS: Who = Who::Only(&[Role::SalesLead, Role::MarketingLead]);
/// Those who may put a text forward, and those who sign for a party.
const PROPOSE: Who = Who::Only(&[Role::Ceo, Role::SalesLead, Role::MarketingLead, Role::Revops]);
const SIGN: Who = Who::Only(&[Role::Ceo, Role::SalesLead, Role::MarketingLead]);
const ADMIN: Who = Who::Only(&[Role::Admin]);

const fn get(path: &'static str, page: Page, who: Who) -> Route {
    Route { posts: false, path, page, who }
}

const fn post(path: &'static str, page: Page, who: Who) -> Route {
    Route { posts: true, path, page, who }
}

/// All routes.
pub const ROUTES: &[Route] = &[
    get("/", Page::Home, Who::SignedIn),
    get("/sign-in", Page::SignIn, Who::Everyone),
    post("/sign-in", Page::SignInPost, Who::Everyone),
    post("/sign-out", Page::SignOut, Who::SignedIn),
    get("/reports/{room}", Page::Report, Who::SignedIn),
    get("/reports/{room}/export/{format}", Page::Export, Who::SignedIn),
    get("/reports/{room}/rows/{figure}", Page::Rows, ROWS),
    get("/claims", Page::Claims, Who::SignedIn),
    post("/claims", Page::ClaimPost, TEAMS),
    get("/clocks", Page::Clocks, ROWS),
    get("/events", Page::Events, Who::SignedIn),
    get("/leads", Page::Leads, ROWS),
    post("/leads/views", Page::ViewPost, ROWS),
    get("/leads/{id}", Page::Lead, ROWS),
    post("/leads/{id}", Page::LeadPost, TEAMS),
    get("/huddle", Page::Huddle, ROWS),
    post("/huddle", Page::HuddlePost, TEAMS),
    get("/disputes", Page::Disputes, Who::SignedIn),
    post("/disputes/{name}", Page::DisputePost, DISPUTES),
    post("/reports/{room}/rows/{figure}", Page::FigurePost, LEADS),
    get("/agreement", Page::Agreement, Who::SignedIn),
    get("/agreement/new", Page::AgreementNew, PROPOSE),
    post("/agreement/new", Page::AgreementNewPost, PROPOSE),
    post("/agreement/{version}", Page::AgreementPost, SIGN),
    get("/agreement/{version}/receipts/{party}", Page::Receipt, Who::SignedIn),
    get("/ledger", Page::Ledger, Who::SignedIn),
    post("/ledger/verify", Page::VerifyPost, Who::SignedIn),
    get("/ledger/rejects", Page::Rejects, RECORDS),
    get("/ledger/rejects/{file}", Page::RejectFile, RECORDS),
    post("/ledger/rejects/{file}", Page::MendPost, RECORDS),
    get("/imports", Page::Imports, RECORDS),
    post("/imports", Page::ImportPost, RECORDS),
    post("/imports/mapping", Page::MappingPost, RECORDS),
    get("/glossary", Page::Glossary, Who::SignedIn),
    get("/me", Page::Me, Who::SignedIn),
    post("/me/password", Page::PasswordPost, Who::SignedIn),
    post("/me/tokens", Page::TokenPost, Who::SignedIn),
    get("/users", Page::Users, ADMIN),
    post("/users", Page::UserPost, ADMIN),
    post("/users/close", Page::ClosePost, ADMIN),
    get("/users/{user}", Page::User, ADMIN),
    post("/users/{user}", Page::UserChange, ADMIN),
    get("/audit", Page::Audit, ADMIN),
    get("/settings", Page::Settings, RECORDS),
    post("/settings", Page::SettingPost, ADMIN),
    get("/api", Page::ApiGuide, Who::SignedIn),
    get("/api/v1/openapi.json", Page::Api(Api::Document), Who::Everyone),
    get("/api/v1/reports/{room}", Page::Api(Api::Report), Who::SignedIn),
    get("/api/v1/reports/{room}/rows/{figure}", Page::Api(Api::Rows), ROWS),
    get("/api/v1/claims", Page::Api(Api::Claims), Who::SignedIn),
    get("/api/v1/claim", Page::Api(Api::Claim), Who::SignedIn),
    get("/api/v1/clocks", Page::Api(Api::Clocks), ROWS),
    get("/api/v1/leads", Page::Api(Api::Leads), ROWS),
    get("/api/v1/leads/{id}", Page::Api(Api::Lead), ROWS),
    post("/api/v1/leads/{id}/acts", Page::Api(Api::Act), TEAMS),
    get("/api/v1/huddle", Page::Api(Api::Huddle), ROWS),
    get("/api/v1/settings", Page::Api(Api::Settings), RECORDS),
    get("/api/v1/disputes", Page::Api(Api::Disputes), Who::SignedIn),
    post("/api/v1/disputes/{name}/answers", Page::Api(Api::Answer), DISPUTES),
    get("/api/v1/imports", Page::Api(Api::Imports), RECORDS),
    post("/api/v1/claims", Page::Api(Api::ClaimKeep), TEAMS),
    post("/api/v1/reports/{room}/rows/{figure}/disputes", Page::Api(Api::FigureDispute), LEADS),
    post("/api/v1/agreement/checks", Page::Api(Api::Check), PROPOSE),
    post("/api/v1/agreement/versions", Page::Api(Api::Propose), PROPOSE),
    post("/api/v1/agreement/versions/{version}/steps", Page::Api(Api::Sign), SIGN),
    post("/api/v1/huddle/notes", Page::Api(Api::Decide), TEAMS),
    post("/api/v1/settings", Page::Api(Api::Set), ADMIN),
    post("/api/v1/imports", Page::Api(Api::Import), RECORDS),
    post("/api/v1/entries", Page::Api(Api::Entries), RECORDS),
    get("/api/v1/agreement", Page::Api(Api::Agreement), Who::SignedIn),
    get("/api/v1/ledger", Page::Api(Api::Ledger), Who::SignedIn),
    post("/api/v1/ledger/checks", Page::Api(Api::Verify), Who::SignedIn),
    get("/api/v1/ledger/rejects", Page::Api(Api::Rejects), RECORDS),
    get("/api/v1/ledger/rejects/{file}", Page::Api(Api::RejectFile), RECORDS),
    post("/api/v1/ledger/rejects/{file}", Page::Api(Api::Mend), RECORDS),
    get("/api/v1/reports/{room}/files/{format}", Page::Api(Api::File), Who::SignedIn),
    post("/api/v1/imports/mappings", Page::Api(Api::Mapping), RECORDS),
    post("/api/v1/agreement/previews", Page::Api(Api::Preview), PROPOSE),
    get("/api/v1/agreement/versions/{version}", Page::Api(Api::Version), Who::SignedIn),
    get("/api/v1/agreement/versions/{version}/receipts/{party}", Page::Api(Api::Receipt), Who::SignedIn),
    get("/api/v1/glossary", Page::Api(Api::Glossary), Who::SignedIn),
    get("/api/v1/me", Page::Api(Api::Me), Who::SignedIn),
    post("/api/v1/me/password", Page::Api(Api::Password), Who::SignedIn),
    get("/api/v1/tokens", Page::Api(Api::Tokens), Who::SignedIn),
    post("/api/v1/tokens", Page::Api(Api::TokenMake), Who::SignedIn),
    post("/api/v1/tokens/end", Page::Api(Api::TokenEnd), Who::SignedIn),
    get("/api/v1/views", Page::Api(Api::Views), ROWS),
    post("/api/v1/views", Page::Api(Api::ViewKeep), ROWS),
    post("/api/v1/views/drop", Page::Api(Api::ViewDrop), ROWS),
    get("/api/v1/users", Page::Api(Api::Users), ADMIN),
    post("/api/v1/users", Page::Api(Api::UserAdd), ADMIN),
    post("/api/v1/users/{user}", Page::Api(Api::UserChange), ADMIN),
    post("/api/v1/users/{user}/password", Page::Api(Api::UserPassword), ADMIN),
    post("/api/v1/users/{user}/close", Page::Api(Api::UserClose), ADMIN),
    get("/api/v1/audit", Page::Api(Api::Audit), ADMIN),
    get("/assets/{name}", Page::Asset, Who::Everyone),
    get("/health", Page::Health, Who::Everyone),
    get("/ready", Page::Ready, Who::Everyone),
    get("/metrics", Page::Metrics, Who::Everyone),
];

/// Whether a role, or nobody signed in, may use a page.
pub fn may_open(page: Page, role: Option<Role>) -> bool {
    ROUTES.iter().any(|route| route.page == page && route.who.may(role))
}

/// For which party a role signs.
pub const fn party(role: Role) -> Option<&'static str> {
    match role {
        Role::SalesLead => Some("sales"),
        Role::MarketingLead => Some("marketing"),
        Role::Ceo => Some("leadership"),
        _ => None,
    }
}

/// Whether a role may do something about a lead; a rep about their own leads alone (`pages::lead`).
pub fn may_do(role: Role, doing: Doing) -> bool {
    match role {
        Role::SalesLead | Role::Rep => doing != Doing::Appeal,
        Role::MarketingLead | Role::Marketer => matches!(doing, Doing::Appeal | Doing::TurnDown),
        _ => false,
    }
}

/// Whether a role may answer a dispute in this way. Who opened it, and where it stands, the source asks.
pub fn may_answer(role: Role, answer: Answer, is_about_figure: bool) -> bool {
    match answer {
        Answer::Concede | Answer::Maintain => matches!(role, Role::SalesLead | Role::MarketingLead),
        Answer::Withdraw => matches!(role, Role::SalesLead | Role::MarketingLead | Role::Marketer),
        // about a lead there are persons to be known, which a mediator does not
        Answer::Uphold | Answer::Dismiss => role == Role::Ceo || role == Role::Mediator && is_about_figure,
    }
}

/// Method and path of every route.
pub fn routes() -> Vec<(&'static str, &'static str)> {
    ROUTES.iter().map(|route| (if route.posts { "POST" } else { "GET" }, route.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mediator_sees_no_rows_and_nobody_sees_anything_unsigned() {
        for route in ROUTES {
            let open = route.who.may(None);
            let is_outside = matches!(
                route.page,
                Page::SignIn
                    | Page::SignInPost
                    | Page::Asset
                    | Page::Health
                    | Page::Ready
                    | Page::Metrics
                    | Page::Api(Api::Document)
            );
            assert_eq!(open, is_outside, "{}", route.path);
            let about_rows = matches!(
                route.page,
                Page::Rows
                    | Page::Clocks
                    | Page::Lead
                    | Page::Rejects
                    | Page::LeadPost
                    | Page::Leads
                    | Page::Api(
                        Api::Rows | Api::Clocks | Api::Lead | Api::Leads | Api::Act | Api::Rejects | Api::Entries
                    )
            );
            assert!(!about_rows || !route.who.may(Some(Role::Mediator)), "{}", route.path);
        }
    }

    #[test]
    fn no_side_does_the_work_of_the_other_or_rules() {
        use Doing::{Accept, Appeal, Call};
        assert!(may_do(Role::Rep, Call) && may_do(Role::Rep, Accept) && !may_do(Role::Rep, Appeal));
        assert!(may_do(Role::Marketer, Appeal) && !may_do(Role::Marketer, Accept) && !may_do(Role::Marketer, Call));
        for role in Role::ALL {
            let rules = may_answer(role, Answer::Uphold, false);
            assert_eq!(rules, role == Role::Ceo, "{}", role.word());
            assert!(!rules || !may_answer(role, Answer::Concede, false));
            assert!(Doing::ALL.iter().all(|d| !may_do(role, *d)) || !may_answer(role, Answer::Dismiss, true));
        }
        assert!(may_answer(Role::Mediator, Answer::Dismiss, true));
    }

    #[test]
    fn no_route_stands_twice() {
        for (i, a) in ROUTES.iter().enumerate() {
            assert!(ROUTES[..i].iter().all(|b| (a.path, a.posts) != (b.path, b.posts)), "{}", a.path);
        }
    }
}
