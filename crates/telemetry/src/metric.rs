//! Every metric: its name, kind, labels and meaning. docs/observability.md holds the same table, and
//! a test compares the two.

/// A metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Metric {
    /// Due time to first claim.
    ClaimLateness,
    /// Due time to live.
    PublishLateness,
    /// Ends of calls that publish.
    Attempts,
    /// Destinations that came to their end.
    Finished,
    /// What look-ups of open commits said.
    Reconciles,
    /// Writes under a lease that was another's.
    LeasesLost,
    /// Renewals of tokens.
    TokenRenewals,
    /// Questions whether a token is still taken.
    TokenProbes,
    /// Tries to hand an event to a webhook.
    WebhookTries,
    /// Readings of how posts and accounts do.
    MetricReadings,
    /// Looks for due work that failed.
    ClaimFailures,
    /// Destinations being worked on by this process.
    InFlight,
    /// Since when the publish loop has not come around.
    LoopAge,
    /// Destinations that are not at their end.
    Queue,
    /// How long the oldest due destination waits.
    OldestDue,
    /// Destinations that are overdue.
    Overdue,
    /// Alarms for overdue destinations.
    OverdueAlarms,
    /// Accounts that a person has to connect again.
    NeedReconnection,
    /// When the served versions of the platforms' APIs end.
    ApiVersionEnd,
    /// When the last backup was made.
    LastBackup,
    /// Requests of the API.
    HttpRequests,
    /// How long requests of the API took.
    HttpDuration,
    /// Requests over a limit.
    RateLimited,
    /// Writes that shared a commit.
    WriteBatch,
    /// Which build runs.
    BuildInfo,
    /// When the process started.
    StartTime,
    /// Memory in use.
    Memory,
}

/// How a metric counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// A state.
    Gauge,
    /// A distribution, with the upper bounds of its buckets.
    Histogram(&'static [f64]),
}

impl Kind {
    /// The word that the Prometheus text uses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Counter => "counter",
            Self::Gauge => "gauge",
            Self::Histogram(_) => "histogram",
        }
    }
}

/// From an answer in time to an hour's delay.
const LATENESS: &[f64] =
    &[0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0, 900.0, 3600.0];
const REQUEST: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
const BATCH: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0];

impl Metric {
    /// Every metric, in the order of the documentation.
    pub const ALL: [Self; 27] = [
        Self::ClaimLateness,
        Self::PublishLateness,
        Self::Attempts,
        Self::Finished,
        Self::Reconciles,
        Self::LeasesLost,
        Self::TokenRenewals,
        Self::TokenProbes,
        Self::WebhookTries,
        Self::MetricReadings,
        Self::ClaimFailures,
        Self::InFlight,
        Self::LoopAge,
        Self::Queue,
        Self::OldestDue,
        Self::Overdue,
        Self::OverdueAlarms,
        Self::NeedReconnection,
        Self::ApiVersionEnd,
        Self::LastBackup,
        Self::HttpRequests,
        Self::HttpDuration,
        Self::RateLimited,
        Self::WriteBatch,
        Self::BuildInfo,
        Self::StartTime,
        Self::Memory,
    ];

