//! Creating, editing, deleting and listing posts, and commenting on them.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use domain::Span;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::content::{Carried, Content};
use super::errors::{LiError, denied, duplicate, invalid, plain};
use super::state::{LinkedIn, Post, split_urn};
use super::text::{self, Shown};
use super::{PAGE_HOST, PLATFORM};
use crate::core::ledger::PublicPost;
use crate::core::lock;
use crate::core::origin::Origin;

const LIMIT_UTF16: usize = 3_000;
const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
/// How long a live post, and a deleted one, is remembered against duplicates.
const LIVE_MEMORY: Span = Span::from_hours(48);
const DELETED_MEMORY: Span = Span::from_hours(24);

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Draft {
    author: Option<String>,
    #[serde(default)]
    commentary: String,
    visibility: Option<String>,
    distribution: Option<Distribution>,
    lifecycle_state: Option<String>,
    content: Option<Content>,
    reshare_context: Option<Reshare>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Distribution {
    feed_distribution: Option<String>,
}

#[derive(Deserialize)]
struct Reshare {
    parent: String,
}

/// `POST /rest/posts`
pub(super) async fn create(
    State(linkedin): State<Arc<LinkedIn>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    let unreadable =
        |error: serde_json::Error| invalid(UNPROCESSABLE, "body", "FIELD_VALUE_INVALID", &error.to_string());
    let value: Value = serde_json::from_slice(&body).map_err(unreadable)?;
    let draft: Draft = serde_json::from_value(value.clone()).map_err(unreadable)?;
    let author = draft.author.clone().ok_or_else(|| missing("author"))?;
    linkedin.check_author(&caller, &author, "w_organization_social", "posts.CREATE.20260901")?;
    check_settings(&draft, &author)?;
    let shown = checked_text(&draft.commentary)?;
    let _one_at_a_time = lock(&linkedin.gate);
    let carried = linkedin.carried_or_bare(&draft, &author)?;
    let kind = if carried.is_ugc { "ugcPost" } else { "share" };
    let now = linkedin.world.now();
    let post = Post {
        urn: format!("urn:li:{kind}:{}", linkedin.new_number()),
        author,
        commentary: draft.commentary.clone(),
        body: value,
        created_at: now,
        modified_at: now,
        deleted_at: None,
    };
    linkedin.check_duplicate(&post)?;
    let public = linkedin.public_post(&post, &draft, shown, carried, &origin);
    let mut batch = linkedin.world.journal.batch();
    batch.put(&linkedin.posts, &post.urn, &post)?;
    linkedin.world.ledger.publish(&mut batch, &public)?;
    batch.commit()?;
    linkedin.remember_content(&post);
    Ok((StatusCode::CREATED, [("x-restli-id", post.urn)]).into_response())
}

fn missing(field: &str) -> LiError {
    invalid(UNPROCESSABLE, field, "MISSING_FIELD", "field is required but not found and has no default value")
}

fn check_settings(draft: &Draft, author: &str) -> Result<(), LiError> {
    let wrong = |field: &str, value: &str| {
        invalid(UNPROCESSABLE, field, "FIELD_VALUE_INVALID", &format!("\"{value}\" is not allowed"))
    };
    let visibility = draft.visibility.as_deref().ok_or_else(|| missing("visibility"))?;
    let is_person = author.starts_with("urn:li:person:");
    match visibility {
        "PUBLIC" => {}
        "CONNECTIONS" if is_person => {}
        "LOGGED_IN" if !is_person => {}
        other => return Err(wrong("visibility", other)),
    }
    match draft.lifecycle_state.as_deref() {
        None => return Err(missing("lifecycleState")),
        Some("PUBLISHED") => {}
        Some(other) => return Err(wrong("lifecycleState", other)),
    }
    let distribution = draft.distribution.as_ref().ok_or_else(|| missing("distribution"))?;
    match distribution.feed_distribution.as_deref() {
        Some("MAIN_FEED" | "NONE") => Ok(()),
        None => Err(missing("distribution/feedDistribution")),
        Some(other) => Err(wrong("distribution/feedDistribution", other)),
    }
}

fn checked_text(commentary: &str) -> Result<Shown, LiError> {
    let shown = text::show(commentary);
    let length = shown.text.encode_utf16().count();
    if length > LIMIT_UTF16 {
        let description = format!("commentary has {length} characters, {LIMIT_UTF16} are allowed");
        return Err(invalid(StatusCode::BAD_REQUEST, "commentary", "FIELD_LENGTH_TOO_LONG", &description));
    }
    Ok(shown)
}

impl LinkedIn {
    fn carried_or_bare(&self, draft: &Draft, author: &str) -> Result<Carried, LiError> {
        if let Some(reshare) = &draft.reshare_context
            && self.live_post(&reshare.parent).is_none()
        {
            let description = format!("{} does not exist", reshare.parent);
            return Err(invalid(UNPROCESSABLE, "reshareContext/parent", "INVALID_VALUE", &description));
        }
        match &draft.content {
            Some(content) => self.carried(content, author),
            None if draft.commentary.trim().is_empty() && draft.reshare_context.is_none() => {
                Err(missing("commentary"))
            }
            None => Ok(Carried::default()),
        }
    }

    fn check_duplicate(&self, post: &Post) -> Result<(), LiError> {
        let now = self.world.now();
        for urn in self.same_content(post) {
            let Some(earlier) = self.posts.get(&urn) else { continue };
            let is_remembered = match earlier.deleted_at {
                Some(deleted_at) => deleted_at + DELETED_MEMORY > now,
                None => earlier.created_at + LIVE_MEMORY > now,
            };
            if is_remembered {
                return Err(duplicate(&urn));
            }
        }
        Ok(())
    }

    fn public_post(
        &self,
        post: &Post,
        draft: &Draft,
        shown: Shown,
        carried: Carried,
        origin: &Origin,
    ) -> PublicPost {
        let mut extra = carried.extra;
        if shown.is_cut {
            extra.insert("commentary_cut".to_owned(), json!(post.commentary));
        }
        if let Some(visibility) = draft.visibility.as_deref().filter(|visibility| *visibility != "PUBLIC") {
            extra.insert("visibility".to_owned(), json!(visibility));
        }
        if let Some(reshare) = &draft.reshare_context {
            extra.insert("reshare_of".to_owned(), json!(reshare.parent));
        }
        let path = format!("/feed/update/{}/", post.urn);
        let handle = self.name_of(&post.author).map(|(_, vanity)| vanity);
        let account_id = split_urn(&post.author).map_or(post.author.as_str(), |(_, id)| id).to_owned();
        PublicPost {
            platform: PLATFORM.to_owned(),
            account: handle.unwrap_or_else(|| account_id.clone()),
            account_id,
            id: post.urn.clone(),
            url: origin.url(PAGE_HOST, &path),
            page: format!("{PAGE_HOST}{path}"),
            text: shown.text,
            media: carried.media,
            reply_to: None,
            extra: if extra.is_empty() { Value::Null } else { Value::Object(extra) },
            created_at: post.created_at.to_iso_millis(),
            deleted_at: None,
        }
    }
}

#[derive(Deserialize)]
struct Patch {
    patch: PatchBody,
}

#[derive(Deserialize)]
struct PatchBody {
    #[serde(rename = "$set", default)]
    set: HashMap<String, Value>,
}

/// `POST /rest/posts/{urn}` with `X-RestLi-Method: PARTIAL_UPDATE`, and deleting that way
pub(super) async fn update(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Path(urn): Path<String>,
    body: Bytes,
) -> Result<StatusCode, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    let method = headers.get("x-restli-method").and_then(|name| name.to_str().ok()).unwrap_or_default();
    if !method.eq_ignore_ascii_case("partial_update") {
        return Err(plain(
            StatusCode::BAD_REQUEST,
            "ILLEGAL_ARGUMENT",
            "X-RestLi-Method is not PARTIAL_UPDATE",
        ));
    }
    let Patch { patch } = serde_json::from_slice(&body)
        .map_err(|error| invalid(UNPROCESSABLE, "patch", "FIELD_VALUE_INVALID", &error.to_string()))?;
    let _one_at_a_time = lock(&linkedin.gate);
    let mut post = linkedin.live_post(&urn).ok_or_else(not_found)?;
    linkedin.check_author(&caller, &post.author, "w_organization_social", "posts.PARTIAL_UPDATE.20260901")?;
    for (field, value) in &patch.set {
        match (field.as_str(), value.as_str()) {
            ("commentary", Some(commentary)) => commentary.clone_into(&mut post.commentary),
            _ => {
                return Err(invalid(
                    UNPROCESSABLE,
                    field,
                    "FIELD_VALUE_INVALID",
                    "the field cannot be changed",
                ));
            }
        }
    }
    let shown = checked_text(&post.commentary)?;
    post.modified_at = linkedin.world.now();
    let mut batch = linkedin.world.journal.batch();
    batch.put(&linkedin.posts, &urn, &post)?;
    linkedin.world.ledger.change(&mut batch, PLATFORM, &urn, |public| public.text = shown.text)?;
    batch.commit()?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /rest/posts/{urn}`
pub(super) async fn delete(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Path(urn): Path<String>,
) -> Result<StatusCode, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    let _one_at_a_time = lock(&linkedin.gate);
    if let Some(mut post) = linkedin.live_post(&urn) {
        linkedin.check_author(&caller, &post.author, "w_organization_social", "posts.DELETE.20260901")?;
        let now = linkedin.world.now();
        post.deleted_at = Some(now);
        let mut batch = linkedin.world.journal.batch();
        batch.put(&linkedin.posts, &urn, &post)?;
        linkedin.world.ledger.take_down(&mut batch, PLATFORM, &urn, now)?;
        batch.commit()?;
    }
    Ok(StatusCode::NO_CONTENT)
}

fn not_found() -> LiError {
    plain(StatusCode::NOT_FOUND, "NOT_FOUND", "Could not find entity")
}

/// `GET /rest/posts/{urn}`
pub(super) async fn get(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Path(urn): Path<String>,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    // Reading members' posts needs a scope that is not granted any more.
    if !caller.has("r_organization_social") {
        return Err(denied("posts.GET.20260901"));
    }
    let post = linkedin.live_post(&urn).ok_or_else(not_found)?;
    linkedin.check_author(&caller, &post.author, "r_organization_social", "posts.GET.20260901")?;
    Ok(Json(element(&post)))
}

#[derive(Deserialize)]
pub(super) struct FinderQuery {
    q: Option<String>,
    author: Option<String>,
    #[serde(default)]
    start: usize,
    count: Option<usize>,
}

/// `GET /rest/posts?q=author&author=…`
pub(super) async fn find(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Query(query): Query<FinderQuery>,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    let author = query.author.unwrap_or_default();
    if query.q.as_deref() != Some("author") || author.is_empty() {
        return Err(plain(StatusCode::BAD_REQUEST, "ILLEGAL_ARGUMENT", "q must be author, with an author"));
    }
    if !author.starts_with("urn:li:organization:") {
        return Err(denied("posts.FINDER-author.20260901"));
    }
    linkedin.check_author(&caller, &author, "r_organization_social", "posts.FINDER-author.20260901")?;
    let mut posts: Vec<Post> = linkedin.posts.read(|rows| {
        rows.values().filter(|post| post.author == author && post.deleted_at.is_none()).cloned().collect()
    });
    posts.sort_by_key(|post| std::cmp::Reverse(post.modified_at));
    let count = query.count.unwrap_or(10).min(100);
    let total = posts.len();
    let page: Vec<Value> = posts.iter().skip(query.start).take(count).map(element).collect();
    let paging = json!({"start": query.start, "count": count, "total": total, "links": []});
    Ok(Json(json!({"paging": paging, "elements": page})))
}

fn element(post: &Post) -> Value {
    let mut element = post.body.clone();
    element["id"] = json!(post.urn);
    element["commentary"] = json!(post.commentary);
    element["createdAt"] = json!(post.created_at.as_millis());
    element["publishedAt"] = json!(post.created_at.as_millis());
    element["lastModifiedAt"] = json!(post.modified_at.as_millis());
    element["lifecycleStateInfo"] = json!({"isEditedByAuthor": post.modified_at != post.created_at});
    element
}

/// `POST /rest/socialActions/{urn}/comments`
pub(super) async fn comment(
    State(linkedin): State<Arc<LinkedIn>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    Path(urn): Path<String>,
    Json(body): Json<Value>,
) -> Result<Response, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    let what = "partnerApiSocialActions.CREATE_COMMENT.20260901";
    let actor = body["actor"].as_str().unwrap_or_default().to_owned();
    let may_comment = if actor.starts_with("urn:li:person:") {
        caller.has("w_member_social_feed")
    } else {
        caller.has("w_organization_social_feed") || caller.has("w_organization_social")
    };
    if !may_comment {
        return Err(denied(what));
    }
    linkedin.check_author(&caller, &actor, "w_organization_social", what)?;
    let said = body["message"]["text"]
        .as_str()
        .filter(|text| !text.is_empty())
        .ok_or_else(|| missing("message/text"))?;
    let post = linkedin.live_post(&urn).ok_or_else(not_found)?;
    let number = linkedin.new_number().to_string();
    let id = format!("urn:li:comment:({urn},{number})");
    let path = format!("/feed/update/{urn}/");
    let account_id = split_urn(&actor).map(|(_, id)| id.to_owned()).unwrap_or_default();
    let public = PublicPost {
        platform: PLATFORM.to_owned(),
        account: linkedin.name_of(&actor).map_or_else(|| account_id.clone(), |(_, vanity)| vanity),
        account_id,
        id: id.clone(),
        url: origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: said.to_owned(),
        media: Vec::new(),
        reply_to: Some(post.urn),
        extra: Value::Null,
        created_at: linkedin.world.now().to_iso_millis(),
        deleted_at: None,
    };
    let mut batch = linkedin.world.journal.batch();
    linkedin.world.ledger.publish(&mut batch, &public)?;
    batch.commit()?;
    let answer =
        json!({"id": number, "commentUrn": id, "actor": actor, "object": urn, "message": {"text": said}});
    Ok((StatusCode::CREATED, [("x-restli-id", number)], Json(answer)).into_response())
}
