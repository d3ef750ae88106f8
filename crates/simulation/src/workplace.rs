//! Where runs take place: a folder, in memory where there is such a place, with an empty database
//! that each run copies.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context as _, Result};
use domain::{OrganizationId, WorkspaceId};
use media::MediaFiles;
use net::{ClientConfig, Entropy as _, GuardedClient, GuardedConfig, SystemEntropy};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _};
use store::{Keyring, NewOrganization, Store, StoreConfig};
use uuid::Uuid;

use crate::stage::START;

const MEMORY: &str = "/dev/shm";
pub(crate) const ORGANIZATION: OrganizationId = OrganizationId(Uuid::from_u128(1));
pub(crate) const WORKSPACE: WorkspaceId = WorkspaceId(Uuid::from_u128(2));

/// A place for runs, one at a time.
pub struct Workplace {
    folder: PathBuf,
    databases: AtomicU64,
    pub(crate) media: Arc<MediaFiles>,
    pub(crate) http: net::Client,
    pub(crate) guarded: GuardedClient,
}

impl Workplace {
    /// A new place.
    ///
    /// # Errors
    /// When the folder or the database cannot be made.
    pub fn new() -> Result<Self> {
        let memory = Path::new(MEMORY);
        let root = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let mut name = [0; 16];
        SystemEntropy.fill(&mut name);
        let folder = root.join(format!("fanfare-simulation-{}", Uuid::from_bytes(name)));
        std::fs::create_dir_all(&folder).context("the folder for runs cannot be made")?;
        let workplace = Self {
            media: Arc::new(MediaFiles::open(&folder.join("media"))?),
            http: net::Client::new(ClientConfig::default())?,
            guarded: GuardedClient::new(GuardedConfig::default())?,
            folder,
            databases: AtomicU64::new(0),
        };
        runtime()?.block_on(workplace.make_template())?;
        Ok(workplace)
    }

    fn template(&self) -> PathBuf {
        self.folder.join("template.db")
    }

    async fn make_template(&self) -> Result<()> {
        let store = open(&self.template()).await?;
        let new = NewOrganization {
            id: ORGANIZATION,
            name: "Simulated".into(),
            workspace_id: WORKSPACE,
            workspace_name: "Main".into(),
            user_email: "a@example.org".into(),
            user_name: "A".into(),
            created_at: START,
        };
        store.create_organization(new).await?;
        store.close().await;
        // What is still in the write-ahead log would not be copied.
        let mut last = SqliteConnectOptions::new().filename(self.template()).connect().await?;
        sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut last).await?;
        last.close().await?;
        Ok(())
    }

    /// A fresh copy of the empty database. Each has a name of its own: the threads of the run
    /// before may not have closed theirs yet.
    pub(crate) fn make_database(&self) -> Result<Database> {
        let number = self.databases.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!("run-{number}.db"));
        std::fs::copy(self.template(), &path).context("the empty database cannot be copied")?;
        Ok(Database { path })
    }
}

/// A run's database file.
pub(crate) struct Database {
    pub(crate) path: PathBuf,
}

impl Database {
    pub(crate) async fn open(&self) -> Result<Store> {
        open(&self.path).await
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        for end in ["", "-wal", "-shm"] {
            let mut path = self.path.clone().into_os_string();
            path.push(end);
            let _ = std::fs::remove_file(path);
        }
    }
}

impl Drop for Workplace {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn open(path: &Path) -> Result<Store> {
    // One reader: only one actor reads at a time.
    let config = StoreConfig { readers: 1, writer_thread: false, ..StoreConfig::default() };
    Ok(Store::open_sqlite(path, Keyring::new([1; 32]), &config).await?)
}

/// One thread: nothing of the engine runs but the actor whose turn it is.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_current_thread().enable_all().build()?)
}
