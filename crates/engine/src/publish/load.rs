//! Reading what a claimed destination needs before its first step.

use std::future::Future;
use std::pin::Pin;

use bytes::Bytes;
use connector::{AccountRef, Failure, Internal, MediaItem, MediaKind, MediaSource, Publication};
use domain::{AccountHealth, Class, MediaId, PlatformName, PostStatus, Settings, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;
use store::{AccountRow, Claim, MediaRow, PostRow, StoreError, Target};
use url::Url;

use super::media::{PostFiles, no_public_address};
use crate::Engine;
use crate::credentials::Held;

/// A destination with everything that publishing it needs.
pub(crate) struct Loaded {
    pub(crate) account: AccountRef,
    pub(crate) account_row: AccountRow,
    /// When the account last published.
    pub(crate) last_published_at: Option<Timestamp>,
    pub(crate) publication: Publication,
    pub(crate) media: PostFiles,
    /// Whether the post says already that it is going out.
    pub(crate) says_publishing: bool,
    /// Whether a file that the author attached was deleted since.
    pub(crate) lacks_media: bool,
    /// `None` when the account has no credentials.
    pub(crate) held: Option<Held>,
}

impl Loaded {
    /// Whether the account can post at all.
    pub(crate) fn health(&self, now: Timestamp) -> AccountHealth {
        AccountHealth::judge(&self.account_row.health_facts(), now)
    }
}

/// The stored form of per-platform content.
#[derive(Default, Deserialize)]
pub(crate) struct Item {
    content: Option<String>,
    #[serde(rename = "contentType")]
    pub(crate) content_type: Option<String>,
    #[serde(default)]
    pub(crate) settings: Settings,
}

/// What came of reading one claim: `None` when the account or the post is gone.
pub(crate) type Load = Result<Option<Loaded>, StoreError>;

impl Engine {
    /// Makes of the rows what publishing needs; reads them first where nobody has.
    pub(crate) async fn load(&self, claim: &Claim, target: Option<Target>) -> Load {
        let target = match target {
            Some(target) => Some(target),
            None => self.parts.store.load_targets(std::slice::from_ref(claim)).await?.pop(),
        };
        match target {
            Some(target) => self.loaded(claim, target).await,
            None => Ok(None),
        }
    }

    async fn loaded(&self, claim: &Claim, target: Target) -> Load {
        let (Some(account_row), Some(post)) = (target.account, target.post) else { return Ok(None) };
        let organization = claim.lease.organization_id;
        let held =
            target.credentials?.map(|stored| Held::read(claim.lease.account_id, &stored)).transpose()?;
        let media = self.parts.store.find_media(organization, &post.media_ids).await?;
        let account = AccountRef {
            id: account_row.id,
            platform_user_id: account_row.platform_user_id.clone(),
            username: account_row.username.clone(),
            display_name: account_row.display_name.clone(),
            premium: account_row.premium,
            service_url: account_row.service_url.clone(),
        };
        let says_publishing = post.status == PostStatus::Publishing;
        let lacks_media = post.media_ids.iter().any(|id| media.iter().all(|row| row.id != *id));
        // What has begun goes on with the very bytes that it began with.
        let copies = if claim.work.state.is_some() && !media.is_empty() {
            self.parts.store.list_media_copies(organization, claim.lease.destination_id).await?
        } else {
            Vec::new()
        };
        let media = self.with_addresses(organization, media, &copies);
        let publication = publication(claim, post, &media.rows)?;
        Ok(Some(Loaded {
            account,
            account_row,
            last_published_at: target.last_published_at,
            publication,
            media,
            says_publishing,
            lacks_media,
            held,
        }))
    }
}

/// What the author is told when a file was deleted after it was attached.
pub(crate) const MEDIA_GONE: &str = "A media file of this post is gone; attach it again.";

/// What the post is like on this platform.
pub(crate) fn item_of(post: &PostRow, platform: &PlatformName) -> Result<Item, StoreError> {
    let mut items: BTreeMap<String, Item> =
        serde_json::from_str(&post.platform_content).map_err(|error| StoreError::Corrupt {
            table: "posts",
            column: "platform_content",
            id: post.id.to_string(),
            reason: error.to_string(),
        })?;
    let name = items.keys().find(|name| PlatformName::from_text(name) == *platform).cloned();
    Ok(name.and_then(|name| items.remove(&name)).unwrap_or_default())
}

fn publication(claim: &Claim, post: PostRow, media: &[MediaRow]) -> Result<Publication, StoreError> {
    let item = item_of(&post, &claim.lease.platform)?;
    let alt_text =
        item.settings.text("altText").or_else(|| item.settings.text("mediaAltText")).map(ToOwned::to_owned);
    Ok(Publication {
        destination_id: claim.lease.destination_id,
        text: item.content.unwrap_or(post.content),
        thread: post.thread_posts,
        media: post
            .media_ids
            .iter()
            .filter_map(|id| media.iter().find(|row| row.id == *id))
            .map(|row| media_item(row, alt_text.clone()))
            .collect(),
        content_type: item.content_type,
        settings: item.settings,
        scheduled_for: claim.scheduled_for,
    })
}

pub(super) fn media_item(row: &MediaRow, alt_text: Option<String>) -> MediaItem {
    let pixels = |value: Option<i64>| value.and_then(|value| u32::try_from(value).ok());
    MediaItem {
        id: row.id,
        kind: match row.kind.as_str() {
            "video" => MediaKind::Video,
            "document" => MediaKind::Document,
            _ => MediaKind::Image,
        },
        content_type: row.content_type.clone(),
        filename: row.filename.clone(),
        size_bytes: u64::try_from(row.size_bytes).unwrap_or(0),
        width: pixels(row.width),
        height: pixels(row.height),
        seconds: row.seconds,
        alt_text,
    }
}

/// The files of one post.
pub(crate) struct PostMedia<'a> {
    pub(crate) files: &'a media::MediaFiles,
    pub(crate) rows: &'a PostFiles,
}

impl MediaSource for PostMedia<'_> {
    fn read(
        &self,
        media: MediaId,
        offset: u64,
        length: u64,
    ) -> Pin<Box<dyn Future<Output = Result<Bytes, Failure>> + Send + '_>> {
        Box::pin(async move {
            let gone = |why: String| Failure {
                internal: Internal::new(why),
                ..Failure::before_sending(Class::MediaFailed, MEDIA_GONE)
            };
            let row = self
                .rows
                .rows
                .iter()
                .find(|row| row.id == media)
                .ok_or_else(|| gone(format!("media {media} has no row")))?;
            self.files.read(&row.sha256, offset, length).await.map_err(|error| gone(error.to_string()))
        })
    }
    fn public_url(&self, media: MediaId) -> Result<Url, Failure> {
        self.rows.address(media).cloned().ok_or_else(no_public_address)
    }
}
