//! What makes posts public and takes them down, and the quotas that count it.

use domain::{Span, Timestamp};
use serde_json::{Value, json};

use super::account::chosen;
use super::errors::{ThreadsError, detailed, no_object, parameter};
use super::request::Ask;
use super::state::{Draft, Post, Threads, User};
use super::{PAGE_HOST, PLATFORM};
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::lock;
use crate::core::origin::Origin;

const WINDOW: Span = Span::from_hours(24);
const POSTS_MAX: usize = 250;
const REPLIES_MAX: usize = 1_000;
const DELETES_MAX: usize = 100;
const PLACES_MAX: usize = 500;

/// How much a profile did in the last 24 hours.
#[derive(Clone, Copy, Default)]
struct Usage {
    posts: usize,
    replies: usize,
    deletes: usize,
}

impl Threads {
    /// `POST /{user}/threads_publish`
    pub(super) fn publish(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, ThreadsError> {
        let caller = self.own(ask, id)?;
        caller.needs("threads_content_publish")?;
        let creation =
            ask.get("creation_id").ok_or_else(|| parameter("The parameter creation_id is required."))?;
        let gone = |subcode: u32, title: &str, what: &str| {
            detailed(24, subcode, "The requested resource does not exist", title, what)
        };
        let not_found =
            || gone(2_207_006, "Media Not Found", "The media you are trying to publish could not be found.");
        let container = self.containers.get(creation);
        let container =
            container.filter(|container| container.draft.user == caller.user.id).ok_or_else(not_found)?;
        if container.draft.is_child {
            return Err(parameter("A carousel item cannot be published by itself."));
        }
        let now = self.world.now();
        match container.status(now) {
            "FINISHED" if container.ready_at + caller.user.publish_lag > now => Err(not_found()),
            "FINISHED" => {
                let post = self.publish_draft(&caller.user, container.draft, Some(creation), origin)?;
                Ok(json!({"id": post}))
            }
            "IN_PROGRESS" => {
                let words = "The media is not ready for publishing, please wait for a moment";
                Err(detailed(9_007, 2_207_027, "Media ID is not available", "The media is not ready", words))
            }
            "EXPIRED" => {
                Err(gone(2_207_008, "Media Expired", "The media builder has expired; make a new one."))
            }
            _ => Err(not_found()),
        }
    }

    /// Makes `draft` public; a container is published once.
    pub(super) fn publish_draft(
        &self,
        user: &User,
        draft: Draft,
        container: Option<&str>,
        origin: &Origin,
    ) -> Result<String, ThreadsError> {
        let _one_at_a_time = lock(&self.gate);
        let row = container.and_then(|id| Some((id, self.containers.get(id)?)));
        if let Some((id, row)) = &row
            && row.post.is_some()
        {
            return Err(no_object("post", id));
        }
        let parent = draft.reply_to.as_deref();
        let parent = match parent {
            Some(id) => Some(self.live_post(id).ok_or_else(|| no_object("post", id))?),
            None => None,
        };
        let usage = self.usage(user);
        let is_full = if parent.is_some() { usage.replies >= REPLIES_MAX } else { usage.posts >= POSTS_MAX };
        if user.limited && is_full {
            let words = "You have reached the limit of posts in 24 hours; try again later.";
            return Err(detailed(9, 2_207_042, "Application has reached its limit", "Limit reached", words));
        }
        let id = self.new_id("18");
        let post = Post {
            root: parent.map_or_else(|| id.clone(), |parent| parent.root),
            id: id.clone(),
            draft,
            shortcode: format!("D{}", self.world.entropy.token(10)),
            number: self.new_number(),
            created_at: self.world.now(),
            deleted_at: None,
            repost_of: None,
            hidden: false,
        };
        let public = self.public_post(&post, user, origin);
        let mut batch = self.world.journal.batch();
        batch.put(&self.posts, &id, &post)?;
        if let Some((container, mut row)) = row {
            row.post = Some(id.clone());
            batch.put(&self.containers, container, &row)?;
        }
        self.world.ledger.publish(&mut batch, &public)?;
        batch.commit()?;
        Ok(id)
    }

    /// The files of a draft, in order.
    pub(super) fn files(&self, draft: &Draft) -> Vec<PublicMedia> {
        let of_children = draft
            .children
            .iter()
            .filter_map(|child| self.containers.get(child)?.draft.file)
            .collect::<Vec<_>>();
        draft.file.clone().into_iter().chain(of_children).collect()
    }

    fn public_post(&self, post: &Post, user: &User, origin: &Origin) -> PublicPost {
        let draft = &post.draft;
        let mut extra = draft.more.clone();
        if let Some(link) = &draft.link {
            extra.insert("card".to_owned(), json!({"url": link, "title": link}));
        }
        let named = [
            ("reply_control", draft.reply_control.as_ref().filter(|control| *control != "everyone")),
            ("topic_tag", draft.topic.as_ref()),
            ("quote_of", draft.quoted.as_ref()),
            ("repost_of", post.repost_of.as_ref()),
        ];
        for (name, value) in named {
            if let Some(value) = value {
                extra.insert(name.to_owned(), json!(value));
            }
        }
        let path = path_of(user, post);
        PublicPost {
            platform: PLATFORM.to_owned(),
            account: user.username.clone(),
            account_id: user.id.clone(),
            id: post.id.clone(),
            url: origin.url(PAGE_HOST, &path),
            page: format!("{PAGE_HOST}{path}"),
            text: draft.text.clone(),
            media: self.files(draft),
            reply_to: draft.reply_to.clone(),
            extra: if extra.is_empty() { Value::Null } else { Value::Object(extra) },
            created_at: post.created_at.to_iso_millis(),
            deleted_at: None,
        }
    }

    /// `POST /{post}/repost`
    pub(super) fn repost(&self, ask: &Ask, id: &str, origin: &Origin) -> Result<Value, ThreadsError> {
        let caller = self.caller(ask)?;
        caller.needs("threads_content_publish")?;
        let original = self.live_post(id).ok_or_else(|| no_object("post", id))?;
        let _one_at_a_time = lock(&self.gate);
        let new_id = self.new_id("18");
        let post = Post {
            id: new_id.clone(),
            root: new_id.clone(),
            draft: Draft { user: caller.user.id.clone(), reply_to: None, ..original.draft },
            shortcode: format!("D{}", self.world.entropy.token(10)),
            number: self.new_number(),
            created_at: self.world.now(),
            deleted_at: None,
            repost_of: Some(id.to_owned()),
            hidden: false,
        };
        let public = self.public_post(&post, &caller.user, origin);
        let mut batch = self.world.journal.batch();
        batch.put(&self.posts, &new_id, &post)?;
        self.world.ledger.publish(&mut batch, &public)?;
        batch.commit()?;
        Ok(json!({"id": new_id}))
    }

    /// `DELETE /{post}`
    pub(super) fn delete(&self, ask: &Ask, id: &str) -> Result<Value, ThreadsError> {
        let caller = self.caller(ask)?;
        caller.needs("threads_delete")?;
        let _one_at_a_time = lock(&self.gate);
        let mut post = self
            .live_post(id)
            .filter(|post| post.draft.user == caller.user.id)
            .ok_or_else(|| no_object("delete", id))?;
        if caller.user.limited && self.usage(&caller.user).deletes >= DELETES_MAX {
            let words = "You have reached the limit of deletions in 24 hours; try again later.";
            return Err(detailed(9, 2_207_042, "Application has reached its limit", "Limit reached", words));
        }
        let now = self.world.now();
        post.deleted_at = Some(now);
        let mut batch = self.world.journal.batch();
        batch.put(&self.posts, id, &post)?;
        self.world.ledger.take_down(&mut batch, PLATFORM, id, now)?;
        batch.commit()?;
        Ok(json!({"success": true, "deleted_id": id}))
    }

    fn usage(&self, user: &User) -> Usage {
        let since: Timestamp = self.world.now() - WINDOW;
        self.posts.read(|rows| {
            let mut usage = Usage::default();
            for post in rows.values().filter(|post| post.draft.user == user.id) {
                let is_recent = post.created_at > since && post.repost_of.is_none();
                usage.posts += usize::from(is_recent && !post.is_reply());
                usage.replies += usize::from(is_recent && post.is_reply());
                usage.deletes += usize::from(post.deleted_at.is_some_and(|at| at > since));
            }
            usage
        })
    }

    /// `GET /{user}/threads_publishing_limit`
    pub(super) fn publishing_limit(&self, ask: &Ask, id: &str) -> Result<Value, ThreadsError> {
        let caller = self.own(ask, id)?;
        caller.needs("threads_content_publish")?;
        let used = self.usage(&caller.user);
        // Profiles that are not limited never look used up, or a careful client would stop by itself.
        let shown = |used: usize, total: usize| if caller.user.limited { used } else { used.min(total - 1) };
        let config = |total: usize| json!({"quota_total": total, "quota_duration": WINDOW.as_seconds_ceil()});
        let full = json!({
            "quota_usage": shown(used.posts, POSTS_MAX),
            "config": config(POSTS_MAX),
            "reply_quota_usage": shown(used.replies, REPLIES_MAX),
            "reply_config": config(REPLIES_MAX),
            "delete_quota_usage": shown(used.deletes, DELETES_MAX),
            "delete_config": config(DELETES_MAX),
            "location_search_quota_usage": 0,
            "location_search_config": config(PLACES_MAX),
        });
        let mut fields = ask.fields();
        if fields.is_empty() {
            fields.push("quota_usage".to_owned());
        }
        Ok(json!({"data": [chosen(&full, &fields)]}))
    }
}

/// The path of a post's page.
pub(super) fn path_of(user: &User, post: &Post) -> String {
    format!("/@{}/post/{}", user.username, post.shortcode)
}
