//! Reading back: posts, lists of them, replies and what is done about replies.

use domain::Timestamp;
use serde_json::{Value, json};

use super::PAGE_HOST;
use super::account::chosen;
use super::errors::{ThreadsError, no_object, parameter};
use super::publish::path_of;
use super::request::Ask;
use super::state::{Post, Threads, User};
use super::tokens::Caller;
use crate::core::origin::Origin;

const PAGE: usize = 25;
const PAGE_MAX: usize = 100;

impl Threads {
    /// `GET /{container or post}`
    pub(super) fn show(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, ThreadsError> {
        if self.containers.get(id).is_some() {
            return self.show_container(ask, id);
        }
        let caller = self.caller(ask)?;
        if id == caller.user.id {
            return self.profile(ask, origin);
        }
        let post = self.visible(&caller, id).ok_or_else(|| no_object("get", id))?;
        Ok(chosen(&self.element(&post, origin), &ask.fields()))
    }

    /// A post of the caller, or one in a conversation that the caller began.
    pub(super) fn visible(&self, caller: &Caller, id: &str) -> Option<Post> {
        self.live_post(id).filter(|post| {
            post.draft.user == caller.user.id
                || self.posts.get(&post.root).is_some_and(|root| root.draft.user == caller.user.id)
        })
    }

    /// `GET /{user}/threads` and `GET /{user}/replies`
    pub(super) fn of_user(
        &self,
        ask: &Ask,
        id: &str,
        replies: bool,
        origin: &Origin,
    ) -> Result<Value, ThreadsError> {
        let caller = self.own(ask, id)?;
        if replies {
            caller.needs("threads_read_replies")?;
        }
        let now = self.world.now();
        let (since, until) = (moment(ask, "since")?, moment(ask, "until")?);
        let posts = self.list_posts(|post| {
            post.draft.user == caller.user.id
                && post.is_reply() == replies
                && post.created_at + caller.user.list_lag <= now
                && since.is_none_or(|since| post.created_at >= since)
                && until.is_none_or(|until| post.created_at <= until)
        });
        self.page(ask, &posts, origin)
    }

    /// `GET /{post}/replies` and `GET /{post}/conversation`
    pub(super) fn answers(
        &self,
        ask: &Ask,
        id: &str,
        whole: bool,
        origin: &Origin,
    ) -> Result<Value, ThreadsError> {
        let caller = self.caller(ask)?;
        caller.needs("threads_read_replies")?;
        let post = self.visible(&caller, id).ok_or_else(|| no_object("get", id))?;
        let posts = self.list_posts(|other| {
            other.is_reply()
                && if whole { other.root == post.root } else { other.draft.reply_to.as_deref() == Some(id) }
        });
        self.page(ask, &posts, origin)
    }

    /// `POST /{reply}/manage_reply` and `POST /{reply}/manage_pending_reply`
    pub(super) fn manage_reply(&self, ask: &Ask, id: &str, pending: bool) -> Result<Value, ThreadsError> {
        let caller = self.caller(ask)?;
        caller.needs("threads_manage_replies")?;
        self.visible(&caller, id).filter(Post::is_reply).ok_or_else(|| no_object("post", id))?;
        let name = if pending { "approve" } else { "hide" };
        if ask.get(name).is_none() {
            return Err(parameter(&format!("The parameter {name} is required.")));
        }
        let hidden = ask.flag("hide");
        self.posts.update(id, |post| post.hidden = hidden && !pending)?;
        Ok(json!({"success": true}))
    }

    fn page(&self, ask: &Ask, posts: &[Post], origin: &Origin) -> Result<Value, ThreadsError> {
        let limit = match ask.get("limit").map(str::parse::<usize>) {
            None => PAGE,
            Some(Ok(limit)) => limit.clamp(1, PAGE_MAX),
            Some(Err(_)) => return Err(parameter("Param limit must be a number.")),
        };
        let place = |cursor: &str| posts.iter().position(|post| post.id == cursor);
        let start = match (ask.get("after"), ask.get("before")) {
            (Some(cursor), _) => place(cursor).map_or(posts.len(), |at| at + 1),
            (None, Some(cursor)) => place(cursor).map_or(0, |at| at.saturating_sub(limit)),
            (None, None) => 0,
        };
        let shown: Vec<&Post> = posts.iter().skip(start).take(limit).collect();
        let mut answer = json!({"data": shown
            .iter()
            .map(|post| chosen(&self.element(post, origin), &ask.fields()))
            .collect::<Vec<_>>()});
        if let (Some(first), Some(last)) = (shown.first(), shown.last()) {
            answer["paging"] = json!({"cursors": {"before": first.id, "after": last.id}});
        }
        Ok(answer)
    }

    /// A post with all of its fields.
    fn element(&self, post: &Post, origin: &Origin) -> Value {
        let draft = &post.draft;
        let user = self.users.get(&draft.user);
        let username = user.as_ref().map(|user: &User| user.username.clone()).unwrap_or_default();
        let media_type = match (&post.repost_of, draft.kind.as_str()) {
            (Some(_), _) => "REPOST_FACADE",
            (None, "TEXT") => "TEXT_POST",
            (None, "CAROUSEL") => "CAROUSEL_ALBUM",
            (None, other) => other,
        };
        let mut element = json!({
            "id": post.id,
            "media_product_type": "THREADS",
            "media_type": media_type,
            "permalink": user.map(|user| origin.url(PAGE_HOST, &path_of(&user, post))),
            "owner": {"id": draft.user},
            "username": username,
            "timestamp": whole_seconds(post.created_at),
            "shortcode": post.shortcode,
            "is_quote_post": draft.quoted.is_some(),
            "is_reply": post.is_reply(),
            "has_replies": !self.list_posts(|other| other.draft.reply_to.as_deref() == Some(&post.id)).is_empty(),
            "reply_audience": draft.reply_control.as_deref().unwrap_or("everyone").to_uppercase(),
            "hide_status": if post.hidden { "HIDDEN" } else { "NOT_HUSHED" },
        });
        if !draft.text.is_empty() {
            element["text"] = json!(draft.text);
        }
        let optional = [
            ("alt_text", &draft.alt_text),
            ("link_attachment_url", &draft.link),
            ("topic_tag", &draft.topic),
        ];
        for (name, value) in optional {
            if let Some(value) = value {
                element[name] = json!(value);
            }
        }
        if let Some(parent) = &draft.reply_to {
            element["replied_to"] = json!({"id": parent});
            element["root_post"] = json!({"id": post.root});
        }
        if let Some(original) = &post.repost_of {
            element["reposted_post"] = json!({"id": original});
        }
        if let Some(quoted) = &draft.quoted {
            element["quoted_post"] = json!({"id": quoted});
        }
        if !draft.children.is_empty() {
            let children: Vec<Value> = draft.children.iter().map(|id| json!({"id": id})).collect();
            element["children"] = json!({"data": children});
        }
        if let Some(file) = self.files(draft).first() {
            element["media_url"] = json!(origin.url(PAGE_HOST, &format!("/media/{}", file.sha256)));
        }
        for (name, value) in &draft.more {
            element[name] = value.clone();
        }
        element
    }
}

/// Times have whole seconds and a numeric zone here.
fn whole_seconds(at: Timestamp) -> String {
    let text = at.to_iso_millis();
    format!("{}+0000", text.get(..19).unwrap_or(&text))
}

/// Seconds since 1970, or a date.
fn moment(ask: &Ask, name: &str) -> Result<Option<Timestamp>, ThreadsError> {
    let Some(text) = ask.get(name) else { return Ok(None) };
    let seconds = text.parse().map(Timestamp::from_seconds).ok();
    let date = || Timestamp::parse(&format!("{}T00:00:00Z", text.get(..10).unwrap_or(text))).ok();
    match seconds.or_else(date) {
        Some(moment) => Ok(Some(moment)),
        None => Err(parameter(&format!("Param {name} must be a date or a number of seconds."))),
    }
}
