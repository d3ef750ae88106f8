//! Creating and deleting posts, with X's rules for what may become public.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use bytes::Bytes;
use domain::Span;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::errors::{XError, invalid, not_permitted, plain};
use super::state::{Media, Post, User, X};
use super::{PAGE_HOST, PLATFORM, length, links};
use crate::core::film;
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::lock;
use crate::core::origin::Origin;

const LIMIT: usize = 280;
const PREMIUM_LIMIT: usize = 25_000;
/// The longest film of those who do not pay.
const FREE_SECONDS: f64 = 140.0;
/// How long the same text is refused again.
const DUPLICATE_WINDOW: Span = Span::from_hours(24);

/// The body of `POST /2/tweets`; the OpenAPI document allows nothing else.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Draft {
    #[serde(default)]
    text: String,
    media: Option<DraftMedia>,
    poll: Option<Poll>,
    reply: Option<Reply>,
    quote_tweet_id: Option<String>,
    reply_settings: Option<String>,
    edit_options: Option<Value>,
    card_uri: Option<Value>,
    #[serde(rename = "geo")]
    _geo: Option<Value>,
    #[serde(rename = "community_id")]
    _community_id: Option<String>,
    #[serde(rename = "share_with_followers")]
    _share_with_followers: Option<bool>,
    #[serde(rename = "made_with_ai")]
    _made_with_ai: Option<bool>,
    #[serde(rename = "paid_partnership")]
    _paid_partnership: Option<bool>,
    #[serde(rename = "nullcast")]
    _nullcast: Option<bool>,
    #[serde(rename = "for_super_followers_only")]
    _for_super_followers_only: Option<bool>,
    #[serde(rename = "direct_message_deep_link")]
    _direct_message_deep_link: Option<String>,
}

