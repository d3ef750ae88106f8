//! A database in which a burst is due, and the engine that drains it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use domain::{
    ApiKeyId, DestinationId, OrganizationId, PlatformName, PostId, PostStatus, Span, Timestamp, WorkspaceId,
};
use engine::{Engine, EngineConfig, LimitsConfig, Parts, Wake};
use media::MediaFiles;
use net::{ClientConfig, Clock as _, Entropy, GuardedClient, GuardedConfig, SystemClock, SystemEntropy};
use store::{
    Keyring, NewAccount, NewDestination, NewOrganization, NewPostRow, OrganizationRow, Store, StoreConfig,
};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::busy::Meter;
use super::platform::SPEC;
use super::side::Side;
use super::{Burst, text};
use crate::database::Database;
use crate::stopwatch::{as_ms, now};

/// Calls that are made together while the stage is set.
const TOGETHER: usize = 500;
/// How often to look whether the burst is over.
const LOOK_EVERY: Span = Span::from_millis(20);
/// When a drain is given up.
const TOO_LONG: Duration = Duration::from_mins(10);

/// A burst that waits.
pub(crate) struct Stage {
    store: Store,
    side: Side,
    folder: PathBuf,
    posts: usize,
    made_per_second: f64,
}

/// How it went.
pub(crate) struct Drained {
    pub(crate) per_second: f64,
    /// What a destination kept the processors busy, in microseconds.
    pub(crate) busy_us: Option<f64>,
    /// From the due time to the answer of each, sorted.
    late: Vec<Duration>,
}

impl Drained {
    /// How late the given share of all was at most.
    pub(crate) fn late_ms(&self, share: f64) -> f64 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "counts are small and not negative"
        )]
        let place = ((self.late.len().saturating_sub(1)) as f64 * share) as usize;
        self.late.get(place).map_or(f64::NAN, |late| as_ms(*late))
    }
}

