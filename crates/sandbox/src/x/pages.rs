//! Pages of x.com that people open: a post, a user's picture.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use super::errors::plain;
use super::state::{Post, X};
use crate::core::{avatar, page};

/// `x.com/{user}/status/{id}`
pub(super) async fn post(State(x): State<Arc<X>>, Path((_, id)): Path<(String, String)>) -> Response {
    show(&x, x.live_post(&id))
}

/// `x.com/i/web/status/{id}`
pub(super) async fn post_by_id(State(x): State<Arc<X>>, Path(id): Path<String>) -> Response {
    show(&x, x.live_post(&id))
}

/// `pbs.twimg.com/profile_images/{id}/…`
pub(super) async fn avatar(Path((id, _)): Path<(String, String)>) -> Response {
    avatar::answer(&id)
}

/// Everything else.
pub(super) async fn not_found() -> Response {
    plain(StatusCode::NOT_FOUND, "Not Found").into_response()
}

fn show(x: &X, post: Option<Post>) -> Response {
    let public = post.and_then(|post| x.world.ledger.find(super::PLATFORM, &post.id));
    match public {
        Some(public) => Html(page::permalink(&public)).into_response(),
        None => (StatusCode::NOT_FOUND, Html(page::missing())).into_response(),
    }
}
