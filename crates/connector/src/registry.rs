//! Which platforms this build knows.

use std::sync::Arc;

use domain::PlatformName;

use crate::{Connector, PlatformSpec};

/// A platform in the registry.
#[derive(Clone)]
pub struct Entry {
    /// Its facts.
    pub spec: &'static PlatformSpec,
    /// Its connector; `None` while only its rules are known.
    pub connector: Option<Arc<dyn Connector>>,
}

/// All platforms, in the order in which they are shown.
#[derive(Clone, Default)]
pub struct Registry {
    entries: Vec<Entry>,
}

impl Registry {
    /// A registry of these platforms.
    pub fn new(entries: Vec<Entry>) -> Self {
        Self { entries }
    }

    /// Every platform.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The facts of a platform.
    pub fn spec(&self, name: &PlatformName) -> Option<&'static PlatformSpec> {
        self.entries.iter().find(|entry| entry.spec.name == *name).map(|entry| entry.spec)
    }

    /// The connector of a platform.
    pub fn connector(&self, name: &PlatformName) -> Option<Arc<dyn Connector>> {
        self.entries.iter().find(|entry| entry.spec.name == *name).and_then(|entry| entry.connector.clone())
    }
}
