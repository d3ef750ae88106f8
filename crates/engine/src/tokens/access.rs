//! An account's access in hand: what a call to its platform needs.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use connector::{AccountRef, Connector, Credentials, Cx, Failure, LimitObserver, MediaSource, Unobserved};
use domain::{Class, MediaId};
use store::AccessRow;

use crate::credentials::Whose;
use crate::{Engine, PlatformConfig};

/// Renewing and probing need no files.
struct NoMedia;

impl MediaSource for NoMedia {
    fn read(
        &self,
        _: MediaId,
        _: u64,
        _: u64,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, Failure>> + Send + '_>> {
        Box::pin(async { Err(Failure::before_sending(Class::MediaFailed, "There is no post here.")) })
    }
}

/// An account that its platform is asked about.
pub(crate) struct Asked {
    account: AccountRef,
    platform: Arc<PlatformConfig>,
}

impl Asked {
    pub(crate) fn new(engine: &Engine, row: &AccessRow) -> Self {
        let account = AccountRef {
            id: row.id,
            platform_user_id: row.platform_user_id.clone(),
            username: row.username.clone(),
            display_name: row.display_name.clone(),
            premium: row.premium,
            service_url: row.service_url.clone(),
        };
        let platform = engine.config.platforms.get(&row.platform).unwrap_or_default();
        Self { account, platform }
    }

    pub(super) fn cx<'a>(&'a self, engine: &'a Engine, credentials: &'a Credentials) -> Cx<'a> {
        self.watched(engine, credentials, &Unobserved)
    }

    /// The same, with somebody who learns of every answer.
    pub(crate) fn watched<'a>(
        &'a self,
        engine: &'a Engine,
        credentials: &'a Credentials,
        limits: &'a dyn LimitObserver,
    ) -> Cx<'a> {
        let parts = &engine.parts;
        Cx {
            http: &parts.http,
            guarded: &parts.guarded,
            clock: parts.clock.as_ref(),
            entropy: parts.entropy.as_ref(),
            hosts: &self.platform.hosts,
            account: &self.account,
            credentials,
            app: &self.platform.app,
            media: &NoMedia,
            limits,
        }
    }
}

pub(crate) fn whose(row: &AccessRow) -> Whose<'_> {
    Whose {
        organization: row.organization_id,
        account: row.id,
        platform: &row.platform,
        account_name: &row.display_name,
    }
}

/// The platform's name for people.
pub(super) fn name_of<'a>(connector: Option<&'a dyn Connector>, row: &'a AccessRow) -> &'a str {
    connector.map_or(row.platform.as_str(), |connector| connector.spec().display_name)
}
