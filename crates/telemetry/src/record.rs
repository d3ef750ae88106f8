//! One function per thing that is counted, so that names and labels are written once.

use domain::{Span, Timestamp};
use metrics::{counter, gauge, histogram};

use crate::metric::Metric;

/// A destination was taken for the first time, so long after it was due.
pub fn claimed(platform: &str, lateness: Span) {
    histogram!(Metric::ClaimLateness.name(), "platform" => platform.to_owned()).record(seconds(lateness));
}

/// A destination is live, so long after it was due.
pub fn published(platform: &str, lateness: Span) {
    histogram!(Metric::PublishLateness.name(), "platform" => platform.to_owned()).record(seconds(lateness));
}

/// A call that publishes ended: `published`, `unknown`, or the class of its failure.
pub fn attempt(platform: &str, outcome: &'static str) {
    counter!(Metric::Attempts.name(), "platform" => platform.to_owned(), "outcome" => outcome).increment(1);
}

/// A destination came to its end: `published`, or the code of its failure.
pub fn finished(platform: &str, result: &'static str) {
    counter!(Metric::Finished.name(), "platform" => platform.to_owned(), "result" => result).increment(1);
}

/// A commit whose answer was lost was looked up.
pub fn reconciled(platform: &str, verdict: &'static str) {
    counter!(Metric::Reconciles.name(), "platform" => platform.to_owned(), "verdict" => verdict).increment(1);
}

/// A write was refused because the destination is another worker's, or its post is gone.
pub fn lease_lost() {
    counter!(Metric::LeasesLost.name()).increment(1);
}

/// An access token was to be renewed: `renewed`, `unchanged`, `failed`, or `needs_reconnection`.
pub fn token_renewal(platform: &str, outcome: &'static str) {
    counter!(Metric::TokenRenewals.name(), "platform" => platform.to_owned(), "outcome" => outcome)
        .increment(1);
}

/// A platform was asked whether it still takes a token: `alive`, `refused`, or `unanswered`.
pub fn token_probe(platform: &str, outcome: &'static str) {
    counter!(Metric::TokenProbes.name(), "platform" => platform.to_owned(), "outcome" => outcome)
        .increment(1);
}

/// A platform was asked how a post or an account does.
pub fn metric_reading(platform: &str, outcome: &'static str) {
    counter!(Metric::MetricReadings.name(), "platform" => platform.to_owned(), "outcome" => outcome)
        .increment(1);
}

/// An event was sent to a webhook's receiver: `delivered`, `failed`, or `gone`.
pub fn webhook_try(outcome: &'static str) {
    counter!(Metric::WebhookTries.name(), "outcome" => outcome).increment(1);
}

/// A platform serves this version of its API until then.
pub fn api_version_end(platform: &str, version: &str, ends_at: Timestamp) {
    let labels = [("platform", platform.to_owned()), ("version", version.to_owned())];
    gauge!(Metric::ApiVersionEnd.name(), &labels).set(seconds(ends_at.since(Timestamp::from_seconds(0))));
}

/// A look for due destinations failed.
pub fn claim_failed() {
    counter!(Metric::ClaimFailures.name()).increment(1);
}

/// This process works on so many destinations.
pub fn in_flight(count: usize) {
    gauge!(Metric::InFlight.name()).set(float(count));
}

/// The publish loop last came around so long ago.
pub fn loop_age(age: Span) {
    gauge!(Metric::LoopAge.name()).set(seconds(age));
}

/// How many destinations of a platform stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Queue {
    /// To be taken now.
    pub due: u64,
    /// To be taken later.
    pub later: u64,
    /// Begun: in a worker's hands, or waiting for the platform.
    pub publishing: u64,
}

/// A platform's queue.
pub fn queue(platform: &str, queue: Queue) {
    for (state, count) in [("due", queue.due), ("later", queue.later), ("publishing", queue.publishing)] {
        gauge!(Metric::Queue.name(), "platform" => platform.to_owned(), "state" => state).set(float(count));
    }
}

/// The oldest due destination has waited so long.
pub fn oldest_due(age: Span) {
    gauge!(Metric::OldestDue.name()).set(seconds(age));
}

/// So many destinations of a platform are overdue.
pub fn overdue(platform: &str, count: u64) {
    gauge!(Metric::Overdue.name(), "platform" => platform.to_owned()).set(float(count));
}

/// An alarm was raised for an overdue destination.
pub fn overdue_alarm(platform: &str) {
    counter!(Metric::OverdueAlarms.name(), "platform" => platform.to_owned()).increment(1);
}

/// So many accounts of a platform have to be connected again.
pub fn accounts_needing_reconnection(platform: &str, count: u64) {
    gauge!(Metric::NeedReconnection.name(), "platform" => platform.to_owned()).set(float(count));
}

/// The last backup holds this moment; `None` where there is none.
pub fn last_backup(made_at: Option<Timestamp>) {
    let start = Timestamp::from_seconds(0);
    gauge!(Metric::LastBackup.name()).set(made_at.map_or(0.0, |made_at| seconds(made_at.since(start))));
}

/// A request was answered. `route` is the pattern, never the path: a path holds ids.
pub fn http_request(method: &str, route: &str, status: u16, duration: Span) {
    let method = known_method(method);
    let route = route.to_owned();
    counter!(Metric::HttpRequests.name(),
        "method" => method, "route" => route.clone(), "status" => status.to_string())
    .increment(1);
    histogram!(Metric::HttpDuration.name(), "method" => method, "route" => route).record(seconds(duration));
}

/// A request was refused because of a limit, such as `requests per minute`.
pub fn rate_limited(limit: &str) {
    counter!(Metric::RateLimited.name(), "limit" => limit.to_owned()).increment(1);
}

/// So many write jobs shared a transaction.
pub fn write_batch(jobs: usize) {
    histogram!(Metric::WriteBatch.name()).record(float(jobs));
}

pub(crate) fn build(version: &str, started_at: Timestamp) {
    gauge!(Metric::BuildInfo.name(), "version" => version.to_owned()).set(1.0);
    gauge!(Metric::StartTime.name()).set(seconds(started_at.since(Timestamp::from_micros(0))));
}

#[expect(clippy::cast_precision_loss, reason = "a figure for a graph")]
pub(crate) fn memory(bytes: u64) {
    gauge!(Metric::Memory.name()).set(bytes as f64);
}

/// Callers may make up methods, and each would be a series of its own.
fn known_method(method: &str) -> &'static str {
    const KNOWN: [&str; 7] = ["GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS"];
    KNOWN.into_iter().find(|known| *known == method).unwrap_or("other")
}

#[expect(clippy::cast_precision_loss, reason = "figures for a graph")]
fn seconds(span: Span) -> f64 {
    // A clock that was set back makes nothing early.
    span.as_micros().max(0) as f64 / 1_000_000.0
}

fn float(count: impl TryInto<u32>) -> f64 {
    f64::from(count.try_into().unwrap_or(u32::MAX))
}
