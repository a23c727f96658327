//! What all requests share.

use std::sync::Arc;

use desk::{Act, Desk};
use terms::Instant;
use tokio::sync::{Semaphore, watch};

use crate::metrics::Metrics;
use crate::source::{Moment, Source};
use crate::throttle::Throttle;

/// How the pages are served.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// Whether readers come over TLS, by a proxy in front: cookies travel over TLS alone then.
    pub secure: bool,
    /// Whether the client's address is what a proxy says in `X-Forwarded-For`.
    pub behind_proxy: bool,
    /// The company's name, shown in the frame.
    pub company: String,
    /// Names that can be typed to look around, each with its password; of a demo alone.
    pub shown_sign_ins: Vec<(String, String, String)>,
}

/// What all requests share.
pub struct App {
    pub(crate) source: Arc<dyn Source>,
    pub(crate) desk: Desk,
    pub(crate) settings: Settings,
    pub(crate) now: fn() -> Instant,
    pub(crate) throttle: Throttle,
    pub(crate) metrics: Metrics,
    pub(crate) changes: watch::Receiver<Moment>,
    /// Whether the service comes to its end: streams end with it.
    pub(crate) ending: watch::Sender<bool>,
    /// How many more answers may be made at once; whoever comes then waits for a turn, and holds no thread and no memory meanwhile.
    pub(crate) turns: Arc<Semaphore>,
}

/// Answers made at once. More would not come sooner: they share the processors, and each holds what it reads.
const AT_ONCE: usize = 64;

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl App {
    /// Pages over a source and a desk; `now` tells the time.
    pub fn new(source: Arc<dyn Source>, desk: Desk, settings: Settings, now: fn() -> Instant) -> Arc<App> {
        let (changes, ending) = (source.changes(), watch::Sender::new(false));
        let (throttle, metrics) = (Throttle::default(), Metrics::default());
        Arc::new(App {
            source,
            desk,
            settings,
            now,
            throttle,
            metrics,
            changes,
            ending,
            turns: Arc::new(Semaphore::new(AT_ONCE)),
        })
    }

    /// Notes in the audit log who did what. Where that fails, the failure itself is logged: a full disk should stop nobody
    /// from reading.
    pub(crate) fn note(&self, user: &str, act: &str, subject: &str, client: &str) {
        let act = Act {
            at: (self.now)(),
            user: user.to_owned(),
            act: act.to_owned(),
            subject: subject.to_owned(),
            origin: client.to_owned(),
        };
        if let Err(error) = self.desk.note_act(&act) {
            tracing::error!(code = error.code(), "the audit log could not be written: {error}");
        }
    }
}
