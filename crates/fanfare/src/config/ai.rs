//! The section `ai` of the configuration: who writes captions and makes pictures.

use std::collections::BTreeMap;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use app::ai::AiSettings;
use domain::ai::IMAGE_MODELS;
use serde::Deserialize;
use url::Url;

use super::Secret;

/// Longer than any provider takes, and shorter than clients wait.
const LONGEST_TIMEOUT_MS: u64 = 170_000;
/// What the sandbox has in place of a provider.
const SANDBOX_HOST: &str = "api.openai.com";
const SANDBOX_KEY: &str = "sk-sandbox-fanfare";
const SANDBOX_CAPTION_MODEL: &str = "gpt-4.1-mini";
const SANDBOX_IMAGE_MODEL: &str = "gpt-image-1";

/// Captions and pictures.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Ai {
    /// The root of an API that speaks as OpenAI's does; none when empty.
    pub(crate) base_url: String,
    /// Its key.
    pub(crate) api_key: Secret,
    /// The model that writes captions.
    pub(crate) caption_model: String,
    /// The model that makes pictures.
    pub(crate) image_model: String,
    /// Other models by the names that callers choose from.
    pub(crate) image_models: BTreeMap<String, String>,
    /// How long a call may take.
    pub(crate) timeout_ms: u64,
    /// The credits of each organization in a month; 0 for no limit.
    pub(crate) credits_per_month: u32,
}

impl Default for Ai {
    fn default() -> Self {
        Self {
            base_url: String::new(),
            api_key: Secret::default(),
            caption_model: String::new(),
            image_model: String::new(),
            image_models: BTreeMap::new(),
            timeout_ms: 120_000,
            credits_per_month: 500,
        }
    }
}

impl Ai {
    pub(crate) fn check(&self) -> Result<()> {
        if !(1..=LONGEST_TIMEOUT_MS).contains(&self.timeout_ms) {
            bail!("ai.timeout_ms must be between 1 and {LONGEST_TIMEOUT_MS}");
        }
        for name in self.image_models.keys() {
            if IMAGE_MODELS.iter().all(|model| model.name != name) {
                let names = IMAGE_MODELS.map(|model| model.name).join(", ");
                bail!("ai.image_models.{name} is no model that callers choose from; there are {names}");
            }
        }
        let names_models =
            !self.caption_model.is_empty() || !self.image_model.is_empty() || !self.image_models.is_empty();
        if self.base_url.is_empty() {
            if names_models || !self.api_key.0.is_empty() {
                bail!(
                    "ai.base_url is missing; set the root of the provider's API, such as https://api.openai.com/v1"
                );
            }
            return Ok(());
        }
        let url = Url::parse(&self.base_url).context("ai.base_url is not an address")?;
        if !matches!(url.scheme(), "http" | "https") || !url.has_host() {
            bail!("ai.base_url must begin with http:// or https://");
        }
        if !names_models {
            bail!("ai.base_url is set, but no model is; set ai.caption_model, ai.image_model, or both");
        }
        Ok(())
    }

    /// What the use cases work with. Where a sandbox stands for every platform and no provider is set, it
    /// stands for that too.
    pub(crate) fn settings(&self, sandbox_url: &str) -> Result<AiSettings> {
        let settings = AiSettings {
            base_url: None,
            api_key: self.api_key.0.clone(),
            caption_model: self.caption_model.clone(),
            image_model: self.image_model.clone(),
            image_models: self.image_models.clone(),
            timeout: Duration::from_millis(self.timeout_ms),
            guarded: false,
        };
        if !self.base_url.is_empty() {
            let base_url = Some(Url::parse(&self.base_url).context("ai.base_url is not an address")?);
            return Ok(AiSettings { base_url, ..settings });
        }
        if sandbox_url.is_empty() {
            return Ok(settings);
        }
        let address = format!("{}/{SANDBOX_HOST}/v1", sandbox_url.trim_end_matches('/'));
        Ok(AiSettings {
            base_url: Some(Url::parse(&address).context("sandbox_url is not an address")?),
            api_key: SANDBOX_KEY.to_owned(),
            caption_model: SANDBOX_CAPTION_MODEL.to_owned(),
            image_model: SANDBOX_IMAGE_MODEL.to_owned(),
            ..settings
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaint(ai: &Ai) -> String {
        ai.check().map_or_else(|error| error.to_string(), |()| String::new())
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(complaint(&Ai::default()), "");
        let no_address = Ai { caption_model: "m".to_owned(), ..Ai::default() };
        assert!(complaint(&no_address).starts_with("ai.base_url is missing"));
        let no_model = Ai { base_url: "https://ai.example/v1".to_owned(), ..Ai::default() };
        assert!(complaint(&no_model).contains("ai.caption_model"));
        let odd = Ai { base_url: "ftp://ai.example".to_owned(), ..no_address.clone() };
        assert!(complaint(&odd).contains("http://"));
        let image_models = BTreeMap::from([("dall-e".to_owned(), "m".to_owned())]);
        let unknown = Ai { image_models, ..no_model };
        assert!(complaint(&unknown).contains("nano-banana-pro"), "{}", complaint(&unknown));
    }

    #[test]
    fn the_sandbox_stands_for_a_provider_that_is_not_set() {
        let settings = Ai::default().settings("http://127.0.0.1:9090/").unwrap();
        let address = settings.base_url.unwrap();
        assert_eq!(address.as_str(), "http://127.0.0.1:9090/api.openai.com/v1");
        assert!(Ai::default().settings("").unwrap().base_url.is_none());
        let own = Ai { base_url: "https://ai.example/v1".to_owned(), ..Ai::default() };
        let address = own.settings("http://127.0.0.1:9090").unwrap().base_url.unwrap();
        assert_eq!(address.as_str(), "https://ai.example/v1");
    }
}
