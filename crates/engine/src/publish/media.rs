//! A post's files with the addresses under which platforms fetch them. Must not know what serves
//! them.

use connector::Failure;
use domain::{Class, MediaId, OrganizationId};
use store::MediaRow;
use url::Url;

use crate::Engine;

/// The rows of a post's media, each with its address where this server has one that platforms reach.
pub(crate) struct PostFiles {
    pub(crate) rows: Vec<MediaRow>,
    addresses: Vec<Url>,
}

impl PostFiles {
    /// Where the platform fetches this file. The same as long as these rows are in hand.
    pub(crate) fn address(&self, media: MediaId) -> Option<&Url> {
        let at = self.rows.iter().position(|row| row.id == media)?;
        self.addresses.get(at)
    }
}

impl Engine {
    /// Gives each file its address.
    pub(super) fn with_addresses(&self, organization: OrganizationId, rows: Vec<MediaRow>) -> PostFiles {
        let now = self.parts.clock.now();
        let address = |row: &MediaRow| {
            let path = self.parts.store.media_path(organization, row.id, &row.filename, now);
            self.config.public_url.as_ref()?.join(path.trim_start_matches('/')).ok()
        };
        let addresses = rows.iter().map_while(address).collect();
        PostFiles { rows, addresses }
    }
}

/// The same words as where no source knows addresses at all.
pub(super) fn no_public_address() -> Failure {
    Failure::before_sending(
        Class::MediaFailed,
        "This platform fetches media from this server, which has no public address; set public_url.",
    )
}
