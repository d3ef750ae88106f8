//! Comments of the account on its own media.

use serde_json::{Value, json};

use super::callers::Right;
use super::nodes::time;
use super::state::{Comment, Instagram, Kind};
use super::{PAGE_HOST, PLATFORM};
use crate::core::ledger::PublicPost;
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;
use crate::meta::fields::{parse, project};
use crate::meta::page_cursor::page as page_of_list;

const TEXT_MAX: usize = 2_200;
const PAGE: usize = 50;

/// Every field of a comment.
pub(super) fn object(instagram: &Instagram, comment: &Comment) -> Value {
    let username = instagram.users.get(&comment.user).map(|user| user.username);
    json!({
        "id": comment.id,
        "text": comment.text,
        "timestamp": time(comment.created_at),
        "username": username,
        "from": {"id": comment.user, "username": username},
        "hidden": false,
        "like_count": 0,
        "media": {"id": comment.media},
    })
}

/// `POST /{media}/comments`
pub(super) fn create(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let request = &asked.request;
    let missing = || GraphError::unsupported("post", id);
    let media = instagram.live_media(id).ok_or_else(missing)?;
    let user = instagram.allowed(request, &asked.origin.host, &media.user, Right::Comment)?;
    let text =
        request.text("message").ok_or_else(|| GraphError::invalid("The parameter message is required"))?;
    if text.encode_utf16().count() > TEXT_MAX {
        return Err(GraphError::invalid("The comment is too long"));
    }
    if media.kind == Kind::Story || media.is_child || !media.takes_comments {
        return Err(GraphError::new(10, "(#10) Comments are not possible on this media"));
    }
    let _one_at_a_time = lock(&instagram.gate);
    let comment = Comment {
        id: instagram.new_id(),
        media: media.id.clone(),
        user: user.id.clone(),
        text: text.to_owned(),
        created_at: instagram.world.now(),
        deleted: false,
    };
    let path = format!("{}c/{}/", super::publish::permalink(&user, &media), comment.id);
    let post = PublicPost {
        platform: PLATFORM.to_owned(),
        account: user.username.clone(),
        account_id: user.id.clone(),
        id: comment.id.clone(),
        url: asked.origin.url(PAGE_HOST, &path),
        page: format!("{PAGE_HOST}{path}"),
        text: comment.text.clone(),
        media: Vec::new(),
        reply_to: Some(media.id),
        extra: json!({"kind": "comment"}),
        created_at: comment.created_at.to_iso_millis(),
        deleted_at: None,
    };
    let mut batch = instagram.world.journal.batch();
    batch.put(&instagram.comments, &comment.id, &comment)?;
    instagram.world.ledger.publish(&mut batch, &post)?;
    batch.commit()?;
    Ok(json!({"id": comment.id}))
}

/// `GET /{media}/comments`, newest first
pub(super) fn list(instagram: &Instagram, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let missing = || GraphError::unsupported("get", id);
    let media = instagram.live_media(id).ok_or_else(missing)?;
    instagram.allowed(&asked.request, &asked.origin.host, &media.user, Right::Comment)?;
    let mut found: Vec<Comment> = instagram.comments.read(|rows| {
        rows.values().filter(|comment| comment.media == id && !comment.deleted).cloned().collect()
    });
    found.reverse();
    let fields = parse(asked.request.text("fields").unwrap_or("timestamp,text,id"));
    let all = found
        .into_iter()
        .map(|comment| {
            let shown = project(&object(instagram, &comment), &fields, "IGComment")?;
            Ok((comment.id, shown))
        })
        .collect::<Result<Vec<_>, GraphError>>()?;
    Ok(page_of_list(&asked.request, &asked.origin, all, PAGE))
}
