//! Configuration: defaults < file < environment (`FANFARE_*`) < flags. Unknown keys are errors.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use toml::{Table, Value};

use crate::config_ai::Ai;
use crate::config_keys;
use crate::config_oidc::Oidc;
use crate::config_plan::PlanSection;
use crate::roles::Roles;

/// Variables of the same prefix that are not configuration of the server.
const NOT_CONFIGURATION: [&str; 3] = ["FANFARE_URL", "FANFARE_API_KEY", "FANFARE_CONFIG"];
const PREFIX: &str = "FANFARE_";
/// What a dead worker held lies for so long.
const LONGEST_LEASE_MS: u64 = 600_000;
const SHORTEST_PROBE_MS: u64 = 60_000;

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

/// How log lines look.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Who may read the metrics.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Metrics {
    /// An address of its own for metrics and probes; none when empty.
    pub(crate) listen: String,
    /// The bearer token that a scraper sends; none when empty.
    pub(crate) token: Secret,
}

/// Requests and posts per API key, in rolling windows.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Limits {
    pub(crate) requests_per_minute: u32,
    pub(crate) requests_per_hour: u32,
    pub(crate) posts_per_minute: u32,
    pub(crate) posts_per_hour: u32,
    pub(crate) posts_per_day: u32,
    pub(crate) ai_per_hour: u32,
    pub(crate) body_bytes: usize,
}

/// What is taken as a post.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Posts {
    /// Whether the same content for the same account within a day is refused.
    pub(crate) refuse_duplicates: bool,
}

/// The largest media files, in bytes.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Media {
    pub(crate) image_bytes: u64,
    pub(crate) video_bytes: u64,
    pub(crate) document_bytes: u64,
    /// Fetched from an address.
    pub(crate) image_by_url_bytes: u64,
    pub(crate) video_by_url_bytes: u64,
    /// All files of an organization together; 0 for no limit.
    pub(crate) quota_bytes: u64,
}

impl Default for Media {
    fn default() -> Self {
        let limits = media::MediaLimits::default();
        Self {
            image_bytes: limits.image_bytes,
            video_bytes: limits.video_bytes,
            document_bytes: limits.document_bytes,
            image_by_url_bytes: limits.image_by_url_bytes,
            video_by_url_bytes: limits.video_by_url_bytes,
            quota_bytes: 0,
        }
    }
}

impl Media {
    pub(crate) fn limits(self) -> media::MediaLimits {
        media::MediaLimits {
            image_bytes: self.image_bytes,
            video_bytes: self.video_bytes,
            document_bytes: self.document_bytes,
            image_by_url_bytes: self.image_by_url_bytes,
            video_by_url_bytes: self.video_by_url_bytes,
        }
    }
}

/// The publish loop's settings.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Engine {
    /// How many destinations are worked on at a time.
    pub(crate) capacity: u32,
    /// Pauses between automatic attempts; their number plus one is the number of attempts.
    pub(crate) retry_pauses_ms: Vec<i64>,
    /// Replaces the platforms' settle times; for the sandbox.
    pub(crate) settle_ms: Option<i64>,
    /// How long a stop waits for what is in flight.
    pub(crate) grace_ms: i64,
    /// Whether the platforms' caps and publishes at a time are counted here; by default they are,
    /// but not in the sandbox.
    pub(crate) platform_limits: Option<bool>,
    /// How long a request to a platform may take.
    pub(crate) request_timeout_ms: u64,
    /// A destination that is due for longer raises an alarm.
    pub(crate) overdue_after_ms: i64,
    /// How long a worker holds a destination without saying so again.
    pub(crate) lease_ms: u64,
    /// How often each account's platform is asked whether it still takes the token; 0 for never.
    pub(crate) probe_every_ms: u64,
}

/// How events are delivered to webhooks.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Webhooks {
    /// Pauses between tries; their number plus one is the number of tries.
    pub(crate) retry_pauses_ms: Vec<i64>,
    /// How long a receiver may take to answer.
    pub(crate) timeout_ms: u64,
    /// So many failures in a row switch a webhook off.
    pub(crate) disable_after: u32,
    /// How many webhooks are sent to at a time.
    pub(crate) capacity: usize,
}

