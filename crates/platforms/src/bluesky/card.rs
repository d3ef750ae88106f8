//! Link cards. Bluesky fetches no pages: whoever posts a link brings its title and picture. A card
//! is an extra, so nothing that goes wrong here fails the post, short of a dead session.

use connector::{Cx, Failure};
use domain::Class;
use url::Url;

use super::media::{IMAGE_MAX_BYTES, upload_bytes};
use super::wire::{Blob, External};
use crate::page;

const TITLE_MAX_CHARS: usize = 300;
const DESCRIPTION_MAX_CHARS: usize = 1_000;

/// The card of `link`, if its page can be read.
///
/// # Errors
/// When the session has to be renewed first, for then the post itself would fail as well.
pub(super) async fn make(cx: &Cx<'_>, link: &str) -> Result<Option<External>, Failure> {
    let Ok(url) = Url::parse(link) else { return Ok(None) };
    let Some(page) = page::preview(cx.guarded, &url).await else { return Ok(None) };
    let thumb = match &page.image {
        Some(image) => thumb(cx, image).await?,
        None => None,
    };
    let cut = |text: &str, max: usize| -> String { text.chars().take(max).collect() };
    Ok(Some(External {
        uri: link.to_owned(),
        title: cut(&page.title, TITLE_MAX_CHARS),
        description: cut(&page.description, DESCRIPTION_MAX_CHARS),
        thumb,
    }))
}

async fn thumb(cx: &Cx<'_>, image: &Url) -> Result<Option<Blob>, Failure> {
    let max_bytes = usize::try_from(IMAGE_MAX_BYTES).unwrap_or(usize::MAX);
    let Ok(file) = cx.guarded.fetch(image, max_bytes).await else { return Ok(None) };
    // Drawings (SVG) are no image to Bluesky's apps.
    if !matches!(file.content_type.as_str(), "image/jpeg" | "image/png" | "image/webp" | "image/gif") {
        return Ok(None);
    }
    match upload_bytes(cx, file.bytes, &file.content_type).await {
        Ok(blob) => Ok(Some(blob)),
        Err(failure) if failure.died || failure.class == Class::TokenExpired => Err(failure),
        Err(_) => Ok(None),
    }
}
