//! What use cases that call platforms work with: the clients, and each platform's settings.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use connector::{AppCredentials, Hosts, PlatformConfig, PlatformConfigs, SignInCx};
use domain::PlatformName;
use net::{Client, ClientConfig, Entropy, GuardedClient, GuardedConfig, SendError};

use crate::App;
use crate::platform_apps::AppSources;

/// The way out. Shared with the publish loop, so that both use the same apps and hosts.
#[derive(Debug)]
pub struct Outside {
    /// For calls to platforms.
    pub http: Client,
    /// For addresses that people enter.
    pub guarded: GuardedClient,
    /// Per platform. An app may change while the server runs.
    pub platforms: PlatformConfigs,
    /// Where the apps come from.
    pub apps: Arc<AppSources>,
    /// The logins that the operator chose, by name; a platform's first one where none is named.
    pub logins: HashMap<PlatformName, String>,
    /// How long a webhook's receiver may take to answer.
    pub webhook_timeout: Duration,
}

/// How long a webhook's receiver may take, unless the operator says otherwise.
pub const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(10);

impl Outside {
    /// Usual clients, and no platform set up.
    ///
    /// # Errors
    /// When the TLS backend cannot be set up.
    pub fn unset() -> Result<Self, SendError> {
        Ok(Self {
            http: Client::new(ClientConfig::default())?,
            guarded: GuardedClient::new(GuardedConfig::default())?,
            platforms: PlatformConfigs::default(),
            apps: Arc::default(),
            logins: HashMap::new(),
            webhook_timeout: WEBHOOK_TIMEOUT,
        })
    }
}

/// A platform as a sign-in sees it.
pub(crate) struct Reached {
    config: Arc<PlatformConfig>,
    login: String,
}

impl Reached {
    pub(crate) fn of(app: &App, platform: &PlatformName) -> Self {
        let Outside { platforms, logins, .. } = app.outside.as_ref();
        Self {
            config: platforms.get(platform).unwrap_or_default(),
            login: logins.get(platform).cloned().unwrap_or_default(),
        }
    }

    pub(crate) fn cx<'a>(&'a self, app: &'a App) -> SignInCx<'a> {
        SignInCx {
            http: &app.outside.http,
            guarded: &app.outside.guarded,
            clock: app.clock.as_ref(),
            entropy: app.entropy.as_ref(),
            hosts: &self.config.hosts,
            app: &self.config.app,
        }
    }

    pub(crate) fn hosts(&self) -> &Hosts {
        &self.config.hosts
    }

    pub(crate) fn app(&self) -> &AppCredentials {
        &self.config.app
    }

    /// The name of the login that the operator chose; empty for the platform's first one.
    pub(crate) fn login(&self) -> &str {
        &self.login
    }
}

/// So many random bytes in hex.
pub(crate) fn random_hex<const BYTES: usize>(entropy: &dyn Entropy) -> String {
    let mut bytes = [0; BYTES];
    entropy.fill(&mut bytes);
    hex(&bytes)
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// 24 random bytes for sealing.
pub(crate) fn nonce(entropy: &dyn Entropy) -> [u8; 24] {
    let mut nonce = [0; 24];
    entropy.fill(&mut nonce);
    nonce
}