    /// The name under which it is scraped.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClaimLateness => "fanfare_claim_lateness_seconds",
            Self::PublishLateness => "fanfare_publish_lateness_seconds",
            Self::Attempts => "fanfare_attempts_total",
            Self::Finished => "fanfare_destinations_finished_total",
            Self::Reconciles => "fanfare_reconciles_total",
            Self::LeasesLost => "fanfare_leases_lost_total",
            Self::TokenRenewals => "fanfare_token_renewals_total",
            Self::TokenProbes => "fanfare_token_probes_total",
            Self::WebhookTries => "fanfare_webhook_tries_total",
            Self::MetricReadings => "fanfare_metric_readings_total",
            Self::ClaimFailures => "fanfare_claim_failures_total",
            Self::InFlight => "fanfare_destinations_in_flight",
            Self::LoopAge => "fanfare_publish_loop_age_seconds",
            Self::Queue => "fanfare_queue_destinations",
            Self::OldestDue => "fanfare_queue_oldest_due_seconds",
            Self::Overdue => "fanfare_overdue_destinations",
            Self::OverdueAlarms => "fanfare_overdue_alarms_total",
            Self::NeedReconnection => "fanfare_accounts_needing_reconnection",
            Self::ApiVersionEnd => "fanfare_platform_api_version_end_seconds",
            Self::LastBackup => "fanfare_last_backup_time_seconds",
            Self::HttpRequests => "fanfare_http_requests_total",
            Self::HttpDuration => "fanfare_http_request_duration_seconds",
            Self::RateLimited => "fanfare_rate_limited_requests_total",
            Self::WriteBatch => "fanfare_write_batch_jobs",
            Self::BuildInfo => "fanfare_build_info",
            Self::StartTime => "process_start_time_seconds",
            Self::Memory => "process_resident_memory_bytes",
        }
    }

    /// How it counts.
    pub const fn kind(self) -> Kind {
        match self {
            Self::ClaimLateness | Self::PublishLateness => Kind::Histogram(LATENESS),
            Self::HttpDuration => Kind::Histogram(REQUEST),
            Self::WriteBatch => Kind::Histogram(BATCH),
            Self::InFlight
            | Self::LoopAge
            | Self::Queue
            | Self::OldestDue
            | Self::Overdue
            | Self::NeedReconnection
            | Self::ApiVersionEnd
            | Self::LastBackup
            | Self::BuildInfo
            | Self::StartTime
            | Self::Memory => Kind::Gauge,
            Self::Attempts
            | Self::Finished
            | Self::Reconciles
            | Self::LeasesLost
            | Self::TokenRenewals
            | Self::TokenProbes
            | Self::WebhookTries
            | Self::MetricReadings
            | Self::ClaimFailures
            | Self::OverdueAlarms
            | Self::HttpRequests
            | Self::RateLimited => Kind::Counter,
        }
    }

    /// The names of its labels.
    pub const fn labels(self) -> &'static [&'static str] {
        match self {
            Self::ClaimLateness
            | Self::PublishLateness
            | Self::Overdue
            | Self::OverdueAlarms
            | Self::NeedReconnection => &["platform"],
            Self::ApiVersionEnd => &["platform", "version"],
            Self::Attempts | Self::TokenRenewals | Self::TokenProbes | Self::MetricReadings => {
                &["platform", "outcome"]
            }
            Self::WebhookTries => &["outcome"],
            Self::Finished => &["platform", "result"],
            Self::Reconciles => &["platform", "verdict"],
            Self::Queue => &["platform", "state"],
            Self::HttpRequests => &["method", "route", "status"],
            Self::HttpDuration => &["method", "route"],
            Self::RateLimited => &["limit"],
            Self::BuildInfo => &["version"],
            Self::LeasesLost
            | Self::ClaimFailures
            | Self::InFlight
            | Self::LoopAge
            | Self::OldestDue
            | Self::LastBackup
            | Self::WriteBatch
            | Self::StartTime
            | Self::Memory => &[],
        }
    }

    /// What it says, in one sentence.
    pub const fn help(self) -> &'static str {
        match self {
            Self::ClaimLateness => {
                "Seconds from a destination's due time to the first time a worker took it."
            }
            Self::PublishLateness => "Seconds from a destination's due time until it was live.",
            Self::Attempts => "Calls that publish, by how they ended.",
            Self::Finished => "Destinations that came to their end: published, or failed for this reason.",
            Self::Reconciles => "Look-ups of commits whose answer was lost, by what they found.",
            Self::LeasesLost => {
                "Writes that were refused because the destination was another worker's or gone."
            }
            Self::TokenRenewals => "Renewals of access tokens.",
            Self::TokenProbes => "Questions to platforms whether they still take a token.",
            Self::WebhookTries => "Tries to hand an event to a webhook's receiver.",
            Self::MetricReadings => "Questions how a post or an account does.",
            Self::ClaimFailures => "Looks for due destinations that failed because the database did.",
            Self::InFlight => "Destinations that this process works on.",
            Self::LoopAge => "Seconds since this process's publish loop last came around.",
            Self::Queue => "Destinations that are not at their end.",
            Self::OldestDue => "Seconds that the oldest due destination has waited; 0 when nothing waits.",
            Self::Overdue => "Destinations that are overdue: due for longer than the alarm allows.",
            Self::OverdueAlarms => "Alarms that this process raised for overdue destinations.",
            Self::NeedReconnection => "Accounts whose access died; a person has to connect them again.",
            Self::ApiVersionEnd => {
                "When the platform stops to serve the version of its API that is in use, in seconds since 1970."
            }
            Self::LastBackup => {
                "The moment that the last backup by this program holds, in seconds since 1970; 0 when there is none."
            }
            Self::HttpRequests => "Requests that were answered.",
            Self::HttpDuration => "Seconds from a request's arrival to its answer.",
            Self::RateLimited => "Requests that were refused because their key had reached a limit.",
            Self::WriteBatch => "Write jobs that shared one transaction.",
            Self::BuildInfo => "Always 1; the label says which version runs.",
            Self::StartTime => "When the process started, in seconds since 1970.",
            Self::Memory => "Resident memory of the process in bytes.",
        }
    }
}
