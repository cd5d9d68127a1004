//! Counts of what the server did, for Prometheus. The labels are the program's routes, never what a client sent.

use crate::value::Cell;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;
use std::sync::Arc;
use std::time::Duration;

/// Upper ends of the buckets, in seconds.
const BUCKETS: [f64; 12] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0, 5.0, 30.0];

/// What is counted since the start.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    in_flight: Gauge,
    connections: Gauge,
    cells: Gauge,
}

/// An answer that is to be counted.
pub(super) struct Count {
    pub(super) metrics: Arc<Metrics>,
    pub(super) method: &'static str,
    /// Empty when no route was found.
    pub(super) route: String,
    pub(super) status: u16,
}

impl Count {
    /// Counts it.
    pub(super) fn count(&self, took: Duration) {
        let Count { metrics, method, route, status } = self;
        let answered = Answered { method, route: route.clone(), status: *status };
        metrics.requests.get_or_create(&answered).inc();
        let of_route = OfRoute { route: route.clone() };
        metrics.seconds.get_or_create(&of_route).observe(took.as_secs_f64());
    }
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfRoute {
    route: String,
}

impl Metrics {
    /// Everything at zero.
    pub(super) fn new() -> Metrics {
        let mut registry = Registry::with_prefix("forge");
        let requests = Family::<Answered, Counter>::default();
        let seconds: Family<OfRoute, Histogram, fn() -> Histogram> =
            Family::new_with_constructor(|| Histogram::new(BUCKETS));
        let [in_flight, connections, cells] = std::array::from_fn(|_| Gauge::default());
        registry.register("requests", "Requests answered", requests.clone());
        registry.register("request_seconds", "Time from a request to its answer", seconds.clone());
        registry.register("in_flight", "Handlers that run or wait", in_flight.clone());
        registry.register("connections", "Open connections", connections.clone());
        registry.register("cells", "Variables that functions share", cells.clone());
        Metrics { registry, requests, seconds, in_flight, connections, cells }
    }

    /// All counts in the text format of Prometheus.
    pub(super) fn text(&self, in_flight: usize, connections: usize) -> String {
        self.in_flight.set(in_flight as i64);
        self.connections.set(connections as i64);
        self.cells.set(Cell::live());
        let mut text = String::new();
        encode(&mut text, &self.registry).expect("a String takes everything");
        text
    }
}

/// The method as a label; clients may invent names.
pub(super) fn method(name: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == name).unwrap_or("other")
}
