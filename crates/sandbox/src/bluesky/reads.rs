//! What anybody may look up: accounts, their documents, posts, the server itself.

use std::sync::Arc;

use axum::extract::{Path, Query, RawQuery, State};
use axum::{Extension, Json};
use domain::Timestamp;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{XrpcError, invalid, plain};
use super::records::{POST, key};
use super::state::{Bluesky, User, avatar_url};
use super::{BAD, ENTRYWAY, state};
use crate::core::figures::{Figures, followers};
use crate::core::origin::Origin;

/// `_health`
pub(super) async fn health() -> Json<Value> {
    Json(json!({"version": "sandbox"}))
}

/// `com.atproto.server.describeServer`
pub(super) async fn describe_server(Extension(origin): Extension<Origin>) -> Json<Value> {
    Json(json!({
        "did": format!("did:web:{}", origin.host),
        "availableUserDomains": [format!(".{ENTRYWAY}")],
        "inviteCodeRequired": false,
        "links": {},
        "contact": {},
    }))
}

#[derive(Deserialize)]
pub(super) struct Handle {
    handle: String,
}

/// `com.atproto.identity.resolveHandle`
pub(super) async fn resolve_handle(
    State(bluesky): State<Arc<Bluesky>>,
    Query(wanted): Query<Handle>,
) -> Result<Json<Value>, XrpcError> {
    match bluesky.find_user(&wanted.handle) {
        Some(user) => Ok(Json(json!({"did": user.did}))),
        None => Err(plain(BAD, "HandleNotFound", "Unable to resolve handle")),
    }
}

/// `plc.directory/{did}`
pub(super) async fn did_document(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    Path(did): Path<String>,
) -> Result<Json<Value>, XrpcError> {
    match bluesky.users.get(&did) {
        Some(user) => Ok(Json(state::did_document(&user, &origin))),
        None => Err(plain(StatusCode::NOT_FOUND, "NotFound", &format!("DID not registered: {did}"))),
    }
}

#[derive(Deserialize)]
pub(super) struct Actor {
    actor: String,
}

/// `app.bsky.actor.getProfile`
pub(super) async fn profile(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    Query(wanted): Query<Actor>,
) -> Result<Json<Value>, XrpcError> {
    let user = bluesky.find_user(&wanted.actor).ok_or_else(|| invalid("Profile not found"))?;
    let prefix = key(&user.did, POST, "");
    let posts = bluesky.records.read(|rows| rows.keys().filter(|key| key.starts_with(&prefix)).count());
    let mut profile = author(&user, &origin);
    profile["followersCount"] = json!(followers(&user.did, bluesky.world.now()));
    profile["followsCount"] = json!(0);
    profile["postsCount"] = json!(posts);
    Ok(Json(profile))
}

/// `app.bsky.feed.getPosts`: those that are missing are left out.
pub(super) async fn posts(
    State(bluesky): State<Arc<Bluesky>>,
    Extension(origin): Extension<Origin>,
    RawQuery(query): RawQuery,
) -> Json<Value> {
    let query = query.unwrap_or_default();
    let uris =
        url::form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == "uris" || name == "uris[]");
    let found: Vec<Value> = uris.take(25).filter_map(|(_, uri)| view(&bluesky, &uri, &origin)).collect();
    Json(json!({"posts": found}))
}

fn view(bluesky: &Bluesky, uri: &str, origin: &Origin) -> Option<Value> {
    let (did, rest) = uri.strip_prefix("at://")?.split_once('/')?;
    let record = bluesky.records.get(&format!("{did}/{rest}"))?;
    let user = bluesky.users.get(did)?;
    let now = bluesky.world.now();
    let made = record.value["createdAt"].as_str().and_then(|text| Timestamp::parse(text).ok());
    let figures = Figures::of(uri, now.since(made.unwrap_or(now)));
    Some(json!({
        "uri": uri,
        "cid": record.cid,
        "author": author(&user, origin),
        "record": record.value,
        "replyCount": figures.comments,
        "repostCount": figures.shares,
        "likeCount": figures.likes,
        "quoteCount": figures.shares / 4,
        "bookmarkCount": 0,
        "indexedAt": record.value["createdAt"],
        "labels": [],
    }))
}

fn author(user: &User, origin: &Origin) -> Value {
    json!({
        "did": user.did,
        "handle": user.handle,
        "displayName": user.name,
        "avatar": avatar_url(user, origin),
        "labels": [],
    })
}
