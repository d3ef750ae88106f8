//! Pages that people open: a video, its picture, a channel's picture.

use std::sync::Arc;

use axum::extract::{Path, RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header};

use super::errors::refusal;
use super::query::Params;
use super::state::YouTube;
use crate::core::{avatar, page};

/// `www.youtube.com/watch?v={id}`
pub(super) async fn watch(State(youtube): State<Arc<YouTube>>, RawQuery(raw): RawQuery) -> Response {
    show(&youtube, Params::of(raw.as_deref()).get("v").unwrap_or_default())
}

/// `www.youtube.com/shorts/{id}`
pub(super) async fn short(State(youtube): State<Arc<YouTube>>, Path(id): Path<String>) -> Response {
    show(&youtube, &id)
}

/// `i.ytimg.com/vi/{id}/…`: the custom thumbnail, or a stand-in.
pub(super) async fn picture(
    State(youtube): State<Arc<YouTube>>,
    Path((id, _)): Path<(String, String)>,
) -> Response {
    let custom = youtube.live_video(&id).and_then(|video| youtube.world.blobs.get(&video.thumbnail?));
    match custom {
        Some(bytes) => ([(header::CONTENT_TYPE, page::sniff(&bytes))], bytes).into_response(),
        None => avatar::answer(&id),
    }
}

/// `yt3.ggpht.com/a/{id}`
pub(super) async fn avatar(Path(id): Path<String>) -> Response {
    avatar::answer(&id)
}

/// Everything else.
pub(super) async fn not_found() -> Response {
    refusal(StatusCode::NOT_FOUND, "global", "notFound", "Not Found").into_response()
}

fn show(youtube: &YouTube, id: &str) -> Response {
    match youtube.world.ledger.find(super::PLATFORM, id) {
        Some(public) => Html(page::permalink(&public)).into_response(),
        None => (StatusCode::NOT_FOUND, Html(page::missing())).into_response(),
    }
}
