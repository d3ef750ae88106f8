//! Traces by OTLP over HTTP. Off unless an address is configured or the environment's standard
//! variable names one.

use std::time::Duration;

use anyhow::{Context as _, Result};
use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use crate::config::{Config, LogFormat, environment_sets};

/// How long the end of the process may wait for a collector.
const FLUSH_WITHIN: Duration = Duration::from_secs(5);
/// Where a collector takes traces.
const PATH: &str = "/v1/traces";

/// Sets the exporter up; `None` when traces are off. Must not be called on the async runtime.
pub(crate) fn start(config: &Config) -> Result<Option<SdkTracerProvider>> {
    let address = config.otlp_endpoint.trim_end_matches('/');
    let standard = ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"];
    if address.is_empty() && !environment_sets(&standard) {
        return Ok(None);
    }
    let mut exporter = SpanExporter::builder().with_http();
    if !address.is_empty() {
        let base = address.strip_suffix(PATH).unwrap_or(address);
        exporter = exporter.with_endpoint(format!("{base}{PATH}"));
    }
    let exporter = exporter.build().context("cannot set up the export of traces")?;
    let mut resource =
        Resource::builder().with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")));
    if !environment_sets(&["OTEL_SERVICE_NAME"]) {
        resource = resource.with_service_name("fanfare");
    }
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build();
    Ok(Some(provider))
}

/// Starts the log with the exporter beside it.
pub(crate) fn start_log(traces: &SdkTracerProvider, filter: EnvFilter, colours: bool, format: LogFormat) {
    let log = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colours);
    let log = match format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().boxed(),
    };
    // Only Fanfare's own spans: those of the HTTP clients would hold the export itself.
    let own = Targets::new().with_target("fanfare", LevelFilter::DEBUG);
    let export = tracing_opentelemetry::layer()
        .with_location(false)
        .with_threads(false)
        .with_tracked_inactivity(false)
        .with_tracer(traces.tracer("fanfare"))
        .with_filter(own);
    tracing_subscriber::registry().with(log.with_filter(filter)).with(export).init();
}

/// Sends what is not sent yet. Waits a little for the collector, and not longer.
pub(crate) fn flush(traces: &SdkTracerProvider) {
    if let Err(error) = traces.shutdown_with_timeout(FLUSH_WITHIN) {
        tracing::warn!(error = %error, "the last traces could not be sent");
    }
}
