//! What an operator may set of readings.

use domain::Span;

/// How the numbers of posts and accounts are read.
#[derive(Clone, Debug)]
pub struct MetricsConfig {
    /// Whether they are read at all.
    pub enabled: bool,
    /// How many accounts are read at a time.
    pub capacity: usize,
    /// Readings an hour with one platform, in place of what each connector says.
    pub per_hour: Option<u32>,
    /// How often to look for what went live.
    pub plan_every: Span,
}

impl Default for MetricsConfig {
    fn default() -> Self {
        Self { enabled: true, capacity: 4, per_hour: None, plan_every: Span::from_minutes(5) }
    }
}
