//! The provider that is in use at the moment. What the configuration names wins over what is stored.

use std::sync::{Arc, PoisonError, RwLock};

use store::AiProviderRow;
use url::Url;

use super::AiSettings;
use crate::setting_source::SettingSource;

/// The provider that is in use. It may change while the server runs; copies share it. Whoever works with it
/// takes it once and keeps it until the work is done.
#[derive(Clone, Debug, Default)]
pub struct AiInUse(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    is_configured: bool,
    /// What is used where nothing is stored.
    otherwise: Arc<AiSettings>,
    stored: RwLock<Option<Arc<AiSettings>>>,
}

impl AiInUse {
    /// What the configuration has, which never changes then; or what is used where nothing is stored.
    pub fn new(settings: AiSettings, is_configured: bool) -> Self {
        Self(Arc::new(Inner { is_configured, otherwise: Arc::new(settings), stored: RwLock::default() }))
    }

    /// The provider at the moment.
    pub fn now(&self) -> Arc<AiSettings> {
        let stored = self.0.stored.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(stored.as_ref().unwrap_or(&self.0.otherwise))
    }

    /// Where it comes from.
    pub fn source(&self) -> SettingSource {
        let is_stored = self.0.stored.read().unwrap_or_else(PoisonError::into_inner).is_some();
        SettingSource::first(self.0.is_configured, is_stored, self.0.otherwise.base_url.is_some())
    }

    /// Goes by what is stored, unless the configuration has a provider.
    pub(crate) fn set(&self, stored: Option<AiProviderRow>) {
        if self.0.is_configured {
            return;
        }
        let settings = stored.map(|row| {
            Arc::new(AiSettings {
                base_url: Url::parse(&row.base_url).ok(),
                api_key: row.api_key,
                caption_model: row.caption_model,
                image_model: row.image_model,
                guarded: true,
                ..(*self.0.otherwise).clone()
            })
        });
        *self.0.stored.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }
}

impl From<AiSettings> for AiInUse {
    fn from(settings: AiSettings) -> Self {
        Self::new(settings, true)
    }
}
