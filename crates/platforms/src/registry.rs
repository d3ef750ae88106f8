//! Every platform of this build: one line each, in the order in which they are shown.

use std::sync::Arc;

use connector::{Connector, Entry, PlatformSpec, Registry};

/// All platforms.
pub fn registry() -> Registry {
    Registry::new(vec![
        connected(crate::instagram::Instagram),
        connected(crate::facebook::Facebook),
        connected(crate::x::X),
        connected(crate::linkedin::LinkedIn),
        rules_only(&crate::youtube::spec::SPEC),
        rules_only(&crate::tiktok::spec::SPEC),
        connected(crate::threads::Threads),
        connected(crate::pinterest::Pinterest),
        connected(crate::bluesky::Bluesky),
        rules_only(&crate::telegram::spec::SPEC),
        rules_only(&crate::discord::spec::SPEC),
        rules_only(&crate::wordpress::spec::SPEC),
        connected(crate::mastodon::Mastodon),
    ])
}

fn connected(connector: impl Connector + 'static) -> Entry {
    Entry { spec: connector.spec(), connector: Some(Arc::new(connector)) }
}

fn rules_only(spec: &'static PlatformSpec) -> Entry {
    Entry { spec, connector: None }
}
