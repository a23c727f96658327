//! What is counted about the service itself, in the text form that Prometheus reads.

use std::sync::atomic::AtomicU64;

use prometheus_client::encoding::{EncodeLabelSet, text::encode};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Labels {
    /// The route's path with its `{parts}`: never what stands in them.
    route: String,
    status: u16,
}

/// Upper edges of answer times, in seconds.
const EDGES: [f64; 9] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];

/// Counters.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    requests: Family<Labels, Counter<u64, AtomicU64>>,
    seconds: Histogram,
    refused: Counter<u64, AtomicU64>,
}

impl Default for Metrics {
    fn default() -> Metrics {
        let mut registry = Registry::with_prefix("lockstep");
        let requests = Family::<Labels, Counter<u64, AtomicU64>>::default();
        let seconds = Histogram::new(EDGES);
        let refused = Counter::<u64, AtomicU64>::default();
        registry.register("requests", "Requests answered, by route and status", requests.clone());
        registry.register("answer_seconds", "Seconds until a request was answered", seconds.clone());
        registry.register("sign_ins_refused", "Sign-ins refused", refused.clone());
        Metrics { registry, requests, seconds, refused }
    }
}

impl Metrics {
    /// Notes an answer.
    pub fn answered(&self, route: &str, status: u16, seconds: f64) {
        self.requests.get_or_create(&Labels { route: route.to_owned(), status }).inc();
        self.seconds.observe(seconds);
    }

    /// Notes a sign-in that was refused.
    pub fn sign_in_refused(&self) {
        self.refused.inc();
    }

    /// All of it as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // writing into a string does not fail
        let _ = encode(&mut out, &self.registry);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_stand_in_the_text() {
        let metrics = Metrics::default();
        metrics.answered("/leads/{id}", 200, 0.02);
        metrics.sign_in_refused();
        let text = metrics.text();
        assert!(text.contains("lockstep_requests_total{route=\"/leads/{id}\",status=\"200\"} 1"), "{text}");
        assert!(text.contains("lockstep_sign_ins_refused_total 1") && text.contains("answer_seconds_bucket"));
    }
}
