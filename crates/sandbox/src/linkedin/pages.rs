//! Pages of linkedin.com that people open, statistics, and what all calls go through.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use http::{HeaderMap, Method, StatusCode, Uri};
use serde_json::{Value, json};

use super::auth::bearer;
use super::errors::{LiError, denied, plain, throttled};
use super::state::LinkedIn;
use super::upload::no_resource;
use crate::core::figures::{Figures, followers};
use crate::core::{avatar, lock, page};

/// Calls a member may make in a day, for self-serve apps.
const MEMBER_DAY: u32 = 150;

/// `www.linkedin.com/feed/update/{urn}/`
pub(super) async fn post(State(linkedin): State<Arc<LinkedIn>>, Path(urn): Path<String>) -> Response {
    match linkedin.world.ledger.find(super::PLATFORM, &urn) {
        Some(public) => Html(page::permalink(&public)).into_response(),
        None => (StatusCode::NOT_FOUND, Html(page::missing())).into_response(),
    }
}

/// `media.licdn.com/dms/image/{id}/…`
pub(super) async fn picture(Path((id, _)): Path<(String, String)>) -> Response {
    avatar::answer(&id)
}

/// Everything else.
pub(super) async fn not_found() -> LiError {
    no_resource()
}

/// `GET /rest/organizationalEntityShareStatistics`
pub(super) async fn share_statistics(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    let what = "organizationalEntityShareStatistics.FINDER-organizationalEntity.20260901";
    let owner = query.get("organizationalEntity").map(String::as_str).unwrap_or_default();
    linkedin.check_author(&caller, owner, "rw_organization_admin", what)?;
    let mut elements = Vec::new();
    for (parameter, field) in [("shares", "share"), ("ugcPosts", "ugcPost")] {
        let list = query.get(parameter).map(String::as_str).unwrap_or_default();
        let inside = list.strip_prefix("List(").and_then(|list| list.strip_suffix(')')).unwrap_or(list);
        for urn in inside.split(',').filter(|urn| !urn.is_empty()) {
            let urn = urn.replace("%3A", ":").replace("%3a", ":");
            let Some(post) = linkedin.live_post(&urn).filter(|post| post.author == owner) else { continue };
            let figures = Figures::of(&urn, linkedin.world.now().since(post.created_at));
            // What nobody has seen is left out.
            if figures.seen == 0 {
                continue;
            }
            let mut element = json!({
                "organizationalEntity": owner,
                "totalShareStatistics": {
                    "impressionCount": figures.seen,
                    "uniqueImpressionsCount": figures.seen * 3 / 4,
                    "clickCount": figures.clicks,
                    "likeCount": figures.likes,
                    "commentCount": figures.comments,
                    "shareCount": figures.shares,
                    "engagement": 0.06,
                },
            });
            element[field] = json!(urn);
            elements.push(element);
        }
    }
    let paging = json!({"start": 0, "count": 10, "links": []});
    Ok(Json(json!({"elements": elements, "paging": paging})))
}

/// Statistics of members' posts, which self-serve apps do not get.
pub(super) async fn member_statistics(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    if !caller.has("r_member_postAnalytics") {
        return Err(denied("memberCreatorPostAnalytics.FINDER-entity.20260901"));
    }
    let asked = |name: &str| query.get(name).map(String::as_str).unwrap_or_default();
    let refuse = |what: &str| plain(StatusCode::BAD_REQUEST, "ILLEGAL_ARGUMENT", what);
    let inside = asked("entity").strip_prefix('(').and_then(|entity| entity.strip_suffix(')'));
    let Some((kind, urn)) = inside.and_then(|entity| entity.split_once(':')) else {
        return Err(refuse("entity is (share:urn) or (ugc:urn)"));
    };
    let urn = urn.replace("%3A", ":").replace("%3a", ":");
    if !urn.starts_with(if kind == "ugc" { "urn:li:ugcPost:" } else { "urn:li:share:" }) {
        return Err(refuse("entity is (share:urn) or (ugc:urn)"));
    }
    let post =
        linkedin.live_post(&urn).filter(|post| post.author == format!("urn:li:person:{}", caller.member.id));
    let Some(post) = post else { return Err(no_resource()) };
    let figures = Figures::of(&urn, linkedin.world.now().since(post.created_at));
    let kind = asked("queryType");
    let count = match kind {
        "IMPRESSION" => figures.seen,
        "MEMBERS_REACHED" => figures.seen * 3 / 4,
        "REACTION" => figures.likes,
        "COMMENT" => figures.comments,
        "RESHARE" => figures.shares,
        "LINK_CLICKS" => figures.clicks,
        _ => return Err(refuse("queryType is not one of the known ones")),
    };
    let element = json!({"count": count, "metricType": kind});
    Ok(Json(json!({"elements": [element], "paging": {"start": 0, "count": 10, "links": []}})))
}

