//! Deliveries: how many events a second reach receivers that answer at once, and whether one that
//! never answers slows the others down.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use connector::Registry;
use domain::event::EventKind;
use domain::{EventId, Span, WebhookId};
use engine::{Engine, EngineConfig, Parts, Wake};
use media::MediaFiles;
use net::{ClientConfig, Clock as _, GuardedClient, GuardedConfig, SystemClock, SystemEntropy};
use store::{AccountSource, Keyring, NewWebhook, OrganizationRow, Store, StoreConfig};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::burst::stage::{account, id, organization};
use crate::database::{Database, Databases, Kind};
use crate::report::{Entry, Goal, Report};
use crate::stopwatch::now;
use crate::workplace::Workplace;

const LOOK_EVERY: Span = Span::from_millis(5);
const TOO_LONG: Duration = Duration::from_mins(5);
/// Longer than any receiver is waited for.
const NEVER: Duration = Duration::from_mins(10);
const TOGETHER: usize = 200;

/// How much is delivered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Deliveries {
    pub(crate) webhooks: usize,
    pub(crate) events: usize,
    /// Runs of each kind, in turn; the middle one counts.
    pub(crate) rounds: usize,
}

/// Takes the figures on both databases.
pub(crate) async fn measure(workplace: &Workplace, size: Deliveries, report: &mut Report) -> Result<()> {
    let databases = Databases::start(workplace, &[])?;
    for kind in workplace.kinds() {
        // In turn, so that whatever else the machine does meets both alike.
        let (mut even, mut beside_slow) = (Vec::new(), Vec::new());
        for _ in 0..size.rounds {
            even.push(run(&databases, kind, size, false).await?);
            beside_slow.push(run(&databases, kind, size, true).await?);
        }
        let (even, beside_slow) = (middle(even), middle(beside_slow));
        report.add(all_fast(kind, size, even));
        report.add(one_slow(kind, size, beside_slow, even));
    }
    Ok(())
}

