//! Hints between the nodes of one PostgreSQL database that something becomes due. A hint carries
//! no work and may be lost: workers also look by themselves.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use domain::Timestamp;
use sqlx::postgres::{PgConnectOptions, PgListener, PgPoolOptions};
use sqlx::{Connection as _, PgConnection};
use tokio::sync::Notify;

use crate::open::Backend;
use crate::{Store, StoreError};

const CHANNEL: &str = "fanfare_due";
/// How long a connection that was lost is left alone before it is made again.
const PAUSE: Duration = Duration::from_millis(500);
/// The least time between two hints: each one locks the database's commits for a moment.
const BETWEEN_HINTS: Duration = Duration::from_millis(5);

/// Tells the other nodes when something becomes due. On SQLite there are none.
#[derive(Clone)]
pub struct Announcer(Option<Arc<Pending>>);

struct Pending {
    /// The earliest time that was not announced yet.
    due: AtomicI64,
    some: Notify,
}

impl Announcer {
    /// Something becomes due at `due`. Returns at once; hints of the same moment become one.
    pub fn due_at(&self, due: Timestamp) {
        if let Some(pending) = &self.0 {
            pending.due.fetch_min(due.as_micros(), Ordering::AcqRel);
            pending.some.notify_one();
        }
    }
}

impl Store {
    /// Starts telling the other nodes, for as long as the announcer lives.
    pub fn announcer(&self) -> Announcer {
        let Backend::Postgres(options) = &self.backend else { return Announcer(None) };
        let pending = Arc::new(Pending { due: AtomicI64::new(i64::MAX), some: Notify::new() });
        tokio::spawn(announce(options.clone(), Arc::downgrade(&pending)));
        Announcer(Some(pending))
    }

    /// Calls `woken` with the time at which something becomes due, for each hint of another node,
    /// and after each time that the connection for hints was lost: then, hints may be missing.
    /// Returns at once on SQLite; otherwise it does not return, and it may be dropped at any time.
    pub async fn listen(&self, woken: impl Fn(Timestamp) + Send) {
        let Backend::Postgres(options) = &self.backend else { return };
        loop {
            match listen_once(options, &woken).await {
                Ok(()) => {}
                Err(error) => {
                    tracing::warn!(error = %error, "the connection for hints was lost; it is made again");
                }
            }
            pause(PAUSE).await;
        }
    }
}

async fn listen_once(options: &PgConnectOptions, woken: &impl Fn(Timestamp)) -> Result<(), StoreError> {
    let pool = PgPoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
    let mut listener = PgListener::connect_with(&pool).await?;
    listener.listen(CHANNEL).await?;
    // What was hinted at while nobody listened.
    woken(Timestamp::from_micros(0));
    // `None` says that the connection was lost.
    while let Some(hint) = listener.try_recv().await? {
        woken(hint.payload().parse().map_or(Timestamp::from_micros(0), Timestamp::from_micros));
    }
    Ok(())
}

async fn announce(options: Box<PgConnectOptions>, pending: std::sync::Weak<Pending>) {
    let mut connection: Option<PgConnection> = None;
    while let Some(alive) = pending.upgrade() {
        let due = alive.due.swap(i64::MAX, Ordering::AcqRel);
        if due == i64::MAX {
            // Looks now and then whether there is still somebody to wait for.
            let _ = tokio::time::timeout(Duration::from_secs(5), alive.some.notified()).await;
            continue;
        }
        if let Err(error) = hint(&options, &mut connection, due).await {
            tracing::warn!(error = %error, "a hint could not be sent; the workers look by themselves");
            connection = None;
            alive.due.fetch_min(due, Ordering::AcqRel);
            drop(alive);
            pause(PAUSE).await;
            continue;
        }
        drop(alive);
        pause(BETWEEN_HINTS).await;
    }
    if let Some(connection) = connection {
        let _ = connection.close().await;
    }
}

async fn hint(
    options: &PgConnectOptions,
    connection: &mut Option<PgConnection>,
    due: i64,
) -> Result<(), StoreError> {
    let open = match connection {
        Some(open) => open,
        None => connection.insert(PgConnection::connect_with(options).await?),
    };
    sqlx::query("SELECT pg_notify($1, $2)").bind(CHANNEL).bind(due.to_string()).execute(open).await?;
    Ok(())
}

async fn pause(length: Duration) {
    #[expect(clippy::disallowed_methods, reason = "the database driver's own pause, not the product's time")]
    tokio::time::sleep(length).await;
}
