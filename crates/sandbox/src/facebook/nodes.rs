//! Single objects: shown with the fields that are asked for, edited, deleted.

use serde_json::{Value, json};

use super::state::{Facebook, Photo, Post, Video};
use super::{IMAGE_HOST, PAGE_HOST, PLATFORM, comments, feed, reads};
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::request::GraphRequest;

/// Every field of a post that is known here.
pub(super) fn post(facebook: &Facebook, asked: &Asked, post: &Post) -> Value {
    let from = facebook.page(&post.page).map(|page| json!({"id": page.id, "name": page.name}));
    let comments = comments::of_post(facebook, &post.id);
    let count = comments.len();
    let comments: Vec<Value> = comments.into_iter().map(|(_, comment)| comment).collect();
    let url = asked.origin.url(PAGE_HOST, &feed::permalink(post));
    let is_live = post.visible_at <= facebook.world.now();
    let figures = reads::figures(facebook, post);
    let shares = (figures.shares > 0).then(|| json!({"count": figures.shares}));
    let count = i64::try_from(count).unwrap_or(0) + figures.comments;
    let liked = json!({"data": [], "summary": {"total_count": figures.likes}});
    json!({
        "id": post.id,
        "message": (!post.message.is_empty()).then_some(&post.message),
        "story": null,
        "created_time": is_live.then(|| reads::time(post.visible_at)),
        "updated_time": is_live.then(|| reads::time(post.visible_at)),
        "from": from,
        "permalink_url": url,
        "is_published": is_live,
        "full_picture": post.photos.first().map(|photo| image_url(asked, photo)),
        "status_type": match (post.photos.is_empty(), &post.video) {
            (_, Some(_)) => "added_video",
            (false, None) => "added_photos",
            (true, None) => "mobile_status_update",
        },
        "attachments": attachments(asked, post),
        "shares": shares,
        "reactions": liked,
        "likes": liked,
        "comments": {"data": comments, "summary": {"total_count": count, "order": "ranked"}},
    })
}

fn image_url(asked: &Asked, photo: &str) -> String {
    asked.origin.url(IMAGE_HOST, &format!("/v/{photo}.jpg"))
}

fn attachments(asked: &Asked, post: &Post) -> Value {
    let photo = |id: &String| {
        let url = asked.origin.url(PAGE_HOST, &format!("/photo.php?fbid={id}"));
        json!({
            "media_type": "photo",
            "type": "photo",
            "media": {"image": {"src": image_url(asked, id)}},
            "target": {"id": id, "url": url},
            "url": url,
            "unshimmed_url": url,
        })
    };
    let attachment = match (post.photos.as_slice(), &post.video, &post.link) {
        ([], Some(video), _) => {
            let url = asked.origin.url(PAGE_HOST, &feed::permalink(post));
            json!({
                "media_type": "video",
                "type": "video_inline",
                "target": {"id": video, "url": url},
                "url": url,
                "unshimmed_url": url,
            })
        }
        ([], None, Some(link)) => {
            let shim: String = url::form_urlencoded::byte_serialize(link.as_bytes()).collect();
            let shim = format!("https://l.facebook.com/l.php?u={shim}");
            json!({
                "media_type": "link",
                "type": "share",
                "title": link,
                "target": {"url": shim},
                "url": shim,
                "unshimmed_url": link,
            })
        }
        ([], None, None) => return Value::Null,
        ([one], ..) => photo(one),
        (many, ..) => {
            let inside: Vec<Value> = many.iter().map(photo).collect();
            json!({
                "media_type": "album",
                "type": "album",
                "target": {"id": many.first()},
                "subattachments": {"data": inside},
            })
        }
    };
    json!({"data": [attachment]})
}

/// Every field of a video that is known here. Its address lacks the host, as Graph writes it.
pub(super) fn video(facebook: &Facebook, asked: &Asked, video: &Video) -> Value {
    let post = video.post.as_deref().and_then(|post| facebook.live_post(post));
    let now = facebook.world.now();
    let is_live = post.as_ref().is_some_and(|post| post.visible_at <= now);
    json!({
        "id": video.id,
        "title": (!video.title.is_empty()).then_some(&video.title),
        "description": (!video.description.is_empty()).then_some(&video.description),
        "status": video.status(now),
        "published": is_live,
        "created_time": reads::time(video.created_at),
        "updated_time": reads::time(video.ready_at.unwrap_or(video.created_at)),
        "post_id": post.as_ref().filter(|_| is_live).map(|post| &post.id),
        "permalink_url": post.as_ref().filter(|_| is_live).map(feed::permalink),
        "length": null,
        "from": {"id": video.page},
        "picture": image_url(asked, &video.id),
        "is_reel": video.kind == super::state::Kind::Reel,
    })
}