/// The middle one of an odd number of figures.
fn middle(mut figures: Vec<f64>) -> f64 {
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

fn all_fast(kind: Kind, size: Deliveries, per_second: f64) -> Entry {
    Entry {
        what: format!("webhooks, {}", kind.name()),
        figure: format!("{per_second:.0} deliveries/s"),
        baseline: "-".to_owned(),
        ratio: None,
        goal: Goal::AtLeast { figure: per_second, limit: 2_000.0, unit: "deliveries/s" },
        method: format!(
            "{} events for each of {} webhooks, whose receiver answers at once: distributed, sent one at a time \
             and in order to each, signed, and written down",
            size.events, size.webhooks
        ),
        notes: vec!["the receiver shares the processors".to_owned()],
    }
}

fn one_slow(kind: Kind, size: Deliveries, per_second: f64, even: f64) -> Entry {
    Entry {
        what: format!("webhooks beside a slow one, {}", kind.name()),
        figure: format!("{per_second:.0} deliveries/s"),
        baseline: format!("{even:.0}/s"),
        ratio: Some(per_second / even),
        goal: Goal::RatioAtLeast(0.95),
        method: format!(
            "the same, with one of the {} receivers never answering; counted are the others",
            size.webhooks
        ),
        notes: Vec::new(),
    }
}

/// Deliveries a second to all webhooks but the first, which may be slow.
async fn run(databases: &Databases<'_>, kind: Kind, size: Deliveries, is_slow: bool) -> Result<f64> {
    let name = if is_slow { "webhooks-slow" } else { "webhooks" };
    let database = databases.make(kind, name)?;
    let config = StoreConfig { readers: 8, ..StoreConfig::default() };
    let store = database.open(Keyring::new([7; 32]), &config).await?;
    let receiver = Receiver::start()?;
    let tenant = store.create_organization(organization(0, SystemClock.now())).await?;
    for number in 0..size.webhooks {
        let path = match number {
            0 if is_slow => "slow",
            0 => "first",
            _ => "fast",
        };
        ensure!(
            store.create_webhook(tenant.id, webhook(&receiver.address, path), u32::MAX, None).await?.done()
                == Some(true),
            "no webhook was made"
        );
    }
    let mut happening = JoinSet::new();
    for number in 0..size.events {
        let (store, tenant) = (store.clone(), tenant.clone());
        happening.spawn(async move { happen(&store, &tenant, number).await });
        if happening.len() == TOGETHER || number + 1 == size.events {
            while let Some(happened) = happening.join_next().await {
                happened??;
            }
        }
    }
    let wanted = (size.webhooks - 1) * size.events;
    let took = deliver(&store, &database, &receiver, wanted).await?;
    store.close().await;
    databases.remove(&database)?;
    #[expect(clippy::cast_precision_loss, reason = "counts are small")]
    Ok(wanted as f64 / took.as_secs_f64())
}

async fn deliver(store: &Store, database: &Database, receiver: &Receiver, wanted: usize) -> Result<Duration> {
    let guard = GuardedConfig { allow_private_networks: true, ..GuardedConfig::default() };
    let parts = Parts {
        store: store.clone(),
        registry: Arc::new(Registry::new(Vec::new())),
        media: Arc::new(MediaFiles::open(&database.folder.join("media"))?),
        http: net::Client::new(ClientConfig::default()).context("HTTP client")?,
        guarded: GuardedClient::new(guard).context("HTTP client")?,
        clock: Arc::new(SystemClock),
        entropy: Arc::new(SystemEntropy),
    };
    let config = EngineConfig { grace: Span::ZERO, ..EngineConfig::default() };
    let deliverer = Engine::new(parts, config, Wake::default()).deliverer(Wake::default());
    let (stop, stopped) = oneshot::channel::<()>();
    let begun = now();
    let running = tokio::spawn(deliverer.run(async move {
        let _ = stopped.await;
    }));
    while receiver.fast() < wanted {
        if begun.elapsed() > TOO_LONG {
            bail!("{} of {wanted} were delivered in five minutes", receiver.fast());
        }
        SystemClock.sleep_until(SystemClock.now() + LOOK_EVERY).await;
    }
    let took = begun.elapsed();
    let _ = stop.send(());
    running.await.context("the delivery loop")?;
    Ok(took)
}

/// Answers, or never does, on a thread of its own; it lives as long as the program.
struct Receiver {
    address: String,
    fast: Arc<AtomicUsize>,
}

impl Receiver {
    fn start() -> Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = format!("http://{}", listener.local_addr()?);
        let fast = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&fast);
        std::thread::Builder::new().name("receiver".to_owned()).spawn(move || serve(listener, counter))?;
        Ok(Self { address, fast })
    }

    fn fast(&self) -> usize {
        self.fast.load(Ordering::Acquire)
    }
}

fn serve(listener: std::net::TcpListener, fast: Arc<AtomicUsize>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async move {
        let count = |State(fast): State<Arc<AtomicUsize>>, _: axum::body::Bytes| async move {
            fast.fetch_add(1, Ordering::AcqRel);
            StatusCode::NO_CONTENT
        };
        #[expect(clippy::disallowed_methods, reason = "a receiver that never answers is what is measured")]
        let never = || async { tokio::time::sleep(NEVER).await };
        let app = Router::new()
            .route("/fast", post(count))
            .route("/first", post(|_: axum::body::Bytes| async { StatusCode::NO_CONTENT }))
            .route("/slow", post(never))
            .with_state(fast);
        Ok(axum::serve(tokio::net::TcpListener::from_std(listener)?, app).await?)
    })
}

fn webhook(address: &str, path: &str) -> NewWebhook {
    NewWebhook {
        id: WebhookId(id()),
        url: format!("{address}/{path}"),
        events: EventKind::SUBSCRIBABLE.to_vec(),
        name: None,
        description: None,
        secret: format!("whsec_{}", "5".repeat(64)),
        nonce: [8; 24],
        now: SystemClock.now(),
    }
}

/// Connects an account, which is the least that makes an event.
async fn happen(store: &Store, tenant: &OrganizationRow, number: usize) -> Result<()> {
    let new = account(tenant, number, b"{}".to_vec(), SystemClock.now());
    let source = AccountSource { event_id: Some(EventId(id())), ..AccountSource::default() };
    store.connect_account_of(tenant.id, new, source, Arc::new(|_| None)).await?;
    Ok(())
}
