//! Accounts and media as objects and lists.

use serde_json::{Value, json};

use super::callers::Right;
use super::publish::permalink;
use super::state::{Instagram, Kind, Media, STORY_LIFE, User};
use super::{IMAGE_HOST, PAGE_HOST, PLATFORM, accounts, containers};
use crate::core::figures::{Figures, followers};
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::fields::{parse, project as project_fields};
use crate::meta::page_cursor::page as page_of_list;

/// The asked-for fields of an object.
pub(super) fn project(asked: &Asked, object: &Value, usual: &str, node: &str) -> Result<Value, GraphError> {
    project_fields(object, &parse(asked.request.text("fields").unwrap_or(usual)), node)
}

/// A moment as Graph writes it.
pub(super) fn time(moment: domain::Timestamp) -> String {
    let iso = moment.to_iso_millis();
    format!("{}+0000", iso.split('.').next().unwrap_or(&iso))
}

/// `GET /me` of Instagram Login: it needs no professional account, so that an app can tell.
pub(super) fn me(instagram: &Instagram, asked: &Asked) -> Result<Value, GraphError> {
    let (user, grant) = instagram.owner(&asked.request)?;
    if !grant.scopes.iter().any(|scope| scope == "instagram_business_basic") {
        return Err(GraphError::new(10, "(#10) Application does not have permission for this action"));
    }
    let object = account(instagram, asked, &user);
    project(asked, &object, "id", "IGUser")
}

/// `GET /{account}`
pub(super) fn user(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let user = instagram.allowed(&asked.request, &asked.origin.host, id, Right::Read)?;
    project(asked, &account(instagram, asked, &user), "id", "IGUser")
}

fn account(instagram: &Instagram, asked: &Asked, user: &User) -> Value {
    let is_post = |media: &&Media| media.user == user.id && !media.is_child && media.deleted_at.is_none();
    let count = instagram.media.read(|rows| rows.values().filter(is_post).count());
    let mut object = json!({
        "id": if super::by_facebook(asked) { &user.id } else { &user.scoped_id },
        "username": user.username,
        "name": user.name,
        "profile_picture_url": accounts::picture(&user.id, &asked.origin),
        "followers_count": followers(&user.id, instagram.world.now()),
        "follows_count": 64,
        "media_count": count,
        "biography": null,
        "website": null,
    });
    if !super::by_facebook(asked) {
        object["user_id"] = json!(user.id);
        object["account_type"] = json!(user.kind);
    }
    object
}

fn media_object(instagram: &Instagram, asked: &Asked, user: &User, media: &Media) -> Value {
    let comments = instagram
        .comments
        .read(|rows| rows.values().filter(|comment| comment.media == media.id && !comment.deleted).count());
    let (kind, product) = match media.kind {
        Kind::Image => ("IMAGE", "FEED"),
        Kind::Video => ("VIDEO", "FEED"),
        Kind::Carousel => ("CAROUSEL_ALBUM", "FEED"),
        Kind::Reel => ("VIDEO", "REELS"),
        Kind::Story => (if media.is_film { "VIDEO" } else { "IMAGE" }, "STORY"),
    };
    let figures = Figures::of(&media.id, instagram.world.now().since(media.created_at));
    let children: Vec<Value> = media.children.iter().map(|id| json!({"id": id})).collect();
    let link = asked.origin.url(PAGE_HOST, &permalink(user, media));
    json!({
        "id": media.id,
        "ig_id": media.id,
        "caption": (!media.caption.is_empty()).then_some(&media.caption),
        "alt_text": media.alt,
        "media_type": kind,
        "media_product_type": product,
        "permalink": (!media.is_child).then_some(link),
        "shortcode": media.shortcode,
        "timestamp": time(media.created_at),
        "username": user.username,
        "owner": {"id": user.id},
        "like_count": figures.likes,
        "comments_count": i64::try_from(comments).unwrap_or(0) + figures.comments,
        "is_comment_enabled": media.takes_comments,
        "media_url": media.sha256.as_ref().map(|_| asked.origin.url(IMAGE_HOST, &format!("/t/{}", media.id))),
        "thumbnail_url": null,
        "children": (!children.is_empty()).then(|| json!({"data": children})),
    })
}