/// `GET /rest/networkSizes/{organization}`
pub(super) async fn network_size(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
    Path(urn): Path<String>,
    Query(query): Query<HashMap<String, String>>,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    linkedin.check_author(&caller, &urn, "rw_organization_admin", "networkSizes.GET.20260901")?;
    if query.get("edgeType").is_none_or(|edge| edge != "COMPANY_FOLLOWED_BY_MEMBER") {
        return Err(plain(StatusCode::BAD_REQUEST, "ILLEGAL_ARGUMENT", "edgeType is not a known one"));
    }
    Ok(Json(json!({"firstDegreeSize": followers(&urn, linkedin.world.now())})))
}

/// `GET /rest/memberFollowersCount`, which self-serve apps do not get either.
pub(super) async fn member_followers(
    State(linkedin): State<Arc<LinkedIn>>,
    headers: HeaderMap,
) -> Result<Json<Value>, LiError> {
    let caller = linkedin.rest_caller(&headers)?;
    if !caller.has("r_member_profileAnalytics") {
        return Err(denied("memberFollowersCount.FINDER-me.20260901"));
    }
    let count = followers(&caller.member.id, linkedin.world.now());
    let element = json!({"memberFollowersCount": count});
    Ok(Json(json!({"elements": [element], "paging": {"start": 0, "count": 10, "links": []}})))
}

/// Counts the calls of members whose quota is enforced.
pub(super) async fn count(State(linkedin): State<Arc<LinkedIn>>, request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/rest/") && bearer(request.headers()).is_some();
    if is_api
        && let Ok(caller) = linkedin.caller(request.headers())
        && caller.member.limited
    {
        let day = linkedin.world.now().as_seconds().div_euclid(86_400);
        let mut calls = lock(&linkedin.calls);
        let (counted_day, count) = calls.entry(caller.member.id.clone()).or_insert((day, 0));
        if *counted_day != day {
            (*counted_day, *count) = (day, 0);
        }
        *count += 1;
        if *count > MEMBER_DAY {
            return throttled(None);
        }
    }
    next.run(request).await
}

/// Rest.li lets a long GET arrive as POST, with its query in a form body.
pub(super) async fn untunnel(request: Request, next: Next) -> Response {
    let overridden = request.headers().get("x-http-method-override").and_then(|name| name.to_str().ok());
    let Some(method) = overridden.and_then(|name| name.parse::<Method>().ok()) else {
        return next.run(request).await;
    };
    let (mut parts, body) = request.into_parts();
    parts.method = method;
    let Ok(bytes) = axum::body::to_bytes(body, 1 << 20).await else {
        return plain(StatusCode::BAD_REQUEST, "ILLEGAL_ARGUMENT", "the body is not whole").into_response();
    };
    let query = String::from_utf8_lossy(&bytes).into_owned();
    if parts.method == Method::GET && !query.is_empty() {
        let Ok(uri) = format!("{}?{query}", parts.uri.path()).parse::<Uri>() else {
            let message = "the body is no query";
            return plain(StatusCode::BAD_REQUEST, "ILLEGAL_ARGUMENT", message).into_response();
        };
        parts.uri = uri;
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    next.run(Request::from_parts(parts, Body::from(bytes))).await
}
