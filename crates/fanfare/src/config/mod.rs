//! Configuration: defaults < file < environment (`FANFARE_*`) < flags. Unknown keys are errors.

mod ai;
mod engine;
mod keys;
mod oidc;
mod plan;
mod platform;
mod secret;
mod sections;
mod source;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

pub(crate) use self::ai::Ai;
pub(crate) use self::engine::Engine;
pub(crate) use self::oidc::Oidc;
pub(crate) use self::plan::{PlanSection, check_name};
pub(crate) use self::platform::Platform;
pub(crate) use self::secret::Secret;
pub(crate) use self::sections::{Limits, LogFormat, Media, Metrics, Posts, Readings, Webhooks};
pub(crate) use self::source::environment_sets;
use crate::roles::Roles;

/// The server's configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Config {
    /// The address of the HTTP server.
    pub(crate) listen: SocketAddr,
    /// The address under which callers reach it; made from `listen` when empty.
    pub(crate) public_url: String,
    /// The folder of the database, the media files and the encryption key.
    pub(crate) data_dir: PathBuf,
    /// A PostgreSQL database that any number of nodes share, such as
    /// `postgres://fanfare:secret@db/fanfare`; empty for the SQLite file in `data_dir`.
    pub(crate) database_url: Secret,
    /// A bucket for the media files, such as `s3://media/fanfare?region=eu-central-1`; empty for the
    /// folder `media` in `data_dir`.
    pub(crate) media_url: String,
    /// What this node does.
    pub(crate) roles: Roles,
    /// 32 bytes in hex that encrypt tokens; read from `data_dir/encryption.key` when empty.
    pub(crate) encryption_key: Secret,
    /// A sandbox that stands for every platform; empty for the real ones.
    pub(crate) sandbox_url: String,
    /// Lets link cards be fetched from, sites be at, and webhooks lead to, private and loopback addresses;
    /// webhooks then also to plain http.
    pub(crate) allow_private_networks: bool,
    /// Log filter, such as `info` or `fanfare_engine=debug,info`.
    pub(crate) log: String,
    /// Log form.
    pub(crate) log_format: LogFormat,
    /// Where traces go, by OTLP over HTTP; none are made when empty.
    pub(crate) otlp_endpoint: String,
    /// Who may read the metrics.
    pub(crate) metrics: Metrics,
    /// Limits per API key.
    pub(crate) limits: Limits,
    /// Posts.
    pub(crate) posts: Posts,
    /// The media library.
    pub(crate) media: Media,
    /// The publish loop.
    pub(crate) engine: Engine,
    /// Deliveries to webhooks.
    pub(crate) webhooks: Webhooks,
    /// Readings of how posts and accounts do.
    pub(crate) readings: Readings,
    /// Captions and pictures.
    pub(crate) ai: Ai,
    /// Another system that people sign in by.
    pub(crate) oidc: Oidc,
    /// What each organization may use.
    pub(crate) plan: PlanSection,
    /// Per platform.
    pub(crate) platforms: BTreeMap<String, Platform>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: String::new(),
            data_dir: PathBuf::from("fanfare-data"),
            database_url: Secret::default(),
            media_url: String::new(),
            roles: Roles::default(),
            encryption_key: Secret::default(),
            sandbox_url: String::new(),
            allow_private_networks: false,
            log: "info".to_owned(),
            log_format: LogFormat::Text,
            otlp_endpoint: String::new(),
            metrics: Metrics::default(),
            limits: Limits::default(),
            posts: Posts::default(),
            media: Media::default(),
            engine: Engine::default(),
            webhooks: Webhooks::default(),
            readings: Readings::default(),
            ai: Ai::default(),
            oidc: Oidc::default(),
            plan: PlanSection::default(),
            platforms: BTreeMap::new(),
        }
    }
}

impl Config {
    /// Checks again what flags have changed.
    pub(crate) fn checked(self) -> Result<Self> {
        self.check()?;
        Ok(self)
    }

    /// Reads `file`, if there is one, and the environment.
    pub(crate) fn load(file: Option<&Path>) -> Result<Self> {
        source::read_all(file)
    }

