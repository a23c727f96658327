//! Live updates: one stream for each page that is looked at, which says what pages show now.
//!
//! Invariant: an event is a number that says nothing of anybody; what is behind it, its reader asks for as for any page. A stream
//! ends after a while, so that whoever was signed out meanwhile gets no other.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use futures::future::{Either, select};
use tokio::sync::watch::Receiver;
use tokio::time::{Instant, sleep_until};

use crate::answer::{self, Answer};
use crate::app::App;
use crate::source::Moment;

/// After so long its reader asks anew.
const LONGEST: Duration = Duration::from_secs(300);
/// So often something is sent, so that whatever stands between does not take it for dead.
const QUIET: Duration = Duration::from_secs(20);

struct Stream {
    changes: Receiver<Moment>,
    ending: Receiver<bool>,
    until: Instant,
    is_first: bool,
}

impl Stream {
    /// What is sent next; `None` where it ends.
    async fn next(&mut self) -> Option<String> {
        if std::mem::take(&mut self.is_first) {
            let now = *self.changes.borrow_and_update();
            return Some(format!("retry: 3000\ndata: {now}\n\n"));
        }
        let wake = (Instant::now() + QUIET).min(self.until);
        let is_changed = {
            let ended = pin!(self.ending.wait_for(|ending| *ending));
            let changed = pin!(self.changes.changed());
            let slept = pin!(sleep_until(wake));
            match select(select(changed, slept), ended).await {
                Either::Right(_) | Either::Left((Either::Left((Err(_), _)), _)) => return None,
                Either::Left((Either::Left((Ok(()), _)), _)) => true,
                Either::Left((Either::Right(_), _)) => false,
            }
        };
        match is_changed {
            true => Some(format!("data: {}\n\n", *self.changes.borrow())),
            false => (Instant::now() < self.until).then(|| ": \n\n".to_owned()),
        }
    }
}

/// The stream of a page.
pub fn answer(app: &App) -> Answer {
    let stream = Stream {
        changes: app.changes.clone(),
        ending: app.ending.subscribe(),
        until: Instant::now() + LONGEST,
        is_first: true,
    };
    let sent = futures::stream::unfold(stream, |mut stream| async move {
        let text = stream.next().await?;
        Some((Ok::<Bytes, Infallible>(Bytes::from(text)), stream))
    });
    answer::of(StatusCode::OK, "text/event-stream", Body::from_stream(sent))
}
