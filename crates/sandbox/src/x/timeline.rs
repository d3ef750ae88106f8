//! Reading posts back: by user, newest first, and by id.

use std::collections::HashMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use domain::{Span, Timestamp};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use super::errors::{XError, invalid, missing_post, plain};
use super::state::{Link, Post, X};
use crate::core::figures::Figures;

type Params = Query<HashMap<String, String>>;

/// X calls a post so since 2026, and a tweet in answers to those who ask with the older
/// `tweet.fields`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Words {
    Post,
    Tweet,
}

impl Words {
    /// The words of a request, and the fields that it asks for.
    fn of(query: &HashMap<String, String>) -> (Self, Vec<&str>) {
        let (words, fields) = match (query.get("tweet.fields"), query.get("post.fields")) {
            (Some(fields), _) => (Self::Tweet, Some(fields)),
            (None, fields) => (Self::Post, fields),
        };
        (words, fields.map(|text| text.split(',').collect()).unwrap_or_default())
    }

    fn pick(self, post: &'static str, tweet: &'static str) -> &'static str {
        if self == Self::Post { post } else { tweet }
    }
}

/// `GET /2/users/{id}/tweets`
pub(super) async fn of_user(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Params,
) -> Result<Json<Value>, XError> {
    let caller = x.caller(&headers, &["tweet.read", "users.read"])?;
    if x.users.get(&id).is_none() {
        let mut problem = missing_post("id", &id);
        problem["detail"] = json!(format!("Could not find user with id: [{id}]."));
        problem["resource_type"] = json!("user");
        return Ok(Json(json!({"errors": [problem]})));
    }
    let page_size = page_size(&query)?;
    let since = moment(&query, "start_time")?;
    let until = moment(&query, "end_time")?;
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<u64>().ok());
    let (since_id, until_id) = (number("since_id"), number("until_id"));
    let before = query.get("pagination_token").or(query.get("next_token"));
    let before = before.map(|token| token_id(token)).transpose()?;
    let without_replies =
        query.get("exclude").is_some_and(|kinds| kinds.split(',').any(|kind| kind == "replies"));
    let mut posts: Vec<(u64, Post)> = x.posts.read(|rows| {
        rows.values()
            .filter(|post| post.author == id && !post.deleted)
            .filter(|post| since.is_none_or(|since| post.created_at >= since))
            .filter(|post| until.is_none_or(|until| post.created_at < until))
            .filter(|post| !without_replies || post.reply_to.is_none())
            .filter_map(|post| Some((post.id.parse().ok()?, post.clone())))
            .collect()
    });
    posts.retain(|(number, _)| {
        since_id.is_none_or(|since| *number > since)
            && until_id.is_none_or(|until| *number < until)
            && before.is_none_or(|before| *number < before)
    });
    posts.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    let has_more = posts.len() > page_size;
    posts.truncate(page_size);
    let mut meta = json!({"result_count": posts.len()});
    if let (Some(newest), Some(oldest)) = (posts.first(), posts.last()) {
        meta["newest_id"] = json!(newest.1.id);
        meta["oldest_id"] = json!(oldest.1.id);
        if has_more {
            meta["next_token"] = json!(format!("b26v89c19zqg8o3f{}", oldest.1.id));
        }
    }
    let posts: Vec<Post> = posts.into_iter().map(|(_, post)| post).collect();
    let mut answer = x.listing(&posts, &query, &caller.id);
    if posts.is_empty() {
        // X leaves `data` out when there is nothing.
        answer = json!({});
    }
    answer["meta"] = meta;
    Ok(Json(answer))
}

fn page_size(query: &HashMap<String, String>) -> Result<usize, XError> {
    let Some(text) = query.get("max_results") else { return Ok(10) };
    let size = text.parse().ok().filter(|size| (5..=100).contains(size));
    size.ok_or_else(|| {
        let message = format!("The `max_results` query parameter value [{text}] is not between 5 and 100");
        invalid("max_results", text, &message)
    })
}

fn moment(query: &HashMap<String, String>, name: &str) -> Result<Option<Timestamp>, XError> {
    let Some(text) = query.get(name) else { return Ok(None) };
    let wrong =
        |_| invalid(name, text, &format!("The `{name}` query parameter value is not an RFC 3339 time"));
    Timestamp::parse(text).map(Some).map_err(wrong)
}

fn token_id(token: &str) -> Result<u64, XError> {
    let id = token.strip_prefix("b26v89c19zqg8o3f").and_then(|id| id.parse().ok());
    id.ok_or_else(|| invalid("pagination_token", token, "The `pagination_token` is not valid"))
}

/// `GET /2/tweets?ids=`
pub(super) async fn lookup(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    Query(query): Params,
) -> Result<Json<Value>, XError> {
    let caller = x.caller(&headers, &["tweet.read", "users.read"])?;
    let ids: Vec<&str> = query.get("ids").map(|ids| ids.split(',').collect()).unwrap_or_default();
    if ids.is_empty() || ids.len() > 100 {
        return Err(invalid("ids", "", "The `ids` query parameter has 1 to 100 items"));
    }
    let posts: Vec<Post> = ids.iter().filter_map(|id| x.live_post(id)).collect();
    let missing: Vec<Value> =
        ids.iter().filter(|id| x.live_post(id).is_none()).map(|id| missing_post("ids", id)).collect();
    let mut answer = if posts.is_empty() { json!({}) } else { x.listing(&posts, &query, &caller.id) };
    if !missing.is_empty() {
        answer["errors"] = json!(missing);
    }
    Ok(Json(answer))
}

