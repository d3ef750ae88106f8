//! Collects what is recorded, and writes it as Prometheus text.

use std::sync::Arc;

use domain::Timestamp;
use metrics::{Level, LocalRecorderGuard, Metadata, Recorder as _};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle, PrometheusRecorder};

use crate::metric::{Kind, Metric};
use crate::process;

/// Why metrics cannot be collected.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A table of buckets is empty.
    #[error("a histogram has no buckets: {0}")]
    Buckets(String),
    /// Something else in this process collects metrics already.
    #[error("metrics are collected already")]
    Taken,
}

/// Collects metrics. Cheap to clone.
#[derive(Clone)]
pub struct Exporter {
    recorder: Arc<PrometheusRecorder>,
    handle: PrometheusHandle,
    started_at: Timestamp,
    version: Arc<str>,
}

/// While it lives, what its thread records goes to one exporter and to no other.
pub struct LocalScope<'e> {
    _guard: LocalRecorderGuard<'e>,
}

impl Exporter {
    /// An exporter that nothing is recorded in yet; see [`Exporter::install`] and
    /// [`Exporter::on_this_thread`].
    ///
    /// # Errors
    /// [`InstallError::Buckets`], which is a fault of the table of metrics.
    pub fn new(version: &str, started_at: Timestamp) -> Result<Self, InstallError> {
        let mut builder = PrometheusBuilder::new();
        for metric in Metric::ALL {
            if let Kind::Histogram(buckets) = metric.kind() {
                builder = builder
                    .set_buckets_for_metric(Matcher::Full(metric.name().to_owned()), buckets)
                    .map_err(|error| InstallError::Buckets(error.to_string()))?;
            }
        }
        let recorder = Arc::new(builder.build_recorder());
        let exporter = Self { handle: recorder.handle(), recorder, started_at, version: version.into() };
        exporter.describe();
        Ok(exporter)
    }

    /// Makes this the one that the whole process records in.
    ///
    /// # Errors
    /// [`InstallError::Taken`].
    pub fn install(&self) -> Result<(), InstallError> {
        metrics::set_global_recorder(Arc::clone(&self.recorder)).map_err(|_| InstallError::Taken)
    }

    /// Makes this the one that the present thread records in, for as long as the answer lives: for
    /// tests that count.
    pub fn on_this_thread(&self) -> LocalScope<'_> {
        LocalScope { _guard: metrics::set_default_local_recorder(&*self.recorder) }
    }

    /// The Prometheus text.
    pub fn render(&self) -> String {
        metrics::with_local_recorder(&*self.recorder, || {
            crate::record::build(&self.version, self.started_at);
            if let Some(bytes) = process::resident_memory_bytes() {
                crate::record::memory(bytes);
            }
        });
        self.handle.render()
    }

    /// Sorts what was recorded into buckets. Without it, an exporter that nobody reads would grow.
    pub fn tidy(&self) {
        self.handle.run_upkeep();
    }

    /// Gives every metric its help text, and begins those without labels at zero.
    fn describe(&self) {
        let metadata = Metadata::new(module_path!(), Level::INFO, None);
        for metric in Metric::ALL {
            let (name, help) = (metric.name().into(), metric.help().into());
            let key = metrics::Key::from_static_name(metric.name());
            let plain = metric.labels().is_empty();
            match metric.kind() {
                Kind::Counter => {
                    self.recorder.describe_counter(name, None, help);
                    if plain {
                        self.recorder.register_counter(&key, &metadata).increment(0);
                    }
                }
                Kind::Gauge => self.recorder.describe_gauge(name, None, help),
                Kind::Histogram(_) => self.recorder.describe_histogram(name, None, help),
            }
        }
    }
}

impl std::fmt::Debug for Exporter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exporter").field("version", &self.version).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_recorded_on_a_thread_is_in_its_text_and_in_no_other() {
        let start = Timestamp::from_seconds(1_800_000_000);
        let (one, other) = (Exporter::new("1.2.3", start).unwrap(), Exporter::new("1.2.3", start).unwrap());
        let scope = one.on_this_thread();
        crate::attempt("x", "published");
        crate::attempt("x", "published");
        crate::claimed("x", domain::Span::from_seconds(3));
        drop(scope);
        crate::attempt("x", "published");
        let text = one.render();
        assert!(text.contains("fanfare_attempts_total{platform=\"x\",outcome=\"published\"} 2"), "{text}");
        assert!(
            text.contains("fanfare_claim_lateness_seconds_bucket{platform=\"x\",le=\"2.5\"} 0"),
            "{text}"
        );
        assert!(text.contains("fanfare_claim_lateness_seconds_bucket{platform=\"x\",le=\"5\"} 1"), "{text}");
        assert!(text.contains("fanfare_build_info{version=\"1.2.3\"} 1"), "{text}");
        assert!(text.contains("process_start_time_seconds 1800000000"), "{text}");
        assert!(text.contains("fanfare_leases_lost_total 0"), "{text}");
        assert!(!other.render().contains("fanfare_attempts_total{"));
    }

    #[test]
    fn names_are_unique_and_say_their_kind() {
        let mut names: Vec<&str> = Metric::ALL.iter().map(|metric| metric.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Metric::ALL.len());
        for metric in Metric::ALL {
            let counts = metric.kind() == Kind::Counter;
            assert_eq!(counts, metric.name().ends_with("_total"), "{}", metric.name());
        }
    }
}
