//! Pages of bsky.app that people open: a post, a picture.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use super::PLATFORM;
use super::records::POST;
use super::state::Bluesky;
use crate::core::{avatar, page};

/// `bsky.app/profile/{actor}/post/{rkey}`
pub(super) async fn post(
    State(bluesky): State<Arc<Bluesky>>,
    Path((actor, rkey)): Path<(String, String)>,
) -> Response {
    let public = bluesky
        .find_user(&actor)
        .and_then(|user| bluesky.world.ledger.find(PLATFORM, &format!("at://{}/{POST}/{rkey}", user.did)));
    match public {
        Some(public) => Html(page::permalink(&public)).into_response(),
        None => (StatusCode::NOT_FOUND, Html(page::missing())).into_response(),
    }
}

/// `cdn.bsky.app/img/avatar/{did}`
pub(super) async fn avatar(Path(did): Path<String>) -> Response {
    avatar::answer(&did)
}
