//! Containers: what is checked when one is made, and what it says of itself.

use domain::Span;
use http::Method;
use serde_json::{Map, Value, json};

use super::account::chosen;
use super::errors::{ThreadsError, coded, no_object, no_permission, parameter};
use super::media::Fetched;
use super::request::Ask;
use super::state::{Container, Draft, Threads};
use super::text::{first_link, first_tag, is_topic, length, links};
use super::tokens::Caller;
use crate::core::origin::Origin;

const TEXT_MAX: usize = 500;
const ALT_MAX: usize = 1_000;
const LINKS_MAX: usize = 5;
const ATTACHED_TEXT_MAX: usize = 10_000;
const REPLY_CONTROLS: [&str; 5] =
    ["everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only"];
const PICTURE_TAKES: Span = Span::from_seconds(1);
const FILM_TAKES: Span = Span::from_seconds(5);

impl Threads {
    /// `POST /{user}/threads`
    pub(super) async fn create_container(
        &self,
        ask: &Ask,
        id: &str,
        origin: &Origin,
    ) -> Result<Value, ThreadsError> {
        let caller = self.own(ask, id)?;
        caller.needs("threads_content_publish")?;
        let draft = self.draft(ask, &caller)?;
        if ask.flag("auto_publish_text") {
            if draft.kind != "TEXT" {
                return Err(parameter("Param auto_publish_text is only valid for TEXT posts."));
            }
            let post = self.publish_draft(&caller.user, draft, None, origin)?;
            return Ok(json!({"id": post}));
        }
        let alt = draft.alt_text.as_deref();
        let (fetched, takes) = match draft.kind.as_str() {
            "IMAGE" => {
                (self.fetch_image(ask.get("image_url").unwrap_or_default(), alt).await?, PICTURE_TAKES)
            }
            "VIDEO" => (self.fetch_video(ask.get("video_url").unwrap_or_default(), alt).await?, FILM_TAKES),
            "CAROUSEL" => (Fetched { file: None, failure: None }, PICTURE_TAKES),
            _ => (Fetched { file: None, failure: None }, Span::ZERO),
        };
        let created_at = self.world.now();
        let container = Container {
            draft: Draft { file: fetched.file, ..draft },
            created_at,
            ready_at: created_at + takes,
            failure: fetched.failure,
            post: None,
        };
        let id = self.new_id("18");
        self.containers.put(&id, &container)?;
        Ok(json!({"id": id}))
    }

    fn draft(&self, ask: &Ask, caller: &Caller) -> Result<Draft, ThreadsError> {
        let kind = ask.get("media_type").ok_or_else(|| parameter("The parameter media_type is required."))?;
        if !["TEXT", "IMAGE", "VIDEO", "CAROUSEL"].contains(&kind) {
            return Err(parameter("Param media_type must be one of {TEXT, IMAGE, VIDEO, CAROUSEL}."));
        }
        let is_text = kind == "TEXT";
        let text = ask.get("text").unwrap_or_default();
        let link = check_text(ask, kind, text)?;
        for name in ["poll_attachment", "gif_attachment", "text_attachment", "is_ghost_post"] {
            if !is_text && ask.get(name).is_some() {
                return Err(parameter(&format!("Param {name} is only valid for TEXT posts.")));
            }
        }
        let alt_text = ask.get("alt_text");
        if alt_text.is_some() && is_text {
            return Err(parameter("Param alt_text is only valid for media."));
        }
        if alt_text.is_some_and(|text| text.chars().count() > ALT_MAX) {
            return Err(parameter("Param alt_text must be at most 1000 characters long."));
        }
        let reply_control = ask.get("reply_control");
        if reply_control.is_some_and(|wanted| !REPLY_CONTROLS.contains(&wanted)) {
            return Err(parameter("Param reply_control must be one of the reply audiences."));
        }
        let topic = ask.get("topic_tag").map(str::to_owned);
        if topic.as_deref().is_some_and(|topic| !is_topic(topic)) {
            return Err(parameter(
                "Param topic_tag must be 1 to 50 characters long, without \".\" and \"&\".",
            ));
        }
        let is_child = ask.flag("is_carousel_item");
        if is_child && !matches!(kind, "IMAGE" | "VIDEO") {
            return Err(parameter("Param is_carousel_item is only valid for IMAGE and VIDEO."));
        }
        self.check_others(ask, caller)?;
        let children = if kind == "CAROUSEL" { self.children(ask, caller)? } else { Vec::new() };
        Ok(Draft {
            user: caller.user.id.clone(),
            kind: kind.to_owned(),
            text: text.to_owned(),
            alt_text: alt_text.map(str::to_owned),
            file: None,
            is_child,
            children,
            reply_to: ask.get("reply_to_id").map(str::to_owned),
            reply_control: reply_control.map(str::to_owned),
            link: link.or_else(|| first_link(text).filter(|_| is_text)),
            topic: topic.or_else(|| first_tag(text)),
            quoted: ask.get("quote_post_id").map(str::to_owned),
            more: more(ask)?,
        })
    }