/// `GET /2/tweets/{id}`
pub(super) async fn lookup_one(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    Path(id): Path<String>,
    Query(query): Params,
) -> Result<Json<Value>, XError> {
    let caller = x.caller(&headers, &["tweet.read", "users.read"])?;
    if id == "analytics" {
        return Err(plain(StatusCode::FORBIDDEN, "Analytics are not part of this access level."));
    }
    let Some(post) = x.live_post(&id) else {
        return Ok(Json(json!({"errors": [missing_post("id", &id)]})));
    };
    let mut answer = x.listing(&[post], &query, &caller.id);
    answer["data"] = answer["data"][0].take();
    Ok(Json(answer))
}

impl X {
    fn listing(&self, posts: &[Post], query: &HashMap<String, String>, caller: &str) -> Value {
        let (words, fields) = Words::of(query);
        let data: Vec<Value> = posts.iter().map(|post| self.shown(post, words, &fields, caller)).collect();
        let mut answer = json!({"data": data});
        let wants_media = query
            .get("expansions")
            .is_some_and(|text| text.split(',').any(|name| name == "attachments.media_keys"));
        if wants_media {
            let wanted: Vec<&str> =
                query.get("media.fields").map(|text| text.split(',').collect()).unwrap_or_default();
            let ids = posts.iter().flat_map(|post| &post.media);
            let media: Vec<Value> = ids
                .filter_map(|id| self.media.get(id))
                .map(|media| {
                    let mut shown = json!({"media_key": media.key(), "type": media.kind()});
                    if wanted.contains(&"alt_text") {
                        shown["alt_text"] = json!(media.alt);
                    }
                    if wanted.contains(&"public_metrics") && media.kind() != "photo" {
                        let post = posts.iter().find(|post| post.media.contains(&media.id));
                        let seen = post.map_or(0, |post| self.figures(post).seen * 2 / 3);
                        shown["public_metrics"] = json!({"view_count": seen});
                    }
                    shown
                })
                .collect();
            answer["includes"] = json!({"media": media});
        }
        answer
    }

    fn shown(&self, post: &Post, words: Words, fields: &[&str], caller: &str) -> Value {
        let mut shown = json!({"id": post.id, "text": post.shown});
        shown[words.pick("edit_history_post_ids", "edit_history_tweet_ids")] = json!([post.id]);
        for field in fields {
            let value = match *field {
                "created_at" => json!(post.created_at.to_iso_millis()),
                "author_id" => json!(post.author),
                "conversation_id" => json!(post.conversation),
                "reply_settings" => json!(post.reply_settings),
                "entities" if !post.links.is_empty() => {
                    json!({"urls": post.links.iter().map(shown_link).collect::<Vec<_>>()})
                }
                "attachments" if !post.media.is_empty() => {
                    let media: Vec<_> = post.media.iter().filter_map(|id| self.media.get(id)).collect();
                    json!({"media_keys": media.iter().map(super::state::Media::key).collect::<Vec<_>>()})
                }
                "referenced_tweets" | "referenced_posts" => match &post.reply_to {
                    Some(parent) => json!([{"type": "replied_to", "id": parent}]),
                    None => continue,
                },
                "in_reply_to_user_id" => match post.reply_to.as_deref().and_then(|id| self.posts.get(id)) {
                    Some(parent) => json!(parent.author),
                    None => continue,
                },
                "public_metrics" => self.public_metrics(post, words),
                "non_public_metrics" | "organic_metrics" if post.author == caller && !self.is_old(post) => {
                    let figures = self.figures(post);
                    json!({
                        "impression_count": figures.seen,
                        "url_link_clicks": figures.clicks,
                        "user_profile_clicks": figures.clicks / 5,
                        "engagements": figures.likes + figures.comments + figures.shares + figures.clicks,
                    })
                }
                _ => continue,
            };
            shown[*field] = value;
        }
        shown
    }

    /// The author's own metrics are told for thirty days.
    fn is_old(&self, post: &Post) -> bool {
        post.created_at + Span::from_days(30) <= self.world.now()
    }

    fn figures(&self, post: &Post) -> Figures {
        Figures::of(&post.id, self.world.now().since(post.created_at))
    }

    fn public_metrics(&self, post: &Post, words: Words) -> Value {
        let replies = self.posts.read(|rows| {
            rows.values()
                .filter(|other| other.reply_to.as_deref() == Some(&post.id) && !other.deleted)
                .count()
        });
        let figures = self.figures(post);
        let mut metrics = json!({
            "reply_count": figures.comments + i64::try_from(replies).unwrap_or(0),
            "like_count": figures.likes,
            "quote_count": figures.shares / 4,
            "bookmark_count": figures.likes / 8,
            "impression_count": figures.seen,
        });
        metrics[words.pick("repost_count", "retweet_count")] = json!(figures.shares);
        metrics
    }
}

fn shown_link(link: &Link) -> Value {
    let bare = link.expanded.split_once("://").map_or(link.expanded.as_str(), |(_, rest)| rest);
    let mut display: String = bare.trim_end_matches('/').chars().take(26).collect();
    if display.chars().count() < bare.trim_end_matches('/').chars().count() {
        display.push('…');
    }
    let mut shown = json!({
        "start": link.start,
        "end": link.end,
        "url": link.short,
        "expanded_url": link.expanded,
        "display_url": display,
    });
    if let Some(key) = &link.media_key {
        shown["media_key"] = json!(key);
    }
    shown
}