fn photo(asked: &Asked, photo: &Photo) -> Value {
    json!({
        "id": photo.id,
        "name": (!photo.caption.is_empty()).then_some(&photo.caption),
        "created_time": reads::time(photo.created_at),
        "alt_text_custom": photo.file.alt,
        "page_story_id": photo.post,
        "link": asked.origin.url(PAGE_HOST, &format!("/photo.php?fbid={}", photo.id)),
        "images": [{"source": image_url(asked, &photo.id)}],
        "from": {"id": photo.page},
    })
}

/// A post's asked-for fields.
pub(super) fn show_post(
    facebook: &Facebook,
    asked: &Asked,
    row: &Post,
    usual: &str,
) -> Result<Value, GraphError> {
    super::pages::show(asked, &post(facebook, asked, row), usual, "Post")
}

/// `GET /{id}`
pub(super) fn get(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    if let Some(page) = reads::page_or_none(facebook, asked, id) {
        return page;
    }
    let request = &asked.request;
    let scope = "pages_read_engagement";
    if let Some(row) = facebook.live_post(id) {
        facebook.reading(request, &row.page, scope)?;
        return show_post(facebook, asked, &row, "id,message,created_time");
    }
    if let Some(row) = facebook.videos.get(id).filter(|video| !video.deleted) {
        facebook.reading(request, &row.page, "pages_show_list")?;
        let object = video(facebook, asked, &row);
        return super::pages::show(asked, &object, "id,description,updated_time", "Video");
    }
    if let Some(row) = facebook.photos.get(id) {
        facebook.reading(request, &row.page, scope)?;
        return super::pages::show(asked, &photo(asked, &row), "id,name,created_time", "Photo");
    }
    facebook.logins.caller(request)?;
    Err(GraphError::unsupported("get", id))
}

/// `POST /{post}`: only the text can be changed
pub(super) fn edit(facebook: &Facebook, request: &GraphRequest, id: &str) -> Result<Value, GraphError> {
    let _one_at_a_time = lock(&facebook.logins.gate);
    let of_video = || facebook.live_post(&facebook.videos.get(id)?.post?);
    let row = facebook.live_post(id).or_else(of_video);
    let mut row = row.ok_or_else(|| GraphError::unsupported("post", id))?;
    facebook.publishing(request, &row.page, "pages_manage_posts")?;
    let message = request.get("message").or(request.get("description"));
    let message = message.ok_or_else(|| GraphError::invalid("message is required"))?;
    feed::check_text(message)?;
    message.clone_into(&mut row.message);
    let mut batch = facebook.world.journal.batch();
    batch.put(&facebook.posts, &row.id, &row)?;
    facebook
        .world
        .ledger
        .change(&mut batch, PLATFORM, &row.id, |public| message.clone_into(&mut public.text))?;
    batch.commit()?;
    Ok(json!({"success": true}))
}

/// `DELETE /{id}` of a post, a video, an unpublished photo or a comment
pub(super) fn delete(facebook: &Facebook, request: &GraphRequest, id: &str) -> Result<Value, GraphError> {
    let _one_at_a_time = lock(&facebook.logins.gate);
    let now = facebook.world.now();
    let mut batch = facebook.world.journal.batch();
    if let Some(mut comment) = facebook.comments.get(id).filter(|comment| !comment.deleted) {
        facebook.reading(request, &comment.page, "pages_manage_engagement")?;
        comment.deleted = true;
        batch.put(&facebook.comments, id, &comment)?;
        facebook.world.ledger.take_down(&mut batch, PLATFORM, id, now)?;
        batch.commit()?;
        return Ok(json!({"success": true}));
    }
    let video = facebook.videos.get(id).filter(|video| !video.deleted);
    let of_video = || facebook.live_post(video.as_ref()?.post.as_deref()?);
    let Some(mut row) = facebook.live_post(id).or_else(of_video) else {
        if let Some(photo) = facebook.photos.get(id) {
            facebook.publishing(request, &photo.page, "pages_manage_posts")?;
            batch.delete(&facebook.photos, id);
            batch.commit()?;
            return Ok(json!({"success": true}));
        }
        return Err(GraphError::unsupported("delete", id));
    };
    facebook.publishing(request, &row.page, "pages_manage_posts")?;
    row.deleted = true;
    batch.put(&facebook.posts, &row.id, &row)?;
    if let Some(mut video) = row.video.as_deref().and_then(|video| facebook.videos.get(video)) {
        video.deleted = true;
        batch.put(&facebook.videos, &video.id, &video)?;
    }
    facebook.world.ledger.take_down(&mut batch, PLATFORM, &row.id, now)?;
    batch.commit()?;
    Ok(json!({"success": true}))
}
