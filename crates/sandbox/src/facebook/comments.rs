//! Comments below posts.

use serde_json::{Value, json};

use super::state::{Comment, Facebook, Post};
use super::{PAGE_HOST, PLATFORM, feed};
use crate::core::ledger::PublicPost;
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::fields::{parse, project};
use crate::meta::page_cursor::page;
use crate::meta::request::GraphRequest;

fn post_of(facebook: &Facebook, request: &GraphRequest, id: &str) -> Result<Post, GraphError> {
    let missing = || GraphError::unsupported(request.method.as_str(), id);
    // A photo or video can be commented on by its own id.
    let of_video = || facebook.videos.get(id).and_then(|video| video.post);
    let of_photo = || facebook.photos.get(id).and_then(|photo| photo.post);
    let post = facebook.live_post(id);
    let post = post.or_else(|| facebook.live_post(&of_video().or_else(of_photo)?));
    post.ok_or_else(missing)
}

/// `POST /{post}/comments`
pub(super) fn create(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let post = post_of(facebook, request, id)?;
    let (_, author) = facebook.reading(request, &post.page, "pages_manage_engagement")?;
    let message = request.text("message").unwrap_or_default();
    if message.is_empty() && request.get("attachment_url").is_none() {
        return Err(GraphError::invalid("Message or attachment is required"));
    }
    if message.encode_utf16().count() > 8_000 {
        return Err(GraphError::invalid("The comment is too long"));
    }
    let _one_at_a_time = lock(&facebook.logins.gate);
    let number = post.id.rsplit('_').next().unwrap_or_default();
    let comment = Comment {
        id: format!("{number}_{}", facebook.logins.new_id()),
        post: post.id.clone(),
        page: author.id.clone(),
        message: message.to_owned(),
        created_at: facebook.world.now(),
        deleted: false,
    };
    let path = format!("{}?comment_id={}", feed::permalink(&post), comment.id);
    let public = PublicPost {
        platform: PLATFORM.to_owned(),
        account: author.username.clone(),
        account_id: author.id.clone(),
        id: comment.id.clone(),
        url: asked.origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: comment.message.clone(),
        media: Vec::new(),
        reply_to: Some(post.id),
        extra: Value::Null,
        created_at: comment.created_at.to_iso_millis(),
        deleted_at: None,
    };
    let mut batch = facebook.world.journal.batch();
    batch.put(&facebook.comments, &comment.id, &comment)?;
    facebook.world.ledger.publish(&mut batch, &public)?;
    batch.commit()?;
    Ok(json!({"id": comment.id}))
}

/// The comments of a post, oldest first.
pub(super) fn of_post(facebook: &Facebook, post: &str) -> Vec<(String, Value)> {
    let comments = facebook.comments.read(|rows| {
        rows.values().filter(|comment| comment.post == post && !comment.deleted).cloned().collect::<Vec<_>>()
    });
    let shown = |comment: Comment| {
        let name = facebook.page(&comment.page).map(|page| page.name).unwrap_or_default();
        let value = json!({
            "id": comment.id,
            "message": comment.message,
            "created_time": super::reads::time(comment.created_at),
            "from": {"id": comment.page, "name": name},
            "like_count": 0,
        });
        (comment.id, value)
    };
    comments.into_iter().map(shown).collect()
}

/// `GET /{post}/comments`
pub(super) fn list(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let post = post_of(facebook, &asked.request, id)?;
    facebook.reading(&asked.request, &post.page, "pages_read_engagement")?;
    let fields = parse(asked.request.text("fields").unwrap_or("id,message,created_time,from"));
    let all = of_post(facebook, &post.id)
        .into_iter()
        .map(|(id, comment)| Ok((id, project(&comment, &fields, "Comment")?)))
        .collect::<Result<Vec<_>, GraphError>>()?;
    Ok(page(&asked.request, &asked.origin, all, 25))
}
