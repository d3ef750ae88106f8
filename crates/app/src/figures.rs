//! The figures that are read from the database when somebody scrapes, and not counted as they
//! happen: the length of the queue, what is overdue, which accounts need their owner.

use std::collections::{BTreeMap, BTreeSet};

use domain::{Span, Timestamp};
use telemetry::Queue;
use tokio::sync::Mutex;

use crate::{App, AppError};

/// When to read again, and after which delay something is overdue.
#[derive(Clone, Copy, Debug)]
pub struct FiguresConfig {
    /// What was read holds for this long: a storm of scrapes costs one look.
    pub cached_for: Span,
    /// A destination that is due for longer is overdue.
    pub overdue_after: Span,
}

impl Default for FiguresConfig {
    fn default() -> Self {
        Self { cached_for: Span::from_seconds(10), overdue_after: Span::from_minutes(1) }
    }
}

/// Reads the figures of the database now and then.
#[derive(Debug, Default)]
pub struct Figures {
    config: FiguresConfig,
    last: Mutex<Last>,
}

#[derive(Debug, Default)]
struct Last {
    read_at: Option<Timestamp>,
    /// Every platform that was ever shown: its figures go down to zero, they do not freeze.
    platforms: BTreeSet<String>,
}

impl Figures {
    /// Figures by these settings.
    pub fn new(config: FiguresConfig) -> Self {
        Self { config, last: Mutex::default() }
    }

    /// Brings the figures up to date, unless they were read a moment ago.
    ///
    /// # Errors
    /// Only internal ones. The figures then stay as they were.
    pub async fn refresh(&self, app: &App) -> Result<(), AppError> {
        let mut last = self.last.lock().await;
        let now = app.clock.now();
        if last.read_at.is_some_and(|at| at <= now && now.since(at) < self.config.cached_for) {
            return Ok(());
        }
        let open = app.store.count_open(now).await?;
        let overdue = app.store.count_overdue(now - self.config.overdue_after).await?;
        let reconnect = app.store.count_to_reconnect().await?;
        let backup = app.store.find_last_backup().await?;
        last.read_at = Some(now);

        let connected = app.registry.entries().iter().filter(|entry| entry.connector.is_some());
        last.platforms.extend(connected.map(|entry| entry.spec.name.to_string()));
        last.platforms.extend(open.iter().map(|row| row.platform.clone()));
        last.platforms.extend(overdue.iter().chain(&reconnect).map(|(platform, _)| platform.clone()));

        let mut queues: BTreeMap<&str, Queue> = BTreeMap::new();
        for row in &open {
            let queue = queues.entry(&row.platform).or_default();
            queue.due += count(row.due);
            if row.status == domain::DestinationStatus::Publishing.as_str() {
                queue.publishing += count(row.later);
            } else {
                queue.later += count(row.later);
            }
        }
        let of = |counts: &[(String, i64)], platform: &str| {
            counts.iter().find(|(name, _)| name == platform).map_or(0, |(_, number)| count(*number))
        };
        for platform in &last.platforms {
            telemetry::queue(platform, queues.get(platform.as_str()).copied().unwrap_or_default());
            telemetry::overdue(platform, of(&overdue, platform));
            telemetry::accounts_needing_reconnection(platform, of(&reconnect, platform));
        }
        telemetry::last_backup(backup.map(|backup| backup.made_at));
        let oldest = open.iter().filter(|row| row.due > 0).filter_map(|row| row.oldest).min();
        telemetry::oldest_due(oldest.map_or(Span::ZERO, |oldest| now.since(oldest)));
        Ok(())
    }
}

fn count(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