#[derive(Deserialize)]
struct DraftMedia {
    media_ids: Vec<String>,
    #[serde(default)]
    tagged_user_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Poll {
    options: Vec<String>,
    duration_minutes: u32,
}

#[derive(Deserialize)]
struct Reply {
    in_reply_to_tweet_id: String,
}

/// `POST /2/tweets`
pub(super) async fn create(
    State(x): State<Arc<X>>,
    Extension(origin): Extension<Origin>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, XError> {
    let user = x.caller(&headers, &["tweet.read", "tweet.write", "users.read"])?;
    let draft: Draft =
        serde_json::from_slice(&body).map_err(|error| invalid("body", "", &error.to_string()))?;
    check_shape(&draft, &user)?;
    let _one_at_a_time = lock(&x.gate);
    let media = x.attached(&draft, &user)?;
    let conversation = x.check_reply(&draft, &user)?;
    let post = x.compose(&draft, &user, &media, conversation);
    x.check_duplicate(&post, &media)?;
    let public = public_post(&post, &draft, &user, &media, &origin);
    let mut batch = x.world.journal.batch();
    batch.put(&x.posts, &post.id, &post)?;
    x.world.ledger.publish(&mut batch, &public)?;
    batch.commit()?;
    x.texts.add(&post);
    let data = json!({"id": post.id, "text": post.shown, "edit_history_post_ids": [post.id]});
    Ok((StatusCode::CREATED, Json(json!({"data": data}))).into_response())
}

/// `DELETE /2/tweets/{id}`
pub(super) async fn delete(
    State(x): State<Arc<X>>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Json<Value>, XError> {
    let user = x.caller(&headers, &["tweet.read", "tweet.write", "users.read"])?;
    let _one_at_a_time = lock(&x.gate);
    if let Some(mut post) = x.live_post(&id) {
        if post.author != user.id {
            return Err(plain(StatusCode::FORBIDDEN, "You are not authorized to delete this Tweet."));
        }
        post.deleted = true;
        let mut batch = x.world.journal.batch();
        batch.put(&x.posts, &id, &post)?;
        x.world.ledger.take_down(&mut batch, PLATFORM, &id, x.world.now())?;
        batch.commit()?;
    }
    Ok(Json(json!({"data": {"deleted": true}})))
}

fn check_shape(draft: &Draft, user: &User) -> Result<(), XError> {
    let media_count = draft.media.as_ref().map_or(0, |media| media.media_ids.len());
    if draft.text.trim().is_empty() && media_count == 0 {
        return Err(invalid("text", &draft.text, "text is required unless media is present."));
    }
    let exclusive = [
        draft.media.is_some(),
        draft.poll.is_some(),
        draft.quote_tweet_id.is_some(),
        draft.card_uri.is_some(),
    ];
    if exclusive.iter().filter(|given| **given).count() > 1 {
        return Err(invalid("media", "", "media, poll, quote_tweet_id and card_uri exclude one another."));
    }
    if let Some(media) = &draft.media {
        let ids = media.media_ids.join(",");
        if media_count == 0 {
            return Err(invalid("media.media_ids", "", "media.media_ids needs a minimum of 1 item."));
        }
        if media_count > 4 {
            return Err(invalid("media.media_ids", &ids, "media.media_ids has a maximum of 4 items."));
        }
        if media.tagged_user_ids.len() > 10 {
            let given = media.tagged_user_ids.join(",");
            return Err(invalid(
                "media.tagged_user_ids",
                &given,
                "tagged_user_ids has a maximum of 10 items.",
            ));
        }
    }
    check_poll(draft.poll.as_ref())?;
    if let Some(setting) = &draft.reply_settings
        && !["following", "mentionedUsers", "subscribers", "verified"].contains(&setting.as_str())
    {
        return Err(invalid("reply_settings", setting, "reply_settings has an unknown value."));
    }
    // Since 2026-04-20 no self-serve app may quote; editing needs more than an API post has here.
    if draft.quote_tweet_id.is_some() || draft.edit_options.is_some() {
        return Err(not_permitted());
    }
    if cashtags(&draft.text) > 1 {
        return Err(invalid("text", &draft.text, "A post may have a maximum of one cashtag."));
    }
    let limit = if user.premium { PREMIUM_LIMIT } else { LIMIT };
    if length::is_invalid(&draft.text) || length::weighted(&draft.text) > limit {
        return Err(not_permitted());
    }
    Ok(())
}

fn check_poll(poll: Option<&Poll>) -> Result<(), XError> {
    let Some(poll) = poll else { return Ok(()) };
    let fits = |option: &String| (1..=25).contains(&option.chars().count());
    if !(2..=4).contains(&poll.options.len()) || !poll.options.iter().all(fits) {
        let given = poll.options.join(",");
        return Err(invalid("poll.options", &given, "A poll has 2 to 4 options of 1 to 25 characters."));
    }
    if !(5..=10_080).contains(&poll.duration_minutes) {
        let given = poll.duration_minutes.to_string();
        return Err(invalid("poll.duration_minutes", &given, "A poll lasts 5 to 10080 minutes."));
    }
    Ok(())
}

fn cashtags(text: &str) -> usize {
    text.split_whitespace()
        .filter_map(|word| word.strip_prefix('$'))
        .filter(|word| {
            let letters = word.trim_end_matches(|letter: char| !letter.is_ascii_alphanumeric());
            (1..=6).contains(&letters.len()) && letters.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
        .count()
}

impl X {
    fn attached(&self, draft: &Draft, user: &User) -> Result<Vec<Media>, XError> {
        let Some(wanted) = &draft.media else { return Ok(Vec::new()) };
        let mut media = Vec::new();
        for id in &wanted.media_ids {
            let found = self.media.get(id).filter(|media| {
                media.owner == user.id
                    && media.is_ready(self.world.now())
                    && media.category.starts_with("tweet_")
                    || media.owner == user.id
                        && media.category == "amplify_video"
                        && media.is_ready(self.world.now())
            });
            let unknown = || invalid("media.media_ids", id, "Your media IDs are invalid.");
            media.push(found.ok_or_else(unknown)?);
        }
        let has_moving = media.iter().any(|media| media.kind() != "photo");
        if has_moving && media.len() > 1 {
            let given = wanted.media_ids.join(",");
            let message = "A post has up to 4 photos, or 1 GIF, or 1 video.";
            return Err(invalid("media.media_ids", &given, message));
        }
        if !user.premium && media.iter().any(|media| self.is_long(media)) {
            return Err(plain(
                StatusCode::FORBIDDEN,
                "This user is not allowed to post a video longer than 2 minutes",
            ));
        }
        Ok(media)
    }

    /// Whether only those who pay may post it: films of more than 140 seconds.
    fn is_long(&self, media: &Media) -> bool {
        let bytes = media.sha256.as_deref().and_then(|sha256| self.world.blobs.get(sha256));
        let seconds = bytes.and_then(|bytes| film::seconds(&bytes));
        media.kind() == "video" && seconds.is_some_and(|seconds| seconds > FREE_SECONDS)
    }

    /// Checks what a reply answers; the result is its conversation.
    fn check_reply(&self, draft: &Draft, user: &User) -> Result<Option<String>, XError> {
        let Some(reply) = &draft.reply else { return Ok(None) };
        let parent = self.live_post(&reply.in_reply_to_tweet_id).ok_or_else(|| {
            let detail = "You attempted to reply to a Tweet that is deleted or not visible to you.";
            plain(StatusCode::FORBIDDEN, detail)
        })?;
        // Since 2026-02-23 a self-serve app may answer others only when they called for it.
        let is_summoned =
            parent.text.to_ascii_lowercase().contains(&format!("@{}", user.username.to_ascii_lowercase()));
        if parent.author != user.id && !is_summoned {
            return Err(not_permitted());
        }
        Ok(Some(parent.conversation))
    }

    fn compose(&self, draft: &Draft, user: &User, media: &[Media], conversation: Option<String>) -> Post {
        let id = self.new_id();
        let short = || format!("https://t.co/{}", self.world.entropy.token(10));
        let (mut shown, mut shown_links) = links::show(&draft.text, short);
        if let Some(first) = media.first() {
            // X shows attached media as one more link at the end of the text.
            if !shown.is_empty() {
                shown.push(' ');
            }
            let kind = if first.kind() == "photo" { "photo" } else { "video" };
            let page = format!("https://x.com/{}/status/{id}/{kind}/1", user.username);
            shown_links.push(links::append(&mut shown, short(), page, Some(first.key())));
        }
        Post {
            author: user.id.clone(),
            text: draft.text.clone(),
            shown,
            links: shown_links,
            reply_to: draft.reply.as_ref().map(|reply| reply.in_reply_to_tweet_id.clone()),
            conversation: conversation.unwrap_or_else(|| id.clone()),
            media: media.iter().map(|media| media.id.clone()).collect(),
            reply_settings: draft.reply_settings.clone().unwrap_or_else(|| "everyone".to_owned()),
            created_at: self.world.now(),
            deleted: false,
            id,
        }
    }

    fn check_duplicate(&self, post: &Post, media: &[Media]) -> Result<(), XError> {
        if post.text.trim().is_empty() {
            return Ok(());
        }
        // The check does not see the order of the media, only which they are.
        let bytes_of = |ids: &[String]| {
            let mut all: Vec<_> = ids.iter().filter_map(|id| self.media.get(id)?.sha256).collect();
            all.sort();
            all
        };
        let mut own: Vec<_> = media.iter().filter_map(|media| media.sha256.clone()).collect();
        own.sort();
        let since = post.created_at - DUPLICATE_WINDOW;
        let is_duplicate = self.texts.same(post).iter().any(|id| {
            self.posts.get(id).is_some_and(|other| other.created_at > since && bytes_of(&other.media) == own)
        });
        if is_duplicate {
            let detail = "You are not allowed to create a Tweet with duplicate content.";
            return Err(plain(StatusCode::FORBIDDEN, detail));
        }
        Ok(())
    }
}

fn public_post(post: &Post, draft: &Draft, user: &User, media: &[Media], origin: &Origin) -> PublicPost {
    let path = format!("/{}/status/{}", user.username, post.id);
    let mut extra = json!({});
    if let Some(poll) = &draft.poll {
        extra["poll"] = json!({"options": poll.options, "duration_minutes": poll.duration_minutes});
    }
    if let Some(setting) = &draft.reply_settings {
        extra["reply_settings"] = json!(setting);
    }
    let is_bare = extra.as_object().is_none_or(serde_json::Map::is_empty);
    PublicPost {
        platform: PLATFORM.to_owned(),
        account: user.username.clone(),
        account_id: user.id.clone(),
        id: post.id.clone(),
        url: origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: post.text.clone(),
        media: media.iter().map(public_media).collect(),
        reply_to: post.reply_to.clone(),
        extra: if is_bare { Value::Null } else { extra },
        created_at: post.created_at.to_iso_millis(),
        deleted_at: None,
    }
}

fn public_media(media: &Media) -> PublicMedia {
    PublicMedia {
        media_type: media.media_type.clone(),
        sha256: media.sha256.clone().unwrap_or_default(),
        size_bytes: media.total_bytes,
        alt: media.alt.clone(),
    }
}
