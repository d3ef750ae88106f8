//! The one writer: callers' jobs run one after another and share a commit, so that many durable
//! writes cost one fsync. A job that fails does not take its neighbours with it: the batch is
//! rolled back and every job runs again in a transaction of its own.

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;

use futures_util::FutureExt as _;
use sqlx::{Connection as _, Executor as _, SqliteConnection};
use tokio::sync::{Mutex, mpsc, oneshot};

use crate::StoreError;
use crate::conn::Conn;

/// What a job's future is.
pub(crate) type JobFuture<'t, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 't>>;

type AnyBox = Box<dyn Any + Send>;
type Run = Box<dyn for<'t> Fn(Conn<'t>) -> JobFuture<'t, AnyBox> + Send + Sync>;

struct Job {
    run: Run,
    reply: oneshot::Sender<Result<AnyBox, StoreError>>,
}

/// Hands jobs to the writing task.
#[derive(Clone)]
pub(crate) struct Writer {
    jobs: mpsc::Sender<Job>,
    task: Arc<Mutex<Option<tokio::task::JoinHandle<()>>>>,
    closing: Arc<tokio::sync::Notify>,
}

impl Writer {
    pub(crate) fn start(connection: SqliteConnection, batch: usize) -> Self {
        let (jobs, inbox) = mpsc::channel(4096);
        let closing = Arc::new(tokio::sync::Notify::new());
        let task = tokio::spawn(write_all(connection, inbox, batch.max(1), Arc::clone(&closing)));
        Self { jobs, task: Arc::new(Mutex::new(Some(task))), closing }
    }

    /// Runs `job` inside a write transaction and returns once it is durable. A job may run more
    /// than once, so it must have no effect but on the database.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(Conn<'t>) -> JobFuture<'t, T> + Send + Sync + 'static,
    {
        let job = Arc::new(job);
        let run: Run = Box::new(move |conn| {
            let job = Arc::clone(&job);
            Box::pin(async move { job(conn).await.map(|value| Box::new(value) as AnyBox) })
        });
        let (reply, answer) = oneshot::channel();
        self.jobs.send(Job { run, reply }).await.map_err(|_| StoreError::Closed)?;
        let value = answer.await.map_err(|_| StoreError::Closed)??;
        value.downcast::<T>().map(|value| *value).map_err(|_| StoreError::Closed)
    }

    pub(crate) async fn close(&self) {
        self.closing.notify_one();
        if let Some(task) = self.task.lock().await.take() {
            let _ = task.await;
        }
    }
}

async fn write_all(
    mut connection: SqliteConnection,
    mut inbox: mpsc::Receiver<Job>,
    batch: usize,
    closing: Arc<tokio::sync::Notify>,
) {
    let mut jobs = Vec::with_capacity(batch);
    loop {
        let received = tokio::select! {
            biased;
            count = inbox.recv_many(&mut jobs, batch) => count,
            () = closing.notified() => { inbox.close(); continue; }
        };
        if received == 0 {
            break;
        }
        write_batch(&mut connection, std::mem::take(&mut jobs)).await;
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(error = %error, "the database did not close cleanly");
    }
}

async fn write_batch(connection: &mut SqliteConnection, jobs: Vec<Job>) {
    telemetry::write_batch(jobs.len());
    if jobs.len() > 1
        && let Ok(values) = write_together(connection, &jobs).await
    {
        for (job, value) in jobs.into_iter().zip(values) {
            let _ = job.reply.send(Ok(value));
        }
        return;
    }
    for job in jobs {
        let outcome = write_together(connection, std::slice::from_ref(&job)).await;
        let value = outcome.and_then(|values| values.into_iter().next().ok_or(StoreError::Closed));
        let _ = job.reply.send(value);
    }
}

/// All jobs in one transaction, or none of them.
async fn write_together(connection: &mut SqliteConnection, jobs: &[Job]) -> Result<Vec<AnyBox>, StoreError> {
    connection.execute("BEGIN IMMEDIATE").await?;
    let mut values = Vec::with_capacity(jobs.len());
    for job in jobs {
        let running = std::panic::AssertUnwindSafe((job.run)(Conn::Sqlite(connection)));
        match running.catch_unwind().await.unwrap_or(Err(StoreError::Panicked)) {
            Ok(value) => values.push(value),
            Err(error) => {
                connection.execute("ROLLBACK").await?;
                return Err(error);
            }
        }
    }
    if let Err(error) = connection.execute("COMMIT").await {
        // A commit that failed (disk full) may leave the transaction open.
        let _ = connection.execute("ROLLBACK").await;
        return Err(StoreError::Commit(error.to_string()));
    }
    Ok(values)
}
