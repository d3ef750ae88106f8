//! The writers: callers' jobs wait in one queue, and those that wait together share a commit, so
//! that many durable writes cost one fsync. A job that fails does not take its neighbours with it:
//! the batch is rolled back and every job runs again in a transaction of its own.
//!
//! SQLite has one writer, on a thread of its own; PostgreSQL has a few, each on its own connection.

mod batch;
mod postgres;
mod session;

use std::any::Any;
use std::pin::Pin;
use std::sync::Arc;

use tokio::sync::{Mutex, mpsc, oneshot};

use crate::StoreError;
use crate::conn::Conn;
use crate::hints::Hints;
use crate::record::Record;

pub(crate) use postgres::connect_at_start;
pub(crate) use session::Session;

/// What a job's future is.
pub(crate) type JobFuture<'t, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 't>>;

type AnyBox = Box<dyn Any + Send>;
type Run = Box<dyn for<'t> Fn(Conn<'t>) -> JobFuture<'t, AnyBox> + Send + Sync>;

/// Something to write.
enum Entry {
    /// Any statements.
    Job { run: Run, reply: oneshot::Sender<Result<AnyBox, StoreError>> },
    /// A worker's note about a destination. Those of a batch are written by the same statements.
    Record { record: Box<Record>, reply: oneshot::Sender<Result<bool, StoreError>> },
}

impl Entry {
    fn refuse(self, error: StoreError) {
        match self {
            Self::Job { reply, .. } => drop(reply.send(Err(error))),
            Self::Record { reply, .. } => drop(reply.send(Err(error))),
        }
    }
}

/// Where a writer runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// Among the tasks of the program.
    Task,
    /// On a thread of its own: a batch takes a dozen turns between the writer and the database, and in a
    /// burst each would wait behind all the tasks that the last commit has made ready.
    Thread,
}

impl Place {
    fn run(self, writing: impl Future<Output = ()> + Send + 'static) -> Result<(), StoreError> {
        match self {
            Self::Task => drop(tokio::spawn(writing)),
            Self::Thread => {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_time()
                    .build()
                    .map_err(sqlx::Error::Io)?;
                std::thread::Builder::new()
                    .name("writer".to_owned())
                    .spawn(move || runtime.block_on(writing))
                    .map_err(sqlx::Error::Io)?;
            }
        }
        Ok(())
    }
}

/// How many batches may wait before those who write wait to get in line.
const BATCHES_IN_LINE: usize = 4;

/// Hands jobs to the writers.
#[derive(Clone)]
pub(crate) struct Writer {
    entries: mpsc::Sender<Entry>,
    /// Each is ready once a writer has ended.
    ends: Arc<Mutex<Vec<oneshot::Receiver<()>>>>,
    closing: Arc<tokio::sync::watch::Sender<bool>>,
}

impl Writer {
    /// Starts one writer per session.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(crate) fn start(
        sessions: Vec<Session>,
        batch: usize,
        place: Place,
        hints: &Arc<Hints>,
    ) -> Result<Self, StoreError> {
        let batch = batch.max(1);
        let (entries, inbox) = mpsc::channel(batch * BATCHES_IN_LINE);
        let (closing, _) = tokio::sync::watch::channel(false);
        let inbox = Arc::new(Mutex::new(inbox));
        let mut ends = Vec::with_capacity(sessions.len());
        for session in sessions {
            let (end, ended) = oneshot::channel();
            let writing =
                write_all(session, Arc::clone(&inbox), batch, closing.subscribe(), Arc::clone(hints));
            place.run(async move {
                writing.await;
                let _ = end.send(());
            })?;
            ends.push(ended);
        }
        Ok(Self { entries, ends: Arc::new(Mutex::new(ends)), closing: Arc::new(closing) })
    }

    /// Runs `job` inside a write transaction and returns once it is durable. A job may run more
    /// than once, so it must have no effect but on the database.
    pub(crate) async fn run<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(Conn<'t>) -> JobFuture<'t, T> + Send + Sync + 'static,
    {
        #[cfg(feature = "simulation")]
        crate::gate::pass(std::any::type_name::<F>(), crate::Side::Before).await?;
        let job = Arc::new(job);
        let run: Run = Box::new(move |conn| {
            let job = Arc::clone(&job);
            Box::pin(async move { job(conn).await.map(|value| Box::new(value) as AnyBox) })
        });
        let (reply, answer) = oneshot::channel();
        self.entries.send(Entry::Job { run, reply }).await.map_err(|_| StoreError::Closed)?;
        let value = answer.await.map_err(|_| StoreError::Closed)??;
        #[cfg(feature = "simulation")]
        crate::gate::pass(std::any::type_name::<F>(), crate::Side::After).await?;
        value.downcast::<T>().map(|value| *value).map_err(|_| StoreError::Closed)
    }

    /// Writes a worker's note; `false` when its lease is gone or nothing may be sent any more.
    pub(crate) async fn record(&self, record: Record) -> Result<bool, StoreError> {
        #[cfg(feature = "simulation")]
        crate::gate::pass("record", crate::Side::Before).await?;
        let (reply, answer) = oneshot::channel();
        self.entries
            .send(Entry::Record { record: Box::new(record), reply })
            .await
            .map_err(|_| StoreError::Closed)?;
        let written = answer.await.map_err(|_| StoreError::Closed)??;
        #[cfg(feature = "simulation")]
        crate::gate::pass("record", crate::Side::After).await?;
        Ok(written)
    }

    pub(crate) async fn close(&self) {
        self.closing.send_replace(true);
        for ended in self.ends.lock().await.drain(..) {
            let _ = ended.await;
        }
    }
}

/// Lets everybody who is about to write get in line first, so that many share a commit: a small batch
/// costs nearly as much as a large one. Where nobody else is ready, nothing waits.
async fn gather(inbox: &mut mpsc::Receiver<Entry>, entries: &mut Vec<Entry>, batch: usize) {
    while entries.len() < batch {
        tokio::task::yield_now().await;
        if inbox.is_empty() {
            break;
        }
        inbox.recv_many(entries, batch - entries.len()).await;
    }
}

async fn write_all(
    mut session: Session,
    inbox: Arc<Mutex<mpsc::Receiver<Entry>>>,
    batch: usize,
    mut closing: tokio::sync::watch::Receiver<bool>,
    hints: Arc<Hints>,
) {
    let mut entries = Vec::with_capacity(batch);
    let mut is_closing = *closing.borrow();
    loop {
        {
            let mut inbox = inbox.lock().await;
            if is_closing {
                inbox.close();
            }
            tokio::select! {
                biased;
                count = inbox.recv_many(&mut entries, batch) => if count == 0 { break },
                _ = closing.changed(), if !is_closing => { is_closing = true; continue; }
            }
            gather(&mut inbox, &mut entries, batch).await;
        }
        batch::write(&mut session, std::mem::take(&mut entries), &hints).await;
    }
    session.close().await;
}
