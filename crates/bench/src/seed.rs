//! A data folder with an organization, a key and accounts, made through the use cases.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use app::App;
use app::key_uses::KeyUses;
use app::setup;
use connector::{Credentials, Identity};
use domain::api_key::Scope;
use domain::{AccountId, ApiKeyId, OrganizationId, PlatformName, Timestamp, WorkspaceId};
use media::{MediaFiles, MediaLimits, Tools};
use net::{FrozenClock, SeededEntropy};
use store::{Keyring, Store, StoreConfig};

/// Encrypts the made-up tokens.
pub(crate) const ENCRYPTION_KEY: &str = "abababababababababababababababababababababababababababababababab";
const KEY_BYTES: [u8; 32] = [0xab; 32];
/// When everything is made, so that folders that are made alike hold the same.
pub(crate) const MADE_AT: Timestamp = Timestamp::from_seconds(1_790_000_000);
/// How many accounts are connected.
pub(crate) const ACCOUNTS: usize = 20;
const PLATFORMS: [&str; 3] = ["x", "linkedin", "bluesky"];

/// What was made.
#[derive(Clone, Debug)]
pub(crate) struct Seeded {
    pub(crate) folder: PathBuf,
    pub(crate) organization: OrganizationId,
    pub(crate) workspace: WorkspaceId,
    pub(crate) key: String,
    pub(crate) key_id: ApiKeyId,
    /// Platforms take turns.
    pub(crate) accounts: Vec<(AccountId, &'static str)>,
}

impl Seeded {
    /// The database file.
    pub(crate) fn database(&self) -> PathBuf {
        self.folder.join("fanfare.db")
    }

    /// One account of each platform.
    pub(crate) fn targets(&self) -> &[(AccountId, &'static str)] {
        &self.accounts[..PLATFORMS.len().min(self.accounts.len())]
    }
}

/// Makes them in `folder`. The file is closed when this returns.
pub(crate) async fn seed(folder: &Path) -> Result<Seeded> {
    let store = Store::open_sqlite(&folder.join("fanfare.db"), keyring(), &StoreConfig::default())
        .await
        .context("cannot make the database")?;
    let app = open(store, folder)?;
    let organization = setup::create_organization(&app, "Bench", "bench@example.org", "Bench").await?;
    let key = setup::create_key(&app, &organization, "bench", Scope::USUAL.to_vec(), None).await?;
    let mut accounts = Vec::with_capacity(ACCOUNTS);
    for number in 0..ACCOUNTS {
        let platform = PLATFORMS[number % PLATFORMS.len()];
        let (id, _) = setup::connect_account(
            &app,
            organization.id,
            organization.workspace_id,
            &PlatformName::from_text(platform),
            identity(number, platform),
            &credentials(number),
        )
        .await?;
        accounts.push((id, platform));
    }
    app.store.close().await;
    Ok(Seeded {
        folder: folder.to_owned(),
        organization: organization.id,
        workspace: organization.workspace_id,
        key: key.secret,
        key_id: key.id,
        accounts,
    })
}

/// What the seeded tokens are encrypted with.
pub(crate) fn keyring() -> Keyring {
    Keyring::new(KEY_BYTES)
}

/// The use cases on this database.
pub(crate) fn open(store: Store, folder: &Path) -> Result<App> {
    Ok(App {
        store,
        registry: Arc::new(platforms::registry()),
        media: Arc::new(MediaFiles::open(&folder.join("media"))?),
        tools: Tools::none(),
        media_limits: MediaLimits::default(),
        plan: Arc::default(),
        clock: Arc::new(FrozenClock::new(MADE_AT)),
        entropy: Arc::new(SeededEntropy::new(1)),
        outside: Arc::new(app::Outside::unset()?),
        ai: app::ai::AiInUse::default(),
        installation: Arc::default(),
        passwords: Arc::default(),
        key_uses: Arc::new(KeyUses::default()),
        requests: Arc::default(),
        refuse_duplicates: false,
        wake: Arc::new(|_| {}),
        wake_media: Arc::new(|| {}),
    })
}

/// Who the account of this number is on its platform.
pub(crate) fn identity(number: usize, platform: &str) -> Identity {
    Identity {
        platform_user_id: match platform {
            "linkedin" => format!("urn:li:person:bench{number}"),
            "bluesky" => format!("did:plc:bench{number}"),
            _ => format!("90000{number}"),
        },
        username: Some(format!("northlight.{number}")),
        display_name: format!("Northlight Studio {number}"),
        avatar_url: Some(format!("https://cdn.example.org/avatars/{number}.jpg")),
        premium: false,
        service_url: (platform == "bluesky").then(|| "https://pds.example.org".to_owned()),
    }
}

/// Made-up tokens that do not end.
pub(crate) fn credentials(number: usize) -> Credentials {
    Credentials {
        access_token: format!("bench-access-token-{number}"),
        refresh_token: Some(format!("bench-refresh-token-{number}")),
        access_expires_at: None,
        refresh_expires_at: None,
        scopes: Vec::new(),
        secret: None,
        renews_itself: false,
    }
}
