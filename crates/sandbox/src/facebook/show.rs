//! Pages of facebook.com that people open: the login dialog, posts, pictures.

use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};

use super::state::{Facebook, Post};
use super::{IMAGE_HOST, PLATFORM, consent, feed, reads};
use crate::core::{avatar, page as html};
use crate::meta::asked::Asked;

/// Every call to a host that people open.
pub(super) fn page(facebook: &Facebook, asked: &Asked) -> Response {
    let segments = asked.request.segments();
    if asked.origin.host == IMAGE_HOST {
        return match (reads::image(facebook, &segments), segments.as_slice()) {
            (Some((kind, bytes)), _) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
            (None, [_, id, ..]) => avatar::answer(id),
            (None, _) => missing(),
        };
    }
    if matches!(segments.as_slice(), ["dialog", "oauth"]) {
        return consent::dialog(facebook, &asked.request, &asked.origin);
    }
    let post = post_of(facebook, &segments);
    let public = post.and_then(|post| facebook.world.ledger.find(PLATFORM, &post.id));
    match public {
        Some(public) => Html(html::permalink(&public)).into_response(),
        None => missing(),
    }
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, Html(html::missing())).into_response()
}

fn post_of(facebook: &Facebook, segments: &[&str]) -> Option<Post> {
    let of_video = |video: &str| facebook.live_post(&facebook.videos.get(video)?.post?);
    match segments {
        ["reel", video] | [_, "videos", video] => of_video(video),
        [page, "posts", number] | ["stories", page, number] => {
            facebook.live_post(&format!("{page}_{number}"))
        }
        [id] => facebook.live_post(id),
        _ => None,
    }
    .filter(|post| !feed::permalink(post).is_empty())
}