/// `GET /{account}/media` and `GET /{account}/stories`, newest first
pub(super) fn list(
    instagram: &Instagram,
    asked: &Asked,
    id: &str,
    stories: bool,
) -> Result<Value, GraphError> {
    let user = instagram.allowed(&asked.request, &asked.origin.host, id, Right::Read)?;
    let now = instagram.world.now();
    let mut found: Vec<Media> = instagram.media.read(|rows| {
        let is_shown = |media: &&Media| {
            let is_over = stories && media.created_at + STORY_LIFE <= now;
            media.user == user.id
                && media.deleted_at.is_none()
                && !media.is_child
                && (media.kind == Kind::Story) == stories
                && !is_over
        };
        rows.values().filter(is_shown).cloned().collect()
    });
    found.reverse();
    let fields = parse(asked.request.text("fields").unwrap_or("id"));
    let all = found
        .into_iter()
        .map(|media| {
            let object = media_object(instagram, asked, &user, &media);
            Ok((media.id, project_fields(&object, &fields, "ShadowIGMedia")?))
        })
        .collect::<Result<Vec<_>, GraphError>>()?;
    Ok(page_of_list(&asked.request, &asked.origin, all, 25))
}

/// `GET /{id}`
pub(super) fn get(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    if let Some(container) = instagram.containers.get(id) {
        return containers::show(instagram, asked, &container);
    }
    let host = &asked.origin.host;
    if let Some(media) = instagram.live_media(id) {
        let user = instagram.allowed(&asked.request, host, &media.user, Right::Read)?;
        let object = media_object(instagram, asked, &user, &media);
        return project(asked, &object, "id", "ShadowIGMedia");
    }
    if let Some(comment) = instagram.comments.get(id).filter(|comment| !comment.deleted) {
        instagram.allowed(&asked.request, host, &comment.user, Right::Read)?;
        let object = super::comments::object(instagram, &comment);
        return project(asked, &object, "id,text", "IGComment");
    }
    user(instagram, asked, id)
}

/// `POST /{media}`: comments on and off
pub(super) fn edit(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let missing = || GraphError::unsupported("post", id);
    let mut media = instagram.live_media(id).ok_or_else(missing)?;
    instagram.allowed(&asked.request, &asked.origin.host, &media.user, Right::Comment)?;
    let wanted = asked.request.flag("comment_enabled");
    media.takes_comments =
        wanted.ok_or_else(|| GraphError::invalid("The parameter comment_enabled is required"))?;
    instagram.media.put(id, &media)?;
    Ok(json!({"success": true}))
}

/// `DELETE /{media or comment}`: of media, with Facebook Login only
pub(super) fn delete(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let host = &asked.origin.host;
    let _one_at_a_time = lock(&instagram.gate);
    let now = instagram.world.now();
    let mut batch = instagram.world.journal.batch();
    if let Some(mut comment) = instagram.comments.get(id).filter(|comment| !comment.deleted) {
        instagram.allowed(&asked.request, host, &comment.user, Right::Comment)?;
        comment.deleted = true;
        batch.put(&instagram.comments, id, &comment)?;
    } else {
        let missing = || GraphError::unsupported("delete", id);
        let mut media = instagram.live_media(id).filter(|_| super::by_facebook(asked)).ok_or_else(missing)?;
        instagram.allowed(&asked.request, host, &media.user, Right::Publish)?;
        media.deleted_at = Some(now);
        batch.put(&instagram.media, id, &media)?;
    }
    instagram.world.ledger.take_down(&mut batch, PLATFORM, id, now)?;
    batch.commit()?;
    Ok(json!({"success": true}))
}
