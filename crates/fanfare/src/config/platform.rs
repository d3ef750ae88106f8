//! The sections `platforms.NAME` of the configuration: the operator's app at a platform, and where the platform is.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use toml::Value;

use super::{Secret, keys};

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

/// Refuses sections of platforms that there are none of, and addresses that are none.
pub(super) fn check(sections: &BTreeMap<String, Platform>) -> Result<()> {
    let registry = platforms::registry();
    let known: Vec<&str> = registry.entries().iter().map(|entry| entry.spec.name.as_str()).collect();
    for (name, platform) in sections {
        if !known.contains(&name.as_str()) {
            match keys::nearest(name, known.iter().copied()) {
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
