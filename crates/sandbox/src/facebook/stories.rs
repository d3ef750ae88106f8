//! Stories of a photo. Those of a video are uploads with phases.

use serde_json::{Value, json};

use super::state::{Facebook, Kind};
use crate::core::lock;
use crate::meta::asked::Asked;
use crate::meta::error::GraphError;

/// `POST /{page}/photo_stories`
pub(super) fn create(facebook: &Facebook, asked: &Asked, id: &str) -> Result<Value, GraphError> {
    let page = facebook.publishing(&asked.request, id, "pages_manage_posts")?;
    let wanted = asked.request.text("photo_id").ok_or_else(|| GraphError::invalid("photo_id is required"))?;
    let _one_at_a_time = lock(&facebook.logins.gate);
    let mut photo = facebook.unused_photo(&page, wanted)?;
    let mut post = facebook.new_post(&page, Kind::Story, "");
    post.photos = vec![photo.id.clone()];
    photo.post = Some(post.id.clone());
    let mut batch = facebook.world.journal.batch();
    batch.put(&facebook.photos, &photo.id, &photo)?;
    facebook.make_public(&mut batch, &page, &post, vec![photo.file.clone()], &asked.origin)?;
    batch.commit()?;
    Ok(json!({"success": true, "post_id": number_of(&post.id)}))
}

/// A post's number without its Page.
pub(super) fn number_of(post: &str) -> &str {
    post.rsplit('_').next().unwrap_or(post)
}
