//! What TikTok is told of a post: by the request that opens an upload, and by the one that names
//! where the media is and publishes it (pages "Direct post" and "Photo post").

use connector::{Cx, Failure, Publication};
use net::Request;

use super::api::request;
use super::choices::{
    adds_music, cover_ms, cover_photo, is_draft, is_made_by_ai, is_own_brand, is_paid, is_photos,
};
use super::state::{Creator, State};
use super::wire::{DirectPhotos, PhotoInfo, PhotoInit, PhotoSource, VideoInfo, VideoInit, VideoSource};

/// The request that begins a video.
pub(super) fn video(
    cx: &Cx<'_>,
    to: &Publication,
    at: &State,
    source: VideoSource<'_>,
) -> Result<Request, Failure> {
    let chosen = at.creator.clone().unwrap_or_default();
    let is_draft = is_draft(to);
    let path = if is_draft { "/v2/post/publish/inbox/video/init/" } else { "/v2/post/publish/video/init/" };
    let post_info = (!is_draft).then(|| video_info(to, &chosen));
    request(cx, path, &VideoInit { post_info, source_info: source })
}

fn video_info<'a>(to: &'a Publication, chosen: &'a Creator) -> VideoInfo<'a> {
    VideoInfo {
        title: &to.text,
        privacy_level: &chosen.privacy,
        disable_comment: chosen.no_comments,
        disable_duet: chosen.no_duet,
        disable_stitch: chosen.no_stitch,
        video_cover_timestamp_ms: cover_ms(to),
        brand_content_toggle: is_paid(to),
        brand_organic_toggle: is_own_brand(to),
        is_aigc: is_made_by_ai(to),
    }
}

/// The request that publishes what TikTok fetches.
pub(super) fn fetched(cx: &Cx<'_>, to: &Publication, at: &State) -> Result<Request, Failure> {
    let addresses = to.media.iter().map(|item| cx.media.public_url(item.id).map(String::from));
    let addresses = addresses.collect::<Result<Vec<_>, _>>()?;
    if is_photos(to) {
        return photos(cx, to, at, addresses);
    }
    let video_url = addresses.first().map(String::as_str).unwrap_or_default();
    video(cx, to, at, VideoSource::Fetch { video_url })
}

fn photos(cx: &Cx<'_>, to: &Publication, at: &State, photo_images: Vec<String>) -> Result<Request, Failure> {
    let chosen = at.creator.clone().unwrap_or_default();
    let is_draft = is_draft(to);
    let direct = (!is_draft).then(|| DirectPhotos {
        privacy_level: &chosen.privacy,
        disable_comment: chosen.no_comments,
        auto_add_music: adds_music(to),
        brand_content_toggle: is_paid(to),
        brand_organic_toggle: is_own_brand(to),
        is_aigc: is_made_by_ai(to).then_some(true),
    });
    let body = PhotoInit {
        media_type: "PHOTO",
        post_mode: if is_draft { "MEDIA_UPLOAD" } else { "DIRECT_POST" },
        post_info: PhotoInfo { title: to.settings.text("title"), description: &to.text, direct },
        source_info: PhotoSource {
            source: "PULL_FROM_URL",
            photo_images,
            photo_cover_index: cover_photo(to),
        },
    };
    request(cx, "/v2/post/publish/content/init/", &body)
}