    /// What a post refers to, and what needs rights of its own.
    fn check_others(&self, ask: &Ask, caller: &Caller) -> Result<(), ThreadsError> {
        if let Some(parent) = ask.get("reply_to_id") {
            caller.needs("threads_manage_replies")?;
            let parent = self.live_post(parent).ok_or_else(|| no_object("post", parent))?;
            let root = self.posts.get(&parent.root).map(|root| root.draft.user);
            if root.as_deref() != Some(&caller.user.id) {
                // Answering others takes a mention or a search, and rights to either.
                caller.needs("threads_manage_mentions")?;
            }
        }
        if let Some(quoted) = ask.get("quote_post_id")
            && self.live_post(quoted).is_none()
        {
            return Err(no_object("post", quoted));
        }
        if ask.get("location_id").is_some() {
            caller.needs("threads_location_tagging")?;
        }
        if ask.get("allowlisted_country_codes").is_some() {
            return Err(no_permission("geo gating"));
        }
        Ok(())
    }

    fn children(&self, ask: &Ask, caller: &Caller) -> Result<Vec<String>, ThreadsError> {
        let children: Vec<String> = ask
            .get("children")
            .unwrap_or_default()
            .split(',')
            .map(|child| child.trim().to_owned())
            .filter(|child| !child.is_empty())
            .collect();
        if !(2..=20).contains(&children.len()) {
            return Err(parameter("Param children must have between 2 and 20 elements."));
        }
        for child in &children {
            let container = self
                .containers
                .get(child)
                .filter(|container| container.draft.is_child && container.draft.user == caller.user.id)
                .ok_or_else(|| no_object("post", child))?;
            if container.status(self.world.now()) != "FINISHED" {
                return Err(coded(9_007, "The media is not ready for publishing, please wait for a moment"));
            }
        }
        Ok(children)
    }

    /// `GET /{container}`
    pub(super) fn show_container(&self, ask: &Ask, id: &str) -> Result<Value, ThreadsError> {
        let caller = self.caller(ask)?;
        let container = self
            .containers
            .get(id)
            .filter(|container| container.draft.user == caller.user.id && ask.method == Method::GET)
            .ok_or_else(|| no_object("get", id))?;
        let status = container.status(self.world.now());
        let mut full = json!({
            "id": id,
            "status": status,
            "media_type": container.draft.kind,
            "media_product_type": "THREADS",
            "text": container.draft.text,
            "username": caller.user.username,
            "owner": {"id": caller.user.id},
        });
        if status == "ERROR" {
            full["error_message"] = json!(container.failure);
        }
        Ok(chosen(&full, &ask.fields()))
    }
}

/// Text and links; answers the link that was named for the card.
fn check_text(ask: &Ask, kind: &str, text: &str) -> Result<Option<String>, ThreadsError> {
    if kind == "TEXT" && text.trim().is_empty() {
        return Err(parameter("The parameter text is required."));
    }
    if length(text) > TEXT_MAX {
        return Err(parameter("Param text must be at most 500 characters long."));
    }
    let link = ask.get("link_attachment").map(str::to_owned);
    if let Some(link) = &link {
        if kind != "TEXT" {
            return Err(parameter("Param link_attachment is only valid for TEXT posts."));
        }
        if !url::Url::parse(link).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            return Err(parameter("Param link_attachment is not a valid URL."));
        }
    }
    let mut all = links(text);
    all.extend(link.clone());
    if all.len() > LINKS_MAX {
        let message = "THREADS_API__LINK_LIMIT_EXCEEDED: a post can have at most 5 unique links.";
        return Err(parameter(message));
    }
    Ok(link)
}

/// What is only passed on to readers: polls, GIFs, long texts, spoilers.
fn more(ask: &Ask) -> Result<Map<String, Value>, ThreadsError> {
    let mut more = Map::new();
    let mut read = |name: &str| -> Result<Option<Value>, ThreadsError> {
        let Some(text) = ask.get(name) else { return Ok(None) };
        let value: Value = serde_json::from_str(text)
            .map_err(|_| parameter(&format!("Param {name} must be a JSON object.")))?;
        more.insert(name.to_owned(), value.clone());
        Ok(Some(value))
    };
    let poll = read("poll_attachment")?;
    read("gif_attachment")?;
    let long = read("text_attachment")?;
    let spoilers = read("text_entities")?;
    if let Some(poll) = &poll {
        let options: Vec<&str> = ["option_a", "option_b", "option_c", "option_d"]
            .iter()
            .filter_map(|name| poll.get(*name)?.as_str())
            .collect();
        if options.len() < 2 || options.iter().any(|option| !(1..=25).contains(&option.chars().count())) {
            return Err(parameter("Param poll_attachment needs 2 to 4 options of 1 to 25 characters."));
        }
    }
    if let Some(long) = &long {
        let text = long.get("plaintext").and_then(Value::as_str).unwrap_or_default();
        if text.is_empty() || text.chars().count() > ATTACHED_TEXT_MAX {
            return Err(parameter("Param text_attachment needs a plaintext of 1 to 10000 characters."));
        }
        if poll.is_some() || ask.get("link_attachment").is_some() {
            return Err(parameter("Param text_attachment goes with neither a poll nor a link."));
        }
    }
    if spoilers.and_then(|list| list.as_array().map(Vec::len)).is_some_and(|count| count > 10) {
        return Err(parameter("Param text_entities must have at most 10 elements."));
    }
    if ask.flag("is_ghost_post") && ask.flag("enable_reply_approvals") {
        return Err(parameter("Param enable_reply_approvals does not go with ghost posts."));
    }
    for name in ["is_spoiler_media", "is_ghost_post", "enable_reply_approvals", "crossreshare_to_ig"] {
        if ask.flag(name) {
            more.insert(name.to_owned(), json!(true));
        }
    }
    if let Some(place) = ask.get("location_id") {
        more.insert("location_id".to_owned(), json!(place));
    }
    Ok(more)
}
