//! The pages that Lockstep serves: who may see which, signing in, and what stands on them.
//!
//! Here: one table of all routes with who may use each (`access`), sessions, the frame around every page. Not here: any
//! figure (they come ready from a [`Source`], which the front door implements), drawing of reports (`faces`), clocks (the time
//! is asked of a function that the caller gives). Invariant: a request is answered only by a route of the table, for somebody
//! whom the table names; pages are complete without script, and nothing outside is addressed.

mod access;
mod answer;
mod api;
mod app;
mod assets;
mod events;
mod few;
mod frame;
mod metrics;
mod pages;
mod passwords;
mod people;
mod scope;
mod seal;
mod serve;
mod session;
mod source;
mod throttle;
mod tls;
mod upload;

pub use access::routes;
pub use app::{App, Settings};
pub use pages::clocks::queue;
pub use pages::sentence;
pub use passwords::{LEAST_LENGTH, hash as hash_password, verify as verify_password};
pub use seal::{seal, unseal};
pub use serve::{router, serve};
pub use session::fresh_token;
pub use source::{
    AgendaItem, Answer, Asked, By, CheckedText, ClaimAsked, Clock, Clocks, DisputeLine, Doing, Huddle, ImportState,
    LeadAct, LeadLine, LeadPage, LeadsAsked, LeadsPage, LedgerPage, Line, Listing, Loss, Mended, Moment, Paged,
    Reading, Reason, Recorded, RejectFile, RejectRow, RejectedItem, Room, Said, SavedLine, Setting, SettingLine,
    SignAct, Signature, Signing, Sound, Source, Standing, TakenItems, Text, Trouble, TroubleKind, UnknownFile,
    VersionLine,
};
pub use tls::Tls;