/// How the numbers of posts and accounts are read.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Readings {
    /// Whether they are read at all.
    pub(crate) enabled: bool,
    /// How many accounts are read at a time.
    pub(crate) capacity: usize,
    /// Readings an hour with one platform, in place of what each connector allows.
    pub(crate) per_hour: Option<u32>,
}

impl Default for Readings {
    fn default() -> Self {
        Self { enabled: true, capacity: 4, per_hour: None }
    }
}

impl Readings {
    fn check(&self) -> Result<()> {
        if self.capacity == 0 || self.per_hour == Some(0) {
            bail!(
                "readings.capacity and readings.per_hour must be at least 1; readings.enabled = false reads nothing"
            );
        }
        Ok(())
    }
}

/// A platform's settings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Platform {
    /// The app's public id.
    #[serde(deserialize_with = "text_or_digits")]
    pub(crate) client_id: String,
    /// The app's secret.
    #[serde(deserialize_with = "secret_or_digits")]
    pub(crate) client_secret: Secret,
    /// Which of the platform's logins accounts are connected by; the platform's usual one when empty.
    pub(crate) login: String,
    /// Another version of the platform's API, such as `v26.0`.
    #[serde(deserialize_with = "text_or_digits")]
    pub(crate) api_version: String,
    /// Other addresses for the platform's hosts, by key.
    pub(crate) hosts: BTreeMap<String, String>,
}

/// A text, which the environment shows as a number where it is made of digits, as ids and versions
/// often are.
fn text_or_digits<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    match Value::deserialize(from)? {
        Value::String(text) => Ok(text),
        Value::Integer(number) => Ok(number.to_string()),
        _ => Err(serde::de::Error::custom("expected a text")),
    }
}

fn secret_or_digits<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Secret, D::Error> {
    text_or_digits(from).map(Secret)
}

/// A text that `Debug` does not show.
#[derive(Clone, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Secret(pub(crate) String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "(none)" } else { "***" })
    }
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

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests_per_minute: 60,
            requests_per_hour: 1_000,
            posts_per_minute: 60,
            posts_per_hour: 200,
            posts_per_day: 1_000,
            ai_per_hour: 60,
            body_bytes: 2 * 1024 * 1024,
        }
    }
}

impl Default for Engine {
    fn default() -> Self {
        Self {
            capacity: 128,
            retry_pauses_ms: vec![60_000, 300_000],
            settle_ms: None,
            platform_limits: None,
            grace_ms: 10_000,
            request_timeout_ms: 30_000,
            overdue_after_ms: 60_000,
            lease_ms: 90_000,
            probe_every_ms: 6 * 60 * 60 * 1_000,
        }
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Self {
            retry_pauses_ms: vec![60_000, 300_000, 1_800_000, 7_200_000, 21_600_000, 28_800_000, 43_200_000],
            timeout_ms: 10_000,
            disable_after: 20,
            capacity: 256,
        }
    }
}

