//! A platform as data.

use std::collections::BTreeMap;

use domain::rules::PlatformRules;
use domain::{PlatformName, Span};
use url::Url;

use crate::{ApiVersion, OAuthLogin, PlatformLimits};

/// A platform's facts: they feed validation, the platform rules endpoint and the engine.
#[derive(Debug)]
pub struct PlatformSpec {
    /// The name in the API.
    pub name: PlatformName,
    /// The name for people.
    pub display_name: &'static str,
    /// How an account is connected.
    pub sign_in: SignIn,
    /// Its OAuth logins, the usual one first; empty for credential platforms.
    pub logins: &'static [OAuthLogin],
    /// The versions of its API that are served, the one in use first; empty where there are none.
    pub versions: &'static [ApiVersion],
    /// The platform's hosts; configuration may point each elsewhere.
    pub hosts: &'static [Host],
    /// What it takes.
    pub rules: PlatformRules,
    /// How much of it.
    pub limits: PlatformLimits,
    /// How long after a lost answer "it is not there" begins to count.
    pub settle: Span,
    /// How long before its end an access token is renewed.
    pub refresh_margin: Span,
}

/// How an account is connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// By OAuth in a browser.
    OAuth,
    /// By a credential that the owner enters.
    Credential,
}

/// One of a platform's hosts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Host {
    /// The key in the configuration, such as `api`.
    pub key: &'static str,
    /// Its address, such as `https://api.x.com`. No trailing slash.
    pub url: &'static str,
}

/// Where a platform's hosts are, after configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    bases: BTreeMap<String, String>,
    version: String,
}

impl Hosts {
    /// The platform's own hosts.
    pub fn real(spec: &PlatformSpec) -> Self {
        let bases = spec.hosts.iter().map(|host| (host.key.to_owned(), host.url.to_owned())).collect();
        Self { bases, version: usual_version(spec) }
    }

    /// The same hosts inside a sandbox: the real host name becomes the first path segment.
    pub fn sandbox(spec: &PlatformSpec, sandbox: &str) -> Self {
        let sandbox = sandbox.trim_end_matches('/');
        let inside = |host: &Host| {
            let name = host.url.split_once("://").map_or(host.url, |(_, rest)| rest);
            (host.key.to_owned(), format!("{sandbox}/{name}"))
        };
        Self { bases: spec.hosts.iter().map(inside).collect(), version: usual_version(spec) }
    }

    /// Points one host elsewhere.
    pub fn set(&mut self, key: &str, url: &str) {
        self.bases.insert(key.to_owned(), url.trim_end_matches('/').to_owned());
    }

    /// Uses another version of the platform's API.
    pub fn set_version(&mut self, version: &str) {
        version.clone_into(&mut self.version);
    }

    /// The version of the platform's API in use, such as `v26.0`; empty where there are none.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// The base address under `key`, without a trailing slash; empty for a key the spec lacks.
    pub fn base(&self, key: &str) -> &str {
        self.bases.get(key).map_or("", String::as_str)
    }

    /// `base(key)` and `path` as an address.
    ///
    /// # Errors
    /// When the configured base is no address.
    pub fn url(&self, key: &str, path: &str) -> Result<Url, url::ParseError> {
        Url::parse(&format!("{}{path}", self.base(key)))
    }
}

fn usual_version(spec: &PlatformSpec) -> String {
    spec.versions.first().map(|version| version.name.to_owned()).unwrap_or_default()
}
