//! What became of a publish, and the posts that everybody sees.

use domain::{Span, Timestamp};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::accept::path_of;
use super::errors::{Refused, api, parameters};
use super::request::{Ask, Object};
use super::state::{Publish, TikTok, User};
use super::tokens::Caller;
use super::{PAGE_HOST, PLATFORM};
use crate::core::figures::Figures;
use crate::core::lock;
use crate::core::origin::Origin;

const STATUS_CALLS_A_MINUTE: usize = 30;
const LIST_CALLS_A_MINUTE: usize = 600;
const PAGE_MAX: u64 = 20;
const PAGE_USUAL: u64 = 10;
const FIELDS: [&str; 15] = [
    "id",
    "create_time",
    "cover_image_url",
    "share_url",
    "video_description",
    "duration",
    "height",
    "width",
    "title",
    "embed_html",
    "embed_link",
    "like_count",
    "comment_count",
    "share_count",
    "view_count",
];

impl TikTok {
    /// `status/fetch`
    pub(super) fn status(&self, ask: &Ask) -> Result<Value, Refused> {
        let caller = self.caller(ask)?;
        self.count(&caller, "status", STATUS_CALLS_A_MINUTE)?;
        let (_, publish) = self.own_publish(ask, &caller)?;
        let now = self.world.now();
        let word = status_of(&publish, now);
        let mut answer = json!({"status": word});
        let bytes = if publish.upload.is_some() { "uploaded_bytes" } else { "downloaded_bytes" };
        answer[bytes] = json!(publish.bytes());
        if word == "FAILED" {
            answer["fail_reason"] = json!(publish.failure);
        }
        if is_listed(&publish, &caller.user, now) {
            // Numbers that a float cannot hold, as the real ones.
            answer["publicaly_available_post_id"] = json!([publish.post]);
        }
        Ok(answer)
    }

    fn own_publish(&self, ask: &Ask, caller: &Caller) -> Result<(String, Publish), Refused> {
        if !caller.has("video.publish") {
            caller.needs("video.upload")?;
        }
        let body = ask.json()?;
        let id = Object(&body).text("publish_id")?.unwrap_or_default();
        let unknown = || api(StatusCode::BAD_REQUEST, "invalid_publish_id", "The publish_id does not exist.");
        let publish = self.publishes.get(id).ok_or_else(unknown)?;
        if publish.draft.user != caller.user.id || publish.draft.app != caller.app {
            let message = "The token is not authorized for this publish_id.";
            return Err(api(StatusCode::FORBIDDEN, "token_not_authorized_for_specified_publish_id", message));
        }
        Ok((id.to_owned(), publish))
    }

    /// `cancel`
    pub(super) fn cancel(&self, ask: &Ask) -> Result<Value, Refused> {
        let caller = self.caller(ask)?;
        let _one_at_a_time = lock(&self.gate);
        let (id, mut publish) = self.own_publish(ask, &caller)?;
        let now = self.world.now();
        if !status_of(&publish, now).starts_with("PROCESSING") {
            let message = "The publish can no longer be cancelled.";
            return Err(api(StatusCode::BAD_REQUEST, "publish_not_cancellable", message));
        }
        publish.failure = Some("publish_cancelled".to_owned());
        publish.ready_at = Some(now);
        let mut batch = self.world.journal.batch();
        batch.put(&self.publishes, &id, &publish)?;
        self.world.ledger.take_down(&mut batch, PLATFORM, &publish.post.to_string(), now)?;
        batch.commit()?;
        Ok(json!({}))
    }

    /// `video/list`
    pub(super) fn list_videos(&self, ask: &Ask, origin: &Origin) -> Result<Value, Refused> {
        let caller = self.lists(ask)?;
        let fields = fields(ask)?;
        let body = ask.json()?;
        let count = Object(&body).number("max_count")?.unwrap_or(PAGE_USUAL);
        if !(1..=PAGE_MAX).contains(&count) {
            return Err(parameters("max_count must be between 1 and 20."));
        }
        let before = Object(&body).number("cursor")?.and_then(|cursor| i64::try_from(cursor).ok());
        let all = self.listed(&caller.user);
        let millis = |publish: &Publish| publish.live_since(self.world.now()).map_or(0, Timestamp::as_millis);
        let rest: Vec<&Publish> =
            all.iter().filter(|publish| before.is_none_or(|before| millis(publish) < before)).collect();
        let count = usize::try_from(count).unwrap_or(0);
        let page = &rest[..count.min(rest.len())];
        let cursor = page.last().map_or_else(|| self.world.now().as_millis(), |last| millis(last));
        let videos: Vec<Value> =
            page.iter().map(|publish| self.video(publish, &caller.user, &fields, origin)).collect();
        Ok(json!({"videos": videos, "cursor": cursor, "has_more": rest.len() > page.len()}))
    }

