//! What an operator may set.

use connector::PlatformConfigs;
use domain::Span;
use domain::retry::RetryPolicy;
use media::Tools;

use url::Url;

use crate::{DeliverConfig, LimitsConfig, MetricsConfig, TokensConfig};

/// The engine's settings.
#[derive(Clone, Debug)]
pub struct EngineConfig {
    /// How many destinations are worked on at a time.
    pub capacity: u32,
    /// How long a lease lasts without being renewed. Longer than any one request may take.
    pub lease: Span,
    /// Attempts and pauses.
    pub retry: RetryPolicy,
    /// Replaces every platform's settle time; for the sandbox, whose lists are current at once.
    pub settle: Option<Span>,
    /// How long a stop waits for what is in flight.
    pub grace: Span,
    /// How often the database is asked without having been woken: a safety net.
    pub poll: Span,
    /// What is counted here of the platforms' limits.
    pub limits: LimitsConfig,
    /// Where platforms reach this server, with a slash at its end; `None` where they cannot.
    pub public_url: Option<Url>,
    /// Renewals and probes of accounts' access.
    pub tokens: TokensConfig,
    /// Deliveries to webhooks.
    pub deliver: DeliverConfig,
    /// Readings of how posts and accounts do.
    pub metrics: MetricsConfig,
    /// The programs with which media are converted.
    pub tools: Tools,
    /// Per platform.
    pub platforms: PlatformConfigs,
}

impl Default for EngineConfig {
    fn default() -> Self {
        Self {
            capacity: 128,
            lease: Span::from_seconds(90),
            retry: RetryPolicy::default(),
            settle: None,
            grace: Span::from_seconds(10),
            poll: Span::from_seconds(20),
            limits: LimitsConfig::default(),
            public_url: None,
            tokens: TokensConfig::default(),
            deliver: DeliverConfig::default(),
            metrics: MetricsConfig::default(),
            tools: Tools::none(),
            platforms: PlatformConfigs::default(),
        }
    }
}