    fn check(&self) -> Result<()> {
        let database = &self.database_url.0;
        if !database.is_empty()
            && !database.starts_with("postgres://")
            && !database.starts_with("postgresql://")
        {
            bail!("database_url must begin with postgres://; leave it empty for the embedded database");
        }
        if database.is_empty() && self.roles != Roles::default() {
            bail!(
                "one node alone works on the embedded database, so it needs both roles; \
                 set database_url to run api and worker apart"
            );
        }
        self.bucket()?;
        self.oidc.check(self.allow_private_networks)?;
        if !self.public_url.is_empty() && !url::Url::parse(&self.public_url).is_ok_and(|url| url.has_host()) {
            bail!("public_url is not an address such as https://social.example.org");
        }
        if !self.sandbox_url.is_empty() {
            let sandbox = url::Url::parse(&self.sandbox_url).context("sandbox_url is not an address")?;
            if sandbox.scheme() != "http" && sandbox.scheme() != "https" {
                bail!("sandbox_url must begin with http:// or https://");
            }
        }
        if !self.otlp_endpoint.is_empty() {
            url::Url::parse(&self.otlp_endpoint).context("otlp_endpoint is not an address")?;
        }
        self.metrics_listen()?;
        self.engine.check()?;
        self.webhooks.check()?;
        self.readings.check()?;
        self.ai.check()?;
        self.plan.check()?;
        platform::check(&self.platforms)
    }

    /// What an organization may use unless something else is set for it.
    pub(crate) fn plan(&self) -> domain::plan::Plan {
        self.plan.plan(self.ai.credits_per_month, self.media.quota_bytes)
    }

    /// The bucket for media files, if there is to be one.
    #[expect(clippy::disallowed_methods, reason = "this is the place where configuration is read")]
    pub(crate) fn bucket(&self) -> Result<Option<media::BucketConfig>> {
        if self.media_url.is_empty() {
            return Ok(None);
        }
        let config = media::BucketConfig::parse(&self.media_url)?;
        Ok(Some(config.with_environment(|name| std::env::var(name).ok())))
    }

    /// The address of the listener for metrics and probes, if there is to be one.
    pub(crate) fn metrics_listen(&self) -> Result<Option<SocketAddr>> {
        let listen = &self.metrics.listen;
        if listen.is_empty() {
            return Ok(None);
        }
        let address = listen.parse().context("metrics.listen is not an address such as 127.0.0.1:9100")?;
        Ok(Some(address))
    }

    /// Whether nobody but this machine reaches the server that listens on `bound`, as far as the
    /// configuration tells.
    pub(crate) fn is_private(&self, bound: SocketAddr) -> bool {
        let local = |host: url::Host<&str>| match host {
            url::Host::Domain(name) => name == "localhost",
            url::Host::Ipv4(ip) => ip.is_loopback(),
            url::Host::Ipv6(ip) => ip.is_loopback(),
        };
        let public = &self.public_url;
        let stays =
            public.is_empty() || url::Url::parse(public).is_ok_and(|url| url.host().is_some_and(local));
        bound.ip().is_loopback() && stays
    }

    /// The address under which platforms reach this server, with a slash at its end; `None` where
    /// they certainly cannot. The sandbox reaches whatever this machine does.
    pub(crate) fn reachable_url(&self, base_url: &str) -> Option<url::Url> {
        let url = url::Url::parse(&format!("{}/", base_url.trim_end_matches('/'))).ok()?;
        let inside = match url.host()? {
            url::Host::Domain(name) => name == "localhost" || name.ends_with(".localhost"),
            url::Host::Ipv4(ip) => {
                ip.is_loopback() || ip.is_private() || ip.is_link_local() || ip.is_unspecified()
            }
            url::Host::Ipv6(ip) => {
                ip.is_loopback() || ip.is_unique_local() || ip.is_unicast_link_local() || ip.is_unspecified()
            }
        };
        (!inside || !self.sandbox_url.is_empty()).then_some(url)
    }

    /// The address under which callers reach the server that listens on `bound`.
    pub(crate) fn base_url(&self, bound: SocketAddr) -> String {
        if !self.public_url.is_empty() {
            return self.public_url.trim_end_matches('/').to_owned();
        }
        if bound.ip().is_unspecified() {
            return format!("http://127.0.0.1:{}", bound.port());
        }
        format!("http://{bound}")
    }
}

#[cfg(test)]
mod tests;
