//! Every platform of this build: one line each, in the order in which they are shown.

use std::sync::Arc;

use connector::{Connector, Entry, Registry};

/// All platforms.
pub fn registry() -> Registry {
    Registry::new(vec![
        connected(crate::instagram::Instagram),
        connected(crate::facebook::Facebook),
        connected(crate::x::X),
        connected(crate::linkedin::LinkedIn),
        connected(crate::youtube::YouTube::default()),
        connected(crate::tiktok::TikTok),
        connected(crate::threads::Threads),
        connected(crate::pinterest::Pinterest),
        connected(crate::bluesky::Bluesky),
        connected(crate::telegram::Telegram),
        connected(crate::discord::Discord),
        connected(crate::wordpress::WordPress),
        connected(crate::mastodon::Mastodon),
    ])
}

fn connected(connector: impl Connector + 'static) -> Entry {
    Entry { spec: connector.spec(), connector: Some(Arc::new(connector)) }
}
