//! Spans for a collector: OTLP over gRPC (server 9). Knows nothing of what the spans stand for.
//!
//! The exporter has threads of its own: a collector that is slow or away makes no request wait, and costs spans alone.

use opentelemetry::Context;
use opentelemetry::KeyValue;
use opentelemetry::propagation::Extractor;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;
use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::SpanExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkError;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::Sampler;
use opentelemetry_sdk::trace::SdkTracerProvider;
use std::error::Error;
use std::sync::OnceLock;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::runtime::Runtime;
use tracing::Level;
use tracing::Span;
use tracing::Subscriber;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

/// So long the end of a process waits for a collector.
const PATIENCE: Duration = Duration::from_secs(5);

/// What sends the spans of this process, if anything does.
static EXPORT: OnceLock<Option<Export>> = OnceLock::new();

struct Export {
    provider: SdkTracerProvider,
    /// The thread that speaks with the collector: no runtime of the program need live as long.
    _runtime: Runtime,
}

/// Begins to export when the environment names a collector. May be called again.
fn init_otel() -> Option<&'static SdkTracerProvider> {
    let is_asked_for = || said("OTEL_EXPORTER_OTLP_ENDPOINT").is_some();
    let made = EXPORT.get_or_init(|| {
        if !is_asked_for() {
            return None;
        }
        match export() {
            Ok(export) => Some(export),
            Err(error) => {
                eprintln!("spans are not exported: {error}");
                None
            }
        }
    });
    made.as_ref().map(|export| &export.provider)
}

/// What an environment variable says that is not empty.
fn said(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.trim().is_empty())
}

fn export() -> Result<Export, Box<dyn Error>> {
    let mut runtime = Builder::new_multi_thread();
    let runtime = runtime.worker_threads(1).thread_name("forge-spans").enable_all().build()?;
    let exporter = {
        let _inside = runtime.enter();
        SpanExporter::builder().with_tonic().build()?
    };
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(exporter)
        .with_sampler(Sampler::AlwaysOn)
        .with_resource(resource())
        .build();
    Ok(Export { provider, _runtime: runtime })
}

/// Who sends the spans: what the operator says, else `forge`.
fn resource() -> Resource {
    let attributes = said("OTEL_RESOURCE_ATTRIBUTES").unwrap_or_default();
    let mut keys = attributes.split(',').filter_map(|pair| Some(pair.split_once('=')?.0.trim()));
    let is_named = said("OTEL_SERVICE_NAME").is_some() || keys.any(|key| key == "service.name");
    let resource = Resource::builder();
    match is_named {
        true => resource.build(),
        false => resource.with_attribute(KeyValue::new("service.name", "forge")).build(),
    }
}

/// What hands spans over to the exporter: those of Forge, whatever standard error shows.
pub(super) fn layer<S>() -> Option<impl Layer<S> + Send + Sync>
where
    S: Subscriber + for<'a> LookupSpan<'a> + Send + Sync,
{
    let tracer = init_otel()?.tracer("forge");
    let layer = tracing_opentelemetry::layer().with_tracer(tracer);
    let layer = layer.with_location(false).with_threads(false).with_tracked_inactivity(false);
    Some(layer.with_filter(Targets::new().with_target("forge", Level::INFO)))
}

/// Whether spans of this process go to a collector.
pub fn otel_is_active() -> bool {
    matches!(EXPORT.get(), Some(Some(_)))
}

/// Sends what has not been sent, and ends the export. Waits for at most five seconds.
pub fn flush_otel() {
    let Some(Some(export)) = EXPORT.get() else { return };
    match export.provider.shutdown_with_timeout(PATIENCE) {
        Ok(()) | Err(OTelSdkError::AlreadyShutdown) => {}
        Err(error) => eprintln!("the last spans were not exported: {error}"),
    }
}

/// What the headers say that name a trace.
struct Headers<'a>([(&'static str, Option<&'a str>); 2]);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == key)?.1
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }
}

/// Makes `span` a part of the trace that the headers of its request name (W3C Trace Context), if they name one.
pub fn join_trace<'a>(span: &Span, header: impl Fn(&str) -> Option<&'a str>) {
    if !otel_is_active() {
        return;
    }
    let headers = Headers(["traceparent", "tracestate"].map(|name| (name, header(name))));
    let propagator = TraceContextPropagator::new();
    let parent = propagator.extract_with_context(&Context::new(), &headers);
    if parent.span().span_context().is_valid() {
        // It fails for a span that no layer listens to: nothing is exported then.
        let _ = span.set_parent(parent);
    }
}
