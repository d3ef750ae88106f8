//! A post's files with the addresses under which platforms fetch them. Must not know what serves
//! them.

use connector::Failure;
use domain::{Class, MediaId, OrganizationId};
use store::{MediaCopy, MediaRow};
use url::Url;

use crate::Engine;

/// The rows of a post's media, each with its address where this server has one that platforms reach.
/// Where a copy goes out in place of an item, the row says what the copy is like.
pub(crate) struct PostFiles {
    pub(crate) rows: Vec<MediaRow>,
    addresses: Vec<Url>,
    /// What was done to the copies, in sentences for people.
    pub(crate) notes: Vec<String>,
}

impl PostFiles {
    /// Where the platform fetches this file. The same as long as these rows are in hand.
    pub(crate) fn address(&self, media: MediaId) -> Option<&Url> {
        let at = self.rows.iter().position(|row| row.id == media)?;
        self.addresses.get(at)
    }
}

impl Engine {
    /// Puts the copies in the place of the items that they were made of, and gives each file its
    /// address.
    pub(super) fn with_addresses(
        &self,
        organization: OrganizationId,
        mut rows: Vec<MediaRow>,
        copies: &[MediaCopy],
    ) -> PostFiles {
        let now = self.parts.clock.now();
        let mut links = Vec::with_capacity(rows.len());
        let mut notes = Vec::new();
        for row in &mut rows {
            let copy = copies.iter().find(|copy| copy.media_id == row.id);
            if let Some(copy) = copy {
                row.sha256.clone_from(&copy.sha256);
                row.filename.clone_from(&copy.filename);
                row.content_type.clone_from(&copy.content_type);
                row.size_bytes = copy.size_bytes;
                row.width = copy.width;
                row.height = copy.height;
                // An animated image may have become a video.
                if copy.content_type.starts_with("video/") {
                    "video".clone_into(&mut row.kind);
                }
                notes.push(copy.note.clone());
            }
            let id = copy.map_or(row.id, |copy| copy.id);
            let path = self.parts.store.media_path(organization, id, &row.filename, now);
            let public = self.config.public_url.as_ref();
            links.push(public.and_then(|public| public.join(path.trim_start_matches('/')).ok()));
        }
        PostFiles { rows, addresses: links.into_iter().map_while(|link| link).collect(), notes }
    }
}

/// The same words as where no source knows addresses at all.
pub(super) fn no_public_address() -> Failure {
    Failure::before_sending(
        Class::MediaFailed,
        "This platform fetches media from this server, which has no public address; set public_url.",
    )
}