    /// `video/query`
    pub(super) fn query_videos(&self, ask: &Ask, origin: &Origin) -> Result<Value, Refused> {
        let caller = self.lists(ask)?;
        let fields = fields(ask)?;
        let body = ask.json()?;
        let ids = Object(&body).object("filters")?;
        let ids = ids.0.get("video_ids").and_then(Value::as_array).cloned().unwrap_or_default();
        if ids.is_empty() || ids.len() as u64 > PAGE_MAX || !ids.iter().all(Value::is_string) {
            return Err(parameters("video_ids must be 1 to 20 strings."));
        }
        let all = self.listed(&caller.user);
        let is_asked =
            |publish: &&Publish| ids.iter().any(|id| id.as_str() == Some(&publish.post.to_string()));
        let videos: Vec<Value> = all
            .iter()
            .filter(is_asked)
            .map(|publish| self.video(publish, &caller.user, &fields, origin))
            .collect();
        Ok(json!({"videos": videos}))
    }

    fn lists(&self, ask: &Ask) -> Result<Caller, Refused> {
        let caller = self.caller(ask)?;
        caller.needs("video.list")?;
        self.count(&caller, "videos", LIST_CALLS_A_MINUTE)?;
        Ok(caller)
    }

    /// What everybody sees of an account, newest first.
    fn listed(&self, user: &User) -> Vec<Publish> {
        let now = self.world.now();
        let mut all: Vec<Publish> = self.publishes.read(|rows| {
            let theirs = rows.values().filter(|row| row.draft.user == user.id);
            theirs.filter(|row| is_listed(row, user, now)).cloned().collect()
        });
        all.sort_by_key(|row| std::cmp::Reverse((row.ready_at, row.number)));
        all
    }

    fn video(&self, publish: &Publish, user: &User, fields: &[&str], origin: &Origin) -> Value {
        let now = self.world.now();
        let live = publish.live_since(now).unwrap_or(now);
        let draft = &publish.draft;
        let address = origin.url(PAGE_HOST, &path_of(publish, &user.username));
        let figures = Figures::of(&publish.post.to_string(), now.since(live));
        let full = json!({
            "id": publish.post.to_string(),
            "create_time": live.as_seconds(),
            "cover_image_url": super::account::picture(user, origin),
            "share_url": address,
            "video_description": if draft.photos { &draft.description } else { &draft.title },
            "duration": publish.seconds.unwrap_or(0.0).floor(),
            "height": 1_920,
            "width": 1_080,
            "title": draft.title,
            "embed_html": format!("<blockquote cite=\"{address}\"></blockquote>"),
            "embed_link": address,
            "like_count": figures.likes,
            "comment_count": figures.comments,
            "share_count": figures.shares,
            "view_count": figures.seen,
        });
        let shown: Map<String, Value> =
            fields.iter().map(|field| ((*field).to_owned(), full[*field].clone())).collect();
        Value::Object(shown)
    }
}

/// Whether everybody sees the post, and has for long enough to be found.
fn is_listed(publish: &Publish, user: &User, now: Timestamp) -> bool {
    let lag = Span::from_seconds(user.modes.id_lag_s);
    publish.draft.privacy == "PUBLIC_TO_EVERYONE"
        && publish.live_since(now).is_some_and(|live| live + lag <= now)
}

fn fields(ask: &Ask) -> Result<Vec<&str>, Refused> {
    let fields = ask.fields();
    if fields.is_empty() || fields.iter().any(|field| !FIELDS.contains(field)) {
        return Err(parameters("The fields parameter is missing or invalid."));
    }
    Ok(fields)
}

fn status_of(publish: &Publish, now: Timestamp) -> &'static str {
    let is_ready = publish.ready_at.is_some_and(|at| at <= now);
    match (is_ready, &publish.upload) {
        (false, Some(_)) => "PROCESSING_UPLOAD",
        (false, None) => "PROCESSING_DOWNLOAD",
        (true, _) if publish.failure.is_some() => "FAILED",
        (true, _) if publish.draft.direct => "PUBLISH_COMPLETE",
        (true, _) => "SEND_TO_USER_INBOX",
    }
}