impl Webhooks {
    fn check(&self) -> Result<()> {
        if !(1..=60_000).contains(&self.timeout_ms) {
            bail!("webhooks.timeout_ms must be between 1 and 60000");
        }
        if self.retry_pauses_ms.iter().any(|pause| *pause < 1) {
            bail!("webhooks.retry_pauses_ms must be longer than nothing");
        }
        if self.disable_after == 0 || self.capacity == 0 {
            bail!("webhooks.disable_after and webhooks.capacity must be at least 1");
        }
        Ok(())
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
        let mut table = match file {
            None => Table::new(),
            Some(path) => std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the configuration file {}", path.display()))?
                .parse::<Table>()
                .with_context(|| format!("{} is not valid TOML", path.display()))?,
        };
        let variables = environment();
        for (name, value) in &variables {
            set(&mut table, name, value)?;
        }
        let names: Vec<String> = variables.into_iter().map(|(name, _)| name).collect();
        read(table, file, &names)
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
        if self.engine.request_timeout_ms == 0 || self.engine.request_timeout_ms > 60_000 {
            bail!(
                "engine.request_timeout_ms must be between 1 and 60000, so that a lease outlives a request"
            );
        }
        if self.engine.overdue_after_ms < 1_000 {
            bail!("engine.overdue_after_ms must be at least 1000; publishing takes a moment");
        }
        if !self.otlp_endpoint.is_empty() {
            url::Url::parse(&self.otlp_endpoint).context("otlp_endpoint is not an address")?;
        }
        self.metrics_listen()?;
        let shortest_lease_ms = self.engine.request_timeout_ms * 3 / 2;
        if self.engine.lease_ms < shortest_lease_ms || self.engine.lease_ms > LONGEST_LEASE_MS {
            bail!(
                "engine.lease_ms must be between {shortest_lease_ms} (one and a half times \
                 request_timeout_ms, so that a lease outlives a request) and {LONGEST_LEASE_MS}"
            );
        }
        if (1..SHORTEST_PROBE_MS).contains(&self.engine.probe_every_ms) {
            bail!(
                "engine.probe_every_ms must be 0 (never) or at least {SHORTEST_PROBE_MS}; platforms count calls"
            );
        }
        if self.engine.capacity == 0 {
            bail!("engine.capacity must be at least 1");
        }
        self.webhooks.check()?;
        self.readings.check()?;
        self.ai.check()?;
        self.plan.check()?;
        let registry = platforms::registry();
        let known: Vec<&str> = registry.entries().iter().map(|entry| entry.spec.name.as_str()).collect();
        for (name, platform) in &self.platforms {
            if !known.contains(&name.as_str()) {
                match config_keys::nearest(name, known.iter().copied()) {
                    Some(meant) => bail!("platforms.{name} is no platform; did you mean platforms.{meant}?"),
                    None => bail!("platforms.{name} is no platform; there are {}", known.join(", ")),
                }
            }
            for (key, address) in &platform.hosts {
                url::Url::parse(address)
                    .with_context(|| format!("platforms.{name}.hosts.{key} is not an address"))?;
            }
        }
        Ok(())
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

fn read(table: Table, file: Option<&Path>, variables: &[String]) -> Result<Config> {
    let read: Result<Config, toml::de::Error> = Value::Table(table).try_into();
    read.map_err(|error| anyhow::anyhow!(config_keys::explained(&error, file, variables, PREFIX)))
}

fn environment() -> Vec<(String, String)> {
    let mut variables: Vec<(String, String)> = std::env::vars()
        .filter(|(name, _)| name.starts_with(PREFIX) && !NOT_CONFIGURATION.contains(&name.as_str()))
        .collect();
    variables.sort();
    variables
}

/// Whether the environment sets one of these, which other programs read too.
pub(crate) fn environment_sets(names: &[&str]) -> bool {
    std::env::vars().any(|(name, value)| names.contains(&name.as_str()) && !value.is_empty())
}

/// `FANFARE_PLATFORMS__X__CLIENT_ID=abc` sets `platforms.x.client_id`.
fn set(table: &mut Table, name: &str, value: &str) -> Result<()> {
    let path = name.strip_prefix(PREFIX).unwrap_or(name).to_ascii_lowercase();
    let keys: Vec<&str> = path.split("__").collect();
    let Some((last, parents)) = keys.split_last() else { return Ok(()) };
    let mut place = table;
    for key in parents {
        let entry = place.entry((*key).to_owned()).or_insert_with(|| Value::Table(Table::new()));
        let Value::Table(inner) = entry else { bail!("{name}: \"{key}\" is a value, not a table") };
        place = inner;
    }
    place.insert((*last).to_owned(), typed(value));
    Ok(())
}

/// Numbers, booleans and lists as such, everything else as text.
fn typed(text: &str) -> Value {
    let Ok(table) = format!("value = {text}").parse::<Table>() else {
        return Value::String(text.to_owned());
    };
    match table.get("value") {
        Some(value @ (Value::Integer(_) | Value::Boolean(_) | Value::Array(_))) => value.clone(),
        _ => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests;
