//! A platform as an operator has set it up. Must not know where the settings come from.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use domain::PlatformName;

use crate::{AppCredentials, Hosts};

/// A platform's settings.
#[derive(Clone, Debug, Default)]
pub struct PlatformConfig {
    /// Where its hosts are.
    pub hosts: Hosts,
    /// The app that is registered with it.
    pub app: AppCredentials,
}

/// Every platform's settings as they are at the moment: an app may change while the server runs. Copies
/// share them. Whoever works with a platform takes its settings once and keeps them until the work is done.
#[derive(Clone, Debug, Default)]
pub struct PlatformConfigs(Arc<RwLock<HashMap<PlatformName, Arc<PlatformConfig>>>>);

impl PlatformConfigs {
    /// A platform's settings.
    pub fn get(&self, platform: &PlatformName) -> Option<Arc<PlatformConfig>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(platform).map(Arc::clone)
    }

    /// Gives a platform another app.
    pub fn set_app(&self, platform: &PlatformName, app: AppCredentials) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let hosts = all.get(platform).map(|config| config.hosts.clone()).unwrap_or_default();
        all.insert(platform.clone(), Arc::new(PlatformConfig { hosts, app }));
    }
}

impl From<HashMap<PlatformName, PlatformConfig>> for PlatformConfigs {
    fn from(all: HashMap<PlatformName, PlatformConfig>) -> Self {
        let all = all.into_iter().map(|(name, config)| (name, Arc::new(config)));
        Self(Arc::new(RwLock::new(all.collect())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_see_another_app_and_whoever_works_keeps_theirs() {
        let x = PlatformName::from_static("x");
        let app = |id: &str| AppCredentials { client_id: id.to_owned(), client_secret: String::new() };
        let config = PlatformConfig { app: app("first"), ..PlatformConfig::default() };
        let configs = PlatformConfigs::from(HashMap::from([(x.clone(), config)]));
        let copy = configs.clone();
        let at_work = copy.get(&x).unwrap();
        configs.set_app(&x, app("second"));
        assert_eq!(at_work.app.client_id, "first");
        assert_eq!(copy.get(&x).unwrap().app.client_id, "second");
        assert!(copy.get(&PlatformName::from_static("linkedin")).is_none());
    }
}