impl Stage {
    /// Fills the database with what will go to `side`.
    pub(crate) async fn set(database: &Database, burst: Burst, side: Side) -> Result<Self> {
        let config = StoreConfig { readers: 8, ..StoreConfig::default() };
        let store = database.open(Keyring::new([7; 32]), &config).await?;
        // Nothing is taken before the engine starts, so the moment may lie in the past.
        let due = SystemClock.now();
        let mut organizations = Vec::new();
        for number in 0..burst.organizations {
            organizations.push(store.create_organization(organization(number, due)).await?);
        }
        let accounts = connect(&store, &organizations, &side, burst.accounts, due).await?;
        let platform = side.platform();
        let begun = now();
        let mut number = 0;
        for _ in 0..burst.posts_per_account {
            for some in accounts.chunks(TOGETHER) {
                let mut making = JoinSet::new();
                for (organization, account) in some {
                    let row = post(organization, *account, &platform, text(number), due);
                    number += 1;
                    let store = store.clone();
                    let organization = organization.id;
                    making.spawn(async move { store.create_post(organization, row, None).await });
                }
                while let Some(made) = making.join_next().await {
                    made??;
                }
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        let made_per_second = burst.posts() as f64 / begun.elapsed().as_secs_f64();
        Ok(Self { store, side, folder: database.folder.clone(), posts: burst.posts(), made_per_second })
    }

    /// The database.
    pub(crate) fn store(&self) -> &Store {
        &self.store
    }

    /// How many posts were made in a second.
    pub(crate) fn made_per_second(&self) -> f64 {
        self.made_per_second
    }

    /// Runs the engine until everything is published and recorded.
    pub(crate) async fn drain(&self, at_once: u32) -> Result<Drained> {
        let engine = self.engine(at_once)?;
        let (stop, stopped) = oneshot::channel::<()>();
        let (begun, began_at, meter) = (now(), SystemClock.now(), Meter::start());
        let running = tokio::spawn(engine.run(async move {
            let _ = stopped.await;
        }));
        while self.side.count() < self.posts || self.is_open().await? {
            if begun.elapsed() > TOO_LONG {
                bail!("{} of {} went out in ten minutes", self.side.count(), self.posts);
            }
            SystemClock.sleep_until(SystemClock.now() + LOOK_EVERY).await;
        }
        let (took, busy_us) = (begun.elapsed(), meter.us_each(self.posts));
        let _ = stop.send(());
        running.await.context("the engine")?;
        let late = self.side.lateness(began_at, self.posts)?;
        #[expect(clippy::cast_precision_loss, reason = "counts are small")]
        Ok(Drained { per_second: self.posts as f64 / took.as_secs_f64(), busy_us, late })
    }

    async fn is_open(&self) -> Result<bool> {
        Ok(!self.store.count_open(SystemClock.now()).await?.is_empty())
    }

    fn engine(&self, capacity: u32) -> Result<Engine> {
        let (registry, platforms) = self.side.connectors()?;
        let parts = Parts {
            store: self.store.clone(),
            registry: Arc::new(registry),
            media: Arc::new(MediaFiles::open(&self.folder.join("media"))?),
            http: net::Client::new(ClientConfig::default()).context("HTTP client")?,
            guarded: GuardedClient::new(GuardedConfig::default()).context("HTTP client")?,
            clock: Arc::new(SystemClock),
            entropy: Arc::new(SystemEntropy),
        };
        let limits = LimitsConfig { counted: false, ..LimitsConfig::default() };
        let config =
            EngineConfig { capacity, limits, platforms: platforms.into(), ..EngineConfig::default() };
        Ok(Engine::new(parts, config, Wake::default()))
    }

    /// Lets go of the database.
    pub(crate) async fn close(&self) {
        self.store.close().await;
    }
}

pub(crate) fn id() -> uuid::Uuid {
    SystemEntropy.uuid(SystemClock.now())
}

pub(crate) fn organization(number: usize, created_at: Timestamp) -> NewOrganization {
    NewOrganization {
        id: OrganizationId(id()),
        name: format!("Organization {number}"),
        workspace_id: WorkspaceId(id()),
        workspace_name: "Main".to_owned(),
        user_email: "bench@example.org".to_owned(),
        user_name: "Bench".to_owned(),
        created_at,
    }
}

/// The account with this number of a platform that takes everything.
pub(crate) fn account(
    organization: &OrganizationRow,
    number: usize,
    credentials: Vec<u8>,
    now: Timestamp,
) -> NewAccount {
    NewAccount {
        workspace_id: organization.workspace_id,
        platform: SPEC.name.clone(),
        platform_user_id: number.to_string(),
        username: None,
        display_name: format!("Account {number}"),
        avatar_url: None,
        premium: false,
        service_url: None,
        access_ends_at: None,
        credentials,
        nonce: [9; 24],
        now,
    }
}

async fn connect(
    store: &Store,
    organizations: &[OrganizationRow],
    side: &Side,
    count: usize,
    now: Timestamp,
) -> Result<Vec<(OrganizationRow, domain::AccountId)>> {
    let mut accounts = Vec::with_capacity(count);
    let mut connecting = JoinSet::new();
    for number in 0..count {
        let organization =
            organizations.get(number % organizations.len()).context("no organization")?.clone();
        let (platform_user_id, credentials) = side.login(number)?;
        let new = NewAccount {
            platform: side.platform(),
            platform_user_id,
            premium: true,
            ..account(&organization, number, serde_json::to_vec(&credentials)?, now)
        };
        let store = store.clone();
        connecting.spawn(async move {
            let (account, _) = store.connect_account(organization.id, new).await?;
            anyhow::Ok((organization, account))
        });
        if connecting.len() >= TOGETHER || number + 1 == count {
            while let Some(connected) = connecting.join_next().await {
                accounts.push(connected??);
            }
        }
    }
    Ok(accounts)
}

fn post(
    organization: &OrganizationRow,
    account: domain::AccountId,
    platform: &PlatformName,
    content: String,
    due: Timestamp,
) -> NewPostRow {
    NewPostRow {
        id: PostId(id()),
        workspace_id: organization.workspace_id,
        api_key_id: ApiKeyId(id()),
        content,
        status: PostStatus::Scheduled,
        scheduled_for: Some(due),
        timezone: "UTC".to_owned(),
        account_ids: vec![account],
        media_ids: Vec::new(),
        platform_content: "{}".to_owned(),
        thread_posts: Vec::new(),
        campaign_id: None,
        approval: domain::Approval::default(),
        destinations: vec![NewDestination {
            id: DestinationId(id()),
            account_id: account,
            platform: platform.clone(),
            scheduled_for: due,
            fingerprint: None,
        }],
        now: due,
    }
}
