//! Where the time of a report goes, for those who measure it: JSON lines on standard error where `LOCKSTEP_TIMINGS` is
//! set. With `LOCKSTEP_TIMINGS=sql` also every tally that was asked for, as SQL, beside its answer, so that another
//! engine can be asked the same over the same columns.
//!
//! Not here: anything that changes an answer. Invariant: without the variable nothing is measured and nothing is said.

mod sql;

use std::sync::Mutex;
use std::time::Instant;

use serde_json::{Value, json};
use tallies::{Extract, Facts, Label, Measured, Spec, Table, Tally};

/// What is to be said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Say {
    Nothing,
    Times,
    TimesAndSql,
}

/// The stages of one report and the time each took.
pub struct Timings {
    say: Say,
    last: Mutex<Instant>,
}

impl Timings {
    /// As the environment asks.
    pub fn start() -> Timings {
        let say = match std::env::var("LOCKSTEP_TIMINGS").as_deref() {
            Err(_) | Ok("" | "0") => Say::Nothing,
            Ok("sql") => Say::TimesAndSql,
            Ok(_) => Say::Times,
        };
        Timings { say, last: Mutex::new(Instant::now()) }
    }

    /// A stage ends here; the next begins.
    pub fn ends(&self, stage: &str) {
        let now = Instant::now();
        let took = now.duration_since(self.begin(now));
        self.tell(&json!({ "stage": stage, "ms": took.as_secs_f64() * 1e3 }));
    }

    /// A stage begins now; says when the one before did.
    fn begin(&self, now: Instant) -> Instant {
        let mut last = self.last.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::replace(&mut last, now)
    }

    /// These facts, with the time of every answer told.
    pub fn of<'a, F: Facts>(&'a self, facts: &'a F) -> Timed<'a, F> {
        Timed { facts, timings: self }
    }

    fn tell(&self, line: &Value) {
        if self.say != Say::Nothing {
            eprintln!("{line}");
        }
    }
}

/// Facts that tell how long each answer took.
pub struct Timed<'a, F> {
    facts: &'a F,
    timings: &'a Timings,
}

impl<F: Facts> Facts for Timed<'_, F> {
    type Error = F::Error;

    fn answer(&self, specs: &[Spec]) -> Result<Vec<Tally>, Self::Error> {
        self.timings.ends("rooms");
        let tallies = self.facts.answer(specs)?;
        self.timings.ends("scan");
        if self.timings.say == Say::TimesAndSql {
            for (spec, tally) in specs.iter().zip(&tallies) {
                self.timings.tell(&json!({ "spec": spec.name, "sql": sql::of(spec), "rows": rows(spec, tally) }));
            }
            self.timings.begin(Instant::now());
        }
        Ok(tallies)
    }

    fn extract(&self, ask: &Extract) -> Result<Table, Self::Error> {
        self.facts.extract(ask)
    }
}

/// The cells as rows: labels, then measures.
fn rows(spec: &Spec, tally: &Tally) -> Vec<Vec<Value>> {
    let label = |l: &Label| match l {
        Label::Number(n) => json!(n),
        Label::Text(text) => json!(text),
        Label::Missing => Value::Null,
    };
    let measure = |m: usize, cell: usize| match tally.measured.get(m) {
        Some(Measured::Real(_)) => json!(tally.real(cell, m)),
        _ => json!(tally.int(cell, m)),
    };
    (0..tally.cells)
        .map(|cell| {
            let labels = (0..spec.dims.len()).map(|axis| label(tally.label(cell, axis)));
            labels.chain((0..spec.measures.len()).map(|m| measure(m, cell))).collect()
        })
        .collect()
}
