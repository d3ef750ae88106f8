//! The request that makes a container public, and what is left of the day's posts.

use serde_json::{Map, Value, json};

use super::callers::Right;
use super::errors::refusal;
use super::state::{Container, Instagram, Kind, Media, User};
use super::{PAGE_HOST, PLATFORM};
use crate::core::journal::Batch;
use crate::core::ledger::{PublicMedia, PublicPost};
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;

const DAY_SECONDS: u32 = 86_400;

/// `POST /{account}/media_publish`
pub(super) fn publish(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let user = instagram.allowed(request, &asked.origin.host, id, Right::Publish)?;
    let Some(wanted) = request.text("creation_id") else {
        return Err(GraphError::invalid("The parameter creation_id is required"));
    };
    let _one_at_a_time = lock(&instagram.gate);
    let container = instagram.containers.get(wanted).filter(|container| container.user == user.id);
    let mut container = container.ok_or_else(|| refusal(2_207_006))?;
    match container.status(instagram.world.now()) {
        "EXPIRED" => return Err(refusal(2_207_008)),
        "FINISHED" if !container.is_child => {}
        // Which is also said of one that was published already.
        _ => return Err(refusal(2_207_027)),
    }
    if instagram.published_today(&user.id) >= user.quota {
        return Err(refusal(2_207_042));
    }
    let mut batch = instagram.world.journal.batch();
    let mut files = Vec::new();
    let mut children = Vec::new();
    for child in &container.children {
        let child = instagram.containers.get(child).ok_or_else(|| refusal(2_207_006))?;
        files.extend(with_alt(&child));
        let media = media_of(instagram, &user, &child, Vec::new());
        batch.put(&instagram.media, &media.id, &media)?;
        children.push(media.id);
    }
    files.extend(with_alt(&container));
    let media = media_of(instagram, &user, &container, children);
    container.media = Some(media.id.clone());
    batch.put(&instagram.containers, &container.id, &container)?;
    batch.put(&instagram.media, &media.id, &media)?;
    announce(instagram, &mut batch, asked, &user, &container, &media, files)?;
    batch.commit()?;
    Ok(json!({"id": media.id}))
}

fn with_alt(container: &Container) -> Option<PublicMedia> {
    let alt = container.extra.get("alt_text").and_then(Value::as_str).map(str::to_owned);
    container.file.clone().map(|file| PublicMedia { alt, ..file })
}

fn media_of(instagram: &Instagram, user: &User, container: &Container, children: Vec<String>) -> Media {
    let file = container.file.as_ref();
    Media {
        id: instagram.new_id(),
        user: user.id.clone(),
        kind: container.kind,
        is_film: file.is_some_and(|file| file.media_type.starts_with("video/")),
        // Stories show none.
        caption: if container.kind == Kind::Story { String::new() } else { container.caption.clone() },
        alt: container.extra.get("alt_text").and_then(Value::as_str).map(str::to_owned),
        shortcode: instagram.world.entropy.token(11),
        children,
        sha256: file.map(|file| file.sha256.clone()),
        created_at: instagram.world.now(),
        takes_comments: true,
        is_child: container.is_child,
        deleted_at: None,
    }
}

/// The path of a post's page.
pub(super) fn permalink(user: &User, media: &Media) -> String {
    match media.kind {
        Kind::Reel => format!("/reel/{}/", media.shortcode),
        Kind::Story => format!("/stories/{}/{}", user.username, media.id),
        Kind::Image | Kind::Video | Kind::Carousel => format!("/p/{}/", media.shortcode),
    }
}

fn announce(
    instagram: &Instagram,
    batch: &mut Batch<'_>,
    asked: &Asked,
    user: &User,
    container: &Container,
    media: &Media,
    files: Vec<PublicMedia>,
) -> Result<(), GraphError> {
    let kind = match media.kind {
        Kind::Image | Kind::Video => "image",
        Kind::Carousel => "carousel",
        Kind::Reel if container.extra.contains_key("trial_params") => "trial_reel",
        Kind::Reel => "reel",
        Kind::Story => "story",
    };
    let mut extra: Map<String, Value> =
        container.extra.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    extra.insert("kind".to_owned(), json!(kind));
    let path = permalink(user, media);
    let post = PublicPost {
        platform: PLATFORM.to_owned(),
        account: user.username.clone(),
        account_id: user.id.clone(),
        id: media.id.clone(),
        url: asked.origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: media.caption.clone(),
        media: files,
        reply_to: None,
        extra: Value::Object(extra),
        created_at: media.created_at.to_iso_millis(),
        deleted_at: None,
    };
    Ok(instagram.world.ledger.publish(batch, &post)?)
}

/// `GET /{account}/content_publishing_limit`
pub(super) fn limit(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let user = instagram.allowed(&asked.request, &asked.origin.host, id, Right::Publish)?;
    let mut entry = json!({"quota_usage": instagram.published_today(&user.id)});
    if asked.request.get("fields").is_some_and(|fields| fields.contains("config")) {
        entry["config"] = json!({"quota_total": user.quota, "quota_duration": DAY_SECONDS});
    }
    Ok(json!({"data": [entry]}))
}
