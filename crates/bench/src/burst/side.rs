//! The other side of a burst: where its posts go, and what arrived there when.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use connector::{AppCredentials, Credentials, Entry, Hosts, Registry};
use domain::{PlatformName, Timestamp};
use engine::PlatformConfig;
use url::Url;

use super::emulator::Emulator;
use super::platform::{Bench, SPEC};

/// Where a burst goes.
pub(crate) enum Side {
    /// A request to the sink, or nothing at all.
    Bench(Bench),
    /// The X of the sandbox, through the connector that publishes to the real one.
    Emulator(Emulator),
}

impl Side {
    /// The sink at `url`, or nothing.
    pub(crate) fn bench(url: Option<Url>) -> Self {
        Self::Bench(Bench::new(url))
    }

    pub(crate) fn platform(&self) -> PlatformName {
        match self {
            Self::Bench(_) => SPEC.name.clone(),
            Self::Emulator(_) => Emulator::platform(),
        }
    }

    /// How its accounts are opened: the account's id there, and what the engine needs.
    pub(crate) fn login(&self, number: usize) -> Result<(String, Credentials)> {
        let (id, access_token) = match self {
            Self::Bench(_) => (number.to_string(), "token".to_owned()),
            Self::Emulator(emulator) => {
                let login = emulator.logins().get(number).context("the emulator has fewer accounts")?;
                (login.platform_user_id.clone(), login.access_token.clone())
            }
        };
        let credentials = Credentials::lasting(access_token);
        Ok((id, credentials))
    }

    /// What publishes to it.
    pub(crate) fn connectors(&self) -> Result<(Registry, HashMap<PlatformName, PlatformConfig>)> {
        let platform = self.platform();
        match self {
            Self::Bench(bench) => {
                let entry = Entry { spec: &SPEC, connector: Some(Arc::new(bench.clone())) };
                Ok((Registry::new(vec![entry]), HashMap::from([(platform, PlatformConfig::default())])))
            }
            Self::Emulator(emulator) => {
                let registry = platforms::registry();
                let entry = registry.entries().iter().find(|entry| entry.spec.name == platform);
                let hosts = Hosts::sandbox(entry.context("no connector to X")?.spec, emulator.url());
                let app = AppCredentials { client_id: "bench".to_owned(), client_secret: String::new() };
                Ok((registry, HashMap::from([(platform, PlatformConfig { hosts, app })])))
            }
        }
    }

    /// How many posts arrived.
    pub(crate) fn count(&self) -> usize {
        match self {
            Self::Bench(bench) => bench.count(),
            Self::Emulator(emulator) => emulator.count(),
        }
    }

    /// How long after `begun` each of them arrived, sorted. There have to be `posts` of them.
    pub(crate) fn lateness(&self, begun: Timestamp, posts: usize) -> Result<Vec<Duration>> {
        let ends = match self {
            Self::Bench(bench) => bench.ends(),
            Self::Emulator(emulator) => emulator.ends()?,
        };
        ensure!(ends.len() == posts, "{posts} posts went out {} times", ends.len());
        let since = |end: Timestamp| u64::try_from(end.since(begun).as_micros()).unwrap_or(0);
        let mut late: Vec<Duration> = ends.into_iter().map(|end| Duration::from_micros(since(end))).collect();
        late.sort();
        Ok(late)
    }
}
